"""Good and bad steps: how far each stride lies from the same leg's good ones, and how long good ones last.

"Good" means like the strides that were taken as reference, no more: nothing here says that those are healthy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
import xarray as xr

from restride.errors import SchemaError
from restride.findings.blocks import BLOCK, CONFIDENCE, FEWEST_BLOCKS, RESAMPLES, blocks
from restride.signals.recording import Side
from restride.signals.schema import FloatArray

Reference = Literal["majority", "first minute"]
# fewer strides of a leg do not show what is usual for it
FEWEST: Final = 8
# of sound strides that scatter in one way only one or two in a hundred lie beyond, of others fewer
LIMIT_SD: Final = 3.0
# few strides show their own scatter badly: up to twice as far as usual no step is called bad
LEAST_TIMES: Final = 2.0
MAD_TO_SD: Final = 1.4826
# of all curves those three that lie furthest off: one muscle gone astray is not drowned by twenty curves in order
FURTHEST: Final = 3
# the majority is sought again without the strides that fell out, so that they do not widen what is usual
ROUNDS: Final = 8
FIRST_S: Final = 60.0
# a pause longer than this many usual strides ends a run
PAUSE_STRIDES: Final = 1.5
SHUFFLES: Final = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Standard:
    """What a good stride of a leg is.

    Attributes
    ----------
    middle : mapping of curve to ndarray, shape (phase,)
        Median of the reference strides.
    usual : mapping of curve to float
        Median root mean square distance of the reference strides from it.
    limit : float
        Largest distance of a good stride.
    n : int
        Reference strides.
    words : str
        Which strides they are.
    """

    middle: Mapping[str, FloatArray]
    usual: Mapping[str, float]
    limit: float
    n: int
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Strides of one leg, each judged.

    Attributes
    ----------
    side : {"left", "right"}
    cycle : ndarray of int, shape (stride,)
    start_s : ndarray, shape (stride,)
    distance : ndarray, shape (stride,)
        As a share of the limit: up to 1 is good.
    good : ndarray of bool, shape (stride,)
    words : str
        What they were held against.
    """

    side: Side
    cycle: np.ndarray
    start_s: FloatArray
    distance: FloatArray
    good: np.ndarray
    words: str


@dataclass(frozen=True, slots=True)
class Share:
    """A share of good steps, or the difference of two, with its 95 % interval over blocks of neighbours."""

    value: float
    interval: tuple[float, float] | None
    reason: str
    n: int


@dataclass(frozen=True, slots=True)
class Runs:
    """How long good steps last, against steps of the same share in random order.

    Attributes
    ----------
    longest, median : float
        Steps in a row; 0 without a good one.
    expected_longest : float
        Median over random orders, with ``range_longest`` of 95 % of them.
    expected_median : float
    """

    longest: float
    median: float
    expected_longest: float
    range_longest: tuple[float, float]
    expected_median: float


def standard(
    curves: Mapping[str, xr.DataArray], table: pd.DataFrame, *, side: Side, reference: Reference | np.ndarray
) -> Standard:
    """What is usual among the reference strides of a leg.

    Parameters
    ----------
    curves : mapping of kind to DataArray, dims (cycle, phase, name), with coordinate ``side``
        Any kinds, any units: each curve is held against its own scatter.
    table : DataFrame as from ``cycles.segment``
    side : {"left", "right"}
        Give the other leg's to hold a leg against the other one.
    reference : {"majority", "first minute"} or array of int
        Numbers of the strides that somebody marked as good; or those within the first minute of the
        recording's strides; or the robust majority, which holds as long as more than half of the strides are good.

    Raises
    ------
    SchemaError
        If there are fewer than ``FEWEST`` reference strides with whole curves.

    Notes
    -----
    Distance of a stride in one curve: root mean square over the phase from the median curve, as a
    multiple of the reference strides' median. Distance of a stride: mean of the three furthest curves. The limit lies
    three robust SD (1.4826 MAD) above the median distance, and never below twice that. Ours.
    """
    cycle, values = _of_leg(curves, side)
    start_s = table.loc[cycle, "start_s"].to_numpy(dtype=np.float64)
    measured = [np.isfinite(v).all(axis=1) for v in values.values()]
    whole = np.all(measured, axis=0) if measured else np.zeros(len(cycle), dtype=bool)
    chosen, words = _chosen(cycle, start_s, reference)
    chosen = chosen & whole
    if chosen.sum() < FEWEST:
        raise SchemaError(f"expected at least {FEWEST} whole strides of the {side} leg, found {int(chosen.sum())}")
    rounds = ROUNDS if isinstance(reference, str) and reference == "majority" else 1
    found = _standard(values, chosen, words)
    for _ in range(rounds - 1):
        near = chosen & (np.nan_to_num(_distance(values, found), nan=np.inf) <= found.limit)
        if near.sum() <= chosen.sum() / 2:
            break
        found = _standard(values, near, words)
    return found


def judged(curves: Mapping[str, xr.DataArray], table: pd.DataFrame, held: Standard, *, side: Side) -> Steps:
    """Every stride of a leg against a standard, its own or another one's.

    Parameters
    ----------
    curves, table
        As for ``standard``; of another recording too, if it holds the same curves.
    held : Standard
    side : {"left", "right"}

    Returns
    -------
    Steps
        Strides with a gap in any curve are left out.

    Raises
    ------
    SchemaError
        If a curve of the standard is missing.
    """
    cycle, values = _of_leg(curves, side)
    missing = sorted(set(held.middle) - set(values))
    if missing:
        raise SchemaError(f"expected the curves of the standard, missing {missing}; compare recordings of one kind")
    distance = _distance(values, held) / held.limit
    whole = np.isfinite(distance)
    start_s = table.loc[cycle, "start_s"].to_numpy(dtype=np.float64)
    order = np.argsort(start_s[whole], kind="stable")
    kept = np.flatnonzero(whole)[order]
    return Steps(side, cycle[kept], start_s[kept], distance[kept], distance[kept] <= 1.0, held.words)


def share(steps: Steps, *, rng: np.random.Generator) -> Share:
    """Share of good steps with an interval from blocks of five neighbours."""
    return _share(float(steps.good.mean()), (steps,), _drawn(steps, rng))


def apart(this: Steps, other: Steps, *, rng: np.random.Generator) -> Share:
    """Share of good steps minus that of other steps, each drawn by itself.

    Parameters
    ----------
    this, other : Steps
        Forced and free, with a counting task and without: judged by one standard, or the two say nothing together.
    rng : Generator
    """
    value = float(this.good.mean() - other.good.mean())
    return _share(value, (this, other), _drawn(this, rng) - _drawn(other, rng))


def runs(steps: Steps, *, rng: np.random.Generator) -> Runs:
    """Good steps in a row, and what the same steps would give in random order."""
    part = _parts(steps.start_s)
    lengths = _lengths(steps.good, part)
    shuffled = [_lengths(rng.permutation(steps.good), part) for _ in range(SHUFFLES)]
    longest = np.array([max(found, default=0) for found in shuffled], dtype=np.float64)
    low, high = np.quantile(longest, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Runs(
        longest=float(max(lengths, default=0)),
        median=float(np.median(lengths)) if lengths else 0.0,
        expected_longest=float(np.median(longest)),
        range_longest=(float(low), float(high)),
        expected_median=float(np.median([float(np.median(found)) for found in shuffled if found] or [0.0])),
    )


def _of_leg(curves: Mapping[str, xr.DataArray], side: Side) -> tuple[np.ndarray, dict[str, FloatArray]]:
    """Stride numbers, and each curve of this leg that was measured in most strides, shape (stride, phase)."""
    numbers: np.ndarray | None = None
    values: dict[str, FloatArray] = {}
    for kind, array in curves.items():
        own = array.isel(cycle=np.flatnonzero(array["side"].values == side))
        numbers = own["cycle"].values if numbers is None else numbers
        if not np.array_equal(numbers, own["cycle"].values):
            raise SchemaError("expected curves of the same strides, found others; cut them with one table")
        if not numbers.size:
            continue
        rest = [str(d) for d in own.dims if d not in ("cycle", "phase")]
        flat = own.stack(what=rest) if rest else own.expand_dims(what=[kind])
        for i in range(flat.sizes["what"]):
            column = flat.isel(what=i).transpose("cycle", "phase").values
            if np.isfinite(column).all(axis=1).mean() > 0.5 and np.ptp(column[np.isfinite(column)]) > 0:
                values[f"{kind} {flat['what'].values[i]}"] = column
    return (np.empty(0, dtype=int) if numbers is None else numbers), values


def _chosen(cycle: np.ndarray, start_s: FloatArray, reference: Reference | np.ndarray) -> tuple[np.ndarray, str]:
    if not isinstance(reference, str):
        return np.isin(cycle, reference), "the strides that were marked as good"
    if reference == "first minute":
        return start_s < (start_s.min() if start_s.size else 0.0) + FIRST_S, "its strides of the first minute"
    return np.ones(cycle.size, dtype=bool), "the majority of its own strides"


def _standard(values: Mapping[str, FloatArray], chosen: np.ndarray, words: str) -> Standard:
    middle = {name: np.median(v[chosen], axis=0) for name, v in values.items()}
    usual = {name: float(np.median(_rms(v[chosen] - middle[name]))) for name, v in values.items()}
    usual = {name: size for name, size in usual.items() if size > 0}
    found = Standard({name: middle[name] for name in usual}, usual, np.inf, int(chosen.sum()), words)
    far = _distance(values, found)[chosen]
    usual_far = float(np.median(far))
    spread = MAD_TO_SD * float(np.median(np.abs(far - usual_far)))
    limit = max(usual_far + LIMIT_SD * spread, LEAST_TIMES * usual_far)
    return Standard(found.middle, found.usual, limit, found.n, words)


def _distance(values: Mapping[str, FloatArray], held: Standard) -> FloatArray:
    each = np.stack([_rms(values[name] - held.middle[name]) / held.usual[name] for name in held.usual])
    furthest: FloatArray = np.sort(each, axis=0)[-FURTHEST:].mean(axis=0)
    return furthest


def _rms(apart: FloatArray) -> FloatArray:
    size: FloatArray = np.sqrt((apart**2).mean(axis=1))
    return size


def _drawn(steps: Steps, rng: np.random.Generator) -> FloatArray:
    """Shares of good steps in resampled blocks, shape (RESAMPLES,); of steps all alike, what so many may hide."""
    block = _block(steps)
    count = int(block.max()) + 1 if block.size else 0
    if not count:
        return np.full(RESAMPLES, np.nan)
    good, all_of = (np.bincount(block, w, minlength=count) for w in (steps.good.astype(float), np.ones(block.size)))
    if good.sum() in (0.0, all_of.sum()):
        # Jeffreys: half a block of either kind
        return rng.beta(0.5 + count * (good.sum() > 0), 0.5 + count * (good.sum() == 0), RESAMPLES)
    times = rng.multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    drawn: FloatArray = (times @ good) / (times @ all_of)
    return drawn


def _share(value: float, sets: tuple[Steps, ...], drawn: FloatArray) -> Share:
    n = min(s.good.size for s in sets)
    counts = [np.unique(_block(s)).size for s in sets]
    if min(counts) < FEWEST_BLOCKS:
        return Share(value, None, f"{n} steps in {min(counts)} blocks of neighbours are too few for an interval", n)
    low, high = np.quantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Share(value, (min(float(low), value), max(float(high), value)), "", n)


def _block(steps: Steps) -> np.ndarray:
    return blocks(steps.start_s, gap_s=_pause_s(steps.start_s), size=BLOCK)


def _pause_s(start_s: FloatArray) -> float:
    return PAUSE_STRIDES * float(np.median(np.diff(start_s))) if start_s.size > 1 else np.inf


def _parts(start_s: FloatArray) -> np.ndarray:
    """Number of the unbroken stretch of each stride."""
    return np.concatenate([[0], np.cumsum(np.diff(start_s) > _pause_s(start_s))]) if start_s.size else np.empty(0)


def _lengths(good: np.ndarray, part: np.ndarray) -> list[int]:
    """Lengths of the runs of good strides."""
    borders = np.flatnonzero((np.diff(good.astype(int)) != 0) | (np.diff(part) != 0)) + 1
    starts = np.concatenate([[0], borders]).astype(int)
    ends = np.concatenate([borders, [good.size]]).astype(int)
    return [int(end - start) for start, end in zip(starts, ends, strict=True) if end > start and good[start]]
