"""Numbers of an outing with intervals over whole minutes, because neighbouring records are not independent.

All intervals are percentile bootstraps that draw minutes with replacement, widened for few
minutes. A chapter makes
several comparisons, so one is told in words only where its 99 % interval leaves zero too:
with five of them a sentence is wrong in at most one outing of twenty.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from restride.signals.schema import FloatArray

CONFIDENCE: Final = 0.95
TOLD: Final = 0.99
RESAMPLES: Final = 2000
# below this the resampled minutes are too few to show their own scatter
FEWEST_MINUTES: Final = 5
# below this all draws of pure chance lie on one side of zero too often for a sentence
FEWEST_TOLD: Final = 10
# a part of an outing, or a band of speed, shorter than this says nothing
SHORTEST_PART_S: Final = 60.0
# draws computed at once: bounds the memory of a median over many records
_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Resampled:
    """A number of an outing with its interval over minutes.

    Attributes
    ----------
    value : float
        NaN: not measured.
    interval : tuple of float or None
        95 % interval.
    reason : str
        Why there is none; empty if there is one.
    minutes : int
        Minutes that it rests on.
    certain : bool
        Whether the 99 % interval leaves zero too.
    """

    value: float
    interval: tuple[float, float] | None
    reason: str
    minutes: int
    certain: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """One quantity over an outing.

    Attributes
    ----------
    time_s, values, weight, lasts_s : ndarray, shape (record,)
        NaN values and weights of 0 are left out; the weight is how long each record
        lasted, or any other that is not negative.
    """

    time_s: FloatArray
    values: FloatArray
    weight: FloatArray
    lasts_s: FloatArray

    @property
    def there(self) -> np.ndarray:
        """Which records count."""
        return np.asarray(np.isfinite(self.values) & (self.weight > 0))


def median(records: Records, *, rng: np.random.Generator) -> Resampled:
    """Weighted median over records."""
    there = records.there
    if not there.any():
        return _nothing()
    order = np.argsort(records.values[there], kind="stable")
    x, w = records.values[there][order], records.weight[there][order]
    place, count = _minutes(records.time_s[there])
    value = float(x[np.searchsorted(np.cumsum(w), w.sum() / 2)])
    if count < FEWEST_MINUTES:
        return _without(value, count)
    drawn = _draws(count, rng)
    middles = np.concatenate(
        [_medians(x, drawn[i : i + _AT_ONCE][:, place[order]] * w) for i in range(0, RESAMPLES, _AT_ONCE)]
    )
    return _with(value, middles, count)


def mean(records: Records, *, rng: np.random.Generator) -> Resampled:
    """Weighted mean over records."""
    there = records.there
    weight = records.weight[there]
    sums = _sums(records.time_s[there], [weight, weight * records.values[there]])
    return _resampled(sums, lambda s: s[..., 1] / s[..., 0], rng)


def direction(records: Records, *, rng: np.random.Generator) -> Resampled:
    """Mean direction of angles in rad on the circle.

    Notes
    -----
    Direction of the resultant (Fisher 1993, section 2.3). The value lies within [-pi, pi);
    its interval stands around it and may pass a full turn.
    """
    there = records.there
    w, angle = records.weight[there], records.values[there]
    sums = _sums(records.time_s[there], [w * np.cos(angle), w * np.sin(angle)])
    if not len(sums):
        return _nothing()
    total = sums.sum(axis=0)
    value = float(np.arctan2(total[1], total[0]))

    def around(s: FloatArray) -> FloatArray:
        turned: FloatArray = value + (np.arctan2(s[..., 1], s[..., 0]) - value + np.pi) % (2 * np.pi) - np.pi
        return turned

    return _resampled(sums, around, rng)


def slope(records: Records, x: FloatArray, *, rng: np.random.Generator) -> Resampled:
    """Weighted least-squares slope of the values against ``x``, shape (record,)."""
    there = records.there & np.isfinite(x)
    w = records.weight[there]
    # about the mean, so that the sums of squares keep their digits
    dx = x[there] - (np.average(x[there], weights=w) if w.size else 0.0)
    y = records.values[there] - (np.average(records.values[there], weights=w) if w.size else 0.0)
    sums = _sums(records.time_s[there], [w, w * dx, w * y, w * dx * dx, w * dx * y])

    def steepness(s: FloatArray) -> FloatArray:
        found: FloatArray = (s[..., 0] * s[..., 4] - s[..., 1] * s[..., 2]) / (
            s[..., 0] * s[..., 3] - s[..., 1] * s[..., 1]
        )
        return found

    return _resampled(sums, steepness, rng)


def contrast(
    records: Records,
    this: np.ndarray,
    other: np.ndarray,
    *,
    bands: np.ndarray | None = None,
    rng: np.random.Generator,
) -> Resampled:
    """Weighted mean over some records minus that over others, within bands that both hold.

    Parameters
    ----------
    records : Records
    this, other : arrays of bool, shape (record,)
    bands : array of int, shape (record,), optional
        Only records of one band are compared (of like speed, for instance); negative: in none.
        A band counts where both sides hold a minute of it, with the smaller of both weights.
    rng : Generator
    """
    there = records.there & (this | other)
    weight, values, lasts_s = records.weight, np.nan_to_num(records.values), records.lasts_s
    band = np.zeros(values.size, dtype=np.int64) if bands is None else bands
    shared = [
        b
        for b in np.unique(band[there])
        if b >= 0 and min(lasts_s[there & side & (band == b)].sum() for side in (this, other)) >= SHORTEST_PART_S
    ]
    if not shared:
        return Resampled(np.nan, None, "the two have no minute in common that could be compared", 0)
    columns = [
        np.where(side & (band == b), weight, 0.0)[there] * factor
        for b in shared
        for side in (this, other)
        for factor in (1.0, values[there])
    ]
    inside = np.isin(band[there], shared)
    sums = _sums(records.time_s[there][inside], [c[inside] for c in columns])
    fewest = min(int((sums[:, [4 * i + j for i in range(len(shared))]].sum(axis=1) > 0).sum()) for j in (0, 2))
    return _resampled(sums, _contrasted, rng, fewest=fewest)


def by_minute(records: Records) -> tuple[FloatArray, FloatArray]:
    """Middle of each minute in s, and the weighted mean of its records; shape (minute,) each."""
    there = records.there
    minutes, place = np.unique(np.floor(records.time_s[there] / 60.0), return_inverse=True)
    total = np.bincount(place, records.weight[there])
    summed = np.bincount(place, (records.weight * records.values)[there])
    middles: FloatArray = (minutes + 0.5) * 60.0
    return middles, summed / total


def _contrasted(s: FloatArray) -> FloatArray:
    """Columns in fours per band: weight and weighted sum of this, then of the other."""
    w_this, sum_this, w_other, sum_other = (s[..., i::4] for i in range(4))
    both = np.minimum(w_this, w_other)
    apart = np.where(both > 0, sum_this / w_this - sum_other / w_other, 0.0)
    found: FloatArray = (both * apart).sum(axis=-1) / both.sum(axis=-1)
    return found


def _resampled(
    sums: FloatArray,
    statistic: Callable[[FloatArray], FloatArray],
    rng: np.random.Generator,
    *,
    fewest: int | None = None,
) -> Resampled:
    """A statistic of sums over minutes, shape (minute, sum), with its interval."""
    if not len(sums):
        return _nothing()
    count = len(sums) if fewest is None else fewest
    with np.errstate(invalid="ignore", divide="ignore"):
        value = float(statistic(sums.sum(axis=0)))
        if count < FEWEST_MINUTES:
            return _without(value, count)
        return _with(value, statistic(_draws(len(sums), rng) @ sums), count)


def _medians(x: FloatArray, weight: FloatArray) -> FloatArray:
    """Weighted median of one row of sorted values under each row of weights."""
    gone = np.cumsum(weight, axis=1)
    found: FloatArray = x[np.argmax(gone >= gone[:, -1:] / 2, axis=1)]
    return found


def _minutes(time_s: FloatArray) -> tuple[np.ndarray, int]:
    found, place = np.unique(np.floor(time_s / 60.0), return_inverse=True)
    return place, found.size


def _sums(time_s: FloatArray, columns: list[FloatArray]) -> FloatArray:
    place, count = _minutes(time_s)
    if not count:
        return np.empty((0, len(columns)))
    return np.column_stack([np.bincount(place, column, minlength=count) for column in columns])


def _draws(count: int, rng: np.random.Generator) -> FloatArray:
    """How often each minute is drawn, shape (draw, minute)."""
    return rng.multinomial(count, np.full(count, 1.0 / count), size=RESAMPLES).astype(np.float64)


def _with(value: float, drawn: FloatArray, minutes: int) -> Resampled:
    # a draw that misses one side of a comparison has no value
    drawn = drawn[np.isfinite(drawn)]
    if not drawn.size or not np.isfinite(value):
        return _without(value, minutes)
    (low, high), (lower, higher) = (np.quantile(drawn, _tails(share, minutes)) for share in (CONFIDENCE, TOLD))
    certain = minutes >= FEWEST_TOLD and bool(lower > 0 or higher < 0)
    return Resampled(value, (float(low), float(high)), "", minutes, certain)


def _tails(share: float, minutes: int) -> tuple[float, float]:
    """Percentiles that hold a share of cases; a plain percentile interval of few minutes is too narrow.

    The expanded percentile interval of Hesterberg (2015, American Statistician 69:371, section 5.3).
    """
    low = float(stats.norm.cdf(np.sqrt(minutes / (minutes - 1)) * stats.t.ppf((1 - share) / 2, minutes - 1)))
    return low, 1.0 - low


def _without(value: float, minutes: int) -> Resampled:
    words = "1 minute is" if minutes == 1 else f"{minutes} minutes are"
    return Resampled(value, None, f"{words} too few for an interval", minutes)


def _nothing() -> Resampled:
    return Resampled(float("nan"), None, "not measured", 0)
