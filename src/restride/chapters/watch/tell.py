"""The chapters of an outing, the most telling first."""

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from restride.chapters.chapter import Chapter, Chart
from restride.chapters.watch.course import course
from restride.chapters.watch.drill import drill
from restride.chapters.watch.inside import inside
from restride.chapters.watch.pedals import pedals
from restride.chapters.watch.second_device import second_device
from restride.chapters.watch.shares import shares
from restride.signals.recording import Recording

# in the order of telling
TOLD: Final = (shares, pedals, drill, course, second_device, inside)


def chapters(recording: Recording, table: pd.DataFrame) -> list[Chapter]:  # noqa: ARG001  a teller's signature
    """What the records of a watch or of power pedals show; none where a recording holds no such records.

    Parameters
    ----------
    recording : Recording
        Also one of a laboratory beside which a watch ran.
    table : DataFrame
        Strides; an outing has none.

    Returns
    -------
    list of Chapter
        Every outing has at least the chapter "course".
    """
    # a drill that was stated is what the ride was made for; one that was found may be a pedal that dropped out
    order = sorted(TOLD, key=lambda tell: tell is not drill) if recording.conditions.drills else TOLD
    return [
        replace(chapter, charts=tuple(chart for chart in chapter.charts if _drawable(chart)))
        for tell in order
        for chapter in tell(recording)
    ]


def _drawable(chart: Chart) -> bool:
    """Whether a chart has a point to draw."""
    return any(bool((np.isfinite(chart.x) & np.isfinite(values)).any()) for values in chart.series.values())
