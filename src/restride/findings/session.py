"""Changes within a session: what began at which minute, beyond drift, speed and what the other leg did too."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from restride.errors import SchemaError
from restride.findings.change_points import Change, change, size_at
from restride.signals.recording import Side
from restride.signals.schema import FloatArray

# a quarter of a minute holds some ten strides of a leg, and an onset within a minute still shows
BIN_S: Final = 15.0
# longer sessions are cut into no more stretches than this, which bounds the time it takes
MOST_BINS: Final = 240
# records or strides in a quarter of a minute; watches that record smartly write one in some seconds
FEWEST_IN_BIN: Final = 2
# what was done for less than this between two pauses is no part of the course
SHORTEST_S: Final = 120.0
# a sentence is wrong in at most one session of twenty, however many measures are looked at
FALSE_ALARMS: Final = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """One measure over a session, by stretches of a quarter of a minute, or of several in a long session.

    Attributes
    ----------
    name, units : str
    time_s : ndarray, shape (bin,)
        Middle of each stretch that holds enough of it.
    values : ndarray, shape (bin,)
        Of both legs together, or left minus right.
    legs : tuple of ndarray or None
        The left and the right leg's own values, where ``values`` is their difference.
    covariates : ndarray, shape (bin, k), or None
    """

    name: str
    units: str
    time_s: FloatArray
    values: FloatArray
    legs: tuple[FloatArray, FloatArray] | None
    covariates: FloatArray | None


@dataclass(frozen=True, slots=True, eq=False)
class Onset:
    """The likeliest change of one measure, and whether it is told.

    Attributes
    ----------
    course : Course
    change : Change
    certain : bool
        Holm's correction over all measures of the session keeps false alarms below one session in twenty.
    sizes : tuple of float or None
        Change of the left and of the right leg by itself, where the course is their difference.
    side : {"left", "right"} or None
        The leg that changed more, where the course is of two legs.
    fitted : ndarray, shape (bin,)
    """

    course: Course
    change: Change
    certain: bool
    sizes: tuple[float, float] | None
    side: Side | None
    fitted: FloatArray


def course(
    name: str,
    units: str,
    time_s: FloatArray,
    values: FloatArray,
    *,
    covariates: FloatArray | None = None,
) -> Course:
    """A measure of both legs together by stretches, medians.

    Parameters
    ----------
    name, units : str
    time_s, values : ndarray, shape (n,)
        NaN is left out.
    covariates : ndarray, shape (n, k), optional
        On the same times.
    """
    columns = values[:, None] if covariates is None else np.column_stack([values, covariates])
    at_s, medians = _binned(time_s, columns, _width_s(time_s))
    return Course(name, units, at_s, medians[:, 0], None, None if covariates is None else medians[:, 1:])


def legs_apart(
    name: str,
    units: str,
    left: tuple[FloatArray, FloatArray],
    right: tuple[FloatArray, FloatArray],
    *,
    covariates: tuple[FloatArray, FloatArray] | None = None,
) -> Course:
    """A measure of the left leg minus the right's by stretches, where both are there.

    What both legs do alike, the ordinary drift of a long run, drops out.

    Parameters
    ----------
    name, units : str
    left, right : tuple of ndarray
        Times and values of each leg's strides.
    covariates : tuple of ndarray, optional
        Times, and values of shape (n, k).
    """
    width_s = _width_s(np.concatenate([left[0], right[0]]))
    (left_s, a), (right_s, b) = (_binned(t, v[:, None], width_s) for t, v in (left, right))
    shared = np.intersect1d(left_s, right_s)
    if covariates is not None:
        other_s, columns = _binned(*covariates, width_s)
        shared = np.intersect1d(shared, other_s)
        columns = columns[np.isin(other_s, shared)]
    own = a[np.isin(left_s, shared), 0], b[np.isin(right_s, shared), 0]
    return Course(name, units, shared, own[0] - own[1], own, None if covariates is None else columns)


def onsets(courses: Sequence[Course], *, rng: np.random.Generator) -> list[Onset]:
    """The likeliest change of each course, the surest first; courses that are too short are left out.

    Parameters
    ----------
    courses : sequence of Course
    rng : Generator

    Notes
    -----
    ``change_points.change`` on each; Holm 1979 over all of them.
    """
    found: list[tuple[Course, Change]] = []
    for one in courses:
        try:
            found.append((one, change(one.time_s, one.values, covariates=one.covariates, rng=rng)))
        except SchemaError:
            continue
    found.sort(key=lambda pair: pair[1].p)
    told, open_still = [], True
    for i, (one, what) in enumerate(found):
        open_still = open_still and what.p * (len(found) - i) <= FALSE_ALARMS
        told.append(_onset(one, what, open_still))
    return told


def _onset(one: Course, what: Change, certain: bool) -> Onset:
    _, fitted = size_at(one.time_s, one.values, what, covariates=one.covariates)
    if one.legs is None:
        return Onset(one, what, certain, None, None, fitted)
    left, right = (size_at(one.time_s, leg, what, covariates=one.covariates)[0] for leg in one.legs)
    return Onset(one, what, certain, (left, right), "left" if abs(left) > abs(right) else "right", fitted)


def _width_s(time_s: FloatArray) -> float:
    span_s = float(np.ptp(time_s)) if time_s.size else 0.0
    return BIN_S * max(1, math.ceil(span_s / BIN_S / MOST_BINS))


def _binned(time_s: FloatArray, columns: FloatArray, width_s: float) -> tuple[FloatArray, FloatArray]:
    """Middle of each stretch that holds enough whole rows, and their medians."""
    whole = np.isfinite(columns).all(axis=1)
    time_s, columns = time_s[whole], columns[whole]
    number = np.floor(time_s / width_s)
    bins, counts = np.unique(number, return_counts=True)
    bins = _unbroken(bins[counts >= FEWEST_IN_BIN], round(SHORTEST_S / width_s))
    medians = np.array([np.median(columns[number == b], axis=0) for b in bins]).reshape(bins.size, columns.shape[1])
    return (bins + 0.5) * width_s, medians


def _unbroken(bins: FloatArray, fewest: int) -> FloatArray:
    """Those of the stretches that follow each other for long enough; one missing between them breaks nothing."""
    if not bins.size:
        return bins
    group = np.concatenate([[0], np.cumsum(np.diff(bins) > 2)])
    kept: FloatArray = bins[np.bincount(group)[group] >= fewest]
    return kept
