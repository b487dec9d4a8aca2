"""Where each segment of the body is, from the body's own tree of joints.

Written out in arrays over time instead of asked of the engine frame by frame: the
twin's markers then do not come from the same code that tracks them.
"""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from scipy.spatial.transform import Rotation

from restride.body.model import WORLD_FROM_LAB, Body
from restride.body.pose import positions
from restride.signals.schema import FloatArray

# kinds of joint in the body's tree, in the engine's numbering
FREE, SLIDE, HINGE = 0, 2, 3


def poses(body: Body, angles: xr.DataArray, root: xr.DataArray) -> tuple[FloatArray, FloatArray]:
    """Place (time, segment, 3) and rotation (time, segment, 3, 3) of all segments, m, lab from segment."""
    qpos = positions(body, angles, root)
    tree = body.model
    place = np.zeros((qpos.shape[0], tree.nbody, 3))
    turn = np.zeros((qpos.shape[0], tree.nbody, 3, 3))
    turn[:, 0] = np.eye(3)
    for number in range(1, tree.nbody):
        parent = tree.body_parentid[number]
        at = place[:, parent] + turn[:, parent] @ tree.body_pos[number]
        rot = turn[:, parent] @ _from_wxyz(tree.body_quat[number])
        first = tree.body_jntadr[number]
        for joint in range(first, first + tree.body_jntnum[number]):
            at, rot = _moved(body, joint, qpos, at, rot)
        place[:, number], turn[:, number] = at, rot
    return place @ WORLD_FROM_LAB, np.asarray(WORLD_FROM_LAB.T @ turn)


def landmarks(
    body: Body, place: FloatArray, turn: FloatArray, sites: Sequence[str], *, offsets: FloatArray | None = None
) -> FloatArray:
    """Places (time, site, 3) of points of the body by their names there, m, lab.

    ``offsets`` (site, 3), m, shift the points along the axes of their segments.
    """
    points = [body.model.site(name) for name in sites]
    segment = [int(p.bodyid[0]) for p in points]
    at = np.stack([p.pos for p in points]) + (0.0 if offsets is None else offsets)
    return np.asarray(place[:, segment] + np.einsum("tsij,sj->tsi", turn[:, segment], at))


def centre_of_mass(body: Body, place: FloatArray, turn: FloatArray) -> FloatArray:
    """Centre of mass (time, 3) of the whole body, m, lab, from the segments' poses."""
    centres = place + np.einsum("tsij,sj->tsi", turn, body.model.body_ipos)
    share = body.model.body_mass / body.model.body_mass.sum()
    return np.asarray(np.einsum("s,tsi->ti", share, centres))


def _moved(body: Body, joint: int, qpos: FloatArray, at: FloatArray, rot: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The pose of a segment after one of its joints."""
    tree = body.model
    first = tree.jnt_qposadr[joint]
    if tree.jnt_type[joint] == FREE:
        return qpos[:, first : first + 3], _from_wxyz(qpos[:, first + 3 : first + 7])
    by = qpos[:, first] - tree.qpos0[first]
    if tree.jnt_type[joint] == SLIDE:
        return at + (rot @ tree.jnt_axis[joint]) * by[:, None], rot
    turned = rot @ Rotation.from_rotvec(by[:, None] * tree.jnt_axis[joint]).as_matrix()
    return at + (rot - turned) @ tree.jnt_pos[joint], turned


def _from_wxyz(quat_wxyz: FloatArray) -> FloatArray:
    return np.asarray(Rotation.from_quat(np.roll(quat_wxyz, -1, axis=-1)).as_matrix())
