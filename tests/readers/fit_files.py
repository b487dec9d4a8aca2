"""Small FIT files of known content, written byte by byte from the format's own description."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

START: Final = 1_000_000_000  # seconds of the device's clock
ENUM, UINT8, SINT8, UINT16, UINT32, UINT32Z, STRING, FLOAT32, BYTE = 0, 2, 1, 0x84, 0x86, 0x8C, 7, 0x88, 13
_CODES: Final = {ENUM: "B", UINT8: "B", SINT8: "b", UINT16: "H", UINT32: "I", UINT32Z: "I", FLOAT32: "f", BYTE: "B"}
_EMPTY: Final = {ENUM: 0xFF, UINT8: 0xFF, SINT8: 0x7F, UINT16: 0xFFFF, UINT32: 0xFFFFFFFF, UINT32Z: 0}

FILE_ID, SESSION, RECORD, DEVICE_INFO, ACCELEROMETER, DEVELOPER_ID, FIELD_DESCRIPTION = 0, 18, 20, 23, 165, 207, 206
RECORD_FIELDS: Final = {
    "timestamp": (253, UINT32),
    "distance": (5, UINT32),
    "speed": (6, UINT16),
    "power": (7, UINT16),
    "cadence": (4, UINT8),
    "heart_rate": (3, UINT8),
    "left_right_balance": (30, UINT8),
    "stance_time": (41, UINT16),
    "left_torque_effectiveness": (43, UINT8),
    "right_torque_effectiveness": (44, UINT8),
    "left_pedal_smoothness": (45, UINT8),
    "right_pedal_smoothness": (46, UINT8),
    "stance_time_balance": (84, UINT16),
}


@dataclass(frozen=True)
class Developer:
    """One field of a developer: name, unit, and a number for each record."""

    name: str
    units: str
    values: Sequence[float]


def ride(
    size: int = 120,
    *,
    columns: Mapping[str, Sequence[int] | npt.NDArray[np.int64]] | None = None,
    session_balance: int | None = None,
    sport: int = 2,
    contact_balance: int | None = None,
    developer: Developer | None = None,
    extra: bytes = b"",
) -> bytes:
    """An activity at one record per second; values are the raw integers of the fields.

    ``sport`` 1 is running, 2 cycling. Power is 200 W and cadence 90 unless given.
    """
    given: dict[str, Sequence[int] | npt.NDArray[np.int64]] = {
        "timestamp": [START + i for i in range(size)],
        "power": [200] * size,
        "cadence": [90] * size,
    }
    given |= dict(columns or {})
    body = message(0, FILE_ID, [(0, ENUM, [4]), (1, UINT16, [1]), (2, UINT16, [1836]), (3, UINT32Z, [123456])])
    if developer is not None:
        body += _described(developer)
    body += extra
    fields = [(*RECORD_FIELDS[name], 1) for name in given]
    body += definition(1, RECORD, fields, developer=developer is not None)
    for i in range(size):
        body += bytes([1]) + b"".join(
            packed(RECORD_FIELDS[name][1], [int(values[i])]) for name, values in given.items()
        )
        if developer is not None:
            body += struct.pack("<f", developer.values[i])
    session: list[tuple[int, int, list[float]]] = [(253, UINT32, [START + size]), (5, ENUM, [sport])]
    if session_balance is not None:
        session.append((37, UINT16, [session_balance]))
    if contact_balance is not None:
        session.append((133, UINT16, [contact_balance]))
    return whole(body + message(2, SESSION, session))


def _described(developer: Developer) -> bytes:
    name, units = (text.encode() + b"\0" for text in (developer.name, developer.units))
    body = message(3, DEVELOPER_ID, [(1, BYTE, list(range(16))), (3, UINT8, [0])])
    fields = [(0, UINT8, 1), (1, UINT8, 1), (2, UINT8, 1), (3, STRING, len(name)), (8, STRING, len(units))]
    return body + definition(4, FIELD_DESCRIPTION, fields) + bytes([4, 0, 0, FLOAT32]) + name + units


def acceleration(values_g: npt.NDArray[np.float64], *, rate_hz: int = 25) -> bytes:
    """One accelerometer message, calibrated values of shape (sample, 3) in g."""
    offsets = [1000 * i // rate_hz for i in range(len(values_g))]
    fields: list[tuple[int, int, list[float]]] = [
        (253, UINT32, [START + 1]),
        (0, UINT16, [500]),
        (1, UINT16, [*offsets]),
    ]
    fields += [(5 + axis, FLOAT32, values_g[:, axis].tolist()) for axis in range(3)]
    return message(5, ACCELEROMETER, fields)


def message(local: int, number: int, fields: Sequence[tuple[int, int, Sequence[float]]]) -> bytes:
    """A definition and one message of it; fields are number, base type, values."""
    head = definition(local, number, [(field, base, len(values)) for field, base, values in fields])
    return head + bytes([local]) + b"".join(packed(base, values) for _, base, values in fields)


def definition(local: int, number: int, fields: Sequence[tuple[int, int, int]], *, developer: bool = False) -> bytes:
    """A definition message; fields are number, base type, count."""
    out = bytes([0x40 | (0x20 if developer else 0) | local, 0, 0]) + struct.pack("<HB", number, len(fields))
    for field, base, count in fields:
        size = 1 if base == STRING else struct.calcsize("<" + _CODES[base])
        out += bytes([field, size * count, base])
    return out + (bytes([1, 0, 4, 0]) if developer else b"")


def packed(base: int, values: Sequence[float]) -> bytes:
    """Values as bytes; a value of -1 in an unsigned field is "empty"."""
    code = _CODES[base]
    if code == "f":
        return struct.pack(f"<{len(values)}f", *values)
    whole_numbers = [_EMPTY[base] if v < 0 and base != SINT8 else int(v) for v in values]
    return struct.pack(f"<{len(values)}{code}", *whole_numbers)


def whole(body: bytes) -> bytes:
    """Header, body and checksum."""
    head = struct.pack("<BBHI4s", 14, 0x20, 2100, len(body), b".FIT")
    head += struct.pack("<H", checksum(head))
    return head + body + struct.pack("<H", checksum(head + body))


def checksum(content: bytes) -> int:
    """The format's 16-bit checksum (CRC-16/ARC), one bit at a time."""
    crc = 0
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc
