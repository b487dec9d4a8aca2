"""Records of a FIT file that somebody has turned into a table (CSV), also of two devices side by side."""

import hashlib
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from restride.errors import ReadError
from restride.readers.fit_fields import FIELDS
from restride.readers.fit_messages import Message
from restride.readers.take import Take
from restride.readers.watch_clock import increasing
from restride.readers.watch_records import (
    SEMICIRCLE_RAD,
    contact_doubts,
    developer_fields,
    record_signals,
    turning,
)
from restride.signals.recording import Doubt, Recording, Source
from restride.signals.schema import FloatArray

NATIVE: Final = (
    *(name for field in FIELDS for name in field.names),
    *("cadence", "fractional_cadence", "position_lat", "position_long"),
)
CLOCKS: Final = ("timestamp", "elapsed_seconds")
# of two devices on one body the strap at the trunk goes first: it measures both feet
FIRST: Final = "hrm"
# the format's own numbers for the type of an activity
SPORTS: Final = {1.0: "running", 2.0: "cycling", 6.0: "walking"}
FEWEST_FIELDS: Final = 2


# units that some exporters write behind a name, where they are the profile's own; of another unit it is another column
OWN_UNITS: Final = {
    "heart_rate": ("bpm",),
    "speed": ("m/s",),
    "enhanced_speed": ("m/s",),
    "distance": ("m",),
    "altitude": ("m",),
    "enhanced_altitude": ("m",),
    "cadence": ("rpm", "spm"),
    "power": ("w", "watts"),
}


def sniff(head: bytes) -> bool:
    """Whether a file begins with a line of names of which one is a clock and some are FIT fields."""
    line = head.decode("utf-8-sig", errors="replace").partition("\n")[0]
    cells = {_name(cell) for cell in line.split(",")}
    return bool(cells & set(CLOCKS)) and len({_parted(name)[1] for name in cells} & set(NATIVE)) > FEWEST_FIELDS


def read_fit_table(path: Path, take: Take) -> Recording:  # noqa: ARG001  a reader's signature
    """Records in a table, columns named and scaled as the fields of FIT records.

    Parameters
    ----------
    path : Path
    take : Take
        Nothing of it concerns such a table.

    Returns
    -------
    Recording
        A column ``hrm_stance_time`` is the field ``stance_time`` of the device "hrm". Of two
        devices with one field the strap's is taken; the other's stands unchanged in
        ``developer_fields`` under the name of its column. Where a column
        ``have_<device>_data`` is 0, that device measured nothing.

    Raises
    ------
    ReadError
        If no row has a time, or no column is a field with numbers.
    """
    content = path.read_bytes()
    table = _table(content)
    clock = next((name for name in CLOCKS if name in table.columns), "")
    if not clock:
        raise ReadError(f"expected a column {' or '.join(CLOCKS)}, found none; export the table again")
    numbers = table.apply(pd.to_numeric, errors="coerce").astype(np.float64)
    if not np.isfinite(numbers[clock]).any():
        numbers[clock] = _seconds(table[clock])
    rows = increasing(numbers[clock].to_numpy())
    if rows.size == 0:
        raise ReadError(f"expected numbers in the column {clock}, found none; export the table again")
    numbers = _where_measured(numbers.iloc[rows])
    time_s: FloatArray = numbers[clock].to_numpy() - numbers[clock].iloc[0]
    taken, others = _taken(list(map(str, numbers.columns)))
    records: list[Message] = [
        {field: float(row[i]) for i, field in enumerate(taken) if np.isfinite(row[i])}
        for row in numbers[list(taken.values())].to_numpy()
    ]
    sport = _sport(numbers)
    signals, doubts = record_signals(records, time_s, sport)
    signals |= developer_fields(numbers[others].to_numpy(), others, [""] * len(others), time_s)
    if "position_lat" in taken and "position_long" in taken:
        place = [SEMICIRCLE_RAD * numbers[taken[name]].to_numpy() for name in ("position_lat", "position_long")]
        signals |= turning(time_s, *place)
    if not signals:
        raise ReadError("expected columns of numbers named as fields of a FIT record, found none; export it again")
    source = Source(f"FIT table ({sport or 'sport not stated'})", hashlib.sha256(content).hexdigest())
    more = [*_doubts(table, taken, others, lost=len(table) - rows.size), *doubts, *contact_doubts(signals)]
    return Recording(signals, sources=(source,), doubts=tuple(more))


def _table(content: bytes) -> pd.DataFrame:
    """The table with names in small letters; of two columns of one name the first."""
    try:
        table = pd.read_csv(io.BytesIO(content), encoding="utf-8-sig", encoding_errors="replace", low_memory=False)
    except (ValueError, OverflowError) as error:
        raise ReadError(f"expected rows of equal length, found others ({error}); export the table again") from error
    table.columns = [_name(str(name)) for name in table.columns]
    return table.loc[:, ~table.columns.duplicated()]


def _name(cell: str) -> str:
    """A column's name as the profile writes it: "Heart Rate [bpm]" becomes "heart_rate"."""
    found = re.fullmatch(r"(.*?)\s*\[([^\]]*)\]", cell.strip(' "\r').lower())
    name, unit = (found[1], found[2].strip()) if found else (cell.strip(' "\r').lower(), "")
    name = name.strip().replace(" ", "_")
    return name if not unit or unit in OWN_UNITS.get(name, ()) else f"{name}_{unit}"


def _seconds(stamps: "pd.Series[str]") -> FloatArray:
    """Dates as seconds, from ISO 8601 or from the C library's way of writing; NaN where they are neither."""
    # the letters of a time zone stand still through one outing, and only differences of times are used
    text = stamps.astype(str).str.replace(r"\s[A-Z]{3,4}(?=\s\d{4}$)", "", regex=True)
    found = pd.to_datetime(text, format="ISO8601", errors="coerce", utc=True)
    if not found.notna().any():
        found = pd.to_datetime(text, format="%a %b %d %H:%M:%S %Y", errors="coerce", utc=True)
    return np.asarray((found - pd.Timestamp(0, tz="UTC")).dt.total_seconds(), dtype=np.float64)


def _where_measured(numbers: pd.DataFrame) -> pd.DataFrame:
    """NaN in the columns of a device wherever its flag says that it had no data."""
    masked = numbers.copy()
    for name in map(str, numbers.columns):
        if name.startswith("have_") and name.endswith("_data"):
            device = name.removeprefix("have_").removesuffix("_data")
            of_it = [c for c in numbers.columns if str(c).startswith(f"{device}_")]
            masked.loc[numbers[name] == 0, of_it] = np.nan
    return masked


def _taken(names: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Column of each field, and the columns of fields that another device's column already gives."""
    ranked = sorted((n for n in names if _parted(n)[1]), key=lambda n: (_parted(n)[0] != "", _parted(n)[0] != FIRST))
    taken: dict[str, str] = {}
    for name in ranked:
        taken.setdefault(_parted(name)[1], name)
    devices = {_parted(n)[0] for n in names if _parted(n)[1] in NATIVE} - {""}
    others = [n for n in names if n not in taken.values() and n.partition("_")[0] in devices]
    return taken, others


def _parted(name: str) -> tuple[str, str]:
    """Device and field of a column; no device where the column is the field's own name."""
    if name in NATIVE:
        return "", name
    device, _, field = name.partition("_")
    return (device, field) if field in NATIVE else ("", "")


def _sport(numbers: pd.DataFrame) -> str:
    """The commonest type of activity; empty if it is not stated, or on foot and on wheels in one table."""
    if "activity_type" not in numbers:
        return ""
    stated = numbers["activity_type"].map(SPORTS).dropna()
    mixed = stated.eq("cycling").any() and stated.ne("cycling").any()
    return "" if stated.empty or mixed else str(stated.mode().iloc[0])


def _doubts(table: pd.DataFrame, taken: dict[str, str], others: Sequence[str], *, lost: int) -> list[Doubt]:
    doubts: list[Doubt] = []
    doubled = [name for name in others if _parted(name)[1] in taken]
    if doubled:
        text = f"Two devices measured the same: {', '.join(doubled)} stand in developer_fields, as they are."
        doubts.append(Doubt("developer_fields", text, severity="note"))
    if any("left_right_balance" in name for name in table.columns):
        text = "The share of power was left out: a table may have lost the bit that says whose it is."
        doubts.append(Doubt("left_share", text, "Give the original FIT file of the device."))
    if lost:
        text = f"{lost} rows repeat a time, step back in time or have none; they were left out."
        doubts.append(Doubt("clock", text, severity="note"))
    return doubts
