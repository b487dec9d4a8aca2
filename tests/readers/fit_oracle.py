"""The messages of a FIT file as fitdecode reads them, one field at a time: a slow twin of ours."""

import io
import struct

import fitdecode

from restride.readers.fit_messages import KEPT, RAW, Message, Value

DAMAGE = (
    *(fitdecode.FitError, struct.error, ValueError, TypeError, KeyError, IndexError),
    *(AttributeError, AssertionError, OverflowError, ZeroDivisionError),
)
Rows = dict[str, list[tuple[Message, Message]]]


def messages(content: bytes) -> tuple[Rows, bool | None]:
    """Native and developers' fields of the messages we keep, by name; whether all checksums agree, None if damaged."""
    rows: Rows = {}
    sums: list[bool] = []
    quiet = {"check_crc": fitdecode.CrcCheck.READONLY, "error_handling": fitdecode.ErrorHandling.IGNORE}
    reader = iter(fitdecode.FitReader(io.BytesIO(content), processor=None, **quiet))
    while True:
        try:
            frame = next(reader, None)
        except DAMAGE:
            return rows, None
        if frame is None:
            return rows, all(sums) if sums else None
        if frame.frame_type == fitdecode.FIT_FRAME_CRC:
            sums.append(bool(frame.matched))
        elif frame.frame_type == fitdecode.FIT_FRAME_DATA and frame.name in KEPT:
            rows.setdefault(frame.name, []).append(_fields(frame))


def _fields(frame: fitdecode.FitDataMessage) -> tuple[Message, Message]:
    native: dict[str, Value] = {}
    own: dict[str, Value] = {}
    for field in frame.fields:
        is_own = field.field_def is not None and field.field_def.is_dev
        value = _value(field.raw_value if field.name in RAW and not is_own else field.value)
        if value is not None and isinstance(field.name, str) and field.name and not field.name.startswith("unknown_"):
            (own if is_own else native)[field.name] = value
    return native, own


def _value(value: object) -> Value | None:
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return float(value)
    if isinstance(value, tuple) and value and all(isinstance(v, int | float) or v is None for v in value):
        return tuple(float("nan") if v is None else float(v) for v in value)
    return None
