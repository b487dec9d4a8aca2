"""The messages of a FIT file where they lie in its bytes, and their fields as columns of raw numbers.

A FIT file is a row of messages. A definition says how the messages of a local number are laid out
until the next definition of that number; so all messages of one definition have one length and can
be taken apart together, field by field. Source: the FIT protocol's description of its file format.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from restride.errors import ReadError
from restride.readers.fit_checksum import checksum

# bits of a message's first byte
COMPRESSED: Final = 0x80
DEFINES: Final = 0x40
WITH_DEVELOPER: Final = 0x20
# a compressed first byte holds the last five bits of the time
CLOCK_MASK: Final = 0x1F
SHORT_HEADER, LONG_HEADER = 12, 14  # bytes; the long one has a checksum of its own
STAMP: Final = 253  # number of the field that holds the time, in every message
DEVELOPER_ID, FIELD_DESCRIPTION = 207, 206  # messages
TEXT, BYTE = "S", "B"


@dataclass(frozen=True, slots=True)
class Base:
    """One base type: how numpy names it, its bytes, and the number that stands for "empty"."""

    kind: str
    size: int
    empty: int = -1


BYTES: Final = Base(BYTE, 1, 0xFF)
BASES: Final[Mapping[int, Base]] = {
    0x00: Base("u1", 1, 0xFF),
    0x01: Base("i1", 1, 0x7F),
    0x02: Base("u1", 1, 0xFF),
    0x83: Base("i2", 2, 0x7FFF),
    0x84: Base("u2", 2, 0xFFFF),
    0x85: Base("i4", 4, 0x7FFFFFFF),
    0x86: Base("u4", 4, 0xFFFFFFFF),
    0x07: Base(TEXT, 1),
    0x88: Base("f4", 4),
    0x89: Base("f8", 8),
    0x0A: Base("u1", 1, 0),
    0x8B: Base("u2", 2, 0),
    0x8C: Base("u4", 4, 0),
    0x0D: BYTES,
    0x8E: Base("i8", 8, 0x7FFFFFFFFFFFFFFF),
    0x8F: Base("u8", 8, 0xFFFFFFFFFFFFFFFF),
    0x90: Base("u8", 8, 0),
}


@dataclass(frozen=True, slots=True)
class Own:
    """A developer's field as its description names it."""

    base: Base = BYTES
    name: str = ""
    units: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """Where one field lies in every message of a definition."""

    number: int
    base: Base
    offset: int
    count: int
    own: Own | None = None


@dataclass(slots=True)
class Table:
    """All messages of one definition.

    Attributes
    ----------
    message : int
        Number of the message in the FIT profile.
    order : {"<", ">"}
        Little or big endian.
    fields : tuple of Field
    length : int
        Bytes of each message after its first.
    places : list of int
        Where each message begins in the file, after its first byte.
    stamps : dict of int to int
        Time of the messages whose first byte holds a part of it, by place.
    sums : dict
        Running totals by field number and lowest bit, one per message; None where empty.
    clock : Field or None
        The field of the time.
    hollow : bool
        Whether a field is laid out without a length: then no message can be read.
    """

    message: int
    order: str
    fields: tuple[Field, ...]
    length: int
    places: list[int] = field(default_factory=list)
    stamps: dict[int, int] = field(default_factory=dict)
    sums: dict[tuple[int, int], list[int | None]] = field(default_factory=dict)
    clock: Field | None = None
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Running:
    """Bits of a field that count on from message to message and begin anew when they are full."""

    number: int
    low: int
    bits: int
    total: int  # number of the field that holds the total


@dataclass(slots=True)
class _State:
    """What a definition or message depends on that came before it in the file."""

    tables: dict[tuple[bytes, bool, int], Table]
    running: Mapping[int, Sequence[Running]]
    local: dict[int, Table] = field(default_factory=dict)
    own: dict[tuple[object, object], Own] = field(default_factory=dict)
    described: int = 0
    clock: int = 0
    totals: dict[tuple[int, int], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """One field of all messages of a table.

    Attributes
    ----------
    values : array, shape (message,) or (message, count)
        Raw numbers; texts are an array of objects, None where empty.
    empty : array of bool, of the same shape; shape (message,) for bytes, which are empty together
    """

    values: npt.NDArray[np.generic]
    empty: npt.NDArray[np.bool_]


def tables(content: bytes, running: Mapping[int, Sequence[Running]]) -> tuple[list[Table], list[bool], str]:
    """All messages of a file, up to its end or up to the damage.

    Parameters
    ----------
    content : bytes
        Of one FIT file or several in a row.
    running : mapping
        Of each message's number, the fields that count on.

    Returns
    -------
    list of Table, one per definition
    list of bool
        Of each file, whether its checksum agrees.
    str
        The damage in words; empty if there is none.
    """
    found: dict[tuple[bytes, bool, int], Table] = {}
    sums: list[bool] = []
    at, described = 0, 0
    try:
        while at < len(content):
            state = _State(found, running, described=described)
            end = _messages(content, at, state)
            described = state.described + 1
            if end + 2 > len(content):
                raise ReadError("it ends before its checksum")
            sums.append(checksum(content[at:end]) == int.from_bytes(content[end : end + 2], "little"))
            at = end + 2
    except ReadError as damage:
        return list(found.values()), sums, str(damage)
    return list(found.values()), sums, ""


def column(content: bytes, table: Table, wanted: Field, block: npt.NDArray[np.uint8] | None = None) -> Column:
    """One field of all messages of a table; ``block`` is their bytes, shape (message, length)."""
    block = messages_of(content, table) if block is None else block
    size = wanted.base.size * wanted.count
    part = np.ascontiguousarray(block[:, wanted.offset : wanted.offset + size])
    if wanted.base.kind == TEXT:
        texts = np.array([_text(row.tobytes()) for row in part], dtype=object)
        return Column(texts, np.array([t is None for t in texts], dtype=np.bool_))
    if wanted.base.kind == BYTE:
        return Column(part, (part == wanted.base.empty).all(axis=1))
    values = part.view(f"{table.order}{wanted.base.kind}")
    empty = np.isnan(values) if wanted.base.kind[0] == "f" else values == wanted.base.empty
    return Column(values[:, 0], empty[:, 0]) if wanted.count == 1 else Column(values, empty)


def messages_of(content: bytes, table: Table) -> npt.NDArray[np.uint8]:
    """The bytes of all messages of a table, shape (message, length)."""
    places = np.array(table.places, dtype=np.int64)
    block: npt.NDArray[np.uint8] = np.frombuffer(content, dtype=np.uint8)[places[:, None] + np.arange(table.length)]
    return block


def _messages(content: bytes, start: int, state: _State) -> int:
    """Go through one file; the place of its checksum. Raises ReadError where it is damaged."""
    at, end = _body(content, start)
    stop = min(end, len(content))
    while at < end:
        if at >= stop:
            raise ReadError("it ends between two messages")
        head = content[at]
        if head & (COMPRESSED | DEFINES) == DEFINES:
            at = _defined(content, at, stop, state)
            continue
        table = state.local.get((head >> 5) & 3 if head & COMPRESSED else head & 15)
        if table is None:
            raise ReadError(f"byte {at} begins a message that is not defined")
        place, at = at + 1, at + 1 + table.length
        if at > stop or table.hollow:
            raise ReadError(f"the message at byte {place} has no room or no length")
        table.places.append(place)
        _timed(content, table, place, head, state)
        if table.message in state.running:
            _counted(content, table, place, state)
        if table.message in (DEVELOPER_ID, FIELD_DESCRIPTION):
            _described(content, table, place, state)
    return at


def _body(content: bytes, start: int) -> tuple[int, int]:
    """Where the messages of a file begin and end."""
    head = content[start : start + SHORT_HEADER]
    size = head[0] if head else 0
    if len(head) < SHORT_HEADER or head[8:12] != b".FIT" or size not in (SHORT_HEADER, LONG_HEADER):
        raise ReadError(f"byte {start} does not begin a FIT file")
    if start + size > len(content):
        raise ReadError("it ends inside its header")
    return start + size, start + size + int.from_bytes(head[4:8], "little")


def _defined(content: bytes, at: int, stop: int, state: _State) -> int:
    """Take up a definition; the place after it."""
    head = content[at]
    after = at + 6 + (3 * content[at + 5] if at + 6 <= stop else 0)
    own_at = after
    if head & WITH_DEVELOPER and after < stop:
        after += 1 + 3 * content[after]
    if after > stop or at + 6 > stop or (head & WITH_DEVELOPER and own_at >= stop):
        raise ReadError("it ends inside a definition")
    key = (content[at + 1 : after], bool(head & WITH_DEVELOPER), state.described)
    table = state.tables.get(key)
    if table is None:
        table = _laid_out(content[at + 1 : own_at], content[own_at + 1 : after], state)
        state.tables[key] = table
    state.local[head & 15] = table
    there = {f.number for f in table.fields if f.own is None}
    # a definition anew begins to count at zero
    state.totals |= {(table.message, r.total): 0 for r in state.running.get(table.message, ()) if r.number in there}
    return after


def _laid_out(fixed: bytes, own: bytes, state: _State) -> Table:
    """The table of a definition: the device's own fields, then the developers'."""
    order = ">" if fixed[1] else "<"
    message = int.from_bytes(fixed[2:4], "big" if fixed[1] else "little")
    fields: list[Field] = []
    offset = 0
    for number, size, code in zip(fixed[5::3], fixed[6::3], fixed[7::3], strict=True):
        base = BASES.get(code, BYTES)
        # devices have been seen to state sizes that do not hold whole numbers
        base = BYTES if size % base.size else base
        fields.append(Field(number, base, offset, size // base.size))
        offset += size
    for number, size, developer in zip(own[0::3], own[1::3], own[2::3], strict=True):
        described = state.own.get((developer, number), Own())
        count = size // described.base.size
        fields.append(Field(number, described.base, offset, count, described))
        offset += count * described.base.size
    stamps = [f for f in fields if f.number == STAMP and f.own is None and f.count == 1 and f.base.kind[0] in "ui"]
    hollow = any(f.count == 0 for f in fields)
    return Table(message, order, tuple(fields), offset, clock=stamps[0] if stamps else None, hollow=hollow)


def _timed(content: bytes, table: Table, place: int, head: int, state: _State) -> None:
    """Follow the clock, of which a compressed message gives the last five bits only."""
    if table.clock is not None:
        raw = _whole(content, table, table.clock, place)
        state.clock = state.clock if raw == table.clock.base.empty else raw
    if head & COMPRESSED:
        state.clock += (head - state.clock) & CLOCK_MASK
        table.stamps[place] = state.clock


def _counted(content: bytes, table: Table, place: int, state: _State) -> None:
    """Add up the fields that count on."""
    for run in state.running[table.message]:
        counter = next((f for f in table.fields if f.number == run.number and counts(f)), None)
        if counter is None:
            continue
        raw = _whole(content, table, counter, place)
        key, sums = (table.message, run.total), table.sums.setdefault((run.number, run.low), [])
        if raw == ((1 << 8 * counter.count) - 1 if counter.base.kind == BYTE else counter.base.empty):
            sums.append(None)
            continue
        so_far = state.totals.get(key, 0)
        state.totals[key] = so_far + (((raw >> run.low) - so_far) & ((1 << run.bits) - 1))
        sums.append(state.totals[key])


def counts(wanted: Field) -> bool:
    """Whether a field of the device holds one whole number, or bytes that can be read as one."""
    whole = wanted.base.kind == BYTE or (wanted.base.kind[0] in "ui" and wanted.count == 1)
    return whole and wanted.own is None


def _whole(content: bytes, table: Table, wanted: Field, place: int) -> int:
    """The whole number of a field in one message; bytes are read as one number, the lowest first."""
    part = content[place + wanted.offset : place + wanted.offset + wanted.base.size * wanted.count]
    order = table.order if wanted.base.kind != BYTE else "<"
    return int.from_bytes(part, "little" if order == "<" else "big", signed=wanted.base.kind[0] == "i")


def _described(content: bytes, table: Table, place: int, state: _State) -> None:
    """Take up the description of a developer's field, or forget those of a developer who begins anew."""
    one = Table(table.message, table.order, table.fields, table.length, [place])
    read = {f.number: column(content, one, f) for f in table.fields if f.own is None}
    said = {number: c.values[0] for number, c in read.items() if c.values.ndim == 1 and not c.empty[0]}
    state.described += 1
    if table.message == DEVELOPER_ID:
        state.own = {key: own for key, own in state.own.items() if key[0] != said.get(3)}
        return
    name, units = said.get(3), said.get(8)
    key = (said.get(0), said.get(1))
    state.own[key] = Own(
        BASES.get(said.get(2, -1), BYTES),
        name if isinstance(name, str) else "",
        units if isinstance(units, str) else "",
    )


def _text(raw: bytes) -> str | None:
    """Text up to the first zero; None if there is none."""
    return raw.partition(b"\0")[0].decode("utf-8", errors="replace") or None
