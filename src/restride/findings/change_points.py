"""One change point in a course that may drift: whether there is one, and when, with neighbours that are alike.

A course drifts through a session without anything having begun. So a change is sought beyond drift (and beyond
speed or whatever is given as covariate), and held against what noise of the same memory would show by chance.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from restride.errors import SchemaError
from restride.signals.schema import FloatArray

Shape = Literal["step", "growth"]
CONFIDENCE: Final = 0.95
# what does not jump is taken to grow within this time and then to stay
GROWS_S: Final = 300.0
# a part shorter than this before or after the change cannot be told from an unruly start or end
EDGE_S: Final = 120.0
# fewer points carry no drift, change and memory at once
FEWEST: Final = 24
# a warming up that is over within some minutes bends the beginning of a course
WARM_UP_S: Final = 240.0
# memories looked at, and courses drawn of each
MEMORIES: Final = 20
DRAWS: Final = 200
# correlation of neighbours; beyond the first, noise and drift are one thing
MOST_ALIKE: Final = 0.95
ALIKE: Final = 0.05
# a change that drift and covariates explain but for rounding is none
NOTHING: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Change:
    """The likeliest change point of a course.

    Attributes
    ----------
    at_s : float
        When it begins: where the stretch of its point does.
    interval_s : tuple of float
        95 % interval of ``at_s``.
    shape : {"step", "growth"}
        It jumps there, or begins to grow there and has grown after ``GROWS_S``.
    size : float
        By how much, in the course's unit.
    p : float
        How often noise of the same memory about the same drift shows as clear a change.
    memory : float
        Correlation of neighbours.
    n : int
        Points of the course.
    """

    at_s: float
    interval_s: tuple[float, float]
    shape: Shape
    size: float
    p: float
    memory: float
    n: int


def change(
    time_s: FloatArray, values: FloatArray, *, covariates: FloatArray | None = None, rng: np.random.Generator
) -> Change:
    """The one change point of a course that stands out most from drift and covariates.

    Parameters
    ----------
    time_s : ndarray, shape (n,)
        Middles of stretches, increasing, even but for pauses.
    values : ndarray, shape (n,)
        Any unit, no NaN.
    covariates : ndarray, shape (n, k), optional
        What the course follows anyway: speed, slope.
    rng : Generator

    Raises
    ------
    SchemaError
        If there are fewer than ``FEWEST`` points, none far enough from both ends, a NaN, or nothing left to explain.

    Notes
    -----
    Least squares of drift (straight, bent, warming up), covariates and a change: a step or a growth at every point that
    lies ``EDGE_S`` from both ends. The statistic is the share of the remaining squares that the clearest change
    explains. Courses without a change are drawn as autoregressive noise of first order, of every memory from none to
    ``MOST_ALIKE``; p is the share of those with the same memory beside their own clearest change as this
    course has, within ``ALIKE``, that show as clear a one. So neither the search nor the fitted drift makes
    neighbours look less alike than they are. The interval holds the 2.5th to 97.5th percentile of
    the change points found in courses drawn about the fit. Ours.
    """
    time_s, values = np.asarray(time_s, dtype=np.float64), np.asarray(values, dtype=np.float64)
    at = _places(time_s, values)
    since_s = time_s - time_s[0]
    known, shapes = _design(since_s, covariates), _shapes(since_s, at)
    # a growth that is still under way at the end has no size yet
    shapes[:, at.size :] *= since_s[-1] - since_s[at] >= GROWS_S
    basis = np.linalg.qr(known)[0]
    free = _free(shapes, basis)
    rest = values - basis @ (basis.T @ values)
    if np.linalg.norm(rest) <= NOTHING * np.linalg.norm(values):
        raise SchemaError("expected a course that scatters, found one that drift and covariates explain wholly")
    seen = _sought(free, basis, values[:, None])
    best = int(seen.place[0])
    beside = rest - free[:, best] * (free[:, best] @ rest)
    shocks = beside[1:] - seen.memory[0] * beside[:-1]
    # courses without a change, of every memory; those that look as alike as this one are what it is held against
    memories = np.repeat(np.linspace(0.0, MOST_ALIKE, MEMORIES), DRAWS)
    drawn = _sought(free, basis, _noise(shocks, memories, values.size, rng))
    alike = np.abs(drawn.memory - seen.memory[0]) <= ALIKE
    clear = drawn.explained[alike] >= seen.explained[0]
    memory = float(np.median(memories[alike])) if alike.any() else MOST_ALIKE
    # courses with this change, and where it would be found in them
    fitted = np.column_stack([known, shapes[:, best]])
    weights = np.linalg.lstsq(fitted, values, rcond=None)[0]
    again = (fitted @ weights)[:, None] + _noise(shocks, np.full(DRAWS, memory), values.size, rng)
    found = time_s[at[_sought(free, basis, again).place % at.size]]
    # a point is the middle of its stretch and a change begins with one; it is known no better than to its stretch
    half_s = float(np.median(np.diff(time_s))) / 2
    low, high = np.quantile(found, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]) - half_s
    when = float(time_s[at[best % at.size]]) - half_s
    return Change(
        at_s=when,
        interval_s=(min(float(low), when) - half_s, max(float(high), when) + half_s),
        shape="step" if best < at.size else "growth",
        size=float(weights[-1]),
        p=float((1 + clear.sum()) / (1 + clear.size)),
        memory=memory,
        n=values.size,
    )


def _places(time_s: FloatArray, values: FloatArray) -> np.ndarray:
    """Points at which a change may begin."""
    if values.size < FEWEST:
        raise SchemaError(f"expected at least {FEWEST} points of a course, found {values.size}; record longer")
    if not np.isfinite(values).all():
        raise SchemaError("expected a course without gaps, found NaN; leave those points out")
    since_s, place = time_s - time_s[0], np.arange(values.size)
    # in points too, so that a few scattered ones behind a long pause are no part of their own
    edge = round(EDGE_S / float(np.median(np.diff(time_s))))
    inside = (since_s >= EDGE_S) & (since_s[-1] - since_s >= EDGE_S)
    at = np.flatnonzero(inside & (place >= edge) & (values.size - place >= edge))
    if not at.size:
        raise SchemaError(f"expected a course of more than {2 * EDGE_S / 60:.0f} minutes, found a shorter one")
    return at


def _free(shapes: FloatArray, basis: FloatArray) -> FloatArray:
    """Each change as far as drift and covariates do not explain it already, of length one; 0 if they do."""
    free = shapes - basis @ (basis.T @ shapes)
    length = np.linalg.norm(free, axis=0)
    there = length > NOTHING * np.sqrt(shapes.shape[0])
    return np.where(there, free / np.where(there, length, 1.0), 0.0)


def size_at(
    time_s: FloatArray, values: FloatArray, found: Change, *, covariates: FloatArray | None = None
) -> tuple[float, FloatArray]:
    """Size of a change found elsewhere in this course, and the course as fitted with it.

    Parameters
    ----------
    time_s, values
        As for ``change``.
    found : Change
        Of another course on the same times: of the difference of two legs, for instance.
    covariates
        As for ``change``.
    """
    since_s = time_s - time_s[0]
    shape = _shapes(since_s, np.array([int(np.searchsorted(time_s, found.at_s))]))[:, 0 if found.shape == "step" else 1]
    fitted = np.column_stack([_design(since_s, covariates), shape])
    weights = np.linalg.lstsq(fitted, values, rcond=None)[0]
    return float(weights[-1]), np.asarray(fitted @ weights, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class _Sought:
    """The clearest change of each course: share of squares explained, its column, memory beside it."""

    explained: FloatArray
    place: np.ndarray
    memory: FloatArray


def _sought(free: FloatArray, basis: FloatArray, courses: FloatArray) -> _Sought:
    rest = courses - basis @ (basis.T @ courses)
    along = free.T @ rest
    place = (along**2).argmax(axis=0)
    height = along[place, np.arange(place.size)]
    squares = (rest**2).sum(axis=0)
    beside = rest - free[:, place] * height
    memory = (beside[1:] * beside[:-1]).sum(axis=0) / (beside**2).sum(axis=0)
    return _Sought(height**2 / squares, np.asarray(place), memory)


def _design(since_s: FloatArray, covariates: FloatArray | None) -> FloatArray:
    """What a course follows without any change: straight and bent drift, warming up, covariates."""
    t = since_s / since_s[-1]
    columns = [np.ones_like(t), t, t**2, np.exp(-since_s / WARM_UP_S)]
    if covariates is not None:
        columns += [c - c.mean() for c in np.asarray(covariates, dtype=np.float64).T if np.ptp(c) > 0]
    return np.column_stack(columns)


def _shapes(since_s: FloatArray, at: np.ndarray) -> FloatArray:
    """A step at each place, then a growth from each place on; 0 before, 1 in the end."""
    after_s = since_s[:, None] - since_s[at]
    return np.concatenate([after_s >= 0, np.clip(after_s / GROWS_S, 0.0, 1.0)], axis=1).astype(np.float64)


def _noise(shocks: FloatArray, memories: FloatArray, n: int, rng: np.random.Generator) -> FloatArray:
    """Autoregressive noise of first order, one column for each memory, shape (n, draw)."""
    drawn: FloatArray = rng.choice(shocks - shocks.mean(), size=(n, memories.size))
    # begins as scattered as it goes on
    drawn[0] /= np.sqrt(1 - memories**2)
    for i in range(1, n):
        drawn[i] += memories * drawn[i - 1]
    return drawn
