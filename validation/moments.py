"""Joint moments against OpenSim's inverse dynamics of the same walk.

Same angles, same force; the body is ours, sized by the markers of the walk, so what differs is
the size and mass of the segments and the arithmetic.
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
MOST_RMS_PERCENT: Final = 8.0


def rows(shared: Path) -> list[Row]:
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
