"""Instants at which a foot is at rest on the ground: once per stride, also in running."""

from typing import Final

import numpy as np

from restride.signals.schema import FloatArray
from restride.signals.units import GRAVITY_M_S2

WINDOW_S: Final = 0.05  # a running foot lies flat for at least this long
SHORTEST_STRIDE_S: Final = 0.4  # 300 steps per minute: faster than any sprinter
FREE_M_S2: Final = 5.0  # half of gravity: a foot that stands shakes less, one that swings is thrown harder
REST_SHARE: Final = 0.35  # of the recording's own rate of turning while moving
STILL_RAD_S: Final = np.deg2rad(15.0)  # turning slower than this is standing, whatever comes before


def rests(acc: FloatArray, gyr: FloatArray, rate_hz: float) -> np.ndarray:
    """Samples at which the foot turns least, one for each time it stands on the ground.

    Parameters
    ----------
    acc, gyr : ndarray, shape (time, 3), m/s^2 and rad/s
        Of one foot, in any frame, without bias.
    rate_hz : float

    Returns
    -------
    ndarray of int, increasing
        A long stand gives its first and its last still sample, so that strides next to it
        begin and end where the foot does.

    Notes
    -----
    Ours. Mean square rate of turning in windows of ``WINDOW_S``; a rest is a minimum below
    ``REST_SHARE`` of the root mean square while moving, while what is felt is no further from
    gravity than ``FREE_M_S2``: a foot that swings may also stop turning for a moment. A walking foot turns ten times
    slower in mid-stance than in swing, a running foot four times.
    """
    window = max(round(WINDOW_S * rate_hz), 1)
    square = moving_mean((gyr**2).sum(axis=1), window)
    turning = np.sqrt(np.maximum(square, 0.0))  # a running sum of floats ends a hair below zero
    moving = turning[turning > STILL_RAD_S]
    if moving.size == 0:
        return np.array([], dtype=int)
    limit = REST_SHARE * float(np.sqrt((moving**2).mean()))
    free = moving_mean(np.abs(np.linalg.norm(acc, axis=1) - GRAVITY_M_S2), window)
    turning = np.where(free < FREE_M_S2, turning, np.maximum(turning, 2 * limit))
    minima = valleys(turning, below=limit, apart=max(round(SHORTEST_STRIDE_S * rate_hz), 1))
    still = turning < STILL_RAD_S
    edges = np.diff(np.concatenate([[0], still.astype(int), [0]]))
    first, last = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    long = last - first > SHORTEST_STRIDE_S * rate_hz
    for a, b in zip(first[long], last[long], strict=True):
        minima = np.concatenate([minima[(minima < a) | (minima > b)], [a, b]])
    return np.unique(minima)


def moving_mean(values: FloatArray, window: int) -> FloatArray:
    """Mean over ``window`` neighbours along the first axis, mirrored at both ends.

    Parameters
    ----------
    values : ndarray, shape (time, ...)
    window : int
    """
    before = window // 2
    pad = [(before, window - 1 - before)] + [(0, 0)] * (values.ndim - 1)
    total = np.cumsum(np.pad(values, pad, mode="symmetric"), axis=0)
    total = np.concatenate([np.zeros_like(total[:1]), total])
    mean: FloatArray = (total[window:] - total[:-window]) / window
    return mean


def valleys(values: FloatArray, *, below: float, apart: int) -> np.ndarray:
    """Samples of the minima below a limit, the deepest first served; also at either end.

    Parameters
    ----------
    values : ndarray, shape (time,)
    below : float
    apart : int
        Of two closer than this many samples the deeper stays.

    Returns
    -------
    ndarray of int, increasing
        The middle of a minimum that is flat.
    """
    edges = np.concatenate([[0], np.flatnonzero(np.diff(values)) + 1, [len(values)]])
    level = np.concatenate([[np.inf], values[edges[:-1]], [np.inf]])
    lowest = (level[1:-1] < level[:-2]) & (level[1:-1] < level[2:]) & (level[1:-1] <= below)
    middle = ((edges[:-1] + edges[1:] - 1) // 2)[lowest]
    taken = np.zeros(len(values), dtype=bool)
    kept = []
    for sample in middle[np.argsort(values[middle], kind="stable")].tolist():
        if not taken[sample]:
            kept.append(sample)
            taken[max(sample - apart + 1, 0) : sample + apart] = True
    return np.array(sorted(kept), dtype=int)
