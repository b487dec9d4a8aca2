from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from restride.errors import ReadError
from restride.readers.take import Take, parsed
from restride.readers.trc import read_trc

Write = Callable[..., Path]
Walker = Callable[..., dict[str, np.ndarray]]


def test_millimetres_become_metres(write_trc: Write, markers_of_a_walker: Walker) -> None:
    walker = markers_of_a_walker(5)
    markers = read_trc(write_trc({k: 1000 * v for k, v in walker.items()}, unit="mm"), Take())["markers"]
    assert_allclose(markers.sel(marker="RKNE").values, walker["RKNE"], atol=1e-8)  # written to a nanometre


def test_times_are_those_of_the_file(write_trc: Write, markers_of_a_walker: Walker) -> None:
    markers = read_trc(write_trc(markers_of_a_walker(4), start_s=0.23, rate_hz=50.0), Take())["markers"]
    assert_allclose(markers["time"].values, [0.23, 0.25, 0.27, 0.29], atol=1e-9)


def test_blank_cells_and_zero_points_are_not_measured(write_trc: Write, markers_of_a_walker: Walker) -> None:
    walker = markers_of_a_walker(5)
    walker["RKNE"][2] = np.nan
    walker["LKNE"][3] = 0.0
    markers = read_trc(write_trc(walker), Take())["markers"]
    missing = markers.isnull().all("space")
    assert missing.sel(marker="RKNE").values.tolist() == [False, False, True, False, False]
    assert missing.sel(marker="LKNE").values.tolist() == [False, False, False, True, False]


def test_a_label_used_twice_is_kept_twice_and_doubted(write_trc: Write, markers_of_a_walker: Walker) -> None:
    path = write_trc(markers_of_a_walker(3))
    path.write_text(path.read_text().replace("LKNE", "RKNE"))
    recording = read_trc(path, Take())
    assert {"RKNE", "RKNE_2"} <= set(recording["markers"]["marker"].values)
    assert any("RKNE_2" in d.message for d in recording.doubts)


def test_a_row_cut_off_is_dropped_and_told(write_trc: Write, markers_of_a_walker: Walker) -> None:
    path = write_trc(markers_of_a_walker(6))
    path.write_text(path.read_text()[:-40])
    recording = read_trc(path, Take())
    assert recording["markers"].sizes["time"] == 5
    assert any("middle of a row" in d.message for d in recording.doubts)


def test_a_number_cut_short_is_not_read_as_a_smaller_one(write_trc: Write, markers_of_a_walker: Walker) -> None:
    path = write_trc(markers_of_a_walker(6))
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-2]) + lines[-2].rstrip()[:-4])
    assert read_trc(path, Take())["markers"].sizes["time"] == 4


def test_fewer_rows_than_the_header_says_are_told(write_trc: Write, markers_of_a_walker: Walker) -> None:
    path = write_trc(markers_of_a_walker(6))
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-2]))
    recording = read_trc(path, Take())
    assert recording["markers"].sizes["time"] == 4
    assert any("6 frames, 4 are there" in d.message for d in recording.doubts)


def test_a_header_without_rows_is_an_error(write_trc: Write, markers_of_a_walker: Walker) -> None:
    path = write_trc(markers_of_a_walker(2))
    path.write_text("\n".join(path.read_text().splitlines()[:5]))
    with pytest.raises(ReadError, match="expected rows of marker positions"):
        read_trc(path, Take())


def test_a_file_with_z_up_is_stood_up_and_doubted(write_trc: Write, markers_of_a_walker: Walker) -> None:
    lying = {k: v[:, [0, 2, 1]] * [1, -1, 1] for k, v in markers_of_a_walker(3).items()}
    recording = read_trc(write_trc(lying), Take())
    assert float(recording["markers"].sel(marker="C7", space="y").mean()) == pytest.approx(1.5)
    assert any(d.about == "axes" for d in recording.doubts)


def test_the_unit_of_take_yaml_goes_before_that_of_the_file(write_trc: Write, markers_of_a_walker: Walker) -> None:
    path = write_trc({k: 1000 * v for k, v in markers_of_a_walker(3).items()}, unit="m")
    markers = read_trc(path, parsed({"markers": {"unit": "mm"}}))["markers"]
    assert float(markers.sel(marker="C7", space="y").mean()) == pytest.approx(1.5)


def test_the_variant_header_is_read_by_name(shared: Path) -> None:
    markers = read_trc(shared / "walk-emg-mocap-grf" / "markers_walk.trc", Take())["markers"]
    assert (markers.sizes["time"], markers.sizes["marker"]) == (238, 41)
    # first numbers of the file: R.Shoulder, mm
    assert_allclose(markers.sel(marker="R.Shoulder").values[0], [-0.65263, 1.529542, -0.09452])
