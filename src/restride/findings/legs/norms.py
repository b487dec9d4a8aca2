"""The few norms with a source, a number of people, a movement and a speed that can be held against a stride."""

from dataclasses import dataclass
from typing import Final

from restride.signals.recording import Movement


@dataclass(frozen=True, slots=True)
class Norm:
    """What was found in sound people.

    Attributes
    ----------
    column : str
        As in ``measures``.
    movement : {"walking", "running"}
    speed_m_s : tuple of float
        From the slowest to the fastest it was found at.
    low, high : float
        In the unit of the column, SI.
    n : int
        People.
    source : str
        With what range this is, and how the measure there differs from ours.
    """

    column: str
    movement: Movement
    speed_m_s: tuple[float, float]
    low: float
    high: float
    n: int
    source: str


# the speeds of the first are our reading of its "slow, preferred and fast"
NORMS: Final = (
    Norm(
        *("clearance_m", "walking", (0.8, 2.0), 0.0, 0.0225, 14),
        "Schulz 2011, mean 11.1 mm and two SD of 5.7; of the lowest point of the shoe, not of a marker",
    ),
    Norm(
        *("contact_share", "running", (1.25, 4.5), 0.30, 0.57, 10),
        "Gazendam and Hof 2007, from running (30 to 37 %) to slow jogging (46 to 57 %)",
    ),
)


def norm(column: str, *, movement: Movement, speed_m_s: float) -> Norm | None:
    """The norm of a measure at this movement and speed; None if there is none.

    Parameters
    ----------
    column : str
        As in ``measures``.
    movement : {"walking", "running"}
    speed_m_s : float
        NaN, not known, meets no norm.
    """
    for one in NORMS:
        low, high = one.speed_m_s
        if one.column == column and one.movement == movement and low <= speed_m_s <= high:
            return one
    return None
