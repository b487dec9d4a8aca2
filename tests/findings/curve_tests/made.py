"""Made-up sets of curves, and the obvious loops that the tests of curves are held against."""

from collections.abc import Iterable
from itertools import groupby

import numpy as np
import xarray as xr
from scipy import stats

from restride.signals.schema import FloatArray, labelled


def curves(values: FloatArray, *, units: str = "rad") -> xr.DataArray:
    """Rows of values as curves over the stride."""
    phase = np.linspace(0.0, 100.0, values.shape[1])
    return labelled(values, dims=("cycle", "phase"), units=units, coords={"phase": phase})


def smooth(n: int, *, seed: int, phases: int = 41) -> FloatArray:
    """Curves of noise that neighbouring phases share."""
    noise = np.random.default_rng(seed).standard_normal((n, phases + 12))
    kernel = np.sin(np.linspace(0, np.pi, 15)[1:-1]) ** 2
    return np.stack([np.convolve(row, kernel / np.linalg.norm(kernel), mode="valid") for row in noise])


def slow_mass(field: FloatArray, threshold: float) -> float:
    """Mass of the largest run, phase by phase."""
    sides = [0.0 if abs(t) < threshold else float(np.sign(t)) for t in field]
    place, largest = 0, 0.0
    for side, run in groupby(sides):
        length = len(list(run))
        if side:
            largest = max(largest, sum(abs(t) for t in field[place : place + length]))
        place += length
    return largest


def slow_p(fields: Iterable[FloatArray], *, freedom: int) -> dict[str, float]:
    """p of the largest run and of the largest value; the first field is the observed one."""
    threshold = float(stats.t.ppf(0.975, freedom))
    found = list(fields)
    out = {}
    sizes = {"cluster": [slow_mass(f, threshold) for f in found], "maximum": [float(np.abs(f).max()) for f in found]}
    for method, size in sizes.items():
        out[method] = float((np.array(size) >= size[0] * (1 - 1e-9)).mean())
    return out
