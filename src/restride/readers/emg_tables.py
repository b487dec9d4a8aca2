"""EMG in plain tables (CSV): a column of times, one column per channel."""

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from restride.errors import ReadError, UnitsError
from restride.readers.sorting import is_unnamed, sort, sorted_emg
from restride.readers.take import Take
from restride.readers.text_rows import measurable, without_cut_row
from restride.signals.recording import Doubt, Recording, Source
from restride.signals.schema import FloatArray
from restride.signals.units import to_si

_TIME: Final = re.compile(r"(?i)^\s*(time|temps|zeit|t|x)(?:[\s_]*[\[(]?\s*(?P<unit>ms|s|sec|seconds)\s*[\])]?)?\s*$")
_WITH_UNIT: Final = re.compile(r"^(?P<name>.*?)[\s_]*[\[(]\s*(?P<unit>[^\])]+?)\s*[\])]\s*$")


def sniff(head: bytes) -> bool:
    """Whether a file begins with a line of separated names and a line with numbers."""
    lines = [line for line in head.decode("utf-8-sig", errors="replace").splitlines() if line.strip()]
    if len(lines) < 2 or len(lines[0]) < 3:
        return False
    separator = _separator(lines[0])
    below = [cell for line in lines[1:3] for cell in line.split(separator)]
    return separator in lines[0] and any(_is_number(cell) for cell in below)


def read_emg_table(path: Path, take: Take) -> Recording:
    """EMG of a CSV table, in volts where header or take.yaml state the unit.

    Raises
    ------
    ReadError
        If no column is a time and take.yaml gives no ``emg: rate_hz``, no column is a
        muscle, or no whole row of numbers follows.

    Notes
    -----
    Separators ``,`` ``;`` and tab, and decimal commas with ``;`` are understood. A unit may
    stand behind a name, ``TA_r [mV]``, or in a second line of its own.
    """
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    names, units, numbers, cut = _columns(text)
    time_column = next((i for i, name in enumerate(names) if _TIME.match(name)), None)
    time_s, doubts = _times(names, units, numbers, time_column, take)
    chosen = [i for i, name in enumerate(names) if i != time_column and not is_unnamed(name)]
    if not any(names[i] in take.channels or sort(names[i]).site.muscle for i in chosen):
        shown = ", ".join(names[:4])
        raise ReadError(
            f"expected columns named after muscles, found {shown}, ...; name them in take.yaml under channels"
        )
    emg, more = sorted_emg(
        numbers[:, chosen], time_s, [names[i] for i in chosen], units=[units[i] for i in chosen], take=take
    )
    if cut:
        text = f"The EMG table ends in the middle of a row; {len(numbers)} whole rows were read."
        doubts.append(Doubt("emg", text, "Copy or export the file again."))
    source = Source("EMG table", hashlib.sha256(path.read_bytes()).hexdigest())
    return Recording({"emg": emg}, sources=(source,), doubts=(*doubts, *more))


def _columns(text: str) -> tuple[list[str], list[str], FloatArray, bool]:
    """Names, units, numbers of the table, and whether its last row was cut off."""
    head, _, body = text.lstrip().partition("\n")
    separator = _separator(head)
    header = [cell.strip() for cell in next(csv.reader([head], delimiter=separator), [])]
    if not body.strip():
        raise ReadError("expected a line of names and rows of numbers, found less; the table is empty or cut off")
    second, _, below = body.lstrip("\r\n").partition("\n")
    cells = [cell.strip() for cell in second.split(separator)]
    has_units = not any(_is_number(cell) for cell in cells)
    own_units = [*(cells if has_units else []), *[""] * len(header)][: len(header)]
    whole, cut = without_cut_row(below if has_units else body, len(header), separator=separator)
    decimal = "," if separator == ";" else "."
    try:
        table = pd.read_csv(io.StringIO(whole), sep=separator, header=None, decimal=decimal, low_memory=False)
    except pd.errors.ParserError as error:
        raise ReadError("expected rows of equal length, found longer ones; export the table again") from error
    # exactly the named columns: a separator at the end of each row makes one more
    cells_read = table.reindex(columns=range(len(header))).apply(pd.to_numeric, errors="coerce")
    numbers = measurable(cells_read.to_numpy(dtype=np.float64))
    parted = [_parted(name, unit) for name, unit in zip(header, own_units, strict=True)]
    return [name for name, _ in parted], [unit for _, unit in parted], numbers, cut


def _parted(name: str, own_unit: str) -> tuple[str, str]:
    """Name and unit of a column; what is in brackets counts only if it is a unit."""
    match = _WITH_UNIT.match(name)
    for unit in (own_unit.strip("[]() "), match["unit"] if match else ""):
        try:
            if unit:
                to_si(unit)
                return (match["name"] if match and unit == match["unit"] else name), unit
        except UnitsError:
            continue
    return name, ""


def _times(
    names: Sequence[str], units: Sequence[str], numbers: FloatArray, column: int | None, take: Take
) -> tuple[FloatArray, list[Doubt]]:
    if column is None and take.emg.rate_hz is None:
        raise ReadError("expected a column of times, found none; add to take.yaml: emg: {rate_hz: ...}")
    if column is None or take.emg.rate_hz is not None:
        first = 0.0 if column is None else numbers[0, column]
        return first + np.arange(len(numbers)) / float(take.emg.rate_hz or 1.0), []
    match = _TIME.match(names[column])
    unit = units[column] or (match["unit"] or "" if match else "")
    time_s = numbers[:, column] * (1e-3 if unit.lower() == "ms" else 1.0)
    if np.isnan(time_s).any() or bool((np.diff(time_s) <= 0).any()):
        raise ReadError(
            "expected times that increase, found blanks or steps back; add emg: {rate_hz: ...} to take.yaml"
        )
    if unit:
        return time_s, []
    text = f"The column {names[column]!r} does not say its unit; its times were taken as seconds."
    return time_s, [Doubt("emg", text, "Call the column 'time_s' or 'time_ms'.", severity="note")]


def _separator(line: str) -> str:
    return max(",;\t", key=line.count)


def _is_number(cell: str) -> bool:
    try:
        float(cell.strip().replace(",", "."))
    except ValueError:
        return False
    return True
