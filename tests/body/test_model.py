"""Sizes, masses and muscles of the body."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from restride.body.model import SEGMENTS, WORLD_FROM_LAB, Body, generic, resized
from restride.body.muscles import geometry
from restride.body.pose import assembled
from restride.errors import ModelError
from restride.signals.schema import FloatArray
from restride.signals.vocabulary import GROUPS, SITES


def _segment_places(body: Body) -> FloatArray:
    import mujoco

    data = mujoco.MjData(body.model)
    data.qpos = assembled(body, np.zeros((1, 17)), np.array([[0.0, 1.0, 0.0]]))[0]
    mujoco.mj_kinematics(body.model, data)
    return np.array([data.xpos[body.segment(name)] for name in SEGMENTS]) @ WORLD_FROM_LAB


def test_masses_add_up_to_the_person() -> None:
    assert_allclose(generic(mass_kg=61.5).model.body_mass.sum(), 61.5, rtol=1e-12)


def test_generic_body_has_its_published_mass() -> None:
    assert_allclose(generic().model.body_mass.sum(), 75.0, rtol=1e-12)


def test_every_length_follows_the_height() -> None:
    small, tall = _segment_places(generic()), _segment_places(generic(height_m=1.87))
    assert_allclose(tall[1:] - tall[1], 1.1 * (small[1:] - small[1]), atol=1e-12)


def test_a_longer_shank_lowers_the_ankle_only() -> None:
    longer = resized({"tibia_l": (1.2, 1.2, 1.2)})
    change = _segment_places(longer) - _segment_places(generic())
    moved = {name for name, shift in zip(SEGMENTS, change, strict=True) if np.abs(shift).max() > 1e-9}
    assert moved == {"talus_l", "calcn_l", "toes_l"}


def test_fibre_and_tendon_keep_their_share_of_the_path() -> None:
    small, tall = generic(), generic(height_m=1.87)
    for name in ("optimal_fiber_length", "tendon_slack_length"):
        assert_allclose(getattr(tall.muscles, name), 1.1 * getattr(small.muscles, name), rtol=1e-3)


def test_the_standing_person_faces_forward_with_right_to_the_right() -> None:
    places = dict(zip(SEGMENTS, _segment_places(generic()), strict=True))
    assert places["toes_r"][0] > places["calcn_r"][0]
    assert places["torso"][1] > places["femur_r"][1] > places["tibia_r"][1] > places["talus_r"][1]
    assert places["femur_r"][2] > 0 > places["femur_l"][2]


def test_left_and_right_muscles_are_mirror_images() -> None:
    body = generic()
    rng = np.random.default_rng(3)
    half = rng.uniform(0.0, 0.3, (4, 7))
    length, arms = geometry(body, np.hstack([np.zeros((4, 3)), half, half]))
    right = [i for i, name in enumerate(body.muscles.names) if name.endswith("_r")]
    left = [body.muscles.names.index(body.muscles.names[i][:-2] + "_l") for i in right]
    assert_allclose(length[:, left], length[:, right], atol=2e-4)
    assert_allclose(arms[:, left][:, :, 7:], arms[:, right][:, :, :7], atol=2e-4)


def test_every_site_and_group_names_muscles_of_the_body() -> None:
    known = {name[:-2] for name in generic().muscles.names}
    assert {m for row in (*SITES.values(), *GROUPS.values()) for m in row} <= known


def test_a_height_in_centimetres_is_refused() -> None:
    with pytest.raises(ModelError, match="check the units"):
        generic(height_m=172)


def test_an_unknown_segment_is_refused() -> None:
    with pytest.raises(ModelError, match="thigh"):
        resized({"thigh": (1.0, 1.0, 1.0)})
