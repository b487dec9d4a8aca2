"""The closed list of units, and the way from a file's unit to SI."""

from typing import Final

from restride.errors import UnitsError

# the third General Conference on Weights and Measures, 1901
GRAVITY_M_S2: Final = 9.80665

# unit string as files write it -> (SI unit string, factor)
_TO_SI: Final[dict[str, tuple[str, float]]] = {
    "m": ("m", 1.0),
    "meters": ("m", 1.0),
    "cm": ("m", 1e-2),
    "mm": ("m", 1e-3),
    "s": ("s", 1.0),
    "ms": ("s", 1e-3),
    "V": ("V", 1.0),
    "mV": ("V", 1e-3),
    "uV": ("V", 1e-6),
    "µV": ("V", 1e-6),
    "μV": ("V", 1e-6),
    "N": ("N", 1.0),
    "kN": ("N", 1e3),
    "N m": ("N m", 1.0),
    "Nm": ("N m", 1.0),
    "N.m": ("N m", 1.0),
    "Nmm": ("N m", 1e-3),
    "N.mm": ("N m", 1e-3),
    "N mm": ("N m", 1e-3),
    "rad": ("rad", 1.0),
    "deg": ("rad", 0.017453292519943295),
    "degrees": ("rad", 0.017453292519943295),
    "m/s": ("m/s", 1.0),
    "m/s^2": ("m/s^2", 1.0),
    "m/s²": ("m/s^2", 1.0),
    "m/s2": ("m/s^2", 1.0),
    "m/(s^2)": ("m/s^2", 1.0),
    "m/(sec^2)": ("m/s^2", 1.0),
    "g": ("m/s^2", GRAVITY_M_S2),  # standard gravity, not gram
    "rad/s": ("rad/s", 1.0),
    "deg/s": ("rad/s", 0.017453292519943295),
    "deg/sec": ("rad/s", 0.017453292519943295),
    "dps": ("rad/s", 0.017453292519943295),
    "°/s": ("rad/s", 0.017453292519943295),
    "T": ("T", 1.0),
    "mT": ("T", 1e-3),
    "uT": ("T", 1e-6),
    "µT": ("T", 1e-6),
    "μT": ("T", 1e-6),
    "W": ("W", 1.0),
    "J": ("J", 1.0),
    "m^2": ("m^2", 1.0),
    "m^2/s^5": ("m^2/s^5", 1.0),  # jerk squared, over time
    "cm^2": ("m^2", 1e-4),
    "Hz": ("Hz", 1.0),
    "kg": ("kg", 1.0),
    "%": ("1", 1e-2),
    "1": ("1", 1.0),
    "counts": ("counts", 1.0),
    # a recorder that states no unit: kept, shown, comparable only within itself
    "unstated": ("unstated", 1.0),
}

SI_UNITS: Final[frozenset[str]] = frozenset(si for si, _ in _TO_SI.values())


def to_si(unit: str) -> tuple[str, float]:
    """SI unit and factor for a unit as a file writes it.

    Parameters
    ----------
    unit : str
        For instance ``"mm"``, ``"Nmm"``, ``"mV"``; surrounding blanks are ignored.

    Returns
    -------
    tuple of str and float
        ``si, factor`` with ``value_in_si = factor * value``.

    Raises
    ------
    UnitsError
        If the unit is not in the list.
    """
    try:
        return _TO_SI[unit.strip()]
    except KeyError:
        known = ", ".join(sorted(_TO_SI))
        raise UnitsError(f"expected one of the units {known}; found {unit!r}; state the unit in take.yaml") from None
