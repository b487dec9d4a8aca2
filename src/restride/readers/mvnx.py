"""MVNX, the open format of Xsens MVN: joint angles and contacts of the feet, as its body model found them.

What is known of the format is from the MVN user manual (MV0319P, chapters 16 and 19): angles in
degrees, per joint abduction, internal rotation and flexion (Euler sequence ZXY); contacts of heel
and toe of each foot per frame. Its sensor signals have gravity taken out and are not read.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import xarray as xr

from restride.errors import ReadError
from restride.readers.take import Take
from restride.readers.text_rows import measurable
from restride.signals.recording import EVENT_COLUMNS, Doubt, Recording, Source, no_events
from restride.signals.schema import SIDES, FloatArray, labelled

# joint of MVN without its side -> coordinate; only flexion, whose sign the manual leaves no doubt about
JOINTS: Final = {"Hip": "hip_flexion", "Knee": "knee_angle", "Ankle": "ankle_angle"}
FLEXION: Final = 2  # place among the three numbers of a joint
METHOD: Final = "MVN foot contacts"
SHORTEST_S: Final = 0.08  # of a contact or a swing: shorter ones are the detection wavering
_WHOLE: Final = ("frame", "joint", "contactDefinition", "subject")


@dataclass(slots=True)
class _Content:
    """What was met in a document, up to its end or to the damage."""

    joints: list[str] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    time_s: list[float] = field(default_factory=list)
    angles: list[list[float]] = field(default_factory=list)
    touching: list[list[float]] = field(default_factory=list)
    damage: str = ""


def sniff(head: bytes) -> bool:
    """Whether a file begins as an MVNX document."""
    return b"<mvnx" in head[:2000].lower()


def read_mvnx(path: Path, take: Take) -> Recording:  # noqa: ARG001  a reader's signature
    """Flexion of hips, knees and ankles, and when each foot touched the ground.

    Parameters
    ----------
    path : Path
    take : Take
        Nothing of it concerns these files.

    Returns
    -------
    Recording
        ``angles`` (rad) and events; a damaged document is read up to the damage.

    Raises
    ------
    ReadError
        If no frame has joint angles, or the document declares entities, which MVN never does.
    """
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            if b"<!ENTITY" in block or b"\0" in block:
                raise ReadError("expected a document of MVN in UTF-8, found entities or another encoding")
    content = _content(path)
    time_s = np.array(content.time_s)
    if time_s.size < 2 or (np.diff(time_s) <= 0).any():
        reason = f" ({content.damage})" if content.damage else ""
        raise ReadError(f"expected frames with joint angles in order of time, found none{reason}; export it again")
    angles = _angles(content, time_s)
    doubts = []
    if content.damage:
        text = f"The file is damaged; {time_s.size} frames before the damage were read ({content.damage})."
        doubts.append(Doubt("file", text, "Export it again."))
    source = Source("MVNX", _sha256(path))
    return Recording(angles, events=_events(content, time_s), sources=(source,), doubts=tuple(doubts))


def _content(path: Path) -> _Content:
    found = _Content()
    try:
        for _, element in ElementTree.iterparse(path):
            name = element.tag.rpartition("}")[2]
            if name == "joint" and element.get("label"):
                found.joints.append(str(element.get("label")))
            elif name == "contactDefinition":
                found.contacts.append(str(element.get("label", "")))
            elif name == "frame":
                _frame(element, found)
            if name in _WHOLE:
                element.clear()
    except ElementTree.ParseError as error:
        found.damage = str(error)
    return found


def _frame(element: ElementTree.Element, found: _Content) -> None:
    """One frame of movement; those of calibration have other types."""
    parts = {below.tag.rpartition("}")[2]: below.text for below in element}
    angles, touching = (_numbers(parts.get(key)) for key in ("jointAngle", "footContacts"))
    try:
        time_s = float(element.get("time", "nan")) / 1e3
    except ValueError:
        return
    if element.get("type", "normal") != "normal" or len(angles) != 3 * len(found.joints) or not np.isfinite(time_s):
        return
    found.time_s.append(time_s)
    found.angles.append(angles)
    found.touching.append(touching if len(touching) == len(found.contacts) else [float("nan")] * len(found.contacts))


def _angles(content: _Content, time_s: FloatArray) -> dict[str, xr.DataArray]:
    columns = {
        f"{name}_{side[0]}": content.joints.index(label)
        for joint, name in JOINTS.items()
        for side in SIDES
        if (label := f"j{side.capitalize()}{joint}") in content.joints
    }
    if not columns:
        raise ReadError("expected joints of the legs, found none; export the joint angles of the lower body")
    every = measurable(np.array(content.angles)).reshape(len(time_s), -1, 3)
    values = np.deg2rad(every[:, list(columns.values()), FLEXION])
    coords = {"time": time_s - time_s[0], "coordinate": list(columns)}
    return {"angles": labelled(values, dims=("time", "coordinate"), units="rad", coords=coords, name="angles")}


def _events(content: _Content, time_s: FloatArray) -> pd.DataFrame:
    """Contacts and toe-offs: a foot is down while its heel or its toe is."""
    rows: list[tuple[float, str, str, str]] = []
    touching = np.array(content.touching).reshape(len(time_s), -1)
    for side in SIDES:
        own = [i for i, label in enumerate(content.contacts) if label.startswith(side.capitalize())]
        if not own or np.isnan(touching[:, own]).any():
            continue
        down = np.asarray(touching[:, own].any(axis=1))
        for start, end in _runs(down, time_s):
            # at the edge of the recording nobody knows when it began or ended
            rows += [(time_s[start] - time_s[0], side, "initial_contact", METHOD)] if start else []
            rows += [(time_s[end] - time_s[0], side, "toe_off", METHOD)] if end < len(time_s) else []
    return pd.DataFrame(rows, columns=list(EVENT_COLUMNS)) if rows else no_events()


def _runs(down: np.ndarray, time_s: FloatArray) -> Iterator[tuple[int, int]]:
    """First frame down and first frame up again of each contact that is no wavering."""
    step_s = float(np.median(np.diff(time_s)))
    edges = np.flatnonzero(np.diff(np.concatenate([[0], down.astype(int), [0]])))
    runs = [[int(a), int(b)] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    merged: list[list[int]] = []
    for run in runs:
        if merged and (run[0] - merged[-1][1]) * step_s < SHORTEST_S:
            merged[-1][1] = run[1]
        else:
            merged.append(run)
    yield from ((a, b) for a, b in merged if (b - a) * step_s >= SHORTEST_S)


def _numbers(text: str | None) -> list[float]:
    try:
        return [float(word) for word in (text or "").split()]
    except ValueError:
        return []


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
