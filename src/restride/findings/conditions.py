"""Conditions as factors: in what two recordings differ, and what of it is the question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from restride.errors import SchemaError
from restride.signals.recording import Conditions

Factor = Literal["shoe", "surface", "direction", "incline", "water", "brace", "cue", "speed", "fatigue"]
Role = Literal["asked", "confounds", "not known"]


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one factor is stated: field of ``Conditions``, words of its unit, and what counts as alike."""

    attribute: str
    words: str
    unit: str = ""
    alike: float = 0.0
    relative: bool = False


FACTORS: Final[Mapping[Factor, _Kind]] = {
    "shoe": _Kind("shoe", "shoe"),
    "surface": _Kind("surface", "surface"),
    "direction": _Kind("direction", "direction"),
    # half a percent of slope is what a treadmill's display rounds to
    "incline": _Kind("incline_percent", "incline", " %", 0.5),
    "water": _Kind("water", "water"),
    "brace": _Kind("brace", "brace"),
    "cue": _Kind("cue", "cue"),
    # displays of treadmills and watches are off by some percent; contact time changes by about as much
    "speed": _Kind("speed_m_s", "speed", " m/s", 0.03, relative=True),
    # within ten minutes nobody gets much more tired; our decision
    "fatigue": _Kind("minutes_since_start", "minutes into the session", " min", 10.0),
}
# what changes every measure of a leg by itself, so that it is never taken for the question unless it is named
ALWAYS_CONFOUND: Final[tuple[Factor, ...]] = ("speed", "incline")


@dataclass(frozen=True, slots=True)
class Differing:
    """One thing in which two recordings differ, or may differ.

    Attributes
    ----------
    factor : str
        One of ``FACTORS``, or "device", "electrodes", "contacts".
    first, second : str
        In words; "not stated" where it is not.
    role : {"asked", "confounds", "not known"}
        Whether it is the question, goes along with it, or is stated in one recording only.
    sentence : str
    """

    factor: str
    first: str
    second: str
    role: Role
    sentence: str


def differing(first: Conditions, second: Conditions, *, asked: Sequence[str] = ()) -> tuple[Differing, ...]:
    """In what the stated conditions of two recordings differ, and what of it is the question.

    Parameters
    ----------
    first, second : Conditions
    asked : sequence of str
        Factors that are the question. Without any, the only one that differs is, if it is
        not speed or incline, which change every measure of a leg.

    Raises
    ------
    SchemaError
        If ``asked`` holds a word that is no factor.
    """
    unknown = [word for word in asked if word not in FACTORS]
    if unknown:
        raise SchemaError(f"expected factors among {', '.join(FACTORS)}, found {', '.join(unknown)}")
    pairs = {factor: (getattr(first, k.attribute), getattr(second, k.attribute)) for factor, k in FACTORS.items()}
    apart = [factor for factor, (a, b) in pairs.items() if _stated(a) and _stated(b) and not alike(factor, a, b)]
    question = set(asked) if asked else set(apart if len(apart) == 1 else ()) - set(ALWAYS_CONFOUND)
    found = []
    for factor, (a, b) in pairs.items():
        role: Role = "asked" if factor in question else "confounds"
        if factor in apart:
            found.append(difference(factor, *(_words(factor, v) for v in (a, b)), role=role))
        elif _stated(a) != _stated(b):
            found.append(difference(factor, *(_words(factor, v) for v in (a, b)), role="not known"))
    return tuple(found)


def alike(factor: Factor, first: str | float, second: str | float) -> bool:
    """Whether two stated values of a factor are the same, within what stating them can mean."""
    kind = FACTORS[factor]
    if isinstance(first, str) or isinstance(second, str):
        return str(first).strip().casefold() == str(second).strip().casefold()
    least = kind.alike * (max(abs(first), abs(second)) if kind.relative else 1.0)
    return abs(first - second) <= least


def difference(factor: str, first: str, second: str, *, role: Role) -> Differing:
    """One difference with its sentence.

    Parameters
    ----------
    factor, first, second : str
        The factor and both values in words.
    role : {"asked", "confounds", "not known"}
    """
    name = FACTORS[factor].words if factor in FACTORS else factor  # type: ignore[index]
    both = f"{name[:1].upper()}{name[1:]}: {first} against {second}."
    after = {
        "asked": "",
        "confounds": f" What else differs cannot be told from an effect of the {name}.",
        "not known": f" Whether the {name} was the same is not known.",
    }[role]
    return Differing(factor, first, second, role, both + after)


def _stated(value: str | float | None) -> bool:
    return value is not None and value != ""


def _words(factor: Factor, value: str | float | None) -> str:
    if value is None or value == "":
        return "not stated"
    return value if isinstance(value, str) else f"{value:g}{FACTORS[factor].unit}"
