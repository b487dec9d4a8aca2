"""The feet as seen by their markers: where they are, along the way the person faces and upward."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from scipy.ndimage import gaussian_filter1d

from restride.errors import CycleError
from restride.signals.filters import fill_gaps, low_pass, unbroken_runs
from restride.signals.landmarks import landmark
from restride.signals.recording import Side
from restride.signals.schema import FloatArray, require, sampling_rate_hz

# markers at the back of the foot and at its front, best first; the mean of all of one name is taken
HEEL: Final = ("heel", "heel_low", "heel_lateral")
TOE: Final = ("toe", "toe_tip", "mt2", "mt1", "mt5")

# markers are smooth below this; contact itself is a matter of 20-30 ms
CUTOFF_HZ: Final = 20.0
HIGHEST_OF_RATE: Final = 0.3

SIDES: Final[tuple[Side, Side]] = ("left", "right")

# a marker lost for less than this is bridged: a fifth of the shortest stance
LONGEST_BRIDGE_S: Final = 0.05

# the way a person faces changes over some strides, not within one
HEADING_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Foot:
    """One foot over time; each array (time,), NaN where its marker was not seen.

    Attributes
    ----------
    heel_forward, toe_forward : array, m
        Distance travelled along the heading since the start; any constant.
    heel_across : array, m
        The same square to the heading, to the right.
    heel_up, toe_up : array, m
    """

    side: Side
    heel_forward: FloatArray
    heel_across: FloatArray
    heel_up: FloatArray
    toe_forward: FloatArray
    toe_up: FloatArray


def feet(markers: xr.DataArray) -> dict[Side, Foot]:
    """Both feet, low-passed, as far as they carry a heel and a toe marker.

    Parameters
    ----------
    markers : DataArray, dims (time, marker, space), units "m"
        Lab frame, y up.

    Raises
    ------
    CycleError
        If no foot has both a heel and a toe marker.
    """
    points = _points(markers)
    heading = _heading([toe - heel for heel, toe in points.values()], sampling_rate_hz(markers))
    return {side: _foot(side, heel, toe, heading) for side, (heel, toe) in points.items()}


def facing(markers: xr.DataArray) -> FloatArray:
    """Unit vector (x, z) the person faces in the ground plane, slowly varying, shape (time, 2).

    Square to the line between the ASIS markers; without them the way both feet point,
    which one foot turned out more than the other puts off by some degrees.

    Raises
    ------
    CycleError
        If there are neither ASIS nor foot markers.
    """
    left, right = (middle_of(markers, ("asis",), side=side) for side in SIDES)
    if left is None or right is None:
        return _heading([toe - heel for heel, toe in _points(markers).values()], sampling_rate_hz(markers))
    across = right - left
    ahead = np.stack([across[:, 2], across[:, 1], -across[:, 0]], axis=1)
    return _heading([ahead], sampling_rate_hz(markers))


def _points(markers: xr.DataArray) -> dict[Side, tuple[FloatArray, FloatArray]]:
    """Smoothed heel and toe of each foot that has both, (time, space)."""
    markers = require(markers, dims=("time", "marker", "space"), units="m", name="markers")
    cutoff_hz = min(CUTOFF_HZ, HIGHEST_OF_RATE * sampling_rate_hz(markers))
    points: dict[Side, tuple[FloatArray, FloatArray]] = {}
    for side in SIDES:
        heel, toe = _mean_of(markers, HEEL, side), _mean_of(markers, TOE, side)
        if heel is not None and toe is not None:
            points[side] = (_smooth(heel, cutoff_hz), _smooth(toe, cutoff_hz))
    if not points:
        raise CycleError(
            "expected a heel and a toe marker on at least one foot, found none; name them in take.yaml under markers"
        )
    return points


def _foot(side: Side, heel: FloatArray, toe: FloatArray, heading: FloatArray) -> Foot:
    def travelled(point: FloatArray, way: FloatArray) -> FloatArray:
        # steps are summed along the heading of their moment, so that a turn does not fold the path back
        step = np.diff(point[:, [0, 2]], axis=0, prepend=point[:1, [0, 2]])
        along = (step * way).sum(axis=1)
        out = np.full(along.size, np.nan)
        for run in unbroken_runs(~np.isnan(along)):
            out[run] = np.cumsum(along[run])
        return out

    right = np.stack([-heading[:, 1], heading[:, 0]], axis=1)
    return Foot(
        side,
        heel_forward=travelled(heel, heading),
        heel_across=travelled(heel, right),
        heel_up=heel[:, 1],
        toe_forward=travelled(toe, heading),
        toe_up=toe[:, 1],
    )


def _mean_of(markers: xr.DataArray, names: tuple[str, ...], side: str) -> xr.DataArray | None:
    """Mean of the markers of the first of these landmarks that the side has."""
    known = [(str(label), landmark(str(label))) for label in markers["marker"].values]
    for name in names:
        labels = [label for label, mark in known if mark is not None and mark.name == name and mark.side == side]
        if labels:
            return markers.sel(marker=labels).mean("marker", skipna=False)
    return None


def _smooth(point: xr.DataArray, cutoff_hz: float) -> FloatArray:
    whole = fill_gaps(point, max_gap_s=LONGEST_BRIDGE_S)
    return low_pass(whole.assign_attrs(units="m"), cutoff_hz=cutoff_hz, gaps="split").values


def _heading(ahead: list[FloatArray], rate_hz: float) -> FloatArray:
    """Unit vector (x, z) of the mean of vectors (time, 3) in the ground plane, slowly varying, shape (time, 2).

    The feet and not the path, because on a treadmill nobody travels; long horizontal
    views of the sole weigh most, so that a foot standing on its toes says little.
    """
    total = np.zeros((ahead[0].shape[0], 2))
    for vector in ahead:
        total += np.nan_to_num(vector[:, [0, 2]])
    smooth = gaussian_filter1d(total, HEADING_S * rate_hz, axis=0, mode="nearest")
    length = np.linalg.norm(smooth, axis=1, keepdims=True)
    heading: FloatArray = smooth / np.where(length > 0, length, 1.0)
    return heading


def middle_of(markers: xr.DataArray, names: tuple[str, ...], *, side: Side | None = None) -> FloatArray | None:
    """Mean position of all markers on these landmarks, shape (time, 3); None if there is none.

    Parameters
    ----------
    markers : DataArray, dims (time, marker, space)
    names : tuple of str
        As in ``signals.landmarks``.
    side : Side, optional
        Of this side only; otherwise of both and the middle. NaN while one is not seen.
    """
    chosen = []
    for label in markers["marker"].values:
        mark = landmark(str(label))
        if mark is not None and mark.name in names and (side is None or mark.side == side):
            chosen.append(label)
    if not chosen:
        return None
    middle: FloatArray = markers.sel(marker=chosen).mean("marker", skipna=False).transpose("time", "space").values
    return middle
