"""Whole-curve tests: published figures, SciPy at single phases, and how often alike curves are called different.

Everything is made up here but the published examples. Null curves are noise smoothed over the stride (SD of the
kernel 6 % of it); strides that wander follow an autoregression of first order. Nothing of the method was fitted
to these curves; the choice between blocks and taking out what neighbours share was made on others of this kind.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import xarray as xr
from scipy import ndimage, stats

from restride.findings.curve_tests import (
    ALPHA,
    CurveTest,
    Method,
    Unit,
    band,
    one_sample,
    paired,
    regression,
    two_sample,
)
from restride.findings.curve_tests.rearranged import memberships
from restride.signals.schema import FloatArray, labelled
from validation.row import Row

DATA_SETS: Final = 2000
SHOWN: Final = 500  # where the figure is far from any bar
BANDS: Final = 300
# a twentieth of them is a whole number, so that the nominal rate can be met
DRAWN: Final = 200
PHASES: Final = 101
SMOOTH: Final = 6.0
# differences of fifteen pairs of maize in eighths of an inch; Fisher 1935, The Design of Experiments, sections 17, 21
MAIZE: Final = (49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48)
MAIZE_AS_FAR: Final = 2 * 863
# six scans of one voxel, A and B in turn, and the mean of B less that of A under the first eight of the twenty
# labellings (AAABBB, AABABB, ...), of which the sixth was observed; Nichols and Holmes 2002, Hum Brain Mapp 15:1
SCANS: Final = (90.48, 103.00, 87.83, 99.93, 96.06, 99.76)
LABELLINGS: Final = (4.82, -3.25, -0.67, -3.15, 6.86, 9.45, 6.97, 1.38)
Null = Callable[[np.random.Generator], tuple[FloatArray, FloatArray]]
Test = Callable[[FloatArray, FloatArray, np.random.Generator], CurveTest]


def rows(shared: Path) -> list[Row]:
    """All figures; ``shared`` is not needed."""
    del shared
    return [*_published(), *_beside_scipy(), *_independent(), *_few(), *_strides(), *_bands()]


def _published() -> Iterator[Row]:
    maize = one_sample(_curves(np.array(MAIZE)[:, None] / 8), unit="session", arrangements=2 ** len(MAIZE))
    count = round(float(maize.p[0]) * 2 ** len(MAIZE))
    note = f"p = {float(maize.p[0]):.4f}: {count} of {maize.arrangements} sign flips; Fisher 1935 counts {MAIZE_AS_FAR}"
    yield Row("Darwin's maize, sign flips as far from zero", abs(count - MAIZE_AS_FAR), "apart", 0.0, "max", note)
    found = memberships(3, 3, limit=100, rng=np.random.default_rng(0))
    differences = -(2 * found.rows - 1) @ np.array(SCANS) / 3
    apart = float(np.abs(differences[: len(LABELLINGS)] - LABELLINGS).max())
    note = "Nichols and Holmes 2002; scans and differences are published to 0.01"
    yield Row(
        "six scans of one voxel, first labellings, largest difference from the paper", apart, "", 0.015, "max", note
    )
    as_far = 2 * int((np.abs(differences) >= np.abs(differences[5])).sum())
    note = f"{as_far} of {found.among} two-sided; the paper: 1 of 20 one-sided"
    yield Row("six scans of one voxel, labellings as far", abs(as_far - 2), "apart", 0.0, "max", note)


def _beside_scipy() -> Iterator[Row]:
    rng = np.random.default_rng(0)
    worst_p = worst_t = 0.0
    for _ in range(20):
        a, b = _smooth(rng, 5) + 0.8, _smooth(rng, 6)
        field = two_sample(_curves(a), _curves(b), unit="session")
        expected = stats.ttest_ind(a, b).statistic
        worst_t = max(worst_t, float(np.abs(field.statistic.values / expected - 1).max()))
        single = two_sample(_curves(a[:, :1]), _curves(b[:, :1]), unit="session", method="maximum")
        slow = stats.permutation_test((a[:, 0], b[:, 0]), _apart, vectorized=True, alternative="greater")
        worst_p = max(worst_p, abs(float(single.p[0]) - float(slow.pvalue)))
    yield Row(
        "field against SciPy's t at each phase, largest part", worst_t, "1", 1e-9, "max", "20 sets, 5 and 6 curves"
    )
    note = "20 sets, all 462 arrangements"
    yield Row("p at one phase against SciPy's permutation test", worst_p, "1", 1e-12, "max", note)


def _independent() -> Iterator[Row]:
    for n, method in ((12, "cluster"), (20, "maximum")):
        yield _around(f"two samples of {n}, {method}", _rate(partial(_both, _smooth, n), _two("session", method)))
    yield _around("14 pairs, cluster", _rate(partial(_both, _smooth, 14), _paired))
    rate = _rate(lambda rng: (_smooth(rng, 16), rng.standard_normal((2, 16))), _regression)
    yield _around("regression of 16 beside a nuisance (Freedman and Lane), cluster", rate)


def _few() -> Iterator[Row]:
    for method in ("cluster", "maximum"):
        rate = _rate(partial(_both, _smooth, 5), _two("session", method, arrangements=252))
        note = f"all 252 arrangements; {DATA_SETS} sets"
        yield Row(f"alike curves called different: 5 against 5, {method}", rate, "%", 6.0, "max", note)


def _strides() -> Iterator[Row]:
    name, own = "alike strides called different", f"each leg wanders by itself; {DATA_SETS} sets"
    for n, r in ((5, 0.3), (12, 0.3), (20, 0.5)):
        rate = _rate(partial(_both, partial(_wandering, r=r), n), _two("stride"))
        yield Row(f"{name}: {n} a leg, neighbours r = {r}", rate, "%", 6.0, "max", own)
    rate = _rate(partial(_both, partial(_wandering, r=0.3), 12), _two("session"), sets=SHOWN)
    yield Row(
        f"{name}: 12 a leg, r = 0.3, taken as independent", rate, "%", None, note="what forgetting the order costs"
    )
    rate = _rate(_together, _two("stride"), sets=SHOWN)
    yield Row(f"{name}: 12 a leg, r = 0.5, both legs wander together", rate, "%", 6.0, "max", "careful, as said")
    rate = _rate(partial(_both, _drifting, 20), _two("stride"), sets=SHOWN)
    note = "each leg drifts by itself over ten strides, 30 % of the variance: what the test cannot know; not solved"
    yield Row(f"{name}: 20 a leg, slow drift of each leg", rate, "%", None, note=note)


def _bands() -> Iterator[Row]:
    for n, r in ((12, 0.0), (12, 0.3), (40, 0.5)):
        rng, whole, single, width = np.random.default_rng(0), 0, 0.0, 0.0
        for _ in range(BANDS):
            strides = _wandering(rng, n, r)
            curve = band(_curves(strides), unit="stride", rng=rng)
            phase = band(_curves(strides), unit="stride", over="phase", rng=rng)
            whole += bool(((curve["low"] <= 0) & (curve["high"] >= 0)).all())
            single += float(((phase["low"] <= 0) & (phase["high"] >= 0)).mean())
            width += float((curve["high"] - curve["low"]).mean()) / BANDS
        note = f"whole curve; each phase by itself {100 * single / BANDS:.1f} %; width {width:.2f} SD; {BANDS} sets"
        yield Row(
            f"95 % bands that hold the true mean: {n} strides, r = {r}", 100 * whole / BANDS, "%", 92.0, note=note
        )


def _around(name: str, rate: float) -> Row:
    note = f"{rate:.1f} % of {DATA_SETS} sets called different at p = 0.05 (SD of the figure 0.5 %)"
    return Row(f"alike curves called different, away from 5 %: {name}", abs(rate - 5), "% points", 1.0, "max", note)


def _rate(made: Null, test: Test, *, sets: int = DATA_SETS) -> float:
    """Percent of null sets called different; one that cannot be tested is not."""
    rng = np.random.default_rng(0)
    found = [test(*made(rng), rng) for _ in range(sets)]
    return 100 * sum(not result.reason and result.smallest_p <= ALPHA for result in found) / sets


def _both(
    made: Callable[[np.random.Generator, int], FloatArray], n: int, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    return made(rng, n), made(rng, n)


def _two(unit: Unit, method: str = "cluster", *, arrangements: int = DRAWN) -> Test:
    chosen: Method = "cluster" if method == "cluster" else "maximum"

    def test(a: FloatArray, b: FloatArray, rng: np.random.Generator) -> CurveTest:
        return two_sample(_curves(a), _curves(b), unit=unit, method=chosen, arrangements=arrangements, rng=rng)

    return test


def _paired(a: FloatArray, b: FloatArray, rng: np.random.Generator) -> CurveTest:
    return paired(_curves(a), _curves(b), unit="session", arrangements=DRAWN, rng=rng)


def _regression(y: FloatArray, covariates: FloatArray, rng: np.random.Generator) -> CurveTest:
    x, z = covariates
    # the nuisance moves both the curves and the covariate
    made = _curves(y + z[:, None])
    return regression(made, x + z, nuisance=z, unit="session", arrangements=DRAWN, rng=rng)


def _smooth(rng: np.random.Generator, n: int) -> FloatArray:
    """Independent curves of variance one at each phase."""
    margin = 40
    noise = ndimage.gaussian_filter1d(rng.standard_normal((n, PHASES + 2 * margin)), SMOOTH, axis=1)
    curves: FloatArray = noise[:, margin:-margin] * np.sqrt(2 * SMOOTH * np.sqrt(np.pi))
    return curves


def _wandering(rng: np.random.Generator, n: int, r: float) -> FloatArray:
    """Strides of variance one of which each is like the one before."""
    strides = _smooth(rng, n)
    for i in range(1, n):
        strides[i] = r * strides[i - 1] + np.sqrt(1 - r**2) * strides[i]
    return strides


def _together(rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    pace = _wandering(rng, 12, 0.5)
    return pace + 0.5 * _smooth(rng, 12), pace + 0.5 * _smooth(rng, 12)


def _drifting(rng: np.random.Generator, n: int) -> FloatArray:
    drifting: FloatArray = np.sqrt(0.3) * _wandering(rng, n, 0.9) + np.sqrt(0.7) * _smooth(rng, n)
    return drifting


def _apart(x: FloatArray, y: FloatArray, axis: int) -> FloatArray:
    difference: FloatArray = np.abs(x.mean(axis=axis) - y.mean(axis=axis))
    return difference


def _curves(values: FloatArray) -> xr.DataArray:
    phase = np.linspace(0.0, 100.0, values.shape[1])
    return labelled(values, dims=("cycle", "phase"), units="rad", coords={"phase": phase})
