"""Where each pedal is in its turn, and how the foot tilts, from sensors on crank, foot or shank.

Seen from the right side, forward pedalling turns about -z. The angle of a leg's own pedal is
0 at its top and grows forwards, for either leg.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import xarray as xr

from restride.errors import SchemaError
from restride.signals.filters import unbroken_runs
from restride.signals.recording import Side
from restride.signals.schema import SIDES, FloatArray, labelled, require, sampling_rate_hz
from restride.signals.units import GRAVITY_M_S2

# 30 to 150 turns per minute: below nobody pedals, above nobody does for long
BAND_HZ: Final = (0.5, 2.5)
# slower than any turn: what lies below is drift of the gyroscope
DRIFT_HZ: Final = 0.15
# a shorter run holds too few turns for its drift to be told from its turning
SHORTEST_S: Final = 10.0
# path of the pedal's own circle, m: crank arms are 0.14 to 0.18 m long, and a sensor sits off the axle
CIRCLE_M: Final = (0.10, 0.26)
# the shank tilts furthest forward this far through the turn, and by this much to either side: median and limits of
# 2000 drawn riders (segments 0.36-0.48 m, cranks 0.165-0.175 m, seat tube 71-77 degrees, knee 25-40 degrees at its
# straightest, foot tilting by up to 20 degrees); 95 % of them lie within 301 and 319 degrees. Ours, validation/turns.py
SHANK_FORWARD_RAD: Final = float(np.deg2rad(311.0))
SHANK_SWING_RAD: Final = (0.2, 0.8)
# the size of the circle is judged over this long, two turns or three
JUDGED_S: Final = 2.0
# at either end of a run the phase is not to be trusted for this long
SETTLES_S: Final = 1.0

HOW: Final[Mapping[str, str]] = {
    "crank": "crank sensor: its turning rate, set upright by gravity",
    "foot": "foot sensor: direction of the acceleration on the pedal's circle",
    "shank": "shank sensor: phase of its swing, its foremost tilt taken at 311 degrees (12 degrees either way)",
}


@dataclass(frozen=True, slots=True, eq=False)
class Pedalling:
    """What body-worn sensors say of pedalling.

    Attributes
    ----------
    angle : DataArray, dims (time, side), units "rad"
        Of each leg's own pedal, 0 at its top, growing forwards without a step; NaN where
        nobody pedals or nothing was measured.
    foot_tilt : DataArray, dims (time, side), units "rad", or None
        Toes up positive, against the level; None without a foot sensor.
    method : mapping of side to str
        How each side's angle was found; a side without a sensor is missing.
    """

    angle: xr.DataArray
    foot_tilt: xr.DataArray | None
    method: Mapping[Side, str]


def pedalling(acc: xr.DataArray, gyr: xr.DataArray) -> Pedalling:
    """Angle of each pedal and tilt of each foot; of two sensors the surer one gives the angle.

    Parameters
    ----------
    acc : DataArray, dims (time, sensor, space), units "m/s^2", frame "segment"
        Specific force; coordinates ``segment`` and ``side`` along ``sensor``.
    gyr : DataArray, as ``acc``, units "rad/s"

    Returns
    -------
    Pedalling
        A sensor on one crank arm gives both pedals, because they stand opposite.

    Raises
    ------
    SchemaError
        If the axes of the sensors are not those of their segments, or none sits on a crank,
        a foot or a shank.

    Notes
    -----
    Ours. Crank: the integral of the turning rate, whose zero follows from gravity demodulated
    with it. Foot: the acceleration turned into the lab by the foot's own tilt circles with the
    pedal; its rotating part points from the pedal to the axle. The tilt's drift is taken off
    below ``DRIFT_HZ`` against the mean direction of gravity. A sensor off the pedal's axle is
    some degrees wrong where the foot tilts much.
    """
    acc, gyr = _checked(acc, "m/s^2"), _checked(gyr, "rad/s")
    time_s = acc["time"].values
    angle = np.full((time_s.size, 2), np.nan)
    tilt = np.full((time_s.size, 2), np.nan)
    method: dict[Side, str] = {}
    for segment in ("shank", "foot", "crank"):  # the surer one overwrites
        for i, side in _places(acc, segment):
            column = SIDES.index(side)
            a, g = acc.values[:, i], gyr.values[:, i]
            there = np.isfinite(a).all(axis=1) & np.isfinite(g).all(axis=1)
            for run in unbroken_runs(there):
                if (run.stop - run.start) < SHORTEST_S * sampling_rate_hz(acc):
                    continue
                rate_hz = sampling_rate_hz(acc)
                if segment == "crank":
                    found = _crank(a[run], -g[run, 2], rate_hz)
                    angle[run, column], angle[run, 1 - column] = found, found + np.pi
                elif segment == "foot":
                    angle[run, column], tilt[run, column] = _foot(a[run], g[run, 2], rate_hz)
                else:
                    angle[run, column] = _shank(-g[run, 2], rate_hz)
            method[side] = HOW[segment]
            if segment == "crank":
                method |= dict.fromkeys(SIDES, HOW[segment])
    coords = {"time": time_s, "side": list(SIDES)}
    feet = any(_places(acc, "foot"))
    return Pedalling(
        labelled(angle, dims=("time", "side"), units="rad", coords=coords, name="pedal_angle"),
        labelled(tilt, dims=("time", "side"), units="rad", coords=coords, name="foot_tilt") if feet else None,
        MappingProxyType(method),
    )


def _checked(array: xr.DataArray, units: str) -> xr.DataArray:
    array = require(array, dims=("time", "sensor", "space"), units=units, name="acc" if units == "m/s^2" else "gyr")
    if array.attrs.get("frame") != "segment":
        raise SchemaError(
            "expected sensors whose axes are those of their segments; state forward and up of each in take.yaml, "
            "found a sensor's own axes"
        )
    if not any(_places(array, segment) for segment in HOW):
        raise SchemaError("expected a sensor on a crank, a foot or a shank with its side, found none; state it")
    return array


def _places(array: xr.DataArray, segment: str) -> list[tuple[int, Side]]:
    """Sensors on one segment, with their sides."""
    pairs = zip(array["segment"].values, array["side"].values, strict=True)
    return [(i, side) for i, (where, of) in enumerate(pairs) if where == segment for side in SIDES if side == of]


def _crank(acc: FloatArray, turning: FloatArray, rate_hz: float) -> FloatArray:
    """Angle of the arm: gravity in the arm's frame is ``g exp(i angle)`` as (up, -forward)."""
    gone = np.cumsum(turning) / rate_hz
    seen = (acc[:, 1] - 1j * acc[:, 0]) * np.exp(-1j * gone)
    zero = np.unwrap(np.angle(_slow(seen.real, rate_hz) + 1j * _slow(seen.imag, rate_hz)))
    found: FloatArray = gone + zero
    return found


def _foot(acc: FloatArray, turning: FloatArray, rate_hz: float) -> tuple[FloatArray, FloatArray]:
    """Angle of the pedal, and tilt of the foot with its toes up."""
    from scipy import signal  # half a second, which only pedals need

    swing = _fast(np.cumsum(turning) / rate_hz, rate_hz)
    # turned back by the swing alone the mean shows gravity under the mean tilt, whatever the pedal does
    x, y = _turned(acc[:, 0], acc[:, 1], swing)
    mean_tilt = np.arctan2(_slow(x, rate_hz), _slow(y, rate_hz))
    x, y = _turned(x, y, mean_tilt)
    y = y - GRAVITY_M_S2
    band = signal.butter(4, BAND_HZ, btype="bandpass", fs=rate_hz, output="sos")
    up, forward = (np.asarray(signal.sosfiltfilt(band, v)) for v in (y, x))
    # towards the axle is against the pedal; only what circles forwards is kept
    circling = -(signal.hilbert(up) + 1j * signal.hilbert(forward)) / 2.0
    return _where_sized(circling, rate_hz, CIRCLE_M, power=2), swing + mean_tilt


def _shank(tilting: FloatArray, rate_hz: float) -> FloatArray:
    """Angle of the pedal from how fast the shank tilts forwards."""
    from scipy import signal  # half a second, which only pedals need

    band = signal.butter(4, BAND_HZ, btype="bandpass", fs=rate_hz, output="sos")
    swinging = signal.hilbert(np.asarray(signal.sosfiltfilt(band, np.cumsum(tilting) / rate_hz)))
    found = _where_sized(np.asarray(swinging), rate_hz, SHANK_SWING_RAD, power=0)
    return found + SHANK_FORWARD_RAD


def _where_sized(circling: np.ndarray, rate_hz: float, limits: tuple[float, float], *, power: int) -> FloatArray:
    """Phase of a circling number, forwards without a step; NaN where its size is none of pedalling.

    The size is divided by the turning rate to a power: 2 makes a radius of an acceleration.
    """
    phase = np.unwrap(np.angle(circling))
    count = max(3, round(JUDGED_S * rate_hz))
    half = count // 2
    before, after = np.arange(phase.size) - half, np.arange(phase.size) + half
    before, after = np.clip(before, 0, phase.size - 1), np.clip(after, 0, phase.size - 1)
    turning = (phase[after] - phase[before]) / ((after - before) / rate_hz)
    mean_size = np.convolve(np.abs(circling), np.ones(count) / count, mode="same")
    pedals = (turning > 2 * np.pi * BAND_HZ[0]) & (turning < 2 * np.pi * BAND_HZ[1])
    size = mean_size / np.where(pedals, turning, 1.0) ** power
    settles = round(SETTLES_S * rate_hz)
    pedals[:settles], pedals[phase.size - settles :] = False, False
    return np.where(pedals & (size >= limits[0]) & (size <= limits[1]), phase, np.nan)


def _turned(x: FloatArray, y: FloatArray, angle: FloatArray) -> tuple[FloatArray, FloatArray]:
    return np.cos(angle) * x - np.sin(angle) * y, np.sin(angle) * x + np.cos(angle) * y


def _slow(values: FloatArray, rate_hz: float) -> FloatArray:
    from scipy import signal  # half a second, which only pedals need

    sections = signal.butter(2, DRIFT_HZ, btype="lowpass", fs=rate_hz, output="sos")
    found: FloatArray = np.asarray(signal.sosfiltfilt(sections, values))
    return found


def _fast(values: FloatArray, rate_hz: float) -> FloatArray:
    from scipy import signal  # half a second, which only pedals need

    sections = signal.butter(2, DRIFT_HZ, btype="highpass", fs=rate_hz, output="sos")
    found: FloatArray = np.asarray(signal.sosfiltfilt(sections, values))
    return found
