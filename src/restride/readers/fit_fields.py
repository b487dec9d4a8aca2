"""Which field of a FIT record is which signal, in which unit, and whose leg it speaks of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from restride.readers.fit_messages import Message
from restride.signals.schema import FloatArray

PERCENT: Final = 1e-2
PER_MINUTE: Final = 1.0 / 60.0


@dataclass(frozen=True, slots=True)
class Field:
    """One quantity of a record.

    Attributes
    ----------
    kind : str
        Signal it becomes.
    names : tuple of str
        Native fields that hold it, the finer first.
    factor : float
        From the unit of the FIT profile to SI.
    units : str
    low, high : float
        Values outside, in SI, cannot be: they become NaN and are counted.
    zero_is_missing : bool
        The devices write 0 where they measured nothing.
    """

    kind: str
    names: tuple[str, ...]
    factor: float
    units: str
    low: float
    high: float
    zero_is_missing: bool = False


# limits are those of people and bicycles, wide enough for any of them
FIELDS: Final = (
    Field("speed", ("enhanced_speed", "speed"), 1.0, "m/s", 0.0, 45.0),
    Field("distance", ("distance",), 1.0, "m", 0.0, 2e6),
    Field("altitude", ("enhanced_altitude", "altitude"), 1.0, "m", -480.0, 9000.0),
    Field("heart_rate", ("heart_rate",), PER_MINUTE, "Hz", 0.3, 4.3, zero_is_missing=True),
    Field("power", ("power",), 1.0, "W", 0.0, 4000.0),
    Field("contact_time", ("stance_time",), 1e-3, "s", 0.05, 3.0, zero_is_missing=True),
    Field("contact_left_share", ("stance_time_balance",), PERCENT, "1", 0.0, 1.0, zero_is_missing=True),
    Field("vertical_oscillation", ("vertical_oscillation",), 1e-3, "m", 0.0, 0.5, zero_is_missing=True),
    Field("step_length", ("step_length",), 1e-3, "m", 0.0, 4.0, zero_is_missing=True),
    Field("vertical_ratio", ("vertical_ratio",), PERCENT, "1", 0.0, 1.0, zero_is_missing=True),
)

# kind, field behind "left_" and "right_", factor, units, limits
SIDED: Final = (
    Field("torque_effectiveness", ("torque_effectiveness",), PERCENT, "1", -1.0, 1.0),
    Field("pedal_smoothness", ("pedal_smoothness",), PERCENT, "1", 0.0, 1.0),
    Field("platform_centre_offset", ("pco",), 1e-3, "m", -0.1, 0.1),
)
# angles of the crank, 0 at the top, each a pair (start, end)
ARCS: Final = (("power_phase", "power_phase"), ("power_phase_peak", "power_phase_peak"))

# name of a developer's field in small letters -> kind; taken where the native field is missing
DEVELOPER: Final[Mapping[str, str]] = {
    "power": "power",
    "ground time": "contact_time",
    "vertical oscillation": "vertical_oscillation",
    "distance": "distance",
    "speed": "speed",
    "elevation": "altitude",
}
DEVELOPER_UNITS: Final[Mapping[str, tuple[str, float]]] = {
    "watts": ("W", 1.0),
    "w": ("W", 1.0),
    "milliseconds": ("s", 1e-3),
    "ms": ("s", 1e-3),
    "centimeters": ("m", 1e-2),
    "cm": ("m", 1e-2),
    "millimeters": ("m", 1e-3),
    "mm": ("m", 1e-3),
    "meters": ("m", 1.0),
    "m": ("m", 1.0),
    "m/s": ("m/s", 1.0),
}

RECORD_INVALID_ABOVE: Final = 100
SUMMARY_INVALID_ABOVE: Final = 10_000


def column(rows: Sequence[Message], name: str) -> FloatArray:
    """One field of every message, shape (row,); NaN where it is empty or no number."""
    return np.array([_number(row.get(name)) for row in rows], dtype=np.float64)


def pairs(rows: Sequence[Message], name: str) -> FloatArray:
    """A field of two numbers of every message, shape (row, 2); NaN where it is something else."""
    nothing = (float("nan"), float("nan"))
    found = [row.get(name) for row in rows]
    return np.array([v if isinstance(v, tuple) and len(v) == 2 else nothing for v in found], dtype=np.float64).reshape(
        len(rows), 2
    )


def left_share_of_record(raw: FloatArray) -> tuple[FloatArray, np.ndarray]:
    """Share of power of a record, and whether the device says that it is of the left leg.

    Parameters
    ----------
    raw : array, shape (row,)
        Field 30 as stored: low 7 bits percent, bit 7 set where it is the right leg's.

    Returns
    -------
    share : array, shape (row,)
        0 to 1, of the left leg where the side is known, and of one leg, not stated which,
        where it is not; NaN where empty or above 100 %.
    side_known : array of bool, shape (row,)
    """
    return _share(raw, side_bit=0x80, value_bits=0x7F, whole=100.0, largest=RECORD_INVALID_ABOVE)


def left_share_of_summary(raw: FloatArray) -> tuple[FloatArray, np.ndarray]:
    """As ``left_share_of_record`` for session and lap: 14 bits of percent x 100, bit 15 set where right."""
    return _share(raw, side_bit=0x8000, value_bits=0x3FFF, whole=10_000.0, largest=SUMMARY_INVALID_ABOVE)


def _share(
    raw: FloatArray, *, side_bit: int, value_bits: int, whole: float, largest: int
) -> tuple[FloatArray, np.ndarray]:
    there = np.isfinite(raw) & (raw >= 0) & (raw < 2 * side_bit)
    bits = np.where(there, raw, 0.0).astype(np.int64)
    stated = bits & value_bits
    known = there & ((bits & side_bit) > 0)
    share = np.where(there & (stated <= largest), stated / whole, np.nan)
    return np.where(known, 1.0 - share, share), known


def _number(value: object) -> float:
    return value if isinstance(value, float) else float("nan")
