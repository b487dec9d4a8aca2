"""Good and bad steps: planted bad ones are found, shares and runs have their closed forms."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from tests.findings.curves import PHASE, bump, curves

from restride.errors import SchemaError
from restride.findings import steps
from restride.findings.steps import Steps


def take(
    n: int = 120, *, bad: tuple[int, ...] = (), seed: int = 0, other: int = 40
) -> tuple[dict[str, xr.DataArray], pd.DataFrame]:
    """Left strides of which some swing with half of their bump, right ones all alike; strides of 0.7 s."""
    rng = np.random.default_rng(seed)

    def stride(height: float) -> np.ndarray:
        return bump(40.0, height=height) + 0.03 * rng.standard_normal() + 0.05 * rng.standard_normal() * bump(70.0)

    left = [stride(0.5 if i in bad else 1.0) for i in range(n)]
    right = [stride(1.0) for _ in range(other)]
    plain = [0.1 * rng.standard_normal(PHASE.size) for _ in range(n + other)]
    both = curves({"ankle_angle": (left, right), "knee_angle": (plain[:n], plain[n:])}, units="rad", dim="coordinate")
    start_s = np.concatenate([0.7 * np.arange(n), 0.35 + 0.7 * np.arange(other)])
    side = ["left"] * n + ["right"] * other
    table = pd.DataFrame({"start_s": start_s, "end_s": start_s + 0.7, "side": side, "kept": True})
    return {"angles": both}, table


def labelled(good: list[bool], *, gap_after: int | None = None) -> Steps:
    start_s = 0.7 * np.arange(len(good), dtype=float)
    if gap_after is not None:
        start_s[gap_after + 1 :] += 10.0
    return Steps("left", np.arange(len(good)), start_s, np.where(good, 0.5, 2.0), np.array(good), "made up")


def test_planted_bad_steps_are_found_and_good_ones_kept() -> None:
    bad = tuple(range(60, 84))
    given_, table = take(bad=bad)
    found = steps.judged(given_, table, steps.standard(given_, table, side="left", reference="majority"), side="left")
    assert not found.good[list(bad)].any()
    assert found.good[np.setdiff1d(np.arange(120), bad)].mean() > 0.95


def test_steps_all_alike_are_nearly_all_good() -> None:
    shares = []
    for seed in range(20):
        given_, table = take(seed=seed)
        held = steps.standard(given_, table, side="left", reference="majority")
        shares.append(steps.judged(given_, table, held, side="left").good.mean())
    assert np.mean(shares) > 0.96


def test_marked_strides_are_the_reference_even_where_most_are_bad() -> None:
    bad = tuple(range(20, 120))
    given_, table = take(bad=bad)
    held = steps.standard(given_, table, side="left", reference=np.arange(20))
    found = steps.judged(given_, table, held, side="left")
    assert found.good[:20].all()
    assert not found.good[20:].any()
    assert "marked" in found.words


def test_the_first_minute_is_the_reference_of_what_comes_later() -> None:
    bad = tuple(range(100, 180))
    given_, table = take(n=180, bad=bad)
    held = steps.standard(given_, table, side="left", reference="first minute")
    assert held.n == 86  # strides that begin in 60 s
    assert not steps.judged(given_, table, held, side="left").good[list(bad)].any()


def test_a_leg_can_be_held_against_the_other_leg() -> None:
    given_, table = take(bad=tuple(range(120)))
    held = steps.standard(given_, table, side="right", reference="majority")
    assert not steps.judged(given_, table, held, side="left").good.any()


def test_exchanged_legs_give_exchanged_labels() -> None:
    given_, table = take(bad=tuple(range(30, 40)))
    turned = {"left": "right", "right": "left"}
    swapped = {
        k: v.assign_coords(side=("cycle", [turned[str(s)] for s in v["side"].values])) for k, v in given_.items()
    }
    held = [
        steps.judged(c, table, steps.standard(c, table, side=s, reference="majority"), side=s)  # type: ignore[arg-type]
        for c, s in ((given_, "left"), (swapped, "right"))
    ]
    assert_allclose(held[0].distance, held[1].distance)


@given(st.floats(0.01, 100.0))
@settings(max_examples=10, deadline=None)
def test_a_gain_on_a_curve_changes_no_label(gain: float) -> None:
    given_, table = take(n=30, bad=(5, 6))
    louder = {k: (v * gain).assign_attrs(v.attrs) for k, v in given_.items()}
    held = [
        steps.judged(c, table, steps.standard(c, table, side="left", reference="majority"), side="left")
        for c in (given_, louder)
    ]
    assert_allclose(held[0].distance, held[1].distance, rtol=1e-9)


def test_too_few_strides_are_refused() -> None:
    given_, table = take(n=7)
    with pytest.raises(SchemaError, match="at least 8 whole strides"):
        steps.standard(given_, table, side="left", reference="majority")


def test_a_stride_with_a_gap_is_not_judged() -> None:
    given_, table = take(n=30)
    angles = given_["angles"].copy()
    angles[3, 10, 0] = np.nan
    held = steps.standard({"angles": angles}, table, side="left", reference="majority")
    assert 3 not in steps.judged({"angles": angles}, table, held, side="left").cycle


def test_runs_end_at_bad_steps_and_at_pauses() -> None:
    good = [True] * 3 + [False] + [True] * 6
    whole = steps.runs(labelled(good), rng=np.random.default_rng(0))
    broken = steps.runs(labelled(good, gap_after=6), rng=np.random.default_rng(0))
    assert (whole.longest, whole.median) == (6.0, 4.5)
    assert (broken.longest, broken.median) == (3.0, 3.0)


def test_good_steps_that_come_in_one_stretch_last_longer_than_by_chance() -> None:
    found = steps.runs(labelled([True] * 50 + [False] * 50), rng=np.random.default_rng(0))
    assert found.longest == 50
    assert found.range_longest[1] < 20


def test_the_share_interval_holds_the_share_of_neighbours_alike() -> None:
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(100):
        # stretches of five alike: single steps would give an interval half as wide
        good = np.repeat(rng.random(30) < 0.7, 5)
        low, high = steps.share(labelled(list(good)), rng=rng).interval or (1.0, 0.0)
        held += low <= 0.7 <= high
    assert held >= 88


def test_steps_all_good_still_have_an_interval() -> None:
    found = steps.share(labelled([True] * 50), rng=np.random.default_rng(0))
    assert found.value == 1.0
    assert found.interval is not None
    assert 0.6 < found.interval[0] < 0.95


def test_two_conditions_differ_by_the_difference_of_their_shares() -> None:
    forced, free = labelled([True] * 40 + [False] * 60), labelled([True] * 90 + [False] * 10)
    found = steps.apart(forced, free, rng=np.random.default_rng(0))
    assert_allclose(found.value, -0.5)
    assert found.interval is not None
    assert found.interval[1] < 0


def test_few_steps_give_no_interval() -> None:
    found = steps.share(labelled([True] * 10), rng=np.random.default_rng(0))
    assert found.interval is None
    assert "too few" in found.reason


@pytest.mark.parametrize("nothing", ["strides", "values"])
def test_a_leg_without_strides_or_without_a_measured_curve_has_too_few(nothing: str) -> None:
    used, table = take(20)
    angles = used["angles"]
    own = angles["side"].values == "left"
    bare = angles.isel(cycle=~own) if nothing == "strides" else angles.where(~xr.DataArray(own, dims="cycle"))
    with pytest.raises(SchemaError, match="found 0"):
        steps.standard({"angles": bare.transpose(*angles.dims)}, table, side="left", reference="majority")
