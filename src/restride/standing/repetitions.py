"""Squats and deadlifts: how far each repetition goes, how long it takes, how smooth it is."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from scipy import signal
from scipy.integrate import cumulative_trapezoid

from restride.errors import GapError
from restride.signals.filters import low_pass
from restride.signals.schema import FloatArray, labelled, require, sampling_rate_hz
from restride.standing.smoothness import log_dimensionless_jerk, spectral_arc_length

REPETITION_COLUMNS: Final = ("start_s", "turn_s", "end_s", "range_rad", "down_s", "up_s", "arc_length", "jerk")
# 10 degrees: less is sway
LEAST_RAD: Final = np.deg2rad(10.0)
# a repetition reaches at least this share of the deepest one
LEAST_OF_DEEPEST: Final = 0.4
# it begins and ends where a tenth of its depth is passed; the last bit of rising is standing
BORDER: Final = 0.1
# below it gravity tells the slope of a body that moves, above it the turning rate does
CROSS_HZ: Final = 0.2
# squats are slower than 1 Hz; their tremor is not filtered away
MOVEMENT_HZ: Final = 6.0
SHORTEST_S: Final = 0.4
START_S: Final = 0.3


def inclination(acc: xr.DataArray, gyr: xr.DataArray) -> xr.DataArray:
    """How far a sensor has turned about its main axis of turning, rad, dims (time,).

    Parameters
    ----------
    acc, gyr : DataArray, dims (time, space), m/s^2 and rad/s
        Of one sensor on pelvis, trunk, thigh or shank, on one clock, with gravity.

    Raises
    ------
    GapError
        If a sample is missing.

    Notes
    -----
    Slow changes from gravity in the plane of the turning, fast ones from the integrated turning rate,
    parted at 0.2 Hz without phase (a complementary filter). Zero is the slope of the first 0.3 s; the sign
    is that of the first large movement, which is positive.
    """
    acc = require(acc, dims=("time", "space"), units="m/s^2", name="acc")
    gyr = require(gyr, dims=("time", "space"), units="rad/s", name="gyr")
    if np.isnan(acc.values).any() or np.isnan(gyr.values).any():
        raise GapError("expected samples without gaps, found some; give the part in which the movement was recorded")
    time_s, rate_hz = acc["time"].values, sampling_rate_hz(acc)
    turning = gyr.values - np.median(gyr.values, axis=0)
    axis = np.linalg.eigh(turning.T @ turning)[1][:, -1]
    first = slice(0, max(2, round(START_S * rate_hz)))
    start = acc.values[first].mean(axis=0)
    start = start - (start @ axis) * axis
    start /= np.linalg.norm(start)
    side = np.cross(axis, start)
    # what a sensor feels turns against the sensor
    by_gravity = -np.unwrap(np.arctan2(acc.values @ side, acc.values @ start))
    by_rate = cumulative_trapezoid(turning @ axis, time_s, initial=0)
    slow = [low_pass(_along(values, acc), cutoff_hz=CROSS_HZ).values for values in (by_gravity, by_rate)]
    angle = slow[0] + by_rate - slow[1]
    angle = angle - float(angle[first].mean())
    sign = 1.0 if angle.max() >= -angle.min() else -1.0
    return _along(sign * angle, acc)


def repetitions(angle: xr.DataArray) -> pd.DataFrame:
    """Each going down and coming up of a joint or segment angle.

    Parameters
    ----------
    angle : DataArray, dims (time,), units "rad"
        Its large movements go one way from its value at the start.

    Returns
    -------
    DataFrame, columns ``REPETITION_COLUMNS``
        ``range_rad`` from the upright value before to the deepest; ``down_s`` and ``up_s`` from and to a tenth of
        it; ``arc_length`` (SPARC) and ``jerk`` (log dimensionless) are means of going down and coming up, the
        nearer to 0 the smoother. Repetitions cut by either end are left out.

    Raises
    ------
    GapError
        If a sample is missing.
    """
    angle = require(angle, dims=("time",), units="rad", name="angle")
    if np.isnan(angle.values).any():
        raise GapError("expected an angle without gaps, found some; give the part in which the movement was recorded")
    rate_hz, time_s = sampling_rate_hz(angle), angle["time"].values
    smooth = low_pass(angle, cutoff_hz=MOVEMENT_HZ).values if rate_hz > 2.5 * MOVEMENT_HZ else angle.values
    depth = smooth - float(np.median(smooth[: max(2, round(START_S * rate_hz))]))
    depth = depth if depth.max() >= -depth.min() else -depth
    least = max(LEAST_RAD, LEAST_OF_DEEPEST * float(depth.max()))
    turns, _ = signal.find_peaks(depth, prominence=least, distance=max(1, round(SHORTEST_S * rate_hz)))
    rows = [_one(depth, time_s, rate_hz, turns, k) for k in range(len(turns))]
    return pd.DataFrame([row for row in rows if row is not None], columns=list(REPETITION_COLUMNS))


def _one(depth: FloatArray, time_s: FloatArray, rate_hz: float, turns: np.ndarray, k: int) -> tuple[float, ...] | None:
    """One row; None if the repetition is cut by an end of the recording."""
    turn = int(turns[k])
    before = int(turns[k - 1]) if k > 0 else 0
    after = int(turns[k + 1]) if k + 1 < len(turns) else len(depth) - 1
    upright = [float(depth[before : turn + 1].min()), float(depth[turn : after + 1].min())]
    size = float(depth[turn]) - upright[0]
    begins = np.flatnonzero(depth[before:turn] <= upright[0] + BORDER * size)
    ends = np.flatnonzero(depth[turn : after + 1] <= upright[1] + BORDER * (float(depth[turn]) - upright[1]))
    # the way back has to lead to where it came from, else the recording was cut
    if not begins.size or not ends.size or upright[1] > upright[0] + size / 2:
        return None
    start, stop = before + int(begins[-1]), turn + int(ends[0])
    parts = [np.abs(np.gradient(depth[a:b], 1 / rate_hz)) for a, b in ((start, turn + 1), (turn, stop + 1))]
    try:
        arc = float(np.mean([spectral_arc_length(part, rate_hz=rate_hz) for part in parts]))
        jerk = float(np.mean([log_dimensionless_jerk(part, rate_hz=rate_hz) for part in parts]))
    except GapError:
        return None
    return (
        *(float(time_s[start]), float(time_s[turn]), float(time_s[stop]), size),
        *(float(time_s[turn] - time_s[start]), float(time_s[stop] - time_s[turn]), arc, jerk),
    )


def _along(values: FloatArray, like: xr.DataArray) -> xr.DataArray:
    return labelled(values, dims=("time",), units="rad", coords={"time": like["time"].values}, name="angle")
