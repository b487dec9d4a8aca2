"""Muscle paths, and what force each muscle can make where it is and as fast as it moves.

``path_lengths``, ``moment_arms``  geometry of the 80 paths, wrapping included
``capacity``                       force per activation and force without activation

The muscle is Hill's: an active fibre with its force-length and force-velocity curve, a
passive fibre beside it, pennate, in series with a tendon. Active curves: De Groote et
al. 2016 (Ann Biomed Eng 44, 2922), smooth and in closed form. Fibre thickness is constant,
so pennation follows from length. The tendon may be rigid, or stretched by the force it
carries; then the caller says which force (``required`` finds it).
"""

from dataclasses import dataclass
from typing import Final

import mujoco
import numpy as np
import xarray as xr

from restride.body.model import Body, MuscleSet
from restride.body.pose import assembled, coupled
from restride.errors import SchemaError
from restride.signals.schema import FloatArray, labelled, require

# fibre lengths per second at which an active fibre makes no force (Rajagopal 2016)
MAX_CONTRACTION_VELOCITY: Final = 10.0
# De Groote 2016, supplementary equations S1 to S4
_ACTIVE: Final = ((0.815, 1.055, 0.162, 0.063), (0.433, 0.717, -0.030, 0.200), (0.100, 1.000, 0.354, 0.000))
_VELOCITY: Final = (-0.318, -8.149, -0.374, 0.886)
# within 0.07 of the curve of Millard 2013 between its two ends
_PASSIVE_SHAPE: Final = 3.0
# within 0.03 of the curve of Millard 2013
_TENDON_TOE: Final = 0.4
# a fibre shorter or longer than this is outside every measured curve
_FIBRE_RANGE: Final = (0.3, 1.8)


@dataclass(frozen=True, slots=True, eq=False)
class Capacity:
    """What every muscle could do in every frame; arrays of shape (time, muscle).

    Attributes
    ----------
    active : N
        Force along the tendon per unit of activation.
    passive : N
        Force along the tendon without activation.
    fibre_length, fibre_velocity : 1
        Over optimal length; over maximum velocity, positive when lengthening.
    """

    active: FloatArray
    passive: FloatArray
    fibre_length: FloatArray
    fibre_velocity: FloatArray


def path_lengths(body: Body, angles: xr.DataArray) -> xr.DataArray:
    """Length of every muscle's path, tendon included: dims (time, muscle), m."""
    length, _ = geometry(body, _leg_angles(body, angles))
    return labelled(
        length,
        dims=("time", "muscle"),
        units="m",
        coords={"time": angles["time"].values, "muscle": list(body.muscles.names)},
        name="path_length",
    )


def moment_arms(body: Body, angles: xr.DataArray) -> xr.DataArray:
    """Moment of every muscle about every leg coordinate per newton it pulls.

    Parameters
    ----------
    body : Body
    angles : DataArray, dims (time, coordinate), units "rad"
        Leg coordinates; the pelvis does not matter and may be left out.

    Returns
    -------
    DataArray, dims (time, muscle, coordinate), units "m"
        Positive if the muscle's pull turns towards positive angles: ``-dL/dq``, the
        knee's dependent coordinates following the knee.
    """
    _, arms = geometry(body, _leg_angles(body, angles))
    return labelled(
        arms,
        dims=("time", "muscle", "coordinate"),
        units="m",
        coords={
            "time": angles["time"].values,
            "muscle": list(body.muscles.names),
            "coordinate": list(body.coordinates[3:]),
        },
        name="moment_arm",
    )


def geometry(body: Body, q: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Path lengths (time, muscle) and moment arms (time, muscle, leg coordinate) of plain angles (time, coordinate)."""
    model = body.model
    data = mujoco.MjData(model)
    standing = q.copy()
    standing[:, :3] = 0.0
    qpos = assembled(body, standing, np.zeros((q.shape[0], 3)))
    length = np.empty((q.shape[0], model.ntendon))
    sparse = np.empty((q.shape[0], data.ten_J.size))
    for t in range(q.shape[0]):
        data.qpos = qpos[t]
        mujoco.mj_kinematics(model, data)
        mujoco.mj_comPos(model, data)
        mujoco.mj_tendon(model, data)
        length[t], sparse[t] = data.ten_length, data.ten_J
    slopes = np.zeros((q.shape[0], model.ntendon, model.nv))
    slopes[:, np.repeat(np.arange(model.ntendon), model.ten_J_rownnz), model.ten_J_colind] = sparse
    tendon = model.actuator_trnid[:, 0]
    return length[:, tendon], -(slopes[:, tendon] @ coupled(body, standing))


def capacity(
    muscles: MuscleSet, length: FloatArray, velocity: FloatArray, *, tendon_length: FloatArray | None = None
) -> Capacity:
    """Force per activation and passive force of every muscle.

    Parameters
    ----------
    muscles : MuscleSet
    length, velocity : arrays, shape (time, muscle), m and m/s
        Of the whole path.
    tendon_length : array, shape (time, muscle), m, optional
        None: rigid, at slack length. Otherwise as stretched by the force carried; then
        ``velocity`` is to be that of the path less that of the tendon.
    """
    optimal = muscles.optimal_fiber_length
    tendon = muscles.tendon_slack_length if tendon_length is None else tendon_length
    thickness = optimal * np.sin(muscles.pennation_angle_at_optimal)
    # a slack tendon cannot push: the fibre keeps at least its shortest length
    along = np.maximum(length - tendon, _FIBRE_RANGE[0] * optimal * np.cos(muscles.pennation_angle_at_optimal))
    fibre = np.hypot(along, thickness)
    cosine = along / fibre
    normal = np.clip(fibre / optimal, *_FIBRE_RANGE)
    speed = np.clip(velocity * cosine / (optimal * MAX_CONTRACTION_VELOCITY), -1.0, 1.0)
    strength = muscles.max_isometric_force * cosine
    return Capacity(
        active=strength * active_force_length(normal) * force_velocity(speed),
        passive=strength * passive_force_length(normal - 1.0, muscles.passive_start, muscles.passive_full),
        fibre_length=normal,
        fibre_velocity=speed,
    )


def tendon_length(muscles: MuscleSet, force: FloatArray) -> FloatArray:
    """Length (time, muscle) in m of tendons that carry a force (time, muscle) in N.

    Notes
    -----
    ``f = c (exp(k (l / slack - 1)) - 1)``, c = 0.4 and k such that f = 1 at the stated strain:
    the form of De Groote 2016, set to the curve of Millard 2013.
    """
    stiffness = np.log1p(1.0 / _TENDON_TOE) / muscles.tendon_strain
    share = np.maximum(force, 0.0) / muscles.max_isometric_force
    stretched: FloatArray = muscles.tendon_slack_length * (1.0 + np.log1p(share / _TENDON_TOE) / stiffness)
    return stretched


def active_force_length(length: FloatArray) -> FloatArray:
    """Active force over its maximum at a fibre length over optimal; three bell curves."""
    total = np.zeros(np.shape(length))
    for height, centre, width, slope in _ACTIVE:
        total += height * np.exp(-0.5 * ((length - centre) / (width + slope * length)) ** 2)
    return total


def passive_force_length(strain: FloatArray, start: FloatArray, full: FloatArray) -> FloatArray:
    """Passive force over maximum isometric at a strain of the fibre: 0 at ``start``, 1 at ``full``, exponential."""
    share = (strain - start) / (full - start)
    force: FloatArray = np.maximum(np.expm1(_PASSIVE_SHAPE * share), 0.0) / np.expm1(_PASSIVE_SHAPE)
    return force


def force_velocity(velocity: FloatArray) -> FloatArray:
    """Active force over isometric at a fibre velocity over its maximum; lengthening positive."""
    d1, d2, d3, d4 = _VELOCITY
    force: FloatArray = d1 * np.arcsinh(d2 * velocity + d3) + d4
    return np.maximum(force, 0.0)


def _leg_angles(body: Body, angles: xr.DataArray) -> FloatArray:
    angles = require(angles, dims=("time", "coordinate"), units="rad", name="angles")
    found = {str(name): place for place, name in enumerate(angles["coordinate"].values)}
    if not set(found) & set(body.coordinates):
        raise SchemaError(f"angles: expected coordinates of {body.coordinates}, found {sorted(found)}")
    q = np.zeros((angles.sizes["time"], len(body.coordinates)))
    for column, name in enumerate(body.coordinates):
        if name in found:
            q[:, column] = angles.values[:, found[name]]
    return q
