"""The page as text: self-contained, complete, honest about what is missing."""

import base64
import hashlib
import html
import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.report import example

from restride.pipeline.analysis import Analysis
from restride.report.build import build, rendered, viewer_script
from restride.report.gather import page_of
from restride.report.page import Moving, Page
from restride.report.panels import absent, columns
from restride.signals.recording import Doubt


@pytest.fixture(scope="module")
def records(made_up: Analysis) -> Page:
    return page_of(made_up)


@pytest.fixture(scope="module")
def moving(records: Page) -> Moving:
    assert records.moving is not None
    return records.moving


@pytest.fixture(scope="module")
def page(records: Page) -> str:
    return rendered(records, script=viewer_script())


def words(page: str) -> str:
    """What a reader sees: no markup, no scripts, no styles."""
    bare = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", bare)))


def data(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="page-data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    loaded: dict[str, Any] = json.loads(found[1])
    return loaded


def test_the_page_is_under_two_megabytes(page: str) -> None:
    assert len(page.encode()) < 2_000_000


def test_the_page_names_no_address_to_load_from(page: str) -> None:
    body = page.replace(viewer_script(), "")
    # the only addresses left are the name of the SVG language, which nothing fetches
    assert set(re.findall(r"https?://[\w./-]+", body)) <= {"http://www.w3.org/2000/svg"}
    assert re.findall(r'(?:src|href)="(?!data:|#)[^"]*"', body) == []


def test_the_policy_allows_nothing_but_the_style_and_script_in_the_file(page: str) -> None:
    found = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert found is not None
    rules = dict(r.strip().split(" ", 1) for r in html.unescape(found[1]).split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        text = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert len(text) == 1
        assert rules[rule] == f"'sha256-{base64.b64encode(hashlib.sha256(text[0].encode()).digest()).decode()}'"
    assert re.search(r"<[^>]+\s(?:style|on\w+)=", page.replace(viewer_script(), "")) is None  # would be refused


def test_the_top_holds_the_sentence_how_sure_and_what_is_missing(made_up: Analysis, page: str) -> None:
    text = words(page)
    assert "left tibialis anterior is far quieter than the right" in text
    assert "How sure: From 3 left and 3 right strides" in text
    assert "What was not measured The left gluteus medius carried no electrode" in text


def test_synthetic_data_are_called_so_and_real_ones_are_not(made_up: Analysis, page: str) -> None:
    assert "Synthetic data." in words(page)
    real = rendered(page_of(example.without(made_up, synthetic=False, motion=None)), script="")
    assert "Synthetic data." not in words(real)


def test_it_is_not_a_diagnosis(page: str) -> None:
    assert "Not a diagnosis." in words(page)


def test_a_channel_that_is_not_usable_is_named_and_never_drawn(made_up: Analysis, page: str) -> None:
    assert "Left: not usable: unplugged: no signal above 1 µV." in words(page)
    soleus = next(p for c in columns(made_up) for p in c.panels if p.key == "emg-soleus")
    assert set(soleus.sides) == {"right"}
    assert soleus.difference is None
    assert "L" not in data(page)["panels"]["emg-soleus"]["series"]


def test_a_muscle_without_electrode_is_called_not_measured(made_up: Analysis) -> None:
    medius = next(p for c in columns(made_up) for p in c.panels if p.key == "emg-gluteus_medius")
    assert medius.notes == ("Left: not measured.",)
    assert set(medius.required) == {"left", "right"}


def test_a_curve_that_stops_says_where_and_why(made_up: Analysis) -> None:
    moments = made_up.curves["moments"].copy()
    right = moments["side"].values == "right"
    moments[{"cycle": right, "phase": slice(0, 67)}] = np.nan
    changed = example.without(made_up, curves=dict(made_up.curves) | {"moments": moments})
    panels = {p.key: p for c in columns(changed) for p in c.panels}
    assert panels["moments-knee_angle"].notes == ("Right: not known at 0–66 % (ground force missing).",)
    assert panels["angles-knee_angle"].notes == ()


def test_required_of_one_leg_only_says_so(made_up: Analysis) -> None:
    required = made_up.curves["required_sites"].copy()
    required[{"cycle": required["side"].values == "right"}] = np.nan
    changed = example.without(made_up, curves=dict(made_up.curves) | {"required_sites": required})
    vastus = next(p for c in columns(changed) for p in c.panels if p.key == "emg-vastus_lateralis")
    assert set(vastus.required) == {"left"}
    assert vastus.notes == ("Required, right: not known (ground force missing).",)


def test_what_could_not_be_found_is_named_once_with_the_first_reason(made_up: Analysis) -> None:
    doubt = Doubt("joint moments", "expected force plates, found none", "")
    kept = {kind: curve for kind, curve in made_up.curves.items() if kind == "angles"}
    found = absent(example.without(made_up, curves=kept, doubts=(doubt,)))
    assert found == (
        "EMG: not known: no usable channel has a muscle and a leg.",
        "Joint moments and required activation: not known: expected force plates, found none.",
    )


def test_rejected_strides_stand_in_the_table_with_their_reason(page: str) -> None:
    assert "rejected: the foot missed the plate" in words(page)
    assert "3 strides of the left leg and 3 of the right were used; 2 strides rejected" in words(page)


def test_doubts_settings_and_methods_are_on_the_page(page: str) -> None:
    text = words(page)
    assert "Warning, sides:" in text
    assert "What to do: Add sides to take.yaml." in text
    assert "envelope hz 6.0" in text
    assert "force above 20 N" in text


def test_words_from_a_file_are_shown_not_run(page: str) -> None:
    assert "<sides>" in words(page)
    assert "does not state <sides>" not in page


def test_emg_stands_under_the_joint_it_moves(made_up: Analysis) -> None:
    by_joint = {column.title: [p.key for p in column.panels] for column in columns(made_up)}
    assert by_joint["Ankle"][:3] == ["angles-ankle_angle", "emg-tibialis_anterior", "emg-soleus"]
    assert by_joint["Knee"][0] == "angles-knee_angle"
    assert "emg-gluteus_medius" in by_joint["Hip"]


def test_angles_are_in_degrees_and_moments_per_kilogram(made_up: Analysis) -> None:
    panels = {p.key: p for c in columns(made_up) for p in c.panels}
    angle = made_up.curves["angles"].sel(coordinate="knee_angle")
    left = angle.values[angle["side"].values == "left"].mean(axis=0)
    assert panels["angles-knee_angle"].sides["left"].mean[73] == pytest.approx(left[73] * 57.29578, rel=1e-6)
    moment = made_up.curves["moments"].sel(coordinate="ankle_angle")
    right = moment.values[moment["side"].values == "right"].mean(axis=0)
    assert panels["moments-ankle_angle"].sides["right"].mean[50] == pytest.approx(right[50] / 75.0, rel=1e-6)


def test_every_emg_axis_says_the_reference(made_up: Analysis) -> None:
    measured = [p for c in columns(made_up) for p in c.panels if p.key.startswith("emg-") and p.sides]
    assert measured
    assert all(made_up.emg_axis in p.axis for p in measured)


def test_the_left_stride_begins_where_the_left_foot_lands(moving: Moving) -> None:
    assert moving.followed == "right"
    assert moving.other_start == pytest.approx(100 * example.LEFT_STARTS, abs=0.06)


def test_the_muscle_list_begins_with_the_largest_difference_between_the_legs(moving: Moving) -> None:
    first = moving.muscles[0]
    assert first.title == "Tibialis anterior"
    assert (first.measured["left"] or 1) < (first.measured["right"] or 0)
    unmeasured = next(row for row in moving.muscles if row.name == "psoas")
    assert unmeasured.measured == {"left": None, "right": None}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda a: a, "The body could not be computed from this take"),
        (lambda a: example.without(a, quality=a.quality.iloc[:0], curves={}, differences={}), "No EMG was recorded."),
        (lambda a: example.without(a, findings=(), doubts=()), "Findings"),
        (lambda a: example.without(a, spatiotemporal=pd.DataFrame()), "Strides"),
    ],
)
def test_a_page_with_a_part_missing_says_so_and_stands(
    made_up: Analysis, change: Callable[[Analysis], Analysis], expected: str
) -> None:
    bare = example.without(made_up, motion=None)
    assert expected in words(rendered(page_of(change(bare)), script=""))


def test_without_the_built_script_the_page_still_holds_curves_and_stills(records: Page) -> None:
    text = rendered(records, script="")
    assert "<script>" not in text
    assert "script-src" not in text
    assert text.count("data:image/webp") == 14
    assert "data-panel='emg-tibialis_anterior'" in text


def test_ids_are_unique_and_every_table_has_its_heads(page: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page.replace(viewer_script(), ""))
    assert len(ids) == len(set(ids))
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        assert "<th scope=" in table


def test_every_picture_has_words(page: str) -> None:
    pictures = re.findall(r"<img [^>]+>", page)
    assert len(pictures) == 14
    assert all(re.search(r'alt="Legs from the right side at \d+ %', p) for p in pictures)
    panels = re.findall(r"<svg [^>]*data-panel[^>]*>", page)
    assert panels
    assert all("role='img'" in p and "aria-label='" in p for p in panels)


def test_build_is_all_of_it_in_one_call(made_up: Analysis) -> None:
    text = build(example.without(made_up, motion=None))
    assert text.startswith("<!DOCTYPE html>")
    assert text.endswith("</html>")
