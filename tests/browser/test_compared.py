"""The page of a comparison in a browser: any window, the linked cursor, and the numbers under it."""

import dataclasses
from pathlib import Path

import pytest
from tests.browser.conftest import Opened
from tests.report import example

import restride as rs
from restride.report import build_comparison
from restride.signals.recording import Source


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up walk against itself under another file's mark."""
    a = example.analysis(moving=False)
    recording = dataclasses.replace(a.recording, sources=(Source("trc", "1" * 64),))
    path = tmp_path_factory.mktemp("compared") / "report.html"
    page = build_comparison(rs.compare(a, dataclasses.replace(a, recording=recording)))
    path.write_text(page, encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [420, 1280])
def test_a_page_of_a_comparison_fits_any_window_without_an_error(opened: Opened, compared: Path, width: int) -> None:
    page = opened(compared, width=width, body=False)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = [page.locator(f"svg[data-panel=angles-knee_angle-{side}]").bounding_box() for side in ("left", "right")]
    assert boxes[0] is not None
    assert boxes[1] is not None
    # the legs stand side by side where there is room, beneath each other where there is none
    assert (boxes[0]["y"] == boxes[1]["y"]) == (width > 700)
    assert boxes[0]["width"] == boxes[1]["width"]


def test_one_cursor_reads_both_recordings_of_either_leg(opened: Opened, compared: Path) -> None:
    page = opened(compared, width=1280, body=False)
    page.locator("svg[data-panel=angles-knee_angle-left]").hover()
    for side in ("left", "right"):
        leg = page.locator(f".of-leg:has(svg[data-panel=angles-knee_angle-{side}]) .read")
        assert all(word in (leg.text_content() or "") for word in ("A ", "B ", "A−B"))
