"""How power and contact time are shared between the legs over an outing, as rows.

A row speaks of the left leg where the file states the side, and of "one leg, not stated
which" where it does not: then its size and its course are known, its sign is not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
import xarray as xr

from restride.findings.outing_samples import SHARES, Leg, Quantity, Samples, beside, by_minute, grade, samples
from restride.signals.recording import Recording
from restride.signals.schema import FloatArray

CONFIDENCE: Final = 0.95
RESAMPLES: Final = 2000
# below this the resampled minutes are too few to show their own scatter
FEWEST_MINUTES: Final = 5
SHORTEST_BAND_S: Final = 60.0

# split -> (edges in SI, factor and unit they are spoken in)
_STEPS: Final[Mapping[str, tuple[FloatArray, float, str]]] = {
    "power": (np.arange(0.0, 2001.0, 100.0), 1.0, "W"),
    "cadence": (np.arange(0.0, 201.0, 10.0) / 60.0, 60.0, "turns/min"),
    "speed": (np.arange(0.0, 12.1, 0.5), 1.0, "m/s"),
    "minutes": (np.arange(0.0, 864_001.0, 600.0), 1 / 60.0, "min"),
}
# split -> (inner edges, names from low to high); a bend of 20 m radius at 3 m/s turns 0.15 rad/s
_WORDS: Final[Mapping[str, tuple[tuple[float, float], tuple[str, str, str]]]] = {
    "grade": ((-0.02, 0.02), ("downhill", "level", "uphill")),
    "turn": ((-0.08, 0.08), ("turning right", "straight", "turning left")),
}


@dataclass(frozen=True, slots=True)
class Balance:
    """One share of one leg, with everything needed to judge it.

    Attributes
    ----------
    quantity : {"power", "contact time"}
    method : str
        "work-weighted mean", "time-weighted mean", "plain mean", "stated by the device"
        or "trend".
    split, part : str
        What the outing was split by and which part this is; "whole outing" and "" if it was not.
    of : {"left leg", "one leg, not stated which"}
    share : float
        0 to 1; of a trend the change per hour.
    units : {"1", "1 per hour"}
    interval : tuple of float or None
        95 % interval over minutes; it does not hold errors of the meter's own zero.
    interval_reason : str
        Why there is no interval; empty if there is one.
    covered_s : float
        Seconds that went into it; NaN of the device's own value, which does not say.
    minutes : int
        Minutes that went into it, the unit of resampling.
    sentence : str
    """

    quantity: Quantity
    method: str
    split: str
    part: str
    of: Leg
    share: float
    units: str
    interval: tuple[float, float] | None
    interval_reason: str
    covered_s: float
    minutes: int
    sentence: str = ""

    def row(self) -> dict[str, object]:
        """The share as a flat row for JSON and tables."""
        row: dict[str, object] = asdict(self)
        del row["interval"]
        low, high = self.interval or (None, None)
        covered_s = None if np.isnan(self.covered_s) else self.covered_s
        return row | {"covered_s": covered_s, "interval_low": low, "interval_high": high}


def balance(recording: Recording, *, rng: np.random.Generator | None = None) -> list[Balance]:
    """Left share of power (pedals) and of contact time (running), whole and in parts.

    Parameters
    ----------
    recording : Recording
        With ``left_share`` and ``power``, or with ``contact_left_share``; without them,
        as with one-sided meters, there are no rows.
    rng : Generator, optional
        Of the bootstrap; seed 0 if not given.

    Returns
    -------
    list of Balance
        For each quantity the headline, the plain mean and the device's own value, then
        parts of the outing and the trend. Where only some records state their side, only
        those count.

    Notes
    -----
    The headline of power is ``sum(P share) / sum(P)``, which is each leg's part of the
    work, and of contact time the mean over time. Records without power or without cadence
    are left out, never those of a certain share: a one-leg drill is a true 0 or 100 %.
    Intervals: percentile bootstrap over whole minutes, because neighbouring records are
    not independent.
    """
    rng = np.random.default_rng(0) if rng is None else rng
    rows: list[Balance] = []
    for quantity, kind in SHARES.items():
        if kind in recording:
            rows += _rows(recording, quantity, rng)
    return rows


def _rows(recording: Recording, quantity: Quantity, rng: np.random.Generator) -> list[Balance]:
    counting = samples(recording, quantity)
    if not counting.row.size:
        return []
    share = recording[SHARES[quantity]]
    method = "work-weighted mean" if quantity == "power" else "time-weighted mean"
    whole = _estimate(counting, quantity, counting.of, method, rng)
    rows = [whole, replace(whole, method="plain mean", share=float(counting.share.mean()), interval=None)]
    rows[1] = replace(rows[1], interval_reason="shown beside the headline, which has one")
    rows += _device_rows(share, whole)
    for split, values in _splits(recording, quantity, share):
        rows += _parts(counting, split, values[counting.row], whole, rng)
    rows += _trend(counting, whole, rng)
    return [replace(row, sentence=_sentence(row)) for row in rows]


def _estimate(counting: Samples, quantity: Quantity, of: Leg, method: str, rng: np.random.Generator) -> Balance:
    summed, weight, _ = by_minute(counting)
    value = float(summed.sum() / weight.sum())
    interval, reason = None, f"{weight.size} minutes are too few for an interval"
    if weight.size >= FEWEST_MINUTES:
        drawn = rng.integers(0, weight.size, size=(RESAMPLES, weight.size))
        interval, reason = _percentiles(summed[drawn].sum(axis=1) / weight[drawn].sum(axis=1)), ""
    seconds = float(counting.lasts_s.sum())
    return Balance(quantity, method, "whole outing", "", of, value, "1", interval, reason, seconds, weight.size)


def _percentiles(values: FloatArray) -> tuple[float, float]:
    low, high = np.quantile(values, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high)


def _device_rows(share: xr.DataArray, whole: Balance) -> list[Balance]:
    """The device's own mean, if it speaks of the same leg as the headline."""
    stated = share.attrs.get("device_value")
    if stated is None or bool(share.attrs.get("device_side_known")) != (whole.of == "left leg"):
        return []
    reason = "the device states none"
    row = replace(whole, method="stated by the device", share=float(stated), interval=None, interval_reason=reason)
    return [replace(row, covered_s=float("nan"), minutes=0)]


def _splits(recording: Recording, quantity: Quantity, share: xr.DataArray) -> Iterator[tuple[str, FloatArray]]:
    """What an outing is split by, with its value at each record."""
    for kind in ("power", "cadence") if quantity == "power" else ("speed",):
        if kind in recording:
            yield kind, beside(share, recording[kind])
    if "altitude" in recording and "distance" in recording:
        yield "grade", beside(share, grade(recording["altitude"], recording["distance"]))
    if "turn_rate" in recording:
        yield "turn", beside(share, recording["turn_rate"])
    yield "minutes", share["time"].values


def _parts(
    counting: Samples, split: str, values: FloatArray, whole: Balance, rng: np.random.Generator
) -> list[Balance]:
    """One row for each band that lasted long enough; none if there is only one."""
    rows: list[Balance] = []
    for name, inside in _bands(split, values):
        part = counting.where(inside)
        if float(part.lasts_s.sum()) >= SHORTEST_BAND_S:
            found = _estimate(part, whole.quantity, whole.of, whole.method, rng)
            rows.append(replace(found, split=split, part=name))
    return rows if len(rows) > 1 else []


def _bands(split: str, values: FloatArray) -> Iterator[tuple[str, np.ndarray]]:
    if split in _WORDS:
        (low, high), names = _WORDS[split]
        yield from zip(names, (values < low, (values >= low) & (values <= high), values > high), strict=True)
        return
    edges, factor, unit = _STEPS[split]
    for start, end in pairwise(edges.tolist()):
        inside = (values >= start) & (values < end)
        if inside.any():
            yield f"{factor * start:g} to {factor * end:g} {unit}", inside


def _trend(counting: Samples, whole: Balance, rng: np.random.Generator) -> list[Balance]:
    """Change of the share per hour: a line through the minutes, weighted as they are."""
    summed, weight, hours = by_minute(counting)
    if weight.size < FEWEST_MINUTES:
        return []
    drawn = rng.integers(0, weight.size, size=(RESAMPLES, weight.size))
    slopes = _slopes(hours[drawn], (summed / weight)[drawn], weight[drawn])
    value = float(_slopes(hours, summed / weight, weight))
    # a draw of one minute only has no slope
    interval = _percentiles(slopes[np.isfinite(slopes)])
    return [replace(whole, method="trend", split="minutes", share=value, units="1 per hour", interval=interval)]


def _slopes(x: FloatArray, y: FloatArray, weight: FloatArray) -> FloatArray:
    """Weighted least-squares slopes along the last axis."""
    total = weight.sum(axis=-1, keepdims=True)
    dx = x - (weight * x).sum(axis=-1, keepdims=True) / total
    dy = y - (weight * y).sum(axis=-1, keepdims=True) / total
    with np.errstate(invalid="ignore", divide="ignore"):
        slope: FloatArray = (weight * dx * dy).sum(axis=-1) / (weight * dx * dx).sum(axis=-1)
    return slope


def _sentence(row: Balance) -> str:
    leg = row.of[0].upper() + row.of[1:]
    span = ""
    if row.interval is not None:
        low, high = (100 * v for v in row.interval)
        span = f" (95 % interval {low:.1f} to {high:.1f})"
    if row.method == "trend":
        return f"{leg}: {100 * row.share:+.1f} percentage points of the {row.quantity} per hour{span}."
    where = f", {row.part}" if row.part else ""
    return f"{leg}{where}: {100 * row.share:.1f} % of the {row.quantity}{span}, {row.method}."
