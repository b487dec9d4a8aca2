"""Measured against required: one gain, and what it leaves."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from tests.findings.curves import bump, curves, noisy, swapped

from restride.findings import Window, against_required, agreement, matched, unexplained

WHOLE = Window("whole stride", 0.0, 100.0)
SWING = Window("swing", 40.0, 100.0)


@settings(deadline=None, max_examples=40)  # the machine may be busy
@given(st.floats(0.05, 5.0))
def test_gain_that_was_planted_is_found(gain: float) -> None:
    asked = curves({"soleus": ([bump(20), bump(22)], [bump(25), bump(20), bump(21)])})
    scaled, gains = matched(asked, gain * asked)
    assert_allclose(gains.sel(site="soleus"), gain)
    assert_allclose(unexplained(gain * asked, scaled), 0.0, atol=1e-9)


def test_gain_is_one_for_both_legs() -> None:
    asked = curves({"soleus": ([bump(20)] * 2, [bump(20)] * 2)})
    did = curves({"soleus": ([0.5 * bump(20)] * 2, [1.5 * bump(20)] * 2)})
    scaled, gains = matched(asked, did)
    assert_allclose(gains.sel(site="soleus"), 1.0)
    excess = unexplained(did, scaled).sel(site="soleus")
    assert_allclose(excess[0], -0.5 * bump(20), atol=1e-12)
    assert_allclose(excess[-1], 0.5 * bump(20), atol=1e-12)


def test_gain_is_nan_where_nothing_was_required_or_measured() -> None:
    asked = curves({"soleus": ([0 * bump(20)] * 2, [0 * bump(20)] * 2), "vas": ([bump(1)] * 2, [bump(1)] * 2)})
    did = curves({"soleus": ([bump(20)] * 2, [bump(20)] * 2), "vas": ([np.nan * bump(1)] * 2, [np.nan * bump(1)] * 2)})
    _, gains = matched(asked, did)
    assert bool(gains.isnull().all())


def test_sites_in_only_one_of_the_two_are_left_out() -> None:
    asked = curves({"soleus": ([bump(20)] * 2, [bump(20)] * 2), "vas": ([bump(20)] * 2, [bump(20)] * 2)})
    did = curves({"vas": ([bump(20)] * 2, [bump(20)] * 2), "tibant": ([bump(20)] * 2, [bump(20)] * 2)})
    scaled, _ = matched(asked, did)
    assert list(scaled["site"].values) == ["vas"]


def test_leg_busier_than_asked_is_said_to_do_more() -> None:
    asked = curves({"soleus": (noisy(bump(70, width=15), 5), noisy(bump(70, width=15), 5, seed=1))})
    did = curves({"soleus": (noisy(1.6 * bump(70, width=15), 5), noisy(0.4 * bump(70, width=15), 5, seed=1))})
    scaled, _ = matched(asked, did)
    rows = against_required(did, scaled, [WHOLE, SWING])
    left, right = (r for r in rows if r.compared_with == "required by this motion" and "beyond" in r.name)
    assert (left.side, right.side) == ("left", "right")
    assert left.value > 0.16
    assert right.value < -0.16
    # one muscle on one leg never makes a firm sentence: the difference between the legs does
    assert left.strength == right.strength == 0.0
    between = next(r for r in rows if r.compared_with == "right leg" and r.window_name == "swing")
    assert between.value > 0.16
    assert between.strength > 0
    assert "more of the reference" in left.sentence
    assert "less of the reference" in right.sentence


def test_exchanged_legs_flip_the_unexplained_difference() -> None:
    rng = np.random.default_rng(0)
    asked = curves({"soleus": (list(rng.random((4, 101))), list(rng.random((4, 101))))})
    did = curves({"soleus": (list(rng.random((4, 101))), list(rng.random((4, 101))))})
    values = [
        next(r.value for r in against_required(d, matched(a, d)[0], [WHOLE, SWING]) if r.compared_with == "right leg")
        for a, d in ((asked, did), (swapped(asked), swapped(did)))
    ]
    assert_allclose(values[0], -values[1])


def test_agreement_of_a_curve_with_a_scaled_copy_is_one_and_with_its_opposite_minus_one() -> None:
    assert_allclose(agreement(np.stack([bump(20)]), np.stack([3 * bump(20) + 1])), 1.0)
    assert_allclose(agreement(np.stack([bump(20)]), np.stack([-bump(20)])), -1.0)


def test_agreement_with_a_constant_is_not_a_number() -> None:
    assert np.isnan(agreement(np.stack([bump(20)] * 2), np.ones((2, 101))))


def test_leg_whose_motion_has_gaps_gets_rows_only_where_it_was_whole() -> None:
    asked = curves({"soleus": ([bump(20)] * 3, [bump(20)] * 3)}).copy()
    asked[:3, 50:70] = np.nan
    did = curves({"soleus": ([bump(20)] * 3, [bump(20)] * 3)})
    rows = against_required(did, matched(asked, did)[0], [WHOLE, SWING, Window("early stance", 0.0, 18.0)])
    beyond = [(r.side, r.window_name) for r in rows if "beyond" in r.name]
    assert beyond == [("left", "early stance"), ("right", "swing"), ("right", "early stance")]
    likeness = {r.side: r.value for r in rows if "likeness" in r.name}
    assert np.isnan(likeness["left"])
    assert_allclose(likeness["right"], 1.0)
