"""The answer of a trial, and only when it is due: nothing is compared before the planned end."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from restride.errors import RestrideError
from restride.retrain.carry_over import Check, checks
from restride.retrain.orders import Randomisation, randomisation
from restride.retrain.planner import FEWEST_BLOCKS, MOST_BLOCKS, blocks_needed, power
from restride.retrain.sessions import Entry, State, Trial, state
from restride.signals.schema import FloatArray

# three differences of pairs are the fewest whose scatter says anything
FEWEST_FOR_NOISE: Final = 3

Verdict = Literal["not yet", "stopped", "too few", "higher", "lower", "cannot tell"]


@dataclass(frozen=True, slots=True)
class Result:
    """Where a trial stands, and its answer once it is over.

    Attributes
    ----------
    verdict : {"not yet", "stopped", "too few", "higher", "lower", "cannot tell"}
        "higher", "lower": of A against B; "too few": over, but too many sessions were lost.
    state : State
    sessions_left : int
        Of the plan, until every planned pair is there; 0 when it is over.
    noise : float
        SD of sessions within the trial, from its pairs; NaN below three. It says nothing of the difference.
    power : float
        Chance to find the effect with the pairs planned, with that noise; NaN without it.
    blocks_needed : int
        Pairs it would take with that noise; 0: not known, or more than twenty.
    test : Randomisation or None
        None before the end.
    as_done : float
        A minus B of the pairs in which the lot was followed; NaN if all were followed, or none.
    checks : tuple of Check
        Empty before the end.
    """

    verdict: Verdict
    state: State
    sessions_left: int
    noise: float
    power: float
    blocks_needed: int
    test: Randomisation | None
    as_done: float
    checks: tuple[Check, ...]


def result(trial: Trial) -> Result:
    """The answer of a trial if it is over; before that only how far it is.

    Parameters
    ----------
    trial : Trial

    Notes
    -----
    The test is made once, at the size that was planned, so that looking in between cannot raise the chance of a
    false alarm. Sessions are compared as the lot had them, also where the person departed from it;
    that keeps the test honest and makes the difference rather too small. A block that lost a session
    counts not at all. A trial that a rule ended early is shown, never tested.
    """
    now, design = state(trial), trial.plan.design
    differences = _differences(now)
    noise, chance, needed = _noise(differences, design.effect, design.blocks)
    left = 0 if now.over or now.stopped else 2 * (design.blocks - len(now.pairs)) - _half(trial, now)
    if now.stopped:
        return Result("stopped", now, 0, noise, chance, needed, None, float("nan"), ())
    if not now.over:
        return Result("not yet", now, left, noise, chance, needed, None, float("nan"), ())
    if len(now.pairs) < FEWEST_BLOCKS:
        return Result("too few", now, 0, noise, chance, needed, None, float("nan"), ())
    test = randomisation(differences)
    verdict: Verdict = "cannot tell"
    if test.p <= design.alpha:
        verdict = "higher" if test.difference > 0 else "lower"
    return Result(verdict, now, 0, noise, chance, needed, test, _as_done(now), checks(trial.sessions))


def departed(entry: Entry) -> bool:
    """Whether a session was done under the other condition than the lot had.

    Parameters
    ----------
    entry : Entry
    """
    return bool(entry.done) and entry.done != entry.due


def _differences(now: State) -> FloatArray:
    """A minus B of each block, as the lot had them."""
    return np.array([(a.value or 0.0) - (b.value or 0.0) for a, b in now.pairs], dtype=np.float64)


def _noise(differences: FloatArray, effect: float, blocks: int) -> tuple[float, float, int]:
    """SD of sessions from the scatter of pairs, which does not hold their mean, and what it means for the plan."""
    nan = float("nan")
    if differences.size < FEWEST_FOR_NOISE or float(np.ptp(differences)) == 0:
        return nan, nan, 0
    sd = float(differences.std(ddof=1) / np.sqrt(2.0))
    try:
        needed = blocks_needed(effect, sd, at_most=MOST_BLOCKS)
    except RestrideError:  # more than any trial may have
        needed = 0
    return sd, power(effect, sd, blocks), needed


def _as_done(now: State) -> float:
    kept = [(a.value or 0.0) - (b.value or 0.0) for a, b in now.pairs if not (departed(a) or departed(b))]
    return float(np.mean(kept)) if kept and len(kept) < len(now.pairs) else float("nan")


def _half(trial: Trial, now: State) -> int:
    """1 if the first session of the running pair is there already; -1 if it was lost, and the pair with it."""
    if now.session is None or now.session % 2 == 1:
        return 0
    first = {entry.session: entry for entry in trial.entries}[now.session - 1]
    return -1 if first.value is None else 1
