"""Inverse kinematics: how far markers stay from the body, and angles against published ones.

Marker error is the root mean square over all frames and all markers used. Angles are compared
after their mean difference is taken out: every model puts its zero elsewhere, and the offset is
shown. The sign of the knee is turned where a model counts extension as positive.
"""

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import xarray as xr

from restride import body
from restride.readers import read
from validation.row import Row

WALKING_MM: Final = 15.0
RUNNING_MM: Final = 18.0
# hip rotation is shown and not judged: thigh markers slide over it, and models differ most in it
JUDGED: Final = ("hip_flexion", "knee_angle", "ankle_angle")
SHOWN: Final = ("hip_adduction", "hip_rotation")
LEAST_R: Final = 0.90
PLUG_IN_GAIT: Final = {
    "hip_flexion": ("HipAngles", 0),
    "hip_adduction": ("HipAngles", 1),
    "hip_rotation": ("HipAngles", 2),
    "knee_angle": ("KneeAngles", 0),
    "ankle_angle": ("AnkleAngles", 0),
}

Array = npt.NDArray[np.float64]
Curves = dict[str, Array]


def rows(shared: Path) -> list[Row]:
    """Marker error of four takes; angles of the three that carry them."""
    return [*_run(shared), *_walk(shared), *_one_sided(shared), *_type4(shared)]


def _run(shared: Path) -> list[Row]:
    folder = shared / "run-emg-grf-mocap"
    tracked = _tracked([folder / "motion_capture_run.trc", folder / "static_run.trc"])
    reference = shared / "run-cmc-reference" / "runningModel_Kinematics_q.sto"
    lines = reference.read_text().splitlines()
    start = lines.index("endheader")
    names = lines[start + 1].split()
    table = np.array([line.split() for line in lines[start + 2 :] if line.strip()], dtype=np.float64)
    # degrees, though the header speaks of SI; knee negative in flexion
    curves = {n: np.radians(table[:, i]) * (-1 if n.startswith("knee") else 1) for i, n in enumerate(names)}
    return [_error("run", tracked, RUNNING_MM), *_angles("run", tracked.angles, table[:, 0], curves)]


def _walk(shared: Path) -> list[Row]:
    folder = shared / "walk-emg-mocap-grf"
    tracked = _tracked([folder / "markers_walk.trc"])
    reference = read([folder / "coordinates.sto"])["angles"]
    curves = {str(c): reference.sel(coordinate=c).values for c in reference["coordinate"].values}
    judged = _angles("walk", tracked.angles, reference["time"].values, curves)
    return [_error("walk", tracked, WALKING_MM), *judged]


def _one_sided(shared: Path) -> list[Row]:
    path = shared / "c3d-walk-one-sided-ankle" / "PiG_Motion-FlatFoot-Hole.c3d"
    tracked = _tracked([path])
    curves = _plug_in_gait(path)
    # the same frames in the same order; only the clock of the file starts elsewhere
    time_s = tracked.angles["time"].values
    judged = _angles("one-sided ankle", tracked.angles, time_s, curves)
    return [_error("one-sided ankle", tracked, WALKING_MM), *judged]


def _type4(shared: Path) -> list[Row]:
    return [_error("type-4 plates", _tracked([shared / "c3d-walk-emg-type4-plates" / "Gait.c3d"]), WALKING_MM)]


def _tracked(paths: list[Path]) -> body.Tracking:
    take = read(paths)
    static = next((take[kind] for kind in ("static_markers",) if kind in take), None)
    return body.track(body.scaled(take), take["markers"], static=static)


def _error(name: str, tracked: body.Tracking, bar_mm: float) -> Row:
    rms_mm = 1e3 * float(np.sqrt((tracked.marker_error**2).mean()))
    median_mm = 1e3 * float(tracked.marker_error.median())
    note = f"{tracked.marker_error.sizes['marker']} markers, median {median_mm:.1f} mm"
    return Row(f"{name}, marker error, RMS", rms_mm, "mm", bar_mm, "max", note)


def _angles(name: str, angles: xr.DataArray, time_s: Array, curves: Curves) -> list[Row]:
    found = []
    for joint in (*JUDGED, *SHOWN):
        for side in ("right", "left"):
            label = f"{joint}_{side[0]}"
            theirs = np.interp(angles["time"].values, time_s, curves[label], left=np.nan, right=np.nan)
            ours = angles.sel(coordinate=label).values
            known = ~np.isnan(theirs) & ~np.isnan(ours)
            difference = np.degrees(ours[known] - theirs[known])
            r = float(np.corrcoef(ours[known], theirs[known])[0, 1])
            note = f"{difference.std():.1f} deg RMS about an offset of {difference.mean():.1f} deg"
            found.append(Row(f"{name}, {joint}, {side}, r", r, "1", LEAST_R if joint in JUDGED else None, note=note))
    return found


def _plug_in_gait(path: Path) -> Curves:
    """Model outputs of a C3D, rad; frames the model left out (all zero) are NaN."""
    import ezc3d

    file = ezc3d.c3d(str(path))
    labels = list(file["parameters"]["POINT"]["LABELS"]["value"])
    curves = {}
    for joint, (output, axis) in PLUG_IN_GAIT.items():
        for side in ("r", "l"):
            points = file["data"]["points"][:3, labels.index(side.upper() + output)]
            values = np.where((points == 0).all(axis=0), np.nan, points[axis])
            curves[f"{joint}_{side}"] = np.radians(values)
    return curves
