"""Marker tables in the TRC format, as OpenSim, Cortex and many converters write it."""

import csv
import hashlib
import io
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from restride.errors import ReadError
from restride.readers.axes import in_lab
from restride.readers.take import Take
from restride.readers.text_rows import measurable
from restride.signals.landmarks import landmark
from restride.signals.recording import Doubt, Recording, Source
from restride.signals.schema import SPACE, FloatArray, labelled
from restride.signals.units import to_si
from restride.signals.vocabulary import plain

_HEADER_LINES: Final = 12
# OpenCap writes keypoints of the video and, behind them, the skin markers it computed from them
_COMPUTED: Final = "_study"
# cameras take more than one picture in a quarter of a minute, and fewer than a million in a second
LEAST_RATE_HZ: Final = 0.1
MOST_RATE_HZ: Final = 1e6


def sniff(head: bytes) -> bool:
    """Whether a file begins as a TRC does."""
    return head.lstrip().startswith(b"PathFileType")


def read_trc(path: Path, take: Take) -> Recording:
    """Markers of a TRC file, by name, in metres and with y up.

    Raises
    ------
    ReadError
        If the header is incomplete or no whole row of numbers follows.

    Notes
    -----
    Blank cells, NaN and points at exactly (0, 0, 0), which is how some programs write
    a marker out of sight, become NaN. The number of rows is counted, not believed.
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    lines = text.splitlines()
    names, start, doubts = _marker_names(lines)
    rate_hz, unit, stated_rows = _stated(lines)
    unit = take.marker_unit or unit
    table, cut = _rows(lines[start:], 2 + 3 * len(names), stated_rows, whole_end=text.endswith("\n"))
    doubts += _row_doubts(table.shape[0], stated_rows, cut)
    time_s, time_doubts = _times(table, rate_hz)
    points = table[:, 2:].reshape(len(table), len(names), 3) * to_si(unit)[1]
    points[(points == 0).all(axis=2)] = np.nan
    computed = [i for i, name in enumerate(names) if name.endswith(_COMPUTED)]
    if computed and len(computed) < len(names):
        # the keypoints they were computed from stand for centres of joints, under names of skin markers
        names, points = [names[i] for i in computed], points[:, computed]
    markers = labelled(
        points,
        dims=("time", "marker", "space"),
        units="m",
        frame="lab",
        coords={"time": time_s, "marker": names, "space": list(SPACE)},
    )
    source = Source("TRC", hashlib.sha256(path.read_bytes()).hexdigest())
    recording = Recording({"markers": markers}, sources=(source,), doubts=(*doubts, *time_doubts))
    return in_lab(recording, take, up="+y")


def _marker_names(lines: list[str]) -> tuple[list[str], int, list[Doubt]]:
    """Names of the markers, the first line of numbers, and doubts about names."""
    at = next((i for i, line in enumerate(lines[:_HEADER_LINES]) if line.strip().lower().startswith("frame")), None)
    if at is None:
        raise ReadError("expected a TRC line that begins with Frame#, found none; export the markers again")
    cells = [c.strip() for c in lines[at].split("\t")] if "\t" in lines[at] else lines[at].split()
    names = _placed_names(cells[2:], lines[at + 1] if at + 1 < len(lines) else "")
    if not names:
        raise ReadError("expected marker names after Frame# and Time, found none; export the markers again")
    unique, doubts = unique_labels(names)
    return unique, at + 2, doubts


def _placed_names(cells: list[str], axes_line: str) -> list[str]:
    """One name per three columns; a column without a name is called by its number."""
    found = [c for c in cells if c]
    axes = axes_line.split()
    count = len(axes) // 3 if axes and axes[0].upper().startswith("X") else len(found)
    if count <= len(found):
        return found
    placed = [cells[3 * k] if 3 * k < len(cells) else "" for k in range(count)]
    return [name or f"unnamed_{k + 1}" for k, name in enumerate(placed)]


def unique_labels(labels: list[str]) -> tuple[list[str], list[Doubt]]:
    """The labels with ``_2``, ``_3`` behind those that come again, and one doubt about them."""
    seen: dict[str, int] = {}
    unique: list[str] = []
    again: list[str] = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        unique.append(label if seen[label] == 1 else f"{label}_{seen[label]}")
        if seen[label] > 1:
            found = landmark(unique[-1])
            again.append(f"{unique[-1]} ({plain(found.name) if found else 'not used'})")
    if not again:
        return unique, []
    text = f"Some marker labels are used more than once. The later ones are called, and taken as: {', '.join(again)}."
    return unique, [Doubt("markers", text, "Give each marker its own label when exporting.", severity="note")]


def _stated(lines: list[str]) -> tuple[float | None, str, int | None]:
    """Rate, unit and number of rows from the header; values stand in the order of their names."""
    header: dict[str, str] = {}
    for names, values in pairwise(lines[:_HEADER_LINES]):
        if names.strip().lower().startswith("datarate"):
            header = dict(zip(names.split(), values.split(), strict=False))
    try:
        rate_hz = float(header["DataRate"])
        rows = int(float(header["NumFrames"]))
        unit = header["Units"]
    except (KeyError, ValueError):
        raise ReadError(
            "expected DataRate, NumFrames and Units in the TRC header, found others; export it again"
        ) from None
    return (rate_hz if LEAST_RATE_HZ < rate_hz < MOST_RATE_HZ else None), unit, rows


def _rows(lines: list[str], width: int, stated: int | None, *, whole_end: bool) -> tuple[FloatArray, bool]:
    """The rows of numbers, and whether the last was cut off."""
    filled = [line for line in lines if line.strip()]
    separator = "\t" if filled and "\t" in filled[0] else None
    # a whole file may lack the tabs of blank cells at the end of its last row, but not a line break and rows too
    short = bool(filled) and (len(filled[-1].split(separator)) < width or len(filled) < (stated or 0))
    cut = short and not whole_end
    filled = filled[:-1] if cut else filled
    if not filled:
        raise ReadError("expected rows of marker positions, found none; the file is empty or cut off: export it again")
    columns = max(width, *(len(line.split(separator)) for line in filled))
    table = pd.read_csv(
        io.StringIO("\n".join(filled)),
        sep=separator or r"\s+",
        header=None,
        names=range(columns),
        quoting=csv.QUOTE_NONE,
        low_memory=False,
    )
    numbers = table.iloc[:, :width].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=np.float64)
    return measurable(numbers), cut


def _row_doubts(found: int, stated: int | None, cut: bool) -> list[Doubt]:
    if cut:
        text = f"The marker file ends in the middle of a row; {found} whole rows were read."
        return [Doubt("markers", text, "Copy or export the file again.")]
    if stated is not None and stated != found:
        text = f"The header of the marker file speaks of {stated} frames, {found} are there; those were read."
        return [Doubt("markers", text, "Copy or export the file again if frames are missing.", severity="note")]
    return []


def _times(table: FloatArray, rate_hz: float | None) -> tuple[FloatArray, list[Doubt]]:
    time_s: FloatArray = table[:, 1]
    if not np.isnan(time_s).any() and bool((np.diff(time_s) > 0).all()):
        return time_s, []
    if rate_hz is None:
        raise ReadError("expected times that increase or a DataRate, found neither; export the markers again")
    text = f"The times of the marker file do not increase; they were counted anew at {rate_hz:g} Hz."
    first = 0.0 if np.isnan(time_s[0]) else float(time_s[0])
    return first + np.arange(len(table)) / rate_hz, [Doubt("markers", text, "Export the markers again.")]
