"""Two clocks put together: planted shifts and drifts come back, and what cannot be told is not told."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from restride.errors import SchemaError
from restride.signals.clocks import clocks_by_events, clocks_by_signals, stamps


def walk(strides: int, *, uneven: float, seed: int) -> dict[str, np.ndarray]:
    """Contacts of both feet; stride times vary by a share of their mean."""
    rng = np.random.default_rng(seed)
    lasts_s = 1.1 * (1 + uneven * rng.standard_normal(strides))
    left = 3.0 + np.concatenate(([0.0], np.cumsum(lasts_s)))
    return {"left": left, "right": left[:-1] + 0.48 * lasts_s}


def seen(
    events: dict[str, np.ndarray], *, shift_s: float, factor: float, scatter_s: float, seed: int
) -> dict[str, np.ndarray]:
    """The same contacts on another clock, with the errors of a device."""
    rng = np.random.default_rng(seed)
    return {n: (v + scatter_s * rng.standard_normal(v.size) - shift_s) / factor for n, v in events.items()}


@settings(max_examples=8, deadline=None)
@given(shift_s=st.floats(-20, 20), drift=st.floats(-0.045, 0.045), seed=st.integers(0, 50))
def test_a_planted_shift_and_drift_come_back_from_a_walk_of_eighty_strides(
    shift_s: float, drift: float, seed: int
) -> None:
    truth = walk(80, uneven=0.03, seed=seed)
    other = seen(truth, shift_s=shift_s, factor=1 + drift, scatter_s=0.01, seed=seed + 1)
    found = clocks_by_events(truth, other)
    assert found.sure
    assert found.best is not None
    assert found.best.factor == pytest.approx(1 + drift, abs=3e-4)
    middle_s = float(np.mean(other["left"]))
    at_middle = found.best.shift_s + found.best.factor * middle_s
    assert at_middle == pytest.approx(shift_s + (1 + drift) * middle_s, abs=0.01)


def test_the_interval_covers_the_planted_factor_most_of_the_time() -> None:
    inside = []
    for seed in range(20):
        truth = walk(60, uneven=0.03, seed=seed)
        other = seen(truth, shift_s=1.0, factor=1.0004, scatter_s=0.01, seed=seed + 100)
        low, high = clocks_by_events(truth, other).factor_interval
        inside.append(low <= 1.0004 <= high)
    # 17 of 20 or more in 98 of 100 runs, if the interval holds 95 %
    assert sum(inside) >= 17


def test_a_few_even_strides_do_not_tell_which_stride_is_which() -> None:
    truth = walk(6, uneven=0.01, seed=4)
    found = clocks_by_events(truth, seen(truth, shift_s=2.0, factor=1.0, scatter_s=0.01, seed=5))
    assert not found.sure
    assert "shifts fit almost alike" in found.reason
    assert found.best is not None
    shifts = [found.best.shift_s, *(rival.shift_s for rival in found.rivals)]
    # the planted one is among them, and its neighbours a stride away
    assert min(abs(s - 2.0) for s in shifts) < 0.05
    assert min(abs(s - 2.0 - 1.1) for s in shifts) < 0.15 or min(abs(s - 2.0 + 1.1) for s in shifts) < 0.15


def test_exchanged_feet_are_not_put_together_half_a_stride_off() -> None:
    truth = walk(60, uneven=0.03, seed=1)
    swapped = {"left": truth["right"], "right": truth["left"]}
    found = clocks_by_events(truth, seen(swapped, shift_s=0.0, factor=1.0, scatter_s=0.005, seed=2))
    # the steps are uneven (48 %), so no shift brings all contacts of both feet together
    assert not found.sure or found.best is None or found.best.scatter_s > 0.01


def test_events_that_have_nothing_to_do_with_each_other_are_refused() -> None:
    rng = np.random.default_rng(0)
    one, other = (np.sort(rng.uniform(0, 60, 25)) for _ in range(2))
    assert not clocks_by_events({"tap": one}, {"tap": other}).sure
    assert clocks_by_events({"tap": one}, {"left": other}).best is None
    assert "fewer than 4 events" in clocks_by_events({"tap": one[:2]}, {"tap": other}).reason


def test_stamps_at_the_start_and_the_end_settle_what_a_walk_cannot() -> None:
    truth = walk(6, uneven=0.01, seed=4)
    marks = np.array([0.5, 1.0, 1.6, 20.0, 20.6, 21.0])
    truth = {"left": truth["left"] + 4, "right": truth["right"] + 4, "stamp": marks}
    found = clocks_by_events(truth, seen(truth, shift_s=2.0, factor=1.0, scatter_s=0.01, seed=5))
    assert found.sure
    assert found.best is not None
    assert found.best.shift_s == pytest.approx(2.0, abs=0.02)


def signal_of(seconds: float, rate_hz: float, *, seed: int = 0) -> xr.DataArray:
    rng = np.random.default_rng(seed)
    slow = np.interp(
        np.arange(0, seconds, 1 / rate_hz), np.arange(0, seconds, 0.1), rng.standard_normal(int(seconds * 10))
    )
    return xr.DataArray(slow, dims="time", coords={"time": np.arange(slow.size) / rate_hz}, attrs={"units": "V"})


@pytest.mark.parametrize("factor", [0.96, 1.0, 1.0005])
def test_a_signal_on_two_clocks_gives_both_shift_and_drift(factor: float) -> None:
    one = signal_of(40, 1000.0)
    # the other device started 3 s later and counts its own seconds
    part = one.isel(time=slice(3000, 35000))
    other = part.assign_coords(time=(part["time"].values - 3.0) / factor) * 5.0 + 2.0
    found = clocks_by_signals(one, other)
    assert found.sure
    assert found.best is not None
    assert found.best.factor == pytest.approx(factor, abs=5e-4)
    assert found.best.shift_s == pytest.approx(3.0, abs=0.02)


def test_signals_that_repeat_or_differ_are_refused() -> None:
    time_s = np.arange(0, 30, 0.01)
    wave = xr.DataArray(np.sin(2 * np.pi * time_s), dims="time", coords={"time": time_s})
    assert not clocks_by_signals(wave, wave).sure
    found = clocks_by_signals(signal_of(30, 100.0, seed=1), signal_of(30, 100.0, seed=2))
    assert found.best is None
    assert "not alike" in found.reason
    with pytest.raises(SchemaError, match="a second or more"):
        clocks_by_signals(wave, wave.isel(time=slice(0, 50)))


def test_three_stamps_are_found_and_steps_are_not() -> None:
    time_s = np.arange(0, 40, 0.01)
    peaks = [3.0, 3.5, 4.1, *np.arange(10, 30, 0.55), 35.0, 35.4, 36.0]
    size = 9.8 + sum(20 * np.exp(-0.5 * ((time_s - p) / 0.02) ** 2) for p in peaks)
    signal = xr.DataArray(size, dims="time", coords={"time": time_s})
    np.testing.assert_allclose(stamps(signal), [3.0, 3.5, 4.1, 35.0, 35.4, 36.0], atol=0.011)
    assert stamps(signal.where(signal["time"] > 5, drop=True).where(lambda s: s["time"] < 32, drop=True)).size == 0
    assert stamps(signal * 0).size == 0
