"""Turns of the pedals as a chapter: each leg from the top of its own pedal to the next."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride import cycles, emg, imu
from restride.chapters.chapter import Chapter, Chart, Measure, Whose
from restride.chapters.watch.records import duration
from restride.errors import RestrideError
from restride.findings import blocks
from restride.signals.recording import Recording
from restride.signals.schema import SIDES, FloatArray
from restride.signals.vocabulary import plain

# turns further apart than this are of two bouts
PAUSE_S: Final = 5.0
# bursts that come less evenly are not one a turn
EVENEST: Final = 0.15
FEWEST_TURNS: Final = 10
TOP: Final = "the top of its own pedal"
# column of ``cycles.turn_work`` -> name, unit, unit shown, factor, digits, unit in words
_WORK: Final = {
    "work_j": ("work of a turn", "J", "", 1.0, 1, "J"),
    "torque_effectiveness": ("torque effectiveness", "1", "%", 100.0, 1, "points"),
    "pedal_smoothness": ("pedal smoothness", "1", "%", 100.0, 1, "points"),
}


@dataclass(frozen=True, slots=True, eq=False)
class _Turns:
    """What was cut, from where to where, and the curves that can be laid over it."""

    table: pd.DataFrame
    start: str
    how: str
    curves: dict[str, xr.DataArray]
    work: pd.DataFrame | None = None


def chapters(recording: Recording, table: pd.DataFrame) -> list[Chapter]:  # noqa: ARG001  a teller's signature
    """Turns from a crank's angle, from worn sensors or from a muscle; none where nobody pedalled.

    Parameters
    ----------
    recording : Recording
        With ``pedal_angle``; or stated as cycling, with sensors on crank, feet or shanks or with EMG.
    table : DataFrame
        Strides; pedalling has none.
    """
    try:
        found = _cut(recording)
    except RestrideError as error:
        return [_refused(str(error))] if recording.conditions.pedalling else []
    if found is None:
        return []
    kept = cycles.kept(found.table)
    if kept.empty:
        return [_refused("no whole turn was found")]
    both = set(kept["side"]) == set(SIDES)
    rng = np.random.default_rng(0)
    return [
        Chapter(
            key="pedal_turns",
            title="Turn by turn",
            sentences=(_first(found, kept), *_work_sentences(found, rng)),
            sureness=f"Turns were cut at {found.start}; {found.how}. Rests on {len(kept)} turns of one ride.",
            measures=(*_times(kept, rng), *_work_measures(found, rng)),
            charts=tuple(_charts(found)),
            not_measured=() if both else (f"turns of the {_missing(kept)} leg",),
            method=f"{found.how}; turns from {found.start} to the next; medians over turns, 95 % intervals from "
            "drawing blocks of five neighbouring turns; a difference is told where its 99.5 % interval leaves zero",
        )
    ]


def _cut(recording: Recording) -> _Turns | None:
    """The surest way there is; None where nothing says that somebody pedalled."""
    if "pedal_angle" in recording:
        angle = recording["pedal_angle"]
        table = cycles.turns(angle)
        curves, work = {}, None
        if "crank_torque" in recording and table["kept"].any():
            torque = recording["crank_torque"]
            curves["torque on its own crank arm"] = _curve(torque, table)
            if np.array_equal(torque["time"].values, angle["time"].values):
                work = cycles.turn_work(torque, angle, table)
        return _Turns(table, TOP, "angle of the crank as recorded", curves | _muscles(recording, table), work)
    if not recording.conditions.pedalling:
        return None
    if "acc" in recording and "gyr" in recording and recording["acc"].attrs.get("frame") == "segment":
        found = imu.pedalling(recording["acc"], recording["gyr"])
        table = cycles.turns(found.angle)
        curves = {}
        if found.foot_tilt is not None and table["kept"].any():
            curves["tilt of the foot (toes up +)"] = _curve(found.foot_tilt, table)
        how = "; ".join(f"{side}: {text}" for side, text in found.method.items())
        return _Turns(table, TOP, how, curves | _muscles(recording, table))
    return _from_muscle(recording) if "emg" in recording else None


def _curve(signal: xr.DataArray, table: pd.DataFrame) -> xr.DataArray:
    """Each turn of a signal (time, side) from its own leg, dims (cycle, phase)."""
    return cycles.by_leg(signal, table)


def _muscles(recording: Recording, table: pd.DataFrame) -> dict[str, xr.DataArray]:
    """Envelope of each usable muscle over the turn; none without EMG."""
    if "emg" not in recording or not table["kept"].any():
        return {}
    try:
        smooth = emg.envelope(_clean(recording))
        curves = cycles.by_leg(smooth, table)
    except RestrideError:
        return {}
    return {f"EMG of {plain(str(site))}": curves.sel(channel=site, drop=True) for site in curves["channel"].values}


def _clean(recording: Recording) -> xr.DataArray:
    quality = emg.quality(recording["emg"])
    usable = [str(c) for c, u in zip(quality["channel"], quality["usable"], strict=True) if u]
    return emg.condition(recording["emg"].sel(channel=usable))


def _from_muscle(recording: Recording) -> _Turns | None:
    """Turns from onset to onset of the muscle that works most evenly once a turn, the same for both legs."""
    bursts = emg.bursts(_clean(recording))
    ends = {"_l": "left", "_r": "right"}
    bursts = bursts.assign(site=bursts["channel"].str[:-2], side=bursts["channel"].str[-2:].map(ends))
    best: tuple[float, str, pd.DataFrame] | None = None
    for site, own in bursts.dropna(subset=["side", "onset_s"]).groupby("site"):
        table = cycles.turns_between(own.rename(columns={"onset_s": "time_s"}))
        kept = cycles.kept(table)
        lasts_s = (kept["end_s"] - kept["start_s"]).to_numpy()
        if len(kept) < FEWEST_TURNS or len(kept) < 0.8 * len(table):
            continue
        uneven = float(np.std(lasts_s) / np.mean(lasts_s)) / len(set(kept["side"]))
        if uneven <= EVENEST and (best is None or uneven < best[0]):
            best = (uneven, str(site), table)
    if best is None:
        return None
    _, site, table = best
    start = f"each onset of {plain(site)}, which is not the top of the pedal"
    return _Turns(table, start, f"bursts of {plain(site)}, which works once a turn", _muscles(recording, table))


def _refused(reason: str) -> Chapter:
    return Chapter(
        key="pedal_turns",
        title="Turn by turn",
        sentences=(f"No turn of the pedals could be cut: {reason}.",),
        sureness="That is what the sensors hold.",
        not_measured=("anything within a turn of the pedals",),
    )


def _missing(kept: pd.DataFrame) -> str:
    return "left" if set(kept["side"]) == {"right"} else "right"


def _first(found: _Turns, kept: pd.DataFrame) -> str:
    counts = {side: int((kept["side"] == side).sum()) for side in SIDES}
    told = " and ".join(f"{n} of the {side} leg" for side, n in counts.items() if n)
    lasts_s = (kept["end_s"] - kept["start_s"]).to_numpy()
    left_out = int(len(found.table) - len(kept))
    text = f"{len(kept)} turns of the pedals were cut, {told}, at {60 / np.median(lasts_s):.0f} a minute (median)"
    span = duration(float(kept["end_s"].max() - kept["start_s"].min()))
    work = ""
    if found.work is not None and found.work["work_j"].notna().any():
        # of the mean turn, because one leg may have a turn more than the other
        turn = found.work.groupby("side")["work_j"].mean()
        if turn.notna().sum() == 2:
            work = f"; the left leg did {100 * turn['left'] / turn.sum():.1f} % of the work of a turn"
    return f"In {span}, {text}; {left_out} more were left out{work}."


def _values(rows: pd.DataFrame, column: str, side: str) -> tuple[FloatArray, np.ndarray]:
    own = rows[rows["side"] == side].sort_values("start_s")
    starts_s: FloatArray = own["start_s"].to_numpy(dtype=np.float64)
    return own[column].to_numpy(dtype=np.float64), blocks.blocks(starts_s, gap_s=PAUSE_S)


def _work_sentences(found: _Turns, rng: np.random.Generator) -> list[str]:
    if found.work is None:
        return []
    sentences: list[str] = []
    for column, (name, _, _, factor, digits, unit) in _WORK.items():
        apart = blocks.difference(_values(found.work, column, "left"), _values(found.work, column, "right"), rng=rng)
        if apart.least > 0 and apart.interval is not None:
            more, less = ("left", "right") if apart.value > 0 else ("right", "left")
            low, high = sorted(factor * abs(v) for v in apart.interval)
            sentences.append(
                f"The {name} of the {more} leg is {factor * abs(apart.value):.{digits}f} {unit} (95 % interval "
                f"{low:.{digits}f} to {high:.{digits}f}) higher than that of the {less}."
            )
    return sentences or ["Work, effectiveness and smoothness of the legs do not differ beyond their intervals."]


def _times(kept: pd.DataFrame, rng: np.random.Generator) -> list[Measure]:
    rows = kept.assign(turn_s=kept["end_s"] - kept["start_s"])
    return [
        _measure("time of a turn", side, blocks.median(*_values(rows, "turn_s", side), rng=rng), "s", "", "")
        for side in SIDES
        if (rows["side"] == side).any()
    ]


def _work_measures(found: _Turns, rng: np.random.Generator) -> list[Measure]:
    if found.work is None:
        return []
    return [
        _measure(name, side, blocks.median(*_values(found.work, column, side), rng=rng), units, shown_in, "")
        for column, (name, units, shown_in, *_) in _WORK.items()
        for side in SIDES
        if found.work.loc[found.work["side"] == side, column].notna().any()
    ]


def _measure(name: str, side: Whose, found: blocks.Median, units: str, shown_in: str, method: str) -> Measure:
    how = method or "median over turns"
    return Measure(name, side, found.value, units, found.interval, found.reason, found.n, "turns", how, shown_in)


def _charts(found: _Turns) -> list[Chart]:
    """Median curve of each leg over the turn."""
    charts: list[Chart] = []
    for name, curve in found.curves.items():
        series = {
            str(side): _median(curve.values[curve["side"].values == side])
            for side in SIDES
            if np.isfinite(curve.values[curve["side"].values == side]).any()
        }
        if series:
            charts.append(
                Chart(
                    title=f"{name[0].upper()}{name[1:]} through the turn",
                    x=curve["phase"].values / 100.0,
                    x_words=f"turn, from {found.start}",
                    x_units="1",
                    series=series,
                    y_words=name,
                    y_units=str(curve.attrs["units"]),
                    style="line",
                    words=f"{name[0].upper()}{name[1:]}: median of the turns of each leg, each from its own pedal.",
                    x_shown_in="%",
                )
            )
    return charts


def _median(curves: FloatArray) -> FloatArray:
    """Over turns at each phase, shape (phase,); NaN where no turn was measured."""
    measured = np.isfinite(curves).any(axis=0)
    found = np.full(curves.shape[1], np.nan)
    found[measured] = np.nanmedian(curves[:, measured], axis=0)
    return found
