"""Chapters on the page: units people expect, charts that say no more than was measured."""

import dataclasses
import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from tests.report import example

from restride.chapters.chapter import Chapter, Chart, Measure
from restride.report.build import rendered, tell
from restride.report.charts import PLOT, chart_svg, legend, thinned
from restride.report.gather import page_of
from restride.report.parts import part_of
from restride.report.shown import shown
from restride.report.svg import LEFT
from restride.signals.recording import Doubt


def _measure(value: float, units: str, **more: object) -> Measure:
    given = {"interval": None, "interval_reason": "one trial", "n": 1, "counted": "trials", "method": "m"} | more
    return Measure("something", "left", value, units, **given)  # type: ignore[arg-type]


def _chart(**more: object) -> Chart:
    x = np.linspace(0, 60, 61)
    given = {
        "title": "Step rate",
        "x": x,
        "x_words": "time",
        "x_units": "s",
        "series": {"left": x / 60, "right": 1 - x / 60},
        "y_words": "share",
        "y_units": "1",
        "style": "line",
        "words": "Rises on the left & falls on the right.",
    } | more
    return Chart(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "units", "asked", "text"),
    [
        (0.0213, "m", "", "21.3 mm"),
        (1.27, "m", "", "1.27 m"),
        (0.2634, "s", "", "263 ms"),
        (math.pi / 6, "rad", "", "30.0°"),
        (2.815, "Hz", "per min", "169 per min"),
        (0.5218, "1", "%", "52.2 %"),
        (-0.0062, "m/s", "", "−6.20 mm/s"),
        (3.1e-4, "m^2", "", "3.10 cm²"),
        (42e-6, "V", "", "42.0 µV"),
        (4.0, "counts", "", "4"),
        (math.nan, "s", "", "–"),
    ],
)
def test_numbers_are_written_in_the_unit_people_expect(value: float, units: str, asked: str, text: str) -> None:
    assert shown(units, value, asked=asked).with_unit(value) == text


def test_an_interval_stands_in_the_unit_of_its_value() -> None:
    chapter = Chapter("c", "C", ("s",), "", measures=(_measure(0.25, "s", interval=(0.24, 0.26), interval_reason=""),))
    row = part_of(chapter).measures.rows[0]
    assert row[1:4] == ("left", "250 ms", "240 to 260 ms")


def test_without_an_interval_the_reason_stands_in_its_place() -> None:
    chapter = Chapter("c", "C", ("s",), "", measures=(_measure(0.25, "s"),))
    assert part_of(chapter).measures.rows[0][3] == "one trial"


@pytest.mark.parametrize("style", ["line", "dots", "path"])
def test_a_chart_is_well_formed_and_says_its_words(style: str) -> None:
    chart = _chart(style=style, x_units="1" if style == "path" else "s")
    root = ElementTree.fromstring(chart_svg(chart))
    assert root.attrib["aria-label"] == chart.words
    assert root.attrib["role"] == "img"


def test_up_is_up_and_a_gap_lifts_the_pen() -> None:
    values = np.array([0.0, 1.0, np.nan, 1.0, 0.0])
    svg = chart_svg(_chart(x=np.arange(5.0), series={"speed": values}))
    ways = [p.attrib["d"] for p in ElementTree.fromstring(svg).iter() if p.attrib.get("stroke-width") == "1.7"]
    numbers = [tuple(map(float, pair)) for pair in re.findall(r"[ML]([\d.]+) ([\d.]+)", ways[0])]
    assert ways[0].count("M") == 2
    assert numbers[1][1] < numbers[0][1], "larger values stand higher"


def test_a_path_over_the_floor_has_one_scale_for_both_axes() -> None:
    turn = np.linspace(0, 2 * np.pi, 200)
    circle = _chart(x=0.01 * np.cos(turn), x_units="m", series={"cop": 0.01 * np.sin(turn)}, y_units="m", style="path")
    way = next(p for p in ElementTree.fromstring(chart_svg(circle)).iter() if p.attrib.get("stroke-width") == "1.7")
    points = np.array(re.findall(r"[ML]([\d.]+) ([\d.]+)", way.attrib["d"]), dtype=float)
    wide, high = np.ptp(points, axis=0)
    assert wide == pytest.approx(high, rel=0.01)


def test_thinning_keeps_every_extreme_and_every_gap() -> None:
    rng = np.random.default_rng(1)
    x, y = LEFT + np.linspace(0, PLOT, 50_000), rng.normal(size=50_000)
    y[777] = 40.0
    y[20_000:21_000] = np.nan
    few_x, few_y = thinned(x, y)
    assert few_x.size < 4 * PLOT
    assert np.nanmax(few_y) == 40.0
    assert np.isnan(few_y).any()
    assert not ((few_x > x[20_200]) & (few_x < x[20_800]) & np.isfinite(few_y)).any()


def test_a_series_without_a_value_or_without_spread_is_drawn_all_the_same() -> None:
    for values in (np.full(61, np.nan), np.full(61, 0.5)):
        ElementTree.fromstring(chart_svg(_chart(series={"left": values})))


def test_a_page_of_chapters_alone_has_no_empty_sections() -> None:
    chapter = Chapter("outing", "The outing", ("Calm <b>run</b>.",), "From 40 minutes.", charts=(_chart(),))
    bare = example.analysis(moving=False, emg=False)
    none_kept = bare.cycles.assign(kept=False)
    alone = dataclasses.replace(bare, chapters=(chapter,), cycles=none_kept, curves={}, findings=())
    html = rendered(page_of(alone), script="")
    assert "The outing" in html
    assert "Calm &lt;b&gt;run" in html
    for section in ('id="body"', 'id="curves"', 'id="strides"', 'id="player"', 'id="findings-section"'):
        assert section not in html
    assert 'id="doubts"' in html


def test_two_devices_differ_without_colour() -> None:
    values = {"watch": np.linspace(0, 1, 61), "pod": np.linspace(1, 0, 61)}
    chart = _chart(style="dots", series=values)
    assert chart_svg(chart).count("stroke='#fff'") == 1
    assert [("#fff" in sample) for _, sample in legend(chart)] == [False, True]


def test_chapters_of_many_recordings_make_a_page_of_their_own() -> None:
    chapter = Chapter("years", "Over time", ("Five outings.",), "From five files.", charts=(_chart(style="dots"),))
    html = tell([chapter], left_out=[Doubt("a.fit", "The file was left out: damaged")])
    assert "<h1" in html
    assert "Five outings." in html
    assert "The file was left out: damaged." in html
