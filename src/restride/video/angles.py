"""Angles in the plane of the picture, of the leg near to the camera, or across it from behind."""

from typing import Final, Literal

import numpy as np
import xarray as xr

from restride.errors import SchemaError
from restride.signals.filters import fill_gaps, low_pass
from restride.signals.recording import Side
from restride.signals.schema import SIDES, FloatArray, labelled, sampling_rate_hz
from restride.video.cleaning import cleaned
from restride.video.view import Seen, placed, seen_from

# the usual low-pass of joint angles from video, and the most that 30 pictures a second can carry
CUTOFF_HZ: Final = 8.0
HIGHEST_OF_RATE: Final = 0.3
# two pictures at 30 a second: a foot in swing comes a third of its way in that time
LONGEST_BRIDGE_S: Final = 0.1

Legs = Literal["near", "both"]


def angles(keypoints: xr.DataArray, *, legs: Legs = "near") -> xr.DataArray:
    """Joint angles in the plane of the picture.

    Parameters
    ----------
    keypoints : DataArray, dims (time, keypoint, axis), units "1"
        As read; they are cleaned here.
    legs : {"near", "both"}
        Of the far leg the estimator sees little and guesses much: its angles are shown at best, never compared.

    Returns
    -------
    DataArray, dims (time, coordinate), units "rad"
        From a side: ``hip_flexion``, ``knee_angle``, ``ankle_angle`` and ``foot_pitch`` with ``_l`` or ``_r``, and
        ``trunk_lean``. From behind or in front: ``pelvis_list``. Signs as in docs/conventions.md; foot pitch is
        positive with the toes up, trunk lean forward. NaN where a point was not seen.

    Raises
    ------
    SchemaError
        If it is not known from where the camera looks, or hips, knees and ankles are not among the keypoints.

    Notes
    -----
    A line between two keypoints stands for its segment. Hip flexion is that of the thigh against the trunk (middle of
    the hips to the neck), not against the pelvis. The line from heel to toe is not the sole: the ankle's zero and the
    pitch of a flat foot are off by some degrees, the same in all pictures.
    """
    seen = seen_from(keypoints)
    if not seen.view:
        raise SchemaError("expected a camera of known view, found none; add to take.yaml: video: {view: side-left}")
    points = placed(smooth(cleaned(keypoints).keypoints))
    found = _across(points) if seen.forward == 0 else _from_side(points, seen, legs)
    if not found:
        raise SchemaError(f"expected hips, knees and ankles among the keypoints, found {sorted(points)}")
    time_s = keypoints["time"].values
    coords = {"time": time_s, "coordinate": list(found)}
    values = np.stack(list(found.values()), axis=1)
    return labelled(values, dims=("time", "coordinate"), units="rad", coords=coords, name="angles")


def smooth(keypoints: xr.DataArray) -> xr.DataArray:
    """The keypoints low-passed, with short gaps bridged and longer ones kept.

    Parameters
    ----------
    keypoints : DataArray, dims (time, keypoint, axis), units "1"
    """
    whole = fill_gaps(keypoints, max_gap_s=LONGEST_BRIDGE_S)
    cutoff_hz = min(CUTOFF_HZ, HIGHEST_OF_RATE * sampling_rate_hz(keypoints))
    return low_pass(whole, cutoff_hz=cutoff_hz, gaps="split").assign_attrs(keypoints.attrs)


def _from_side(points: dict[str, FloatArray], seen: Seen, legs: Legs) -> dict[str, FloatArray]:
    found: dict[str, FloatArray] = {}
    lean = _turn(points["neck"] - points["mid_hip"], seen.forward, up=True) if "neck" in points else None
    for side in SIDES:
        if legs == "both" or side == seen.near:
            found |= _leg(points, side, seen.forward, lean)
    return found | ({"trunk_lean": lean} if lean is not None and found else {})


def _leg(points: dict[str, FloatArray], side: Side, forward: int, lean: FloatArray | None) -> dict[str, FloatArray]:
    """Angles of one leg by name; those whose points are missing are left out."""
    mark = f"_{side[0]}"
    if any(name + mark not in points for name in ("hip", "knee", "ankle")):
        return {}
    hip, knee, ankle = (points[name + mark] for name in ("hip", "knee", "ankle"))
    thigh, shank = _turn(knee - hip, forward), _turn(ankle - knee, forward)
    found = {f"knee_angle{mark}": _within(thigh - shank)}
    if lean is not None:
        # a trunk that leans forward leaves its lower end behind, and the thigh further in front of it
        found[f"hip_flexion{mark}"] = _within(thigh + lean)
    toe = next((points[name + mark] for name in ("big_toe", "small_toe") if name + mark in points), None)
    if toe is not None and f"heel{mark}" in points:
        foot = toe - points[f"heel{mark}"]
        pitch = np.arctan2(foot[:, 1], forward * foot[:, 0])
        found |= {f"ankle_angle{mark}": _within(pitch - shank), f"foot_pitch{mark}": pitch}
    return found


def _across(points: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Tilt of the pelvis across the picture, right side down positive, from behind as from the front."""
    if "hip_l" not in points or "hip_r" not in points:
        return {}
    apart = points["hip_l"] - points["hip_r"]
    return {"pelvis_list": np.arctan2(apart[:, 1], np.abs(apart[:, 0]))}


def _turn(segment: FloatArray, forward: int, *, up: bool = False) -> FloatArray:
    """Angle of a segment (time, 2) from the vertical, its far end forward positive; downward unless ``up``."""
    angle: FloatArray = np.arctan2(forward * segment[:, 0], segment[:, 1] if up else -segment[:, 1])
    return angle


def _within(angle: FloatArray) -> FloatArray:
    """The same angle between minus and plus half a turn."""
    return (angle + np.pi) % (2 * np.pi) - np.pi
