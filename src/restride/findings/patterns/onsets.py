"""When a muscle switches on and off, left against right, beside what the whole shape says."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import xarray as xr

from restride.findings.finding import Finding
from restride.findings.patterns.bursts import SWITCHED, THERE, USUAL
from restride.findings.sides import strength
from restride.findings.statistics import difference_estimate
from restride.findings.timing import FLOOR_PERCENT
from restride.signals.recording import Side
from restride.signals.schema import SIDES, FloatArray, require
from restride.signals.vocabulary import plain

PHASES: Final = 100
BORDERS: Final = ("onset", "offset")
# two strides of a leg agree by chance on a border that flickers; ours
FEWEST_STRIDES: Final = 3
# percent of the stride: shorter usual bursts flicker, and their borders say nothing; ours
SHORTEST_PERCENT: Final = 5

METHOD: Final = (
    "borders of the burst in each stride, switched on by Teager-Kaiser energy, the stride taken as a circle; pooled t "
    "interval"
)


def onsets(active: xr.DataArray) -> list[Finding]:
    """How much later each usual burst begins and ends on the left than on the right, in percent of the stride.

    Parameters
    ----------
    active : DataArray, dims (cycle, phase, site), units "1"
        1 on, 0 off; 101 phases.

    Returns
    -------
    list of Finding
        Topic "timing"; positive: left is later. One row for the onset and one for the offset of each burst that
        both legs have in most of their strides; ``this`` and ``other`` are places in the stride, the difference is
        taken the short way round.

    Notes
    -----
    A usual burst is a stretch in which more than half of the leg's strides are on. Bursts of the legs are
    paired where they overlap most. Each stride's border is that of its own longest overlap with the burst, as
    a place on a circle within half a stride of the middle of both legs' bursts: one that begins at 97 %
    and one that begins at 2 % lie 5 % apart.
    """
    active = require(active, dims=("cycle", "phase", "site"), units="1", name="active")
    rows = []
    for site in map(str, active["site"].values):
        strides = [_whole(active, site, leg) for leg in SIDES]
        if not all(len(own) for own in strides):
            continue
        for left, right in _pairs(*(_runs(own.mean(axis=0) > USUAL) for own in strides)):
            middle = _middle(left, right)
            borders = [_borders(own, run, middle) for own, run in zip(strides, (left, right), strict=True)]
            rows += [_row(site, which, middle, [own[:, k] for own in borders]) for k, which in enumerate(BORDERS)]
    return rows


def disagreements(shapes: Sequence[Finding], borders: Sequence[Finding]) -> dict[str, str]:
    """Muscles whose whole shape and whose onset tell different stories: site to what they tell, in plain words.

    Parameters
    ----------
    shapes : sequence of Finding
        As from ``findings.timing``.
    borders : sequence of Finding
        As from ``onsets``.

    Notes
    -----
    They disagree where one is sure of a shift beyond the floor, and the interval of the other lies wholly apart
    from its own.
    """
    out: dict[str, str] = {}
    for shape in shapes:
        for onset in (b for b in borders if b.what == shape.what and b.name.endswith(BORDERS[0])):
            if max(shape.strength, onset.strength) > 0 and _apart(shape, onset):
                out[shape.what] = (
                    f"{plain(shape.what)}: by its whole shape the left leg is {_later(shape.value)} than the right, by "
                    f"the onset of its {onset.window_name} {_later(onset.value)}; where the two disagree neither is "
                    "built on"
                )
    return out


def without_strength(rows: Sequence[Finding], sites: Collection[str]) -> list[Finding]:
    """The rows, those of some muscles without strength.

    Parameters
    ----------
    rows : sequence of Finding
    sites : collection of str
    """
    return [replace(row, strength=0.0) if row.what in sites else row for row in rows]


def _whole(active: xr.DataArray, site: str, leg: Side) -> npt.NDArray[np.bool_]:
    values = active.sel(site=site).values[active["side"].values == leg][:, :PHASES]
    return np.asarray(values[~np.isnan(values).any(axis=1)] >= SWITCHED)


def _runs(on: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Stretches on a circle as (start, end), end after start and beyond the circle where it wraps."""
    if on.all() or not on.any():
        return []
    shift = int(np.flatnonzero(~on)[0])
    turned = np.roll(on, -shift).astype(np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], turned, [0]]))).reshape(-1, 2) + shift
    return [(int(a) % on.size, int(a) % on.size + int(b - a)) for a, b in edges]


def _pairs(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Bursts of the two legs that overlap most with each other, and are long enough to have borders."""
    out = []
    for a in left:
        if a[1] - a[0] < SHORTEST_PERCENT or not right:
            continue
        b = max(right, key=lambda run: _overlap(a, run))
        mutual = _overlap(a, b) > 0 and max(left, key=lambda run: _overlap(run, b)) == a
        if mutual and b[1] - b[0] >= SHORTEST_PERCENT:
            out.append((a, b))
    return out


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> int:
    return len(set(np.arange(*a) % PHASES) & set(np.arange(*b) % PHASES))


def _middle(left: tuple[int, int], right: tuple[int, int]) -> float:
    """Middle of the two bursts' middles, the short way round."""
    a, b = sum(left) / 2, sum(right) / 2
    return a + _wrapped(np.array(b - a)).item() / 2


def _borders(strides: npt.NDArray[np.bool_], burst: tuple[int, int], middle: float) -> FloatArray:
    """Onset and offset of the burst in each stride, relative to ``middle``; NaN where a stride lacks it."""
    out = np.full((len(strides), 2), np.nan)
    for k, on in enumerate(strides):
        runs = _runs(on)
        if not runs:
            continue
        best = max(runs, key=lambda run: _overlap(run, burst))
        if _overlap(best, burst) >= THERE * (burst[1] - burst[0]):
            out[k] = _wrapped(np.array(best) - middle)
    return out


def _wrapped(phase: FloatArray) -> FloatArray:
    """A difference of phases, between -50 and 50 percent."""
    return np.asarray((phase + PHASES / 2) % PHASES - PHASES / 2, dtype=np.float64)


def _row(site: str, which: str, middle: float, places: list[FloatArray]) -> Finding:
    estimate = difference_estimate(*places)
    this, other = (float(np.nanmean(p) + middle) % PHASES if np.isfinite(p).any() else float("nan") for p in places)
    enough = min(estimate.n) >= FEWEST_STRIDES
    reason = f" ({estimate.reason})" if estimate.interval is None else ""
    burst = f"burst around {middle % PHASES:.0f} %"
    return Finding(
        topic="timing",
        name=f"{plain(site)}, {which}",
        what=site,
        side="left",
        value=estimate.value,
        units="% of stride",
        window=(0.0, 100.0),
        window_name=burst,
        this=this,
        other=other,
        interval=estimate.interval,
        interval_reason=estimate.reason,
        n=estimate.n,
        method=METHOD,
        compared_with="right leg",
        strength=strength(estimate, floor=FLOOR_PERCENT, span=PHASES / 2) if enough else 0.0,
        sentence=f"{plain(site).capitalize()}, {burst}: its {which} is {_later(estimate.value)} on the left{reason}.",
    )


def _later(value: float) -> str:
    return f"{abs(value):.1f} % of the stride {'later' if value > 0 else 'earlier'}"


def _apart(one: Finding, other: Finding) -> bool:
    if one.interval is None or other.interval is None:
        return False
    return one.interval[1] < other.interval[0] or other.interval[1] < one.interval[0]
