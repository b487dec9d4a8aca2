"""Keypoints that can be trusted: what was unsure becomes a gap, legs that changed places are put right."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from restride.signals.filters import unbroken_runs
from restride.signals.recording import Doubt
from restride.signals.schema import KINDS, FloatArray, require, sampling_rate_hz
from restride.video.view import leg_length, placed

# below this an estimator guesses; the usual limit of programs that read such tables (Sports2D, Pose2Sim)
SURE: Final = 0.3
LEG: Final = ("hip", "knee", "ankle", "heel", "big_toe", "small_toe")
# the points by which legs are told apart: hips lie too close to each other
MOVING: Final = LEG[1:]
# legs that changed places for no longer than this are put right; who is who is not known beyond a quarter stride
PUT_RIGHT_S: Final = 0.15
# an exchange must save this many times the usual cost of a picture, a picture in exchange a little
CHANGE: Final = 4.0
EXCHANGED: Final = 0.2
# one picture with a huge jump must not buy more than one exchange
DEAREST: Final = 10.0
# a foot is away from the middle of its places before and after by an eighth of the leg only if it jumped: in 1/25 s a
# runner's foot, braked with 100 m/s2, comes to a tenth
JUMP: Final = 0.125


@dataclass(frozen=True, slots=True, eq=False)
class Cleaned:
    """Keypoints after checking, and what was done to them.

    Attributes
    ----------
    keypoints : DataArray, dims (time, keypoint, axis), units "1"
        NaN where a point was unsure, jumped, or belongs to nobody knows which leg.
    exchanged : int
        Pictures in which the legs had changed places and were put right.
    unknown : int
        Pictures in which they had for too long to tell; both legs are gaps there.
    doubts : tuple of Doubt
    """

    keypoints: xr.DataArray
    exchanged: int
    unknown: int
    doubts: tuple[Doubt, ...]


def cleaned(keypoints: xr.DataArray) -> Cleaned:
    """The keypoints without what cannot be trusted.

    Parameters
    ----------
    keypoints : DataArray, dims (time, keypoint, axis), units "1"
        With the coordinate ``confidence`` (time, keypoint), NaN where the estimator states none.

    Notes
    -----
    Ours. Below ``SURE`` a point is a gap. Whether the legs changed places is decided for all pictures together: the
    sequence in which the legs accelerate least, each change and each exchanged picture at a cost (Viterbi). A
    point that jumps away from both its neighbours in time is a gap.
    """
    kind = KINDS["keypoints"]
    array = require(keypoints, dims=kind.dims, units=kind.units, name="keypoints")
    values = array.values.copy()
    names = [str(name) for name in array["keypoint"].values]
    unsure = np.nan_to_num(array["confidence"].values, nan=1.0) < SURE if "confidence" in array.coords else False
    values[np.broadcast_to(unsure, values.shape[:2])] = np.nan
    rate_hz = sampling_rate_hz(array) if array.sizes["time"] > 1 else 1.0
    exchanged, unknown = _put_right(values, names, rate_hz)
    jumped = _without_jumps(array.copy(data=values), values, names)
    return Cleaned(
        array.copy(data=values).assign_attrs(keypoints.attrs),
        exchanged,
        unknown,
        _doubts(len(values), exchanged, unknown, jumped),
    )


def _put_right(values: FloatArray, names: list[str], rate_hz: float) -> tuple[int, int]:
    """Exchange the legs back in place where they had changed places; counts of pictures put right and given up."""
    pairs = [(names.index(f"{n}_l"), names.index(f"{n}_r")) for n in LEG if f"{n}_l" in names and f"{n}_r" in names]
    moving = [p for p in pairs if names[p[0]][:-2] in MOVING]
    if len(values) < 3 or not moving:
        return 0, 0
    state = _states(values[:, [i for i, _ in moving]], values[:, [j for _, j in moving]])
    left, right = [i for i, _ in pairs], [j for _, j in pairs]
    exchanged = unknown = 0
    for run in unbroken_runs(state):
        length = int(run.stop) - int(run.start)
        if length / rate_hz <= PUT_RIGHT_S:
            values[run, left + right] = values[run, right + left]
            exchanged += length
        else:
            values[run, left + right] = np.nan
            unknown += length
    return exchanged, unknown


def _states(left: FloatArray, right: FloatArray) -> np.ndarray:
    """Whether the legs (time, point, 2) have changed places, bool (time,), by the least total acceleration."""
    both = np.stack([np.stack([left, right]), np.stack([right, left])])  # state, leg, time, point, axis
    cost = np.zeros((left.shape[0], 2, 2, 2))
    for a in range(2):
        for b in range(2):
            for c in range(2):
                bend = both[c][:, 2:] - 2 * both[b][:, 1:-1] + both[a][:, :-2]
                cost[2:, a, b, c] = np.nansum(bend**2, axis=(0, 2, 3))
    known = cost[2:, 0, 0, 0]
    scale = float(np.median(known[known > 0])) if (known > 0).any() else 1.0
    cost = np.minimum(cost / scale, DEAREST)
    return _cheapest(cost)


def _cheapest(cost: FloatArray) -> np.ndarray:
    """The sequence of states of least cost; ``cost`` (time, state two before, one before, now)."""
    frames = cost.shape[0]
    price = np.array([[0.0, CHANGE], [CHANGE, 0.0]])
    best = np.array([[0.0, CHANGE + EXCHANGED], [CHANGE + EXCHANGED, 2 * EXCHANGED]])  # state one before, now
    came = np.zeros((frames, 2, 2), dtype=np.int8)
    for t in range(2, frames):
        # reach[a, b, c]: best way to (a, b), then to c
        reach = best[:, :, None] + cost[t] + price[None] + np.array([0.0, EXCHANGED])
        came[t] = reach.argmin(axis=0)
        best = reach.min(axis=0)
    before, now = divmod(int(best.argmin()), 2)
    states = np.zeros(frames, dtype=bool)
    states[-1], states[-2] = bool(now), bool(before)
    for t in range(frames - 1, 1, -1):
        earlier = int(came[t, before, now])
        states[t - 2] = bool(earlier)
        before, now = earlier, before
    return states


def _without_jumps(array: xr.DataArray, values: FloatArray, names: list[str]) -> int:
    """Make gaps of points that jump; the number of pictures with one."""
    limit = JUMP * leg_length(placed(array))
    if not np.isfinite(limit):
        return 0
    jumped = np.zeros(values.shape[:2], dtype=bool)
    for i, name in enumerate(names):
        if name[:-2] not in LEG:
            continue
        middle = (values[2:, i] + values[:-2, i]) / 2
        apart = np.linalg.norm(values[1:-1, i] - middle, axis=1)
        # of neighbours that are both pulled away by one jump only the jump itself is the largest
        padded = np.pad(np.nan_to_num(apart), 1)
        peak = (padded[1:-1] >= padded[2:]) & (padded[1:-1] >= padded[:-2])
        jumped[1:-1, i] = (np.nan_to_num(apart) > limit) & peak
    values[jumped] = np.nan
    return int(jumped.any(axis=1).sum())


def _doubts(frames: int, exchanged: int, unknown: int, jumped: int) -> tuple[Doubt, ...]:
    found = []
    if exchanged:
        text = f"In {exchanged} of {frames} pictures the legs had changed places for an instant; they were put right."
        found.append(Doubt("sides", text, "Nothing to do if they are few.", severity="note"))
    if unknown:
        text = f"In {unknown} of {frames} pictures the legs had changed places for longer; those are gaps."
        found.append(Doubt("sides", text, "Film with more light or from nearer, so that the legs are told apart."))
    if jumped:
        text = f"In {jumped} of {frames} pictures a point of a leg jumped away for an instant; it is a gap there."
        found.append(Doubt("keypoints", text, severity="note"))
    return tuple(found)
