"""Medians over strides with intervals from blocks of neighbouring strides.

Strides that follow each other are alike, so whole blocks of them are drawn, never single ones.
A chapter compares several measures; a difference is told in words only where its ``TOLD``
interval allows it, which keeps ten comparisons together below one false sentence in twenty.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from restride.signals.schema import FloatArray

CONFIDENCE: Final = 0.95
TOLD: Final = 0.995  # one in twenty, shared by ten comparisons
BLOCK: Final = 5  # strides; what makes one stride like the next is spent within a few
FEWEST_BLOCKS: Final = 5  # fewer cannot show their own scatter
RESAMPLES: Final = 2000
_AT_ONCE: Final = 200  # draws, which bounds the memory


@dataclass(frozen=True, slots=True)
class Median:
    """A median, or a difference of two, with its intervals.

    Attributes
    ----------
    value : float
        NaN: not measured.
    interval, told : tuple of float or None
        95 % interval, and the wider one that a sentence has to clear.
    reason : str
        Why there is none; empty if there is one.
    n : int
        Values it rests on; of a difference the smaller side's.
    """

    value: float
    interval: tuple[float, float] | None
    told: tuple[float, float] | None
    reason: str
    n: int

    @property
    def least(self) -> float:
        """The smallest size the wider interval still allows; 0 if it holds zero or is missing."""
        return max(self.told[0], -self.told[1], 0.0) if self.told is not None else 0.0


def blocks(time_s: FloatArray, *, gap_s: float, size: int = BLOCK) -> np.ndarray:
    """Number of the block of each value, shape (n,): ``size`` neighbours without a gap between.

    Parameters
    ----------
    time_s : ndarray, shape (n,)
        Increasing.
    gap_s : float
        A longer pause begins a new bout, and a block never reaches over it.
    size : int
        Of a block; twice ``BLOCK`` where strides of both feet stand in one row.
    """
    if not time_s.size:
        return np.empty(0, dtype=int)
    bout = np.concatenate([[0], np.cumsum(np.diff(time_s) > gap_s)])
    first = np.searchsorted(bout, bout)  # where the own bout begins
    place = (np.arange(len(bout)) - first) // size
    return np.asarray(np.unique(np.stack([bout, place]), axis=1, return_inverse=True)[1]).ravel()


def median(values: FloatArray, block: np.ndarray, *, rng: np.random.Generator) -> Median:
    """Median with intervals; NaN values are left out.

    Parameters
    ----------
    values : ndarray, shape (n,)
    block : ndarray of int, shape (n,)
        As ``blocks`` gives them.
    rng : Generator
    """
    values, block = _present(values, block)
    if not values.size:
        return Median(float("nan"), None, None, "not measured", 0)
    return _with_intervals(float(np.median(values)), values.size, (_drawn(values, block, rng),), _few(block))


def difference(
    left: tuple[FloatArray, np.ndarray], right: tuple[FloatArray, np.ndarray], *, rng: np.random.Generator
) -> Median:
    """Median of the left minus median of the right; each pair holds values and blocks.

    The two sides are drawn apart, so that they need not share a clock; where they do, ``beside`` is
    the surer one, because a change of pace leaves it alone.
    """
    (a, of_a), (b, of_b) = _present(*left), _present(*right)
    n = min(a.size, b.size)
    if not n:
        return Median(float("nan"), None, None, "measured on one side only", 0)
    value = float(np.median(a) - np.median(b))
    return _with_intervals(value, n, (_drawn(a, of_a, rng), _drawn(b, of_b, rng)), _few(of_a) or _few(of_b))


def between(time_s: FloatArray, other_s: FloatArray, others: FloatArray, *, within_s: float) -> FloatArray:
    """Value of the other foot around each time, shape of ``time_s``: mean of its strides just before and after.

    Parameters
    ----------
    time_s : ndarray, shape (n,)
    other_s, others : ndarray, shape (m,)
        When the other foot's strides were, increasing, and their values.
    within_s : float
        A neighbour further away is of another walk. NaN unless both neighbours are there.
    """
    if other_s.size < 2:
        return np.full(time_s.shape, np.nan)
    after = np.searchsorted(other_s, time_s)
    inside = (after > 0) & (after < other_s.size)
    after = np.clip(after, 1, other_s.size - 1)
    near = (other_s[after] - time_s <= within_s) & (time_s - other_s[after - 1] <= within_s)
    return np.where(inside & near, (others[after - 1] + others[after]) / 2, np.nan)


def beside(
    left: tuple[FloatArray, FloatArray], right: tuple[FloatArray, FloatArray], *, gap_s: float, rng: np.random.Generator
) -> Median:
    """Median of left minus right of feet on one clock; each pair holds times and values.

    Every stride, of either foot, is compared with the other foot's just before and after it, so that a
    change of pace shows in neither, and exchanged feet give the same number with the other sign.

    Parameters
    ----------
    left, right : tuple of ndarray
        Times, increasing, and values.
    gap_s : float
        A longer pause begins a new bout.
    rng : Generator
    """
    (left_s, a), (right_s, b) = left, right
    of_left = a - between(left_s, right_s, b, within_s=gap_s)
    of_right = between(right_s, left_s, a, within_s=gap_s) - b
    time_s, apart = np.concatenate([left_s, right_s]), np.concatenate([of_left, of_right])
    order = np.argsort(time_s, kind="stable")
    found = median(apart[order], blocks(time_s[order], gap_s=gap_s, size=2 * BLOCK), rng=rng)
    return replace(found, n=int(min(np.isfinite(of_left).sum(), np.isfinite(of_right).sum())))


def _present(values: FloatArray, block: np.ndarray) -> tuple[FloatArray, np.ndarray]:
    there = np.isfinite(values)
    return values[there], block[there]


def _few(block: np.ndarray) -> str:
    count = np.unique(block).size
    return f"{block.size} in {count} blocks of neighbours are too few for an interval" if count < FEWEST_BLOCKS else ""


def _with_intervals(value: float, n: int, draws: tuple[FloatArray, ...], reason: str) -> Median:
    if reason:
        return Median(value, None, None, reason, n)
    drawn = draws[0] - draws[1] if len(draws) > 1 else draws[0]
    ends = [np.quantile(drawn, [(1 - c) / 2, (1 + c) / 2]).tolist() for c in (CONFIDENCE, TOLD)]
    return Median(value, (ends[0][0], ends[0][1]), (ends[1][0], ends[1][1]), "", n)


def _drawn(values: FloatArray, block: np.ndarray, rng: np.random.Generator) -> FloatArray:
    """Medians of resampled blocks, shape (RESAMPLES,)."""
    order = np.argsort(values, kind="stable")
    x, (_, of) = values[order], np.unique(block, return_inverse=True)
    of = of.ravel()[order]
    count = int(of.max()) + 1
    out = np.empty(RESAMPLES)
    for i in range(0, RESAMPLES, _AT_ONCE):
        times = rng.multinomial(count, np.full(count, 1 / count), size=_AT_ONCE).astype(np.int32)
        reached = np.cumsum(times[:, of], axis=1, dtype=np.int32)
        half = reached[:, -1:] / 2
        low, high = (reached >= half).argmax(axis=1), (reached > half).argmax(axis=1)
        out[i : i + _AT_ONCE] = (x[low] + x[high]) / 2
    return out
