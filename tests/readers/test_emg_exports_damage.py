"""Damaged files: an error of ours or a recording, never a crash."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.readers import emg_files

import restride
from restride.errors import RestrideError
from restride.readers import hdf5_devices

FILES = 200
HDF5_FILES = 20  # each is read in a process of its own
WAVE = emg_files.wave(240)
COUNTS = (32768 + 5000 * np.sin(np.arange(300))).astype(np.int64)

WRITERS: dict[str, Callable[[Path], Path]] = {
    "trigno.csv": lambda p: emg_files.trigno(p, {"L TA": WAVE, "R TA": WAVE}),
    "discover.csv": lambda p: emg_files.discover(p, {"L TA (1)": (2000.0, WAVE), "R TA (2)": (2000.0, WAVE)}),
    "noraxon.csv": lambda p: emg_files.noraxon(p, {"LT TIB.ANT. (uV)": 1e6 * WAVE, "RT SOLEUS (uV)": 1e6 * WAVE}),
    "plux.txt": lambda p: emg_files.opensignals_text(p, COUNTS),
    "plux.h5": lambda p: emg_files.opensignals_hdf5(p, COUNTS),
    "a.edf": lambda p: emg_files.edf(p, {"EMG L_TA": (200, "uV", 1e6 * WAVE), "EMG R_TA": (200, "uV", 1e6 * WAVE)}),
    "a.bdf": lambda p: emg_files.edf(p, {"EMG L_TA": (200, "uV", 1e6 * WAVE)}, bdf=True),
}


def damaged(whole: bytes, rng: np.random.Generator) -> bytes:
    """The file with one to eight bytes changed, half of them in its first kilobyte, or cut off."""
    if rng.random() < 0.25:
        return whole[: int(rng.integers(1, len(whole)))]
    content = bytearray(whole)
    reach = len(whole) if rng.random() < 0.5 else min(len(whole), 1024)
    for at in rng.integers(0, reach, int(rng.integers(1, 9))):
        content[at] = int(rng.integers(0, 256))
    return bytes(content)


def names(recording: restride.Recording) -> dict[str, str]:
    emg = recording["emg"]
    return dict(zip(map(str, emg["label"].values), map(str, emg["channel"].values), strict=True))


@pytest.mark.parametrize("name", list(WRITERS))
def test_a_damaged_file_is_an_error_of_ours_or_a_recording_with_the_same_sides(tmp_path: Path, name: str) -> None:
    path = WRITERS[name](tmp_path / name)
    whole, undamaged = path.read_bytes(), names(restride.read(path))
    rng = np.random.default_rng(len(whole))
    outcomes: list[bool] = []
    count = HDF5_FILES if name.endswith("h5") else FILES
    for _ in range(count):
        path.write_bytes(damaged(whole, rng))
        try:
            recording = restride.read(path)
        except RestrideError:
            outcomes.append(False)
            continue
        outcomes.append(True)
        assert not np.isinf(recording["emg"].values).any()
        for label, channel in names(recording).items():
            # under the name it has undamaged, or under none
            assert undamaged.get(label, channel) == channel or channel.startswith(label)
    assert 0 < sum(outcomes) < count


def test_a_file_that_holds_the_library_too_long_is_given_up(tmp_path: Path) -> None:
    path = WRITERS["plux.h5"](tmp_path / "plux.h5")
    with pytest.raises(ValueError, match="could not read"):
        hdf5_devices.devices(path, limit_s=1e-3)


@pytest.mark.parametrize("name", list(WRITERS))
def test_a_file_cut_in_half_says_so(tmp_path: Path, name: str) -> None:
    path = WRITERS[name](tmp_path / name)
    samples = restride.read(path)["emg"].sizes["time"]
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    try:
        recording = restride.read(path)
    except RestrideError:
        return
    assert recording["emg"].sizes["time"] < samples
    assert any(word in d.message for d in recording.doubts for word in ("promises", "middle of a row"))
