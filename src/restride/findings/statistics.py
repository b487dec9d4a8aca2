"""Differences of means over strides, with their intervals, and the windows they are taken in.

The unit of inference is the stride within one take. Strides of one take are not
independent days, and every sentence made from these intervals says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from restride.signals.schema import FloatArray

CONFIDENCE: Final = 0.95
# below two degrees of freedom the t interval is wider than anything it could be held against
MINIMUM_FREEDOM: Final = 2


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the stride, in percent, both ends included."""

    name: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean or difference of means with its interval, or the reason why there is none."""

    value: float
    interval: tuple[float, float] | None
    reason: str
    n: tuple[int, int]

    @property
    def least(self) -> float:
        """The smallest size the interval still allows; 0 if it holds zero or is missing."""
        if self.interval is None:
            return 0.0
        low, high = self.interval
        return max(low, -high, 0.0)


def windows(cycles: pd.DataFrame) -> tuple[Window, ...]:
    """Whole stride, and the early and late half of stance and of swing.

    Parameters
    ----------
    cycles : DataFrame, columns ``start_s, end_s, toe_off_s, kept``

    Returns
    -------
    tuple of Window
        Stance ends at the median toe-off of the kept strides of both legs; without any
        toe-off there is only the whole stride.
    """
    whole = Window("whole stride", 0.0, 100.0)
    kept = cycles[cycles["kept"]]
    share = (100 * (kept["toe_off_s"] - kept["start_s"]) / (kept["end_s"] - kept["start_s"])).dropna()
    if share.empty:
        return (whole,)
    off = float(share.median())
    halves = (0.0, off / 2, off, (off + 100) / 2, 100.0)
    names = ("early stance", "late stance", "early swing", "late swing")
    return (whole, *(Window(n, halves[i], halves[i + 1]) for i, n in enumerate(names)))


def mean_estimate(values: Sequence[float] | FloatArray) -> Estimate:
    """Mean over strides with its 95 % t interval; NaN strides are left out."""
    x = _present(values)
    n = (x.size, 0)
    if x.size == 0:
        return Estimate(float("nan"), None, "not measured", n)
    if x.size - 1 < MINIMUM_FREEDOM:
        return Estimate(float(x.mean()), None, f"{_strides(x.size)}: too few for an interval", n)
    half = _t(x.size - 1) * float(x.std(ddof=1)) / np.sqrt(x.size)
    return Estimate(float(x.mean()), (float(x.mean() - half), float(x.mean() + half)), "", n)


def difference_estimate(this: Sequence[float] | FloatArray, other: Sequence[float] | FloatArray) -> Estimate:
    """Mean of ``this`` minus mean of ``other`` with its 95 % interval.

    Notes
    -----
    Two-sample t interval with pooled variance: with two or three strides a leg, the usual
    case in a laboratory, separate variances cannot be estimated. NaN strides are left out.
    """
    a, b = _present(this), _present(other)
    n = (a.size, b.size)
    if 0 in n:
        return Estimate(float("nan"), None, "measured on one side only", n)
    value = float(a.mean() - b.mean())
    freedom = a.size + b.size - 2
    if freedom < MINIMUM_FREEDOM:
        return Estimate(value, None, f"{_strides(a.size)} against {_strides(b.size)}: too few for an interval", n)
    pooled = (a.var() * a.size + b.var() * b.size) / freedom
    half = _t(freedom) * float(np.sqrt(pooled * (1 / a.size + 1 / b.size)))
    return Estimate(value, (value - half, value + half), "", n)


def contrast_estimate(groups: Sequence[FloatArray], *, signs: Sequence[int]) -> Estimate:
    """Signed sum of the means of four groups of strides, with its 95 % interval.

    Parameters
    ----------
    groups : sequence of ndarray, shape (stride,)
        Without NaN; the first half of them makes ``n[0]``, the rest ``n[1]``.
    signs : sequence of int

    Notes
    -----
    As ``difference_estimate``: t interval with one variance pooled over all groups.
    """
    half = len(groups) // 2
    n = (sum(g.size for g in groups[:half]), sum(g.size for g in groups[half:]))
    value = float(sum(s * g.mean() for s, g in zip(signs, groups, strict=True)))
    freedom = sum(n) - len(groups)
    pooled = sum(g.var() * g.size for g in groups) / freedom if freedom > 0 else float("nan")
    return estimate_from(value, float(np.sqrt(pooled * sum(1 / g.size for g in groups))), freedom=freedom, n=n)


def estimate_from(value: float, error: float, *, freedom: int, n: tuple[int, int]) -> Estimate:
    """A value with the 95 % t interval of its standard error; none below two degrees of freedom."""
    if freedom < MINIMUM_FREEDOM or not np.isfinite(error):
        return Estimate(value, None, f"{_strides(n[0])} against {_strides(n[1])}: too few for an interval", n)
    half = _t(freedom) * error
    return Estimate(value, (value - half, value + half), "", n)


def curve_difference(this: FloatArray, other: FloatArray) -> Mapping[str, FloatArray]:
    """``difference_estimate`` at every phase of two sets of curves, shape (cycle, phase).

    Returns
    -------
    mapping
        ``mean, low, high``, each of shape (phase,); low and high are NaN where there are
        too few strides. The band is pointwise: it covers each phase by itself.
    """
    n_a, n_b = (~np.isnan(this)).sum(axis=0), (~np.isnan(other)).sum(axis=0)
    freedom = n_a + n_b - 2
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_a, mean_b = np.nansum(this, axis=0) / n_a, np.nansum(other, axis=0) / n_b
        spread = np.nansum((this - mean_a) ** 2, axis=0) + np.nansum((other - mean_b) ** 2, axis=0)
        half = stats.t.ppf(0.5 + CONFIDENCE / 2, np.maximum(freedom, 1)) * np.sqrt(
            spread / np.maximum(freedom, 1) * (1 / n_a + 1 / n_b)
        )
        half = np.where(freedom >= MINIMUM_FREEDOM, half, np.nan)
        mean = mean_a - mean_b
    return {"mean": mean, "low": mean - half, "high": mean + half}


def _present(values: Sequence[float] | FloatArray) -> FloatArray:
    array = np.asarray(values, dtype=np.float64)
    return array[~np.isnan(array)]


def _t(freedom: int) -> float:
    return float(stats.t.ppf(0.5 + CONFIDENCE / 2, freedom))


def _strides(n: int) -> str:
    return f"{n} stride" if n == 1 else f"{n} strides"
