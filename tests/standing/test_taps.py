"""Toe taps of known rate, size and decay."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from restride.errors import GapError
from restride.signals.schema import labelled
from restride.standing import rhythm, taps_from_bursts, taps_from_force, taps_from_turning

RATE_HZ = 200.0


def lifts(at_s: np.ndarray, size: np.ndarray, *, width_s: float, seconds: float) -> np.ndarray:
    """Bumps (raised cosine) of known place and height; flat between."""
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    out = np.zeros(time_s.size)
    for when, height in zip(at_s, size, strict=True):
        phase = np.clip((time_s - when) / width_s, -0.5, 0.5)
        out += height * (0.5 + 0.5 * np.cos(2 * np.pi * phase))
    return out


def sensor(angle: np.ndarray, axis: np.ndarray, *, frame: str = "sensor", bias: float = 0.0) -> xr.DataArray:
    rate = np.gradient(angle, 1 / RATE_HZ)
    values = rate[:, None] * axis[None, :] + bias
    coords = {"time": np.arange(len(values)) / RATE_HZ, "space": ["x", "y", "z"]}
    return labelled(values, dims=("time", "space"), units="rad/s", coords=coords, frame=frame)


@settings(max_examples=12, deadline=None)
@given(st.floats(1.0, 4.0), st.integers(0, 100), st.booleans())
def test_a_train_of_taps_has_its_rate_however_the_sensor_sits(rate_hz: float, seed: int, over: bool) -> None:
    at_s = 1.0 + np.arange(20) / rate_hz
    angle = lifts(at_s, np.full(20, 0.35), width_s=0.8 / rate_hz, seconds=at_s[-1] + 1.0)
    axis = np.random.default_rng(seed).standard_normal(3)
    axis *= (-1 if over else 1) / np.linalg.norm(axis)
    taps = taps_from_turning(sensor(angle, axis, bias=0.01))
    found = rhythm(taps)
    assert found.n == 20
    assert found.rate_hz == pytest.approx(rate_hz, rel=0.01)
    assert found.variation < 0.02
    np.testing.assert_allclose(taps["time_s"], at_s, atol=0.01)
    assert found.halts == 0


def test_taps_that_get_smaller_and_slower_are_seen_to() -> None:
    interval_s = 0.4 * (1 + 0.02 * np.arange(24))
    at_s = 1.0 + np.cumsum(interval_s)
    angle = lifts(at_s, 0.4 * (1 - 0.02 * np.arange(24)), width_s=0.3, seconds=at_s[-1] + 1)
    found = rhythm(taps_from_turning(sensor(angle, np.array([0.0, 0.0, 1.0]), frame="segment")))
    assert found.n == 24
    # 2 % of the first is 2.6 % of the middle one
    assert found.amplitude_change == pytest.approx(-0.02 / (1 - 0.02 * 11.5), rel=0.15)
    assert found.interval_change == pytest.approx(0.02 / (1 + 0.02 * 12), rel=0.1)
    assert found.amplitude_interval is not None
    assert found.amplitude_interval[1] < 0


def test_even_taps_do_not_die_away() -> None:
    rng = np.random.default_rng(4)
    at_s = 1.0 + 0.4 * np.arange(30) + 0.01 * rng.standard_normal(30)
    angle = lifts(at_s, 0.4 + 0.02 * rng.standard_normal(30), width_s=0.3, seconds=at_s[-1] + 1)
    found = rhythm(taps_from_turning(sensor(angle, np.array([0.0, 0.0, 1.0]))))
    assert found.amplitude_interval is not None
    assert found.amplitude_interval[0] < 0 < found.amplitude_interval[1]


def test_a_tap_left_out_is_a_halt_and_no_unevenness() -> None:
    at_s = np.delete(1.0 + 0.4 * np.arange(20), [8, 9])
    angle = lifts(at_s, np.full(18, 0.4), width_s=0.3, seconds=10)
    found = rhythm(taps_from_turning(sensor(angle, np.array([1.0, 0.0, 0.0]))))
    assert (found.n, found.halts) == (18, 1)
    assert found.variation < 0.03


def test_nine_taps_are_too_few_to_die_away() -> None:
    at_s = 1.0 + 0.4 * np.arange(9)
    angle = lifts(at_s, np.full(9, 0.4), width_s=0.3, seconds=6)
    found = rhythm(taps_from_turning(sensor(angle, np.array([1.0, 0.0, 0.0]))))
    assert np.isnan(found.amplitude_change)
    assert found.amplitude_interval is None


def test_a_foot_at_rest_taps_nothing() -> None:
    noise = 0.01 * np.random.default_rng(0).standard_normal((2000, 3))
    still = sensor(np.zeros(2000), np.zeros(3))
    taps = taps_from_turning(still.copy(data=noise))
    assert taps.empty
    with pytest.raises(GapError, match="three taps"):
        rhythm(taps)


def test_taps_on_a_plate_have_their_rate_and_force() -> None:
    at_s = 1.0 + 0.5 * np.arange(12)
    force = lifts(at_s, np.full(12, 60.0), width_s=0.25, seconds=8) + 150.0
    taps = taps_from_force(labelled(force, dims=("time",), units="N", coords={"time": np.arange(force.size) / RATE_HZ}))
    np.testing.assert_allclose(taps["time_s"], at_s, atol=0.01)
    np.testing.assert_allclose(taps["amplitude"], 60.0, rtol=0.05)


def test_bursts_of_a_muscle_are_taps_and_a_cut_one_is_not() -> None:
    time_s = np.arange(1000) / RATE_HZ
    envelope = labelled(np.arange(1000.0), dims=("time",), units="V", coords={"time": time_s})
    bursts = pd.DataFrame({"onset_s": [np.nan, 1.0, 2.0, 4.0], "offset_s": [0.5, 1.5, 2.5, np.nan]})
    taps = taps_from_bursts(bursts, envelope)
    assert taps["time_s"].tolist() == [1.0, 2.0]
    assert taps["amplitude"].tolist() == [300.0, 500.0]
    assert taps["interval_s"].iloc[0] == 1.0
