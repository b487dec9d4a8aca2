"""Joint moments from motion and ground force, and ground force from motion.

``moments``        inverse dynamics; the force measured under each foot
``derived_force``  running without plates: the force that the motion itself needs
``contacts``       when each foot is on the ground, from events

Moments are internal (what muscles, ligaments and bones supply together), positive in
the sense of their coordinate. A leg whose force was not measured has no moments: NaN.

The force under a foot travels as a wrench about the lab's origin, so that it can be
filtered whole: a centre of pressure by itself is undefined while the foot is in the
air, and filtering it separately from the force moves the moment.
"""

from dataclasses import dataclass
from typing import Final

import mujoco
import numpy as np
import pandas as pd
import xarray as xr
from scipy.interpolate import make_interp_spline

from restride.body.kinematics import cross
from restride.body.model import WORLD_FROM_LAB, Body
from restride.body.pose import assembled, coupled, motion, plain_arrays
from restride.errors import ModelError, SchemaError, UnitsError
from restride.signals.filters import low_pass
from restride.signals.schema import SIDES, SPACE, FloatArray, labelled, require

# below this a plate's centre of pressure is noise and is often left blank
UNLOADED_N: Final = 20.0
# filters and splines guess beyond the ends; that much of the take is given up there
EDGE_PERIODS: Final = 0.25
# how much lower one end of the sole must be to carry three quarters of the load
SOLE_SOFTNESS_M: Final = 0.015
# of the way from heel to toes under a flat foot in running (Cavanagh and Lafortune 1980)
FLAT_SHARE: Final = 0.65
# both feet on the ground for less than this share of the time is an edge of two events
DOUBLE_SUPPORT_ALLOWED: Final = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Dynamics:
    """What the joints supplied, and what the motion and the force leave unexplained.

    Attributes
    ----------
    moments : DataArray, dims (time, coordinate), N m
        Internal moments of the leg coordinates; NaN for a leg whose force was not
        measured, and at the edges of a filtered take.
    root_force : DataArray, dims (time, space), N, lab
        Force at the pelvis that nobody supplies: the disagreement of force and motion.
    angles, root : DataArray
        The motion as used, filtered like the force.
    method : str
        In words, with the cut-off.
    """

    moments: xr.DataArray
    root_force: xr.DataArray
    angles: xr.DataArray
    root: xr.DataArray
    method: str


def moments(
    body: Body,
    angles: xr.DataArray,
    root: xr.DataArray,
    *,
    grf: xr.DataArray,
    cop: xr.DataArray,
    free_moment: xr.DataArray | None = None,
    cutoff_hz: float | None = None,
) -> Dynamics:
    """Internal joint moments by inverse dynamics.

    Parameters
    ----------
    body : Body
    angles : DataArray, dims (time, coordinate), units "rad"
    root : DataArray, dims (time, space), units "m", lab
        Without gaps; crop or fill first.
    grf, cop : DataArray, dims (time, side, space), units "N", "m", lab
        Force on each foot and where it acts, at any rate; zero force off the ground,
        NaN force where nothing was measured. The centre may be NaN while the force is
        below 20 N.
    free_moment : DataArray, dims (time, side, space), units "N m", optional
        About the centre of pressure; None or NaN: taken as zero.
    cutoff_hz : float, optional
        One zero-phase low-pass for motion and force. None: both are used as they are.

    Raises
    ------
    GapError, SchemaError, UnitsError
        Gaps in the motion; wrong labels or units; a cut-off above half the rate.

    Notes
    -----
    ``tau = G^T (M qdd + c - sum J^T F)``, with G the slope of the dependent knee
    coordinates (``pose.coupled``). Force and motion get the same filter, because a
    mismatch shows as false moments at impact (Bisseling and Hof 2006, Kristianslund et
    al. 2012). With a filter, a quarter of its period is given up at both ends.
    """
    wrenches = _wrenches(grf, cop, free_moment)
    if cutoff_hz is not None:
        angles, root = low_pass(angles, cutoff_hz=cutoff_hz), low_pass(root, cutoff_hz=cutoff_hz)
        wrenches = low_pass(wrenches, cutoff_hz=cutoff_hz, gaps="split")
    q, place = plain_arrays(body, angles, root)
    time_s = angles["time"].values
    wrench = _at_times(wrenches, time_s)
    needed, anchors, axes = _inverse(body, *motion(body, q, place, time_s))
    supplied = np.stack([_generalised(body, wrench[:, k], anchors, axes, side) for k, side in enumerate(SIDES)])
    G = coupled(body, q)
    tau = (needed[:, None] @ G)[:, 0]
    for k, side in enumerate(SIDES):
        leg = _leg_columns(body, side)
        tau[:, leg] -= (supplied[k][:, None] @ G)[:, 0, leg]
    residual = (needed[:, :3] - supplied.sum(axis=0)[:, :3]) @ WORLD_FROM_LAB
    method = "inverse dynamics, measured force"
    if cutoff_hz is not None:
        edge = (time_s < time_s[0] + EDGE_PERIODS / cutoff_hz) | (time_s > time_s[-1] - EDGE_PERIODS / cutoff_hz)
        tau[edge], residual[edge] = np.nan, np.nan
        method += f", motion and force low-passed at {cutoff_hz:g} Hz (zero phase)"
    return Dynamics(
        moments=labelled(
            tau,
            dims=("time", "coordinate"),
            units="N m",
            coords={"time": time_s, "coordinate": list(body.coordinates[3:])},
            name="moments",
        ),
        root_force=labelled(residual, dims=("time", "space"), units="N", frame="lab", like=root, name="root_force"),
        angles=angles,
        root=root,
        method=method,
    )


def contacts(events: pd.DataFrame, time_s: FloatArray) -> xr.DataArray:
    """When each foot is on the ground.

    Parameters
    ----------
    events : DataFrame, columns time_s, side, name
    time_s : array, shape (time,)

    Returns
    -------
    DataArray of bool, dims (time, side)
        From each initial contact to the next toe-off of the same side.
    """
    down = np.zeros((time_s.size, len(SIDES)), dtype=bool)
    for k, side in enumerate(SIDES):
        own = events[events["side"] == side]
        starts = own.loc[own["name"] == "initial_contact", "time_s"].to_numpy()
        ends = own.loc[own["name"] == "toe_off", "time_s"].to_numpy()
        last_start = np.searchsorted(np.sort(starts), time_s, side="right") - 1
        last_end = np.searchsorted(np.sort(ends), time_s, side="right") - 1
        began = np.where(last_start >= 0, np.append(np.sort(starts), -np.inf)[last_start], -np.inf)
        ended = np.where(last_end >= 0, np.append(np.sort(ends), -np.inf)[last_end], -np.inf)
        # before the first event the foot is down if that event is a toe-off
        opening = ends.size > 0 and (starts.size == 0 or ends.min() < starts.min())
        down[:, k] = np.where(np.isinf(began) & np.isinf(ended), opening, began > ended)
    return xr.DataArray(down, dims=("time", "side"), coords={"time": time_s, "side": list(SIDES)}, name="contacts")


def derived_force(
    body: Body, angles: xr.DataArray, root: xr.DataArray, *, contacts: xr.DataArray, cutoff_hz: float = 10.0
) -> xr.Dataset:
    """Ground force of running from motion alone, marked as derived.

    Parameters
    ----------
    body, angles, root
        As in ``moments``.
    contacts : DataArray of bool, dims (time, side)
        Which foot is on the ground; see ``contacts``.
    cutoff_hz : float
        Low-pass of the motion before it is differentiated twice.

    Returns
    -------
    Dataset with grf (N), cop (m), free_moment (N m), dims (time, side, space), lab
        ``attrs["source"] == "derived"``. Zero force and NaN centre off the ground.

    Raises
    ------
    ModelError
        If both feet are on the ground for more than 2 % of the time: in walking the
        motion gives only the sum of both forces.

    Notes
    -----
    ``F = m (a_com - g)``, the trunk kept upright above the pelvis: fixed to a pelvis that
    lists at every step it would swing from side to side as no runner's does. The centre
    of pressure lies on the line from heel to toes, nearer to the end that is lower; the
    free moment is taken as zero. Against plates (``validation``) the vertical force is
    good to a few per cent; the horizontal forces, and with them the hip moments, are
    not nearly as good.
    """
    down = contacts.sel(side=list(SIDES)).transpose("time", "side").values
    shared = float((down.all(axis=1)).mean())
    if shared > DOUBLE_SUPPORT_ALLOWED:
        raise ModelError(
            f"expected one foot at a time on the ground (running), found both down for {100 * shared:.0f} % of the "
            "take; walking needs measured forces"
        )
    angles, root = low_pass(angles, cutoff_hz=cutoff_hz), low_pass(root, cutoff_hz=cutoff_hz)
    q, place = plain_arrays(body, angles, root)
    time_s = angles["time"].values
    centre_of_mass, soles = _landmarks(body, assembled(body, q, place))
    acceleration = make_interp_spline(time_s, centre_of_mass, k=5)(time_s, nu=2)
    total = body.mass_kg * (acceleration - body.model.opt.gravity @ WORLD_FROM_LAB)
    total[:, 1] = np.maximum(total[:, 1], 0.0)
    height = soles[..., 1] - np.percentile(soles[..., 1], 1, axis=0)
    odds = FLAT_SHARE / (1.0 - FLAT_SHARE) * np.exp((height[..., 0] - height[..., 1]) / SOLE_SOFTNESS_M)
    pressed = soles[:, :, 0] + (odds / (1.0 + odds))[..., None] * (soles[:, :, 1] - soles[:, :, 0])
    pressed[..., 1] = 0.0
    force = np.zeros((time_s.size, 2, 3))
    centre = np.full_like(force, np.nan)
    for k in range(len(SIDES)):
        alone = down[:, k] & ~down[:, 1 - k]
        force[alone, k] = total[alone]
        centre[alone, k] = pressed[alone, k]
    coords = {"time": time_s, "side": list(SIDES), "space": list(SPACE)}
    dims = ("time", "side", "space")
    return xr.Dataset(
        {
            "grf": labelled(force, dims=dims, units="N", frame="lab", coords=coords),
            "cop": labelled(centre, dims=dims, units="m", frame="lab", coords=coords),
            "free_moment": labelled(np.zeros_like(force), dims=dims, units="N m", frame="lab", coords=coords),
        },
        attrs={"source": "derived"},
    )


def _wrenches(grf: xr.DataArray, cop: xr.DataArray, free_moment: xr.DataArray | None) -> xr.DataArray:
    """Force and moment about the lab's origin, dims (time, side, component), mixed units inside only."""
    dims = ("time", "side", "space")
    order = {"side": list(SIDES), "space": list(SPACE)}
    force = require(grf, dims=dims, units="N", name="grf").sel(order).values
    centre = require(cop, dims=dims, units="m", name="cop").sel(order).values.copy()
    if force.shape != centre.shape:
        raise SchemaError(f"grf and cop: expected one shape, found {force.shape} and {centre.shape}")
    unloaded = np.linalg.norm(force, axis=-1) < UNLOADED_N
    centre[unloaded & np.isnan(centre).any(axis=-1)] = 0.0
    moment = np.cross(centre, force)
    if free_moment is not None:
        turning = require(free_moment, dims=dims, units="N m", name="free_moment").sel(order).values
        moment = moment + np.nan_to_num(turning)
    return xr.DataArray(
        np.concatenate([force, moment], axis=-1),
        dims=("time", "side", "component"),
        coords={"time": grf["time"].values, "side": list(SIDES)},
    )


def _at_times(wrenches: xr.DataArray, time_s: FloatArray) -> FloatArray:
    """Wrenches (time, side, 6) at the frames of the motion; NaN outside the measured time."""
    source = wrenches["time"].values
    if time_s[-1] < source[0] or time_s[0] > source[-1]:
        raise UnitsError(
            f"expected force and motion to overlap in time, found force {source[0]:.2f} to {source[-1]:.2f} s and "
            f"motion {time_s[0]:.2f} to {time_s[-1]:.2f} s; check the clocks"
        )
    flat = wrenches.values.reshape(source.size, -1)
    after = np.clip(np.searchsorted(source, time_s), 1, source.size - 1)
    share = ((time_s - source[after - 1]) / (source[after] - source[after - 1]))[:, None]
    values = np.where(share <= 0, flat[after - 1], np.where(share >= 1, flat[after], 0.0))
    inside = (share > 0) & (share < 1)
    values = np.where(inside, flat[after - 1] * (1 - share) + flat[after] * share, values)
    step = float(np.median(np.diff(source)))
    values[(time_s < source[0] - step / 2) | (time_s > source[-1] + step / 2)] = np.nan
    return values.reshape(time_s.size, len(SIDES), 6)


def _inverse(body: Body, qpos: FloatArray, qvel: FloatArray, qacc: FloatArray) -> tuple[FloatArray, ...]:
    """Generalised force each frame needs, with the place and axis of every joint; world frame."""
    model = body.model
    data = mujoco.MjData(model)
    needed = np.empty_like(qvel)
    anchors = np.empty((qpos.shape[0], model.njnt, 3))
    axes = np.empty_like(anchors)
    for t in range(qpos.shape[0]):
        data.qpos, data.qvel, data.qacc = qpos[t], qvel[t], qacc[t]
        # recursive Newton-Euler alone: muscles and contacts are not asked for
        mujoco.mj_kinematics(model, data)
        mujoco.mj_comPos(model, data)
        mujoco.mj_comVel(model, data)
        mujoco.mj_rne(model, data, 1, needed[t])
        anchors[t], axes[t] = data.xanchor, data.xaxis
    return needed, anchors, axes


def _generalised(body: Body, wrench: FloatArray, anchors: FloatArray, axes: FloatArray, side: str) -> FloatArray:
    """``J^T F`` (time, 34) of a wrench about the lab's origin acting on one foot.

    The moment about a joint is ``M - anchor x F``; a hinge takes its part along the
    axis, a slide takes the force's.
    """
    force, moment = wrench[:, None, :3] @ WORLD_FROM_LAB.T, wrench[:, None, 3:] @ WORLD_FROM_LAB.T
    chain = _joints_above(body, f"calcn_{side[0]}")
    about = moment - cross(anchors[:, chain], force)
    hinge = body.model.jnt_type[chain] == mujoco.mjtJoint.mjJNT_HINGE
    along = np.where(hinge[None, :, None], about, np.broadcast_to(force, about.shape))
    out = np.zeros((wrench.shape[0], body.model.nv))
    out[:, body.model.jnt_dofadr[chain]] = np.einsum("tji,tji->tj", along, axes[:, chain])
    out[:, :3] = force[:, 0]
    return out


def _joints_above(body: Body, segment: str) -> np.ndarray:
    """Joints between a segment and the root, without the root's own."""
    chain: list[int] = []
    number = body.segment(segment)
    while number > 0:
        start = body.model.body_jntadr[number]
        chain += [j for j in range(start, start + body.model.body_jntnum[number]) if start >= 0 and j > 0]
        number = int(body.model.body_parentid[number])
    return np.array(sorted(chain))


def _leg_columns(body: Body, side: str) -> np.ndarray:
    """Places of one leg's coordinates among ``body.coordinates[3:]``."""
    return np.flatnonzero([name.endswith(f"_{side[0]}") for name in body.coordinates[3:]])


def _landmarks(body: Body, qpos: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Centre of mass (time, 3), trunk upright, and heel and toes of both feet (time, side, 2, 3), lab frame."""
    model, data = body.model, mujoco.MjData(body.model)
    pelvis = body.segment("pelvis")
    lower = np.arange(model.nbody) >= pelvis
    mass = model.body_mass / model.body_mass.sum()
    trunk = mass[~lower].sum()
    centre = np.empty((qpos.shape[0], 3))
    soles = np.empty((qpos.shape[0], len(SIDES), 2, 3))
    heels = [model.site(f"CAL_{side[0]}").id for side in SIDES]
    toes = [model.site(f"toes_touch_{side[0]}").id for side in SIDES]
    mujoco.mj_kinematics(model, data)
    above_pelvis = mass[~lower] @ (data.xipos[~lower] - data.xpos[pelvis]) / trunk
    for t in range(qpos.shape[0]):
        data.qpos = qpos[t]
        mujoco.mj_kinematics(model, data)
        centre[t] = mass[lower] @ data.xipos[lower] + trunk * (data.xpos[pelvis] + above_pelvis)
        soles[t, :, 0], soles[t, :, 1] = data.site_xpos[heels], data.site_xpos[toes]
    return centre @ WORLD_FROM_LAB, soles @ WORLD_FROM_LAB
