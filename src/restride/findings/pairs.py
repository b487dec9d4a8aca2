"""The strides of each leg in two recordings, quantity by quantity and window by window."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.findings.finding import Topic
from restride.findings.sides import ACTIVITY, Quantity, least_difference, range_of_mean, window_means
from restride.findings.statistics import Window
from restride.findings.timing import FLOOR_PERCENT, LARGEST_LAG_PERCENT, SHAPE_R, lags, unit_shape
from restride.signals.recording import Side
from restride.signals.schema import SIDES, FloatArray
from restride.signals.vocabulary import plain

WHOLE: Final = Window("whole stride", 0.0, 100.0)
# no electrode was moved, so what its seat does to the size is the same in both; warmth and sweat still change the
# skin. A tenth: our decision
ACTIVITY_OF_ONE_STICKING: Final = replace(ACTIVITY, floor_share=0.1)
# each leg by its own mean: no gain can show in it. What an electrode hears of the neighbours changes with its place;
# a quarter of the mean: our decision
SHAPE: Final = Quantity("muscle", "share of the leg's own mean", "1", 1.0, 0.25, 0.1, "range")
# times of one leg repeat to a few percent from run to run at one speed; the same floor as between legs
STRIDE_FLOOR: Final = 0.05
CHANGE_METHOD: Final = "mean over strides of one leg in each recording; pooled t interval over strides"
LAG_METHOD: Final = (
    "circular cross-correlation of each stride with the leg's mean of both recordings; pooled t interval"
)


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """One quantity in one window: the strides of each leg in two recordings.

    Attributes
    ----------
    topic, name, what, units : str
        As in ``Finding``.
    window : Window
    first, second : mapping of side to ndarray
        One number per stride, in ``units``; only sides that both recordings hold.
    floor : mapping of side to float
        Up to which the method alone may make one leg differ between the recordings.
    span : mapping of side to float
        What strength is a share of.
    method : str
    reason : mapping of side to str
        Why a leg may have no interval.
    """

    topic: Topic
    name: str
    what: str
    units: str
    window: Window
    first: Mapping[Side, FloatArray]
    second: Mapping[Side, FloatArray]
    floor: Mapping[Side, float]
    span: Mapping[Side, float]
    method: str = CHANGE_METHOD
    reason: Mapping[Side, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is: topic, name, window."""
        return self.topic, self.name, self.window.name


def of_curves(
    first: xr.DataArray, second: xr.DataArray, windows: Iterable[Window], *, quantity: Quantity
) -> list[Pair]:
    """Means in every window, and for angles ranges, of what both recordings hold.

    Parameters
    ----------
    first, second : DataArray, dims (cycle, phase, name), with coordinate ``side`` along cycle
    windows : iterable of Window
        The same for both, or a difference of windows would pass for a change.
    quantity : Quantity
    """
    chosen = tuple(windows)
    found: list[Pair] = []
    for name in names_of_both(first, second):
        legs = {side: (strides_of(first, side, name), strides_of(second, side, name)) for side in SIDES}
        values = {s: (quantity.factor * a, quantity.factor * b) for s, (a, b) in legs.items()}
        measures = [(f"mean {quantity.measure}", w, {s: _means(v, w) for s, v in values.items()}) for w in chosen]
        if quantity.topic == "joint":
            measures.append(("range", WHOLE, {s: _ranges(v) for s, v in values.items()}))
        span = {s: max(map(range_of_mean, v)) for s, v in values.items()}
        for measure, window, numbers in measures:
            pair = _pair(name, measure, window, numbers, quantity, span)
            found += [pair] if pair.first else []
    return found


def of_strides(first: pd.DataFrame, second: pd.DataFrame, *, columns: Mapping[str, tuple[str, str]]) -> list[Pair]:
    """Measures with one number per stride (contact time and the like).

    Parameters
    ----------
    first, second : DataFrame with a column ``side`` and the columns named
    columns : mapping of column to (name in words, units)
    """
    found = []
    for column, (words, units) in columns.items():
        if column not in first or column not in second:
            continue
        numbers: dict[Side, tuple[FloatArray, FloatArray]] = {}
        for side in SIDES:
            a, b = (t.loc[t["side"] == side, column].to_numpy(dtype=float) for t in (first, second))
            numbers[side] = a, b
        present = _present(numbers)
        size = {s: max(abs(float(a.mean())), abs(float(b.mean()))) for s, (a, b) in present.items()}
        if present:
            floors = {s: STRIDE_FLOOR * size[s] for s in present}
            found.append(Pair("stride", words, column, units, WHOLE, *_split(present), floors, size))
    return found


def of_timing(first: xr.DataArray, second: xr.DataArray) -> list[Pair]:
    """How much later each leg's muscles fire in the first recording, in percent of the stride.

    Parameters
    ----------
    first, second : DataArray, dims (cycle, phase, site), with coordinate ``side``; 101 phases

    Notes
    -----
    As ``findings.timing``, with the two recordings of one leg in place of the two legs. A gain changes nothing.
    """
    found = []
    for site in names_of_both(first, second):
        numbers: dict[Side, tuple[FloatArray, FloatArray]] = {}
        reason: dict[Side, str] = {}
        for side in SIDES:
            a, b = (strides_of(curves, side, site)[:, :100] for curves in (first, second))
            a, b = (v[~np.isnan(v).any(axis=1)] for v in (a, b))
            if not a.size or not b.size:
                continue
            shape = (unit_shape(a) + unit_shape(b)) / 2
            (late_a, like_a), (late_b, like_b) = lags(a, shape), lags(b, shape)
            numbers[side] = late_a * 100.0 / a.shape[1], late_b * 100.0 / b.shape[1]
            if min(float(np.median(like_a)), float(np.median(like_b))) < SHAPE_R:
                reason[side] = "the two recordings' shapes differ too much to speak of early or late"
        if numbers:
            floors, spans = (dict.fromkeys(numbers, v) for v in (FLOOR_PERCENT, float(LARGEST_LAG_PERCENT)))
            title, unit = f"{plain(site)}, timing", "% of stride"
            found.append(Pair("timing", title, site, unit, WHOLE, *_split(numbers), floors, spans, LAG_METHOD, reason))
    return found


def per_leg(pairs: Sequence[Pair]) -> Iterator[tuple[tuple[str, str, str, Side], float]]:
    """What a single session measured on each leg, taken as the first of a pair."""
    for pair in pairs:
        for side, values in pair.first.items():
            yield (*pair.key, side), float(values.mean())


def _pair(
    name: str,
    measure: str,
    window: Window,
    numbers: Mapping[Side, tuple[FloatArray, FloatArray]],
    quantity: Quantity,
    span: Mapping[Side, float],
) -> Pair:
    present = _present(numbers)
    size = {
        s: {"larger": max(abs(float(a.mean())), abs(float(b.mean()))), "range": span[s], "one": 1.0}[quantity.scale]
        for s, (a, b) in present.items()
    }
    least = least_difference(quantity, name, measure)
    floors = {s: max(least, quantity.floor_share * size[s]) for s in present}
    title = f"{plain(name)}, {measure}"
    return Pair(quantity.topic, title, name, quantity.units, window, *_split(present), floors, size)


def names_of_both(first: xr.DataArray, second: xr.DataArray) -> list[str]:
    """Names that both hold, in the order of the first."""
    dim = name_dim(first)
    there = set(map(str, second[dim].values))
    return [name for name in map(str, first[dim].values) if name in there]


def strides_of(curves: xr.DataArray, side: Side, name: str) -> FloatArray:
    """One leg's strides of one name, shape (cycle, phase)."""
    own = curves.isel(cycle=curves["side"].values == side).sel({name_dim(curves): name})
    values: FloatArray = own.transpose("cycle", "phase").values
    return values


def _means(values: tuple[FloatArray, FloatArray], window: Window) -> tuple[FloatArray, FloatArray]:
    return window_means(values[0], window), window_means(values[1], window)


def _ranges(values: tuple[FloatArray, FloatArray]) -> tuple[FloatArray, FloatArray]:
    return np.ptp(values[0], axis=1), np.ptp(values[1], axis=1)


def _present(
    numbers: Mapping[Side, tuple[FloatArray, FloatArray]],
) -> dict[Side, tuple[FloatArray, FloatArray]]:
    """Sides with strides in both recordings, NaN strides left out."""
    found = {s: (a[~np.isnan(a)], b[~np.isnan(b)]) for s, (a, b) in numbers.items()}
    return {s: (a, b) for s, (a, b) in found.items() if a.size and b.size}


def _split(
    numbers: Mapping[Side, tuple[FloatArray, FloatArray]],
) -> tuple[dict[Side, FloatArray], dict[Side, FloatArray]]:
    return {s: a for s, (a, _) in numbers.items()}, {s: b for s, (_, b) in numbers.items()}


def name_dim(curves: xr.DataArray) -> str:
    """The dimension beside cycle and phase."""
    return next(str(d) for d in curves.dims if d not in ("cycle", "phase"))
