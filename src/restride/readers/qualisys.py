"""TSV exports of Qualisys Track Manager: markers, and one force plate per file."""

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from restride.errors import ReadError
from restride.readers.axes import in_lab
from restride.readers.plates import PlateRows, plate_signals, vertical_axis
from restride.readers.take import Take
from restride.readers.text_rows import measurable, without_cut_row
from restride.readers.trc import LEAST_RATE_HZ, MOST_RATE_HZ, unique_labels
from restride.signals.recording import Doubt, Recording, Source
from restride.signals.schema import SPACE, FloatArray, labelled
from restride.signals.units import to_si

# more header lines than any export has
_MOST_HEADER: Final = 80
_KEY: Final = re.compile(r"^[A-Z][A-Z0-9_]*$")
# QTM writes no units: these are the maker's
_MARKER_UNIT: Final = "mm"
_COP_UNIT: Final = "mm"
# the noise of an empty belt reaches 75 N; a foot presses harder
STEPPED_ON_N: Final = 100.0
_QUANTITIES: Final = ("Force", "Moment", "COP")


def sniff(head: bytes) -> bool:
    """Whether a file begins as a TSV export of markers or of a force plate does."""
    return head.lstrip(b"\xef\xbb\xbf").startswith((b"NO_OF_FRAMES\t", b"NO_OF_SAMPLES\t"))


def read_qualisys(path: Path, take: Take) -> Recording:
    """Markers, or force, moment and centre of pressure of one plate, with y up.

    Raises
    ------
    ReadError
        If the header lacks FREQUENCY or the names of markers or columns, no whole row of numbers
        follows, or the forces are not in the axes of the lab.

    Notes
    -----
    The export states no units; QTM writes mm, N and N m. Points at exactly (0, 0, 0) are markers out
    of sight. A plate that nobody stepped on is left out with a note.
    """
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    lines = text.splitlines()
    header = _header(lines)
    source = Source("Qualisys TSV", hashlib.sha256(path.read_bytes()).hexdigest())
    if "MARKER_NAMES" in header:
        return _markers(lines, header, take, source, whole_end=text.endswith("\n"))
    return _plate(lines, header, take, source, whole_end=text.endswith("\n"))


def _header(lines: Sequence[str]) -> dict[str, list[str]]:
    """Cells behind each key in capitals."""
    found: dict[str, list[str]] = {}
    for line in lines[:_MOST_HEADER]:
        key, *cells = line.rstrip("\t").split("\t")
        if not _KEY.match(key) or key == "SAMPLE":
            break
        found[key] = [cell.strip() for cell in cells]
    return found


def _rate_hz(header: Mapping[str, list[str]]) -> float:
    try:
        rate_hz = float(header["FREQUENCY"][0])
    except (KeyError, IndexError, ValueError):
        rate_hz = 0.0
    if not LEAST_RATE_HZ < rate_hz < MOST_RATE_HZ:
        raise ReadError("expected FREQUENCY with a rate in the header, found none; export the TSV again")
    return rate_hz


def _markers(
    lines: Sequence[str], header: Mapping[str, list[str]], take: Take, source: Source, *, whole_end: bool
) -> Recording:
    names, doubts = unique_labels([name for name in header["MARKER_NAMES"] if name])
    if not names:
        raise ReadError("expected names behind MARKER_NAMES, found none; name the trajectories and export again")
    start, first = _first_row(lines, len(header))
    numbers, cut = _numbers(lines[start:], first + 3 * len(names), whole_end=whole_end)
    doubts += [_cut_short("markers", len(numbers))] if cut else []
    points = numbers[:, first:].reshape(len(numbers), len(names), 3) * to_si(take.marker_unit or _MARKER_UNIT)[1]
    points[(points == 0).all(axis=2)] = np.nan
    time_s, lost = _times(numbers[:, :first], _rate_hz(header), "markers", header.get("NO_OF_FRAMES"))
    doubts += lost
    coords = {"time": time_s, "marker": names, "space": list(SPACE)}
    markers = labelled(points, dims=("time", "marker", "space"), units="m", frame="lab", coords=coords)
    return in_lab(Recording({"markers": markers}, sources=(source,), doubts=tuple(doubts)), take, up="+z")


def _first_row(lines: Sequence[str], at: int) -> tuple[int, int]:
    """The first line of numbers, and how many columns (frame, time) stand before the positions."""
    cells = lines[at].split("\t") if at < len(lines) else []
    named = [cell.strip() for cell in cells]
    if named[:1] == ["Frame"]:
        return at + 1, sum(cell in ("Frame", "Time", "Camera Time") for cell in named)
    return at, 0


def _plate(
    lines: Sequence[str], header: Mapping[str, list[str]], take: Take, source: Source, *, whole_end: bool
) -> Recording:
    described = " ".join(header.get("DESCRIPTION", [])).lower()
    if "local" in described:
        raise ReadError(
            "expected forces in the axes of the lab, found those of the plate; tick world (lab) coordinates on export"
        )
    cells = [cell.strip() for cell in lines[len(header)].split("\t")] if len(header) < len(lines) else []
    wanted = [f"{quantity}_{axis}" for quantity in _QUANTITIES for axis in "XYZ"]
    missing = [name for name in wanted if name not in cells]
    if missing:
        raise ReadError(f"expected the columns {', '.join(wanted)}, missing {', '.join(missing)}; export all of them")
    width = max(k for k, cell in enumerate(cells) if cell) + 1
    numbers, cut = _numbers(lines[len(header) + 1 :], width, whole_end=whole_end)
    counted = numbers[:, [cells.index(name) for name in ("SAMPLE", "TIME") if name in cells]]
    time_s, doubts = _times(counted, _rate_hz(header), "forces", header.get("NO_OF_SAMPLES"))
    force, moment, cop = (numbers[:, [cells.index(f"{q}_{a}") for a in "XYZ"]] for q in _QUANTITIES)
    name = " ".join(header.get("FORCE_PLATE_NAME", [])).strip() or "without a name"
    doubts += [_cut_short("forces", len(numbers))] if cut else []
    if not np.isfinite(force).any(axis=0).all():
        raise ReadError("expected numbers in the columns of the force, found one without any; export the TSV again")
    peak_n = float(np.nanmax(np.abs(force)))
    if peak_n < STEPPED_ON_N:
        text = f"Nobody stepped on the plate {name!r} (at most {peak_n:.0f} N); it was left out."
        return Recording({}, sources=(source,), doubts=(*doubts, Doubt("forces", text, severity="note")))
    rows = PlateRows(name, force, moment, cop * to_si(_COP_UNIT)[1])
    signals, more = plate_signals([rows], time_s, take=take, up=vertical_axis([rows]))
    return Recording(signals, sources=(source,), doubts=(*doubts, *more))


def _times(
    counted: FloatArray, rate_hz: float, about: str, stated: Sequence[str] | None
) -> tuple[FloatArray, list[Doubt]]:
    """Times of the rows from their number and the time of the first, shape (row,); a doubt where rows are missing.

    ``counted`` holds number and time of each row as far as the file has them.
    """
    rows = len(counted)
    doubts: list[Doubt] = []
    if stated and stated[0].isdigit() and int(stated[0]) != rows:
        text = f"The header of the Qualisys file speaks of {stated[0]} rows, {rows} are there; those were read."
        doubts.append(Doubt(about, text, "Copy or export the file again if rows are missing.", severity="note"))
    if counted.shape[1] == 0:
        return np.arange(rows) / rate_hz, doubts
    number = counted[:, 0]
    if np.isnan(number).any() or bool((np.diff(number) <= 0).any()):
        raise ReadError("expected numbered rows in order, found blanks or steps back; export the TSV again")
    if bool((np.diff(number) > 1).any()):
        missing = int(number[-1] - number[0]) + 1 - rows
        text = f"{missing} rows of the Qualisys file are missing between others; their times were kept free."
        doubts.append(Doubt(about, text, "Copy or export the file again."))
    start_s = float(counted[0, 1]) if counted.shape[1] > 1 and np.isfinite(counted[0, 1]) else 0.0
    time_s: FloatArray = start_s + (number - number[0]) / rate_hz
    return time_s, doubts


def _numbers(lines: Sequence[str], width: int, *, whole_end: bool) -> tuple[FloatArray, bool]:
    """Rows of numbers, and whether the last was cut off; blanks are NaN."""
    filled = [line for line in lines if line.strip()]
    body = "\n".join(filled)
    whole, cut = (body, False) if whole_end and filled else without_cut_row(body, width, separator="\t")
    columns = max(width + 1, *(line.count("\t") + 1 for line in whole.splitlines()))
    table = pd.read_csv(
        io.StringIO(whole), sep="\t", header=None, names=range(columns), quoting=csv.QUOTE_NONE, low_memory=False
    )
    numbers = table.iloc[:, :width].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=np.float64)
    return measurable(numbers), cut


def _cut_short(about: str, rows: int) -> Doubt:
    text = f"The Qualisys file ends in the middle of a row; {rows} whole rows were read."
    return Doubt(about, text, "Copy or export the file again.")
