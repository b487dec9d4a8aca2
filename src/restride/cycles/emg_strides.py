"""Initial contacts from EMG alone, where nothing else tells when a foot came down.

Muscles of a leg switch on and off in a known order through the stride. The record is divided
into the strides that fit this order best; what comes out is an estimate, wide enough
to average strides, too wide to time anything against the contact.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.errors import CycleError
from restride.signals.recording import EVENT_COLUMNS, Doubt, Movement, Side
from restride.signals.schema import SIDES, FloatArray, require
from restride.signals.vocabulary import SUFFIX, without_side

Bursts = tuple[tuple[float, float, float], ...]

# site -> bursts: middle and SD in % of the stride, height beside the other bursts of the site.
# Walking: tibialis, gastrocnemius, rectus and hamstrings as in the norms of Schwartz et al. 2008 at free speed;
# the others after Perry and Burnfield 2010, Gait Analysis, rounded
_CALF_WALKING: Final[Bursts] = ((38.0, 10.0, 1.0),)
_HAMSTRINGS_WALKING: Final[Bursts] = ((96.0, 8.0, 1.0),)
_VASTI_WALKING: Final[Bursts] = ((4.0, 7.0, 1.0),)
WALKING: Final[Mapping[str, Bursts]] = {
    "tibialis_anterior": ((1.0, 6.0, 1.0), (68.0, 7.0, 0.7)),
    "soleus": ((35.0, 12.0, 1.0),),
    "gastrocnemius": _CALF_WALKING,
    "gastrocnemius_medialis": _CALF_WALKING,
    "gastrocnemius_lateralis": _CALF_WALKING,
    "peroneus_longus": ((36.0, 13.0, 1.0),),
    "rectus_femoris": ((5.0, 7.0, 1.0), (62.0, 5.0, 0.4)),
    "vastus_lateralis": _VASTI_WALKING,
    "vastus_medialis": _VASTI_WALKING,
    "biceps_femoris": _HAMSTRINGS_WALKING,
    "medial_hamstrings": _HAMSTRINGS_WALKING,
    "semitendinosus": _HAMSTRINGS_WALKING,
    "semimembranosus": _HAMSTRINGS_WALKING,
    "gluteus_maximus": ((3.0, 9.0, 1.0),),
    "gluteus_medius": ((8.0, 11.0, 1.0),),
}
# Running: calf from 86 to 125 % together with the quadriceps (Gazendam and Hof 2007, abstract); the others rounded
# from what is usually described: hamstrings and gluteals brace the landing, the shin muscle lifts the foot in swing
_CALF_RUNNING: Final[Bursts] = ((5.5, 10.0, 1.0),)
_VASTI_RUNNING: Final[Bursts] = ((4.0, 8.0, 1.0),)
_HAMSTRINGS_RUNNING: Final[Bursts] = ((90.0, 11.0, 1.0),)
RUNNING: Final[Mapping[str, Bursts]] = {
    "tibialis_anterior": ((75.0, 16.0, 1.0),),
    "soleus": _CALF_RUNNING,
    "gastrocnemius": _CALF_RUNNING,
    "gastrocnemius_medialis": _CALF_RUNNING,
    "gastrocnemius_lateralis": _CALF_RUNNING,
    "peroneus_longus": _CALF_RUNNING,
    "rectus_femoris": ((4.0, 8.0, 1.0), (55.0, 8.0, 0.4)),
    "vastus_lateralis": _VASTI_RUNNING,
    "vastus_medialis": _VASTI_RUNNING,
    "biceps_femoris": _HAMSTRINGS_RUNNING,
    "medial_hamstrings": _HAMSTRINGS_RUNNING,
    "semitendinosus": _HAMSTRINGS_RUNNING,
    "semimembranosus": _HAMSTRINGS_RUNNING,
    "gluteus_maximus": ((1.0, 9.0, 1.0),),
    "gluteus_medius": ((2.0, 10.0, 1.0),),
}

# strides of walkers (children to the old) and of runners (jog to sprint), s
STRIDE_S: Final[Mapping[Movement, tuple[float, float]]] = {"walking": (0.75, 1.8), "running": (0.5, 0.95)}

# muscles with one task each in the stride: two of them fix its phase where one could be anything periodic
GROUPS: Final[tuple[tuple[str, ...], ...]] = (
    ("tibialis_anterior",),
    ("soleus", "gastrocnemius", "gastrocnemius_medialis", "gastrocnemius_lateralis", "peroneus_longus"),
    ("vastus_lateralis", "vastus_medialis", "rectus_femoris", "gluteus_maximus", "gluteus_medius"),
    ("biceps_femoris", "medial_hamstrings", "semitendinosus", "semimembranosus"),
)
FEWEST_GROUPS: Final = 2

# a stride that fits worse than this costs more than it brings (mean correlation with the known order)
LEAST_FIT: Final = 0.35
# a single stride that fits worse is left out: most often one squeezed in where the movement has stopped
LEAST_STRIDE_FIT: Final = 0.5
# mean fit from which a leg is believed, by its number of channels (4 stands for more), and what fewer than
# three strides have to fit better: bursts that come at random reach these in 3 of 100 records
CLEAR_FIT: Final[Mapping[int, float]] = {2: 0.8, 3: 0.7, 4: 0.6}
FEW_STRIDES: Final = 3
CLEARER_BY: Final = 0.1
# walking has to explain this many times more of the record than running does, or the other way round
CLEAR_LEAD: Final = 1.5

# how far contacts lay from those of force or foot events at most: walking, 8 recordings of 7 people, two of them
# off by 70 ms or more on the mean (validation/emg_alone.py); of running one person only (34 ms), so the same share
# of the stride is stated for it
OFF_BY_S: Final[Mapping[Movement, float]] = {"walking": 0.12, "running": 0.07}
# the other foot comes down near the middle of a stride; a limp of 35 to 65 % is strong
OTHER_LEG: Final = (0.35, 0.65)

# steps of time in the first and second search, and points of a stride compared
COARSE_S: Final = 0.02
FINE_S: Final = 0.01
POINTS: Final = 20
# strides of one bout vary by 2-6 % (SD); without this limit one more is squeezed in at the edge of the record
MOST_OFF_USUAL: Final = 0.15
# a pause shorter than this share of a stride would hold no step
SHORTEST_PAUSE: Final = 0.5
# from this many strides on, a leg's own mean pattern tells strides apart better than the textbook's
OWN_PATTERN: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class _Leg:
    """Strides of one leg as found under one movement: borders (stride, 2) in s and how well they fit on the mean."""

    borders_s: FloatArray
    fit: float
    channels: int

    @property
    def clear(self) -> bool:
        """Whether it fits better than chance would."""
        few = CLEARER_BY if len(self.borders_s) < FEW_STRIDES else 0.0
        return self.fit >= CLEAR_FIT[min(self.channels, max(CLEAR_FIT))] + few

    @property
    def explained_s(self) -> float:
        """Time covered, weighted by how well."""
        return float(np.diff(self.borders_s, axis=1).sum()) * (self.fit - LEAST_FIT)


def events_from_emg(envelope: xr.DataArray, *, movement: Movement | None = None) -> pd.DataFrame:
    """Initial contacts of each leg from the order in which its muscles work.

    Parameters
    ----------
    envelope : DataArray, dims (time, channel), any one unit
        As from ``emg.envelope``, usable channels only, named ``<site>_l`` or ``<site>_r``;
        other channels are not looked at. Strides are found in stretches without NaN.
    movement : {"walking", "running"}, optional
        If it is known; otherwise the one whose order fits clearly better.

    Returns
    -------
    DataFrame, columns ``time_s, side, name, method``
        ``initial_contact`` only: a toe-off cannot be told from EMG. Of a leg without
        two groups of muscles, or whose muscles do not fit, there are no events.

    Raises
    ------
    CycleError
        If no leg can be told, or walking cannot be told from running.

    Notes
    -----
    Ours. Each site has known bursts (``WALKING``, ``RUNNING``). A stretch of time is as good a
    stride as the mean correlation of its channels with these; the division with
    the largest sum over time is found by dynamic programming. A second pass compares with
    the leg's own mean pattern, which sharpens the spacing and leaves the mean phase. The
    legs are not compared with each other, so that a limp stays a limp.
    """
    envelope = require(envelope, dims=("time", "channel"), name="envelope")
    found = {choice: _legs(envelope, choice) for choice in STRIDE_S if movement in (None, choice)}
    explained = {choice: sum(leg.explained_s for leg in legs.values()) for choice, legs in found.items()}
    best = max(explained, key=lambda choice: explained[choice])
    if not found[best]:
        raise CycleError(_why_none(envelope, movement))
    if any(CLEAR_LEAD * other > explained[best] for choice, other in explained.items() if choice != best):
        raise CycleError(
            "expected walking or running, found muscles that fit both alike; state movement in take.yaml under "
            "conditions"
        )
    rows = [
        (float(moment), side, "initial_contact", method_of(best))
        for side, leg in found[best].items()
        for moment in np.unique(np.round(leg.borders_s, 6))
    ]
    return pd.DataFrame(rows, columns=list(EVENT_COLUMNS)).sort_values("time_s", kind="stable", ignore_index=True)


def method_of(movement: Movement) -> str:
    """What events from EMG alone say about their method.

    Parameters
    ----------
    movement : {"walking", "running"}
    """
    return f"EMG alone: usual order of the muscles in {movement}, ± {1e3 * OFF_BY_S[movement]:.0f} ms"


def emg_strides_doubt(events: pd.DataFrame, *, channels: Sequence[str] = ()) -> Doubt:
    """What has to be said beside strides from EMG alone.

    Parameters
    ----------
    events : DataFrame as from ``events_from_emg``
    channels : sequence of str
        Names of the channels they were looked for in, so that a leg without strides is told.
    """
    movement: Movement = "running" if (events["method"] == method_of("running")).all() else "walking"
    seen = [side for side in SIDES if (events["side"] == side).any()]
    text = (
        f"Nothing measured when a foot was down. The contacts of the {' and the '.join(seen)} leg were estimated from "
        f"the order in which muscles work in {movement}; where that could be checked, they lay within "
        f"{1e3 * OFF_BY_S[movement]:.0f} ms of the true ones. Toe-off is not known. A muscle that works at an unusual "
        "time can shift them, so when a muscle works in the stride, and whether it does so at other times than on the "
        "other leg, must not be read from these strides."
    )
    share = _other_leg(events) if len(seen) == len(SIDES) else 0.5
    if not OTHER_LEG[0] <= share <= OTHER_LEG[1]:
        text += (
            f" The left contacts lie at {100 * share:.0f} % of the right stride, where about 50 % is expected: one "
            "leg may be misread, or channels of the two legs exchanged."
        )
    for side in SIDES:
        if side not in seen and len(_groups(_of_leg(channels, side))) >= FEWEST_GROUPS:
            text += f" The muscles of the {side} leg do not keep that order, so it has no strides."
    remedy = "Add force, foot markers or sensors on the feet, or state events in take.yaml."
    return Doubt("events", text, remedy)


def _other_leg(events: pd.DataFrame) -> float:
    """Where in the strides of the right leg the left one comes down, as a share; NaN if in none."""
    left, right = (events.loc[events["side"] == side, "time_s"].to_numpy(dtype=float) for side in SIDES)
    after = np.searchsorted(right, left, side="right")
    inside = (after > 0) & (after < right.size)
    start_s, end_s = right[after[inside] - 1], right[after[inside]]
    # a pause between two bouts is no stride
    share = ((left[inside] - start_s) / (end_s - start_s))[end_s - start_s < max(span[1] for span in STRIDE_S.values())]
    return float(np.median(share)) if share.size else 0.5


def _why_none(envelope: xr.DataArray, movement: Movement | None) -> str:
    known = [str(c) for c in envelope["channel"].values if without_side(str(c)) in WALKING]
    asked = f"EMG of two muscle groups of one leg in the order of {movement or 'walking or running'}"
    if all(len(_groups(_of_leg(known, side))) < FEWEST_GROUPS for side in SIDES):
        found = f"only {', '.join(known)}" if known else "no channel of a muscle it knows"
        return f"expected {asked}, found {found}; name more channels in take.yaml under channels"
    return f"expected {asked}, found no such order; add force, foot markers or sensors on the feet"


def _legs(envelope: xr.DataArray, movement: Movement) -> dict[str, _Leg]:
    """Strides of every leg whose muscles keep the order."""
    orders = WALKING if movement == "walking" else RUNNING
    legs: dict[str, _Leg] = {}
    for side in SIDES:
        own = _of_leg([str(c) for c in envelope["channel"].values if without_side(str(c)) in orders], side)
        if len(_groups(own)) < FEWEST_GROUPS:
            continue
        known = np.stack([_pattern(orders[without_side(c)]) for c in own], axis=1)
        leg = _strides(envelope.sel(channel=own), known, STRIDE_S[movement])
        if leg is not None and leg.clear:
            legs[side] = leg
    return legs


def _of_leg(channels: Sequence[str], side: Side) -> list[str]:
    return [c for c in channels if c.endswith(SUFFIX[side])]


def _groups(channels: Sequence[str]) -> set[int]:
    return {i for i, group in enumerate(GROUPS) for c in channels if without_side(c) in group}


def _pattern(bursts: Bursts) -> FloatArray:
    """Known activity at ``POINTS`` points of the stride."""
    phase = 100.0 * np.arange(POINTS) / POINTS
    away = [(phase - middle + 50.0) % 100.0 - 50.0 for middle, _, _ in bursts]
    swell = [h * np.exp(-0.5 * (a / sd) ** 2) for a, (_, sd, h) in zip(away, bursts, strict=True)]
    return np.asarray(np.sum(swell, axis=0), dtype=np.float64)


def _strides(envelope: xr.DataArray, known: FloatArray, span_s: tuple[float, float]) -> _Leg | None:
    borders = _divided(envelope, known, span_s, COARSE_S)
    if not len(borders):
        return None
    fits = np.array([_fit(_segment(envelope, *border)[None], known)[0] for border in borders])
    usual_s = float(np.median(np.diff(borders[fits >= np.median(fits)], axis=1)))
    near_s = (max(span_s[0], (1 - MOST_OFF_USUAL) * usual_s), min(span_s[1], (1 + MOST_OFF_USUAL) * usual_s))
    own = known
    if len(borders) >= OWN_PATTERN:
        own = np.median([_scaled(_segment(envelope, *border)) for border in borders], axis=0)
    fine = _divided(envelope, own, near_s, FINE_S)
    borders = fine if len(fine) else borders
    fits = np.array([_fit(_segment(envelope, *border)[None], known)[0] for border in borders])
    fitting = fits >= LEAST_STRIDE_FIT
    if not fitting.any():
        return None
    return _Leg(_joined(borders[fitting], usual_s), float(fits[fitting].mean()), known.shape[1])


def _joined(borders: FloatArray, usual_s: float) -> FloatArray:
    """Strides that meet: a gap far shorter than a stride is no pause, and its middle is the contact."""
    out = borders.copy()
    for before, after in itertools.pairwise(range(len(out))):
        if out[after, 0] - out[before, 1] < SHORTEST_PAUSE * usual_s:
            out[after, 0] = out[before, 1] = (out[after, 0] + out[before, 1]) / 2
    return out


def _segment(envelope: xr.DataArray, start_s: float, end_s: float) -> FloatArray:
    """One stretch at ``POINTS`` points, shape (point, channel)."""
    at_s = start_s + (end_s - start_s) * np.arange(POINTS) / POINTS
    time_s = envelope["time"].values
    return np.stack([np.interp(at_s, time_s, column) for column in envelope.values.T], axis=1)


def _scaled(segment: FloatArray) -> FloatArray:
    return np.asarray(segment / np.maximum(segment.mean(axis=0), np.finfo(float).tiny))


def _divided(envelope: xr.DataArray, pattern: FloatArray, span_s: tuple[float, float], step_s: float) -> FloatArray:
    """Borders (stride, 2) of the strides with the largest total fit, on a grid of time."""
    time_s = envelope["time"].values
    grid_s = np.arange(time_s[0], time_s[-1], step_s)
    values = np.stack([np.interp(grid_s, time_s, column) for column in envelope.values.T], axis=1)
    lengths = np.arange(int(np.ceil(span_s[0] / step_s)), int(span_s[1] / step_s) + 1)
    lengths = lengths[lengths < grid_s.size]
    if not lengths.size:
        return np.empty((0, 2))
    gain = np.full((grid_s.size, lengths.size), -np.inf)
    for k, length in enumerate(lengths):
        gain[length:, k] = length * step_s * (_fits(values, pattern, int(length)) - LEAST_FIT)
    return np.asarray(grid_s[_best_division(gain, lengths)])


def _fits(values: FloatArray, pattern: FloatArray, length: int) -> FloatArray:
    """Mean correlation of every stretch of one length with the pattern, by its first sample; NaN counts as none."""
    count = values.shape[0] - length
    level, power, product = (np.zeros((count, values.shape[1])) for _ in range(3))
    centred = pattern - pattern.mean(axis=0)
    # point by point over all stretches at once: the sums are those of the correlation
    for point, known in enumerate(centred):
        low, share = divmod(length * point / POINTS, 1.0)
        at = int(low)
        x = (1 - share) * values[at : at + count] + share * values[at + 1 : at + 1 + count]
        level += x
        power += x**2
        product += x * known
    spread = np.maximum(power - level**2 / POINTS, 0.0) * (centred**2).sum(axis=0)
    fit: FloatArray = (product / np.maximum(np.sqrt(spread), np.finfo(float).tiny)).mean(axis=1)
    return np.where(np.isnan(fit), -np.inf, fit)


def _fit(stretches: FloatArray, pattern: FloatArray) -> FloatArray:
    """Mean over channels of the correlation of stretches (stretch, point, channel) with a pattern (point, channel)."""
    x = stretches - stretches.mean(axis=1, keepdims=True)
    y = pattern - pattern.mean(axis=0)
    size = np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=0))
    together = np.einsum("spc,pc->sc", x, y)
    fit: FloatArray = (together / np.maximum(size, np.finfo(float).tiny)).mean(axis=1)
    return fit


def _best_division(gain: FloatArray, lengths: np.ndarray) -> np.ndarray:
    """Samples (stride, 2) of the chain of strides with the largest sum; ``gain[end, k]`` of length ``lengths[k]``."""
    best = np.zeros(gain.shape[0])
    taken = np.full(gain.shape[0], -1)
    for end in range(1, gain.shape[0]):
        best[end] = best[end - 1]
        use = lengths[lengths <= end]
        if use.size:
            total = best[end - use] + gain[end, : use.size]
            k = int(np.argmax(total))
            if total[k] > best[end]:
                best[end], taken[end] = total[k], use[k]
    chain = []
    end = gain.shape[0] - 1
    while end > 0:
        if taken[end] > 0:
            chain.append((end - taken[end], end))
            end -= int(taken[end])
        else:
            end -= 1
    return np.array(chain[::-1], dtype=int).reshape(-1, 2)
