"""The rhythm of one leg: how often it strides, and where in its stride it is in each picture.

At 30 pictures a second a stride is some twenty pictures. Its rhythm is far better known than one
picture, because many strides are seen: all of them are laid over each other.
"""

from dataclasses import dataclass
from itertools import pairwise
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
# of a stride of which less was seen nothing is known but that it may have been
HALF_SEEN: Final = 0.5
# a rhythm is one over this time, and may drift over longer
STEADY_S: Final = 20.0
# reach of the window in which the phase of the stride is taken, SD in strides: a harmonic leaks by 1e-5
WITHIN: Final = 0.75
# a long film's pictures are put together by their place in the stride, 0.5 ms apart
MOST_PLACES: Final = 2000


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
    stride_s : array
        Time from the middle of each stride to that of the next, where both were seen.
    phase : array, shape (time,)
        Strides since the first picture, any constant; rises by 1 per stride. NaN in strides that were not seen.
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
    Ours. The ankle's way against the hips, along x and y, is explained by a stride's first three harmonics over some
    twenty seconds; the frequency that explains most is the stride's (steps are twice as many). The phase of its first
    harmonic counts the strides, also where they get faster or slower. Each stride is then shifted in time until it
    fits the mean of all, which gives its own time; the interval is that of the mean of those.
    """
    points = placed(keypoints)
    time_s = keypoints["time"].values.astype(np.float64)
    foot = points[f"ankle_{side[0]}"] - points["mid_hip"]
    seen = np.asarray(np.isfinite(foot).all(axis=1))
    span_s = float(time_s[-1] - time_s[0]) if time_s.size > 1 else 0.0
    if seen.sum() < 2 * (2 + 2 * HARMONICS) or span_s * SLOWEST_HZ * 2 < 1:
        raise CycleError(f"expected several strides of the {side} leg, found {seen.sum()} pictures of it; film longer")
    usual_hz, explained = _frequency(time_s[seen], foot[seen], span_s)
    swing = float(np.linalg.norm(foot[seen].std(axis=0)))
    if explained < LEAST_EXPLAINED or swing < LEAST_SWING * np.nan_to_num(leg_length(points), nan=0.1):
        raise CycleError(
            f"expected a foot that goes to and fro, found no rhythm of the {side} leg; nobody walks or runs"
        )
    middles_s = _first_guess(time_s, foot, usual_hz)
    if middles_s.size < FEWEST_STRIDES:
        raise CycleError(
            f"expected at least three strides of the {side} leg, found {span_s * usual_hz:.1f}; film longer"
        )
    middles_s = _stride_times(time_s, foot, middles_s)
    phase, was_seen = _seen_strides(time_s, seen, middles_s)
    strides = np.diff(middles_s)[was_seen[:-1] & was_seen[1:]]
    if strides.size < FEWEST_STRIDES - 1:
        raise CycleError(
            f"expected at least three strides of the {side} leg, found {int(was_seen.sum())} of which half was seen; "
            "film longer"
        )
    stride_s = float(strides.mean())
    half_s = float(student.ppf(0.975, strides.size - 1) * strides.std(ddof=1) / np.sqrt(strides.size))
    interval_hz = (1 / (stride_s + half_s), 1 / max(stride_s - half_s, 1e-9))
    return Rhythm(side, 1 / stride_s, interval_hz, int(was_seen.sum()), strides, phase, explained)


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
    at, known, count = _put_together(phase, values)
    places = np.arange(points) / points
    off = (at[None, :] - places[:, None] + 0.5) % 1.0 - 0.5
    weight = count * np.exp(-0.5 * (off / width) ** 2)
    total = weight.sum(axis=1)
    mean_off = (weight * off).sum(axis=1) / np.maximum(total, 1e-12)
    mean = (weight * known).sum(axis=1) / np.maximum(total, 1e-12)
    spread = (weight * (off - mean_off[:, None]) ** 2).sum(axis=1)
    slope = (weight * (off - mean_off[:, None]) * known).sum(axis=1) / np.maximum(spread, 1e-12)
    average: FloatArray = np.where(total > 1.0, mean - slope * mean_off, np.nan)
    return average


def _put_together(phase: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Places in the stride, values there, and how many pictures each stands for."""
    seen = np.isfinite(values) & np.isfinite(phase)
    at, known = phase[seen] % 1.0, values[seen]
    if at.size <= MOST_PLACES:
        return at, known, np.ones(at.size)
    place = np.minimum((at * MOST_PLACES).astype(int), MOST_PLACES - 1)
    count = np.bincount(place, minlength=MOST_PLACES).astype(np.float64)
    there = count > 0
    mean_at, mean = (np.bincount(place, weights=w, minlength=MOST_PLACES)[there] / count[there] for w in (at, known))
    return mean_at, mean, count[there]


def _seen_strides(time_s: FloatArray, seen: np.ndarray, middles_s: FloatArray) -> tuple[FloatArray, np.ndarray]:
    """The phase, NaN in strides of which less than half was seen, and which strides were."""
    phase = _phase(time_s, middles_s)
    own = np.clip(np.round(phase).astype(int), 0, middles_s.size - 1)
    total, found = (np.bincount(own, weights=w, minlength=middles_s.size) for w in (np.ones(own.size), seen))
    kept = found >= HALF_SEEN * np.maximum(total, 1)
    return np.where(kept[own], phase, np.nan), kept


def _phase(time_s: FloatArray, middles_s: FloatArray) -> FloatArray:
    """Strides at each time, whole numbers at the middles; beyond the first and last the mean rhythm goes on."""
    usual_hz = (middles_s.size - 1) / (middles_s[-1] - middles_s[0])
    phase = np.interp(time_s, middles_s, np.arange(middles_s.size, dtype=np.float64))
    phase = np.where(time_s < middles_s[0], (time_s - middles_s[0]) * usual_hz, phase)
    return np.where(time_s > middles_s[-1], middles_s.size - 1 + (time_s - middles_s[-1]) * usual_hz, phase)


def _frequency(time_s: FloatArray, foot: FloatArray, span_s: float) -> tuple[float, float]:
    """Usual frequency and explained share, medians over parts of the film in which a rhythm is one."""
    count = max(1, round(span_s / STEADY_S))
    edges = np.linspace(time_s[0], time_s[-1] + 1e-6, count + 1)
    spans = [(time_s >= a) & (time_s < b) for a, b in pairwise(edges)]
    parts = [_best(time_s[s], foot[s], span_s / count) for s in spans if s.sum() > 2 * (2 + 2 * HARMONICS)]
    return (float(np.median([hz for hz, _ in parts])), float(np.median([e for _, e in parts]))) if parts else (0.0, 0.0)


def _best(time_s: FloatArray, foot: FloatArray, span_s: float) -> tuple[float, float]:
    """Frequency whose harmonics explain most of the foot's way, and the share they explain."""
    centred, step = time_s - time_s.mean(), 0.3 / span_s
    grid = np.arange(SLOWEST_HZ, FASTEST_HZ, step)
    foot = foot - foot.mean(axis=0)
    shares = np.array([_explained(centred, foot, hz) for hz in grid])
    tops = (shares >= ALIKE * shares.max()) & (shares >= np.roll(shares, 1)) & (shares >= np.roll(shares, -1))
    best = float(grid[np.flatnonzero(tops)[-1] if tops.any() else int(shares.argmax())])
    for _ in range(10):
        trial = [best - step, best, best + step]
        best, step = trial[int(np.argmax([_explained(centred, foot, hz) for hz in trial]))], step / 2
    return best, _explained(centred, foot, best)


def _explained(time_s: FloatArray, foot: FloatArray, hz: float) -> float:
    """Share of the variance of a foot's way (time, 2) in the harmonics of a frequency, slow drift taken out of both."""
    turn = 2 * np.pi * hz * time_s[:, None] * np.arange(1, HARMONICS + 1)
    slow = np.stack([np.ones_like(time_s), time_s / max(float(np.ptp(time_s)), 1e-9)], axis=1)
    waves = np.hstack([slow, np.cos(turn), np.sin(turn)])
    # normal equations: waves and drift are all of size 1, and well apart from a third of a stride on
    square, along = waves.T @ waves, waves.T @ foot
    total = float((foot**2).sum())
    drift, every = (
        total - float((along[:n] * np.linalg.lstsq(square[:n, :n], along[:n], rcond=None)[0]).sum())
        for n in (2, waves.shape[1])
    )
    return 1.0 - every / drift if drift > 1e-12 * total else 0.0


def _first_guess(time_s: FloatArray, foot: FloatArray, usual_hz: float) -> FloatArray:
    """Middles of all whole strides, from the phase of the stride's first harmonic around each picture."""
    step_s = float(np.median(np.diff(time_s)))
    reach_s = WITHIN / usual_hz
    window = np.exp(-0.5 * (np.arange(-4 * reach_s, 4 * reach_s + step_s, step_s) / reach_s) ** 2)
    centred = np.nan_to_num(foot - np.nanmean(foot, axis=0))
    turning = centred * np.exp(-2j * np.pi * usual_hz * time_s)[:, None]
    waves = [np.convolve(turning[:, axis], window, mode="full") for axis in range(2)]
    first = (window.size - 1) // 2
    wave = max(waves, key=lambda w: float(np.abs(w).sum()))[first : first + time_s.size]
    phase = usual_hz * (time_s - time_s[0]) + np.unwrap(np.angle(wave)) / (2 * np.pi)
    phase = np.maximum.accumulate(phase - phase[0])
    wanted = np.arange(int(np.floor(phase[-1]))) + 0.5
    found: FloatArray = np.interp(wanted, phase, time_s)
    return found


def _stride_times(time_s: FloatArray, foot: FloatArray, guess_s: FloatArray) -> FloatArray:
    """Time of the middle of each whole stride, by shifting each until it fits the mean of all."""
    middles_s, points = guess_s.copy(), 64
    for _ in range(ROUNDS):
        phase = _phase(time_s, middles_s)
        usual_hz = (middles_s.size - 1) / (middles_s[-1] - middles_s[0])
        # as wide as two harmonics above those of the rhythm need
        mean = np.stack([folded(phase, foot[:, axis], width=0.03, points=points) for axis in range(2)], axis=1)
        speed = (np.roll(mean, -1, axis=0) - np.roll(mean, 1, axis=0)) * points / 2 * usual_hz
        at = (phase % 1.0) * points
        expected, slope = (
            np.stack(
                [np.interp(at, np.arange(points + 1), np.append(wave[:, i], wave[0, i])) for i in range(2)], axis=1
            )
            for wave in (mean, speed)
        )
        known = np.isfinite(foot - expected) & np.isfinite(slope)
        rest, rise = (np.where(known, w, 0.0) for w in (foot - expected, slope))
        own = np.round(phase).astype(int)
        inside = (own >= 0) & (own < middles_s.size)
        by_stride = [
            np.bincount(own[inside], weights=w[inside].sum(axis=1), minlength=middles_s.size)
            for w in (rest * rise, rise**2)
        ]
        # a stride that comes late shows now what the mean showed before
        late_s = by_stride[0] / np.maximum(by_stride[1], 1e-12)
        middles_s = np.sort(middles_s - np.clip(late_s, -0.25 / usual_hz, 0.25 / usual_hz))
    return middles_s
