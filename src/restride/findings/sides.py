"""Left against right: every muscle, joint and stride measure, in every window, as rows.

A row's ``strength`` is the smallest difference its interval still allows, if that is beyond
the method's own floor, as a share of the quantity's size. So a row leads the list because
its difference is both large and sure, never because a noisy mean is far from zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd
import xarray as xr

from restride.errors import SchemaError
from restride.findings.curve_tests import two_sample
from restride.findings.finding import Finding, Topic
from restride.findings.statistics import Estimate, Window, curve_difference, difference_estimate
from restride.signals.schema import FloatArray, labelled
from restride.signals.vocabulary import plain


@dataclass(frozen=True, slots=True)
class Quantity:
    """How one kind of curve is spoken of, and below which size nothing is said.

    Attributes
    ----------
    topic : str
    measure : str
        "activity", "angle", "moment".
    units : str
        In which rows are given; ``factor`` takes the curve there.
    floor : float
        In ``units``: smaller differences are within what the method repeats.
    floor_share : float
        The floor is at least this share of what strength is a share of (``scale``).
    scale : {"larger", "range", "one"}
        What strength is a share of: the larger of the two sides' means, the larger of the
        two legs' ranges over the stride, or 1 (the curve's own full scale).
    """

    topic: Topic
    measure: str
    units: str
    factor: float
    floor: float
    floor_share: float
    scale: Literal["larger", "range", "one"]


# the size of surface EMG hangs on where each electrode sits: with gains that differ by 10 % (SD) the
# ratio of two legs scatters by 14 %, and the largest of a dozen sites stays within a third in 19 of 20
# healthy takes (normal scatter, Bonferroni). Below a twentieth of the reference a muscle is as good as silent
ACTIVITY: Final = Quantity("muscle", "activity", "1", 1.0, 0.05, 1 / 3, "larger")
# smallest detectable differences of sagittal angles in running lie at 2 to 5 degrees
# (Dingenen 2018, n = 21, one week apart); the upper end is taken for the range of a joint
ANGLE: Final = Quantity("joint", "angle", "deg", 180 / np.pi, 5.0, 0.0, "range")
# a mean angle also holds where the markers were stuck on either leg: ranges repeat better than
# absolute angles (Ferber 2002, n = 20), so a level must differ by twice as much
LEVEL_FLOOR_DEG: Final = 10.0
# turning about the long axis of thigh and foot is what skin markers show worst: knee markers
# set a few millimetres apart turn the hip by ten degrees, soft tissue by as much again
ROTATION_FLOOR_DEG: Final = 15.0
ROTATIONS: Final = ("hip_rotation", "subtalar_angle", "mtp_angle")
# a seventh of the joint's range in the stride: two healthy legs, two plates and one centre of
# pressure each leave about that between the sides; our decision until own repeat measures exist
MOMENT: Final = Quantity("moment", "moment", "N m", 1.0, 5.0, 0.15, "range")
# the point where a force acts is known to about this, plate, belt and foot together; our decision. Times
# the force it is a moment: some 8 N m in walking, 18 in running
COP_UNCERTAIN_M: Final = 0.01
# EMG minus required stays within 0.16 in 95 % of a clean walk's samples after the gains were fitted
# (one healthy adult); the difference of two such legs within sqrt(2) times that
UNEXPLAINED: Final = Quantity("required", "activity not asked for by the movement", "1", 1.0, 0.23, 0.0, "one")

# of one curve: at p = 0.05 drawing these many errs by 0.007 (SD), and the curves of a take need a fifth of a second
ARRANGEMENTS: Final = 1000


def moment(force: xr.DataArray) -> Quantity:
    """How joint moments are spoken of when this force made them.

    Parameters
    ----------
    force : DataArray, dims (cycle, phase, space), N
        Of the ground on each leg, as ``cycles.by_leg`` cuts it.

    Returns
    -------
    Quantity
        ``MOMENT`` with a floor of at least what an uncertain point of application makes of the
        largest mean vertical force.
    """
    upward = force.sel(space="y").transpose("cycle", "phase").values
    peak = float(np.nanmax(_mean_curve(upward), initial=0.0))
    return replace(MOMENT, floor=max(MOMENT.floor, COP_UNCERTAIN_M * peak))


def sides(curves: xr.DataArray, windows: Iterable[Window], *, quantity: Quantity) -> list[Finding]:
    """Left minus right in every window, and of the range for angles, one row each.

    Parameters
    ----------
    curves : DataArray, dims (cycle, phase, name), with coordinate ``side`` along cycle
    windows : iterable of Window
    quantity : Quantity

    Returns
    -------
    list of Finding
        Empty if one side has no strides. The row's side is the left leg; ``value`` is
        left minus right. Names with all strides of one side NaN give no row.
    """
    left, right = _by_side(curves)
    if left.sizes["cycle"] == 0 or right.sizes["cycle"] == 0:
        return []
    rows: list[Finding] = []
    for name in map(str, curves[_name_dim(curves)].values):
        a, b = (quantity.factor * _column(side, name) for side in (left, right))
        if np.isnan(a).all() or np.isnan(b).all():
            continue
        span = max(range_of_mean(a), range_of_mean(b))
        for window in windows:
            means = window_means(a, window), window_means(b, window)
            if any(np.isnan(m).all() for m in means):
                continue
            rows.append(_row(name, f"mean {quantity.measure}", means, window, quantity, span))
        if quantity.topic == "joint":
            ranges = np.ptp(a, axis=1), np.ptp(b, axis=1)
            if any(np.isnan(r).all() for r in ranges):
                continue
            rows.append(_row(name, "range", ranges, Window("whole stride", 0.0, 100.0), quantity, span))
    return rows


def differences(curves: xr.DataArray) -> xr.Dataset:
    """Left minus right as whole curves, with a pointwise 95 % interval and a whole-curve test over strides.

    Parameters
    ----------
    curves : DataArray, dims (cycle, phase, name), with coordinate ``side``

    Returns
    -------
    Dataset, dims (phase, name): ``mean``, ``low``, ``high``, in the unit of ``curves``, and ``p``, units "1"
        All NaN where one side is missing; low and high NaN below two degrees of freedom. ``p`` is that of the stretch
        a phase belongs to, 1 outside of any, over the one curve (``curve_tests.two_sample``); NaN with too few strides.
    """
    left, right = _by_side(curves)
    dim = _name_dim(curves)
    n, phases = curves.sizes[dim], curves.sizes["phase"]
    parts = {key: np.full((phases, n), np.nan) for key in ("mean", "low", "high", "p")}
    if left.sizes["cycle"] and right.sizes["cycle"]:
        for j in range(n):
            this, other = left.isel({dim: j}), right.isel({dim: j})
            band = curve_difference(this.values, other.values)
            for key, values in band.items():
                parts[key][:, j] = values
            parts["p"][:, j] = two_sample(this, other, unit="stride", arrangements=ARRANGEMENTS).p.values
    coords = {"phase": curves["phase"].values, dim: curves[dim].values}
    units = dict.fromkeys(parts, str(curves.attrs["units"])) | {"p": "1"}
    return xr.Dataset(
        {k: xr.DataArray(v, dims=("phase", dim), coords=coords, attrs={"units": units[k]}) for k, v in parts.items()}
    )


def floor(curves: xr.DataArray, *, quantity: Quantity) -> xr.DataArray:
    """Size up to which left minus right may come from the method alone, at each phase.

    Parameters
    ----------
    curves : DataArray, dims (cycle, phase, name), with coordinate ``side``
    quantity : Quantity

    Returns
    -------
    DataArray, dims (phase, name), in the unit of ``curves``
        The same floor as that of the rows of ``sides``, of a single phase instead of a
        window. NaN where a leg it hangs on is missing.
    """
    left, right = _by_side(curves)
    dim = _name_dim(curves)
    values = np.full((curves.sizes["phase"], curves.sizes[dim]), np.nan)
    for j, name in enumerate(map(str, curves[dim].values)):
        a, b = (quantity.factor * _column(side, name) for side in (left, right))
        larger = np.maximum(np.abs(_mean_curve(a)), np.abs(_mean_curve(b)))
        span = max(range_of_mean(a), range_of_mean(b))
        size = {"larger": larger, "range": np.array(span), "one": np.array(1.0)}[quantity.scale]
        least = least_difference(quantity, name, f"mean {quantity.measure}")
        values[:, j] = np.maximum(least, quantity.floor_share * size)
    coords = {"phase": curves["phase"].values, dim: curves[dim].values}
    return labelled(
        values / quantity.factor, dims=("phase", dim), units=str(curves.attrs["units"]), coords=coords, name="floor"
    )


def strides(table: pd.DataFrame, *, columns: Mapping[str, tuple[str, str]]) -> list[Finding]:
    """Left minus right of measures with one number per stride (contact time and the like).

    Parameters
    ----------
    table : DataFrame with a column ``side`` and the columns named
    columns : mapping of column to (name in words, units)
    """
    rows: list[Finding] = []
    window = Window("whole stride", 0.0, 100.0)
    for column, (words, units) in columns.items():
        if column not in table:
            continue
        values = tuple(table.loc[table["side"] == side, column].to_numpy(dtype=float) for side in ("left", "right"))
        present = [v[~np.isnan(v)] for v in values]
        if any(v.size == 0 for v in present):
            continue
        span = float(max(abs(v.mean()) for v in present)) or 1.0
        # contact and flight times of the two legs of trained runners differ by up to a few
        # percent (symmetry angles of 0.6 to 2 %, Girard 2019, n = 9)
        quantity = Quantity("stride", words, units, 1.0, 0.0, 0.05, "range")
        rows.append(_row(column, "", (present[0], present[1]), window, quantity, span, words=words))
    return rows


def _row(
    name: str,
    measure: str,
    values: tuple[FloatArray, FloatArray],
    window: Window,
    quantity: Quantity,
    span: float,
    *,
    words: str = "",
) -> Finding:
    estimate = difference_estimate(*values)
    this, other = (float(np.nanmean(v)) for v in values)
    size = {"larger": max(abs(this), abs(other)), "range": span, "one": 1.0}[quantity.scale]
    beyond = max(least_difference(quantity, name, measure), quantity.floor_share * size)
    title = words or f"{plain(name)}, {measure}"
    return Finding(
        topic=quantity.topic,
        name=title,
        what=name,
        side="left",
        value=estimate.value,
        units=quantity.units,
        window=(window.start, window.end),
        window_name=window.name,
        this=this,
        other=other,
        interval=estimate.interval,
        interval_reason=estimate.reason,
        n=estimate.n,
        method="mean over strides of each leg; pooled t interval over strides of this take",
        compared_with="right leg",
        strength=strength(estimate, floor=beyond, span=size),
        sentence=_in_words(title, window, this, other, estimate, quantity.units),
    )


def least_difference(quantity: Quantity, name: str, measure: str) -> float:
    """Floor of one row, in the quantity's units: turning about a long axis and levels of angles have higher ones."""
    if quantity.topic != "joint":
        return quantity.floor
    if name in ROTATIONS:
        return ROTATION_FLOOR_DEG
    return quantity.floor if measure == "range" else LEVEL_FLOOR_DEG


def strength(estimate: Estimate, *, floor: float, span: float) -> float:
    """Smallest difference the interval allows beyond ``floor``, as a share of ``span``."""
    if span <= 0 or estimate.least <= floor:
        return 0.0
    return estimate.least / span


def _in_words(title: str, window: Window, this: float, other: float, estimate: Estimate, units: str) -> str:
    digits = 0 if units in ("deg", "N m") else 2
    unit = "" if units == "1" else f" {units}"
    text = f"{title}, {window.name}: left {this:.{digits}f}{unit}, right {other:.{digits}f}{unit}"
    if estimate.interval is None:
        return f"{text} ({estimate.reason})."
    low, high = estimate.interval
    return f"{text}; difference {estimate.value:+.{digits}f} ({low:+.{digits}f} to {high:+.{digits}f}){unit}."


def window_means(values: FloatArray, window: Window) -> FloatArray:
    """Mean of each stride within a window; values (cycle, phase). NaN where a phase of it is NaN."""
    phase = np.linspace(0.0, 100.0, values.shape[1])
    inside = (phase >= window.start) & (phase <= window.end)
    means: FloatArray = values[:, inside].mean(axis=1)
    return means


def _mean_curve(values: FloatArray) -> FloatArray:
    n = (~np.isnan(values)).sum(axis=0)
    mean: FloatArray = np.full(values.shape[1], np.nan)
    np.divide(np.nansum(values, axis=0), n, out=mean, where=n > 0)
    return mean


def range_of_mean(values: FloatArray) -> float:
    """Range of the mean curve of whole strides; values (cycle, phase). 0 without a whole stride."""
    complete = values[~np.isnan(values).any(axis=1)]
    return float(np.ptp(complete.mean(axis=0))) if complete.size else 0.0


def _column(curves: xr.DataArray, name: str) -> FloatArray:
    column: FloatArray = curves.sel({_name_dim(curves): name}).transpose("cycle", "phase").values
    return column


def _by_side(curves: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
    if "side" not in curves.coords:
        raise SchemaError("expected a coordinate 'side' along cycle, found none; cut the curves with cycles.by_leg")
    side = curves["side"].values
    return curves.isel(cycle=side == "left"), curves.isel(cycle=side == "right")


def _name_dim(curves: xr.DataArray) -> str:
    rest = [str(d) for d in curves.dims if d not in ("cycle", "phase")]
    if len(rest) != 1:
        raise SchemaError(f"expected dimensions (cycle, phase, name), found {curves.dims}")
    return rest[0]
