"""Causes one after the other: the most evident, then what it leaves."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import logsumexp

from restride.findings.origin.causes import Candidate, prior, stacked
from restride.findings.origin.evidence import Noise, Patterns, Weighed, weighed
from restride.signals.schema import FloatArray
from restride.signals.vocabulary import SITES

# a cause is named when the data are this much likelier with it than with none
NAMED_ODDS: Final = 20.0
# and its situation when they are this much likelier than with the same muscle of the other one
LEG_ODDS: Final = 10.0
# a weak group and a quiet muscle of it that leave the data this nearly alike are one and the same to them
SAME_ODDS: Final = 20.0
# taking a cause off leaves what its pattern misses, so a further one must be far more evident
FURTHER_ODDS: Final = 1000.0
MOST: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One cause that was found.

    Attributes
    ----------
    cause : Candidate
    pattern : array, shape (2, site, phase)
        What it makes, in its most likely form.
    window : tuple of float
    size : float
    odds : float
        Against none.
    probability : float
        Given that one of the causes weighed is at work; with that of ``same``.
    rival : Candidate or None
        The same muscle in the other situation, where the data do not tell which.
    same : Candidate or None
        The weak group, or the quiet muscle, that the data cannot tell from this one.
    """

    cause: Candidate
    pattern: FloatArray
    window: tuple[float, float]
    size: float
    odds: float
    probability: float
    rival: Candidate | None
    same: Candidate | None


def steps(what: Noise, among: list[Candidate]) -> tuple[list[Step], Weighed]:
    """Causes from the most evident on, each held against what those before it leave.

    Returns
    -------
    tuple
        The causes that pass ``NAMED_ODDS``, and how all were weighed at first.
    """
    patterns = stacked(among)
    residual = what.residual.copy()
    found: list[Step] = []
    first: Weighed | None = None
    while len(found) < MOST:
        scales = weighed(what, patterns, residual=residual)
        first = first or scales
        # what is left of a muscle that is explained is its pattern's misfit
        spent = {m for before in found for m in before.cause.muscles}
        step = _step(scales, patterns, among, spent)
        if step.odds < (FURTHER_ODDS if found else NAMED_ODDS):
            break
        found.append(step)
        residual = residual - step.pattern.ravel()
    assert first is not None
    return found, first


def probabilities(scales: Weighed, among: list[Candidate]) -> FloatArray:
    """How probable each cause is, given that there is one."""
    belief = scales.evidence + prior(among)
    return np.asarray(np.exp(belief - logsumexp(belief)))


def one_and_the_same(a: Candidate, b: Candidate) -> bool:
    """Whether one is a weak group and the other a quiet muscle of it, in one situation."""
    weak, quiet = (a, b) if a.kind == "weak" else (b, a)
    if (weak.kind, quiet.kind, weak.place) != ("weak", "too quiet", quiet.place):
        return False
    return bool(set(SITES[quiet.what[0]]) & set(weak.muscles))


def _step(scales: Weighed, patterns: Patterns, among: list[Candidate], spent: set[str]) -> Step:
    free = np.array([not spent & set(cause.muscles) for cause in among])
    belief = np.where(free, scales.evidence + prior(among), -np.inf)
    order = np.argsort(-belief)
    top = int(order[0])
    odds, probability = float(np.exp(scales.evidence[top])), probabilities(scales, among)
    near = [int(i) for i in order[1:] if belief[top] - belief[i] < np.log(SAME_ODDS)]
    same = [i for i in near if one_and_the_same(among[top], among[i])][:1]
    if same and among[top].kind == "weak":
        # of two that cannot be told apart the one is taken that supposes no answer of muscles nobody measured
        top, same = same[0], [top]
    cause = among[top]
    rivals = [i for i in near if belief[order[0]] - belief[i] < np.log(LEG_ODDS) and among[i].place != cause.place]
    rival = next((among[i] for i in rivals if set(among[i].what) & set(cause.what)), None)
    best, size = int(scales.best[top]), int(scales.size[top])
    own = best - int(patterns.first[top])
    return Step(
        cause=cause,
        pattern=patterns.sizes[best, size] * patterns.unit[best],
        window=cause.windows[own],
        size=float(cause.told[own, size]),
        odds=odds,
        probability=float(probability[[top, *same]].sum()),
        rival=rival,
        same=among[same[0]] if same else None,
    )
