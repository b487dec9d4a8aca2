"""TSV exports of Qualisys: axes, units, signs, and the published treadmill run."""

from pathlib import Path

import numpy as np
import pytest

from restride.errors import ReadError
from restride.readers import read
from restride.readers.qualisys import read_qualisys
from restride.readers.take import Take
from restride.readers.trc import read_trc

RUN = "run-treadmill-qtm"


def markers(path: Path, *, frequency: str = "FREQUENCY\t200\n", columns: bool = True) -> Path:
    head = f"NO_OF_FRAMES\t3\nNO_OF_MARKERS\t2\n{frequency}DESCRIPTION\t--\nMARKER_NAMES\tR_heel\tR_toe\n"
    head += "Frame\tTime\tR_heel X\tR_heel Y\tR_heel Z\tR_toe X\tR_toe Y\tR_toe Z\n" if columns else ""
    rows = [[100.0, 20.0, 30.0, 110.0, 220.0, 25.0], [101.0, 21.0, 31.0, 0.0, 0.0, 0.0], [102.0, 22.0, 32.0, 1, 2, 3]]
    lines = ["\t".join([*([str(k + 1), "0.0"] if columns else []), *map(str, row)]) for k, row in enumerate(rows)]
    path.write_text(head + "\n".join(f"{line}\t" for line in lines) + "\n")
    return path


def plate(path: Path, *, peak_n: float = 700.0, description: str = "Force data in world (lab) coordinates") -> Path:
    head = f"NO_OF_SAMPLES\t20\nFREQUENCY\t1000\nDESCRIPTION\t{description}\nFORCE_PLATE_NAME\tRight\n"
    head += "SAMPLE\tTIME\t" + "\t".join(f"{q}_{a}" for q in ("Force", "Moment", "COP") for a in "XYZ")
    lines = []
    for k in range(20):
        # force of the foot on the plate, about a corner of it at (0.9, 0.1, 0)
        f = np.array([20.0 + k, -30.0, -peak_n])
        r = np.array([0.6, 0.4 + 0.001 * k, 0.0])
        m = np.cross(r - [0.9, 0.1, 0.0], f) + np.array([0.0, 0.0, 2.0])
        lines.append("\t".join(map(str, [k + 1, k / 1000, *f, *m, *(1000 * r)])))
    path.write_text("\n".join([head, *lines]) + "\n")
    return path


@pytest.mark.parametrize("columns", [True, False])
def test_markers_come_in_metres_with_y_up(tmp_path: Path, columns: bool) -> None:
    found = read_qualisys(markers(tmp_path / "a.tsv", columns=columns), Take())["markers"]
    np.testing.assert_allclose(found.sel(marker="R_heel")[0].values, [0.1, 0.03, -0.02])
    np.testing.assert_allclose(found["time"].values, [0.0, 0.005, 0.01])


def test_a_marker_out_of_sight_is_not_measured(tmp_path: Path) -> None:
    found = read_qualisys(markers(tmp_path / "a.tsv"), Take())["markers"]
    assert np.isnan(found.sel(marker="R_toe")[1].values).all()


def test_force_is_that_on_the_foot_and_the_moment_about_the_lab(tmp_path: Path) -> None:
    found = read_qualisys(plate(tmp_path / "a.tsv"), Take())
    grf, cop, moment, free = (found[f"plate_{k}"][4, 0].values for k in ("grf", "cop", "moment", "free_moment"))
    np.testing.assert_allclose(grf, [-24.0, 700.0, -30.0])
    np.testing.assert_allclose(cop, [0.6, 0.0, -0.404], atol=1e-12)
    np.testing.assert_allclose(free, [0.0, -2.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(moment, np.cross(cop, grf) + free, atol=1e-9)


def test_a_plate_nobody_stepped_on_is_left_out_with_a_note(tmp_path: Path) -> None:
    found = read_qualisys(plate(tmp_path / "a.tsv", peak_n=73.0), Take())
    assert not found.signals
    assert "Nobody stepped" in found.doubts[0].message


@pytest.mark.parametrize(
    ("name", "words"),
    [("frequency", "FREQUENCY"), ("local", "axes of the lab"), ("columns", "missing COP_Z"), ("short", "export")],
)
def test_what_an_export_lacks_is_named(tmp_path: Path, name: str, words: str) -> None:
    path = tmp_path / "a.tsv"
    if name == "frequency":
        markers(path, frequency="")
    else:
        plate(path, description="Force data in local (plate) coordinates" if name == "local" else "world")
        text = path.read_text()
        text = text.replace("\tCOP_Z", "") if name == "columns" else text
        path.write_text(text.split("SAMPLE")[0] + "SAMPLE\t" if name == "short" else text)
    with pytest.raises(ReadError, match=words):
        read_qualisys(path, Take())


def test_a_row_that_was_cut_off_is_dropped(tmp_path: Path) -> None:
    path = plate(tmp_path / "a.tsv")
    path.write_text(path.read_text()[:-25])
    found = read_qualisys(path, Take())
    assert found["plate_grf"].sizes["time"] == 19
    assert any("middle of a row" in d.message for d in found.doubts)


def test_rows_that_are_missing_leave_their_time_free(tmp_path: Path) -> None:
    path = plate(tmp_path / "a.tsv")
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:10], *lines[13:]]) + "\n")
    found = read_qualisys(path, Take())
    assert found["plate_grf"].sizes["time"] == 17
    assert float(found["plate_grf"]["time"][-1]) == pytest.approx(0.019)
    assert any("3 rows" in d.message and "missing between" in d.message for d in found.doubts)


def test_the_published_run_has_the_axes_its_author_gave_it(shared: Path) -> None:
    recording = read(shared / RUN)
    by_author = read_trc(shared / RUN / "reference" / "JDX_S999_run_0021.trc", Take())["markers"]
    ours = recording["markers"].sel(marker=by_author["marker"])
    np.testing.assert_allclose(ours.values, by_author.values, atol=1e-6)
    assert recording["plate_grf"]["plate"].values.tolist() == ["Right"]
    assert float(recording["plate_grf"].sel(space="y").max()) > 1900
