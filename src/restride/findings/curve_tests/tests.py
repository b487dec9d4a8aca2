"""The four tests of whole curves, by rearranging strides, bouts or sessions.

All four are one correlation: of the units' signs, memberships or covariate with the curves, at each phase.
Rearranging them gives the curve that chance would have made, and the largest thing anywhere in that curve is what
the observed one is held against (Nichols and Holmes 2002, Hum Brain Mapp 15:1).
"""

from typing import Final

import numpy as np
import xarray as xr

from restride.errors import SchemaError, UnitsError
from restride.findings.curve_tests.fields import axes_of, without
from restride.findings.curve_tests.judging import Asked, Made, judged, measured, untested
from restride.findings.curve_tests.neighbours import likeness, own
from restride.findings.curve_tests.rearranged import ARRANGEMENTS, memberships, orders, signs
from restride.findings.curve_tests.result import CurveTest, Design, Method, Unit
from restride.signals.schema import FloatArray, require

# one row alone shows no scatter of its own
_FEWEST: Final = 2


def one_sample(
    curves: xr.DataArray,
    *,
    unit: Unit,
    method: Method = "cluster",
    arrangements: int = ARRANGEMENTS,
    rng: np.random.Generator | None = None,
) -> CurveTest:
    """Whether a mean curve leaves zero anywhere, by turning signs.

    Parameters
    ----------
    curves : DataArray, dims (cycle, phase), any unit
        One row per unit, in the order in which they were made. A phase that fewer than half of the rows have is not
        tested (NaN); a row with a gap at any other phase is left out.
    unit : {"stride", "bout", "session"}
        What a row is. Strides are neighbours: what each one's predecessor foretells is taken out first, so that
        what is rearranged can be counted as independent. Bouts and sessions are taken as independent.
    method : {"cluster", "maximum"}
        Stretches judged by their mass, or each phase by the largest value of the curve.
    arrangements : int
        All are looked at if they are no more than this; otherwise so many are drawn.
    rng : Generator, optional
        Of the drawing; seed 0 if not given.

    Returns
    -------
    CurveTest
        With ``reason`` instead of p where no arrangement could reach 0.05 (fewer than 6 rows).

    Raises
    ------
    SchemaError
        If the dimensions are others.

    Notes
    -----
    Exact where the rows are independent and symmetrical about their mean (Nichols and Holmes 2002).
    """
    values = _values(curves, "curves")
    return _by_signs(values, curves, "one sample", Asked(unit, method, arrangements, _drawer(rng)))


def paired(
    this: xr.DataArray,
    other: xr.DataArray,
    *,
    unit: Unit,
    method: Method = "cluster",
    arrangements: int = ARRANGEMENTS,
    rng: np.random.Generator | None = None,
) -> CurveTest:
    """Whether this minus other leaves zero anywhere, row by row, by exchanging the two of a pair.

    Parameters
    ----------
    this, other : DataArray, dims (cycle, phase), one unit
        As many rows each; row i of one belongs to row i of the other (two legs of one session, the left stride and
        the right one after it).
    unit, method, arrangements, rng
        As in ``one_sample``, which the differences go through.

    Raises
    ------
    SchemaError
        If the two have different numbers of rows.
    """
    a, b = _values(this, "this"), _values(other, "other")
    _same(this, other)
    if len(a) != len(b):
        raise SchemaError(f"expected as many rows in both, found {len(a)} and {len(b)}; pair them or use two_sample")
    return _by_signs(a - b, this, "paired", Asked(unit, method, arrangements, _drawer(rng)))


def two_sample(
    this: xr.DataArray,
    other: xr.DataArray,
    *,
    unit: Unit,
    method: Method = "cluster",
    arrangements: int = ARRANGEMENTS,
    rng: np.random.Generator | None = None,
) -> CurveTest:
    """Whether the means of two sets of curves differ anywhere, by exchanging rows between the sets.

    Parameters
    ----------
    this, other : DataArray, dims (cycle, phase), one unit
        Rows of each in the order in which they were made. Gaps as in ``one_sample``, "half of the rows" of each set.
    unit, method, arrangements, rng
        As in ``one_sample``.

    Returns
    -------
    CurveTest
        With ``reason`` instead of p where no arrangement could reach 0.05 (5 against 5 can, 3 against 3 cannot).

    Raises
    ------
    SchemaError, UnitsError
        If dimensions or units are others.

    Notes
    -----
    Exact where under "no difference" the rows could have come in either set. Strides of two legs take turns, so what
    wanders in both at once (pace, tiredness) makes the test careful. What wanders slowly in one of them, for longer
    than a stride foretells the next, makes it too ready; ``regression`` on the minute shows such a thing.
    """
    samples = (_values(this, "this"), _values(other, "other"))
    _same(this, other)
    asked = Asked(unit, method, arrangements, _drawer(rng))
    (of_this, of_other), tested = measured(samples)
    a, b = (np.where(tested, x[there], 0.0) for x, there in zip(samples, (of_this, of_other), strict=True))
    alike = likeness([a, b]) if unit == "stride" else 0.0
    made = Made("two samples", (len(a), len(b)), alike, tested, this)
    if min(len(a), len(b)) < _FEWEST:
        return untested(made, asked)
    effect = a.mean(axis=0) - b.mean(axis=0)
    a, b = own(a, alike), own(b, alike)
    found = memberships(len(a), len(b), limit=arrangements, rng=asked.rng)
    values = np.concatenate([a, b])
    centred = without(values, np.ones((len(values), 1)))
    sample: FloatArray = found.rows - len(a) / len(values)
    return judged(sample, centred, effect, found=found, made=made, asked=asked)


def regression(
    curves: xr.DataArray,
    covariate: FloatArray,
    *,
    unit: Unit,
    nuisance: FloatArray | None = None,
    method: Method = "cluster",
    arrangements: int = ARRANGEMENTS,
    rng: np.random.Generator | None = None,
) -> CurveTest:
    """Whether curves change with a covariate anywhere (speed, minute, session), by exchanging its values.

    Parameters
    ----------
    curves : DataArray, dims (cycle, phase), any unit
        As in ``one_sample``.
    covariate : ndarray, shape (cycle,)
        A row without a value is left out.
    unit
        As in ``one_sample``; of strides the predecessor's part is taken out of covariate and nuisance too.
    nuisance : ndarray, shape (cycle,) or (cycle, k), optional
        What else the curves may change with. Its part is taken out first, and the residuals are rearranged
        (Freedman and Lane 1983, J Bus Econ Stat 1:292; Winkler 2014, NeuroImage 92:381).
    method, arrangements, rng
        As in ``one_sample``.

    Returns
    -------
    CurveTest
        The effect is the change of the straight line from the smallest to the largest value of the covariate.

    Raises
    ------
    SchemaError
        If lengths or dimensions are others, or nothing of the covariate is left beside the nuisance.
    """
    values = _values(curves, "curves")
    asked = Asked(unit, method, arrangements, _drawer(rng))
    design = _design(len(values), covariate, nuisance)
    values[~np.isfinite(design).all(axis=1)] = np.nan
    (there,), tested = measured((values,))
    values, design = np.where(tested, values[there], 0.0), design[there]
    # one row is lost to the likeness, and one is needed beyond those that the design takes
    enough = len(values) >= design.shape[1] + 2
    alike = likeness([without(values, design)]) if unit == "stride" and enough else 0.0
    made = Made("regression", (len(values),), alike, tested, curves)
    if not enough:
        return untested(made, asked)
    effect: FloatArray = np.linalg.lstsq(design, values, rcond=None)[0][-1] * np.ptp(design[:, -1])
    values, design = own(values, alike), own(design, alike)
    others = design[:, :-1]
    rest = without(design[:, -1:], others)[:, 0]
    if not rest.any():
        raise SchemaError("covariate: expected values that differ beside the nuisance, found none; leave it out")
    found = orders(len(values), limit=arrangements, rng=asked.rng)
    order = found.rows.astype(np.int64)
    residuals = without(values, others)
    # residuals have no part along the constant, however they are rearranged; only the other axes turn
    turned = [axis[order] for axis in axes_of(others)[:, 1:].T]
    return judged(rest[order], residuals, effect, turned, found=found, made=made, asked=asked)


def _by_signs(values: FloatArray, like: xr.DataArray, design: Design, asked: Asked) -> CurveTest:
    (there,), tested = measured((values,))
    values = np.where(tested, values[there], 0.0)
    alike = likeness([values]) if asked.unit == "stride" else 0.0
    made = Made(design, (len(values),), alike, tested, like)
    if len(values) < _FEWEST:
        return untested(made, asked)
    effect = values.mean(axis=0)
    values = own(values, alike)
    found = signs(len(values), limit=asked.arrangements, rng=asked.rng)
    return judged(found.rows, values, effect, found=found, made=made, asked=asked)


def _design(n: int, covariate: FloatArray, nuisance: FloatArray | None) -> FloatArray:
    """Constant, nuisance and covariate, shape (cycle, column)."""
    columns = [np.ones((n, 1)), np.asarray(covariate, dtype=np.float64).reshape(-1, 1)]
    if nuisance is not None:
        columns.insert(1, np.asarray(nuisance, dtype=np.float64).reshape(len(nuisance), -1))
    if any(len(c) != n for c in columns):
        raise SchemaError(f"expected one value of covariate and nuisance for each of {n} rows, found another number")
    return np.concatenate(columns, axis=1)


def _values(curves: xr.DataArray, name: str) -> FloatArray:
    values: FloatArray = require(curves, dims=("cycle", "phase"), name=name).values.copy()
    return values


def _same(this: xr.DataArray, other: xr.DataArray) -> None:
    found = this.attrs.get("units"), other.attrs.get("units")
    if found[0] != found[1]:
        raise UnitsError(f"expected one unit for both, found {found[0]!r} and {found[1]!r}; convert one")
    if this.sizes["phase"] != other.sizes["phase"]:
        raise SchemaError("expected the same phases in both, found different numbers; normalise both alike")


def _drawer(rng: np.random.Generator | None) -> np.random.Generator:
    return np.random.default_rng(0) if rng is None else rng
