"""Initial contact and toe-off from the ground reaction force of each foot."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.errors import UnitsError
from restride.signals.filters import unbroken_runs
from restride.signals.recording import EVENT_COLUMNS, no_events
from restride.signals.schema import FloatArray, require

# the threshold of most published running studies; above the noise of a good plate
THRESHOLD_N: Final = 20.0

# a foot that carries a person, a small child included, presses harder; the noise of an unloaded
# treadmill belt reaches 75 N
LEAST_PEAK_N: Final = 100.0

# no foot stands for less (sprinters: 80 ms) ...
SHORTEST_CONTACT_S: Final = 0.06

# ... and no swing is shorter (sprinters: 250 ms): a briefer dip is noise or a plate's edge
SHORTEST_SWING_S: Final = 0.10


def events_from_force(grf: xr.DataArray, *, threshold_n: float = THRESHOLD_N) -> pd.DataFrame:
    """Initial contact and toe-off where the vertical force passes a threshold.

    Parameters
    ----------
    grf : DataArray, dims (time, side, space), units "N"
        Lab frame, y up; NaN where a foot's force was not measured.
    threshold_n : float
        Upward for initial contact, downward for toe-off.

    Returns
    -------
    DataFrame, columns ``time_s, side, name, method``
        In order of time, interpolated between samples. A crossing at the edge of the
        recording, or next to samples that were not measured, is not an event. Standing
        or an empty plate gives none.

    Raises
    ------
    UnitsError
        If the force is not in newton, or the threshold is not below ``LEAST_PEAK_N``.

    Notes
    -----
    A contact must rise above ``LEAST_PEAK_N``; its borders are then followed outwards
    down to the threshold, so that noise around the threshold makes no events.
    """
    grf = require(grf, dims=("time", "side", "space"), units="N", name="grf")
    if not 0 < threshold_n < LEAST_PEAK_N:
        raise UnitsError(f"expected a threshold between 0 and {LEAST_PEAK_N:g} N, found {threshold_n:g} N")
    method = f"vertical force through {threshold_n:g} N"
    time_s = grf["time"].values.astype(np.float64)
    rows: list[tuple[float, str, str, str]] = []
    for side in grf["side"].values:
        vertical = grf.sel(side=side, space="y").values
        for run in contacts(time_s, vertical, threshold_n=threshold_n):
            for name, at in (("initial_contact", run.start), ("toe_off", run.stop)):
                moment = crossing(time_s, vertical, at, threshold_n)
                if np.isfinite(moment):
                    rows.append((moment, str(side), name, method))
    if not rows:
        return no_events()
    return pd.DataFrame(rows, columns=list(EVENT_COLUMNS)).sort_values("time_s", kind="stable", ignore_index=True)


def contacts(
    time_s: FloatArray,
    vertical_n: FloatArray,
    *,
    threshold_n: float = THRESHOLD_N,
    shortest_gap_s: float = SHORTEST_SWING_S,
) -> list[slice]:
    """Sample ranges in which one foot or plate carries load.

    Parameters
    ----------
    time_s, vertical_n : array, shape (time,)
        Vertical force, up positive; NaN where not measured.
    threshold_n : float
        Where the borders lie.
    shortest_gap_s : float
        A briefer dip below the threshold, measured all along, does not end a contact. One
        foot needs time to swing; a plate is free between two feet for less.
    """
    with np.errstate(invalid="ignore"):
        loaded = vertical_n >= threshold_n
        carrying = vertical_n >= LEAST_PEAK_N
    runs = [run for run in unbroken_runs(loaded) if carrying[run].any()]
    merged: list[slice] = []
    for run in runs:
        if merged and _span(time_s, merged[-1].stop, run.start) < shortest_gap_s:
            between = vertical_n[merged[-1].stop : run.start]
            if not np.isnan(between).any():
                merged[-1] = slice(merged[-1].start, run.stop)
                continue
        merged.append(run)
    return [run for run in merged if _span(time_s, run.start, run.stop - 1) >= SHORTEST_CONTACT_S]


def _span(time_s: FloatArray, start: int, stop: int) -> float:
    return float(time_s[stop] - time_s[start])


def crossing(time_s: FloatArray, vertical_n: FloatArray, at: int, threshold_n: float) -> float:
    """Time at which the force passes the threshold between samples ``at - 1`` and ``at``; NaN if unseen."""
    if at == 0 or at == time_s.size:
        return float("nan")
    before, after = float(vertical_n[at - 1]), float(vertical_n[at])
    if np.isnan(before) or np.isnan(after) or before == after:
        return float("nan")
    share = (threshold_n - before) / (after - before)
    return float(time_s[at - 1] + share * (time_s[at] - time_s[at - 1]))
