"""The path of the centre of pressure of an attempt: the part to judge, and its drawing."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.chapters.chapter import Chart
from restride.chapters.standing.attempts import Attempt, whose, with_eyes, within
from restride.chapters.standing.held import END_S
from restride.signals.filters import unbroken_runs
from restride.signals.recording import Recording
from restride.signals.schema import SPACE, FloatArray

# after the free foot has left, and before it touches down, the weight still moves over or away (ours)
SETTLED_S: Final = 1.0
LEAVING_S: Final = 0.5
# a drawing needs no more points than a screen has
MOST_POINTS: Final = 1500


def centre(recording: Recording, attempt: Attempt) -> xr.DataArray | None:
    """Centre of pressure under whatever stands, dims (time, space); None without a plate.

    Parameters
    ----------
    recording : Recording
    attempt : Attempt
        The longest span of it without a gap is taken.
    """
    if "cop" in recording and attempt.stands_on in list(recording["cop"]["side"].values):
        cop = within(recording["cop"].sel(side=attempt.stands_on, drop=True), attempt)
    elif "plate_cop" in recording:
        cop = _over_plates(within(recording["plate_grf"], attempt), within(recording["plate_cop"], attempt))
    else:
        return None
    seen = ~np.isnan(cop.sel(space=["x", "z"]).values).any(axis=1)
    runs = list(unbroken_runs(seen))
    if not runs:
        return None
    return cop.isel(time=max(runs, key=lambda run: run.stop - run.start))


def settled(cop: xr.DataArray, spell: pd.DataFrame) -> xr.DataArray:
    """The part on one leg, from when the weight has come to rest over it until it begins to leave.

    Parameters
    ----------
    cop : DataArray, dims (time, space)
    spell : DataFrame
        The row of ``held`` for this attempt; all of ``cop`` without one.
    """
    if spell.empty:
        return cop
    start_s, end_s = float(spell["start_s"].iloc[0]) + SETTLED_S, float(spell["end_s"].iloc[0]) - LEAVING_S
    time_s = cop["time"].values
    # nothing moves at an end that is only that of the recording
    start_s = start_s if spell["start_s"].iloc[0] > time_s[0] + END_S else -np.inf
    end_s = end_s if spell["ended"].iloc[0] == "touch-down" else np.inf
    return cop.isel(time=(time_s >= start_s) & (time_s <= end_s))


def path_charts(paths: list[tuple[Attempt, xr.DataArray]]) -> tuple[Chart, ...]:
    """One drawing for each state of the eyes, with the first path of each leg, so that their sizes compare.

    Parameters
    ----------
    paths : list of (Attempt, DataArray with dims (time, space))
    """
    groups: dict[str, dict[str, tuple[Attempt, xr.DataArray]]] = {}
    for attempt, cop in paths:
        groups.setdefault(attempt.eyes or "", {}).setdefault(whose(attempt), (attempt, cop))
    return tuple(_path_chart(list(group.values())) for group in groups.values())


def _over_plates(force: xr.DataArray, cop: xr.DataArray) -> xr.DataArray:
    """The common centre of pressure of all plates, each by its load; NaN where none is loaded."""
    load = force.sel(plate=cop["plate"]).isel(space=SPACE.index("y"), drop=True)
    load = load.where(~np.isnan(cop.sel(space="x", drop=True)), 0.0)
    total = load.sum("plate")
    weighed = (cop.fillna(0.0) * load).sum("plate") / total.where(total > 0)
    return weighed.transpose("time", "space").assign_attrs(units="m")


def _path_chart(group: list[tuple[Attempt, xr.DataArray]]) -> Chart:
    names: list[str] = [attempt.stands_on or "both legs" for attempt, _ in group]
    ways = [_centred(cop) for _, cop in group]
    # one axis of places for all: each path has its own part of it, and is not there in the others
    ends = np.cumsum([0, *(len(way) for way in ways)])
    series: dict[str, FloatArray] = {}
    for name, way, start in zip(names, ways, ends, strict=False):
        series[name] = np.full(int(ends[-1]), np.nan)
        series[name][start : start + len(way)] = way[:, 0]
    sizes = "; ".join(
        f"{name} {1e3 * np.ptp(way[:, 0]):.0f} mm forward and back, {1e3 * np.ptp(way[:, 1]):.0f} mm from side to side"
        for name, way in zip(names, ways, strict=True)
    )
    return Chart(
        title=f"Path of the centre of pressure{with_eyes(group[0][0].eyes)}",
        x=np.concatenate([way[:, 1] for way in ways]),
        x_words="to the right",
        x_units="m",
        series=series,
        y_words="forward",
        y_units="m",
        style="path",
        words=f"Path over the plate about its middle, first trial: {sizes}.",
        x_shown_in="mm",
        y_shown_in="mm",
    )


def _centred(cop: xr.DataArray) -> FloatArray:
    """Forward and sideways about the mean, shape (point, 2), of as many points as a drawing needs."""
    every = max(1, cop.sizes["time"] // MOST_POINTS)
    way: FloatArray = cop.sel(space=["x", "z"]).values
    centred: FloatArray = (way - way.mean(axis=0))[::every]
    return centred
