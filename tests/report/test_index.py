"""The links at the top of a page lead to what is there, in its order."""

import re

import pytest
from tests.report import example
from tests.report.origins import origin

from restride.chapters.chapter import Chapter
from restride.pipeline.analysis import Analysis
from restride.report.build import rendered, tell
from restride.report.gather import page_of
from restride.report.index import index
from restride.report.words import lettered
from restride.signals.recording import Doubt

LEGS = Chapter("legs", "Legs and pelvis", ("Made up.",), "Made up.")
STEPS = Chapter("steps", "Good and bad steps", ("Made up as well.",), "")


@pytest.mark.parametrize("with_origin", [False, True])
@pytest.mark.parametrize("chapters", [(), (LEGS, STEPS)])
def test_every_link_leads_to_an_element_in_the_page_s_order(
    made_up: Analysis, with_origin: bool, chapters: tuple[Chapter, ...]
) -> None:
    changed = example.without(made_up, motion=None, chapters=chapters, origin=origin() if with_origin else None)
    page = page_of(changed)
    text = rendered(page, script="")
    keys = [key for key, _ in index(page)]
    assert keys
    places = [text.index(f'id="{key}"') for key in keys]
    assert places == sorted(places)
    assert re.findall(r'<li><a href="#([^"]+)">', text) == keys
    assert ("origin" in keys) == with_origin


def test_warnings_are_counted_at_the_top(made_up: Analysis) -> None:
    doubts = (Doubt("a", "m", "r"), Doubt("b", "m", "r"), Doubt("c", "m", "", severity="note"))
    page = page_of(example.without(made_up, motion=None, doubts=doubts))
    assert ("doubts", "Doubts (2 warnings)") in index(page)


def test_a_page_of_one_chapter_needs_no_links() -> None:
    assert 'class="index' not in tell([LEGS])
    assert '<a href="#chapter-steps">Good and bad steps</a>' in tell([LEGS, STEPS])


def test_a_method_has_one_letter_and_the_alphabet_does_not_end() -> None:
    found = lettered([*(f"m{i}" for i in range(30)), "m0"])
    assert len(found) == len(set(found.values())) == 30
    assert (found["m0"], found["m25"], found["m26"]) == ("a", "z", "aa")
    assert all(mark.isalpha() for mark in found.values())
