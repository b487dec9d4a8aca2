"""The moments that opposing muscles hold against each other.

``driven``            activation of the muscles beneath the electrodes, for the moments they make
``held``              the moment that opposing muscles of a joint hold against each other
``against_itself``    the same as a share of all their pull

Least effort never asks two muscles of one joint to hold against each other; muscles of two joints do it
where one joint needs them. So what it predicts of the same muscles is shown beside what was measured.
Legs are compared by the moment held, not by the share: activity added to both sides of a joint lowers the
share where one side is the stronger.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import xarray as xr

from restride.body import OPPOSED
from restride.findings.finding import Finding
from restride.findings.patterns.row import About, pattern
from restride.findings.sides import window_means
from restride.findings.statistics import Window, difference_estimate
from restride.signals.schema import FloatArray, labelled, require
from restride.signals.vocabulary import SITES

JOINTS: Final[Mapping[str, str]] = {"hip_flexion": "hip", "knee_angle": "knee", "ankle_angle": "ankle"}
# a moment from EMG scales with it, so its floor is that of EMG: a third of the larger leg's (see sides.ACTIVITY);
# below some newton metres nothing is held; ours
FLOOR_SHARE: Final = 1 / 3
FLOOR_N_M: Final = 5.0

METHOD: Final = (
    "the smaller of the two opposing muscle moments; measured activity times what each muscle could give at that "
    "instant, one gain per site common to both legs; measured muscles only"
)


def driven(emg: xr.DataArray, gain: xr.DataArray) -> xr.DataArray:
    """Activation of every muscle beneath a measured site, from the EMG.

    Parameters
    ----------
    emg : DataArray, dims (cycle, phase, site), units "1"
    gain : DataArray, dims (site,), units "1"
        EMG per activation of each site, common to both legs, as from ``matched``.

    Returns
    -------
    DataArray, dims (cycle, phase, muscle), units "1"
        Mean over the sites above a muscle; NaN where one of them was not measured. Only muscles with a gain above 0.
    """
    known = [s for s in map(str, gain["site"].values) if float(gain.sel(site=s)) > 0]
    muscles = list(dict.fromkeys(m for s in known for m in SITES[s]))
    columns = [
        np.mean(
            [
                emg.sel(site=s).transpose("cycle", "phase").values / float(gain.sel(site=s))
                for s in known
                if m in SITES[s]
            ],
            axis=0,
        )
        for m in muscles
    ]
    values = np.stack(columns, axis=-1) if columns else np.empty((*_size(emg), 0))
    coords = {"cycle": emg["cycle"], "phase": emg["phase"], "side": emg["side"], "muscle": muscles}
    return labelled(values, dims=("cycle", "phase", "muscle"), units="1", coords=coords, name="driven")


def held(opposed: xr.DataArray) -> xr.DataArray:
    """The moment that opposing muscles hold against each other: the smaller of the two directions.

    Parameters
    ----------
    opposed : DataArray, dims (cycle, phase, direction), units "N m"
        As from ``body.opposed``.

    Returns
    -------
    DataArray, dims (cycle, phase, joint), units "N m"
        Never negative; NaN where a muscle of the joint was not measured.
    """
    pairs = _pairs(opposed)
    values = (
        np.stack([np.minimum(*pair) for pair in pairs.values()], axis=-1) if pairs else np.empty((*_size(opposed), 0))
    )
    coords = {"cycle": opposed["cycle"], "phase": opposed["phase"], "side": opposed["side"], "joint": list(pairs)}
    return labelled(values, dims=("cycle", "phase", "joint"), units="N m", coords=coords, name="held")


def against_itself(opposed: xr.DataArray) -> xr.DataArray:
    """Share of the muscles' pull that opposing muscles spend on each other, stride by stride.

    Parameters
    ----------
    opposed : DataArray, dims (cycle, phase, direction), units "N m"
        As from ``body.opposed``.

    Returns
    -------
    DataArray, dims (cycle, joint), units "1"
        0: only one direction pulls. 1: both pull alike and the joint gets nothing. NaN where the stride was not
        wholly measured or both together pull less than ``FLOOR_N_M``.

    Notes
    -----
    ``2 int min(M1, M2) / int (M1 + M2)``, Falconer and Winter 1985.
    """
    pairs = _pairs(opposed)
    shares = np.full((opposed.sizes["cycle"], len(pairs)), np.nan)
    for j, (one, other) in enumerate(pairs.values()):
        total = (one + other).mean(axis=1)
        common = 2 * np.minimum(one, other).mean(axis=1)
        shares[:, j] = np.where(total >= FLOOR_N_M, common / np.maximum(total, FLOOR_N_M), np.nan)
    coords = {"cycle": opposed["cycle"], "side": opposed["side"], "joint": list(pairs)}
    return labelled(shares, dims=("cycle", "joint"), units="1", coords=coords, name="against_itself")


def held_rows(measured: xr.DataArray, asked: xr.DataArray, windows: Iterable[Window]) -> list[Finding]:
    """Left against right: the moment that opposing muscles hold against each other at each joint.

    Parameters
    ----------
    measured, asked : DataArray, dims (cycle, phase, direction), units "N m"
        Opposing moments of the same muscles, by their measured activity and by the least effort that the
        movement asked for.
    windows : iterable of Window
    """
    did, least = held(measured), held(asked)
    rows = []
    for joint in map(str, did["joint"].values):
        for window in windows:
            left, right = _means(did, joint, window)
            if np.isnan(left).all() or np.isnan(right).all():
                continue
            this, other = float(np.nanmean(left)), float(np.nanmean(right))
            rows.append(
                pattern(
                    About(f"{JOINTS[joint]}, moment held against itself", joint, window=window, units="N m"),
                    values=(this, other),
                    estimate=difference_estimate(left, right),
                    floor=max(FLOOR_N_M, FLOOR_SHARE * max(this, other)),
                    method=f"{METHOD}; mean over strides, pooled t interval",
                    sentence=f"at the {JOINTS[joint]} {_when(window)} opposing muscles hold {this:.0f} N m against "
                    f"each other on the left and {other:.0f} N m on the right{_least(least, joint, window)}",
                )
            )
    return rows


def _pairs(opposed: xr.DataArray) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Joint to its two opposing moments, each (cycle, phase)."""
    opposed = require(opposed, dims=("cycle", "phase", "direction"), units="N m", name="opposed")
    present = set(map(str, opposed["direction"].values))
    return {
        joint: (opposed.sel(direction=one).values, opposed.sel(direction=other).values)
        for joint, (one, other) in OPPOSED.items()
        if {one, other} <= present
    }


def _means(curves: xr.DataArray, joint: str, window: Window) -> tuple[FloatArray, FloatArray]:
    """Mean over the window of each left and each right stride."""
    means = window_means(curves.sel(joint=joint).values, window)
    side = curves["side"].values
    return means[side == "left"], means[side == "right"]


def _least(asked: xr.DataArray, joint: str, window: Window) -> str:
    """What least effort would hold, in words; empty where it is not known."""
    if joint not in asked["joint"].values:
        return ""
    own = _means(asked, joint, window)
    if any(np.isnan(values).all() for values in own):
        return ""
    left, right = (float(np.nanmean(values)) for values in own)
    return f" (least effort asks for {left:.0f} and {right:.0f} N m)"


def _when(window: Window) -> str:
    return "through the whole stride" if window.end - window.start >= 100 else f"in {window.name}"


def _size(curves: xr.DataArray) -> tuple[int, int]:
    return curves.sizes["cycle"], curves.sizes["phase"]
