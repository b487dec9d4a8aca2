"""Muscle curves at their known points, and geometry against differences."""

import dataclasses

import numpy as np
import pytest
from numpy.testing import assert_allclose

from restride.body.model import Body, generic
from restride.body.muscles import (
    active_force_length,
    capacity,
    force_velocity,
    geometry,
    passive_force_length,
    tendon_length,
)


@pytest.fixture(scope="module")
def body() -> Body:
    return generic()


def test_an_active_fibre_is_strongest_near_its_optimal_length() -> None:
    length = np.linspace(0.4, 1.7, 200)
    force = active_force_length(length)
    assert abs(length[force.argmax()] - 1.0) < 0.05
    assert_allclose(force.max(), 1.0, atol=0.02)
    assert force[0] < 0.2
    assert force[-1] < 0.2


def test_force_at_rest_is_one_and_at_full_speed_nearly_none() -> None:
    assert_allclose(force_velocity(np.array([0.0, -1.0])), [1.0, 0.0], atol=0.02)
    assert np.all(np.diff(force_velocity(np.linspace(-1, 1, 50))) > 0)


def test_passive_force_starts_and_is_full_where_the_table_says() -> None:
    start, full = np.array([0.2, -0.1]), np.array([0.9, 0.5])
    assert_allclose(passive_force_length(start, start, full), 0.0, atol=1e-12)
    assert_allclose(passive_force_length(full, start, full), 1.0, atol=1e-12)
    assert_allclose(passive_force_length(start - 0.3, start, full), 0.0)


def test_a_tendon_at_maximum_force_has_its_stated_strain(body: Body) -> None:
    muscles = body.muscles
    length = tendon_length(muscles, muscles.max_isometric_force[None])[0]
    assert_allclose(length / muscles.tendon_slack_length - 1, muscles.tendon_strain, rtol=1e-9)
    assert_allclose(tendon_length(muscles, np.zeros((1, 80)))[0], muscles.tendon_slack_length)


def test_a_fibre_at_optimal_length_pulls_with_its_maximum_force(body: Body) -> None:
    muscles = body.muscles
    along = muscles.optimal_fiber_length * np.cos(muscles.pennation_angle_at_optimal)
    able = capacity(muscles, (muscles.tendon_slack_length + along)[None], np.zeros((1, 80)))
    assert_allclose(able.fibre_length, 1.0, rtol=1e-9)
    strongest = muscles.max_isometric_force * np.cos(muscles.pennation_angle_at_optimal)
    assert_allclose(able.active[0], strongest, rtol=0.02)


def test_moment_arms_are_slopes_of_the_path_length(body: Body) -> None:
    q = np.tile(np.r_[np.zeros(3), np.tile([0.35, -0.08, 0.05, 0.6, 0.1, 0.03, 0.0], 2)], (3, 1))
    step = 1e-5
    for column in range(3, 17):
        q[1:, column] = q[0, column] + np.array([-step, step])
        length, arms = geometry(body, q)
        # paths about to leave a wrapping surface have a corner there
        assert_allclose(-(length[2] - length[1]) / (2 * step), arms[0, :, column - 3], atol=3e-4)
        q[1:, column] = q[0, column]


# muscle, coordinate, sign of its pull
PULLS = [
    ("soleus", "ankle_angle", -1),
    ("tibant", "ankle_angle", 1),
    ("vaslat", "knee_angle", -1),
    ("bflh", "knee_angle", 1),
    ("psoas", "hip_flexion", 1),
    ("glmax2", "hip_flexion", -1),
    ("glmed2", "hip_adduction", -1),
    ("addlong", "hip_adduction", 1),
    ("perlong", "subtalar_angle", -1),
    ("tibpost", "subtalar_angle", 1),
]


@pytest.mark.parametrize("side", ["r", "l"])
@pytest.mark.parametrize(("muscle", "coordinate", "sign"), PULLS)
def test_each_muscle_pulls_the_way_anatomy_says(body: Body, muscle: str, coordinate: str, sign: int, side: str) -> None:
    _, arms = geometry(body, np.tile(np.r_[np.zeros(3), np.tile([0.2, 0, 0, 0.3, 0, 0, 0], 2)], (1, 1)))
    arm = arms[0, body.muscles.names.index(f"{muscle}_{side}"), body.coordinates[3:].index(f"{coordinate}_{side}")]
    assert sign * arm > 0.004


def test_psoas_keeps_its_lever_when_the_hip_extends(body: Body) -> None:
    q = np.zeros((1, 17))
    q[0, 3] = q[0, 10] = -0.25
    _, arms = geometry(body, q)
    assert arms[0, body.muscles.names.index("psoas_r"), 0] > 0.02


def test_a_stretched_tendon_shortens_the_fibre(body: Body) -> None:
    muscles = body.muscles
    length = (muscles.tendon_slack_length + muscles.optimal_fiber_length)[None]
    loaded = tendon_length(muscles, 0.5 * muscles.max_isometric_force[None])
    rigid = capacity(muscles, length, np.zeros((1, 80)))
    elastic = capacity(muscles, length, np.zeros((1, 80)), tendon_length=loaded)
    soleus = muscles.names.index("soleus_r")
    assert elastic.fibre_length[0, soleus] < rigid.fibre_length[0, soleus]


def test_twice_the_strength_is_twice_the_force(body: Body) -> None:
    stronger = dataclasses.replace(body.muscles, max_isometric_force=2 * body.muscles.max_isometric_force)
    length = (body.muscles.tendon_slack_length + 1.1 * body.muscles.optimal_fiber_length)[None]
    once, twice = (capacity(m, length, np.full((1, 80), -0.05)) for m in (body.muscles, stronger))
    assert_allclose(twice.active, 2 * once.active)
