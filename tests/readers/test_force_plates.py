from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from restride.readers.c3d import file_reactions
from restride.readers.c3d_file import opened
from restride.readers.force_plates import LEAST_FORCE_N, Plate, plate_axes, reaction

FloatArray = npt.NDArray[np.float64]

# a plate 600 by 400 mm; its x axis is the file's -y, its y axis the file's -x, z points down
CORNERS = np.array([[100.0, 200.0, 0.0], [100.0, 800.0, 0.0], [500.0, 800.0, 0.0], [500.0, 200.0, 0.0]])
MIDDLE = np.array([300.0, 500.0, 0.0])
DEPTH_MM = 40.0


def on_the_foot(point: FloatArray, force: FloatArray, free_n_mm: float) -> tuple[FloatArray, FloatArray]:
    """Force and moment about the middle of the surface in the plate's axes, from a known push."""
    axes = plate_axes(CORNERS)
    moment = np.cross(point - MIDDLE, force) + np.array([0.0, 0.0, free_n_mm])
    return force @ axes, moment @ axes


POINT = np.array([340.0, 430.0, 0.0])
FORCE = np.array([60.0, -25.0, 700.0])
FREE = -4000.0


def check(plate: Plate, channels: FloatArray) -> None:
    found = reaction(plate, np.stack([channels, channels]))
    assert_allclose(found.force[1], FORCE, rtol=1e-9)
    assert_allclose(found.point[1], POINT, rtol=1e-9, atol=1e-9)
    assert_allclose(found.free_moment[1], [0.0, 0.0, FREE], rtol=1e-9, atol=1e-6)


def test_the_axes_of_a_plate_point_into_the_floor() -> None:
    assert_allclose(plate_axes(CORNERS), [[0, -1, 0], [-1, 0, 0], [0, 0, -1]])


def test_type_1_gives_back_a_known_push() -> None:
    force, moment = on_the_foot(POINT, FORCE, FREE)
    at = (POINT - MIDDLE) @ plate_axes(CORNERS)
    free = moment[2] - at[0] * force[1] + at[1] * force[0]
    check(Plate(1, CORNERS, np.zeros(3)), np.array([*force, at[0], at[1], free]))


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_type_2_gives_back_a_known_push_whichever_way_its_origin_is_written(sign: float) -> None:
    force, moment = on_the_foot(POINT, FORCE, FREE)
    below = np.array([2.0, -3.0, DEPTH_MM])
    check(Plate(2, CORNERS, sign * below), np.array([*force, *(moment - np.cross(below, force))]))


def test_type_3_gives_back_a_known_push() -> None:
    a, b = 120.0, 200.0
    force, moment = on_the_foot(POINT, FORCE, FREE)
    moment = moment - np.cross([0.0, 0.0, DEPTH_MM], force)
    # eight forces that add up: the pull of z2 and z4 is chosen free
    z = np.linalg.lstsq(
        np.array([[1, 1, 1, 1], [b, b, -b, -b], [-a, a, a, -a]]), np.array([force[2], moment[0], moment[1]]), rcond=None
    )[0]
    twist = moment[2] / (2 * b)
    channels = np.array([force[0] / 2 - twist, force[0] / 2 + twist, force[1] / 2, force[1] / 2, *z])
    check(Plate(3, CORNERS, np.array([a, b, -DEPTH_MM])), channels)


def test_type_4_gives_back_a_known_push_through_its_matrix() -> None:
    force, moment = on_the_foot(POINT, FORCE, FREE)
    below = np.array([0.0, 0.0, DEPTH_MM])
    matrix = np.diag([3.0, 3.0, 11.0, 1400.0, 1400.0, 700.0])
    matrix[0, 1] = 0.02  # a cross-talk, so that a transposed matrix is seen
    raw = np.linalg.solve(matrix, [*force, *(moment - np.cross(below, force))])
    check(Plate(4, CORNERS, below, matrix), raw)


def test_a_plate_that_stores_the_force_on_itself_is_turned() -> None:
    force, moment = on_the_foot(POINT, FORCE, FREE)
    channels = -np.array([[*force, *moment]])
    found = reaction(Plate(2, CORNERS, np.zeros(3)), channels)
    assert found.turned
    assert_allclose(found.force[0], FORCE)


def test_there_is_no_point_of_application_without_force() -> None:
    channels = np.zeros((3, 6))
    channels[:, 2] = [0.0, -0.9 * LEAST_FORCE_N, -1.1 * LEAST_FORCE_N]
    point = reaction(Plate(2, CORNERS, np.zeros(3)), channels).point
    assert np.isnan(point).all(axis=1).tolist() == [True, True, False]


@settings(max_examples=30, deadline=None)
@given(x=st.floats(-250, 250), y=st.floats(-150, 150), up=st.floats(30, 3000), side=st.floats(-300, 300))
def test_the_push_about_any_point_is_the_same_push(x: float, y: float, up: float, side: float) -> None:
    force, point = np.array([side, 0.3 * side, up]), MIDDLE + np.array([x, y, 0.0])
    in_plate = on_the_foot(point, force, 500.0)
    found = reaction(Plate(2, CORNERS, np.zeros(3)), np.array([np.concatenate(in_plate)]))
    about_middle = np.cross(found.point[0] - MIDDLE, found.force[0]) + found.free_moment[0]
    assert_allclose(about_middle, np.cross(point - MIDDLE, force) + np.array([0, 0, 500.0]), rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("trial", ["walking2", "walking5"])
def test_real_plates_agree_with_opensim(shared: Path, trial: str) -> None:
    folder = shared / "c3d-forceplates-reference"
    file = opened(folder / f"{trial}.c3d")
    reactions, _ = file_reactions(file)
    reference = np.genfromtxt(folder / f"std_{trial}_grfs.sto", skip_header=6)
    rows = np.round(reference[:, 0] * 2000).astype(int)
    for k, found in enumerate(reactions):
        force, at, moment = np.split(reference[:, 1 + 9 * k : 10 + 9 * k], 3, axis=1)
        assert_allclose(found.force[rows], force, atol=0.1)
        # the reference gives the moment about the middle of the plate: where does it act?
        pressed = np.abs(force[:, 2]) >= LEAST_FORCE_N
        expected = at[pressed, :2] + np.stack([-moment[:, 1], moment[:, 0]], axis=1)[pressed] / force[pressed, 2:]
        assert pressed.sum() >= 5
        assert_allclose(found.point[rows][pressed, :2], expected, atol=1.0)
        arm = found.point[rows][pressed] - at[pressed]
        about_middle = found.free_moment[rows][pressed] + np.cross(arm, found.force[rows][pressed])
        assert_allclose(about_middle, moment[pressed], atol=1.0)  # N mm
