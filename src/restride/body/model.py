"""The body: a passive trunk and two legs with 80 muscles, in the size of one person.

``generic()`` is the `myo-sim` body as published (1.70 m, 75 kg), ``resized()`` another
size of it; ``restride.body.scaling.scaled`` finds the size from a person's markers.
A ``Body`` is frozen and may be shared; whoever needs to step the engine makes an own
``mujoco.MjData(body.model)``.

What a body carries
-------------------
coordinates
    The 17 independent angles in order: ``pelvis_tilt, pelvis_list, pelvis_rotation``,
    then ``hip_flexion, hip_adduction, hip_rotation, knee_angle, ankle_angle,
    subtalar_angle, mtp_angle`` with ``_r``, then with ``_l``. Signs as in
    ``signals.vocabulary.LEG_COORDINATES``, for both legs.
couplings
    Six dependent coordinates of each knee and its patella, polynomials of the knee angle.
muscles
    The 80 muscles and their published parameters, lengths scaled with the body.

The engine's world is z up with the pelvis turned; ``WORLD_FROM_LAB`` leads from the
lab frame (x forward, y up, z right) into it and its transpose back.
"""

import contextlib
import copy
import functools
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import mujoco
import numpy as np

from restride.body.parameters import MUSCLE_PARAMETERS
from restride.errors import ModelError
from restride.signals.schema import FloatArray
from restride.signals.vocabulary import LEG_COORDINATES, PELVIS_COORDINATES

WORLD_FROM_LAB: Final[FloatArray] = np.array([[0.0, 0.0, -1.0], [-1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])

# Rajagopal 2016: the generic model stands for a person of 1.70 m and 75 kg
GENERIC_HEIGHT_M: Final = 1.70
GENERIC_MASS_KG: Final = 75.0

LEG_SEGMENTS: Final = ("femur", "tibia", "patella", "talus", "calcn", "toes")
SEGMENTS: Final = ("torso", "pelvis", *(f"{s}_r" for s in LEG_SEGMENTS), *(f"{s}_l" for s in LEG_SEGMENTS))
COORDINATES: Final = (
    *PELVIS_COORDINATES,
    *(f"{c}_r" for c in LEG_COORDINATES),
    *(f"{c}_l" for c in LEG_COORDINATES),
)
# the engine's free joint takes six velocities, one axis of turn and one of shift each
ROOT_DOFS: Final = 6


@dataclass(frozen=True, slots=True, eq=False)
class Couplings:
    """Dependent coordinates as polynomials of the angle that drives them.

    Attributes
    ----------
    driver : int array, shape (dependent,)
        Place of the driving angle in ``Body.coordinates``.
    qpos, dof : int array, shape (dependent,)
        Where the dependent coordinate stands among the engine's positions and velocities.
    coefficients : array, shape (dependent, 5)
        ``q = c0 + c1 a + ... + c4 a^4`` in rad or m.
    """

    driver: np.ndarray
    qpos: np.ndarray
    dof: np.ndarray
    coefficients: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class MuscleSet:
    """Published parameters of all muscles, in the order of the engine's actuators.

    Attributes
    ----------
    names : tuple of str
        ``soleus_r``, ``glmed1_l``, ...
    max_isometric_force : array, N
    optimal_fiber_length, tendon_slack_length : array, m
        Scaled with the length of the muscle's path when the body is resized.
    pennation_angle_at_optimal : array, rad
    tendon_strain : array
        Strain of the tendon at maximum isometric force.
    passive_start, passive_full : array
        Strain of the fibre where passive force begins, and where it is the maximum
        isometric force.
    """

    names: tuple[str, ...]
    max_isometric_force: FloatArray
    optimal_fiber_length: FloatArray
    tendon_slack_length: FloatArray
    pennation_angle_at_optimal: FloatArray
    tendon_strain: FloatArray
    passive_start: FloatArray
    passive_full: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """A body of one size; see the head of this file.

    Attributes
    ----------
    model : mujoco.MjModel
        Never to be changed; step it in an own ``mujoco.MjData``.
    coordinates : tuple of str
    qpos, dof : int array, shape (coordinate - 3,)
        Where each leg coordinate (``coordinates[3:]``) stands in the engine.
    limits : array, shape (coordinate, 2), rad
        Range of each angle; infinite for the pelvis.
    couplings, muscles
    mass_kg, height_m : float
    factors : mapping of segment to (x, y, z)
        Size of each segment over the generic one, in the segment's own axes
        (x forward, y up, z right when standing).
    """

    model: mujoco.MjModel
    coordinates: tuple[str, ...]
    qpos: np.ndarray
    dof: np.ndarray
    limits: FloatArray
    couplings: Couplings
    muscles: MuscleSet
    mass_kg: float
    height_m: float
    factors: Mapping[str, tuple[float, float, float]]

    def segment(self, name: str) -> int:
        """Number of a segment in the engine; ModelError if it has none of that name."""
        number: int = mujoco.mj_name2id(self.model, mujoco.mjtObj.mjOBJ_BODY, name)
        if number < 0:
            raise ModelError(f"expected one of the segments {SEGMENTS}, found {name!r}")
        return number


def generic(*, mass_kg: float | None = None, height_m: float | None = None) -> Body:
    """The published body, every segment scaled by height and every mass by mass.

    Parameters
    ----------
    mass_kg, height_m : float, optional
        None: 75 kg and 1.70 m (Rajagopal et al. 2016). With a mass and no height the
        size stays generic.

    Raises
    ------
    ModelError
        If a figure cannot belong to a person (8 to 250 kg, 0.8 to 2.5 m).
    """
    height = GENERIC_HEIGHT_M if height_m is None else height_m
    factor = height / GENERIC_HEIGHT_M
    return resized(dict.fromkeys(SEGMENTS, (factor, factor, factor)), mass_kg=mass_kg, height_m=height)


def resized(
    factors: Mapping[str, tuple[float, float, float]], *, mass_kg: float | None = None, height_m: float | None = None
) -> Body:
    """The published body with each segment multiplied by its own factors.

    Parameters
    ----------
    factors : mapping of segment to (x, y, z)
        In the axes of the segment; segments left out keep the generic size. Wrapping
        surfaces grow by the mean of the three.
    mass_kg, height_m : float, optional
        As in ``generic``. The shares of the segments in the mass are the published ones.

    Notes
    -----
    Optimal fibre and tendon slack length follow the length of the muscle's path in the
    standing pose, as OpenSim's scaling does; forces and pennation stay as published.
    """
    mass = GENERIC_MASS_KG if mass_kg is None else mass_kg
    height = GENERIC_HEIGHT_M if height_m is None else height_m
    if not 8 <= mass <= 250 or not 0.8 <= height <= 2.5:
        raise ModelError(f"expected 8 to 250 kg and 0.8 to 2.5 m, found {mass:g} kg and {height:g} m; check the units")
    unknown = set(factors) - set(SEGMENTS)
    if unknown:
        raise ModelError(f"expected factors for the segments {SEGMENTS}, found {sorted(unknown)}")
    complete = {name: factors.get(name, (1.0, 1.0, 1.0)) for name in SEGMENTS}
    published = _published_engine()
    engine = _resized_engine(published, complete, mass)
    ratio = _standing_path_lengths(engine) / _standing_path_lengths(published)
    return Body(
        model=engine,
        coordinates=COORDINATES,
        qpos=np.array([engine.joint(name).qposadr[0] for name in COORDINATES[3:]]),
        dof=np.array([engine.joint(name).dofadr[0] for name in COORDINATES[3:]]),
        limits=np.array([[-np.inf, np.inf]] * 3 + [engine.joint(name).range for name in COORDINATES[3:]]),
        couplings=_couplings(engine),
        muscles=_muscles(engine, ratio),
        mass_kg=float(mass),
        height_m=float(height),
        factors=complete,
    )


def _muscles(engine: mujoco.MjModel, ratio: FloatArray) -> MuscleSet:
    names = tuple(engine.actuator(i).name for i in range(engine.nu))
    table = np.array([MUSCLE_PARAMETERS[name[:-2]] for name in names])
    force, optimal, slack, pennation, strain, start, full = table.T
    return MuscleSet(names, force, optimal * ratio, slack * ratio, pennation, strain, start, full)


def _couplings(engine: mujoco.MjModel) -> Couplings:
    driver, qpos, dof = [], [], []
    for dependent, independent in zip(engine.eq_obj1id, engine.eq_obj2id, strict=True):
        driver.append(COORDINATES.index(engine.joint(int(independent)).name))
        qpos.append(engine.jnt_qposadr[dependent])
        dof.append(engine.jnt_dofadr[dependent])
    return Couplings(np.array(driver), np.array(qpos), np.array(dof), np.array(engine.eq_data[:, :5]))


def _resized_engine(
    published: mujoco.MjModel, factors: Mapping[str, tuple[float, float, float]], mass_kg: float
) -> mujoco.MjModel:
    engine = copy.copy(published)
    factor = np.array([factors[_segment_of(engine, i)] for i in range(engine.nbody)])
    mean = factor.mean(axis=1)
    engine.body_pos[:] *= factor[engine.body_parentid]
    engine.body_ipos[:] *= factor
    engine.jnt_pos[:] *= factor[engine.jnt_bodyid]
    engine.site_pos[:] *= factor[engine.site_bodyid]
    _resize_meshes(engine, factor)
    engine.geom_pos[:] *= factor[engine.geom_bodyid]
    engine.geom_size[:] *= mean[engine.geom_bodyid, None]
    # the knee's and the patella's shifts happen in the frame of the thigh
    slides = engine.jnt_type == mujoco.mjtJoint.mjJNT_SLIDE
    parent = mean[engine.body_parentid[engine.jnt_bodyid]]
    engine.jnt_range[slides] *= parent[slides, None]
    shifts = slides[engine.eq_obj1id]
    engine.eq_data[shifts] *= parent[engine.eq_obj1id][shifts, None]
    mass_factor = mass_kg / float(published.body_mass.sum())
    engine.body_mass[:] *= mass_factor
    engine.body_inertia[:] *= mass_factor * (mean**2)[:, None]
    mujoco.mj_setConst(engine, mujoco.MjData(engine))
    return engine


def _resize_meshes(engine: mujoco.MjModel, factor: FloatArray) -> None:
    """Bones: each mesh stands in its geom's frame, turned against the segment."""
    rotation = np.empty(9)
    for geom in np.flatnonzero(engine.geom_type == mujoco.mjtGeom.mjGEOM_MESH):
        mesh = engine.geom_dataid[geom]
        mujoco.mju_quat2Mat(rotation, engine.geom_quat[geom])
        turned = rotation.reshape(3, 3)
        stretch = turned.T @ np.diag(factor[engine.geom_bodyid[geom]]) @ turned
        start = engine.mesh_vertadr[mesh]
        span = slice(start, start + engine.mesh_vertnum[mesh])
        engine.mesh_vert[span] = engine.mesh_vert[span] @ stretch.T


def _segment_of(engine: mujoco.MjModel, number: int) -> str:
    """The segment whose size an engine body takes; the trunk's many parts go as one."""
    name: str = engine.body(number).name
    return name if name in SEGMENTS else "torso"


def _standing_path_lengths(engine: mujoco.MjModel) -> FloatArray:
    data = mujoco.MjData(engine)
    for dependent, coefficients in zip(engine.eq_obj1id, engine.eq_data, strict=True):
        data.qpos[engine.jnt_qposadr[dependent]] = coefficients[0]
    mujoco.mj_fwdPosition(engine, data)
    return np.array(data.actuator_length)


# the one thing remembered: an immutable file that takes a second to compile
@functools.cache
def _published_engine() -> mujoco.MjModel:
    """The `myo-sim` legs with what is not physiology taken out.

    No contacts, limits, springs, dampers, armature: they are for simulation. The
    pelvis stands 0.05 degrees off its axes in the file; set exactly, so that left
    and right are mirror images.
    """
    from myo_sim.build.compose import build_spec

    with _quiet():
        spec = build_spec("myolegs")
        for side in ("r", "l"):
            _lay_psoas_over_brim(spec, side)
        engine = spec.compile()
    off = mujoco.mjtDisableBit
    engine.opt.disableflags |= int(
        off.mjDSBL_CONSTRAINT | off.mjDSBL_CONTACT | off.mjDSBL_SPRING | off.mjDSBL_DAMPER | off.mjDSBL_ACTUATION
    )
    engine.dof_armature[:] = 0
    engine.body("pelvis").quat[:] = (0.5, 0.5, -0.5, -0.5)
    return engine


def _lay_psoas_over_brim(spec: mujoco.MjSpec, side: str) -> None:
    """Psoas round the brim of the pelvis, as published; the file has the surface but a straight path.

    Straight, its moment arm for hip flexion is 16 mm at 10 degrees of extension instead
    of 29 mm, and rectus femoris would have to flex the hip in its place.
    """
    path = spec.add_tendon(name=f"psoas_over_brim_{side}")
    path.wrap_site(f"psoas-P1_{side}")
    path.wrap_site(f"psoas-P2_{side}")
    path.wrap_geom(f"PS_at_brim_wrap_{side}", f"PS_at_brim_site_psoas_{side}")
    path.wrap_site(f"psoas-P3_{side}")
    path.wrap_site(f"psoas-P4_{side}")
    spec.actuator(f"psoas_{side}").target = path.name
    spec.delete(spec.tendon(f"psoas_{side}_tendon"))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without the loader's warnings, which the engine prints and logs to a file in the working folder."""
    usual = mujoco.get_mju_user_warning()
    mujoco.set_mju_user_warning(_ignored)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        mujoco.set_mju_user_warning(usual)


def _ignored(message: str) -> None:
    """Take a warning of the engine and do nothing with it."""
