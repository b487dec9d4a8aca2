"""What the markers show of each leg through its stride: foot, hip to toe, pelvis and trunk."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride import cycles
from restride.cycles.feet import CUTOFF_HZ, HEEL, HIGHEST_OF_RATE, LONGEST_BRIDGE_S, TOE, facing, middle_of
from restride.errors import CycleError
from restride.signals.filters import fill_gaps, low_pass
from restride.signals.landmarks import landmark
from restride.signals.recording import Side
from restride.signals.schema import SIDES, FloatArray, labelled, sampling_rate_hz
from restride.signals.vocabulary import SUFFIX

PAIRS: Final = ("asis", "psis")
MIDLINE: Final = ("sacrum", "psis_middle")
# the upper end of the trunk; both shoulders or one marker in the middle
TRUNK: Final = (("shoulder",), ("c7",), ("clavicle",))
HIP: Final = ("hip_centre", "trochanter", "asis")
# a third point that tells which way a foot is turned when it hangs toes down
HALF: Final = 0.5  # of a direction's length of 1
BESIDE: Final = ("mt5", "small_toe", "mt5_base", "ankle_lateral")
WANTED: Final = {*HEEL, *TOE, *PAIRS, *MIDLINE, *HIP, *BESIDE, *(name for names in TRUNK for name in names)}


def marker_curves(markers: xr.DataArray, table: pd.DataFrame) -> dict[str, FloatArray]:
    """Curves of each kept stride from its own leg, each of shape (cycle, phase); absent without their markers.

    Parameters
    ----------
    markers : DataArray, dims (time, marker, space), units "m", lab
    table : DataFrame as from ``cycles.segment``

    Returns
    -------
    dict
        ``foot_pitch`` (rad, toes up), ``foot_turn`` (rad, toes outward), ``foot_length`` (heel to toe), ``toe_up``,
        ``foot_x``, ``foot_z``, ``leg_length`` (m); ``pelvis_x``, ``pelvis_up``, ``pelvis_z`` (m); ``trunk_lean`` (rad,
        towards this leg); ``ahead_x``, ``ahead_z``: the way the person faces.

    Raises
    ------
    CycleError
        If neither ASIS nor foot markers are there, or none of them was seen.
    """
    smooth = _smooth(markers)
    ahead = facing(smooth)
    # a pelvis out of sight for long faces no way
    ahead = np.where(np.linalg.norm(ahead, axis=1, keepdims=True) > HALF, ahead, np.nan)
    columns: dict[str, FloatArray] = {}
    pelvis = _pelvis(smooth)
    trunk = _trunk(smooth)
    for side in SIDES:
        own = _foot(smooth, side, ahead)
        if pelvis is not None:
            own |= {"pelvis_x": pelvis[:, 0], "pelvis_up": pelvis[:, 1], "pelvis_z": pelvis[:, 2]}
            if trunk is not None:
                own["trunk_lean"] = _lean(trunk - pelvis, side, ahead)
        own |= {"ahead_x": ahead[:, 0], "ahead_z": ahead[:, 1]}
        columns |= {name + SUFFIX[side]: values for name, values in own.items()}
    signal = labelled(
        np.column_stack(list(columns.values())),
        dims=("time", "what"),
        units="m",
        coords={"time": markers["time"].values, "what": list(columns)},
        name="legs",
    )
    # angles must not be read between two turns
    cut = cycles.by_leg(signal, table)
    return {str(name): cut.sel(what=name).values for name in cut["what"].values}


def _pelvis(markers: xr.DataArray) -> FloatArray | None:
    """Middle of the pelvis from whole pairs, so that a missing marker pulls it to neither side."""
    sides = {name: [middle_of(markers, (name,), side=side) for side in SIDES] for name in PAIRS}
    whole = [p for pair in sides.values() if all(one is not None for one in pair) for p in pair if p is not None]
    if whole:
        middle: FloatArray = np.mean(whole, axis=0)
        return middle
    return middle_of(markers, MIDLINE)


def _smooth(markers: xr.DataArray) -> xr.DataArray:
    chosen = [
        m
        for m in markers["marker"].values
        if (mark := landmark(str(m))) is not None
        and mark.name in WANTED
        and bool(markers.sel(marker=m).notnull().any())
    ]
    if not chosen:
        raise CycleError("expected markers on feet or pelvis, found none that was seen")
    cutoff_hz = min(CUTOFF_HZ, HIGHEST_OF_RATE * sampling_rate_hz(markers))
    whole = fill_gaps(markers.sel(marker=chosen), max_gap_s=LONGEST_BRIDGE_S)
    return low_pass(whole.assign_attrs(units="m"), cutoff_hz=cutoff_hz, gaps="split")


def _first(markers: xr.DataArray, names: tuple[str, ...], side: Side) -> FloatArray | None:
    """The first of these landmarks that both sides have: legs read from different points differ by that alone."""
    marks = [mark for m in markers["marker"].values if (mark := landmark(str(m))) is not None]
    held = {s: {mark.name for mark in marks if mark.side == s} & set(names) for s in SIDES}
    shared = set.intersection(*held.values()) if all(held.values()) else held[side]
    name = next((name for name in names if name in shared), None)
    return None if name is None else middle_of(markers, (name,), side=side)


def _foot(markers: xr.DataArray, side: Side, ahead: FloatArray) -> dict[str, FloatArray]:
    heel, toe = _first(markers, HEEL, side), _first(markers, TOE, side)
    if heel is None or toe is None:
        return {}
    along = toe - heel
    middle = (heel + toe) / 2
    forward = along[:, 0] * ahead[:, 0] + along[:, 2] * ahead[:, 1]
    found = {
        "foot_pitch": _unwrapped(np.arctan2(along[:, 1], forward)),
        "foot_length": np.linalg.norm(along, axis=1),
        "toe_up": toe[:, 1],
        "foot_x": middle[:, 0],
        "foot_z": middle[:, 2],
    }
    hip = _first(markers, HIP, side)
    if hip is not None:
        found["leg_length"] = np.linalg.norm(hip - toe, axis=1)
    beside = _first(markers, BESIDE, side)
    if beside is not None and not np.array_equal(beside, toe, equal_nan=True):
        found["foot_turn"] = _turn(along, beside - heel, side)
    return found


def _turn(along: FloatArray, third: FloatArray, side: Side) -> FloatArray:
    """Which way the foot is turned about the vertical, toes outward positive.

    Notes
    -----
    From the axis fixed in the foot that stays most level while the foot tips (least squares), not from the line
    between two markers: stuck on a few millimetres off, that line would turn as the foot tips. The third marker is at
    the outer edge of the foot, or over it (the outer ankle).
    """
    unit = along / np.linalg.norm(along, axis=1, keepdims=True)
    rest = third - (third * unit).sum(axis=1, keepdims=True) * unit
    rest = rest / np.linalg.norm(rest, axis=1, keepdims=True)
    foot = np.stack([unit, rest, np.cross(unit, rest)], axis=2)  # axes of the foot in columns
    upward = foot[:, 1]
    upward = upward[np.isfinite(upward).all(axis=1)]
    level = np.linalg.eigh(upward.T @ upward)[1][:, 0]
    across = foot @ level
    # right of where the toes point, (x, z) to (-z, x), while the foot lies more than it hangs
    right = np.nansum(across[:, 2] * unit[:, 0] - across[:, 0] * unit[:, 2])
    across = across if right >= 0 else -across
    # turned to the left by as much as what points to the right points forward
    left = _unwrapped(np.arctan2(across[:, 0], across[:, 2]))
    return left if side == "left" else -left


def _trunk(markers: xr.DataArray) -> FloatArray | None:
    for names in TRUNK:
        seen = {mark.side for m in markers["marker"].values if (mark := landmark(str(m))) and mark.name in names}
        if seen and (None in seen or len(seen) == len(SIDES)):
            return middle_of(markers, names)
    return None


def _lean(up: FloatArray, side: Side, ahead: FloatArray) -> FloatArray:
    # right of a heading (x, z) is (-z, x)
    right = up[:, 2] * ahead[:, 0] - up[:, 0] * ahead[:, 1]
    lean: FloatArray = np.arctan2(right if side == "right" else -right, up[:, 1])
    return lean


def _unwrapped(angle: FloatArray) -> FloatArray:
    """Without jumps of a turn, each unbroken run by itself; NaN stays."""
    out = angle.copy()
    there = np.isfinite(angle)
    out[there] = np.unwrap(angle[there])
    return out
