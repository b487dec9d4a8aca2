"""What one analysis yields: everything a page shows, nothing it has to compute."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import xarray as xr

from restride.body import Body, Task
from restride.chapters.chapter import Chapter
from restride.findings.finding import Finding, Summary
from restride.findings.origin import Origin
from restride.pipeline.plan import Plan
from restride.signals.recording import Doubt, Recording


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """One stride for the moving body: a right stride from initial contact to the next.

    Attributes
    ----------
    angles, root : DataArray, dims (time, coordinate) and (time, space), rad and m
        101 samples over the stride, unscaled time in seconds, not yet periodic.
    required, measured : DataArray, dims (time, muscle), units "1"
        All 80 model muscles (``soleus_l``); ``measured`` is NaN where no usable electrode
        lay over the muscle.
    label : str
        In words: "right stride from 2.72 s to 3.97 s".
    """

    angles: xr.DataArray
    root: xr.DataArray
    required: xr.DataArray
    measured: xr.DataArray
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """Result of ``analyse``.

    Attributes
    ----------
    recording : Recording
        Facing forward, with events and the computed signals (angles, root, moments, activation).
    plan : Plan
    cycles : DataFrame
        One row per stride of one leg, rejected ones with their reason; empty where nothing tells contacts.
    spatiotemporal : DataFrame
        Contact, swing, flight and stride time, cadence, duty factor per kept stride.
    curves : mapping of kind to DataArray, dims (cycle, phase, name)
        Present only what could be computed: "emg" (site; shared reference), "active" (site;
        1 while the muscle is switched on, else 0), "capacity" (pull; moment of a muscle at full activation),
        "opposed" and "opposed_required" (direction; moments of opposing muscles by EMG and by least effort), "required"
        (80 muscles without side), "required_sites" (site), "angles" (rad), "moments"
        (N m), "grf" (N). ``cycle`` carries ``side``.
    differences : mapping of kind to Dataset, dims (phase, name)
        Left minus right: ``mean, low, high`` with a 95 % interval over strides, ``p`` over the whole curve, and for
        "emg", "angles" and "moments" ``floor``, up to which the method alone may differ.
    quality : DataFrame
        One row per EMG channel: usable or why not, and the measures behind it.
    findings : tuple of Finding
        Strongest first.
    summary : Summary
    chapters : tuple of Chapter
        What does not come in strides of a leg; see ``pipeline.chapters``.
    motion : Motion or None
        None where the body could not be computed; a doubt says why if there was something to compute it from.
    body : Body or None
    method : mapping of str to str
        How each quantity was obtained, in words: "events", "force", "emg scale",
        "body", "angles", "required", ...
    emg_axis : str
        The EMG's unit in words, for axis titles.
    doubts : tuple of Doubt
    synthetic : bool
        The data are made up, and every page must say so.
    origin : Origin or None
        Where the differences between the legs' muscles come from; None without EMG of both legs and what the
        movement required.
    emg_reference : DataArray, dims (site,), V or unstated, or None
        What one share of the EMG curves is, so that two recordings of the same electrodes can be brought to
        one scale; None without EMG in strides.
    task : Task or None
        What the movement set both legs to do; None without measured force.
    """

    recording: Recording
    plan: Plan
    cycles: pd.DataFrame
    spatiotemporal: pd.DataFrame
    curves: Mapping[str, xr.DataArray]
    differences: Mapping[str, xr.Dataset]
    quality: pd.DataFrame
    findings: tuple[Finding, ...]
    summary: Summary
    chapters: tuple[Chapter, ...]
    motion: Motion | None
    body: Body | None
    method: Mapping[str, str]
    emg_axis: str
    doubts: tuple[Doubt, ...]
    synthetic: bool
    origin: Origin | None
    task: Task | None
    emg_reference: xr.DataArray | None = None
