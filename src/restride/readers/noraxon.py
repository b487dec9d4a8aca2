"""Noraxon exports (MR3 and older, CSV or tab-separated text): a short header, then one table."""

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from restride.errors import ReadError
from restride.readers.emg_channels import Channel, emg_recording, steady_clock
from restride.readers.take import Take
from restride.readers.text_rows import without_cut_row
from restride.signals.recording import Doubt, Recording, Source

_TIME: Final = re.compile(r'(?i)^\s*"?time(\s*\(s\)|\s*,\s*s)?"?\s*$')
_FIRST_CELL: Final = re.compile(r'(?im)^"?time(?:"|,s"?\t|\s*\(s\)|[,;]"?activity|[\t;])')
_WITH_UNIT: Final = re.compile(r"^(?P<name>.*?)\s*(?:,\s*(?P<after>[^,()]+)|\((?P<within>[^()]*)\))$")
_RECORDER: Final = re.compile(r"(?i)^(?:(?:noraxon|ultium|desktop|telemyo|mr3)[^-]*-)+")
_WORDS: Final = ("activity", "marker")


def sniff(head: bytes) -> bool:
    """Whether a file names Noraxon or has the columns of MR3 (time, Activity, Marker)."""
    text = head.decode("utf-8-sig", errors="replace")
    named = "Noraxon" in text or "created with version" in text
    columns = re.search(r'(?im)^"?time"?[,;\t]"?activity"?[,;\t]"?marker', text)
    older = re.search(r'(?m)^"?Time,s"?\t', text)
    return bool(columns or older or (named and _FIRST_CELL.search(text)))


def read_noraxon(path: Path, take: Take) -> Recording:
    """EMG of a Noraxon export, in volts where its columns state their unit.

    Raises
    ------
    ReadError
        If no row begins with ``time``, no whole row of numbers follows, or no column is EMG.

    Notes
    -----
    Markers set while recording are told in a note; they do not say a foot, so they are no events.
    """
    content = path.read_bytes()
    lines = content.decode("utf-8-sig", errors="replace").splitlines()
    at = next((i for i, line in enumerate(lines) if _is_header(line)), None)
    if at is None:
        raise ReadError("expected a row that begins with 'time', found none; export the file again as CSV")
    separator = _separator(lines[at])
    names = [name.strip() for name in _row(lines[at], separator)]
    rows = "\n".join(line for line in lines[at + 1 :] if line.strip())
    body, cut = without_cut_row(rows, len(names), separator=separator)
    cells = _cells(body, separator, len(names))
    decimal = "," if separator != "," else "."
    time_s = _as_numbers(cells[0], decimal)
    start_s, rate_hz, doubts = steady_clock(time_s, rate_hz=_stated_rate(lines[:at]))
    channels = [
        _channel(name, _as_numbers(cells[i], decimal), rate_hz, start_s)
        for i, name in enumerate(names)
        if i and name.lower() not in _WORDS and name
    ]
    found = [*doubts, *_marks(names, cells, time_s)]
    if cut:
        text = f"The Noraxon file ends in the middle of a row; {len(cells)} whole rows were read."
        found.append(Doubt("emg", text, "Copy or export the file again."))
    source = Source("Noraxon", hashlib.sha256(content).hexdigest(), device="Noraxon")
    return emg_recording(channels, take, source=source, doubts=found)


def _is_header(line: str) -> bool:
    cells = _row(line, _separator(line)) if line[:5].lower().strip('" ').startswith("tim") else []
    return len(cells) > 1 and bool(_TIME.match(cells[0]))


def _row(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error as error:
        raise ReadError("expected cells of ordinary length, found a damaged row; export the file again") from error


def _separator(line: str) -> str:
    # labels of the tab-separated export hold commas ("Time,s")
    return "\t" if "\t" in line else ";" if ";" in line else ","


def _cells(body: str, separator: str, width: int) -> pd.DataFrame:
    try:
        table = pd.read_csv(
            io.StringIO(body), sep=separator, header=None, dtype=str, quoting=csv.QUOTE_MINIMAL, keep_default_na=False
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        raise ReadError("expected rows of equal length, found longer ones; export the file again") from error
    return table.reindex(columns=range(width), fill_value="")


def _as_numbers(column: "pd.Series[str]", decimal: str) -> np.ndarray:
    text = column.str.replace(",", ".", regex=False) if decimal == "," else column
    return pd.to_numeric(text, errors="coerce").to_numpy(dtype=np.float64)


def _stated_rate(lines: Sequence[str]) -> float | None:
    """Rate in the two-row header of MR3, below the word ``frequency``."""
    for names, values in pairwise(lines):
        row = dict(zip(_row(names, ","), _row(values, ","), strict=False))
        try:
            return float(row["frequency"])
        except (KeyError, ValueError):
            continue
    return None


def _channel(name: str, values: np.ndarray, rate_hz: float, start_s: float) -> Channel:
    match = _WITH_UNIT.match(name)
    label, unit = (match["name"], (match["after"] or match["within"] or "").strip()) if match else (name, "")
    return Channel(label, values, rate_hz, start_s, unit, _RECORDER.sub("", label))


def _marks(names: Sequence[str], cells: pd.DataFrame, time_s: np.ndarray) -> list[Doubt]:
    at = next((i for i, name in enumerate(names) if name.lower() == "marker"), None)
    rows = np.flatnonzero((cells[at].str.strip() != "").to_numpy()) if at is not None else np.empty(0, dtype=int)
    if not rows.size:
        return []
    shown = ", ".join(f"{time_s[i]:.3f} s" for i in rows[:5]) + (", ..." if rows.size > 5 else "")
    text = f"{rows.size} marks were set while recording, at {shown}."
    return [Doubt("events", text, "If they are contacts, state them in take.yaml under events.", severity="note")]
