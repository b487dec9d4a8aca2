"""The quantities of an outing that both legs share: how each is called, shown and spoken of."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity of an outing.

    Attributes
    ----------
    kind, name : str
        Signal kind, and what it is called.
    units, shown_in : str
        SI, and the unit to show where the usual one is not the field's.
    factor, digits, unit : float, int, str
        From SI to the unit spoken, with how many decimals.
    phrase : str
        As a part of a sentence; empty: it is only a number in the table.
    """

    kind: str
    name: str
    units: str
    shown_in: str
    factor: float
    digits: int
    unit: str
    phrase: str


STEPS: Final = Quantity("step_rate", "step rate", "Hz", "per min", 60.0, 0, "steps per minute", "{} steps per minute")
CONTACT: Final = Quantity("contact_time", "contact time", "s", "ms", 1e3, 0, "ms", "{} ms on the ground with each foot")
RISE: Final = Quantity("vertical_oscillation", "vertical oscillation", "m", "mm", 1e3, 0, "mm", "{} mm up and down")
LENGTH: Final = Quantity("step_length", "step length", "m", "", 1.0, 2, "m", "{} m a step")
RATIO: Final = Quantity("vertical_ratio", "vertical ratio", "1", "%", 100.0, 1, "%", "")
SPEED: Final = Quantity("speed", "speed", "m/s", "", 1.0, 1, "m/s", "{} m/s")
HEART: Final = Quantity(
    "heart_rate", "heart rate", "Hz", "per min", 60.0, 0, "beats per minute", "{} heart beats per minute"
)
POWER: Final = Quantity("power", "power", "W", "", 1.0, 0, "W", "{} W")
CADENCE: Final = Quantity("cadence", "cadence", "Hz", "per min", 60.0, 0, "turns per minute", "{} turns per minute")
ON_FOOT: Final = (STEPS, CONTACT, RISE, LENGTH, RATIO, SPEED, HEART, POWER)
ON_WHEELS: Final = (POWER, CADENCE, SPEED, HEART)
