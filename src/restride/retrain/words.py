"""Numbers of a trial as a person reads them: in the unit of the plan, a difference with its direction."""

from typing import Final

import numpy as np

from restride.retrain.trial import Outcome
from restride.signals.units import to_si

# units of a plan, and the unit asked for -> factor
_FACTORS: Final[dict[tuple[str, str], float]] = {
    ("1", "%"): 100.0,
    ("Hz", "per min"): 60.0,
    ("s", "ms"): 1e3,
    ("m", "mm"): 1e3,
    ("m", "cm"): 1e2,
    ("m/s", "mm/s"): 1e3,
    ("m/s", "cm/s"): 1e2,
    ("m^2", "cm²"): 1e4,
    ("m^2", "mm²"): 1e6,
    ("V", "µV"): 1e6,
    ("V", "mV"): 1e3,
    ("rad", "°"): 180 / np.pi,
}
# what is read more easily in another unit than SI, where none is asked for
_USUAL: Final = {"rad": "°"}
_CALLED: Final = {"1": "", "unstated": "", "%": "%", "deg": "°"}


def size(value: float, outcome: Outcome) -> str:
    """A size without its sign: "8.2 ms", "0.6 percentage points".

    Parameters
    ----------
    value : float
        In the units of the outcome.
    outcome : Outcome
    """
    unit = _unit(outcome)
    number = _number(abs(value) * shown_factor(outcome))
    if unit == "%":
        return f"{number} percentage points"
    return f"{number}{'' if unit == '°' or not unit else ' '}{unit}"


def span(low: float, high: float, outcome: Outcome) -> str:
    """An interval of differences in words: "4.0 to 8.9 ms lower", "from 2.1 ms lower to 3.0 ms higher".

    Parameters
    ----------
    low, high : float
        Ends, in the units of the outcome.
    outcome : Outcome
    """
    if low < 0 < high:
        return f"from {size(low, outcome)} lower to {size(high, outcome)} higher"
    near, far = sorted((abs(low), abs(high)))
    factor = shown_factor(outcome)
    number = f"{factor * near:.{_digits(factor * far)}f}"  # as many decimals as the larger end
    return f"{number} to {size(far, outcome)} {'lower' if high <= 0 else 'higher'}"


def shown_factor(outcome: Outcome) -> float:
    """From the units of the outcome to those it is shown in.

    Parameters
    ----------
    outcome : Outcome
    """
    return _FACTORS.get((outcome.units, outcome.shown_in or _USUAL.get(outcome.units, "")), 1.0)


def si(outcome: Outcome) -> tuple[str, float, str]:
    """SI unit of the outcome, the factor to it, and the unit that a page is asked to show.

    Parameters
    ----------
    outcome : Outcome
    """
    units, factor = to_si(outcome.units)
    asked = outcome.shown_in or ("%" if outcome.units == "%" else "")
    return units, factor, asked if (units, asked) in _FACTORS and asked != "°" else ""


def _unit(outcome: Outcome) -> str:
    asked = outcome.shown_in or _USUAL.get(outcome.units, "")
    return asked if (outcome.units, asked) in _FACTORS else _CALLED.get(outcome.units, outcome.units)


def _number(value: float) -> str:
    return f"{value:.{_digits(value)}f}"


def _digits(value: float) -> int:
    """Decimals that leave two to three significant digits."""
    return int(np.clip(1 - np.floor(np.log10(value)), 0, 6)) if value > 0 else 0
