"""Sway: circles and clouds of known size, and the published trials."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from restride.errors import GapError, SchemaError
from restride.readers import read
from restride.signals.schema import labelled
from restride.standing import sway, trunk_sway, velocities
from restride.standing.sway import ellipse_area

SET = "balance-cop"
RADIUS_M, TURN_HZ, RATE_HZ = 0.02, 0.5, 100.0


def path(forward: np.ndarray, sideways: np.ndarray, *, rate_hz: float = RATE_HZ) -> xr.DataArray:
    values = np.stack([forward, 0 * forward, sideways], axis=1)
    coords = {"time": np.arange(len(values)) / rate_hz, "space": ["x", "y", "z"]}
    return labelled(values, dims=("time", "space"), units="m", coords=coords, frame="lab")


def circle(*, seconds: float = 60.0, rate_hz: float = RATE_HZ) -> xr.DataArray:
    turn = 2 * np.pi * TURN_HZ * np.arange(round(seconds * rate_hz)) / rate_hz
    return path(RADIUS_M * np.cos(turn), RADIUS_M * np.sin(turn), rate_hz=rate_hz)


def test_a_circle_has_the_measures_of_a_circle() -> None:
    found = sway(circle())
    assert found.duration_s == pytest.approx(60.0)
    # 60 s hold 30 turns less one step of the clock, along the chords
    assert found.path_m == pytest.approx(30 * 2 * np.pi * RADIUS_M, rel=5e-4)
    assert found.velocity_m_s == pytest.approx(2 * np.pi * TURN_HZ * RADIUS_M, rel=5e-4)
    assert found.frequency_hz == pytest.approx(TURN_HZ, rel=1e-3)
    assert found.rms_forward_m == pytest.approx(RADIUS_M / np.sqrt(2), rel=1e-6)
    assert found.rms_sideways_m == pytest.approx(RADIUS_M / np.sqrt(2), rel=1e-6)
    assert found.range_forward_m == pytest.approx(2 * RADIUS_M, rel=1e-6)
    # variance R^2/2 each way, no covariance; 5.991 is the chi-square that F tends to
    assert found.ellipse_area_m2 == pytest.approx(np.pi * 5.991 * RADIUS_M**2 / 2, rel=2e-3)


def test_forward_and_sideways_are_not_exchanged() -> None:
    turn = 2 * np.pi * 0.3 * np.arange(6000) / RATE_HZ
    found = sway(path(0.03 * np.sin(turn), 0.005 * np.sin(1.7 * turn)))
    assert found.range_forward_m == pytest.approx(0.06, rel=1e-2)
    assert found.range_sideways_m == pytest.approx(0.01, rel=1e-2)


def test_the_ellipse_holds_19_of_20_new_points() -> None:
    rng = np.random.default_rng(3)
    mixing = np.array([[0.01, 0.004], [0.0, 0.003]])
    seen, new = (rng.standard_normal((4000, 2)) @ mixing.T for _ in range(2))
    inverse = np.linalg.inv(np.cov(seen.T))
    distance = np.einsum("ni,ij,nj->n", new - seen.mean(axis=0), inverse, new - seen.mean(axis=0))
    # the ellipse of that area is the one within a fixed distance
    limit = ellipse_area(seen) / (np.pi * np.sqrt(np.linalg.det(np.cov(seen.T))))
    assert (distance <= limit).mean() == pytest.approx(0.95, abs=0.01)


@settings(max_examples=20, deadline=None)
@given(st.floats(0, 2 * np.pi), st.floats(-1, 1), st.floats(0.2, 5.0))
def test_turning_and_moving_the_plate_changes_no_area(turn: float, shift: float, scale: float) -> None:
    rng = np.random.default_rng(7)
    base = np.cumsum(rng.standard_normal((3000, 2)) * [1e-4, 5e-4], axis=0)
    c, s = np.cos(turn), np.sin(turn)
    moved = scale * base @ np.array([[c, -s], [s, c]]) + shift
    one, other = sway(path(*base.T)), sway(path(*moved.T))
    assert other.ellipse_area_m2 == pytest.approx(scale**2 * one.ellipse_area_m2, rel=1e-6)
    assert other.path_m == pytest.approx(scale * one.path_m, rel=1e-6)
    assert other.frequency_hz == pytest.approx(one.frequency_hz, rel=1e-6)


def test_a_fast_plate_is_low_passed_so_that_its_noise_does_not_walk() -> None:
    slow, fast = circle(), circle(rate_hz=1000.0)
    noise = 2e-4 * np.random.default_rng(1).standard_normal((fast.sizes["time"], 3))
    noisy = fast.copy(data=fast.values + noise)
    assert sway(noisy).velocity_m_s == pytest.approx(sway(slow).velocity_m_s, rel=0.02)
    assert sway(noisy).filtered == "low-passed at 10 Hz"


def test_gaps_and_short_trials_are_refused() -> None:
    with pytest.raises(GapError, match="at least 10 s"):
        sway(circle(seconds=8))
    with pytest.raises(GapError, match="without gaps"):
        sway(circle().where(circle()["time"] > 1))


def test_velocity_by_windows_has_the_velocity_of_the_whole_as_its_mean() -> None:
    windows = velocities(circle())
    assert len(windows) == 12
    np.testing.assert_allclose(windows[1:], 2 * np.pi * TURN_HZ * RADIUS_M, rtol=1e-3)


def test_the_published_measures_of_all_trials_come_back_within_one_percent(shared: Path) -> None:
    table = pd.read_csv(shared / SET / "trials_and_reference_cop.csv").set_index("Trial")
    for trial, row in table.iterrows():
        cop = read(shared / SET / f"{trial}.txt")["plate_cop"].isel(plate=0, drop=True)
        found = sway(cop)
        assert 1e4 * found.ellipse_area_m2 == pytest.approx(row["COParea"], rel=1e-6)
        assert 1e2 * found.velocity_m_s == pytest.approx(row["COPvelo"], rel=1e-6)
        assert found.frequency_hz == pytest.approx(row["COPmfreq"], rel=0.01)


def phone(forward: np.ndarray, sideways: np.ndarray, rotation: np.ndarray, *, frame: str = "sensor") -> xr.DataArray:
    values = np.stack([forward, np.full(len(forward), 9.80665), sideways], axis=1) @ rotation.T
    coords = {"time": np.arange(len(values)) / RATE_HZ, "space": ["x", "y", "z"]}
    return labelled(values, dims=("time", "space"), units="m/s^2", coords=coords, frame=frame)


def test_a_phone_shows_the_sway_it_was_given_however_it_is_turned() -> None:
    turn = 2 * np.pi * 0.4 * np.arange(3000) / RATE_HZ
    q, _ = np.linalg.qr(np.random.default_rng(2).standard_normal((3, 3)))
    for rotation in (np.eye(3), q):
        found = trunk_sway(phone(0.2 * np.sin(turn), 0.1 * np.sin(turn), rotation))
        assert found.rms_m_s2 == pytest.approx(np.sqrt(0.2**2 / 2 + 0.1**2 / 2), rel=0.01)
        # half the mean square of the derivative, times the time
        assert found.jerk_m2_s5 == pytest.approx(0.5 * 30 * (2 * np.pi * 0.4) ** 2 * 0.025, rel=0.02)
        assert np.isnan(found.rms_forward_m_s2)


def test_forward_is_told_only_where_the_axes_are_known() -> None:
    turn = 2 * np.pi * 0.4 * np.arange(3000) / RATE_HZ
    found = trunk_sway(phone(0.2 * np.sin(turn), 0.1 * np.sin(turn), np.eye(3), frame="segment"))
    assert found.rms_forward_m_s2 == pytest.approx(0.2 / np.sqrt(2), rel=0.01)
    assert found.rms_sideways_m_s2 == pytest.approx(0.1 / np.sqrt(2), rel=0.01)


def test_acceleration_without_gravity_is_refused() -> None:
    still = phone(np.zeros(3000), np.zeros(3000), np.eye(3))
    with pytest.raises(SchemaError, match="with gravity"):
        trunk_sway(still.copy(data=0.01 * still.values))
