"""Joint angles from markers: inverse kinematics of all frames at once.

``track``  the angles that bring the body's markers closest to the measured ones

Two questions are answered in turn. *Where on its segment does each marker sit?* From a
standing trial if there is one, otherwise from the movement itself: markers on bony
landmarks are held to where the landmark is on the bone, so that angles keep an
anatomical zero; clusters go where the movement shows them. *How is the body posed in
each frame?* By Gauss-Newton steps on all frames side by side.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from scipy.spatial.transform import Rotation

from restride.body.anatomy import MarkerSet, rigid_fit, seen_at
from restride.body.centres import known_markers, of_centres
from restride.body.kinematics import Frames, carried, forward
from restride.body.model import WORLD_FROM_LAB, Body
from restride.body.pose import as_labelled, pelvis_angles, within_range
from restride.errors import ModelError
from restride.signals.schema import FloatArray, labelled, require

# how far each angle goes without asking the markers, rad: wide where markers tell enough
_LOOSE: Final = {
    "hip_flexion": 2.0,
    "hip_adduction": 1.0,
    "hip_rotation": 0.35,
    "knee_angle": 2.0,
    "ankle_angle": 1.0,
    "subtalar_angle": 0.20,
    "mtp_angle": 0.20,
}
# where angles start, rad
_START: Final = {"hip_flexion": 0.25, "knee_angle": 0.4}
# beyond the range of a joint, one such angle costs as much as a marker off by its scatter
_LIMIT_RAD: Final = 0.03
_LONGEST_STEP_RAD: Final = 0.4
_CONVERGED: Final = 2e-4
_STEPS: Final = 25
# frames of the movement that place the markers, and how often the two questions take turns
_PLACING_FRAMES: Final = 40
_PLACING_ROUNDS: Final = 12
_STEPS_BETWEEN: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Tracking:
    """Angles from markers, and how well they explain them.

    Attributes
    ----------
    angles : DataArray, dims (time, coordinate), rad
        NaN in frames where too few markers were seen. Subtalar and toe angles that no
        marker tells stay near 0.
    root : DataArray, dims (time, space), m, lab
    marker_error : DataArray, dims (time, marker), m
        Distance between measured marker and the body's; NaN where hidden.
    markers : DataFrame, columns marker, landmark, segment, x_m, y_m, z_m
        The table used: which label was taken for what, and where on its segment it sits.
    converged : DataArray of bool, dims (time,)
    method : str
    """

    angles: xr.DataArray
    root: xr.DataArray
    marker_error: xr.DataArray
    markers: pd.DataFrame
    converged: xr.DataArray
    method: str


def track(
    body: Body, markers: xr.DataArray, *, static: xr.DataArray | None = None, placed: pd.DataFrame | None = None
) -> Tracking:
    """The joint angles that bring the body's markers closest to the measured ones.

    Parameters
    ----------
    body : Body
        In the person's size (``scaling.scaled``).
    markers : DataArray, dims (time, marker, space), units "m", lab
        NaN where hidden. Labels are read by ``signals.landmarks``; those of the trunk,
        the arms and unknown ones are left out.
    static : DataArray, dims (time, marker, space), units "m", lab, optional
        Standing trial of the same person with the same markers. None: places on the
        segments are found from the movement.
    placed : DataFrame, optional
        Places of all these markers as an earlier take of the same person found them
        (``Tracking.markers``); ``static`` is then not needed.

    Raises
    ------
    ModelError
        If fewer than three markers of the pelvis are known, or a leg has fewer than three;
        if ``placed`` lacks a marker.

    Notes
    -----
    Weighted least squares; weights by how much skin moves over each segment, wide
    Gaussian priors about 0 for each angle, soft joint limits. The Jacobian is built from
    the place and axis of each joint, the knee's dependent coordinates included.
    """
    markers = require(markers, dims=("time", "marker", "space"), units="m", name="markers")
    names = known_markers(body, markers)
    _refuse_bare_legs(body, names)
    world = seen_at(markers, names) @ WORLD_FROM_LAB.T
    if placed is not None:
        places = _placed_before(names, placed)
        method = "inverse kinematics; markers placed by an earlier take"
    elif static is None:
        places = _placed_by_movement(body, names, world)
        method = "inverse kinematics; markers placed by the movement about their landmarks"
    else:
        places = _placed_by_standing(body, names, world, static)
        method = "inverse kinematics; markers placed by the standing trial"
    if of_centres(markers):
        method += "; joint centres of a pose estimator, the pelvis by hips and neck"
    posed = _posed(body, names, places, world)
    time_s = markers["time"].values
    turned = WORLD_FROM_LAB.T @ posed.rotation @ WORLD_FROM_LAB
    q = np.hstack([_pelvis_or_nan(turned), posed.legs])
    _hide_unseen(body, names, world, q)
    angles, root = as_labelled(body, q, posed.place @ WORLD_FROM_LAB, time_s)
    error = np.linalg.norm(posed.error, axis=-1)
    segments = [body.model.body(int(s)).name for s in names.segment]
    return Tracking(
        angles=within_range(body, angles),
        root=root,
        marker_error=labelled(
            error,
            dims=("time", "marker"),
            units="m",
            coords={"time": time_s, "marker": list(names.labels)},
            name="marker_error",
        ),
        markers=pd.DataFrame(
            {"marker": names.labels, "landmark": names.landmarks, "segment": segments}
            | {f"{axis}_m": places[:, i] for i, axis in enumerate("xyz")}
        ),
        converged=xr.DataArray(posed.converged, dims=("time",), coords={"time": time_s}, name="converged"),
        method=method,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Posed:
    """Poses of all frames in the engine's world; NaN rows where the pelvis was hidden."""

    place: FloatArray
    rotation: FloatArray
    legs: FloatArray
    error: FloatArray
    segment_place: FloatArray
    segment_rotation: FloatArray
    converged: np.ndarray


def _refuse_bare_legs(body: Body, names: MarkerSet) -> None:
    for suffix in ("_r", "_l"):
        own = [label for label, mark in zip(names.labels, names.landmarks, strict=True) if mark.endswith(suffix)]
        on_leg = [
            label
            for label, mark, segment in zip(names.labels, names.landmarks, names.segment, strict=True)
            if mark.endswith(suffix) and segment != body.segment("pelvis")
        ]
        if len(on_leg) < 3:
            raise ModelError(
                f"expected at least three known markers on each leg, found {own} with {suffix}; name them in take.yaml"
            )


def _placed_before(names: MarkerSet, placed: pd.DataFrame) -> FloatArray:
    missing = sorted(set(names.labels) - set(placed["marker"]))
    if missing:
        raise ModelError(f"placed: expected a row for every marker, missing {missing}; track this take by itself")
    rows = placed.set_index("marker").loc[list(names.labels)]
    return rows[["x_m", "y_m", "z_m"]].to_numpy(dtype=np.float64)


def _placed_by_standing(body: Body, names: MarkerSet, world: FloatArray, static: xr.DataArray) -> FloatArray:
    """Places of the markers from a standing trial; those it lacks, from the movement."""
    static = require(static, dims=("time", "marker", "space"), units="m", name="static")
    standing = known_markers(body, static)
    still = _middle(seen_at(static, standing) @ WORLD_FROM_LAB.T)[None]
    # landmarks alone say how the person stands; every marker then goes where it is seen
    firm = _only(standing, ~np.isnan(standing.place[:, 0]) & ~np.isnan(still[0]).any(axis=-1))
    posed = _posed(body, firm, firm.place, still[:, [standing.labels.index(label) for label in firm.labels]])
    on_segment = _local(posed, standing, still)[0]
    places = names.place.copy()
    lacking = np.ones(len(names.labels), dtype=bool)
    for i, label in enumerate(names.labels):
        if label in standing.labels and not np.isnan(on_segment[standing.labels.index(label)]).any():
            places[i], lacking[i] = on_segment[standing.labels.index(label)], False
    return _placed_by_movement(body, names, world, start=places, open_places=lacking) if lacking.any() else places


def _placed_by_movement(
    body: Body,
    names: MarkerSet,
    world: FloatArray,
    *,
    start: FloatArray | None = None,
    open_places: np.ndarray | None = None,
) -> FloatArray:
    """Places of the markers by taking turns: pose the frames, then move the markers on their segments.

    A landmark's place is a compromise between where the movement shows it and where it
    is on the bone, each by its scatter; a cluster's is where the movement shows it.
    """
    places = names.place.copy() if start is None else start
    movable = np.ones(len(names.labels), dtype=bool) if open_places is None else open_places
    complete = np.flatnonzero(_seen(world).sum(axis=1) > 0.8 * len(names.labels))
    if not complete.size:
        raise ModelError("expected at least one frame with most markers, found none; fill gaps in the recording first")
    chosen = world[complete[np.linspace(0, complete.size - 1, min(_PLACING_FRAMES, complete.size)).astype(int)]]
    trust = (names.skin_m / names.scatter_m) ** 2
    known = ~np.isnan(places[:, 0])
    posed: _Posed | None = None
    for _ in range(_PLACING_ROUNDS):
        now = _only(names, known)
        steps = _STEPS if posed is None else _STEPS_BETWEEN
        posed = _posed(body, now, places[known], chosen[:, known], start=posed, steps=steps)
        shown = _middle(_local(posed, names, chosen))
        held = np.where(np.isnan(names.place), 0.0, names.place)
        compromise = (shown + trust[:, None] * held) / (1.0 + trust[:, None])
        places = np.where(movable[:, None] & ~np.isnan(compromise), compromise, places)
        known = ~np.isnan(places[:, 0])
    return places


def _middle(points: FloatArray) -> FloatArray:
    """Median place (marker, 3) over time of points (time, marker, 3); NaN where never seen."""
    middle = np.full(points.shape[1:], np.nan)
    ever = _seen(points).any(axis=0)
    middle[ever] = np.nanmedian(points[:, ever], axis=0)
    return middle


def _only(names: MarkerSet, keep: np.ndarray) -> MarkerSet:
    kept = np.flatnonzero(keep)
    return MarkerSet(
        labels=tuple(names.labels[i] for i in kept),
        landmarks=tuple(names.landmarks[i] for i in kept),
        column=names.column[kept],
        segment=names.segment[kept],
        place=names.place[kept],
        scatter_m=names.scatter_m[kept],
        skin_m=names.skin_m[kept],
    )


def _local(posed: _Posed, names: MarkerSet, world: FloatArray) -> FloatArray:
    """Measured markers (time, marker, 3) in the axes of their segments."""
    offset = world - posed.segment_place[:, names.segment]
    local: FloatArray = (offset[:, :, None, :] @ posed.segment_rotation[:, names.segment])[:, :, 0]
    return local


def _posed(
    body: Body,
    names: MarkerSet,
    places: FloatArray,
    world: FloatArray,
    *,
    start: _Posed | None = None,
    steps: int = _STEPS,
) -> _Posed:
    """Poses of all frames by Gauss-Newton; ``world`` (time, marker, 3) in the engine's world."""
    frames = world.shape[0]
    present = _seen(world)
    target = np.nan_to_num(world)
    if start is None:
        place, rotation, legs = _first_guess(body, names, places, world)
    else:
        place, rotation, legs = start.place.copy(), start.rotation.copy(), start.legs.copy()
    usable = _seen(place)
    place[~usable], rotation[~usable] = 0.0, np.eye(3)
    weight = present / names.skin_m
    moves = carried(body, names.segment)
    open_frames = np.flatnonzero(usable)
    error = np.full((frames, len(names.labels), 3), np.nan)
    seg_place = np.full((frames, body.model.nbody, 3), np.nan)
    seg_rotation = np.full((frames, body.model.nbody, 3, 3), np.nan)
    for _ in range(steps):
        f = open_frames
        now = forward(body, place[f], rotation[f], legs[f])
        seg_place[f], seg_rotation[f] = now.place, now.rotation
        at = now.place[:, names.segment] + (now.rotation[:, names.segment] @ places[:, :, None])[..., 0]
        error[f] = np.where(present[f][..., None], target[f] - at, np.nan)
        J = _jacobian(at, place[f], now, moves)
        delta = _newton(body, J, np.nan_to_num(error[f]), weight[f], legs[f])
        # a frame that would hardly move rests where it was measured
        moving = np.abs(delta).max(axis=1) > _CONVERGED
        open_frames, delta = f[moving], delta[moving]
        if not open_frames.size:
            break
        place[open_frames] += delta[:, :3]
        rotation[open_frames] = Rotation.from_rotvec(delta[:, 3:6]).as_matrix() @ rotation[open_frames]
        legs[open_frames] += delta[:, 6:]
    converged = usable.copy()
    converged[open_frames] = False
    place[~usable], rotation[~usable], legs[~usable] = np.nan, np.nan, np.nan
    return _Posed(place, rotation, legs, error, seg_place, seg_rotation, converged)


def _first_guess(
    body: Body, names: MarkerSet, places: FloatArray, world: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Pelvis laid rigidly on its markers; legs as at mid-stance."""
    on_pelvis = names.segment == body.segment("pelvis")
    fitted, shift = rigid_fit(places[on_pelvis], world[:, on_pelvis], 1 / names.skin_m[on_pelvis])
    # the engine's root is the pelvis turned by the fixed frame of the model
    rotation = fitted @ WORLD_FROM_LAB.T
    legs = np.tile([_START.get(c[:-2], 0.0) for c in body.coordinates[3:]], (world.shape[0], 1))
    return shift, rotation, legs


def _jacobian(at: FloatArray, place: FloatArray, now: Frames, moves: FloatArray) -> FloatArray:
    """Shift of every marker per root shift, root turn and leg coordinate: (time, 3 marker, 6 + coordinate).

    Each coordinate is a twist, a turn ``w`` with the speed ``v`` of the point at the
    origin; a marker at x moves with ``w x x + v``.
    """
    frames, count = at.shape[:2]
    J = np.zeros((frames, count, 3, 6 + moves.shape[1]))
    J[:, :, [0, 1, 2], [0, 1, 2]] = 1.0
    J[:, :, :, 3:6] = -_skew(at - place[:, None])
    shift = -_skew(at) @ now.turn.transpose(0, 2, 1)[:, None] + now.speed.transpose(0, 2, 1)[:, None]
    J[:, :, :, 6:] = shift * moves[:, None, :]
    return J.reshape(frames, 3 * count, -1)


def _newton(body: Body, J: FloatArray, error: FloatArray, weight: FloatArray, legs: FloatArray) -> FloatArray:
    """One step of all unknowns for every frame, shortened where an angle would leap."""
    Jw = J * np.repeat(weight, 3, axis=1)[:, :, None]
    ew = (error * weight[:, :, None]).reshape(error.shape[0], -1, 1)
    H = Jw.transpose(0, 2, 1) @ Jw
    g = (Jw.transpose(0, 2, 1) @ ew)[..., 0]
    loose = np.array([_LOOSE[c[:-2]] for c in body.coordinates[3:]])
    low, high = body.limits[3:, 0], body.limits[3:, 1]
    beyond = np.where(legs < low, legs - low, np.where(legs > high, legs - high, 0.0))
    outside = (beyond != 0) / _LIMIT_RAD**2
    n = loose.size
    diagonal = np.arange(6, 6 + n)
    H[:, diagonal, diagonal] += 1 / loose**2 + outside
    g[:, 6:] -= legs / loose**2 + outside * beyond
    H[:, np.arange(6), np.arange(6)] += 1e-6
    delta = np.linalg.solve(H, g[..., None])[..., 0]
    longest = np.abs(delta[:, 3:]).max(axis=1)
    shortened: FloatArray = delta * np.minimum(1.0, _LONGEST_STEP_RAD / np.maximum(longest, 1e-12))[:, None]
    return shortened


def _seen(points: FloatArray) -> np.ndarray:
    """Where points (..., 3) are known."""
    return np.asarray(~np.isnan(points).any(axis=-1))


def _skew(x: FloatArray) -> FloatArray:
    """Matrices (..., 3, 3) with ``skew(x) @ y = x cross y``."""
    out = np.zeros((*x.shape, 3))
    out[..., 0, 1], out[..., 0, 2], out[..., 1, 2] = -x[..., 2], x[..., 1], -x[..., 0]
    out[..., 1, 0], out[..., 2, 0], out[..., 2, 1] = x[..., 2], -x[..., 1], x[..., 0]
    return out


def _pelvis_or_nan(rotation: FloatArray) -> FloatArray:
    angles = np.full((rotation.shape[0], 3), np.nan)
    seen = ~np.isnan(rotation).any(axis=(1, 2))
    if seen.any():
        angles[seen] = pelvis_angles(rotation[seen])
    return angles


def _hide_unseen(body: Body, names: MarkerSet, world: FloatArray, q: FloatArray) -> None:
    """NaN where hidden markers leave a joint to the prior alone."""
    present = _seen(world)
    for suffix in ("_r", "_l"):
        count = {
            s: present[:, names.segment == body.segment(s + suffix)].sum(axis=1)
            for s in ("femur", "tibia", "calcn", "toes")
        }
        # a hip centre, though on the pelvis, lies on the leg's axis: with knee and ankle it tells the leg's plane
        hip = [i for i, name in enumerate(names.landmarks) if name == f"hip_centre{suffix}"]
        leg = count["femur"] + count["tibia"] + present[:, hip].sum(axis=1)
        told = {
            "hip_flexion": leg >= 2,
            "hip_adduction": leg >= 2,
            "hip_rotation": leg >= 3,
            "knee_angle": (leg >= 2) & (count["tibia"] >= 1),
            "ankle_angle": (count["tibia"] >= 1) & (count["calcn"] >= 1),
            "subtalar_angle": (count["tibia"] >= 1) & (count["calcn"] >= 1),
            "mtp_angle": count["calcn"] >= 1,
        }
        for coordinate, seen in told.items():
            q[~seen, body.coordinates.index(coordinate + suffix)] = np.nan
