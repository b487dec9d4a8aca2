from pathlib import Path

import numpy as np
import pyedflib
import pytest
from numpy.testing import assert_allclose
from tests.readers import emg_files

import restride
from restride.errors import ReadError
from restride.signals.schema import sampling_rate_hz

LEFT, RIGHT, SWAY = emg_files.wave(3000, size=400.0), emg_files.wave(3000, size=90.0, step=0.3), emg_files.wave(300)
SIGNALS = {"EMG L_TA": (1000, "uV", LEFT), "EMG R_TA": (1000, "uV", RIGHT), "sway": (100, "mm", SWAY)}


def said(recording: restride.Recording) -> str:
    return " ".join(f"{d.message} {d.remedy}" for d in recording.doubts)


@pytest.mark.parametrize("bdf", [False, True])
def test_physical_values_are_those_another_reader_gives(tmp_path: Path, bdf: bool) -> None:
    path = emg_files.edf(tmp_path / ("a.bdf" if bdf else "a.edf"), SIGNALS, bdf=bdf)
    emg = restride.read(path)["emg"]
    with pyedflib.EdfReader(str(path)) as reader:
        other = np.column_stack([reader.readSignal(0), reader.readSignal(1)])
    assert emg["channel"].values.tolist() == ["tibialis_anterior_l", "tibialis_anterior_r"]
    assert_allclose(emg.values * 1e6, other, rtol=0, atol=1e-9)
    # and what was written, to one step of the converter
    assert_allclose(emg.values[:, 0] * 1e6, LEFT, rtol=0, atol=2000 / (2**24 if bdf else 2**16))


def test_signals_of_other_quantities_are_left_out_and_the_emg_keeps_its_rate(tmp_path: Path) -> None:
    recording = restride.read(emg_files.edf(tmp_path / "a.edf", SIGNALS))
    assert sampling_rate_hz(recording["emg"]) == pytest.approx(1000.0)
    assert recording["emg"].sizes["time"] == 3000
    assert "sway" in said(recording)


def test_annotations_are_told_and_are_no_events(tmp_path: Path) -> None:
    recording = restride.read(emg_files.edf(tmp_path / "a.edf", SIGNALS, marks=[(0.5, "go"), (1.25, "turn")]))
    assert "go at 0.500 s, turn at 1.250 s" in said(recording)
    assert recording.events.empty


def test_a_file_cut_off_gives_its_whole_records_with_a_doubt(tmp_path: Path) -> None:
    path = emg_files.edf(tmp_path / "a.edf", SIGNALS)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - 100])
    recording = restride.read(path)
    assert recording["emg"].sizes["time"] == 2000
    assert "promises 3 records, the file holds 2" in said(recording)


def test_a_pause_of_a_discontinuous_file_is_not_measured(tmp_path: Path) -> None:
    path = emg_files.edf(tmp_path / "a.edf", SIGNALS)
    content = path.read_bytes().replace(b"EDF+C", b"EDF+D").replace(b"+2\x14\x14", b"+4\x14\x14")
    path.write_bytes(content)
    emg = restride.read(path)["emg"]
    assert emg.sizes["time"] == 5000
    assert np.isnan(emg.values[2000:4000]).all()
    assert_allclose(emg.values[4000:, 0] * 1e6, LEFT[2000:], atol=2000 / 2**16)
    assert not np.isnan(emg.values[:2000]).any()


def test_names_of_people_are_not_kept(tmp_path: Path) -> None:
    path = emg_files.edf(tmp_path / "a.edf", SIGNALS)
    content = bytearray(path.read_bytes())
    content[8:88] = b"X F 01-JAN-1980 Somebody".ljust(80)
    path.write_bytes(bytes(content))
    recording = restride.read(path)
    assert "Somebody" not in f"{recording.doubts} {recording.sources} {recording['emg'].attrs}"


def test_a_header_without_numbers_is_an_error(tmp_path: Path) -> None:
    path = emg_files.edf(tmp_path / "a.edf", SIGNALS)
    content = bytearray(path.read_bytes())
    content[252:256] = b"none"
    path.write_bytes(bytes(content))
    with pytest.raises(ReadError, match="header"):
        restride.read(path)
