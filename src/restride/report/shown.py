"""From SI to what a reader expects to see: unit, factor and decimals of a number."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from restride.report.words import number


@dataclass(frozen=True, slots=True)
class Shown:
    """How numbers of one kind are written.

    Attributes
    ----------
    unit : str
        As written behind the number; empty for a bare number.
    factor : float
        From SI to that unit.
    digits : int
        Decimals.
    """

    unit: str
    factor: float
    digits: int

    def text(self, value: float) -> str:
        """The number without its unit; a dash where it was not measured."""
        return number(self.factor * value, self.digits)

    def with_unit(self, value: float) -> str:
        """The number with its unit."""
        text = self.text(value)
        return f"{text}{'' if self.unit == '°' else ' '}{self.unit}" if self.unit and text != "–" else text


# unit shown -> factor from SI, for measures that ask for one
_ASKED: Final[dict[tuple[str, str], float]] = {
    ("Hz", "per min"): 60.0,
    ("1", "%"): 100.0,
    ("s", "min"): 1 / 60.0,
    ("s", "ms"): 1e3,
    ("s", "h"): 1 / 3600.0,
    ("s", "d"): 1 / 86_400.0,
    ("m", "km"): 1e-3,
    ("m", "mm"): 1e3,
    ("m", "cm"): 1e2,
    ("m/s", "km/h"): 3.6,
    ("m/s", "mm/s"): 1e3,
    ("m/s", "cm/s"): 1e2,
    ("m^2", "cm²"): 1e4,
    ("m^2", "mm²"): 1e6,
    ("V", "µV"): 1e6,
    ("V", "mV"): 1e3,
}
# SI unit -> rungs of (from which size on, unit, factor), the largest first
_LADDERS: Final[dict[str, tuple[tuple[float, str, float], ...]]] = {
    "rad": ((0.0, "°", 180 / np.pi),),
    "rad/s": ((0.0, "°/s", 180 / np.pi),),
    "s": ((600.0, "min", 1 / 60.0), (1.0, "s", 1.0), (0.0, "ms", 1e3)),
    "m": ((5000.0, "km", 1e-3), (0.3, "m", 1.0), (0.0, "mm", 1e3)),
    "m/s": ((0.1, "m/s", 1.0), (0.0, "mm/s", 1e3)),
    "m^2": ((0.1, "m²", 1.0), (0.0, "cm²", 1e4)),
    "m/s^2": ((0.0, "m/s²", 1.0),),
    "N m": ((0.0, "N·m", 1.0),),
    "V": ((0.5, "V", 1.0), (5e-4, "mV", 1e3), (0.0, "µV", 1e6)),
}
_BARE: Final = ("1", "unstated", "counts")
SIGNIFICANT: Final = 3


def shown(units: str, size: float, *, asked: str = "") -> Shown:
    """How numbers of about a size are written.

    Parameters
    ----------
    units : str
        SI, as in ``signals.units.SI_UNITS``.
    size : float
        The largest of the numbers that stand beside each other, in ``units``.
    asked : str
        Unit to show, if the usual one is not wanted.
    """
    size = abs(size) if np.isfinite(size) else 0.0
    if asked:
        factor = _ASKED[(units, asked)]
        return Shown(asked, factor, _digits(factor * size))
    for least, unit, factor in _LADDERS.get(units, ()):
        if size >= least:
            return Shown(unit, factor, _digits(factor * size))
    if units == "counts":  # what is counted comes whole
        return Shown("", 1.0, 0)
    return Shown("" if units in _BARE else units, 1.0, _digits(size))


def _digits(size: float) -> int:
    """Decimals that leave about three significant digits."""
    if size <= 0:
        return 2
    return int(min(max(SIGNIFICANT - 1 - np.floor(np.log10(size)), 0), 6))
