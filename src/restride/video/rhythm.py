"""The rhythm of one leg: how often it strides, and where in its stride it is in each picture.

At 30 pictures a second a stride is some twenty pictures. Its rhythm is far better known than one
picture, because many strides are seen: all of them are laid over each other.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from scipy.stats import t as student

from restride.errors import CycleError
from restride.signals.recording import Side
from restride.signals.schema import FloatArray
from restride.video.view import leg_length, placed

# strides a second: from the slowest shuffle to the fastest sprint
SLOWEST_HZ: Final = 0.3
FASTEST_HZ: Final = 2.6
HARMONICS: Final = 3
# to lay strides over each other takes some, and their spread takes three
FEWEST_STRIDES: Final = 3.0
# a rhythm explains most of how a foot goes to and fro; a person who stands or fidgets has none
LEAST_EXPLAINED: Final = 0.5
# a shuffling foot, seen from behind, still rises and falls by a fiftieth of the leg (SD); a standing one only trembles
LEAST_SWING: Final = 0.02
# the stride's half explains as much with half of its harmonics: of two alike the faster is meant
ALIKE: Final = 0.97
ROUNDS: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Rhythm:
    """The rhythm of one leg.

    Attributes
    ----------
    side : {"left", "right"}
    stride_hz : float
    interval_hz : (float, float)
        95 % interval of the mean over the film, from how strides vary.
    strides : int
        Whole strides seen.
    stride_s : array, shape (strides - 1,)
        Time from the middle of each stride to that of the next.
    phase : array, shape (time,)
        Strides since the first picture, any constant; rises by 1 per stride.
    explained : float
        Share of the foot's going to and fro that repeats from stride to stride.
    """

    side: Side
    stride_hz: float
    interval_hz: tuple[float, float]
    strides: int
    stride_s: FloatArray
    phase: FloatArray
    explained: float


def rhythm(keypoints: xr.DataArray, *, side: Side) -> Rhythm:
    """How often one leg strides, over the whole film, with an interval.

    Parameters
    ----------
    keypoints : DataArray, dims (time, keypoint, axis), units "1"
        As ``cleaned`` gives them; gaps are left out, not bridged.
    side : {"left", "right"}

    Raises
    ------
    CycleError
        If the film is shorter than three strides, or nothing in it repeats.

    Notes
    -----
    Ours. The ankle's way against the hips, along x and y, is explained by a stride's first three harmonics; the
    frequency that explains most is the stride's (steps are twice as many). Each stride is then shifted in time
    until it fits the mean of all, which gives its own time; the interval is that of the mean of those.
    """
    points = placed(keypoints)
    time_s = keypoints["time"].values.astype(np.float64)
    foot = points[f"ankle_{side[0]}"] - points["mid_hip"]
    seen = np.isfinite(foot).all(axis=1)
    span_s = float(time_s[-1] - time_s[0]) if time_s.size > 1 else 0.0
    if seen.sum() < 2 * (2 + 2 * HARMONICS) or span_s * SLOWEST_HZ * 2 < 1:
        raise CycleError(f"expected several strides of the {side} leg, found {seen.sum()} pictures of it; film longer")
    stride_hz, explained = _frequency(time_s[seen], foot[seen], span_s)
    swing = float(np.linalg.norm(foot[seen].std(axis=0)))
    if explained < LEAST_EXPLAINED or swing < LEAST_SWING * np.nan_to_num(leg_length(points), nan=0.1):
        raise CycleError(
            f"expected a foot that goes to and fro, found no rhythm of the {side} leg; nobody walks or runs"
        )
    if span_s * stride_hz < FEWEST_STRIDES:
        raise CycleError(
            f"expected at least three strides of the {side} leg, found {span_s * stride_hz:.1f}; film longer"
        )
    middles_s = _stride_times(time_s, foot, stride_hz)
    strides = np.diff(middles_s)
    phase = np.interp(time_s, middles_s, np.arange(middles_s.size, dtype=np.float64))
    # beyond the first and last middle the mean rhythm goes on
    phase = np.where(time_s < middles_s[0], (time_s - middles_s[0]) * stride_hz, phase)
    phase = np.where(time_s > middles_s[-1], middles_s.size - 1 + (time_s - middles_s[-1]) * stride_hz, phase)
    half_s = float(student.ppf(0.975, strides.size - 1) * strides.std(ddof=1) / np.sqrt(strides.size))
    half_hz = half_s * stride_hz**2
    return Rhythm(
        side, stride_hz, (stride_hz - half_hz, stride_hz + half_hz), middles_s.size, strides, phase, explained
    )


def folded(phase: FloatArray, values: FloatArray, *, width: float, points: int) -> FloatArray:
    """The average stride of some values, shape (points, ...), NaN where no picture lies near.

    Parameters
    ----------
    phase : array, shape (time,)
        Strides; whole numbers are one place of the stride.
    values : array, shape (time,)
        NaN is left out.
    width : float
        Standard deviation of the Gaussian weights, strides.
    points : int
        Even places from 0 to 1, the end excluded.

    Notes
    -----
    At each place a straight line is laid through the pictures around it, weighted by nearness, so that a slope does
    not pull the average to its flatter side.
    """
    seen = np.isfinite(values)
    places = np.arange(points) / points
    off = (phase[seen][None, :] - places[:, None] + 0.5) % 1.0 - 0.5
    weight = np.exp(-0.5 * (off / width) ** 2)
    total = weight.sum(axis=1)
    mean_off = (weight * off).sum(axis=1) / np.maximum(total, 1e-12)
    mean = (weight * values[seen]).sum(axis=1) / np.maximum(total, 1e-12)
    spread = (weight * (off - mean_off[:, None]) ** 2).sum(axis=1)
    slope = (weight * (off - mean_off[:, None]) * values[seen]).sum(axis=1) / np.maximum(spread, 1e-12)
    average: FloatArray = np.where(total > 1.0, mean - slope * mean_off, np.nan)
    return average


def _frequency(time_s: FloatArray, foot: FloatArray, span_s: float) -> tuple[float, float]:
    """Frequency whose harmonics explain most of the foot's way, and the share they explain."""
    centred = time_s - time_s.mean()
    grid = np.arange(SLOWEST_HZ, FASTEST_HZ, 0.2 / span_s)
    shares = np.array([_explained(centred, foot, hz) for hz in grid])
    peaks = np.flatnonzero(
        (shares >= ALIKE * shares.max()) & (shares >= np.roll(shares, 1)) & (shares >= np.roll(shares, -1))
    )
    best = float(grid[peaks[-1] if peaks.size else int(shares.argmax())])
    step = 0.2 / span_s
    for _ in range(12):
        trial = np.array([best - step, best, best + step])
        values = [_explained(centred, foot, hz) for hz in trial]
        best, step = float(trial[int(np.argmax(values))]), step / 2
    return best, _explained(centred, foot, best)


def _explained(time_s: FloatArray, foot: FloatArray, hz: float) -> float:
    """Share of the variance of a foot's way (time, 2) in the harmonics of a frequency, slow drift taken out of both."""
    drift = np.stack([np.ones_like(time_s), time_s], axis=1)
    turn = 2 * np.pi * hz * time_s[:, None] * np.arange(1, HARMONICS + 1)
    waves = np.hstack([drift, np.cos(turn), np.sin(turn)])
    left = foot - drift @ np.linalg.lstsq(drift, foot, rcond=None)[0]
    unexplained = foot - waves @ np.linalg.lstsq(waves, foot, rcond=None)[0]
    total = float((left**2).sum())
    return 1.0 - float((unexplained**2).sum()) / total if total > 0 else 0.0


def _stride_times(time_s: FloatArray, foot: FloatArray, stride_hz: float) -> FloatArray:
    """Time of the middle of each whole stride, by shifting each until it fits the mean of all."""
    count = int(np.floor((time_s[-1] - time_s[0]) * stride_hz))
    middles_s = time_s[0] + (np.arange(count) + 0.5) / stride_hz
    for _ in range(ROUNDS):
        phase = np.interp(time_s, middles_s, np.arange(count, dtype=np.float64)) if count > 1 else time_s * stride_hz
        phase = np.where(time_s < middles_s[0], (time_s - middles_s[0]) * stride_hz, phase)
        phase = np.where(time_s > middles_s[-1], count - 1 + (time_s - middles_s[-1]) * stride_hz, phase)
        points = 64
        # as wide as two harmonics above those of the rhythm need
        mean = np.stack([folded(phase, foot[:, axis], width=0.03, points=points) for axis in range(2)], axis=1)
        speed = (np.roll(mean, -1, axis=0) - np.roll(mean, 1, axis=0)) * points / 2 * stride_hz
        at = (phase % 1.0) * points
        expected, slope = (
            np.stack(
                [np.interp(at, np.arange(points + 1), np.append(wave[:, i], wave[0, i])) for i in range(2)], axis=1
            )
            for wave in (mean, speed)
        )
        for k in range(count):
            own = np.abs(phase - k) <= 0.5
            rest, rise = (foot - expected)[own], slope[own]
            known = np.isfinite(rest) & np.isfinite(rise)
            steepness = float((rise[known] ** 2).sum())
            if steepness > 0:
                # a stride that comes late shows now what the mean showed before
                middles_s[k] -= float((rest[known] * rise[known]).sum()) / steepness
        middles_s = np.sort(middles_s)
    found: FloatArray = middles_s
    return found
