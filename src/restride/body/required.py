"""What this movement required of each muscle: least effort, and what is certain.

``required``  the activations of least effort that supply the measured joint moments
``floors``    the least that each functional group must do under any rule of sharing
``at_sites``  muscles of the model averaged to what one electrode sees

Least effort picks one answer among many and never asks for co-contraction; the floors
hold for every answer. Both know only what hip, knee and ankle moments say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy.interpolate import make_interp_spline

from restride.body.model import Body
from restride.body.muscles import Capacity, capacity, geometry, tendon_length
from restride.body.pose import plain_arrays
from restride.body.redundancy import Solution, cubed, least_linear, solve, squared
from restride.errors import SchemaError
from restride.signals.schema import SIDES, FloatArray, labelled, require
from restride.signals.vocabulary import GROUPS, SITES, SUFFIX, side_of, without_side

Effort = Literal["squared", "cubed"]
Tendon = Literal["elastic", "rigid"]

# what motion and force determine in every marker set
JOINTS: Final = ("hip_flexion", "hip_adduction", "hip_rotation", "knee_angle", "ankle_angle")
# three muscles on one long tendon, which does much of the stretching; the rest are as good as rigid
ACHILLES: Final = ("soleus", "gasmed", "gaslat")


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
    q, _ = plain_arrays(body, angles, root)
    total, known = _moments_by_leg(moments, q.shape[0])
    time_s = angles["time"].values
    length, arms = geometry(body, q)
    muscles = _leg_muscles(body)
    tendons = _tendons(body, arms, total, tendon)
    able = capacity(body.muscles, length, _rate(length - tendons, time_s), tendon_length=tendons)
    A = _by_leg(body, arms * able.active[:, :, None], muscles)
    passive = _by_leg(body, arms * able.passive[:, :, None], muscles).sum(axis=-1)
    b = np.where(known[..., None], total - passive, 0.0)
    found = solve(A.reshape(-1, *A.shape[2:]), b.reshape(-1, b.shape[-1]), squared if effort == "squared" else cubed)
    method = f"least effort ({effort}), {tendon} Achilles tendon"
    return _result(body, time_s, _Round(known, able, found, A, b), method)


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


def _moments_by_leg(moments: xr.DataArray, frames: int) -> tuple[FloatArray, np.ndarray]:
    """Moments (time, side, joint), and where a leg is measured (time, side)."""
    moments = require(moments, dims=("time", "coordinate"), units="N m", name="moments")
    names = [str(c) for c in moments["coordinate"].values]
    wanted = [j + SUFFIX[side] for side in SIDES for j in JOINTS]
    missing = sorted(set(wanted) - set(names))
    if missing or moments.sizes["time"] != frames:
        raise SchemaError(
            f"moments: expected {wanted} in {frames} frames as the angles, missing {missing} "
            f"in {moments.sizes['time']} frames"
        )
    values = moments.values[:, [names.index(w) for w in wanted]].reshape(frames, len(SIDES), len(JOINTS))
    return values, ~np.isnan(values).any(axis=-1)


def _leg_muscles(body: Body) -> np.ndarray:
    """Places (side, muscle) of each leg's muscles, in one order for both legs."""
    bare = [without_side(name) for name in body.muscles.names if side_of(name) == "right"]
    return np.array([[body.muscles.names.index(name + SUFFIX[side]) for name in bare] for side in SIDES])


def _by_leg(body: Body, values: FloatArray, muscles: np.ndarray) -> FloatArray:
    """Values (time, muscle, leg coordinate) as (time, side, joint, muscle of that leg)."""
    coordinates = body.coordinates[3:]
    joints = np.array([[coordinates.index(j + SUFFIX[side]) for j in JOINTS] for side in SIDES])
    return values[:, muscles[:, None, :], joints[:, :, None]]


def _rate(length: FloatArray, time_s: FloatArray) -> FloatArray:
    rate: FloatArray = make_interp_spline(time_s, length, k=3)(time_s, nu=1)
    return rate


def _tendons(body: Body, arms: FloatArray, total: FloatArray, tendon: Tendon) -> FloatArray:
    """Tendon lengths (time, muscle), m: the Achilles by its load, the others slack.

    Its load is known before the sharing is: the plantarflexion moment over what all
    plantarflexors would make at maximum isometric force. Taking each muscle's own share
    instead makes stretch and share chase each other from frame to frame.
    """
    muscles = body.muscles
    lengths = np.tile(muscles.tendon_slack_length, (arms.shape[0], 1))
    if tendon == "rigid":
        return lengths
    for k, side in enumerate(SIDES):
        three = [muscles.names.index(name + SUFFIX[side]) for name in ACHILLES]
        ankle = body.coordinates[3:].index("ankle_angle" + SUFFIX[side])
        strongest = np.minimum(arms[:, :, ankle], 0.0) @ muscles.max_isometric_force
        share = np.clip(np.nan_to_num(total[:, k, JOINTS.index("ankle_angle")]) / strongest, 0.0, 1.0)
        lengths[:, three] = tendon_length(muscles, share[:, None] * muscles.max_isometric_force)[:, three]
    return lengths


@dataclass(frozen=True, slots=True, eq=False)
class _Round:
    """What one round of the solver knew and found; plain arrays."""

    known: np.ndarray
    able: Capacity
    found: Solution
    A: FloatArray
    b: FloatArray


def _result(body: Body, time_s: FloatArray, last: _Round, method: str) -> Required:
    """Label everything; what was not measured becomes NaN."""
    names = list(body.muscles.names)
    muscles = _leg_muscles(body)
    activation = np.empty_like(last.able.active)
    activation[:, muscles] = last.found.activation.reshape(*last.known.shape, -1)
    activation[~last.known[:, [0 if side_of(name) == "left" else 1 for name in names]]] = np.nan
    force = activation * last.able.active + last.able.passive
    miss = np.where(last.known[..., None], last.found.miss.reshape(last.b.shape), np.nan)
    demand = np.where(last.known[..., None], last.b, np.nan)
    by_muscle = {"time": time_s, "muscle": names}
    sides = {"time": time_s, "side": list(SIDES)}
    own = {
        "muscle": [without_side(names[i]) for i in muscles[0]],
        "max_isometric_force": ("muscle", body.muscles.max_isometric_force[muscles[0]]),
    }
    by_joint: dict[str, object] = {"joint": list(JOINTS), **sides}
    coordinates = [j + SUFFIX[side] for side in SIDES for j in JOINTS]
    return Required(
        activation=labelled(activation, dims=("time", "muscle"), units="1", coords=by_muscle, name="activation"),
        force=labelled(force, dims=("time", "muscle"), units="N", coords=by_muscle, name="muscle_force"),
        residual=labelled(
            miss.reshape(time_s.size, -1),
            dims=("time", "coordinate"),
            units="N m",
            coords={"time": time_s, "coordinate": coordinates},
            name="residual",
        ),
        converged=xr.DataArray(
            last.found.converged.reshape(last.known.shape) & last.known,
            dims=("time", "side"),
            coords=sides,
            name="converged",
        ),
        moment_capacity=labelled(
            last.A, dims=("time", "side", "joint", "muscle"), units="N m", coords=by_joint | own, name="moment_capacity"
        ),
        demand=labelled(demand, dims=("time", "side", "joint"), units="N m", coords=by_joint, name="demand"),
        method=method,
    )
