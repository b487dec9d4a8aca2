"""Measures of each stride of each leg and of the pelvis above it, from markers, angles and events."""

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride import cycles
from restride.errors import RestrideError
from restride.findings.legs.marker_curves import marker_curves
from restride.signals.recording import Recording
from restride.signals.schema import SIDES, FloatArray

# of the contact: the foot lies flat, in walking and in running alike
FLAT: Final = (0.3, 0.5)
# toes that bend bring a marker on them up to 8 % nearer to the heel (five laboratories); one that moves further is
# loose or was mistaken for another (11 and 18 % in the one case seen)
LOOSE: Final = 0.10
# an overground walker or runner goes this far in a stride; on a belt the pelvis only wanders
TRAVELS_M: Final = 0.3
COORDINATES: Final = ("pelvis_list", "hip_adduction", "knee_angle", "ankle_angle")
COLUMNS: Final = (
    *("pelvic_drop_rad", "pelvic_drop_peak_rad", "pelvic_drop_gain_rad", "trunk_lean_rad", "hip_adduction_peak_rad"),
    *("placement_m", "step_width_m", "foot_pitch_contact_rad", "foot_pitch_toe_off_rad", "foot_pitch_swing_rad"),
    *(
        "dorsiflexion_swing_rad",
        "clearance_m",
        "whip_rad",
        "knee_extension_rad",
        "knee_midstance_rad",
        "shortening",
        "rise_m",
    ),
    *("contact_time_s", "flight_time_s", "contact_share", "cadence_hz", "speed_m_s"),
)


def measures(recording: Recording, table: pd.DataFrame) -> pd.DataFrame:
    """One row per kept stride, read from its own leg; NaN where it was not measured.

    Parameters
    ----------
    recording : Recording
        ``angles`` (rad) and ``markers`` (m, lab), each if it is there.
    table : DataFrame as from ``cycles.segment``

    Returns
    -------
    DataFrame, index = cycle number, ``side, start_s`` and ``COLUMNS``, SI
        What rests on heel and toe is left out of a stride in which the two move apart by a tenth.
        ``pelvic_drop_*``: the other side's half of the pelvis lower than this leg's is positive; at half of the
        contact, at its highest in contact, and from contact to there. ``trunk_lean_rad``: towards this leg, at half of
        the contact, against the vertical. ``placement_m``: middle of the foot at half of the contact, outward from the
        line the pelvis went on in this stride; below 0 the foot crossed it. ``step_width_m``: this placement and the
        other foot's around it. ``foot_pitch_*``: line from heel to toe, toes up positive, against its own lie in the
        flat part of the contact; at contact, at toe-off, and mean over the second half of swing.
        ``dorsiflexion_swing_rad``: highest in the second half of swing. ``clearance_m``: lowest toe marker in the
        middle half of swing, against its height in the flat part. ``whip_rad``: mean turn of the foot in swing off a
        steady one from flat part to flat part, heel inward (toes outward) positive, as ``imu.feet`` has it.
        ``knee_extension_rad``: least flexion in contact. ``shortening``: how much nearer hip and toe come in swing than
        at half of the contact, as a share. ``rise_m``: between lowest and highest pelvis in the first half of the
        stride. ``speed_m_s``: of the pelvis over the flat foot's ground, so on a belt too.
    """
    times = cycles.spatiotemporal(table)
    out = pd.DataFrame(np.nan, index=times.index, columns=list(COLUMNS))
    out.insert(0, "side", times["side"])
    out.insert(1, "start_s", table.loc[times.index, "start_s"])
    if out.empty:
        return out
    out["contact_time_s"], out["flight_time_s"] = times["contact_time_s"], times["flight_time_s"]
    out["contact_share"], out["cadence_hz"] = times["duty_factor"], times["cadence_per_min"] / 60.0
    contact = out["contact_share"].to_numpy(dtype=np.float64)
    # one camera shows one leg, in a plane; its chapter tells of it
    if "angles" in recording and "keypoints" not in recording:
        _from_angles(out, recording["angles"], table, contact)
    if "markers" in recording:
        try:
            curves = marker_curves(recording["markers"], table)
        except RestrideError:
            return out  # no foot or no pelvis among the markers
        _from_markers(out, curves, contact)
    return out


def _from_angles(out: pd.DataFrame, angles: xr.DataArray, table: pd.DataFrame, contact: FloatArray) -> None:
    own = cycles.by_leg(angles, table)
    there = set(map(str, own["coordinate"].values))
    curve = {name: own.sel(coordinate=name).values for name in COORDINATES if name in there}
    middle = 0.5 * contact
    if "pelvis_list" in curve:
        # a leg's own list is its own side down; what drops is the other side
        drop = -curve["pelvis_list"]
        peak = _extreme(drop, 0.0 * contact, contact, np.max)
        out["pelvic_drop_rad"] = _at(drop, middle)
        out["pelvic_drop_peak_rad"], out["pelvic_drop_gain_rad"] = peak, peak - drop[:, 0]
    if "hip_adduction" in curve:
        out["hip_adduction_peak_rad"] = _extreme(curve["hip_adduction"], 0.0 * contact, contact, np.max)
    if "knee_angle" in curve:
        out["knee_extension_rad"] = _extreme(curve["knee_angle"], 0.0 * contact, contact, np.min)
        out["knee_midstance_rad"] = _at(curve["knee_angle"], middle)
    if "ankle_angle" in curve:
        late = (1 + contact) / 2
        out["dorsiflexion_swing_rad"] = _extreme(curve["ankle_angle"], late, np.ones_like(late), np.max)


def _from_markers(out: pd.DataFrame, curves: dict[str, FloatArray], contact: FloatArray) -> None:
    flat = FLAT[0] * contact, FLAT[1] * contact
    middle, swing, end = 0.5 * contact, 1 - contact, np.ones_like(contact)
    sides = out["side"].to_numpy()
    if "foot_pitch" in curves:
        curves = curves | _held(curves)
        pitch = np.unwrap(curves["foot_pitch"], axis=1)
        lies = _of_leg(_extreme(pitch, *flat, np.mean), sides)
        out["foot_pitch_contact_rad"] = _turned(pitch[:, 0] - lies)
        out["foot_pitch_toe_off_rad"] = _turned(_at(pitch, contact) - lies)
        out["foot_pitch_swing_rad"] = _turned(_extreme(pitch, contact + swing / 2, end, np.mean) - lies)
        toe = curves["toe_up"]
        rests = _of_leg(_extreme(toe, *flat, np.mean), sides)
        out["clearance_m"] = _extreme(toe, contact + swing / 4, end - swing / 4, np.min) - rests
    if "foot_turn" in curves:
        out["whip_rad"] = _whip(curves["foot_turn"], contact, sides)
    if "leg_length" in curves:
        stands = _at(curves["leg_length"], middle)
        out["shortening"] = 1 - _extreme(curves["leg_length"], contact, end, np.min) / stands
    if "trunk_lean" in curves:
        out["trunk_lean_rad"] = _at(curves["trunk_lean"], middle)
    if "pelvis_x" in curves:
        out["rise_m"] = _extreme(curves["pelvis_up"], 0.0 * contact, np.full_like(contact, 0.5), np.ptp)
        if "foot_x" in curves:
            _placed(out, curves, contact)


def _held(curves: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Curves of the foot without strides in which its markers move against each other."""
    seen = np.isfinite(curves["foot_length"])
    if not seen.any():
        return {}
    length = np.where(seen, curves["foot_length"], np.median(curves["foot_length"][seen]))
    spread: FloatArray = np.quantile(length, 0.95, axis=1) - np.quantile(length, 0.05, axis=1)
    loose = spread > LOOSE * np.median(length)
    names = ("foot_pitch", "toe_up", "foot_turn", "leg_length")
    return {name: np.where(loose[:, None], np.nan, curves[name]) for name in names if name in curves}


def _placed(out: pd.DataFrame, curves: dict[str, FloatArray], contact: FloatArray) -> None:
    """Foot placement, step width and speed along the line of progress of each stride."""
    x, z = curves["pelvis_x"], curves["pelvis_z"]
    gone = np.stack([x[:, -1] - x[:, 0], z[:, -1] - z[:, 0]])
    length = np.hypot(*gone)
    travels = bool(np.isfinite(length).any()) and float(np.nanmedian(length)) > TRAVELS_M
    ahead = gone / length if travels else np.stack([curves["ahead_x"].mean(axis=1), curves["ahead_z"].mean(axis=1)])
    # z is right of x: right of a heading (x, z) is (-z, x)
    off_x, off_z = (_at(curves[f"foot_{a}"], 0.5 * contact) - curves[f"pelvis_{a}"].mean(axis=1) for a in ("x", "z"))
    right = off_z * ahead[0] - off_x * ahead[1]
    own = np.where(out["side"] == "right", 1.0, -1.0)
    out["placement_m"] = own * right
    out["step_width_m"] = out["placement_m"] + _of_other(out)
    flat_from, flat_to = FLAT[0] * contact, FLAT[1] * contact
    lasts_s = (flat_to - flat_from) * out["contact_time_s"].to_numpy() / contact
    slid = [_at(curves[f"foot_{a}"], flat_to) - _at(curves[f"foot_{a}"], flat_from) for a in ("x", "z")]
    belt = (slid[0] * ahead[0] + slid[1] * ahead[1]) / lasts_s
    stride_s = out["contact_time_s"].to_numpy() / contact
    out["speed_m_s"] = (gone[0] * ahead[0] + gone[1] * ahead[1]) / stride_s - belt


def _of_other(out: pd.DataFrame) -> FloatArray:
    """Placement of the other foot around each stride: mean of its strides just before and after, or of one."""
    found = np.full(len(out), np.nan)
    start_s, placed = (out[c].to_numpy(dtype=np.float64) for c in ("start_s", "placement_m"))
    reach_s = 1.5 / out["cadence_hz"].to_numpy(dtype=np.float64)
    for side in SIDES:
        own = np.flatnonzero((out["side"] == side).to_numpy())
        other = np.flatnonzero((out["side"] != side).to_numpy())
        after = np.searchsorted(start_s[other], start_s[own])
        pair = np.full((2, own.size), np.nan)
        for row, place in zip(pair, (after - 1, after), strict=True):
            there = (place >= 0) & (place < other.size)
            which = other[place[there]]
            near = np.abs(start_s[which] - start_s[own[there]]) < reach_s[own[there]]
            row[there] = np.where(near, placed[which], np.nan)
        count = np.isfinite(pair).sum(axis=0)
        found[own] = np.where(count > 0, np.nansum(pair, axis=0) / np.maximum(count, 1), np.nan)
    return found


def _whip(turn: FloatArray, contact: FloatArray, sides: np.ndarray) -> FloatArray:
    """Mean turn in swing off a steady one from the flat foot of this stride to that of the next.

    The next stride may not be there, so its flat foot is this leg's usual turn between contact and flat foot away.
    """
    turn = np.unwrap(turn, axis=1)
    flat = _extreme(turn, FLAT[0] * contact, FLAT[1] * contact, np.mean)
    settles = _of_leg(flat - turn[:, 0], sides)
    middle = float(np.mean(FLAT)) * contact
    # flat foot of the next stride lies at 1 + middle
    slope = turn[:, -1] + settles - flat
    phase = np.linspace(0.0, 1.0, turn.shape[1])
    steady = flat[:, None] + slope[:, None] * (phase - middle[:, None])
    return _extreme(turn - steady, contact, np.ones_like(contact), np.mean)


def _of_leg(values: FloatArray, sides: np.ndarray) -> FloatArray:
    """Median over the strides of the same leg, at each stride."""
    out = np.full(values.shape, np.nan)
    for side in np.unique(sides):
        own = values[sides == side]
        out[sides == side] = np.median(own[np.isfinite(own)]) if np.isfinite(own).any() else np.nan
    return out


def _turned(angle: FloatArray) -> FloatArray:
    """Within half a turn of zero."""
    around: FloatArray = (angle + np.pi) % (2 * np.pi) - np.pi
    return around


def _at(curve: FloatArray, share: FloatArray) -> FloatArray:
    """Value of each row at a share of the stride, linear between phases; shape (cycle,)."""
    place = np.clip(np.nan_to_num(share), 0.0, 1.0) * (curve.shape[1] - 1)
    below = np.minimum(place.astype(int), curve.shape[1] - 2)
    rows = np.arange(curve.shape[0])
    value = curve[rows, below] + (place - below) * (curve[rows, below + 1] - curve[rows, below])
    return np.where(np.isfinite(share), value, np.nan)


def _extreme(curve: FloatArray, start: FloatArray, end: FloatArray, kind: Callable[[FloatArray], float]) -> FloatArray:
    """``kind`` (mean, min, max, ptp) of each row between two shares of the stride; NaN with any gap there."""
    phase = np.linspace(0.0, 1.0, curve.shape[1])
    out = np.full(curve.shape[0], np.nan)
    for i, (a, b) in enumerate(zip(start, end, strict=True)):
        part = curve[i, (phase >= a) & (phase <= b)]
        out[i] = kind(part) if part.size and np.isfinite(part).all() else np.nan
    return out
