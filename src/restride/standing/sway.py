"""Sway of a standing person: measures of the path of the centre of pressure."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from scipy import signal, stats

from restride.errors import GapError
from restride.signals.filters import low_pass
from restride.signals.schema import SPACE, FloatArray, require, sampling_rate_hz

# the share of future samples that the ellipse is to hold
INSIDE: Final = 0.95
# below this a spectrum of sway, which lives around 0.3 Hz, has no resolution
SHORTEST_S: Final = 10.0
# sway of a body is slower; what is faster is the plate (10 Hz: Santos and Duarte 2016, at recording)
SWAY_HZ: Final = 10.0
# a plate sampled faster is low-passed first, because its noise would add to the path with every sample
AS_IT_IS_UP_TO_HZ: Final = 100.0
# neighbouring windows of sway velocity are nearly independent from about this length on
WINDOW_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Sway:
    """Measures of one trial; forward and sideways are directions of the person.

    Attributes
    ----------
    duration_s : float
        Samples over rate: each stands for one step of the clock.
    path_m : float
        Length of the path.
    velocity_m_s : float
        Path over duration.
    ellipse_area_m2 : float
        Area of the ellipse that holds the next sample with 95 %.
    frequency_hz : float
        Mean of the power spectrum of both directions together.
    rms_forward_m, rms_sideways_m : float
        About the mean.
    range_forward_m, range_sideways_m : float
    filtered : str
        In words what was done before.
    """

    duration_s: float
    path_m: float
    velocity_m_s: float
    ellipse_area_m2: float
    frequency_hz: float
    rms_forward_m: float
    rms_sideways_m: float
    range_forward_m: float
    range_sideways_m: float
    filtered: str


def sway(cop: xr.DataArray) -> Sway:
    """Path, velocity, area, frequency and size of sway.

    Parameters
    ----------
    cop : DataArray, dims (time, space), units "m"
        Centre of pressure in the lab frame, x forward, z right; evenly sampled, without gaps.

    Raises
    ------
    GapError
        If a sample is missing or the trial is shorter than 10 s.

    Notes
    -----
    Up to 100 Hz the path is taken as it is, above it is low-passed at 10 Hz. The area is that of the
    prediction ellipse, ``pi k sqrt(det C)`` with ``k = 2 (n - 1) (n + 1) / (n (n - 2)) F(0.95; 2, n - 2)``
    and the covariance C (Schubert and Kirchner 2014, Duarte 2015). The mean frequency weighs each
    frequency by its power, summed over both directions; spectrum by Welch with Hann windows of half the
    trial that overlap by half, the mean of each taken out, integrals by the trapezoidal rule. With these
    definitions the published values of Santos and Duarte (2016) come back: area and velocity to all digits,
    frequency within 0.3 %; how theirs was computed is not written down, so the last is ours.
    """
    cop = require(cop, dims=("time", "space"), units="m", name="cop")
    if np.isnan(cop.sel(space=["x", "z"]).values).any():
        raise GapError("expected a centre of pressure without gaps, found some; give the part in which the plate is on")
    rate_hz = sampling_rate_hz(cop)
    duration_s = cop.sizes["time"] / rate_hz
    if duration_s < SHORTEST_S:
        raise GapError(f"expected at least {SHORTEST_S:g} s of standing, found {duration_s:.1f} s; record longer")
    filtered = "as recorded"
    if rate_hz > AS_IT_IS_UP_TO_HZ * 1.01:
        cop, filtered = low_pass(cop.fillna(0.0).assign_attrs(cop.attrs), cutoff_hz=SWAY_HZ), "low-passed at 10 Hz"
    way = cop.sel(space=["x", "z"]).values
    path_m = float(np.linalg.norm(np.diff(way, axis=0), axis=1).sum())
    spread = np.sqrt(np.mean((way - way.mean(axis=0)) ** 2, axis=0))
    reach = np.ptp(way, axis=0)
    return Sway(
        duration_s=duration_s,
        path_m=path_m,
        velocity_m_s=path_m / duration_s,
        ellipse_area_m2=ellipse_area(way),
        frequency_hz=mean_frequency(way, rate_hz),
        rms_forward_m=float(spread[0]),
        rms_sideways_m=float(spread[1]),
        range_forward_m=float(reach[0]),
        range_sideways_m=float(reach[1]),
        filtered=filtered,
    )


def ellipse_area(way: FloatArray) -> float:
    """Area of the 95 % prediction ellipse of points, in their unit squared.

    Parameters
    ----------
    way : ndarray, shape (n, 2)
    """
    n = len(way)
    factor = 2 * (n - 1) * (n + 1) / (n * (n - 2)) * float(stats.f.ppf(INSIDE, 2, n - 2))
    determinant = max(float(np.linalg.det(np.cov(way.T))), 0.0)
    return float(np.pi * factor * np.sqrt(determinant))


def mean_frequency(way: FloatArray, rate_hz: float) -> float:
    """Mean frequency of the summed power of both directions, Hz; NaN of a path that does not move.

    Parameters
    ----------
    way : ndarray, shape (n, 2)
    rate_hz : float
    """
    at_hz, power = signal.welch(way, rate_hz, window="hann", nperseg=len(way) // 2, detrend="constant", axis=0)
    total = power.sum(axis=1)
    whole = float(np.trapezoid(total, at_hz))
    return float(np.trapezoid(at_hz * total, at_hz)) / whole if whole > 0 else float("nan")


def velocities(cop: xr.DataArray) -> FloatArray:
    """Mean velocity in each window of 5 s, m/s: how much one trial varies within itself.

    Parameters
    ----------
    cop : DataArray, dims (time, space), units "m"
        As ``sway`` takes it. A rest shorter than a window at the end is left out.
    """
    cop = require(cop, dims=("time", "space"), units="m", name="cop")
    rate_hz = sampling_rate_hz(cop)
    if rate_hz > AS_IT_IS_UP_TO_HZ * 1.01:
        cop = low_pass(cop.fillna(0.0).assign_attrs(cop.attrs), cutoff_hz=SWAY_HZ)
    way = cop.values[:, [SPACE.index("x"), SPACE.index("z")]]
    steps = np.linalg.norm(np.diff(way, axis=0, prepend=way[:1]), axis=1)
    length = round(WINDOW_S * rate_hz)
    count = len(steps) // length
    out: FloatArray = steps[: count * length].reshape(count, length).sum(axis=1) * rate_hz / length
    return out
