"""Pose tables: every writer's shape gives the same points; nothing odd in them ends in anything but a gap or words."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from restride.errors import ReadError
from restride.readers import read
from restride.readers.keypoint_names import ORDERS, keypoint
from restride.readers.poses import read_poses, sniff
from restride.readers.take import Take, parsed
from restride.signals.recording import Recording

WIDTH, HEIGHT, FRAMES = 640.0, 480.0, 5
SAID = parsed({"video": {"rate_hz": 25, "view": "side-right", "height_px": HEIGHT, "width_px": WIDTH}})
SHORT = {18: "COCO-18", 25: "BODY_25", 26: "HALPE_26"}


def where(name: str, frame: int) -> tuple[float, float]:
    """A place of its own for each point and picture, px."""
    names = sorted({n for order in ORDERS.values() for n in order} - {""})
    return 100.0 + 7 * names.index(name) + frame, 50.0 + 9 * names.index(name) + 2 * frame


def points(count: int, frame: int) -> list[list[float]]:
    return [[*where(name, frame), 0.9] if name else [1.0, 1.0, 0.1] for name in ORDERS[count]]


def written(folder: Path, content: object, name: str = "poses.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(content))
    return path


def check(found: Recording, count: int) -> None:
    """Every point where it belongs, on its own side."""
    signal = found["keypoints"]
    assert signal.sizes["time"] == FRAMES
    assert set(map(str, signal["keypoint"].values)) == set(ORDERS[count]) - {""}
    for name in map(str, signal["keypoint"].values):
        x, y = where(name, 3)
        np.testing.assert_allclose(signal.sel(keypoint=name).values[3], [x / HEIGHT, 1 - y / HEIGHT], atol=1e-9)
    np.testing.assert_allclose(signal["confidence"].values, 0.9)
    assert signal.attrs["view"] == "side-right"
    np.testing.assert_allclose(np.diff(signal["time"].values), 0.04)


@pytest.mark.parametrize("count", SHORT)
def test_a_folder_of_openpose_pictures_is_one_recording(tmp_path: Path, count: int) -> None:
    for frame in range(FRAMES):
        flat = [v for point in points(count, frame) for v in point]
        content = {"version": 1.3, "people": [{"person_id": [-1], "pose_keypoints_2d": flat}]}
        written(tmp_path, content, f"clip_{frame:012d}_keypoints.json")
    check(read(tmp_path, take=SAID), count)
    check(read(sorted(tmp_path.iterdir(), reverse=True), take=SAID), count)


@pytest.mark.parametrize("count", [17, 26, 133])
@pytest.mark.parametrize("around", [True, False])
def test_mmpose_predictions_are_read(tmp_path: Path, count: int, around: bool) -> None:
    frames = [
        {
            "frame_id": frame + 1,
            "instances": [{"keypoints": [p[:2] for p in points(count, frame)], "keypoint_scores": [0.9] * count}],
        }
        for frame in range(FRAMES)
    ]
    content = {"meta_info": {"num_keypoints": count}, "instance_info": frames} if around else frames
    check(read(written(tmp_path, content), take=SAID), count)


def test_results_of_one_person_each_are_put_together_by_their_picture(tmp_path: Path) -> None:
    content = [
        {"image_id": f"{frame}.jpg", "keypoints": [v for p in points(26, frame) for v in p], "score": 2.5}
        for frame in range(FRAMES)
    ]
    other = {"image_id": "2.jpg", "keypoints": [v for x, y, c in points(26, 2) for v in (x / 9 + 500, y / 9, c)]}
    check(read(written(tmp_path, [other, *content]), take=SAID), 26)


def landmarks(frame: int) -> list[dict[str, float]]:
    return [{"x": p[0] / WIDTH, "y": p[1] / HEIGHT, "z": 0.01, "visibility": 0.9} for p in points(33, frame)]


@pytest.mark.parametrize("shape", ["frames", "tasks", "bare", "names", "numbered"])
def test_landmarks_of_mediapipe_are_read_in_their_common_shapes(tmp_path: Path, shape: str) -> None:
    frames = [landmarks(frame) for frame in range(FRAMES)]
    content: object = {
        "frames": {"frames": [{"frame": i, "pose_landmarks": f} for i, f in enumerate(frames)]},
        "tasks": {"pose_landmarks": [[f] for f in frames]},
        "bare": frames,
        "numbered": {"frames": {str(10 * i): f for i, f in reversed(list(enumerate(frames)))}},
        "names": {"frames": [{"landmarks": {n: p for n, p in zip(ORDERS[33], f, strict=True) if n}} for f in frames]},
    }[shape]
    check(read(written(tmp_path, content), take=SAID), 33)


def test_a_folder_with_its_take_yaml_needs_nothing_more(tmp_path: Path) -> None:
    (tmp_path / "take.yaml").write_text("video: {rate_hz: 25, view: side-right, height_px: 480}")
    (tmp_path / "notes.json").write_text('{"weather": "fine"}')
    for frame in range(FRAMES):
        flat = [v for point in points(26, frame) for v in point]
        written(tmp_path, {"people": [{"pose_keypoints_2d": flat}] if frame != 2 else []}, f"run_{frame:06d}.json")
    found = read(tmp_path)
    assert found["keypoints"].sizes["time"] == FRAMES
    assert np.isnan(found["keypoints"].values[2]).all()
    assert any("Nobody was found in 1 of 5" in d.message for d in found.doubts)
    assert len(found.sources) == 1


def test_a_table_that_says_its_own_names_rate_and_view_needs_no_take(shared: Path) -> None:
    found = read(shared / "video-run-side" / "male_side.pose.json")
    signal = found["keypoints"]
    assert (signal.sizes["time"], signal.sizes["keypoint"]) == (360, 22)
    assert signal.attrs["view"] == "side-left"
    knee = signal.sel(keypoint="knee_l").values[0]
    np.testing.assert_allclose(knee, [313.407 / 1280, 1 - 1040.364 / 1280])  # as the first picture has it
    assert not found.doubts


def test_the_rate_and_the_size_of_the_picture_are_never_guessed(tmp_path: Path) -> None:
    path = written(tmp_path, [points(26, frame) for frame in range(FRAMES)])
    with pytest.raises(ReadError, match=r"video: \{rate_hz"):
        read_poses(path, Take())
    with pytest.raises(ReadError, match=r"video: \{height_px"):
        read_poses(path, parsed({"video": {"rate_hz": 30}}))


def test_a_mirrored_picture_is_turned_back_with_its_legs(tmp_path: Path) -> None:
    path = written(tmp_path, [points(26, frame) for frame in range(FRAMES)])
    plain = read_poses(path, SAID)["keypoints"]
    said = {"rate_hz": 25, "view": "side-right", "height_px": HEIGHT, "mirrored": True}
    turned = read_poses(path, parsed({"video": said}))["keypoints"]
    left, right = plain.sel(keypoint="knee_l"), turned.sel(keypoint="knee_r")
    np.testing.assert_allclose(left.sel(axis="y"), right.sel(axis="y"))
    np.testing.assert_allclose(np.diff(left.sel(axis="x")), -np.diff(right.sel(axis="x")), atol=1e-12)


def test_a_picture_left_out_is_a_gap_and_keeps_the_clock(tmp_path: Path) -> None:
    frames = [{"frame_id": f, "instances": [{"keypoints": points(17, f)}]} for f in (0, 1, 3, 4)]
    signal = read(written(tmp_path, frames), take=SAID)["keypoints"]
    assert signal.sizes["time"] == FRAMES
    assert np.isnan(signal.values[2]).all()
    assert (signal["confidence"].values[2] == 0).all()


@pytest.mark.parametrize("number", [10**400, -(10**400)])
def test_a_picture_whose_number_cannot_be_meant_is_counted_in_its_place(tmp_path: Path, number: int) -> None:
    frames = [{"frame_id": n, "instances": [{"keypoints": points(17, f)}]} for f, n in enumerate((0, 1, number))]
    assert read(written(tmp_path, frames), take=SAID)["keypoints"].sizes["time"] == 3


def test_pictures_numbered_far_apart_are_refused_before_they_fill_the_memory(tmp_path: Path) -> None:
    frames = [{"frame_id": n, "instances": [{"keypoints": points(17, f)}]} for f, n in enumerate((0, 1, 10**9))]
    with pytest.raises(ReadError, match="in a row"):
        read(written(tmp_path, frames), take=SAID)


def test_pictures_under_their_numbers_keep_the_clock_over_one_that_held_nobody(tmp_path: Path) -> None:
    signal = read(written(tmp_path, {"frames": {str(f): points(26, f) for f in (0, 1, 3, 4)}}), take=SAID)["keypoints"]
    assert signal.sizes["time"] == FRAMES
    assert np.isnan(signal.values[2]).all()


def test_of_several_people_the_largest_is_followed_and_told(tmp_path: Path) -> None:
    small = [[x / 3 + 400, y / 3, 0.9] for x, y, _ in points(17, 0)]
    frames = [{"instances": [{"keypoints": p} for p in (small, points(17, f))]} for f in range(FRAMES)]
    for frame in frames[2:]:
        frame["instances"].reverse()
    found = read(written(tmp_path, frames), take=SAID)
    check(found, 17)
    assert any("More than one person" in d.message for d in found.doubts)


def test_a_view_that_contradicts_the_file_is_doubted(tmp_path: Path) -> None:
    content = {"view": "side-left", "frames": [points(26, f) for f in range(FRAMES)]}
    found = read(written(tmp_path, content), take=SAID)
    assert any(d.about == "sides" for d in found.doubts)
    assert found["keypoints"].attrs["view"] == "side-right"


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("LEFT_KNEE", "knee_l"),
        ("r_big_toe", "big_toe_r"),
        ("RSmallToe", "small_toe_r"),
        ("left_foot_index", "big_toe_l"),
        ("MidHip", "mid_hip"),
        ("leftKnee", "knee_l"),
        ("right ear", "ear_r"),
        ("lefty", ""),
        ("r", ""),
        ("", ""),
    ],
)
def test_a_label_gives_its_point_and_side(label: str, name: str) -> None:
    assert keypoint(label) == name


def test_other_json_is_no_pose_table() -> None:
    assert not sniff(b'{"clip": "a.mp4", "cadence_spm": {"value": 168.9}}')
    assert not sniff(b"time,frames\n0,1\n")


@pytest.mark.parametrize(
    "text", ["", "{", '{"frames": [', '{"people": []}', '{"frames": 3}', "[" * 200_000, '{"frames": []}']
)
def test_a_damaged_table_is_refused_in_words(tmp_path: Path, text: str) -> None:
    path = tmp_path / "poses.json"
    path.write_text(text)
    with pytest.raises(ReadError):
        read_poses(path, SAID)


odd = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=3),
    st.integers(),
    st.floats(),
    st.just(10**400),
    st.just([]),
    st.just({}),
)


def spoilt(content: object, draw: st.DataObject, times: int) -> object:
    """The content with something odd in a few random places."""
    for _ in range(times):
        at = content
        while isinstance(at, list | dict) and at:
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            key = draw.draw(st.sampled_from(keys))
            deeper = at[key]
            if not isinstance(deeper, list | dict) or not deeper or draw.draw(st.integers(0, 5)) == 0:
                at[key] = draw.draw(odd)
                break
            at = deeper
    return content


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.data(),
    shape=st.sampled_from(["own", "mmpose", "openpose", "mediapipe", "numbered"]),
    times=st.integers(1, 12),
)
def test_odd_values_are_gaps_or_refused_in_words(tmp_path: Path, data: st.DataObject, shape: str, times: int) -> None:
    content: object = {
        "own": {
            "fps": 30.0,
            "width": 640,
            "height": 480,
            "view": "side-left",
            "timestamps": [0, 0.04, 0.08, 0.12, 0.16],
        }
        | {"keypoint_names": list(ORDERS[26]), "frames": [points(26, f) for f in range(FRAMES)]},
        "mmpose": {
            "meta_info": {"keypoint_id2name": dict(enumerate(ORDERS[17]))},
            "instance_info": [
                {"frame_id": f, "instances": [{"keypoints": points(17, f), "keypoint_scores": [0.5] * 17}]}
                for f in range(FRAMES)
            ],
        },
        "openpose": [{"people": [{"pose_keypoints_2d": [v for p in points(25, f) for v in p]}]} for f in range(FRAMES)],
        "numbered": {"fps": 25, "frames": {str(f): [points(17, f), points(17, f + 9)] for f in range(FRAMES)}},
        "mediapipe": {"frames": [{"timestamp_ms": 40 * f, "landmarks": landmarks(f)} for f in range(FRAMES)]},
    }[shape]
    path = written(tmp_path, spoilt(json.loads(json.dumps(content)), data, times))
    try:
        signal = read(path, take=SAID)["keypoints"]
    except ReadError:
        return
    assert signal.sizes["time"] <= 20 * FRAMES + 1
    assert not np.isinf(signal.values).any()
    sure = signal["confidence"].values
    assert ((sure >= 0) & (sure <= 1) | np.isnan(sure)).all()
