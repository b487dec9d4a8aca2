"""The records of an outing that count for a share of the left leg, with their weights and times."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import xarray as xr

from restride.errors import SchemaError
from restride.signals.recording import Recording
from restride.signals.schema import FloatArray, labelled

Quantity = Literal["power", "contact time"]
Leg = Literal["left leg", "one leg, not stated which"]

SHARES: Final[dict[Quantity, str]] = {"power": "left_share", "contact time": "contact_left_share"}
# a record lasts until the next, but not through a pause
LONGEST_RECORD_S: Final = 10.0
GRADE_REACH_M: Final = 30.0
STEEPEST: Final = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Records that count.

    Attributes
    ----------
    time_s, share, weight, lasts_s : ndarray, shape (record,)
        ``weight`` is work in J for a share of power, else time in s.
    row : ndarray of int, shape (record,)
        Their places among all records of the share.
    of : {"left leg", "one leg, not stated which"}
    """

    time_s: FloatArray
    share: FloatArray
    weight: FloatArray
    lasts_s: FloatArray
    row: np.ndarray
    of: Leg

    def where(self, chosen: np.ndarray) -> "Samples":
        """Only these of them."""
        return Samples(
            self.time_s[chosen],
            self.share[chosen],
            self.weight[chosen],
            self.lasts_s[chosen],
            self.row[chosen],
            self.of,
        )


def samples(recording: Recording, quantity: Quantity) -> Samples:
    """The records that count for one share; where only some state their side, only those.

    Parameters
    ----------
    recording : Recording
        With ``left_share`` or ``contact_left_share``, whichever ``quantity`` asks for.
    quantity : {"power", "contact time"}

    Notes
    -----
    Records without power or without cadence (contact time: without step rate) are left out,
    never those of a certain share.
    """
    share = recording[SHARES[quantity]]
    counts, weight = _counted(recording, quantity, share)
    known = share["side_known"].values if "side_known" in share.coords else np.ones(share.size, dtype=bool)
    of: Leg = "left leg" if (counts & known).any() else "one leg, not stated which"
    chosen = np.flatnonzero(counts & known if of == "left leg" else counts)
    times_s = share["time"].values
    lasting_s = lasts_s(times_s)
    return Samples(times_s[chosen], share.values[chosen], (weight * lasting_s)[chosen], lasting_s[chosen], chosen, of)


def by_minute(found: Samples) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weighted sum of the share, sum of the weights, and the time in h, of each minute with records."""
    minutes, place = np.unique(np.floor(found.time_s / 60.0), return_inverse=True)
    weight: FloatArray = np.bincount(place, found.weight).astype(np.float64)
    summed: FloatArray = np.bincount(place, found.weight * found.share).astype(np.float64)
    return summed, weight, (minutes + 0.5) / 60.0


def beside(share: xr.DataArray, other: xr.DataArray) -> FloatArray:
    """Another signal at the times of the share; NaN where it has none.

    Parameters
    ----------
    share, other : DataArray, dims (time,)
    """
    values: FloatArray = other.reindex(time=share["time"].values).values
    return values


def lasts_s(time_s: FloatArray) -> FloatArray:
    """How long each record lasts: until the next, through a pause as long as usual."""
    if time_s.size < 2:
        return np.ones(time_s.size)
    steps = np.diff(time_s)
    usual = float(np.median(steps))
    return np.append(np.where(steps > max(LONGEST_RECORD_S, usual), usual, steps), usual)


def grade(altitude: xr.DataArray, distance: xr.DataArray) -> xr.DataArray:
    """Rise per distance over 60 m of path, positive uphill; NaN near the ends and where it cannot be.

    Parameters
    ----------
    altitude, distance : DataArray, dims (time,), units "m", on one clock

    Raises
    ------
    SchemaError
        If the two are not on one clock.
    """
    if not np.array_equal(altitude["time"].values, distance["time"].values):
        raise SchemaError("expected altitude and distance on one clock, found two; take both from one file")
    there = np.isfinite(altitude.values) & np.isfinite(distance.values)
    result = np.full(there.size, np.nan)
    if there.any():
        gone = np.maximum.accumulate(distance.values[there])
        ahead, behind = (
            np.interp(gone + reach, gone, altitude.values[there], left=np.nan, right=np.nan)
            for reach in (GRADE_REACH_M, -GRADE_REACH_M)
        )
        found = (ahead - behind) / (2 * GRADE_REACH_M)
        result[there] = np.where(np.abs(found) <= STEEPEST, found, np.nan)
    return labelled(result, dims=("time",), units="1", coords={"time": altitude["time"].values}, name="grade")


def _counted(recording: Recording, quantity: Quantity, share: xr.DataArray) -> tuple[np.ndarray, FloatArray]:
    """Which records count, and their weight per second."""
    counts = np.isfinite(share.values)
    needed = ("power", "cadence") if quantity == "power" else ("contact_time", "step_rate")
    for kind in needed:
        if kind in recording:
            counts &= beside(share, recording[kind]) > 0
    if quantity == "contact time":
        return counts, np.ones(share.size)
    if "power" not in recording:
        return np.zeros(share.size, dtype=bool), np.ones(share.size)
    return counts, np.nan_to_num(beside(share, recording["power"]))
