"""A real browser on pages opened from disk; missing browsers fail in CI instead of skipping."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlparse

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Playwright, sync_playwright
from tests.report import example

from restride.body.model import generic
from restride.report import build

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SOFTWARE_3D = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]

Opened = Callable[..., Page]

# of all pages of this session
ASKED: list[str] = []
ERRORS: list[str] = []


@pytest.fixture(scope="session")
def executable() -> str:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        reason = f"none of the browsers {NAMES} is installed"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright, executable: str) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=executable, args=[*QUIET, *SOFTWARE_3D])
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def browser_without_3d(playwright: Playwright, executable: str) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=executable, args=[*QUIET, "--disable-3d-apis"])
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the made-up walk."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(build(example.analysis()), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def left_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page whose measured pane shows all left muscles fully active, and nothing else anywhere."""
    path = tmp_path_factory.mktemp("page") / "left.html"
    path.write_text(build(example.analysis(motion=example.motion_of(generic(), only="left"))), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def opener(browser: Browser) -> Iterator[Opened]:
    """Opens a file from disk and waits for the first picture."""
    contexts = []

    def open_page(
        path: Path, *, motion: bool = False, width: int = 960, within: Browser | None = None, body: bool = True
    ) -> Page:
        context = (within or browser).new_context(
            viewport={"width": width, "height": 620}, reduced_motion="no-preference" if motion else "reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: ASKED.append(request.url))
        page.on("pageerror", lambda error: ERRORS.append(str(error)))
        page.goto(path.as_uri())
        page.locator("html.moving, html.still" if body else "html.scripted").wait_for(state="attached")
        if within is None and body:
            page.locator(".view[data-drawn]").wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def opened(opener: Opened) -> Iterator[Opened]:
    """A new page for one test; afterwards nothing may have been asked of a network, and nothing have failed."""
    yield opener
    nothing_asked()


@pytest.fixture(scope="session")
def page_of_walk(opener: Opened, file: Path) -> Page:
    return opener(file)


@pytest.fixture(scope="session")
def page_of_left(opener: Opened, left_only: Path) -> Page:
    return opener(left_only)


@pytest.fixture
def walk(page_of_walk: Page) -> Iterator[Page]:
    """The page of the made-up walk, as if just opened."""
    yield as_opened(page_of_walk)
    nothing_asked()


@pytest.fixture
def left(page_of_left: Page) -> Iterator[Page]:
    """The page on which only left muscles are active, as if just opened."""
    yield as_opened(page_of_left)
    nothing_asked()


def as_opened(page: Page) -> Page:
    """Everything a test may have changed, set back in one go."""
    page.emulate_media(media="screen")
    page.evaluate(AS_OPENED)
    settle(page)
    return page


AS_OPENED = """
() => {
  const set = (selector, change, event) => {
    const e = document.querySelector(selector);
    change(e);
    e.dispatchEvent(new Event(event, { bubbles: true }));
  };
  document.querySelectorAll(".leg, .pane").forEach((e) => { e.style.display = ""; });
  document.activeElement.blur();
  set("select[name=leading]", (e) => { e.value = "right"; }, "change");
  set("input[name=legs-only]", (e) => { e.checked = true; }, "change");
  set("#player input", (e) => { e.value = "0"; }, "input");
  document.querySelector("button[data-view=three-quarter]").click();
  window.scrollTo(0, 0);
}
"""


def nothing_asked() -> None:
    """No request has left the disk, and no script has failed."""
    assert [url for url in ASKED if urlparse(url).scheme not in ("file", "data", "blob")] == []
    assert ERRORS == []


def settle(page: Page) -> None:
    """Wait until what was asked for is drawn."""
    page.evaluate(
        "new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(r))))"
    )


def pixels(part: Locator) -> np.ndarray:
    """Screenshot of an element, shape (height, width, 3)."""
    # the player at the window's foot must not lie upon it
    part.evaluate("e => e.scrollIntoView({ block: 'start', behavior: 'instant' })")
    return np.asarray(Image.open(io.BytesIO(part.screenshot())).convert("RGB"), dtype=int)


def lit(image: np.ndarray) -> np.ndarray:
    """Pixels in the light yellow of full activity, shaded or not."""
    red, green, blue = np.moveaxis(image, -1, 0)
    return np.asarray((red > 150) & (green > 130) & (red - blue > 40))
