"""The chapter of the way back after a run: counts of toe lifts or heel walks by minute."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from restride import standing
from restride.chapters.chapter import Chapter, Chart, Measure
from restride.signals.recording import Count, Recording, Side
from restride.signals.schema import SIDES
from restride.standing import Recovery

_METHOD: Final = (
    "counts stated in take.yaml; exponential way back by least squares, interval by profile likelihood "
    "(restride.standing.recovery)"
)
_WORDS: Final = {"toe_lift": "toe lifts", "heel_walk": "steps on the heels"}


def way_back(recording: Recording) -> list[Chapter]:
    """How each leg came back after the run was stopped; empty without counts.

    Parameters
    ----------
    recording : Recording
        ``conditions.recovery`` holds the counts, ``conditions.test`` what was counted.
    """
    counts = recording.conditions.recovery
    if not counts:
        return []
    word = _WORDS.get(recording.conditions.test or "", "repetitions")
    found = {side: _of(counts, side) for side in SIDES if any(c.side == side for c in counts)}
    return [
        Chapter(
            key="way_back",
            title="The way back after the run",
            sentences=tuple(_told(side, one, counts, word) for side, one in _slowest_first(found)),
            sureness=(
                f"From {len(counts)} counts of one day, as they were stated; a count is as sure as the counting, and "
                "other days are not known."
            ),
            measures=tuple(measure for side, one in found.items() for measure in _measures(side, one, word)),
            charts=(_chart(counts, word),),
            not_measured=(
                "why the leg gave way: counts do not say which muscle or nerve it was",
                *(f"the {side} leg: nothing of it was counted" for side in SIDES if side not in found),
            ),
            method=_METHOD,
        )
    ]


def _of(counts: tuple[Count, ...], side: str) -> Recovery:
    own = [c for c in counts if c.side == side]
    return standing.recovery([c.minute for c in own], [float(c.count) for c in own])


def _slowest_first(found: Mapping[Side, Recovery]) -> list[tuple[Side, Recovery]]:
    """The leg that had further to come back goes first."""
    return sorted(found.items(), key=lambda pair: pair[1].first - pair[1].last)


def _told(side: Side, found: Recovery, counts: tuple[Count, ...], word: str) -> str:
    minutes = [c.minute for c in counts if c.side == side]
    start = (
        f"{side[0].upper()}{side[1:]} foot: {found.first:.0f} {word} {_after(min(minutes))}, {found.last:.0f} "
        f"{_after(max(minutes))}"
    )
    if np.isnan(found.half_s):
        return f"{start}; no half-time is told: {found.reason}."
    low, high = found.interval or (np.nan, np.nan)
    span = f"at least {low / 60:.0f}" if np.isinf(high) else f"{low / 60:.0f} to {high / 60:.0f}"
    return f"{start}; half of the way back took {found.half_s / 60:.0f} min (95 % interval {span})."


def _after(minute: float) -> str:
    return "right after the run" if minute == 0 else f"after {minute:g} min"


def _measures(side: Side, found: Recovery, word: str) -> list[Measure]:
    reason = "one count each"
    out = [
        Measure(f"{word}, {when}", side, value, "counts", None, reason, 1, "count", "stated in take.yaml")
        for when, value in (("first count", found.first), ("last count", found.last))
    ]
    bounded = found.interval is not None and np.isfinite(found.interval[1])
    why = "" if bounded else found.reason or "the counts do not bound it from above"
    span = found.interval if bounded else None
    out.append(
        Measure("half-time of the way back", side, found.half_s, "s", span, why, found.n, "counts", _METHOD, "min")
    )
    return out


def _chart(counts: tuple[Count, ...], word: str) -> Chart:
    minutes = np.unique([c.minute for c in counts])
    series = {}
    for side in SIDES:
        own = {c.minute: float(c.count) for c in counts if c.side == side}
        if own:
            series[side] = np.array([own.get(float(m), np.nan) for m in minutes])
    ends = ", ".join(
        f"{side} {seen[0]:.0f} to {seen[-1]:.0f}" for side, v in series.items() if (seen := v[np.isfinite(v)]).size
    )
    return Chart(
        title=f"{word[0].upper()}{word[1:]} after the run",
        x=60.0 * minutes,
        x_words="time since the run was stopped",
        x_units="s",
        series={str(side): values for side, values in series.items()},
        y_words=word,
        y_units="1",
        style="dots",
        words=f"Counts over {minutes[-1] - minutes[0]:g} minutes: {ends}.",
        x_shown_in="min",
    )
