"""The origin's page in a browser: the right leg in the right colour, by mouse, by keyboard and on paper."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Opened, pixels, settle
from tests.browser.test_body import look, panes
from tests.browser.test_page import CONTRAST
from tests.report import example
from tests.report.origins import origin

from restride.report import build


@pytest.fixture(scope="module")
def departing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "origin.html"
    path.write_text(build(example.without(example.analysis(), origin=origin())), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def page(opener: Opened, departing: Path) -> Page:
    return opener(departing)


def blue(image: np.ndarray) -> np.ndarray:
    """Pixels in the light blue of quieter; what was not measured is greyer."""
    red, green, below = np.moveaxis(image, -1, 0)
    return np.asarray((below - red > 90) & (green > 70))


def test_each_muscle_that_departs_is_blue_on_its_own_leg_only(page: Page) -> None:
    page.locator("#player input").fill("25")  # the left leg swings; the late right vastus is quiet as yet
    look(page, "front")  # a person who faces us has the left leg on the right
    light = blue(panes(page)[1])
    half, knee, below = light.shape[1] // 2, light.shape[0] // 2, int(0.6 * light.shape[0])
    thigh, shank = light[:knee], light[below:]
    assert shank[:, half:].sum() > 100
    assert shank[:, half:].sum() > 20 * max(shank[:, :half].sum(), 1)
    assert thigh[:, :half].sum() > 100
    assert thigh[:, :half].sum() > 20 * max(thigh[:, half:].sum(), 1)


def test_the_right_pane_is_switched_by_keyboard_with_its_words_and_its_list(page: Page) -> None:
    theatre = page.locator(".theatre")
    assert theatre.get_attribute("data-beside") == "origin"  # something departs by itself
    page.locator("button[data-beside=required]").focus()
    page.keyboard.press("Enter")
    settle(page)
    required = panes(page)[1]
    expect(page.locator(".marks").first).to_be_hidden()
    assert page.locator("#muscles td[data-which=required]").first.is_visible()
    page.evaluate("document.querySelectorAll('.leg, .pane').forEach((e) => { e.style.display = ''; })")
    assert page.locator(".pane[data-pane='1']:visible").inner_text() == "Required by this motion"
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    settle(page)
    assert page.locator(".pane[data-pane='1']:visible").inner_text() == "What departs"
    assert np.abs(panes(page)[1] - required).max(axis=-1).max() > 60
    first = page.locator("#muscles tbody tr").first.locator("td.of-origin")
    expect(first).to_contain_text("L quieter −0.")
    assert page.locator("button[data-beside=origin]").get_attribute("aria-pressed") == "true"


def test_the_list_counts_along_with_the_stride(page: Page) -> None:
    cell = page.locator("[data-muscle=tibant_l][data-which=departs]")
    page.locator("#player input").fill("20")
    early = cell.inner_text()
    column = origin().curves["unexplained"].sel(site="tibialis_anterior").values
    assert float(early.replace("−", "-")) == pytest.approx(column[20 + 100 - 48], abs=0.011)
    page.locator("#player input").fill("60")
    assert cell.inner_text() != early


@pytest.mark.parametrize("width", [420, 640, 1280])
def test_the_origin_fits_any_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 620})
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    figure, text = (page.locator(f".card > svg{part}").first.bounding_box() for part in ("", " text"))
    assert figure is not None
    assert text is not None
    assert 250 < figure["width"] < width
    assert text["height"] > 11
    page.set_viewport_size({"width": 960, "height": 620})


def test_its_words_stand_out_from_their_ground(page: Page) -> None:
    assert page.evaluate(CONTRAST) == []


def test_paper_shows_the_departures_and_their_numbers(page: Page) -> None:
    page.emulate_media(media="print")
    assert page.locator(".stills img").count() == 21
    assert page.locator("#origin .card").first.is_visible()
    assert page.locator("#origin-numbers").is_visible()
    page.emulate_media(media="screen")


def test_without_3d_stills_of_what_departs_stand_in(
    opened: Opened, departing: Path, browser_without_3d: Browser
) -> None:
    page = opened(departing, within=browser_without_3d)
    third = page.locator(".stills ul").nth(2).locator("img").nth(1)
    third.scroll_into_view_if_needed()
    assert blue(pixels(third)).sum() > 50
