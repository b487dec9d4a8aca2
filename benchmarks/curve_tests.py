"""A whole-curve test of 30 against 30 curves, 1000 permutations, beside spm1d's; and that a seed gives one result."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import xarray as xr
from scipy import ndimage

from benchmarks.line import Line, against
from benchmarks.peer import from_pypi
from benchmarks.pypi_peers import PERMUTATIONS
from restride.findings.curve_tests import CurveTest, Method, two_sample
from restride.signals.schema import FloatArray, labelled

RATIO: Final = 10.0
CURVES, PHASES = 30, 101
METHODS: Final[tuple[Method, ...]] = ("maximum", "cluster")


def lines(shared: Path) -> list[Line]:  # noqa: ARG001  a topic's signature
    """Both methods; the peer's gives the threshold of the largest value and p of its clusters in one run."""
    rng = np.random.default_rng(0)
    this, other = (ndimage.gaussian_filter1d(rng.standard_normal((CURVES, PHASES)), 6, axis=1) for _ in range(2))
    this[:, 40:60] += 0.2  # so that there is a stretch, and nothing can be skipped
    found = []
    with TemporaryDirectory() as work:
        paths = [Path(work) / name for name in ("this.npy", "other.npy")]
        for path, values in zip(paths, (this, other), strict=True):
            np.save(path, values)
        with from_pypi("curves", *paths) as peer:
            for method in METHODS:
                job = f"curve test, {method}, {CURVES} + {CURVES} x {PHASES}, {PERMUTATIONS} permutations"
                found.append(
                    against(
                        job,
                        partial(tested, this, other, method),
                        lambda: peer.seconds("run"),
                        RATIO,
                        name=peer.version,
                    )
                )
    return [*found, *(repeated(this, other, method) for method in METHODS)]


def tested(this: FloatArray, other: FloatArray, method: Method) -> CurveTest:
    """Ours, from labelled curves to p."""
    rng = np.random.default_rng(0)
    a, b = curves(this), curves(other)
    return two_sample(a, b, unit="session", method=method, arrangements=PERMUTATIONS, rng=rng)


def repeated(this: FloatArray, other: FloatArray, method: Method) -> Line:
    """Whether a second run with the same seed gives the same p at every phase, to the last bit."""
    once, again = (tested(this, other, method).p.values for _ in range(2))
    apart = float(np.abs(once - again).max())
    job = f"curve test, {method}, two runs of one seed, largest difference of p"
    return Line(job, f"{apart:g}", "", f"{apart:g}", "= 0", np.array_equal(once, again))


def curves(values: FloatArray) -> xr.DataArray:
    """Rows as curves over the stride."""
    phase = np.linspace(0.0, 100.0, PHASES)
    return labelled(values, dims=("cycle", "phase"), units="rad", coords={"phase": phase})
