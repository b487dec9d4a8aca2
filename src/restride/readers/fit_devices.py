"""Which recorder and sensors made a FIT file, so that a device can be known again."""

import hashlib
from collections.abc import Sequence
from typing import Final

from restride.readers.fit_messages import Message, Messages
from restride.signals.recording import Device

POWER: Final = ("power",)
CONTACT: Final = ("contact time",)
# role in words -> shares of the legs that such a sensor measures; others measure none
_SHARES: Final = {"bike power": POWER, "heart rate": CONTACT, "running dynamics": CONTACT}
# device types of ANT+ that older recorders leave as numbers
_TYPES: Final = {
    11.0: "bike power",
    30.0: "running dynamics",
    120.0: "heart rate",
    121.0: "bike speed cadence",
    122.0: "bike cadence",
    123.0: "bike speed",
    124.0: "stride speed distance",
}
# a serial number of all ones is the format's "not stated"
_NO_SERIAL: Final = 2**32 - 1


def devices(messages: Messages) -> tuple[Device, ...]:
    """Recorder and sensors of a file, the recorder first, each once.

    Notes
    -----
    Serial numbers are kept as short hashes. The recorder may have exchanged whatever it was
    sent, so it counts for both shares; so does a sensor that does not state its role.
    """
    found: dict[str, Device] = {}
    for row in (*messages.all_of("file_id"), *messages.all_of("device_info")):
        role, mark, maker = _role(row), _mark(row), row.get("manufacturer")
        if not isinstance(maker, str) and (not role or not mark):
            continue
        maker = maker if isinstance(maker, str) else "maker not stated"
        name = f"{maker} {_model(row)}".strip().replace("_", " ") + (f" ({role})" if role else "")
        shares = _SHARES.get(role, ()) if role else (*POWER, *CONTACT)
        known = found.get(name)
        found[name] = Device(name, (known.mark if known else "") or mark, known.shares if known else shares)
    # chips inside a recorder have neither a number nor a role of their own
    return tuple(d for i, d in enumerate(found.values()) if i == 0 or d.mark or "(" in d.name)


def in_words(found: Sequence[Device]) -> str:
    """Names of devices, each with the mark by which it can be known again."""
    return "; ".join(f"{d.name}, unit {d.mark}" if d.mark else d.name for d in found)


def mark_of(serial: int) -> str:
    """Short hash of a serial number; it keeps the number out of sight and is no secret."""
    return hashlib.sha256(f"restride {serial}".encode()).hexdigest()[:8]


def _role(row: Message) -> str:
    """What a sensor is for, in words; empty if it does not say."""
    stated = row.get("antplus_device_type") or row.get("ble_device_type") or row.get("device_type")
    if isinstance(stated, float):
        return _TYPES.get(stated, "")
    return str(stated).replace("_", " ") if stated else ""


def _mark(row: Message) -> str:
    serial = row.get("serial_number")
    return mark_of(int(serial)) if isinstance(serial, float) and 0 < serial < _NO_SERIAL else ""


def _model(row: Message) -> str:
    model = next((v for k in ("garmin_product", "favero_product", "product") if (v := row.get(k)) is not None), "")
    return str(int(model)) if isinstance(model, float) else str(model)
