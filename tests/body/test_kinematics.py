"""The numpy tree against the engine's, and its derivatives against differences."""

import mujoco
import numpy as np
from numpy.testing import assert_allclose
from scipy.spatial.transform import Rotation

from restride.body.kinematics import carried, forward
from restride.body.model import Body, generic
from restride.body.pose import assembled
from restride.signals.schema import FloatArray

FRAMES = 5


def _random_pose(body: Body, seed: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    low, high = body.limits[3:].T
    legs = rng.uniform(low, high, (FRAMES, low.size))
    return rng.normal(size=(FRAMES, 3)), Rotation.random(FRAMES, random_state=seed).as_matrix(), legs


def test_every_leg_segment_is_where_the_engine_has_it() -> None:
    body = generic(height_m=1.83)
    place, rotation, legs = _random_pose(body, 1)
    found = forward(body, place, rotation, legs)
    qpos = assembled(body, np.hstack([np.zeros((FRAMES, 3)), legs]), np.zeros((FRAMES, 3)))
    qpos[:, :3], qpos[:, 3:7] = place, np.roll(Rotation.from_matrix(rotation).as_quat(), 1, axis=1)
    data = mujoco.MjData(body.model)
    pelvis = body.segment("pelvis")
    for frame in range(FRAMES):
        data.qpos = qpos[frame]
        mujoco.mj_kinematics(body.model, data)
        assert_allclose(found.place[frame, pelvis:], data.xpos[pelvis:], atol=1e-12)
        assert_allclose(found.rotation[frame, pelvis:], data.xmat[pelvis:].reshape(-1, 3, 3), atol=1e-12)


def test_twists_are_the_slopes_of_the_segments() -> None:
    body = generic()
    place, rotation, legs = _random_pose(body, 2)
    now = forward(body, place, rotation, legs)
    segments = np.array(
        [body.segment(f"{name}_{side}") for name in ("femur", "tibia", "calcn", "toes") for side in "rl"]
    )
    moves = carried(body, segments)
    step = 1e-6
    for column in range(legs.shape[1]):
        changed = legs.copy()
        changed[:, column] += step
        slope = (forward(body, place, rotation, changed).place[:, segments] - now.place[:, segments]) / step
        twist = np.cross(now.turn[:, None, column], now.place[:, segments]) + now.speed[:, None, column]
        assert_allclose(twist * moves[None, :, column, None], slope, atol=1e-5)
