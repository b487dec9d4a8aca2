"""The randomisation test against the slow way, and what must hold whatever the sessions were."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restride.retrain import randomisation
from restride.retrain.orders import two_sided

differences = st.lists(st.floats(-100.0, 100.0).map(lambda v: round(v, 3)), min_size=6, max_size=8)


def slow_p(x: list[float], assumed: float = 0.0) -> float:
    """Every order by hand, share with a mean at least as far from the assumed effect."""
    apart = [v - assumed for v in x]
    seen = abs(sum(apart))
    orders = list(product((1, -1), repeat=len(x)))
    sums = [abs(sum(s * v for s, v in zip(signs, apart, strict=True))) for signs in orders]
    return sum(one >= seen - 1e-9 for one in sums) / len(orders)


@given(differences)
@settings(max_examples=60, deadline=None)
def test_the_share_of_orders_is_that_of_going_through_them_all(x: list[float]) -> None:
    assert randomisation(np.array(x)).p == pytest.approx(slow_p(x))
    assert randomisation(np.array(x)).orders == 2 ** len(x)


@given(differences)
@settings(max_examples=30, deadline=None)
def test_the_interval_holds_what_the_test_does_not_refuse(x: list[float]) -> None:
    found = randomisation(np.array(x))
    assert found.interval is not None
    low, high = found.interval
    step = 1e-3 + 1e-3 * max(map(abs, x))
    # at its ends the test changes its mind
    assert slow_p(x, low - step) <= 0.05
    assert slow_p(x, high + step) <= 0.05
    if high - low > 2 * step:
        assert slow_p(x, low + step) > 0.05
        assert slow_p(x, high - step) > 0.05
    assert low <= found.difference + 1e-9
    assert found.difference <= high + 1e-9


@given(differences)
@settings(max_examples=30, deadline=None)
def test_exchanging_the_conditions_changes_the_sign_and_nothing_else(x: list[float]) -> None:
    one, other = randomisation(np.array(x)), randomisation(-np.array(x))
    assert other.difference == -one.difference
    assert other.p == one.p
    assert one.interval is not None
    assert other.interval == pytest.approx((-one.interval[1], -one.interval[0]))


@given(differences)
@settings(max_examples=30, deadline=None)
def test_over_all_orders_of_any_sessions_a_false_alarm_is_never_more_than_5_in_100(x: list[float]) -> None:
    signs = np.array(list(product((1.0, -1.0), repeat=len(x))))
    assert (two_sided(signs * np.array(x)) <= 0.05).mean() <= 0.05


@given(differences, st.floats(-50.0, 50.0))
@settings(max_examples=30, deadline=None)
def test_an_effect_added_moves_difference_and_interval_by_as_much(x: list[float], effect: float) -> None:
    one, moved = randomisation(np.array(x)), randomisation(np.array(x) + effect)
    assert one.interval is not None
    assert moved.difference == pytest.approx(one.difference + effect, abs=1e-9)
    assert moved.interval == pytest.approx(tuple(end + effect for end in one.interval), abs=1e-9)


def test_six_pairs_all_of_one_sign_give_2_in_64_and_five_give_no_interval() -> None:
    found = randomisation(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]))
    assert found.p == 2 / 64
    assert found.interval == (1.0, 6.0)
    assert randomisation(np.arange(1.0, 6.0)).interval is None


def test_no_difference_at_all_is_no_alarm() -> None:
    assert randomisation(np.zeros(6)).p == 1.0


def test_twenty_pairs_are_gone_through_one_by_one() -> None:
    rng = np.random.default_rng(3)
    x = rng.standard_normal(20) + 0.4
    found = randomisation(x)
    assert found.orders == 2**20
    # a hundred thousand orders drawn: the slow twin of a million
    drawn = np.abs(rng.choice((-1.0, 1.0), size=(100_000, 20)) @ x)
    assert found.p == pytest.approx(float((drawn >= abs(x.sum())).mean()), abs=0.003)
