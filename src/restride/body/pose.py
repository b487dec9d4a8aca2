"""Angles and the pelvis's place against the engine's positions, and back.

``angles`` (time, coordinate) in rad and ``root`` (time, space) in m, lab frame, are
what travels; the engine's ``qpos`` (time, 35) stays in this room and in the drawing of
it. The root is the origin of the pelvis, midway between the front spines (ASIS).

``positions``      angles, root -> qpos, dependent knee coordinates from their driver
``coordinates_of`` qpos -> angles, root
``motion``         qpos with the engine's velocities and accelerations
``coupled``        how the engine's velocities follow the independent angles
``within_range``   the same angles without jumps of a full turn
``periodic``       a stride closed to a loop, for display only

The pelvis turns by tilt about z, list about x and rotation about y, in this order,
each about the axes already turned (as in OpenSim's Rajagopal models).
"""

from typing import Final

import numpy as np
import xarray as xr
from scipy.interpolate import make_interp_spline
from scipy.spatial.transform import Rotation

from restride.body.model import ROOT_DOFS, WORLD_FROM_LAB, Body
from restride.errors import GapError, SchemaError
from restride.signals.schema import SPACE, FloatArray, labelled, require

# a marker set without a foot cluster cannot tell these; files often leave them out
OPTIONAL_COORDINATES: Final = ("subtalar_angle_r", "subtalar_angle_l", "mtp_angle_r", "mtp_angle_l")


def positions(body: Body, angles: xr.DataArray, root: xr.DataArray) -> FloatArray:
    """The engine's positions for every frame.

    Parameters
    ----------
    body : Body
    angles : DataArray, dims (time, coordinate), units "rad"
        Names as in ``body.coordinates``; others are ignored, subtalar and toe angles
        that are missing stand at 0. NaN where not measured.
    root : DataArray, dims (time, space), units "m", frame lab

    Returns
    -------
    array, shape (time, 35)
        Rows with a NaN input are NaN from there on.

    Raises
    ------
    SchemaError
        If a coordinate of pelvis, hip, knee or ankle is missing, or the times differ.
    """
    return assembled(body, *plain_arrays(body, angles, root))


def assembled(body: Body, q: FloatArray, place: FloatArray) -> FloatArray:
    """As ``positions``, of plain arrays: angles (time, coordinate) and root (time, 3)."""
    qpos = np.zeros((q.shape[0], body.model.nq))
    qpos[:, :3] = place @ WORLD_FROM_LAB.T
    pelvis = Rotation.from_matrix(WORLD_FROM_LAB @ pelvis_rotation(q[:, :3]) @ WORLD_FROM_LAB.T)
    qpos[:, 3:7] = np.roll(pelvis.as_quat(), 1, axis=1)
    qpos[:, body.qpos] = q[:, 3:]
    qpos[:, body.couplings.qpos] = dependent(body, q)
    return qpos


def coordinates_of(body: Body, qpos: FloatArray, *, time_s: FloatArray) -> tuple[xr.DataArray, xr.DataArray]:
    """Angles and root for the engine's positions; the inverse of ``positions``.

    Parameters
    ----------
    body : Body
    qpos : array, shape (time, 35)
    time_s : array, shape (time,)

    Returns
    -------
    angles, root : DataArray
        As ``positions`` takes them.
    """
    lab = WORLD_FROM_LAB.T @ Rotation.from_quat(np.roll(qpos[:, 3:7], -1, axis=1)).as_matrix() @ WORLD_FROM_LAB
    q = np.hstack([pelvis_angles(lab), qpos[:, body.qpos]])
    return as_labelled(body, q, qpos[:, :3] @ WORLD_FROM_LAB, time_s)


def as_labelled(body: Body, q: FloatArray, place: FloatArray, time_s: FloatArray) -> tuple[xr.DataArray, xr.DataArray]:
    """``angles`` and ``root`` with their labels, from plain arrays."""
    angles = labelled(
        q,
        dims=("time", "coordinate"),
        units="rad",
        coords={"time": time_s, "coordinate": list(body.coordinates)},
        name="angles",
    )
    root = labelled(
        place,
        dims=("time", "space"),
        units="m",
        frame="lab",
        coords={"time": time_s, "space": list(SPACE)},
        name="root",
    )
    return angles, root


def plain_arrays(body: Body, angles: xr.DataArray, root: xr.DataArray) -> tuple[FloatArray, FloatArray]:
    """Checked angles in the body's order and the root, as plain arrays."""
    angles = require(angles, dims=("time", "coordinate"), units="rad", name="angles")
    root = require(root, dims=("time", "space"), units="m", name="root")
    found = {str(name): place for place, name in enumerate(angles["coordinate"].values)}
    missing = [c for c in body.coordinates if c not in found and c not in OPTIONAL_COORDINATES]
    if missing:
        raise SchemaError(f"angles: expected the coordinates {body.coordinates}, missing {missing}")
    if angles.sizes["time"] != root.sizes["time"] or not np.allclose(angles["time"], root["time"], atol=1e-6):
        raise SchemaError("angles and root: expected the same times, found different ones; interpolate first")
    q = np.zeros((angles.sizes["time"], len(body.coordinates)))
    for column, name in enumerate(body.coordinates):
        if name in found:
            q[:, column] = angles.values[:, found[name]]
    return q, root.sel(space=list(SPACE)).values


def motion(
    body: Body, q: FloatArray, place: FloatArray, time_s: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The engine's positions, velocities and accelerations of a smooth motion.

    Parameters
    ----------
    body : Body
    q : array, shape (time, coordinate), rad
    place : array, shape (time, 3), m, lab
    time_s : array, shape (time,)
        Need not be even.

    Returns
    -------
    qpos, qvel, qacc : arrays, shapes (time, 35), (time, 34), (time, 34)

    Raises
    ------
    GapError
        On NaN, or with fewer than 6 frames.

    Notes
    -----
    Derivatives of interpolating quintic splines: no smoothing and, unlike differences,
    no loss near the cut-off. The free joint's turn is in the frame of the moving body,
    ``omega = vee(R^T dR/dt)``.
    """
    if time_s.size < 6 or np.isnan(q).any() or np.isnan(place).any():
        raise GapError(f"expected at least 6 frames without gaps, found {time_s.size} frames; fill or crop first")
    curves = np.hstack([place @ WORLD_FROM_LAB.T, q])
    spline = make_interp_spline(time_s, curves, k=5)
    first, second = spline(time_s, nu=1), spline(time_s, nu=2)
    qvel = np.zeros((time_s.size, body.model.nv))
    qacc = np.zeros_like(qvel)
    qvel[:, :3], qacc[:, :3] = first[:, :3], second[:, :3]
    qvel[:, 3:ROOT_DOFS], qacc[:, 3:ROOT_DOFS] = _pelvis_turning(q[:, :3], first[:, 3:6], second[:, 3:6])
    qvel[:, body.dof], qacc[:, body.dof] = first[:, 6:], second[:, 6:]
    slope, bend = dependent(body, q, order=1), dependent(body, q, order=2)
    driver = 3 + body.couplings.driver
    qvel[:, body.couplings.dof] = slope * first[:, driver]
    qacc[:, body.couplings.dof] = slope * second[:, driver] + bend * first[:, driver] ** 2
    return assembled(body, q, place), qvel, qacc


def coupled(body: Body, q: FloatArray) -> FloatArray:
    """How the engine's velocities follow the leg coordinates: ``qvel = G dq/dt``.

    Parameters
    ----------
    body : Body
    q : array, shape (time, coordinate), rad

    Returns
    -------
    array, shape (time, 34, coordinate - 3)
        ``tau = G^T qfrc`` gives the generalised forces of the leg coordinates.
    """
    G = np.zeros((q.shape[0], body.model.nv, body.dof.size))
    G[:, body.dof, np.arange(body.dof.size)] = 1.0
    G[:, body.couplings.dof, body.couplings.driver - 3] = dependent(body, q, order=1)
    return G


def within_range(body: Body, angles: xr.DataArray) -> xr.DataArray:
    """The same angles in continuous time and within half a turn of their joint's middle.

    A full turn more or less is the same pose; files and solvers leave such jumps.
    Pelvis rotation is only made continuous: a person may walk in circles.
    """
    angles = require(angles, dims=("time", "coordinate"), units="rad", name="angles")
    values = angles.values.copy()
    middle = {c: float(body.limits[i].mean()) for i, c in enumerate(body.coordinates) if i >= 3}
    for column, name in enumerate(angles["coordinate"].values):
        present = ~np.isnan(values[:, column])
        values[present, column] = np.unwrap(values[present, column])
        centre = middle.get(str(name), 0.0)
        if present.any():
            turns = np.round((np.median(values[present, column]) - centre) / (2 * np.pi))
            values[:, column] -= 2 * np.pi * turns
    return angles.copy(data=values)


def periodic(angles: xr.DataArray, root: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
    """A stride whose end meets its start, for a loop on the screen; never for analysis.

    Parameters
    ----------
    angles : DataArray, dims (time, coordinate)
    root : DataArray, dims (time, space)
        One stride, both ends included.

    Notes
    -----
    The difference between end and start is taken out in equal steps along the stride,
    so a walk across the room becomes one on the spot.
    """
    return _closed(angles), _closed(root)


def pelvis_rotation(q: FloatArray) -> FloatArray:
    """Lab-from-pelvis rotation (time, 3, 3) of tilt, list and rotation (time, 3)."""
    matrices: FloatArray = Rotation.from_euler("ZXY", np.nan_to_num(q)).as_matrix()
    matrices[np.isnan(q).any(axis=1)] = np.nan
    return matrices


def pelvis_angles(lab_from_pelvis: FloatArray) -> FloatArray:
    """Tilt, list and rotation (time, 3) of rotations (time, 3, 3); rotation continuous in time."""
    R = lab_from_pelvis
    side = np.arcsin(np.clip(R[:, 2, 1], -1, 1))
    tilt = np.arctan2(-R[:, 0, 1], R[:, 1, 1])
    turn = np.unwrap(np.arctan2(-R[:, 2, 0], R[:, 2, 2]))
    return np.stack([tilt, side, turn], axis=1)


def _closed(stride: xr.DataArray) -> xr.DataArray:
    steps = xr.DataArray(np.linspace(0.0, 1.0, stride.sizes["time"]), dims="time")
    drift = stride.isel(time=-1, drop=True) - stride.isel(time=0, drop=True)
    return stride.copy(data=(stride - steps * drift).transpose(*stride.dims).values)


def _pelvis_turning(q: FloatArray, rate: FloatArray, acceleration: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Angular velocity and acceleration of the engine's root, in its own frame.

    With ``R = Z(tilt) X(list) Y(rotation)``, in pelvis axes:
    ``omega = Y^T X^T z tilt' + Y^T x list' + y rotation'``.
    """
    sl, cl, sr, cr = np.sin(q[:, 1]), np.cos(q[:, 1]), np.sin(q[:, 2]), np.cos(q[:, 2])
    zero, one = np.zeros_like(sl), np.ones_like(sl)
    axes = np.stack(
        [np.stack([-cl * sr, sl, cl * cr], -1), np.stack([cr, zero, sr], -1), np.stack([zero, one, zero], -1)], axis=-1
    )
    list_rate, turn_rate = rate[:, 1], rate[:, 2]
    tilt_axis_rate = np.stack(
        [sl * sr * list_rate - cl * cr * turn_rate, cl * list_rate, -sl * cr * list_rate - cl * sr * turn_rate], -1
    )
    list_axis_rate = np.stack([-sr * turn_rate, zero, cr * turn_rate], -1)
    omega = np.einsum("tij,tj->ti", axes, rate)
    alpha = np.einsum("tij,tj->ti", axes, acceleration)
    alpha += tilt_axis_rate * rate[:, :1] + list_axis_rate * rate[:, 1:2]
    return omega @ WORLD_FROM_LAB.T, alpha @ WORLD_FROM_LAB.T


def dependent(body: Body, q: FloatArray, *, order: int = 0) -> FloatArray:
    """Dependent coordinates (time, dependent) of angles (time, coordinate), or derivatives by the driving angle."""
    c = body.couplings.coefficients
    x = q[:, body.couplings.driver]
    powers = np.arange(order, 5)
    weight = np.ones(powers.size)
    for k in range(order):
        weight = weight * (powers - k)
    total = np.zeros_like(x)
    for power, factor in zip(powers[::-1], weight[::-1], strict=True):
        total = total * x + factor * c[:, power]
    return total
