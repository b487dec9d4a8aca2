"""Where the moving body's muscles depart from the other leg, and in which colour."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from restride.findings.origin import MuscleOrigin, Origin
from restride.report.colours import ALIKE, BUSIER, EXPLAINED, NOT_MEASURED, QUIETER, UNSURE, rgb
from restride.report.verdicts import BRIEF, BY_ITSELF, STATES, State, leg
from restride.signals.recording import Side
from restride.signals.schema import FloatArray
from restride.signals.vocabulary import SITES, SUFFIX

# shares of the EMG's reference: this much and more is drawn in full colour
FULL: Final = 0.5
# of the full colour: a marked muscle stays recognisable where it does not depart just now
FAINT: Final = 0.35


@dataclass(frozen=True, slots=True, eq=False)
class Departing:
    """What the moving body shows of an origin.

    Attributes
    ----------
    muscles : tuple of str
        Model muscles with side, ``soleus_l``.
    states : tuple of str
        One per muscle.
    words : tuple of str
        The verdict of each muscle in a word or two; empty for the leg it is compared with.
    values : ndarray, shape (101, muscle), units "1"
        What departs in this leg at 0 to 100 % of the stride that the body shows: above zero is more than in
        the other leg. NaN where nothing is compared.
    """

    muscles: tuple[str, ...]
    states: tuple[State, ...]
    words: tuple[str, ...]
    values: FloatArray


def departing(origin: Origin, muscles: tuple[str, ...], *, starts: Mapping[Side, float | None]) -> Departing:
    """State of each muscle of the body, and how far it departs along the stride shown.

    Parameters
    ----------
    origin : Origin
        Of the two legs of one recording.
    muscles : tuple of str
    starts : mapping of side to float or None
        Percent of the stride shown at which each leg's own stride begins; None: not known, and then the
        muscle's mean stands at every instant.
    """
    by_muscle = {m: verdict for verdict in reversed(origin.muscles) for m in SITES.get(verdict.site, ())}
    states: list[State] = []
    words: list[str] = []
    values = np.full((101, len(muscles)), np.nan)
    for i, name in enumerate(muscles):
        verdict, side = by_muscle.get(name[:-2]), _side(name)
        state = "" if verdict is None else state_of(verdict, side)
        states.append(state)
        spoken_of = verdict is not None and not (state == "alike" and verdict.verdict != "alike")
        words.append(BRIEF[verdict.verdict] if verdict is not None and spoken_of else "")
        if verdict is not None:
            values[:, i] = _along(origin, verdict, side, starts[side])
    return Departing(muscles, tuple(states), tuple(words), values)


def state_of(verdict: MuscleOrigin, side: Side) -> State:
    """How one leg's muscle is coloured: only the leg that a verdict speaks of departs."""
    state, spoken_of = STATES[verdict.verdict], leg(verdict.situation)
    if state in BY_ITSELF and spoken_of is None:
        return "unsure"  # something departs, but not known in which leg
    return state if state in ("unsure", "alike") or spoken_of in (side, None) else "alike"


def shade(state: State, value: float) -> float:
    """From -1, fully the colour of quieter, to 1; other states never go below zero."""
    size = min(1.0, max(-1.0, (0.0 if value != value else value) / FULL))
    if state == "shifted":
        return size
    if state == "busier":
        return FAINT + (1 - FAINT) * max(size, 0.0)
    if state == "quieter":
        return -(FAINT + (1 - FAINT) * max(-size, 0.0))
    return FAINT + (1 - FAINT) * abs(size) if state == "explained" else 0.0


def departing_rgb(departs: Departing, phase: int, *, pieces: int) -> FloatArray:
    """Colour of each muscle along its pieces at a phase, shape (muscle, pieces, 3); striped where it cannot be told."""
    out = np.empty((len(departs.muscles), pieces, 3))
    colours = dict.fromkeys(BY_ITSELF, (BUSIER, QUIETER)) | {"explained": (EXPLAINED, EXPLAINED)}
    for i, state in enumerate(departs.states):
        if state not in colours:
            out[i] = rgb({"": NOT_MEASURED, "unsure": UNSURE}.get(state, ALIKE))
            if state == "unsure":
                out[i, ::2] = rgb(ALIKE)
            continue
        share = shade(state, float(departs.values[phase, i]))
        towards = colours[state][0 if share > 0 else 1]
        out[i] = (1 - abs(share)) * np.array(rgb(ALIKE)) + abs(share) * np.array(rgb(towards))
    return out


def _side(muscle: str) -> Side:
    return "left" if muscle.endswith(SUFFIX["left"]) else "right"


def _along(origin: Origin, verdict: MuscleOrigin, side: Side, start: float | None) -> FloatArray:
    """What departs in one leg, at 0 to 100 % of the stride shown; shape (101,)."""
    # what the movement asks for leaves nothing over: there, the difference itself is shown
    curve = "measured" if STATES[verdict.verdict] == "explained" else "unexplained"
    if verdict.site not in origin.curves["site"].values:
        return np.full(101, np.nan)
    column = origin.curves[curve].sel(site=verdict.site)
    phase, values = column["phase"].values, column.values
    sign = 1.0 if leg(origin.situations[0]) == side else -1.0
    if start is None:
        mean = float(np.nanmean(values)) if np.isfinite(values).any() else np.nan
        return np.full(101, sign * mean)
    own = (np.arange(101.0) - start) % 100 if start else np.arange(101.0)
    return np.asarray(sign * np.interp(own, phase, values))
