"""Angles to positions and back, and the sign of every coordinate."""

import mujoco
import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from restride.body.model import COORDINATES, WORLD_FROM_LAB, Body, generic
from restride.body.pose import (
    as_labelled,
    assembled,
    coordinates_of,
    coupled,
    motion,
    periodic,
    plain_arrays,
    positions,
    within_range,
)
from restride.errors import GapError, SchemaError
from restride.signals.schema import FloatArray


@pytest.fixture(scope="module")
def body() -> Body:
    return generic()


def _place(body: Body, coordinate: str, angle: float, segment: str) -> FloatArray:
    q = np.zeros((1, len(COORDINATES)))
    q[0, COORDINATES.index(coordinate)] = angle
    data = mujoco.MjData(body.model)
    data.qpos = assembled(body, q, np.zeros((1, 3)))[0]
    mujoco.mj_kinematics(body.model, data)
    place: FloatArray = data.xpos[body.segment(segment)] @ WORLD_FROM_LAB
    return place


# what a positive angle does to a segment further down: axis of the lab and direction, outward = away from the body
SIGNS = [
    ("hip_flexion", "tibia", "forward"),
    ("hip_adduction", "tibia", "inward"),
    ("hip_rotation", "toes", "inward"),
    ("knee_angle", "talus", "backward"),
    ("ankle_angle", "toes", "up"),
    ("subtalar_angle", "toes", "inward"),
]


@pytest.mark.parametrize("side", ["r", "l"])
@pytest.mark.parametrize(("coordinate", "segment", "direction"), SIGNS)
def test_a_positive_angle_moves_the_leg_as_its_name_says(
    body: Body, coordinate: str, segment: str, direction: str, side: str
) -> None:
    shift = _place(body, f"{coordinate}_{side}", 0.2, f"{segment}_{side}") - _place(
        body, f"{coordinate}_{side}", 0.0, f"{segment}_{side}"
    )
    inward = np.array([0.0, 0.0, -1.0 if side == "r" else 1.0])
    directions = {
        "forward": np.array([1.0, 0.0, 0.0]),
        "backward": np.array([-1.0, 0.0, 0.0]),
        "up": np.array([0.0, 1.0, 0.0]),
        "inward": inward,
    }
    assert shift @ directions[direction] > 0.01


@pytest.mark.parametrize(
    ("coordinate", "segment", "direction"),
    [
        ("pelvis_tilt", "tibia_r", [1, 0, 0]),  # backward tilt swings the legs forward
        ("pelvis_list", "femur_r", [0, -1, 0]),  # right side down
        ("pelvis_rotation", "femur_r", [1, 0, 0]),  # turned to the left, the right hip comes forward
    ],
)
def test_a_positive_pelvis_angle_turns_as_its_name_says(
    body: Body, coordinate: str, segment: str, direction: list[int]
) -> None:
    shift = _place(body, coordinate, 0.2, segment) - _place(body, coordinate, 0.0, segment)
    assert shift @ np.array(direction) > 0.005


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_angles_come_back_from_positions(seed: int) -> None:
    body = generic()
    rng = np.random.default_rng(seed)
    low, high = np.clip(body.limits, -1.2, 1.2).T
    q, place = rng.uniform(low, high, (3, len(COORDINATES))), rng.normal(size=(3, 3))
    angles, root = as_labelled(body, q, place, np.arange(3) / 100)
    again, root_again = coordinates_of(body, positions(body, angles, root), time_s=np.arange(3) / 100)
    # the pelvis's turn is made continuous, so compare the turn itself
    assert_allclose(np.exp(1j * again.values), np.exp(1j * q), atol=1e-9)
    assert_allclose(root_again.values, place, atol=1e-12)


def test_velocities_and_accelerations_are_slopes_of_the_positions(body: Body) -> None:
    time_s = np.linspace(0.0, 1.0, 401)
    phase = np.arange(len(COORDINATES))
    q = 0.4 * np.sin(5 * time_s[:, None] + phase)
    place = np.stack([np.sin(3 * time_s), np.cos(2 * time_s), time_s**2], axis=1)
    qpos, qvel, qacc = motion(body, q, place, time_s)
    slope = np.zeros(body.model.nv)
    for t in (100, 200, 300):
        mujoco.mj_differentiatePos(body.model, slope, time_s[t + 1] - time_s[t - 1], qpos[t - 1], qpos[t + 1])
        assert_allclose(slope, qvel[t], atol=2e-3)
        assert_allclose((qvel[t + 1] - qvel[t - 1]) / (time_s[t + 1] - time_s[t - 1]), qacc[t], atol=2e-2)


def test_dependent_knee_velocities_follow_the_knee(body: Body) -> None:
    q = np.zeros((2, len(COORDINATES)))
    q[:, COORDINATES.index("knee_angle_l")] = [0.5, 0.5 + 1e-6]
    qpos = assembled(body, q, np.zeros((2, 3)))
    slopes = (qpos[1, body.couplings.qpos] - qpos[0, body.couplings.qpos]) / 1e-6
    knee = COORDINATES.index("knee_angle_l") - 3
    assert_allclose(coupled(body, q)[0, body.couplings.dof, knee], slopes, atol=1e-5)


def test_a_missing_knee_is_refused(body: Body) -> None:
    angles, root = as_labelled(body, np.zeros((4, 17)), np.zeros((4, 3)), np.arange(4) / 50)
    without = angles.sel(coordinate=[c for c in COORDINATES if c != "knee_angle_r"])
    with pytest.raises(SchemaError, match="knee_angle_r"):
        plain_arrays(body, without, root)


def test_a_gap_in_the_motion_is_refused(body: Body) -> None:
    q = np.zeros((8, 17))
    q[3, 5] = np.nan
    with pytest.raises(GapError):
        motion(body, q, np.zeros((8, 3)), np.arange(8) / 100)


def test_a_full_turn_is_taken_out(body: Body) -> None:
    time_s = np.arange(50) / 100
    q = np.zeros((50, 17))
    ankle = COORDINATES.index("ankle_angle_l")
    q[:, ankle] = 0.2 * np.sin(9 * time_s)
    turned = q.copy()
    turned[:20, ankle] += 2 * np.pi
    angles, _ = as_labelled(body, turned, np.zeros((50, 3)), time_s)
    assert_allclose(within_range(body, angles).values, q, atol=1e-12)


def test_a_loop_ends_where_it_starts(body: Body) -> None:
    time_s = np.linspace(0.0, 1.1, 23)
    angles, root = as_labelled(body, time_s[:, None] * np.ones(17), time_s[:, None] * np.array([1.3, 0.0, 0.1]), time_s)
    looped, on_the_spot = periodic(angles, root)
    assert_allclose(looped.isel(time=0), looped.isel(time=-1), atol=1e-12)
    xr.testing.assert_allclose(on_the_spot.isel(time=0, drop=True), on_the_spot.isel(time=-1, drop=True))
