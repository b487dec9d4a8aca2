"""Force, centre of pressure and free moment from the channels of a force plate.

Types 1 to 4 of the C3D format (c3d.org, group FORCE_PLATFORM). All numbers here are in
the axes and units of the file (N, and mm as a rule); the reader turns and scales them.
A plate has its own axes: z points down into the floor, and its corners run through the
quadrants (+x +y), (-x +y), (-x -y), (+x -y).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from restride.signals.schema import FloatArray

# below this (plates drift by 20 N) the point of application is the ratio of two noises
LEAST_FORCE_N: Final = 25.0
# a plate that never saw this much was never stepped on, and its sign cannot be told
TROD_ON_N: Final = 50.0


@dataclass(frozen=True, slots=True)
class Plate:
    """One force plate as a C3D file describes it.

    Attributes
    ----------
    kind : int
        1: force, point of application and free moment; 2: force and moment;
        3: eight forces of a piezoelectric plate; 4: as 2, before calibration.
    corners : array, shape (4, 3)
        In the axes of the file.
    origin : array, shape (3,)
        From the middle of the surface to the sensor in the plate's axes, or the reverse:
        both are found in files (for kind 3 the offsets of the sensors).
    calibration : array, shape (6, 6), or None
        For kind 4, from channels to force and moment.
    """

    kind: int
    corners: FloatArray
    origin: FloatArray
    calibration: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Reaction:
    """What the plate does to the foot, in the axes and units of the file.

    Attributes
    ----------
    force, point, free_moment : array, shape (time, 3)
        ``point`` is NaN below ``LEAST_FORCE_N``.
    turned : bool
        Whether the file held the force on the plate and was turned round.
    """

    force: FloatArray
    point: FloatArray
    free_moment: FloatArray
    turned: bool


def reaction(plate: Plate, channels: FloatArray) -> Reaction:
    """Ground reaction on the foot from the channels of one plate.

    Parameters
    ----------
    plate : Plate
    channels : array, shape (time, 6) or (time, 8) for kind 3

    Notes
    -----
    With F and M at the middle of the surface in the plate's axes, the point of application
    is ``(-M_y, M_x) / F_z`` and the free moment ``M_z - x F_y + y F_x``. Below
    ``LEAST_FORCE_N`` the moment about the middle of the plate is returned instead.
    """
    force, moment = _at_the_surface(plate, channels)
    pressing = np.abs(force[:, 2]) >= LEAST_FORCE_N
    heavy = np.abs(force[:, 2]) > max(TROD_ON_N, 0.25 * float(np.nanmax(np.abs(force[:, 2]), initial=0.0)))
    # z points down: a reaction on the foot is negative
    turned = bool(heavy.any()) and float(force[heavy, 2].sum()) > 0
    if turned:
        force, moment = -force, -moment
    point = np.full_like(force, np.nan)
    point[pressing, 0] = -moment[pressing, 1] / force[pressing, 2]
    point[pressing, 1] = moment[pressing, 0] / force[pressing, 2]
    point[pressing, 2] = 0.0
    free = moment.copy()
    free[pressing] = 0.0
    free[pressing, 2] = (
        moment[pressing, 2] - point[pressing, 0] * force[pressing, 1] + point[pressing, 1] * force[pressing, 0]
    )
    axes = plate_axes(plate.corners)
    return Reaction(force @ axes.T, point @ axes.T + plate.corners.mean(axis=0), free @ axes.T, turned)


def plate_axes(corners: FloatArray) -> FloatArray:
    """``rot_file_from_plate``, shape (3, 3), from the corners of a plate."""
    x = corners[0] + corners[3] - corners[1] - corners[2]
    y = corners[0] + corners[1] - corners[2] - corners[3]
    x = x / np.linalg.norm(x)
    z = np.cross(x, y)
    z = z / np.linalg.norm(z)
    return np.stack([x, np.cross(z, x), z], axis=1)


def _at_the_surface(plate: Plate, channels: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Force and moment about the middle of the surface, in the plate's axes."""
    if plate.kind == 1:
        force, at, free = channels[:, :3], channels[:, 3:5], channels[:, 5]
        moment = np.stack([at[:, 1] * force[:, 2], -at[:, 0] * force[:, 2], np.zeros(len(at))], axis=1)
        moment[:, 2] = free + at[:, 0] * force[:, 1] - at[:, 1] * force[:, 0]
        return force, moment
    if plate.kind == 3:
        force, moment = _eight_forces(channels, plate.origin)
        return force, moment + np.cross(_below(np.array([0.0, 0.0, plate.origin[2]])), force)
    six = channels[:, :6] if plate.calibration is None else channels[:, :6] @ plate.calibration.T
    return six[:, :3], six[:, 3:] + np.cross(_below(plate.origin), six[:, :3])


def _eight_forces(channels: FloatArray, origin: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Force and moment of a plate with sensors at (+-a, +-b): x12 x34 y14 y23 z1 z2 z3 z4."""
    x12, x34, y14, y23, z1, z2, z3, z4 = channels[:, :8].T
    a, b = np.abs(origin[:2])
    force = np.stack([x12 + x34, y14 + y23, z1 + z2 + z3 + z4], axis=1)
    moment = np.stack([b * (z1 + z2 - z3 - z4), a * (-z1 + z2 + z3 - z4), b * (-x12 + x34) + a * (y14 - y23)], axis=1)
    return force, moment


def _below(origin: FloatArray) -> FloatArray:
    """From the surface to the sensor; the sensor lies below, and z points down."""
    return -origin if origin[2] < 0 else origin
