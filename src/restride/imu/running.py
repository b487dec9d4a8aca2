"""Steps of a runner from one sensor on the sacrum or trunk: contact, flight, rise and fall. No side."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.errors import SchemaError
from restride.imu.trunk import along, on_trunk, up_of
from restride.signals.filters import low_pass
from restride.signals.schema import FloatArray, sampling_rate_hz
from restride.signals.units import GRAVITY_M_S2

STEP_COLUMNS: Final = ("contact_s", "toe_off_s", "contact_time_s", "step_s", "flight_s", "oscillation_m", "method")
WOBBLE_HZ: Final = 10.0  # above it a sensor on a belt moves on the skin, not with the pelvis
HALF_WEIGHT: Final = 0.5  # of gravity: halfway between flight and standing, where a blurred edge stays in place
SHORTEST_CONTACT_S: Final = 0.08  # sprinters stay longer
LONGEST_STEP_S: Final = 0.6  # 100 steps per minute: slower is walking


def running_steps(acc: xr.DataArray) -> pd.DataFrame:
    """Ground contacts of a runner, one row per step in order of time.

    Parameters
    ----------
    acc : DataArray, dims (time, sensor, space), m/s^2
        With gravity; one sensor with the coordinate ``segment`` "pelvis" or "trunk".

    Returns
    -------
    DataFrame, columns ``STEP_COLUMNS``
        ``step_s`` is the time to the next contact and ``flight_s`` what of it is spent in the air;
        ``oscillation_m`` is how far the sensor rises and falls until then. NaN for the last step.
        Steps cut by either end are left out. The side of a step is not measured.

    Raises
    ------
    SchemaError
        If there is not exactly one such sensor, its mean is not gravity, or it never flies.
    GapError
        If it has gaps.

    Notes
    -----
    Ours. In flight the body falls freely and feels nothing; on the ground it feels the force
    that carries it. Up is the mean of what is felt, which over whole steps is gravity. A contact
    lasts while the upward part, low-passed at ``WOBBLE_HZ``, is above ``HALF_WEIGHT``. From one
    contact to the next the body neither rises nor gains speed on the whole, so its height is the
    upward part without its mean, integrated twice.
    """
    felt = on_trunk(acc, units="m/s^2", name="acc")
    upward = along(felt, up_of(felt))
    time_s, rate_hz = felt["time"].values, sampling_rate_hz(felt)
    rows = _contacts(low_pass(upward, cutoff_hz=WOBBLE_HZ).values, time_s, rate_hz)
    rows["oscillation_m"] = _oscillation(upward.values, rows, time_s, rate_hz)
    if rows.empty:
        raise SchemaError("expected a runner with flight between steps, found none; walking is not read from the trunk")
    return rows


def _oscillation(upward: FloatArray, rows: pd.DataFrame, time_s: FloatArray, rate_hz: float) -> FloatArray:
    """Highest minus lowest point from each contact to the next, m."""
    out = np.full(len(rows), np.nan)
    for i, (start_s, step_s) in enumerate(zip(rows["contact_s"], rows["step_s"], strict=True)):
        if not step_s < LONGEST_STEP_S:
            continue
        felt = upward[np.searchsorted(time_s, start_s) : np.searchsorted(time_s, start_s + step_s)]
        speed = np.cumsum(felt - felt.mean()) / rate_hz
        out[i] = np.ptp(np.cumsum(speed - speed.mean()) / rate_hz)
    return out


def _contacts(upward: FloatArray, time_s: FloatArray, rate_hz: float) -> pd.DataFrame:
    """Spans above half of gravity; borders between samples by straight lines."""
    excess = upward - HALF_WEIGHT * GRAVITY_M_S2
    above = excess > 0
    edges = np.flatnonzero(above[1:] != above[:-1])
    crossing_s = time_s[edges] + excess[edges] / (excess[edges] - excess[edges + 1]) / rate_hz
    rises = ~above[edges]
    spans = np.array([(crossing_s[i], crossing_s[i + 1]) for i in range(len(edges) - 1) if rises[i]]).reshape(-1, 2)
    spans = spans[spans[:, 1] - spans[:, 0] > SHORTEST_CONTACT_S]
    step_s = np.append(np.diff(spans[:, 0]), np.full(min(len(spans), 1), np.nan))
    return pd.DataFrame(
        {
            "contact_s": spans[:, 0],
            "toe_off_s": spans[:, 1],
            "contact_time_s": spans[:, 1] - spans[:, 0],
            "step_s": step_s,
            "flight_s": step_s - (spans[:, 1] - spans[:, 0]),
            "oscillation_m": np.nan,
            "method": "trunk IMU: above half of gravity",
        },
        columns=list(STEP_COLUMNS),
    )
