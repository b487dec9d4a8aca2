"""Intervals and windows against worked numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats
from tests.findings.curves import strides

from restride.findings.statistics import curve_difference, difference_estimate, mean_estimate, windows

values = st.lists(st.floats(-50, 50), min_size=3, max_size=9)


def test_mean_of_a_worked_sample_has_the_t_interval_of_the_books() -> None:
    # 1, 2, 3, 4: mean 2.5, sd 1.290994, t(3) = 3.182446, half width 2.054260
    found = mean_estimate([1.0, 2.0, 3.0, 4.0])
    assert found.value == 2.5
    assert found.interval is not None
    assert_allclose(found.interval, (2.5 - 2.054260, 2.5 + 2.054260), atol=1e-5)
    assert found.n == (4, 0)


@settings(deadline=None, max_examples=40)  # the machine may be busy
@given(st.integers(0, 10_000), st.integers(2, 9), st.integers(2, 9))
def test_difference_is_the_pooled_t_interval_of_scipy(seed: int, n: int, m: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(3.0, 2.0, n), rng.normal(1.0, 0.5, m)
    found = difference_estimate(a, b)
    low, high = stats.ttest_ind(a, b, equal_var=True).confidence_interval(0.95)
    assert found.interval is not None
    assert_allclose(found.interval, (low, high), rtol=1e-9, atol=1e-9)


@settings(deadline=None, max_examples=40)  # the machine may be busy
@given(values, values)
def test_exchanged_samples_flip_value_and_interval(a: list[float], b: list[float]) -> None:
    there, back = difference_estimate(a, b), difference_estimate(b, a)
    assert there.interval is not None
    assert back.interval is not None
    assert_allclose(there.value, -back.value, atol=1e-9)
    assert_allclose(there.interval, (-back.interval[1], -back.interval[0]), atol=1e-9)
    assert there.n == back.n[::-1]


def test_missing_strides_are_left_out_and_not_counted() -> None:
    found = difference_estimate([1.0, np.nan, 3.0], [0.0, 0.0, np.nan, 0.0])
    assert found.value == 2.0
    assert found.n == (2, 3)


def test_one_stride_against_one_has_no_interval_and_says_why() -> None:
    found = difference_estimate([1.0], [2.0])
    assert found.value == -1.0
    assert found.interval is None
    assert "1 stride against 1 stride" in found.reason
    assert found.least == 0.0


def test_one_side_without_strides_is_not_measured() -> None:
    found = difference_estimate([1.0, 2.0], [np.nan])
    assert np.isnan(found.value)
    assert found.interval is None


@pytest.mark.parametrize(
    ("a", "b", "least"),
    [([5.0, 5.0, 5.0], [2.0, 2.0, 2.0], 3.0), ([2.0, 2.0, 2.0], [5.0, 5.0, 5.0], 3.0), ([0.0, 9.0], [1.0, 8.0], 0.0)],
)
def test_least_is_what_the_interval_still_allows(a: list[float], b: list[float], least: float) -> None:
    assert_allclose(difference_estimate(a, b).least, least)


def test_curves_have_the_interval_of_every_phase_by_itself() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((4, 7)), rng.standard_normal((5, 7))
    a[1, 2] = np.nan
    a[:, 5] = np.nan
    found = curve_difference(a, b)
    for k in range(7):
        one = difference_estimate(a[:, k], b[:, k])
        assert_allclose(found["mean"][k], one.value)
        low, high = one.interval or (np.nan, np.nan)
        assert_allclose((found["low"][k], found["high"][k]), (low, high))


def test_windows_halve_stance_and_swing_at_the_median_toe_off() -> None:
    table = strides(3, toe_off=0.36)
    table.loc[0, ["toe_off_s", "kept"]] = [0.69, False]
    found = [(w.name, w.start, w.end) for w in windows(table)]
    names, starts, ends = zip(*found, strict=True)
    assert names == ("whole stride", "early stance", "late stance", "early swing", "late swing")
    assert_allclose(starts, (0, 0, 18, 36, 68), atol=1e-9)
    assert_allclose(ends, (100, 18, 36, 68, 100), atol=1e-9)


def test_without_toe_off_there_is_only_the_whole_stride() -> None:
    table = strides(2)
    table["toe_off_s"] = np.nan
    assert [w.name for w in windows(table)] == ["whole stride"]
