"""Steps of a runner from the trunk: half-sine contacts with known times, real force."""

import numpy as np
import pytest
import xarray as xr

from restride.errors import GapError, SchemaError
from restride.imu import gait, running_steps

GRAVITY = 9.80665
STEP_S, CONTACT_S, RATE_HZ = 0.35, 0.22, 400.0


def run(*, steps: int = 12, tilt_rad: float = 0.3, scale: float = 1.0) -> xr.DataArray:
    """A trunk that feels half a sine in each contact, of the size that carries the body, and nothing in flight."""
    time_s = np.arange(0.0, steps * STEP_S, 1 / RATE_HZ)
    since_s = (time_s - 0.1) % STEP_S
    peak = GRAVITY * STEP_S / CONTACT_S * np.pi / 2
    upward = np.where(since_s < CONTACT_S, peak * np.sin(np.pi * since_s / CONTACT_S), 0.0)
    values = scale * np.stack([upward * np.cos(tilt_rad), 0 * upward, upward * np.sin(tilt_rad)], axis=1)
    coords = {"time": time_s, "sensor": ["pelvis"], "space": ["x", "y", "z"], "segment": ("sensor", ["pelvis"])}
    return xr.DataArray(
        values[:, np.newaxis], dims=("time", "sensor", "space"), coords=coords, attrs={"units": "m/s^2"}
    )


def test_steps_are_as_long_as_they_were_run() -> None:
    found = running_steps(run())
    np.testing.assert_allclose(found["step_s"].iloc[:-1], STEP_S, atol=0.003)
    assert np.isnan(found["step_s"].iloc[-1])


def test_contacts_last_while_half_of_the_weight_is_carried() -> None:
    found = running_steps(run())
    peak = STEP_S / CONTACT_S * np.pi / 2  # of gravity
    above_s = CONTACT_S * (1 - 2 * np.arcsin(0.5 / peak) / np.pi)
    np.testing.assert_allclose(found["contact_time_s"].iloc[1:-1], above_s, atol=0.005)


def test_flight_is_what_of_a_step_is_not_contact() -> None:
    found = running_steps(run())
    np.testing.assert_allclose(found["flight_s"], found["step_s"] - found["contact_time_s"])


def test_a_trunk_rises_and_falls_as_far_as_its_force_lifts_it() -> None:
    found = running_steps(run())
    # the height of this force without numbers of a table: integrate it on a grid ten times finer
    time_s = np.arange(0.0, STEP_S, 1e-4)
    peak = GRAVITY * STEP_S / CONTACT_S * np.pi / 2
    free = np.where(time_s < CONTACT_S, peak * np.sin(np.pi * time_s / CONTACT_S), 0.0) - GRAVITY
    speed = np.cumsum(free) * 1e-4
    height = np.cumsum(speed - speed.mean()) * 1e-4
    np.testing.assert_allclose(found["oscillation_m"].iloc[1:-1], np.ptp(height), rtol=0.03)


def test_a_runner_is_told_from_one_who_stands() -> None:
    running = run(steps=40)
    assert gait(running) == "running"
    assert gait(running.copy(data=np.broadcast_to([0.0, GRAVITY, 0.0], running.shape))) == ""


def test_how_the_sensor_leans_changes_nothing() -> None:
    np.testing.assert_allclose(
        running_steps(run(tilt_rad=1.2))["contact_s"], running_steps(run(tilt_rad=0.0))["contact_s"], atol=1e-9
    )


def test_acceleration_in_g_is_refused() -> None:
    with pytest.raises(SchemaError, match=r"9\.8"):
        running_steps(run(scale=1 / GRAVITY))


def test_a_trunk_that_stands_is_refused() -> None:
    still = run()
    with pytest.raises(SchemaError, match="flight"):
        running_steps(still.copy(data=np.broadcast_to([0.0, GRAVITY, 0.0], still.shape)))


def test_a_sensor_on_no_trunk_is_refused() -> None:
    foot = run().assign_coords(segment=("sensor", ["foot"]))
    with pytest.raises(SchemaError, match="pelvis or trunk"):
        running_steps(foot)


def test_a_gap_is_refused() -> None:
    torn = run()
    torn[5] = np.nan
    with pytest.raises(GapError):
        running_steps(torn)
