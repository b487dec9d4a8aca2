"""The page of a comparison: axes, words, ids, and what it asks of a network."""

import dataclasses
import html
import json
import re

import numpy as np
import pytest
from tests.report import origins
from tests.report.example import analysis as example

import restride as rs
from restride.pipeline.comparison import Comparison, comparison_json
from restride.report import build_comparison
from restride.report.compared_page import compared_page
from restride.report.compared_svg import axes_of, leg_sentence, leg_svg
from restride.signals.recording import Source


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    """The example against itself with another file's mark, and a right leg whose knee bends 20 degrees less."""
    a = example(moving=False)
    angles = a.curves["angles"]
    knee = (angles["coordinate"] == "knee_angle") & (angles["side"] == "right")
    less = angles.where(~knee, angles - np.deg2rad(20)).transpose(*angles.dims).assign_attrs(angles.attrs)
    recording = dataclasses.replace(a.recording, sources=(Source("trc", "1" * 64),))
    return rs.compare(a, dataclasses.replace(a, recording=recording, curves={**a.curves, "angles": less}))


@pytest.fixture(scope="module")
def page(comparison: Comparison) -> str:
    return build_comparison(comparison)


def test_both_legs_share_their_axes(comparison: Comparison) -> None:
    panels = {p.key: p for _, group in compared_page(comparison).groups for p in group}
    knee = panels["angles-knee_angle"]
    axes = axes_of(knee)
    labels = [re.findall(r"text-anchor='end'>([^<]+)<", leg_svg(knee, side, axes)) for side in knee.legs]
    assert len(labels) == 2
    assert labels[0] == labels[1]
    # the strip reaches the 20 degrees of the right leg on both
    assert axes.strip >= 20


def test_a_leg_is_said_in_words_with_its_side_and_the_sign_of_the_change(comparison: Comparison) -> None:
    panels = {p.key: p for _, group in compared_page(comparison).groups for p in group}
    knee = panels["angles-knee_angle"]
    said = leg_sentence(knee, "right")
    assert "right leg" in said
    assert "beyond what the method itself may differ: above at 0–" in said
    assert "below" not in said
    assert "above" not in leg_sentence(knee, "left")


def test_the_changed_leg_is_in_the_table_with_its_side(comparison: Comparison) -> None:
    rows = [row for row in compared_page(comparison).changes.rows if row[0] == "Knee angle, mean angle"]
    assert rows[0][2] == "right"
    assert all(row[8] == "not known" for row in rows)


def test_ids_are_unique_and_every_anchor_leads_somewhere(page: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    body = page[page.index("<main>") : page.index("</main>")]
    assert set(re.findall(r'href="#([^"]+)"', body)) <= set(ids)


def test_the_page_says_synthetic_and_asks_nothing_of_any_network(page: str) -> None:
    assert "Synthetic data" in page
    assert "default-src 'none'" in html.unescape(page)
    assert not re.findall(r'(?:src|href)="https?:', page)


def test_electrodes_stuck_on_anew_are_said_on_the_page(page: str) -> None:
    assert "stuck on anew" in page
    assert "only the shape is compared" in page


def test_where_either_leg_s_change_comes_from_stands_apart_with_ids_of_its_own(comparison: Comparison) -> None:
    made_up = origins.origin()
    both = dataclasses.replace(comparison, origin={"left": made_up, "right": made_up})
    assert json.loads(comparison_json(both))["origin"]["right"]["sentences"] == list(made_up.sentences)
    page = build_comparison(both)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert {"origin-left", "origin-right"} <= set(ids)
    assert page.index("Left leg, A against B") < page.index('id="origin-left"') < page.index("Right leg, A against B")
