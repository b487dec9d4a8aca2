"""Names of keypoints: the orders in which pose estimators write them, and one name for each point.

Orders after the documentation of OpenPose (BODY_25, COCO), COCO (17 and 133 points), Halpe (26 points, as
RTMPose and AlphaPose write them) and MediaPipe Pose (33 points).
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


def _both(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}_{side}" for name in names for side in "lr")


_FACE: Final = ("nose", *_both("eye", "ear"))
_COCO: Final = (*_FACE, *_both("shoulder", "elbow", "wrist", "hip", "knee", "ankle"))
_FEET: Final = ("big_toe", "small_toe", "heel")
_RIGHT_ARM, _LEFT_ARM = (tuple(f"{n}_{s}" for n in ("shoulder", "elbow", "wrist")) for s in "rl")
_RIGHT_LEG, _LEFT_LEG = (tuple(f"{n}_{s}" for n in ("hip", "knee", "ankle")) for s in "rl")
_OPENPOSE_FACE: Final = ("eye_r", "eye_l", "ear_r", "ear_l")
_EACH_FOOT: Final = tuple(f"{name}_{side}" for side in "lr" for name in _FEET)

# number of points -> their names in order; points without use are ""
ORDERS: Final[Mapping[int, tuple[str, ...]]] = MappingProxyType(
    {
        17: _COCO,
        18: ("nose", "neck", *_RIGHT_ARM, *_LEFT_ARM, *_RIGHT_LEG, *_LEFT_LEG, *_OPENPOSE_FACE),
        25: (
            *("nose", "neck", *_RIGHT_ARM, *_LEFT_ARM, "mid_hip", *_RIGHT_LEG, *_LEFT_LEG),
            *(*_OPENPOSE_FACE, *_EACH_FOOT),
        ),
        26: (*_COCO, "head", "neck", "mid_hip", *_both(*_FEET)),
        33: (
            *("nose", *("",) * 6, "ear_l", "ear_r", "", ""),
            *_both("shoulder", "elbow", "wrist"),
            *("",) * 6,
            *_both("hip", "knee", "ankle", "heel", "big_toe"),
        ),
        133: (*_COCO, *_EACH_FOOT, *("",) * 110),
    }
)

# other words for a point, without its side
_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "foot_index": "big_toe",
        "bigtoe": "big_toe",
        "smalltoe": "small_toe",
        "toe": "big_toe",
        "midhip": "mid_hip",
        "hip_center": "mid_hip",
        "pelvis": "mid_hip",
        "root": "mid_hip",
        "head_top": "head",
    }
)
_KNOWN: Final = frozenset(n.removesuffix("_l").removesuffix("_r") for order in ORDERS.values() for n in order) - {""}
_MIDDLE: Final = ("nose", "head", "neck", "mid_hip")


def keypoint(label: str) -> str:
    """The name of a keypoint as restride writes it, with ``_l`` or ``_r``; empty if the label is not known.

    Parameters
    ----------
    label : str
        ``l_knee``, ``left_knee``, ``LKnee``, ``LEFT_KNEE``, ``knee_left``, ``leftKnee``, ...
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", label.strip())
    parts = [part for part in re.split(r"[\s._\-]+", words.lower()) if part]
    for mark, side in (("left", "l"), ("right", "r"), ("l", "l"), ("r", "r")):
        if mark in (parts[:1] + parts[-1:]):
            rest = "_".join(parts[1:] if parts[0] == mark else parts[:-1])
            name = _WORDS.get(rest, rest)
            return f"{name}_{side}" if name in _KNOWN and name not in _MIDDLE else ""
    name = _WORDS.get("_".join(parts), "_".join(parts))
    return name if name in _MIDDLE else ""
