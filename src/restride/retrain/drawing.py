"""The numbers and charts of a trial that is over."""

from typing import Final

import numpy as np

from restride.chapters.chapter import Chart, Measure
from restride.retrain.carry_over import METHOD as CHECKED
from restride.retrain.result import Result
from restride.retrain.sessions import Trial
from restride.retrain.trial import Outcome
from restride.retrain.words import si

METHOD: Final = (
    "one value per session; pairs of sessions in an order drawn by lot; A minus B of each pair, tested once, at the "
    "planned size, against all orders the lot could have given (randomisation test, two-sided, 5 %); 95 % interval of "
    "the differences that test does not refuse (Hartigan 1969), the effect taken as the same in every pair"
)
BASELINE: Final = "1.96 sqrt(2) SD of the baseline sessions (Weir 2005)"


def measures(trial: Trial, found: Result) -> tuple[Measure, ...]:
    """The difference, the mean of each condition, the own noise, and what could have passed for an effect.

    Parameters
    ----------
    trial : Trial
    found : Result
    """
    plan, outcome, noise = trial.plan, trial.plan.outcome, trial.plan.noise
    pairs = (len(found.state.pairs), "pairs")
    out = []
    if found.test is not None:
        named = f"{outcome.measure}: A minus B"
        out.append(_measure(outcome, named, found.test.difference, found.test.interval, "", pairs, METHOD))
    for which, label in plan.conditions.items():
        values = [e.value for e in trial.sessions if e.value is not None and e.done == which]
        mean = float(np.mean(values)) if values else float("nan")
        named, why = f"{label} ({which}), mean", "see the difference"
        out.append(_measure(outcome, named, mean, None, why, (len(values), "sessions"), ""))
    interval = (noise.mdc_interval[0], noise.mdc_interval[1]) if noise.mdc_interval else None
    counted, how = (len(noise.sessions), "baseline sessions"), BASELINE if noise.sessions else "stated in the plan"
    named = "own minimal detectable change"
    out.append(_measure(outcome, named, noise.mdc, interval, "stated, not measured", counted, how))
    if np.isfinite(found.noise):
        named = "noise between sessions of this trial, SD"
        out.append(_measure(outcome, named, found.noise, None, "shown beside that of the plan", pairs, ""))
    every = (len(trial.sessions), "sessions")
    checked = [_measure(outcome, c.name, c.value, c.interval, c.reason, every, CHECKED) for c in found.checks]
    return (*out, *checked)


def charts(trial: Trial, found: Result) -> tuple[Chart, ...]:
    """Every session as a dot by its condition, and the difference of every pair.

    Parameters
    ----------
    trial : Trial
    found : Result
    """
    plan, outcome = trial.plan, trial.plan.outcome
    units, factor, asked = si(outcome)
    sessions = [entry for entry in trial.sessions if entry.value is not None]
    if not sessions:
        return ()
    values = np.array([factor * (entry.value or 0.0) for entry in sessions])
    series = {
        # named with its letter, so that a condition called "left" is not drawn as a leg
        f"{label} ({which})": np.where([entry.done == which for entry in sessions], values, np.nan)
        for which, label in plan.conditions.items()
    }
    number = np.array([float(entry.session) for entry in sessions])
    dots = Chart(
        title=f"{outcome.measure[0].upper()}{outcome.measure[1:]} of each session",
        x=number,
        x_words="session",
        x_units="counts",
        series=series,
        y_words=outcome.measure,
        y_units=units,
        style="dots",
        words=f"{len(sessions)} sessions, one dot each, by the condition that was done.",
        y_shown_in=asked,
    )
    if not found.state.pairs:
        return (dots,)
    apart = np.array([factor * ((a.value or 0.0) - (b.value or 0.0)) for a, b in found.state.pairs])
    pairs = Chart(
        title="A minus B of each pair",
        x=np.arange(1.0, apart.size + 1),
        x_words="pair",
        x_units="counts",
        series={"A minus B": apart},
        y_words="A minus B",
        y_units=units,
        style="dots",
        words=f"One dot per pair: in {int((apart > 0).sum())} of {apart.size}, A ({plan.a}) gave the higher number.",
        level=0.0,
        level_words="no difference",
        y_shown_in=asked,
    )
    return (dots, pairs)


def _measure(
    outcome: Outcome,
    name: str,
    value: float,
    interval: tuple[float, float] | None,
    reason: str,
    counted: tuple[int, str],
    method: str,
) -> Measure:
    """In SI, from the units of the plan."""
    units, factor, asked = si(outcome)
    ends = (factor * interval[0], factor * interval[1]) if interval else None
    return Measure(name, "", factor * value, units, ends, "" if ends else reason, *counted, method, asked)
