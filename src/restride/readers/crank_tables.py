"""Tables of a crank within its turn: angle, and the torque of each leg on its own arm."""

import csv
import hashlib
import io
import re
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from restride.errors import ReadError, UnitsError
from restride.readers.take import Take
from restride.readers.text_rows import measurable
from restride.readers.watch_clock import increasing
from restride.signals.recording import Doubt, Recording, Source
from restride.signals.schema import SIDES, FloatArray, labelled
from restride.signals.units import to_si

_WITH_UNIT: Final = re.compile(r"^(?P<name>.*?)\s*[\[(]\s*(?P<unit>[^\])]+?)\s*[\])]$")
_TAILS: Final = {"deg": "deg", "rad": "rad", "nm": "N m", "s": "s", "ms": "ms"}
_ANGLE: Final = "crank_angle"
_TORQUES: Final = {
    "left": ("torque_left", "left_torque", "torque_l"),
    "right": ("torque_right", "right_torque", "torque_r"),
}
_SEPARATORS: Final = ",;\t"


def sniff(head: bytes) -> bool:
    """Whether a file begins with a line of names of which one is ``crank_angle``."""
    line = head.decode("utf-8-sig", errors="replace").partition("\n")[0]
    return any(_parted(cell)[0] == _ANGLE for cell in re.split(f"[{_SEPARATORS}]", line))


def read_crank_table(path: Path, take: Take) -> Recording:  # noqa: ARG001  a reader's signature
    """``pedal_angle`` and ``crank_torque`` of a table with a header.

    Parameters
    ----------
    path : Path
        Columns ``time [s]``, ``crank_angle [deg]`` or ``[rad]`` and, where they were measured,
        ``torque_left [Nm]`` and ``torque_right [Nm]``; a unit may also end the name
        (``crank_angle_deg``). The angle is 0 where the right arm points up and grows forwards.
    take : Take
        Nothing of it concerns such a table.

    Raises
    ------
    ReadError
        If time or angle is missing, has no unit, or holds no numbers.
    """
    content = path.read_bytes()
    table, units = _table(content)
    if "time" not in table or _ANGLE not in table:
        raise ReadError("expected the columns time [s] and crank_angle [deg], found one only; name them so")
    time_s = table["time"].to_numpy() * _factor("time", units["time"], "s")
    rows = increasing(time_s)
    if rows.size < 2:
        raise ReadError("expected times that increase, found fewer than two; export the table again")
    right = table[_ANGLE].to_numpy()[rows] * _factor(_ANGLE, units[_ANGLE], "rad")
    if not np.isfinite(right).any():
        raise ReadError("expected numbers in the column crank_angle, found none; export the table again")
    coords = {"time": time_s[rows], "side": list(SIDES)}
    angles = np.column_stack([right + np.pi, right])
    signals = {"pedal_angle": labelled(angles, dims=("time", "side"), units="rad", coords=coords, name="pedal_angle")}
    torques: list[FloatArray] = []
    for side in SIDES:
        name = next((n for n in _TORQUES[side] if n in table), "")
        factor = _factor(name, units[name], "N m") if name else 1.0
        torques.append(table[name].to_numpy()[rows] * factor if name else np.full(rows.size, np.nan))
    if np.isfinite(torques).any():
        both = np.column_stack(torques)
        signals["crank_torque"] = labelled(both, dims=("time", "side"), units="N m", coords=coords, name="crank_torque")
    lost = len(table) - rows.size
    text = f"{lost} rows repeat a time, step back in time or have none; they were left out."
    doubts = (Doubt("clock", text, severity="note"),) if lost else ()
    return Recording(signals, sources=(Source("crank table", hashlib.sha256(content).hexdigest()),), doubts=doubts)


def _table(content: bytes) -> tuple[pd.DataFrame, dict[str, str]]:
    """Numbers by plain name, and the unit of each."""
    text = content.decode("utf-8-sig", errors="replace")
    line = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=line.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if row]
    except csv.Error as error:
        raise ReadError("expected rows of cells, found a damaged one; export the table again") from error
    width = len(rows[0])
    if any(len(row) > width for row in rows):
        raise ReadError("expected rows no longer than the line of names, found longer ones; export the table again")
    # a short row is one that was cut off: what it lacks was not measured
    table = pd.DataFrame([row + [""] * (width - len(row)) for row in rows[1:]], columns=range(width))
    parted = [_parted(cell) for cell in rows[0]]
    units = dict(reversed(parted))
    table.columns = pd.Index([name for name, _ in parted])
    numbers = table.loc[:, ~table.columns.duplicated()].apply(pd.to_numeric, errors="coerce").astype(np.float64)
    return pd.DataFrame(measurable(numbers.to_numpy()), columns=numbers.columns), units


def _parted(cell: str) -> tuple[str, str]:
    """Plain name and unit of a column: "Crank angle (deg)" and "crank_angle_deg" alike."""
    text = cell.strip(' "\r').lower()
    found = _WITH_UNIT.match(text)
    name, unit = (found["name"], found["unit"]) if found else (text, "")
    name = re.sub(r"[\s_]+", "_", name).strip("_")
    head, _, tail = name.rpartition("_")
    if not unit and head and tail in _TAILS:
        return head, _TAILS[tail]
    return name, _TAILS.get(unit, unit)


def _factor(name: str, unit: str, si: str) -> float:
    try:
        found, factor = to_si(unit)
    except UnitsError as error:
        raise ReadError(f"expected a unit behind {name}, such as {name} [{si}], found {unit or 'none'!r}") from error
    if found != si:
        raise ReadError(f"expected {name} in a unit of {si}, found {unit!r}; name the right one")
    return factor
