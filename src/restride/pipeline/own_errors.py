"""The own measurement error of each measure, from the outings of a history that one device recorded."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from restride.chapters.chapter import Chapter, Measure
from restride.chapters.watch.quantities import ON_FOOT, ON_WHEELS
from restride.findings.own_error import FEWEST_SESSIONS, METHOD, own_error

# what a person chooses for an outing is no error of measurement
CHOSEN: Final = ("duration", "distance", "speed", "power")


def own_error_chapters(table: pd.DataFrame) -> list[Chapter]:
    """How far each measure moves between outings of one sport with one device; no chapter where none has three.

    Parameters
    ----------
    table : DataFrame as in ``History``
    """
    chapters = [_chapter(str(sport), own) for sport, own in table.groupby("sport", sort=False)]
    return [chapter for chapter in chapters if chapter.measures]


def _chapter(sport: str, own: pd.DataFrame) -> Chapter:
    found = list(_errors(own))
    drifting = [measure.name for measure, drifts in found if drifts]
    told = tuple(
        f"A drift among the outings, which makes the number too large: {name}." for name in dict.fromkeys(drifting)
    )
    fewest = min((measure.n for measure, _ in found), default=0)
    return Chapter(
        key=f"own_error_{sport.replace(' ', '_')}",
        title=f"Your own noise: {sport}",
        sentences=(
            "A change between two outings that is smaller than the number below is smaller than your own day-to-day "
            "noise with that device.",
            *told,
        ),
        sureness=f"The smallest of these rests on {fewest} outings; the intervals say how little that is. The outings "
        "were not sorted by speed, hills or length, so what differed in these is in the numbers too.",
        measures=tuple(measure for measure, _ in found),
        not_measured=("noise of a measure with fewer than three outings of one device",),
        method=METHOD,
    )


def _errors(own: pd.DataFrame) -> Iterator[tuple[Measure, bool]]:
    """One measure per quantity and device that has outings enough, and whether its outings drift."""
    for (name, device, side), rows in own.groupby(["measure", "device", "side"], sort=False):
        if str(name) in CHOSEN or len(rows) < FEWEST_SESSIONS:
            continue
        error = own_error(rows["value"].to_numpy(dtype=float), about=str(name))
        if not np.isfinite(error.mdc):
            continue
        asked = next((q.shown_in for q in (*ON_FOOT, *ON_WHEELS) if q.name == name), "")
        measure = Measure(
            name=f"{name}, minimal detectable change ({device})",
            side="left" if side == "left" else "both" if side == "both" else "one, not stated which",
            value=error.mdc,
            units=str(rows["units"].iloc[0]),
            interval=error.mdc_interval,
            interval_reason="",
            n=error.n,
            counted="outings",
            method="1.96 sqrt(2) SD of the means of outings; chi-square interval",
            shown_in="%" if str(name).startswith("share of") else asked,
        )
        yield measure, any(doubt.severity == "warning" for doubt in error.doubts)
