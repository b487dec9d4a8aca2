"""The moving body's part of the page: payload, stills, and the list of muscles."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import xarray as xr

from restride.body.scene import Scene, scene
from restride.errors import ModelError
from restride.pipeline.analysis import Analysis, Motion
from restride.report.departing import Departing, departing
from restride.report.page import Mark, Moving, MuscleRow, Still
from restride.report.panels import of_a_body
from restride.report.payload import body_payload
from restride.report.stills import CELL_PX, departures, pictures
from restride.report.verdicts import BY_ITSELF, LEGEND, swatch
from restride.report.words import MUSCLES, capital
from restride.signals.recording import Side
from restride.signals.schema import SIDES, FloatArray
from restride.signals.vocabulary import SUFFIX

# seven moments, evenly through the stride
MOMENTS_PERCENT: Final = (0, 15, 30, 45, 60, 75, 90)
PHASES: Final = np.linspace(0.0, 100.0, 101)
DEPARTS: Final = "What departs from the other leg"


def moving(analysis: Analysis) -> tuple[Moving | None, str]:
    """The moving body, or None and the reason in words; no reason where nothing of a body was recorded."""
    if not of_a_body(analysis):
        return None, ""
    if analysis.motion is None or analysis.body is None:
        return None, "The body could not be computed from this take; the reasons stand under doubts."
    motion = analysis.motion
    try:
        drawn = scene(analysis.body, motion.angles, motion.root)
    except ModelError as error:
        return None, f"The body could not be drawn: {error}."
    measured, required = (_by_muscle(a, drawn) for a in (motion.measured, motion.required))
    followed: Side = "left" if motion.label.startswith("left") else "right"
    other_start = _other_start(analysis, motion, followed)
    departs = None
    if analysis.origin is not None:
        starts = {side: 0.0 if side == followed else other_start for side in SIDES}
        departs = departing(analysis.origin, drawn.muscles, starts=starts)
    rows = muscle_rows(drawn.muscles, measured, required, departs)
    time_s = motion.angles["time"].values
    return (
        Moving(
            label=motion.label,
            followed=followed,
            other_start=other_start,
            stride_s=round(float(time_s[-1] - time_s[0]), 3),
            payload=body_payload(drawn, measured, required, departs),
            stills=_stills(drawn, measured, required, followed, departs),
            muscles=rows,
            caution=_caution(analysis, measured, required),
            beside="required" if departs is None or not set(departs.states) & set(BY_ITSELF) else "origin",
            marks=() if departs is None else _marks(departs),
        ),
        "",
    )


def muscle_rows(
    muscles: tuple[str, ...], measured: FloatArray, required: FloatArray, departs: Departing | None = None
) -> tuple[MuscleRow, ...]:
    """One row per muscle pair: measured ones first, by their difference between the legs, then by what was required.

    Before them all come those that depart by themselves, where that is known.

    Parameters
    ----------
    muscles : tuple of str
        With side, ``soleus_l``.
    measured, required : ndarray, shape (101, muscle)
        NaN where not measured.
    departs : Departing or None
    """
    place = {name: i for i, name in enumerate(muscles)}
    rows = []
    for name in dict.fromkeys(m[:-2] for m in muscles):
        peaks = [_peaks(values, name, place) for values in (measured, required)]
        title = capital(MUSCLES.get(name, name))
        rows.append(MuscleRow(name, title, peaks[0], peaks[1], _verdicts(departs, name, place)))
    first = {m[:-2] for m, s in zip(muscles, departs.states, strict=True) if s in BY_ITSELF} if departs else set()
    return tuple(sorted(rows, key=lambda row: (row.name not in first, *_rank(row))))


def _verdicts(departs: Departing | None, name: str, place: Mapping[str, int]) -> dict[Side, str]:
    if departs is None:
        return {}
    columns = {side: place.get(name + SUFFIX[side]) for side in SIDES}
    return {side: "" if i is None else departs.words[i] for side, i in columns.items()}


def _rank(row: MuscleRow) -> tuple[int, float]:
    left, right = row.measured["left"], row.measured["right"]
    if left is not None and right is not None:
        return 0, -abs(left - right)
    needed = max(v or 0.0 for v in row.required.values())
    return (2 if left is None and right is None else 1), -needed


def _peaks(values: FloatArray, name: str, place: Mapping[str, int]) -> dict[Side, float | None]:
    out: dict[Side, float | None] = {}
    for side in SIDES:
        suffix = SUFFIX[side]
        column = values[:, place[name + suffix]] if name + suffix in place else np.array([np.nan])
        out[side] = float(np.nanmax(column)) if np.isfinite(column).any() else None
    return out


def _by_muscle(activation: xr.DataArray, drawn: Scene) -> FloatArray:
    """Activation at 0 to 100 %, shape (101, muscle), in the scene's order of muscles."""
    time_s = activation["time"].values
    at = time_s[0] + PHASES / 100 * (time_s[-1] - time_s[0])
    values = activation.reindex(muscle=list(drawn.muscles)).transpose("time", "muscle").values
    return np.stack([np.interp(at, time_s, column) for column in values.T], axis=1)


def _other_start(analysis: Analysis, motion: Motion, followed: Side) -> float | None:
    """Percent of the shown stride at which the other leg's stride begins; None if not known."""
    events, time_s = analysis.recording.events, motion.angles["time"].values
    start, end = float(time_s[0]), float(time_s[-1])
    contacts = events[(events["name"] == "initial_contact") & (events["side"] != followed)]["time_s"]
    inside = contacts[(contacts > start) & (contacts < end)]
    return round(100 * (float(inside.iloc[0]) - start) / (end - start), 1) if len(inside) else None


def _stills(
    drawn: Scene, measured: FloatArray, required: FloatArray, followed: Side, departs: Departing | None
) -> dict[str, tuple[Still, ...]]:
    """Rows of stills; the measured row only if anything was measured."""
    rows = {"Measured (EMG)": measured, "Required by this motion": required}
    rows = {name: values for name, values in rows.items() if np.isfinite(values).any()} or rows
    drawings = pictures(drawn, list(rows.values()), MOMENTS_PERCENT)
    out = {
        name: tuple(
            Still(image, *CELL_PX, f"{percent} %", _alternative(name, percent, followed, rows[name], drawn))
            for image, percent in zip(images, MOMENTS_PERCENT, strict=True)
        )
        for name, images in zip(rows, drawings, strict=True)
    }
    if departs is not None:
        images = departures(drawn, departs, MOMENTS_PERCENT)
        out[DEPARTS] = tuple(
            Still(image, *CELL_PX, f"{percent} %", _alternative_of(departs, percent, followed))
            for image, percent in zip(images, MOMENTS_PERCENT, strict=True)
        )
    return out


def _alternative(name: str, percent: int, followed: Side, values: FloatArray, drawn: Scene) -> str:
    """What the picture shows, in words: the three most active muscles."""
    now = np.nan_to_num(values[percent], nan=-1.0)
    top = [i for i in np.argsort(-now)[:3] if now[i] > 0.05]
    named = [f"{_plain(drawn.muscles[i])} {now[i]:.2f}" for i in top]
    most = f"most active: {', '.join(named)}" if named else "no muscle above 0.05"
    return f"Legs from the right side at {percent} % of the {followed} stride, {name[0].lower()}{name[1:]}; {most}."


def _alternative_of(departs: Departing, percent: int, followed: Side) -> str:
    """What a picture of departures shows, in words: the three muscles that depart most by themselves."""
    now = np.where([s in BY_ITSELF for s in departs.states], np.nan_to_num(departs.values[percent]), 0.0)
    top = [i for i in np.argsort(-np.abs(now))[:3] if abs(now[i]) > 0.05]
    named = [f"{_plain(departs.muscles[i])} {'busier' if now[i] > 0 else 'quieter'} by {abs(now[i]):.2f}" for i in top]
    most = f"departing most: {', '.join(named)}" if named else "no muscle departs by more than 0.05"
    return (
        f"Legs from the right side at {percent} % of the {followed} stride, {DEPARTS[0].lower()}{DEPARTS[1:]}; {most}."
    )


def _plain(muscle: str) -> str:
    return f"{'left' if muscle.endswith(SUFFIX['left']) else 'right'} {MUSCLES[muscle[:-2]]}"


def _marks(departs: Departing) -> tuple[Mark, ...]:
    """The legend of the colours that occur."""
    return tuple(Mark(swatch(state), words) for state, words in LEGEND.items() if state in departs.states)


def _caution(analysis: Analysis, measured: FloatArray, required: FloatArray) -> str:
    """Which units the two panes have, that their brightness is not one scale, and what is not known."""
    did, asked = bool(np.isfinite(measured).any()), bool(np.isfinite(required).any())
    parts = [f"Measured: EMG, {analysis.emg_axis}." if did else "No muscle was measured in this stride."]
    if asked:
        parts.append("Required: activation of the body model, 1 is full.")
    if asked and not np.isfinite(required).all():
        parts.append("Where the required pane is blue-grey, no ground force is known, so nothing can be said.")
    if not asked:
        parts.append("What was required is not known for this stride: it needs the ground force.")
    if did and asked:
        parts.append(
            "These are two scales: compare when and in what shape a muscle lights up, not how bright one pane is "
            "against the other."
        )
    return " ".join(parts)
