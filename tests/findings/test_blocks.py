"""Medians over blocks of strides: against the plain way, and what dependence does to intervals."""

import numpy as np
import pytest

from restride.findings.blocks import RESAMPLES, between, blocks, difference, median


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_a_block_never_reaches_over_a_pause() -> None:
    time_s = np.array([0.0, 1, 2, 3, 4, 5, 6, 20, 21, 22])
    assert blocks(time_s, gap_s=2.0).tolist() == [0, 0, 0, 0, 0, 1, 1, 2, 2, 2]


def test_no_stride_has_no_block() -> None:
    assert blocks(np.empty(0), gap_s=2.0).size == 0


def test_the_value_is_the_median_and_lies_in_its_interval() -> None:
    values = rng().normal(5.0, 1.0, 60)
    found = median(values, np.arange(60) // 5, rng=rng())
    assert found.value == np.median(values)
    assert found.interval is not None
    assert found.told is not None
    assert found.told[0] <= found.interval[0] <= found.value <= found.interval[1] <= found.told[1]


def test_the_draws_are_those_of_the_plain_loop() -> None:
    values, block = rng().normal(0.0, 1.0, 23), np.arange(23) // 5
    found = median(values, block, rng=rng())
    slow, draw = [], rng()
    for _ in range(RESAMPLES):
        chosen = draw.integers(0, 5, 5)
        slow.append(np.median(np.concatenate([values[block == b] for b in chosen])))
    assert found.interval == pytest.approx(np.quantile(slow, [0.025, 0.975]), abs=0.06)


def test_strides_that_follow_each_other_alike_widen_the_interval() -> None:
    wandering = np.repeat(rng().normal(0.0, 1.0, 12), 5)
    told = median(wandering, np.arange(60) // 5, rng=rng()).interval
    alone = median(wandering, np.arange(60), rng=rng()).interval
    assert told is not None
    assert alone is not None
    assert told[1] - told[0] > 1.5 * (alone[1] - alone[0])


def test_a_difference_is_left_minus_right() -> None:
    block = np.arange(40) // 5
    found = difference((rng().normal(3.0, 0.1, 40), block), (rng().normal(1.0, 0.1, 40), block), rng=rng())
    assert found.value == pytest.approx(2.0, abs=0.1)
    assert found.least > 1.8


def test_few_strides_have_a_value_and_a_reason_but_no_interval() -> None:
    found = median(np.array([1.0, 2.0, 4.0]), np.zeros(3, dtype=int), rng=rng())
    assert (found.value, found.interval, found.n) == (2.0, None, 3)
    assert "too few" in found.reason


def test_one_side_only_has_no_difference() -> None:
    block = np.arange(3)
    found = difference((np.full(3, np.nan), block), (np.ones(3), block), rng=rng())
    assert np.isnan(found.value)
    assert found.reason == "measured on one side only"


def test_missing_values_are_left_out() -> None:
    assert median(np.array([np.nan, 1.0, 3.0]), np.arange(3), rng=rng()).value == 2.0


def test_the_other_foot_is_read_between_its_neighbours() -> None:
    found = between(np.array([0.0, 1.0, 2.0, 9.0]), np.array([0.5, 1.5, 2.5]), np.array([1.0, 3.0, 4.0]), within_s=1.0)
    np.testing.assert_allclose(found, [np.nan, 2.0, 3.5, np.nan])


def test_a_change_of_pace_leaves_the_difference_of_neighbours_alone() -> None:
    left_s, right_s = np.arange(40.0), np.arange(40.0) + 0.5
    pace = np.linspace(0.0, 1.0, 80)
    left, right = 0.02 + pace[0::2], pace[1::2]
    apart = left - between(left_s, right_s, right, within_s=2.0)
    found = median(apart, blocks(left_s, gap_s=2.0), rng=rng())
    assert found.value == pytest.approx(0.02, abs=1e-6)
    assert found.interval == pytest.approx((0.02, 0.02), abs=1e-6)
