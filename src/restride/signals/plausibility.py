"""What geometry and weight say against the sides, the unit and the mass of a recording.

A swapped leg is the worst fault a recording can have and the easiest to see: the right
knee is on the left of the body.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import xarray as xr

from restride.signals.facing import FOREFOOT, HEEL, PELVIS_BACK, PELVIS_FRONT, body_front, path, steps_between
from restride.signals.landmarks import Landmark, landmark
from restride.signals.recording import Doubt, Recording
from restride.signals.schema import FloatArray
from restride.signals.units import GRAVITY_M_S2
from restride.signals.vocabulary import plain

# a landmark this far on the wrong side is not a narrow walk but another leg's label
WRONG_SIDE_M: Final = 0.03
# hips of a small child and of a tall man; outside, the unit is wrong by a power of ten
LEAST_HIP_M: Final = 0.25
MOST_HIP_M: Final = 1.5
# a force acts under a foot: beside its markers by no more than this
BESIDE_THE_FOOT_M: Final = 0.35
# nearer to the other foot by this much in single support: the sides are exchanged
NEARER_M: Final = 0.08
# events are where the force passes this
STANDING_ON_N: Final = 50.0
# the mean force of steps follows body weight within a few percent (shoes, one foot late)
MASS_APART: Final = 0.10
# nobody flies longer, running: the foot missed the plate
LONGEST_FLIGHT_S: Final = 0.3


def side_doubts(recording: Recording) -> tuple[Doubt, ...]:
    """What speaks against the labels of the legs, the unit of the markers and the stated mass.

    Parameters
    ----------
    recording : Recording
        With y up.

    Returns
    -------
    tuple of Doubt
        Those the recording does not list already.
    """
    doubts: list[Doubt] = []
    if "markers" in recording:
        markers = recording["markers"]
        # each doubt would raise all later ones: the first is the cause
        doubts += (
            _unit_doubts(markers)
            or [*_front_doubts(markers), *_leg_doubts(markers)]
            or [*_force_doubts(recording), *_plate_doubts(recording)]
        )
    if "static_markers" in recording:
        doubts += _leg_doubts(recording["static_markers"], where=" of the static trial")
    doubts += _mass_doubts(recording)
    return tuple(doubt for doubt in doubts if doubt not in recording.doubts)


def mass_from_force(grf: xr.DataArray) -> float | None:
    """Mass that the vertical force over whole steps carries, kg; None if no step is complete.

    Parameters
    ----------
    grf : DataArray, dims (time, side, space), units "N"

    Notes
    -----
    From one foot's contact to the other's the body neither rises nor falls for long, so the
    mean force is the weight. A step counts if both its ends are alike (double support,
    or a flight of less than 0.3 s), so that a foot beside the plate is left out. Median
    over steps.
    """
    time_s = grf["time"].values
    up = np.nan_to_num(grf.sel(space="y").transpose("time", "side").values)
    down = up > STANDING_ON_N
    starts = sorted(
        (int(i), side)
        for side in range(up.shape[1])
        for i in np.flatnonzero(np.diff(down[:, side].astype(int)) == 1) + 1
    )
    weights: list[float] = []
    for (begin, one), (end, other) in pairwise(starts):
        supported = [bool(down[i, 1 - side]) for i, side in ((begin, one), (end, other))]
        airborne = float((~down[begin:end].any(axis=1)).sum()) * (time_s[1] - time_s[0])
        flying = not supported[0] and _flight_before(down, time_s, begin) <= LONGEST_FLIGHT_S
        if (
            end > begin
            and one != other
            and supported[0] == supported[1]
            and (supported[0] or flying)
            and airborne <= LONGEST_FLIGHT_S
        ):
            weights.append(float(up[begin:end].sum(axis=1).mean()))
    return float(np.median(weights)) / GRAVITY_M_S2 if weights else None


def _flight_before(down: np.ndarray, time_s: FloatArray, begin: int) -> float:
    before = np.flatnonzero(down[:begin].any(axis=1))
    return float(time_s[begin] - time_s[before[-1]]) if before.size else np.inf


def _mass_doubts(recording: Recording) -> list[Doubt]:
    found = mass_from_force(recording["grf"]) if "grf" in recording else None
    stated = recording.subject.mass_kg
    if found is None:
        return []
    if stated is None:
        text = f"The body mass is not stated; the force says {found:.1f} kg."
        return [Doubt("mass", text, f"Add to take.yaml: subject: {{mass_kg: {found:.1f}}}.")]
    if abs(found / stated - 1) > MASS_APART:
        source = recording.subject.mass_source or "no source named"
        text = f"The body mass is stated as {stated:.1f} kg ({source}), but the force carries {found:.1f} kg."
        return [Doubt("mass", text, "Check the mass, the calibration of the plates, and whether all steps hit them.")]
    return []


def _unit_doubts(markers: xr.DataArray) -> list[Doubt]:
    heights = {}
    for name, segments in (("hip", ("pelvis",)), ("foot", ("calcn", "toes"))):
        chosen = [str(m) for m in markers["marker"].values if (f := landmark(str(m))) and f.segment in segments]
        values = markers.sel(marker=chosen, space="y").values
        heights[name] = float(np.nanmedian(values)) if np.isfinite(values).any() else np.nan
    hip_m = heights["hip"] - heights["foot"]
    if np.isnan(hip_m) or LEAST_HIP_M <= abs(hip_m) <= MOST_HIP_M:
        return []
    text = f"The hips are {abs(hip_m):g} m above the feet, which no person is: the unit of the markers is wrong."
    return [Doubt("markers", text, "State it in take.yaml: markers: {unit: mm} (or m, cm).")]


def _front_doubts(markers: xr.DataArray) -> list[Doubt]:
    pelvis = steps_between(markers, PELVIS_BACK, PELVIS_FRONT)
    feet = steps_between(markers, HEEL, FOREFOOT)
    together = (pelvis * feet).sum(axis=1)
    together = together[~np.isnan(together)]
    if together.size and float(np.median(together)) < 0:
        text = "The toes point to the back of the pelvis: front and back of pelvis or feet are exchanged."
        return [Doubt("sides", text, "Check the labels ASIS and PSIS, heel and toe.")]
    front, way = body_front(markers), path(markers)
    if front is not None and float(np.linalg.norm(way)) > 1.0 and float(way @ front) < 0:
        text = (
            "The person moves toward the back of the pelvis: a walk backward, or front and back labels are exchanged."
        )
        return [Doubt("sides", text, "If it is no walk backward, check the labels of the pelvis.")]
    return []


def _leg_doubts(markers: xr.DataArray, *, where: str = "") -> list[Doubt]:
    """Landmarks whose right one is on the left of the body."""
    right = _rightward(markers)
    known = {str(m): found for m in markers["marker"].values if (found := landmark(str(m)))}
    wrong: list[str] = []
    fine: list[str] = []
    for label, found in known.items():
        fellow = _fellow(known, found)
        if found.side != "right" or fellow is None or found.segment in ("humerus", "radius", "head"):
            continue
        apart = ((markers.sel(marker=label).values - markers.sel(marker=fellow).values) * right).sum(axis=1)
        apart = apart[~np.isnan(apart)]
        # feet that cross the middle are on neither side
        if apart.size and abs(float(np.median(apart))) > WRONG_SIDE_M:
            (wrong if float(np.median(apart)) < 0 else fine).append(plain(found.name))
    if not wrong:
        return _inner_doubts(markers, known, right, where)
    if not fine:
        text = f"Every marker labelled right{where} is on the left of the body: left and right are exchanged."
        return [Doubt("sides", text, "If the labels are wrong, add to take.yaml: sides_swapped: [markers].")]
    listed = ", ".join(dict.fromkeys(wrong))
    text = f"Labelled right but on the left of the body{where}: {listed}. These markers of the two legs are exchanged."
    return [Doubt("sides", text, "Correct their labels in the marker file.")]


def _inner_doubts(markers: xr.DataArray, known: dict[str, Landmark], right: FloatArray, where: str) -> list[Doubt]:
    """Medial markers that lie outside of the lateral ones of the same joint."""
    labels = {(found.name, found.side): label for label, found in known.items()}
    wrong: list[str] = []
    for joint in ("knee", "ankle"):
        for side, outward in (("left", -right), ("right", right)):
            pair = [labels.get((f"{joint}_{end}", side)) for end in ("lateral", "medial")]  # type: ignore[arg-type]
            if None not in pair:
                outer, inner = (markers.sel(marker=label).values for label in pair)
                apart = ((outer - inner) * outward).sum(axis=1)
                apart = apart[~np.isnan(apart)]
                wrong += [f"{side} {joint}"] if apart.size and float(np.median(apart)) < 0 else []
    if not wrong:
        return []
    text = f"The marker taken as medial lies on the outer side{where}: {', '.join(wrong)}."
    return [Doubt("sides", text, "Exchange the labels of the medial and the lateral marker.")]


def _fellow(known: dict[str, Landmark], one: Landmark) -> str | None:
    """Label of the same landmark on the left."""
    return next(
        (label for label, f in known.items() if f.side == "left" and (f.name, f.segment) == (one.name, one.segment)),
        None,
    )


def _rightward(markers: xr.DataArray) -> FloatArray:
    """Unit vector to the right of the body in each frame, from its front; shape (time, 3)."""
    front = steps_between(markers, PELVIS_BACK, PELVIS_FRONT)
    if np.isnan(front).all():
        front = steps_between(markers, HEEL, FOREFOOT)
    right = np.stack([-front[:, 2], np.zeros(len(front)), front[:, 0]], axis=1)
    length = np.linalg.norm(right, axis=1, keepdims=True)
    unit: FloatArray = np.divide(right, length, out=np.full_like(right, np.nan), where=length > 0)
    return unit


def _foot_places(markers: xr.DataArray, time_s: FloatArray) -> dict[str, FloatArray]:
    """Horizontal middle of each foot at some times, shape (time, 2); NaN where not seen."""
    places: dict[str, FloatArray] = {}
    for side in ("left", "right"):
        names = [
            str(m)
            for m in markers["marker"].values
            if (f := landmark(str(m))) and f.side == side and f.name in (*HEEL, *FOREFOOT)
        ]
        if names:
            middle = markers.sel(marker=names).mean("marker", skipna=False).sel(space=["x", "z"])
            places[side] = middle.interp(time=time_s).transpose("time", "space").values
    return places


def _distances(cop: xr.DataArray, loaded: np.ndarray, places: dict[str, FloatArray]) -> dict[str, float]:
    """Median distance from a point of application to each foot while it is loaded."""
    point = cop.sel(space=["x", "z"]).transpose("time", "space").values
    found: dict[str, float] = {}
    for side, place in places.items():
        far = np.linalg.norm(point - place, axis=1)[loaded]
        found[side] = float(np.median(far[~np.isnan(far)])) if (~np.isnan(far)).any() else np.nan
    return found


def _force_doubts(recording: Recording) -> list[Doubt]:
    if "grf" not in recording or "cop" not in recording:
        return []
    up = np.nan_to_num(recording["grf"].sel(space="y").transpose("time", "side").values)
    sides = [str(s) for s in recording["grf"]["side"].values]
    places = _foot_places(recording["markers"], recording["grf"]["time"].values)
    crossed: list[bool] = []
    distant: list[float] = []
    for k, side in enumerate(sides):
        alone = (up[:, k] > STANDING_ON_N) & (np.delete(up, k, axis=1) < STANDING_ON_N).all(axis=1)
        far = _distances(recording["cop"].sel(side=side), alone, places)
        if len(far) == 2 and not np.isnan(list(far.values())).any():
            crossed.append(far[side] > far["left" if side == "right" else "right"] + NEARER_M)
            distant.append(min(far.values()))
    if crossed and all(crossed):
        text = "The force called right acts under the left foot, and the left one under the right: they are exchanged."
        return [Doubt("sides", text, "If the markers are right, add to take.yaml: sides_swapped: [forces].")]
    if any(crossed):
        text = "One of the two forces acts mostly under the other foot: the sides of the forces are in doubt."
        return [Doubt("sides", text, "Check which plate was stepped on by which foot.")]
    return _far_doubt(distant)


def _plate_doubts(recording: Recording) -> list[Doubt]:
    if "plate_grf" not in recording or "plate_cop" not in recording:
        return []
    places = _foot_places(recording["markers"], recording["plate_grf"]["time"].values)
    distant: list[float] = []
    for plate in recording["plate_grf"]["plate"].values:
        loaded = np.nan_to_num(recording["plate_grf"].sel(plate=plate, space="y").values) > STANDING_ON_N
        far = [
            d for d in _distances(recording["plate_cop"].sel(plate=plate), loaded, places).values() if not np.isnan(d)
        ]
        distant += [min(far)] if far else []
    return _far_doubt(distant)


def _far_doubt(distant: Sequence[float]) -> list[Doubt]:
    if not distant or min(distant) <= BESIDE_THE_FOOT_M:
        return []
    text = (
        f"The force acts {min(distant):.2f} m beside the nearest foot: axes or clocks of forces and markers do not fit."
    )
    return [Doubt("forces", text, "Check that both files are of one take and have the same axes.")]
