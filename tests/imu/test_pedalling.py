"""Pedals and feet from sensors: the planted angles come back, on their own side."""

import numpy as np
import pytest
from tests.imu.rider import rider, sensors

from restride.errors import SchemaError
from restride.imu import pedalling
from restride.signals.schema import FloatArray

INNER = slice(500, -500)  # filters settle within seconds of either end


def apart_deg(found: FloatArray, truth: FloatArray) -> FloatArray:
    """Difference of angles within half a turn, in degrees."""
    return np.rad2deg((found - truth + np.pi) % (2 * np.pi) - np.pi)


def test_a_crank_sensor_gives_both_pedals_within_two_degrees() -> None:
    ride = rider()
    found = pedalling(*sensors(ride, on=("crank_right",)))
    assert np.abs(apart_deg(found.angle.values, ride.pedal)[INNER]).max() < 2.0
    assert set(found.method) == {"left", "right"}
    assert found.foot_tilt is None


def test_a_crank_that_stands_is_still_known() -> None:
    ride = rider(wander=0.0, cadence_hz=0.0)
    found = pedalling(*sensors(ride, on=("crank_left",), offset_rad_s=0.0))
    assert np.abs(apart_deg(found.angle.values, ride.pedal)[INNER]).max() < 2.0


@pytest.mark.parametrize("swing", [0.0, 0.15, 0.3])
def test_a_foot_sensor_finds_its_own_pedal(swing: float) -> None:
    """A sensor 7 cm off the axle swings with the foot: its part of the circle is at most 7/17 of the swing, halved."""
    ride = rider(swing=(swing, swing))
    found = pedalling(*sensors(ride, on=("foot_left", "foot_right")))
    apart = apart_deg(found.angle.values, ride.pedal)[INNER]
    assert np.abs(np.median(apart, axis=0)).max() < 2.0 + np.rad2deg(0.5 * swing * 0.07 / 0.172)


def test_feet_that_tilt_apart_are_told_apart_by_their_side() -> None:
    ride = rider(tilt=(-0.3, 0.1), swing=(0.3, 0.1))
    found = pedalling(*sensors(ride, on=("foot_left", "foot_right")))
    assert found.foot_tilt is not None
    # the low-pass that finds the mean tilt leaves a part of the offset of the gyroscope, far below two degrees
    assert np.abs(apart_deg(found.foot_tilt.values, ride.foot_tilt)[INNER]).max() < 2.0


def test_a_shank_sensor_finds_the_top_within_ten_degrees() -> None:
    ride = rider()
    found = pedalling(*sensors(ride, on=("shank_left", "shank_right")))
    assert np.abs(np.median(apart_deg(found.angle.values, ride.pedal)[INNER], axis=0)).max() < 10.0


def test_the_surer_sensor_goes_first() -> None:
    ride = rider()
    found = pedalling(*sensors(ride, on=("shank_left", "foot_left", "shank_right")))
    assert found.method["left"].startswith("foot")
    assert found.method["right"].startswith("shank")


def test_a_foot_that_rests_has_no_pedal() -> None:
    ride = rider(cadence_hz=0.0)
    found = pedalling(*sensors(ride, on=("foot_left", "foot_right")))
    assert np.isnan(found.angle.values[INNER]).mean() > 0.95


def test_one_side_without_a_sensor_stays_unknown() -> None:
    found = pedalling(*sensors(rider(), on=("foot_left",)))
    assert np.isnan(found.angle.sel(side="right").values).all()
    assert np.isfinite(found.angle.sel(side="left").values).any()


def test_sensors_with_axes_of_their_own_are_refused() -> None:
    acc, gyr = sensors(rider(20.0), on=("foot_left",))
    with pytest.raises(SchemaError, match="forward and up"):
        pedalling(acc.assign_attrs(frame="sensor"), gyr)
