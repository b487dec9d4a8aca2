from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from restride.errors import ReadError
from restride.readers.opensim_tables import read_table
from restride.readers.take import Take

Write = Callable[..., Path]
TIME_S = np.arange(9) / 1000


def forces(pattern: str, torque: str, *, sides: tuple[str, str] = ("r", "l")) -> dict[str, np.ndarray]:
    """Columns of two feet: the right pushes with (1, 100, 3) N, the left with (4, 500, 6) N."""
    columns = {"time": TIME_S}
    for name, push, place in zip(sides, ((1.0, 100.0, 3.0), (4.0, 500.0, 6.0)), (0.1, -0.1), strict=True):
        for axis, value in zip("xyz", push, strict=True):
            columns[pattern.format(side=name, what="v", axis=axis)] = np.full(9, value)
        for axis, value in zip("xyz", (0.5, 0.0, place), strict=True):
            columns[pattern.format(side=name, what="p", axis=axis)] = np.full(9, value)
        for axis, value in zip("xyz", (0.0, 7.0, 0.0), strict=True):
            columns[torque.format(side=name, axis=axis)] = np.full(9, value)
    return columns


@pytest.mark.parametrize(
    ("pattern", "torque", "sides"),
    [
        ("ground_force_{side}_{what}{axis}", "ground_torque_{side}_{axis}", ("r", "l")),
        ("{side}_ground_force_{what}{axis}", "{side}_ground_torque_{axis}", ("R", "L")),
        ("ground_force_{side}_{what}{axis}", "ground_moment_{side}_{axis}", ("right", "left")),
    ],
)
def test_every_way_to_name_the_feet_is_read(
    write_table: Write, pattern: str, torque: str, sides: tuple[str, str]
) -> None:
    recording = read_table(write_table(forces(pattern, torque, sides=sides)), Take())
    assert_allclose(recording["grf"].sel(side="right").values[3], [1, 100, 3])
    assert_allclose(recording["grf"].sel(side="left").values[3], [4, 500, 6])
    assert_allclose(recording["cop"].sel(side="left").values[3], [0.5, 0, -0.1])
    assert_allclose(recording["free_moment"].sel(side="right").values[3], [0, 7, 0])
    assert not recording.doubts


def test_forces_without_sides_are_plates_and_doubted(write_table: Write) -> None:
    columns = forces("{side}ground_force_{what}{axis}", "{side}ground_torque_{axis}", sides=("", "1_"))
    recording = read_table(write_table(columns), Take())
    assert "grf" not in recording
    assert recording["plate_grf"]["plate"].values.tolist() == ["1", "2"]
    assert_allclose(recording["plate_grf"].sel(plate="2").values[0], [4, 500, 6])
    assert any(d.about == "forces" for d in recording.doubts)


def test_a_foot_without_columns_is_not_measured_and_told(write_table: Write) -> None:
    columns = {
        k: v
        for k, v in forces("ground_force_{side}_{what}{axis}", "ground_torque_{side}_{axis}").items()
        if "_l_" not in k
    }
    recording = read_table(write_table(columns), Take())
    assert bool(recording["grf"].sel(side="left").isnull().all())
    assert any("left foot" in d.message for d in recording.doubts)


def test_the_point_of_application_is_not_measured_without_force(write_table: Write) -> None:
    columns = forces("ground_force_{side}_{what}{axis}", "ground_torque_{side}_{axis}")
    columns["ground_force_r_vy"] = np.where(TIME_S < 0.004, 0.5, 100.0)
    columns["ground_force_r_px"] = np.where(TIME_S < 0.004, 612.0, 0.5)
    cop = read_table(write_table(columns), Take())["cop"].sel(side="right", space="x").values
    assert np.isnan(cop[:4]).all()
    assert_allclose(cop[4:], 0.5)


def gait(knee_sign: float = 1.0) -> dict[str, np.ndarray]:
    """Angles in radians that move as a walk does."""
    turn = np.linspace(0, 2 * np.pi, 60)
    return {
        "time": np.arange(60) / 100,
        "hip_flexion_r": 0.4 * np.cos(turn),
        "knee_angle_r": knee_sign * (0.5 - 0.5 * np.cos(turn)),
        "knee_angle_l": knee_sign * (0.5 + 0.5 * np.cos(turn)),
        "knee_angle_r_beta": 30 * np.cos(turn),
        "pelvis_tx": 1.2 * np.arange(60) / 100,
        "pelvis_ty": np.full(60, 0.9),
        "pelvis_tz": np.zeros(60),
    }


def test_degrees_become_radians(write_table: Write) -> None:
    columns = gait()
    degrees = {k: np.rad2deg(v) if "_r" in k or "_l" in k else v for k, v in columns.items()}
    angles = read_table(write_table(degrees, header="inDegrees=yes"), Take())["angles"]
    assert_allclose(angles.sel(coordinate="hip_flexion_r").values, columns["hip_flexion_r"], atol=1e-8)


def test_paths_of_coordinates_and_dependent_ones_are_understood(write_table: Write) -> None:
    columns = {k if k == "time" else f"/jointset/x/{k}/value": v for k, v in gait().items()}
    recording = read_table(write_table(columns), Take())
    assert recording["angles"]["coordinate"].values.tolist() == ["hip_flexion_r", "knee_angle_r", "knee_angle_l"]
    assert_allclose(recording["root"].values[50], [0.6, 0.9, 0.0])


def test_knees_of_older_models_are_turned_to_flexion_positive(write_table: Write) -> None:
    recording = read_table(write_table(gait(knee_sign=-1.0)), Take())
    assert_allclose(recording["angles"].sel(coordinate="knee_angle_r").values, gait()["knee_angle_r"], atol=1e-8)
    assert any("negative" in d.message for d in recording.doubts)


def test_one_knee_each_way_is_left_and_doubted(write_table: Write) -> None:
    columns = gait()
    columns["knee_angle_l"] = -columns["knee_angle_l"]
    recording = read_table(write_table(columns), Take())
    assert_allclose(recording["angles"].sel(coordinate="knee_angle_l").values, columns["knee_angle_l"], atol=1e-8)
    assert any("One knee" in d.message and d.severity == "warning" for d in recording.doubts)


def test_radians_under_a_header_that_says_nothing_are_seen_by_their_size(write_table: Write) -> None:
    recording = read_table(write_table(gait(), header="version=1"), Take())
    assert_allclose(recording["angles"].sel(coordinate="knee_angle_r").values, gait()["knee_angle_r"], atol=1e-8)
    assert any(d.about == "angles" for d in recording.doubts)


def test_degrees_under_a_header_that_says_radians_are_doubted(write_table: Write) -> None:
    degrees = {k: np.rad2deg(v) if "_angle_" in k or "hip" in k else v for k, v in gait().items()}
    recording = read_table(write_table(degrees, header="inDegrees=no"), Take())
    assert_allclose(recording["angles"].sel(coordinate="knee_angle_r").values, gait()["knee_angle_r"], atol=1e-7)
    assert any("says radians" in d.message for d in recording.doubts)


def test_a_table_of_muscle_forces_is_refused_with_words(write_table: Write) -> None:
    columns = {"time": TIME_S, "glut_med1_r": TIME_S, "quad_fem_r": TIME_S, "hip_flexion_r_reserve": TIME_S}
    with pytest.raises(ReadError, match="expected ground force, joint angles"):
        read_table(write_table(columns), Take())


def test_a_table_cut_off_in_a_row_keeps_its_whole_rows(write_table: Write) -> None:
    path = write_table(gait())
    path.write_text(path.read_text()[:-30])
    recording = read_table(path, Take())
    assert recording["angles"].sizes["time"] == 59
    assert any("middle of a row" in d.message for d in recording.doubts)


def test_a_number_cut_short_is_not_read_as_a_smaller_one(write_table: Write) -> None:
    path = write_table({"time": TIME_S, "hip_flexion_r": np.full(9, 0.5), "knee_angle_r": np.full(9, 0.25)})
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-3]) + lines[-3].rstrip()[:-7])
    angles = read_table(path, Take())["angles"]
    assert angles.sizes["time"] == 6
    assert_allclose(angles.sel(coordinate="knee_angle_r").values, 0.25)


def test_a_table_that_ends_in_its_header_is_an_error(write_table: Write) -> None:
    path = write_table(gait())
    path.write_text(path.read_text().split("endheader")[0])
    with pytest.raises(ReadError, match="endheader"):
        read_table(path, Take())


def test_the_header_of_four_speeds_is_not_believed(shared: Path) -> None:
    recording = read_table(shared / "run-four-speeds" / "run200" / "grf.mot", Take())
    assert recording["grf"].sizes["time"] == 4750
    assert any("12081" in d.message for d in recording.doubts)


def test_moments_and_coordinates_of_the_walk_are_read(shared: Path) -> None:
    folder = shared / "walk-emg-mocap-grf"
    moments = read_table(folder / "id_walk.sto", Take())["moments"]
    angles = read_table(folder / "coordinates.sto", Take())["angles"]
    assert {"hip_flexion_l", "ankle_angle_r"} <= set(moments["coordinate"].values)
    # the knee bends to a good radian in swing, and its dependent coordinate is not taken for it
    assert 0.9 < float(angles.sel(coordinate="knee_angle_r").max()) < 1.4
    assert not any("beta" in str(c) for c in angles["coordinate"].values)


def test_the_envelopes_of_the_walk_are_known_as_such(shared: Path) -> None:
    emg = read_table(shared / "walk-emg-mocap-grf" / "electromyography.sto", Take())["emg"]
    assert emg.attrs["processed"] == "envelope"
    assert emg.attrs["units"] == "unstated"


def test_a_table_saved_with_commas_is_the_same_table(write_table: Write) -> None:
    columns = {"time": TIME_S, "hip_flexion_r": np.linspace(0, 0.6, 9), "knee_angle_l": np.linspace(0, 1, 9)}
    path = write_table(columns)
    plain = read_table(path, Take())
    lines = path.read_text().replace("\t", ",").splitlines()
    # a spreadsheet fills every line to the width of the widest, and leaves a cell without number blank
    lines[7] = lines[7].rsplit(",", 1)[0] + ","
    path.write_text("\r\n".join([*(line + ",,," for line in lines[:5]), *lines[5:]]) + "\r\n")
    found = read_table(path, Take())
    assert found["angles"]["coordinate"].values.tolist() == ["hip_flexion_r", "knee_angle_l"]
    assert np.isnan(found["angles"].values).sum() == 1
    assert_allclose(found["angles"].values[3:], plain["angles"].values[3:])
