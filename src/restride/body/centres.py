"""Markers without a skin marker on the pelvis: joint centres that a pose estimator triangulated.

Hips, knees and ankles are then centres of joints, and the pelvis is known by both hips and the neck: the
trunk stands on it as if it were one piece, so that its tilt is that of the trunk.
"""

from typing import Final

import numpy as np
import xarray as xr

from restride.body.anatomy import PLACES, SKIN_M, MarkerSet, marker_set, place_of
from restride.body.model import Body
from restride.signals.landmarks import Landmark, landmark
from restride.signals.schema import FloatArray
from restride.signals.vocabulary import SUFFIX

# what these labels mean on a skin, and what they mean in a table of keypoints
_AS_CENTRE: Final = {"knee_lateral": "knee_centre", "ankle_lateral": "ankle_centre"}
_ON_PELVIS: Final = ("asis", "psis", "sacrum", "psis_middle", "asis_middle")
# generic body, standing: middle between the shoulder joints, in axes of the pelvis
_NECK_M: Final = (-0.09, 0.50, 0.0)
# estimators put a joint centre within 1 to 3 cm (Needham et al. 2021), the neck with the bending of the trunk
_CENTRE_M: Final = 0.015
_TRUNK_M: Final = 0.03


def of_centres(markers: xr.DataArray) -> bool:
    """Whether markers are joint centres of a pose estimator: hips and neck, and nothing on the pelvis.

    Parameters
    ----------
    markers : DataArray with a dimension ``marker`` of labels
    """
    known = [found for label in markers["marker"].values if (found := landmark(str(label))) is not None]
    hips = {found.side for found in known if found.name == "hip_centre"}
    return (
        hips >= {"left", "right"}
        and any(found.name == "neck" for found in known)
        and not any(found.name in _ON_PELVIS for found in known)
    )


def known_markers(body: Body, markers: xr.DataArray) -> MarkerSet:
    """The markers that say how a body is posed: those on its skin, or joint centres where there is none on the pelvis.

    Parameters
    ----------
    body : Body
    markers : DataArray with a dimension ``marker`` of labels

    Raises
    ------
    ModelError
        As ``marker_set``.
    """
    return centre_set(body, markers) if of_centres(markers) else marker_set(body, markers)


def centre_set(body: Body, markers: xr.DataArray) -> MarkerSet:
    """Joint centres, heels and toes with their segments and places; hips and neck on the pelvis.

    Parameters
    ----------
    body : Body
    markers : DataArray with a dimension ``marker`` of labels
        For which ``of_centres`` holds.
    """
    rows: list[tuple[str, str, str, int, FloatArray, float, float]] = []
    for column, label in enumerate(str(m) for m in markers["marker"].values):
        found = landmark(label)
        row = None if found is None else _row(body, found)
        if row is not None:
            rows.append((label, row[0], row[1], column, *row[2:]))
    return MarkerSet(
        labels=tuple(row[0] for row in rows),
        landmarks=tuple(row[1] for row in rows),
        column=np.array([row[3] for row in rows]),
        segment=np.array([body.segment(row[2]) for row in rows]),
        place=np.array([row[4] for row in rows]),
        scatter_m=np.array([row[5] for row in rows]),
        skin_m=np.array([row[6] for row in rows]),
    )


def _row(body: Body, found: Landmark) -> tuple[str, str, FloatArray, float, float] | None:
    """Landmark, segment, place, and how far it scatters between people and over the bone; None if not used."""
    if found.name == "neck":
        return "neck", "pelvis", np.array(_NECK_M) * body.height_m / 1.70, _TRUNK_M / 2, _TRUNK_M
    if found.side is None:
        return None
    suffix = SUFFIX[found.side]
    if found.name == "hip_centre":
        hip: FloatArray = np.array(body.model.body(f"femur{suffix}").pos)
        return f"hip_centre{suffix}", "pelvis", hip, _CENTRE_M, _CENTRE_M
    name = _AS_CENTRE.get(found.name, found.name)
    if name not in PLACES:
        return None
    segment, _, scatter_m = PLACES[name]
    skin_m = _CENTRE_M if name in _AS_CENTRE.values() else SKIN_M[segment]
    return name + suffix, segment + suffix, place_of(body, name, suffix), scatter_m, skin_m


def centre_factors(plain: Body, markers: xr.DataArray) -> dict[str, float]:
    """Size of pelvis, thigh, shank and foot over the generic body, from distances between joint centres.

    Parameters
    ----------
    plain : Body
        The generic one.
    markers : DataArray, dims (time, marker, space), units "m"

    Returns
    -------
    dict
        ``pelvis, femur, tibia, calcn``; NaN where a distance was never seen. Both legs get one size.
    """
    names = centre_set(plain, markers)
    seen = markers.transpose("time", "marker", "space").values[:, names.column]
    at = {name: seen[:, i] for i, name in enumerate(names.landmarks)}
    where = dict(zip(names.landmarks, names.place, strict=True))
    femur = {s: float(np.linalg.norm(plain.model.body(f"tibia{s}").pos)) for s in ("_l", "_r")}
    apart = float(np.linalg.norm(where["hip_centre_l"] - where["hip_centre_r"]))
    found = {"pelvis": [_over(at, "hip_centre_l", "hip_centre_r", apart)]}
    for s in ("_l", "_r"):
        shank = float(np.linalg.norm(where.get(f"ankle_centre{s}", np.full(3, np.nan))))
        foot = where.get(f"heel{s}", np.full(3, np.nan)) - _toe(plain, s)
        found.setdefault("femur", []).append(_over(at, f"hip_centre{s}", f"knee_centre{s}", femur[s]))
        found.setdefault("tibia", []).append(_over(at, f"knee_centre{s}", f"ankle_centre{s}", shank))
        found.setdefault("calcn", []).append(_over(at, f"heel{s}", f"toe_tip{s}", float(np.linalg.norm(foot))))
    return {segment: _mean(values) for segment, values in found.items()}


def _toe(plain: Body, suffix: str) -> FloatArray:
    """Tip of the big toe of the standing body, in axes of the heel's segment."""
    return np.asarray(plain.model.body(f"toes{suffix}").pos + place_of(plain, "toe_tip", suffix))


def _over(at: dict[str, FloatArray], one: str, other: str, generic_m: float) -> float:
    if one not in at or other not in at:
        return float("nan")
    apart = np.linalg.norm(at[one] - at[other], axis=1)
    known = apart[np.isfinite(apart)]
    return float(np.median(known) / generic_m) if known.size else float("nan")


def _mean(values: list[float]) -> float:
    known = [v for v in values if np.isfinite(v)]
    return float(np.mean(known)) if known else float("nan")
