"""Body-worn sensors in plain tables: Shimmer, APDM, phone apps, and tables in their manner.

Which column is what follows from its header; the unit from the header or the vendor's own
definition; where a sensor sits from take.yaml, or from its name if the name says it in words.
Nothing is guessed from the numbers.
"""

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.errors import ReadError, UnitsError
from restride.readers.take import Take
from restride.readers.text_rows import without_cut_row
from restride.readers.worn import SEGMENTS, SensorNotes, Worn
from restride.signals.recording import Doubt, Recording, Side, Source
from restride.signals.schema import SPACE, FloatArray, labelled
from restride.signals.units import to_si

_KINDS: Final = {
    "acc": re.compile(r"(?i)\b(acc|accel|acceleration|accelerometer)\b"),
    "gyr": re.compile(r"(?i)\b(gyr|gyro|gyroscope|angular velocity|angular rate)\b"),
    "mag": re.compile(r"(?i)\b(mag|magnetometer|magnetic field)\b"),
}
_UNITS: Final = {"acc": "m/s^2", "gyr": "rad/s", "mag": "T"}
# gravity taken out by the phone, sizes without direction, values before calibration, and muscles
_NOT_READ: Final = re.compile(r"(?i)\b(linear|user|absolute|raw|uncal|orientation)\b")
_BRACKETS: Final = re.compile(r"[\[(]([^\[\]]*)[\])]\s*$")
_NO_NAME: Final = re.compile(r"(?i)\b(ln|wr|cal|low noise|wide range|sensor axis|axis|index|samples)\b")
_TIME: Final = re.compile(r"(?i)^\W*(?P<name>time|timestamp|seconds elapsed|.*timestamp.*)\W*$")
_MOST_HEADER: Final = 8
_SEPARATORS: Final = ",;\t"
_SECONDS: Final = {"s": 1.0, "sec": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6}
# files of Sensor Logger name their axes only; the kind is the name of the file, units as the app documents
_SENSOR_LOGGER: Final = {"totalacceleration": ("acc", "m/s^2"), "gyroscope": ("gyr", "rad/s")}
# APDM writes no units: these are the vendor's
_APDM: Final = {"acc": "m/s^2", "gyr": "rad/s", "mag": "uT"}


@dataclass(frozen=True, slots=True)
class _Column:
    """One axis of one sensor."""

    index: int
    sensor: str
    kind: str
    axis: int
    unit: str


@dataclass(frozen=True, slots=True)
class _Header:
    """What stands above the numbers."""

    rows: tuple[tuple[str, ...], ...]
    length: int
    separator: str
    vendor: str
    rate_hz: float | None


def sniff(head: bytes) -> bool:
    """Whether a file begins with the header of a table of accelerations or turning rates."""
    text = head.decode("utf-8-sig", errors="replace")
    lines = text.splitlines()
    header = _header(lines[:-1] or lines)
    if not header.rows or any(re.search(r"(?i)emg", cell) for row in header.rows for cell in row):
        return False
    return header.vendor == "Sensor Logger" or len([c for c in _columns(header) if c.kind in ("acc", "gyr")]) >= 3


def read_imu_table(path: Path, take: Take) -> Recording:
    """Acceleration, turning rate and magnetic field of the sensors in one table.

    Returns
    -------
    Recording
        ``acc``, ``gyr``, ``mag`` with dims (time, sensor, space); along ``sensor`` the coordinates
        ``segment`` and ``side`` (empty where not known) and ``label`` (as in the file). Frame of the
        sensor, or of its segment where take.yaml states its axes.

    Raises
    ------
    ReadError
        If a unit or the rate is stated neither by the file nor by take.yaml, an axis of a sensor is
        missing, or take.yaml names a sensor that is not there.
    """
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    header = _header(text.splitlines()[: _MOST_HEADER + 2])
    columns = _columns(header, stem=path.stem)
    if not columns:
        raise ReadError("expected columns of acceleration (with gravity) or turning rate, found none; export those")
    numbers, cut = _numbers(text, header)
    since_s, kept, doubts = _times(header, numbers, take.sensors)
    time_s = take.sensors.starts_at_s + since_s * take.sensors.clock_factor
    numbers = numbers[kept]
    if cut:
        more = f"The table of sensors ends in the middle of a row; {len(numbers)} whole rows were read."
        doubts.append(Doubt("sensors", more, "Copy or export the file again."))
    missing = sorted(set(take.sensors.worn) - {c.sensor for c in columns})
    if missing:
        found = ", ".join(sorted({c.sensor for c in columns}))
        raise ReadError(f"expected the sensors {', '.join(missing)} that take.yaml names, found {found}")
    signals: dict[str, xr.DataArray] = {}
    for kind in dict.fromkeys(c.kind for c in columns):
        chosen = [c for c in columns if c.kind == kind]
        if kind == "mag" and not all(_si(c.unit) == "T" for c in chosen):
            text = "The magnetic field is not in a unit of ours (T, uT) and was left out."
            doubts.append(Doubt("mag", text, severity="note"))
            continue
        signals[kind], said = _signal(kind, chosen, numbers, time_s, take.sensors)
        doubts += said
    source = Source(f"IMU table ({header.vendor})", hashlib.sha256(path.read_bytes()).hexdigest())
    return Recording(signals, sources=(source,), doubts=tuple(dict.fromkeys(doubts)))


def sensor_signal(
    kind: str, axes: Sequence[tuple[str, int, str]], numbers: FloatArray, time_s: FloatArray, said: SensorNotes
) -> tuple[xr.DataArray, list[Doubt]]:
    """One kind of signal of worn sensors, for readers of files that also hold other signals.

    Parameters
    ----------
    kind : {"acc", "gyr", "mag"}
    axes : sequence of (str, int, str), one per column
        Sensor, axis (0, 1, 2) and unit; all three axes of each sensor.
    numbers : array, shape (time, column)
    time_s : array, shape (time,)
    said : SensorNotes
        Where the sensors were worn.

    Raises
    ------
    ReadError
        If an axis or a unit is missing, or two sensors are on one segment and side.
    """
    columns = [_Column(i, sensor, kind, axis, unit) for i, (sensor, axis, unit) in enumerate(axes)]
    return _signal(kind, columns, numbers, time_s, said)


def _header(lines: Sequence[str]) -> _Header:
    """Rows of cells above the first row of numbers, and what they say of the whole file."""
    separator = max(_SEPARATORS, key=lambda s: max((line.count(s) for line in lines[:_MOST_HEADER]), default=0))
    rows: list[tuple[str, ...]] = []
    length = 0
    for line in lines:
        cells = tuple(cell.strip() for cell in _cells(line, separator))
        filled = [c for c in cells if c]
        if (filled and all(_is_number(c) for c in filled)) or length >= _MOST_HEADER:
            break
        length += 1
        if filled and not filled[0].startswith("sep="):
            rows.append(cells)
    rate = next((float(r[1]) for r in rows if r[0].startswith("Sample Rate") and _is_number(r[1])), None)
    width = max((len(r) for r in rows), default=0)
    table = [r for r in rows if len([c for c in r if c]) > 3]
    vendor = ""
    if any(c.startswith("Format=7") for r in rows for c in r[:1]):
        vendor, table = "APDM", _apdm_7(rows, width)
    elif any("/Acceleration/" in c for r in table for c in r):
        vendor = "APDM"
    elif any("seconds_elapsed" in r for r in table):
        vendor = "Sensor Logger"
    elif any(re.search(r"Accel_(LN|WR)|Shimmer", c) for r in table for c in r):
        vendor = "Shimmer"
    even = tuple((*r, *[""] * (width - len(r))) for r in table)
    return _Header(even, length, separator, vendor or "plain", rate)


def _cells(line: str, separator: str) -> list[str]:
    """Cells of one line; none if it is no line of a table."""
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:  # a cell longer than any name or number
        return []


def _apdm_7(rows: Sequence[tuple[str, ...]], width: int) -> list[tuple[str, ...]]:
    """The three rows of APDM's seventh format, every cell filled: sensor, quantity, axis."""
    if len(rows) < 3:
        return []
    names, quantities, axes = ([*r, *[""] * (width - len(r))] for r in rows[:3])
    ids = [i for i, c in enumerate(names) if c.isdigit()]
    sensors = [""] * width
    for a, b in zip(ids, [*ids[1:], width], strict=True):
        label = next((c for c in names[a + 1 : b] if c), names[a])
        sensors[a:b] = [label] * (b - a)
    for i in range(1, width):
        quantities[i] = quantities[i] or (quantities[i - 1] if axes[i] else "")
    return [tuple(sensors), tuple(quantities), tuple(axes)]


def _columns(header: _Header, *, stem: str = "") -> list[_Column]:
    """The axes of all sensors; of two that say the same, the first."""
    found: dict[tuple[str, str, int], _Column] = {}
    for i, cells in enumerate(zip(*header.rows, strict=True)):
        column = _column(i, cells, header.vendor, stem)
        if column is not None:
            found.setdefault((column.sensor, column.kind, column.axis), column)
    return list(found.values())


def _column(index: int, cells: Sequence[str], vendor: str, stem: str) -> _Column | None:
    units = [c for c in cells if _si(c)]
    named = [c for c in cells if c and not _si(c)]
    in_brackets = next((m[1] for c in named if (m := _BRACKETS.search(c)) and _si(m[1])), "")
    words = re.sub(r"[_/]+", " ", " ".join(_BRACKETS.sub("", c) for c in named))
    if vendor == "Sensor Logger":
        kind, unit = _SENSOR_LOGGER.get(stem.lower(), ("", ""))
        if not kind or words not in SPACE:
            return None
        return _Column(index, "sensor", kind, SPACE.index(words), unit)
    if _NOT_READ.search(words):
        return None
    axis = re.search(r"(?i)\b([xyz])\b", words)
    kind = next((k for k, pattern in _KINDS.items() if pattern.search(words)), "")
    if axis is None or not kind:
        return None
    sensor = _NO_NAME.sub("", _KINDS[kind].sub("", words))
    sensor = " ".join(re.sub(r"(?i)\b[xyz]\b", "", sensor).split())
    label = next((c for c in named if " ".join(re.sub(r"[_/]+", " ", c).split()) == sensor), sensor)
    unit = in_brackets or (units[0] if units else "") or (_APDM[kind] if vendor == "APDM" else "")
    return _Column(index, label or "sensor", kind, "xyz".index(axis[1].lower()), unit)


def _numbers(text: str, header: _Header) -> tuple[FloatArray, bool]:
    width = max(len(r) for r in header.rows)
    body = "".join(text.splitlines(keepends=True)[header.length :])
    whole, cut = without_cut_row(body, width, separator=header.separator)
    decimal = "," if header.separator == ";" else "."
    try:
        table = pd.read_csv(io.StringIO(whole), sep=header.separator, header=None, decimal=decimal, low_memory=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise ReadError("expected rows of equal length, found longer or none; export the table again") from error
    numbers = table.reindex(columns=range(width)).apply(pd.to_numeric, errors="coerce").to_numpy(dtype=np.float64)
    return numbers, cut


def _times(header: _Header, numbers: FloatArray, said: SensorNotes) -> tuple[FloatArray, np.ndarray, list[Doubt]]:
    """Times from zero, which rows have one, and what is doubtful about them."""
    every = np.ones(len(numbers), dtype=bool)
    rate_hz = said.rate_hz or header.rate_hz
    if rate_hz is not None:
        return np.arange(len(numbers)) / rate_hz, every, []
    found = _time_column(header, said)
    if found is None:
        raise ReadError("expected times with a unit, found none; add to take.yaml: sensors: {rate_hz: ...}")
    time_s = numbers[:, found[0]] * found[1]
    kept = np.isfinite(time_s)
    kept[kept] = np.concatenate([[True], np.diff(time_s[kept]) > 0])[: kept.sum()]
    if (np.diff(time_s[kept]) <= 0).any() or kept.sum() < 0.99 * len(kept):
        raise ReadError("expected times that increase, found blanks or steps back; add sensors: {rate_hz: ...}")
    doubts = []
    if not kept.all():
        text = f"{(~kept).sum()} rows without a new time were left out."
        doubts.append(Doubt("sensors", text, severity="note"))
    return time_s[kept] - time_s[kept][0], kept, doubts


def _time_column(header: _Header, said: SensorNotes) -> tuple[int, float] | None:
    """Column of times and seconds per unit; None where the unit is not known."""
    for i, cells in enumerate(zip(*header.rows, strict=True)):
        text = " ".join(c for c in cells if c)
        words = re.sub(r"[_/]+", " ", _BRACKETS.sub("", cells[-1] if header.vendor != "plain" else text)).strip()
        brackets = _BRACKETS.search(text)
        units = [brackets[1]] if brackets else [c for c in cells if c in _SECONDS]
        names = [re.sub(r"[_/]+", " ", _BRACKETS.sub("", c)).strip() for c in cells]
        if not any(_TIME.match(name) for name in (*names, words)):
            continue
        unit = units[0] if units and units[0] in _SECONDS else said.time_unit
        if unit is None and "seconds_elapsed" in cells:
            unit = "s"
        if unit is None and header.vendor == "APDM":
            unit = "us"
        if unit is not None:
            return i, _SECONDS[unit]
    return None


def _signal(
    kind: str, columns: Sequence[_Column], numbers: FloatArray, time_s: FloatArray, said: SensorNotes
) -> tuple[xr.DataArray, list[Doubt]]:
    labels = list(dict.fromkeys(c.sensor for c in columns))
    values = np.full((len(numbers), len(labels), 3), np.nan)
    for column in columns:
        stated = {"acc": said.acc_unit, "gyr": said.gyr_unit}.get(kind)
        unit = column.unit or stated
        if not unit:
            raise ReadError(f"expected a unit of {kind}, found none; add to take.yaml: sensors: {{{kind}_unit: ...}}")
        si, factor = to_si(unit)
        if si != _UNITS[kind]:
            raise ReadError(f"expected {kind} in a unit of {_UNITS[kind]}, found {unit!r}; export it calibrated")
        values[:, labels.index(column.sensor), column.axis] = factor * numbers[:, column.index]
    lost = [
        f"{label} {axis}"
        for i, label in enumerate(labels)
        for j, axis in enumerate(SPACE)
        if not any(c.sensor == label and c.axis == j for c in columns)
    ]
    if lost:
        raise ReadError(f"expected three axes of {kind}, missing {', '.join(lost)}; export all columns")
    worn = [said.worn.get(label) or _worn_by_name(label) for label in labels]
    for i, place in enumerate(worn):
        if place is not None:
            values[:, i] = values[:, i] @ place.rot_segment_from_sensor().T
    names = [
        f"{w.segment}_{w.side[0]}" if w and w.side else w.segment if w else n for n, w in zip(labels, worn, strict=True)
    ]
    if len(set(names)) < len(names):
        raise ReadError(f"expected one sensor per segment and side, found {', '.join(names)}; correct sensors: worn")
    along = {
        "segment": ("sensor", [w.segment if w else "" for w in worn]),
        "side": ("sensor", [(w.side or "") if w else "" for w in worn]),
        "label": ("sensor", labels),
    }
    segment = all(w is not None and w.forward is not None for w in worn)
    array = labelled(
        values,
        dims=("time", "sensor", "space"),
        units=_UNITS[kind],
        coords={"time": time_s, "sensor": names, "space": list(SPACE)} | along,
        name=kind,
        frame="segment" if segment else "sensor",
    )
    return array, _place_doubts(labels, worn, said)


def _place_doubts(labels: Sequence[str], worn: Sequence[Worn | None], said: SensorNotes) -> list[Doubt]:
    doubts = []
    for label, place in zip(labels, worn, strict=True):
        remedy = f"Add to take.yaml: sensors: {{worn: {{{label}: {{segment: foot, side: left}}}}}}."
        if place is None:
            doubts.append(Doubt("sensors", f"Nothing says where the sensor {label!r} was worn.", remedy))
        elif label not in said.worn:
            where = " ".join(filter(None, (place.side, place.segment)))
            doubts.append(Doubt("sensors", f"{label!r} was taken to be on the {where}.", remedy, severity="note"))
        elif (other := _side_in(label)) and place.side and other != place.side:
            text = f"take.yaml puts the sensor {label!r} on the {place.side}, its own name says {other}."
            doubts.append(Doubt("sides", text, "Check which is right; take.yaml was followed."))
    return doubts


def _worn_by_name(label: str) -> Worn | None:
    """Where a sensor sits, if its name says segment and side in whole words."""
    words = re.split(r"[^a-z]+", label.lower())
    segment = next((s for s in SEGMENTS if s in words), None)
    if segment is None:
        segment = "pelvis" if {"lumbar", "sacrum"} & set(words) else None
    if segment is None:
        return None
    side = _side_in(label)
    if segment in ("pelvis", "trunk"):
        return Worn(segment)
    return Worn(segment, side) if side else None


def _side_in(label: str) -> Side | None:
    words = re.split(r"[^a-z]+", label.lower())
    if ("left" in words) == ("right" in words):
        return None
    return "left" if "left" in words else "right"


def _si(text: str) -> str:
    """SI unit of a text; empty if it is none."""
    try:
        return to_si(text)[0] if text and not _is_number(text) else ""
    except UnitsError:
        return ""


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True
