"""One correlation at each phase, and what the largest thing in its curve is under every arrangement."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy import special

from restride.findings.curve_tests.clusters import largest_mass
from restride.signals.schema import FloatArray

# arrangements held together: bounds the memory
_AT_ONCE: Final = 500
# so few multiplications keep a matrix product to one thread; waking a second takes longer, far longer on a busy machine
_MULTIPLICATIONS: Final = 250_000
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
    return float(special.stdtrit(freedom, 1.0 - share / 2))


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
    along = _product(rows, values)
    size = np.broadcast_to((values**2).sum(axis=0)[:, None], along.shape)
    for axis in turned:
        size = size - _product(axis, values) ** 2
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
    found = np.zeros(len(rows))
    for i in range(0, len(rows), _AT_ONCE):
        part = slice(i, i + _AT_ONCE)
        each = correlations(rows[part], values, [axis[part] for axis in turned])
        size = np.abs(each).max(axis=0, initial=0.0)
        if threshold is None:
            found[part] = student(size, freedom)
            continue
        # most arrangements of alike curves reach the threshold nowhere; rounding must not keep one out
        some = np.flatnonzero(size >= 0.999 * threshold / np.sqrt(freedom + threshold**2))
        found[i + some] = largest_mass(student(each[:, some], freedom), threshold)
    return found


def axes_of(design: FloatArray) -> FloatArray:
    """Orthonormal axes of a design's columns, in their order; columns that others already span have none."""
    axes, sizes = np.linalg.qr(design)
    kept: FloatArray = axes[:, np.abs(np.diag(sizes)) > _ROUNDING * np.linalg.norm(design, axis=0)]
    return kept


def without(values: FloatArray, design: FloatArray) -> FloatArray:
    """What least squares on the columns of a design leaves of the values, shape (unit, phase)."""
    axes = axes_of(design)
    rest: FloatArray = values - axes @ (axes.T @ values)
    # what is only rounding is nothing, or a phase that never varies would be correlated with anything
    rest[:, np.abs(rest).max(axis=0, initial=0.0) <= _ROUNDING * np.abs(values).max(axis=0, initial=0.0)] = 0.0
    return rest


def _product(rows: FloatArray, values: FloatArray) -> FloatArray:
    """Sum over units of each row times each column of the values, shape (phase, arrangement)."""
    found, at_once = np.empty((values.shape[1], len(rows))), max(_MULTIPLICATIONS // max(values.size, 1), 1)
    for i in range(0, len(rows), at_once):
        found[:, i : i + at_once] = values.T @ rows[i : i + at_once].T
    return found
