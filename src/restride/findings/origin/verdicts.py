"""One verdict per muscle: explained by the movement, by itself, an answer, or why it cannot be told."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from restride.findings.origin.causes import WHOLE
from restride.findings.origin.found import Step
from restride.findings.origin.records import MuscleOrigin, Verdict
from restride.findings.origin.situation import PHASE, Pair
from restride.findings.origin.split import Split, clearest, over
from restride.findings.origin.words import of_muscle
from restride.findings.sides import ACTIVITY
from restride.findings.statistics import Estimate
from restride.signals.schema import FloatArray
from restride.signals.vocabulary import SITES

SIGNIFICANT: Final = 0.05
# an answer smaller than this, in shares of the reference, is none (our decision: a twentieth is as good as silent)
ANSWERS: Final = 0.05

# verdict, situation, reason, window
_Judged = tuple[Verdict, str, str, tuple[float, float]]


def verdicts(given: Pair, parts: Split, steps: Sequence[Step]) -> tuple[MuscleOrigin, ...]:
    """What is said of each site that both situations have; other verdicts than "alike" first."""
    found = [_of_site(given, parts, steps, j) for j in range(len(given.sites))]
    return tuple(sorted(found, key=lambda m: m.verdict == "alike"))


def not_compared(sites: Sequence[str], missing: Sequence[str]) -> tuple[MuscleOrigin, ...]:
    """Sites that one of the situations lacks; ``missing`` names it for each."""
    nothing = Estimate(float("nan"), None, "measured in one of the two only", (0, 0))
    return tuple(
        _record(site, ("cannot tell", "", f"the {where} has no usable EMG of it", WHOLE), (nothing,) * 3, float("nan"))
        for site, where in zip(sites, missing, strict=True)
    )


def _of_site(given: Pair, parts: Split, steps: Sequence[Step], j: int) -> MuscleOrigin:
    judged = _judged(given, parts, steps, j)
    n = len(given.strides[0][j]), len(given.strides[1][j])
    curves = (
        (parts.measured, parts.measured_sd),
        (parts.required, parts.required_sd),
        (parts.unexplained, parts.unexplained_sd),
    )
    three = [over(judged[3], values[j], sd[j], n) for values, sd in curves]
    return _record(given.sites[j], judged, three, float(parts.unexplained_p[j]))


def _judged(given: Pair, parts: Split, steps: Sequence[Step], j: int) -> _Judged:
    left = clearest(parts.unexplained[j] / parts.unexplained_sd[j])
    for step in steps:
        said = _by_cause(given, parts, step, j)
        if said is not None:
            return said
    if parts.unexplained_p[j] <= SIGNIFICANT:
        return "cannot tell", "", "it departs from what the movement asks, but not as any one cause would have it", left
    seen = clearest(parts.measured[j] / np.maximum(parts.measured_sd[j], 1e-9))
    did = over(seen, parts.measured[j], parts.measured_sd[j], (0, 0))
    asked = over(seen, parts.required[j], parts.required_sd[j], (0, 0))
    if parts.measured_p[j] > SIGNIFICANT or abs(did.value) < _floor(given, j, seen):
        return "alike", "", "", seen
    if asked.least > 0 and np.sign(asked.value) == np.sign(did.value):
        return "explained", given.names[0] if asked.value > 0 else given.names[1], "", seen
    if not given.known[_inside(seen)].any():
        return "cannot tell", "", "what the movement asks for there is not known without ground force", seen
    return "cannot tell", "", "the difference is within what electrodes and body model leave uncertain", seen


def _by_cause(given: Pair, parts: Split, step: Step, j: int) -> _Judged | None:
    """What a cause that was found says of a site; None if nothing."""
    site, cause, where = given.sites[j], step.cause, given.names[step.cause.place]
    own = bool(set(SITES[site]) & set(cause.muscles))
    change = step.pattern[cause.place, j]
    window = _acts(step, change)
    if own and step.rival is not None:
        either = " or ".join(f"{c.kind} in the {given.names[c.place]}" for c in (cause, step.rival))
        return "cannot tell", "", f"the data do not say whether it is {either}", window
    if own and step.same is not None:
        return "too quiet", where, "by itself or by weakness, which cannot be told apart", window
    if cause.kind != "weak":
        return (cause.kind, where, "", window) if site in cause.what else None
    if own:
        return "cannot tell", where, "it belongs to the muscles that seem weak, and changes with them", window
    busier = parts.measured[j] if cause.place == 0 else -parts.measured[j]
    seen = float(busier[_inside(window)].mean())
    answered = parts.measured_p[j] <= SIGNIFICANT and min(float(change.max()), seen) > ANSWERS
    return ("answers", where, "", window) if answered else None


def _acts(step: Step, change: FloatArray) -> tuple[float, float]:
    """Where a cause acts on a site: its own window, or where its pattern is largest."""
    if step.window != WHOLE:
        return max(0.0, step.window[0]), min(100.0, step.window[1])
    return clearest(change) if np.abs(change).max() > 0 else WHOLE


def _floor(given: Pair, j: int, window: tuple[float, float]) -> float:
    """What two healthy legs' EMG may differ by, as ``sides.ACTIVITY`` has it."""
    larger = float(given.mean[:, j][:, _inside(window)].mean(axis=-1).max())
    return max(ACTIVITY.floor, ACTIVITY.floor_share * larger)


def _inside(window: tuple[float, float]) -> np.ndarray:
    return np.asarray((window[0] <= PHASE) & (window[1] > PHASE))


def _record(site: str, judged: _Judged, three: Sequence[Estimate], p: float) -> MuscleOrigin:
    verdict, situation, reason, window = judged
    whole = window[1] - window[0] >= 100 - PHASE[1]
    name = "whole stride" if whole else f"{window[0]:.0f} to {window[1]:.0f} % of the stride"
    measured, required, unexplained = three
    told = MuscleOrigin(site, verdict, situation, reason, window, name, measured, required, unexplained, p, sentence="")
    return replace(told, sentence=of_muscle(told))
