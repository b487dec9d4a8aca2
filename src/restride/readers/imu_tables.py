"""Body-worn sensors in plain tables: Shimmer, APDM, Xsens, x-io, phone apps, and tables in their manner.

Which column is what follows from the header (``imu_headers``); where a sensor sits from take.yaml,
by its name or by the name of its file, or from a name that says it in words. Nothing is guessed
from the numbers.
"""

import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.errors import ReadError
from restride.readers.imu_headers import (
    MOST_HEADER,
    Column,
    Header,
    columns_of,
    counter,
    device_of,
    header_of,
    si_of,
    time_column,
)
from restride.readers.imu_signals import signal_of, worn_by_name
from restride.readers.take import Take
from restride.readers.text_rows import measurable, without_cut_row
from restride.readers.worn import SensorNotes
from restride.signals.recording import Doubt, Recording, Source
from restride.signals.schema import FloatArray

UNEVEN: Final = 0.5  # of a sample: what a clock's own grain does not do
LONGEST_HOLE: Final = 3.5  # samples from one to the next: two lost ones can be bridged by a line, more cannot
NAMELESS: Final = "sensor"


@dataclass(frozen=True, slots=True)
class Times:
    """Times of the rows that have one, on a clock.

    Attributes
    ----------
    since_s : ndarray, shape (row kept,)
        From the first row kept.
    kept : ndarray of bool, shape (row,)
    clock : str
        Which clock, where other files may share it; else empty.
    start_s : float
        Time of the first row kept on that clock.
    doubts : tuple of Doubt
    """

    since_s: FloatArray
    kept: np.ndarray
    clock: str = ""
    start_s: float = 0.0
    doubts: tuple[Doubt, ...] = ()


def sniff(head: bytes) -> bool:
    """Whether a file begins with the header of a table of accelerations or turning rates."""
    text = head.decode("utf-8-sig", errors="replace")
    lines = text.splitlines()
    header = header_of(lines[:-1] or lines)
    if not header.rows or any(re.search(r"(?i)emg", cell) for row in header.rows for cell in row):
        return False
    if header.vendor.startswith(("Xsens", "phyphox")):
        return True
    return len([c for c in columns_of(header) if c.kind in ("acc", "gyr")]) >= 3


def read_imu_table(path: Path, take: Take) -> Recording:
    """Acceleration, turning rate and magnetic field of the sensors in one table.

    Returns
    -------
    Recording
        ``acc``, ``gyr``, ``mag`` with dims (time, sensor, space); along ``sensor`` the coordinates
        ``segment`` and ``side`` (empty where not known) and ``label`` (as in the file). Frame of the
        sensor, or of its segment where take.yaml states its axes. ``attrs["clock"]`` and
        ``attrs["clock_start_s"]`` where other files may share the clock.

    Raises
    ------
    ReadError
        If a unit or the rate is stated neither by the file nor by take.yaml, or an axis of a sensor
        is missing.
    """
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    header = header_of(text.splitlines()[: MOST_HEADER + 2])
    columns = _named(columns_of(header, stem=path.stem), header, path, take.sensors)
    if not columns:
        raise ReadError("expected columns of acceleration (with gravity) or turning rate, found none; export those")
    numbers, cut = _numbers(text, header)
    times = times_of(header, numbers, take.sensors)
    since_s, numbers, doubts = evened(times.since_s, numbers[times.kept])
    doubts = [*times.doubts, *doubts]
    time_s = take.sensors.starts_at_s + since_s * take.sensors.clock_factor
    if cut:
        more = f"The table of sensors ends in the middle of a row; {times.kept.size} whole rows were read."
        doubts.append(Doubt("sensors", more, "Copy or export the file again."))
    signals: dict[str, xr.DataArray] = {}
    for kind in dict.fromkeys(c.kind for c in columns):
        chosen = [c for c in columns if c.kind == kind]
        if kind == "mag" and not all(si_of(c.unit) == "T" for c in chosen):
            text = "The magnetic field is not in a unit of ours (T, uT) and was left out."
            doubts.append(Doubt("mag", text, severity="note"))
            continue
        signals[kind], said = signal_of(kind, chosen, numbers, time_s, take.sensors)
        doubts += said
        if times.clock:
            signals[kind].attrs |= {"clock": times.clock, "clock_start_s": times.start_s}
    source = Source(f"IMU table ({header.vendor})", hashlib.sha256(path.read_bytes()).hexdigest())
    return Recording(signals, sources=(source,), doubts=tuple(dict.fromkeys(doubts)))


def evened(time_s: FloatArray, numbers: FloatArray) -> tuple[FloatArray, FloatArray, list[Doubt]]:
    """Rows on even times: those of a phone wander, and a radio loses one now and then.

    Parameters
    ----------
    time_s : ndarray, shape (row,), increasing
    numbers : ndarray, shape (row, column)

    Returns
    -------
    tuple
        Times, numbers and doubts; as they were if they are even, or if so many rows in a row are
        missing that a straight line between their neighbours would make them up.
    """
    if time_s.size < 3:
        return time_s, numbers, []
    steps = np.diff(time_s)
    usual = float(np.median(steps))
    longest = float(steps.max()) / usual
    if np.ptp(steps) <= UNEVEN * usual or longest > LONGEST_HOLE:
        return time_s, numbers, []
    even = np.arange(time_s[0], time_s[-1] + usual / 2, usual)
    even = even[even <= time_s[-1]]
    on_even = np.stack([np.interp(even, time_s, column) for column in numbers.T], axis=1)
    text = (
        f"The sensors' times are uneven (steps of {1e3 * steps.min():.1f} to {1e3 * steps.max():.1f} ms); the signals "
        f"were brought to even times at {1 / usual:.4g} Hz by straight lines."
    )
    return even, on_even, [Doubt("sensors", text, severity="note")]


def times_of(header: Header, numbers: FloatArray, said: SensorNotes) -> Times:
    """Times of the rows from zero, and the clock they were read from.

    Parameters
    ----------
    header : Header
    numbers : ndarray, shape (row, column)
    said : SensorNotes
        Its ``rate_hz`` goes before the times of the file.

    Raises
    ------
    ReadError
        If neither the file nor take.yaml says when the rows were, or times step back.
    """
    every = np.ones(len(numbers), dtype=bool)
    counted = counter(header)
    if counted is not None and said.rate_hz is None:
        column, seconds, wraps = counted
        ticks = numbers[:, column]
        if np.isfinite(ticks).all():
            ticks = ticks + wraps * np.concatenate([[0], np.cumsum(np.diff(ticks) < -wraps / 2)])
            synced = header.vendor != "Xsens DOT" or header.facts.get("SyncStatus") == "Synced"
            return _kept(seconds * ticks, every, header.vendor if synced else "")
    rate_hz = said.rate_hz or header.rate_hz
    if rate_hz is not None:
        return Times(np.arange(len(numbers)) / rate_hz, every)
    found = time_column(header, said)
    if found is None:
        raise ReadError("expected times with a unit, found none; add to take.yaml: sensors: {rate_hz: ...}")
    return _kept(numbers[:, found[0]] * found[1], every, _clock(header, found[0]))


def _kept(time_s: FloatArray, every: np.ndarray, clock: str) -> Times:
    """Rows with a time later than the row before."""
    kept = every & np.isfinite(time_s)
    kept[kept] = np.concatenate([[True], np.diff(time_s[kept]) > 0])[: kept.sum()]
    if not kept.any() or (np.diff(time_s[kept]) <= 0).any() or kept.sum() < 0.99 * len(kept):
        raise ReadError("expected times that increase, found blanks or steps back; add sensors: {rate_hz: ...}")
    doubts: tuple[Doubt, ...] = ()
    if not kept.all():
        doubts = (Doubt("sensors", f"{(~kept).sum()} rows without a new time were left out.", severity="note"),)
    start_s = float(time_s[kept][0])
    return Times(time_s[kept] - start_s, kept, clock, start_s, doubts)


def _clock(header: Header, column: int) -> str:
    """Clock of a column of times, if files of several sensors share it."""
    names = " ".join(row[column] for row in header.rows)
    if header.vendor == "phyphox":
        return "phyphox"
    return "unix" if "Unix" in names or header.vendor == "APDM" else ""


def _named(columns: Sequence[Column], header: Header, path: Path, said: SensorNotes) -> list[Column]:
    """The columns; the one sensor of a file that nothing places is called after its device or its file."""
    labels = {column.sensor for column in columns}
    label = next(iter(labels), NAMELESS)
    if len(labels) != 1 or label in said.worn or worn_by_name(label):
        return list(columns)
    own = device_of(header, path.stem) or label
    names = (own, path.name, path.stem, f"{path.parent.name}/{path.name}", path.parent.name)
    stated = next((name for name in names if name in said.worn), "")
    name = stated or (path.stem if not worn_by_name(own) and worn_by_name(path.stem) else own)
    return [replace(column, sensor=name) for column in columns]


def _numbers(text: str, header: Header) -> tuple[FloatArray, bool]:
    width = max((len(r) for r in header.rows), default=0)
    body = "".join(text.splitlines(keepends=True)[header.length :])
    whole, cut = without_cut_row(body, width, separator=header.separator)
    decimal = "," if header.separator == ";" else "."
    try:
        table = pd.read_csv(io.StringIO(whole), sep=header.separator, header=None, decimal=decimal, low_memory=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise ReadError("expected rows of equal length, found longer or none; export the table again") from error
    numbers = table.reindex(columns=range(width)).apply(pd.to_numeric, errors="coerce").to_numpy(dtype=np.float64)
    return measurable(numbers), cut
