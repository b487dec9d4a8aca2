"""One leg alone on the pedals: when, and how what it gave changed until it stopped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from restride.findings.outing_samples import samples
from restride.signals.recording import Drill, Recording, Side
from restride.signals.schema import SIDES, FloatArray

# one leg alone, but for what a resting foot still weighs on its pedal
ALONE: Final = 0.98
# shorter is a moment of coasting or a slipped foot
SHORTEST_S: Final = 10.0
# a lost record or a kick of the other foot does not end a drill
BRIDGED_S: Final = 3.0
# neighbouring records are alike; their means over this long nearly are not
BIN_S: Final = 5.0
# a bin must be full by half
FULLEST: Final = 0.5
FEWEST_BINS: Final = 5
CONFIDENCE: Final = 0.95
# a chapter compares some five quantities, so one is told only where this interval leaves zero
TOLD: Final = 0.99
PER_MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Fade:
    """How a quantity changed over drills of one leg, or of the left leg less the right.

    Attributes
    ----------
    start : float
        Level at the start, along the fitted line, in the quantity's unit; NaN of a difference.
    per_minute : float
        Change per minute as a share of the start; of a difference left minus right.
    interval : tuple of float or None
        95 % interval of ``per_minute``.
    reason : str
        Why there is none; empty if there is one.
    bins : int
        Means of five seconds that it rests on.
    certain : bool
        Whether the 99 % interval leaves zero too.
    error, freedom : float
        Standard error of ``per_minute`` and its degrees of freedom.
    """

    start: float
    per_minute: float
    interval: tuple[float, float] | None
    reason: str
    bins: int
    certain: bool = False
    error: float = float("nan")
    freedom: float = 0.0


def drills(recording: Recording) -> list[Drill]:
    """Times in which one leg alone pedalled: as stated, else where its share of the power says so.

    Parameters
    ----------
    recording : Recording
        ``conditions.drills``, or ``left_share`` with its side known, power and cadence.

    Returns
    -------
    list of Drill
        In order of time. A pedal that dropped out looks the same.
    """
    if recording.conditions.drills:
        return sorted(recording.conditions.drills, key=lambda drill: drill.start_s)
    if "left_share" not in recording or "power" not in recording or "cadence" not in recording:
        return []
    counting = samples(recording, "power")
    if counting.of != "left leg":
        return []
    left, right = counting.share >= ALONE, counting.share <= 1.0 - ALONE
    found = [
        *_spells(counting.time_s[left], counting.lasts_s[left], "left"),
        *_spells(counting.time_s[right], counting.lasts_s[right], "right"),
    ]
    return sorted(found, key=lambda drill: drill.start_s)


def fade(time_s: FloatArray, values: FloatArray, over: Sequence[Drill]) -> Fade:
    """How a quantity changed over drills of one leg: the mean of their lines, as a share of each start.

    Parameters
    ----------
    time_s, values : arrays, shape (time,)
        NaN where it was not measured.
    over : sequence of Drill
        Of one leg.

    Notes
    -----
    Ours: a straight line through means of five seconds of each drill, with its t interval. A
    drill with fewer than five of them has no part.
    """
    lines = [line for drill in over if (line := _line(time_s, values, drill)) is not None]
    if not lines:
        return Fade(np.nan, np.nan, None, f"no drill with {FEWEST_BINS * BIN_S:.0f} s of it", 0)
    start, per_minute = (float(np.mean([line[i] for line in lines])) for i in (0, 1))
    error = float(np.sqrt(np.sum([line[2] ** 2 for line in lines])) / len(lines))
    bins = sum(int(line[3]) for line in lines)
    return _with_interval(start, per_minute, error, float(bins - 2 * len(lines)), bins)


def apart(left: Fade, right: Fade) -> Fade:
    """Change of the left leg less that of the right, per minute, with Welch's t interval."""
    if left.interval is None or right.interval is None:
        missing = " and ".join(side for side, f in zip(SIDES, (left, right), strict=True) if f.interval is None)
        return Fade(np.nan, np.nan, None, f"no drill long enough of the {missing} leg", 0)
    variances = [left.error**2, right.error**2]
    total = sum(variances)
    spread = sum(v**2 / f.freedom for v, f in zip(variances, (left, right), strict=True))
    freedom = total**2 / spread if spread > 0 else left.freedom + right.freedom
    value = left.per_minute - right.per_minute
    return _with_interval(np.nan, value, float(np.sqrt(total)), freedom, min(left.bins, right.bins))


def _spells(time_s: FloatArray, lasts_s: FloatArray, side: Side) -> list[Drill]:
    """Unbroken times that are long enough."""
    if not time_s.size:
        return []
    cut = np.flatnonzero(np.diff(time_s) > BRIDGED_S + lasts_s[:-1]) + 1
    found: list[Drill] = []
    for rows in np.split(np.arange(time_s.size), cut):
        start_s, end_s = float(time_s[rows[0]]), float(time_s[rows[-1]] + lasts_s[rows[-1]])
        if end_s - start_s >= SHORTEST_S:
            found.append(Drill(start_s, end_s, side))
    return found


def _line(time_s: FloatArray, values: FloatArray, drill: Drill) -> tuple[float, float, float, int] | None:
    """Start, change per minute as a share of it, its error, and the bins of one drill; None if too short."""
    inside = (time_s >= drill.start_s) & (time_s < drill.end_s)
    if inside.sum() < FEWEST_BINS:
        return None
    bins = np.floor((time_s[inside] - drill.start_s) / BIN_S).astype(np.int64)
    there = np.isfinite(values[inside])
    measured = np.bincount(bins[there], minlength=bins[-1] + 1)
    usual = BIN_S / float(np.median(np.diff(time_s[inside])))
    full = np.flatnonzero(measured >= FULLEST * usual)
    if full.size < FEWEST_BINS:
        return None
    summed = np.bincount(bins[there], values[inside][there], minlength=bins[-1] + 1)
    y = summed[full] / measured[full]
    minutes = (full + 0.5) * BIN_S / PER_MINUTE
    fit = stats.linregress(minutes, y)
    if not fit.intercept > 0:
        return None
    return float(fit.intercept), float(fit.slope / fit.intercept), float(fit.stderr / fit.intercept), int(full.size)


def _with_interval(start: float, value: float, error: float, freedom: float, bins: int) -> Fade:
    half, wider = (float(stats.t.ppf(0.5 + share / 2, freedom)) * error for share in (CONFIDENCE, TOLD))
    return Fade(start, value, (value - half, value + half), "", bins, abs(value) > wider, error, freedom)
