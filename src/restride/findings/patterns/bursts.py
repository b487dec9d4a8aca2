"""On and off: how long a muscle is on, which bursts are usual, and in which strides one is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import xarray as xr

from restride.findings.finding import Finding
from restride.findings.patterns.proportions import share_difference
from restride.findings.patterns.row import About, pattern
from restride.findings.statistics import Window, difference_estimate
from restride.signals.recording import Side
from restride.signals.schema import SIDES, FloatArray, labelled, require
from restride.signals.vocabulary import plain

# of a curve of on and off between samples: on from here
SWITCHED: Final = 0.5
# a muscle is usually on where it is on in more than half of a leg's strides
USUAL: Final = 0.5
# percent of the stride: shorter stretches of a usual burst within one part of the stride are its edges; ours
SHORTEST_PERCENT: Final = 8
# of the reference: what stays fainter is background that detection calls on in one leg and off in the other,
# because the quietest tenth of a busy channel is less quiet; ours
LEAST_BURST: Final = 0.2
# on for less than this share of a usual burst is no burst: its edges wander from stride to stride; ours
THERE: Final = 0.25
# nor is one that stays below this share of what the other leg usually reaches there: detection alone hangs on how
# silent the channel is, and calls a trickle on. Electrodes differ by less than fourfold; ours
FAINTEST: Final = 0.25
# healthy strides too come in several on-off patterns (Di Nardo 2013): a burst must be missing in so many more of
# one leg's strides than of the other's, at the least that the interval allows; ours
MISSING_FLOOR: Final = 0.3
# two legs of a healthy synthetic runner differ by up to 0.08 of the stride, and the noise of each channel shifts
# where on begins; ours
DUTY_FLOOR: Final = 0.15
# the movement asks for a burst if it asks for this share of its own peak there; ours
ASKED: Final = 0.25

METHOD: Final = (
    f"missing: switched on (Teager-Kaiser energy) for less than {100 * THERE:.0f} % of the burst, or below "
    f"{100 * FAINTEST:.0f} % of the activity that the leg with the burst reaches there; share of strides, score "
    "interval (Newcombe 1998)"
)


@dataclass(frozen=True, slots=True)
class Burst:
    """One stretch of one part of the stride in which a muscle is usually on.

    Attributes
    ----------
    site : str
        Without side.
    leg : {"left", "right"}
        The leg that is more active there, and whose habit this is.
    window : Window
        First and last percent, with the name of the part of the stride: "early swing".
    """

    site: str
    leg: Side
    window: Window


def duty(active: xr.DataArray) -> xr.DataArray:
    """Share of each stride in which each muscle was switched on.

    Parameters
    ----------
    active : DataArray, dims (cycle, phase, site), units "1"
        1 on, 0 off; 101 phases, of which the last is the first of the next stride.

    Returns
    -------
    DataArray, dims (cycle, site), units "1"
        NaN for a stride with a gap.
    """
    active = require(active, dims=("cycle", "phase", "site"), units="1", name="active")
    values = active.values[:, :100]
    share = np.where(np.isnan(values).any(axis=1), np.nan, (values >= SWITCHED).mean(axis=1))
    return labelled(share, dims=("cycle", "site"), units="1", like=active, name="duty")


def usual(active: xr.DataArray, emg: xr.DataArray, windows: Iterable[Window]) -> tuple[Burst, ...]:
    """The bursts that one leg at least has in most of its strides, at most one for each part of the stride.

    Only those that reach ``LEAST_BURST`` of the reference.

    Parameters
    ----------
    active, emg : DataArray, dims (cycle, phase, site), units "1"
        Of the same strides; ``emg`` in shares of one reference per site common to both legs.
    windows : iterable of Window
        Parts of the stride; a burst that goes on in the next part is one of each. The whole stride is no part.
    """
    found = []
    parts = [w for w in windows if w.end - w.start < 100]
    for site in map(str, active["site"].values):
        own = {leg: _of_leg(active, emg, site, leg) for leg in SIDES}
        for part in parts:
            bursts = [
                (float(np.median(level[_within(run)])), leg, run)
                for leg, (share, level) in own.items()
                for run in _longest(share[_within(part)] > USUAL, part)
            ]
            size, leg, run = max(bursts, key=lambda burst: burst[0], default=(0.0, SIDES[0], part))
            if size >= LEAST_BURST:
                found.append(Burst(site, leg, run))
    return tuple(found)


def missing(active: xr.DataArray, emg: xr.DataArray, bursts: Sequence[Burst]) -> xr.DataArray:
    """Which stride lacks which usual burst.

    Parameters
    ----------
    active : DataArray, dims (cycle, phase, site), units "1"
    emg : DataArray, the same dims and strides, units "1"
        Envelopes in shares of one reference per site common to both legs.
    bursts : sequence of Burst
        As from ``usual``.

    Returns
    -------
    DataArray, dims (cycle, burst), units "1"
        1 where the muscle was on for less than ``THERE`` of the burst or whose median activity in it stayed below
        ``FAINTEST`` of that of the leg whose habit it is, else 0; NaN where it was not measured. ``burst`` carries the
        coordinates ``site``, ``part``, ``start`` and ``end``.
    """
    active = require(active, dims=("cycle", "phase", "site"), units="1", name="active")
    emg = require(emg, dims=("cycle", "phase", "site"), units="1", name="emg").sel(cycle=active["cycle"].values)
    values = np.full((active.sizes["cycle"], len(bursts)), np.nan)
    for j, burst in enumerate(bursts):
        own, level = (a.sel(site=burst.site).values[:, _within(burst.window)] for a in (active, emg))
        # the median over the burst: the tail of a burst beside it does not stand for this one
        on, size = (own >= SWITCHED).mean(axis=1), np.median(level, axis=1)
        least = FAINTEST * float(np.nanmedian(size[active["side"].values == burst.leg]))
        known = ~np.isnan(own).any(axis=1) & ~np.isnan(size)
        values[:, j] = np.where(known, (on < THERE) | (size < least), np.nan)
    coords: dict[str, object] = {"cycle": active["cycle"], "side": active["side"]}
    coords |= {
        "site": ("burst", [b.site for b in bursts]),
        "part": ("burst", [b.window.name for b in bursts]),
        "start": ("burst", [b.window.start for b in bursts]),
        "end": ("burst", [b.window.end for b in bursts]),
    }
    return labelled(values, dims=("cycle", "burst"), units="1", coords=coords, name="missing")


def counts(flags: FloatArray, side: npt.NDArray[np.str_]) -> Mapping[Side, tuple[int, int]]:
    """For each leg the strides with a flag and all that were measured.

    Parameters
    ----------
    flags : array, shape (cycle,)
        1, 0 or NaN.
    side : array of str, shape (cycle,)
    """
    own = {leg: flags[(side == leg) & ~np.isnan(flags)] for leg in SIDES}
    return {leg: (int(values.sum()), values.size) for leg, values in own.items()}


def burst_rows(
    active: xr.DataArray, emg: xr.DataArray, windows: Iterable[Window], *, required: xr.DataArray | None = None
) -> list[Finding]:
    """Left against right: share of strides in which each usual burst is missing.

    Parameters
    ----------
    active, emg : DataArray, dims (cycle, phase, site), units "1"
        As in ``missing``.
    windows : iterable of Window
    required : DataArray, dims (cycle, phase, site), optional
        What the movement asked for. It tells a burst that one leg lacks from one that the other has too many.

    Returns
    -------
    list of Finding
        Only of muscles measured on both legs.
    """
    found = usual(active, emg, windows)
    flags = missing(active, emg, found)
    side = active["side"].values
    rows = []
    for j, burst in enumerate(found):
        by_leg = counts(flags.values[:, j], side)
        if all(n for _, n in by_leg.values()):
            rows.append(_burst_row(burst, by_leg, needed=_asked(burst, required)))
    return rows


def duty_rows(active: xr.DataArray) -> list[Finding]:
    """Left against right: share of the stride in which each muscle is switched on.

    Parameters
    ----------
    active : DataArray, dims (cycle, phase, site), units "1"
    """
    shares = duty(active)
    rows = []
    for site in map(str, shares["site"].values):
        left, right = (shares.sel(site=site).values[shares["side"].values == leg] for leg in SIDES)
        if np.isnan(left).all() or np.isnan(right).all():
            continue
        this, other = float(np.nanmean(left)), float(np.nanmean(right))
        rows.append(
            pattern(
                About(f"{plain(site)}, share of the stride switched on", site),
                values=(this, other),
                estimate=difference_estimate(left, right),
                floor=DUTY_FLOOR,
                method="switched on by Teager-Kaiser energy; mean over strides, pooled t interval",
                sentence=f"the {plain(site)} {_is(plain(site))} on for {_percent(this)} of the left stride and "
                f"{_percent(other)} of the right",
            )
        )
    return rows


def said(burst: Burst, by_leg: Mapping[Side, tuple[int, int]], *, needed: bool = True) -> str:
    """A burst's absence in plain words, the leg that lacks it more often first.

    Parameters
    ----------
    burst : Burst
    by_leg : mapping of side to (strides without it, strides)
    needed : bool
        False: the movement asks for no activity there, so the leg that has it is the odd one.
    """
    share = {leg: count / n for leg, (count, n) in by_leg.items() if n}
    muscle, part = plain(burst.site), burst.window.name
    if not any(share.values()):
        strides = " and ".join(f"{by_leg[leg][1]} {leg}" for leg in share)
        return f"the {muscle} {_has(muscle)} a burst in {part} in all strides ({strides})"
    lacking = max(share, key=lambda leg: share[leg])
    other: Side = "right" if lacking == "left" else "left"
    (gone, n), (gone_too, n_too) = by_leg[lacking], by_leg[other]
    if not needed and n_too:
        return (
            f"in {n_too - gone_too} of {n_too} {other} strides the {muscle} {_has(muscle)} a burst in {part} "
            f"({lacking}: {n - gone} of {n}), where the movement asks for next to nothing"
        )
    beside = f" ({other}: {gone_too} of {n_too})" if n_too else ""
    return f"in {gone} of {n} {lacking} strides the {_whose(muscle)} burst in {part} is missing{beside}"


def _burst_row(burst: Burst, by_leg: Mapping[Side, tuple[int, int]], *, needed: bool) -> Finding:
    left, right = by_leg["left"], by_leg["right"]
    what = "burst missing" if needed else "burst that the movement does not ask for, missing"
    return pattern(
        About(f"{plain(burst.site)}, {what}", burst.site, window=burst.window),
        values=(left[0] / left[1], right[0] / right[1]),
        estimate=share_difference(left, right),
        floor=MISSING_FLOOR,
        method=METHOD,
        sentence=said(burst, by_leg, needed=needed),
    )


def _asked(burst: Burst, required: xr.DataArray | None) -> bool:
    """Whether the movement of either leg asks for the burst; True where that is not known."""
    if required is None or burst.site not in required["site"].values:
        return True
    values = required.sel(site=burst.site).transpose("cycle", "phase").values
    asked = []
    for leg in SIDES:
        own = values[(required["side"].values == leg) & ~np.isnan(values).any(axis=1)]
        peak = float(own.mean(axis=0).max()) if len(own) else 0.0
        if peak > 0:
            asked.append(float(own[:, _within(burst.window)].mean()) / peak)
    return not asked or max(asked) >= ASKED


def _of_leg(active: xr.DataArray, emg: xr.DataArray, site: str, leg: Side) -> tuple[FloatArray, FloatArray]:
    """Share of a leg's strides that are on at each phase, and their mean activity; zeros where it was not measured."""
    here = active["side"].values == leg
    on, level = (a.sel(site=site).transpose("cycle", "phase").values[here] for a in (active, emg))
    whole = ~(np.isnan(on) | np.isnan(level)).any(axis=1)
    if not whole.any():
        return np.zeros(on.shape[1]), np.zeros(on.shape[1])
    return (on[whole] >= SWITCHED).mean(axis=0), level[whole].mean(axis=0)


def _within(window: Window) -> npt.NDArray[np.bool_]:
    phase = np.arange(101.0)
    return (phase >= window.start) & (phase <= window.end)


def _longest(on: npt.NDArray[np.bool_], part: Window) -> list[Window]:
    """The longest stretch that is on within a part of the stride; none if it is only an edge."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(np.int8))).reshape(-1, 2)
    if not edges.size:
        return []
    first, end = max(edges.tolist(), key=lambda edge: edge[1] - edge[0])
    start = int(np.flatnonzero(_within(part))[0]) + first
    stop = start + end - first - 1
    return [Window(part.name, float(start), float(stop))] if stop - start >= SHORTEST_PERCENT else []


def _is(muscle: str) -> str:
    return "are" if muscle.endswith("hamstrings") else "is"


def _has(muscle: str) -> str:
    return "have" if muscle.endswith("hamstrings") else "has"


def _whose(muscle: str) -> str:
    return f"{muscle}'" if muscle.endswith("s") else f"{muscle}'s"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
