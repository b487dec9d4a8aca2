"""The moving body in pixels. A left/right swap here is the worst bug there is."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Opened, lit, pixels, settle


def panes(page: Page) -> tuple[np.ndarray, np.ndarray]:
    """Left and right half of the picture, without the letters and labels upon it."""
    page.evaluate("document.querySelectorAll('.leg, .pane').forEach((e) => { e.style.display = 'none'; })")
    settle(page)
    image = pixels(page.locator(".view"))
    half = image.shape[1] // 2
    return image[:, :half], image[:, image.shape[1] - half :]


def look(page: Page, view: str) -> None:
    page.locator(f"button[data-view={view}]").click()
    settle(page)


def halves(light: np.ndarray) -> tuple[int, int]:
    """Lit pixels in the left and the right half of one pane."""
    half = light.shape[1] // 2
    return int(light[:, :half].sum()), int(light[:, half:].sum())


def changed(a: np.ndarray, b: np.ndarray) -> int:
    """Pixels that clearly differ."""
    return int((np.abs(a - b).max(axis=-1) > 60).sum())


def test_the_canvas_fills_its_place_and_is_not_empty(walk: Page) -> None:
    image = pixels(walk.locator(".view"))
    assert image.shape[0] > 350
    assert image.shape[1] > 850
    for pane in panes(walk):
        assert pane.std() > 20
        assert (pane.min(axis=-1) > 140).sum() > 1500  # bones


def test_the_left_leg_lights_up_on_the_left_seen_from_behind(left: Page) -> None:
    look(left, "back")
    on_left, on_right = halves(lit(panes(left)[0]))
    assert on_left > 2000
    assert on_left > 20 * max(on_right, 1)


def test_the_left_leg_lights_up_on_the_right_seen_from_the_front(left: Page) -> None:
    look(left, "front")
    on_left, on_right = halves(lit(panes(left)[0]))
    assert on_right > 2000
    assert on_right > 20 * max(on_left, 1)


def test_the_left_leg_is_the_near_one_from_the_left_and_the_far_one_from_the_right(left: Page) -> None:
    left.locator("#player input").fill("30")  # the legs pass each other
    seen = {}
    for view in ("left", "right"):
        look(left, view)
        seen[view] = int(lit(panes(left)[0]).sum())
    assert seen["left"] > 1.3 * seen["right"]


def test_the_pane_under_each_label_shows_what_the_label_says(left: Page) -> None:
    view = left.locator(".view").bounding_box()
    boxes = {p.inner_text(): p.bounding_box() for p in left.locator(".pane").all()}
    measured, required = boxes["Measured (EMG)"], boxes["Required by this motion"]
    assert view is not None
    assert measured is not None
    assert required is not None
    middle = view["x"] + view["width"] / 2
    assert view["x"] < measured["x"] < measured["x"] + measured["width"] < middle < required["x"]
    # measured: one leg fully active; required: nothing
    under_measured, under_required = panes(left)
    assert lit(under_measured).sum() > 2000
    assert lit(under_required).sum() < 50


@pytest.mark.parametrize(("view", "letters"), [("back", "LR"), ("front", "RL"), ("three-quarter", "RL")])
def test_the_letters_stand_beside_the_legs_they_name(walk: Page, view: str, letters: str) -> None:
    look(walk, view)
    for pane in ("0", "1"):
        boxes = [(e.bounding_box(), e.inner_text()) for e in walk.locator(f".leg[data-pane='{pane}']").all()]
        assert "".join(text for box, text in sorted(boxes, key=lambda b: b[0]["x"] if b[0] else 0)) == letters


def test_panes_differ_where_measured_and_required_differ(walk: Page) -> None:
    assert changed(*panes(walk)) > 2000


def test_what_was_not_measured_is_blue_grey_in_its_own_pane_only(walk: Page) -> None:
    measured, required = (int(((p[..., 2] - p[..., 0]) > 25).sum()) for p in panes(walk))
    assert measured > 3000
    assert measured > 20 * max(required, 1)


def test_the_body_moves_with_the_scrubber(walk: Page) -> None:
    before = panes(walk)[0]
    walk.locator("#player input").fill("50")
    assert changed(before, panes(walk)[0]) > 2000


def test_showing_the_trunk_puts_bones_above_the_hips(walk: Page) -> None:
    def bones_above_the_letters() -> int:
        view, letter = (walk.locator(part).first.bounding_box() for part in (".view", ".leg[data-pane='0']"))
        assert view is not None
        assert letter is not None
        above = int(letter["y"] - view["y"]) - 80  # the pelvis reaches less far above the hips
        return int((panes(walk)[0][12 : max(above, 12)].min(axis=-1) > 140).sum())

    before = bones_above_the_letters()
    walk.evaluate("document.querySelectorAll('.leg, .pane').forEach((e) => { e.style.display = ''; })")
    walk.locator("input[name=legs-only]").uncheck()
    settle(walk)
    assert before == 0
    assert bones_above_the_letters() > 500


def figure(pane: np.ndarray) -> tuple[int, int, int, int]:
    """Top, bottom, left and right of what is bright in a pane: bones, and muscles fully active or not measured."""
    bright = pane.max(axis=-1) > 120
    bright[:12, :] = bright[-12:, :] = False  # the stage has round corners
    rows, across = np.flatnonzero(bright.any(axis=1)), np.flatnonzero(bright.any(axis=0))
    return int(rows[0]), int(rows[-1]), int(across[0]), int(across[-1])


@pytest.mark.parametrize("width", [420, 960])
def test_the_body_fills_its_pane_and_stays_inside_all_stride_long(opened: Opened, left_only: Path, width: int) -> None:
    page = opened(left_only, width=width)
    for view in ("three-quarter", "left"):
        look(page, view)
        boxes = []
        for percent in ("0", "25", "50", "75"):
            page.locator("#player input").fill(percent)
            pane = panes(page)[0]
            boxes.append(figure(pane))
        height, across = pane.shape[:2]
        top, bottom, left, right = (f(b) for f, b in zip((min, max, min, max), np.transpose(boxes), strict=True))
        assert min(top, left, height - 1 - bottom, across - 1 - right) > 3
        assert (bottom - top) / height > 0.75 or (right - left) / across > 0.75


def test_letters_never_leave_their_own_pane(opened: Opened, file: Path) -> None:
    page = opened(file, width=420)
    view = page.locator(".view").bounding_box()
    assert view is not None
    for direction in ("front", "left"):
        look(page, direction)
        for letter in page.locator(".leg").all():
            box, pane = letter.bounding_box(), letter.get_attribute("data-pane")
            assert box is not None
            inside = (box["x"] + box["width"] / 2 - view["x"]) / view["width"]
            assert 0 < inside < 0.5 if pane == "0" else 0.5 < inside < 1


def test_nothing_is_drawn_again_while_nothing_changes(walk: Page) -> None:
    settle(walk)
    drawn = walk.locator(".view").get_attribute("data-drawn")
    walk.wait_for_timeout(300)
    assert walk.locator(".view").get_attribute("data-drawn") == drawn


def test_nothing_is_drawn_out_of_sight_while_it_plays(opened: Opened, file: Path) -> None:
    page = opened(file, motion=True)
    page.locator(".stage").scroll_into_view_if_needed()
    expect(page.locator("button.play")).to_have_text("Pause")
    page.locator("#strides").scroll_into_view_if_needed()
    settle(page)
    drawn = page.locator(".view").get_attribute("data-drawn")
    page.wait_for_timeout(300)
    assert page.locator(".view").get_attribute("data-drawn") == drawn


def test_slow_frames_make_the_picture_coarser_and_keep_it_whole(opened: Opened, file: Path) -> None:
    page = opened(file, motion=True)
    page.evaluate(SLOW)
    page.locator(".stage").scroll_into_view_if_needed()
    for _ in range(100):
        page.wait_for_timeout(100)
        if page.eval_on_selector(".view canvas", "c => c.width / c.clientWidth") < 0.8:
            break
    else:
        pytest.fail("ten seconds of slow frames changed nothing")
    page.locator("button.play").click()
    assert page.locator(".view canvas").count() == 1
    assert changed(*panes(page)) > 2000  # both panes are still drawn, each its own


SLOW = """
() => {
  const soon = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (f) => soon((now) => {
    f(now);
    for (const end = performance.now() + 80; performance.now() < end; );
  });
}
"""


def test_without_3d_the_stills_stand_in(opened: Opened, file: Path, browser_without_3d: Browser) -> None:
    page = opened(file, within=browser_without_3d)
    assert page.locator(".stage").is_hidden()
    assert page.locator(".still-note").is_visible()
    assert page.locator(".stills img").count() == 14
    first = page.locator(".stills img").first
    first.scroll_into_view_if_needed()
    assert first.is_visible()
    assert pixels(first).std() > 20
    # curves, cursor and numbers go on working
    page.locator("#player input").fill("40")
    assert page.locator("#panel-emg-soleus .read").inner_text().startswith("40 %")
