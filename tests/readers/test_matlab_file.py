"""Structures of numbers in MATLAB files, against SciPy's reader, and damaged."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from scipy.io import loadmat, savemat

from restride.errors import ReadError
from restride.readers.matlab_file import variables

DATA = {
    "whole": np.arange(12, dtype=np.int16).reshape(3, 4),
    "cube": np.arange(24, dtype=np.float64).reshape(2, 3, 4),
    "single": np.array([[0.5, np.nan, -2.0]], dtype=np.float32),
    "inner": {"rate": 100.0, "deep": {"flag": np.uint8(7)}},
    "text": "left out",
    "complex": np.array([[1 + 2j]]),
}


def saved(folder: Path, *, compressed: bool) -> bytes:
    path = folder / "a.mat"
    savemat(str(path), {"data": DATA, "other": 3.0}, do_compression=compressed)
    return path.read_bytes()


@pytest.mark.parametrize("compressed", [True, False])
def test_structures_come_as_mappings_and_numbers_as_they_were_saved(tmp_path: Path, compressed: bool) -> None:
    found = variables(saved(tmp_path, compressed=compressed))
    data = found["data"]
    assert isinstance(data, dict)
    assert found["other"] == 3.0
    assert data["inner"] == {"rate": 100.0, "deep": {"flag": 7.0}}
    for name in ("whole", "cube", "single"):
        assert_array_equal(data[name], DATA[name])
    assert "text" not in data
    assert "complex" not in data


def test_published_trials_are_read_as_scipy_reads_them(shared: Path) -> None:
    path = shared / "imu-lowback-mobilised/HA/001/data.mat"
    ours = variables(path.read_bytes())["data"]
    theirs = loadmat(str(path), simplify_cells=True)["data"]
    for trial in ("Test5", "Test11"):
        one, other = ours, theirs
        for key in ("TimeMeasure1", trial, "Trial1", "SU", "LowerBack"):
            assert isinstance(one, Mapping)
            one, other = one[key], other[key]
        assert isinstance(one, Mapping)
        for name in ("Acc", "Gyr"):
            assert_array_equal(one[name], other[name])
        assert one["Fs"] == {k: float(v) for k, v in other["Fs"].items()}


@pytest.mark.parametrize("compressed", [True, False])
def test_damage_is_an_error_of_ours_or_mappings_of_numbers(tmp_path: Path, compressed: bool) -> None:
    whole = saved(tmp_path, compressed=compressed)
    rng = np.random.default_rng(1)
    refused = 0
    for _ in range(400):
        content = bytearray(whole)
        for place in rng.integers(0, len(content), int(rng.integers(1, 5))):
            content[place] = int(rng.choice([0, 1, 127, 255, int(rng.integers(0, 256))]))
        cut = int(rng.integers(1, len(content))) if rng.random() < 0.25 else len(content)
        try:
            assert isinstance(variables(bytes(content[:cut])), dict)
        except ReadError:
            refused += 1
    assert 0 < refused < 400


def test_a_packed_part_that_claims_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.mat"
    savemat(str(path), {"data": np.zeros((1, 2_000_000))}, do_compression=True)
    with pytest.raises(ReadError, match="does not end"):
        variables(path.read_bytes())
