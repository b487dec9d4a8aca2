import numpy as np
import numpy.typing as npt
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.spatial.transform import Rotation

from restride.errors import SchemaError
from restride.signals.facing import body_front, up_axis
from restride.signals.frames import facing_forward, lab_rotation, side_doubts, turned, upright
from restride.signals.plausibility import mass_from_force
from restride.signals.recording import Recording, Subject
from restride.signals.schema import SIDES, SPACE, labelled

FloatArray = npt.NDArray[np.float64]

STILL = {
    "RASI": (0.10, 1.00, 0.12),
    "LASI": (0.10, 1.00, -0.12),
    "RPSI": (-0.10, 1.02, 0.05),
    "LPSI": (-0.10, 1.02, -0.05),
    "RKNE": (0.02, 0.52, 0.14),
    "LKNE": (0.02, 0.52, -0.14),
    "RHEE": (-0.06, 0.04, 0.10),
    "LHEE": (-0.06, 0.04, -0.10),
    "RTOE": (0.16, 0.04, 0.11),
    "LTOE": (0.16, 0.04, -0.11),
    "C7": (-0.08, 1.50, 0.0),
}
FRAMES = 21


def markers(places: dict[str, tuple[float, float, float]] = STILL, *, speed_m_s: float = 0.0) -> xr.DataArray:
    way = np.arange(FRAMES)[:, None, None] / 100 * np.array([speed_m_s, 0, 0])
    values = np.array(list(places.values()))[None] + way
    coords = {"time": np.arange(FRAMES) / 100, "marker": list(places), "space": list(SPACE)}
    return labelled(values, dims=("time", "marker", "space"), units="m", coords=coords, frame="lab")


def about_y(angle_rad: float) -> FloatArray:
    return Rotation.from_euler("y", angle_rad).as_matrix()


@pytest.mark.parametrize(("forward", "up"), [("+x", "+y"), ("+x", "+z"), ("-y", "+z"), ("+z", "-x"), ("-z", "+y")])
def test_the_lab_rotation_is_a_proper_turn_that_puts_axes_where_they_belong(forward: str, up: str) -> None:
    rotation = lab_rotation(forward=forward, up=up)

    def axis(name: str) -> FloatArray:
        return np.asarray((1.0 if name[0] == "+" else -1.0) * np.eye(3)["xyz".index(name[1])])

    assert_allclose(rotation @ axis(forward), [1, 0, 0])
    assert_allclose(rotation @ axis(up), [0, 1, 0])
    assert np.linalg.det(rotation) == pytest.approx(1.0)


@pytest.mark.parametrize(("forward", "up"), [("+x", "-x"), ("x", "+y"), ("+w", "+y"), ("", "+y")])
def test_axes_that_are_none_are_an_error(forward: str, up: str) -> None:
    with pytest.raises(SchemaError, match="axes"):
        lab_rotation(forward=forward, up=up)


@settings(max_examples=25, deadline=None)
@given(angle_rad=st.floats(-3.1, 3.1))
def test_turning_the_lab_and_facing_forward_again_changes_nothing(angle_rad: float) -> None:
    recording = Recording({"markers": markers()})
    back = facing_forward(turned(recording, about_y(angle_rad)))
    front = body_front(back["markers"])
    assert front is not None
    # near an axis the turn is a quarter turn: what is left is less than 15 degrees
    assert front[0] > np.cos(np.deg2rad(15.0)) - 1e-9
    assert_allclose(back["markers"].sel(space="y").values, recording["markers"].sel(space="y").values, atol=1e-12)


def test_a_quarter_turn_is_exact() -> None:
    recording = Recording({"markers": markers()})
    back = facing_forward(turned(recording, about_y(np.pi / 2)))
    assert_allclose(back["markers"].values, recording["markers"].values, atol=1e-15)


def test_facing_forward_twice_is_facing_forward_once() -> None:
    once = facing_forward(turned(Recording({"markers": markers()}), about_y(0.7)))
    assert_allclose(facing_forward(once)["markers"].values, once["markers"].values, atol=1e-12)


def test_the_way_goes_before_the_front() -> None:
    # someone who walks toward file -z with the pelvis turned a little
    walk = turned(Recording({"markers": markers(speed_m_s=8.0)}), about_y(np.pi / 2 + 0.5))
    step = facing_forward(walk)["markers"].diff("time").mean("time").mean("marker").values
    assert_allclose(step / np.linalg.norm(step), [1, 0, 0], atol=1e-12)


def test_exchanged_sides_do_not_turn_the_person_round() -> None:
    swapped = {("L" if k[0] == "R" else "R") + k[1:] if k[0] in "LR" else k: v for k, v in STILL.items()}
    front = body_front(markers(swapped))
    assert front is not None
    assert front[0] > 0.99


def angles(values: dict[str, FloatArray]) -> xr.DataArray:
    table = np.column_stack(list(values.values()))
    coords = {"time": np.arange(len(table)) / 100, "coordinate": list(values)}
    return labelled(table, dims=("time", "coordinate"), units="rad", coords=coords)


@settings(max_examples=25, deadline=None)
@given(
    tilt=st.floats(-0.6, 0.6),
    lean=st.floats(-0.6, 0.6),
    turn=st.floats(-0.8, 0.8),
    psi=st.floats(-2.0, 2.0),
    knee=st.floats(0, 1),
)
def test_the_angles_of_the_pelvis_follow_the_lab_and_those_of_joints_do_not(
    tilt: float, lean: float, turn: float, psi: float, knee: float
) -> None:
    names = ("pelvis_tilt", "pelvis_list", "pelvis_rotation", "knee_angle_r")
    old = angles({n: np.full(4, v) for n, v in zip(names, (tilt, lean, turn, knee), strict=True)})
    new = turned(Recording({"angles": old}), about_y(psi))["angles"]
    assert_allclose(new.sel(coordinate="knee_angle_r").values, knee)
    assert_allclose(
        Rotation.from_euler("ZXY", new.values[0, :3]).as_matrix(),
        about_y(psi) @ Rotation.from_euler("ZXY", [tilt, lean, turn]).as_matrix(),
        atol=1e-9,
    )


def test_a_level_pelvis_only_changes_its_rotation() -> None:
    names = ("pelvis_tilt", "pelvis_list", "pelvis_rotation")
    level = angles({n: np.full(4, v) for n, v in zip(names, (0.0, 0.0, 0.1), strict=True)})
    new = turned(Recording({"angles": level}), about_y(0.4))["angles"]
    assert_allclose(new.values, np.tile([0.0, 0.0, 0.5], (4, 1)), atol=1e-12)


def test_angles_alone_say_where_the_person_goes() -> None:
    names = ("pelvis_tilt", "pelvis_list", "pelvis_rotation")
    sideways = angles({n: np.full(4, v) for n, v in zip(names, (0.0, 0.0, np.pi / 2), strict=True)})
    root = np.arange(4)[:, None] * np.array([[0.0, 0.0, -0.5]]) + [0.0, 0.9, 0.0]
    coords = {"time": np.arange(4) / 100, "space": list(SPACE)}
    way = labelled(root, dims=("time", "space"), units="m", coords=coords, frame="lab")
    ahead = facing_forward(Recording({"angles": sideways, "root": way}))
    assert_allclose(ahead["angles"].sel(coordinate="pelvis_rotation").values, 0.0, atol=1e-12)
    assert_allclose(ahead["root"].values, np.arange(4)[:, None] * [0.5, 0.0, 0.0] + [0.0, 0.9, 0.0], atol=1e-12)


def test_forces_turn_with_the_markers() -> None:
    coords = {"time": [0.0, 0.01], "side": list(SIDES), "space": list(SPACE)}
    push = labelled(np.tile([10.0, 800.0, 3.0], (2, 2, 1)), dims=("time", "side", "space"), units="N", coords=coords)
    new = turned(Recording({"markers": markers(), "grf": push}), about_y(np.pi / 2))
    assert_allclose(new["grf"].values[0, 0], [3.0, 800.0, -10.0], atol=1e-12)
    assert new["grf"].attrs["units"] == "N"


def test_a_sensor_worn_on_the_body_keeps_its_own_frame_when_the_lab_is_turned() -> None:
    time_s = np.arange(3) / 100.0
    felt = np.tile([1.0, 2.0, 3.0], (3, 1, 1)).reshape(3, 1, 3)
    coords = {"time": time_s, "sensor": ["back"], "space": list(SPACE)}
    acc = labelled(felt, dims=("time", "sensor", "space"), units="m/s^2", coords=coords)
    quarter = lab_rotation(forward="+z", up="+y")
    assert_allclose(turned(Recording({"acc": acc}), quarter)["acc"].values, felt)


@pytest.mark.parametrize("up", ["+x", "-x", "+y", "-y", "+z", "-z"])
def test_a_body_is_stood_up_from_any_axis(up: str) -> None:
    forward = "+y" if up[1] == "x" else "+x"
    lying = turned(Recording({"markers": markers()}), lab_rotation(forward=forward, up=up).T)
    assert up_axis(lying["markers"]) == up
    risen = upright(lying, up=up)
    assert_allclose(risen["markers"].values, markers().values, atol=1e-12)
    assert not risen.doubts
    assert upright(lying, up="-y" if up != "-y" else "+y").doubts


def doubts_about(recording: Recording, about: str) -> list[str]:
    return [d.message for d in side_doubts(recording) if d.about == about]


def exchanged(*landmarks: str) -> dict[str, tuple[float, float, float]]:
    return {
        k: STILL[("L" if k[0] == "R" else "R") + k[1:]] if k[1:] in landmarks else place for k, place in STILL.items()
    }


def test_a_right_body_is_not_doubted() -> None:
    assert side_doubts(Recording({"markers": markers()})) == ()


def test_all_labels_exchanged_are_seen() -> None:
    swapped = exchanged("ASI", "PSI", "KNE", "HEE", "TOE")
    assert any("Every marker" in m for m in doubts_about(Recording({"markers": markers(swapped)}), "sides"))


@pytest.mark.parametrize(
    ("labels", "words"), [(("KNE",), "knee lateral"), (("HEE", "TOE"), "heel"), (("ASI",), "asis")]
)
def test_a_pair_of_exchanged_labels_is_named(labels: tuple[str, ...], words: str) -> None:
    found = doubts_about(Recording({"markers": markers(exchanged(*labels))}), "sides")
    assert len(found) == 1
    assert words in found[0]


def test_front_and_back_of_the_pelvis_exchanged_are_seen() -> None:
    back = {k: (-v[0], v[1], v[2]) if k[1:] in ("ASI", "PSI") else v for k, v in STILL.items()}
    assert any("toes point to the back" in m for m in doubts_about(Recording({"markers": markers(back)}), "sides"))


@pytest.mark.parametrize("factor", [1000.0, 0.001, 10.0])
def test_a_wrong_unit_is_seen_from_the_height_of_the_hips(factor: float) -> None:
    wrong = {k: (factor * v[0], factor * v[1], factor * v[2]) for k, v in STILL.items()}
    assert any("unit" in m for m in doubts_about(Recording({"markers": markers(wrong)}), "markers"))


def running(mass_kg: float, *, missed: int | None = None) -> xr.DataArray:
    """Vertical force of steps of 0.35 s with half sines of 0.25 s that carry the weight; 1 kHz."""
    time_s = np.arange(3000) / 1000
    up = np.zeros((time_s.size, 2))
    peak = mass_kg * 9.80665 * 0.35 / 0.25 * np.pi / 2
    for step in range(8):
        begin = 0.1 + 0.35 * step
        inside = (time_s >= begin) & (time_s < begin + 0.25)
        if step != missed:
            up[inside, step % 2] = peak * np.sin(np.pi * (time_s[inside] - begin) / 0.25)
    values = np.zeros((time_s.size, 2, 3))
    values[..., 1] = up
    coords = {"time": time_s, "side": list(SIDES), "space": list(SPACE)}
    return labelled(values, dims=("time", "side", "space"), units="N", coords=coords, frame="lab")


@pytest.mark.parametrize("missed", [None, 3])
def test_the_force_of_whole_steps_says_the_mass_even_if_one_plate_was_missed(missed: int | None) -> None:
    found = mass_from_force(running(71.0, missed=missed))
    assert found == pytest.approx(71.0, rel=0.01)  # the threshold moves each contact by some ms


def test_a_mass_that_contradicts_the_force_is_doubted() -> None:
    recording = Recording({"grf": running(71.0)}, subject=Subject(mass_kg=90.0))
    assert len(doubts_about(recording, "mass")) == 1
    assert not doubts_about(Recording({"grf": running(71.0)}, subject=Subject(mass_kg=72.0)), "mass")


def test_forces_under_the_other_foot_are_doubted() -> None:
    push = running(71.0)
    cop = labelled(np.zeros(push.shape), dims=("time", "side", "space"), units="m", like=push, frame="lab")
    cop.loc[{"side": "right", "space": "z"}] = 0.10
    cop.loc[{"side": "left", "space": "z"}] = -0.10
    still = markers().isel(time=[0, 0]).assign_coords(time=[0.0, 3.0])
    good = Recording({"markers": still, "grf": push, "cop": cop}, subject=Subject(mass_kg=71.0))
    bad = good.replaced(signals={"cop": cop.assign_coords(side=["right", "left"]).sel(side=list(SIDES))})
    assert not doubts_about(good, "sides")
    assert any("exchanged" in m for m in doubts_about(bad, "sides"))


def test_doubts_already_listed_are_not_listed_twice() -> None:
    recording = Recording({"markers": markers(exchanged("KNE"))})
    listed = recording.replaced(doubts=side_doubts(recording))
    assert side_doubts(listed) == ()
