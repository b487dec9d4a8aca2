"""A row of topic "pattern": left against right, with one rule for its strength."""

from dataclasses import dataclass
from typing import Final

from restride.findings.finding import Finding
from restride.findings.sides import strength
from restride.findings.statistics import Estimate, Window

WHOLE: Final = Window("whole stride", 0.0, 100.0)


@dataclass(frozen=True, slots=True)
class About:
    """What a row speaks of: ``name``, ``what``, window and ``units`` of a ``Finding``."""

    name: str
    what: str
    window: Window = WHOLE
    units: str = "1"


def pattern(
    about: About, *, values: tuple[float, float], estimate: Estimate, floor: float, method: str, sentence: str
) -> Finding:
    """A finding about how a muscle or joint is used.

    Parameters
    ----------
    about : About
        In units of 1, a share, strength is the share itself; in others a share of the larger leg's.
    values : tuple of float
        Of the left and of the right leg.
    estimate : Estimate
        Left minus right.
    floor : float
        Smaller differences are within what the method repeats.
    method, sentence : str
        The sentence without its first capital, its interval and its stop.
    """
    return Finding(
        topic="pattern",
        name=about.name,
        what=about.what,
        side="left",
        value=estimate.value,
        units=about.units,
        window=(about.window.start, about.window.end),
        window_name=about.window.name,
        this=values[0],
        other=values[1],
        interval=estimate.interval,
        interval_reason=estimate.reason,
        n=estimate.n,
        method=method,
        compared_with="right leg",
        strength=strength(estimate, floor=floor, span=1.0 if about.units == "1" else max(map(abs, values))),
        sentence=f"{sentence[:1].upper()}{sentence[1:]}{_span(estimate, about.units)}.",
    )


def _span(estimate: Estimate, units: str) -> str:
    if estimate.interval is None:
        return f" ({estimate.reason})"
    digits, unit = (2, "") if units == "1" else (0, f" {units}")
    # adding zero turns -0.0 into 0.0
    value, low, high = (round(v, digits) + 0.0 for v in (estimate.value, *estimate.interval))
    return f"; difference {value:+.{digits}f} ({low:+.{digits}f} to {high:+.{digits}f}){unit}"
