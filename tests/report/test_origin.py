"""Where a difference comes from, on the page: the right leg, the right sign, words beside every colour."""

import dataclasses
import re
from collections.abc import Mapping
from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.testing import assert_allclose
from tests.report import example
from tests.report.origins import mirrored, origin
from tests.report.test_page import words

from restride.body.model import Body, generic
from restride.body.scene import Scene, scene
from restride.findings.origin import MuscleOrigin, Origin
from restride.findings.statistics import Estimate
from restride.pipeline.analysis import Analysis
from restride.report.build import rendered, viewer_script
from restride.report.colours import BUSIER, QUIETER, rgb
from restride.report.departing import FAINT, departing, departing_rgb, shade, state_of
from restride.report.gather import page_of
from restride.report.origin import chance, origin_part
from restride.report.origin_svg import parts_svg, percent, span_of, strip_svg
from restride.report.page import Page
from restride.report.stills import departures
from restride.signals.recording import Side

LEFT_STARTS = 100 * example.LEFT_STARTS
STARTS: Mapping[Side, float | None] = {"right": 0.0, "left": LEFT_STARTS}


@pytest.fixture(scope="module")
def body() -> Body:
    return generic()


@pytest.fixture(scope="module")
def drawn(body: Body) -> Scene:
    motion = example.motion_of(body)
    return scene(body, motion.angles, motion.root)


@pytest.fixture(scope="module")
def records(made_up: Analysis) -> Page:
    return page_of(example.without(made_up, origin=origin()))


@pytest.fixture(scope="module")
def page(records: Page) -> str:
    return rendered(records, script=viewer_script())


def verdict_of(given: Origin, site: str) -> MuscleOrigin:
    return next(m for m in given.muscles if m.site == site)


def test_only_the_muscle_of_the_leg_spoken_of_departs(drawn: Scene) -> None:
    found = departing(origin(), drawn.muscles, starts=STARTS)
    state = dict(zip(found.muscles, found.states, strict=True))
    assert (state["tibant_l"], state["tibant_r"]) == ("quieter", "alike")
    assert (state["vaslat_l"], state["vaslat_r"]) == ("alike", "shifted")
    assert (state["glmax2_l"], state["glmax2_r"]) == ("explained", "alike")
    assert state["glmed1_l"] == state["glmed1_r"] == "unsure"
    assert state["psoas_l"] == ""


def test_exchanged_legs_give_the_same_picture_of_the_other_leg(drawn: Scene) -> None:
    starts: Mapping[Side, float | None] = {"left": 0.0, "right": 0.0}
    one, other = (departing(given, drawn.muscles, starts=starts) for given in (origin(), mirrored(origin())))
    swapped = [drawn.muscles.index(f"{m[:-2]}_{'r' if m.endswith('_l') else 'l'}") for m in drawn.muscles]
    assert one.states == tuple(other.states[i] for i in swapped)
    assert_allclose(one.values, other.values[:, swapped])


def test_what_departs_is_told_on_each_leg_s_own_stride(drawn: Scene) -> None:
    given = origin()
    column = given.curves["unexplained"].sel(site="tibialis_anterior").values
    found = departing(given, drawn.muscles, starts=STARTS)
    at = int(np.argmin(column))  # of the left stride
    shown = round(at + LEFT_STARTS) % 100  # of the right stride
    assert found.values[shown, found.muscles.index("tibant_l")] == pytest.approx(column[at])
    assert found.values[at, found.muscles.index("tibant_r")] == pytest.approx(-column[at])


def test_where_the_other_leg_is_not_known_its_mean_stands(drawn: Scene) -> None:
    given = origin()
    found = departing(given, drawn.muscles, starts={"left": None, "right": 0.0})
    mean = float(given.curves["unexplained"].sel(site="tibialis_anterior").mean())
    assert_allclose(found.values[:, found.muscles.index("tibant_l")], mean)


def test_a_departure_of_no_known_leg_is_called_unsure_on_both() -> None:
    nameless = dataclasses.replace(verdict_of(origin(), "tibialis_anterior"), situation="")
    assert state_of(nameless, "left") == state_of(nameless, "right") == "unsure"


def test_a_marked_muscle_keeps_its_colour_and_the_other_colour_never_shows() -> None:
    assert shade("quieter", 0.4) == -FAINT
    assert shade("busier", -0.4) == FAINT
    assert shade("quieter", -9.0) == -1.0
    assert shade("shifted", 0.1) == -shade("shifted", -0.1)
    assert shade("busier", float("nan")) == FAINT
    assert shade("alike", 0.4) == shade("", 0.4) == shade("unsure", 0.4) == 0.0


def test_colours_say_busier_or_quieter_and_what_cannot_be_told_is_striped(drawn: Scene) -> None:
    found = departing(origin(), drawn.muscles, starts={"left": 0.0, "right": 0.0})
    at = int(np.argmin(found.values[:, found.muscles.index("tibant_l")]))
    belly = departing_rgb(found, at, pieces=12)
    quiet = belly[found.muscles.index("tibant_l")]
    assert_allclose(quiet, np.broadcast_to(rgb(QUIETER), quiet.shape))
    late = int(np.argmax(found.values[:, found.muscles.index("vaslat_r")]))
    towards = departing_rgb(found, late, pieces=12)[found.muscles.index("vaslat_r"), 0]
    assert np.abs(towards - rgb(BUSIER)).sum() < np.abs(towards - rgb(QUIETER)).sum()
    unsure = belly[found.muscles.index("glmed2_r")]
    assert len(np.unique(unsure, axis=0)) == 2


def test_stills_of_departures_are_as_many_as_moments(drawn: Scene) -> None:
    found = departing(origin(), drawn.muscles, starts=STARTS)
    assert len(departures(drawn, found, (0, 50))) == 2


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0.0004, "less than 1 in 1000"),
        (0.004, "about 4 in 1000"),
        (0.07, "about 7 in 100"),
        (0.999, "more than 99 in 100"),
    ],
)
def test_probabilities_are_counted(probability: float, text: str) -> None:
    assert chance(probability) == text


def test_a_difference_has_its_sign_and_zero_none() -> None:
    assert [percent(v) for v in (0.306, -0.3, -0.001, float("nan"))] == ["+31 %", "−30 %", "0 %", "not known"]


def test_bars_of_the_second_situation_lie_on_its_side_of_zero() -> None:
    given = origin()
    zero = 0.5 * (72 + 284)
    for m in (verdict_of(given, "tibialis_anterior"), verdict_of(mirrored(given), "tibialis_anterior")):
        root = ElementTree.fromstring(parts_svg(m, situations=given.situations, span=50, words="w"))
        bars = [(float(r.get("x", 0)), float(r.get("width", 0))) for r in root.iter() if r.get("height") == "11"]
        assert len(bars) == 3
        for (x, width), estimate in zip(bars, (m.measured, m.required, m.unexplained), strict=True):
            end = x + width if estimate.value > 0 else x
            assert end == pytest.approx(zero + estimate.value * 100 / 50 * 106, abs=1.1)
        ends = [t.text for t in root.iter() if t.text and "more" in t.text]
        assert ends == ["◂ right leg more", "left leg more ▸"]


def test_values_fit_their_figure_even_where_intervals_do_not() -> None:
    wide = dataclasses.replace(
        verdict_of(origin(), "tibialis_anterior"), measured=Estimate(-0.4, (-9.0, 8.2), "", (2, 2))
    )
    assert 40 <= span_of([wide]) <= 100


def test_an_interval_that_runs_out_of_its_figure_ends_in_an_arrow() -> None:
    given = origin()
    inside = parts_svg(verdict_of(given, "tibialis_anterior"), situations=given.situations, span=50, words="w")
    outside = parts_svg(verdict_of(given, "tibialis_anterior"), situations=given.situations, span=40, words="w")
    assert inside.count("l5 3.5") + inside.count("l-5 3.5") == 0
    assert outside.count("l-5 3.5") == 2  # measured and left over reach below -40 %


def test_the_order_of_departure_is_drawn_along_the_stride() -> None:
    root = ElementTree.fromstring(strip_svg(origin().departures, words="w"))
    places = [float(c.get("cx", 0)) for c in root.iter() if c.tag.endswith("circle")]
    assert places == sorted(places)
    assert len(places) == 3


def test_the_page_tells_the_cause_the_runners_up_and_what_is_left_open(page: str) -> None:
    text = words(page)
    assert "What departs, and does the movement ask for it?" in text
    assert "Chance of being wrong: about 7 in 100 , if the origin is among the possibilities" in text
    assert "Left tibialis anterior: quieter than asked for, 62–84 % about 93 in 100" in text
    assert "What departs by itself, most probably: The left tibialis anterior is quieter in swing" in text
    assert "cannot tell a quiet tibialis anterior" in text
    assert "This is what compensation looks like" in text
    assert "weak " not in words(rendered_part())


def rendered_part() -> str:
    part = origin_part(origin(), reference="made up")
    return " ".join(c.verdict for c in part.cards) + " ".join(w.name for w in part.weighed)


def test_what_cannot_be_told_gives_its_reason_and_no_figure(records: Page) -> None:
    assert records.origin is not None
    card = next(c for c in records.origin.cards if c.title == "Gluteus medius")
    assert card.reason == "Measured on the right leg only."
    assert card.figure == ""
    assert records.origin.cards[-1] == card  # what departs by itself comes first


def test_a_verdict_where_the_movement_is_not_known_says_what_it_rests_on() -> None:
    unknown = Estimate(float("nan"), None, "no ground force", (2, 2))
    first, *others = origin().muscles
    blind = dataclasses.replace(first, required=unknown, unexplained=unknown)
    part = origin_part(dataclasses.replace(origin(), muscles=(blind, *others)), reference="made up")
    assert part.cards[0].reason.endswith("the verdict rests on the rest of the stride.")
    assert part.cards[0].figure.count("not known</text>") == 2


def test_every_colour_of_an_origin_stands_beside_a_word(page: str) -> None:
    swatches = re.findall(r"<svg class='swatch'.*?</svg>(?:\s*<strong>)?([^<]*)", page)
    assert len(swatches) >= 10
    assert all(word.strip() for word in swatches)


def test_measured_is_what_was_asked_for_and_what_is_left_over_in_the_table(records: Page) -> None:
    assert records.origin is not None
    row = next(r for r in records.origin.numbers.rows if r[0] == "Gluteus maximus")
    assert [cell.split(" %")[0] for cell in row[3:6]] == ["+21", "+19", "+2"]


def test_without_a_named_cause_the_page_says_so(made_up: Analysis) -> None:
    open_end = dataclasses.replace(origin(), named=None, untold="None of these stands out.")
    text = words(rendered(page_of(example.without(made_up, origin=open_end, motion=None)), script=""))
    assert "No origin is named" in text
    assert "None of these stands out." in text
    assert "Chance of being wrong" not in text


def test_a_page_with_stills_of_departures_stays_under_two_megabytes(page: str) -> None:
    assert len(page.encode()) < 2_000_000
    assert len(re.findall(r"<img [^>]+>", page)) == 21
    assert "departing most: left tibialis anterior quieter by" in page


def test_a_page_without_an_origin_has_no_trace_of_one(made_up: Analysis) -> None:
    bare = rendered(page_of(made_up), script="")
    assert 'id="origin"' not in bare
    assert "What departs" not in bare
    assert "of-origin" not in re.sub(r"<style>.*?</style>", "", bare, flags=re.DOTALL)
