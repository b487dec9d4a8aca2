"""Forces in plain tables: plates with force, moment and centre of pressure, or one vertical force.

Which column is what follows from its header, ``Fx[N]``, ``Force_Z (N)``, ``FP2_Mx [Nmm]``, ``COPy[cm]``; the unit
from the header or take.yaml. A column of bare numbers is a vertical force if take.yaml says rate and unit.
"""

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.errors import ReadError, UnitsError
from restride.readers.plates import PlateRows, plate_signals, vertical_axis
from restride.readers.take import Take
from restride.readers.text_rows import measurable, without_cut_row
from restride.signals.recording import Doubt, Recording, Source
from restride.signals.schema import SPACE, FloatArray, labelled
from restride.signals.units import to_si

_COLUMN: Final = re.compile(
    r"(?i)^(?P<before>|.*[\s_.\-\d])(?P<what>force|grf|f|moment|torque|m|cop|cent(?:re|er) of pressure)"
    r"[\s_.\-]*(?P<axis>[xyz])(?P<after>|[\s_.\-\d].*)$"
)
_KINDS: Final = {"force": "force", "grf": "force", "f": "force", "moment": "moment", "torque": "moment", "m": "moment"}
_VERTICAL: Final = re.compile(r"(?i)^(vertical[\s_]*(force|grf|ground reaction force)|v?grf|fz|force[\s_]*v)$")
_ANY_FORCE: Final = re.compile(r"(?i)^(vertical[\s_]*|ground[\s_]*reaction[\s_]*)?(force|grf)s?$")
_TIME: Final = re.compile(r"(?i)^(time|t|temps|zeit)$")
_WITH_UNIT: Final = re.compile(r"^(?P<name>.*?)[\s_]*[\[(]\s*(?P<unit>[^\])]+?)\s*[\])]\s*$")
_UNITS: Final = {"force": "N", "moment": "N m", "cop": "m"}
_SEPARATORS: Final = ",;\t"
# a table of forces has columns of other things beside, but not more of them
_MOST_OTHERS: Final = 0.5
_BARE: Final = "expected the rate and unit of a column of numbers without a header"


@dataclass(frozen=True, slots=True)
class _Column:
    """What one column holds; ``axis`` is -1 where the header names none."""

    index: int
    plate: str
    kind: str
    axis: int
    unit: str


def sniff(head: bytes) -> bool:
    """Whether a file begins with the header of a table of forces, or is one column of numbers."""
    lines = [line for line in head.decode("utf-8-sig", errors="replace").splitlines() if line.strip()]
    if _is_bare(lines):
        return True
    if not lines:
        return False
    cells = _cells(lines[0], _separator(lines[0]))
    known = [cell for cell in cells if _is_force(cell) or _TIME.match(_parted(cell)[0])]
    return any(_is_force(cell) for cell in cells) and len(known) >= _MOST_OTHERS * len([c for c in cells if c])


def read_force_table(path: Path, take: Take) -> Recording:
    """``plate_grf`` and what goes with it, or ``vertical_force``, of a table.

    Raises
    ------
    ReadError
        If a unit or the rate is stated nowhere, a force has no axis, one of its three is missing, or no
        whole row of numbers follows.

    Notes
    -----
    The axis that carries the weight is up. Which axis points forward no table says: x is taken (y where
    x is up), with a doubt. Without a centre of pressure the moments give it, about the middle of the plate.
    """
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    source = Source("force table", hashlib.sha256(path.read_bytes()).hexdigest())
    lines = [line for line in text[:4096].splitlines() if line.strip()]
    if _is_bare(lines):
        return Recording({"vertical_force": _bare_force(text, take)}, sources=(source,))
    names, units, numbers, cut = _table(text)
    time_s = _times(names, units, numbers, take)
    columns = _columns(names, units, take)
    doubts: list[Doubt] = []
    if cut:
        doubts.append(
            Doubt("forces", f"The table of forces is cut off; {len(numbers)} rows were read.", "Export it again.")
        )
    if all(c.axis < 0 for c in columns):
        signals: Mapping[str, xr.DataArray] = {"vertical_force": _vertical(columns, numbers, time_s)}
        return Recording(signals, sources=(source,), doubts=tuple(doubts))
    plates = [_rows(name, columns, numbers) for name in dict.fromkeys(c.plate for c in columns)]
    up = take.axes.up if take.axes is not None else vertical_axis(plates)
    signals, more = plate_signals(plates, time_s, take=take, up=up)
    if take.axes is None:
        doubts.append(_forward_doubt(up))
    return Recording(signals, sources=(source,), doubts=(*doubts, *more))


def _forward_doubt(up: str) -> Doubt:
    forward = "+y" if up[1] == "x" else "+x"
    text = (
        f"The table of forces does not say which of its axes points forward; {forward} was taken. If the person faced "
        "another way, forward and sideways are exchanged."
    )
    return Doubt("axes", text, f'Add to take.yaml: axes: {{forward: "{forward}", up: "{up}"}}, as it was.')


def _is_bare(lines: Sequence[str]) -> bool:
    return len(lines) > 2 and all(_is_number(line) for line in lines[:-1])


def _bare_force(text: str, take: Take) -> xr.DataArray:
    said = take.forces
    if said.rate_hz is None or said.unit is None:
        raise ReadError(f"{_BARE}, found none; add to take.yaml: forces: {{rate_hz: ..., unit: N}}")
    lines = [line for line in text.splitlines() if line.strip()]
    wrong = next((i for i, line in enumerate(lines, start=1) if not _is_number(line)), None)
    if wrong is not None:
        raise ReadError(f"expected a number in each row, found something else in row {wrong}; export the column again")
    values = to_si(said.unit)[1] * np.array([float(line.strip().replace(",", ".")) for line in lines])
    return _upward(values, np.arange(values.size) / said.rate_hz)


def _upward(values: FloatArray, time_s: FloatArray) -> xr.DataArray:
    """The force of the ground on the foot: the weight acts upward."""
    sign = 1.0 if float(np.nansum(values)) >= 0 else -1.0
    return labelled(sign * values, dims=("time",), units="N", coords={"time": time_s}, name="vertical_force")


def _table(text: str) -> tuple[list[str], list[str], FloatArray, bool]:
    """Names, units and numbers, and whether the last row was cut off."""
    head, _, body = text.lstrip().partition("\n")
    separator = _separator(head)
    cells = _cells(head, separator)
    second, _, below = body.partition("\n")
    below_cells = [cell.strip("[]() ") for cell in _cells(second, separator)]
    has_units = not any(_is_number(cell) for cell in below_cells)
    rows = below if has_units else body
    if not rows.strip():
        raise ReadError("expected a line of names and rows of numbers, found less; the table is empty or cut off")
    whole, cut = without_cut_row(rows, len(cells), separator=separator)
    decimal = "," if separator == ";" else "."
    try:
        table = pd.read_csv(io.StringIO(whole), sep=separator, header=None, decimal=decimal, low_memory=False)
    except pd.errors.ParserError as error:
        raise ReadError("expected rows of equal length, found longer ones; export the table again") from error
    numbers = table.reindex(columns=range(len(cells))).apply(pd.to_numeric, errors="coerce").to_numpy(np.float64)
    own = [*(below_cells if has_units else []), *[""] * len(cells)][: len(cells)]
    parted = [_parted(cell, unit) for cell, unit in zip(cells, own, strict=True)]
    return [name for name, _ in parted], [unit for _, unit in parted], measurable(numbers), cut


def _times(names: Sequence[str], units: Sequence[str], numbers: FloatArray, take: Take) -> FloatArray:
    if take.forces.rate_hz is not None:
        return np.arange(len(numbers)) / take.forces.rate_hz
    column = next((i for i, name in enumerate(names) if _TIME.match(name)), None)
    if column is None:
        raise ReadError("expected a column of times, found none; add to take.yaml: forces: {rate_hz: ...}")
    time_s: FloatArray = numbers[:, column] * (1e-3 if units[column] == "ms" else 1.0)
    if np.isnan(time_s).any() or bool((np.diff(time_s) <= 0).any()):
        raise ReadError("expected times that increase, found blanks or steps back; add forces: {rate_hz: ...}")
    return time_s


def _columns(names: Sequence[str], units: Sequence[str], take: Take) -> list[_Column]:
    found: list[_Column] = []
    for i, (name, unit) in enumerate(zip(names, units, strict=True)):
        match = _COLUMN.match(name)
        if match is not None:
            kind = _KINDS.get(match["what"].lower(), "cop")
            plate = " ".join(re.sub(r"[\s_.\-]+", " ", f"{match['before']} {match['after']}").split())
            found.append(_Column(i, plate or "plate", kind, "xyz".index(match["axis"].lower()), unit))
        elif _ANY_FORCE.match(name):
            found.append(_Column(i, "plate", "force", -1, unit))
    forces = [c for c in found if c.kind == "force"]
    only_vertical = [c for c in forces if _VERTICAL.match(names[c.index])]
    if len(forces) == len(only_vertical) == 1 and len(found) == 1:
        return [_with_unit(_Column(forces[0].index, "plate", "force", -1, forces[0].unit), names, take)]
    bare = [names[c.index] for c in forces if c.axis < 0]
    if bare or not forces:
        raise ReadError(
            f"expected forces with their axis and unit, such as Fz [N], found {', '.join(names)}; this looks like a "
            "table of results, not like a recording: give the recording itself"
        )
    return [_with_unit(c, names, take) for c in found]


def _with_unit(column: _Column, names: Sequence[str], take: Take) -> _Column:
    unit = column.unit or (take.forces.unit if column.kind == "force" else None)
    if not unit:
        hint = "add to take.yaml: forces: {unit: N}" if column.kind == "force" else "write it behind the name, as [mm]"
        raise ReadError(f"expected a unit of {names[column.index]}, found none; {hint}")
    if to_si(unit)[0] != _UNITS[column.kind]:
        raise ReadError(f"expected {names[column.index]} in a unit of {_UNITS[column.kind]}, found {unit!r}")
    return _Column(column.index, column.plate, column.kind, column.axis, unit)


def _vertical(columns: Sequence[_Column], numbers: FloatArray, time_s: FloatArray) -> xr.DataArray:
    return _upward(numbers[:, columns[0].index] * to_si(columns[0].unit)[1], time_s)


def _rows(plate: str, columns: Sequence[_Column], numbers: FloatArray) -> PlateRows:
    own = {(c.kind, c.axis): numbers[:, c.index] * to_si(c.unit)[1] for c in columns if c.plate == plate}
    missing = [f"F{axis}" for k, axis in enumerate(SPACE) if ("force", k) not in own]
    if missing:
        raise ReadError(f"expected the three forces of {plate}, missing {', '.join(missing)}; export all columns")
    force = np.stack([own["force", k] for k in range(3)], axis=1)
    moment = None
    if all(("moment", k) in own for k in range(3)):
        moment = np.stack([own["moment", k] for k in range(3)], axis=1)
    cop = None
    stated = [k for k in range(3) if ("cop", k) in own]
    if len(stated) >= 2:
        # the third is the height of the plate: the floor
        cop = np.stack([own.get(("cop", k), np.zeros(len(force))) for k in range(3)], axis=1)
    return PlateRows(plate, force, moment, cop)


def _is_force(cell: str) -> bool:
    name = _parted(cell)[0]
    return bool(_COLUMN.match(name) or _ANY_FORCE.match(name))


def _parted(cell: str, own_unit: str = "") -> tuple[str, str]:
    """Name and unit of a column; what is in brackets counts only if it is a unit."""
    match = _WITH_UNIT.match(cell)
    for unit in (own_unit, match["unit"] if match else ""):
        try:
            if unit:
                to_si(unit)
                return (match["name"] if match and unit == match["unit"] else cell).strip(), unit
        except UnitsError:
            continue
    return cell.strip(), ""


def _cells(line: str, separator: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line.rstrip("\r")], delimiter=separator), [])]
    except csv.Error:  # a cell longer than any name
        return []


def _separator(line: str) -> str:
    return max(_SEPARATORS, key=line.count)


def _is_number(cell: str) -> bool:
    try:
        float(cell.strip().replace(",", "."))
    except ValueError:
        return False
    return True
