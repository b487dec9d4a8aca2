"""The test of a trial: the order that was drawn against all orders that could have been.

Each block had AB or BA by lot, so if the conditions made no difference, each block's difference
might as well have had the other sign. Nothing is assumed of the sessions: they may drift,
learn, and depend on each other.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from restride.signals.schema import FloatArray

CONFIDENCE: Final = 0.95
# sums that are equal but for rounding count as equal
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Randomisation:
    """Outcome of the test.

    Attributes
    ----------
    difference : float
        A minus B: mean of the differences of the blocks.
    interval : tuple of float or None
        Differences that the test does not refuse at 5 %; None with fewer than six blocks.
    p : float
        Share of all orders that give a difference at least as large, either way.
    orders : int
        How many orders there are.
    """

    difference: float
    interval: tuple[float, float] | None
    p: float
    orders: int


def randomisation(differences: FloatArray) -> Randomisation:
    """The exact test of no difference, and the interval of the differences it lets stand.

    Parameters
    ----------
    differences : ndarray, shape (block,)
        A minus B of each block.

    Notes
    -----
    Changing sides in a set of blocks gives the same mean difference or a larger one, for an assumed effect
    ``e``, exactly if the mean of that set is at most ``e``. So the means of all sets of blocks are the borders
    of the intervals (Hartigan 1969, J Am Stat Assoc 64:1303), and no search is needed. With ``n``
    blocks there are ``2 ** n`` orders, all gone through.
    """
    x = np.asarray(differences, dtype=np.float64)
    orders = 2**x.size
    means = np.sort(_set_means(x[None, :])[0])
    kept = int((1 - CONFIDENCE) / 2 * orders)
    interval = (float(means[kept - 1]), float(means[-kept])) if kept >= 1 else None
    return Randomisation(float(x.mean()), interval, float(two_sided(x[None, :])[0]), orders)


def two_sided(differences: FloatArray) -> FloatArray:
    """Chance of a mean difference at least as large either way, of many trials at once.

    Parameters
    ----------
    differences : ndarray, shape (trial, block)

    Returns
    -------
    ndarray, shape (trial,)
    """
    means = _set_means(differences)
    tolerance = _ROUNDING * np.abs(differences).max(axis=1, keepdims=True)
    orders = 2 ** differences.shape[1]
    up = 1 + (means <= tolerance).sum(axis=1)
    down = 1 + (means >= -tolerance).sum(axis=1)
    p: FloatArray = np.minimum(1.0, 2.0 * np.minimum(up, down) / orders)
    return p


def _set_means(x: FloatArray) -> FloatArray:
    """Mean of every set of blocks but the empty one, shape (trial, 2 ** block - 1)."""
    sums = np.zeros((x.shape[0], 1))
    counts = np.zeros(1)
    for k in range(x.shape[1]):
        sums = np.concatenate([sums, sums + x[:, k : k + 1]], axis=1)
        counts = np.concatenate([counts, counts + 1])
    means: FloatArray = sums[:, 1:] / counts[1:]
    return means
