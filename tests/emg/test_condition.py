"""Offset out, band kept, gaps kept, envelopes left alone."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import strategies
from tests.emg.bursty import RATE_HZ, recorded

from restride.emg import band_within, condition
from restride.errors import SchemaError, UnitsError
from restride.signals.schema import labelled

TIME_S = np.arange(4000) / RATE_HZ
MIDDLE = slice(1000, 3000)


def test_a_tone_in_the_band_passes_and_offset_and_drift_do_not() -> None:
    tone = np.sin(2 * np.pi * 100 * TIME_S)
    out = condition(recorded({"a_l": 3.0 + np.sin(2 * np.pi * 0.5 * TIME_S) + tone}))
    np.testing.assert_allclose(out.values[MIDDLE, 0], tone[MIDDLE], atol=0.01)
    assert out.attrs["units"] == "V"
    assert "20-450 Hz" in out.attrs["method"]


def test_the_edges_of_the_band_lose_half() -> None:
    edge = np.sin(2 * np.pi * 20 * TIME_S)
    out = condition(recorded({"a_l": edge})).values[MIDDLE, 0]
    assert np.isclose(np.ptp(out) / 2, 0.5, atol=0.02)


@settings(max_examples=20, deadline=None)
@given(strategies.emg(), st.floats(-1.0, 1.0))
def test_an_offset_changes_nothing(emg: xr.DataArray, offset: float) -> None:
    shifted = condition(emg.copy(data=emg.values + offset)).values
    np.testing.assert_allclose(shifted, condition(emg).values, atol=1e-12)


@settings(max_examples=20, deadline=None)
@given(strategies.emg(), st.floats(0.1, 10.0))
def test_a_gain_is_kept(emg: xr.DataArray, gain: float) -> None:
    louder = condition(emg.copy(data=emg.values * gain)).values
    np.testing.assert_allclose(louder, gain * condition(emg).values, rtol=1e-6, atol=1e-12)


def test_a_gap_stays_and_does_not_leak() -> None:
    values = np.sin(2 * np.pi * 100 * TIME_S)
    values[2000:2100] = np.nan
    out = condition(recorded({"a_l": values, "b_r": np.sin(2 * np.pi * 80 * TIME_S)})).values
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(out[:, 0])), np.arange(2000, 2100))
    assert not np.isnan(out[:, 1]).any()


def test_a_slow_recorder_narrows_the_band_and_says_so() -> None:
    band, reason = band_within(800.0)
    assert band == (20.0, 380.0)
    assert "800 Hz" in reason
    slow = recorded({"a_l": np.sin(2 * np.pi * 100 * np.arange(2000) / 800)}, rate_hz=800.0)
    assert reason in condition(slow).attrs["method"]


def test_a_recorder_too_slow_for_raw_emg_is_refused() -> None:
    with pytest.raises(UnitsError, match="100 Hz"):
        condition(recorded({"a_l": np.ones(500)}, rate_hz=100.0))


def test_a_band_upside_down_is_refused() -> None:
    with pytest.raises(UnitsError, match="450-20"):
        condition(recorded({"a_l": np.ones(2000)}), band_hz=(450.0, 20.0))


def test_an_envelope_comes_back_as_it_is() -> None:
    stored = recorded({"a_l": np.abs(np.sin(TIME_S))}).assign_attrs(processed="envelope")
    np.testing.assert_array_equal(condition(stored).values, stored.values)


def test_a_force_is_refused() -> None:
    force = labelled(np.ones((9, 1)), dims=("time", "channel"), coords={"time": np.arange(9.0)}, units="N")
    with pytest.raises(UnitsError, match="'N'"):
        condition(force)
    with pytest.raises(SchemaError):
        condition(force.rename(channel="plate").assign_attrs(units="V"))


def test_the_input_is_not_changed() -> None:
    emg = recorded({"a_l": 1.0 + np.sin(TIME_S)})
    before = emg.copy(deep=True)
    condition(emg)
    xr.testing.assert_identical(emg, before)
