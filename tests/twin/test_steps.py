"""The push of each step and the path it makes: the momentum balance closes in closed form."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from restride.twin import steps
from restride.twin.gait import DUTY, FORCE_TERMS, LEG_TERMS, STRIDE_S, angle_rad


def _run(spread: float = 0.03) -> steps.Steps:
    return steps.steps(12, spread=spread, rng=np.random.default_rng(1), zero=4, zero_s=0.25)


def test_second_derivative_of_the_path_is_force_per_mass_plus_gravity() -> None:
    run = _run()
    time_s = np.arange(0.0, 2.5, 1e-4)
    path = steps.centre_of_mass(run, time_s)
    measured = (path[2:] - 2 * path[1:-1] + path[:-2]) / 1e-8
    force = steps.force_per_mass(run, time_s).sum(axis=1)[1:-1] + steps.GRAVITY_M_S2
    # rounding of the path (1e-16 m) over the square of the step, and the kink where force begins
    assert_allclose(measured, force, atol=0.03)


def test_impulse_of_each_step_is_body_weight_times_its_time_on_average() -> None:
    run = _run()
    time_s = np.arange(run.contact_s[0], run.contact_s[-1], 1e-4)
    upward = steps.force_per_mass(run, time_s)[..., 1].sum() * 1e-4
    assert_allclose(upward / (run.contact_s[-1] - run.contact_s[0]), 9.81, rtol=1e-3)


def test_every_step_begins_at_the_height_and_forward_place_of_the_first() -> None:
    run = _run()
    begins = steps.centre_of_mass(run, run.contact_s[:-1])
    ends = steps.centre_of_mass(run, run.contact_s[1:-1] - 1e-9)
    assert_allclose(begins[:, :2], 0.0, atol=1e-12)
    assert_allclose(ends, begins[1:], atol=1e-7)


def test_sideways_path_is_mirrored_from_step_to_step() -> None:
    begins = steps.centre_of_mass(_run(), _run().contact_s[:-1])
    assert_allclose(begins[1::2, 2], -begins[::2, 2][: begins[1::2].shape[0]], atol=1e-12)


def test_steps_without_spread_are_all_the_published_one() -> None:
    run = _run(spread=0.0)
    assert_allclose(np.diff(run.contact_s), STRIDE_S / 2)
    assert_allclose(run.toe_off_s - run.contact_s[:-1], DUTY * STRIDE_S)
    # the first upward and forward term alone takes what keeps the runner in place
    assert_allclose(run.terms[0, :, 1:] / 9.81, FORCE_TERMS[:, 1:], atol=1e-9)
    assert_allclose(run.terms[0, :, 0] / 9.81, FORCE_TERMS[:, 0], atol=0.04)


def test_peak_force_is_that_of_running() -> None:
    run = _run()
    peak = steps.force_per_mass(run, np.arange(0.0, 2.0, 1e-3)).max() / 9.81
    assert 2.0 < peak < 3.0


def test_contact_zero_is_right_and_happens_when_asked() -> None:
    run = _run()
    table = steps.events(run)
    contacts = table[table["name"] == "initial_contact"]
    assert contacts.loc[np.isclose(contacts["time_s"], 0.25), "side"].tolist() == ["right"]


def test_force_acts_under_the_side_that_is_down() -> None:
    run = _run()
    middle = (run.contact_s[:-1] + run.toe_off_s) / 2
    force = steps.force_per_mass(run, middle)[..., 1]
    right = np.arange(middle.size) % 2 == 0
    assert (force[right, 1] > 5).all()
    assert (force[~right, 0] > 5).all()
    assert_allclose(force[right, 0], 0.0)
    assert_allclose(force[~right, 1], 0.0)


def test_phase_is_a_multiple_of_half_at_every_contact() -> None:
    run = _run()
    assert_allclose(steps.phase(run, run.contact_s), np.arange(13) / 2, atol=1e-9)


@pytest.mark.parametrize(("name", "low", "high"), [("knee_angle", 0.0, 120.0), ("hip_flexion", -15.0, 60.0)])
def test_joint_angles_stay_within_what_running_takes(name: str, low: float, high: float) -> None:
    degrees = np.rad2deg(angle_rad(LEG_TERMS[name], np.linspace(0, 1, 200)))
    assert low < degrees.min() < degrees.max() < high


def test_knee_bends_most_in_swing() -> None:
    phase = np.linspace(0, 1, 201)
    assert DUTY < phase[np.argmax(angle_rad(LEG_TERMS["knee_angle"], phase))] < 0.85
