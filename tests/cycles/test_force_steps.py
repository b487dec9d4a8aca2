"""One vertical force of a runner: its zero, and the steps in it."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from restride.cycles import steps_from_force, undrifted
from restride.errors import CycleError
from restride.readers import read
from restride.readers.take import parsed
from restride.signals.schema import labelled

STEP_S, CONTACT_S, PEAK_N = 0.36, 0.24, 1600.0


def runner(*, seconds: float = 12.0, rate_hz: float = 500.0, noise_n: float = 0.0) -> xr.DataArray:
    """Half sines of known length, flat between."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    phase = (time_s - 0.1) % STEP_S
    force = np.where((phase < CONTACT_S) & (time_s > 0.1), PEAK_N * np.sin(np.pi * phase / CONTACT_S), 0.0)
    force += noise_n * np.random.default_rng(5).standard_normal(time_s.size)
    return labelled(force, dims=("time",), units="N", coords={"time": time_s})


def drifting(force: xr.DataArray, drift: np.ndarray) -> xr.DataArray:
    return force.copy(data=force.values + drift)


@settings(max_examples=15, deadline=None)
@given(st.floats(-200, 200), st.floats(-12, 12), st.floats(0, 80), st.floats(6, 30))
def test_any_slow_drift_is_taken_out(start_n: float, per_s: float, swing_n: float, period_s: float) -> None:
    force = runner(noise_n=2.0)
    time_s = force["time"].values
    drift = start_n + per_s * time_s + swing_n * np.sin(2 * np.pi * time_s / period_s)
    # a zero farther off than this is refused: a walker's force does not come down to it either
    assume(float(np.abs(drift).max()) < 250.0)
    left = undrifted(drifting(force, drift)).values - force.values
    # the ends beyond the first and last flight are held
    inner = (time_s > 1.0) & (time_s < 11.0)
    assert np.abs(left[inner]).max() < 2.0


def test_a_force_without_drift_stays_as_it_is() -> None:
    force = runner()
    np.testing.assert_allclose(undrifted(force).values, force.values, atol=1e-9)


def test_one_step_beside_the_plate_or_a_hand_on_it_moves_no_zero() -> None:
    force = runner(noise_n=1.0)
    touched = force.values.copy()
    # in one flight somebody leans on the belt with 40 N
    flight = (force["time"].values > 0.1 + 15 * STEP_S + CONTACT_S) & (force["time"].values < 0.1 + 16 * STEP_S)
    touched[flight] += 40.0
    out = undrifted(force.copy(data=touched)).values
    assert np.median(out[flight]) == pytest.approx(40.0, abs=1.0)


def test_a_walker_is_refused_because_somebody_always_stands() -> None:
    time_s = np.arange(4000) / 500
    walker = labelled(700 + 120 * np.sin(2 * np.pi * 1.8 * time_s), dims=("time",), units="N", coords={"time": time_s})
    with pytest.raises(CycleError, match="running only"):
        undrifted(walker)


def test_steps_have_the_times_they_were_made_with() -> None:
    steps = steps_from_force(runner())
    # the threshold of 20 N is passed 1 ms after the sine begins and before it ends
    late_s = CONTACT_S / np.pi * np.arcsin(20 / PEAK_N)
    np.testing.assert_allclose(steps["contact_time_s"], CONTACT_S - 2 * late_s, atol=2e-5)
    np.testing.assert_allclose(steps["step_s"][:-1], STEP_S, atol=1e-9)
    np.testing.assert_allclose(steps["flight_time_s"][:-1], STEP_S - CONTACT_S + 2 * late_s, atol=2e-5)
    np.testing.assert_allclose(steps["peak_n"], PEAK_N, rtol=1e-3)
    assert np.isnan(steps["step_s"].iloc[-1])


def test_a_contact_cut_by_either_end_is_no_step() -> None:
    force = runner()
    cut = force.sel(time=slice(0.2, 2.0))
    assert steps_from_force(cut)["contact_s"].iloc[0] == pytest.approx(0.1 + STEP_S, abs=2e-3)


def test_the_published_drift_leaves_flights_at_zero(shared: Path) -> None:
    take = parsed({"forces": {"rate_hz": 300, "unit": "N"}})
    force = read(shared / "run-force-drift" / "custom_drift_S001runT25.csv", take=take)["vertical_force"]
    clean = undrifted(force)
    steps = steps_from_force(clean)
    time_s = clean["time"].values
    middles = [
        np.median(clean.values[(time_s > off + 0.02) & (time_s < on - 0.02)])
        for off, on in zip(steps["toe_off_s"][:-1], steps["contact_s"][1:], strict=True)
    ]
    assert np.abs(middles).max() < 0.1
    # 79 contacts, of which either end cuts one
    assert len(steps) == 77
    assert steps["step_s"].median() == pytest.approx(0.383, abs=0.001)
