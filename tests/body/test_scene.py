"""The drawing of the body: sides, loop, lengths, meshes."""

import time

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from restride.body.model import Body, generic
from restride.body.scene import PATH_M, Scene, scene, simplified
from restride.errors import ModelError
from restride.signals.schema import labelled

TIME_S = 3.0 + np.linspace(0.0, 1.1, 41)


@pytest.fixture(scope="module")
def body() -> Body:
    return generic()


def motion(body: Body, *, leading: str = "r") -> tuple[xr.DataArray, xr.DataArray]:
    """One stride: the leading leg flexes at hip and knee while the other stays straight."""
    turn = 2 * np.pi * np.linspace(0, 1, TIME_S.size)
    values = np.zeros((TIME_S.size, len(body.coordinates)))
    for name, amplitude in (("hip_flexion", 0.3), ("knee_angle", 1.3), ("ankle_angle", 0.2)):
        values[:, body.coordinates.index(f"{name}_{leading}")] = amplitude * (1 - np.cos(turn)) / 2
    root = np.stack([1.4 * (TIME_S - 3.0), np.full(TIME_S.size, 0.93), np.zeros(TIME_S.size)], axis=1)
    coords = {"time": TIME_S}
    return (
        labelled(
            values,
            dims=("time", "coordinate"),
            units="rad",
            coords=coords | {"coordinate": np.array(body.coordinates)},
        ),
        labelled(root, dims=("time", "space"), units="m", coords=coords | {"space": np.array(list("xyz"))}),
    )


@pytest.fixture(scope="module")
def drawn(body: Body) -> Scene:
    return scene(body, *motion(body), frames=11)


def test_left_muscles_and_bones_lie_left_of_the_middle(drawn: Scene) -> None:
    # lab frame: z points to the person's right
    middle = drawn.paths.mean(axis=(0, 2))[:, 2]
    left = np.array([name.endswith("_l") for name in drawn.muscles])
    assert (middle[left] < -0.02).all()
    assert (middle[~left] > 0.02).all()
    for bone in drawn.bones:
        z = drawn.corners(bone, 0)[:, 2].mean()
        if bone.name.endswith("_l"):
            assert z < -0.02
        elif bone.name.endswith("_r"):
            assert z > 0.02


def test_feet_point_forward_and_the_head_is_up(drawn: Scene) -> None:
    bones = {b.name: drawn.corners(b, 0) for b in drawn.bones}
    assert bones["toes_l"][:, 0].mean() > bones["calcn_l"][:, 0].mean() + 0.05
    assert bones["torso"][:, 1].max() > bones["pelvis"][:, 1].max() > bones["femur_r"][:, 1].min()


def test_the_leg_that_moves_is_the_one_that_was_told_to(body: Body, drawn: Scene) -> None:
    moved = np.ptp(drawn.position, axis=0).max(axis=1)
    foot = {b.name: moved[b.segment] for b in drawn.bones}
    assert foot["calcn_r"] > 0.2
    assert foot["calcn_l"] < 1e-6


def test_swapping_the_legs_gives_the_mirror_image(body: Body, drawn: Scene) -> None:
    other = scene(body, *motion(body, leading="l"), frames=11)
    swapped = [drawn.muscles.index(m[:-2] + ("_l" if m.endswith("_r") else "_r")) for m in drawn.muscles]
    # the published model is not mirrored to the last digit: its sides differ by up to some millimetres
    assert_allclose(other.paths, drawn.paths[:, swapped] * (1, 1, -1), atol=6e-3)


def test_the_stride_is_a_loop_on_the_spot(drawn: Scene) -> None:
    assert_allclose(drawn.paths[0], drawn.paths[-1], atol=1e-9)
    assert_allclose(drawn.position[0], drawn.position[-1], atol=1e-9)
    pelvis = next(b.segment for b in drawn.bones if b.name == "pelvis")
    assert np.ptp(drawn.position[:, pelvis, 0]) < 1e-9


def test_drawn_paths_are_as_long_as_the_model_says(drawn: Scene) -> None:
    polyline = np.linalg.norm(np.diff(drawn.paths, axis=2), axis=-1).sum(axis=-1)
    # chords cut the arcs around wrapping surfaces and the corners at via points: shorter, never longer
    assert (polyline <= drawn.length + 1e-9).all()
    assert (polyline >= 0.93 * drawn.length).all()
    assert drawn.length.min() > PATH_M[0]
    assert drawn.length.max() < 0.65  # sartorius, the longest


def test_strong_muscles_are_drawn_thicker(drawn: Scene) -> None:
    thickest = dict(zip(drawn.muscles, drawn.radius.max(axis=1), strict=True))
    assert thickest["soleus_l"] > thickest["tibant_l"] > thickest["ehl_l"]


def test_the_floor_is_where_a_foot_stands_even_if_the_other_toe_dips(body: Body) -> None:
    angles, root = motion(body)
    standing = (0.0 * angles).assign_attrs(angles.attrs)
    dipping = standing.copy()
    dipping.loc[{"coordinate": "ankle_angle_r", "time": TIME_S[18:23]}] = -0.5
    drawn = scene(body, dipping, root)
    left = [b for b in drawn.bones if b.name in ("calcn_l", "toes_l")]
    lowest = min(drawn.corners(b, f)[:, 1].min() for b in drawn.bones for f in range(len(drawn.phase)))
    assert drawn.floor_m == pytest.approx(min(drawn.corners(b, 0)[:, 1].min() for b in left), abs=1e-6)
    assert lowest < drawn.floor_m - 0.02


def test_degrees_under_the_name_of_radians_are_refused(body: Body) -> None:
    angles, root = motion(body)
    with pytest.raises(ModelError, match="not in radians"):
        scene(body, angles.copy(data=np.rad2deg(angles.values)), root)


def test_a_missing_pose_is_refused(body: Body) -> None:
    angles, root = motion(body)
    angles = angles.copy()
    angles[3, body.coordinates.index("knee_angle_l")] = np.nan
    with pytest.raises(ModelError, match="missing"):
        scene(body, angles, root)


def test_one_stride_is_drawn_in_half_a_second(body: Body) -> None:
    start = time.perf_counter()
    scene(body, *motion(body))
    assert time.perf_counter() - start < 1.0  # alone 0.2 s; the limit leaves room for a busy machine


def test_faces_within_one_cell_vanish() -> None:
    vertices = np.array([[0.0, 0, 0], [0.01, 0, 0], [0, 0.01, 0], [1.0, 0, 0], [0, 1.0, 0]])
    faces = np.array([[0, 1, 2], [0, 3, 4], [1, 3, 4]])
    merged, kept = simplified(vertices, faces, cell_m=0.1)
    assert len(kept) == 1  # the small one vanished, the other two became one
    assert_allclose(merged[kept[0]][0], [0.01 / 3, 0.01 / 3, 0])


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 0.5))
def test_no_vertex_moves_farther_than_the_diagonal_of_a_cell(seed: int, cell_m: float) -> None:
    rng = np.random.default_rng(seed)
    vertices, faces = rng.uniform(-1, 1, (60, 3)), rng.integers(0, 60, (90, 3))
    merged, kept = simplified(vertices, faces, cell_m=cell_m)
    if len(kept):
        nearest = np.linalg.norm(merged[:, None] - vertices[None], axis=-1).min(axis=1)
        assert nearest.max() <= cell_m * np.sqrt(3)
        assert kept.max() < len(merged)
