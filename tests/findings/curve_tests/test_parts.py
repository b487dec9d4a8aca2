"""Rearrangements, clusters, neighbours and bands by themselves."""

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from tests.findings.curve_tests.made import curves, slow_mass, smooth

from restride.findings.curve_tests import band
from restride.findings.curve_tests.clusters import largest_mass, runs_beyond
from restride.findings.curve_tests.neighbours import likeness, own
from restride.findings.curve_tests.rearranged import memberships, orders, signs

RNG = np.random.default_rng(0)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10_000), st.floats(0.2, 2.5))
def test_masses_of_many_fields_are_those_of_the_loop(seed: int, threshold: float) -> None:
    fields = np.random.default_rng(seed).normal(scale=2.0, size=(23, 7))
    assert_allclose(largest_mass(fields, threshold), [slow_mass(f, threshold) for f in fields.T], rtol=1e-9)


def test_a_run_ends_where_the_field_changes_side() -> None:
    assert runs_beyond(np.array([3.0, 2.5, -2.5, 0.0, 2.0]), 2.0) == [(0, 2), (2, 3), (4, 5)]


def test_every_membership_is_there_once_or_has_its_mirror_image_there() -> None:
    unequal = memberships(3, 4, limit=100, rng=RNG)
    assert len({tuple(row) for row in unequal.rows}) == comb(7, 3) == unequal.among
    equal = memberships(3, 3, limit=100, rng=RNG).rows
    assert len({tuple(row) for row in equal} | {tuple(1 - row) for row in equal}) == comb(6, 3)
    assert_allclose(unequal.rows.sum(axis=1), 3)


def test_every_sign_is_there_once_or_has_its_mirror_image_there() -> None:
    rows = signs(5, limit=100, rng=RNG).rows
    assert len({tuple(row) for row in rows} | {tuple(-row) for row in rows}) == 32


def test_the_observed_arrangement_comes_first() -> None:
    for limit in (5, 10_000):
        assert_allclose(signs(4, limit=limit, rng=RNG).rows[0], 1)
        assert_allclose(memberships(3, 4, limit=limit, rng=RNG).rows[0], [1, 1, 1, 0, 0, 0, 0])
        assert_allclose(orders(5, limit=limit, rng=RNG).rows[0], np.arange(5))


def test_no_more_are_drawn_than_asked_for() -> None:
    for found in (signs(40, limit=50, rng=RNG), memberships(9, 9, limit=50, rng=RNG), orders(30, limit=50, rng=RNG)):
        assert len(found.rows) == 50
        assert not found.exact


@pytest.mark.parametrize("r", [0.0, 0.3, 0.6])
def test_likeness_of_long_rows_is_what_made_them(r: float) -> None:
    noise = smooth(3000, seed=3)
    rows = np.empty_like(noise)
    rows[0] = noise[0]
    for i in range(1, len(rows)):
        rows[i] = r * rows[i - 1] + noise[i]
    assert_allclose(likeness([rows]), r, atol=0.02)
    assert likeness([own(rows, r)]) < 0.02


def test_taking_out_what_neighbours_share_keeps_a_level() -> None:
    assert_allclose(own(np.full((5, 3), 0.7), 0.4), 0.7)


def test_few_strides_have_no_likeness() -> None:
    assert likeness([smooth(3, seed=4), smooth(3, seed=5)]) == 0.0


def test_the_band_stands_around_the_difference_and_is_wider_for_the_whole_curve() -> None:
    a, b = smooth(9, seed=6), smooth(7, seed=7)
    whole, single = (band(curves(a), curves(b), unit="stride", over=over) for over in ("curve", "phase"))
    assert_allclose(whole["mean"], a.mean(axis=0) - b.mean(axis=0), atol=1e-12)
    assert_allclose((whole["low"] + whole["high"]) / 2, whole["mean"], atol=1e-12)
    assert bool((whole["high"] > single["high"]).all())
    assert whole["low"].attrs["units"] == "rad"


def test_the_pointwise_band_of_many_rows_is_that_of_t() -> None:
    a = smooth(200, seed=8)
    found = band(curves(a), unit="session", over="phase")
    half = 1.972 * a.std(axis=0, ddof=1) / np.sqrt(200)
    assert_allclose(found["high"] - found["mean"], half, rtol=0.12)  # 2000 resamples


def test_few_rows_have_a_mean_but_no_band() -> None:
    found = band(curves(smooth(3, seed=9)), unit="session")
    assert bool(found["mean"].notnull().all())
    assert bool(found["low"].isnull().all())
