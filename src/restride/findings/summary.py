"""The sentence on top of the page: the strongest finding, how sure, and what is missing."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import pandas as pd

from restride.findings.finding import Finding, Summary
from restride.signals.recording import Side
from restride.signals.vocabulary import SITES, plain

Way = Literal["quieter", "busier"]

# ratio of the lesser to the greater leg below which "far quieter" or "hardly moves" is said; and "clearly"
FAR: Final = 0.4
CLEARLY: Final = 0.7

# correlation from which a muscle's shape is said to follow what was required
FOLLOWS: Final = 0.7

# topic -> what of the two legs was compared, the most telling first
COMPARED: Final[Mapping[str, str]] = {"muscle": "muscles", "joint": "joints", "stride": "times of contact and swing"}
JOINTS: Final[Mapping[str, str]] = {
    "hip_flexion": "hip (flexion)",
    "hip_adduction": "hip (adduction)",
    "hip_rotation": "hip (rotation)",
    "knee_angle": "knee",
    "ankle_angle": "ankle",
    "subtalar_angle": "subtalar joint",
}
# coordinate -> the names of its positive and negative direction
DIRECTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "hip_flexion": ("flexion", "extension"),
    "hip_adduction": ("adduction", "abduction"),
    "hip_rotation": ("internal rotation", "external rotation"),
    "knee_angle": ("flexion", "extension"),
    "ankle_angle": ("dorsiflexion", "plantarflexion"),
    "subtalar_angle": ("inversion", "eversion"),
    "pelvis_list": ("drop of its own side", "rise of its own side"),
}


def ordered(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Strongest first; rows without strength follow in their own order."""
    return tuple(sorted(findings, key=lambda f: -f.strength))


def summary(findings: Sequence[Finding], *, cycles: pd.DataFrame, not_measured: Sequence[str]) -> Summary:
    """The top of the page, from rows that are ordered or not.

    Parameters
    ----------
    findings : sequence of Finding
    cycles : DataFrame, columns ``side, kept``
    not_measured : sequence of str
        What this take cannot say, in words.
    """
    rows = ordered(findings)
    strong = [f for f in rows if f.strength > 0]
    kept = cycles.loc[cycles["kept"], "side"].value_counts()
    counts = {side: int(kept.get(side, 0)) for side in ("left", "right")}
    muscles = [(f, *odd_one(f, rows)) for f in strong if f.topic == "muscle" and f.what in SITES]
    lead = muscles[:1]
    # too quiet and too busy are two faults: the strongest of each is named
    lead += [m for m in muscles if lead and m[2] != lead[0][2]][:1]
    joint = next((f for f in strong if f.topic == "joint"), None)
    parts = [_of_muscle(*m) for m in lead] + ([_of_joint(joint)] if joint else [])
    other = next((f for f in strong if f.topic in ("leg", "moment", "stride", "timing")), None)
    if not parts:
        parts = [_nothing(rows, counts), *([other.sentence.rstrip(".")] if other else [])]
    sentence = "; ".join(parts)
    return Summary(
        sentence=sentence[0].upper() + sentence[1:] + ".",
        sureness=_sureness(lead[0][0] if lead else joint or other, counts),
        not_measured=tuple(not_measured),
    )


def odd_one(f: Finding, rows: Sequence[Finding]) -> tuple[Side, Way]:
    """Which leg stands out in a muscle's side difference, and which way: "quieter" or "busier".

    Notes
    -----
    A side difference alone does not say which leg is at fault. Where measured and required
    are known for both legs, the busier one stands out if the movement asked for less than
    half of what it did while the other did about what was asked. In all other cases the
    quieter one is named, which says no more than the two numbers do.
    """
    quiet: Side = "left" if f.this < f.other else "right"
    busy: Side = "right" if quiet == "left" else "left"
    excess = {
        row.side: row.value
        for row in rows
        if row.topic == "required"
        and row.compared_with == "required by this motion"
        and (row.what, row.window_name) == (f.what, f.window_name)
        and row.name.endswith("beyond required")
    }
    if len(excess) == 2 and excess[busy] > 0.5 * max(f.this, f.other) and excess[busy] > 2 * abs(excess[quiet]):
        return busy, "busier"
    return quiet, "quieter"


def _of_muscle(f: Finding, side: Side, way: Way) -> str:
    other = "right" if side == "left" else "left"
    low, high = sorted((f.this, f.other))
    ratio = low / high if high > 0 else 1.0
    much = "far " if ratio < FAR else "clearly " if ratio < CLEARLY else ""
    first, second = (low, high) if way == "quieter" else (high, low)
    share = f"{100 * first:.0f} % against {100 * second:.0f} % of the reference"
    when = "through the whole stride" if f.window_name == "whole stride" else f"in {f.window_name}"
    return f"the {side} {plain(f.what)} is {much}{way} than the {other} {when} ({share})"


def _of_joint(f: Finding) -> str:
    name = JOINTS.get(f.what, plain(f.what))
    if f.name.endswith("range"):
        still: Side = "left" if f.this < f.other else "right"
        low, high = sorted((f.this, f.other))
        verb = "hardly moves" if high > 0 and low / high < FAR else "moves less"
        return f"the {still} {name} {verb} ({low:.0f}° of range against {high:.0f}°)"
    more, less = DIRECTIONS.get(f.what, ("larger", "smaller"))
    way = more if f.value > 0 else less
    return f"the left {name} is {abs(f.value):.0f}° further into {way} than the right in {f.window_name}"


def _nothing(rows: Sequence[Finding], counts: Mapping[str, int]) -> str:
    between = [f for f in rows if f.compared_with == "right leg" and f.topic in COMPARED]
    compared = {f.topic for f in between if f.interval is not None}
    alike = [f for f in rows if f.name.endswith("likeness of measured and required") and f.value == f.value]
    parts = []
    if compared:
        firmest = [word for topic, word in COMPARED.items() if topic in compared]
        what = " and ".join(firmest[:2])
        parts.append(
            f"no difference between the two legs' {what} was larger than the strides' spread and the method's floor"
        )
    elif between:
        parts.append("there are too few strides to tell a difference between the legs from chance")
    if alike and "muscle" not in compared:
        legs = sorted({f.side for f in alike})
        follows = sum(1 for f in alike if f.value >= FOLLOWS)
        where = f"on the {legs[0]} leg" if len(legs) == 1 else "over both legs"
        parts.append(
            f"{where} {follows} of {len(alike)} muscles fire in the shape that this motion required "
            f"(correlation of at least {FOLLOWS})"
        )
    seen = [side for side, n in counts.items() if n]
    if not compared and len(seen) == 1:
        parts.insert(0, f"strides of the {seen[0]} leg only were recorded, so the legs cannot be compared")
    return "; ".join(parts) or "the legs could not be compared with what was recorded"


def _sureness(lead: Finding | None, counts: Mapping[str, int]) -> str:
    strides = f"{counts['left']} left and {counts['right']} right strides of one take"
    if lead is None:
        return f"From {strides}."
    if lead.interval is None:
        return f"From {strides}: {lead.interval_reason}."
    low, high = lead.interval
    factor, unit = (100, "% of the reference") if lead.units == "1" else (1, lead.units)
    band = f"{factor * low:+.0f} and {factor * high:+.0f} {unit}"
    few = (
        " With so few strides, repeat the recording before anything is built on it." if min(counts.values()) < 5 else ""
    )
    return f"From {strides}; left minus right lies between {band} (95 % interval over strides, not over days).{few}"
