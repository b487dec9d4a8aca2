"""Sided contacts from the lower back: a trunk of known steps, real walkers."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from restride.errors import SchemaError
from restride.imu import gait, regularity, walking_steps
from restride.imu.walking import sides_of
from restride.readers import read
from restride.readers.take import parsed

STEP_S, RATE_HZ = 0.5, 100.0


def trunk(*, first: float = 1.0, steps: int = 12, mirrored: bool = False) -> tuple[xr.DataArray, xr.DataArray]:
    """A trunk that stands, walks and stands; right contact first, at 1, 2, 3 ... half seconds after ``first``."""
    time_s = np.arange(0.0, 2 * first + steps * STEP_S, 1 / RATE_HZ)
    walks = (time_s > first - STEP_S / 2) & (time_s < first + (steps - 0.5) * STEP_S)
    phase = np.pi * (time_s - first) / STEP_S
    acc, gyr = np.zeros((len(time_s), 3)), np.zeros((len(time_s), 3))
    acc[:, 0] = 9.80665 + 2.0 * walks * np.cos(2 * phase)  # x is up, as on many belts
    gyr[:, 0] = 0.5 * walks * np.cos(phase) * (-1 if mirrored else 1)
    coords = {"time": time_s, "sensor": ["pelvis"], "space": ["x", "y", "z"], "segment": ("sensor", ["pelvis"])}
    dims = ("time", "sensor", "space")
    return (
        xr.DataArray(acc[:, np.newaxis], dims=dims, coords=coords, attrs={"units": "m/s^2"}),
        xr.DataArray(gyr[:, np.newaxis], dims=dims, coords=coords, attrs={"units": "rad/s"}),
    )


def test_every_step_is_found_where_it_was() -> None:
    found = walking_steps(*trunk())
    inner = found["time_s"].to_numpy()[1:-1]
    np.testing.assert_allclose(inner, 1.0 + STEP_S * np.arange(1, len(inner) + 1), atol=0.03)
    assert len(found) == 12


def test_a_pelvis_turning_left_lands_on_the_right() -> None:
    assert walking_steps(*trunk())["side"].tolist() == ["right", "left"] * 6


def test_a_mirrored_walker_has_mirrored_sides() -> None:
    assert walking_steps(*trunk(mirrored=True))["side"].tolist() == ["left", "right"] * 6


def test_a_trunk_that_stands_takes_no_steps() -> None:
    acc, gyr = trunk()
    assert walking_steps(acc.isel(time=slice(0, 60)), gyr.isel(time=slice(0, 60))).empty


def test_three_steps_are_no_walking() -> None:
    assert walking_steps(*trunk(steps=3)).empty


def test_who_walks_is_told_from_a_runner() -> None:
    assert gait(trunk(steps=30)[0]) == "walking"


def test_steps_all_alike_are_regular() -> None:
    acc, gyr = trunk(steps=20)
    found = regularity(acc, walking_steps(acc, gyr))
    assert found["steps"].tolist() == [20]
    assert found["step_regularity"].iloc[0] == pytest.approx(1.0, abs=0.02)


def test_legs_that_differ_leave_strides_alike_but_not_steps() -> None:
    acc, gyr = trunk(steps=20)
    limp = acc.copy()
    limp[..., 0] += 1.5 * np.cos(np.pi * (acc["time"].values - 1.0) / STEP_S)[:, np.newaxis]
    found = regularity(limp, walking_steps(acc, gyr))
    assert found["stride_regularity"].iloc[0] > 0.95
    assert found["step_regularity"].iloc[0] < 0.5


def test_a_walk_of_four_steps_has_no_regularity_of_strides() -> None:
    acc, gyr = trunk(steps=4)
    assert np.isnan(regularity(acc, walking_steps(acc, gyr))["stride_regularity"]).all()


def test_one_weak_sign_does_not_swap_a_side() -> None:
    turning = np.array([1.0, -1.0, 1.0, 0.2, 1.0, -1.0])
    assert sides_of(turning) == ["right", "left", "right", "left", "right", "left"]


def test_a_missed_step_shows_as_the_same_side_twice() -> None:
    turning = np.array([1.0, -1.0, 1.0, -1.0, -1.0, 1.0, -1.0, 1.0])
    assert sides_of(turning) == ["right", "left", "right", "left", "left", "right", "left", "right"]


def test_acceleration_in_g_is_refused() -> None:
    acc, gyr = trunk()
    with pytest.raises(SchemaError, match=r"9\.8"):
        walking_steps(acc.copy(data=acc.values / 9.80665), gyr)


def test_a_walk_through_a_room_is_found_with_its_sides(shared: Path) -> None:
    said = {"rate_hz": 100, "acc_unit": "g", "gyr_unit": "deg/s", "worn": {"sensor": {"segment": "pelvis"}}}
    folder = shared / "imu-lowback-mobilised"
    recording = read(folder / "HA" / "001" / "TimeMeasure1_Test5_Trial1.csv", take=parsed({"sensors": said}))
    found = walking_steps(recording["acc"], recording["gyr"])
    # contacts of the set's own foot sensors and insoles, left first
    stated_s = np.array([5.05, 5.74, 6.32, 6.92, 7.47, 8.06, 8.63, 9.28, 9.88])
    nearest = [int(np.abs(found["time_s"].to_numpy() - t).argmin()) for t in stated_s]
    assert np.abs(found["time_s"].to_numpy()[nearest] - stated_s).max() < 0.2
    assert found["side"].to_numpy()[nearest].tolist() == (["left", "right"] * 5)[:9]
