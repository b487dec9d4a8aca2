"""Stills in pixels: sides, activity, what was not measured."""

import base64
import io

import numpy as np
import pytest
from PIL import Image
from tests.report import example

from restride.body.model import Body, generic
from restride.body.scene import Scene, scene
from restride.report.colours import NOT_MEASURED, activation_rgb
from restride.report.stills import CELL_PX, picture, pictures


@pytest.fixture(scope="module")
def body() -> Body:
    return generic()


@pytest.fixture(scope="module")
def drawn(body: Body) -> Scene:
    motion = example.motion_of(body)
    return scene(body, motion.angles, motion.root)


def lit(image: Image.Image) -> np.ndarray:
    """Pixels in the light yellow of full activity."""
    red, green, blue = np.moveaxis(np.asarray(image, dtype=int), -1, 0)
    return np.asarray((red > 190) & (green > 150) & (red - blue > 45))


def one_leg(drawn: Scene, suffix: str) -> np.ndarray:
    return np.array([1.0 if m.endswith(suffix) else 0.0 for m in drawn.muscles])


def test_only_the_leg_that_is_active_lights_up(drawn: Scene) -> None:
    # at right contact the right foot is in front: towards +x, to the right of the picture
    half = CELL_PX[0] // 2
    below_the_knee = slice(int(0.6 * CELL_PX[1]), int(0.9 * CELL_PX[1]))
    for suffix, front in (("_r", True), ("_l", False)):
        light = lit(picture(drawn, one_leg(drawn, suffix), frame=0))[below_the_knee]
        ahead, behind = int(light[:, half:].sum()), int(light[:, :half].sum())
        assert (ahead > 20 * max(behind, 1)) if front else (behind > 20 * max(ahead, 1))


def test_what_was_not_measured_is_blue_grey_and_never_light(drawn: Scene) -> None:
    image = picture(drawn, np.full(len(drawn.muscles), np.nan), frame=10)
    assert lit(image).sum() == 0
    pixels = np.asarray(image, dtype=int).reshape(-1, 3)
    assert (pixels[:, 2] - pixels[:, 0] > 25).sum() > 1500  # blue-grey bellies


def test_a_still_is_not_empty_and_keeps_its_margin(drawn: Scene) -> None:
    pixels = np.asarray(picture(drawn, np.zeros(len(drawn.muscles)), frame=25).convert("L"))
    assert pixels.std() > 20
    assert (pixels[:4] == 255).all()


def test_seven_stills_in_two_rows_stay_small(drawn: Scene) -> None:
    both = [np.full((101, len(drawn.muscles)), 0.5), np.full((101, len(drawn.muscles)), np.nan)]
    rows = pictures(drawn, both, (0, 15, 30, 45, 60, 75, 90))
    assert [len(row) for row in rows] == [7, 7]
    assert sum(len(address) for row in rows for address in row) < 180_000
    opened = Image.open(io.BytesIO(base64.b64decode(rows[0][0].split(",")[1])))
    assert opened.size == CELL_PX


def test_more_activity_is_always_lighter() -> None:
    brightness = [sum(activation_rgb(a)) for a in np.linspace(0, 1, 50)]
    assert (np.diff(brightness) > 0).all()


def test_no_activity_has_the_colour_of_not_measured() -> None:
    grey = tuple(int(NOT_MEASURED[i : i + 2], 16) for i in (1, 3, 5))
    assert activation_rgb(float("nan")) == grey
    away = [max(abs(a - b) for a, b in zip(activation_rgb(v), grey, strict=True)) for v in np.linspace(0, 1, 50)]
    assert min(away) > 40
