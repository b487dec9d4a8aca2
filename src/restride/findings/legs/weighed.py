"""Whether the measures that differ point to one leg: all of them together, never one alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from restride.findings.finding import Finding
from restride.findings.legs.compared import BASELINE, OTHER_LEG
from restride.findings.legs.quantities import BY_COLUMN, Family
from restride.signals.recording import Side
from restride.signals.vocabulary import listed

# joint, as its range is called -> the family it bears witness with, and how it is said
_JOINTS: Final[dict[str, tuple[Family, str]]] = {
    "hip_flexion": ("pelvis and hip", "hip bends and stretches"),
    "hip_adduction": ("pelvis and hip", "hip moves sideways"),
    "knee_angle": ("knee", "knee moves"),
    "ankle_angle": ("foot", "ankle moves"),
}
# of strides' times the one that people name first; the others follow from it
_TIMES: Final = {"contact_time_s": "contact time is {size} longer on the {side}"}
NOTHING: Final = "No measure of legs and pelvis differs beyond its floor and the strides' spread."
TOO_FEW: Final = "There are too few strides of each leg to tell a difference of legs or pelvis from chance."
# fewer measures are a difference, not a leg
FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class Witness:
    """One measure beyond its floor.

    Attributes
    ----------
    family : str
    side : {"left", "right"}
        The leg its words name.
    points : {"left", "right"} or None
        The leg it speaks of; None: its sign names no leg.
    against : str
        "the other leg", "own baseline" or "norm".
    words : str
        "pelvic drop at mid-stance is 5.1° larger on the right".
    """

    family: Family
    side: Side
    points: Side | None
    against: str
    words: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """All measures beyond their floors, and the leg they point to, if they do.

    Attributes
    ----------
    side : {"left", "right"} or None
        None: nothing is beyond its floor, or what is does not point to one leg.
    witnesses : tuple of Witness
    sentence : str
    """

    side: Side | None
    witnesses: tuple[Witness, ...]
    sentence: str


def weighed(rows: Sequence[Finding]) -> Weighed:
    """Which leg the measures point to: from the other leg, the own baseline and norms together.

    Parameters
    ----------
    rows : sequence of Finding
        Of topics "leg", "stride" and "joint" (ranges); others are left out.

    Notes
    -----
    Against the other leg a measure points to a leg only where its sign means something: the leg under the larger
    pelvic drop, the foot that hangs lower. Against its own baseline or a norm a leg points to itself. One
    leg is named only if at least two measures point to it and none to the other. Ours.
    """
    witnesses = tuple(w for row in rows if (w := _witness(row)) is not None)
    pointed = {side: [w for w in witnesses if w.points == side] for side in ("left", "right")}
    if not witnesses:
        told = any(row.interval is not None for row in rows if row.compared_with in (OTHER_LEG, BASELINE))
        return Weighed(None, (), NOTHING if told else TOO_FEW)
    text = "; ".join(w.words for w in witnesses)
    text = text[:1].upper() + text[1:]
    both = all(pointed.values())
    side: Side = "left" if len(pointed["left"]) >= len(pointed["right"]) else "right"
    if not both and len(pointed[side]) >= FEWEST:
        families = list(dict.fromkeys(w.family for w in pointed[side]))
        what = f"{len(pointed[side])} measures ({listed(families)}) point to the {side} leg"
        return Weighed(side, witnesses, f"{text}. {what} and none to the other.")
    if len(witnesses) == 1:
        return Weighed(None, witnesses, f"{text}. That is one measure, and one measure does not make a bad leg.")
    if both or len({w.side for w in witnesses}) > 1:
        return Weighed(None, witnesses, f"{text}; they do not point to one leg.")
    return Weighed(None, witnesses, f"{text}. That is too little to name a leg.")


def _witness(row: Finding) -> Witness | None:
    if row.topic == "leg" and row.compared_with != OTHER_LEG:
        return _by_itself(row)
    if row.strength <= 0 or row.compared_with != OTHER_LEG:
        return None
    more: Side = "left" if row.value > 0 else "right"
    less: Side = "right" if row.value > 0 else "left"
    if row.topic == "leg":
        return _of_leg(row, more, less)
    if row.topic == "stride" and row.what in _TIMES:
        words = _TIMES[row.what].format(side=more, size=f"{1000 * abs(row.value):.0f} ms")
        return Witness("time", more, None, "the other leg", words)
    if row.topic == "joint" and row.name.endswith("range") and row.what in _JOINTS:
        family, moves = _JOINTS[row.what]
        return Witness(family, less, less, "the other leg", f"the {less} {moves} {abs(row.value):.0f}° less")
    return None


def _by_itself(row: Finding) -> Witness | None:
    """Against its own baseline or a norm, whose rows have no strength: beyond the range for sure."""
    low, high = row.interval or (0.0, 0.0)
    beyond = row.strength > 0 if row.compared_with == BASELINE else not low <= 0 <= high
    against = BASELINE if row.compared_with == BASELINE else "norm"
    words = row.sentence.rstrip(".")
    return Witness(BY_COLUMN[row.what].family, row.side, row.side, against, words) if beyond else None


def _of_leg(row: Finding, more: Side, less: Side) -> Witness:
    q = BY_COLUMN[row.what]
    size = f"{abs(row.value):.{q.digits}f}" + {"deg": "°", "%": " %"}.get(q.units, f" {q.units}")
    points = {1: more, -1: less, 0: None}[q.points]
    if row.what == "placement_m" and min(row.this, row.other) <= 0:
        words = f"the {less} foot is set {size} further in, across the line of progress"
        return Witness(q.family, less, less, "the other leg", words)
    if row.what == "placement_m":
        points = None  # neither foot crosses the line, so the wider one may as well be the odd one
    return Witness(q.family, more, points, "the other leg", q.more.format(side=more, size=size))
