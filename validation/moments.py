"""Joint moments against OpenSim's inverse dynamics; force from motion against plates.

Walking: same angles, same force; the body is ours, sized by the markers of the walk, so what
differs is the size and mass of the segments and the arithmetic. Running: the ground force that the
motion alone asks for, told only when each foot is down.
"""

from pathlib import Path
from typing import Final

import numpy as np

from restride import body
from restride.readers import read
from validation.row import Row

# sum of the segment masses of the model behind the reference
MASS_KG: Final = 85.27
JOINTS: Final = ("hip_flexion", "hip_adduction", "hip_rotation", "knee_angle", "ankle_angle")
LEAST_R: Final = 0.97
# sum of the segment masses of the runner's published model
RUNNER_KG: Final = 72.84
RUNNING_HZ: Final = 10.0
LOADED_N: Final = 20.0
LEAST_FORCE_R: Final = 0.99
# splines and filters guess at both ends
EDGE_FRAMES: Final = 20
MOST_RMS_PERCENT: Final = 8.0


def rows(shared: Path) -> list[Row]:
    """Five joints of both legs in walking, then running without plates."""
    return walking(shared) + without_plates(shared)


def walking(shared: Path) -> list[Row]:
    """Correlation and RMS over range of five joints of both legs."""
    folder = shared / "walk-emg-mocap-grf"
    person = body.scaled(read([folder / "markers_walk.trc"]), mass_kg=MASS_KG)
    take = read([folder / "coordinates.sto", folder / "grf_walk.mot"])
    reference = read([folder / "id_walk.sto"])["moments"]
    ours = body.moments(
        person,
        take["angles"],
        take["root"],
        grf=take["grf"],
        cop=take["cop"],
        free_moment=take["free_moment"],
    ).moments
    found = []
    for joint in JOINTS:
        for side in ("right", "left"):
            name = f"{joint}_{side[0]}"
            a, b = ours.sel(coordinate=name).values, reference.sel(coordinate=name).values
            r = float(np.corrcoef(a, b)[0, 1])
            rms = float(np.sqrt(np.mean((a - b) ** 2)))
            found.append(Row(f"{joint} moment, {side}, r", r, "1", LEAST_R, note=f"RMS {rms:.1f} N m"))
            percent = 100 * rms / float(np.ptp(b))
            found.append(Row(f"{joint} moment, {side}, RMS of range", percent, "%", MOST_RMS_PERCENT, "max"))
    return found


def without_plates(shared: Path) -> list[Row]:
    """Vertical force from motion against the plates of the same run; joint moments that follow from it."""
    folder = shared / "run-emg-grf-mocap"
    take = read([folder / name for name in ("motion_capture_run.trc", "static_run.trc", "grf_run.mot")])
    person = body.scaled(take, mass_kg=RUNNER_KG)
    tracked = body.track(person, take["markers"], static=take["static_markers"])
    plates = take["grf"].interp(time=tracked.angles["time"].values)
    down = plates.sel(space="y", drop=True) > LOADED_N
    derived = body.derived_force(person, tracked.angles, tracked.root, contacts=down, cutoff_hz=RUNNING_HZ)
    inner = slice(EDGE_FRAMES, -EDGE_FRAMES)
    a = derived["grf"].sum("side").sel(space="y").values[inner]
    b = plates.sum("side").sel(space="y").values[inner]
    peak = f"peak {a.max():.0f} N, plates {b.max():.0f} N"
    found = [
        Row("running, vertical force from motion, r", float(np.corrcoef(a, b)[0, 1]), "1", LEAST_FORCE_R),
        Row("running, vertical force from motion, RMS", float(np.sqrt(np.mean((a - b) ** 2))), "N", None, note=peak),
    ]
    loads = ({k: source[k] for k in ("grf", "cop", "free_moment")} for source in (derived, take.signals))
    ours, theirs = (
        body.moments(person, tracked.angles, tracked.root, cutoff_hz=RUNNING_HZ, **load).moments for load in loads
    )
    for joint in JOINTS:
        x, y = (moments.sel(coordinate=[f"{joint}_r", f"{joint}_l"]).values.ravel() for moments in (ours, theirs))
        known = ~np.isnan(x) & ~np.isnan(y)
        r = float(np.corrcoef(x[known], y[known])[0, 1])
        found.append(Row(f"running, {joint} moment from derived force, r", r, "1", None, note="shown, not judged"))
    return found
