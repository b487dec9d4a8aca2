"""How a leg comes back after a run: counts by minute, and the time to half of the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from restride.errors import SchemaError
from restride.signals.schema import FloatArray

CONFIDENCE: Final = 0.95
# three numbers are fitted (start, end, half-time); two more show whether they fit
FEWEST: Final = 5
# half-times that are looked at, as a share of the first and as a multiple of the whole time counted
SHORTEST_SHARE: Final = 0.1
LONGEST_TIMES: Final = 20.0
GRID: Final = 400
# one count more or less is what counting gives
ONE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Recovery:
    """The way back of one leg.

    Attributes
    ----------
    first, last : float
        Counts at the first and the last time.
    half_s : float
        Time to half of the way back; NaN if it is not known.
    interval : tuple of float or None
        95 % interval of ``half_s``; its upper end is infinite where the counts do not bound it.
    reason : str
        Why there is no half-time or no interval; empty if there are both.
    end : float
        Count that the fit tends to; NaN without a fit.
    n : int
    """

    first: float
    last: float
    half_s: float
    interval: tuple[float, float] | None
    reason: str
    end: float
    n: int


def recovery(minute: Sequence[float] | FloatArray, count: Sequence[float] | FloatArray) -> Recovery:
    """Time to half of the way back, from counts after a run.

    Parameters
    ----------
    minute : sequence of float
        Since the run was stopped.
    count : sequence of float, as many
        How often the leg could do the movement.

    Raises
    ------
    SchemaError
        If there is no count, or minutes and counts are not as many.

    Notes
    -----
    ``c(t) = end - (end - start) 2^(-t / half)``, least squares; for each half-time the two counts follow by
    a linear fit, and the interval holds the half-times whose squares are not larger than F allows (profile
    likelihood). With fewer than five counts, or without a rise by more than one count, there is
    nothing to fit. Ours.
    """
    at, counts = np.asarray(minute, dtype=np.float64), np.asarray(count, dtype=np.float64)
    if at.size == 0 or at.shape != counts.shape:
        raise SchemaError(f"expected a count for each minute, found {at.size} minutes and {counts.size} counts")
    order = np.argsort(at, kind="stable")
    at, counts = 60.0 * at[order], counts[order]
    first, last = float(counts[0]), float(counts[-1])

    def none(reason: str) -> Recovery:
        return Recovery(first, last, float("nan"), None, reason, float("nan"), int(at.size))

    if np.unique(at).size < FEWEST:
        return none(f"{np.unique(at).size} times counted, at least {FEWEST} are needed for a half-time")
    if float(np.median(counts[at > np.median(at)])) - first <= ONE:
        return none("the counts do not rise by more than one")
    span_s = float(at[-1] - at[0])
    steps = np.diff(np.unique(at))
    halves = np.geomspace(SHORTEST_SHARE * float(steps.min()), LONGEST_TIMES * span_s, GRID)
    fits = [_fit(at, counts, float(half)) for half in halves]
    squares = np.array([fit[0] for fit in fits])
    best = int(squares.argmin())
    if fits[best][1] <= fits[best][2]:
        return none("the counts fall")
    half_s = float(halves[best])
    if best == GRID - 1 or half_s > span_s:
        return none(f"half of the way back takes longer than the {span_s / 60:.0f} min counted")
    freedom = at.size - 3
    limit = squares[best] * (1 + float(stats.f.ppf(CONFIDENCE, 1, freedom)) / freedom)
    allowed = np.flatnonzero(squares <= limit)
    high = float("inf") if allowed[-1] == GRID - 1 else float(halves[allowed[-1]])
    low = 0.0 if allowed[0] == 0 else float(halves[allowed[0]])
    return Recovery(first, last, half_s, (low, high), "", float(fits[best][1]), int(at.size))


def _fit(at: FloatArray, counts: FloatArray, half_s: float) -> tuple[float, float, float]:
    """Sum of squares, end and start of the best curve with this half-time."""
    left = 2.0 ** (-at / half_s)
    design = np.stack([1 - left, left], axis=1)
    (end, start), *_ = np.linalg.lstsq(design, counts, rcond=None)
    return float(((design @ np.array([end, start]) - counts) ** 2).sum()), float(end), float(start)
