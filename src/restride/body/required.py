"""What this movement required of each muscle: least effort, and what is certain.

``required``      the activations of least effort that supply the measured joint moments
``least_effort``  the same for a task already set, with any muscles
``floors``        the least that each functional group must do under any rule of sharing
``at_sites``      muscles of the model averaged to what one electrode sees

Least effort picks one answer among many and never asks for co-contraction; the floors
hold for every answer. Both know only what hip, knee and ankle moments say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import xarray as xr

from restride.body.model import Body, MuscleSet
from restride.body.redundancy import Law, Solution, cubed, least_linear, solve, squared
from restride.body.task import JOINTS, MUSCLES, Supply, Task, muscles_by_leg, supply, task
from restride.signals.schema import SIDES, FloatArray, labelled
from restride.signals.vocabulary import GROUPS, SITES, SUFFIX, side_of, without_side

Effort = Literal["squared", "cubed"]
Tendon = Literal["elastic", "rigid"]

LAWS: Final[dict[str, Law]] = {"squared": squared, "cubed": cubed}


@dataclass(frozen=True, slots=True, eq=False)
class Required:
    """The activations of least effort; NaN for a leg and frame without moments.

    Attributes
    ----------
    activation : DataArray, dims (time, muscle), 1
    force : DataArray, dims (time, muscle), N
        Along the tendon, active and passive.
    residual : DataArray, dims (time, coordinate), N m
        Moment that the muscles could not supply. It is a result: where it is large,
        strength or data do not explain the motion.
    converged : DataArray of bool, dims (time, side)
    moment_capacity : DataArray, dims (time, side, joint, muscle), N m
        Moment of each muscle at full activation; muscles without side.
    demand : DataArray, dims (time, side, joint), N m
        Joint moments less what passive fibres supply.
    method : str
    """

    activation: xr.DataArray
    force: xr.DataArray
    residual: xr.DataArray
    converged: xr.DataArray
    moment_capacity: xr.DataArray
    demand: xr.DataArray
    method: str


def required(
    body: Body,
    angles: xr.DataArray,
    root: xr.DataArray,
    moments: xr.DataArray,
    *,
    effort: Effort = "squared",
    tendon: Tendon = "elastic",
) -> Required:
    """The activations of least effort that supply the joint moments in every frame.

    Parameters
    ----------
    body : Body
    angles, root : DataArray
        The motion as used for the moments (``Dynamics.angles``, ``Dynamics.root``).
    moments : DataArray, dims (time, coordinate), units "N m"
        Internal; those of ``JOINTS`` for both legs are used. NaN: not measured.
    effort : {"squared", "cubed"}
        Power of the activation whose sum is least.
    tendon : {"elastic", "rigid"}
        Elastic: soleus and gastrocnemius share one tendon, stretched by the ankle
        moment it carries, which shortens and slows their fibres.

    Raises
    ------
    SchemaError
        If a moment is missing or times differ.

    Notes
    -----
    ``min sum a^p / p + W/2 |b - A a|^2`` over ``0 <= a <= 1``, A the moments at full activation,
    b the demand (Crowninshield and Brand 1981; Anderson and Pandy 2001); solved by
    ``redundancy.solve`` for all frames and both legs at once. Each frame stands alone:
    activation has no history, so a measured EMG leads it by the electromechanical delay.
    """
    return least_effort(task(body, angles, root, moments), body.muscles, effort=effort, tendon=tendon)


def least_effort(
    given: Task, muscles: MuscleSet, *, effort: Effort = "squared", tendon: Tendon = "elastic"
) -> Required:
    """The activations of least effort in a task.

    Parameters
    ----------
    given : Task
    muscles : MuscleSet
        Of the body that moved, or other ones.
    effort, tendon
        As in ``required``.
    """
    legs = muscles_by_leg(muscles)
    could = supply(given, legs, elastic=tendon == "elastic")
    found = solve(
        could.moments.reshape(-1, *could.moments.shape[2:]), could.demand.reshape(-1, len(JOINTS)), LAWS[effort]
    )
    return _result(given, legs, could, found, f"least effort ({effort}), {tendon} Achilles tendon")


def floors(
    found: Required, *, groups: Sequence[str] = tuple(GROUPS), frames: npt.NDArray[np.bool_] | None = None
) -> xr.DataArray:
    """The least mean activation of each group that any sharing among muscles allows.

    Parameters
    ----------
    found : Required
    groups : sequence of str
        Names of ``signals.vocabulary.GROUPS``.
    frames : bool array, shape (time,), optional
        Only these frames are bounded and returned: each takes a programme per group and leg.

    Returns
    -------
    DataArray, dims (time, group), units "1"
        Groups with their side, ``plantarflexors_l``. The mean over the group's muscles,
        weighted by their maximum isometric force; NaN where nothing was measured.

    Notes
    -----
    A linear programme per frame and group, by its dual (``redundancy.least_linear``): a
    bound that is certain given the body, its strength and the moments supplied. The
    moment the muscles could not supply (``Required.residual``) is left out.
    """
    chosen = slice(None) if frames is None else frames
    A = found.moment_capacity.values[chosen]
    names = [str(m) for m in found.moment_capacity["muscle"].values]
    n_time, n_side = A.shape[:2]
    residual = np.stack([found.residual.sel(coordinate=[j + SUFFIX[s] for j in JOINTS]).values for s in SIDES], axis=1)
    within = (found.demand.values - residual)[chosen]
    known = ~np.isnan(within).any(axis=-1)
    strength = found.moment_capacity["max_isometric_force"].values
    rows = known.ravel()
    values = np.full((n_time * n_side, len(groups)), np.nan)
    for column, group in enumerate(groups):
        weight = np.where(np.isin(names, GROUPS[group]), strength, 0.0)
        bound = least_linear(
            A.reshape(-1, *A.shape[2:])[rows], within.reshape(-1, len(JOINTS))[rows], weight / weight.sum()
        )
        values[rows, column] = bound
    by_side = values.reshape(n_time, n_side * len(groups))
    labels = [group + SUFFIX[side] for side in SIDES for group in groups]
    return labelled(
        by_side,
        dims=("time", "group"),
        units="1",
        coords={"time": found.activation["time"].values[chosen], "group": labels},
        name="floor",
    )


def at_sites(
    activation: xr.DataArray, body: Body, *, sites: Sequence[str] = tuple(SITES), dim: str = "muscle"
) -> xr.DataArray:
    """Activation at electrode sites: the force-weighted mean of the muscles beneath each.

    Parameters
    ----------
    activation : DataArray with a dimension of muscles, units "1"
        Muscles with side (``soleus_l``) give channels with side; muscles without side
        give channels without.
    body : Body
        For the maximum isometric force of each muscle, the weight.
    sites : sequence of str
        Names of ``signals.vocabulary.SITES``.
    dim : str
        The dimension of muscles.

    Returns
    -------
    DataArray, dims (..., channel), units "1"
        Channels ``tibialis_anterior_l`` with the coordinate ``site``.
    """
    strength = dict(zip(body.muscles.names, body.muscles.max_isometric_force, strict=True))
    muscles = [str(m) for m in activation[dim].values]
    present = [side for side in SIDES if any(side_of(m) == side for m in muscles)]
    suffixes = [SUFFIX[side] for side in present] or [""]
    channels, columns, kept = [], [], []
    for suffix in suffixes:
        for site in sites:
            beneath = [muscles.index(m + suffix) for m in SITES[site]]
            weight = np.array([strength[without_side(muscles[i]) + (suffix or "_r")] for i in beneath])
            values = activation.isel({dim: beneath})
            columns.append((values * xr.DataArray(weight / weight.sum(), dims=dim)).sum(dim, skipna=False))
            channels.append(site + suffix)
            kept.append(site)
    joined = xr.concat([c.drop_vars([dim], errors="ignore") for c in columns], dim="channel").transpose(..., "channel")
    return labelled(
        joined.values,
        dims=[str(d) for d in joined.dims],
        units="1",
        like=activation,
        coords={"channel": channels, "site": ("channel", kept)},
        name="activation",
    )


def _result(given: Task, legs: MuscleSet, could: Supply, found: Solution, method: str) -> Required:
    """Label everything; what was not measured becomes NaN."""
    known = given.known
    activation = np.where(known[..., None], found.activation.reshape(could.able.active.shape), np.nan)
    force = activation * could.able.active + could.able.passive
    miss = np.where(known[..., None], found.miss.reshape(could.demand.shape), np.nan)
    frames = given.time_s.size
    sides = {"time": given.time_s, "side": list(SIDES)}
    by_muscle = {"time": given.time_s, "muscle": [m + SUFFIX[side] for side in SIDES for m in MUSCLES]}
    by_coordinate = {"time": given.time_s, "coordinate": [j + SUFFIX[side] for side in SIDES for j in JOINTS]}
    by_joint: dict[str, object] = {"joint": list(JOINTS), **sides}
    own = {"muscle": list(MUSCLES), "max_isometric_force": ("muscle", legs.max_isometric_force[0])}

    def flat(values: FloatArray, what: str, units: str, coords: dict[str, object], name: str) -> xr.DataArray:
        return labelled(values.reshape(frames, -1), dims=("time", what), units=units, coords=coords, name=name)

    return Required(
        activation=flat(activation, "muscle", "1", by_muscle, "activation"),
        force=flat(force, "muscle", "N", by_muscle, "muscle_force"),
        residual=flat(miss, "coordinate", "N m", by_coordinate, "residual"),
        converged=xr.DataArray(
            found.converged.reshape(known.shape) & known, dims=("time", "side"), coords=sides, name="converged"
        ),
        moment_capacity=labelled(
            could.moments,
            dims=("time", "side", "joint", "muscle"),
            units="N m",
            coords=by_joint | own,
            name="moment_capacity",
        ),
        demand=labelled(
            np.where(known[..., None], could.demand, np.nan),
            dims=("time", "side", "joint"),
            units="N m",
            coords=by_joint,
            name="demand",
        ),
        method=method,
    )
