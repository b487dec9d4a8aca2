"""From where the camera looks: which way the person faces in the picture, and which leg is near."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from restride.errors import SchemaError
from restride.signals.recording import Doubt, Side
from restride.signals.schema import KINDS, SIDES, FloatArray, require

# seen from the side the shoulders lie over each other; from behind they are as wide as two thirds of the trunk
# is long (NASA 1978: breadth 0.23, trunk 0.29 of height). In between it is neither
SIDEWAYS: Final = 0.3
# below this share of pictures in which it was found, a point was not seen
MOSTLY: Final = 0.5


@dataclass(frozen=True, slots=True)
class Seen:
    """From where a person was filmed.

    Attributes
    ----------
    view : {"side-left", "side-right", "back", "front", ""}
        The side of the person the camera sees; empty: not known.
    near : {"left", "right"} or None
        The leg nearer to the camera; None from behind, from the front, or where the view is not known.
    forward : {1, -1, 0}
        Whether the person faces the right or the left of the picture; 0: neither.
    doubts : tuple of Doubt
    """

    view: str
    near: Side | None
    forward: int
    doubts: tuple[Doubt, ...] = ()


def seen_from(keypoints: xr.DataArray) -> Seen:
    """From where the camera looks, as stated, or as the picture shows it with a doubt.

    Parameters
    ----------
    keypoints : DataArray, dims (time, keypoint, axis), units "1"
        With the attribute ``view``, "" where nobody states it.

    Raises
    ------
    SchemaError
        If neither hips nor ankles are among the keypoints.

    Notes
    -----
    A person who faces the left of the picture shows the left side, unless the picture is mirrored; a statement
    that says otherwise is followed and doubted.
    """
    points = placed(keypoints)
    forward, broad = _facing(points), _breadth(points)
    stated = str(keypoints.attrs.get("view", ""))
    shown = "side-left" if forward < 0 else "side-right"
    if stated in ("back", "front"):
        doubts = () if broad > SIDEWAYS else (_not_across(stated),)
        return Seen(stated, None, 0, doubts)
    if stated in ("side-left", "side-right"):
        near: Side = "left" if stated == "side-left" else "right"
        wrong = forward != 0 and stated != shown
        # the way the legs bend in the picture is what angles are read by
        return Seen(
            stated, near, forward or (-1 if near == "left" else 1), (_turned(stated, forward),) if wrong else ()
        )
    if broad < SIDEWAYS and forward != 0:
        text = f"Nothing says from where the camera looks; the picture shows the person's {shown.split('-')[1]} side."
        remedy = f"Add to take.yaml: video: {{view: {shown}}}; if the picture is mirrored, mirrored: true with it."
        return Seen(shown, SIDES[0] if forward < 0 else SIDES[1], forward, (Doubt("sides", text, remedy),))
    text = "Nothing says from where the camera looks, and the picture does not show it clearly."
    remedy = "Add to take.yaml: video: {view: side-left}; or side-right, back, front."
    return Seen("", None, 0, (Doubt("sides", text, remedy),))


def placed(keypoints: xr.DataArray) -> dict[str, FloatArray]:
    """Positions (time, 2) of each keypoint by name, with ``mid_hip`` and ``neck`` made from both sides if missing."""
    kind = KINDS["keypoints"]
    values = require(keypoints, dims=kind.dims, units=kind.units, name="keypoints").values
    points = {str(name): values[:, i] for i, name in enumerate(keypoints["keypoint"].values)}
    for middle, ends in (("mid_hip", ("hip_l", "hip_r")), ("neck", ("shoulder_l", "shoulder_r"))):
        if middle not in points and all(end in points for end in ends):
            points[middle] = (points[ends[0]] + points[ends[1]]) / 2
    if not {"mid_hip", "ankle_l", "ankle_r"} <= set(points):
        raise SchemaError(
            f"keypoints: expected hips and ankles, found {sorted(points)}; estimate a pose of the whole body"
        )
    return points


def usual(values: FloatArray) -> float:
    """Median of what was seen; NaN if that is less than half."""
    found = values[np.isfinite(values)]
    return float(np.median(found)) if found.size > MOSTLY * values.size else float("nan")


def leg_length(points: dict[str, FloatArray]) -> float:
    """Thigh and shank together, picture heights, of the leg that shows longer; NaN without knees."""
    lengths = []
    for side in "lr":
        if f"knee_{side}" in points and f"hip_{side}" in points:
            thigh, shank = (
                np.linalg.norm(points[f"{a}_{side}"] - points[f"{b}_{side}"], axis=1)
                for a, b in (("hip", "knee"), ("knee", "ankle"))
            )
            lengths.append(usual(thigh) + usual(shank))
    known = [length for length in lengths if np.isfinite(length)]
    return max(known, default=float("nan"))


def _facing(points: dict[str, FloatArray]) -> int:
    """1 or -1 along x as the feet point, else as the nose does; 0 where neither tells."""
    ahead = [
        usual(points[f"big_toe_{side}"][:, 0] - points[f"heel_{side}"][:, 0])
        for side in "lr"
        if f"big_toe_{side}" in points and f"heel_{side}" in points
    ]
    if not np.isfinite(ahead).any() and {"nose", "neck"} <= set(points):
        ahead = [usual(points["nose"][:, 0] - points["neck"][:, 0])]
    trunk = _trunk(points)
    told = [a for a in ahead if np.isfinite(a)]
    if not told or not trunk > 0 or abs(np.mean(told)) < 0.1 * trunk:
        return 0
    return 1 if np.mean(told) > 0 else -1


def _breadth(points: dict[str, FloatArray]) -> float:
    """Shoulders and hips across the picture, over the length of the trunk; NaN without them."""
    pairs = [(f"{name}_l", f"{name}_r") for name in ("shoulder", "hip")]
    across = [usual(np.abs(points[a][:, 0] - points[b][:, 0])) for a, b in pairs if a in points and b in points]
    trunk = _trunk(points)
    return float(np.nanmax(across)) / trunk if np.isfinite(across).any() and trunk > 0 else float("nan")


def _trunk(points: dict[str, FloatArray]) -> float:
    return usual(np.linalg.norm(points["neck"] - points["mid_hip"], axis=1)) if "neck" in points else float("nan")


def _turned(stated: str, forward: int) -> Doubt:
    where = "right" if forward > 0 else "left"
    text = f"The camera is said to see {stated}, but the person faces the {where} of the picture: one of them is wrong."
    return Doubt("sides", text, "Correct view in take.yaml, or add mirrored: true if the picture is mirrored.")


def _not_across(stated: str) -> Doubt:
    text = f"The camera is said to see the {stated}, but shoulders and hips lie over each other as from the side."
    return Doubt("sides", text, "Correct view in take.yaml under video.")
