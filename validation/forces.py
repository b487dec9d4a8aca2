"""Force plates of C3D files against what OpenSim's reader made of the same files.

The reference gives, per plate, force on the foot and moment about the centre of the plate's
surface, in the file's own frame (z up). Restride's readers turn the lab to y up and may turn it about the
vertical; the best of four quarter turns is taken.
"""

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from restride.readers import read
from restride.readers.force_plates import LEAST_FORCE_N
from validation.row import Row

FORCE_N: Final = 0.1
COP_MM: Final = 1.0
MOMENT_N_M: Final = 0.1
TAKES: Final = ("walking2", "walking5")
KINDS: Final = ("plate_grf", "plate_cop", "plate_free_moment")
LAB_FROM_FILE: Final = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])  # z up to y up

Array = npt.NDArray[np.float64]


def rows(shared: Path) -> list[Row]:
    """Largest difference of force, centre of pressure and free moment, per file and plate."""
    folder = shared / "c3d-forceplates-reference"
    return [row for take in TAKES for row in compared(folder, take)]


def compared(folder: Path, take: str) -> list[Row]:
    """The rows of one file."""
    recording = read([folder / f"{take}.c3d"])
    table = reference(folder / f"std_{take}_grfs.sto")
    found = []
    for number, plate in enumerate(recording["plate_grf"]["plate"].values, start=1):
        grf, cop, free = (at(recording[kind].sel(plate=plate), table.index) for kind in KINDS)
        force, point, moment = (table[[f"{kind}{number}_{k}" for k in (1, 2, 3)]].to_numpy() for kind in "fpm")
        turn = best_turn(force @ LAB_FROM_FILE.T, grf) @ LAB_FROM_FILE
        force, point, moment = force @ turn.T, 1e-3 * point @ turn.T, 1e-3 * moment @ turn.T
        loaded = force[:, 1] >= LEAST_FORCE_N  # below, no centre of pressure is given
        centre = centre_of_pressure(force, point, moment)
        left_over = moment - np.cross(centre - point, force)
        note = f"{len(table)} samples, {loaded.sum()} loaded"
        name = f"{take}, plate {number}"
        found += [
            Row(f"{name}, force", worst(grf - force), "N", FORCE_N, "max", note),
            Row(f"{name}, centre of pressure", 1e3 * worst((cop - centre)[loaded]), "mm", COP_MM, "max", note),
            Row(f"{name}, free moment", worst((free - left_over)[loaded]), "N m", MOMENT_N_M, "max", note),
        ]
    return found


def reference(path: Path) -> pd.DataFrame:
    """The reference table, indexed by time."""
    lines = path.read_text().splitlines()
    head = next(k for k, line in enumerate(lines) if line.split()[:1] == ["time"])
    values = np.array([line.split() for line in lines[head + 1 :]], dtype=float)
    return pd.DataFrame(values, columns=lines[head].split()).set_index("time")


def at(signal: xr.DataArray, times: pd.Index) -> Array:
    """Samples nearest to the times, shape (time, space)."""
    return np.asarray(signal.sel(time=times.to_numpy(), method="nearest").transpose("time", "space").values)


def best_turn(force: Array, grf: Array) -> Array:
    """The quarter turn about the vertical that takes one force to the other."""
    quarter = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])
    turns = [np.linalg.matrix_power(quarter, k) for k in range(4)]
    return min(turns, key=lambda turn: float(np.nansum((force @ turn.T - grf) ** 2)))


def centre_of_pressure(force: Array, point: Array, moment: Array) -> Array:
    """Where the force acts on the plate's level: no moment is left there but about the vertical."""
    with np.errstate(divide="ignore", invalid="ignore"):
        x = point[:, 0] + moment[:, 2] / force[:, 1]
        z = point[:, 2] - moment[:, 0] / force[:, 1]
    return np.column_stack([x, point[:, 1], z])


def worst(difference: Array) -> float:
    """Largest absolute component; NaN if any sample is missing."""
    return float(np.abs(difference).max()) if difference.size else float("nan")
