"""How long somebody stood on one leg: from the force under the feet, or from a sensor on the free foot."""

from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from scipy.ndimage import uniform_filter1d

from restride.errors import GapError, SchemaError
from restride.signals.filters import low_pass, unbroken_runs
from restride.signals.recording import Side
from restride.signals.schema import SIDES, FloatArray, require, sampling_rate_hz

HELD_COLUMNS: Final = ("stands_on", "start_s", "end_s", "held_s", "ended")
# a foot that presses with less is in the air; the noise of a good plate lies below
LIFTED_N: Final = 20.0
# skin and shoe move a marker by a centimetre on a foot that stands
LIFTED_M: Final = 0.02
# the leg that stands carries most of the weight then
CARRIES: Final = 0.8
# a shorter spell is a step, not a stance
SHORTEST_S: Final = 1.0
# a foot that only brushed the floor for less than this is not seen by a low-passed plate
BRUSH_S: Final = 0.05
# a foot on the floor keeps its slope to a few degrees and does not turn
FLAT_RAD: Final = 0.09
STILL_RAD_S: Final = 0.2
SLOPE_HZ: Final = 3.0
REST_S: Final = 0.3
# a foot that meets the floor is shaken by half of gravity or more (ours)
IMPACT_M_S2: Final = 5.0


def held_by_force(grf: xr.DataArray) -> pd.DataFrame:
    """Each spell on one leg, from the forces of both feet.

    Parameters
    ----------
    grf : DataArray, dims (time, side, space), units "N"
        Both sides; NaN where not measured, which ends a spell.

    Returns
    -------
    DataFrame, columns ``stands_on, start_s, end_s, held_s, ended``
        From lift-off to touch-down of the free foot; ``ended`` is "touch-down", or "end of the recording" where
        the leg was still held.

    Raises
    ------
    SchemaError
        If the forces are not of both feet.
    """
    grf = require(grf, dims=("time", "side", "space"), units="N", name="grf")
    if set(map(str, grf["side"].values)) != set(SIDES):
        raise SchemaError("expected the forces of both feet, found one; the free foot has to be on a plate of its own")
    time_s = grf["time"].values
    up = {side: grf.sel(side=side, space="y").values for side in SIDES}
    with np.errstate(invalid="ignore"):
        weight = float(np.nanmedian(up["left"] + up["right"]))
        rows: list[tuple[Side, int, int]] = []
        pairs: tuple[tuple[Side, Side], tuple[Side, Side]] = (("left", "right"), ("right", "left"))
        for standing, free in pairs:
            alone = (up[free] < LIFTED_N) & (up[standing] > CARRIES * weight)
            # sway unloads the standing leg for an instant; the free foot decides
            runs = _bridged(list(unbroken_runs(alone)), up[free], time_s)
            rows += [(standing, run.start, run.stop) for run in runs]
    return _spells(rows, time_s)


def held_by_sensor(acc: xr.DataArray, gyr: xr.DataArray, *, stands_on: Side) -> pd.DataFrame:
    """Each spell in which the free foot, which wears a sensor, was off the floor.

    Parameters
    ----------
    acc, gyr : DataArray, dims (time, space), m/s^2 and rad/s
        Of the free foot, on one clock; it has to rest on the floor at the start.
    stands_on : Side
        The other leg.

    Returns
    -------
    DataFrame as from ``held_by_force``

    Raises
    ------
    GapError
        If a sample is missing.
    SchemaError
        If the foot does not rest at the start, so that nothing tells how it lies on the floor.

    Notes
    -----
    On the floor a foot is still and lies as it did at the start, to 5 degrees; a spell begins when it leaves
    that and ends when it is back, or when it is shaken by 5 m/s^2 or more, as it is when it meets the floor. A foot
    that hovers still and as flat as on the floor cannot be told from one that stands. Ours.
    """
    acc = require(acc, dims=("time", "space"), units="m/s^2", name="acc")
    gyr = require(gyr, dims=("time", "space"), units="rad/s", name="gyr")
    if np.isnan(acc.values).any() or np.isnan(gyr.values).any():
        raise GapError("expected samples without gaps, found some; give the part in which the stance was recorded")
    rate_hz, time_s = sampling_rate_hz(acc), acc["time"].values
    slope = low_pass(acc, cutoff_hz=SLOPE_HZ).values
    slope = slope / np.linalg.norm(slope, axis=1, keepdims=True)
    turning = uniform_filter1d(np.linalg.norm(gyr.values, axis=1), max(1, round(0.1 * rate_hz)))
    begin = slice(0, max(2, round(REST_S * rate_hz)))
    if turning[begin].max() > STILL_RAD_S:
        raise SchemaError("expected the free foot to rest on the floor at first, found it moving; start on both feet")
    flat = slope[begin].mean(axis=0)
    off_flat = np.arccos(np.clip(slope @ (flat / np.linalg.norm(flat)), -1.0, 1.0)) > FLAT_RAD
    down = _long((turning < STILL_RAD_S) & ~off_flat, round(REST_S * rate_hz))
    shake = np.abs(np.linalg.norm(acc.values, axis=1) - np.median(np.linalg.norm(acc.values[begin], axis=1)))
    rows: list[tuple[Side, int, int]] = []
    for away in unbroken_runs(~down):
        # the push with which the foot leaves shakes it too
        first = away.start + round(REST_S * rate_hz)
        hits = [first, *(first + np.flatnonzero(shake[first : away.stop] > IMPACT_M_S2)).tolist(), away.stop]
        rows += [(stands_on, a, b) for a, b in pairwise(hits) if off_flat[a:b].any()]
        if rows and rows[-1][1] == first:
            rows[-1] = (stands_on, away.start, rows[-1][2])
    return _spells(rows, time_s)


def held_by_height(height: xr.DataArray, *, stands_on: Side) -> pd.DataFrame:
    """Each spell in which the free foot was off the floor, from its markers.

    Parameters
    ----------
    height : DataArray, dims (time,), units "m"
        Of the lowest part of the free foot above where it lies on the floor; NaN where not seen, which ends a
        spell.
    stands_on : Side
        The other leg.

    Returns
    -------
    DataFrame as from ``held_by_force``
    """
    height = require(height, dims=("time",), units="m", name="height")
    with np.errstate(invalid="ignore"):
        lifted = height.values > LIFTED_M
    rows: list[tuple[Side, int, int]] = [(stands_on, run.start, run.stop) for run in unbroken_runs(lifted)]
    return _spells(rows, height["time"].values)


def on_plate(force: xr.DataArray) -> tuple[float, float]:
    """The longest time in which one plate carried the whole weight: start and end, s.

    Parameters
    ----------
    force : DataArray, dims (time,), units "N"
        Vertical, up positive, of the plate under the standing leg.

    Raises
    ------
    GapError
        If nobody ever stood on it.

    Notes
    -----
    The weight is the median of the loaded samples. A free foot that touches down beside the plate takes a
    tenth of it or more; one that touches down on the same plate is not seen.
    """
    force = require(force, dims=("time",), units="N", name="force")
    loaded = force.values > 10 * LIFTED_N
    if not loaded.any():
        raise GapError("expected somebody on the plate, found nobody; check that the right file was given")
    weight = float(np.median(force.values[loaded]))
    steady = low_pass(force.fillna(0.0).assign_attrs(force.attrs), cutoff_hz=SLOPE_HZ) if _fast(force) else force
    runs = list(unbroken_runs((steady.values > 0.9 * weight) & ~np.isnan(force.values)))
    if not runs:
        raise GapError("expected a weight that rests on the plate, found one that never does; check the file")
    longest = max(runs, key=lambda run: run.stop - run.start)
    time_s = force["time"].values
    return float(time_s[longest.start]), float(time_s[longest.stop - 1])


def _fast(force: xr.DataArray) -> bool:
    return force.sizes["time"] > 50 and sampling_rate_hz(force) > 4 * SLOPE_HZ


def _bridged(runs: list[slice], free: FloatArray, time_s: FloatArray) -> list[slice]:
    """Spells joined where the free foot stayed in the air between, or only brushed the floor."""
    out: list[slice] = []
    for run in runs:
        if out:
            gap = slice(out[-1].stop, run.start)
            touched = float((free[gap] >= LIFTED_N).sum()) * float(time_s[1] - time_s[0])
            if touched < BRUSH_S and not np.isnan(free[gap]).any():
                out[-1] = slice(out[-1].start, run.stop)
                continue
        out.append(run)
    return out


def _long(mask: np.ndarray, samples: int) -> np.ndarray:
    """The mask without runs shorter than so many samples."""
    out = np.zeros_like(mask)
    for run in unbroken_runs(mask):
        out[run] = run.stop - run.start >= samples
    return out


def _spells(rows: list[tuple[Side, int, int]], time_s: FloatArray) -> pd.DataFrame:
    last = time_s.size
    table = [
        (
            side,
            float(time_s[start]),
            float(time_s[min(stop, last - 1)]),
            float(time_s[min(stop, last - 1)] - time_s[start]),
            "end of the recording" if stop >= last else "touch-down",
        )
        for side, start, stop in rows
    ]
    found = pd.DataFrame(table, columns=list(HELD_COLUMNS))
    return found[found["held_s"] >= SHORTEST_S].sort_values("start_s", kind="stable", ignore_index=True)
