"""A 95 % band of a mean curve, or of the difference of two, over strides that are alike."""

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import xarray as xr

from restride.findings.curve_tests.judging import measured
from restride.findings.curve_tests.neighbours import likeness, own
from restride.findings.curve_tests.rearranged import signs
from restride.findings.curve_tests.result import Unit
from restride.findings.statistics import CONFIDENCE
from restride.signals.schema import FloatArray, labelled, require

RESAMPLES: Final = 1000
# fewer residuals have too few signs for their 95 % point
FEWEST: Final = 5


def band(
    this: xr.DataArray,
    other: xr.DataArray | None = None,
    *,
    unit: Unit,
    over: Literal["curve", "phase"] = "curve",
    rng: np.random.Generator | None = None,
) -> xr.Dataset:
    """Mean of ``this``, or its difference from the mean of ``other``, with a 95 % band.

    Parameters
    ----------
    this, other : DataArray, dims (cycle, phase), one unit
        Rows in the order in which they were made; gaps as in ``one_sample``.
    unit : {"stride", "bout", "session"}
        What a row is; what neighbouring strides share is taken out of the scatter first.
    over : {"curve", "phase"}
        The band covers the whole true curve in 95 % of takes, or each of its phases by itself.
    rng : Generator, optional
        Of the resampling; seed 0 if not given.

    Returns
    -------
    Dataset, dims (phase,), in the unit of the curves: ``mean``, ``low``, ``high``
        NaN where not measured; low and high NaN with fewer than 5 independent rows in either.

    Notes
    -----
    Wild bootstrap of t: residuals keep their place and change their sign (Liu 1988, Ann Stat 16:1696), the same
    rearrangement as that of the tests. Blocks of neighbours covered less and came out wider (docs/statistics.md).
    """
    arrays = [require(a, dims=("cycle", "phase"), name="curves").values for a in (this, other) if a is not None]
    there, tested = measured(arrays)
    samples = [np.where(tested, x[rows], 0.0) for x, rows in zip(arrays, there, strict=True)]
    alike = likeness(samples) if unit == "stride" else 0.0
    free = [own(x, alike) for x in samples]
    nothing = np.full(tested.size, np.nan)
    half, middle = nothing, _contrast(samples) if all(len(x) for x in samples) else nothing
    if min(len(x) for x in free) >= FEWEST:
        drawn = _resampled(free, np.random.default_rng(0) if rng is None else rng)
        sizes = np.abs(drawn).max(axis=1, keepdims=True) if over == "curve" else np.abs(drawn)
        half = np.quantile(sizes, CONFIDENCE, axis=0) * _error(free, [x.mean(axis=0) for x in free])
    ends = {"mean": middle, "low": middle - half, "high": middle + half}
    coords, units = {"phase": this["phase"].values}, str(this.attrs["units"])
    return xr.Dataset(
        {k: labelled(np.where(tested, v, np.nan), dims=("phase",), units=units, coords=coords) for k, v in ends.items()}
    )


def _resampled(samples: Sequence[FloatArray], rng: np.random.Generator) -> FloatArray:
    """Student's t of the resampled curves about the observed ones, shape (resample, phase)."""
    n = [len(x) for x in samples]
    turned = np.split(signs(sum(n), limit=RESAMPLES, rng=rng).rows, np.cumsum(n)[:-1], axis=1)
    away = [x - x.mean(axis=0) for x in samples]
    means = [s @ e / len(e) for s, e in zip(turned, away, strict=True)]
    error = _error(away, means)
    drawn = means[0] - (means[1] if len(means) > 1 else 0.0)
    t: FloatArray = np.divide(drawn, error, out=np.zeros_like(drawn), where=error > 0.0)
    return t


def _contrast(samples: Sequence[FloatArray]) -> FloatArray:
    means = [x.mean(axis=0) for x in samples]
    found: FloatArray = means[0] - (means[1] if len(means) > 1 else 0.0)
    return found


def _error(samples: Sequence[FloatArray], means: Sequence[FloatArray]) -> FloatArray:
    """Standard error of the contrast if the samples had these means; pooled over both."""
    squares = sum((x**2).sum(axis=0) - len(x) * mean**2 for x, mean in zip(samples, means, strict=True))
    freedom = sum(len(x) - 1 for x in samples)
    error: FloatArray = np.sqrt(np.maximum(squares, 0.0) / freedom * sum(1.0 / len(x) for x in samples))
    return error
