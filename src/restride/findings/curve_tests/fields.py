"""One correlation at each phase, and what the largest thing in its curve is under every arrangement."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy import stats

from restride.findings.curve_tests.clusters import largest_mass
from restride.signals.schema import FloatArray

# products computed together: they bound the memory, stay in the processor's cache, and are few enough for the matrix
# product to keep to one thread; waking a second takes longer, and far longer on a busy machine
_PRODUCTS: Final = 250_000
# a correlation of one would be an infinite t
_NEARLY_ONE: Final = 1.0 - 1e-12
# what subtracting equal numbers leaves, as a share of them
_ROUNDING: Final = 1e-12


def student(correlation: FloatArray, freedom: int) -> FloatArray:
    """Student's t of a correlation, any shape."""
    held = np.clip(correlation, -_NEARLY_ONE, _NEARLY_ONE)
    t: FloatArray = held * np.sqrt(freedom / (1.0 - held**2))
    return t


def point(share: float, freedom: int) -> float:
    """The absolute t that chance exceeds in this share of cases, at a single phase."""
    return float(stats.t.ppf(1.0 - share / 2, freedom))


def correlations(rows: FloatArray, values: FloatArray, turned: Sequence[FloatArray] = ()) -> FloatArray:
    """Correlation of each arrangement with the values of each phase, shape (phase, arrangement).

    Parameters
    ----------
    rows : ndarray, shape (arrangement, unit)
        Each of length one.
    values : ndarray, shape (unit, phase)
        Without NaN; a phase of zeros has the correlation 0.
    turned : sequence of ndarray, shape (arrangement, unit)
        Axes of a nuisance, rearranged like the rows; what the values have along them is left out of their size.
    """
    along = values.T @ rows.T
    size = np.broadcast_to((values**2).sum(axis=0)[:, None], along.shape)
    for axis in turned:
        size = size - (values.T @ axis.T) ** 2
    left = np.sqrt(np.maximum(size, 0.0))
    found: FloatArray = np.divide(along, left, out=np.zeros_like(along), where=left > 0.0)
    return found


def largest(
    rows: FloatArray, values: FloatArray, turned: Sequence[FloatArray] = (), *, freedom: int, threshold: float | None
) -> FloatArray:
    """The largest thing in the curve of each arrangement, shape (arrangement,).

    Parameters
    ----------
    rows, values, turned
        As in ``correlations``.
    freedom : int
    threshold : float or None
        Of the absolute t: the mass of the largest stretch beyond it. None: the largest absolute t.
    """
    found, at_once = np.empty(len(rows)), max(_PRODUCTS // max(values.size, 1), 1)
    for i in range(0, len(rows), at_once):
        part = slice(i, i + at_once)
        t = student(correlations(rows[part], values, [axis[part] for axis in turned]), freedom)
        found[part] = np.abs(t).max(axis=0) if threshold is None else largest_mass(t, threshold)
    return found


def without(values: FloatArray, design: FloatArray) -> FloatArray:
    """What least squares on the columns of a design leaves of the values, shape (unit, phase)."""
    fitted = design @ np.linalg.lstsq(design, values, rcond=None)[0]
    rest: FloatArray = values - fitted
    # what is only rounding is nothing, or a phase that never varies would be correlated with anything
    rest[:, np.abs(rest).max(axis=0, initial=0.0) <= _ROUNDING * np.abs(values).max(axis=0, initial=0.0)] = 0.0
    return rest
