"""Sizes and angles come back from markers made by a body whose size and angles are known."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose
from scipy.spatial.transform import Rotation

from restride.body.anatomy import PLACES, place_of
from restride.body.kinematics import forward
from restride.body.model import COORDINATES, WORLD_FROM_LAB, Body, resized
from restride.body.pose import pelvis_angles, pelvis_rotation
from restride.body.scaling import scaled, sized
from restride.body.tracking import track
from restride.errors import ModelError
from restride.readers import read
from restride.signals.schema import SPACE, FloatArray, labelled

FRAMES = 24
# label in the files, landmark
LABELS = {
    "ASI": "asis",
    "PSI": "psis",
    "KNE": "knee_lateral",
    "ANK": "ankle_lateral",
    "HEE": "heel",
    "TOE": "toe",
    "MT5": "mt5",
}
CLUSTERS = {"THI": ("femur", (0.05, -0.2, 0.07)), "TIB": ("tibia", (0.04, -0.2, 0.05))}


@pytest.fixture(scope="module")
def person() -> Body:
    legs = {"femur": 1.08, "patella": 1.08, "tibia": 0.95, "talus": 1.05, "calcn": 1.05, "toes": 1.05}
    factors = {f"{name}_{side}": (f, f, f) for name, f in legs.items() for side in "rl"}
    return resized(factors | {"pelvis": (1.1, 1.08, 1.06)}, mass_kg=68.0)


def _motion(seed: int = 0) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Angles of something like running, root and time; the two sides differ."""
    time_s = np.arange(FRAMES) / 100
    beat = 2 * np.pi * time_s / 0.24
    q = np.zeros((FRAMES, 17))
    for k, side in enumerate("rl"):
        lag = beat + np.pi * k + seed
        columns = {
            "hip_flexion": 0.2 + 0.5 * np.cos(lag),
            "hip_adduction": 0.08 * np.sin(lag),
            "knee_angle": 0.8 + 0.6 * np.sin(lag - 0.7),
            "ankle_angle": 0.1 + 0.25 * np.sin(2 * lag),
        }
        for name, values in columns.items():
            q[:, COORDINATES.index(f"{name}_{side}")] = values
    q[:, 0], q[:, 1], q[:, 2] = -0.1, 0.08 * np.sin(beat), 0.1 * np.cos(beat)
    place = np.stack([3.0 * time_s, 0.95 + 0.04 * np.sin(2 * beat), 0.02 * np.sin(beat)], axis=1)
    return q, place, time_s


def _markers(body: Body, q: FloatArray, place: FloatArray, time_s: FloatArray) -> xr.DataArray:
    rotation = WORLD_FROM_LAB @ pelvis_rotation(q[:, :3]) @ WORLD_FROM_LAB.T
    now = forward(body, place @ WORLD_FROM_LAB.T, rotation, q[:, 3:])
    names, points = [], []
    for side in "RL":
        suffix, mirror = f"_{side.lower()}", np.array([1.0, 1.0, 1.0 if side == "R" else -1.0])
        rows = {label: (PLACES[mark][0], place_of(body, mark, suffix)) for label, mark in LABELS.items()}
        rows |= {label: (segment, np.array(at) * mirror) for label, (segment, at) in CLUSTERS.items()}
        for label, (segment, at) in rows.items():
            number = body.segment(segment if segment == "pelvis" else segment + suffix)
            names.append(side + label)
            points.append((now.place[:, number] + now.rotation[:, number] @ at) @ WORLD_FROM_LAB)
    return labelled(
        np.stack(points, axis=1),
        dims=("time", "marker", "space"),
        units="m",
        frame="lab",
        coords={"time": time_s, "marker": names, "space": list(SPACE)},
    )


@pytest.fixture(scope="module")
def standing(person: Body) -> xr.DataArray:
    return _markers(person, np.zeros((3, 17)), np.tile([0.0, 0.97, 0.0], (3, 1)), np.arange(3) / 100)


@pytest.fixture(scope="module")
def moving(person: Body) -> xr.DataArray:
    return _markers(person, *_motion())


JUDGED = [
    COORDINATES.index(f"{c}_{s}") for c in ("hip_flexion", "hip_adduction", "knee_angle", "ankle_angle") for s in "rl"
]


def test_angles_come_back_with_a_standing_trial(person: Body, moving: xr.DataArray, standing: xr.DataArray) -> None:
    q, place, _ = _motion()
    found = track(person, moving, static=standing)
    assert_allclose(found.angles.values[:, JUDGED], q[:, JUDGED], atol=np.radians(1.0))
    assert_allclose(found.root, place, atol=2e-3)
    assert float(found.marker_error.max()) < 3e-3
    assert bool(found.converged.all())


def test_angles_come_back_without_a_standing_trial(person: Body, moving: xr.DataArray) -> None:
    q, _, _ = _motion()
    found = track(person, moving)
    assert_allclose(found.angles.values[:, JUDGED], q[:, JUDGED], atol=np.radians(1.5))


def test_hidden_markers_drop_out_frame_by_frame(person: Body, moving: xr.DataArray, standing: xr.DataArray) -> None:
    q, _, _ = _motion()
    gappy = moving.copy()
    gappy.loc[{"marker": ["RTHI", "LANK"], "time": gappy["time"][5:9]}] = np.nan
    found = track(person, gappy, static=standing)
    assert_allclose(found.angles.values[:, JUDGED], q[:, JUDGED], atol=np.radians(1.5))
    assert found.marker_error.sel(marker="RTHI").isnull().sum() == 4


def test_a_hidden_pelvis_leaves_the_frame_unknown(person: Body, moving: xr.DataArray, standing: xr.DataArray) -> None:
    gappy = moving.copy()
    gappy.loc[{"marker": ["RASI", "LASI"], "time": gappy["time"][3]}] = np.nan
    found = track(person, gappy, static=standing)
    assert found.angles.isel(time=3).isnull().all()
    assert found.angles.isel(time=4).notnull().all()


def test_a_hidden_leg_leaves_only_its_own_angles_unknown(
    person: Body, moving: xr.DataArray, standing: xr.DataArray
) -> None:
    gappy = moving.copy()
    gappy.loc[{"marker": ["LTHI", "LKNE", "LTIB", "LANK", "LHEE", "LTOE", "LMT5"], "time": gappy["time"][6]}] = np.nan
    hidden = track(person, gappy, static=standing).angles.isel(time=6)
    for coordinate in COORDINATES[3:]:
        assert bool(hidden.sel(coordinate=coordinate).isnull()) == coordinate.endswith("_l")


def test_turning_the_lab_turns_only_the_pelvis(person: Body, moving: xr.DataArray, standing: xr.DataArray) -> None:
    turn = Rotation.from_euler("y", 0.9).as_matrix()
    first = track(person, moving, static=standing).angles
    second = track(person, moving.copy(data=moving.values @ turn.T), static=standing).angles
    assert_allclose(second.values[:, 3:], first.values[:, 3:], atol=2e-3)
    turned = pelvis_angles(turn @ pelvis_rotation(first.values[:, :3]))
    assert_allclose(second.values[:, :3], turned, atol=2e-3)


def test_mirrored_markers_give_the_other_leg(person: Body, moving: xr.DataArray, standing: xr.DataArray) -> None:
    def mirrored(markers: xr.DataArray) -> xr.DataArray:
        swapped = [("L" if m[0] == "R" else "R") + m[1:] for m in map(str, markers["marker"].values)]
        return markers.copy(data=markers.values * [1, 1, -1]).assign_coords(marker=swapped)

    first = track(person, moving, static=standing).angles.values
    second = track(person, mirrored(moving), static=mirrored(standing)).angles.values
    assert_allclose(second[:, 10:], first[:, 3:10], atol=2e-3)
    assert_allclose(second[:, 3:10], first[:, 10:], atol=2e-3)


def test_a_single_frame_is_tracked(person: Body, moving: xr.DataArray, standing: xr.DataArray) -> None:
    assert track(person, moving.isel(time=[2]), static=standing).angles.sizes["time"] == 1


@pytest.mark.parametrize("trial", ["standing", "moving"])
def test_the_size_of_the_person_comes_back(person: Body, trial: str, request: pytest.FixtureRequest) -> None:
    found = sized(request.getfixturevalue(trial), mass_kg=68.0)
    # knee and ankle turn about shifting axes, so lateral markers move a little against each other
    for segment in ("femur_r", "tibia_l", "calcn_r", "pelvis"):
        assert_allclose(found.factors[segment], person.factors[segment], rtol=0.03)


def test_both_legs_get_one_size(moving: xr.DataArray) -> None:
    found = sized(moving)
    assert found.factors["tibia_l"] == found.factors["tibia_r"]


def test_markers_in_millimetres_are_refused(moving: xr.DataArray) -> None:
    with pytest.raises(ModelError, match="wide"):
        sized(moving.copy(data=1000 * moving.values))


def test_a_pelvis_without_markers_is_refused(person: Body, moving: xr.DataArray) -> None:
    with pytest.raises(ModelError, match="pelvis"):
        track(person, moving.sel(marker=[m for m in moving["marker"].values if "SI" not in str(m)]))


# set, files, most RMS marker error in m
TAKES = [
    ("run-emg-grf-mocap", ("motion_capture_run.trc", "static_run.trc"), 0.018),
    ("walk-emg-mocap-grf", ("markers_walk.trc",), 0.015),
    ("c3d-walk-one-sided-ankle", ("PiG_Motion-FlatFoot-Hole.c3d",), 0.015),
    ("c3d-walk-emg-type4-plates", ("Gait.c3d",), 0.015),
]


@pytest.mark.parametrize(("folder", "files", "most_m"), TAKES)
def test_markers_of_real_takes_stay_near_the_body(
    shared: Path, folder: str, files: tuple[str, ...], most_m: float
) -> None:
    take = read([shared / folder / name for name in files])
    static = next((take[kind] for kind in ("static_markers",) if kind in take), None)
    found = track(scaled(take, mass_kg=70.0), take["markers"], static=static)
    assert float(np.sqrt((found.marker_error**2).mean())) < most_m
