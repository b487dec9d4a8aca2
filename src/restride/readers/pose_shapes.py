"""The shapes in which pose estimators write their points, brought to one: pictures of people of points.

Every shape is a list of pictures; a picture holds people, a person holds points in one of the orders of
``keypoint_names`` or under names of their own. What is not a number becomes a gap, never a point.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np

from restride.errors import ReadError
from restride.readers.filmed import VIEWS, View
from restride.readers.keypoint_names import ORDERS, keypoint
from restride.signals.schema import FloatArray

# where a list of pictures, the people of a picture and the points of a person are found, best first
_PICTURES: Final = ("frames", "instance_info", "pose_landmarks", "landmarks", "poseLandmarks", "predictions")
_PEOPLE: Final = ("people", "instances", "persons", "predictions")
_POINTS: Final = ("pose_keypoints_2d", "keypoints", "pose_landmarks", "landmarks", "poseLandmarks")
_SCORES: Final = ("keypoint_scores", "scores", "confidence")
_CERTAINTY: Final = ("visibility", "confidence", "score", "presence")
_TIMES: Final[Mapping[str, float]] = {
    "timestamp_ms": 1e-3,
    "time_ms": 1e-3,
    "timestamp": 1.0,
    "time_s": 1.0,
    "time": 1.0,
}
# a year at a thousand a second is three times ten to the ten
MOST_PICTURES: Final = 10**11
# pixels, shares and seconds are all far smaller, milliseconds since 1970 too
LARGEST: Final = 1e15
MOST_MISSING: Final = 20
_NUMBERS: Final = ("frame_id", "frame_index", "frame_number", "frame", "image_id")

# points as they stand in the file, shape (keypoint, 3): x, y, confidence
Person = Mapping[str, tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its people, and its time or number where the file states one."""

    people: tuple[Person, ...]
    time_s: float = np.nan
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Film:
    """What a file says of all its pictures; None and "" where it does not."""

    pictures: tuple[Picture, ...]
    rate_hz: float | None = None
    width_px: float | None = None
    height_px: float | None = None
    view: View | None = None
    device: str = ""
    times: FloatArray = field(default_factory=lambda: np.empty(0))


def film(content: object) -> Film:
    """All pictures of a file.

    Parameters
    ----------
    content : object
        As JSON holds it.

    Raises
    ------
    ReadError
        If no list of pictures with points is found.
    """
    head = content if isinstance(content, Mapping) else {}
    names = _names_of(head)
    # one picture alone: a file of OpenPose
    found = [content] if "people" in head else next((head[k] for k in _PICTURES if k in head), content)
    listed = _in_order(found) if isinstance(found, Mapping) else found
    if not isinstance(listed, list):
        raise ReadError("expected a list of pictures with keypoints, found none; export the poses again")
    pictures = tuple(_picture(one, names) for one in listed)
    if not any(picture.people for picture in pictures):
        raise ReadError(
            f"expected people with {', '.join(map(str, ORDERS))} or named keypoints in {len(pictures)} pictures, "
            "found none; name the points, or export them in one of these orders"
        )
    stamps = head.get("timestamps")
    times = (
        np.array([_number(t) for t in stamps]) if isinstance(stamps, list) and len(stamps) == len(pictures) else None
    )
    return Film(
        pictures,
        rate_hz=_positive(head, "fps", "frame_rate", "rate_hz"),
        width_px=_positive(head, "width", "image_width", "width_px"),
        height_px=_positive(head, "height", "image_height", "height_px"),
        view=next((view for view in VIEWS if head.get("view") == view), None),
        device=str(head.get("source", ""))[:60] if isinstance(head.get("source"), str) else "",
        times=np.array([p.time_s for p in pictures]) if times is None else times,
    )


def _in_order(numbered: Mapping[object, object]) -> object:
    """Pictures under their numbers, "0", "1", ..., as a list; anything else as it is."""
    keys = [str(key) for key in numbered]
    if not keys or not all(re.fullmatch(r"\d{1,11}", key) for key in keys):
        return numbered
    counts = sorted(int(key) for key in keys)
    held = {int(str(key)): value for key, value in numbered.items()}
    # of pictures that were looked at one by one those in between held nobody
    step = min((b - a for a, b in pairwise(counts)), default=1)
    return [held.get(n) for n in counts] if step > 1 else [held.get(n) for n in _without_holes(counts)]


def _without_holes(counts: Sequence[int]) -> Sequence[int]:
    """All numbers from the first to the last, unless far more are missing than there."""
    every = range(counts[0], counts[-1] + 1)
    return every if len(every) <= MOST_MISSING * len(counts) else counts


def _names_of(head: Mapping[object, object]) -> tuple[str, ...]:
    """Names the file states for its points in order; "" for those without use."""
    stated = head.get("keypoint_names")
    meta = head.get("meta_info")
    if stated is None and isinstance(meta, Mapping) and isinstance(meta.get("keypoint_id2name"), Mapping):
        by_number = meta["keypoint_id2name"]
        stated = [by_number.get(str(i), by_number.get(i)) for i in range(len(by_number))]
    if not isinstance(stated, list) or len(stated) > max(ORDERS):
        return ()
    return tuple(keypoint(name) if isinstance(name, str) else "" for name in stated)


def _picture(content: object, names: tuple[str, ...]) -> Picture:
    if isinstance(content, list):
        return Picture(_people(content, names))
    if not isinstance(content, Mapping):
        return Picture(())
    time_s = next((_number(content[k]) * unit for k, unit in _TIMES.items() if k in content), np.nan)
    counted = next((n for k in _NUMBERS if (n := counted_in(content.get(k))) is not None), None)
    people = next((content[k] for k in _PEOPLE if isinstance(content.get(k), list)), None)
    if people is not None:
        found = tuple(p for one in people if (p := _person(one, names)))
        return Picture(found, time_s, counted)
    points = next((content[k] for k in _POINTS if isinstance(content.get(k), list | Mapping)), content)
    return Picture(_people(points, names, content), time_s, counted)


def _people(
    points: object, names: tuple[str, ...], around: Mapping[object, object] | None = None
) -> tuple[Person, ...]:
    """People of a list that holds points, or people that hold points."""
    one = _person(points if around is None else {**around, "keypoints": points}, names)
    if one:
        return (one,)
    if isinstance(points, list):
        return tuple(p for inner in points if isinstance(inner, list | Mapping) and (p := _person(inner, names)))
    return ()


def _person(content: object, names: tuple[str, ...]) -> Person:
    """Points of one person by name; empty if they are none."""
    if isinstance(content, Mapping):
        points = next((content[k] for k in _POINTS if isinstance(content.get(k), list | Mapping)), None)
        if points is None:
            return _named(content)
        if isinstance(points, Mapping):
            return _named(points)
        scores = next((content[k] for k in _SCORES if isinstance(content.get(k), list)), None)
        return _ordered(points, names, scores)
    return _ordered(content, names, None)


def _named(points: Mapping[object, object]) -> Person:
    found = {
        keypoint(str(label)): _point(value) for label, value in points.items() if isinstance(value, list | Mapping)
    }
    return {name: point for name, point in found.items() if name and point is not None}


def _ordered(points: object, names: tuple[str, ...], scores: Sequence[object] | None) -> Person:
    """Points in a known order: one list of numbers, or one list or mapping per point."""
    if not isinstance(points, list) or not points:
        return {}
    if all(isinstance(value, int | float) for value in points):
        points = [points[i : i + 3] for i in range(0, len(points) - len(points) % 3, 3)]
    order = names if len(names) == len(points) else ORDERS.get(len(points), ())
    labels = [value.get("name", value.get("id")) if isinstance(value, Mapping) else None for value in points]
    if not order and all(isinstance(label, str) for label in labels):
        order = tuple(keypoint(str(label)) for label in labels)
    found: dict[str, tuple[float, float, float]] = {}
    for i, (name, value) in enumerate(zip(order, points, strict=False)):
        point = _point(value)
        if name and point is not None:
            sure = _number(scores[i]) if scores is not None and i < len(scores) else point[2]
            found[name] = (point[0], point[1], sure)
    return found


def _point(value: object) -> tuple[float, float, float] | None:
    """x, y and confidence; NaN where not stated; None if it is no point."""
    if isinstance(value, Mapping):
        if "x" not in value or "y" not in value:
            return None
        sure = next((_number(value[k]) for k in _CERTAINTY if k in value), np.nan)
        return _number(value["x"]), _number(value["y"]), sure
    if isinstance(value, list) and 2 <= len(value) <= 4 and not any(isinstance(v, list | Mapping) for v in value):
        # of four numbers the third is a depth
        return _number(value[0]), _number(value[1]), _number(value[-1]) if len(value) > 2 else np.nan
    return None


def counted_in(value: object) -> int | None:
    """The number of a picture, also at the end of a name ("clip_000012.jpg"); None without one."""
    if isinstance(value, str):
        found = re.search(r"(\d{1,12})\D*$", value)
        return int(found[1]) if found else None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < MOST_PICTURES:
        return value
    return None


def _positive(head: Mapping[object, object], *keys: str) -> float | None:
    found = next((_number(head[key]) for key in keys if key in head), np.nan)
    return found if found > 0 else None


def _number(value: object) -> float:
    """A number of a size that can be meant; NaN for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return np.nan
    try:
        number = float(value)
    except OverflowError:
        return np.nan
    return number if abs(number) < LARGEST else np.nan


TELLTALE: Final = re.compile(
    rb'"(?:frames|people|instances|instance_info|keypoints?\w*|num_keypoints|pose_?landmarks|landmarks|visibility)"',
    re.IGNORECASE,
)
