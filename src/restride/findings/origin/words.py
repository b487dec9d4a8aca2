"""Origin in plain words."""

from collections.abc import Sequence
from typing import Final

from restride.findings.cocontraction import ANTAGONISTS
from restride.findings.origin.causes import Candidate
from restride.findings.origin.records import Kind, MuscleOrigin
from restride.findings.statistics import Estimate
from restride.signals.vocabulary import listed, plain

# beyond this nobody needs the number
LARGE_ODDS: Final = 1000


def name_of(cause: Candidate) -> str:
    """A cause's muscles in words, without side; opposed muscles by their joint."""
    if len(cause.what) == 1:
        return plain(cause.what[0])
    for key, groups in ANTAGONISTS.items():
        if set(cause.what) <= {site for group in groups for site in group}:
            part = plain(key.removesuffix("_cocontraction"))
            return f"opposed muscles of the {part} together ({listed([plain(w) for w in cause.what])})"
    return listed([plain(w) for w in cause.what])


def of_cause(kind: Kind, name: str, situation: str, size: float, window: tuple[float, float]) -> str:
    """One cause as a sentence without its full stop."""
    verb = "are" if "together" in name else "is"
    when = "" if window == (0.0, 100.0) else f" between {max(0.0, window[0]):.0f} and {min(100.0, window[1]):.0f} %"
    who = f"{name} of the {situation} {verb}"
    said = {
        "too busy": f"{who} busier than this movement asks{when}, by about {100 * size:.0f} % of the reference",
        "too quiet": f"{who} quieter than this movement asks{when}: about {100 * size:.0f} % of the activity is left",
        "late": f"{who} late, by about {size:.0f} % of the stride",
        "early": f"{who} early, by about {size:.0f} % of the stride",
        "weak": f"the pattern of the {situation} fits weak {name} (about {100 * size:.0f} % of the strength) "
        "with other muscles answering",
    }
    return said[kind]


def of_muscle(muscle: MuscleOrigin) -> str:
    """One muscle as a sentence, from the rest of its record."""
    name, where, when = plain(muscle.site), muscle.situation, muscle.window_name
    numbers = f"measured {_number(muscle.measured)}, of which the movement asks for {_number(muscle.required)}"
    rest = f"unexplained {_number(muscle.unexplained)}"
    reason = f" ({muscle.reason})" if muscle.reason else ""
    said = {
        "alike": f"{name}: no difference beyond what strides, electrodes and body model leave uncertain.",
        "explained": f"{name}, {when}: busier in the {where} because the movement asks for it; {numbers}.",
        "answers": f"{name}, {when}: busier in the {where} as an answer to the weakness; {numbers}; {rest}.",
        "cannot tell": f"{name}, {when}: cannot be told, because {muscle.reason}; {numbers}; {rest}.",
    }
    return said.get(muscle.verdict, f"{name}, {when}: {muscle.verdict} in the {where}{reason}; {numbers}; {rest}.")


def sentences(
    muscles: Sequence[MuscleOrigin], *, named: str, further: Sequence[str], untold: str, odds: float
) -> tuple[str, ...]:
    """The most telling first."""
    if named:
        sure = f"more than {LARGE_ODDS}" if odds > LARGE_ODDS else f"about {odds:.0f}"
        first = f"{named[0].upper()}{named[1:]}; the data are {sure} times likelier with this than with no cause."
    else:
        first = untold or (
            "No muscle departs from what the movement asks by more than strides, electrodes and body model may differ."
        )
    told = [first, untold] if named and untold else [first]
    told += [f"Beside that, {sentence}." for sentence in further]
    answers = [plain(m.site) for m in muscles if m.verdict == "answers"]
    explained = [plain(m.site) for m in muscles if m.verdict == "explained"]
    if answers:
        told.append(f"Busier as an answer, not as the fault: {listed(answers)}.")
    if explained:
        told.append(f"Different because the movement asks for it: {listed(explained)}.")
    return tuple(told)


def _number(estimate: Estimate) -> str:
    if estimate.interval is None:
        return f"not known ({estimate.reason})"
    low, high = (100 * end for end in estimate.interval)
    return f"{100 * estimate.value:+.0f} % of the reference ({low:+.0f} to {high:+.0f})"
