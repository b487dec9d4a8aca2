"""Whole-curve tests: closed forms, slow loops, and what must change nothing."""

from itertools import combinations, permutations, product

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats
from tests.findings.curve_tests.made import curves, slow_p, smooth

from restride.errors import SchemaError, UnitsError
from restride.findings.curve_tests import CurveTest, Method, one_sample, paired, regression, two_sample

METHODS: tuple[Method, ...] = ("cluster", "maximum")
# differences of Darwin's fifteen pairs of maize in eighths of an inch (Fisher 1935, The Design of Experiments, 17)
MAIZE = np.array([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48.0])


def _same(this: CurveTest, other: CurveTest) -> None:
    assert_allclose(this.p, other.p, atol=1e-12)
    assert [(s.start, s.end) for s in this.stretches] == [(s.start, s.end) for s in other.stretches]


@pytest.mark.parametrize("method", METHODS)
def test_darwins_maize_gives_fishers_count(method: Method) -> None:
    found = one_sample(curves(MAIZE[:, None]), unit="session", method=method, arrangements=2**15)
    assert found.exact
    assert found.arrangements == 32768
    assert_allclose(found.p, 1726 / 32768, rtol=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_one_phase_is_the_exact_permutation_test(method: Method) -> None:
    a, b = smooth(5, seed=1)[:, 0] + 1.2, smooth(6, seed=2)[:, 0]
    found = two_sample(curves(a[:, None]), curves(b[:, None]), unit="session", method=method)
    slow = stats.permutation_test(
        (a, b), lambda x, y, axis: np.abs(x.mean(axis=axis) - y.mean(axis=axis)), alternative="greater", vectorized=True
    )
    assert found.exact
    # a cluster has no p of its own where the phase stays below the threshold
    assert_allclose(found.p if found.stretches or method == "maximum" else slow.pvalue, slow.pvalue, rtol=1e-12)


def test_field_of_two_samples_is_students_t_at_each_phase() -> None:
    a, b = smooth(7, seed=3), smooth(9, seed=4)
    found = two_sample(curves(a), curves(b), unit="session", arrangements=100)
    assert_allclose(found.statistic, stats.ttest_ind(a, b).statistic, rtol=1e-9)
    assert_allclose(found.effect, a.mean(axis=0) - b.mean(axis=0), atol=1e-12)


def test_field_of_one_sample_is_students_t_at_each_phase() -> None:
    a = smooth(8, seed=5) + 0.3
    found = one_sample(curves(a), unit="bout")
    assert_allclose(found.statistic, stats.ttest_1samp(a, 0.0).statistic, rtol=1e-9)


def test_field_of_a_regression_is_the_t_of_its_slope() -> None:
    y, x = smooth(9, seed=6), np.random.default_rng(6).standard_normal(9)
    found = regression(curves(y), x, unit="session", arrangements=100)
    lines = [stats.linregress(x, column) for column in y.T]
    assert_allclose(found.statistic, [line.slope / line.stderr for line in lines], rtol=1e-9)
    assert_allclose(found.effect, [line.slope * np.ptp(x) for line in lines], atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_two_samples_match_the_loop_over_all_memberships(method: Method) -> None:
    a, b = smooth(4, seed=7) + 0.6, smooth(5, seed=8)
    pooled = np.concatenate([a, b])
    ways = [list(w) for w in combinations(range(9), 4)]
    fields = [np.asarray(stats.ttest_ind(pooled[w], np.delete(pooled, w, axis=0)).statistic) for w in ways]
    found = two_sample(curves(a), curves(b), unit="session", method=method)
    assert found.arrangements == 126
    assert_allclose(found.smallest_p, slow_p(fields, freedom=7)[method], rtol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_one_sample_matches_the_loop_over_all_signs(method: Method) -> None:
    a = smooth(7, seed=9) + 0.35
    fields = [
        np.asarray(stats.ttest_1samp(a * np.array(s)[:, None], 0.0).statistic) for s in product((1, -1), repeat=7)
    ]
    found = one_sample(curves(a), unit="session", method=method)
    assert found.arrangements == 128
    assert_allclose(found.smallest_p, slow_p(fields, freedom=6)[method], rtol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_regression_beside_a_nuisance_matches_freedman_and_lanes_loop(method: Method) -> None:
    rng = np.random.default_rng(10)
    x, z = rng.standard_normal((2, 6))
    y = smooth(6, seed=10, phases=15) + 0.8 * x[:, None] - 0.5 * z[:, None]
    small, full = np.column_stack([np.ones(6), z]), np.column_stack([np.ones(6), z, x])
    fitted = small @ np.linalg.lstsq(small, y, rcond=None)[0]
    fields = []
    for order in permutations(range(6)):
        made = fitted + (y - fitted)[list(order)]
        slope = np.linalg.lstsq(full, made, rcond=None)[0]
        variance = ((made - full @ slope) ** 2).sum(axis=0) / 3
        fields.append(slope[-1] / np.sqrt(variance * np.linalg.inv(full.T @ full)[-1, -1]))
    found = regression(curves(y), x, unit="session", nuisance=z, method=method)
    assert found.exact
    assert_allclose(found.statistic, fields[0], rtol=1e-9)
    assert_allclose(found.smallest_p, slow_p(fields, freedom=3)[method], rtol=1e-9)


@settings(deadline=None, max_examples=15)  # the machine may be busy
@given(st.integers(0, 1000), st.sampled_from(METHODS))
def test_exchanged_samples_flip_the_field_and_keep_p(seed: int, method: Method) -> None:
    a, b = curves(smooth(5, seed=seed) + 0.5), curves(smooth(5, seed=seed + 5000))
    there, back = (two_sample(*x, unit="stride", method=method) for x in ((a, b), (b, a)))
    assert_allclose(there.statistic, -back.statistic, atol=1e-9)
    _same(there, back)
    assert [s.above for s in there.stretches] == [not s.above for s in back.stretches]


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 1000), st.floats(1e-3, 1e3), st.floats(-5, 5), st.sampled_from(METHODS))
def test_a_gain_and_a_curve_added_to_both_change_nothing(seed: int, gain: float, height: float, method: Method) -> None:
    a, b = smooth(6, seed=seed) + 0.5, smooth(5, seed=seed + 5000)
    shape = height * np.sin(np.linspace(0, 6, a.shape[1]))
    plain = two_sample(curves(a), curves(b), unit="stride", method=method)
    _same(plain, two_sample(curves(gain * a), curves(gain * b), unit="stride", method=method))
    _same(plain, two_sample(curves(a + shape), curves(b + shape), unit="stride", method=method))


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 1000), st.permutations(range(5)))
def test_the_order_of_independent_units_changes_nothing(seed: int, order: list[int]) -> None:
    a, b = smooth(5, seed=seed) + 0.5, curves(smooth(6, seed=seed + 5000))
    _same(two_sample(curves(a), b, unit="session"), two_sample(curves(a[order]), b, unit="session"))


def test_pairs_are_tested_by_their_differences() -> None:
    a, b = smooth(8, seed=11) + 0.4, smooth(8, seed=12)
    found = paired(curves(a), curves(b), unit="stride")
    assert found.design == "paired"
    assert_allclose(found.p, one_sample(curves(a - b), unit="stride").p)


def test_drawn_arrangements_are_those_of_the_seed() -> None:
    a, b = curves(smooth(20, seed=13) + 0.25), curves(smooth(20, seed=14))
    once, again, other = (
        two_sample(a, b, unit="session", arrangements=300, rng=np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert not once.exact
    assert_allclose(once.p, again.p, rtol=0)
    assert not np.array_equal(once.p, other.p)


def test_p_is_never_smaller_than_one_arrangement_of_all() -> None:
    a, b = smooth(5, seed=15), smooth(5, seed=16)
    sure = two_sample(curves(a + 50), curves(b), unit="session")
    assert sure.arrangements == 252
    assert sure.smallest_p == sure.least_p == 2 / 252
    a, b = smooth(20, seed=15), smooth(20, seed=16)  # so many that no drawn one is the observed one again
    drawn = two_sample(curves(a + 50), curves(b), unit="session", arrangements=99)
    assert drawn.smallest_p == drawn.least_p == 1 / 99


@pytest.mark.parametrize("method", METHODS)
def test_too_few_units_are_said_to_be_too_few(method: Method) -> None:
    a, b = curves(smooth(3, seed=17) + 50), curves(smooth(3, seed=18))
    found = two_sample(a, b, unit="stride", method=method)
    assert found.reason == "3 strides against 3 are too few for a whole-curve test"
    assert bool(found.p.isnull().all())
    assert one_sample(curves(smooth(5, seed=19) + 50), unit="session", method=method).reason.startswith(
        "5 sessions are"
    )
    assert not one_sample(curves(smooth(6, seed=19) + 50), unit="session", method=method).reason


@pytest.mark.parametrize("n", [0, 1])
def test_none_and_one_are_too_few(n: int) -> None:
    few, many = curves(smooth(30, seed=20)[:n]), curves(smooth(30, seed=20))
    for found in (two_sample(few, many, unit="stride"), two_sample(many, few, unit="session")):
        assert "too few" in found.reason
    assert one_sample(few, unit="stride").reason
    assert regression(few, np.arange(float(n)), unit="stride").reason


def test_a_phase_that_few_rows_have_is_not_tested_and_a_row_with_a_gap_is_left_out() -> None:
    a, b = smooth(8, seed=21), smooth(8, seed=22)
    a[:6, :10] = np.nan  # most rows lack the beginning
    a[7, 20] = np.nan  # one has a gap of its own
    found = two_sample(curves(a), curves(b), unit="session")
    assert found.n == (7, 8)
    assert bool(found.p[:10].isnull().all())
    assert bool(found.p[10:].notnull().all())
    assert_allclose(found.statistic[10:], stats.ttest_ind(a[:7, 10:], b[:, 10:]).statistic, rtol=1e-9)


def test_curves_without_a_phase_in_common_are_not_tested() -> None:
    a, b = smooth(8, seed=21), smooth(8, seed=22)
    a[:, :20], b[:, 20:] = np.nan, np.nan
    found = two_sample(curves(a), curves(b), unit="session")
    assert found.reason == "no phase was measured often enough to be tested"
    assert bool(found.p.isnull().all())
    assert np.isnan(found.smallest_p)


def test_curves_that_never_vary_differ_nowhere() -> None:
    still = curves(np.full((6, 41), 0.3))
    found = two_sample(still, still, unit="stride")
    assert found.stretches == ()
    assert_allclose(found.p, 1.0)


def test_a_sure_difference_is_found_where_it_is() -> None:
    a, b = smooth(12, seed=23), smooth(12, seed=24)
    a[:, 15:25] -= 4.0
    found = two_sample(curves(a), curves(b), unit="stride")
    (stretch,) = [s for s in found.stretches if s.p <= 0.05]
    assert not stretch.above
    assert_allclose((stretch.start, stretch.end), found.p["phase"][[15, 24]])
    assert "Below at" in found.sentence
    assert "not independent days" in found.sentence


def test_the_likeness_of_neighbours_is_taken_out_of_strides_only() -> None:
    drift = np.cumsum(smooth(14, seed=25), axis=0)
    a, b = curves(drift[:7]), curves(drift[7:])
    assert two_sample(a, b, unit="stride").likeness > 0.3
    assert two_sample(a, b, unit="session").likeness == 0.0


def test_what_does_not_fit_is_refused() -> None:
    a, b = curves(smooth(6, seed=26)), curves(smooth(7, seed=27))
    with pytest.raises(SchemaError, match="pair them"):
        paired(a, b, unit="stride")
    with pytest.raises(UnitsError, match="one unit"):
        two_sample(a, b.assign_attrs(units="1"), unit="stride")
    with pytest.raises(SchemaError, match="one value"):
        regression(a, np.arange(5.0), unit="stride")
    with pytest.raises(SchemaError, match="differ beside the nuisance"):
        regression(a, np.arange(6.0), nuisance=2 * np.arange(6.0), unit="session")
    with pytest.raises(SchemaError, match="dimensions"):
        one_sample(xr.concat([a, a], dim="site"), unit="stride")
