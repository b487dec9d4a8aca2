"""A planted shift comes back with its size and its sign."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from tests.findings.curves import bump, curves, noisy, swapped

from restride.findings import timing
from restride.findings.timing import lags


@settings(deadline=None, max_examples=40)  # the machine may be busy
@given(st.floats(-12.0, 12.0))
def test_planted_shift_comes_back_positive_if_left_is_later(shift: float) -> None:
    made = curves({"soleus": (noisy(bump(30 + shift), 6), noisy(bump(30), 5, seed=1))})
    (row,) = timing(made)
    # the two means leave a shape of two humps once they are far apart: up to 0.4 % of the stride
    assert_allclose(row.value, shift, atol=0.4)
    assert row.side == "left"
    assert row.units == "% of stride"


def test_five_percent_later_is_five_percent() -> None:
    (row,) = timing(curves({"soleus": (noisy(bump(35), 6), noisy(bump(30), 6, seed=1))}))
    assert_allclose(row.value, 5.0, atol=0.1)
    assert "left 5.0 % of the stride later than right" in row.sentence
    assert row.strength > 0


def test_shift_across_contact_is_not_a_jump_of_a_whole_stride() -> None:
    (row,) = timing(curves({"soleus": (noisy(bump(2), 6), noisy(bump(97), 6, seed=1))}))
    assert_allclose(row.value, 5.0, atol=0.2)


def test_exchanged_legs_flip_the_sign() -> None:
    made = curves({"soleus": (noisy(bump(37), 6), noisy(bump(30), 4, seed=1))})
    assert_allclose(timing(made)[0].value, -timing(swapped(made))[0].value)


def test_amplitude_alone_is_no_shift() -> None:
    (row,) = timing(curves({"soleus": (noisy(bump(30, height=0.3), 6, spread=0), noisy(bump(30), 6, spread=0))}))
    assert_allclose(row.value, 0.0, atol=1e-9)
    assert row.strength == 0.0


def test_shift_below_the_floor_has_no_strength() -> None:
    (row,) = timing(curves({"soleus": (noisy(bump(32), 6), noisy(bump(30), 6, seed=1))}))
    assert_allclose(row.value, 2.0, atol=0.1)
    assert row.strength == 0.0


def test_legs_of_different_shape_have_no_timing_and_say_why() -> None:
    rng = np.random.default_rng(0)
    (row,) = timing(curves({"soleus": (list(rng.random((6, 101))), noisy(bump(30), 6))}))
    assert row.interval is None
    assert "shapes differ" in row.interval_reason
    assert row.strength == 0.0


def test_strides_with_gaps_are_left_out() -> None:
    holed = bump(30)
    holed[3] = np.nan
    (row,) = timing(curves({"soleus": ([*noisy(bump(35), 4), holed], noisy(bump(30), 4, seed=1))}))
    assert row.n == (4, 4)


@pytest.mark.parametrize("shift", [-20, -3, 0, 7, 24])
def test_lag_of_a_rolled_curve_is_what_it_was_rolled_by(shift: int) -> None:
    shape = bump(40)[:100]
    lag, r = lags(np.roll(shape, shift)[None], shape)
    assert_allclose(lag, shift, atol=1e-6)
    assert_allclose(r, 1.0)
