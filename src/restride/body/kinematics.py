"""Where every leg segment is, for all frames at once.

The same tree as the engine's, walked joint by joint with all frames side by side: for
inverse kinematics, which asks some forty times per take. The engine is the judge: the
tests compare every segment and joint with ``mj_kinematics``.
"""

from dataclasses import dataclass

import mujoco
import numpy as np

from restride.body.model import ROOT_DOFS, Body
from restride.body.pose import coupled, dependent
from restride.signals.schema import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """Segments of every frame in the engine's world, and how the leg coordinates move them.

    Attributes
    ----------
    place, rotation : arrays, shapes (time, segment, 3), (time, segment, 3, 3)
        By the engine's number of the segment; NaN where a segment is no part of the legs.
    turn, speed : arrays, shape (time, coordinate, 3)
        What a rate of 1 of each leg coordinate does to the segments it carries: angular
        velocity, and velocity of the point at the world's origin.
    """

    place: FloatArray
    rotation: FloatArray
    turn: FloatArray
    speed: FloatArray


def forward(body: Body, place: FloatArray, rotation: FloatArray, legs: FloatArray) -> Frames:
    """Segments of every frame.

    Parameters
    ----------
    body : Body
    place, rotation : arrays, shapes (time, 3), (time, 3, 3)
        Of the engine's root, in its world.
    legs : array, shape (time, coordinate)
        Leg coordinates, ``body.coordinates[3:]``, rad.
    """
    model, frames = body.model, legs.shape[0]
    where = np.full((frames, model.nbody, 3), np.nan)
    turned = np.full((frames, model.nbody, 3, 3), np.nan)
    pelvis = body.segment("pelvis")
    where[:, pelvis] = place + rotation @ model.body_pos[pelvis]
    turned[:, pelvis] = rotation @ _matrix(model.body_quat[pelvis])
    q = _joint_positions(body, legs)
    G = coupled(body, np.hstack([np.zeros((frames, 3)), legs]))
    carriers = _carriers(body)
    turn, speed = np.zeros((frames, legs.shape[1], 3)), np.zeros((frames, legs.shape[1], 3))
    for segment in range(pelvis + 1, model.nbody):
        above = int(model.body_parentid[segment])
        at = where[:, above] + turned[:, above] @ model.body_pos[segment]
        frame = turned[:, above] @ _matrix(model.body_quat[segment])
        first = int(model.body_jntadr[segment])
        for joint in range(first, first + int(model.body_jntnum[segment])):
            axis = frame @ model.jnt_axis[joint]
            angle = q[:, joint, None]
            # the patella follows the knee, but carries nothing
            follow = G[:, model.jnt_dofadr[joint], :, None] * (carriers == segment)[:, None]
            if model.jnt_type[joint] == mujoco.mjtJoint.mjJNT_SLIDE:
                at = at + axis * angle
                speed += follow * axis[:, None]
                continue
            anchor = at + frame @ model.jnt_pos[joint]
            frame = frame @ _turns(model.jnt_axis[joint], q[:, joint])
            at = anchor - frame @ model.jnt_pos[joint]
            turn += follow * axis[:, None]
            speed += follow * cross(anchor, axis)[:, None]
        where[:, segment], turned[:, segment] = at, frame
    return Frames(where, turned, turn, speed)


def carried(body: Body, segments: np.ndarray) -> FloatArray:
    """1 where a leg coordinate moves a segment: array (segment, coordinate)."""
    model = body.model
    above = np.eye(model.nbody, dtype=bool)
    for segment in range(1, model.nbody):
        above[segment] |= above[int(model.body_parentid[segment])]
    return np.asarray(above[segments][:, _carriers(body)], dtype=np.float64)


def _carriers(body: Body) -> np.ndarray:
    """The segment that each leg coordinate turns against the one above it."""
    return np.array([int(body.model.joint(name).bodyid[0]) for name in body.coordinates[3:]])


def _joint_positions(body: Body, legs: FloatArray) -> FloatArray:
    """Position of every engine joint but the root's, (time, joint)."""
    model = body.model
    q = np.hstack([np.zeros((legs.shape[0], 3)), legs])
    by_dof = np.zeros((legs.shape[0], model.nv))
    by_dof[:, body.dof] = legs
    by_dof[:, body.couplings.dof] = dependent(body, q)
    joints = np.zeros((legs.shape[0], model.njnt))
    hinges_and_slides = model.jnt_dofadr >= ROOT_DOFS
    joints[:, hinges_and_slides] = by_dof[:, model.jnt_dofadr[hinges_and_slides]]
    return joints


def _matrix(quat_wxyz: FloatArray) -> FloatArray:
    matrix = np.empty(9)
    mujoco.mju_quat2Mat(matrix, quat_wxyz)
    return matrix.reshape(3, 3)


def _turns(axis: FloatArray, angle: FloatArray) -> FloatArray:
    """Rotations (time, 3, 3) about a fixed axis (Rodrigues)."""
    x, y, z = axis
    K = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    s, c = np.sin(angle)[:, None, None], np.cos(angle)[:, None, None]
    rotations: FloatArray = np.eye(3) + s * K + (1.0 - c) * (K @ K)
    return rotations


def cross(a: FloatArray, b: FloatArray) -> FloatArray:
    """Cross product along the last axis, without the checks that cost ``np.cross`` most of its time."""
    ax, ay, az = a[..., 0], a[..., 1], a[..., 2]
    bx, by, bz = b[..., 0], b[..., 1], b[..., 2]
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=-1)
