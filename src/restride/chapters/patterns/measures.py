"""The numbers of the chapter on how muscles are used, one for each leg."""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.chapters.chapter import Measure
from restride.findings import Window, patterns
from restride.findings.patterns import bursts, knee_hip, moments, tonic
from restride.findings.statistics import Estimate, mean_estimate
from restride.signals.recording import Side
from restride.signals.schema import SIDES
from restride.signals.vocabulary import plain

SWITCHED: Final = "switched on by Teager-Kaiser energy; mean over strides, t interval"
AGAINST: Final = (
    f"{moments.METHOD}; as a share of both together (Falconer and Winter 1985); mean over strides, t interval"
)


def of_muscles(curves: Mapping[str, xr.DataArray]) -> list[Measure]:
    """Share of the stride that each muscle is on, and what it holds between bursts.

    Parameters
    ----------
    curves : mapping of kind to DataArray, dims (cycle, phase, name)
    """
    kinds = [
        ("what it holds through the stride, as a share of its burst", patterns.tonic_share(curves["emg"]), tonic.METHOD)
    ]
    if "active" in curves:
        kinds.insert(0, ("share of the stride switched on", patterns.duty(curves["active"]), SWITCHED))
    return [
        measure
        for words, shares, method in kinds
        for site in map(str, shares["site"].values)
        for measure in _by_leg(f"{plain(site)}: {words}", shares.sel(site=site), method)
    ]


def of_bursts(active: xr.DataArray, emg: xr.DataArray, windows: Iterable[Window]) -> list[Measure]:
    """In which share of its strides each leg lacks each usual burst.

    Parameters
    ----------
    active, emg : DataArray, dims (cycle, phase, site), units "1"
    windows : iterable of Window
    """
    found = patterns.usual(active, emg, windows)
    flags = patterns.missing(active, emg, found)
    out = []
    for j, burst in enumerate(found):
        for leg, (gone, n) in patterns.counts(flags.values[:, j], active["side"].values).items():
            if n:
                name = f"{plain(burst.site)}: burst in {burst.window.name} missing"
                out.append(_measure(name, leg, patterns.share_estimate(gone, n), bursts.METHOD))
    return out


def of_joints(
    curves: Mapping[str, xr.DataArray], table: pd.DataFrame, *, with_moments: bool, timed: bool
) -> list[Measure]:
    """What opposing muscles spend on each other, and who extends the leg in stance.

    Parameters
    ----------
    curves : mapping of kind to DataArray, dims (cycle, phase, name)
    table : DataFrame
        Strides as from ``cycles.segment``.
    with_moments, timed : bool
        As in ``patterns.pattern_rows``.
    """
    out: list[Measure] = []
    if with_moments and "opposed" in curves:
        shares = patterns.against_itself(curves["opposed"])
        for joint in map(str, shares["joint"].values):
            name = f"{patterns.JOINTS[joint]}: share of the muscles' pull spent on each other"
            out += _by_leg(name, shares.sel(joint=joint), AGAINST)
    if with_moments and timed and {"moments", "angles"} <= set(curves):
        shares = patterns.knee_share(curves["moments"], curves["angles"], table)
        for kind in knee_hip.KINDS:
            name = f"knee's share of extension in stance, {kind}"
            out += _by_leg(name, shares.sel(kind=kind), f"{knee_hip.METHOD}; mean over strides, t interval")
    return out


def _by_leg(name: str, shares: xr.DataArray, method: str) -> list[Measure]:
    """One measure for each leg that was measured; shares of 0 to 1 keep to it in their interval."""
    out = []
    for leg in SIDES:
        own = shares.values[shares["side"].values == leg]
        if np.isfinite(own).any():
            estimate = mean_estimate(own)
            if estimate.interval is not None:
                low, high = np.clip(estimate.interval, 0.0, 1.0)
                estimate = Estimate(estimate.value, (float(low), float(high)), "", estimate.n)
            out.append(_measure(name, leg, estimate, method))
    return out


def _measure(name: str, leg: Side, estimate: Estimate, method: str) -> Measure:
    return Measure(
        name, leg, estimate.value, "1", estimate.interval, estimate.reason, estimate.n[0], "strides", method, "%"
    )
