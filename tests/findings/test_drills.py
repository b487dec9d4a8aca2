"""One leg alone: when it was, how it faded, and when nothing can be said. All made up, with known truth."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from restride.findings.drills import Fade, apart, drills, fade
from restride.signals.recording import Conditions, Drill, Recording
from restride.signals.schema import FloatArray, labelled

TIME_S = np.arange(300.0)


def ride(share: FloatArray, *, power: FloatArray | float = 100.0, known: bool = True) -> Recording:
    coords = {"time": TIME_S, "side_known": ("time", np.full(TIME_S.size, known))}
    signals = {"left_share": labelled(share, dims=("time",), units="1", coords=coords)}
    for kind, value, units in (("power", power, "W"), ("cadence", 1.2, "Hz")):
        values = np.broadcast_to(value, TIME_S.size)
        signals[kind] = labelled(values, dims=("time",), units=units, coords={"time": TIME_S})
    return Recording(signals)


def shares() -> FloatArray:
    """Left alone from 60 to 100 s, right alone from 150 to 200 s."""
    share = np.full(TIME_S.size, 0.5)
    share[60:100], share[150:200] = 1.0, 0.0
    return share


def test_drills_are_found_with_their_side() -> None:
    assert drills(ride(shares())) == [Drill(60.0, 100.0, "left"), Drill(150.0, 200.0, "right")]


def test_coasting_is_no_drill() -> None:
    assert drills(ride(shares(), power=np.where(TIME_S < 120, 0.0, 100.0))) == [Drill(150.0, 200.0, "right")]


def test_a_share_of_an_unknown_leg_is_no_drill() -> None:
    assert drills(ride(shares(), known=False)) == []


def test_a_moment_is_no_drill_and_a_lost_record_ends_none() -> None:
    share = np.full(TIME_S.size, 0.5)
    share[10:15], share[60:100] = 1.0, 1.0
    share[80] = 0.9
    assert drills(ride(share)) == [Drill(60.0, 100.0, "left")]


def test_what_is_stated_goes_before_what_is_seen() -> None:
    stated = (Drill(10.0, 40.0, "right"),)
    found = Recording(ride(shares()).signals, conditions=Conditions(drills=stated))
    assert drills(found) == list(stated)


def test_a_planted_fading_comes_back() -> None:
    noise = np.random.default_rng(0).normal(scale=2.0, size=TIME_S.size)
    power = 120.0 * (1.0 - 0.30 * (TIME_S - 60.0) / 60.0) + noise
    found = fade(TIME_S, power, [Drill(60.0, 120.0, "left")])
    assert found.interval is not None
    assert found.interval[0] < -0.30 < found.interval[1]
    assert found.certain
    assert_allclose([found.start, found.per_minute], [120.0, -0.30], rtol=0.05)


def test_a_scale_changes_no_fading() -> None:
    values = 100.0 - 0.3 * TIME_S + np.sin(TIME_S)
    one, other = (fade(TIME_S, k * values, [Drill(0.0, 60.0, "left")]) for k in (1.0, 1e-6))
    assert_allclose([one.per_minute, *(one.interval or ())], [other.per_minute, *(other.interval or ())], rtol=1e-9)


def test_a_drill_of_twenty_seconds_is_too_short() -> None:
    found = fade(TIME_S, TIME_S + 100.0, [Drill(0.0, 20.0, "left")])
    assert found.interval is None
    assert "25 s" in found.reason


@pytest.mark.parametrize(("scale", "least", "most"), [(0.0, 90, 100), (0.2, 0, 10)])
def test_the_difference_holds_zero_as_often_as_it_should(scale: float, least: int, most: int) -> None:
    """100 pairs of drills of 60 s with noise over 3 s; the left fades by 20 % a minute more, or by the same."""
    held = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        noise = np.convolve(rng.normal(scale=5.0, size=TIME_S.size + 2), np.ones(3) / 3, mode="valid")
        both: dict[str, Fade] = {}
        for side, start_s, slope in (("left", 0.0, 0.1 + scale), ("right", 100.0, 0.1)):
            power = 100.0 * (1.0 - slope * (TIME_S - start_s) / 60.0) + noise
            both[side] = fade(TIME_S, power, [Drill(start_s, start_s + 60.0, "left" if side == "left" else "right")])
        found = apart(both["left"], both["right"])
        assert found.interval is not None
        held += found.interval[0] <= 0.0 <= found.interval[1]
    assert least <= held <= most


def test_without_the_other_leg_there_is_no_difference() -> None:
    one = fade(TIME_S, TIME_S + 100.0 + np.sin(TIME_S), [Drill(0.0, 60.0, "left")])
    assert apart(one, fade(TIME_S, TIME_S, [])).reason == "no drill long enough of the right leg"
