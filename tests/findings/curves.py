"""Made-up curves per stride whose differences are known."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from restride.signals.schema import FloatArray, labelled

PHASE: FloatArray = np.linspace(0.0, 100.0, 101)


def bump(centre: float, *, width: float = 8.0, height: float = 1.0) -> FloatArray:
    """A burst around ``centre`` percent that goes on across contact."""
    away = np.abs(PHASE - centre)
    away = np.minimum(away, 100.0 - away)
    shape: FloatArray = height * np.exp(-0.5 * (away / width) ** 2)
    return shape


def curves(
    columns: Mapping[str, tuple[Sequence[FloatArray], Sequence[FloatArray]]],
    *,
    units: str = "1",
    dim: str = "site",
) -> xr.DataArray:
    """Curves (cycle, phase, name) from left and right strides of every name."""
    left, right = next(iter(columns.values()))
    sides = ["left"] * len(left) + ["right"] * len(right)
    values = np.stack([np.stack([*a, *b]) for a, b in columns.values()], axis=-1)
    coords = {"cycle": np.arange(len(sides)), "side": ("cycle", sides), "phase": PHASE, dim: list(columns)}
    return labelled(values, dims=("cycle", "phase", dim), units=units, coords=coords)


def noisy(curve: FloatArray, n: int, *, spread: float = 0.02, seed: int = 0) -> list[FloatArray]:
    """``n`` strides of a curve, each with its own small offset."""
    rng = np.random.default_rng(seed)
    return [curve + spread * rng.standard_normal() for _ in range(n)]


def swapped(curves: xr.DataArray) -> xr.DataArray:
    """The same strides with the legs exchanged."""
    other = np.where(curves["side"].values == "left", "right", "left")
    return curves.assign_coords(side=("cycle", other))


def strides(n: int, *, toe_off: float = 0.36) -> pd.DataFrame:
    """A table of ``n`` kept strides of each leg, 0.7 s each."""
    start = np.tile(0.7 * np.arange(n), 2)
    return pd.DataFrame(
        {
            "start_s": start,
            "end_s": start + 0.7,
            "toe_off_s": start + 0.7 * toe_off,
            "side": ["left"] * n + ["right"] * n,
            "kept": True,
            "reason": "",
        }
    )
