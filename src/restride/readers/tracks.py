"""GPX and TCX tracks: times, distance, height and what little else they carry; never left and right."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import numpy as np

from restride.errors import ReadError
from restride.readers.fit_fields import column
from restride.readers.take import Take
from restride.readers.watch_clock import increasing, path_m
from restride.readers.watch_records import record_signals, turning
from restride.readers.when import from_utc
from restride.signals.recording import Doubt, Recording, Source

POINTS: Final = ("trkpt", "trackpoint")
# element of a point, in small letters and without its namespace -> field of a record
_FIELDS: Final = {
    "ele": "altitude",
    "altitudemeters": "altitude",
    "distancemeters": "distance",
    "latitudedegrees": "latitude",
    "longitudedegrees": "longitude",
    "speed": "speed",
    "watts": "power",
    "power": "power",
    "cad": "cadence",
    "cadence": "cadence",
    "runcadence": "cadence",
    "hr": "heart_rate",
}


def sniff(head: bytes) -> bool:
    """Whether a file begins as a GPX or TCX document."""
    text = head[:2000].lower()
    return b"<gpx" in text or b"<trainingcenterdatabase" in text


def read_track(path: Path, take: Take) -> Recording:  # noqa: ARG001  a reader's signature
    """A GPX or TCX track as signals on the clock of its points.

    Parameters
    ----------
    path : Path
    take : Take
        Nothing of it concerns a track.

    Returns
    -------
    Recording
        Time from the first point, in s; the source says when that was. The place is not kept; distance is the
        track's own, or summed along its fixes. A damaged document is read up to the damage.

    Raises
    ------
    ReadError
        If no point has a time, or the document declares entities, which no track needs.
    """
    content = path.read_bytes()
    track = _track(content)
    clock_s = column(track.points, "timestamp")
    rows = increasing(clock_s)
    if rows.size == 0:
        reason = f" ({track.damage})" if track.damage else ""
        raise ReadError(f"expected points with times, found none{reason}; export the track again")
    points = [track.points[row] for row in rows]
    time_s = clock_s[rows] - clock_s[rows[0]]
    latitude, longitude = (np.deg2rad(column(points, name)) for name in ("latitude", "longitude"))
    if not np.isfinite(column(points, "distance")).any():
        gone = path_m(latitude, longitude)
        points = [{**p, "distance": float(m)} if np.isfinite(m) else p for p, m in zip(points, gone, strict=True)]
    signals, doubts = record_signals(points, time_s, track.sport)
    signals |= turning(time_s, latitude, longitude)
    if not signals:
        raise ReadError("expected places, heights or speeds along the track, found none; export the track again")
    name = f"{track.kind} ({track.sport or 'sport not stated'})"
    source = Source(name, hashlib.sha256(content).hexdigest(), started=from_utc(float(clock_s[rows[0]])))
    return Recording(signals, sources=(source,), doubts=(*_doubts(track, rows.size), *doubts))


@dataclass(frozen=True, slots=True)
class _Track:
    """Points of a document up to its end or to the damage."""

    points: Sequence[Mapping[str, float]]
    kind: str
    sport: str
    damage: str


def _track(content: bytes) -> _Track:
    """What a document holds; entities are refused, because a few of them can fill the memory."""
    if b"\0" in content or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ReadError("expected a plain track in UTF-8, found a document type or another encoding; export it again")
    parser: ElementTree.XMLPullParser[ElementTree.Element] = ElementTree.XMLPullParser(("start", "end"))
    points: list[Mapping[str, float]] = []
    kind, sport, damage = "GPX", "", ""
    try:
        parser.feed(content)
        parser.close()
    except ElementTree.ParseError as error:
        damage = str(error)
    try:
        for event, element in _elements(parser):
            name = _plain(element.tag)
            if event == "start":
                kind = "TCX" if name == "trainingcenterdatabase" else kind
                sport = sport or (element.get("Sport", "").strip().lower() if name == "activity" else "")
            elif name in POINTS:
                points.append(_point(element))
                element.clear()
            elif name == "type" and not points:
                sport = sport or (element.text or "").strip().lower()
    except ElementTree.ParseError as error:
        damage = str(error)
    return _Track(points, kind, sport, damage)


def _elements(parser: "ElementTree.XMLPullParser[ElementTree.Element]") -> Iterator[tuple[str, ElementTree.Element]]:
    """What the parser met; comments and the like are passed over."""
    for found in parser.read_events():
        if len(found) == 2 and isinstance(found[1], ElementTree.Element):
            yield found[0], found[1]


def _point(element: ElementTree.Element) -> Mapping[str, float]:
    """Numbers of one point, named as fields of a record."""
    found = {"latitude": _number(element.get("lat")), "longitude": _number(element.get("lon"))}
    for part in element.iter():
        name = _plain(part.tag)
        if name == "time":
            found["timestamp"] = _clock_s(part.text)
        elif name == "heartratebpm":
            # the beats stand in an element of their own below the name
            found["heart_rate"] = _number(next((below.text for below in part), None))
        elif name in _FIELDS:
            found[_FIELDS[name]] = _number(part.text)
    return {field: number for field, number in found.items() if np.isfinite(number)}


def _doubts(track: _Track, read: int) -> list[Doubt]:
    text = f"A {track.kind} track carries no left and right, whatever was recorded."
    doubts = [Doubt("sides", text, "Give the original FIT file of the device.", severity="note")]
    if track.damage:
        text = f"The file is damaged; {read} points before the damage were read ({track.damage})."
        doubts.append(Doubt("file", text, "Export it again."))
    if lost := len(track.points) - read:
        text = f"{lost} points repeat a time, step back in time or have none; they were left out."
        doubts.append(Doubt("clock", text, severity="note"))
    return doubts


def _plain(tag: str) -> str:
    """Name of an element in small letters, without its namespace."""
    return tag.rpartition("}")[2].lower()


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return float("nan")


def _clock_s(text: str | None) -> float:
    try:
        stamp = datetime.fromisoformat((text or "").strip())
        return (stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return float("nan")
