import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import ezc3d
import numpy as np
import pytest
from numpy.testing import assert_allclose

from restride.errors import ReadError
from restride.readers.c3d import read_c3d
from restride.readers.force_plates import plate_axes
from restride.readers.take import Take

FRAMES, FIRST = 30, 41


def written(
    path: Path,
    points: Mapping[str, np.ndarray],
    analogs: Mapping[str, np.ndarray],
    *,
    units: Sequence[str] = (),
    groups: Mapping[str, Mapping[str, object]] | None = None,
) -> Path:
    """A C3D file with points (frame, 3) in mm, z up, and analog channels at 1000 Hz."""
    c3d = ezc3d.c3d()
    c3d["parameters"]["POINT"]["RATE"]["value"] = [100.0]
    c3d["parameters"]["POINT"]["LABELS"]["value"] = list(points)
    c3d["parameters"]["ANALOG"]["RATE"]["value"] = [1000.0]
    c3d["parameters"]["ANALOG"]["LABELS"]["value"] = list(analogs)
    c3d["parameters"]["ANALOG"]["UNITS"]["value"] = list(units) or ["V"] * len(analogs)
    c3d["header"]["points"]["first_frame"] = FIRST
    four = np.ones((4, len(points), FRAMES))
    for k, values in enumerate(points.values()):
        four[:3, k] = values.T
    c3d["data"]["points"] = four
    c3d["data"]["analogs"] = np.array(list(analogs.values()))[None] if analogs else np.zeros((1, 0, 10 * FRAMES))
    for group, parameters in (groups or {}).items():
        for name, value in parameters.items():
            c3d.add_parameter(group, name, value)
    c3d.write(str(path))
    return path


def still(x: float, y: float, z: float) -> np.ndarray:
    return np.tile(np.array([x, y, z], dtype=np.float64), (FRAMES, 1))


POINTS = {
    "LASI": still(0, 100, 1000),
    "RASI": still(0, -100, 1000),
    "LHEE": still(-60, 90, 40),
    "RHEE": still(-60, -90, 40),
    "C7": still(-50, 0, 1500),
}
EMG = {"L_TA": np.sin(np.arange(10 * FRAMES)) * 1e-4}


def test_points_become_metres_with_y_up_and_count_from_the_first_frame(tmp_path: Path) -> None:
    markers = read_c3d(written(tmp_path / "a.c3d", POINTS, EMG), Take())["markers"]
    # x stays, up was z, and the right of a person who faces +x is the file's -y
    assert_allclose(markers.sel(marker="LHEE").values[0], [-0.06, 0.04, -0.09], atol=1e-7)
    assert markers["time"].values[0] == pytest.approx(FIRST / 100)


def test_analog_channels_share_the_clock_of_the_points(tmp_path: Path) -> None:
    emg = read_c3d(written(tmp_path / "a.c3d", POINTS, EMG), Take())["emg"]
    assert_allclose(emg["time"].values[[0, 1]], [FIRST / 100, FIRST / 100 + 0.001])
    assert_allclose(emg.values[:, 0], EMG["L_TA"], atol=1e-10)


def test_a_point_out_of_sight_is_not_measured(tmp_path: Path) -> None:
    points = {**POINTS, "RASI": POINTS["RASI"].copy()}
    points["RASI"][7] = np.nan
    missing = (
        read_c3d(written(tmp_path / "a.c3d", points, EMG), Take())["markers"].sel(marker="RASI").isnull().all("space")
    )
    assert np.flatnonzero(missing.values).tolist() == [7]


def test_outputs_of_a_model_are_no_markers(tmp_path: Path) -> None:
    virtual = {f"LFE{end}": still(1, 2, 3) for end in "OALP"}
    outputs = {"LKneeAngles": still(1, 2, 3), "Twist": still(4, 5, 6)}
    groups = {"POINT": {"ANGLES": ["Twist"]}}
    path = written(tmp_path / "a.c3d", {**POINTS, **virtual, **outputs}, EMG, groups=groups)
    assert read_c3d(path, Take())["markers"]["marker"].values.tolist() == list(POINTS)


def test_unnamed_and_foreign_channels_are_listed_and_left_out(tmp_path: Path) -> None:
    analogs = {"Pin 1": EMG["L_TA"], "L_TA": EMG["L_TA"], "angle": EMG["L_TA"]}
    recording = read_c3d(written(tmp_path / "a.c3d", POINTS, analogs, units=["V", "mV", "deg"]), Take())
    assert recording["emg"]["channel"].values.tolist() == ["tibialis_anterior_l"]
    assert_allclose(recording["emg"].values[:, 0], EMG["L_TA"] * 1e-3, atol=1e-12)
    assert any("Pin 1" in d.message for d in recording.doubts)
    assert any("angle" in d.message for d in recording.doubts)


def events(labels: Sequence[str], contexts: Sequence[str], times_s: Sequence[float]) -> dict[str, dict[str, object]]:
    times = np.array([[0.0] * len(times_s), list(times_s)])
    return {"EVENT": {"LABELS": list(labels), "CONTEXTS": list(contexts), "TIMES": times}}


def test_events_keep_their_side_and_their_clock(tmp_path: Path) -> None:
    groups = events(["Foot Strike", "Foot Off"], ["Left", "Right"], [0.5, 0.6])
    found = read_c3d(written(tmp_path / "a.c3d", POINTS, EMG, groups=groups), Take()).events
    assert found["side"].tolist() == ["left", "right"]
    assert found["name"].tolist() == ["initial_contact", "toe_off"]
    assert_allclose(found["time_s"], [0.5, 0.6], atol=1e-6)


def test_events_without_a_side_are_left_out_and_told(tmp_path: Path) -> None:
    groups = events(["Foot Strike", "Event"], ["General", "Left"], [0.5, 0.6])
    recording = read_c3d(written(tmp_path / "a.c3d", POINTS, EMG, groups=groups), Take())
    assert recording.events.empty
    assert any(d.about == "events" and "Foot Strike" in d.message for d in recording.doubts)


def test_events_that_count_from_the_file_are_moved_and_doubted(tmp_path: Path) -> None:
    groups = events(["RHS", "LTO"], ["", ""], [0.05, 0.20])
    recording = read_c3d(written(tmp_path / "a.c3d", POINTS, EMG, groups=groups), Take())
    assert_allclose(recording.events["time_s"], [0.05 + FIRST / 100, 0.20 + FIRST / 100], atol=1e-6)
    assert recording.events["side"].tolist() == ["right", "left"]
    assert any(d.about == "events" for d in recording.doubts)


def test_mass_and_height_come_with_their_source(tmp_path: Path) -> None:
    groups = {"PROCESSING": {"Bodymass": [61.5], "Height": [1712.0]}}
    subject = read_c3d(written(tmp_path / "a.c3d", POINTS, EMG, groups=groups), Take()).subject
    assert (subject.mass_kg, subject.height_m, subject.mass_source) == (61.5, 1.712, "C3D parameter")


def test_a_file_without_points_gives_its_emg(tmp_path: Path) -> None:
    recording = read_c3d(written(tmp_path / "a.c3d", {}, EMG), Take())
    assert set(recording.signals) == {"emg"}
    assert recording["emg"].sizes["time"] == 10 * FRAMES


def test_points_without_a_rate_are_an_error(tmp_path: Path) -> None:
    path = written(tmp_path / "a.c3d", POINTS, EMG)
    # the library cannot write such a file, so every 100 Hz of this one is overwritten
    path.write_bytes(path.read_bytes().replace(struct.pack("<f", 100.0), bytes(4)))
    with pytest.raises(ReadError, match="frame rate"):
        read_c3d(path, Take())


@pytest.mark.parametrize("share", [0.0005, 0.01, 0.5, 0.999999])
def test_a_file_cut_off_anywhere_is_an_error(shared: Path, tmp_path: Path, share: float) -> None:
    whole = (shared / "c3d-walk-children-emg" / "HC032A03.c3d").read_bytes()
    path = tmp_path / "cut.c3d"
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ReadError, match="cut off"):
        read_c3d(path, Take())


def test_events_fall_where_the_force_rises(shared: Path) -> None:
    recording = read_c3d(shared / "c3d-walk-one-sided-ankle" / "PiG_Motion-FlatFoot-Hole.c3d", Take())
    up = recording["plate_grf"].sel(plate="1", space="y")
    loaded = up["time"].values[up.values > 20]
    left = recording.events[recording.events["side"] == "left"].set_index("time_s")["name"]
    # frames of 10 ms: an event is within one of the force
    assert abs(loaded[0] - 3.37) < 0.01
    assert left.loc[left.index[np.abs(left.index - loaded[0]).argmin()]] == "initial_contact"
    assert np.abs(left[left == "toe_off"].index - loaded[-1]).min() < 0.01


def test_integers_and_a_calibration_matrix_put_the_force_under_the_foot(shared: Path) -> None:
    recording = read_c3d(shared / "c3d-walk-emg-type4-plates" / "Gait.c3d", Take())
    up = recording["plate_grf"].sel(plate="2", space="y")
    # the report of the laboratory: the raw -70 is about 806 N; the body weighs some 63 kg
    assert 700 < float(up.max()) < 1000
    middle = up["time"].values[up.values > 600].mean()
    point = recording["plate_cop"].sel(plate="2").interp(time=middle).values
    foot = recording["markers"].sel(marker=["RHEE", "RTOE"]).interp(time=middle).values
    assert np.linalg.norm(point[[0, 2]] - foot.mean(axis=0)[[0, 2]]) < 0.10


@pytest.mark.parametrize("trial", ["HC002D02", "HC002D06", "HC002D25", "HC030A05", "HC032A03", "HC036A10"])
def test_the_children_are_read_whole(shared: Path, trial: str) -> None:
    recording = read_c3d(shared / "c3d-walk-children-emg" / f"{trial}.c3d", Take())
    assert {"markers", "emg", "plate_grf", "plate_cop", "plate_free_moment"} == set(recording.signals)
    assert recording.subject.mass_kg is not None
    weight_n = 9.81 * recording.subject.mass_kg
    peak = float(recording["plate_grf"].sel(space="y").max())
    assert 0.9 * weight_n < peak < 1.6 * weight_n
    assert float(recording["markers"].sel(marker="LASI", space="y").median()) > 0.6
    assert recording.subject.height_m == pytest.approx(float(recording["markers"].sel(space="y").max()), abs=0.08)


@pytest.mark.parametrize("count", [1, 2])
def test_the_force_of_a_plate_acts_where_it_pushes(tmp_path: Path, count: int) -> None:
    # z up in the file; the corners run so that the plate's z points down
    corners = np.array([[0.0, 400.0, 0.0], [600.0, 400.0, 0.0], [600.0, 0.0, 0.0], [0.0, 0.0, 0.0]])[[1, 2, 3, 0]]
    names = ["Fx", "Fy", "Fz", "Mx", "My", "Mz"]
    axes = plate_axes(corners)
    force, arm = np.array([30.0, -20.0, 700.0]), np.array([100.0, -50.0, 0.0])
    six = np.concatenate([force @ axes, np.cross(arm, force) @ axes])
    analogs = {f"{n}{k + 1}": np.full(10 * FRAMES, v) for k in range(count) for n, v in zip(names, six, strict=True)}
    groups = {
        "FORCE_PLATFORM": {
            "USED": [count],
            "TYPE": [2] * count,
            "ZERO": [1, 0],
            "CORNERS": np.stack([corners.T] * count, axis=-1),
            "ORIGIN": np.zeros((3, count)),
            "CHANNEL": np.arange(1, 6 * count + 1).reshape(count, 6).T.astype(float),
        }
    }
    units = ["N", "N", "N", "Nmm", "Nmm", "Nmm"] * count
    recording = read_c3d(written(tmp_path / "a.c3d", POINTS, analogs, units=units, groups=groups), Take())
    assert recording["plate_grf"].sizes["plate"] == count
    # file x y z are lab x, -z, y
    assert_allclose(recording["plate_grf"].values[5, -1], [30.0, 700.0, 20.0], rtol=1e-5)
    assert_allclose(recording["plate_cop"].values[5, -1], [0.4, 0.0, -0.15], atol=1e-6)
    assert_allclose(recording["plate_free_moment"].values[5, -1], 0.0, atol=1e-4)
    assert "emg" not in recording


def test_moments_in_newton_metres_and_plates_without_corners_are_told_apart(tmp_path: Path) -> None:
    corners = np.array([[600.0, 400.0, 0.0], [600.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 400.0, 0.0]])
    six = {"Fx": 0.0, "Fy": 0.0, "Fz": -700.0, "Mx": 35.0, "My": 70.0, "Mz": 0.0}
    analogs = {name: np.full(10 * FRAMES, value) for name, value in six.items()}
    parameters: dict[str, object] = {
        "USED": [1],
        "TYPE": [2],
        "CORNERS": corners.T[:, :, None],
        "ORIGIN": np.zeros((3, 1)),
        "CHANNEL": np.arange(1.0, 7.0)[:, None],
    }
    units = ["N", "N", "N", "Nm", "Nm", "Nm"]
    path = written(tmp_path / "a.c3d", POINTS, analogs, units=units, groups={"FORCE_PLATFORM": parameters})
    middle = np.array([0.3, 0.0, -0.2])
    point = read_c3d(path, Take())["plate_cop"].values[0, 0]
    assert_allclose(np.sort(np.abs(point - middle)), [0.0, 0.05, 0.1], atol=1e-6)  # 35 and 70 N m over 700 N
    parameters["CORNERS"] = np.zeros((3, 4, 1))
    path = written(tmp_path / "b.c3d", POINTS, analogs, units=units, groups={"FORCE_PLATFORM": parameters})
    recording = read_c3d(path, Take())
    assert "plate_grf" not in recording
    assert any("corners" in d.message for d in recording.doubts)
