"""The page in a browser: one cursor, keys, numbers, paper, narrow screens."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Opened, settle
from tests.report import example


def cursors(page: Page) -> set[str]:
    """Where the cursor lines of all panels stand."""
    found: list[str] = page.eval_on_selector_all("line.cursor", "lines => lines.map(l => l.getAttribute('transform'))")
    assert len(found) >= 10
    return set(found)


def test_the_scrubber_moves_the_cursor_of_every_panel(walk: Page) -> None:
    assert cursors(walk) == {"translate(42.0 0)"}
    walk.locator("#player input").fill("25")
    assert cursors(walk) == {"translate(117.0 0)"}  # 42 px + 25 % of 300 px
    reads = walk.locator(".read").all_inner_texts()
    assert reads
    assert all(r.startswith("25 %: ") for r in reads)


def test_pointing_at_a_panel_moves_all_others(walk: Page) -> None:
    panel = walk.locator("svg[data-panel=angles-knee_angle]")
    panel.scroll_into_view_if_needed()
    box = panel.bounding_box()
    assert box is not None
    walk.mouse.move(box["x"] + box["width"] * (42 + 3 * 60) / 374, box["y"] + 40)
    assert cursors(walk) == {"translate(222.0 0)"}
    assert walk.locator("#player input").input_value() == "60"


def test_the_dotted_line_shows_where_the_other_leg_is(walk: Page) -> None:
    walk.locator("#player input").fill("60")  # of the right stride; the left began at 48 %
    line = walk.locator("svg[data-panel=angles-knee_angle] line.elsewhere-left")
    x = 42 + 3 * (60 - 100 * example.LEFT_STARTS)
    assert line.get_attribute("transform") == f"translate({x:.1f} 0)"
    assert (
        walk.locator("svg[data-panel=angles-knee_angle] line.elsewhere-right").get_attribute("visibility") == "hidden"
    )
    expect(walk.locator("#player output")).to_have_text("L 12 % · R 60 %")


def test_following_the_left_leg_keeps_the_instant(walk: Page) -> None:
    walk.locator("#player input").fill("60")
    walk.locator("select[name=leading]").select_option("left")
    expect(walk.locator("#player output")).to_have_text("L 12 % · R 60 %")
    assert walk.locator("#player input").input_value() == "12"


def test_the_table_beside_the_body_gives_the_numbers_of_the_instant(walk: Page) -> None:
    walk.locator("#player input").fill("72")
    motion = example.analysis().motion
    assert motion is not None
    for muscle in ("tibant_r", "tibant_l", "vaslat_r"):
        for which, values in (("measured", motion.measured), ("required", motion.required)):
            expected = float(values.sel(muscle=muscle).values[72])
            shown = walk.locator(f"td[data-muscle={muscle}][data-which={which}]").inner_text()
            assert float(shown) == pytest.approx(expected, abs=0.006)
    absent = walk.locator("td[data-muscle=soleus_l][data-which=measured]")
    expect(absent).to_have_text("–")
    assert absent.get_attribute("aria-label") == "not measured"


def test_arrow_keys_step_one_percent_and_ten_with_shift(walk: Page) -> None:
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight", "ArrowLeft"):
        walk.keyboard.press(key)
    assert walk.locator("#player input").input_value() == "11"


def test_the_whole_page_can_be_reached_by_keyboard(walk: Page) -> None:
    reached = []
    for _ in range(90):
        walk.keyboard.press("Tab")
        reached.append(
            walk.evaluate(
                "(() => { const e = document.activeElement; const o = getComputedStyle(e);"
                " return [e.className || e.name || e.dataset.view || e.tagName, o.outlineStyle + o.outlineWidth]; })()"
            )
        )
    names = {str(name) for name, _ in reached}
    assert {"skip", "legs-only", "back", "scroll", "SUMMARY"} <= names
    assert all(outline == "solid3px" for name, outline in reached if name not in ("skip", "BODY"))
    assert "play" in names or walk.locator("button.play").is_visible()


def test_the_second_link_leads_straight_to_the_play_button(walk: Page) -> None:
    walk.locator("a.skip").first.focus()
    for key in ("Tab", "Enter", "Tab"):
        walk.keyboard.press(key)
    assert walk.evaluate("document.activeElement.className") == "play"


def test_the_colour_scale_can_be_read_on_a_narrow_screen(opened: Opened, file: Path) -> None:
    page = opened(file, width=420)
    assert page.evaluate("document.documentElement.scrollWidth") <= 420
    words = page.locator("svg.ramp text").first.bounding_box()
    assert words is not None
    assert words["height"] > 11


def test_space_on_the_play_button_plays_and_pauses(walk: Page) -> None:
    play = walk.locator("button.play")
    expect(play).to_have_text("Play")  # reduced motion: it starts paused
    play.focus()
    walk.keyboard.press("Space")
    expect(play).to_have_text("Pause")
    expect(walk.locator("#player input")).not_to_have_value("0")
    walk.keyboard.press("Space")
    settle(walk)
    stopped = walk.locator("#player input").input_value()
    walk.wait_for_timeout(300)
    assert walk.locator("#player input").input_value() == stopped


def test_it_plays_by_itself_only_where_motion_is_welcome(opened: Opened, file: Path) -> None:
    page = opened(file, motion=True)
    page.locator(".stage").scroll_into_view_if_needed()
    expect(page.locator("button.play")).to_have_text("Pause")


def test_a_narrow_window_has_one_column_and_no_sideways_scroll(opened: Opened, file: Path) -> None:
    page = opened(file, width=640)  # a 1280 px window at 200 %
    lefts = {round(box["x"]) for e in page.locator(".panel").all() if (box := e.bounding_box())}
    assert len(lefts) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_paper_shows_stills_and_hides_controls(walk: Page) -> None:
    walk.emulate_media(media="print")
    assert walk.locator(".stills img").first.is_visible()
    for hidden in (".stage", "#player", ".muscle-list"):
        assert walk.locator(hidden).is_hidden()
    printed = walk.pdf(format="A4")
    assert printed.startswith(b"%PDF")
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 12


def test_curves_are_copied_as_csv(walk: Page) -> None:
    walk.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (t) => { window.copied = t; }}})"
    )
    walk.locator("#panel-angles-knee_angle summary").click()
    walk.locator("button[data-copy=angles-knee_angle]").click()
    expect(walk.locator("button[data-copy=angles-knee_angle]")).to_have_text("Copied")
    lines = walk.evaluate("window.copied").split("\n")
    assert lines[0].startswith("percent of stride,L (°),R (°)")
    assert len(lines) == 102
    assert [line.split(",")[0] for line in lines[1:]] == [str(p) for p in range(101)]


def test_long_tables_unfold_on_demand(walk: Page) -> None:
    more = walk.locator("button[data-more=findings-more]")
    assert walk.locator("#findings-more").is_hidden()
    more.click()
    assert walk.locator("#findings-more").is_visible()
    assert more.get_attribute("aria-expanded") == "true"


def test_text_stands_out_from_its_ground(walk: Page) -> None:
    poor = walk.evaluate(CONTRAST)
    assert poor == []


# WCAG 2.1 contrast of every text on the nearest painted ground; pictures are tested in pixels
CONTRAST = """
() => {
  const parse = (c) => c.match(/[\\d.]+/g).map(Number);
  const linear = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0.5) return c;
    }
    return [255, 255, 255];
  };
  const poor = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !e.checkVisibility()) continue;
    if (e.closest("script, style, svg")) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.add(`${e.tagName}.${e.className}: ${ratio.toFixed(2)}`);
  }
  return [...poor];
}
"""
