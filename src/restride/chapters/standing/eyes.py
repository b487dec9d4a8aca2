"""What closing the eyes changes: sway with eyes closed over sway with eyes open, for each leg."""

from typing import Final

import numpy as np
import pandas as pd

from restride.chapters.chapter import Measure
from restride.chapters.standing.attempts import FEWEST_EACH, named_side
from restride.findings.statistics import difference_estimate

_METHOD: Final = "ratio of mean sway velocities; interval from the logarithms of the trials"


def eyes_measures(rows: pd.DataFrame) -> list[Measure]:
    """Velocity with eyes closed over that with eyes open, where a leg has trials of both.

    Parameters
    ----------
    rows : DataFrame, columns ``side, eyes, velocity_m_s``
    """
    out: list[Measure] = []
    for side, own in rows.groupby("side", sort=False):
        shut, seen = (own.loc[own["eyes"] == eyes, "velocity_m_s"].to_numpy(float) for eyes in ("closed", "open"))
        if not shut.size or not seen.size:
            continue
        n = min(shut.size, seen.size)
        found = difference_estimate(np.log(shut), np.log(seen)) if n >= FEWEST_EACH else None
        span = None if found is None or found.interval is None else found.interval
        ends = None if span is None else (float(np.exp(span[0])), float(np.exp(span[1])))
        ratio = float(np.exp(np.log(shut).mean() - np.log(seen).mean()))
        reason = "" if ends else f"{n} trial{'s' if n > 1 else ''} of each: too few"
        counted = "trials" if n > 1 else "trial"
        name = "sway velocity, eyes closed over open"
        out.append(Measure(name, named_side(str(side)), ratio, "1", ends, reason, n, counted, _METHOD))
    return out


def eyes_words(measures: list[Measure]) -> list[str]:
    """The same as sentences.

    Parameters
    ----------
    measures : list of Measure
        As from ``eyes_measures``.
    """
    return [_one(measure) for measure in measures]


def _one(measure: Measure) -> str:
    leg = "" if measure.side == "both" else f" on the {measure.side} leg"
    start = f"With the eyes closed the weight moved {measure.value:.1f} times as fast as with open eyes{leg}"
    if measure.interval is None:
        return f"{start}; from {measure.n} trial{'s' if measure.n > 1 else ''} of each, too few for an interval."
    return f"{start} (95 % interval {measure.interval[0]:.1f} to {measure.interval[1]:.1f})."
