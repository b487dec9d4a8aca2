"""From the runner's motion to what its muscles do, faults included.

The activation is what the body requires at least effort. Faults of kind ``"weak"`` act
here, where other muscles can answer; the others act on the excitation, which runs ahead
of the activation by the electromechanical delay.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import xarray as xr

from restride.body.dynamics import moments
from restride.body.model import Body
from restride.body.redundancy import solve, squared
from restride.body.required import Required, required
from restride.signals.schema import FloatArray, labelled
from restride.signals.vocabulary import SITES, SUFFIX, both_sides, side_of, without_side
from restride.twin.faults import Fault, inside
from restride.twin.motion import Motion, centre_of_pressure, ground_force, per_stride
from restride.twin.steps import Steps

# one electrode each, on both legs
ELECTRODES: Final = (
    "tibialis_anterior",
    "peroneus_longus",
    "soleus",
    "gastrocnemius_medialis",
    "vastus_lateralis",
    "vastus_medialis",
    "rectus_femoris",
    "biceps_femoris",
    "medial_hamstrings",
    "gluteus_maximus",
    "gluteus_medius",
    "tensor_fasciae_latae",
)


def activation(body: Body, motion: Motion, run: Steps, faults: Sequence[Fault]) -> xr.DataArray:
    """Activation of all muscles at least effort, with the weak ones answered by the others.

    Returns
    -------
    DataArray, dims (time, muscle), units "1"
    """
    grf = ground_force(run, motion.time_s, mass_kg=body.mass_kg)
    cop = centre_of_pressure(motion, run, motion.time_s)
    dynamics = moments(body, motion.angles, motion.root, grf=grf, cop=cop)
    healthy = required(body, motion.angles, motion.root, dynamics.moments)
    out = healthy.activation
    for side in ("left", "right"):
        weak = [f for f in faults if f.kind == "weak" and f.side == side]
        if weak:
            out = _answered(healthy, out, motion, weak)
    return out


def excitation(
    sites: xr.DataArray,
    motion: Motion,
    faults: Sequence[Fault],
    *,
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
    delay_s : float
    spread : float
        SD from stride to stride, as a share, drawn for each electrode.
    rng : Generator

    Returns
    -------
    DataArray, dims (time, channel), units "1"
        ``tibialis_anterior_l``, ...; NaN in the last ``delay_s``.
    """
    names = [name for site in ELECTRODES for name in both_sides(site)]
    later = motion.time_s + delay_s
    columns = []
    for name in names:
        column = np.interp(later, motion.time_s, sites.sel(channel=name).values, right=np.nan)
        phase = motion.leg_phase(side_of(name) or "left")
        for fault in faults:
            if fault.kind != "weak" and side_of(name) == fault.side and without_side(name) in fault.sites:
                column = _faulty(column, fault, phase)
        columns.append(column * per_stride(phase, spread=spread, rng=rng))
    coords = {"time": motion.time_s, "channel": names}
    return labelled(np.stack(columns, axis=1), dims=("time", "channel"), units="1", coords=coords, name="excitation")


def _faulty(column: FloatArray, fault: Fault, phase: FloatArray) -> FloatArray:
    share = inside(fault.window, phase)
    if fault.kind == "quiet":
        return column * (1 - (1 - fault.size) * share)
    return column + fault.size * float(np.nanmax(column)) * share


def _answered(healthy: Required, active: xr.DataArray, motion: Motion, weak: Sequence[Fault]) -> xr.DataArray:
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
    kept[:, ~held] = solve(capable[:, :, ~held], rest, squared).activation
    out = active.copy()
    out.loc[{"muscle": own}] = kept
    return out
