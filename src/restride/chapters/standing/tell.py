"""The chapters of a test done standing, sitting or on the floor."""

import pandas as pd

from restride.chapters.chapter import Chapter
from restride.chapters.standing.balance import balance
from restride.chapters.standing.squats import squats
from restride.chapters.standing.taps import taps
from restride.chapters.standing.trunk import trunk
from restride.chapters.standing.way_back import way_back
from restride.signals.recording import Recording


def chapters(recording: Recording, table: pd.DataFrame) -> list[Chapter]:
    """What a test shows; none where take.yaml names no test and nobody stands on a plate.

    Parameters
    ----------
    recording : Recording
        ``conditions.test`` says which test it was, ``conditions.trials`` which attempts it holds.
    table : DataFrame
        Strides as from ``cycles.segment``; who takes some does not stand.

    Returns
    -------
    list of Chapter
        Of the way back after a run (``conditions.recovery``) too, whatever else was recorded.
    """
    walks = bool(table["kept"].any())
    told = way_back(recording)
    test = recording.conditions.test
    if test in ("toe_taps", "toe_lift"):
        return [*told, *taps(recording)]
    if test in ("single_leg_squat", "deadlift"):
        return [*told, *squats(recording), *balance(recording)]
    if test in ("quiet_standing", "single_leg_stance") or (test is None and not walks):
        return [*told, *balance(recording), *trunk(recording)]
    return told
