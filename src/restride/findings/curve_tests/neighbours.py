"""Strides that follow each other are alike: how alike, and what of each is its own.

Everything here takes strides in the order in which they were made. Blocks of neighbours would be the usual way, but
blocks long enough to hold the likeness of real strides leave three or four units of a dozen strides, with which
nothing can be tested; taking from each stride what its neighbour foretells leaves eleven.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from restride.signals.schema import FloatArray

# the correction for the mean, below, grows without bound towards three strides
_FEWEST: Final = 4
# beyond this the strides of a take are one long drift, and dividing by what is left would only blow up noise
_MOST_ALIKE: Final = 0.9


def likeness(samples: Sequence[FloatArray]) -> float:
    """How alike neighbouring strides are about their mean, over all phases together.

    Parameters
    ----------
    samples : sequence of ndarray, shape (stride, phase)
        Without NaN, each in order; of a comparison both, because one figure serves both.

    Returns
    -------
    float
        Correlation at lag one, from 0 to 0.9; 0 where neighbours are no more alike than others, or cannot be judged.

    Notes
    -----
    The mean is taken from the same strides, which makes neighbours look less alike by about (1 + 3 r) / n
    (Kendall 1954, Biometrika 41:403; Marriott and Pope 1954, same volume, 390); that is put back.
    """
    away = [x - x.mean(axis=0) for x in samples if len(x) >= _FEWEST]
    size = sum(float((e**2).sum()) for e in away)
    if size == 0.0:
        return 0.0
    n = sum(len(e) for e in away) / len(away)
    alike = sum(float((e[1:] * e[:-1]).sum()) for e in away) / size
    return float(np.clip((alike + 1.0 / n) / (1.0 - 3.0 / n), 0.0, _MOST_ALIKE))


def own(values: FloatArray, alike: float) -> FloatArray:
    """Each stride without what the one before foretells of it, on the scale of the strides; one row fewer.

    Parameters
    ----------
    values : ndarray, shape (stride, column)
    alike : float
        As ``likeness`` gives it; with 0 the strides are returned as they are.

    Notes
    -----
    ``(x[i] - r x[i - 1]) / (1 - r)``: the same mean, and independent if the strides follow an autoregression of
    first order (Cochrane and Orcutt 1949, J Am Stat Assoc 44:32).
    """
    if alike == 0.0:
        return values
    freed: FloatArray = (values[1:] - alike * values[:-1]) / (1.0 - alike)
    return freed
