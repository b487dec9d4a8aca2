"""Small multiples: what is drawn where, and how fast."""

import dataclasses
import re
import time
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from restride.report.colours import SIDE
from restride.report.page import Band, Difference, Panel
from restride.report.svg import (
    APART,
    APART_LINE,
    HEIGHT,
    LEFT,
    PER_PERCENT,
    RIGHT,
    STRIP,
    STRIP_GAP,
    TOP,
    apart,
    area,
    beyond,
    panel_svg,
    path,
    ticks,
)
from restride.report.words import panel_sentence
from restride.signals.recording import Side
from restride.signals.schema import FloatArray

NAME = "{http://www.w3.org/2000/svg}"
# too few strides for a whole-curve test
UNTESTED = np.full(101, np.nan)


def band(mean: FloatArray, *, n: int = 4) -> Band:
    return Band(mean, mean - 0.1, mean + 0.1, n)


def panel(sides: dict[Side, Band], *, difference: Difference | None = None, from_zero: bool = True) -> Panel:
    toe_off: dict[Side, float] = {"left": 65.0, "right": 62.0}
    return Panel("k", "Soleus", "EMG, share", "", 2, sides, {}, difference, toe_off, from_zero=from_zero)


def drawn(one: Panel) -> ET.Element:
    return ET.fromstring(panel_svg(one, sentence=panel_sentence(one)))


def line_of(svg: ET.Element, colour: str) -> list[tuple[float, float]]:
    """Points of the thick line in a colour."""
    found = [p for p in svg.iter(f"{NAME}path") if p.get("stroke") == colour and p.get("stroke-width") == "2.2"]
    assert len(found) <= 1
    return points(found[0].get("d", "")) if found else []


def points(data: str) -> list[tuple[float, float]]:
    """Every point of a path, as a browser reads it: a place after M, steps after l."""
    out: list[tuple[float, float]] = []
    for command, rest in re.findall(r"([Ml])([^Ml]*)", data):
        numbers = [float(v) for v in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", rest)]
        for a, b in zip(numbers[::2], numbers[1::2], strict=True):
            out.append((a, b) if command == "M" else (out[-1][0] + a, out[-1][1] + b))
    return out


def test_a_busier_leg_is_drawn_higher_and_in_its_own_colour() -> None:
    svg = drawn(panel({"left": band(np.full(101, 0.2)), "right": band(np.full(101, 0.8))}))
    left, right = line_of(svg, SIDE["left"]), line_of(svg, SIDE["right"])
    assert len(left) == len(right) == 101
    assert left[0][1] > right[0][1]  # y points down in SVG
    assert (left[0][0], left[-1][0]) == (LEFT, RIGHT)


def test_zero_stands_at_the_foot_of_an_activity_panel() -> None:
    svg = drawn(panel({"left": Band(np.zeros(101), np.zeros(101), np.ones(101), 3)}))
    assert line_of(svg, SIDE["left"])[0][1] == TOP + HEIGHT


def test_a_side_that_was_not_measured_has_no_line() -> None:
    svg = drawn(panel({"right": band(np.full(101, 0.8))}))
    assert line_of(svg, SIDE["left"]) == []


def test_the_letters_at_the_ends_name_the_sides_and_keep_their_distance() -> None:
    svg = drawn(panel({"left": band(np.full(101, 0.50)), "right": band(np.full(101, 0.51))}))
    letters = {t.text: t for t in svg.iter(f"{NAME}text") if t.text in ("L", "R")}
    assert letters["L"].get("fill") == SIDE["left"]
    assert letters["R"].get("fill") == SIDE["right"]
    assert abs(float(letters["L"].get("y", "0")) - float(letters["R"].get("y", "0"))) >= 9.9


def test_toe_off_stands_at_its_percent_in_its_colour() -> None:
    svg = drawn(panel({"left": band(np.full(101, 0.5))}))
    dashed = {p.get("stroke"): p.get("d", "") for p in svg.iter(f"{NAME}path") if p.get("stroke-dasharray") == "3 3"}
    assert dashed[SIDE["left"]].startswith(f"M{LEFT + 65 * PER_PERCENT} ")
    assert dashed[SIDE["right"]].startswith(f"M{LEFT + 62 * PER_PERCENT} ")


def test_the_strip_is_shaded_beyond_the_floor_and_underlined_where_the_interval_leaves_zero() -> None:
    low = np.full(101, -1.0)
    low[20:41] = 0.1  # leaves zero, by less than the floor
    low[60:81] = 0.5
    away = Difference(low + 1, low, low + 2, np.full(101, 0.3), UNTESTED)
    svg = drawn(panel({"left": band(np.ones(101)), "right": band(np.zeros(101))}, difference=away))
    spans = {
        colour: [(r.get("x"), r.get("width")) for r in svg.iter(f"{NAME}rect") if r.get("fill") == colour]
        for colour in (APART, APART_LINE)
    }
    first, second = ((str(LEFT + start * PER_PERCENT), str(20 * PER_PERCENT)) for start in (20, 60))
    assert spans == {APART: [second], APART_LINE: [first, second]}


def test_what_only_single_phases_show_is_not_marked_once_the_whole_curve_is_tested() -> None:
    low = np.full(101, -1.0)
    low[20:41] = low[60:81] = 0.5
    p = np.ones(101)
    p[20:41], p[55:81] = 0.21, 0.004
    away = Difference(low + 1, low, low + 2, np.full(101, 0.3), p)
    one = panel({"left": band(np.ones(101)), "right": band(np.zeros(101))}, difference=away)
    assert apart(away) == [(55, 80)]
    assert beyond(away) == [(60, 80)]
    assert "p .004" in [text.text for text in drawn(one).iter(f"{NAME}text")]
    assert "above at 60–80 % (whole-curve permutation test, p = 0.004, over strides of this take)" in panel_sentence(
        one
    )


def test_a_tested_curve_without_a_stretch_says_so_and_shows_no_p() -> None:
    low = np.full(101, 0.5)
    one = panel(
        {"left": band(np.ones(101)), "right": band(np.zeros(101))},
        difference=Difference(low + 1, low, low + 2, np.zeros(101), np.ones(101)),
    )
    assert "nothing beyond what chance makes somewhere in a curve" in panel_sentence(one)
    assert not [t.text for t in drawn(one).iter(f"{NAME}text") if (t.text or "").startswith("p")]


def test_too_few_strides_for_the_whole_curve_are_said_to_be_too_few() -> None:
    low = np.full(101, 0.5)
    away = Difference(low + 1, low, low + 2, np.zeros(101), UNTESTED)
    words = panel_sentence(panel({"left": band(np.ones(101)), "right": band(np.zeros(101))}, difference=away))
    assert "strides are too few for a whole-curve test" in words


def test_a_bar_stands_where_the_muscle_is_on_and_is_fainter_where_fewer_strides_agree() -> None:
    share = np.zeros(101)
    share[10:21] = 1.0
    share[21:31] = 0.5
    one = dataclasses.replace(panel({"right": band(np.full(101, 0.5))}), active={"right": share})
    bars = [r for r in drawn(one).iter(f"{NAME}rect") if r.get("fill") == SIDE["right"]]
    found = [(float(r.get("x", "")), float(r.get("width", "")), r.get("fill-opacity")) for r in bars]
    assert found == [(LEFT + 28.5, 33.0, "1"), (LEFT + 61.5, 30.0, "0.5")]
    assert "Switched on in most strides, right: 10–20 %." in panel_sentence(one)


def test_a_leg_without_known_bursts_has_no_bar_and_no_words() -> None:
    svg = drawn(panel({"left": band(np.full(101, 0.5)), "right": band(np.full(101, 0.5))}))
    assert "on" not in [t.text for t in svg.iter(f"{NAME}text")]


def test_a_right_leg_that_is_larger_is_shaded_too() -> None:
    high = np.full(101, 1.0)
    high[60:81] = -0.5
    away = Difference(high - 1, high - 2, high, np.full(101, 0.3), UNTESTED)
    assert beyond(away) == [(60, 80)]


def test_a_stretch_of_two_percent_is_not_spoken_of() -> None:
    low = np.full(101, -1.0)
    low[10:12] = low[30:33] = 0.1
    assert apart(Difference(low, low, low + 5, np.zeros(101), UNTESTED)) == [(30, 32)]


def test_a_small_difference_looks_small() -> None:
    flat = np.full(101, 0.01)
    one = panel(
        {"left": band(np.full(101, 1.01)), "right": band(np.ones(101))},
        difference=Difference(flat, flat, flat, flat, UNTESTED),
    )
    line = next(p for p in drawn(one).iter(f"{NAME}path") if p.get("stroke") == "#1f2937")
    found = re.match(r"M[\d.]+ ([\d.]+)", line.get("d", ""))
    assert found is not None
    middle = TOP + HEIGHT + STRIP_GAP + STRIP / 2
    assert 0 < middle - float(found[1]) < 0.1 * STRIP  # above zero, by little


def test_a_gap_in_the_curve_is_a_gap_in_the_line() -> None:
    y = np.array([1.0, np.nan, 3.0])
    assert path(np.arange(3.0), y) == "M0 1M2 3"
    assert area(np.arange(3.0), y, y).count("Z") == 2


@given(st.lists(st.one_of(st.floats(-300, 300), st.just(float("nan"))), min_size=1, max_size=40))
def test_a_line_passes_every_point_to_a_tenth_of_a_pixel_however_long_it_is(values: list[float]) -> None:
    y = np.array(values)
    x = np.linspace(0, 3.0 * (y.size - 1), y.size)
    found: FloatArray = np.array(points(path(x, y)), dtype=float).reshape(-1, 2)
    assert_allclose(found, np.column_stack([x, y])[np.isfinite(y)], atol=0.0501)


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e4))
def test_ticks_are_few_round_and_inside(low: float, size: float) -> None:
    found = ticks(low, low + size)
    assert 1 <= len(found) <= 6
    assert all(low - 1e-6 * size <= v <= low + size * (1 + 1e-6) for v in found)


def test_names_from_files_cannot_break_out_of_the_picture() -> None:
    evil = "'><script>alert(1)</script>"
    one = Panel(evil, evil, evil, "", 2, {"left": band(np.ones(101))}, from_zero=True)
    text = panel_svg(one, sentence=panel_sentence(one))
    assert "<script" not in text
    ET.fromstring(text)


def test_the_sentence_says_peak_side_and_stretch() -> None:
    mean = np.zeros(101)
    mean[14] = 0.32
    away = Difference(mean - 1, np.full(101, -2.0), np.full(101, -0.5), np.full(101, 0.2), UNTESTED)
    words = panel_sentence(panel({"left": band(mean, n=6), "right": band(mean + 1, n=1)}, difference=away))
    assert "Left: peak 0.32 at 14 %" in words
    assert "(6 strides)" in words
    assert "(1 stride)" in words
    assert "below at 0–100 %" in words


def test_a_difference_within_the_method_is_called_so() -> None:
    away = Difference(np.full(101, -0.1), np.full(101, -0.15), np.full(101, -0.05), np.full(101, 0.2), UNTESTED)
    words = panel_sentence(panel({"left": band(np.ones(101)), "right": band(np.full(101, 1.1))}, difference=away))
    assert "by less than the method itself may differ: below at 0–100 %" in words


def test_24_panels_take_a_tenth_of_a_second() -> None:
    wave = np.sin(np.linspace(0, 6, 101)) + 1
    one = Panel(
        "k",
        "t",
        "a",
        "",
        2,
        {"left": band(wave), "right": band(wave)},
        {"left": band(wave), "right": band(wave)},
        Difference(wave, wave, wave, wave, UNTESTED),
    )
    start = time.perf_counter()
    for _ in range(24):
        panel_svg(one, sentence="")
    assert time.perf_counter() - start < 0.3  # alone about 0.05 s; room for a busy machine


@pytest.mark.parametrize("from_zero", [True, False])
def test_all_coordinates_lie_inside_the_picture(from_zero: bool) -> None:
    wave = 40 * np.sin(np.linspace(0, 6, 101))
    svg = drawn(panel({"left": band(wave), "right": band(wave / 2)}, from_zero=from_zero))
    width, height = map(float, svg.get("viewBox", "").split()[2:])
    for x, y in line_of(svg, SIDE["left"]) + line_of(svg, SIDE["right"]):
        assert 0 <= x <= width
        assert 0 <= y <= height
