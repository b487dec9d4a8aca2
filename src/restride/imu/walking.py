"""Initial contacts of a walker, with their sides, from one sensor on the lower back."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.errors import SchemaError
from restride.imu.rests import valleys
from restride.imu.trunk import along, on_trunk, up_of
from restride.signals.filters import band_pass
from restride.signals.recording import EVENT_COLUMNS
from restride.signals.schema import SIDES, FloatArray, sampling_rate_hz

STEP_BAND_HZ: Final = (0.5, 4.0)  # steps, from the slowest shuffle to the fastest walk
STRIDE_BAND_HZ: Final = (0.3, 1.5)  # the pelvis turns once to and fro per stride
LEAST_M_S2: Final = 0.5  # 5 % of gravity: a trunk that walks rises and falls harder
SHORTEST_STEP_S: Final = 0.25
LONGEST_STEP_S: Final = 1.2
FEWEST_STEPS: Final = 4  # fewer in a row are no walking
SAME_SIDE_TWICE: Final = 2.0  # in standard deviations of the turning: how much must speak for it


def walking_steps(acc: xr.DataArray, gyr: xr.DataArray) -> pd.DataFrame:
    """Initial contacts with sides, of a walker who wears one sensor on the lower back.

    Parameters
    ----------
    acc, gyr : DataArray, dims (time, sensor, space), m/s^2 and rad/s
        Acceleration with gravity; one sensor with the coordinate ``segment`` "pelvis" or "trunk".

    Returns
    -------
    DataFrame, columns ``time_s, side, name, method``
        Initial contacts only; empty without walking. Times are about 0.05 s late, being those of
        the loaded leg, and side and time are those of a model: one in twenty sides is wrong.

    Raises
    ------
    SchemaError, GapError
        As ``on_trunk`` and ``up_of``; also if the two are not sampled together.

    Notes
    -----
    Ours. A contact is a peak of the upward acceleration in the band of steps. Sides come from
    the turning about the vertical in the band of strides: when the left foot lands, the left
    hip has come forward, the pelvis turning to the right. Since feet alternate, the sides of a
    whole bout are chosen together (Viterbi), and the same side twice in a row must pay.
    """
    felt, turned = on_trunk(acc, units="m/s^2", name="acc"), on_trunk(gyr, units="rad/s", name="gyr")
    if felt.sizes["time"] != turned.sizes["time"]:
        raise SchemaError("expected acc and gyr sampled together, found different times; resample one to the other")
    up, rate_hz = up_of(felt), sampling_rate_hz(felt)
    rise = band_pass(along(felt, up), band_hz=STEP_BAND_HZ, order=2).values
    turning = band_pass(along(turned, up), band_hz=STRIDE_BAND_HZ, order=2).values
    peaks = valleys(-rise, below=-LEAST_M_S2, apart=max(round(SHORTEST_STEP_S * rate_hz), 1))
    bouts = np.split(peaks, np.flatnonzero(np.diff(peaks) > LONGEST_STEP_S * rate_hz) + 1)
    time_s = felt["time"].values
    rows = [
        (float(time_s[peak]), side, "initial_contact", "trunk IMU: upward acceleration, side from turning")
        for bout in bouts
        if len(bout) >= FEWEST_STEPS
        for peak, side in zip(bout.tolist(), sides_of(turning[bout]), strict=True)
    ]
    return pd.DataFrame(rows, columns=list(EVENT_COLUMNS)).astype({"time_s": float})


def sides_of(turning: FloatArray) -> list[str]:
    """Sides of the steps of one bout, the likeliest sequence.

    Parameters
    ----------
    turning : ndarray, shape (step,), rad/s
        About the vertical at each contact, to the left positive.
    """
    # turning to the right speaks for the left foot
    left = -turning / max(float(np.sqrt((turning**2).mean())), np.finfo(float).tiny)
    best = np.array([left[0], -left[0]])
    came_from = np.zeros((len(left), 2), dtype=int)
    pay = SAME_SIDE_TWICE * np.eye(2)
    for i in range(1, len(left)):
        reach = best[:, np.newaxis] - pay
        came_from[i] = reach.argmax(axis=0)
        best = reach.max(axis=0) + np.array([left[i], -left[i]])
    state = int(best.argmax())
    chosen = [state]
    for i in range(len(left) - 1, 0, -1):
        state = int(came_from[i, state])
        chosen.append(state)
    return [SIDES[s] for s in reversed(chosen)]


def regularity(acc: xr.DataArray, contacts: pd.DataFrame) -> pd.DataFrame:
    """How alike steps and strides of a walk are, one row per bout.

    Parameters
    ----------
    acc : DataArray, dims (time, sensor, space), m/s^2
        As ``walking_steps`` was given it.
    contacts : DataFrame
        As ``walking_steps`` returns it.

    Returns
    -------
    DataFrame, columns ``start_s, end_s, steps, step_regularity, stride_regularity``
        1: each step (stride) like the next, 0: unlike. NaN for a bout too short for its strides.

    Notes
    -----
    Moe-Nilssen and Helbostad 2004: unbiased autocorrelation of the upward acceleration, at the
    lag of a step and of a stride. The lags are taken from the contacts, and the highest value
    within a fifth of a step around them counts. Steps less alike than strides: the legs differ.
    """
    felt = on_trunk(acc, units="m/s^2", name="acc")
    upward, rate_hz = along(felt, up_of(felt)).values, sampling_rate_hz(felt)
    time_s = contacts["time_s"].to_numpy(dtype=np.float64)
    bouts = np.split(time_s, np.flatnonzero(np.diff(time_s) > LONGEST_STEP_S) + 1)
    rows = []
    for bout in bouts:
        if len(bout) < FEWEST_STEPS:
            continue
        a, b = np.searchsorted(felt["time"].values, [bout[0], bout[-1]])
        lag = float(np.median(np.diff(bout))) * rate_hz
        rows.append((bout[0], bout[-1], len(bout), *(_alike(upward[a:b], k * lag, lag / 5) for k in (1, 2))))
    columns = ["start_s", "end_s", "steps", "step_regularity", "stride_regularity"]
    return pd.DataFrame(rows, columns=columns).astype({"steps": int})


def _alike(values: FloatArray, lag: float, reach: float) -> float:
    """Highest autocorrelation within ``reach`` of a lag; NaN unless three lags fit."""
    values = values - values.mean() if values.size else values
    lags = range(round(lag - reach), round(lag + reach) + 1)
    if len(values) < 3 * lags[-1]:
        return float("nan")
    power = float((values**2).mean())
    return max(float((values[:-k] * values[k:]).mean()) / power for k in lags)
