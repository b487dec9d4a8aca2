"""Zero-phase filters: right gain, no delay, no leak from a gap."""

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from restride.errors import GapError, UnitsError
from restride.signals import filters
from restride.signals.filters import band_pass, differentiate, fill_gaps, high_pass, low_pass, unbroken_runs
from restride.signals.schema import labelled

RATE_HZ = 200.0
TIME_S = np.arange(1200) / RATE_HZ
MIDDLE = slice(400, 800)


def array(*columns: np.ndarray) -> xr.DataArray:
    values = np.stack(columns, axis=1)
    coords = {"time": np.arange(values.shape[0]) / RATE_HZ, "marker": [f"m{i}" for i in range(values.shape[1])]}
    return labelled(values, dims=("time", "marker"), coords=coords, units="m")


def tone(frequency_hz: float) -> np.ndarray:
    return np.sin(2 * np.pi * frequency_hz * TIME_S)


def gain(out: xr.DataArray) -> float:
    return float(out.values[MIDDLE, 0].std() * np.sqrt(2.0))


def test_two_passes_lose_half_at_the_cut_off() -> None:
    assert np.isclose(gain(low_pass(array(tone(10)), cutoff_hz=10)), 0.5, atol=0.005)
    assert np.isclose(gain(high_pass(array(tone(10)), cutoff_hz=10)), 0.5, atol=0.005)
    assert np.isclose(gain(band_pass(array(tone(10)), band_hz=(10, 40))), 0.5, atol=0.005)
    assert np.isclose(gain(band_pass(array(tone(40)), band_hz=(10, 40))), 0.5, atol=0.005)


def test_slow_passes_low_and_fast_passes_high() -> None:
    both = array(tone(1) + tone(60))
    np.testing.assert_allclose(low_pass(both, cutoff_hz=10).values[MIDDLE, 0], tone(1)[MIDDLE], atol=0.002)
    np.testing.assert_allclose(high_pass(both, cutoff_hz=10).values[MIDDLE, 0], tone(60)[MIDDLE], atol=0.02)


def test_a_filter_has_no_delay() -> None:
    bump = np.exp(-(((TIME_S - 3.0) / 0.1) ** 2))
    out = low_pass(array(bump), cutoff_hz=4).values[:, 0]
    assert int(out.argmax()) == 600
    np.testing.assert_allclose(out[600 - 200 : 600], out[601 : 601 + 200][::-1], atol=1e-9)


def test_unit_and_labels_are_kept() -> None:
    source = array(tone(1), tone(2))
    out = low_pass(source, cutoff_hz=10)
    assert out.attrs == source.attrs
    assert out["marker"].values.tolist() == ["m0", "m1"]


def test_the_place_of_time_among_the_dimensions_does_not_matter() -> None:
    source = array(tone(1), tone(30))
    one, other = low_pass(source, cutoff_hz=10), low_pass(source.transpose("marker", "time"), cutoff_hz=10)
    np.testing.assert_allclose(one.values, other.transpose("time", "marker").values, rtol=1e-12)


def test_a_gap_is_refused_unless_split() -> None:
    values = tone(1)
    values[600:610] = np.nan
    with pytest.raises(GapError, match="found 10"):
        low_pass(array(values), cutoff_hz=10)


def test_a_gap_does_not_leak_into_its_neighbours() -> None:
    values = tone(1)
    values[600:610] = np.nan
    out = low_pass(array(values, tone(1)), cutoff_hz=10, gaps="split").values
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(out[:, 0])), np.arange(600, 610))
    alone = low_pass(array(values[:600]), cutoff_hz=10).values[:, 0]
    np.testing.assert_allclose(out[:600, 0], alone, atol=1e-12)
    np.testing.assert_allclose(out[:, 1], low_pass(array(tone(1)), cutoff_hz=10).values[:, 0], atol=1e-12)


def test_a_run_too_short_for_the_filter_becomes_missing() -> None:
    values = tone(1)
    values[600:610], values[615:620] = np.nan, np.nan
    out = low_pass(array(values), cutoff_hz=10, gaps="split").values[:, 0]
    assert np.isnan(out[610:615]).all()
    assert not np.isnan(out[620:]).any()


def test_too_few_samples_are_refused() -> None:
    with pytest.raises(GapError, match="at least"):
        low_pass(array(tone(1)[:8]), cutoff_hz=10)


@pytest.mark.parametrize("cutoff_hz", [0.0, -1.0, 100.0, 150.0])
def test_a_cut_off_that_does_not_fit_the_rate_is_refused(cutoff_hz: float) -> None:
    with pytest.raises(UnitsError, match="half the sampling rate"):
        low_pass(array(tone(1)), cutoff_hz=cutoff_hz)


def test_long_recordings_are_filtered_as_short_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    source = array(*rng.standard_normal((7, 1200)))
    short = low_pass(source, cutoff_hz=10).values
    monkeypatch.setattr(filters, "LARGE_SIZE", 1)
    np.testing.assert_allclose(low_pass(source, cutoff_hz=10).values, short, atol=1e-12)


@pytest.mark.parametrize("method", [low_pass, high_pass])
def test_a_filter_is_linear(method: Callable[..., xr.DataArray]) -> None:
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((2, 1200))
    out = [method(array(v), cutoff_hz=7).values for v in (a, b, 2 * a - 3 * b)]
    np.testing.assert_allclose(out[2], 2 * out[0] - 3 * out[1], atol=1e-9)


def test_the_derivative_of_a_parabola_is_exact_to_the_edges() -> None:
    out = differentiate(array(3.0 * TIME_S**2), units="m/s")
    np.testing.assert_allclose(out.values[:, 0], 6.0 * TIME_S, atol=1e-9)
    assert out.attrs["units"] == "m/s"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_unbroken_runs_cover_exactly_what_is_there(mask: list[bool]) -> None:
    present = np.array(mask)
    runs = list(unbroken_runs(present))
    rebuilt = np.zeros_like(present)
    for run in runs:
        rebuilt[run] = True
        assert run.start == 0 or not present[run.start - 1]
    np.testing.assert_array_equal(rebuilt, present)


def test_a_short_gap_is_bridged_and_a_long_one_is_not() -> None:
    values = 2.0 * TIME_S
    values[100:105], values[300:340] = np.nan, np.nan
    out = fill_gaps(array(values), max_gap_s=0.05).values[:, 0]
    np.testing.assert_allclose(out[100:105], 2.0 * TIME_S[100:105], atol=1e-12)
    assert np.isnan(out[300:340]).all()


def test_a_gap_at_either_end_stays() -> None:
    values = 2.0 * TIME_S
    values[:3], values[-3:] = np.nan, np.nan
    out = fill_gaps(array(values), max_gap_s=1.0).values[:, 0]
    assert np.isnan(out[:3]).all()
    assert np.isnan(out[-3:]).all()


def test_filling_changes_nothing_that_was_measured() -> None:
    values = tone(3)
    values[100:103] = np.nan
    out = fill_gaps(array(values), max_gap_s=0.1).values[:, 0]
    seen = ~np.isnan(values)
    np.testing.assert_array_equal(out[seen], values[seen])
