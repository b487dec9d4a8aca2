"""The attempts at a test within one recording, and numbers over them for each leg."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.chapters.chapter import Measure, Whose
from restride.findings.statistics import difference_estimate, mean_estimate
from restride.signals.recording import Eyes, Recording, Side
from restride.signals.schema import SIDES

# two of either leg give the first difference that can be held against its own scatter
FEWEST_EACH: Final = 2


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: a span of the recording, the leg it stands on, and whether the eyes were open."""

    start_s: float
    end_s: float
    stands_on: Side | None
    eyes: Eyes | None


@dataclass(frozen=True, slots=True)
class Column:
    """A number of each attempt: how it is called, its SI unit, and how it is shown.

    ``factor``, ``digits`` (of numbers below ten), ``unit``, ``more`` and ``less`` are for sentences.
    """

    name: str
    units: str
    shown_in: str = ""
    factor: float = 1.0
    digits: int = 0
    unit: str = ""
    more: str = "larger"
    less: str = "smaller"

    def text(self, value: float) -> str:
        """The value as a sentence says it."""
        return f"{self.bare(value)}{' ' if self.unit else ''}{self.unit}"

    def bare(self, value: float) -> str:
        """The value without its unit."""
        # a large number needs fewer decimals
        digits = max(0, self.digits - int(np.log10(max(abs(self.factor * value), 1.0))))
        return f"{self.factor * value:.{digits}f}"


def attempts(recording: Recording) -> list[Attempt]:
    """Those that take.yaml lists, else the whole recording as one."""
    said = recording.conditions
    if said.trials:
        return [Attempt(t.start_s, t.end_s, t.stands_on or said.stands_on, t.eyes or said.eyes) for t in said.trials]
    times = [array["time"].values for array in recording.signals.values() if array.sizes["time"]]
    if not times:
        return []
    return [Attempt(min(float(t[0]) for t in times), float("inf"), said.stands_on, said.eyes)]


def within(array: xr.DataArray, attempt: Attempt) -> xr.DataArray:
    """The part of a signal that belongs to an attempt."""
    time_s = array["time"].values
    return array.isel(time=(time_s >= attempt.start_s) & (time_s < attempt.end_s))


def whose(attempt: Attempt) -> Whose:
    """The leg that stands, or both."""
    return attempt.stands_on or "both"


def with_eyes(eyes: object) -> str:
    """``", eyes open"``, or nothing where it is not stated."""
    return f", eyes {eyes}" if eyes in ("open", "closed") else ""


def measures(rows: pd.DataFrame, columns: Mapping[str, Column], method: str, *, counted: str) -> list[Measure]:
    """Means over the rows of each leg and state of the eyes, with intervals where there are three or more.

    Parameters
    ----------
    rows : DataFrame, columns ``side, eyes`` and those named
    columns : mapping
        From the column of ``rows`` to what it is.
    method, counted : str
        As in ``Measure``.
    """
    out: list[Measure] = []
    for (side, eyes), own in rows.groupby(["side", "eyes"], sort=False):
        for name, column in columns.items():
            found = mean_estimate(own[name].to_numpy(dtype=np.float64))
            if np.isnan(found.value):
                continue
            n = found.n[0]
            counts = counted if n != 1 else counted.removesuffix("s")
            reason = "" if found.interval else f"{n} {counts}: too few"
            out.append(
                Measure(
                    name=f"{column.name}{with_eyes(eyes)}",
                    side=named_side(str(side)),
                    value=found.value,
                    units=column.units,
                    interval=found.interval,
                    interval_reason=reason,
                    n=n,
                    counted=counts,
                    method=method,
                    shown_in=column.shown_in,
                )
            )
    return out


def named_side(side: str) -> Whose:
    """``"left"``, ``"right"`` or ``"both"`` as a side of a measure; anything else is of nobody's."""
    named: dict[str, Whose] = {"left": "left", "right": "right", "both": "both"}
    return named.get(side, "")


def against(rows: pd.DataFrame, name: str, column: Column, *, counted: str) -> list[str]:
    """Left against right in one quantity, a sentence for each state of the eyes in which both were recorded.

    Parameters
    ----------
    rows, name, column, counted
        As for ``measures``; ``name`` is the column of ``rows``.
    """
    said: list[str] = []
    for eyes, own in rows.groupby("eyes", sort=False):
        left, right = (own.loc[own["side"] == side, name].dropna().to_numpy(dtype=np.float64) for side in SIDES)
        if not left.size or not right.size:
            continue
        pair = f"left {column.text(float(left.mean()))}, right {column.text(float(right.mean()))}"
        start = f"{column.name[0].upper()}{column.name[1:]}{with_eyes(eyes)}: {pair}"
        if min(left.size, right.size) < FEWEST_EACH:
            said.append(
                f"{start}; with {left.size} left and {right.size} right {counted} nothing about a difference between "
                "the legs can be said beyond what one leg varies by itself."
            )
            continue
        found = difference_estimate(left, right)
        if found.interval is None or found.interval[0] <= 0 <= found.interval[1]:
            said.append(f"{start}; a difference no larger than the {counted} differ among themselves.")
            continue
        low, high = sorted(abs(end) for end in found.interval)
        size = f"{column.more if found.value > 0 else column.less} on the left leg by {column.text(abs(found.value))}"
        said.append(f"{start}: {size} (95 % interval {column.bare(low)} to {column.bare(high)}).")
    return said
