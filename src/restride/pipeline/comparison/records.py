"""What a comparison of two recordings yields: everything its page shows, nothing it has to compute."""

from collections.abc import Mapping
from dataclasses import dataclass

import xarray as xr

from restride.chapters.chapter import Whose
from restride.findings.conditions import Differing
from restride.findings.finding import Finding, Summary
from restride.findings.origin import Origin
from restride.findings.own_error import Against
from restride.pipeline.analysis import Analysis
from restride.signals.recording import Doubt, Side


@dataclass(frozen=True, slots=True)
class MeasureChange:
    """One number of a chapter that both recordings hold.

    Attributes
    ----------
    chapter : str
        Title.
    name, side, units, shown_in : str
        As in ``Measure``.
    this, other, value : float
        First, second, and first minus second, in ``units``.
    interval : tuple of float or None
        95 % interval of ``value``, from those of both, which are taken as independent.
    interval_reason : str
    method : str
    """

    chapter: str
    name: str
    side: Whose
    units: str
    shown_in: str
    this: float
    other: float
    value: float
    interval: tuple[float, float] | None
    interval_reason: str
    method: str


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Result of ``compare``: the first recording (A) minus the second (B).

    Attributes
    ----------
    first, second : Analysis
    names : tuple of str
        What they are called: "recording A", or by the condition in question.
    summary : Summary
    conditions : tuple of Differing
        In what they differ: what is asked, what confounds, what is not known.
    warnings : tuple of Doubt
        What forbids to read a difference as an effect of the question.
    changes : tuple of Finding
        A leg against itself, strongest first; ``side`` is the leg.
    interactions : tuple of Finding
        Change of the left leg minus change of the right, strongest first.
    measures : tuple of MeasureChange
        Numbers of chapters that both hold.
    own_noise : mapping of Finding or MeasureChange to Against
        Each change beside the person's own day-to-day noise.
    baseline : int
        Sessions that the own noise rests on.
    curves : mapping of kind to (DataArray, DataArray), dims (cycle, phase, name)
        On one scale; EMG of two stickings: each leg as a share of its own mean.
    differences : mapping of kind to Dataset, dims (side, phase, name)
        ``mean, low, high, floor, p`` of first minus second, as ``findings.change_curves`` gives them.
    emg_axis : str
        The EMG's unit in words.
    one_sticking : bool
        No electrode was moved between the two, so that sizes of EMG are compared.
    origin : mapping of side to Origin
        Where each leg's change comes from, first against second; without EMG and what the movement required, empty.
    """

    first: Analysis
    second: Analysis
    names: tuple[str, str]
    summary: Summary
    conditions: tuple[Differing, ...]
    warnings: tuple[Doubt, ...]
    changes: tuple[Finding, ...]
    interactions: tuple[Finding, ...]
    measures: tuple[MeasureChange, ...]
    own_noise: Mapping[Finding | MeasureChange, Against]
    baseline: int
    curves: Mapping[str, tuple[xr.DataArray, xr.DataArray]]
    differences: Mapping[str, xr.Dataset]
    emg_axis: str
    one_sticking: bool
    origin: Mapping[Side, Origin]
