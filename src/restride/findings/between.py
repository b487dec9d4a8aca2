"""One recording against another: each leg against itself, and whether one leg changed more than the other.

Everywhere the change is the first recording minus the second. The unit is the stride of one
recording; how far a measure moves from day to day is another matter (``findings.own_error``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.findings.finding import Finding
from restride.findings.pairs import Pair, name_dim, names_of_both, strides_of
from restride.findings.sides import Quantity, differences, floor, strength, window_means
from restride.findings.statistics import Estimate, Window, contrast_estimate, difference_estimate, estimate_from
from restride.signals.recording import Side
from restride.signals.schema import SIDES, FloatArray, labelled
from restride.signals.vocabulary import plain

# four electrodes stuck on anew, each gain with an SD of 10 %: the largest of a dozen ratios of ratios stays within
# 0.57 in its logarithm in 19 of 20 comparisons (normal scatter, Bonferroni), a quarter of which is a share
SHARE_FLOOR: Final = 0.14
# no electrode was moved: a tenth of one leg's size, as in ACTIVITY_OF_ONE_STICKING, moves an even share by so much
SHARE_FLOOR_OF_ONE_STICKING: Final = 0.025
INTERACTION_METHOD: Final = "change of the left leg minus change of the right; pooled t interval over strides"
SHARE_METHOD: Final = (
    "left mean over the sum of both legs' means, in each recording; interval over strides by the delta method"
)
# after the name of a quantity whose change of the left leg is held against that of the right
LEFT_AGAINST_RIGHT: Final = ", left change against right change"


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
    for site in names_of_both(first, second):
        for window in windows:
            legs = [{s: window_means(strides_of(c, s, site), window) for s in SIDES} for c in (first, second)]
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


def _change_of(side: Side, first: xr.DataArray, second: xr.DataArray, quantity: Quantity | None) -> xr.Dataset:
    """``differences`` compares two groups of strides: here one leg's of the two recordings, not two legs'."""
    names = names_of_both(first, second)
    groups = []
    for curves, group in ((first, "left"), (second, "right")):
        dim = name_dim(curves)
        own = curves.isel(cycle=curves["side"].values == side).sel({dim: names}).transpose("cycle", "phase", dim)
        coords = {"cycle": own["cycle"].values, "phase": own["phase"].values, dim: names}
        plain_curves = labelled(own.values, dims=own.dims, units=str(curves.attrs["units"]), coords=coords)  # type: ignore[arg-type]
        groups.append(plain_curves.assign_coords(side=("cycle", [group] * own.sizes["cycle"])))
    both = xr.concat(groups, dim="cycle")
    found = differences(both)
    if quantity is None:
        return found.assign(floor=xr.full_like(found["mean"], np.nan))
    return found.assign(floor=floor(both, quantity=quantity))


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
