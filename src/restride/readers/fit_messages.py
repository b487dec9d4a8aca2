"""The messages of a FIT file as plain numbers: the only place that knows the decoder."""

import io
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import fitdecode

from restride.errors import ReadError

# what is kept of each message; everything else is never held in memory
KEPT: Final = (
    *("file_id", "device_info", "sport", "session", "lap", "record", "hrv"),
    *("accelerometer_data", "gyroscope_data", "three_d_sensor_calibration"),
)
# position of a FIT field whose number means the side, so its text must not be rendered
RAW: Final = frozenset(
    {"left_right_balance", "timestamp", "start_time", "timestamp_ms", "sample_time_offset", "serial_number"}
)
# a decoder that meets bytes of no sense fails in one of these ways; anything else is a fault of ours
DAMAGE: Final = (
    *(fitdecode.FitError, struct.error, ValueError, TypeError, KeyError, IndexError),
    *(AttributeError, AssertionError, OverflowError, ZeroDivisionError),
)

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
    records: list[Message] = []
    developer: list[Message] = []
    units: dict[str, str] = {}
    others: dict[str, list[Message]] = {}
    sums: list[bool] = []
    damage = ""
    frames = _frames(content, sums)
    while True:
        try:
            frame = next(frames, None)
        except DAMAGE as error:
            damage = f"{type(error).__name__}: {error}"
            break
        if frame is None:
            break
        if frame.name == "record":
            native, own = _record(frame, units)
            records.append(native)
            developer.append(own)
        elif frame.name in KEPT:
            others.setdefault(frame.name, []).append(_message(frame))
    if not records and not others:
        raise ReadError(f"expected a FIT file, found none that can be read ({damage or 'no message'}); copy it again")
    return Messages(
        records=tuple(records),
        developer=tuple(developer),
        developer_units=units,
        others={name: tuple(found) for name, found in others.items()},
        damage=damage,
        checksum=all(sums) if sums and not damage else None,
    )


def _frames(content: bytes, sums: list[bool]) -> Iterator[fitdecode.FitDataMessage]:
    """The data messages; the result of each checksum is added to ``sums``."""
    quiet = fitdecode.ErrorHandling.IGNORE
    with fitdecode.FitReader(
        io.BytesIO(content), processor=None, check_crc=fitdecode.CrcCheck.READONLY, error_handling=quiet
    ) as reader:
        for frame in reader:
            if frame.frame_type == fitdecode.FIT_FRAME_CRC:
                sums.append(bool(frame.matched))
            elif frame.frame_type == fitdecode.FIT_FRAME_DATA:
                yield frame


def _record(frame: fitdecode.FitDataMessage, units: dict[str, str]) -> tuple[Message, Message]:
    native: dict[str, Value] = {}
    own: dict[str, Value] = {}
    for field in frame.fields:
        is_own = field.field_def is not None and field.field_def.is_dev
        name = field.name
        # a damaged description may name a developer's field by anything
        if not isinstance(name, str) or not name:
            continue
        value = _value(field.raw_value if name in RAW and not is_own else field.value)
        if value is None:
            continue
        if is_own:
            own[name] = value
            units.setdefault(name, str(field.units or ""))
        else:
            native[name] = value
    return native, own


def _message(frame: fitdecode.FitDataMessage) -> Message:
    found: dict[str, Value] = {}
    for field in frame.fields:
        value = _value(field.raw_value if field.name in RAW else field.value)
        if value is not None and field.name:
            found[field.name] = value
    return found


def _value(value: object) -> Value | None:
    """A number, a text, or numbers; None where the device left the field empty."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return float(value)
    if isinstance(value, tuple) and value and all(isinstance(v, int | float) or v is None for v in value):
        return tuple(float("nan") if v is None else float(v) for v in value)
    return None
