"""Sizes of trials, and orders drawn by lot."""

from collections import Counter

import numpy as np
import pytest
from scipy import stats

from restride.errors import RestrideError
from restride.findings.own_error import MDC_PER_SD
from restride.retrain import blocks_needed, draw_order, power
from restride.retrain.planner import FEWEST_BLOCKS


def test_six_pairs_find_one_mdc_with_the_chance_that_all_pairs_agree() -> None:
    # with six pairs the test says yes only if every difference has the same sign
    agrees = stats.norm.cdf(MDC_PER_SD / np.sqrt(2.0))
    assert power(MDC_PER_SD, 1.0, 6) == pytest.approx(agrees**6 + (1 - agrees) ** 6, abs=0.02)
    assert blocks_needed(MDC_PER_SD, 1.0) == FEWEST_BLOCKS


def test_a_smaller_effect_takes_more_sessions_and_the_unit_does_not_matter() -> None:
    needed = [blocks_needed(effect, 1.0) for effect in (2.77, 2.0, 1.5, 1.2)]
    assert needed == sorted(needed)
    assert needed[0] < needed[-1]
    assert blocks_needed(0.0012, 0.001) == needed[-1]


def test_counted_power_meets_the_formula_where_one_takes_over_from_the_other() -> None:
    assert power(1.3, 1.0, 10) == pytest.approx(power(1.3, 1.0, 11), abs=0.06)
    assert power(1.3, 1.0, 10) < power(1.3, 1.0, 11)


def test_without_an_effect_the_chance_is_that_of_a_false_alarm() -> None:
    assert power(0.0, 1.0, 8) <= 0.06


@pytest.mark.parametrize(
    ("effect", "sd", "at_most", "message"),
    [(0.3, 1.0, 20, "ask for a larger effect"), (2.0, 1.0, 5, "at least 12 sessions"), (0.0, 1.0, 20, "above 0")],
)
def test_what_cannot_be_found_is_refused_with_what_to_do(effect: float, sd: float, at_most: int, message: str) -> None:
    with pytest.raises(RestrideError, match=message):
        blocks_needed(effect, sd, at_most=at_most)


def test_the_order_is_that_of_its_seed_and_every_order_is_as_likely() -> None:
    assert draw_order(8, seed=5) == draw_order(8, seed=5)
    counts = Counter(draw_order(3, seed=seed) for seed in range(4000))
    assert len(counts) == 8
    # 500 of each; 5 standard deviations of a binomial
    assert max(abs(n - 500) for n in counts.values()) < 105
