"""One recording against another: signs, sides, what a gain does, and closed forms."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from tests.findings.curves import bump, curves, noisy, strides, swapped

from restride.findings import (
    ACTIVITY,
    ANGLE,
    Window,
    change_curves,
    changes,
    interactions,
    left_shares,
    of_curves,
    of_strides,
    of_timing,
    windows,
)
from restride.findings.finding import Finding
from restride.findings.statistics import contrast_estimate, difference_estimate

NAMES = ("A", "B")
WHOLE = (Window("whole stride", 0.0, 100.0),)


def knees(left: float, right: float, *, n: int = 6, seed: int = 0) -> xr.DataArray:
    """Knee angles with a peak of so many degrees on either leg."""
    legs = [noisy(bump(70, height=np.deg2rad(v)), n, seed=seed + k) for k, v in enumerate((left, right))]
    return curves({"knee_angle": (legs[0], legs[1])}, units="rad", dim="coordinate")


def emg(left: float, right: float, *, n: int = 8, centre: float = 30, seed: int = 0) -> xr.DataArray:
    legs = [noisy(bump(centre, height=v) + 0.1, n, spread=0.01, seed=seed + k) for k, v in enumerate((left, right))]
    return curves({"soleus": (legs[0], legs[1])})


def both(a: xr.DataArray, b: xr.DataArray) -> tuple[list[Finding], list[Finding]]:
    pairs = of_curves(a, b, windows(strides(3)), quantity=ANGLE)
    return changes(pairs, names=NAMES), interactions(pairs, names=NAMES)


def test_a_leg_that_changed_is_told_with_its_side_and_its_sign() -> None:
    rows, between = both(knees(30, 60, seed=1), knees(60, 60, seed=5))
    ranges = {f.side: f for f in rows if f.name.endswith("range")}
    assert ranges["left"].value == pytest.approx(-30, abs=1)
    assert ranges["left"].strength > 0
    assert ranges["left"].compared_with == "B"
    assert ranges["right"].strength == 0
    interaction = next(f for f in between if "range" in f.name)
    assert interaction.value == pytest.approx(-30, abs=1)
    assert interaction.strength > 0


def test_exchanging_the_recordings_turns_every_sign_and_nothing_else() -> None:
    a, b = knees(30, 60, seed=1), knees(50, 55, seed=5)
    for here, there in zip(both(a, b), both(b, a), strict=True):
        for f, g in zip(here, there, strict=True):
            assert (f.name, f.side, f.window) == (g.name, g.side, g.window)
            np.testing.assert_allclose([g.value, g.strength], [-f.value, f.strength], atol=1e-12)
            assert f.interval is not None
            assert g.interval is not None
            np.testing.assert_allclose(g.interval, [-f.interval[1], -f.interval[0]], atol=1e-12)
    np.testing.assert_allclose(
        change_curves(a, b, quantity=ANGLE)["mean"], -change_curves(b, a, quantity=ANGLE)["mean"], atol=1e-12
    )


def test_exchanged_legs_exchange_the_rows_and_turn_the_interaction() -> None:
    a, b = knees(30, 60, seed=1), knees(50, 55, seed=5)
    (rows, between), (other_rows, other_between) = both(a, b), both(swapped(a), swapped(b))
    here = {(f.name, f.window_name, f.side): f.value for f in rows}
    there = {(f.name, f.window_name, f.side): f.value for f in other_rows}
    other = {"left": "right", "right": "left"}
    assert {(n, w, other[s]): v for (n, w, s), v in here.items()} == pytest.approx(there)
    assert [f.value for f in other_between] == pytest.approx([-f.value for f in between])


def test_a_recording_against_itself_finds_nothing() -> None:
    rows, between = both(knees(30, 60), knees(30, 60))
    assert all(f.value == 0 and f.strength == 0 for f in (*rows, *between))


@given(st.floats(0.1, 10), st.floats(0.1, 10))
def test_an_amplifier_changes_neither_timing_nor_shares(one: float, other: float) -> None:
    a, b = emg(0.4, 0.8, seed=1), emg(0.8, 0.8, seed=5)
    louder = (a * one).assign_attrs(units="1"), (b * other).assign_attrs(units="1")
    np.testing.assert_allclose(gainless(*louder), gainless(a, b), atol=1e-9)


def gainless(a: xr.DataArray, b: xr.DataArray) -> list[float]:
    """Lags and shares of two recordings."""
    return [f.value for f in (*changes(of_timing(a, b), names=NAMES), *left_shares(a, b, WHOLE, names=NAMES))]


def test_a_muscle_that_fires_later_in_the_first_recording_is_told_in_percent_of_the_stride() -> None:
    rows = changes(of_timing(emg(0.8, 0.8, centre=36), emg(0.8, 0.8, centre=30, seed=4)), names=NAMES)
    assert [f.value for f in rows] == pytest.approx([6, 6], abs=0.1)
    assert all(f.strength > 0 for f in rows)


def test_a_share_has_the_closed_form_and_turns_to_its_rest_with_the_legs() -> None:
    a, b = emg(0.4, 0.8, seed=1), emg(0.8, 0.8, seed=5)
    (row,) = left_shares(a, b, WHOLE, names=NAMES)
    means = [c.isel(cycle=c["side"].values == s).mean().item() for c in (a, b) for s in ("left", "right")]
    assert row.this == pytest.approx(means[0] / (means[0] + means[1]))
    (other,) = left_shares(swapped(a), swapped(b), WHOLE, names=NAMES)
    assert other.this == pytest.approx(1 - row.this)
    assert other.value == pytest.approx(-row.value)
    assert other.interval is not None
    assert row.interval is not None
    np.testing.assert_allclose(other.interval, [-row.interval[1], -row.interval[0]])


def test_the_interval_of_a_share_covers_its_truth() -> None:
    inside = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        flat = np.ones(101)
        legs = [[v * (1 + 0.1 * rng.standard_normal()) * flat for _ in range(6)] for v in (0.4, 0.8, 0.6, 0.8)]
        a, b = curves({"soleus": (legs[0], legs[1])}), curves({"soleus": (legs[2], legs[3])})
        (row,) = left_shares(a, b, WHOLE, names=NAMES)
        assert row.interval is not None
        inside += row.interval[0] <= 0.4 / 1.2 - 0.6 / 1.4 <= row.interval[1]
    # binomial with p = 0.95 and n = 200: 181 to 197 in 999 of 1000
    assert 181 <= inside <= 198


def test_a_contrast_of_four_groups_is_that_of_least_squares() -> None:
    rng = np.random.default_rng(2)
    groups = [rng.normal(k, 1, 3 + k) for k in range(4)]
    signs = (1, -1, 1, -1)
    found = contrast_estimate(groups, signs=signs)
    # the slow twin: one dummy per group, ordinary least squares
    x = np.zeros((sum(g.size for g in groups), 4))
    x[np.arange(len(x)), np.repeat(range(4), [g.size for g in groups])] = 1
    y = np.concatenate(groups)
    beta, rest, *_ = np.linalg.lstsq(x, y, rcond=None)
    freedom = len(y) - 4
    error = np.sqrt(rest[0] / freedom * np.asarray(signs) @ np.linalg.inv(x.T @ x) @ np.asarray(signs))
    half = stats.t.ppf(0.975, freedom) * error
    assert found.interval is not None
    np.testing.assert_allclose([found.value, *found.interval], beta @ signs + np.array([0, -half, half]))


def test_a_contrast_of_two_groups_is_a_difference() -> None:
    a, b = np.array([1.0, 2.0, 4.0]), np.array([0.0, 3.0, 5.0, 6.0])
    assert contrast_estimate([a, b], signs=(1, -1)) == difference_estimate(a, b)


def test_times_of_strides_are_compared_leg_by_leg() -> None:
    first = pd.DataFrame({"side": ["left"] * 4 + ["right"] * 4, "contact_time_s": [0.20, 0.21, 0.20, 0.21] * 2})
    second = first.assign(contact_time_s=first["contact_time_s"] + np.where(first["side"] == "left", 0.05, 0.0))
    pairs = of_strides(first, second, columns={"contact_time_s": ("contact time", "s")})
    rows = {f.side: f for f in changes(pairs, names=NAMES)}
    assert rows["left"].value == pytest.approx(-0.05)
    assert rows["left"].strength > 0
    assert rows["right"].value == 0
    assert interactions(pairs, names=NAMES)[0].strength > 0


def test_a_leg_of_one_recording_only_gives_no_row_and_no_interaction() -> None:
    one = knees(30, 60)
    left = one.isel(cycle=one["side"].values == "left")
    rows, between = both(left, one)
    assert {f.side for f in rows} == {"left"}
    assert between == []
    assert np.isnan(change_curves(left, one, quantity=ANGLE)["mean"].sel(side="right")).all()


def test_too_few_strides_have_a_reason_and_no_strength() -> None:
    rows, between = both(knees(30, 60, n=1), knees(60, 60, n=1))
    assert all(f.interval is None and f.interval_reason and f.strength == 0 for f in (*rows, *between))


def test_the_floor_of_an_interaction_is_that_of_two_changes() -> None:
    # each leg beyond its own floor of 5 degrees by little, so that the difference of the two is within sqrt(2) times it
    _, between = both(knees(66.5, 60, seed=1), knees(60, 60, seed=5))
    assert next(f for f in between if "range" in f.name).strength == 0
    rows, _ = both(knees(66.5, 60, seed=1), knees(60, 60, seed=5))
    assert next(f for f in rows if f.name.endswith("range") and f.side == "left").strength > 0


def test_rows_are_whole_sentences_with_both_names() -> None:
    pairs = of_curves(emg(0.4, 0.8), emg(0.8, 0.8), WHOLE, quantity=dataclasses.replace(ACTIVITY))
    row = changes(pairs, names=("soft shoe", "hard shoe"))[0]
    assert row.sentence.startswith("Left soleus, mean activity, whole stride: ")
    assert "(soft shoe)" in row.sentence
    assert "(hard shoe)" in row.sentence
