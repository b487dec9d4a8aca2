from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from restride.errors import ReadError
from restride.readers import Format, formats, read
from restride.readers.sorting import sorted_emg
from restride.readers.take import Take, parsed
from restride.signals.facing import body_front
from restride.signals.recording import Recording

Write = Callable[..., Path]
Walker = Callable[..., dict[str, np.ndarray]]
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def about(recording: Recording, subject: str) -> list[str]:
    return [d.message for d in recording.doubts if d.about == subject]


def emg_csv(path: Path, labels: str = "L_TA,R_TA", *, lowest: float = -1e-4) -> Path:
    rows = [f"{i / 1000},{lowest if i % 2 else 1e-4},{1e-4 if i % 2 else lowest}" for i in range(600)]
    path.write_text("\n".join([f"time_s,{labels}", *rows]) + "\n")
    return path


def test_files_of_one_take_become_one_recording(write_trc: Write, markers_of_a_walker: Walker, tmp_path: Path) -> None:
    trc = write_trc(markers_of_a_walker(40))
    recording = read([trc, emg_csv(tmp_path / "emg.csv")], take=Take())
    assert set(recording.signals) == {"markers", "emg"}
    assert (recording["markers"].sizes["time"], recording["emg"].sizes["time"]) == (40, 600)
    assert sorted(s.format for s in recording.sources) == ["EMG table", "TRC"]


def test_take_yaml_beside_the_files_is_found(write_trc: Write, markers_of_a_walker: Walker, tmp_path: Path) -> None:
    write_trc(markers_of_a_walker(40))
    (tmp_path / "take.yaml").write_text("subject: {mass_kg: 70}\n")
    assert read(tmp_path).subject.mass_kg == 70.0


def test_a_still_marker_file_is_the_static_trial(write_trc: Write, markers_of_a_walker: Walker) -> None:
    moving = write_trc(markers_of_a_walker(60))
    still = write_trc(markers_of_a_walker(20, speed_m_s=0.0), name="still.trc")
    recording = read([still, moving])
    assert (recording["markers"].sizes["time"], recording["static_markers"].sizes["time"]) == (60, 20)


def test_a_static_trial_of_another_size_is_kept_out(write_trc: Write, markers_of_a_walker: Walker) -> None:
    moving = write_trc(markers_of_a_walker(60))
    child = {k: 0.75 * v for k, v in markers_of_a_walker(20, speed_m_s=0.0).items()}
    recording = read([write_trc(child, name="still.trc"), moving])
    assert "static_markers" not in recording
    assert any("another person" in m for m in about(recording, "static"))


def test_a_static_trial_is_turned_by_its_own_direction(write_trc: Write, markers_of_a_walker: Walker) -> None:
    turn = np.array([[0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    still = {k: v @ turn for k, v in markers_of_a_walker(20, speed_m_s=0.0).items()}
    recording = read([write_trc(markers_of_a_walker(60)), write_trc(still, name="still.trc")])
    front = body_front(recording["static_markers"])
    assert front is not None
    assert_allclose(front, [1, 0, 0], atol=1e-9)


def test_raw_emg_goes_before_processed(tmp_path: Path) -> None:
    processed = emg_csv(tmp_path / "a.csv", lowest=0.0)
    raw = emg_csv(tmp_path / "b.csv")
    recording = read([processed, raw])
    assert float(recording["emg"].min()) < 0
    assert any("a.csv" in m for m in about(recording, "emg"))


def test_emg_of_two_legs_in_two_files_is_joined(tmp_path: Path) -> None:
    files = [emg_csv(tmp_path / "l.csv", "L_TA,L_VL"), emg_csv(tmp_path / "r.csv", "R_TA,R_VL")]
    assert read(files)["emg"].sizes["channel"] == 4


def test_files_that_share_no_time_are_doubted(write_trc: Write, markers_of_a_walker: Walker, tmp_path: Path) -> None:
    recording = read([write_trc(markers_of_a_walker(40), start_s=50.0), emg_csv(tmp_path / "emg.csv")])
    assert about(recording, "clock")


def test_knee_moments_follow_the_knee_angles_of_an_older_model(write_table: Write) -> None:
    turn = np.linspace(0, 2 * np.pi, 60)
    time_s = np.arange(60) / 100
    angles = write_table({"time": time_s, "knee_angle_r": -0.6 + 0.6 * np.cos(turn)}, name="ik.mot")
    moments = write_table(
        {"time": time_s, "knee_angle_r_moment": np.sin(turn), "hip_flexion_r_moment": np.cos(turn)}, name="id.sto"
    )
    recording = read([angles, moments])
    assert_allclose(recording["moments"].sel(coordinate="knee_angle_r").values, -np.sin(turn), atol=1e-7)
    assert_allclose(recording["moments"].sel(coordinate="hip_flexion_r").values, np.cos(turn), atol=1e-7)


def test_swapped_markers_are_exchanged_where_take_yaml_says_so(write_trc: Write, markers_of_a_walker: Walker) -> None:
    walker = markers_of_a_walker(40)
    other = {("L" if k[0] == "R" else "R") + k[1:] if k[0] in "LR" else k: v for k, v in walker.items()}
    path = write_trc(other)
    assert any("left and right are exchanged" in m for m in about(read(path), "sides"))
    mended = read(path, take=parsed({"sides_swapped": ["markers"]}))
    assert_allclose(mended["markers"].sel(marker="RKNE").values, walker["RKNE"], atol=1e-6)
    assert not any("are exchanged" in m for m in about(mended, "sides"))


def test_a_file_that_cannot_be_read_is_named_without_its_folder(tmp_path: Path) -> None:
    (tmp_path / "empty.trc").write_text("")
    with pytest.raises(ReadError, match=r"^empty\.trc: .*empty file"):
        read(tmp_path / "empty.trc")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1), kind=st.sampled_from(["trc", "mot", "csv"]))
def test_a_file_cut_off_anywhere_is_read_in_part_or_refused_in_words(
    share: float, kind: str, write_trc: Write, write_table: Write, markers_of_a_walker: Walker, tmp_path: Path
) -> None:
    push = {f"ground_force_r_v{axis}": np.full(8, 100.0) for axis in "xyz"}
    path = {
        "trc": lambda: write_trc(markers_of_a_walker(8)),
        "mot": lambda: write_table({"time": np.arange(8) / 100, **push}),
        "csv": lambda: emg_csv(tmp_path / "emg.csv"),
    }[kind]()
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with suppress(ReadError):
        assert read(path).signals


def test_a_folder_without_a_take_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("nothing")
    with pytest.raises(ReadError, match="expected a file of a take"):
        read(tmp_path)


def test_a_foreign_file_in_a_folder_is_left_out_and_told(
    write_trc: Write, markers_of_a_walker: Walker, tmp_path: Path
) -> None:
    write_trc(markers_of_a_walker(40))
    (tmp_path / "steps.csv").write_text("step,side\n1,left\n")
    assert any("was not used" in m for m in about(read(tmp_path), "steps.csv"))


def test_a_file_that_take_yaml_lists_must_be_there(
    write_trc: Write, markers_of_a_walker: Walker, tmp_path: Path
) -> None:
    write_trc(markers_of_a_walker(40))
    with pytest.raises(ReadError, match=r"emg\.csv"):
        read(tmp_path, take=parsed({"files": ["markers.trc", "emg.csv"]}))


@pytest.mark.parametrize(
    ("name", "kinds", "mass_kg"),
    [
        ("run-emg-grf-mocap", {"markers", "static_markers", "grf", "cop", "free_moment", "emg"}, 72.84),
        ("walk-emg-mocap-grf", {"markers", "grf", "cop", "free_moment", "emg"}, 85.27),
        ("c3d-walk-one-sided-ankle", {"markers", "plate_grf", "plate_cop", "plate_free_moment", "emg"}, 66.5),
        ("c3d-walk-emg-type4-plates", {"markers", "plate_grf", "plate_cop", "plate_free_moment", "emg"}, 64.0),
    ],
)
def test_the_examples_read_completely(shared: Path, name: str, kinds: set[str], mass_kg: float) -> None:
    recording = read(shared / name, take=EXAMPLES / name / "take.yaml")
    assert set(recording.signals) == kinds
    assert recording.subject.mass_kg == mass_kg
    front = body_front(recording["markers"])
    assert front is not None
    assert front[0] > 0.95
    # every channel is a muscle of a leg, and nothing that can change a side or a size is left open
    assert all(str(site) for site in recording["emg"]["site"].values)
    assert not [d.message for d in recording.doubts if d.severity == "warning"]


def test_the_calibration_of_another_person_is_kept_out_and_nobody_is_named(shared: Path) -> None:
    recording = read(shared / "c3d-walk-one-sided-ankle")
    assert "static_markers" not in recording
    assert any("another person" in m for m in about(recording, "static"))
    said = " ".join(d.message + d.remedy for d in recording.doubts) + str([a.attrs for a in recording.signals.values()])
    assert "ANTO" not in said
    assert "BELT" not in said
    assert "person" not in recording["markers"].attrs


@pytest.mark.parametrize("speed", ["run200", "run300", "run400", "run500"])
def test_the_four_speeds_carry_the_stated_mass(shared: Path, speed: str) -> None:
    recording = read(shared / "run-four-speeds" / speed, take=parsed({"subject": {"mass_kg": 80.47}}))
    assert not about(recording, "mass")
    assert not about(recording, "sides")


def test_the_walk_on_unsided_plates_is_read_as_plates(shared: Path) -> None:
    folder = shared / "walk-cmc-gait10dof18musc"
    files = [folder / f"subject01_walk{end}" for end in (".trc", "_IK.mot", "_ID.sto", "_grf.mot")]
    recording = read(files)
    assert {"plate_grf", "angles", "moments", "markers"} <= set(recording.signals)
    # a knee that bends by 70 degrees, to the positive side
    assert 1.0 < float(recording["angles"].sel(coordinate="knee_angle_r").max()) < 1.4


def test_the_static_trial_of_the_same_child_is_used(shared: Path) -> None:
    folder = shared / "c3d-walk-children-emg"
    recording = read([folder / "HC002D02.c3d", folder / "HC002D06.c3d"])
    assert recording["static_markers"].sizes["time"] == 51
    # the muscles and forces of standing are no part of the walk
    assert recording["emg"].sizes["time"] == 2550
    assert len(recording.events) == 12


def test_the_static_trial_of_another_child_is_not_used(shared: Path) -> None:
    folder = shared / "c3d-walk-children-emg"
    recording = read([folder / "HC002D02.c3d", folder / "HC032A03.c3d"])
    assert "static_markers" not in recording
    assert any("another person" in m for m in about(recording, "static"))


def test_a_turn_keeps_its_sides(shared: Path) -> None:
    recording = read(shared / "c3d-walk-children-emg" / "HC002D25.c3d")
    assert not about(recording, "sides")


@dataclass(frozen=True)
class EntryPoint:
    name: str
    format: Format

    def load(self) -> Format:
        return self.format


def test_a_format_of_another_package_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_beats(path: Path, take: Take) -> Recording:
        time_s = np.arange(len(path.read_bytes())) / 10
        values = np.stack([np.sin(time_s), np.cos(time_s)], axis=1)
        emg, doubts = sorted_emg(values, time_s, ["L_TA", "R_TA"], units=["mV", "mV"], take=take)
        return Recording({"emg": emg}, doubts=doubts)

    beats = Format("beats", (".beats",), lambda head: head.startswith(b"beats"), read_beats)
    monkeypatch.setattr(formats, "entry_points", lambda **_: [EntryPoint("beats", beats)])
    (tmp_path / "a.beats").write_bytes(b"beats of an amplifier")
    assert read(tmp_path)["emg"].sizes["time"] == 21


def other_leg(label: str) -> str:
    return {"L": "R", "R": "L"}.get(label[:1], label[:1]) + label[1:]


def exchanged_labels(text: str, *, only: str = "") -> str:
    lines = text.split("\n")
    lines[3] = "\t".join(other_leg(c) if c[1:] in only.split() or not only else c for c in lines[3].split("\t"))
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("fault", "topic", "words"),
    [
        ("markers", "sides", "Every marker labelled right"),
        ("feet", "sides", "heel"),
        ("forces", "sides", "acts under the left foot"),
        ("unit", "markers", "900.007 m above the feet"),
    ],
)
def test_a_fault_planted_in_a_real_run_is_named_and_nothing_else(
    shared: Path, tmp_path: Path, fault: str, topic: str, words: str
) -> None:
    trc = (shared / "run-emg-grf-mocap" / "motion_capture_run.trc").read_text()
    mot = (shared / "run-emg-grf-mocap" / "grf_run.mot").read_text()
    if fault == "markers":
        trc = exchanged_labels(trc)
    elif fault == "feet":
        trc = exchanged_labels(trc, only="CAL TOE MT5")
    elif fault == "forces":
        mot = mot.replace("R_ground", "X_ground").replace("L_ground", "R_ground").replace("X_ground", "L_ground")
    else:
        trc = trc.replace("\tmm\t", "\tm\t", 1)
    (tmp_path / "run.trc").write_text(trc)
    (tmp_path / "run.mot").write_text(mot)
    recording = read(tmp_path, take=parsed({"subject": {"mass_kg": 72.84}}))
    assert len(recording.doubts) == 1
    assert words in about(recording, topic)[0]


def test_counts_after_a_run_need_no_file_beside_them(tmp_path: Path) -> None:
    notes = tmp_path / "take.yaml"
    notes.write_text("conditions: {test: toe_lift, recovery: [{minute: 0, side: left, count: 4}]}\n")
    for place in (notes, tmp_path):
        recording = read(place)
        assert not recording.signals
        assert recording.conditions.recovery[0].count == 4


def test_notes_without_counts_are_no_recording(tmp_path: Path) -> None:
    notes = tmp_path / "take.yaml"
    notes.write_text("subject: {mass_kg: 70}\n")
    with pytest.raises(ReadError, match="expected a file of a take"):
        read(notes)


def test_a_video_itself_is_refused_with_what_to_do(tmp_path: Path) -> None:
    film = tmp_path / "run.mp4"
    film.write_bytes(b"\x00\x00\x00\x18ftypmp42" + bytes(64))
    with pytest.raises(ReadError, match=r"pose estimator.*docs/video\.md"):
        read(film)
