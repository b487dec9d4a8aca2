"""In how many strides something happened: shares with intervals that hold for few strides too."""

import numpy as np
from scipy.stats import binomtest

from restride.findings.statistics import CONFIDENCE, MINIMUM_FREEDOM, Estimate


def share_estimate(count: int, n: int) -> Estimate:
    """Share of strides with its 95 % score interval (Wilson 1927).

    Parameters
    ----------
    count, n : int
        Strides in which it happened, and all.
    """
    if n == 0:
        return Estimate(float("nan"), None, "not measured", (0, 0))
    return Estimate(count / n, _wilson(count, n), "", (n, 0))


def share_difference(this: tuple[int, int], other: tuple[int, int]) -> Estimate:
    """Share of this leg's strides minus that of the other's, with its 95 % interval.

    Parameters
    ----------
    this, other : tuple of int
        Strides in which it happened, and all.

    Notes
    -----
    Newcombe 1998 (Stat Med 17, 873), method 10: from the score intervals of both shares, so that 3 of 3
    against 0 of 3 stays as unsure as it is.
    """
    n = (this[1], other[1])
    if 0 in n:
        return Estimate(float("nan"), None, "measured on one side only", n)
    a, b = this[0] / n[0], other[0] / n[1]
    if sum(n) - 2 < MINIMUM_FREEDOM:
        return Estimate(a - b, None, f"{n[0]} against {n[1]} strides: too few for an interval", n)
    (low_a, high_a), (low_b, high_b) = _wilson(*this), _wilson(*other)
    low = a - b - float(np.hypot(a - low_a, high_b - b))
    high = a - b + float(np.hypot(high_a - a, b - low_b))
    return Estimate(a - b, (low, high), "", n)


def _wilson(count: int, n: int) -> tuple[float, float]:
    found = binomtest(count, n).proportion_ci(CONFIDENCE, method="wilson")
    return float(found.low), float(found.high)
