"""The chapter of standing on a plate: sway, the share of each leg, and time on one leg."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride import standing
from restride.chapters.chapter import Chapter, Measure
from restride.chapters.standing.attempts import Attempt, Column, against, attempts, measures, whose, with_eyes
from restride.chapters.standing.eyes import eyes_measures, eyes_words
from restride.chapters.standing.held import HELD, held, held_words
from restride.chapters.standing.paths import centre, path_charts, settled
from restride.errors import RestrideError
from restride.findings.statistics import mean_estimate
from restride.signals.recording import Recording
from restride.signals.schema import SIDES, SPACE

# whoever stands keeps the force within a tenth of the weight but for an instant
STEADY: Final = 0.1
STEADY_SHARE: Final = 0.98
LEAST_WEIGHT_N: Final = 100.0
LONG_ENOUGH_S: Final = 10.0
VELOCITY: Final = Column("sway velocity", "m/s", "mm/s", 1e3, 1, "mm/s", "faster", "slower")
COLUMNS: Final = {
    "velocity_m_s": VELOCITY,
    "ellipse_area_m2": Column("sway area (95 % ellipse)", "m^2", "cm²", 1e4, 2, "cm²"),
    "frequency_hz": Column("mean sway frequency", "Hz", "", 1.0, 2, "Hz"),
    "rms_forward_m": Column("sway forward and back (RMS)", "m", "mm", 1e3, 1, "mm"),
    "rms_sideways_m": Column("sway sideways (RMS)", "m", "mm", 1e3, 1, "mm"),
    "range_forward_m": Column("range forward and back", "m", "mm", 1e3, 0, "mm"),
    "range_sideways_m": Column("range sideways", "m", "mm", 1e3, 0, "mm"),
    "path_m": Column("path of the centre of pressure", "m", "", 1.0, 2, "m"),
    "duration_s": Column("time measured", "s", "", 1.0, 0, "s"),
}
_METHOD: Final = (
    "centre of pressure, {filtered}: path over time, 95 % prediction ellipse (Schubert and Kirchner 2014), mean of the "
    "Welch spectrum of both directions (restride.standing.sway)"
)


def balance(recording: Recording) -> list[Chapter]:
    """Sway of each attempt that stood on a plate, and how long one leg was held; empty without either.

    Parameters
    ----------
    recording : Recording
    """
    if recording.conditions.test is None and not _somebody_stands(recording):
        return []
    spells = held(recording) if recording.conditions.test == "single_leg_stance" else pd.DataFrame()
    rows, paths, reasons = _swayed(recording, spells)
    if rows.empty and spells.empty:
        return []
    found = measures(rows, COLUMNS, _method(rows), counted="trials") if not rows.empty else []
    found = _with_windows(found, rows, paths)
    eyes = eyes_measures(rows)
    sentences = [
        *_sway_words(rows, recording, found),
        *eyes_words(eyes),
        *held_words(spells),
        *_shares_words(recording),
    ]
    return [
        Chapter(
            key="standing",
            title="Standing on one leg" if _one_leg(rows) else "Standing",
            sentences=tuple(sentences),
            sureness=_sureness(rows, spells),
            measures=(*found, *eyes, *_held_measures(spells), *_share_measures(recording)),
            charts=path_charts(paths),
            not_measured=(*_not_said(rows), *_which_way(recording), *reasons),
            method=_method(rows) if not rows.empty else str(spells["method"].iloc[0]),
        )
    ]


def _somebody_stands(recording: Recording) -> bool:
    """Whether the plates carry a weight that hardly changes."""
    if "plate_grf" not in recording:
        return False
    up = _total(recording["plate_grf"]).dropna("time")
    if up.sizes["time"] < 2 or float(up["time"][-1] - up["time"][0]) < LONG_ENOUGH_S:
        return False
    weight = float(up.median())
    return weight > LEAST_WEIGHT_N and float((abs(up - weight) < STEADY * weight).mean()) > STEADY_SHARE


def _total(plates: xr.DataArray) -> xr.DataArray:
    over = "plate" if "plate" in plates.dims else "side"
    return plates.isel(space=SPACE.index("y"), drop=True).sum(over, skipna=False).assign_attrs(units="N")


def _swayed(
    recording: Recording, spells: pd.DataFrame
) -> tuple[pd.DataFrame, list[tuple[Attempt, xr.DataArray]], list[str]]:
    """One row of sway per attempt, the paths, and why others have none."""
    rows: list[dict[str, object]] = []
    paths: list[tuple[Attempt, xr.DataArray]] = []
    reasons: list[str] = []
    for number, attempt in enumerate(attempts(recording)):
        cop = centre(recording, attempt)
        if cop is None:
            continue
        if not spells.empty:
            cop = settled(cop, spells[spells["number"] == number])
        try:
            found = standing.sway(cop)
        except RestrideError as error:
            reasons.append(f"sway of trial {number + 1}: {error}")
            continue
        values = {name: getattr(found, name) for name in COLUMNS}
        rows.append({"side": whose(attempt), "eyes": attempt.eyes or "", "filtered": found.filtered} | values)
        paths.append((attempt, cop))
    return pd.DataFrame(rows, columns=["side", "eyes", "filtered", *COLUMNS]), paths, reasons


def _which_way(recording: Recording) -> list[str]:
    """What a table of forces leaves open about its axes."""
    open_ = any(doubt.about == "axes" for doubt in recording.doubts)
    return ["which direction was forward: the file does not say, so forward and sideways may be exchanged"] * open_


def _sway_words(rows: pd.DataFrame, recording: Recording, found: list[Measure]) -> list[str]:
    if rows.empty:
        return []
    said: list[str] = []
    for (side, eyes), own in rows.groupby(["side", "eyes"], sort=False):
        stood = "both legs" if side == "both" else f"the {side} leg"
        count = f", mean of {len(own)} trials" if len(own) > 1 else ""
        velocity, area, seconds = (own[name].mean() for name in ("velocity_m_s", "ellipse_area_m2", "duration_s"))
        said.append(
            f"Standing on {stood}{with_eyes(eyes)}{_surface(recording)}: the point that carries the weight moved "
            f"{1e3 * velocity:.1f} mm per second{_span(found, str(side), eyes)} within "
            f"{COLUMNS['ellipse_area_m2'].text(area)}, for {seconds:.0f} s{count}."
        )
    if not _one_leg(rows):
        return said
    compared = against(rows, "velocity_m_s", VELOCITY, counted="trials")
    return [*compared, *said] if compared else said


def _span(found: list[Measure], side: str, eyes: object) -> str:
    """The interval of the velocity of one leg and state of the eyes, in words."""
    name = f"{VELOCITY.name}{with_eyes(eyes)}"
    own = next((m for m in found if (m.name, m.side) == (name, side)), None)
    if own is None or own.interval is None:
        return ""
    low, high = (1e3 * end for end in own.interval)
    return f" (95 % interval {low:.1f} to {high:.1f})"


def _surface(recording: Recording) -> str:
    return f", {recording.conditions.surface} surface" if recording.conditions.surface else ""


def _one_leg(rows: pd.DataFrame) -> bool:
    return bool(len(rows)) and set(rows["side"]) <= set(SIDES)


def _method(rows: pd.DataFrame) -> str:
    return _METHOD.format(filtered=" or ".join(dict.fromkeys(map(str, rows["filtered"])))) if len(rows) else ""


def _sureness(rows: pd.DataFrame, spells: pd.DataFrame) -> str:
    trials = len(rows) or len(spells)
    many = "; how much they vary from one trial to the next is not known from one" if trials == 1 else ""
    return (
        f"From {trials} trial{'s' if trials != 1 else ''}{many}. Velocity, area and frequency of eight published "
        "trials come back within 0.3 %. Whether they are large or small is not said: there are no normal values for "
        "this test here."
    )


def _not_said(rows: pd.DataFrame) -> list[str]:
    if _one_leg(rows) and set(rows["side"]) == set(SIDES):
        return ["which muscle does what: none was measured"]
    if _one_leg(rows):
        return ["how the legs differ: only one leg was stood on"]
    return ["how the legs differ: both stood on the plate at once" if len(rows) else "sway: there is no plate"]


def _with_windows(found: list[Measure], rows: pd.DataFrame, paths: list[tuple[Attempt, xr.DataArray]]) -> list[Measure]:
    """The velocity of a single trial gets the interval over its windows of five seconds."""
    out: list[Measure] = []
    for measure in found:
        alone = [
            cop
            for attempt, cop in paths
            if (whose(attempt), f"{VELOCITY.name}{with_eyes(attempt.eyes)}") == (measure.side, measure.name)
        ]
        if measure.n != 1 or len(alone) != 1:
            out.append(measure)
            continue
        windows = standing.velocities(alone[0])
        spread = mean_estimate(windows)
        out.append(
            measure
            if spread.interval is None
            else Measure(
                *(measure.name, measure.side, measure.value, measure.units, spread.interval, ""),
                *(windows.size, "windows of 5 s", measure.method, measure.shown_in),
            )
        )
    return out if len(rows) else found


def _held_measures(spells: pd.DataFrame) -> list[Measure]:
    if spells.empty:
        return []
    return measures(spells, {"held_s": HELD}, str(spells["method"].iloc[0]), counted="spells")


def _shares(recording: Recording) -> np.ndarray | None:
    """Left share of the weight in windows of five seconds; None unless both feet stand on plates of their own."""
    if "grf" not in recording or recording.conditions.test not in (None, "quiet_standing"):
        return None
    up = recording["grf"].isel(space=SPACE.index("y"), drop=True)
    if set(map(str, up["side"].values)) != set(SIDES):
        return None
    time_s = up["time"].values
    left, both = up.sel(side="left").values, up.sum("side", skipna=False).values
    window = np.floor((time_s - time_s[0]) / 5.0)
    whole = [left[window == w].sum() / both[window == w].sum() for w in np.unique(window)[:-1]]
    shares = np.array([share for share in whole if np.isfinite(share)])
    return shares if shares.size else None


def _shares_words(recording: Recording) -> list[str]:
    shares = _shares(recording)
    if shares is None:
        return []
    found = mean_estimate(shares)
    span = f" (95 % interval {100 * found.interval[0]:.1f} to {100 * found.interval[1]:.1f})" if found.interval else ""
    return [f"The left leg carried {100 * found.value:.1f} % of the weight{span}."]


def _share_measures(recording: Recording) -> list[Measure]:
    shares = _shares(recording)
    if shares is None:
        return []
    found = mean_estimate(shares)
    method = "vertical force of each foot on its own plate"
    reason = found.reason and "too few windows for one"
    return [
        Measure(
            *("share of the weight", "left", found.value, "1", found.interval, reason),
            *(shares.size, "windows of 5 s", method, "%"),
        )
    ]
