"""Where landmarks sit on the bones of the generic body, and how firmly.

One row per landmark of ``signals.landmarks``: segment, place on the right side in the
segment's axes (m; x forward, y up, z right), and how far skin markers scatter about it
between people and examiners (m). Places are those of the generic marker set of
Rajagopal et al. 2016 where it has them; the rest was read off the bones. Scatter after
Della Croce et al. 2005 (Gait Posture 21, 226): 10 to 20 mm.

Markers without a row (clusters, wands) have no place of their own: they are put where
a standing trial or the movement shows them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from restride.body.model import Body
from restride.errors import ModelError
from restride.signals.landmarks import landmark
from restride.signals.schema import FloatArray
from restride.signals.vocabulary import SUFFIX

PLACES: Final[Mapping[str, tuple[str, tuple[float, float, float], float]]] = {
    "asis": ("pelvis", (0.010, 0.018, 0.128), 0.010),
    "psis": ("pelvis", (-0.155, 0.035, 0.045), 0.010),
    "sacrum": ("pelvis", (-0.165, 0.035, 0.0), 0.015),
    "psis_middle": ("pelvis", (-0.155, 0.035, 0.0), 0.010),
    "asis_middle": ("pelvis", (0.010, 0.018, 0.0), 0.010),
    "hip_centre": ("femur", (0.0, 0.0, 0.0), 0.015),
    "knee_lateral": ("femur", (0.0, -0.404, 0.055), 0.010),
    "knee_medial": ("femur", (0.0, -0.404, -0.055), 0.010),
    "knee_centre": ("femur", (0.0, -0.404, 0.0), 0.010),
    "ankle_lateral": ("tibia", (-0.010, -0.395, 0.050), 0.008),
    "ankle_medial": ("tibia", (0.003, -0.389, -0.038), 0.008),
    "ankle_centre": ("tibia", (-0.010, -0.400, 0.0), 0.008),
    "heel": ("calcn", (-0.025, 0.025, -0.002), 0.008),
    "toe": ("calcn", (0.175, 0.030, -0.010), 0.020),
    "mt1": ("calcn", (0.172, 0.025, -0.030), 0.010),
    "mt5": ("calcn", (0.145, 0.025, 0.055), 0.010),
    "toe_tip": ("toes", (0.060, 0.010, -0.015), 0.015),
}
# scatter in use: skin and wobbling flesh over the bone (Peters et al. 2010: thigh the most)
SKIN_M: Final[Mapping[str, float]] = {"pelvis": 0.008, "femur": 0.015, "tibia": 0.008, "calcn": 0.006, "toes": 0.008}
# other programmes' guesses, not skin markers
COMPUTED: Final = ("hip_centre", "knee_centre", "ankle_centre")


@dataclass(frozen=True, slots=True, eq=False)
class MarkerSet:
    """The markers of one take that belong to pelvis and legs.

    Attributes
    ----------
    labels : tuple of str
        As in the file.
    landmarks : tuple of str
        With side, ``knee_lateral_l``.
    column : int array, shape (marker,)
        Place of the marker in the file.
    segment : int array, shape (marker,)
        Number of the segment in the engine.
    place : array, shape (marker, 3), m
        On the bones of the body, in the segment's axes; NaN without a place of its own.
    scatter_m, skin_m : arrays, shape (marker,)
    """

    labels: tuple[str, ...]
    landmarks: tuple[str, ...]
    column: np.ndarray
    segment: np.ndarray
    place: FloatArray
    scatter_m: FloatArray
    skin_m: FloatArray


def marker_set(body: Body, markers: xr.DataArray, *, computed: bool = False) -> MarkerSet:
    """Markers of pelvis and legs with their segments and places.

    Parameters
    ----------
    body : Body
    markers : DataArray with a dimension ``marker`` of labels
    computed : bool
        Whether joint centres that another programme computed count.

    Raises
    ------
    ModelError
        If fewer than three markers of the pelvis are known.
    """
    rows = []
    for column, label in enumerate(str(m) for m in markers["marker"].values):
        found = landmark(label)
        if found is None or found.segment not in SKIN_M or (found.name in COMPUTED and not computed):
            continue
        suffix = SUFFIX[found.side] if found.side else ""
        if found.segment != "pelvis" and not suffix:
            continue
        rows.append((label, found.name, found.segment, suffix, column))
    if sum(row[2] == "pelvis" for row in rows) < 3:
        raise ModelError(
            "expected at least three known markers on the pelvis (ASIS, PSIS, sacrum), "
            f"found {[row[0] for row in rows if row[2] == 'pelvis']}; name them in take.yaml"
        )
    segments = [row[2] if row[2] == "pelvis" else row[2] + row[3] for row in rows]
    return MarkerSet(
        labels=tuple(row[0] for row in rows),
        landmarks=tuple(row[1] + row[3] for row in rows),
        column=np.array([row[4] for row in rows]),
        segment=np.array([body.segment(name) for name in segments]),
        place=np.array([place_of(body, row[1], row[3]) for row in rows]),
        scatter_m=np.array([PLACES[row[1]][2] if row[1] in PLACES else np.inf for row in rows]),
        skin_m=np.array([SKIN_M[row[2]] for row in rows]),
    )


def place_of(body: Body, name: str, suffix: str) -> FloatArray:
    """Place of a landmark on a segment of this body, in the segment's axes; NaN if it has none."""
    if name not in PLACES:
        return np.full(3, np.nan)
    segment, place, _ = PLACES[name]
    factor = body.factors[segment if segment == "pelvis" else segment + (suffix or "_r")]
    mirrored = np.array([1.0, 1.0, -1.0 if suffix == "_l" else 1.0])
    scaled: FloatArray = np.array(place) * mirrored * np.array(factor)
    return scaled


def rigid_fit(places: FloatArray, seen: FloatArray, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Rotation (time, 3, 3) and shift (time, 3) that lay local places on what is seen.

    Parameters
    ----------
    places : array, shape (marker, 3)
    seen : array, shape (time, marker, 3)
        NaN where a marker is hidden; frames with fewer than three give NaN.
    weight : array, shape (marker,)

    Notes
    -----
    Least squares by singular value decomposition (Söderkvist and Wedin 1993).
    """
    present = ~np.isnan(seen).any(axis=-1)
    w = np.where(present, weight, 0.0)[..., None]
    total = np.maximum(w.sum(axis=1), 1e-12)
    filled = np.nan_to_num(seen)
    centre_local = (w * places).sum(axis=1) / total
    centre_seen = (w * filled).sum(axis=1) / total
    spread = np.einsum("tmi,tmj->tij", w * (filled - centre_seen[:, None]), places[None] - centre_local[:, None])
    U, _, Vt = np.linalg.svd(spread)
    U[:, :, 2] *= np.linalg.det(U @ Vt)[:, None]
    rotation = U @ Vt
    shift = centre_seen - np.einsum("tij,tj->ti", rotation, centre_local)
    hidden = present.sum(axis=1) < 3
    rotation[hidden], shift[hidden] = np.nan, np.nan
    return rotation, shift


def seen_at(markers: xr.DataArray, names: MarkerSet) -> FloatArray:
    """Positions (time, marker of the set, 3) in m, lab frame."""
    values: FloatArray = markers.transpose("time", "marker", "space").sel(space=["x", "y", "z"]).values[:, names.column]
    return values


def between(names: MarkerSet, seen: FloatArray, first: Sequence[str]) -> FloatArray | None:
    """Midpoint (time, 3) of those of the landmarks that are there; None if none is."""
    columns = [names.landmarks.index(n) for n in first if n in names.landmarks]
    if not columns:
        return None
    middle: FloatArray = seen[:, columns].mean(axis=1)
    return middle
