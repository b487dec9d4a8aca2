"""Squats of known depth and time, and smoothness in closed form."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from restride.errors import GapError
from restride.signals.schema import FloatArray, labelled
from restride.standing import inclination, log_dimensionless_jerk, repetitions, spectral_arc_length

RATE_HZ = 100.0


def least_jerk(seconds: float) -> FloatArray:
    """Speed of the smoothest way from 0 to 1 (Flash and Hogan 1985)."""
    s = np.arange(round(seconds * RATE_HZ) + 1) / (seconds * RATE_HZ)
    speed: FloatArray = 30 * s**2 * (1 - s) ** 2 / seconds
    return speed


def squats(depth_rad: float, *, down_s: float, up_s: float, count: int, wobble: float = 0.0) -> FloatArray:
    """Angle of so many squats; a second of standing before, between and after."""
    down, up = (np.cumsum(least_jerk(s)) / RATE_HZ for s in (down_s, up_s))
    stand = np.zeros(round(RATE_HZ))
    one = np.concatenate([down, 1 - up, stand])
    angle: FloatArray = depth_rad * np.concatenate([stand, *[one] * count])
    angle += wobble * np.sin(2 * np.pi * 4.0 * np.arange(angle.size) / RATE_HZ) * (angle > 0.1)
    return angle


def as_array(angle: np.ndarray) -> xr.DataArray:
    return labelled(angle, dims=("time",), units="rad", coords={"time": np.arange(angle.size) / RATE_HZ})


def worn(angle: np.ndarray, *, seed: int, bias: float = 0.005) -> tuple[xr.DataArray, xr.DataArray]:
    """A sensor on a trunk that leans by the angle about z, turned in any way on its wearer."""
    rng = np.random.default_rng(seed)
    q, r = np.linalg.qr(rng.standard_normal((3, 3)))
    q = q * np.sign(np.diag(r))
    q = q if np.linalg.det(q) > 0 else -q
    felt = 9.81 * np.stack([np.sin(angle), np.cos(angle), 0 * angle], axis=1)
    turn = np.stack([0 * angle, 0 * angle, np.gradient(angle, 1 / RATE_HZ)], axis=1)
    coords = {"time": np.arange(angle.size) / RATE_HZ, "space": ["x", "y", "z"]}
    acc = labelled(felt @ q.T, dims=("time", "space"), units="m/s^2", coords=coords)
    return acc, labelled(turn @ q.T + bias, dims=("time", "space"), units="rad/s", coords=coords)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_each_repetition_has_the_depth_and_time_it_was_made_with(sign: float) -> None:
    found = repetitions(as_array(sign * squats(np.deg2rad(60), down_s=1.6, up_s=1.0, count=4)))
    assert len(found) == 4
    np.testing.assert_allclose(found["range_rad"], np.deg2rad(60), rtol=0.01)
    # from a tenth of the depth: where 10 s^3 - 15 s^4 + 6 s^5 = 0.1
    share = 0.246635
    np.testing.assert_allclose(found["down_s"], 1.6 * (1 - share), atol=0.03)
    np.testing.assert_allclose(found["up_s"], 1.0 * (1 - share), atol=0.03)


def test_a_trembling_squat_is_less_smooth() -> None:
    still, shaken = (repetitions(as_array(squats(1.0, down_s=1.5, up_s=1.5, count=3, wobble=w))) for w in (0.0, 0.04))
    for column in ("arc_length", "jerk"):
        assert shaken[column].max() < still[column].min()


def test_a_repetition_cut_by_an_end_is_left_out() -> None:
    angle = squats(1.0, down_s=1.5, up_s=1.5, count=3)
    assert len(repetitions(as_array(angle[: -round(2.2 * RATE_HZ)]))) == 2


def test_standing_has_no_repetitions() -> None:
    sway = 0.02 * np.sin(np.arange(3000) / 100)
    assert repetitions(as_array(sway)).empty


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.floats(0.4, 1.4))
def test_a_sensor_however_it_sits_shows_how_far_it_leans(seed: int, depth_rad: float) -> None:
    angle = squats(depth_rad, down_s=1.2, up_s=1.2, count=4)
    found = inclination(*worn(angle, seed=seed))
    assert np.abs(found.values - angle).max() < np.deg2rad(2.0)


def test_a_gap_is_refused() -> None:
    acc, gyr = worn(squats(1.0, down_s=1.2, up_s=1.2, count=1), seed=1)
    with pytest.raises(GapError, match="without gaps"):
        inclination(acc.where(acc["time"] > 1), gyr)


def test_the_smoothest_movement_has_the_jerk_of_its_closed_form() -> None:
    # T^3 / (1.875 A/T)^2 * 720 A^2 / T^5
    for seconds in (0.5, 1.0, 3.0):
        found = log_dimensionless_jerk(least_jerk(seconds), rate_hz=RATE_HZ)
        assert found == pytest.approx(-np.log(720 / 1.875**2), abs=0.06)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.01, 100.0))
def test_smoothness_does_not_depend_on_size(size: float) -> None:
    speed = least_jerk(1.0)
    for measure in (spectral_arc_length, log_dimensionless_jerk):
        assert measure(size * speed, rate_hz=RATE_HZ) == pytest.approx(measure(speed, rate_hz=RATE_HZ), rel=1e-9)


def test_the_smoothest_movement_has_one_arc_length_whatever_its_time() -> None:
    for seconds in (0.5, 1.0, 2.0):
        assert -1.42 < spectral_arc_length(least_jerk(seconds), rate_hz=RATE_HZ) < -1.40


def test_two_movements_in_one_are_less_smooth() -> None:
    one = least_jerk(1.0)
    two = np.concatenate([one[:-20], one])
    assert spectral_arc_length(two, rate_hz=RATE_HZ) < spectral_arc_length(one, rate_hz=RATE_HZ) - 0.1


def test_a_movement_that_does_not_move_is_refused() -> None:
    with pytest.raises(GapError, match="expected a movement"):
        spectral_arc_length(np.zeros(100), rate_hz=RATE_HZ)
