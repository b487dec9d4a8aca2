"""Pose tables: keypoints of a video as RTMPose, MMPose, OpenPose, MediaPipe and their like write them.

Only the tables are read, never the pictures. Positions become picture heights with y up; the confidence the
estimator states stays beside them.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import xarray as xr

from restride.errors import ReadError
from restride.readers.pose_people import followed
from restride.readers.pose_shapes import TELLTALE, Film, Person, Picture, counted_in, film
from restride.readers.take import Take
from restride.signals.recording import Doubt, Recording, Source
from restride.signals.schema import FloatArray, labelled

# one picture per file, as OpenPose, Sports2D and Pose2Sim write them: clip_000000000012_keypoints.json
ONE_PICTURE: Final = re.compile(r"(?i)(?P<clip>.*?)_?(?P<number>\d+)(?:_keypoints)?\.json$")
# numbers of pictures may leave some out, not nearly all: beyond this the numbering means something else
MOST_LEFT_OUT: Final = 20
# points further outside than this many picture heights are no points
FURTHEST: Final = 3.0
# positions no larger than this are shares of the picture, not pixels: MediaPipe's may lie somewhat outside
LARGEST_SHARE: Final = 4.0
AXES: Final = ("x", "y")


def sniff(head: bytes) -> bool:
    """Whether a file begins like JSON that speaks of people, landmarks or keypoints."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text[:1] in (b"{", b"[") and TELLTALE.search(text) is not None


def read_poses(path: Path, take: Take) -> Recording:
    """Keypoints of all pictures in one file.

    Returns
    -------
    Recording
        ``keypoints``, dims (time, keypoint, axis), picture heights, with the coordinate ``confidence`` and the
        attribute ``view`` ("" if nobody states it). NaN where a point was not found.

    Raises
    ------
    ReadError
        If the file holds no pictures with keypoints, or neither it nor take.yaml states the rate of the
        pictures or their size.
    """
    data = path.read_bytes()
    return _recording(film(_parsed(data)), take, hashlib.sha256(data).hexdigest(), "pose table")


def read_pose_pictures(paths: Sequence[Path], take: Take) -> Recording:
    """Keypoints of files that hold one picture each, in the order of their numbers; as ``read_poses`` otherwise.

    Parameters
    ----------
    paths : sequence of Path
        As ``of_one_film`` groups them.
    take : Take
    """
    ordered = sorted(paths, key=lambda path: _number(path))
    pictures: list[Picture] = []
    digest = hashlib.sha256()
    for path in ordered:
        data = path.read_bytes()
        digest.update(data)
        content = _parsed(data)
        if not isinstance(content, dict) or "people" not in content:
            raise ReadError(f"expected one picture with people in {path.name}, found something else; export it again")
        pictures.append(Picture(_people_in(content), number=_number(path)))
    if not any(picture.people for picture in pictures):
        raise ReadError(f"expected people with keypoints in {len(pictures)} pictures, found none")
    return _recording(Film(tuple(pictures)), take, digest.hexdigest(), "pose pictures")


def of_one_film(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Those of some files that are single pictures of one film; empty if there are not two of them."""
    films: dict[tuple[Path, str], list[Path]] = {}
    for path in paths:
        named = ONE_PICTURE.match(path.name)
        if named:
            films.setdefault((path.parent, named["clip"]), []).append(path)
    longest = max(films.values(), key=len, default=[])
    if len(longest) < 2:
        return ()
    head = longest[0].read_bytes()[:4096]
    return tuple(longest) if b'"people"' in head else ()


def _people_in(content: dict[str, object]) -> tuple[Person, ...]:
    try:
        return film(content).pictures[0].people
    except ReadError:  # nobody in this picture
        return ()


def _parsed(data: bytes) -> object:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise ReadError("expected JSON, found something else or a file cut off; export the poses again") from error


def _number(path: Path) -> int:
    return counted_in(path.name) or 0


def _recording(found: Film, take: Take, sha256: str, format_name: str) -> Recording:
    rate_hz = take.video.rate_hz or found.rate_hz or _rate_of(found.times)
    points, names, doubts = _points(found)
    if rate_hz is None:
        raise ReadError("expected the rate of the pictures, found none; add to take.yaml: video: {rate_hz: 30}")
    places = _in_picture_heights(points, found, take)
    keypoints, view, more = _labelled(places, points[..., 2], names, rate_hz, found, take)
    source = Source(format_name, sha256, device=found.device)
    signal = keypoints.assign_attrs(view=view)
    return Recording({"keypoints": signal}, sources=(source,), doubts=(*doubts, *more))


def _rate_of(times: FloatArray) -> float | None:
    steps = np.diff(times[np.isfinite(times)])
    usual = float(np.median(steps)) if steps.size else 0.0
    return 1.0 / usual if usual > 0 else None


def _points(found: Film) -> tuple[FloatArray, list[str], list[Doubt]]:
    """Points of the person followed, shape (picture, keypoint, 3), their names, and doubts about people."""
    pictures = _in_steps(found)
    people = followed(pictures)
    names = list(dict.fromkeys(name for person in people for name in person))
    points = np.full((len(people), len(names), 3), np.nan)
    for i, person in enumerate(people):
        for j, name in enumerate(names):
            if name in person:
                points[i, j] = person[name]
    # how OpenPose writes a point it did not find
    points[(points[..., 0] == 0) & (points[..., 1] == 0)] = np.nan
    several = sum(len(one) > 1 for one in pictures)
    nobody = sum(not person for person in people)
    doubts = []
    if several:
        text = f"More than one person is in {several} of {len(people)} pictures; the largest and surest was followed."
        doubts.append(Doubt("keypoints", text, "Cut the picture to one person before the poses are estimated."))
    if nobody:
        text = f"Nobody was found in {nobody} of {len(people)} pictures; they are gaps."
        doubts.append(Doubt("keypoints", text, severity="note"))
    return points, names, doubts


def _in_steps(found: Film) -> list[tuple[Person, ...]]:
    """The people of each picture in even steps of time; none where a picture was left out."""
    pictures = found.pictures
    numbers = [picture.number for picture in pictures]
    if all(n is not None for n in numbers):
        at = np.array(numbers, dtype=np.float64)
    elif np.isfinite(found.times).all() and (rate_hz := found.rate_hz or _rate_of(found.times)):
        at = np.round((found.times - found.times.min()) * rate_hz)
    else:
        at = np.arange(len(pictures), dtype=np.float64)
    at -= at.min()
    if at.max() > MOST_LEFT_OUT * len(pictures):
        raise ReadError(
            f"expected pictures in a row, found {len(pictures)} numbered up to {at.max():.0f}; number them one by one"
        )
    steps: list[tuple[Person, ...]] = [()] * (int(at.max()) + 1)
    for step, picture in zip(at.astype(int), pictures, strict=True):
        steps[step] += picture.people
    return steps


def _in_picture_heights(points: FloatArray, found: Film, take: Take) -> FloatArray:
    """Positions (picture, keypoint, 2), picture heights, x to the right and y up; NaN far outside."""
    height, width = take.video.height_px or found.height_px, take.video.width_px or found.width_px
    seen = points[..., :2][np.isfinite(points[..., :2]).all(axis=-1)]
    if not seen.size:
        raise ReadError("expected positions of keypoints, found none that are numbers; export the poses again")
    shares = float(np.percentile(np.abs(seen), 90)) < LARGEST_SHARE
    if height is None or (shares and width is None):
        lines = "height_px: 1080" + (", width_px: 1920" if shares else "")
        raise ReadError(f"expected the size of the picture, found none; add to take.yaml: video: {{{lines}}}")
    across = points[..., 0] * width / height if shares and width is not None else points[..., 0] / height
    down = points[..., 1] if shares else points[..., 1] / height
    places = np.stack([across, 1.0 - down], axis=-1)
    places[(np.abs(places) > FURTHEST).any(axis=-1) | np.isnan(places).any(axis=-1)] = np.nan
    return places


def _labelled(
    places: FloatArray, sure: FloatArray, names: list[str], rate_hz: float, found: Film, take: Take
) -> tuple[xr.DataArray, str, list[Doubt]]:
    """The keypoints with their labels, from where they were seen, and doubts about that."""
    view: str = take.video.view or found.view or ""
    if take.video.mirrored:
        other = {"l": "r", "r": "l"}
        names = [name[:-1] + other[name[-1]] if name[-2:] in ("_l", "_r") else name for name in names]
        places = places * [-1.0, 1.0]
        places[..., 0] += float(np.nanmax(-places[..., 0]) + np.nanmin(-places[..., 0]))
    doubts = []
    if take.video.view and found.view and take.video.view != found.view:
        text = f"take.yaml says that the camera sees {view}, the file says {found.view}; take.yaml was followed."
        doubts.append(Doubt("sides", text, "Check which is right: it decides which leg is near."))
    # scores of some estimators pass 1: they are sure then
    confidence = np.where(np.isfinite(places).all(axis=-1), np.clip(sure, 0.0, 1.0), 0.0)
    array = labelled(
        places,
        dims=("time", "keypoint", "axis"),
        units="1",
        coords={
            "time": np.arange(len(places)) / rate_hz,
            "keypoint": names,
            "axis": list(AXES),
            "confidence": (("time", "keypoint"), confidence),
        },
        name="keypoints",
    )
    return array, view, doubts
