"""Steps of a runner from one vertical force: when, how long on the ground and in the air. No side."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.cycles.force_events import THRESHOLD_N, contacts, crossing
from restride.errors import CycleError
from restride.signals.schema import FloatArray, require

STEP_COLUMNS: Final = ("contact_s", "toe_off_s", "contact_time_s", "flight_time_s", "step_s", "peak_n")
# two feet follow each other faster than one foot its own swing; a shorter dip is noise
SHORTEST_FLIGHT_S: Final = 0.02


def steps_from_force(force: xr.DataArray, *, threshold_n: float = THRESHOLD_N) -> pd.DataFrame:
    """Ground contacts of a runner, one row per step in order of time.

    Parameters
    ----------
    force : DataArray, dims (time,), units "N"
        Vertical, up positive, without drift (``undrifted``).
    threshold_n : float
        Where a contact begins and ends.

    Returns
    -------
    DataFrame, columns ``STEP_COLUMNS``
        ``flight_time_s`` and ``step_s`` reach to the next contact and are NaN for the last. Contacts cut by
        either end are left out. The side of a step is not measured.

    Raises
    ------
    CycleError
        If no whole contact is there.
    """
    force = require(force, dims=("time",), units="N", name="vertical_force")
    time_s: FloatArray = force["time"].values.astype(np.float64)
    values = force.values
    runs = contacts(time_s, values, threshold_n=threshold_n, shortest_gap_s=SHORTEST_FLIGHT_S)
    found = [
        (*(crossing(time_s, values, at, threshold_n) for at in (run.start, run.stop)), float(values[run].max()))
        for run in runs
    ]
    whole = np.array([row for row in found if np.isfinite(row).all()]).reshape(-1, 3)
    if not len(whole):
        raise CycleError("expected at least one whole contact, found none; record more than one step")
    contact_s, toe_off_s, peak_n = whole.T
    following = np.append(contact_s[1:], np.nan)
    return pd.DataFrame(
        {
            "contact_s": contact_s,
            "toe_off_s": toe_off_s,
            "contact_time_s": toe_off_s - contact_s,
            "flight_time_s": following - toe_off_s,
            "step_s": following - contact_s,
            "peak_n": peak_n,
        }
    )
