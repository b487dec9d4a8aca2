"""What stands above the numbers of a table of body-worn sensors: whose table, which column is what.

Which column is what follows from its name; the unit from the header or from the vendor's own
definition. Nothing is guessed from the numbers.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from restride.errors import UnitsError
from restride.readers.worn import SensorNotes
from restride.signals.units import to_si

KINDS: Final = {
    "acc": re.compile(r"(?i)\b(acc|accel|acceleration|accelerometer)\b"),
    "gyr": re.compile(r"(?i)\b(gyr|gyro|gyroscope|angular velocity|angular rate)\b"),
    "mag": re.compile(r"(?i)\b(mag|magnetometer|magnetic field)\b"),
}
MOST_HEADER: Final = 14  # rows; the longest here is Movella's, of eleven
# gravity taken out by the device, sizes without direction, values before calibration, and muscles
_NOT_READ: Final = re.compile(r"(?i)\b(linear|free|freeacc|user|absolute|raw|uncal|orientation)\b")
_BRACKETS: Final = re.compile(r"[\[(]([^\[\]]*)[\])]\s*$")
_NO_NAME: Final = re.compile(r"(?i)\b(ln|wr|cal|low noise|wide range|sensor axis|axis|index|samples)\b")
_TIME: Final = re.compile(r"(?i)^\W*(?P<name>time|timestamp|.*timestamp.*)\W*$")
_SEPARATORS: Final = ",;\t"
_SECONDS: Final = {"s": 1.0, "sec": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6}
_RATE: Final = re.compile(r"(?i)(?:sample|update|output)\s*rate\s*:?\s*,?\s*([\d.]+)\s*(?:hz)?\s*,?\s*$")
_DEVICE: Final = re.compile(r"(?:^|[_-])([0-9A-F]{8})$")  # Xsens: at the end of the name of a file
# APDM and Xsens write no units, these are the vendors': APDM's, MT Manager's (SI) and Xsens DOT's manual, table 8
_OWN_UNITS: Final = {
    "APDM": {"acc": "m/s^2", "gyr": "rad/s", "mag": "uT"},
    "Xsens MTw": {"acc": "m/s^2", "gyr": "rad/s", "mag": ""},
    "Xsens DOT": {"acc": "m/s^2", "gyr": "deg/s", "mag": ""},
}
# files of phyphox that hold one kind each name their axes only
_BY_FILE: Final = {"accelerometer": "acc", "acceleration": "acc", "gyroscope": "gyr"}


@dataclass(frozen=True, slots=True)
class Column:
    """One axis of one sensor: place in the row, sensor, kind, axis (0, 1, 2), unit as written."""

    index: int
    sensor: str
    kind: str
    axis: int
    unit: str


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above the numbers.

    Attributes
    ----------
    rows : tuple of tuple of str
        Rows that name the columns, all of one length.
    length : int
        Lines before the first row of numbers.
    separator, vendor : str
    rate_hz : float or None
        As the file states it.
    facts : mapping of str to str
        Rows of a name and a value.
    """

    rows: tuple[tuple[str, ...], ...]
    length: int
    separator: str
    vendor: str
    rate_hz: float | None
    facts: dict[str, str] = field(default_factory=dict)


def header_of(lines: Sequence[str]) -> Header:
    """Rows of cells above the first row of numbers, and what they say of the whole file.

    Parameters
    ----------
    lines : sequence of str
        The first lines of the file.
    """
    separator = max(_SEPARATORS, key=lambda s: max((line.count(s) for line in lines[:MOST_HEADER]), default=0))
    rows: list[tuple[str, ...]] = []
    length = 0
    for line in lines:
        cells = tuple(cell.strip() for cell in _cells(line, separator))
        filled = [c for c in cells if c]
        if (filled and all(is_number(c) for c in filled)) or length >= MOST_HEADER:
            break
        length += 1
        if filled and not filled[0].startswith("sep="):
            rows.append(cells)
    rate = next((float(m[1]) for line in lines[:length] if (m := _RATE.search(line)) and is_number(m[1])), None)
    rate = next((float(r[1]) for r in rows if r[0].startswith("Sample Rate") and is_number(r[1])), rate)
    width = max((len(r) for r in rows), default=0)
    table = [r for r in rows if len([c for c in r if c]) > 3]
    vendor, table = _vendor(rows, table, width)
    even = tuple((*r, *[""] * (width - len(r))) for r in table)
    facts = {r[0].rstrip(": "): r[1] for r in rows if len([c for c in r if c]) == 2 and len(r) > 1}
    return Header(even, length, separator, vendor, rate, facts)


def _vendor(
    rows: Sequence[tuple[str, ...]], table: list[tuple[str, ...]], width: int
) -> tuple[str, list[tuple[str, ...]]]:
    """Who wrote the file, and the rows that name its columns."""
    if any(c.startswith("Format=7") for r in rows for c in r[:1]):
        return "APDM", _apdm_7(rows, width)
    names = {c for r in table for c in r}
    if any("/Acceleration/" in c for c in names):
        return "APDM", table
    if any(re.search(r"Accel_(LN|WR)|Shimmer", c) for c in names):
        return "Shimmer", table
    if "PacketCounter" in names:
        if any(r[0].startswith(("DeviceTag", "Measurement Mode")) for r in rows):
            return "Xsens DOT", table[-1:]
        if any(r[0].startswith("//") for r in rows):
            return "Xsens MTw", table[-1:]
    if any(re.fullmatch(r"X \((m/s\^2|rad/s)\)", c) for c in names):
        return "phyphox", table
    return "plain", table


def device_of(header: Header, stem: str) -> str:
    """Name of the one sensor of a file, as the file or its name says; empty if neither does."""
    if header.vendor == "Xsens DOT" and (tag := header.facts.get("DeviceTag")):
        return tag
    found = _DEVICE.search(stem)
    return found[1] if found and header.vendor.startswith("Xsens") else ""


def columns_of(header: Header, *, stem: str = "") -> list[Column]:
    """The axes of all sensors; of two that say the same, the first.

    Parameters
    ----------
    header : Header
    stem : str
        Name of the file, which says what its axes are where the columns do not.
    """
    found: dict[tuple[str, str, int], Column] = {}
    for i, cells in enumerate(zip(*header.rows, strict=True)):
        column = _column(i, cells, header.vendor, stem)
        if column is not None:
            found.setdefault((column.sensor, column.kind, column.axis), column)
    return list(found.values())


def time_column(header: Header, said: SensorNotes) -> tuple[int, float] | None:
    """Column of times and seconds per unit; None where the unit is not known.

    Parameters
    ----------
    header : Header
    said : SensorNotes
        ``time_unit`` where the file does not say it.
    """
    for i, cells in enumerate(zip(*header.rows, strict=True)):
        text = " ".join(c for c in cells if c)
        words = re.sub(r"[_/]+", " ", _BRACKETS.sub("", cells[-1] if header.vendor != "plain" else text)).strip()
        brackets = _BRACKETS.search(text)
        units = [brackets[1]] if brackets else [c for c in cells if c in _SECONDS]
        names = [re.sub(r"[_/]+", " ", _BRACKETS.sub("", c)).strip() for c in cells]
        if not any(_TIME.match(name) for name in (*names, words)):
            continue
        unit = units[0] if units and units[0] in _SECONDS else said.time_unit
        if unit is None and header.vendor == "APDM":
            unit = "us"
        if unit is not None:
            return i, _SECONDS[unit]
    return None


def counter(header: Header) -> tuple[int, float, float] | None:
    """Column of an Xsens file that counts its samples, seconds per count, and where the count wraps.

    Notes
    -----
    DOT: ``SampleTimeFine`` in microseconds, 32 bits (user manual, 4.2.5). MTw: ``PacketCounter``
    of 16 bits, one per sample and the same for all sensors of one base station.
    """
    names = [cells[-1] for cells in zip(*header.rows, strict=True)] if header.rows else []
    if header.vendor == "Xsens DOT" and "SampleTimeFine" in names:
        return names.index("SampleTimeFine"), 1e-6, 2.0**32
    if header.vendor == "Xsens MTw" and header.rate_hz:
        return names.index("PacketCounter"), 1 / header.rate_hz, 2.0**16
    return None


def si_of(text: str) -> str:
    """SI unit of a text; empty if it is none."""
    try:
        return to_si(text)[0] if text and not is_number(text) else ""
    except UnitsError:
        return ""


def is_number(cell: str) -> bool:
    """Whether a cell is a number, with a decimal point or comma."""
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


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


def _column(index: int, cells: Sequence[str], vendor: str, stem: str) -> Column | None:
    units = [c for c in cells if si_of(c)]
    named = [c for c in cells if c and not si_of(c)]
    in_brackets = next((m[1] for c in named if (m := _BRACKETS.search(c)) and si_of(m[1])), "")
    words = re.sub(r"[_/]+", " ", " ".join(_BRACKETS.sub("", c) for c in named)).strip()
    if _NOT_READ.search(words):
        return None
    axis = re.search(r"(?i)\b([xyz])\b", words)
    kind = next((k for k, pattern in KINDS.items() if pattern.search(words)), "")
    if axis is not None and not kind and len(words) == 1 and in_brackets:
        kind = _BY_FILE.get(stem.lower(), "")
    if axis is None or not kind:
        return None
    sensor = _NO_NAME.sub("", KINDS[kind].sub("", words))
    sensor = " ".join(re.sub(r"(?i)\b[xyz]\b", "", sensor).split())
    label = next((c for c in named if " ".join(re.sub(r"[_/]+", " ", c).split()) == sensor), sensor)
    unit = in_brackets or (units[0] if units else "") or _OWN_UNITS.get(vendor, {}).get(kind, "")
    return Column(index, label or "sensor", kind, "xyz".index(axis[1].lower()), unit)
