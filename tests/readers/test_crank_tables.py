"""Tables of a crank: angle and torque in SI, each leg on its own side, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from restride.errors import ReadError
from restride.readers import read
from restride.readers.take import parsed


def saved(tmp_path: Path, head: str, rows: list[str]) -> Path:
    path = tmp_path / "crank.csv"
    path.write_text("\n".join([head, *rows]) + "\n")
    return path


def test_degrees_and_torques_are_read_with_their_sides(tmp_path: Path) -> None:
    path = saved(
        tmp_path, "time [s],Crank angle (deg),torque_right [Nm],torque_left [Nm]", ["0,0,5,1", "0.01,9,6,2", "0.02,,7,"]
    )
    found = read(path, take=parsed({}))
    assert_allclose(np.rad2deg(found["pedal_angle"].sel(side="right")), [0.0, 9.0, np.nan])
    assert_allclose(np.rad2deg(found["pedal_angle"].sel(side="left")), [180.0, 189.0, np.nan])
    assert_allclose(found["crank_torque"].sel(side="left"), [1.0, 2.0, np.nan])
    assert_allclose(found["crank_torque"].sel(side="right"), [5.0, 6.0, 7.0])


def test_a_unit_may_end_the_name_and_one_torque_may_be_missing(tmp_path: Path) -> None:
    path = saved(tmp_path, "time_s;crank_angle_rad;left_torque_nm", ["0;0;5", "0.01;0.1;6"])
    found = read(path, take=parsed({}))
    assert_allclose(found["pedal_angle"].sel(side="right"), [0.0, 0.1])
    assert np.isnan(found["crank_torque"].sel(side="right")).all()


def test_swapped_sides_turn_the_torque_and_not_the_crank(tmp_path: Path) -> None:
    path = saved(tmp_path, "time_s,crank_angle_deg,torque_left_nm,torque_right_nm", ["0,0,5,1", "0.01,9,6,2"])
    found = read(path, take=parsed({"sides_swapped": ["balance"]}))
    assert_allclose(found["crank_torque"].sel(side="right"), [5.0, 6.0])
    assert_allclose(found["pedal_angle"].sel(side="right"), [0.0, np.deg2rad(9.0)])


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("time_s,crank_angle", "unit behind crank_angle"),
        ("time_s,crank_angle_nm", "unit of rad"),
        ("sample,crank_angle_deg", "columns time"),
    ],
)
def test_a_table_that_does_not_say_its_units_is_refused(tmp_path: Path, head: str, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        read(saved(tmp_path, head, ["0,0", "1,1"]), take=parsed({}))


@pytest.mark.parametrize("rows", [[], ["0,0"], ["a,b", "c,d"]])
def test_a_table_without_rows_is_refused(tmp_path: Path, rows: list[str]) -> None:
    with pytest.raises(ReadError, match="expected"):
        read(saved(tmp_path, "time_s,crank_angle_deg", rows), take=parsed({}))


def test_a_table_with_a_short_row_is_refused_or_read_with_gaps(tmp_path: Path) -> None:
    path = saved(tmp_path, "time_s,crank_angle_deg,torque_left_nm", ["0,0,1", "0.01,5", "0.02,9,3"])
    assert np.isnan(read(path, take=parsed({}))["crank_torque"].sel(side="left").values[1])
    longer = saved(tmp_path, "time_s,crank_angle_deg", ["0,0", "0.01,5,7,8", "0.02,9"])
    with pytest.raises(ReadError, match="no longer than the line of names"):
        read(longer, take=parsed({}))
