"""The chapter of legs and pelvis: each leg's measures, and whether those that differ point to one leg."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride import cycles, findings
from restride.chapters.chapter import Chapter, Chart, Measure, Whose
from restride.errors import RestrideError
from restride.findings import legs
from restride.findings.finding import Finding
from restride.findings.legs import Quantity
from restride.findings.statistics import mean_estimate
from restride.signals.recording import Movement, Recording
from restride.signals.schema import SIDES, FloatArray

# unit of a row -> SI unit and, where it is not the usual one, the unit shown
_UNITS: Final = {
    "deg": ("rad", ""),
    "mm": ("m", "mm"),
    "ms": ("s", "ms"),
    "%": ("1", "%"),
    "% of leg": ("1", "%"),
    "per min": ("Hz", "per min"),
}
CHARTED: Final = ("pelvic_drop_peak_rad", "foot_pitch_swing_rad", "clearance_m", "placement_m")
# fewer strides of a leg show no course, and only large differences
FEWEST_DRAWN: Final = 5
_METHOD: Final = (
    "means over kept strides, read from each leg's own curves (restride.findings.legs.measures); 95 % t intervals over "
    "strides of this take, which are not days"
)


def chapters(recording: Recording, table: pd.DataFrame, curves: Mapping[str, xr.DataArray]) -> list[Chapter]:
    """How pelvis, legs and feet are held; empty without markers or joint angles of a leg.

    Parameters
    ----------
    recording : Recording
    table : DataFrame
        Strides as from ``cycles.segment``.
    curves : mapping of kind to DataArray, dims (cycle, phase, name)
    """
    if not table["kept"].any() or not ({"markers", "angles"} & set(recording.signals)):
        return []
    measured = legs.measures(recording, table)
    told = [q for q in legs.QUANTITIES if measured[q.column].notna().any()]
    if not told:
        return []
    rows = legs.sides(measured)
    norms, speed = _norms(recording, measured)
    joints = _ranges(curves)
    times = findings.strides(measured, columns={"contact_time_s": ("contact time", "s")})
    weighed = legs.weighed([*times, *rows, *joints, *norms])
    return [
        Chapter(
            key="legs",
            title="Legs and pelvis",
            sentences=(_of_one(measured) or weighed.sentence, *_of_norms(norms, speed)),
            sureness=_sureness(measured, rows),
            measures=tuple(_measures(measured, told, rows)),
            charts=tuple(_charts(measured, told)),
            not_measured=tuple(_not_measured(measured)),
            method=_METHOD,
        )
    ]


def _of_one(measured: pd.DataFrame) -> str:
    """What is said where only one leg has strides; empty where both have."""
    seen = [side for side in SIDES if (measured["side"] == side).any()]
    return f"Strides of the {seen[0]} leg only were recorded, so the legs are not compared." if len(seen) == 1 else ""


def _ranges(curves: Mapping[str, xr.DataArray]) -> list[Finding]:
    return findings.sides(curves["angles"], (), quantity=findings.ANGLE) if "angles" in curves else []


def _norms(recording: Recording, measured: pd.DataFrame) -> tuple[list[Finding], float]:
    stated = recording.conditions.speed_m_s
    speed = float(measured["speed_m_s"].median()) if stated is None else stated
    try:
        movement: Movement = cycles.movement_of(recording)
    except RestrideError:
        return [], speed
    return legs.against_norm(measured, movement=movement, speed_m_s=speed), speed


def _of_norms(rows: list[Finding], speed: float) -> list[str]:
    at = "at a speed that is not known" if np.isnan(speed) else f"at {speed:.1f} m/s"
    if not rows:
        return [f"No norm with a source was found for these measures {at}, so none is compared."]
    beyond = [row for row in rows if row.interval and not row.interval[0] <= 0 <= row.interval[1]]
    names = dict.fromkeys(row.name for row in rows)
    if beyond:
        return [row.sentence for row in beyond]
    return [f"Against norms with a source {at}: {', '.join(names)} within the range; the other measures have none."]


def _sureness(measured: pd.DataFrame, rows: list[Finding]) -> str:
    counts = measured["side"].value_counts()
    strides = f"{counts.get('left', 0)} left and {counts.get('right', 0)} right strides of one take"
    open_still = any(row.interval is None for row in rows)
    few = "; some measures have too few for an interval" if open_still else ""
    if counts.reindex(SIDES, fill_value=0).min() < FEWEST_DRAWN:
        few += "; so few show only what is large"
    return f"From {strides}{few}. A difference below the floor beside each measure cannot be told from the method."


def _measures(measured: pd.DataFrame, told: list[Quantity], rows: list[Finding]) -> list[Measure]:
    apart = {row.what: row for row in rows}
    out = []
    shown = [*told, *(legs.BY_COLUMN[c] for c in ("step_width_m",) if measured[c].notna().any())]
    for q in shown:
        units, unit = _UNITS[q.units]
        for side in SIDES:
            found = mean_estimate(measured.loc[measured["side"] == side, q.column].to_numpy(dtype=np.float64))
            if found.n[0]:
                whose: Whose = side
                out.append(
                    Measure(
                        *(q.name, whose, found.value, units, found.interval, found.reason, found.n[0], "strides"),
                        f"mean over strides, read in: {q.window}",
                        unit,
                    )
                )
        if q.column in apart:
            row = apart[q.column]
            span = None if row.interval is None else (row.interval[0] / q.factor, row.interval[1] / q.factor)
            out.append(
                Measure(
                    *(f"{q.name}, left minus right", "both", row.value / q.factor, units, span, row.interval_reason),
                    *(min(row.n), "strides", row.method, unit),
                )
            )
    return out


def _charts(measured: pd.DataFrame, told: list[Quantity]) -> list[Chart]:
    charts = []
    for q in told:
        if q.column not in CHARTED or measured.groupby("side")[q.column].count().max() < FEWEST_DRAWN:
            continue
        units, unit = _UNITS[q.units]
        series: dict[str, FloatArray] = {
            str(side): np.where(measured["side"] == side, measured[q.column], np.nan).astype(float) for side in SIDES
        }
        ends = "; ".join(
            f"{side} {q.factor * np.nanmin(v):.{q.digits}f} to {q.factor * np.nanmax(v):.{q.digits}f}"
            for side, v in series.items()
            if np.isfinite(v).any()
        )
        charts.append(
            Chart(
                title=f"{q.name[0].upper()}{q.name[1:]}, stride by stride",
                x=measured["start_s"].to_numpy(dtype=np.float64),
                x_words="time",
                x_units="s",
                series=series,
                y_words=q.name,
                y_units=units,
                style="dots",
                words=f"{q.name[0].upper()}{q.name[1:]} of each stride: {ends} {'°' if q.units == 'deg' else q.units}.",
                y_shown_in=unit,
                level=0.0 if q.column == "placement_m" else None,
                level_words="line of progress" if q.column == "placement_m" else "",
            )
        )
    return charts


def _not_measured(measured: pd.DataFrame) -> list[str]:
    missing = {
        "pelvic_drop_rad": "the drop of the pelvis: it takes markers on the pelvis or its angles",
        "trunk_lean_rad": "how the trunk leans: it takes a marker on neck, breastbone or both shoulders",
        "clearance_m": "how high the toes pass: it takes heel and toe markers",
        "whip_rad": "whether the heels whip: it takes a third marker at the outer edge of each foot or ankle",
    }
    out = [words for column, words in missing.items() if measured[column].isna().all()]
    seen = measured.groupby("side")["foot_pitch_contact_rad"].count()
    out += [
        f"how the {side} foot is held: its heel and toe markers move against each other, or are missing"
        for side in SIDES
        if seen.get(side, 0) == 0 < seen.max()
    ]
    return [*out, "which leg is at fault: a difference has two ends, and a cause is not a measure"]
