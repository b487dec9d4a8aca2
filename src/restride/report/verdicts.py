"""Words, colours and states of where a difference comes from, the same for text, figures and the moving body."""

from collections.abc import Mapping
from typing import Final, Literal

from restride.findings.origin import Verdict
from restride.report.colours import ALIKE, BUSIER, EXPLAINED, NOT_MEASURED, OUTLINE, QUIETER, UNSURE
from restride.signals.recording import Side
from restride.signals.schema import SIDES

# how a muscle of one leg is coloured; "" is not compared, because not measured on both legs
State = Literal["busier", "quieter", "shifted", "explained", "unsure", "alike", ""]

STATES: Final[Mapping[Verdict, State]] = {
    "too busy": "busier",
    "too quiet": "quieter",
    "late": "shifted",
    "early": "shifted",
    "explained": "explained",
    "answers": "explained",
    "cannot tell": "unsure",
    "alike": "alike",
}
# quieter and busier, never weak or bad; "asked for" is what the movement requires
VERDICTS: Final[Mapping[Verdict, str]] = {
    "too busy": "busier than asked for",
    "too quiet": "quieter than asked for",
    "late": "later than asked for",
    "early": "earlier than asked for",
    "explained": "explained by the movement",
    "answers": "makes up for less strength elsewhere",
    "cannot tell": "cannot tell",
    "alike": "alike",
}
# beside a number, in the list of the moving body
BRIEF: Final[Mapping[Verdict, str]] = {
    "too busy": "busier",
    "too quiet": "quieter",
    "late": "later",
    "early": "earlier",
    "explained": "explained",
    "answers": "makes up",
    "cannot tell": "cannot tell",
    "alike": "alike",
}
# on the moving body a colour stands for a state
LEGEND: Final[Mapping[State, str]] = {
    "busier": "busier than the movement asks for",
    "quieter": "quieter than the movement asks for",
    "shifted": "too late or too early: first one colour, then the other",
    "explained": "explained by the movement (compensation)",
    "unsure": "cannot tell",
    "alike": "alike, or the leg it is compared with",
    "": "not measured on both legs: never lights up",
}
# states of muscles that depart by themselves
BY_ITSELF: Final[tuple[State, ...]] = ("busier", "quieter", "shifted")
MEANINGS: Final[Mapping[Verdict, str]] = {
    "too busy": "more activity than this movement asks for",
    "too quiet": "less activity than this movement asks for",
    "late": "about the activity asked for, but later in the stride",
    "early": "about the activity asked for, but earlier in the stride",
    "explained": "the movement differs as well, and asks for the difference. This is what compensation looks like: the "
    "muscle serves another movement, and the origin lies elsewhere",
    "answers": "it does more where other muscles of the leg seem to give less: compensation as well",
    "cannot tell": "the reason stands beside it",
    "alike": "no difference beyond strides and method",
}


def leg(situation: str) -> Side | None:
    """The leg that a situation names: "left leg"; None if it names none."""
    return next((side for side in SIDES if side in situation.split()), None)


def swatch(state: State) -> str:
    """A small drawing of the state's colour; hatched where it cannot be told."""
    fills = {"busier": BUSIER, "quieter": QUIETER, "explained": EXPLAINED, "alike": ALIKE, "": NOT_MEASURED}
    fill = fills.get(state, UNSURE)
    box = f"<rect x='.5' y='.5' width='19' height='13' rx='3' fill='{fill}' stroke='{OUTLINE}'/>"
    if state == "unsure":
        box += f"<path d='M3 13L9 1M8 13L14 1M13 13L19 1' stroke='{ALIKE}' stroke-width='2'/>"
    if state == "shifted":
        box = (
            f"<path d='M.5 .5H10V13.5H.5Z' fill='{QUIETER}' stroke='{OUTLINE}'/>"
            f"<path d='M10 .5H19.5V13.5H10Z' fill='{BUSIER}' stroke='{OUTLINE}'/>"
        )
    return f"<svg class='swatch' viewBox='0 0 20 14' aria-hidden='true'>{box}</svg>"
