"""The moving body as text for the page: 16-bit arrays, differenced, deflated, base64.

Undone by ``web/src/payload.ts``. Positions are rounded to 0.1 mm (bones) and 0.25 mm
(muscle paths); second differences over the frames make a smooth motion mostly zeros.
"""

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from restride.body.scene import Scene
from restride.report.colours import ACTIVATION, ALIKE, BUSIER, EXPLAINED, NOT_MEASURED, QUIETER, UNSURE
from restride.report.departing import FAINT, FULL, Departing
from restride.signals.schema import FloatArray

# stands for NaN; no rounded value comes near it
MISSING: Final = -32768


@dataclass(frozen=True, slots=True)
class Packed:
    """One array on its way to the browser.

    Attributes
    ----------
    name : str
    shape : tuple of int
    quantum : float
        Size of one step.
    order : int
        How often differences along the first axis were taken.
    bytes : bytes
        Low bytes, then high bytes.
    """

    name: str
    shape: tuple[int, ...]
    quantum: float
    order: int
    bytes: bytes

    def row(self) -> dict[str, object]:
        """What the browser needs to know to read it back."""
        return {"name": self.name, "shape": list(self.shape), "quantum": self.quantum, "order": self.order}


def packed(name: str, values: npt.ArrayLike, *, quantum: float, order: int) -> Packed:
    """An array rounded to multiples of ``quantum`` and differenced ``order`` times.

    Raises
    ------
    ValueError
        If a value does not fit into 16 bits.
    """
    array = np.asarray(values, dtype=np.float64)
    steps = np.round(array / quantum)
    if np.nanmax(np.abs(steps), initial=0.0) > -MISSING - 1:
        raise ValueError(f"{name}: expected at most 16 bits of {quantum}, found {np.nanmax(np.abs(array))}")
    whole = np.where(np.isnan(steps), MISSING, steps).astype(np.int64)
    for taken in range(order):
        # each pass leaves the rows before it as they are; the browser undoes them last to first
        whole[taken + 1 :] = np.diff(whole[taken:], axis=0)
    planes = whole.astype(np.uint16).reshape(-1).view(np.uint8)
    return Packed(name, array.shape, quantum, order, planes[0::2].tobytes() + planes[1::2].tobytes())


def unpacked(array: Packed) -> FloatArray:
    """The array as the browser reads it back; NaN where it was NaN."""
    size = len(array.bytes) // 2
    planes = np.frombuffer(array.bytes, dtype=np.uint8).astype(np.uint16)
    whole = (planes[:size] | (planes[size:] << 8)).reshape(array.shape)
    for taken in reversed(range(array.order)):
        whole[taken:] = np.cumsum(whole[taken:], axis=0, dtype=np.uint16)
    signed = whole.astype(np.int16).astype(np.float64)
    return np.where(signed == MISSING, np.nan, signed * array.quantum)


def body_payload(
    scene: Scene, measured: FloatArray, required: FloatArray, departs: Departing | None = None
) -> Mapping[str, object]:
    """Header and blob for the browser.

    Parameters
    ----------
    scene : Scene
    measured, required : ndarray, shape (101, muscle), units "1"
        Activation of each muscle of the scene at 0 to 100 %; NaN where not measured.
    departs : Departing or None
        What departs from the other leg; None where that was not sought.
    """
    vertices, faces, rows = _skeleton(scene)
    frames = len(scene.phase)
    arrays = [
        packed("vertices", vertices, quantum=1e-4, order=1),
        packed("corner", faces[:, 0], quantum=1, order=1),
        packed("others", faces[:, 1:] - faces[:, :1], quantum=1, order=0),
        packed("position", scene.position.reshape(frames, -1), quantum=1e-4, order=2),
        packed("quaternion", scene.quat_xyzw.reshape(frames, -1), quantum=1 / 16384, order=2),
        packed("paths", scene.paths.reshape(frames, len(scene.muscles), -1, 3), quantum=2.5e-4, order=2),
        packed("radius", scene.radius, quantum=5e-5, order=0),
        packed("measured", measured, quantum=1e-3, order=1),
        packed("required", required, quantum=1e-3, order=1),
    ]
    if departs is not None:
        arrays.append(packed("departs", departs.values, quantum=1e-3, order=1))
    blob = zlib.compress(b"".join(array.bytes for array in arrays), 9)
    return {
        "bones": rows,
        "muscles": list(scene.muscles),
        "arrays": [array.row() for array in arrays],
        "floor": round(scene.floor_m, 4),
        "ramp": list(ACTIVATION),
        "notMeasured": NOT_MEASURED,
        "origin": None if departs is None else _origin(departs),
        "blob": base64.b64encode(blob).decode("ascii"),
    }


def _origin(departs: Departing) -> dict[str, object]:
    """States of the muscles, and how they are painted."""
    return {
        "states": list(departs.states),
        "full": FULL,
        "faint": FAINT,
        "colours": {
            "busier": BUSIER,
            "quieter": QUIETER,
            "explained": EXPLAINED,
            "unsure": UNSURE,
            "alike": ALIKE,
        },
    }


def _skeleton(scene: Scene) -> tuple[FloatArray, npt.NDArray[np.int64], list[dict[str, object]]]:
    """All bones in one list of vertices and faces, and where each begins."""
    rows: list[dict[str, object]] = []
    vertex = face = 0
    faces = []
    for bone in scene.bones:
        rows.append(
            {
                "name": bone.name,
                "part": bone.part,
                "segment": bone.segment,
                "vertices": [vertex, len(bone.vertices)],
                "faces": [face, len(bone.faces)],
            }
        )
        faces.append(_in_order(bone.faces) + vertex)
        vertex += len(bone.vertices)
        face += len(bone.faces)
    return np.concatenate([b.vertices for b in scene.bones]), np.concatenate(faces), rows


def _in_order(faces: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Faces sorted by their smallest corner, each beginning with it: neighbours compress well."""
    start = np.argmin(faces, axis=1)
    rows = np.arange(len(faces))[:, None]
    turned = faces[rows, (start[:, None] + np.arange(3)) % 3]
    return np.asarray(turned[np.lexsort(turned.T[::-1])])
