"""The chapter of single-leg squats and deadlifts: how deep, how long, how smooth."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride import body, standing
from restride.chapters.chapter import Chapter, Chart
from restride.chapters.standing.attempts import Attempt, Column, against, attempts, measures, whose, within
from restride.errors import RestrideError
from restride.signals.filters import LONGEST_GAP_S, fill_gaps, unbroken_runs
from restride.signals.recording import Recording
from restride.signals.schema import SIDES
from restride.signals.vocabulary import plain

RANGE: Final = Column("range", "rad", "", 180 / np.pi, 0, "degrees")
COLUMNS: Final = {
    "down_s": Column("time down", "s", "", 1.0, 2, "s"),
    "up_s": Column("time up", "s", "", 1.0, 2, "s"),
    "arc_length": Column("smoothness (spectral arc length)", "1", "", 1.0, 2, "", "smoother", "less smooth"),
    "jerk": Column("smoothness (log dimensionless jerk)", "1", "", 1.0, 2, ""),
}
# what is read in a squat, and in a deadlift: joint angle or sensor, the telling one first
SEGMENTS: Final = {"single_leg_squat": ("thigh", "shank", "pelvis", "trunk"), "deadlift": ("trunk", "pelvis", "thigh")}
JOINTS: Final = {"single_leg_squat": "knee_angle", "deadlift": "hip_flexion"}
# what else moves meanwhile and should not, as far as it was measured
ASIDE: Final = ("pelvis_list", "hip_adduction", "hip_rotation")
_METHOD: Final = (
    "{source}: repetitions from a tenth of the depth and back (restride.standing.repetitions), smoothness of the speed "
    "down and up (Balasubramanian et al. 2015)"
)


def squats(recording: Recording) -> list[Chapter]:
    """Repetitions of each leg, from joint angles, markers or a sensor; empty where none shows one.

    Parameters
    ----------
    recording : Recording
    """
    test = recording.conditions.test
    if test not in SEGMENTS:
        return []
    recording = _with_angles(recording)
    rows, source, curve = _rows(recording, test)
    if rows.empty or curve is None:
        return []
    depth = Column(f"range of the {source}", RANGE.units, "", RANGE.factor, RANGE.digits, RANGE.unit)
    columns = {"range_rad": depth, **COLUMNS, **_aside_columns(rows)}
    word = "single-leg squats" if test == "single_leg_squat" else "deadlifts"
    compared = [*against(rows, "range_rad", depth, counted="repetitions")]
    compared += against(rows, "arc_length", COLUMNS["arc_length"], counted="repetitions")
    return [
        Chapter(
            key="squats",
            title=word[0].upper() + word[1:],
            sentences=(*compared, *_words(rows, word, depth)),
            sureness=(
                f"From {len(rows)} repetitions, {source}. Repetitions of one leg follow each other and tire it, so an "
                "interval speaks of this day only."
            ),
            measures=tuple(measures(rows, columns, _METHOD.format(source=source), counted="repetitions")),
            charts=(_chart(curve, source),),
            not_measured=_not_said(rows),
            method=_METHOD.format(source=source),
        )
    ]


def _with_angles(recording: Recording) -> Recording:
    """With joint angles from the markers, where the files hold none and the body can be fitted."""
    if "angles" in recording or "markers" not in recording:
        return recording
    try:
        person = body.scaled(recording)
        markers = fill_gaps(recording["markers"], max_gap_s=LONGEST_GAP_S)
        tracking = body.track(person, markers, static=recording.signals.get("static_markers"))
    except RestrideError:
        return recording  # too few markers of pelvis or legs
    return recording.replaced(signals={"angles": tracking.angles})


def _rows(recording: Recording, test: str) -> tuple[pd.DataFrame, str, xr.DataArray | None]:
    """One row per repetition, what it was read from, and the angle of the first attempt that shows some."""
    for source in _sources(recording, test):
        tables: list[pd.DataFrame] = []
        curve: xr.DataArray | None = None
        name = ""
        for attempt in attempts(recording):
            try:
                angle, name = _angle(recording, attempt, source)
                found = standing.repetitions(angle)
            except (RestrideError, KeyError):
                continue  # not recorded for this leg, or broken
            if len(found):
                aside = _aside(recording, attempt, found)
                tables.append(pd.concat([found, aside], axis=1).assign(side=whose(attempt), eyes=attempt.eyes or ""))
                curve = angle if curve is None else curve
        if tables:
            return pd.concat(tables, ignore_index=True), name, curve
    return pd.DataFrame(), "", None


def _sources(recording: Recording, test: str) -> list[str]:
    joints = [JOINTS[test]] if "angles" in recording else []
    worn = set()
    if "acc" in recording and "gyr" in recording and "segment" in recording["acc"].coords:
        worn = set(map(str, recording["acc"]["segment"].values))
    return joints + [segment for segment in SEGMENTS[test] if segment in worn]


def _angle(recording: Recording, attempt: Attempt, source: str) -> tuple[xr.DataArray, str]:
    """The angle of one attempt, dims (time,), and what it is in words; KeyError where that leg has none."""
    if source in JOINTS.values():
        if attempt.stands_on is None:
            raise KeyError(source)
        angle = within(recording["angles"], attempt).sel(coordinate=f"{source}_{attempt.stands_on[0]}", drop=True)
        runs = list(unbroken_runs(~np.isnan(angle.values)))
        if not runs:
            raise KeyError(source)
        return angle.isel(time=max(runs, key=lambda run: run.stop - run.start)), plain(source)
    acc, gyr = (within(recording[kind], attempt) for kind in ("acc", "gyr"))
    chosen = (acc["segment"].values.astype(str) == source) & _on_leg(acc["side"].values.astype(str), attempt)
    if not chosen.any():
        raise KeyError(source)
    one = int(chosen.argmax())
    return standing.inclination(acc.isel(sensor=one, drop=True), gyr.isel(sensor=one, drop=True)), f"{source} sensor"


def _on_leg(sides: np.ndarray, attempt: Attempt) -> np.ndarray:
    """Sensors of the leg that stands, and those of the middle."""
    return np.asarray((sides == "") | (sides == (attempt.stands_on or "")))


def _aside(recording: Recording, attempt: Attempt, found: pd.DataFrame) -> pd.DataFrame:
    """Range of the angles that should stay still, in each repetition."""
    if "angles" not in recording or attempt.stands_on is None:
        return pd.DataFrame(index=found.index)
    angles = recording["angles"]
    out = {}
    for name in ASIDE:
        full = name if name.startswith("pelvis") else f"{name}_{attempt.stands_on[0]}"
        if full in angles["coordinate"].values:
            one = angles.sel(coordinate=full)
            spans = zip(found["start_s"], found["end_s"], strict=True)
            out[name] = [float(np.ptp(one.sel(time=slice(start, end)).values)) for start, end in spans]
    return pd.DataFrame(out, index=found.index)


def _aside_columns(rows: pd.DataFrame) -> dict[str, Column]:
    return {name: Column(f"range of {plain(name)} meanwhile", "rad") for name in ASIDE if name in rows}


def _words(rows: pd.DataFrame, word: str, depth: Column) -> list[str]:
    said = []
    for side, own in rows.groupby("side", sort=False):
        leg = "" if side == "both" else f" on the {side} leg"
        size, down, up = (float(own[name].mean()) for name in ("range_rad", "down_s", "up_s"))
        said.append(
            f"{len(own)} {word}{leg}: {depth.name} {depth.text(size)}, {down:.1f} s down and {up:.1f} s up, spectral "
            f"arc length {own['arc_length'].mean():.2f} (nearer to zero is smoother; the smoothest movement has -1.4)."
        )
    return said


def _not_said(rows: pd.DataFrame) -> tuple[str, ...]:
    both = set(SIDES) <= set(rows["side"])
    return (
        *(() if both else ("how the legs differ: only one leg was recorded, or which it was is not stated",)),
        "which muscle does what, and the load on any joint",
    )


def _chart(curve: xr.DataArray, source: str) -> Chart:
    deepest = float(np.abs(np.rad2deg(curve.values)).max())
    return Chart(
        title=f"Angle of the {source} over time",
        x=curve["time"].values,
        x_words="time",
        x_units="s",
        series={source: curve.values},
        y_words="angle",
        y_units="rad",
        style="line",
        words=f"The angle of the {source} in the first trial; it reaches {deepest:.0f} degrees.",
    )
