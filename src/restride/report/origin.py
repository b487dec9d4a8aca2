"""What departs, and whether the movement asks for it: from an origin to a part of the page."""

from collections.abc import Mapping
from typing import Final

from restride.findings.origin import NAMED_ODDS, Cause, Kind, MuscleOrigin, Origin
from restride.findings.statistics import Estimate
from restride.report.origin_svg import bar_svg, parts_svg, percent, span_of, strip_svg
from restride.report.page import Mark, MuscleCard, OriginPart, Table, Weighed
from restride.report.verdicts import BY_ITSELF, MEANINGS, STATES, VERDICTS, swatch
from restride.report.words import capital, ended, site_title, typeset
from restride.signals.vocabulary import listed, plain

# of the causes, so many are shown
SHOWN_CAUSES: Final = 4
# what is said of a cause beside its name; never weak or bad
KINDS: Final[Mapping[Kind, str]] = {
    "too busy": "busier than asked for",
    "too quiet": "quieter than asked for",
    "late": "later than asked for",
    "early": "earlier than asked for",
    "weak": "less strength to give",
}
# a verdict without numbers beside it needs a word on where it comes from
NOT_THERE: Final = "what the movement asks for here is not known; the verdict rests on the rest of the stride"


def origin_part(origin: Origin, *, reference: str) -> OriginPart:
    """The origin, ready to be drawn.

    Parameters
    ----------
    origin : Origin
    reference : str
        What 100 % of the EMG is.
    """
    different = sorted((m for m in origin.muscles if m.verdict != "alike"), key=_order)
    span = span_of(different)
    named = origin.named
    shown = sorted(origin.causes, key=lambda c: -c.probability)[:SHOWN_CAUSES]
    return OriginPart(
        sentences=tuple(map(typeset, origin.sentences)),
        named="" if named is None else typeset(ended(named.sentence)),
        wrong="" if named is None else chance(1 - named.probability),
        untold=typeset(origin.untold),
        weighed=tuple(_weighed(c) for c in shown),
        chance=_evidence(origin),
        cards=tuple(_card(m, origin, span) for m in different),
        alike=_alike(origin),
        scale=_scale(origin, reference),
        marks=tuple(
            Mark(swatch(STATES[v]), words, MEANINGS[v])
            for v, words in VERDICTS.items()
            if any(m.verdict == v for m in different)
        ),
        strip=strip_svg(origin.departures, words=_strip_words(origin)) if origin.departures else "",
        strip_words=_strip_words(origin) if origin.departures else "",
        numbers=_numbers(origin),
        method=typeset(origin.method),
    )


def _order(muscle: MuscleOrigin) -> int:
    """What departs by itself first, what cannot be told last."""
    return {"explained": 1, "unsure": 2}.get(STATES[muscle.verdict], 0)


def chance(probability: float) -> str:
    """A probability as people count: "about 3 in 100"."""
    if probability < 0.001:
        return "less than 1 in 1000"
    if probability < 0.0095:
        return f"about {round(1000 * probability)} in 1000"
    return "more than 99 in 100" if probability > 0.995 else f"about {round(100 * probability)} in 100"


def _evidence(origin: Origin) -> str:
    """How much likelier the data are with a cause than with none; beyond a thousand nobody needs the number."""
    times = "more than 1000" if origin.odds > 1000 else f"{origin.odds:.0f}"
    if origin.odds < 1.5:
        return "The data are as likely with no cause at all as with any that was weighed."
    return (
        f"The data are {times} times likelier with the most evident cause than with none; a cause is named from "
        f"{NAMED_ODDS:.0f} times on."
    )


def _weighed(cause: Cause) -> Weighed:
    whose = cause.situation.removesuffix(" leg")
    where = "" if cause.window == (0, 100) else f", {_window(cause.window)}"
    name = capital(f"{whose} {cause.name}: {KINDS[cause.kind]}{where}".strip())
    return Weighed(typeset(name), chance(cause.probability), bar_svg(cause.probability))


def _card(muscle: MuscleOrigin, origin: Origin, span: float) -> MuscleCard:
    known = muscle.measured.value == muscle.measured.value
    where = muscle.window_name if known else ""
    if muscle.situation:
        where = f"{muscle.situation}, {where}" if where else muscle.situation
    words = _in_words(muscle, origin.situations)
    reason = muscle.reason
    if STATES[muscle.verdict] in BY_ITSELF and muscle.unexplained.value != muscle.unexplained.value:
        reason = NOT_THERE
    return MuscleCard(
        title=site_title(muscle.site),
        swatch=swatch(STATES[muscle.verdict]),
        verdict=VERDICTS[muscle.verdict],
        where=typeset(where),
        reason=typeset(ended(capital(reason))) if reason else "",
        sentence=typeset(muscle.sentence),
        figure=parts_svg(muscle, situations=origin.situations, span=span, words=words) if known else "",
    )


def _in_words(muscle: MuscleOrigin, situations: tuple[str, str]) -> str:
    """The figure for those who do not see it."""
    first, second = situations
    parts = {"measured": muscle.measured, "asked for by the movement": muscle.required, "left over": muscle.unexplained}
    told = "; ".join(f"{name} {percent(e.value)} ({_interval(e)})" for name, e in parts.items())
    return f"{site_title(muscle.site)}, {first} minus {second}, {_window(muscle.window)}: {told}."


def _numbers(origin: Origin) -> Table:
    first, second = origin.situations
    head = ("Muscle", "Verdict", "Where in the stride", "Measured", "Asked for", "Left over", "By chance alone")
    rows = tuple(
        (
            site_title(m.site),
            ", ".join(part for part in (m.situation, VERDICTS[m.verdict]) if part),
            m.window_name,
            *(f"{percent(e.value)} ({_interval(e)})" for e in (m.measured, m.required, m.unexplained)),
            chance(m.p) if m.p == m.p else "not tested",
        )
        for m in origin.muscles
    )
    note = (
        f"Each is {first} minus {second}, mean over the stretch named, in percent of the EMG's reference, with its "
        "95 % interval over strides. Measured = asked for + left over. By chance alone: how often two situations "
        "that are alike would leave as much over somewhere in the stride."
    )
    return Table("origin-numbers", "What departs, muscle by muscle", head, rows, (note,))


def _interval(estimate: Estimate) -> str:
    if estimate.interval is None:
        return estimate.reason or "no interval"
    low, high = estimate.interval
    return f"{percent(low).removesuffix(' %')} to {percent(high)}"


def _window(window: tuple[float, float]) -> str:
    return f"{window[0]:.0f}–{window[1]:.0f} %"


def _alike(origin: Origin) -> str:
    names = [plain(m.site) for m in origin.muscles if m.verdict == "alike"]
    return f"No difference beyond strides and method: {listed(names)}." if names else ""


def _scale(origin: Origin, reference: str) -> str:
    first, second = origin.situations
    return (
        f"Bars: {first} minus {second}, mean over the stretch named, in percent of the EMG's reference ({reference}); "
        "the thin line is the 95 % interval over strides. Measured = asked for by the movement + left over."
    )


def _strip_words(origin: Origin) -> str:
    told = [f"{d.name} at {d.at:.0f} % ({d.interval[0]:.0f} to {d.interval[1]:.0f} %)" for d in origin.departures]
    return f"In this order: {', then '.join(told)}; in brackets the 95 % interval."
