"""Amplitude over time: right size, no delay, never negative."""

from typing import Literal

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal
from tests import slow, strategies
from tests.emg.bursty import RATE_HZ, coloured, gate, recorded

from restride.emg import condition, envelope
from restride.errors import UnitsError

METHODS: list[Literal["low_pass", "rms"]] = ["low_pass", "rms"]


def test_the_envelope_of_a_tone_is_its_mean_rectified_value() -> None:
    tone = 2.0 * np.sin(2 * np.pi * 97.3 * np.arange(4000) / RATE_HZ)
    out = envelope(recorded({"a_l": tone})).values[1000:3000, 0]
    np.testing.assert_allclose(out, 2.0 * 2 / np.pi, rtol=0.005)


def test_the_rms_of_a_tone_is_its_root_mean_square() -> None:
    tone = 2.0 * np.sin(2 * np.pi * 100 * np.arange(4000) / RATE_HZ)
    out = envelope(recorded({"a_l": tone}), method="rms").values[1000:3000, 0]
    np.testing.assert_allclose(out, np.sqrt(2.0), rtol=0.02)


@pytest.mark.parametrize("method", METHODS)
def test_the_envelope_of_silence_is_zero(method: Literal["low_pass", "rms"]) -> None:
    assert (envelope(recorded({"a_l": np.zeros(900)}), method=method).values == 0).all()


@pytest.mark.parametrize("method", METHODS)
def test_a_burst_is_not_delayed(method: Literal["low_pass", "rms"]) -> None:
    rng = np.random.default_rng(0)
    middles = []
    for _ in range(40):
        burst = coloured(rng, 2000) * gate(2000, [(0.9, 1.1)])
        out = envelope(recorded({"a_l": burst}), method=method).values[:, 0]
        middles.append((out * np.arange(2000)).sum() / out.sum() / RATE_HZ)
    assert abs(np.mean(middles) - 1.0) < 0.005


@settings(max_examples=20, deadline=None)
@given(strategies.emg(), st.sampled_from(METHODS))
def test_it_is_never_negative(emg: xr.DataArray, method: Literal["low_pass", "rms"]) -> None:
    assert (envelope(condition(emg), method=method).values >= 0).all()


@settings(max_examples=20, deadline=None)
@given(strategies.emg(), st.floats(0.1, 10.0))
def test_turning_the_electrode_round_changes_nothing(emg: xr.DataArray, gain: float) -> None:
    clean = condition(emg)
    one, other = envelope(clean), envelope(clean.copy(data=-gain * clean.values))
    np.testing.assert_allclose(other.values, gain * one.values, rtol=1e-9, atol=1e-15)


def test_it_is_the_rectified_signal_filtered_forward_and_backward() -> None:
    rng = np.random.default_rng(1)
    noise = rng.standard_normal((3000, 2))
    out = envelope(recorded({"a_l": noise[:, 0], "b_r": noise[:, 1]}), cutoff_hz=6.0).values
    sections = signal.butter(2, 6.0, fs=RATE_HZ, output="sos")
    expected = np.maximum(signal.sosfiltfilt(sections, np.abs(noise), axis=0), 0)
    np.testing.assert_allclose(out, expected, rtol=1e-12)


def test_the_moving_rms_equals_the_loop() -> None:
    rng = np.random.default_rng(2)
    noise = rng.standard_normal(400)
    out = envelope(recorded({"a_l": noise}), method="rms", cutoff_hz=6.0).values[:, 0]
    np.testing.assert_allclose(out, slow.moving_rms(noise, 101), rtol=1e-9)


def test_both_methods_lose_half_of_a_modulation_at_the_cut_off() -> None:
    time_s = np.arange(8000) / RATE_HZ
    power = 1 + 0.1 * np.sin(2 * np.pi * 6.0 * time_s)
    carrier = np.where(np.arange(8000) % 2 == 0, 1.0, -1.0)
    for method in METHODS:
        out = envelope(recorded({"a_l": power * carrier}), cutoff_hz=6.0, method=method).values[2000:6000, 0]
        assert np.isclose(np.ptp(out) / 2, 0.05, rtol=0.03)


def test_a_stored_envelope_is_not_rectified_again() -> None:
    stored = recorded({"a_l": np.linspace(-0.1, 1, 900)}).assign_attrs(processed="envelope")
    np.testing.assert_array_equal(envelope(condition(stored)).values, stored.values)


def test_a_cut_off_above_half_the_rate_is_refused() -> None:
    with pytest.raises(UnitsError, match="half the sampling rate"):
        envelope(recorded({"a_l": np.zeros(900)}), cutoff_hz=600.0)
