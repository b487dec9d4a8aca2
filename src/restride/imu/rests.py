"""Instants at which a foot is at rest on the ground: once per stride, also in running."""

from typing import Final

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.signal import find_peaks

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
    square = uniform_filter1d((gyr**2).sum(axis=1), window)
    turning = np.sqrt(np.maximum(square, 0.0))  # a running sum of floats ends a hair below zero
    moving = turning[turning > STILL_RAD_S]
    if moving.size == 0:
        return np.array([], dtype=int)
    limit = REST_SHARE * float(np.sqrt((moving**2).mean()))
    free = uniform_filter1d(np.abs(np.linalg.norm(acc, axis=1) - GRAVITY_M_S2), window)
    turning = np.where(free < FREE_M_S2, turning, np.maximum(turning, 2 * limit))
    padded = np.concatenate([[2 * limit], turning, [2 * limit]])  # a rest at either end counts
    minima = find_peaks(-padded, height=-limit, distance=max(round(SHORTEST_STRIDE_S * rate_hz), 1))[0] - 1
    still = turning < STILL_RAD_S
    edges = np.diff(np.concatenate([[0], still.astype(int), [0]]))
    first, last = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    long = last - first > SHORTEST_STRIDE_S * rate_hz
    for a, b in zip(first[long], last[long], strict=True):
        minima = np.concatenate([minima[(minima < a) | (minima > b)], [a, b]])
    return np.unique(minima)
