"""Small sound files of every kind, to be damaged: published ones cut short, and some the tests write."""

import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from scipy.io import savemat
from tests.readers import emg_files, fit_files
from tests.readers.text_samples import SAMPLES

from restride.signals.schema import FloatArray

BLOCK: Final = 512
DEC: Final = 85
FRAMES: Final = 8  # of each C3D file: enough for all that is read of it but events
# with what a child's whole model gives, a file takes ten times as long as one of markers and EMG
C3D: Final = {
    "c3d-forceplates-reference/walking2.c3d": 900,
    "c3d-walk-emg-type4-plates/Gait.c3d": 1500,
    "c3d-walk-one-sided-ankle/PiG_Calibration-FlatFoot-Full.c3d": 600,
    "c3d-walk-one-sided-ankle/PiG_Motion-FlatFoot-Hole.c3d": 600,
    "c3d-walk-children-emg/HC002D02.c3d": 300,
    "c3d-walk-children-emg/HC032A03.c3d": 300,
}
FIT: Final = (
    *("fit-run/fenix5_run_short.fit", "fit-run/fenix5_walk_short.fit", "fit-edge-cases/activity-filecrc.fit"),
    *("fit-edge-cases/compressed-speed-distance.fit",),
    "fit-edge-cases/elemnt-bolt-no-application-id-inside-developer-data-id.fit",
)
EACH_FIT: Final = 600
EACH_EDF: Final = 1200
HDF5: Final = 240  # each is read by an interpreter of its own
EACH_MAT: Final = 500
EACH_TEXT: Final = 100
SAMPLES_LONG: Final = 240


@dataclass(frozen=True, slots=True)
class Sample:
    """A sound file, how often it is damaged, and how much of it is not plain numbers."""

    name: str
    suffix: str
    content: bytes
    mutants: int
    head: int
    binary: bool = True


def samples(shared: Path) -> list[Sample]:
    """All of them, the same ones at every call.

    Parameters
    ----------
    shared : Path
    """
    return [*_c3d(shared), *_fit(shared), *_written(), *_texts()]


def _c3d(shared: Path) -> Iterator[Sample]:
    for name, mutants in C3D.items():
        content, head = shortened((shared / name).read_bytes())
        yield Sample(f"C3D:{Path(name).stem}", ".c3d", content, mutants, head)


def shortened(content: bytes) -> tuple[bytes, int]:
    """The first frames of a little-endian C3D file, and where its data begin.

    Parameters
    ----------
    content : bytes
    """
    points, analogs, first, data_block = (struct.unpack_from("<H", content, at)[0] for at in (2, 4, 6, 16))
    start = BLOCK * (data_block - 1)
    scale = content[_value_at(content, b"\x05SCALE") :][:4]
    # negative: numbers are floats; the sign is in the last byte, or in the second where the processor is DEC's
    each = 4 if scale[1 if content[BLOCK + 3] == DEC else 3] & 0x80 else 2
    short = bytearray(content[: start + FRAMES * (4 * points + analogs) * each])
    struct.pack_into("<H", short, 8, first + FRAMES - 1)
    for name, value in ((b"\x06FRAMES", FRAMES), (b"\x10ACTUAL_END_FIELD", first + FRAMES - 1)):
        if name[1:] in content:
            struct.pack_into("<H", short, _value_at(content, name), value)
    return bytes(short), start


def _value_at(content: bytes, name: bytes) -> int:
    """Where the numbers of a parameter lie: after the length and group, name, step, type and dimensions."""
    at = content.index(name[1:], BLOCK) + len(name) - 1 + 2
    return at + 2 + content[at + 1]


def _fit(shared: Path) -> Iterator[Sample]:
    for name in FIT:
        content = (shared / name).read_bytes()
        yield Sample(f"FIT:{Path(name).stem[:20]}", ".fit", content, EACH_FIT, len(content))
    ride = fit_files.ride(
        columns={"left_right_balance": [0x80 | 48 + i % 5 for i in range(120)]}, session_balance=0x8000 | 5000
    )
    yield Sample("FIT:ride", ".fit", ride, 2 * EACH_FIT, len(ride))


def _written() -> Iterator[Sample]:
    wave = emg_files.wave(SAMPLES_LONG)
    signals = {"EMG L_TA": (200, "uV", 1e6 * wave), "EMG R_TA": (200, "uV", 1e6 * wave)}
    counts = (32768 + 5000 * np.sin(np.arange(SAMPLES_LONG))).astype(np.int64)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        edf = emg_files.edf(path.with_suffix(".edf"), signals).read_bytes()
        bdf = emg_files.edf(path.with_suffix(".bdf"), signals, bdf=True).read_bytes()
        hdf5 = emg_files.opensignals_hdf5(path.with_suffix(".h5"), counts).read_bytes()
    for compressed in (False, True):
        name = f"MAT:{'compressed' if compressed else 'plain'}"
        mat = _mobilised(wave, compressed=compressed)
        yield Sample(name, ".mat", mat, EACH_MAT, len(mat))
    yield Sample("EDF:two channels", ".edf", edf, EACH_EDF, 1024)
    yield Sample("BDF:two channels", ".bdf", bdf, EACH_EDF, 1024)
    yield Sample("HDF5:plux", ".h5", hdf5, HDF5, len(hdf5))


def _mobilised(wave: FloatArray, *, compressed: bool) -> bytes:
    """One trial with a sensor on each foot."""
    worn = {"Acc": np.column_stack([wave, wave, 1 + wave]), "Gyr": np.column_stack([wave] * 3)}
    units = {place: {**worn, "Fs": {"Acc": 100.0, "Gyr": 100.0}} for place in ("LeftFoot", "RightFoot")}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.mat"
        savemat(str(path), {"data": {"TimeMeasure1": {"Test5": {"Trial1": {"SU": units}}}}}, do_compression=compressed)
        content = path.read_bytes()
    # it begins with the time of writing, which would make other files of it every day
    return b"MATLAB 5.0 MAT-file".ljust(116) + content[116:]


def _texts() -> Iterator[Sample]:
    for name, text in SAMPLES.items():
        content = text.encode()
        yield Sample(f"text:{name}", Path(name).suffix, content, EACH_TEXT, len(content), binary=False)
