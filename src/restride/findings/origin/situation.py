"""The two situations that are compared: what each muscle did in them, and what each set it to do.

A situation is one leg in one recording. Left against right is the common pair; one leg on
two days is another. Both must share one EMG reference per site (``emg.scaled`` over the
strides of both).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.body import MUSCLES, MuscleSet, Task, muscles_by_leg
from restride.signals.recording import Side
from restride.signals.schema import SIDES, FloatArray

# points of the stride: an envelope of 6 Hz holds nothing finer than 20 of them, in running or walking
POINTS: Final = 40
PHASE: Final[FloatArray] = np.arange(POINTS) * 100.0 / POINTS
# two strides are the least that show a spread
FEWEST: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """One leg in one recording.

    Attributes
    ----------
    name : str
        In words: "left leg".
    side : {"left", "right"}
    emg : DataArray, dims (cycle, phase, site), units "1"
        Strides of this leg; NaN where not measured.
    task : Task
        Of the mean stride on ``PHASE``: one leg, times of the mean stride; moments NaN where no stride has them.
    muscles : MuscleSet
        Of this leg, arrays (1, muscle).
    """

    name: str
    side: Side
    emg: xr.DataArray
    task: Task
    muscles: MuscleSet


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two situations side by side on ``PHASE``; the first axis is always (first, second).

    Attributes
    ----------
    names : tuple of str
    sites : tuple of str
        Electrode sites that both have in at least two strides.
    strides : tuple of tuple of array, shape (stride, phase)
        By situation and site.
    mean : array, shape (2, site, phase)
        Mean over strides, shares of the reference.
    known : bool array, shape (phase,)
        Where the moments of both were measured.
    task : Task
        The situations in place of the legs.
    muscles : MuscleSet
        Arrays (2, muscle).
    same_leg : bool
        One leg twice, its electrodes left in place: its body and its electrodes are the same in both.
    """

    names: tuple[str, str]
    sites: tuple[str, ...]
    strides: tuple[tuple[FloatArray, ...], tuple[FloatArray, ...]]
    mean: FloatArray
    known: np.ndarray
    task: Task
    muscles: MuscleSet
    same_leg: bool


def situation(
    side: Side,
    *,
    emg: xr.DataArray,
    task: Task,
    muscles: MuscleSet,
    cycles: pd.DataFrame,
    delay_s: float,
    name: str = "",
) -> Situation:
    """One leg of a recording as a situation.

    Parameters
    ----------
    side : {"left", "right"}
    emg : DataArray, dims (cycle, phase, site), units "1"
        Of both legs, as ``Analysis.curves["emg"]``.
    task : Task
        Of the whole recording.
    muscles : MuscleSet
        Of the body.
    cycles : DataFrame
        Strides as from ``cycles.segment``.
    delay_s : float
        Electromechanical delay: the task is taken this much later than the EMG.
    name : str
        Empty: "left leg" or "right leg".
    """
    k = SIDES.index(side)
    own = cycles[cycles["kept"] & (cycles["side"] == side)]
    spans = list(zip(own["start_s"].to_numpy(dtype=float), own["end_s"].to_numpy(dtype=float), strict=True))
    leg = muscles_by_leg(muscles)
    return Situation(
        name=name or f"{side} leg",
        side=side,
        emg=emg.isel(cycle=np.flatnonzero(emg["side"].values == side)),
        task=_mean_stride(task, k, spans, delay_s=delay_s),
        muscles=one_leg(leg, k),
    )


def one_leg(legs: MuscleSet, k: int) -> MuscleSet:
    """One row of a set of both legs, arrays (1, muscle)."""
    return MuscleSet(legs.names, *(values[k : k + 1] for values in _arrays(legs)))


def pair(first: Situation, second: Situation) -> Pair:
    """Both situations on one grid of phases, with the sites they share."""
    sites = [s for s in map(str, first.emg["site"].values) if s in set(map(str, second.emg["site"].values))]
    strides = [[_whole_strides(s.emg, site) for site in sites] for s in (first, second)]
    both = [j for j in range(len(sites)) if all(len(strides[k][j]) >= FEWEST for k in (0, 1))]
    chosen = tuple(tuple(own[j] for j in both) for own in strides)
    mean = np.array([[x.mean(axis=0) for x in own] for own in chosen]).reshape(2, len(both), POINTS)
    tasks = (first.task, second.task)
    joined = Task(
        (tasks[0].time_s + tasks[1].time_s) / 2,
        *(np.concatenate([getattr(t, name) for t in tasks], axis=1) for name in ("length", "arms", "moments")),
    )
    legs = zip(_arrays(first.muscles), _arrays(second.muscles), strict=True)
    return Pair(
        names=(first.name, second.name),
        sites=tuple(sites[j] for j in both),
        strides=(chosen[0], chosen[1]),
        mean=mean,
        known=np.asarray(joined.known.all(axis=1)),
        task=joined,
        muscles=MuscleSet(MUSCLES, *map(np.concatenate, legs)),
        same_leg=first.side == second.side,
    )


def _arrays(muscles: MuscleSet) -> list[FloatArray]:
    return [getattr(muscles, name) for name in MuscleSet.__dataclass_fields__ if name != "names"]


def _whole_strides(emg: xr.DataArray, site: str) -> FloatArray:
    """Strides without a gap, (stride, phase) on ``PHASE``."""
    curves = emg.sel(site=site).transpose("cycle", "phase")
    values = curves.values[~np.isnan(curves.values).any(axis=1)]
    percent = curves["phase"].values
    return np.array([np.interp(PHASE, percent, row) for row in values]).reshape(len(values), POINTS)


def _mean_stride(given: Task, k: int, spans: Iterable[tuple[float, float]], *, delay_s: float) -> Task:
    """The task of one leg, averaged over the strides in which it is known."""
    flat = np.concatenate(
        [part[:, k].reshape(given.time_s.size, -1) for part in (given.length, given.arms, given.moments)], axis=1
    )
    rows, lasting = [], []
    for start_s, end_s in spans:
        at_s = start_s + (end_s - start_s) * PHASE / 100 + delay_s
        lasting.append(end_s - start_s)
        rows.append(
            np.stack([np.interp(at_s, given.time_s, column, left=np.nan, right=np.nan) for column in flat.T], axis=1)
        )
    stacked = np.array(rows)
    seen = ~np.isnan(stacked)
    count = seen.sum(axis=0)
    mean = np.where(count > 0, np.where(seen, stacked, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)
    widths = np.cumsum([given.length[0, k].size, given.arms[0, k].size])
    length, arms, moments = np.split(mean, widths, axis=1)
    return Task(
        time_s=PHASE / 100 * float(np.mean(lasting)),
        length=length[:, None],
        arms=arms.reshape(POINTS, 1, *given.arms.shape[2:]),
        moments=moments[:, None],
    )
