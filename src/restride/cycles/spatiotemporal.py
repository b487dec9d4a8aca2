"""Times and lengths of each stride."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.cycles.feet import HEEL, SIDES, facing, middle_of
from restride.cycles.segment import kept
from restride.signals.schema import FloatArray

COLUMNS: Final = (
    "side",
    "stride_time_s",
    "contact_time_s",
    "swing_time_s",
    "flight_time_s",
    "double_support_s",
    "step_time_s",
    "cadence_per_min",
    "duty_factor",
    "step_length_m",
    "step_width_m",
)


def spatiotemporal(cycles: pd.DataFrame, *, markers: xr.DataArray | None = None) -> pd.DataFrame:
    """Times of each kept stride, and of its closing step the length and width.

    Parameters
    ----------
    cycles : DataFrame as from ``segment``
        Both legs; the other leg's events are taken from rejected rows too.
    markers : DataArray, dims (time, marker, space), units "m", optional
        Lab frame; for the lengths.

    Returns
    -------
    DataFrame, index = cycle number
        ``side``; ``stride_time_s``; ``contact_time_s`` and ``swing_time_s`` of this leg;
        ``flight_time_s`` from its toe-off to the other foot's contact (NaN if that foot
        is down already: walking); ``double_support_s`` both spans of the stride together
        (NaN in running); ``step_time_s`` from the other foot's contact to the end of
        the stride; ``cadence_per_min`` steps a minute; ``duty_factor`` contact over stride;
        ``step_length_m`` and ``step_width_m`` between the heels at the closing contact,
        along and across the way the pelvis faces, in walking only, because both feet are
        down then. NaN where an event or marker is missing.
    """
    chosen = kept(cycles)
    out = pd.DataFrame(index=chosen.index, columns=list(COLUMNS[1:]), dtype=float)
    out.insert(0, "side", chosen["side"])
    start_s, end_s, off_s = (chosen[c].to_numpy(dtype=np.float64) for c in ("start_s", "end_s", "toe_off_s"))
    out["stride_time_s"] = end_s - start_s
    out["contact_time_s"] = off_s - start_s
    out["swing_time_s"] = end_s - off_s
    out["duty_factor"] = out["contact_time_s"] / out["stride_time_s"]
    out["cadence_per_min"] = 120.0 / out["stride_time_s"]
    other_on, other_off = _other_leg(cycles, chosen)
    out["step_time_s"] = end_s - other_on
    flight_s = other_on - off_s
    out["flight_time_s"] = np.where(flight_s > 0, flight_s, np.nan)
    # walking: the other foot leaves after this one has landed, and lands before this one leaves
    first, second = other_off - start_s, off_s - other_on
    out["double_support_s"] = np.where((first > 0) & (second > 0), first + second, np.nan)
    if markers is not None:
        length, width = _steps(markers, chosen)
        walking = np.isfinite(out["double_support_s"])
        out["step_length_m"], out["step_width_m"] = np.where(walking, (length, width), np.nan)
    return out


def _other_leg(cycles: pd.DataFrame, chosen: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
    """For each stride the other foot's contact inside it and its toe-off inside it (the first of each)."""
    on, off = np.full(len(chosen), np.nan), np.full(len(chosen), np.nan)
    for side in ("left", "right"):
        other = cycles[cycles["side"] != side]
        times = [np.sort(np.concatenate([other[c].dropna().to_numpy() for c in names])) for names in _BORDERS]
        rows = np.flatnonzero((chosen["side"] == side).to_numpy())
        for row in rows:
            start_s, end_s = chosen["start_s"].iloc[row], chosen["end_s"].iloc[row]
            for into, moments in ((on, times[0]), (off, times[1])):
                inside = moments[(moments > start_s) & (moments < end_s)]
                into[row] = inside[0] if inside.size else np.nan
    return on, off


_BORDERS: Final = (("start_s", "end_s"), ("toe_off_s",))


def _steps(markers: xr.DataArray, chosen: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
    """Distance of the own heel from the other one at the end of each stride, along the heading and across it."""
    time_s = markers["time"].values
    left, right = (middle_of(markers, HEEL[:1], side=side) for side in SIDES)
    missing = np.full(len(chosen), np.nan)
    if left is None or right is None:
        return missing, missing.copy()
    ahead = (right - left)[:, [0, 2]]
    heading = facing(markers)
    sign = np.where(chosen["side"] == "right", 1.0, -1.0)
    # z is right of x: the direction to the right of a heading (x, z) is (-z, x)
    across = ahead[:, 1] * heading[:, 0] - ahead[:, 0] * heading[:, 1]
    along = (ahead * heading).sum(axis=1)
    length, width = (np.asarray(np.interp(chosen["end_s"], time_s, v, np.nan, np.nan)) for v in (along, across))
    return sign * length, width
