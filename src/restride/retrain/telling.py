"""A trial in words, and as a chapter of a page."""

from typing import Final

import numpy as np

from restride.chapters.chapter import Chapter
from restride.findings.own_error import against, own_error
from restride.retrain.drawing import METHOD, charts, measures
from restride.retrain.orders import Randomisation
from restride.retrain.planner import POWER, assured
from restride.retrain.result import Result, departed
from restride.retrain.sessions import SPEED_SHARE, Trial
from restride.retrain.trial import TrialPlan
from restride.retrain.words import size, span

SURENESS: Final = (
    "It holds for this person, these two conditions and this measure. The order was drawn by lot, so drift, learning "
    "or dependence between sessions cannot make a false alarm likelier than 1 in 20."
)


def plan_words(plan: TrialPlan) -> tuple[str, ...]:
    """A plan in words: what is compared, how large an effect it looks for, and the order.

    Parameters
    ----------
    plan : TrialPlan
    """
    design, noise, outcome = plan.design, plan.noise, plan.outcome
    asked = size(design.effect, outcome)
    rests = f"{len(noise.sessions)} baseline sessions" if noise.sessions else "what was stated"
    words = [
        plan.question,
        f"{plan.a} (A) against {plan.b} (B), decided by {outcome.measure}.",
        f"Your own noise between sessions, from {rests}: SD {size(noise.sd, outcome)}; a change between two "
        f"sessions counts from {size(noise.mdc, outcome)} on (minimal detectable change).",
        f"{2 * design.blocks} sessions in {design.blocks} pairs, at least {_count(design.wash_out_days, 'day')} apart, "
        f"find a difference of {asked} with a chance of {_percent(design.power)}, if the noise is that.",
    ]
    if noise.sessions:
        chance = assured(design.effect, noise.sd, design.blocks, sessions=len(noise.sessions))
        if chance < POWER:
            words.append(
                f"With how little {len(noise.sessions)} baseline sessions know of the noise, the chance is about "
                f"{_percent(chance)}: more of them, or a larger effect, would make it surer."
            )
    reserve = len(design.order) - design.blocks
    words.append(f"By lot: {' '.join(design.order[: design.blocks])}")
    if reserve:
        words[-1] += f" (in reserve, should sessions be lost: {' '.join(design.order[design.blocks :])})"
    words.append(
        f"It ends early on a red flag, on pain above {plan.stop.pain_above:g} of 10, or when "
        f"{plan.stop.felt_worse} sessions felt worse. Nothing is compared before the last session."
    )
    words.append(f"First session: {plan.conditions[plan.due[0]]}.")
    return tuple(words)


def progress_words(trial: Trial, found: Result) -> tuple[str, ...]:
    """Where a trial stands before its end, without a word on which condition does better.

    Parameters
    ----------
    trial : Trial
    found : Result
    """
    plan, design = trial.plan, trial.plan.design
    if found.verdict == "stopped":
        return (f"The trial ended before its time. {found.state.stopped} It is shown, not tested.",)
    done = f"{len(found.state.pairs)} of {design.blocks} pairs of sessions are complete"
    if found.verdict == "too few":
        return (f"The order is used up and {done}: too few for any answer. Plan another trial.",)
    if found.verdict != "not yet":
        return (f"The trial is complete: {done}. Its answer: restride trial result.",)
    words = [
        f"Not enough yet: {done}; about {_count(found.sessions_left, 'more session')}. Nothing is compared before "
        "that, because looking early makes false alarms."
    ]
    if np.isfinite(found.noise):
        words.append(_noise_words(trial, found))
    if found.state.due is not None:
        words.append(f"Due next, session {found.state.session}: {plan.conditions[found.state.due]}.")
    return tuple(words)


def result_chapter(trial: Trial, found: Result) -> Chapter:
    """A trial that is over, as a chapter: the answer, every session as a dot, and what could have passed for it.

    Parameters
    ----------
    trial : Trial
    found : Result
        Not one with the verdict "not yet".
    """
    plan = trial.plan
    if found.test is None:
        answer, sure = progress_words(trial, found), "Nothing was tested, so nothing is sure."
    else:
        answer = (_answer(trial, found, found.test), _worth(trial, found, found.test))
        sure = _sureness(trial, found, found.test)
    return Chapter(
        key="trial",
        title=f"Trial: {plan.question}",
        sentences=(*answer, *_unlike(trial), *_departures(trial, found), *_checked(trial, found)),
        sureness=sure,
        measures=measures(trial, found),
        charts=charts(trial, found),
        not_measured=("why one condition does better", "whether it stays so after the trial"),
        method=METHOD,
    )


def _answer(trial: Trial, found: Result, test: Randomisation) -> str:
    """The one plain sentence."""
    plan, outcome = trial.plan, trial.plan.outcome
    way = "higher" if test.difference > 0 else "lower"
    difference = f"{size(test.difference, outcome)} {way}"
    if found.verdict == "cannot tell":
        return (
            f"{2 * len(found.state.pairs)} sessions cannot tell A ({plan.a}) from B ({plan.b}): under A, "
            f"{outcome.measure} was {difference}, which may be chance."
        )
    called = "" if outcome.better == "not stated" else "better" if outcome.better == way else "worse"
    judged = f", which the plan calls {called}" if called else ""
    return f"Under A ({plan.a}), {outcome.measure} was {difference} than under B ({plan.b}){judged}."


def _sureness(trial: Trial, found: Result, test: Randomisation) -> str:
    within = f"95 % interval {span(*test.interval, trial.plan.outcome)}, over " if test.interval else "Over "
    return (
        f"{within}{len(found.state.pairs)} pairs of sessions. If the two made no difference, {100 * test.p:.2g} of "
        f"100 orders of these sessions would show one this large. {SURENESS}"
    )


def _worth(trial: Trial, found: Result, test: Randomisation) -> str:
    """The difference beside the own noise and beside the effect that was asked for."""
    plan, outcome = trial.plan, trial.plan.outcome
    mdc = size(plan.noise.mdc, outcome)
    if found.verdict != "cannot tell":
        if abs(test.difference) <= plan.noise.mdc:
            return (
                f"That is smaller than your own day-to-day noise between two sessions ({mdc}): it shows over "
                f"{len(found.state.pairs)} pairs, not from one day to the next."
            )
        if plan.noise.sessions:
            return f"{against(test.difference, own_error(plan.noise.sessions)).words} (Between two sessions: {mdc}.)"
        return f"That is larger than your own day-to-day noise between two sessions, as the plan states it ({mdc})."
    asked = size(plan.design.effect, outcome)
    if test.interval and max(abs(end) for end in test.interval) < plan.design.effect:
        return f"A difference as large as the one asked for ({asked}) is ruled out: it lies beyond the interval."
    again = f" With the noise seen, that would take a trial of about {2 * found.blocks_needed} sessions." * bool(
        found.blocks_needed > plan.design.blocks
    )
    return f"A difference as large as the one asked for ({asked}) is not ruled out either.{again}"


def _noise_words(trial: Trial, found: Result) -> str:
    design, outcome = trial.plan.design, trial.plan.outcome
    asked, planned = size(design.effect, outcome), size(trial.plan.noise.sd, outcome)
    seen = f"The noise between sessions seen so far is {size(found.noise, outcome)} (planned {planned})"
    chance = f"with it, {design.blocks} pairs find a difference of {asked} with a chance of {_percent(found.power)}"
    if found.power >= design.power - 0.1 or found.blocks_needed == 0:
        return f"{seen}; {chance}."
    return f"{seen}; {chance}. It would take {2 * found.blocks_needed} sessions for 80 %; the plan stays as it is."


def _count(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _percent(chance: float) -> str:
    return f"{100 * min(chance, 0.99):.0f} %"


def _departures(trial: Trial, found: Result) -> tuple[str, ...]:
    """What did not go by the plan, one sentence each."""
    sessions, out = trial.sessions, []
    for entry in sessions:
        if departed(entry) and entry.done:
            out.append(
                f"Session {entry.session} was done under {entry.done} where the lot had {entry.due}: "
                f"{entry.deviation or 'no reason given'}. It counts as the lot had it."
            )
        elif entry.deviation:
            out.append(f"Session {entry.session} departed from the plan: {entry.deviation}.")
    if np.isfinite(found.as_done):
        out.append(f"Over the pairs that followed the lot alone, A minus B is {_signed(found.as_done, trial)}.")
    lost = [str(entry.session) for entry in sessions if entry.value is None]
    if lost:
        which = f"Session {lost[0]} has" if len(lost) == 1 else f"Sessions {', '.join(lost)} have"
        out.append(f"{which} no value, so the pair does not count; {found.state.lost} lost in all.")
    corrected = sorted({entry.session for entry in trial.entries if entry.corrects})
    if corrected:
        out.append(f"Corrected after they were logged: session {', '.join(map(str, corrected))}; the log keeps both.")
    return tuple(out)


def _unlike(trial: Trial) -> tuple[str, ...]:
    out = []
    devices = sorted({entry.device for entry in trial.sessions if entry.device})
    if len(devices) > 1:
        out.append(f"The sessions were recorded by {len(devices)} devices ({'; '.join(devices)}): part may be theirs.")
    speeds = {
        which: [e.speed_m_s for e in trial.sessions if e.done == which and e.speed_m_s is not None] for which in "AB"
    }
    if all(speeds.values()):
        a, b = (float(np.mean(speeds[which])) for which in "AB")
        if abs(a / b - 1) > SPEED_SHARE:
            out.append(f"Speed differed: {a:.2f} m/s under A, {b:.2f} m/s under B. That alone may be the difference.")
    return tuple(out)


def _checked(trial: Trial, found: Result) -> tuple[str, ...]:
    """Checks that left zero, in words; one sentence if none did."""
    stand_out = [check for check in found.checks if check.told]
    told = [f"{c.name[0].upper()}{c.name[1:]}: {_signed(c.value, trial)}, more than chance." for c in stand_out]
    if found.checks and not told and all(c.interval for c in found.checks):
        return ("No carry-over, order within the pair, or trend stood out; so few sessions would miss a small one.",)
    return tuple(told)


def _signed(value: float, trial: Trial) -> str:
    return f"{'+' if value >= 0 else '-'}{size(value, trial.plan.outcome)}"
