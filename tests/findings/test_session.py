"""Change points within a session: planted ones are found at their minute and on their leg, drift is none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from restride.errors import SchemaError
from restride.findings import session
from restride.findings.change_points import Change, change, size_at
from restride.signals.schema import FloatArray

TIME_S: FloatArray = 15.0 * np.arange(100, dtype=np.float64) + 7.5


def since(i: int) -> FloatArray:
    """0 before a stretch, 1 from it on."""
    return (np.arange(TIME_S.size) >= i).astype(np.float64)


def noise(seed: int = 0, *, memory: float = 0.0) -> FloatArray:
    rng = np.random.default_rng(seed)
    out = rng.standard_normal(TIME_S.size)
    for i in range(1, TIME_S.size):
        out[i] = memory * out[i - 1] + np.sqrt(1 - memory**2) * out[i]
    return np.asarray(out)


def found(values: FloatArray, covariates: FloatArray | None = None) -> Change:
    return change(TIME_S, values, covariates=covariates, rng=np.random.default_rng(1))


def test_a_step_is_found_where_it_is_and_as_large_as_it_is() -> None:
    told = found(0.001 * noise() + 2.0 * since(40))
    assert told.shape == "step"
    assert_allclose([told.at_s, told.size], [TIME_S[40] - 7.5, 2.0], atol=0.01)
    assert_allclose(told.interval_s, [TIME_S[40] - 15.0, TIME_S[40]])
    assert told.p < 0.01


def test_a_growth_of_five_minutes_is_found_where_it_begins() -> None:
    told = found(0.001 * noise() - 3.0 * np.clip((TIME_S - TIME_S[30]) / 300.0, 0, 1))
    assert told.shape == "growth"
    assert_allclose([told.at_s, told.size], [TIME_S[30] - 7.5, -3.0], atol=0.02)


@pytest.mark.parametrize("drift", [TIME_S / 300, (TIME_S / 600) ** 2, 5 * np.exp(-TIME_S / 240)])
def test_drift_alone_is_no_change(drift: FloatArray) -> None:
    assert_allclose(found(drift + noise(3)).p, found(noise(3)).p, atol=1e-9)


def test_what_speed_explains_is_no_change() -> None:
    speed = 3.0 + 0.5 * since(50) + 0.05 * noise(5)
    values = 4.0 * speed + 0.3 * noise(6)
    assert found(values).p < 0.01
    assert found(values, speed[:, None]).p > 0.05


def test_memory_makes_a_wandering_course_less_surprising() -> None:
    raised = [change(TIME_S, noise(s, memory=0.8), rng=np.random.default_rng(s)).p <= 0.05 for s in range(20)]
    assert sum(raised) <= 4  # 1 expected, more than 4 once in some hundred


@given(st.floats(0.01, 100.0), st.floats(-100.0, 100.0))
@settings(max_examples=3, deadline=None)
def test_gain_and_offset_move_nothing(gain: float, offset: float) -> None:
    values = noise(2) + 3.0 * since(60)
    here, there = found(values), found(gain * values + offset)
    assert (here.at_s, here.p) == (there.at_s, there.p)
    assert_allclose(gain * here.size, there.size, rtol=1e-6)


def test_the_size_of_another_course_is_read_at_the_same_place() -> None:
    told = found(0.001 * noise() + 2.0 * since(40))
    size, fitted = size_at(TIME_S, TIME_S / 100 - 0.5 * since(40), told)
    assert_allclose(size, -0.5, atol=1e-6)
    assert_allclose(fitted, TIME_S / 100 - 0.5 * since(40), atol=1e-6)


def test_a_short_course_and_a_gap_are_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(SchemaError, match="at least 24 points"):
        change(TIME_S[:20], noise()[:20], rng=rng)
    with pytest.raises(SchemaError, match="without gaps"):
        change(TIME_S, np.concatenate([[np.nan], noise()[1:]]), rng=rng)
    with pytest.raises(SchemaError, match="more than 4 minutes"):
        change(TIME_S / 10, noise(), rng=rng)


def test_a_few_points_behind_a_long_pause_are_no_part_of_their_own() -> None:
    time_s = np.concatenate([TIME_S, TIME_S[-1] + 900.0 + 15.0 * np.arange(4)])
    values = np.concatenate([noise(), 20.0 + noise(1)[:4]])
    told = change(time_s, values, rng=np.random.default_rng(0))
    assert told.at_s < TIME_S[-1] - 60.0


def legs(*, side: int = 0, size: float = 4.0, seed: int = 0) -> session.Course:
    """Both legs drift alike; from minute 12 on one of them is another one."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(0.0, 1500.0, 1.5)
    pair = [time_s / 200 + 3 * np.exp(-time_s / 500) + rng.standard_normal(time_s.size) for _ in range(2)]
    pair[side] = pair[side] + size * (time_s >= 720.0)
    return session.legs_apart("contact time", "s", (time_s, pair[0]), (time_s, pair[1]))


@pytest.mark.parametrize("side", [0, 1])
def test_the_leg_that_changed_is_named_and_the_other_one_did_not(side: int) -> None:
    (told,) = session.onsets([legs(side=side)], rng=np.random.default_rng(0))
    assert told.certain
    assert told.side == ("left", "right")[side]
    assert abs(told.change.at_s - 720.0) <= 15.0
    assert told.change.size * (1 if side == 0 else -1) == pytest.approx(4.0, abs=0.5)
    assert told.sizes is not None
    assert_allclose(told.sizes[side], 4.0, atol=0.7)
    assert_allclose(told.sizes[1 - side], 0.0, atol=0.7)


def test_what_both_legs_do_alike_is_no_change_of_one() -> None:
    both = legs(size=0.0)
    assert_allclose(both.values.mean(), 0.0, atol=0.1)
    assert not session.onsets([both], rng=np.random.default_rng(0))[0].certain


def test_many_measures_need_a_surer_one() -> None:
    quiet = [session.Course(f"m{i}", "1", TIME_S, noise(i), None, None) for i in range(10)]
    told = session.onsets(quiet, rng=np.random.default_rng(0))
    assert min(one.change.p for one in told) < 0.2
    assert not any(one.certain for one in told)


def test_stretches_hold_the_median_and_long_sessions_longer_ones() -> None:
    time_s = np.arange(0.0, 120.0)
    short = session.course("m", "1", time_s, np.where(time_s % 15 == 3, 100.0, np.floor(time_s / 15)))
    assert_allclose(short.time_s, 7.5 + 15 * np.arange(8))
    assert_allclose(short.values, np.arange(8))
    long_s = np.arange(0.0, 7200.0, 1.0)
    assert np.diff(session.course("m", "1", long_s, long_s).time_s)[0] == 30.0


def test_what_lasts_less_than_two_minutes_between_pauses_is_left_out() -> None:
    time_s = np.concatenate([np.arange(0.0, 300.0), np.arange(900.0, 960.0)])
    assert session.course("m", "1", time_s, time_s).time_s.max() < 300.0


def test_a_course_that_is_too_short_is_left_out() -> None:
    short = session.Course("m", "1", TIME_S[:10], noise()[:10], None, None)
    assert session.onsets([short], rng=np.random.default_rng(0)) == []
