"""From the runner's motion to what its muscles do, faults included.

The activation is what the body requires at least effort. Faults of kind ``"weak"`` and
``"wasted"`` act here, where other muscles can answer; the others act on the excitation,
which runs ahead of the activation by the electromechanical delay.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import xarray as xr

from restride.body.model import MuscleSet
from restride.body.redundancy import solve
from restride.body.required import LAWS, Effort, Required, least_effort
from restride.body.task import Task
from restride.body.weakness import WEAK_GROUPS
from restride.signals.schema import SIDES, FloatArray, labelled
from restride.signals.vocabulary import SITES, SUFFIX, both_sides, side_of, without_side
from restride.twin.faults import Fault, inside
from restride.twin.motion import Motion, per_stride

# kinds that change what the muscles do together; the others act on the excitation of single sites
OF_MUSCLES: Final = ("weak", "wasted")


def activation(
    given: Task, muscles: MuscleSet, motion: Motion, faults: Sequence[Fault], *, effort: Effort = "squared"
) -> xr.DataArray:
    """Activation of all muscles at least effort, with the weak ones answered by the others.

    Parameters
    ----------
    given : Task
        What the motion sets the legs to do.
    muscles : MuscleSet
        The runner's own.
    motion : Motion
        For the strides of each leg.
    faults : sequence of Fault
    effort : {"squared", "cubed"}

    Returns
    -------
    DataArray, dims (time, muscle), units "1"
    """
    healthy = least_effort(given, _wasted(muscles, faults), effort=effort)
    out = healthy.activation
    for side in SIDES:
        weak = [f for f in faults if f.kind == "weak" and f.side == side]
        if weak:
            out = _answered(healthy, out, motion, weak, effort)
    return out


def excitation(
    sites: xr.DataArray,
    motion: Motion,
    faults: Sequence[Fault],
    *,
    electrodes: Sequence[str],
    delay_s: float,
    spread: float,
    rng: np.random.Generator,
) -> xr.DataArray:
    """Excitation under each electrode: activation ``delay_s`` ahead, faults on it, uneven strides.

    Parameters
    ----------
    sites : DataArray, dims (time, channel), units "1"
        Activation under each electrode.
    motion : Motion
        For the strides of each leg.
    faults : sequence of Fault
        Those that act on the excitation; others are left out.
    electrodes : sequence of str
    delay_s : float
    spread : float
        SD from stride to stride, as a share, drawn for each electrode.
    rng : Generator

    Returns
    -------
    DataArray, dims (time, channel), units "1"
        ``tibialis_anterior_l``, ...; NaN in the last ``delay_s``.
    """
    names = [name for site in electrodes for name in both_sides(site)]
    later = motion.time_s + delay_s
    columns = []
    for name in names:
        column = np.interp(later, motion.time_s, sites.sel(channel=name).values, right=np.nan)
        phase = motion.leg_phase(side_of(name) or "left")
        for fault in faults:
            if fault.kind not in OF_MUSCLES and side_of(name) == fault.side and without_side(name) in fault.sites:
                column = _faulty(column, fault, phase)
        columns.append(column * per_stride(phase, spread=spread, rng=rng))
    coords = {"time": motion.time_s, "channel": names}
    return labelled(np.stack(columns, axis=1), dims=("time", "channel"), units="1", coords=coords, name="excitation")


def _faulty(column: FloatArray, fault: Fault, phase: FloatArray) -> FloatArray:
    share = inside(fault.window, phase)
    if fault.kind == "quiet":
        return column * (1 - (1 - fault.size) * share)
    if fault.kind == "late":
        return np.asarray(np.interp(phase - fault.size, phase, column), dtype=np.float64)
    return column + fault.size * float(np.nanmax(column)) * share


def _wasted(muscles: MuscleSet, faults: Sequence[Fault]) -> MuscleSet:
    strength = muscles.max_isometric_force.copy()
    for fault in faults:
        if fault.kind == "wasted":
            own = [m + SUFFIX[fault.side] for group in fault.sites for m in WEAK_GROUPS[group]]
            strength[np.isin(muscles.names, own)] *= fault.size
    return replace(muscles, max_isometric_force=strength)


def _answered(
    healthy: Required, active: xr.DataArray, motion: Motion, weak: Sequence[Fault], effort: Effort
) -> xr.DataArray:
    """One leg solved again with its weak muscles held at their share.

    What the weak muscles still supply is taken off the demand, and the others meet the
    rest at least effort.
    """
    side = weak[0].side
    names = [str(m) for m in healthy.moment_capacity["muscle"].values]
    own = [name + SUFFIX[side] for name in names]
    capable = healthy.moment_capacity.sel(side=side).transpose("time", "joint", "muscle").values
    before = healthy.activation.sel(muscle=own).values
    held = np.zeros(len(names), dtype=bool)
    kept = np.zeros_like(before)
    for fault in weak:
        share = inside(fault.window, motion.leg_phase(side))[:, None]
        places = [names.index(m) for site in fault.sites for m in SITES[site]]
        kept[:, places] = before[:, places] * (1 - (1 - fault.size) * share)
        held[places] = True
    rest = healthy.demand.sel(side=side).values - np.einsum("tjm,tm->tj", capable, kept)
    kept[:, ~held] = solve(capable[:, :, ~held], rest, LAWS[effort]).activation
    out = active.copy()
    out.loc[{"muscle": own}] = kept
    return out
