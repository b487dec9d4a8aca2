"""``origin``: what of a difference the movement explains, and what is left, muscle by muscle."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from restride.errors import SchemaError
from restride.findings.origin.causes import Candidate, candidates, stacked
from restride.findings.origin.evidence import Noise, Weighed, gain_spread, noise
from restride.findings.origin.expected import BODY_SPREAD, LEG_SPREAD, Expected, expected
from restride.findings.origin.found import Step, probabilities, steps
from restride.findings.origin.onset import departures
from restride.findings.origin.records import Cause, Departure, Origin
from restride.findings.origin.situation import PHASE, Pair, Situation, pair
from restride.findings.origin.split import Split, as_dataset, split
from restride.findings.origin.verdicts import not_compared, verdicts
from restride.findings.origin.words import name_of, of_cause, sentences
from restride.signals.schema import FloatArray
from restride.signals.vocabulary import plain

# of a stride: swing at least, which needs no plate; with less of the movement known there is too little to weigh
KNOWN: Final = 0.25
FEWEST_SITES: Final = 2
CAUSES_TOLD: Final = 6
# standard deviations of the unexplained difference from which a muscle counts as departing
APART: Final = 3.0


def origin(
    first: Situation,
    second: Situation,
    *,
    envelope_hz: float,
    rng: np.random.Generator,
    joints: Mapping[str, tuple[FloatArray, FloatArray, float]] | None = None,
    wanted: Expected | None = None,
) -> Origin:
    """Where the differences of two situations come from.

    Parameters
    ----------
    first, second : Situation
        On one EMG reference per site.
    envelope_hz : float
        Cut-off of the EMG envelope.
    rng : Generator
    joints : mapping of name to (first strides, second strides, floor), optional
        Joint angles (stride, 101 phases) in rad, and the least that counts as a difference, for the order of
        onset.
    wanted : Expected, optional
        What ``expected`` found for the same motion and the same sites, to spare its time.

    Raises
    ------
    SchemaError
        If fewer than two sites were measured in both, or the moments of both are known for less than a
        quarter of the stride.

    Notes
    -----
    See ``expected`` (what is asked), ``evidence`` (how causes are weighed), ``split`` (the three differences). How
    often it is right is printed by the validation: planted causes in a runner whose body is not the model's.
    """
    given = pair(first, second)
    if len(given.sites) < FEWEST_SITES or given.known.mean() < KNOWN:
        raise SchemaError(
            f"expected at least {FEWEST_SITES} muscles with EMG in the {first.name} and the {second.name}, and "
            f"moments for a quarter of the stride, found {len(given.sites)} and {100 * given.known.mean():.0f} %"
        )
    of_bodies, rng = rng.spawn(2)
    wanted = wanted or expected(given, envelope_hz=envelope_hz, rng=of_bodies)
    what = noise(given, wanted, rng=rng)
    among = candidates(given, wanted, what)
    taken, scales = steps(what, among)
    parts = split(given, wanted, what, rng=rng)
    muscles = (*verdicts(given, parts, taken), *not_compared(*_one_sided(first, second, given)))
    named, untold = _named(given, what, parts, taken)
    odds = float(np.exp(scales.evidence.max()))
    return Origin(
        situations=given.names,
        curves=as_dataset(parts, given.sites),
        muscles=muscles,
        causes=_told(given, among, scales),
        named=named,
        untold=untold,
        odds=odds,
        departures=_departures(given, parts, joints or {}, rng),
        sentences=sentences(
            muscles, named=named.sentence if named else "", further=_further(given, taken), untold=untold, odds=odds
        ),
        method=_method(given),
    )


def _method(given: Pair) -> str:
    between = "" if given.same_leg else f" and between the legs by {100 * LEG_SPREAD:.0f} %"
    return (
        "measured difference = gain times required difference + unexplained difference; causes weighed by how likely "
        f"the patterns they make are, against strides, electrode gains ({100 * gain_spread(given):.0f} %), moments, "
        f"and bodies whose strength and fibre lengths differ from the model's by {100 * BODY_SPREAD:.0f} %{between}; "
        "the unit of inference is the stride of this take"
    )


def _named(given: Pair, what: Noise, parts: Split, taken: list[Step]) -> tuple[Cause | None, str]:
    """The cause that is named, and what cannot be told; neither where nothing departs."""
    if not taken:
        return None, ""
    step = taken[0]
    if step.rival is not None:
        either = " or ".join(f"{c.kind} in the {given.names[c.place]}" for c in (step.cause, step.rival))
        return None, f"The {name_of(step.cause)} departs, and the data do not say how: {either}."
    untold = ""
    if step.same is not None:
        quiet, weak = (step.cause, step.same) if step.same.kind == "weak" else (step.same, step.cause)
        untold = f"A quiet {name_of(quiet)} and weak {name_of(weak)} leave these data alike and cannot be told apart."
    return _cause(given, step.cause, step.window, _seen(given, what, parts, step), step.probability), untold


def _further(given: Pair, taken: list[Step]) -> list[str]:
    """What else departs once the first cause is taken off, without sizes: those hang on the first."""
    told = []
    for step in taken[1:]:
        name, where = name_of(step.cause), given.names[step.cause.place]
        if step.rival is not None:
            told.append(f"{name} differs between the {given.names[0]} and the {given.names[1]}")
        elif step.cause.kind == "weak":
            told.append(f"what is left fits weak {name} in the {where}")
        else:
            told.append(f"{name} of the {where} is {step.cause.kind}")
    return told


def _seen(given: Pair, what: Noise, parts: Split, step: Step) -> float:
    """How large a cause is in the measured curves themselves, where they tell it."""
    cause, k = step.cause, step.cause.place
    columns = [given.sites.index(s) for s in cause.what if s in given.sites]
    there = (PHASE - step.window[0]) % 100 < step.window[1] - step.window[0]
    usual = what.healthy[k, columns][:, there].sum()
    if cause.kind == "too quiet" and usual > 0:
        return float(given.mean[k, columns][:, there].sum() / usual)
    if cause.kind == "too busy":
        left = np.where(given.known, parts.unexplained, parts.measured)
        more = left[columns][:, there].mean()
        return float(more if k == 0 else -more)
    return step.size


def _told(given: Pair, among: list[Candidate], scales: Weighed) -> tuple[Cause, ...]:
    """The most probable causes, each in its most likely form."""
    probability = probabilities(scales, among)
    starts = stacked(among).first
    told = []
    for i in np.argsort(-probability)[:CAUSES_TOLD]:
        own = int(scales.best[i] - starts[i])
        size = float(among[i].told[own, scales.size[i]])
        told.append(_cause(given, among[i], among[i].windows[own], size, float(probability[i])))
    return tuple(told)


def _cause(given: Pair, cause: Candidate, window: tuple[float, float], size: float, probability: float) -> Cause:
    where, name = given.names[cause.place], name_of(cause)
    what = cause.muscles if cause.kind == "weak" else cause.what
    sentence = of_cause(cause.kind, name, where, size, window)
    return Cause(cause.kind, what, name, where, window, size, probability, sentence)


def _one_sided(first: Situation, second: Situation, given: Pair) -> tuple[list[str], list[str]]:
    """Sites that only one situation has, and the one that lacks each."""
    sites = list(dict.fromkeys(str(s) for x in (first, second) for s in x.emg["site"].values))
    left_out = [s for s in sites if s not in given.sites]
    return left_out, [_lacking(first, second, site) for site in left_out]


def _lacking(first: Situation, second: Situation, site: str) -> str:
    has = site in first.emg["site"].values and bool(first.emg.sel(site=site).notnull().any())
    return second.name if has else first.name


def _departures(
    given: Pair, parts: Split, joints: Mapping[str, tuple[FloatArray, FloatArray, float]], rng: np.random.Generator
) -> tuple[Departure, ...]:
    """Muscles against what strides, electrodes and body may differ by; joints against their own floor."""
    asked = np.nan_to_num(parts.required)
    muscles = {plain(s): (given.strides[0][j] - asked[j], given.strides[1][j]) for j, s in enumerate(given.sites)}
    floors = {plain(s): APART * parts.unexplained_sd[j] for j, s in enumerate(given.sites)}
    found = departures(muscles, floors, phase=PHASE, rng=rng)
    angles = {name: (a, b) for name, (a, b, _) in joints.items() if len(a) > 1 and len(b) > 1}
    percent = np.linspace(0.0, 100.0, 101)
    found += departures(angles, {name: joints[name][2] for name in angles}, phase=percent, rng=rng)
    return tuple(sorted(found, key=lambda d: d.at))
