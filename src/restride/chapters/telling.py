"""The chapters of a recording: one line per thing that can be told, in the order of telling."""

from collections.abc import Callable, Mapping
from typing import Final

import pandas as pd
import xarray as xr

from restride.chapters import (
    emg_alone,
    force_steps,
    legs,
    patterns,
    session,
    standing,
    steps,
    turns,
    video,
    watch,
    worn,
)
from restride.chapters.chapter import Chapter
from restride.chapters.contents import contents
from restride.signals.recording import Recording

# each looks at what the recording holds and returns no chapter where it holds nothing of its kind
TELLERS: Final[tuple[Callable[[Recording, pd.DataFrame], list[Chapter]], ...]] = (
    standing.chapters,
    worn.chapters,
    watch.chapters,
    session.of_outing,
    turns.chapters,
    video.chapters,
    force_steps.chapters,
    emg_alone.chapters,
)
# each looks at the curves per stride, and returns no chapter where there are none of its kind
STRIDE_TELLERS: Final[tuple[Callable[[Recording, pd.DataFrame, Mapping[str, xr.DataArray]], list[Chapter]], ...]] = (
    legs.chapters,
    patterns.chapters,
    steps.chapters,
    session.of_strides,
)


def chapters(recording: Recording, table: pd.DataFrame) -> tuple[Chapter, ...]:
    """All chapters of a recording; where it has none and no stride either, what it holds.

    Parameters
    ----------
    recording : Recording
        With events and computed signals.
    table : DataFrame
        Strides as from ``cycles.segment``; may be empty.
    """
    told = tuple(chapter for tell in TELLERS for chapter in tell(recording, table))
    return told or (() if table["kept"].any() else (contents(recording, table),))


def of_strides(recording: Recording, table: pd.DataFrame, curves: Mapping[str, xr.DataArray]) -> tuple[Chapter, ...]:
    """All chapters that rest on strides of the legs.

    Parameters
    ----------
    recording : Recording
        With events and computed signals.
    table : DataFrame
        Strides as from ``cycles.segment``.
    curves : mapping of kind to DataArray, dims (cycle, phase, name)
        As in ``Analysis.curves``.
    """
    return tuple(chapter for tell in STRIDE_TELLERS for chapter in tell(recording, table, curves))
