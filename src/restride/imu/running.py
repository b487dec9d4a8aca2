"""Steps of a runner from one sensor on the sacrum or trunk: when, how long on the ground. No side."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.errors import SchemaError
from restride.imu.trunk import along, on_trunk, up_of
from restride.signals.filters import low_pass
from restride.signals.schema import FloatArray, sampling_rate_hz
from restride.signals.units import GRAVITY_M_S2

STEP_COLUMNS: Final = ("contact_s", "toe_off_s", "contact_time_s", "step_s", "method")
WOBBLE_HZ: Final = 10.0  # above it a sensor on a belt moves on the skin, not with the pelvis
HALF_WEIGHT: Final = 0.5  # of gravity: halfway between flight and standing, where a blurred edge stays in place
SHORTEST_CONTACT_S: Final = 0.08  # sprinters stay longer


def running_steps(acc: xr.DataArray) -> pd.DataFrame:
    """Ground contacts of a runner, one row per step in order of time.

    Parameters
    ----------
    acc : DataArray, dims (time, sensor, space), m/s^2
        With gravity; one sensor with the coordinate ``segment`` "pelvis" or "trunk".

    Returns
    -------
    DataFrame, columns ``contact_s, toe_off_s, contact_time_s, step_s, method``
        ``step_s`` is the time to the next contact, NaN for the last. Steps cut by either end are
        left out. The side of a step is not measured.

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
    lasts while the upward part, low-passed at ``WOBBLE_HZ``, is above ``HALF_WEIGHT``.
    """
    felt = on_trunk(acc, units="m/s^2", name="acc")
    smooth = low_pass(along(felt, up_of(felt)), cutoff_hz=WOBBLE_HZ).values
    rows = _contacts(smooth, felt["time"].values, sampling_rate_hz(felt))
    if rows.empty:
        raise SchemaError("expected a runner with flight between steps, found none; walking is not read from the trunk")
    return rows


def _contacts(upward: FloatArray, time_s: FloatArray, rate_hz: float) -> pd.DataFrame:
    """Spans above half of gravity; borders between samples by straight lines."""
    excess = upward - HALF_WEIGHT * GRAVITY_M_S2
    above = excess > 0
    edges = np.flatnonzero(above[1:] != above[:-1])
    crossing_s = time_s[edges] + excess[edges] / (excess[edges] - excess[edges + 1]) / rate_hz
    rises = ~above[edges]
    spans = np.array([(crossing_s[i], crossing_s[i + 1]) for i in range(len(edges) - 1) if rises[i]]).reshape(-1, 2)
    spans = spans[spans[:, 1] - spans[:, 0] > SHORTEST_CONTACT_S]
    return pd.DataFrame(
        {
            "contact_s": spans[:, 0],
            "toe_off_s": spans[:, 1],
            "contact_time_s": spans[:, 1] - spans[:, 0],
            "step_s": np.append(np.diff(spans[:, 0]), np.full(min(len(spans), 1), np.nan)),
            "method": "trunk IMU: above half of gravity",
        },
        columns=list(STEP_COLUMNS),
    )
