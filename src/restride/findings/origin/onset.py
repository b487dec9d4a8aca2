"""Which muscle or joint leaves the other situation first, along the stride."""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from restride.findings.origin.records import Departure
from restride.signals.schema import FloatArray

DRAWS: Final = 300
# share of the resampled strides in which a departure must be found at all
FOUND: Final = 0.9


def departures(
    curves: Mapping[str, tuple[FloatArray, FloatArray]],
    floors: Mapping[str, FloatArray | float],
    *,
    phase: FloatArray,
    rng: np.random.Generator,
) -> tuple[Departure, ...]:
    """Phase at which each mean difference first leaves its floor, earliest first.

    Parameters
    ----------
    curves : mapping of name to two arrays, shape (stride, phase)
        First and second situation.
    floors : mapping of name to array or float
        What a difference must exceed, in the unit of the curve.
    phase : array, shape (phase,), percent
    rng : Generator

    Returns
    -------
    tuple of Departure
        Only what departs in at least ``FOUND`` of the resamplings of strides; the interval holds 95 % of
        those.
    """
    found = []
    for name, (first, second) in curves.items():
        here = _onset(first.mean(axis=0) - second.mean(axis=0), floors[name], phase)
        if here is None:
            continue
        drawn = [_onset(_resampled(first, rng) - _resampled(second, rng), floors[name], phase) for _ in range(DRAWS)]
        seen = [d for d in drawn if d is not None]
        if len(seen) >= FOUND * DRAWS:
            low, high = np.quantile(seen, [0.025, 0.975])
            found.append(Departure(name, here, (float(low), float(high))))
    return tuple(sorted(found, key=_at))


def _at(departure: Departure) -> float:
    return departure.at


def _resampled(strides: FloatArray, rng: np.random.Generator) -> FloatArray:
    mean: FloatArray = strides[rng.integers(0, len(strides), len(strides))].mean(axis=0)
    return mean


def _onset(difference: FloatArray, floor: FloatArray | float, phase: Iterable[float]) -> float | None:
    beyond = np.abs(difference) > floor
    return next((float(p) for p, b in zip(phase, beyond, strict=True) if b), None)
