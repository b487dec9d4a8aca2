"""Numbers of chapters that two recordings share: an outing against an outing, a test against a test."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from restride.chapters.chapter import Chapter, Measure
from restride.pipeline.comparison.records import MeasureChange

Key = tuple[str, str, str]
METHOD: Final = (
    "first minus second; interval from the two intervals, taken as independent (square-and-add: Zou and Donner 2008)"
)


def of_measures(first: Sequence[Chapter], second: Sequence[Chapter]) -> list[MeasureChange]:
    """First minus second of every number that both name and count in the same way.

    Parameters
    ----------
    first, second : sequence of Chapter
    """
    titles = {chapter.key: chapter.title for chapter in (*second, *first)}
    ours, theirs = measures_by_key(first), measures_by_key(second)
    return [_change(titles[key[0]], one, theirs[key]) for key, one in ours.items() if _alike(one, theirs.get(key))]


def measures_by_key(chapters: Sequence[Chapter]) -> dict[Key, Measure]:
    """The measured numbers by chapter, name and side; of two with one name, the one with an interval, else the first.

    Parameters
    ----------
    chapters : sequence of Chapter
    """
    found: dict[Key, Measure] = {}
    for key, measure in _each(chapters):
        known = found.get(key)
        if known is None or (known.interval is None and measure.interval is not None):
            found[key] = measure
    return found


def _each(chapters: Sequence[Chapter]) -> Iterator[tuple[Key, Measure]]:
    for chapter in chapters:
        for measure in chapter.measures:
            if np.isfinite(measure.value):
                yield (chapter.key, measure.name, measure.side), measure


def _alike(one: Measure, other: Measure | None) -> bool:
    return other is not None and one.units == other.units


def _change(title: str, one: Measure, other: Measure) -> MeasureChange:
    value = one.value - other.value
    interval, reason = None, one.interval_reason or other.interval_reason or "no interval in one of the two"
    if one.interval is not None and other.interval is not None:
        (a, b), (c, d) = one.interval, other.interval
        low = value - float(np.hypot(one.value - a, d - other.value))
        high = value + float(np.hypot(b - one.value, other.value - c))
        interval, reason = (low, high), ""
    return MeasureChange(
        chapter=title,
        name=one.name,
        side=one.side,
        units=one.units,
        shown_in=one.shown_in,
        this=one.value,
        other=other.value,
        value=value,
        interval=interval,
        interval_reason=reason,
        method=METHOD,
    )
