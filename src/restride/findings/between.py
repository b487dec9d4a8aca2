"""One recording against another: each leg against itself, and whether one leg changed more than the other.

Everywhere the change is the first recording minus the second. The unit is the stride of one
recording; how far a measure moves from day to day is another matter (``findings.own_error``).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.findings.finding import Finding, Topic
from restride.findings.sides import (
    ACTIVITY,
    Quantity,
    differences,
    floor,
    least_difference,
    range_of_mean,
    strength,
    window_means,
)
from restride.findings.statistics import Estimate, Window, contrast_estimate, difference_estimate, estimate_from
from restride.findings.timing import FLOOR_PERCENT, LARGEST_LAG_PERCENT, SHAPE_R, lags, unit_shape
from restride.signals.recording import Side
from restride.signals.schema import SIDES, FloatArray, labelled
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
# four electrodes stuck on anew, each gain with an SD of 10 %: the largest of a dozen ratios of ratios stays within
# 0.57 in its logarithm in 19 of 20 comparisons (normal scatter, Bonferroni), a quarter of which is a share
SHARE_FLOOR: Final = 0.14
SHARE_FLOOR_OF_ONE_STICKING: Final = 0.03
CHANGE_METHOD: Final = "mean over strides of one leg in each recording; pooled t interval over strides"
INTERACTION_METHOD: Final = "change of the left leg minus change of the right; pooled t interval over strides"
SHARE_METHOD: Final = (
    "left mean over the sum of both legs' means, in each recording; interval over strides by the delta method"
)
# after the name of a quantity whose change of the left leg is held against that of the right
LEFT_AGAINST_RIGHT: Final = ", left change against right change"
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
    for name in _names_of_both(first, second):
        legs = {side: (_strides(first, side, name), _strides(second, side, name)) for side in SIDES}
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
    for site in _names_of_both(first, second):
        numbers: dict[Side, tuple[FloatArray, FloatArray]] = {}
        reason: dict[Side, str] = {}
        for side in SIDES:
            a, b = (_strides(curves, side, site)[:, :100] for curves in (first, second))
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


def changes(pairs: Sequence[Pair], *, names: tuple[str, str]) -> list[Finding]:
    """Each leg of the first recording minus the same leg of the second, one row per leg.

    Parameters
    ----------
    pairs : sequence of Pair
    names : tuple of str
        What the two recordings are called.

    Returns
    -------
    list of Finding
        ``side`` is the leg, ``compared_with`` the second recording's name.
    """
    return [_change(pair, side, names) for pair in pairs for side in pair.first]


def interactions(pairs: Sequence[Pair], *, names: tuple[str, str]) -> list[Finding]:
    """Change of the left leg minus change of the right, one row per pair that holds both legs.

    Parameters
    ----------
    pairs : sequence of Pair
    names : tuple of str

    Returns
    -------
    list of Finding
        ``this`` and ``other`` are the changes of the left and of the right leg. The floor is that of two changes.
    """
    return [_interaction(pair, names) for pair in pairs if len(pair.first) == len(SIDES)]


def left_shares(
    first: xr.DataArray,
    second: xr.DataArray,
    windows: Iterable[Window],
    *,
    names: tuple[str, str],
    least: float = SHARE_FLOOR,
) -> list[Finding]:
    """Change of the left leg's share of both legs' activity: which leg changed, where sizes cannot be compared.

    Parameters
    ----------
    first, second : DataArray, dims (cycle, phase, site), with coordinate ``side``
        Each on one scale for both legs; the two recordings may have different scales.
    windows : iterable of Window
    names : tuple of str
    least : float
        Smaller changes may come from the electrodes.
    """
    rows = []
    for site in _names_of_both(first, second):
        for window in windows:
            legs = [{s: window_means(_strides(c, s, site), window) for s in SIDES} for c in (first, second)]
            legs = [{s: v[~np.isnan(v)] for s, v in leg.items()} for leg in legs]
            if all(v.size for leg in legs for v in leg.values()):
                rows.append(_share_row(site, window, legs, names, least))
    return rows


def change_curves(first: xr.DataArray, second: xr.DataArray, *, quantity: Quantity | None) -> xr.Dataset:
    """First minus second of each leg as whole curves, with a pointwise 95 % interval over strides.

    Parameters
    ----------
    first, second : DataArray, dims (cycle, phase, name), with coordinate ``side``
    quantity : Quantity or None
        For the floor; None: not known.

    Returns
    -------
    Dataset, dims (side, phase, name): ``mean``, ``low``, ``high``, ``floor``, ``p``
        As ``differences`` and ``floor`` give them; NaN where a leg is missing in one of them, and in ``floor``
        without a quantity.
    """
    return xr.concat(
        [_change_of(side, first, second, quantity) for side in SIDES], dim=pd.Index(list(SIDES), name="side")
    )


def per_leg(pairs: Sequence[Pair]) -> Iterator[tuple[tuple[str, str, str, Side], float]]:
    """What a single session measured on each leg, taken as the first of a pair."""
    for pair in pairs:
        for side, values in pair.first.items():
            yield (*pair.key, side), float(values.mean())


def _change_of(side: Side, first: xr.DataArray, second: xr.DataArray, quantity: Quantity | None) -> xr.Dataset:
    """``differences`` compares two groups of strides: here one leg's of the two recordings, not two legs'."""
    names = _names_of_both(first, second)
    groups = []
    for curves, group in ((first, "left"), (second, "right")):
        dim = _name_dim(curves)
        own = curves.isel(cycle=curves["side"].values == side).sel({dim: names}).transpose("cycle", "phase", dim)
        coords = {"cycle": own["cycle"].values, "phase": own["phase"].values, dim: names}
        plain_curves = labelled(own.values, dims=own.dims, units=str(curves.attrs["units"]), coords=coords)  # type: ignore[arg-type]
        groups.append(plain_curves.assign_coords(side=("cycle", [group] * own.sizes["cycle"])))
    both = xr.concat(groups, dim="cycle")
    found = differences(both)
    if quantity is None:
        return found.assign(floor=xr.full_like(found["mean"], np.nan))
    return found.assign(floor=floor(both, quantity=quantity))


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


def _change(pair: Pair, side: Side, names: tuple[str, str]) -> Finding:
    a, b = pair.first[side], pair.second[side]
    reason = pair.reason.get(side, "")
    estimate = difference_estimate(a, b)
    if reason:
        estimate = replace(estimate, interval=None, reason=reason)
    return _row(
        pair,
        side,
        estimate,
        (float(a.mean()), float(b.mean())),
        _Said(pair.name, f"{side} {pair.name}", names, names[1]),
        strong=strength(estimate, floor=pair.floor[side], span=pair.span[side]),
        method=pair.method,
    )


def _interaction(pair: Pair, names: tuple[str, str]) -> Finding:
    groups = [pair.first["left"], pair.second["left"], pair.second["right"], pair.first["right"]]
    changed = [float(pair.first[s].mean() - pair.second[s].mean()) for s in SIDES]
    estimate = contrast_estimate(groups, signs=(1, -1, 1, -1))
    if pair.reason:
        estimate = replace(estimate, interval=None, reason=next(iter(pair.reason.values())))
    least = float(np.hypot(pair.floor["left"], pair.floor["right"]))
    return _row(
        pair,
        "left",
        estimate,
        (changed[0], changed[1]),
        _Said(
            pair.name + LEFT_AGAINST_RIGHT,
            f"change of {pair.name} from {names[1]} to {names[0]}",
            SIDES,
            "the change of the right leg",
        ),
        strong=strength(estimate, floor=least, span=max(pair.span.values())),
        method=INTERACTION_METHOD,
    )


def _share_row(
    site: str, window: Window, legs: Sequence[Mapping[Side, FloatArray]], names: tuple[str, str], least: float
) -> Finding:
    shares, variances = zip(*(_share(leg) for leg in legs), strict=True)
    n = tuple(sum(v.size for v in leg.values()) for leg in legs)
    error = float(np.sqrt(sum(variances)))
    estimate = estimate_from(float(shares[0] - shares[1]), error, freedom=sum(n) - 4, n=(n[0], n[1]))
    title = f"{plain(site)}, left share of both legs' activity"
    pair = Pair("muscle", title, site, "1", window, {}, {}, {}, {})
    said = _Said(title, title, names, names[1])
    strong = strength(estimate, floor=least, span=1.0)
    return _row(pair, "left", estimate, (shares[0], shares[1]), said, strong=strong, method=SHARE_METHOD)


def _share(leg: Mapping[Side, FloatArray]) -> tuple[float, float]:
    """The left share and its variance, first order in both means."""
    left, right = (float(leg[s].mean()) for s in SIDES)
    total = left + right
    if total <= 0:
        return float("nan"), float("nan")
    spread = [float(leg[s].var(ddof=1)) / leg[s].size if leg[s].size > 1 else float("nan") for s in SIDES]
    return left / total, (right**2 * spread[0] + left**2 * spread[1]) / total**4


@dataclass(frozen=True, slots=True)
class _Said:
    """Words of one row: its name, how its sentence begins, whose the two numbers are, what it is compared with."""

    name: str
    title: str
    numbers: tuple[str, str]
    compared_with: str


def _row(
    pair: Pair,
    side: Side,
    estimate: Estimate,
    numbers: tuple[float, float],
    said: _Said,
    *,
    strong: float,
    method: str,
) -> Finding:
    return Finding(
        topic=pair.topic,
        name=said.name,
        what=pair.what,
        side=side,
        value=estimate.value,
        units=pair.units,
        window=(pair.window.start, pair.window.end),
        window_name=pair.window.name,
        this=numbers[0],
        other=numbers[1],
        interval=estimate.interval,
        interval_reason=estimate.reason,
        n=estimate.n,
        method=method,
        compared_with=said.compared_with,
        strength=strong,
        sentence=_in_words(said.title, pair, said.numbers, numbers, estimate),
    )


def _in_words(title: str, pair: Pair, names: tuple[str, str], numbers: tuple[float, float], estimate: Estimate) -> str:
    digits = {"deg": 0, "N m": 0, "s": 3, "% of stride": 1}.get(pair.units, 2)
    unit = "" if pair.units == "1" else f" {pair.units}"
    text = f"{title[:1].upper()}{title[1:]}, {pair.window.name}: {numbers[0]:.{digits}f}{unit} ({names[0]})"
    text += f" and {numbers[1]:.{digits}f}{unit} ({names[1]})"
    if estimate.interval is None:
        return f"{text}; {estimate.reason}."
    low, high = estimate.interval
    return f"{text}; difference {estimate.value:+.{digits}f} ({low:+.{digits}f} to {high:+.{digits}f}){unit}."


def _names_of_both(first: xr.DataArray, second: xr.DataArray) -> list[str]:
    dim = _name_dim(first)
    there = set(map(str, second[dim].values))
    return [name for name in map(str, first[dim].values) if name in there]


def _strides(curves: xr.DataArray, side: Side, name: str) -> FloatArray:
    own = curves.isel(cycle=curves["side"].values == side).sel({_name_dim(curves): name})
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


def _name_dim(curves: xr.DataArray) -> str:
    return next(str(d) for d in curves.dims if d not in ("cycle", "phase"))
