"""``compare``: one recording against another of the same person, leg by leg."""

import dataclasses
from collections.abc import Sequence
from typing import Final

import numpy as np

from restride import findings
from restride.chapters.watch.records import sport
from restride.errors import RestrideError
from restride.findings.conditions import Differing
from restride.pipeline.analysis import Analysis
from restride.pipeline.comparison.confounds import differences_of, warnings_of
from restride.pipeline.comparison.curves import on_one_scale, one_sticking, quantities
from restride.pipeline.comparison.measures import of_measures
from restride.pipeline.comparison.noise import beside_noise
from restride.pipeline.comparison.origins import origins
from restride.pipeline.comparison.records import Comparison
from restride.pipeline.comparison.rows import rows_of
from restride.pipeline.comparison.telling import summary_of
from restride.signals.recording import Doubt
from restride.signals.vocabulary import listed

LETTERS: Final = ("A", "B")
# each foot is down for more than half of a walker's stride (Alexander 1989)
WALKING_ABOVE: Final = 0.5


def compare(
    a: Analysis,
    b: Analysis,
    *,
    baseline: Sequence[Analysis] = (),
    names: tuple[str, str] | None = None,
    asked: Sequence[str] = (),
    same_electrodes: bool = False,
) -> Comparison:
    """A minus B, each leg against itself, and whether one leg changed more than the other.

    Parameters
    ----------
    a, b : Analysis
        Two recordings of one person in one movement.
    baseline : sequence of Analysis
        Sessions in which nothing was changed, in order of time; from three on they give the person's own noise.
    names : tuple of str, optional
        What A and B are called; else by the condition in question.
    asked : sequence of str
        Factors that are the question ("shoe", "speed"); see ``findings.conditions.differing``.
    same_electrodes : bool
        No electrode was moved between A and B; also read from ``conditions: {electrodes: ...}``.

    Returns
    -------
    Comparison
        Exchanging A and B turns every sign and nothing else.

    Raises
    ------
    RestrideError
        If A is B, if they are of different movements or tests, or if they share nothing that could be compared.
    """
    _refuse(a, b)
    sticking = one_sticking(a, b, stated=same_electrodes)
    conditions = (*differences_of(a, b, asked=asked), *_electrodes(a, b, sticking))
    called = names or _names(conditions)
    curves, emg_axis = on_one_scale(a, b, sticking=sticking)
    rows = rows_of(a, b, curves, names=called, sticking=sticking)
    measures = tuple(of_measures(a.chapters, b.chapters))
    if not rows.changes and not measures:
        raise RestrideError(_nothing_shared(a, b))
    noise = beside_noise(rows, measures, (a, b), baseline=baseline, sticking=sticking)
    warnings = (*warnings_of(conditions), *_of_baseline(baseline))
    known = quantities(curves, sticking=sticking)
    where, untold = origins(a, b, curves, sticking=sticking)
    told = summary_of(rows, measures, noise=noise, names=called, analyses=(a, b), warnings=warnings)
    return Comparison(
        first=a,
        second=b,
        names=called,
        summary=dataclasses.replace(told, not_measured=(*told.not_measured, *untold)),
        conditions=conditions,
        warnings=warnings,
        changes=findings.ordered(rows.changes),
        interactions=findings.ordered(rows.interactions),
        measures=measures,
        own_noise=noise,
        baseline=len(baseline),
        curves=curves,
        differences={k: findings.change_curves(*pair, quantity=known.get(k)) for k, pair in curves.items()},
        emg_axis=emg_axis,
        one_sticking=sticking,
        origin=where,
    )


def _refuse(a: Analysis, b: Analysis) -> None:
    """Raise where a comparison would say nothing, or something wrong."""
    hashes = [{s.sha256 for s in analysis.recording.sources} for analysis in (a, b)]
    if a is b or (hashes[0] and hashes[0] == hashes[1]):
        raise RestrideError("expected two recordings, found the same files for A and B; give another one for B")
    tests = [analysis.recording.conditions.test for analysis in (a, b)]
    moved = [_movement(analysis) for analysis in (a, b)]
    for what, (one, other) in (("test", tests), ("movement", moved)):
        if one and other and one != other:
            raise RestrideError(
                f"expected one {what} in both recordings, found {one} in A and {other} in B; compare like with like, "
                f"or state the right one in take.yaml: conditions: {{{what}: ...}}"
            )


def _movement(analysis: Analysis) -> str:
    """As stated, by how long a foot is down, or the sport of a watch; empty where none tells."""
    conditions = analysis.recording.conditions
    if conditions.pedalling:
        return "cycling"
    if conditions.movement:
        return conditions.movement
    kept = analysis.cycles[analysis.cycles["kept"]]
    duty = ((kept["toe_off_s"] - kept["start_s"]) / (kept["end_s"] - kept["start_s"])).median()
    if np.isfinite(duty):
        return "walking" if duty > WALKING_ABOVE else "running"
    return sport(analysis.recording)


def _nothing_shared(a: Analysis, b: Analysis) -> str:
    empty = [letter for letter, one in zip(LETTERS, (a, b), strict=True) if not one.cycles["kept"].any()]
    if len(empty) == 1:
        return (
            f"expected whole strides of a leg in both recordings, found none in {empty[0]}; look at it by itself with "
            "restride analyse, which says why"
        )
    return (
        "expected something that both recordings measured, found nothing in common; compare recordings of one kind "
        "of device, with strides of the same leg"
    )


def _electrodes(a: Analysis, b: Analysis, sticking: bool) -> list[Differing]:
    if "emg" not in a.curves or "emg" not in b.curves or sticking:
        return []
    stated = [analysis.recording.conditions.electrodes for analysis in (a, b)]
    first, second = (words or "not stated" for words in stated)
    said = "Electrodes that were stuck on anew change the size of the EMG, so sizes of one leg are not compared."
    if not all(stated):
        said = f"Nobody states that the electrodes stayed in place. {said}"
    return [Differing("electrodes", first, second, "confounds" if all(stated) else "not known", said)]


def _names(conditions: Sequence[Differing]) -> tuple[str, str]:
    asked = [d for d in conditions if d.role == "asked"]
    if len(asked) != 1:
        return "A", "B"
    return f"A ({asked[0].first})", f"B ({asked[0].second})"


def _of_baseline(baseline: Sequence[Analysis]) -> list[Doubt]:
    """Baseline sessions of unlike kinds would count their conditions as noise."""
    unlike = {
        k: [d.factor for d in differences_of(baseline[0], session) if d.role != "not known"]
        for k, session in enumerate(baseline[1:], start=2)
    }
    unlike = {k: factors for k, factors in unlike.items() if factors}
    if not unlike:
        return []
    which = listed([str(k) for k in unlike])
    what = listed(list(dict.fromkeys(factor for factors in unlike.values() for factor in factors)))
    text = f"Of the baseline sessions, {which} differ from the first in {what}, and that passes for your own noise."
    return [Doubt("baseline", text, "Record the baseline under one condition, with one device.")]
