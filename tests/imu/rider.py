"""A rider whose pedals, feet and shanks are known at every moment, and what sensors on them would feel."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from restride.signals.schema import SIDES, SPACE, FloatArray, labelled
from restride.signals.units import GRAVITY_M_S2

CRANK_M = 0.172
THIGH_M, SHANK_M = 0.43, 0.41
SEAT_TUBE_RAD = np.deg2rad(74.0)
KNEE_STRAIGHTEST_RAD = np.deg2rad(32.0)
ANKLE_M = np.array([-0.115, 0.10])  # from the pedal's axle, on a level foot
FOOT_M = np.array([-0.03, 0.06])  # sensor on the instep, likewise


@dataclass(frozen=True)
class Rider:
    """Angles of one ride; ``pedal`` and ``foot_tilt`` are (time, side)."""

    time_s: FloatArray
    pedal: FloatArray
    foot_tilt: FloatArray
    shank_tilt: FloatArray


def rider(
    seconds: float = 60.0,
    *,
    rate_hz: float = 100.0,
    cadence_hz: float = 1.4,
    wander: float = 0.1,
    tilt: tuple[float, float] = (-0.15, -0.15),
    swing: tuple[float, float] = (0.15, 0.15),
) -> Rider:
    """Cadence wanders by a share of itself; toes up is positive; feet tilt furthest down near 270 degrees."""
    time_s = np.arange(0.0, seconds, 1.0 / rate_hz)
    turning = 2 * np.pi * cadence_hz * (1.0 + wander * np.sin(2 * np.pi * time_s / 20.0))
    right = np.cumsum(turning) / rate_hz + 0.4
    pedal = np.column_stack([right + np.pi, right])
    foot = np.array(tilt) + np.array(swing) * np.cos(pedal - np.pi / 2)
    return Rider(time_s, pedal, foot, np.column_stack([_shank(pedal[:, i], foot[:, i]) for i in range(2)]))


def sensors(
    ride: Rider, *, on: tuple[str, ...], seed: int = 0, offset_rad_s: float = 0.01
) -> tuple[xr.DataArray, xr.DataArray]:
    """Acceleration and turning rate of sensors such as "foot_left"; the gyroscope has an offset and noise."""
    rng = np.random.default_rng(seed)
    rate_hz = 1.0 / float(ride.time_s[1] - ride.time_s[0])
    acc, gyr = (np.zeros((ride.time_s.size, len(on), 3)) for _ in range(2))
    for i, name in enumerate(on):
        segment, _, of = name.partition("_")
        side = SIDES.index("left" if of == "left" else "right")
        pedal, foot = ride.pedal[:, side], ride.foot_tilt[:, side]
        axle = CRANK_M * np.column_stack([np.sin(pedal), np.cos(pedal)])
        if segment == "crank":
            turn, place = -pedal, 0.5 * axle
        elif segment == "foot":
            turn, place = foot, axle + turned(FOOT_M, foot)
        else:
            turn, place = -ride.shank_tilt[:, side], axle
        felt = np.gradient(np.gradient(place, 1.0 / rate_hz, axis=0), 1.0 / rate_hz, axis=0)
        felt[:, 1] += GRAVITY_M_S2
        acc[:, i, :2] = np.column_stack(
            [
                np.cos(turn) * felt[:, 0] + np.sin(turn) * felt[:, 1],
                -np.sin(turn) * felt[:, 0] + np.cos(turn) * felt[:, 1],
            ]
        )
        gyr[:, i, 2] = np.gradient(turn, 1.0 / rate_hz) + offset_rad_s
    acc += rng.normal(scale=0.3, size=acc.shape)
    gyr += rng.normal(scale=0.02, size=gyr.shape)
    coords: dict[str, object] = {"time": ride.time_s, "sensor": list(on), "space": list(SPACE)}
    coords |= {
        "segment": ("sensor", [name.partition("_")[0] for name in on]),
        "side": ("sensor", [name.partition("_")[2] for name in on]),
    }
    dims = ("time", "sensor", "space")
    return (
        labelled(acc, dims=dims, units="m/s^2", coords=coords, name="acc", frame="segment"),
        labelled(gyr, dims=dims, units="rad/s", coords=coords, name="gyr", frame="segment"),
    )


def turned(vector: FloatArray, angle: FloatArray) -> FloatArray:
    """A fixed vector (forward, up) turned by an angle about the axis to the right, shape (time, 2)."""
    return np.column_stack(
        [np.cos(angle) * vector[0] - np.sin(angle) * vector[1], np.sin(angle) * vector[0] + np.cos(angle) * vector[1]]
    )


def _shank(pedal: FloatArray, foot: FloatArray) -> FloatArray:
    """Forward tilt of the shank, from hip to ankle by the two lengths, knee in front."""
    ankle = CRANK_M * np.column_stack([np.sin(pedal), np.cos(pedal)]) + turned(ANKLE_M, foot)
    straightest = np.sqrt(THIGH_M**2 + SHANK_M**2 + 2 * THIGH_M * SHANK_M * np.cos(KNEE_STRAIGHTEST_RAD))
    tube = np.array([-np.cos(SEAT_TUBE_RAD), np.sin(SEAT_TUBE_RAD)])
    low, high = 0.4, 1.2
    for _ in range(60):
        middle = (low + high) / 2
        far = np.linalg.norm(middle * tube - ankle, axis=1).max() < straightest
        low, high = (middle, high) if far else (low, middle)
    line = low * tube - ankle
    length = np.linalg.norm(line, axis=1)
    at_ankle = np.arccos(np.clip((SHANK_M**2 + length**2 - THIGH_M**2) / (2 * SHANK_M * length), -1.0, 1.0))
    tilt: FloatArray = np.arctan2(line[:, 0], line[:, 1]) + at_ankle
    return tilt
