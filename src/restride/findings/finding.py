"""A finding: one number that says something, as a row."""

from dataclasses import asdict, dataclass
from typing import Literal

from restride.signals.recording import Side

Topic = Literal[
    "muscle", "joint", "moment", "timing", "required", "stride", "pattern", "leg", "step", "session", "origin"
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison, with everything needed to judge it.

    Attributes
    ----------
    topic : str
        What kind of quantity: "muscle" (EMG), "joint" (angle), "moment", "timing",
        "required" (measured against required), "stride" (contact time and the like), "pattern" (how a muscle
        is used), "leg" (how pelvis, leg and foot are held), "step" (good and bad steps), "session" (changes
        within a session) or "origin" (the fault, or an answer to one).
    name : str
        The quantity in words: "tibialis anterior, mean activity".
    what : str
        The muscle site or coordinate, without side: "tibialis_anterior".
    side : str
        The side the value speaks of; a difference is this side minus the other.
    value : float
        In ``units``.
    units : str
    window : tuple of float
        Start and end in percent of the stride.
    window_name : str
        "stance", "early swing", "whole stride".
    this, other : float
        The two numbers compared, in ``units``: this side and what it is compared with.
    interval : tuple of float or None
        95 % interval of ``value``; None with the reason in ``interval_reason``.
    interval_reason : str
        Why there is no interval; empty if there is one.
    n : tuple of int
        Strides of this side and of the other.
    method : str
    compared_with : str
        "right leg", "required by this motion".
    strength : float
        The smallest difference the interval still allows, as a share of the quantity's
        usual range; what findings are sorted by. 0 if the interval holds zero.
    sentence : str
        The same in plain words.
    """

    topic: Topic
    name: str
    what: str
    side: Side
    value: float
    units: str
    window: tuple[float, float]
    window_name: str
    this: float
    other: float
    interval: tuple[float, float] | None
    interval_reason: str
    n: tuple[int, int]
    method: str
    compared_with: str
    strength: float
    sentence: str

    def row(self) -> dict[str, object]:
        """The finding as a flat row for JSON, tables and databases."""
        row: dict[str, object] = asdict(self)
        low, high = self.interval or (None, None)
        start, end = self.window
        for name in ("interval", "window", "n"):
            del row[name]
        return row | {
            "interval_low": low,
            "interval_high": high,
            "window_start_percent": start,
            "window_end_percent": end,
            "n_this": self.n[0],
            "n_other": self.n[1],
        }


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands on top of the page.

    Attributes
    ----------
    sentence : str
        The strongest finding in one plain sentence.
    sureness : str
        How sure it is, in words, with the number of strides.
    not_measured : tuple of str
        What this take cannot say, one thing each.
    """

    sentence: str
    sureness: str
    not_measured: tuple[str, ...]
