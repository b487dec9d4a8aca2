"""What is needed to draw the body through one stride: bones, poses, muscle paths.

Arrays only, in the lab frame (x forward, y up, z right), so that a page, a still and a
test read the same picture. The body moves on the spot: a page shows it in a loop.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import mujoco
import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy.spatial.transform import Rotation

from restride.body.model import WORLD_FROM_LAB, Body, MuscleSet
from restride.body.pose import periodic, positions
from restride.errors import ModelError
from restride.signals.schema import FloatArray, require

IntArray = npt.NDArray[np.int64]
Part = Literal["legs", "torso"]

# edge of the cells in which vertices are merged, per part: toes need detail, ribs do not
CELL_M: Final[dict[Part, float]] = {"legs": 0.0035, "torso": 0.010}
# N per m2 of muscle cross-section: Rajagopal 2016 uses 60 N/cm2
SPECIFIC_TENSION_N_M2: Final = 6.0e5
# the drawn belly is slimmer than the true volume, so that neighbours stay apart to the eye
SLIMNESS: Final = 0.62
RADIUS_M: Final = (0.0045, 0.021)
TENDON_RADIUS_M: Final = 0.0016
# no muscle path of a leg is shorter or longer; a wrong coupled joint coordinate gives metres
PATH_M: Final = (0.02, 0.90)
POINTS: Final = 13


@dataclass(frozen=True, slots=True, eq=False)
class Bone:
    """One rigid piece of the skeleton, simplified for drawing.

    Attributes
    ----------
    name : str
        Body of the model that carries it: "femur_l", "pelvis", "torso".
    part : {"legs", "torso"}
    segment : int
        Row in the scene's poses.
    vertices : ndarray, shape (vertex, 3), m, frame of the segment
    faces : ndarray, shape (face, 3)
        Indices of vertices, counter-clockwise seen from outside.
    """

    name: str
    part: Part
    segment: int
    vertices: FloatArray
    faces: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One stride of the body, ready to draw; lab frame, on the spot, pelvis over the origin on average.

    Attributes
    ----------
    phase : ndarray, shape (frame,), percent of the stride
        Last frame equals first.
    bones : tuple of Bone
    position : ndarray, shape (frame, segment, 3), m
    quat_xyzw : ndarray, shape (frame, segment, 4)
        Turns a vector of the segment into the lab frame.
    muscles : tuple of str
        Names with side, ``soleus_l``.
    paths : ndarray, shape (frame, muscle, point, 3), m
        Origin to insertion, points at equal distances.
    radius : ndarray, shape (muscle, point), m
        Spindle: belly by volume of the muscle, thin tendon at both ends.
    length : ndarray, shape (frame, muscle), m
        The model's own path length, wrapping included.
    floor_m : float
        Height at which the feet stand.
    """

    phase: FloatArray
    bones: tuple[Bone, ...]
    position: FloatArray
    quat_xyzw: FloatArray
    muscles: tuple[str, ...]
    paths: FloatArray
    radius: FloatArray
    length: FloatArray
    floor_m: float

    def corners(self, bone: Bone, frame: int) -> FloatArray:
        """Vertices of a bone at one frame, shape (vertex, 3), m, lab frame."""
        turn = Rotation.from_quat(self.quat_xyzw[frame, bone.segment]).as_matrix()
        return np.asarray(bone.vertices @ turn.T + self.position[frame, bone.segment])


def scene(body: Body, angles: xr.DataArray, root: xr.DataArray, *, frames: int = 51) -> Scene:
    """The body through one stride, made periodic and set on the spot, ready to draw.

    Parameters
    ----------
    body : Body
    angles : DataArray, dims (time, coordinate), rad
        One stride, both ends included.
    root : DataArray, dims (time, space), m, lab frame
        Pelvis position over the same stride.
    frames : int
        Frames over 0 to 100 %.

    Returns
    -------
    Scene

    Raises
    ------
    ModelError
        If a muscle path is shorter or longer than any leg muscle can be: the pose is
        then wrong, and so would be every number from it.
    """
    angles = require(angles, dims=("time", "coordinate"), units="rad", name="angles")
    root = require(root, dims=("time", "space"), units="m", name="root")
    angles, root = periodic(angles, root)
    # over the origin, wherever in the room the person walked; the height stays
    root = root - root.mean("time", skipna=False) * xr.DataArray([1.0, 0.0, 1.0], coords={"space": ["x", "y", "z"]})
    phase = np.linspace(0.0, 100.0, frames)
    times = np.interp(phase, [0.0, 100.0], angles["time"].values[[0, -1]])
    root = root.interp(time=times).assign_attrs(units="m")
    qpos = positions(body, angles.interp(time=times), root)
    return _drawn(body, qpos, phase)


def _drawn(body: Body, qpos: FloatArray, phase: FloatArray) -> Scene:
    """The scene at given positions of the engine, shape (frame, nq)."""
    model = body.model
    bones, segments = _bones(model)
    data = mujoco.MjData(model)
    position = np.empty((len(qpos), len(segments), 3))
    turns = np.empty((len(qpos), len(segments), 3, 3))
    paths = np.empty((len(qpos), model.nu, POINTS, 3))
    length = np.empty((len(qpos), model.nu))
    tendon_of_muscle = model.actuator_trnid[:, 0]
    for frame, q in enumerate(qpos):
        data.qpos[:] = q
        mujoco.mj_kinematics(model, data)
        mujoco.mj_comPos(model, data)
        mujoco.mj_tendon(model, data)
        position[frame] = data.xpos[segments]
        turns[frame] = data.xmat[segments].reshape(-1, 3, 3)
        length[frame] = data.ten_length[tendon_of_muscle]
        points = data.wrap_xpos.reshape(-1, 3)
        for muscle, tendon in enumerate(tendon_of_muscle):
            start = data.ten_wrapadr[tendon]
            paths[frame, muscle] = _evenly(points[start : start + data.ten_wrapnum[tendon]])
    _check_lengths(length, body.muscles.names)
    position, paths = position @ WORLD_FROM_LAB, paths @ WORLD_FROM_LAB  # v_lab = A^T v_world, as rows
    return Scene(
        phase=phase,
        bones=bones,
        position=position,
        quat_xyzw=_smooth_quaternions(WORLD_FROM_LAB.T @ turns),
        muscles=body.muscles.names,
        paths=paths,
        radius=_spindles(body.muscles, length.mean(axis=0)),
        length=length,
        floor_m=_floor(bones, position, WORLD_FROM_LAB.T @ turns),
    )


def simplified(vertices: FloatArray, faces: IntArray, *, cell_m: float) -> tuple[FloatArray, IntArray]:
    """A mesh with its vertices merged per cell of a grid, and without faces that vanish.

    Parameters
    ----------
    vertices : ndarray, shape (vertex, 3), m
    faces : ndarray, shape (face, 3)
    cell_m : float
        Edge of a cell; no vertex moves farther than its diagonal.

    Notes
    -----
    Rossignac and Borrel 1993, with the mean of a cell's vertices as its vertex.
    """
    _, cell, count = np.unique(
        np.floor(vertices / cell_m).astype(np.int64), axis=0, return_inverse=True, return_counts=True
    )
    cell = cell.reshape(-1)
    merged = np.stack([np.bincount(cell, weights=vertices[:, k]) for k in range(3)], axis=1) / count[:, None]
    kept = cell[faces]
    solid = (kept[:, 0] != kept[:, 1]) & (kept[:, 1] != kept[:, 2]) & (kept[:, 2] != kept[:, 0])
    kept = kept[solid]
    # one of each: the same three corners in any order
    _, first = np.unique(np.sort(kept, axis=1), axis=0, return_index=True)
    kept = kept[np.sort(first)]
    used, renumbered = np.unique(kept, return_inverse=True)
    return merged[used], renumbered.reshape(-1, 3).astype(np.int64)


def _bones(model: mujoco.MjModel) -> tuple[tuple[Bone, ...], IntArray]:
    """Bones by rigid piece, and the model bodies that carry them."""
    pieces: dict[tuple[int, Part], list[tuple[FloatArray, IntArray]]] = {}
    for geom, carrier, part in _mesh_geoms(model):
        pieces.setdefault((carrier, part), []).append(_mesh(model, geom, carrier))
    segments = sorted({carrier for carrier, _ in pieces})
    bones = []
    for (carrier, part), meshes in pieces.items():
        offsets = np.cumsum([0, *(len(v) for v, _ in meshes[:-1])])
        vertices, faces = simplified(
            np.concatenate([v for v, _ in meshes]),
            np.concatenate([f + o for (_, f), o in zip(meshes, offsets, strict=True)]),
            cell_m=CELL_M[part],
        )
        name = model.body(carrier).name if part == "legs" else "torso"
        bones.append(Bone(name, part, segments.index(carrier), vertices, faces))
    return tuple(bones), np.array(segments)


def _mesh_geoms(model: mujoco.MjModel) -> Iterator[tuple[int, int, Part]]:
    """Mesh geoms of the skeleton with the body that moves them and their part."""
    pelvis = model.body("pelvis").id
    legs = {pelvis, model.body("sacrum").id}
    for body in range(pelvis + 1, model.nbody):
        if model.body_parentid[body] in legs:
            legs.add(body)
    legs -= {model.body("lumbar5").id}
    for geom in range(model.ngeom):
        body = int(model.geom_bodyid[geom])
        named = bool(model.geom(geom).name)  # the scenery of the file is unnamed
        if model.geom_type[geom] != mujoco.mjtGeom.mjGEOM_MESH or not named:
            continue
        # all that is welded to the pelvis is drawn in the pelvis's own frame
        rigid = model.body_weldid[body] == model.body_weldid[pelvis]
        yield geom, pelvis if rigid else body, "legs" if body in legs else "torso"


def _mesh(model: mujoco.MjModel, geom: int, carrier: int) -> tuple[FloatArray, IntArray]:
    """Vertices in the frame of the carrying body, and faces."""
    mesh = int(model.geom_dataid[geom])
    start, count = model.mesh_vertadr[mesh], model.mesh_vertnum[mesh]
    vertices = model.mesh_vert[start : start + count].astype(np.float64)
    start, count = model.mesh_faceadr[mesh], model.mesh_facenum[mesh]
    faces = model.mesh_face[start : start + count].astype(np.int64)
    vertices = _placed(vertices, model.geom_pos[geom], model.geom_quat[geom])
    body = int(model.geom_bodyid[geom])
    # up from the body, then down to the carrier: they are rigidly one
    for up in _ancestors(model, body):
        vertices = _placed(vertices, model.body_pos[up], model.body_quat[up])
    for down in reversed(_ancestors(model, carrier)):
        turn = _turn(model.body_quat[down])
        vertices = (vertices - model.body_pos[down]) @ turn
    return vertices, faces


def _ancestors(model: mujoco.MjModel, body: int) -> list[int]:
    """The body and its parents up to the one that carries the joint of the rigid piece."""
    chain = []
    while body != model.body_weldid[body]:
        chain.append(body)
        body = int(model.body_parentid[body])
    return chain


def _turn(quat_wxyz: FloatArray) -> FloatArray:
    return np.asarray(Rotation.from_quat(quat_wxyz, scalar_first=True).as_matrix())


def _placed(vertices: FloatArray, offset: FloatArray, quat_wxyz: FloatArray) -> FloatArray:
    return np.asarray(vertices @ _turn(quat_wxyz).T + offset)


def _evenly(points: FloatArray) -> FloatArray:
    """A broken line resampled at equal distances, shape (POINTS, 3)."""
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    wanted = np.linspace(0.0, along[-1], POINTS)
    return np.stack([np.interp(wanted, along, points[:, k]) for k in range(3)], axis=1)


def _spindles(muscles: MuscleSet, length_m: FloatArray) -> FloatArray:
    """Radius along each muscle, shape (muscle, POINTS), m."""
    fibre, tendon = muscles.optimal_fiber_length, muscles.tendon_slack_length
    # the belly of a pennate muscle is longer than its fibres: between fibre and whole
    share = np.clip(np.sqrt(fibre / (fibre + tendon)), 0.35, 0.9)
    along = np.linspace(0.0, 1.0, POINTS)
    start = 0.3 * (1 - share)  # more tendon at the far end
    inside = np.clip((along[None, :] - start[:, None]) / share[:, None], 0.0, 1.0)
    profile = np.abs(np.sin(np.pi * inside)) ** 0.8
    volume = muscles.max_isometric_force / SPECIFIC_TENSION_N_M2 * fibre
    filling = np.mean(profile**2, axis=1) * length_m  # integral of profile^2 along the path
    thickest = np.clip(SLIMNESS * np.sqrt(volume / (np.pi * filling)), *RADIUS_M)
    return np.asarray(np.maximum(thickest[:, None] * profile, TENDON_RADIUS_M))


def _smooth_quaternions(turns: FloatArray) -> FloatArray:
    """Quaternions without sign jumps between frames, shape (frame, segment, 4)."""
    quats = np.asarray(Rotation.from_matrix(turns.reshape(-1, 3, 3)).as_quat()).reshape(*turns.shape[:2], 4)
    for frame in range(1, len(quats)):
        flip = np.sum(quats[frame] * quats[frame - 1], axis=-1) < 0
        quats[frame, flip] *= -1
    return quats


def _check_lengths(length_m: FloatArray, muscles: tuple[str, ...]) -> None:
    inside = np.all((length_m >= PATH_M[0]) & (length_m <= PATH_M[1]), axis=0).tolist()
    wrong = [muscle for muscle, ok in zip(muscles, inside, strict=True) if not ok]
    if wrong:
        raise ModelError(
            f"scene: expected muscle paths of {PATH_M[0]} to {PATH_M[1]} m, found {length_m.min():.2f} to "
            f"{length_m.max():.2f} m (nan: a pose is missing), first {', '.join(wrong[:4])}; "
            "look for an angle that is not in radians or is missing"
        )


def _floor(bones: tuple[Bone, ...], position: FloatArray, turns: FloatArray) -> float:
    """Height at which the feet stand: the lower quartile over frames of their lowest point.

    The lowest of all would be a toe at push-off, which dips where its joint was not measured;
    in running more than a quarter of the frames have a foot down, in walking all.
    """
    lowest = [
        (np.einsum("vk,fk->fv", b.vertices, turns[:, b.segment, 1]) + position[:, b.segment, 1, None]).min(axis=1)
        for b in bones
        if b.name.startswith(("calcn", "toes"))
    ]
    return float(np.quantile(np.min(lowest, axis=0), 0.25))
