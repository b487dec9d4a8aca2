"""Each change beside the person's own day-to-day noise, from baseline sessions."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from restride.findings.between import LEFT_AGAINST_RIGHT
from restride.findings.finding import Finding
from restride.findings.own_error import FEWEST_SESSIONS, Against, against, own_error
from restride.findings.pairs import per_leg
from restride.pipeline.analysis import Analysis
from restride.pipeline.comparison.curves import of_session
from restride.pipeline.comparison.measures import measures_by_key
from restride.pipeline.comparison.records import MeasureChange
from restride.pipeline.comparison.rows import Rows, pairs_of, shares

FEWER: Final = Against("not known", "not known: fewer than three baseline sessions")
NOT_IN_BASELINE: Final = Against("not known", "not known: fewer than three baseline sessions measured this")
# a lag is held against the shape of the two recordings compared, which the baseline does not have
OF_THE_PAIR: Final = ("timing",)

Key = tuple[str, str, str, str]


def beside_noise(
    rows: Rows,
    measures: Sequence[MeasureChange],
    compared: tuple[Analysis, Analysis],
    *,
    baseline: Sequence[Analysis],
    sticking: bool,
) -> dict[Finding | MeasureChange, Against]:
    """What each change is worth beside the person's own noise.

    Parameters
    ----------
    rows : Rows
    measures : sequence of MeasureChange
    compared : tuple of Analysis
    baseline : sequence of Analysis
        Sessions in which nothing was changed; below three nothing is known.
    sticking : bool
        As in ``on_one_scale``.
    """
    changed: list[Finding | MeasureChange] = [*rows.changes, *rows.interactions, *measures]
    if len(baseline) < FEWEST_SESSIONS:
        return dict.fromkeys(changed, FEWER)
    sessions = [_levels(session, rows, compared, sticking) for session in baseline]
    return {change: _against(change, sessions) for change in changed}


def _against(change: Finding | MeasureChange, sessions: Sequence[Mapping[Key, float]]) -> Against:
    key = _key(change)
    values = [level[key] for level in sessions if key in level and np.isfinite(level[key])]
    if len(values) < FEWEST_SESSIONS:
        return NOT_IN_BASELINE
    return against(change.value, own_error(values, about=change.name))


def _key(change: Finding | MeasureChange) -> Key:
    if isinstance(change, MeasureChange):
        return change.chapter, change.name, "", change.side
    return change.topic, change.name, change.window_name, change.side


def _levels(session: Analysis, rows: Rows, compared: tuple[Analysis, Analysis], sticking: bool) -> dict[Key, float]:
    """What one session measured, in the windows of the comparison."""
    curves = of_session(session, compared, sticking=sticking)
    pairs = [
        p for p in pairs_of(session, session, curves, rows.windows, sticking=sticking) if p.topic not in OF_THE_PAIR
    ]
    found: dict[Key, float] = dict(per_leg(pairs))
    for topic, name, window, side in tuple(found):
        other = (topic, name, window, "right")
        if side == "left" and other in found:
            between = found[topic, name, window, side] - found[other]
            found[topic, name + LEFT_AGAINST_RIGHT, window, "left"] = between
    for share in shares(session, session, rows.windows, names=("", ""), sticking=sticking):
        found[share.topic, share.name, share.window_name, share.side] = share.this
    titles = {chapter.key: chapter.title for chapter in session.chapters}
    for (chapter, name, side), measure in measures_by_key(session.chapters).items():
        found[titles[chapter], name, "", side] = measure.value
    return found
