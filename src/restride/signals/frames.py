"""Turning a recording into the lab frame: x forward, y up, z right.

``turned`` turns every vector of a recording, ``upright`` stands it up, and
``facing_forward`` turns it about the vertical so that the person goes along +x.
"""

from typing import Final

import numpy as np
import xarray as xr

from restride.errors import SchemaError
from restride.signals.facing import body_front, path, up_axis
from restride.signals.plausibility import side_doubts
from restride.signals.recording import Doubt, Recording
from restride.signals.schema import FloatArray, labelled

__all__ = ["facing_forward", "lab_rotation", "side_doubts", "turned", "turned_to_its_front", "upright"]

PELVIS_ANGLES: Final = ("pelvis_tilt", "pelvis_list", "pelvis_rotation")

# labs and belts are laid out along the axes: a person within this of an axis goes along it,
# and a quarter turn leaves the numbers of the file readable
NEAR_AN_AXIS_RAD: Final = np.deg2rad(15.0)
# a person who moves less than this stays on the spot (treadmill, standing)
ON_THE_SPOT_M: Final = 1.0


def lab_rotation(*, forward: str, up: str) -> FloatArray:
    """``rot_lab_from_file`` for files whose axes point ``forward`` and ``up``.

    Parameters
    ----------
    forward, up : str
        ``"+x"``, ``"-x"`` ... ``"-z"``, along two different axes.

    Returns
    -------
    array, shape (3, 3)
        ``v_lab = rot_lab_from_file @ v_file``.

    Raises
    ------
    SchemaError
        If they are not two different axes.
    """
    try:
        ahead, above = _axis(forward), _axis(up)
    except (KeyError, IndexError):
        raise SchemaError(f"expected axes such as '+x' and '+y', found {forward!r} and {up!r}") from None
    if abs(ahead @ above) > 0:
        raise SchemaError(f"expected forward and up along two different axes, found {forward!r} and {up!r}")
    return np.stack([ahead, above, np.cross(ahead, above)])


# of the sensor's or its segment's frame, which does not turn with the lab's
WORN: Final = ("acc", "gyr", "mag")


def turned(recording: Recording, rotation: FloatArray) -> Recording:
    """The recording with every vector turned: markers, forces, centres of pressure, root.

    Parameters
    ----------
    recording : Recording
    rotation : array, shape (3, 3)
        ``rot_new_from_old``.

    Notes
    -----
    Joint angles and joint moments do not change. The three angles of the pelvis describe
    its turn against the lab (intrinsic z, x, y by tilt, list and rotation) and are
    taken again from the turned pelvis; those that were not measured count as zero. Sensors
    worn on the body speak in a frame of their own and are left as they are.
    """
    if np.array_equal(rotation, np.eye(3)):
        return recording
    signals = {kind: _turned_array(array, rotation) for kind, array in recording.signals.items() if kind not in WORN}
    return recording.replaced(signals=signals)


def upright(recording: Recording, *, up: str) -> Recording:
    """The recording with y up, whatever axis was up before.

    Parameters
    ----------
    recording : Recording
        Vectors in the axes of the file.
    up : str
        The axis the file says is up; if the markers contradict it, they are believed and
        a doubt says so.
    """
    seen = up_axis(recording["markers"]) if "markers" in recording else None
    if seen is not None and seen != up:
        text = f"The file says that its axis {up} points up, but the markers of the body are stacked along {seen}."
        doubt = Doubt(
            "axes", f"{text} They were believed.", f'Add to take.yaml: axes: {{forward: "...", up: "{seen}"}}.'
        )
        recording, up = recording.replaced(doubts=(*recording.doubts, doubt)), seen
    forward = "+y" if up[1] == "x" else "+x"
    return turned(recording, lab_rotation(forward=forward, up=up))


def _axis(name: str) -> FloatArray:
    sign = {"+": 1.0, "-": -1.0}[name[0]]
    return sign * np.eye(3)["xyz".index(name[1])] if name[1] in "xyz" else _axis("")


def _turned_array(array: xr.DataArray, rotation: FloatArray) -> xr.DataArray:
    if "space" in array.dims:
        return array.copy(data=array.values @ rotation.T)
    if "coordinate" in array.dims and array.attrs.get("units") == "rad":
        return _turned_pelvis(array, rotation)
    return array


def _turned_pelvis(angles: xr.DataArray, rotation: FloatArray) -> xr.DataArray:
    have = [str(c) for c in angles["coordinate"].values]
    if not set(have) & set(PELVIS_ANGLES):
        return angles
    measured = [angles.sel(coordinate=c).values if c in have else np.zeros(angles.sizes["time"]) for c in PELVIS_ANGLES]
    old = np.stack(measured, axis=-1)
    present = ~np.isnan(old).any(axis=-1)
    new = np.full_like(old, np.nan)
    if present.any():
        from scipy.spatial.transform import Rotation  # a quarter of a second, which only joint angles need

        pelvis = Rotation.from_matrix(rotation) * Rotation.from_euler("ZXY", old[present])
        new[present] = np.unwrap(pelvis.as_euler("ZXY"), axis=0)
    names = have + [c for c in PELVIS_ANGLES if c not in have]
    values = np.full((angles.sizes["time"], len(names)), np.nan)
    values[:, : len(have)] = angles.transpose("time", "coordinate").values
    values[:, [names.index(c) for c in PELVIS_ANGLES]] = new
    coords = {"time": angles["time"].values, "coordinate": names}
    result = labelled(
        values, dims=("time", "coordinate"), units="rad", coords=coords, name=str(angles.name or "angles")
    )
    result.attrs = dict(angles.attrs)
    return result


def facing_forward(recording: Recording) -> Recording:
    """The recording turned about the vertical so that the person goes along +x.

    Parameters
    ----------
    recording : Recording
        With y up. Static markers are left alone; ``turned_to_its_front`` is for them.

    Notes
    -----
    The direction is that of the pelvis' path where it is longer than 1 m and the person does
    not go backward, and else the direction pelvis and feet point to. None of them asks
    which marker is left and which is right. Within 15 degrees of an axis of the file
    the turn is a quarter turn, so that treadmill and lab keep their axes.
    """
    direction = _direction(recording)
    if direction is None:
        return recording
    rotation = _about_the_vertical(direction)
    static = {k: a for k, a in recording.signals.items() if k == "static_markers"}
    return turned(recording, rotation).replaced(signals=static)


def turned_to_its_front(recording: Recording, kind: str) -> Recording:
    """The recording with one array of markers turned about the vertical to face +x."""
    if kind not in recording:
        return recording
    front = body_front(recording[kind])
    if front is None:
        return recording
    return recording.replaced(signals={kind: _turned_array(recording[kind], _about_the_vertical(front))})


def _direction(recording: Recording) -> FloatArray | None:
    if "markers" not in recording:
        return _direction_of_angles(recording)
    markers = recording["markers"]
    front = body_front(markers)
    way = path(markers)
    length = float(np.linalg.norm(way))
    if length >= ON_THE_SPOT_M and (front is None or float(way @ front) > 0):
        return np.asarray(way / length)
    return front


def _direction_of_angles(recording: Recording) -> FloatArray | None:
    """Heading of the pelvis from its mean rotation about the vertical."""
    if "angles" not in recording or "pelvis_rotation" not in recording["angles"]["coordinate"].values:
        return None
    heading = float(np.nanmean(recording["angles"].sel(coordinate="pelvis_rotation").values))
    return np.array([np.cos(heading), 0.0, -np.sin(heading)])


def _about_the_vertical(direction: FloatArray) -> FloatArray:
    """Rotation about y that turns a horizontal direction to +x, by quarters near an axis."""
    heading = float(np.arctan2(-direction[2], direction[0]))
    quarter = np.pi / 2 * np.round(heading / (np.pi / 2))
    if abs(heading - quarter) <= NEAR_AN_AXIS_RAD:
        c, s = np.round(np.cos(quarter)), np.round(np.sin(quarter))
    else:
        c, s = np.cos(heading), np.sin(heading)
    return np.array([[c, 0.0, -s], [0.0, 1.0, 0.0], [s, 0.0, c]])
