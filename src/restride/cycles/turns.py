"""Turns of the pedals: from the top of a leg's own pedal to its next top, as a table like that of strides."""

import itertools
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.cycles.segment import kept
from restride.errors import SchemaError
from restride.signals.filters import unbroken_runs
from restride.signals.recording import Side
from restride.signals.schema import SIDES, FloatArray, require

TURN_COLUMNS: Final = ("start_s", "end_s", "side", "kept", "reason")

# 20 to 240 turns per minute: slower the crank stands in between, faster is no leg
SLOWEST_S: Final = 3.0
FASTEST_S: Final = 0.25
# against its neighbours, because a rider's cadence halves within one ride; one turn to the next changes by 2-5 %
LONGEST_OF_NEIGHBOURS: Final = 1.5
SHORTEST_OF_NEIGHBOURS: Final = 0.6
NEIGHBOURS: Final = 5
# a step back by more than this is back-pedalling, by less the noise of a sensor at rest
BACK_RAD: Final = 0.2
# tops that the step between two samples hides would be counted late
MOST_STEP_RAD: Final = np.pi / 2


def turns(pedal_angle: xr.DataArray) -> pd.DataFrame:
    """Turns of both legs, each from the top of its own pedal to the next.

    Parameters
    ----------
    pedal_angle : DataArray, dims (time, side), units "rad"
        0 where that leg's own pedal is at its top, growing forwards; may jump by whole turns.
        NaN: not measured.

    Returns
    -------
    DataFrame, columns ``start_s, end_s, side, kept, reason``
        One row per turn, in order of time, index ``cycle``; half-open. ``kept`` is False
        with a ``reason`` for one with a stand-still, a step backwards or a gap, and for the
        pieces before the first top and after the last (their missing border is NaN).

    Raises
    ------
    SchemaError
        If the angle moves by more than a quarter turn between samples.

    Notes
    -----
    Ours. A top is where the angle, as far as it has ever come, passes a whole turn; between
    samples it is taken as linear.
    """
    pedal_angle = require(pedal_angle, dims=("time", "side"), units="rad", name="pedal_angle")
    time_s = pedal_angle["time"].values
    rows: list[tuple[float, float, Side, bool, str]] = []
    for side in SIDES:
        column = pedal_angle.sel(side=side).values if side in pedal_angle["side"].values else np.empty(0)
        for run in unbroken_runs(np.isfinite(column)):
            rows += _turns_of_run(time_s[run], column[run], side)
    return _table(rows)


def turns_between(tops: pd.DataFrame) -> pd.DataFrame:
    """Turns from one moment to the next that comes once a turn, where no angle was measured.

    Parameters
    ----------
    tops : DataFrame, columns ``time_s, side``
        For instance onsets of a muscle that works once a turn. Phase 0 is then that moment,
        not the top of the pedal.

    Returns
    -------
    DataFrame
        As ``turns``.
    """
    missing = [c for c in ("time_s", "side") if c not in tops.columns]
    if missing:
        raise SchemaError(f"expected columns time_s and side, missing {missing}")
    rows: list[tuple[float, float, Side, bool, str]] = []
    for side in SIDES:
        times = np.sort(tops.loc[tops["side"] == side, "time_s"].dropna().to_numpy(dtype=np.float64))
        rows += [(float(a), float(b), side, True, "") for a, b in itertools.pairwise(times)]
    return _table(rows)


def turn_work(torque: xr.DataArray, pedal_angle: xr.DataArray, table: pd.DataFrame) -> pd.DataFrame:
    """Work of a leg on its own crank arm in each kept turn, and how evenly it was done.

    Parameters
    ----------
    torque : DataArray, dims (time, side), units "N m"
        Of each leg on its own arm, positive forwards.
    pedal_angle : DataArray, dims (time, side), units "rad", on the clock of ``torque``
    table : DataFrame as from ``turns``

    Returns
    -------
    DataFrame, index as ``table`` of kept turns, columns ``side, start_s, work_j, mean_power_w,
    torque_effectiveness, pedal_smoothness``
        Work is the integral of torque over angle. Effectiveness is the work forwards less that
        backwards over that forwards; smoothness the mean torque over the largest. Power
        meters take both of the power, which differs where the crank turns unevenly. NaN where
        a sample is missing.

    Raises
    ------
    SchemaError
        If the two are not on one clock.
    """
    torque = require(torque, dims=("time", "side"), units="N m", name="crank_torque")
    pedal_angle = require(pedal_angle, dims=("time", "side"), units="rad", name="pedal_angle")
    if not np.array_equal(torque["time"].values, pedal_angle["time"].values):
        raise SchemaError("expected torque and angle of the crank on one clock, found two; take both from one file")
    chosen = kept(table)
    starts, ends = (chosen[border].to_numpy(dtype=np.float64).tolist() for border in ("start_s", "end_s"))
    spans = zip(chosen["side"].tolist(), starts, ends, strict=True)
    rows = [(side, start, *_work_of(torque, pedal_angle, side, start, end)) for side, start, end in spans]
    names = ["side", "start_s", "work_j", "mean_power_w", "torque_effectiveness", "pedal_smoothness"]
    return pd.DataFrame(rows, columns=names, index=chosen.index)


def _turns_of_run(time_s: FloatArray, angle_rad: FloatArray, side: Side) -> list[tuple[float, float, Side, bool, str]]:
    angle = np.unwrap(angle_rad)
    if angle.size > 1 and float(np.max(np.abs(np.diff(angle)))) > MOST_STEP_RAD:
        raise SchemaError(
            "pedal_angle: expected less than a quarter turn between samples, found more; record the angle faster"
        )
    farthest = np.maximum.accumulate(angle)
    behind = farthest - angle
    levels = 2 * np.pi * np.arange(np.ceil(farthest[0] / (2 * np.pi)), np.floor(farthest[-1] / (2 * np.pi)) + 1)
    tops = np.array([_reached(time_s, farthest, level) for level in levels])
    borders = np.concatenate([[np.nan], tops, [np.nan]])
    rows: list[tuple[float, float, Side, bool, str]] = []
    for start, end in itertools.pairwise(borders):
        edge = bool(np.isnan(start) or np.isnan(end))
        inside = (time_s >= start) & (time_s < end)
        back = not edge and bool((behind[inside] > BACK_RAD).any())
        reason = "turned backwards inside" if back else ""
        if edge:
            reason = "begins before the first top seen" if np.isnan(start) else "ends after the last top seen"
        rows.append((float(start), float(end), side, not reason, reason))
    return rows


def _reached(time_s: FloatArray, farthest: FloatArray, level: float) -> float:
    """When the angle first came as far as a level, linear between samples."""
    after = int(np.searchsorted(farthest, level))
    if after == 0:
        return float(time_s[0])
    low, high = farthest[after - 1], farthest[after]
    share = (level - low) / (high - low)
    return float(time_s[after - 1] + share * (time_s[after] - time_s[after - 1]))


def _table(rows: list[tuple[float, float, Side, bool, str]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(TURN_COLUMNS)).astype(
        {"start_s": float, "end_s": float, "side": str, "kept": bool, "reason": str}
    )
    order = table["start_s"].fillna(table["end_s"]).argsort(kind="stable")
    table = table.iloc[order.to_numpy()].reset_index(drop=True)
    table.index.name = "cycle"
    for side in SIDES:
        own = table.index[(table["side"] == side) & table["kept"]]
        lasts_s = (table.loc[own, "end_s"] - table.loc[own, "start_s"]).to_numpy()
        for i, cycle in enumerate(own):
            reason = _implausible(lasts_s, i)
            if reason:
                table.at[cycle, "kept"], table.at[cycle, "reason"] = False, reason
    return table


def _implausible(lasts_s: FloatArray, i: int) -> str:
    """Why one turn is none, judged by itself and by its neighbours; empty if it is one."""
    own = float(lasts_s[i])
    if own > SLOWEST_S:
        return f"lasts {own:.1f} s: the crank stood still"
    if own < FASTEST_S:
        return f"lasts {own:.2f} s: faster than a leg can turn"
    around = np.delete(lasts_s[max(0, i - NEIGHBOURS) : i + NEIGHBOURS + 1], min(i, NEIGHBOURS))
    if around.size >= NEIGHBOURS:
        share = own / float(np.median(around))
        if share > LONGEST_OF_NEIGHBOURS:
            return f"lasts {share:.1f} times its neighbours: a pause, or a top was missed"
        if share < SHORTEST_OF_NEIGHBOURS:
            return f"lasts {share:.1f} times its neighbours: one top too many"
    return ""


def _work_of(
    torque: xr.DataArray, angle: xr.DataArray, side: str, start_s: float, end_s: float
) -> tuple[float, float, float, float]:
    """Work, power, effectiveness and smoothness of one turn; its borders are put between samples."""
    time_s = torque["time"].values
    first, last = int(np.searchsorted(time_s, start_s)), int(np.searchsorted(time_s, end_s))
    rows = slice(max(first - 1, 0), last + 1)
    t, push, gone = time_s[rows], torque.sel(side=side).values[rows], np.unwrap(angle.sel(side=side).values[rows])
    if t.size < 3 or not np.isfinite(push + gone).all():
        return (np.nan, np.nan, np.nan, np.nan)
    inner = t[(t > start_s) & (t < end_s)]
    at = np.concatenate([[start_s], inner, [end_s]])
    push, gone = np.interp(at, t, push), np.interp(at, t, gone)
    steps = np.diff(gone)
    mean_push = (push[1:] + push[:-1]) / 2.0
    pieces = mean_push * steps
    forwards, backwards = float(pieces[pieces > 0].sum()), float(-pieces[pieces < 0].sum())
    work = float(pieces.sum())
    largest = float(push.max())
    even = work / (2 * np.pi) / largest if largest > 0 else np.nan
    effective = (forwards - backwards) / forwards if forwards > 0 else np.nan
    return work, work / (end_s - start_s), effective, even
