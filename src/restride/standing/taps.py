"""Toe taps: how fast, how evenly, and whether they die away."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from scipy import signal, stats
from scipy.integrate import cumulative_trapezoid

from restride.errors import GapError
from restride.signals.filters import high_pass, low_pass
from restride.signals.schema import SPACE, FloatArray, labelled, require, sampling_rate_hz

# nobody taps the toes faster than seven times a second
SHORTEST_TAP_S: Final = 0.14
# integrated drift is slower than any tapping, the movement of a foot slower than this
DRIFT_HZ: Final = 0.3
FOOT_HZ: Final = 15.0
# a tap is at least a quarter of the usual one; a smaller wobble is none
LEAST_OF_USUAL: Final = 0.25
# 3 degrees: less is the foot at rest
LEAST_RAD: Final = 0.05
# a load that hardly shows above the noise of a plate
LEAST_N: Final = 10.0
# an interval of twice the usual is a tap left out: a halt (ours)
HALT: Final = 2.0
# clinical tapping (MDS-UPDRS 3.7) asks for ten
FEWEST_FOR_CHANGE: Final = 10
CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a series of taps shows.

    Attributes
    ----------
    n : int
        Taps.
    rate_hz : float
        One over the median interval.
    variation : float
        Standard deviation over mean of the intervals without halts.
    amplitude_change, interval_change : float
        Change from tap to tap as a share of the median: Theil-Sen slope; negative amplitude change:
        the taps get smaller, positive interval change: slower. NaN with fewer than ten taps.
    amplitude_interval, interval_interval : tuple of float or None
        95 % intervals of these slopes.
    halts : int
        Intervals longer than twice the median.
    """

    n: int
    rate_hz: float
    variation: float
    amplitude_change: float
    amplitude_interval: tuple[float, float] | None
    interval_change: float
    interval_interval: tuple[float, float] | None
    halts: int


def taps_from_turning(gyr: xr.DataArray) -> pd.DataFrame:
    """Taps of a foot that wears a sensor.

    Parameters
    ----------
    gyr : DataArray, dims (time, space), units "rad/s"
        Of one foot; frame "segment" (z right) where its axes are known, else any.

    Returns
    -------
    DataFrame, columns ``time_s, amplitude, interval_s``
        When the toes are highest, the angle they came up by (rad), and the time to the next tap (NaN
        for the last).

    Raises
    ------
    GapError
        If a sample is missing.

    Notes
    -----
    The turning rate about the foot's main axis of turning, low-passed at 15 Hz, is integrated and high-passed
    at 0.3 Hz; a tap is a peak that stands out by a quarter of the usual one or more. Where the
    axes are not known, up is the way in which the angle leaves its usual place: a foot rests on the floor.
    """
    gyr = require(gyr, dims=("time", "space"), units="rad/s", name="gyr")
    _whole(gyr)
    rate = low_pass(labelled(_main_turning(gyr), dims=("time",), units="rad/s", like=gyr), cutoff_hz=FOOT_HZ)
    time_s = rate["time"].values
    angle = labelled(cumulative_trapezoid(rate.values, time_s, initial=0), dims=("time",), units="rad", like=rate)
    swings = high_pass(angle, cutoff_hz=DRIFT_HZ).values
    if gyr.attrs.get("frame") != "segment" and stats.skew(swings) < 0:
        swings = -swings
    return _peaks(time_s, swings, sampling_rate_hz(gyr), LEAST_RAD)


def taps_from_force(force: xr.DataArray) -> pd.DataFrame:
    """Taps of a foot on a plate; ``amplitude`` is the force of each in N, else as ``taps_from_turning``.

    Parameters
    ----------
    force : DataArray, dims (time,), units "N"
        Vertical, up positive.
    """
    force = require(force, dims=("time",), units="N", name="force")
    _whole(force)
    smooth = low_pass(force, cutoff_hz=FOOT_HZ).values
    return _peaks(force["time"].values, smooth, sampling_rate_hz(force), LEAST_N)


def taps_from_bursts(bursts: pd.DataFrame, envelope: xr.DataArray) -> pd.DataFrame:
    """Taps of a tibialis anterior; ``amplitude`` is each burst's largest envelope, else as ``taps_from_turning``.

    Parameters
    ----------
    bursts : DataFrame, columns ``onset_s, offset_s``
        Of one muscle; a burst cut by either end is left out.
    envelope : DataArray, dims (time,)
        Of the same muscle.
    """
    whole = bursts.dropna(subset=["onset_s", "offset_s"]).sort_values("onset_s")
    time_s, values = envelope["time"].values, envelope.values
    onset_s = whole["onset_s"].to_numpy(dtype=np.float64)
    size = [
        float(values[(time_s >= start) & (time_s <= stop)].max(initial=0))
        for start, stop in zip(onset_s, whole["offset_s"], strict=True)
    ]
    return _table(onset_s, np.array(size))


def rhythm(taps: pd.DataFrame) -> Rhythm:
    """Rate, evenness, decrement and halts of a series of taps.

    Parameters
    ----------
    taps : DataFrame, columns ``time_s, amplitude, interval_s``

    Raises
    ------
    GapError
        With fewer than three taps.
    """
    if len(taps) < 3:
        raise GapError(f"expected at least three taps, found {len(taps)}; record ten or more")
    interval_s = taps["interval_s"].to_numpy(dtype=np.float64)[:-1]
    amplitude = taps["amplitude"].to_numpy(dtype=np.float64)
    usual = float(np.median(interval_s))
    halts = interval_s > HALT * usual
    even = interval_s[~halts]
    many = len(taps) >= FEWEST_FOR_CHANGE
    grows, grows_span = _change(amplitude) if many else (float("nan"), None)
    slows, slows_span = _change(interval_s) if many else (float("nan"), None)
    return Rhythm(
        n=len(taps),
        rate_hz=1 / usual,
        variation=float(even.std(ddof=1) / even.mean()) if even.size > 1 else float("nan"),
        amplitude_change=grows,
        amplitude_interval=grows_span,
        interval_change=slows,
        interval_interval=slows_span,
        halts=int(halts.sum()),
    )


def _change(values: FloatArray) -> tuple[float, tuple[float, float] | None]:
    """Slope per tap as a share of the median, with its interval."""
    usual = float(np.median(values))
    if not usual > 0:
        return float("nan"), None
    found = stats.theilslopes(values, np.arange(values.size), alpha=CONFIDENCE)
    # intervals are whole samples: a slope of none is often zero but for the last digits
    slope, low, high = (round(float(found[k]) / usual, 9) for k in (0, 2, 3))
    return slope, (low, high)


def _main_turning(gyr: xr.DataArray) -> FloatArray:
    """Turning rate, toes up positive where the axes are known, else about the main axis."""
    if gyr.attrs.get("frame") == "segment":
        known: FloatArray = gyr.values[:, SPACE.index("z")]
        return known
    rate = gyr.values - np.median(gyr.values, axis=0)
    axis = np.linalg.eigh(rate.T @ rate)[1][:, -1]
    turning: FloatArray = rate @ axis
    return turning


def _peaks(time_s: FloatArray, values: FloatArray, rate_hz: float, least: float) -> pd.DataFrame:
    """Peaks that stand out by the least or by a quarter of the usual peak, whichever is more."""
    distance = max(1, round(SHORTEST_TAP_S * rate_hz))
    rough, found = signal.find_peaks(values, prominence=least, distance=distance)
    if not rough.size:
        return _table(np.empty(0), np.empty(0))
    # the usual tap is one of the larger half: small wobbles may be many
    usual = float(np.quantile(found["prominences"], 0.75))
    peaks, _ = signal.find_peaks(values, prominence=max(least, LEAST_OF_USUAL * usual), distance=distance)
    valleys = [float(values[a : b + 1].min()) for a, b in zip([0, *peaks[:-1]], peaks, strict=True)]
    return _table(time_s[peaks], values[peaks] - np.array(valleys))


def _table(time_s: FloatArray, amplitude: FloatArray) -> pd.DataFrame:
    interval_s = np.append(np.diff(time_s), np.nan)[: time_s.size]
    return pd.DataFrame({"time_s": time_s, "amplitude": amplitude, "interval_s": interval_s})


def _whole(array: xr.DataArray) -> None:
    if np.isnan(array.values).any():
        raise GapError("expected samples without gaps, found some; give the part in which the taps were recorded")
