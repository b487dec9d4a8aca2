"""The twin's own kinematics against the body's engine and its dynamics."""

import mujoco
import numpy as np
from numpy.testing import assert_allclose

from restride.body import generic, moments, positions
from restride.body.model import WORLD_FROM_LAB
from restride.body.pose import as_labelled
from restride.signals.schema import SIDES
from restride.twin import steps
from restride.twin.motion import centre_of_pressure, ground_force, motion, per_stride
from restride.twin.segments import centre_of_mass, poses


def test_poses_are_those_of_the_engine() -> None:
    body = generic(mass_kg=64.0, height_m=1.81)
    rng = np.random.default_rng(0)
    q = rng.uniform(-0.4, 0.4, (5, len(body.coordinates)))
    angles, root = as_labelled(body, q, rng.uniform(-1, 1, (5, 3)), np.arange(5) / 100)
    place, turn = poses(body, angles, root)
    qpos = positions(body, angles, root)
    data = mujoco.MjData(body.model)
    mass = centre_of_mass(body, place, turn)
    for t in range(5):
        data.qpos = qpos[t]
        mujoco.mj_kinematics(body.model, data)
        mujoco.mj_comPos(body.model, data)
        assert_allclose(place[t], data.xpos @ WORLD_FROM_LAB, atol=1e-12)
        assert_allclose(turn[t], WORLD_FROM_LAB.T @ data.xmat.reshape(-1, 3, 3), atol=1e-12)
        assert_allclose(mass[t], data.subtree_com[0] @ WORLD_FROM_LAB, atol=1e-12)


def _moving(*, spread: float) -> tuple[steps.Steps, np.ndarray]:
    run = steps.steps(10, spread=spread, rng=np.random.default_rng(2), zero=4, zero_s=0.25)
    return run, np.arange(0.0, 1.6, 1 / 400)


def test_inverse_dynamics_leaves_no_force_at_the_pelvis() -> None:
    body = generic(mass_kg=62.0, height_m=1.75)
    run, time_s = _moving(spread=0.02)
    moved = motion(body, run, time_s, spread=0.02, rng=np.random.default_rng(3))
    grf = ground_force(run, time_s, mass_kg=62.0)
    found = moments(body, moved.angles, moved.root, grf=grf, cop=centre_of_pressure(moved, run, time_s))
    # away from the contacts, where the force has a corner that no spline follows
    events_s = np.concatenate([run.contact_s, run.toe_off_s])
    smooth = np.abs(time_s[:, None] - events_s).min(axis=1) > 0.03
    smooth &= (time_s > 0.1) & (time_s < 1.5)
    assert np.abs(found.root_force.values[smooth]).max() < 0.5
    assert smooth.sum() > 100


def test_even_steps_give_equal_moments_half_a_stride_apart() -> None:
    body = generic(mass_kg=62.0, height_m=1.75)
    run, time_s = _moving(spread=0.0)
    moved = motion(body, run, time_s, spread=0.0, rng=np.random.default_rng(3))
    grf = ground_force(run, time_s, mass_kg=62.0)
    found = moments(body, moved.angles, moved.root, grf=grf, cop=centre_of_pressure(moved, run, time_s)).moments
    middle = (time_s > 0.3) & (time_s < 1.2)
    for name in ("hip_flexion", "hip_adduction", "hip_rotation", "knee_angle", "ankle_angle"):
        right, left = (found.sel(coordinate=f"{name}_{s}").values for s in "rl")
        later = np.interp(time_s[middle] + 0.342, time_s, left)
        assert_allclose(right[middle], later, atol=3.0)  # interpolation beside the corners of the force


def test_foot_stays_near_the_floor_and_goes_back_with_the_belt_while_it_lies_flat() -> None:
    body = generic(mass_kg=62.0, height_m=1.75)
    run, time_s = _moving(spread=0.0)
    moved = motion(body, run, time_s, spread=0.0, rng=np.random.default_rng(3))
    share = steps.share_of_contact(run, time_s)
    down = steps.force_per_mass(run, time_s)[..., 1] > 0
    for k in range(len(SIDES)):
        flat = down[:, k] & (share > 0.25) & (share < 0.65)
        forefoot = moved.feet[flat, k, 1]
        assert np.ptp(forefoot[:, 1]) < 0.02
        backward = -np.gradient(moved.feet[:, k, 1, 0], time_s)[flat]
        assert_allclose(backward.mean(), 3.4, atol=0.2)
        assert backward.std() < 0.3


def test_factor_per_stride_has_the_spread_asked_for() -> None:
    phase = np.linspace(0.0, 400.0, 40_001)
    factor = per_stride(phase, spread=0.1, rng=np.random.default_rng(4))
    at_contacts = factor[::100]
    assert_allclose(at_contacts.std(), 0.1, rtol=0.15)
    assert_allclose(at_contacts.mean(), 1.0, atol=0.02)
    assert np.abs(np.diff(factor)).max() < 0.02
