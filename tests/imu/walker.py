"""A foot that walks with a known path, and what a sensor on it feels."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy.spatial.transform import Rotation

from restride.signals.schema import FloatArray

GRAVITY = np.array([0.0, 9.80665, 0.0])
RATE_HZ = 200.0
STAND_S = 2.0
STANCE_S, SWING_S = 0.7, 0.4
STRIDE_M, LIFT_M = 1.3, 0.12
IMPACT_M_S2 = 60.0
TOE_DOWN_RAD, TOE_UP_RAD = -1.0, 0.4


@dataclass(frozen=True, slots=True)
class Walk:
    """What was felt, and when each swing began and ended (s)."""

    acc: FloatArray
    gyr: FloatArray
    time_s: FloatArray
    swings_s: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Gait:
    """How a foot moves: times of a stride, the heel's rise before the swing, length and height."""

    stance_s: float = STANCE_S
    swing_s: float = SWING_S
    heel_s: float = 0.25
    slap_s: float = 0.1
    stride_m: float = STRIDE_M
    lift_m: float = LIFT_M


RUNNING = Gait(stance_s=0.24, swing_s=0.46, heel_s=0.12, slap_s=0.04, stride_m=2.4, lift_m=0.25)


def walk(*, strides: int = 6, turn_rad: float = 0.0, rate_hz: float = RATE_HZ, gait: Gait | None = None) -> Walk:
    """A foot that stands and then takes strides, foot frame (x forward, y up, z right).

    Position and pitch run along smooth curves of which derivatives are taken on a fine grid.
    """
    fine_hz, gait = 10 * rate_hz, gait or Gait()
    starts = [STAND_S + i * (gait.stance_s + gait.swing_s) for i in range(strides)]
    time_s = np.arange(0.0, starts[-1] + gait.swing_s + STAND_S, 1 / fine_hz)
    x, y, pitch, yaw = (np.zeros_like(time_s) for _ in range(4))
    for i, start in enumerate(starts):
        share = np.clip((time_s - start) / gait.swing_s, 0, 1)
        # quintic: position, velocity and acceleration are zero at both ends
        gone = share**3 * (10 - 15 * share + 6 * share**2)
        x += gait.stride_m * gone
        y += gait.lift_m * np.sin(np.pi * gone) ** 4
        yaw += turn_rad * gone if i == strides - 1 else 0.0
        pitch += _pitch(time_s - start, gait)
    rot = Rotation.from_euler("YZ", np.stack([yaw, pitch], axis=1))
    position = np.stack([x, y, np.zeros_like(x)], axis=1)
    free = np.gradient(np.gradient(position, 1 / fine_hz, axis=0), 1 / fine_hz, axis=0)
    # the ground strikes: up and back again within 10 ms, so that no speed is left over
    for start in starts:
        after = time_s - (start + gait.swing_s)
        free[(after >= 0) & (after < 0.005), 1] += IMPACT_M_S2
        free[(after >= 0.005) & (after < 0.01), 1] -= IMPACT_M_S2
    acc = rot.inv().apply(free + GRAVITY)
    gyr = np.zeros_like(acc)
    gyr[:-1] = (rot[:-1].inv() * rot[1:]).as_rotvec() * fine_hz
    every = slice(None, None, 10)
    return Walk(acc[every], gyr[every], time_s[every], tuple((s, s + gait.swing_s) for s in starts))


def _pitch(since_s: FloatArray, gait: Gait) -> FloatArray:
    """Heel up before the swing, toes up at its end, flat soon after it."""
    knots_s = [-gait.heel_s, 0.0, gait.swing_s, gait.swing_s + gait.slap_s]
    angles = [0.0, TOE_DOWN_RAD, TOE_UP_RAD, 0.0]
    out = np.zeros_like(since_s)
    for a, b, low, high in zip(knots_s, knots_s[1:], angles, angles[1:], strict=False):
        share = (since_s - a) / (b - a)
        inside = (share >= 0) & (share < 1)
        # the heel rises ever faster until the toes leave
        smooth = share**2 if b == 0.0 else 3 * share**2 - 2 * share**3
        out[inside] = (low + (high - low) * smooth)[inside]
    return out


def worn(
    felt: Walk, *, side: str = "left", rot_sensor_from_foot: Rotation | None = None, bias_rad_s: float = 0.0
) -> tuple[xr.DataArray, xr.DataArray]:
    """Acceleration and turning of one sensor as ``feet`` takes them, the sensor turned on the foot."""
    rot = rot_sensor_from_foot or Rotation.identity()
    coords = {
        "time": felt.time_s,
        "sensor": ["tag"],
        "space": ["x", "y", "z"],
        "segment": ("sensor", ["foot"]),
        "side": ("sensor", [side]),
    }
    dims = ("time", "sensor", "space")
    acc = xr.DataArray(rot.apply(felt.acc)[:, np.newaxis], dims=dims, coords=coords, attrs={"units": "m/s^2"})
    gyr = xr.DataArray(
        (rot.apply(felt.gyr) + bias_rad_s)[:, np.newaxis], dims=dims, coords=coords, attrs={"units": "rad/s"}
    )
    return acc, gyr
