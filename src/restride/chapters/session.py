"""The chapter of changes within a session: from which minute on a measure is another one, beyond drift and speed."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride import findings
from restride.chapters.chapter import Chapter, Chart, Measure, Whose
from restride.chapters.watch.records import clock, ground, in_motion, on_clock, on_wheels
from restride.errors import SchemaError
from restride.findings import legs, session
from restride.findings.session import Course, Onset
from restride.signals.recording import Recording
from restride.signals.schema import SIDES, FloatArray
from restride.signals.vocabulary import listed, plain

SEED: Final = 0
# shorter sessions hold no drift to speak of
SHORTEST_S: Final = 480.0
# on foot only what was gone at nearly one speed is one course: contact and balance bend with speed
SPEED_BAND: Final = 0.15
# slower steps than these are walked, and a runner who walks a while has not changed his running
RUN_STEPS_HZ: Final = 2.3
# a slope that is mostly missing would take its records out of the course
KNOWN: Final = 0.9
# kind of signal -> how it is called, its unit, the unit it is spoken in, factor, digits
_SHARED: Final = {
    "contact_left_share": ("left share of contact time", "1", "percentage points", 100.0, 1),
    "left_share": ("left share of power", "1", "percentage points", 100.0, 1),
    "contact_time": ("contact time", "s", "ms", 1e3, 0),
    "vertical_oscillation": ("vertical oscillation", "m", "mm", 1e3, 1),
    "step_rate": ("step rate", "Hz", "steps per minute", 60.0, 1),
}
_UNITS: Final = {
    "rad": ("°", 180 / np.pi, 1),
    "m": ("mm", 1e3, 0),
    "s": ("ms", 1e3, 0),
    "1": ("percentage points", 100.0, 1),
    "Hz": ("per minute", 60.0, 1),
}
_SHOWN: Final = {"1": "%", "m": "mm", "s": "ms", "Hz": "per min", "rad": ""}
_ROW_UNITS: Final = {"deg": "rad", "mm": "m", "ms": "s", "%": "1", "% of leg": "1", "per min": "Hz"}
_METHOD: Final = (
    "medians of stretches of 15 s, longer ones in long sessions; one change point, a step or a growth over 5 minutes, "
    "beyond drift (straight, bent, warming up), speed and slope, held against autoregressive noise of the same memory; "
    "Holm's correction over the measures (restride.findings.change_points)"
)


def of_outing(recording: Recording, table: pd.DataFrame) -> list[Chapter]:  # noqa: ARG001  a teller's signature
    """Changes within an outing of a watch or of power pedals; empty where it is short or holds no such records.

    Parameters
    ----------
    recording : Recording
    table : DataFrame
        Strides; an outing has none.
    """
    base = clock(recording)
    if base is None or np.ptp(base["time"].values) < SHORTEST_S:
        return []
    steady = _steady(recording)
    time_s, load = base["time"].values[steady], _load(recording)[steady]
    courses = []
    for kind, (name, units, *_) in _SHARED.items():
        if kind in recording:
            words = f"{_share_of(recording, kind)} {name.removeprefix('left ')}" if "share" in kind else name
            courses.append(session.course(words, units, time_s, on_clock(recording, kind)[steady], covariates=load))
    of = "records in motion" if on_wheels(recording) else "records at nearly one speed"
    return _told(recording, courses, ("session", "Changes within the session"), of)


def of_strides(recording: Recording, table: pd.DataFrame, curves: Mapping[str, xr.DataArray]) -> list[Chapter]:
    """Changes of one leg beyond the other's within a session of strides; empty where it is short.

    Parameters
    ----------
    recording : Recording
    table : DataFrame
        Strides as from ``cycles.segment``.
    curves : mapping of kind to DataArray, dims (cycle, phase, name)
    """
    kept = table[table["kept"]]
    if kept.empty or kept["end_s"].max() - kept["start_s"].min() < SHORTEST_S or kept["side"].nunique() < len(SIDES):
        return []
    measured = _of_strides(recording, table, curves)
    stride_s = kept["end_s"] - kept["start_s"]
    pace = kept["start_s"].to_numpy(dtype=np.float64), stride_s.to_numpy(dtype=np.float64)[:, None]
    courses = []
    for (name, units), values in measured.items():
        own = [_of_leg(kept, values, side) for side in SIDES]
        if all(np.isfinite(v).any() for _, v in own):
            courses.append(session.legs_apart(name, units, own[0], own[1], covariates=pace))
    return _told(recording, courses, ("session_legs", "Changes of one leg within the session"), "strides of both legs")


def _of_leg(kept: pd.DataFrame, values: "pd.Series[float]", side: str) -> tuple[FloatArray, FloatArray]:
    """When each stride of a leg began, and its value."""
    own = kept["side"] == side
    return np.asarray(kept.loc[own, "start_s"], dtype=np.float64), np.asarray(values[own], dtype=np.float64)


def _steady(recording: Recording) -> np.ndarray:
    """Records in motion; on foot those of a run that was mostly run, and near the middle speed."""
    moving = in_motion(recording)
    if on_wheels(recording):
        return moving
    rate = on_clock(recording, "step_rate")
    if np.isfinite(rate[moving]).any() and np.nanmedian(rate[moving]) > RUN_STEPS_HZ:
        moving = moving & ~(rate < RUN_STEPS_HZ)
    speed = on_clock(recording, "speed")
    if np.isfinite(speed[moving]).any():
        middle = float(np.nanmedian(speed[moving]))
        moving = moving & (np.abs(speed - middle) <= SPEED_BAND * middle)
    return moving


def _load(recording: Recording) -> FloatArray:
    """What a course follows anyway, shape (record, k): speed (on wheels power), its square, and slope where known."""
    kind = "power" if on_wheels(recording) and "power" in recording else "speed"
    load = on_clock(recording, kind)
    columns = []
    if np.isfinite(load).any():
        columns = [load, (load - np.nanmean(load)) ** 2]
    slope = ground(recording)
    if np.isfinite(slope).mean() > KNOWN:
        columns.append(slope)
    return np.column_stack(columns) if columns else np.empty((load.size, 0))


def _share_of(recording: Recording, kind: str) -> str:
    try:
        of = findings.samples(recording, "power" if kind == "left_share" else "contact time").of
    except SchemaError:
        return "one leg's"
    return "left" if of == "left leg" else "one leg's (which one is not stated)"


def _of_strides(
    recording: Recording, table: pd.DataFrame, curves: Mapping[str, xr.DataArray]
) -> dict[tuple[str, str], "pd.Series[float]"]:
    """Name and unit of a measure to its value in each kept stride."""
    found: dict[tuple[str, str], pd.Series[float]] = {}
    measured = legs.measures(recording, table)
    for q in legs.BY_COLUMN.values():
        if measured[q.column].notna().any() and q.column not in ("cadence_hz", "step_width_m"):
            found[q.name, _ROW_UNITS[q.units]] = measured[q.column]
    for kind in ("foot_pitch", "foot_lift", "emg"):
        if kind not in curves:
            continue
        array = curves[kind]
        rest = next(str(d) for d in array.dims if d not in ("cycle", "phase"))
        for name in map(str, array[rest].values):
            own = array.sel({rest: name}).transpose("cycle", "phase").values
            index = pd.Index(array["cycle"].values)
            if kind == "foot_pitch":
                found["foot pitch at contact, toes up", "rad"] = pd.Series(own[:, 0], index=index)
            elif kind == "foot_lift":
                found["height of the foot in swing", "m"] = pd.Series(own.max(axis=1), index=index)
            else:
                found[f"{plain(name)}, mean activity", "1"] = pd.Series(own.mean(axis=1), index=index)
    return {key: values.reindex(measured.index) for key, values in found.items()}


def _told(recording: Recording, courses: list[Course], named: tuple[str, str], of: str) -> list[Chapter]:
    found = session.onsets(courses, rng=np.random.default_rng(SEED))
    if not found:
        return []
    sure = [one for one in found if one.certain]
    names = listed([one.course.name for one in found])
    text = [_sentence(recording, one) for one in sure] or [
        f"From no minute on is any measure another one beyond its drift: {names}."
    ]
    shown = sure or found[:1]
    return [
        Chapter(
            key=named[0],
            title=named[1],
            sentences=(*text, *_way_back(recording)),
            sureness=(
                f"From {of}, {len(found)} measures and one change of each. A jump three times as large as the "
                "scatter from one stretch of 15 s to the next is found in most sessions of half an hour, smaller and "
                "slower ones often not; what comes and goes is not looked for."
            ),
            measures=tuple(measure for one in found for measure in _measures(one)),
            charts=tuple(_chart(one) for one in shown),
            not_measured=("why something began: a minute is not a cause",),
            method=_METHOD,
        )
    ]


def _sentence(recording: Recording, one: Onset) -> str:
    what, (unit, factor, digits) = one.change, _UNITS[one.course.units]
    low, high = (f"{v / 60:.1f}" for v in what.interval_s)
    when = f"From minute {what.at_s / 60:.1f} on (95 % interval {low} to {high}{_distance(recording, what.at_s)})"
    size = f"{factor * abs(what.size):.{digits}f} {unit}"
    grows = "" if what.shape == "step" else ", within 5 minutes,"
    chance = f"p = {what.p:.3f}"
    if one.sizes is None:
        way = "higher" if what.size > 0 else "lower"
        return f"{when} {one.course.name} is {size} {way}{grows} than its drift and speed explain ({chance})."
    left, right = (f"{factor * v:+.{digits}f}".replace("-", "−") for v in one.sizes)
    way = "more" if what.size > 0 else "less"
    return (
        f"{when} {one.course.name} of the left leg is {size} {way}{grows} beside the right's than before (left {left}, "
        f"right {right} {unit}; {chance}); the {one.side} leg changed more."
    )


def _distance(recording: Recording, at_s: float) -> str:
    if "distance" not in recording:
        return ""
    gone = recording["distance"]
    there = np.isfinite(gone.values)
    metres = np.interp(at_s, gone["time"].values[there], gone.values[there]) if there.any() else np.nan
    return f"; after {metres / 1000:.1f} km" if np.isfinite(metres) else ""


def _way_back(recording: Recording) -> list[str]:
    if not recording.conditions.recovery:
        return []
    return ["How each leg came back after the run was stopped is told under 'The way back after the run'."]


def _measures(one: Onset) -> list[Measure]:
    what, whose = one.change, "both" if one.sizes else ""
    side: Whose = "both" if whose else ""
    told = "told" if one.certain else "not told: within what drift and noise show by chance"
    name, n = one.course.name, what.n
    apart = ", left minus right" if one.sizes else ""
    return [
        Measure(
            *(f"likeliest onset: {name}{apart}", side, what.at_s, "s", what.interval_s, "", n, "stretches"),
            f"{what.shape}, p = {what.p:.3f}; {told}",
            "min",
        ),
        Measure(
            *(f"change there: {name}{apart}", side, what.size, one.course.units, None, "its interval was not computed"),
            *(n, "stretches", "beside drift and covariates"),
            _SHOWN[one.course.units],
        ),
    ]


def _chart(one: Onset) -> Chart:
    what, c = one.change, one.course
    values: dict[str, FloatArray] = {"left": c.legs[0], "right": c.legs[1]} if c.legs else {c.name: c.values}
    name = f"{c.name[0].upper()}{c.name[1:]}"
    fit = {} if c.legs else {"drift, speed and change": one.fitted}
    return Chart(
        title=f"{name} over the session",
        x=c.time_s,
        x_words="time",
        x_units="s",
        series={**values, **fit},
        y_words=c.name,
        y_units=c.units,
        style="dots",
        words=f"By stretches of time; the likeliest change is at minute {what.at_s / 60:.1f} (p = {what.p:.3f}).",
        x_shown_in="min",
        y_shown_in=_SHOWN[c.units],
    )
