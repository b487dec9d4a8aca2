"""Delsys Trigno exports (CSV): sensors with EMG and motion at different rates in one table.

Two programs write them. EMGworks begins with a line ``Label: ... Sampling frequency: ...``
per channel, Trigno Discover with ``Application:`` and rows of sensors, channels and rates.
In both, columns of values follow columns of their own times, and slower channels
end in blank cells, which are no gaps.
"""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.errors import ReadError
from restride.readers.emg_channels import Channel, at_one_rate, emg_recording, stacked, steady_clock
from restride.readers.imu_signals import sensor_signal
from restride.readers.sorting import on_the_take_clock
from restride.readers.take import Take
from restride.readers.text_rows import without_cut_row
from restride.signals.recording import Doubt, Recording, Source
from restride.signals.schema import FloatArray

_LABEL: Final = re.compile(
    r"Label:\s*(?P<label>.*?)\s*Sampling frequency:\s*(?P<rate>\S+)\s*Number of points:\s*(?P<count>\d+)"
    r"\s*start:\s*(?P<start>\S+)\s*Unit:\s*(?P<unit>\S*)"
)
_WITH_UNIT: Final = re.compile(r"^(?P<name>.*?)\s*\((?P<unit>[^()]*)\)$")
_TIME: Final = re.compile(r"(?i)(^x\s*\[s\]$|time series\s*\(s\)$)")
_MOTION: Final = re.compile(r"(?i):\s*(?P<kind>acc|gyro)[. ](?P<axis>[xyz])\b[^:]*$")
_MOTION_UNITS: Final = {"g": "g", "°/s": "deg/s", "deg/s": "deg/s"}
_ROWS_OF_DISCOVER: Final = 20  # its header is shorter than this
# sensors that start together end within this share of the length stated
_HELD: Final = 0.99


@dataclass(frozen=True, slots=True)
class _Column:
    """Where a channel and its times stand, and what the header says about it."""

    label: str
    sensor: str
    unit: str
    at: int
    times_at: int
    rate_hz: float | None
    count: int | None = None


def sniff(head: bytes) -> bool:
    """Whether a file begins as a table of EMGworks or Trigno Discover."""
    text = head.decode("utf-8-sig", errors="replace").lstrip()
    discover = text.startswith("Application:") and "Trigno" in text[:200]
    return discover or (text.startswith("Label:") and "Sampling frequency:" in text)


def read_trigno(path: Path, take: Take) -> Recording:
    """EMG of a Delsys Trigno export in volts, acceleration and turning rate of its sensors, each at its rate.

    Raises
    ------
    ReadError
        If the header names no channel of EMG with its times, or no rows of numbers follow.

    Notes
    -----
    A sensor called after a muscle (``L TA: EMG 1``) is sorted by that name.
    """
    content = path.read_bytes()
    lines = content.decode("utf-8-sig", errors="replace").splitlines()
    discover = any(line.startswith("Application:") for line in lines[:3])
    columns, first_row = _discover_columns(lines) if discover else _emgworks_columns(lines)
    numbers, doubts = _numbers(lines[first_row:], max((column.at for column in columns), default=0) + 1)
    channels: list[Channel] = []
    for column in columns:
        channel, said = _channel(column, numbers)
        channels += [channel] if channel else []
        doubts += said
    doubts += _promised(columns, channels)
    source = Source("Delsys Trigno CSV", hashlib.sha256(content).hexdigest(), device="Delsys Trigno")
    moving = _whole_sensors(channels)
    emg = emg_recording([c for c in channels if c not in moving], take, source=source, doubts=doubts)
    signals, more = _motion(moving, take)
    return emg.replaced(signals=signals, doubts=tuple(dict.fromkeys((*emg.doubts, *more))))


def _emgworks_columns(lines: Sequence[str]) -> tuple[list[_Column], int]:
    stated = [match for line in lines[:2000] if (match := _LABEL.match(line.strip()))]
    row = next((i for i, line in enumerate(lines) if _TIME.match(line.split(",")[0].strip('" '))), None)
    if row is None or not stated:
        raise ReadError("expected lines 'Label: ...' and a row 'X[s],...', found none; export the file again")
    names = _rows(lines[row : row + 1])[0]
    values = [i for i, name in enumerate(names) if not _TIME.match(name.strip())]
    if len(values) != len(stated) or any(stated[k]["label"] != names[i].strip() for k, i in enumerate(values)):
        raise ReadError(
            f"expected the {len(stated)} channels of the header above the table in their order, "
            f"found {len(values)} others; export the file again"
        )
    return [
        _Column(m["label"], m["label"].rpartition(":")[0], m["unit"], i, i - 1, _number(m["rate"]), int(m["count"]))
        for i, m in zip(values, stated, strict=True)
    ], row + 1


def _discover_columns(lines: Sequence[str]) -> tuple[list[_Column], int]:
    cells = [[cell.strip() for cell in row] for row in _rows(lines[:_ROWS_OF_DISCOVER])]
    row = next((r for r, names in enumerate(cells) if any(_TIME.search(name) for name in names)), None)
    if row is None or row < 1:
        raise ReadError("expected a row 'EMG 1 Time Series (s), EMG 1 (mV), ...', found none; export the file again")
    below = [r for r in range(row + 1, len(cells)) if cells[r] and _number(cells[r][0]) is not None]
    first_row = below[0] if below else len(cells)
    sensors = next((cells[r] for r in range(row - 1, 0, -1) if not re.search(r"(?i)mode", ",".join(cells[r]))), [])
    rates = next((c for c in cells[row + 1 : first_row] if any(cell.endswith("Hz") for cell in c)), [])
    length_s = next((_number(c[1]) for c in cells if len(c) > 1 and c[0].startswith("Collection Length")), None)
    columns: list[_Column] = []
    sensor, times_at = "", -1
    for i, name in enumerate(cells[row]):
        sensor = (sensors[i] if i < len(sensors) else "") or sensor
        match = _WITH_UNIT.match(name)
        if _TIME.search(name):
            times_at = i
        elif match and times_at >= 0:
            rate = _number(rates[i].removesuffix("Hz")) if i < len(rates) else None
            count = round(length_s * rate) if length_s and rate else None
            columns.append(_Column(f"{sensor}: {match['name']}", sensor, match["unit"], i, times_at, rate, count))
    return columns, first_row


def _rows(lines: Sequence[str]) -> list[list[str]]:
    try:
        return list(csv.reader(lines))
    except csv.Error as error:
        raise ReadError("expected cells of ordinary length, found a damaged row; export the file again") from error


def _numbers(rows: Sequence[str], width: int) -> tuple[FloatArray, list[Doubt]]:
    body, cut = without_cut_row("\n".join(rows), width, separator=",")
    try:
        table = pd.read_csv(io.StringIO(body), header=None, quoting=csv.QUOTE_NONE, low_memory=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        raise ReadError("expected rows of equal length, found longer ones; export the file again") from error
    numbers = table.reindex(columns=range(width)).apply(pd.to_numeric, errors="coerce")
    text = f"The Trigno table ends in the middle of a row; {len(table)} whole rows were read."
    doubts = [Doubt("emg", text, "Copy or export the file again.")] if cut else []
    return np.asarray(numbers.to_numpy(dtype=np.float64)), doubts


def _channel(column: _Column, numbers: FloatArray) -> tuple[Channel | None, tuple[Doubt, ...]]:
    """A channel up to its last sample; None if it has none."""
    times, values = numbers[:, column.times_at], numbers[:, column.at]
    there = np.flatnonzero(np.isfinite(times) & np.isfinite(values))
    if there.size < 2:
        text = f"The channel {column.label!r} holds no samples."
        return None, (Doubt(column.label, text, "Check that its sensor was on.", severity="note"),)
    end = int(there[-1]) + 1
    start_s, rate_hz, doubts = steady_clock(times[:end], rate_hz=column.rate_hz)
    # the serial number in brackets is no part of a sensor's name
    sensor = re.sub(r"\s*\(\d+\)$", "", column.sensor)
    return Channel(column.label, values[:end], rate_hz, start_s, column.unit, sensor), doubts


def _whole_sensors(channels: Sequence[Channel]) -> dict[Channel, tuple[str, int]]:
    """Channels of accelerometers and gyroscopes of which all three axes are there: kind and axis of each."""
    found: dict[Channel, tuple[str, int]] = {}
    for channel in channels:
        match = _MOTION.search(channel.label)
        if match and channel.unit.lower() in _MOTION_UNITS:
            found[channel] = ("acc" if match["kind"].lower() == "acc" else "gyr", "xyz".index(match["axis"].lower()))
    axes = Counter((channel.description, kind) for channel, (kind, _) in found.items())
    return {channel: (kind, axis) for channel, (kind, axis) in found.items() if axes[channel.description, kind] == 3}


def _motion(moving: Mapping[Channel, tuple[str, int]], take: Take) -> tuple[dict[str, xr.DataArray], list[Doubt]]:
    """Acceleration and turning rate of the sensors, at their own rate."""
    signals: dict[str, xr.DataArray] = {}
    doubts: list[Doubt] = []
    for kind in ("acc", "gyr"):
        chosen = [channel for channel, (found, _) in moving.items() if found == kind]
        kept = at_one_rate(chosen) if chosen else []
        if len(kept) < len(chosen):
            text = f"{len(chosen) - len(kept)} columns of {kind} have another rate than most and were left out."
            doubts.append(Doubt("sensors", text, "Record all sensors in one mode."))
        if kept:
            numbers = stacked(kept)
            time_s = kept[0].start_s + np.arange(len(numbers)) / kept[0].rate_hz
            axes = [(c.description, moving[c][1], _MOTION_UNITS[c.unit.lower()]) for c in kept]
            signals[kind], said = sensor_signal(kind, axes, numbers, on_the_take_clock(time_s, take), take.sensors)
            doubts += said
    return signals, doubts


def _promised(columns: Sequence[_Column], channels: Sequence[Channel]) -> list[Doubt]:
    """A doubt if the header promises more samples than the table holds."""
    found = {channel.label: channel for channel in channels}
    for column in columns:
        channel = found.get(column.label)
        if channel is not None and column.count is not None and channel.values.size < _HELD * column.count:
            text = (
                f"The header promises {column.count} samples of {column.label} "
                f"({column.count / channel.rate_hz:.1f} s), the table holds {channel.values.size} "
                f"({channel.values.size / channel.rate_hz:.1f} s)."
            )
            return [Doubt("emg", text, "If the rest is needed, export or copy the file again.")]
    return []


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) else None
