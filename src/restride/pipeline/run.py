"""``analyse``: from a recording to everything the page shows, in one readable pass."""

from collections.abc import Callable, Mapping

import pandas as pd
import xarray as xr

from restride import cycles, findings
from restride.chapters.chapter import Chapter
from restride.chapters.telling import chapters
from restride.pipeline.analysis import Analysis
from restride.pipeline.clocks import clock_checks, doubts_of
from restride.pipeline.gaps import not_measured
from restride.pipeline.movement import Moved, moved
from restride.pipeline.muscles import Measured, judged, measured
from restride.pipeline.plan import Plan
from restride.pipeline.strides import with_strides
from restride.signals.frames import side_doubts
from restride.signals.recording import Doubt, Recording
from restride.signals.vocabulary import SUFFIX

STRIDE_COLUMNS: Mapping[str, tuple[str, str]] = {
    "contact_time_s": ("contact time", "s"),
    "flight_time_s": ("flight time", "s"),
    "swing_time_s": ("swing time", "s"),
    "step_time_s": ("step time", "s"),
}

# moments that motion and plates determine; subtalar and toe moments hang on millimetres of the centre of pressure
DETERMINED = ("hip_flexion", "hip_adduction", "hip_rotation", "knee_angle", "ankle_angle")


# signals of foot sensors that are drawn through the stride
FEET = ("foot_pitch", "foot_lift")
OF_STRIDES = ("muscle", "joint", "moment", "required")
# without any of these nothing of a body was meant to be recorded, and its absence is no doubt
OF_A_BODY = ("markers", "angles", "grf", "emg")
ACTIVE = "Teager-Kaiser energy against the quietest tenth, double threshold, borders refined"
# kinds that are not compared as curves
NOT_COMPARED = ("required", "active")


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
    say("comparing the legs")
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
        curves |= _on_one_axis(curves)
    if muscles.active is not None:
        curves["active"] = muscles.active
    curves |= {kind: _of_feet(recording[kind], table) for kind in FEET if kind in recording and table["kept"].any()}
    spatiotemporal = cycles.spatiotemporal(table)
    derived = body.method.get("force", "").startswith("derived")
    rows = findings.ordered(_findings(curves, table, spatiotemporal, with_moments=not derived))
    doubts: tuple[Doubt, ...] = (*recording.doubts, *muscles.doubts, *body.doubts)
    return Analysis(
        recording=recording.replaced(doubts=doubts),
        plan=plan,
        cycles=table,
        spatiotemporal=spatiotemporal,
        curves=curves,
        differences=_differences(curves),
        quality=muscles.quality,
        findings=rows,
        summary=_summary(rows, table, told, not_measured(recording, table, muscles, body)),
        chapters=told,
        motion=body.motion(muscles.continuous),
        body=body.body,
        method={
            "emg": muscles.axis,
            "active": ACTIVE if muscles.active is not None else "",
            "events": _event_words(recording),
            **body.method,
            **{chapter.key: chapter.method for chapter in told},
        },
        emg_axis=muscles.axis,
        doubts=doubts,
        synthetic=recording.synthetic,
    )


def _of_feet(moved: xr.DataArray, table: pd.DataFrame) -> xr.DataArray:
    """What a foot sensor shows of each foot, cut into that foot's strides."""
    names = [f"{moved.name}{SUFFIX[side]}" for side in moved["side"].values]
    return cycles.by_leg(moved.rename(side="foot").assign_coords(foot=names), table)


def _differences(curves: Mapping[str, xr.DataArray]) -> dict[str, xr.Dataset]:
    """Left minus right of every kind, with the method's own floor where it has one."""
    found = {kind: findings.differences(curve) for kind, curve in curves.items() if kind not in NOT_COMPARED}
    for kind, quantity in _quantities(curves).items():
        if kind in found:
            found[kind] = found[kind].assign(floor=findings.floor(curves[kind], quantity=quantity))
    return found


def _quantities(curves: Mapping[str, xr.DataArray]) -> dict[str, findings.Quantity]:
    """Kind of curve to how it is spoken of."""
    moments = findings.moment(curves["grf"]) if "grf" in curves else findings.MOMENT
    return {"emg": findings.ACTIVITY, "angles": findings.ANGLE, "moments": moments}


def _on_one_axis(curves: Mapping[str, xr.DataArray]) -> dict[str, xr.DataArray]:
    """Required activation of the measured sites, brought to the EMG's axis."""
    if "required_sites" not in curves:
        return {}
    scaled, _ = findings.matched(curves["required_sites"], curves["emg"])
    return {"required_sites": scaled, "unexplained": findings.unexplained(curves["emg"], scaled)}


def _findings(
    curves: Mapping[str, xr.DataArray], table: pd.DataFrame, spatiotemporal: pd.DataFrame, *, with_moments: bool
) -> list[findings.Finding]:
    """All rows that the data bear.

    Moments only from measured force, because derived force tells them too loosely to compare legs; times only
    where contacts were measured, because strides from EMG alone are laid out by the usual order of the muscles.
    """
    chosen = findings.windows(table)
    timed = bool(table.loc[table["kept"], "toe_off_s"].notna().any())
    rows: list[findings.Finding] = []
    if "emg" in curves:
        emg = curves["emg"]
        rows += findings.sides(emg, chosen, quantity=findings.ACTIVITY)
        rows += findings.sides(findings.cocontraction(emg), chosen, quantity=findings.ACTIVITY)
        rows += findings.timing(emg) if timed else []
        if "required_sites" in curves:
            rows += findings.against_required(emg, curves["required_sites"], chosen)
    if "angles" in curves:
        rows += findings.sides(curves["angles"], chosen, quantity=findings.ANGLE)
    if with_moments and "moments" in curves:
        determined = curves["moments"].sel(coordinate=list(DETERMINED))
        rows += findings.sides(determined, chosen, quantity=_quantities(curves)["moments"])
    return rows + (findings.strides(spatiotemporal, columns=STRIDE_COLUMNS) if timed else [])


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
