"""How fast somebody went, from the feet alone: over ground and on a treadmill alike."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.cycles.feet import Foot, feet
from restride.cycles.segment import kept
from restride.errors import CycleError
from restride.signals.schema import FloatArray

# share of stance in which the forefoot lies still on what it stands on; heel and toe roll before and after
PLANTED: Final = (0.3, 0.6)
FEWEST_SAMPLES: Final = 3


def speed(markers: xr.DataArray, cycles: pd.DataFrame) -> FloatArray:
    """Speed of each kept stride against the ground or belt.

    Parameters
    ----------
    markers : DataArray, dims (time, marker, space), units "m"
        Lab frame.
    cycles : DataFrame as from ``segment``

    Returns
    -------
    ndarray, shape (cycle,), m/s
        Positive forwards. NaN for a stride without toe-off or without its forefoot in view.

    Notes
    -----
    How far the forefoot gets in a stride, less how the ground carries it while it is planted: on a treadmill
    the first is nothing, over ground the second. Ours.
    """
    try:
        seen = feet(markers)
    except CycleError:
        return np.full(len(kept(cycles)), np.nan)
    time_s, strides = markers["time"].values, kept(cycles)
    times = strides[["start_s", "end_s", "toe_off_s"]].to_numpy(dtype=float)
    return np.array([_of_stride(seen.get(s), time_s, *row) for s, row in zip(strides["side"], times, strict=True)])


def _of_stride(foot: Foot | None, time_s: FloatArray, start_s: float, end_s: float, off_s: float) -> float:
    if foot is None or not np.isfinite(off_s):
        return float("nan")
    contact_s = off_s - start_s
    planted = (time_s >= start_s + PLANTED[0] * contact_s) & (time_s <= start_s + PLANTED[1] * contact_s)
    along = foot.toe_forward[planted]
    if along.size < FEWEST_SAMPLES or not np.isfinite(along).all():
        return float("nan")
    carried = float(np.polyfit(time_s[planted], along, 1)[0])
    there = np.interp([start_s, end_s], time_s, foot.toe_forward, left=np.nan, right=np.nan)
    return float(there[1] - there[0]) / (end_s - start_s) - carried
