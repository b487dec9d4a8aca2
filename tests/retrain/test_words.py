"""Numbers in the units of a plan: the right size, the right direction."""

import pytest

from restride.report.shown import shown
from restride.retrain import Outcome
from restride.retrain.words import shown_factor, si, size, span


def outcome(units: str, shown_in: str = "") -> Outcome:
    return Outcome("made up", units, shown_in, "not stated", "hand")


@pytest.mark.parametrize(
    ("value", "units", "shown_in", "words"),
    [
        (-8.24, "ms", "", "8.2 ms"),
        (0.00824, "s", "ms", "8.2 ms"),
        (0.0061, "1", "%", "0.61 percentage points"),
        (5.9, "%", "", "5.9 percentage points"),
        (0.1, "Hz", "per min", "6.0 per min"),
        (0.0349, "rad", "", "2.0°"),
        (2.0, "deg", "", "2.0°"),
        (0.0062, "m/s", "mm/s", "6.2 mm/s"),
        (0.00021, "m^2", "cm²", "2.1 cm²"),
        (0.00021, "V", "µV", "210 µV"),
        (1.5, "1", "", "1.5"),
        (120.0, "W", "", "120 W"),
        (0.0, "ms", "", "0 ms"),
    ],
)
def test_a_size_is_told_in_the_unit_asked_for(value: float, units: str, shown_in: str, words: str) -> None:
    assert size(value, outcome(units, shown_in)) == words


def test_an_interval_says_which_way_each_end_lies() -> None:
    ms = outcome("ms")
    assert span(-8.9, -4.0, ms) == "4.0 to 8.9 ms lower"
    assert span(4.0, 12.0, ms) == "4 to 12 ms higher"
    assert span(-2.1, 3.0, ms) == "from 2.1 ms lower to 3.0 ms higher"


@pytest.mark.parametrize("units", ["Hz:per min", "1:%", "s:ms", "m:mm", "m/s:mm/s", "m^2:cm²", "V:µV", "s:d"])
def test_the_page_can_show_what_a_trial_asks_for(units: str) -> None:
    si_unit, factor, asked = si(outcome(*units.split(":")))
    assert shown(si_unit, 1.0, asked=asked).factor == pytest.approx(shown_factor(outcome(*units.split(":"))))
    assert factor == 1.0


def test_the_page_is_given_si() -> None:
    assert si(outcome("ms")) == ("s", 1e-3, "")
    assert si(outcome("%")) == ("1", 0.01, "%")
    assert si(outcome("Hz", "per min")) == ("Hz", 1.0, "per min")
    assert shown_factor(outcome("Hz", "per min")) == 60.0
    assert shown_factor(outcome("ms")) == 1.0
