"""Joint moments in closed form, under symmetry, and against another engine."""

import copy
from pathlib import Path

import mujoco
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from numpy.testing import assert_allclose
from scipy.spatial.transform import Rotation

from restride.body.dynamics import Dynamics, _inverse, contacts, derived_force, moments
from restride.body.model import COORDINATES, Body, generic
from restride.body.pose import as_labelled, motion, pelvis_angles, pelvis_rotation
from restride.body.scaling import scaled
from restride.errors import ModelError, UnitsError
from restride.readers import read
from restride.signals.schema import SIDES, SPACE, FloatArray, labelled

FRAMES = 40
G = 9.81


@pytest.fixture(scope="module")
def body() -> Body:
    return generic(mass_kg=70.0)


def _force(values: FloatArray, units: str, time_s: FloatArray) -> xr.DataArray:
    coords = {"time": time_s, "side": list(SIDES), "space": list(SPACE)}
    return labelled(values, dims=("time", "side", "space"), units=units, frame="lab", coords=coords)


def _standing(body: Body, *, lever_m: float) -> Dynamics:
    """Upright and still, half the weight on each foot, ``lever_m`` in front of each ankle."""
    time_s = np.arange(FRAMES) / 100
    angles, root = as_labelled(body, np.zeros((FRAMES, 17)), np.tile([0.3, 0.95, -0.1], (FRAMES, 1)), time_s)
    force = np.tile([0.0, body.mass_kg * G / 2, 0.0], (FRAMES, 2, 1))
    ankle_x, ankle_z = 0.3 - 0.0563 - 0.010, 0.0773
    centre = np.zeros_like(force)
    centre[:, :, 0] = ankle_x + lever_m
    centre[:, 0, 2], centre[:, 1, 2] = -0.1 - ankle_z, -0.1 + ankle_z
    return moments(body, angles, root, grf=_force(force, "N", time_s), cop=_force(centre, "m", time_s))


def test_standing_ankle_moment_is_force_times_lever(body: Body) -> None:
    near, far = (_standing(body, lever_m=lever).moments for lever in (0.0, 0.1))
    for side in "rl":
        change = (far - near).sel(coordinate=f"ankle_angle_{side}").values
        # the axis of the ankle is not quite horizontal across: 0.979 of it is
        assert_allclose(change, -body.mass_kg * G / 2 * 0.1, rtol=0.03)


def test_standing_still_leaves_no_force_over(body: Body) -> None:
    assert_allclose(_standing(body, lever_m=0.05).root_force, 0.0, atol=1e-6)


def _moving(body: Body, seed: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    time_s = np.arange(FRAMES) / 100
    phase = rng.uniform(0, 6, 17)
    q = 0.25 * np.sin(6 * time_s[:, None] + phase)
    q[:, [COORDINATES.index("knee_angle_r"), COORDINATES.index("knee_angle_l")]] += 0.5
    place = 0.05 * np.sin(5 * time_s[:, None] + rng.uniform(0, 6, 3)) + np.array([0.2, 0.9, 0.1])
    force = rng.normal([20.0, 400.0, 10.0], 50.0, (1, 2, 3)) * np.ones((FRAMES, 1, 1))
    centre = rng.normal(0.0, 0.1, (FRAMES, 2, 3))
    return time_s, q, place, force, centre


def _moments(body: Body, parts: tuple[FloatArray, ...]) -> Dynamics:
    time_s, q, place, force, centre = parts
    angles, root = as_labelled(body, q, place, time_s)
    return moments(body, angles, root, grf=_force(force, "N", time_s), cop=_force(centre, "m", time_s))


def test_turning_the_lab_about_the_vertical_changes_nothing(body: Body) -> None:
    parts = _moving(body, 4)
    turn = Rotation.from_euler("y", 1.1).as_matrix()
    time_s, q, place, force, centre = parts
    turned_q = q.copy()
    turned_q[:, :3] = pelvis_angles(turn @ pelvis_rotation(q[:, :3]))
    turned = (time_s, turned_q, place @ turn.T, force @ turn.T, centre @ turn.T)
    # splines through other Euler angles differ a little between the frames, most at the ends
    assert_allclose(_moments(body, turned).moments, _moments(body, parts).moments, atol=5e-3)


def test_a_mirrored_motion_swaps_left_and_right(body: Body) -> None:
    time_s, q, place, force, centre = _moving(body, 5)
    mirror = np.array([1.0, 1.0, -1.0])
    mirrored_q = np.hstack([q[:, :3] * [1, -1, -1], q[:, 10:], q[:, 3:10]])
    mirrored = (time_s, mirrored_q, place * mirror, force[:, ::-1] * mirror, centre[:, ::-1] * mirror)
    swapped = _moments(body, mirrored).moments.values
    as_was = _moments(body, (time_s, q, place, force, centre)).moments.values
    assert_allclose(swapped, np.hstack([as_was[:, 7:], as_was[:, :7]]), atol=0.02)


def test_power_of_all_forces_is_the_change_of_energy(body: Body) -> None:
    time_s = np.arange(200) / 400
    q = 0.2 * np.sin(4 * time_s[:, None] + np.arange(17)) + 0.3
    qpos, qvel, qacc = motion(body, q, 0.1 * np.cos(3 * time_s[:, None] + np.arange(3)), time_s)
    needed, _, _ = _inverse(body, qpos, qvel, qacc)
    model = copy.copy(body.model)
    model.opt.enableflags |= int(mujoco.mjtEnableBit.mjENBL_ENERGY)
    data = mujoco.MjData(model)
    energy = np.empty(200)
    for t in range(200):
        data.qpos, data.qvel = qpos[t], qvel[t]
        mujoco.mj_forward(model, data)
        energy[t] = data.energy.sum()
    power = np.einsum("tv,tv->t", needed, qvel)
    assert_allclose(np.gradient(energy, time_s)[5:-5], power[5:-5], atol=0.02 * np.abs(power).max())


def test_a_leg_without_measured_force_has_no_moments(body: Body) -> None:
    time_s, q, place, force, centre = _moving(body, 7)
    force = force.copy()
    force[:, 0] = np.nan
    found = _moments(body, (time_s, q, place, force, centre)).moments
    left = [c for c in found["coordinate"].values if str(c).endswith("_l")]
    assert found.sel(coordinate=left).isnull().all()
    assert found.drop_sel(coordinate=left).notnull().all()


def test_an_undefined_centre_under_an_unloaded_foot_does_no_harm(body: Body) -> None:
    time_s, q, place, force, centre = _moving(body, 8)
    force, blank = force.copy(), centre.copy()
    force[:, 1] = 0.0
    blank[:, 1] = np.nan
    with_nan = _moments(body, (time_s, q, place, force, blank)).moments
    assert_allclose(with_nan, _moments(body, (time_s, q, place, force, centre)).moments)


def test_force_and_motion_of_other_times_are_refused(body: Body) -> None:
    time_s, q, place, force, centre = _moving(body, 9)
    angles, root = as_labelled(body, q, place, time_s)
    with pytest.raises(UnitsError, match="clocks"):
        moments(body, angles, root, grf=_force(force, "N", time_s + 60), cop=_force(centre, "m", time_s + 60))


def test_contacts_run_from_initial_contact_to_toe_off() -> None:
    events = pd.DataFrame(
        {
            "time_s": [0.2, 0.5, 0.4, 0.1],
            "side": ["left", "left", "right", "right"],
            "name": ["initial_contact", "toe_off", "initial_contact", "toe_off"],
        }
    )
    found = contacts(events, np.array([0.05, 0.15, 0.3, 0.45, 0.6]))
    assert found.sel(side="left").values.tolist() == [False, False, True, True, False]
    assert found.sel(side="right").values.tolist() == [True, False, False, True, True]


def test_force_of_walking_is_not_made_up(body: Body) -> None:
    time_s, q, place, _, _ = _moving(body, 10)
    angles, root = as_labelled(body, q, place, time_s)
    both = xr.DataArray(
        np.ones((FRAMES, 2), dtype=bool), dims=("time", "side"), coords={"time": time_s, "side": list(SIDES)}
    )
    with pytest.raises(ModelError, match="walking needs measured forces"):
        derived_force(body, angles, root, contacts=both)


def test_force_of_a_body_at_rest_is_its_weight(body: Body) -> None:
    time_s = np.arange(FRAMES) / 100
    angles, root = as_labelled(body, np.full((FRAMES, 17), 0.1), np.tile([0.0, 0.9, 0.0], (FRAMES, 1)), time_s)
    right = np.zeros((FRAMES, 2), dtype=bool)
    right[:, 1] = True
    down = xr.DataArray(right, dims=("time", "side"), coords={"time": time_s, "side": list(SIDES)})
    found = derived_force(body, angles, root, contacts=down)
    assert found.attrs["source"] == "derived"
    assert_allclose(found["grf"].sel(side="right"), np.tile([0.0, 70.0 * G, 0.0], (FRAMES, 1)), atol=1e-6)
    assert_allclose(found["grf"].sel(side="left"), 0.0)
    assert found["cop"].sel(side="left").isnull().all()


def test_moments_of_a_walk_follow_those_of_another_engine(shared: Path) -> None:
    folder = shared / "walk-emg-mocap-grf"
    person = scaled(read([folder / "markers_walk.trc"]), mass_kg=85.27)
    take = read([folder / "coordinates.sto", folder / "grf_walk.mot"])
    every = slice(0, None, 10)
    ours = moments(
        person,
        take["angles"].isel(time=every),
        take["root"].isel(time=every),
        grf=take["grf"],
        cop=take["cop"],
        free_moment=take["free_moment"],
    ).moments
    theirs = read([folder / "id_walk.sto"])["moments"].isel(time=every)
    for joint in ("hip_flexion", "hip_adduction", "hip_rotation", "knee_angle", "ankle_angle"):
        for side in "rl":
            a, b = (m.sel(coordinate=f"{joint}_{side}").values for m in (ours, theirs))
            assert np.corrcoef(a, b)[0, 1] > 0.97
            assert np.sqrt(np.mean((a - b) ** 2)) < 0.08 * np.ptp(b)
