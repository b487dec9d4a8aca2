"""The size of a person's segments from distances between markers.

``scaled``  the body in the size of the person recorded

A standing trial is best; without one the same distances are taken over the movement,
where skin motion averages out. Both legs get one size, the mean of left and right: a
difference of a few millimetres between markers is placement, and would come back as a
difference between the legs. What cannot be measured follows the height.
"""

from typing import Final

import numpy as np
import xarray as xr

from restride.body.anatomy import MarkerSet, between, marker_set, place_of, rigid_fit, seen_at
from restride.body.centres import centre_factors, of_centres
from restride.body.model import GENERIC_HEIGHT_M, LEG_SEGMENTS, Body, generic, resized
from restride.errors import ModelError
from restride.signals.recording import Recording
from restride.signals.schema import FloatArray, require

# a factor beyond these is a wrong label, not a person
_PLAUSIBLE: Final = (0.4, 1.6)
# a landmark hidden most of the time says less than the others without it
_SEEN_SHARE: Final = 0.2
_KNEE: Final = ("knee_lateral", "knee_medial")
_ANKLE: Final = ("ankle_lateral", "ankle_medial")


def scaled(recording: Recording, *, mass_kg: float | None = None, height_m: float | None = None) -> Body:
    """The body in the size of the person recorded.

    Parameters
    ----------
    recording : Recording
        With ``static_markers`` or ``markers``; without either the body is scaled by
        height alone.
    mass_kg, height_m : float, optional
        None: from ``recording.subject``; if that is silent too, 75 kg, and a height
        from the length of the legs.
    """
    mass = recording.subject.mass_kg if mass_kg is None else mass_kg
    height = recording.subject.height_m if height_m is None else height_m
    kind = next((k for k in ("static_markers", "markers") if k in recording), None)
    if kind is None:
        return generic(mass_kg=mass, height_m=height)
    return sized(recording[kind], mass_kg=mass, height_m=height)


def sized(markers: xr.DataArray, *, mass_kg: float | None = None, height_m: float | None = None) -> Body:
    """The body in the size that the distances between markers say.

    Parameters
    ----------
    markers : DataArray, dims (time, marker, space), units "m", lab
        Standing or moving.
    mass_kg, height_m : float, optional
        Height is used only where markers are silent.

    Raises
    ------
    ModelError
        If the pelvis has fewer than three known markers, or a segment would come out
        at less than 0.4 or more than 1.6 of the generic size.

    Notes
    -----
    Pelvis: width between the ASIS, depth from ASIS to PSIS or sacrum, height the mean
    of both. Thigh: from the hip centre (rigid with the sized pelvis) to the knee
    markers; shank: knee to ankle markers; foot: heel to toe and fifth metatarsal.
    """
    markers = require(markers, dims=("time", "marker", "space"), units="m", name="markers")
    plain = generic()
    if of_centres(markers):
        return _sized_by_centres(plain, markers, mass_kg=mass_kg, height_m=height_m)
    names = marker_set(plain, markers, computed=True)
    seen = seen_at(markers, names)
    by_height = (height_m or GENERIC_HEIGHT_M) / GENERIC_HEIGHT_M
    pelvis = _pelvis_factors(plain, names, seen)
    factors = {"pelvis": pelvis}
    hips = _hip_centres(resized(factors), names, seen)
    thigh = _ratio([_thigh(plain, names, seen, hips[s], s) for s in ("_r", "_l")])
    shank = _ratio([_span(plain, names, seen, (_KNEE, _ANKLE), s) for s in ("_r", "_l")])
    foot = _ratio(
        [_span(plain, names, seen, (("heel",), (t,)), s) for s in ("_r", "_l") for t in ("toe", "mt5", "mt1")]
    )
    legs = [f for f in (thigh, shank) if f is not None]
    overall = by_height if height_m is not None or not legs else float(np.mean(legs))
    chosen = {"femur": thigh, "patella": thigh, "tibia": shank, "talus": foot, "calcn": foot, "toes": foot}
    for segment in LEG_SEGMENTS:
        factor = chosen[segment] or overall
        if not _PLAUSIBLE[0] < factor < _PLAUSIBLE[1]:
            raise ModelError(
                f"expected a {segment} of 0.4 to 1.6 of the generic size, found {factor:.2f}; check labels and units"
            )
        factors |= {f"{segment}{s}": (factor, factor, factor) for s in ("_r", "_l")}
    factors["torso"] = (overall, overall, overall)
    return resized(factors, mass_kg=mass_kg, height_m=height_m or overall * GENERIC_HEIGHT_M)


def _sized_by_centres(plain: Body, markers: xr.DataArray, *, mass_kg: float | None, height_m: float | None) -> Body:
    """The body in the size that distances between joint centres say; what they do not say follows the legs."""
    found = centre_factors(plain, markers)
    legs = [found[s] for s in ("femur", "tibia") if np.isfinite(found[s])]
    if not legs:
        raise ModelError("expected thighs or shanks to know the size of the body, found neither; check the labels")
    overall = height_m / GENERIC_HEIGHT_M if height_m is not None else float(np.mean(legs))
    foot = found["calcn"]
    chosen = {"pelvis": found["pelvis"], "femur": found["femur"], "patella": found["femur"], "tibia": found["tibia"]}
    chosen |= {"talus": foot, "calcn": foot, "toes": foot, "torso": overall}
    factors: dict[str, tuple[float, float, float]] = {}
    for segment, factor in chosen.items():
        size = factor if np.isfinite(factor) else overall
        if not _PLAUSIBLE[0] < size < _PLAUSIBLE[1]:
            raise ModelError(
                f"expected a {segment} of 0.4 to 1.6 of the generic size, found {size:.2f}; check labels and units"
            )
        sides = ("_r", "_l") if segment in LEG_SEGMENTS else ("",)
        factors |= {f"{segment}{s}": (size, size, size) for s in sides}
    return resized(factors, mass_kg=mass_kg, height_m=height_m or overall * GENERIC_HEIGHT_M)


def _pelvis_factors(plain: Body, names: MarkerSet, seen: FloatArray) -> tuple[float, float, float]:
    right, left = (between(names, seen, [f"asis{s}"]) for s in ("_r", "_l"))
    back = between(names, seen, ["psis_r", "psis_l"])
    behind = "psis"
    if back is None or not {"psis_r", "psis_l"} <= set(names.landmarks):
        back, behind = between(names, seen, ["sacrum", "psis_middle"]), "sacrum"
    if right is None or left is None or back is None:
        raise ModelError(
            "expected both ASIS and the PSIS or sacrum, to know the size of the pelvis; name them in take.yaml"
        )
    width = _median_length(right - left) / (2 * place_of(plain, "asis", "_r")[2])
    reach = (place_of(plain, "asis", "_r") - place_of(plain, behind, ""))[:2]
    depth = _median_length((right + left) / 2 - back) / float(np.hypot(*reach))
    if not (_PLAUSIBLE[0] < width < _PLAUSIBLE[1] and _PLAUSIBLE[0] < depth < _PLAUSIBLE[1]):
        raise ModelError(
            f"expected a pelvis of 0.4 to 1.6 of the generic size, found {width:.2f} wide, {depth:.2f} deep"
        )
    return depth, (depth + width) / 2, width


def _hip_centres(body: Body, names: MarkerSet, seen: FloatArray) -> dict[str, FloatArray]:
    """Hip centres (time, 3) that move with the pelvis markers."""
    on_pelvis = [i for i, name in enumerate(names.landmarks) if name.split("_")[0] in ("asis", "psis", "sacrum")]
    places = np.array([place_of(body, *_split(names.landmarks[i])) for i in on_pelvis])
    rotation, shift = rigid_fit(places, seen[:, on_pelvis], np.ones(len(on_pelvis)))
    femur = {s: np.array(body.model.body(f"femur{s}").pos) for s in ("_r", "_l")}
    return {s: shift + rotation @ femur[s] for s in femur}


def _thigh(plain: Body, names: MarkerSet, seen: FloatArray, hip: FloatArray, suffix: str) -> float | None:
    knee, place = _joint(plain, names, seen, _KNEE, suffix)
    return None if knee is None else _median_length(knee - hip) / float(np.linalg.norm(place))


def _span(
    plain: Body, names: MarkerSet, seen: FloatArray, ends: tuple[tuple[str, ...], tuple[str, ...]], suffix: str
) -> float | None:
    """Distance between two ends over that of the generic body."""
    first, start = _joint(plain, names, seen, ends[0], suffix)
    second, end = _joint(plain, names, seen, ends[1], suffix)
    if first is None or second is None:
        return None
    if ends[0] == _KNEE:
        # the knee's place is on the thigh, 0.404 m below the hip; the shank's frame starts there
        start = start - np.array(plain.model.body(f"tibia{suffix}").pos)
    return _median_length(second - first) / float(np.linalg.norm(end - start))


def _joint(
    plain: Body, names: MarkerSet, seen: FloatArray, landmarks: tuple[str, ...], suffix: str
) -> tuple[FloatArray | None, FloatArray]:
    """Middle of those of the landmarks that were seen, measured and on the generic body."""
    there = [name for name in landmarks if _often_seen(names, seen, name + suffix)]
    places = np.array([place_of(plain, name, suffix) for name in there or landmarks])
    return between(names, seen, [name + suffix for name in there]), places.mean(axis=0)


def _often_seen(names: MarkerSet, seen: FloatArray, landmark: str) -> bool:
    if landmark not in names.landmarks:
        return False
    hidden = np.isnan(seen[:, names.landmarks.index(landmark)]).any(axis=-1)
    return bool(1.0 - hidden.mean() >= _SEEN_SHARE)


def _split(name: str) -> tuple[str, str]:
    return (name[:-2], name[-2:]) if name[-2:] in ("_r", "_l") else (name, "")


def _median_length(vectors: FloatArray) -> float:
    lengths = np.linalg.norm(vectors, axis=-1)
    known = lengths[~np.isnan(lengths)]
    return float(np.median(known)) if known.size else float("nan")


def _ratio(found: list[float | None]) -> float | None:
    known = [f for f in found if f is not None and np.isfinite(f)]
    return float(np.mean(known)) if known else None
