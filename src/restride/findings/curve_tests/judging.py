"""From a correlation of units with curves to a test: its field, its chance and its words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import xarray as xr

from restride.findings.curve_tests.clusters import mass, runs_beyond
from restride.findings.curve_tests.fields import correlations, largest, point, student
from restride.findings.curve_tests.rearranged import Rearranged, unit_length
from restride.findings.curve_tests.result import ALPHA, CurveTest, Design, Method, Stretch, Unit, in_words, too_few
from restride.signals.schema import FloatArray, labelled

BoolArray = npt.NDArray[np.bool_]
# arrangements that give the same differ by rounding only
_TIE: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What was asked for."""

    unit: Unit
    method: Method
    arrangements: int
    rng: np.random.Generator


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """What the test is made of: rows used, how alike neighbours are, phases tested, and labels."""

    design: Design
    n: tuple[int, ...]
    alike: float
    tested: BoolArray
    like: xr.DataArray


def measured(samples: Sequence[FloatArray]) -> tuple[list[BoolArray], BoolArray]:
    """Rows of each sample that count, and phases that are tested."""
    there: list[BoolArray] = [np.isfinite(x) for x in samples]
    some = [x[x.any(axis=1)] for x in there]
    tested: BoolArray = np.logical_and.reduce([2 * x.sum(axis=0) >= max(len(x), 1) for x in some])
    counting: list[BoolArray] = [np.asarray(x.any(axis=1) & x[:, tested].all(axis=1)) for x in there]
    return counting, tested


def judged(
    rows: FloatArray,
    values: FloatArray,
    effect: FloatArray,
    turned: Sequence[FloatArray] = (),
    *,
    found: Rearranged,
    made: Made,
    asked: Asked,
) -> CurveTest:
    """The test, if its arrangements can reach 0.05 at all."""
    if found.least_p > ALPHA or not made.tested.any():
        return untested(made, asked)
    rows = unit_length(rows)
    freedom = len(values) - len(turned) - (1 if made.design in ("one sample", "paired") else 2)
    field = student(correlations(rows[:1], values, [axis[:1] for axis in turned])[:, 0], freedom)
    beyond = point(ALPHA, freedom) if asked.method == "cluster" else None
    if beyond is not None and np.abs(field).max(initial=0.0) < beyond:
        chance = np.zeros(1)  # without a stretch there is nothing to hold against chance
    else:
        chance = np.sort(largest(rows, values, turned, freedom=freedom, threshold=beyond))
    if beyond is None:
        p = _shares(np.abs(field), chance)
        runs = runs_beyond(np.where(p <= ALPHA, np.sign(field), 0.0), 0.5)
        beyond = float(chance[-max(int(ALPHA * chance.size), 1)])
    else:
        p, runs = np.ones(field.size), runs_beyond(field, beyond)
        for start, end in runs:
            p[start:end] = _shares(np.array([mass(field, start, end)]), chance)
    phase = made.like["phase"].values
    stretches = tuple(
        Stretch(float(phase[a]), float(phase[b - 1]), bool(field[a] > 0), float(p[a:b].min())) for a, b in runs
    )
    looked_at = found.among if found.exact else len(found.rows)
    words = in_words(
        stretches,
        method=asked.method,
        unit=asked.unit,
        n=made.n,
        likeness=made.alike,
        arrangements=looked_at,
        exact=found.exact,
    )
    return CurveTest(
        design=made.design,
        method=asked.method,
        unit=asked.unit,
        effect=_curve(effect, made, str(made.like.attrs["units"])),
        statistic=_curve(field, made, "1"),
        p=_curve(p, made, "1"),
        stretches=stretches,
        threshold=beyond,
        n=made.n,
        likeness=made.alike,
        arrangements=looked_at,
        exact=found.exact,
        least_p=found.least_p,
        reason="",
        sentence=words,
    )


def untested(made: Made, asked: Asked) -> CurveTest:
    """A result that says why there is no test, and holds no p."""
    nothing = _curve(np.full(made.tested.size, np.nan), made, "1")
    reason = too_few(made.n, asked.unit)
    if min(made.n) > 1 and not made.tested.any():
        reason = "no phase was measured often enough to be tested"
    return CurveTest(
        design=made.design,
        method=asked.method,
        unit=asked.unit,
        effect=nothing.assign_attrs(units=made.like.attrs["units"]),
        statistic=nothing,
        p=nothing,
        stretches=(),
        threshold=float("nan"),
        n=made.n,
        likeness=made.alike,
        arrangements=0,
        exact=False,
        least_p=float("nan"),
        reason=reason,
        sentence=f"{reason}.",
    )


def _shares(sizes: FloatArray, chance: FloatArray) -> FloatArray:
    """Share of what chance made, in ascending order, that is at least as large as each size."""
    below = np.searchsorted(chance, sizes * (1.0 - _TIE), side="left")
    shares: FloatArray = (chance.size - below) / chance.size
    return shares


def _curve(values: FloatArray, made: Made, units: str) -> xr.DataArray:
    coords = {"phase": made.like["phase"].variable}
    return labelled(np.where(made.tested, values, np.nan), dims=("phase",), units=units, coords=coords)
