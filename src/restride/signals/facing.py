"""Where a body stands and faces, read from its markers without asking for left and right."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import xarray as xr

from restride.signals.landmarks import landmark
from restride.signals.schema import FloatArray

PELVIS_BACK: Final = ("psis", "sacrum", "psis_middle")
PELVIS_FRONT: Final = ("asis", "asis_middle")
HEEL: Final = ("heel",)
FOREFOOT: Final = ("toe", "toe_tip", "mt5", "mt1", "mt2")


def up_axis(markers: xr.DataArray) -> str | None:
    """Axis along which the body is stacked, from feet to pelvis and head; None if not clear.

    Parameters
    ----------
    markers : DataArray, dims (time, marker, space), units "m"
        In any axes.
    """
    segments = [found.segment if (found := landmark(str(m))) else "" for m in markers["marker"].values]
    low = _centre(markers, [s in ("calcn", "toes") for s in segments])
    high = _centre(markers, [s in ("pelvis", "torso", "head") for s in segments])
    step = high - low
    # along one axis at least twice as far as along any other: a body that stands or walks
    if np.isnan(step).any() or np.abs(step).max() < 2 * np.sort(np.abs(step))[1]:
        return None
    axis = int(np.abs(step).argmax())
    return f"{'+' if step[axis] > 0 else '-'}{'xyz'[axis]}"


def body_front(markers: xr.DataArray) -> FloatArray | None:
    """Horizontal unit vector the body faces, mean over the take; None if it cannot be told.

    Parameters
    ----------
    markers : DataArray, dims (time, marker, space), units "m"
        With y up.

    Notes
    -----
    From the back of the pelvis to its front, or from heels to toes, over both sides at
    once, so that exchanged sides do not matter.
    """
    # the pelvis goes first: feet may turn out, and a heel marker may hang behind
    for start, end in ((PELVIS_BACK, PELVIS_FRONT), (HEEL, FOREFOOT)):
        steps = steps_between(markers, start, end)
        seen = steps[~np.isnan(steps).any(axis=1)]
        length = np.linalg.norm(seen.mean(axis=0)) if seen.size else 0.0
        if length > 0:
            return np.asarray(seen.mean(axis=0) / length)
    return None


def steps_between(markers: xr.DataArray, start: Sequence[str], end: Sequence[str]) -> FloatArray:
    """Horizontal step from the middle of some landmarks to that of others, frame by frame.

    Parameters
    ----------
    markers : DataArray, dims (time, marker, space), units "m"
    start, end : sequence of str
        Names of landmarks; markers never seen do not count.

    Returns
    -------
    array, shape (time, 3)
        y is 0; NaN in frames that do not show all of them.
    """
    names = [found.name if (found := landmark(str(m))) else "" for m in markers["marker"].values]
    middles: list[FloatArray] = []
    for wanted in (start, end):
        values = markers.values[:, [name in wanted for name in names]]
        values = values[:, ~np.isnan(values).all(axis=(0, 2))]
        if values.shape[1] == 0:
            return np.full((markers.sizes["time"], 3), np.nan)
        middles.append(values.sum(axis=1) / values.shape[1])
    steps: FloatArray = middles[1] - middles[0]
    steps[:, 1] = np.where(np.isnan(steps[:, 1]), np.nan, 0.0)
    return steps


def path(markers: xr.DataArray) -> FloatArray:
    """Horizontal displacement of the pelvis over the take, from its first to its last sight.

    Parameters
    ----------
    markers : DataArray, dims (time, marker, space), units "m"

    Returns
    -------
    array, shape (3,)
        Zero if the pelvis was seen in fewer than two frames.
    """
    segments = [found.segment if (found := landmark(str(m))) else "" for m in markers["marker"].values]
    values = markers.values[:, [s == "pelvis" for s in segments]]
    # only frames that show all of its markers, so that none appearing moves the middle
    values = values[:, ~np.isnan(values).all(axis=(0, 2))]
    seen = np.flatnonzero(~np.isnan(values).any(axis=(1, 2))) if values.shape[1] else np.empty(0, dtype=int)
    if seen.size < 2:
        return np.zeros(3)
    step: FloatArray = values[seen[-1]].mean(axis=0) - values[seen[0]].mean(axis=0)
    step[1] = 0.0
    return step


def _centre(markers: xr.DataArray, chosen: Sequence[bool]) -> FloatArray:
    """Mean position of some markers over the take; NaN if there are none."""
    values = markers.values[:, np.asarray(chosen, dtype=bool)].reshape(-1, 3)
    seen = values[~np.isnan(values).any(axis=1)]
    return seen.mean(axis=0) if seen.size else np.full(3, np.nan)
