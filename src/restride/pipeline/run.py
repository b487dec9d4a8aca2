"""``analyse``: from a recording to everything the page shows, in one readable pass."""

from collections.abc import Callable
from typing import Final

import pandas as pd

from restride import cycles, findings
from restride.chapters.chapter import Chapter
from restride.chapters.telling import chapters, of_strides
from restride.findings.origin import rows as origin_rows
from restride.pipeline.analysis import Analysis
from restride.pipeline.clocks import clock_checks, doubts_of
from restride.pipeline.compared import differences, of_feet, on_one_axis, rows_of
from restride.pipeline.gaps import not_measured
from restride.pipeline.movement import Moved, moved
from restride.pipeline.muscles import Measured, judged, measured
from restride.pipeline.origins import origin_of_legs
from restride.pipeline.plan import Plan
from restride.pipeline.strides import with_strides
from restride.signals.frames import side_doubts
from restride.signals.recording import Doubt, Recording

# without any of these nothing of a body was meant to be recorded, and its absence is no doubt
OF_A_BODY: Final = ("markers", "angles", "grf", "emg")
# a page with a finding of these is topped by its strides, any other by its first chapter
OF_STRIDES: Final = ("muscle", "joint", "moment", "required")
ACTIVE: Final = "Teager-Kaiser energy against the quietest tenth, double threshold, borders refined"


def analyse(
    recording: Recording, plan: Plan | None = None, *, progress: Callable[[str], None] | None = None
) -> Analysis:
    """What a recording shows: strides leg against leg where there are any, and its chapters.

    Parameters
    ----------
    recording : Recording
        As ``restride.read`` returns it: in the lab frame, facing forward.
    plan : Plan, optional
        Settings; the defaults are described there.
    progress : callable, optional
        Told in words which step begins.

    Returns
    -------
    Analysis
        Of a recording without a whole stride (a watch, standing, EMG at rest) it holds
        the chapters only, and the first of them tops the page.
    """
    plan = plan or Plan()
    say = progress or (lambda _: None)
    say("checking sides and directions")
    recording = cycles.assign_plates(recording)
    clocks = doubts_of(clock_checks(recording))
    recording = recording.replaced(doubts=(*recording.doubts, *side_doubts(recording), *clocks))
    say("finding strides")
    recording, table = with_strides(recording, source=plan.events)
    say("checking and smoothing the EMG")
    strides = bool(table["kept"].any())
    muscles = measured(recording, table, plan) if strides else judged(recording)
    body = Moved(recording, {}, None, None, {})
    if strides and any(kind in recording for kind in OF_A_BODY):
        say("fitting the body and finding what the movement required")
        body = moved(recording, table, plan)
    say("comparing the legs, and weighing where their differences come from")
    told = chapters(body.recording, table)
    return _assembled(body.recording, plan, table, muscles, body, told)


def _assembled(
    recording: Recording,
    plan: Plan,
    table: pd.DataFrame,
    muscles: Measured,
    body: Moved,
    told: tuple[Chapter, ...],
) -> Analysis:
    curves = dict(body.curves)
    if muscles.curves is not None:
        curves["emg"] = muscles.curves
        curves |= on_one_axis(curves)
    if muscles.active is not None:
        curves["active"] = muscles.active
    curves |= of_feet(recording, table)
    spatiotemporal = cycles.spatiotemporal(table)
    derived = body.method.get("force", "").startswith("derived")
    every = (*told, *of_strides(recording, table, curves))
    where, no_origin = origin_of_legs(curves, table, body=body.body, task=body.task, plan=plan)
    compared = rows_of(curves, recording, table, spatiotemporal, with_moments=not derived)
    rows = findings.ordered([*compared, *(origin_rows(where) if where else [])])
    doubts: tuple[Doubt, ...] = (*recording.doubts, *muscles.doubts, *body.doubts)
    missing = not_measured(recording, table, muscles, body)
    if no_origin:
        missing.append(f"whether a difference is the fault or answers one: {no_origin}")
    return Analysis(
        recording=recording.replaced(doubts=doubts),
        plan=plan,
        cycles=table,
        spatiotemporal=spatiotemporal,
        curves=curves,
        differences=differences(curves),
        quality=muscles.quality,
        findings=rows,
        summary=_summary(rows, table, told, missing),
        chapters=every,
        motion=body.motion(muscles.continuous),
        body=body.body,
        method={
            "emg": muscles.axis,
            "active": ACTIVE if muscles.active is not None else "",
            "events": _event_words(recording),
            **body.method,
            "origin": where.method if where else "",
            **{chapter.key: chapter.method for chapter in every},
        },
        emg_axis=muscles.axis,
        doubts=doubts,
        synthetic=recording.synthetic,
        origin=where,
        task=body.task,
        emg_reference=muscles.reference,
    )


def _summary(
    rows: tuple[findings.Finding, ...], table: pd.DataFrame, told: tuple[Chapter, ...], missing: list[str]
) -> findings.Summary:
    """The strongest finding of the strides; the first chapter where no muscle or joint was compared."""
    if table["kept"].any() and (not told or any(f.topic in OF_STRIDES for f in rows)):
        return findings.summary(rows, cycles=table, not_measured=missing)
    first = told[0]
    return findings.Summary(first.sentences[0], first.sureness, first.not_measured)


def _event_words(recording: Recording) -> str:
    methods = sorted(set(map(str, recording.events["method"])))
    return "; ".join(methods) if methods else "none found"
