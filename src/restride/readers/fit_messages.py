"""The messages of a FIT file by name, in the units of the FIT profile.

Names, units, scales and the words for numbers come from the profile that fitdecode carries; the
bytes are read by ourselves, all messages of one layout at a time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from fitdecode import profile
from fitdecode.types import ComponentField, MessageType, SubField
from fitdecode.types import Field as Named

from restride.errors import ReadError
from restride.readers.fit_bytes import BYTE, Column, Field, Running, Table, column, counts, messages_of, tables

# what is kept of each message; everything else is never held in memory
KEPT: Final = (
    *("file_id", "device_info", "sport", "session", "lap", "record", "hrv"),
    *("accelerometer_data", "gyroscope_data", "three_d_sensor_calibration"),
)
# position of a FIT field whose number means the side, so its text must not be rendered
RAW: Final = frozenset(
    {"left_right_balance", "timestamp", "start_time", "timestamp_ms", "sample_time_offset", "serial_number"}
)
# fields that count on from message to message, of the messages that are kept
RUNNING: Final[Mapping[int, Sequence[Running]]] = {
    number: [
        Running(field.def_num, part.bit_offset, part.bits, part.def_num)
        for field in kind.fields.values()
        for part in field.components or ()
        if part.accumulate
    ]
    for number, kind in profile.MESSAGE_TYPES.items()
    if kind.name == "record"
}

Value = float | str | tuple[float, ...]
Message = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Messages:
    """What a FIT file says, up to its end or to the damage.

    Attributes
    ----------
    records : tuple of mappings
        One per message ``record``: field name to number, text or numbers; a field that
        the device left empty is not there. Developer fields are in ``developer``.
    developer : tuple of mappings
        Fields of developers by name, one mapping per record.
    developer_units : mapping
        Unit of each developer field, as the file writes it.
    others : mapping of message name to tuple of mappings
        Sessions, laps, devices, raw sensors.
    damage : str
        Why reading stopped before the end; empty if it did not.
    checksum : bool or None
        Whether the file's own checksum agrees; None if the file ends before it.
    """

    records: tuple[Message, ...]
    developer: tuple[Message, ...]
    developer_units: Mapping[str, str]
    others: Mapping[str, tuple[Message, ...]]
    damage: str
    checksum: bool | None

    def all_of(self, name: str) -> tuple[Message, ...]:
        """The messages of one name, in the order of the file."""
        return self.others.get(name, ())


def decode(content: bytes) -> Messages:
    """The messages of a FIT file, read up to its end or up to the damage.

    Parameters
    ----------
    content : bytes
        Of the whole file; several FIT files in a row are read as one.

    Returns
    -------
    Messages
        Values in the units of the FIT profile. The share of a leg, the clock and serial
        numbers are the raw integers, because their meaning sits in single bits.

    Raises
    ------
    ReadError
        If nothing of the file can be read.
    """
    found, sums, damage = tables(content, RUNNING)
    rows: dict[str, list[tuple[int, Message, Message]]] = {}
    units: dict[str, tuple[int, str]] = {}
    for table in found:
        kind = profile.MESSAGE_TYPES.get(table.message)
        if kind is not None and kind.name in KEPT and table.places:
            rows.setdefault(kind.name, []).extend(_rows(content, table, kind, units))
    for name in rows:
        rows[name].sort(key=lambda row: row[0])
    if not rows:
        raise ReadError(f"expected a FIT file, found none that can be read ({damage or 'no message'}); copy it again")
    records = rows.pop("record", [])
    return Messages(
        records=tuple(native for _, native, _ in records),
        developer=tuple(own for _, _, own in records),
        developer_units={name: unit for name, (_, unit) in sorted(units.items(), key=lambda item: item[1][0])},
        others={name: tuple({**native, **own} for _, native, own in found) for name, found in rows.items()},
        damage=damage,
        checksum=all(sums) if sums and not damage else None,
    )


def _rows(
    content: bytes, table: Table, kind: MessageType, units: dict[str, tuple[int, str]]
) -> Iterator[tuple[int, Message, Message]]:
    """Place, native fields and developers' fields of each message; adds the developers' units."""
    block = messages_of(content, table)
    columns = [column(content, table, f, block) for f in table.fields]
    native: list[tuple[str, list[Value | None]]] = []
    own: list[tuple[str, list[Value | None]]] = []
    for place, raw in zip(table.fields, columns, strict=True):
        if place.own is not None:
            name, values = place.own.name, _values(raw, {}, None, None)
            first = next((i for i, v in enumerate(values) if v is not None), None)
            if name and first is not None:
                own.append((name, values))
                if kind.name == "record":
                    seen = table.places[first] + place.offset, place.own.units
                    units[name] = min(units.get(name, seen), seen)
        elif (named := kind.fields.get(place.number)) is not None:
            native += [(_target(kind, part), _part(raw, place, part, table)) for part in named.components or ()]
            native += _named(named, raw, table, columns)
    if table.stamps:
        native.append(("timestamp", [float(table.stamps[p]) if p in table.stamps else None for p in table.places]))
    return zip(table.places, _mappings(native, len(block)), _mappings(own, len(block)), strict=True)


def _mappings(columns: Sequence[tuple[str, Sequence[Value | None]]], size: int) -> Iterator[Message]:
    """One mapping per message, without what is empty; of two fields of one name the later."""
    names = [name for name, _ in columns]
    if not names:
        return iter([{} for _ in range(size)])
    rows = zip(*(values for _, values in columns), strict=True)
    return ({name: v for name, v in zip(names, row, strict=True) if v is not None} for row in rows)


def _named(named: Named, raw: Column, table: Table, columns: Sequence[Column]) -> list[tuple[str, list[Value | None]]]:
    """A field under its name, or under that of what another field of the message makes of it."""
    if not named.subfields:
        return [(named.name, _valued(named, raw))]
    meant = np.full(len(raw.empty), -1)
    for i, sub in reversed(list(enumerate(named.subfields))):
        for reference in sub.ref_fields:
            for place, other in zip(table.fields, columns, strict=True):
                if place.own is None and place.number == reference.def_num and other.values.ndim == 1:
                    meant[(other.values == reference.raw_value) & ~other.empty] = i
    found: list[tuple[str, list[Value | None]]] = []
    for i in np.unique(meant):
        one = named if i < 0 else named.subfields[i]
        values = _valued(one, raw)
        found.append((one.name, [v if m == i else None for v, m in zip(values, meant, strict=True)]))
    return found


def _valued(named: Named | SubField, raw: Column) -> list[Value | None]:
    if named.name in RAW:
        return _values(raw, {}, None, None)
    return _values(raw, named.type.enum or {}, named.scale, named.offset)


def _values(raw: Column, words: Mapping[object, str], scale: float | None, offset: float | None) -> list[Value | None]:
    """Numbers with their scale, words for numbers, or texts; None where empty."""
    if raw.values.dtype == object:
        return list(raw.values)
    with np.errstate(invalid="ignore"):  # a NaN may be of the kind that is meant to alarm
        numbers = raw.values.astype(np.float64)
    numbers = numbers / scale if scale else numbers
    numbers = numbers - offset if offset else numbers
    if numbers.ndim == 2:
        each = raw.empty.ndim == 2
        rows = map(tuple, np.where(raw.empty, np.nan, numbers).tolist() if each else numbers.tolist())
        return [None if not each and e else row for row, e in zip(rows, raw.empty, strict=True)]
    values: list[Value | None] = numbers.tolist()
    if words:
        values = [words.get(key, value) for key, value in zip(raw.values.tolist(), values, strict=True)]
    for i in np.flatnonzero(raw.empty):
        values[i] = None
    return values


def _target(kind: MessageType, part: ComponentField) -> str:
    return str(kind.fields[part.def_num].name)


def _part(raw: Column, place: Field, part: ComponentField, table: Table) -> list[Value | None]:
    """Some bits of a field, which are a field of their own; empty where it is not laid out as one number."""
    size = len(raw.empty)
    if not counts(place) or part.bit_offset >= 8 * place.count * place.base.size:
        return [None] * size
    if part.accumulate:
        sums = table.sums[place.number, part.bit_offset]
        bits = np.array([s or 0 for s in sums], dtype=np.float64)
        return _values(Column(bits, np.array([s is None for s in sums])), {}, part.scale, part.offset)
    if place.base.kind == BYTE:
        whole = [int.from_bytes(row.tobytes(), "little") >> part.bit_offset for row in raw.values]
        bits = np.array([w & ((1 << part.bits) - 1) for w in whole], dtype=np.float64)
    else:
        bits = (raw.values.astype(np.int64) >> part.bit_offset) & ((1 << part.bits) - 1)
    return _values(Column(bits, raw.empty), {}, part.scale, part.offset)
