"""EMG exports: the samples of Delsys and PLUX against their own tables read plainly, and damaged copies.

The Trigno sample is compared cell by cell with Python's own CSV reader, the PLUX sample count by count with
h5py and the transfer function of its data sheet. Damage: bytes changed and files cut off, of both samples.
"""

import csv
import tempfile
import time
from pathlib import Path
from typing import Final

import h5py
import numpy as np

from restride.errors import RestrideError
from restride.readers import read
from validation.row import Row

# copies of each sample; every HDF5 file is read in a process of its own
DAMAGED: Final = {"delsys_trigno_sample.csv": 400, "plux_emg_bursts.h5": 60}
LONGEST_S: Final = 5.0


def rows(shared: Path) -> list[Row]:
    """Agreement with the plain tables, and what becomes of damaged copies."""
    folder = shared / "emg-vendor-exports"
    return [*_trigno(folder / "delsys_trigno_sample.csv"), *_plux(folder / "plux_emg_bursts.h5"), *_damage(folder)]


def _trigno(path: Path) -> list[Row]:
    recording = read(path)
    with path.open(newline="", encoding="utf-8") as file:
        table = list(csv.reader(file))[18:]
    # columns of values stand behind their times: EMG in 1 and 15, the first sensor's x acceleration in 3
    emg = np.array([[float(row[1]), float(row[15])] for row in table])
    acc = np.array([float(row[3]) for row in table if row[3]]) * 9.80665
    times = np.array([float(row[0]) for row in table])
    apart = np.abs(recording["emg"].values - emg).max()
    late = np.abs(recording["emg"]["time"].values - times).max()
    return [
        Row("Trigno EMG against its cells", float(apart), "V", 0.0, "max", f"{emg.size} cells"),
        Row("Trigno times against its cells", 1e6 * float(late), "us", 1.0, "max", "the cells have 7 digits"),
        Row(
            "Trigno acceleration against its cells",
            float(np.abs(recording["acc"].values[:, 0, 0] - acc).max()),
            "m/s^2",
            1e-12,
            "max",
            f"{acc.size} cells",
        ),
    ]


def _plux(path: Path) -> list[Row]:
    emg = read(path)["emg"]
    with h5py.File(path, "r") as file:
        counts = file["00:07:80:3B:46:61/raw/channel_3"][:, 0].astype(np.float64)
    volts = (counts / 2**16 - 0.5) * 3.0 / 1000.0
    apart = np.abs(emg.values[:, 0] - volts).max()
    return [Row("PLUX volts against its counts", 1e6 * float(apart), "uV", 1e-9, "max", f"{counts.size} counts")]


def _damage(folder: Path) -> list[Row]:
    found: list[Row] = []
    rng = np.random.default_rng(0)
    for name, copies in DAMAGED.items():
        whole = (folder / name).read_bytes()
        failed, partial, longest_s = 0, 0, 0.0
        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / name
            for _ in range(copies):
                path.write_bytes(_damaged(whole, rng))
                start = time.perf_counter()
                try:
                    partial += bool(read(path).doubts)
                except RestrideError:
                    pass
                except Exception as error:  # noqa: BLE001 - any other error is what is counted here
                    failed += 1
                    print(f"  {name}: {type(error).__name__}: {error}")
                longest_s = max(longest_s, time.perf_counter() - start)
        note = f"{copies} copies, {partial} read with doubts"
        found.append(Row(f"damaged {name}, errors not ours", failed, "", 0.0, "max", note))
        found.append(Row(f"damaged {name}, longest", longest_s, "s", LONGEST_S, "max", note))
    return found


def _damaged(whole: bytes, rng: np.random.Generator) -> bytes:
    """The file cut off, or with one to eight bytes changed, half of the time near its beginning."""
    if rng.random() < 0.25:
        return whole[: int(rng.integers(1, len(whole)))]
    content = bytearray(whole)
    reach = len(whole) if rng.random() < 0.5 else 4096
    for at in rng.integers(0, reach, int(rng.integers(1, 9))):
        content[at] = int(rng.integers(0, 256))
    return bytes(content)
