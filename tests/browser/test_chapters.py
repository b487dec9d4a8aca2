"""A page of chapters in a browser: no stride, no player, and nothing that breaks without them."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Opened

from restride.chapters import Chapter, Chart, Measure
from restride.report import tell

MINUTES = np.arange(50.0) * 60


@pytest.fixture(scope="module")
def ride(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up ride: a share that wanders, and twenty numbers."""
    share = 0.5 + 0.02 * np.sin(MINUTES / 400)
    charts = (
        Chart(
            "Share over the outing",
            MINUTES,
            "time",
            "s",
            {"one, not stated which": share},
            "share",
            "1",
            "dots",
            "It wanders.",
            0.5,
            "even",
        ),
        Chart(
            "Smoothness of each leg",
            MINUTES,
            "time",
            "s",
            {"left": share, "right": 1 - share},
            "share",
            "1",
            "line",
            "Alike.",
        ),
    )
    numbers = tuple(
        Measure(f"measure {i}", "left", 0.25 + i, "s", (0.2 + i, 0.3 + i), "", 50, "minutes", "made up")
        for i in range(20)
    )
    first = Chapter("balance", "Left and right", ("Made up: the left leg did half.",), "Made up.", numbers, charts)
    other = Chapter("course", "The outing", ("Made up: fifty minutes.",), "Made up.", not_measured=("anything",))
    path = tmp_path_factory.mktemp("ride") / "report.html"
    path.write_text(tell([first, other]), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [420, 640, 1280])
def test_a_page_of_chapters_fits_any_window_without_an_error(opened: Opened, ride: Path, width: int) -> None:
    page = opened(ride, width=width, body=False)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".drawing > svg").count() == 2
    assert page.locator("#player").count() == 0


def test_numbers_of_a_chapter_unfold_and_are_copied(opened: Opened, ride: Path) -> None:
    page = opened(ride, width=1280, body=False)
    more = page.locator("button[data-more=measures-balance-more]")
    expect(page.locator("#measures-balance-more")).to_be_hidden()
    more.click()
    expect(page.locator("#measures-balance-more tr")).to_have_count(4)
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (t) => { window.copied = t; }}})"
    )
    page.locator("button[data-copy=measures-balance]").click()
    expect(page.locator("button[data-copy=measures-balance]")).to_have_text("Copied")
    lines = page.evaluate("window.copied").split("\n")
    assert lines[0].startswith("Measure,Side,Value")
    assert len(lines) == 21


def test_the_first_sentence_stands_once_and_each_chapter_says_what_it_misses(opened: Opened, ride: Path) -> None:
    page = opened(ride, width=1280, body=False)
    assert page.get_by_text("Made up: the left leg did half.").count() == 1
    expect(page.locator("#chapter-course")).to_contain_text("Not measured: Anything.")
