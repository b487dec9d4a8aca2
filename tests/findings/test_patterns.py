"""What is held between bursts, when bursts begin, who extends the leg, what opponents hold, how alike legs are."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from tests.findings.curves import PHASE, bump, curves, noisy, strides, swapped
from tests.findings.test_patterns_bursts import on

from restride.findings import patterns, timing, windows
from restride.findings.patterns.alike import pairs
from restride.signals.schema import labelled

WHOLE = windows(strides(4))


def test_tonic_share_is_what_is_held_over_the_burst() -> None:
    square = np.where(PHASE < 50, 1.0, 0.2)
    assert_allclose(patterns.tonic_share(curves({"soleus": ([square], [square])})), 0.2)


def test_leg_without_a_burst_holds_nothing_that_could_be_told() -> None:
    faint = curves({"soleus": ([0.1 * bump(30)] * 3, [bump(30)] * 3)})
    shares = patterns.tonic_share(faint).values[:, 0]
    assert np.isnan(shares[:3]).all()
    assert np.isfinite(shares[3:]).all()
    assert patterns.tonic_rows(faint) == []


def test_muscle_held_through_the_stride_is_said_of_its_leg() -> None:
    made = curves({"soleus": (noisy(np.maximum(bump(30), 0.5), 6), noisy(bump(30), 6, seed=1))})
    (row,) = patterns.tonic_rows(made)
    assert row.strength > 0
    assert row.value > 0.15
    assert_allclose(patterns.tonic_rows(swapped(made))[0].value, -row.value)


@settings(deadline=None, max_examples=40)  # the machine may be busy
@given(st.integers(0, 99), st.integers(-15, 15), st.integers(20, 45))
def test_planted_shift_of_onset_and_offset_comes_back_wherever_contact_is(start: int, shift: int, lasts: int) -> None:
    left, right = on((start + shift + 100, start + shift + lasts + 100)), on((start + 100, start + lasts + 100))
    onset, offset = patterns.onsets(curves({"soleus": ([left] * 4, [right] * 3)}))
    assert (onset.value, offset.value) == (shift, shift)
    assert_allclose(onset.other, start)
    assert (onset.strength > 0) == (abs(shift) > 3)


def test_longer_burst_of_the_left_ends_later_and_begins_alike() -> None:
    onset, offset = patterns.onsets(curves({"soleus": ([on((20, 50))] * 4, [on((20, 40))] * 4)}))
    assert (onset.value, offset.value) == (0, 10)
    assert "its offset is 10.0 % of the stride later on the left" in offset.sentence


def test_whole_shape_and_onset_that_disagree_are_named_and_lose_their_strength() -> None:
    made = {
        "emg": curves({"soleus": (noisy(bump(40), 5), noisy(bump(40), 5, seed=1))}),
        "active": curves({"soleus": ([on((30, 60))] * 5, [on((45, 60))] * 5)}),
    }
    told = patterns.disagreements(timing(made["emg"]), patterns.onsets(made["active"]))
    assert "soleus" in told
    assert "15.0 % of the stride earlier" in told["soleus"]
    assert all(row.strength == 0 for row in patterns.timing_rows(made))


def _joints(knee: float, hip: float, speed: float) -> tuple[xr.DataArray, xr.DataArray]:
    """One stride a leg: constant extension moments, joints that extend at one speed in rad/s."""
    time_s = 0.7 * PHASE / 100
    coords = {"cycle": [0, 4], "side": ("cycle", ["left", "right"]), "phase": PHASE}
    coords |= {"coordinate": ["knee_angle", "hip_flexion"]}
    dims = ("cycle", "phase", "coordinate")
    moment = np.broadcast_to([-knee, -hip], (2, 101, 2))
    angle = np.broadcast_to(-speed * time_s[:, None], (2, 101, 2))
    return (
        labelled(moment, dims=dims, units="N m", coords=coords),
        labelled(angle, dims=dims, units="rad", coords=coords),
    )


def test_knee_share_is_that_of_constant_moments() -> None:
    share = patterns.knee_share(*_joints(60.0, 20.0, 2.0), strides(4))
    assert_allclose(share.values, 0.75, atol=1e-9)


def test_flexion_moments_and_yielding_joints_give_no_extension() -> None:
    flexed = patterns.knee_share(*_joints(-60.0, 20.0, 2.0), strides(4))
    assert_allclose(flexed.values, 0.0)
    yielding = patterns.knee_share(*_joints(60.0, 20.0, -2.0), strides(4))
    assert_allclose(yielding.sel(kind="impulse"), 0.75, atol=1e-9)
    assert yielding.sel(kind="work").isnull().all()


def test_stride_without_toe_off_has_no_stance() -> None:
    table: pd.DataFrame = strides(4)
    table.loc[0, "toe_off_s"] = np.nan
    assert patterns.knee_share(*_joints(60.0, 20.0, 2.0), table).isel(cycle=0).isnull().all()


def _opposed(extension: tuple[float, float], flexion: tuple[float, float]) -> xr.DataArray:
    """Three strides a leg with constant opposing moments at the knee; (left, right)."""
    side = np.repeat([0, 1], 3)
    values = np.stack([np.take(extension, side), np.take(flexion, side)], axis=-1)
    coords = {"cycle": range(6), "side": ("cycle", ["left"] * 3 + ["right"] * 3), "phase": PHASE}
    return labelled(
        np.broadcast_to(values[:, None], (6, 101, 2)),
        dims=("cycle", "phase", "direction"),
        units="N m",
        coords=coords | {"direction": ["knee_extension", "knee_flexion"]},
    )


def test_opponents_hold_the_smaller_moment_and_spend_twice_it_of_both() -> None:
    made = _opposed((60.0, 60.0), (20.0, 0.0))
    assert_allclose(patterns.held(made).isel(phase=0, joint=0), [20, 20, 20, 0, 0, 0])
    assert_allclose(patterns.against_itself(made).values[:, 0], [0.5] * 3 + [0.0] * 3)
    row = patterns.held_rows(made, _opposed((60.0, 60.0), (0.0, 0.0)), WHOLE)[0]
    assert row.value == 20
    assert row.strength == 1.0
    assert row.sentence.startswith(
        "At the knee through the whole stride opposing muscles hold 20 N m against each other"
    )


def test_leg_that_adds_to_both_sides_is_named_although_its_share_falls() -> None:
    made = _opposed((10.0, 20.0), (8.0, 80.0))
    share = patterns.against_itself(made).values[:, 0]
    assert share[0] > share[-1]
    assert patterns.held_rows(made, made, WHOLE)[0].value < 0


def test_pairs_of_shuffled_rows_are_found_again() -> None:
    rows = np.eye(4)
    order = np.array([2, 0, 3, 1])
    one, other, likeness = pairs(rows, rows[order])
    assert (order[other] == one).all()
    assert likeness == 1.0


@pytest.mark.parametrize("swap", [False, True])
def test_mirrored_legs_are_as_alike_as_one_leg_with_itself_and_a_lost_muscle_is_not(swap: bool) -> None:
    rng = np.random.default_rng(0)
    when = [bump(10), bump(45), bump(80)]
    weight = np.array([[1, 0.9, 0, 0, 0, 0, 0.2], [0, 0, 1, 0.8, 0, 0.1, 0], [0, 0, 0, 0, 1, 0.7, 0.9]])

    def leg(weight: np.ndarray) -> xr.DataArray:
        values = np.stack(when, axis=-1) @ weight + 0.02 * rng.random((6, 101, 7))
        coords = {"cycle": range(6), "side": ("cycle", ["left"] * 6), "phase": PHASE}
        coords |= {"site": [f"m{j}" for j in range(7)]}
        return labelled(values, dims=("cycle", "phase", "site"), units="1", coords=coords)

    other = weight.copy()
    other[0, :2] = [1, 0.0]
    other[1, 1] = 1.0  # the second muscle fires with the second group
    same = patterns.alike(leg(weight), leg(weight), rng=np.random.default_rng(1))
    changed = patterns.alike(
        *((leg(other), leg(weight)) if swap else (leg(weight), leg(other))), rng=np.random.default_rng(1)
    )
    assert same.ranks == (3, 3)
    assert same.weights > 0.99 > same.weights_chance
    assert same.itself > 0.99
    assert changed.weights < 0.9


def test_exchanged_legs_flip_every_row() -> None:
    sites = {
        "tibialis_anterior": (noisy(bump(60), 6), noisy(np.maximum(bump(60), 0.5), 5, seed=1)),
        "soleus": (noisy(bump(45, height=0.9), 6, seed=2), noisy(bump(35), 5, seed=3)),
    }
    emg = curves({site: tuple([np.abs(c) for c in leg] for leg in legs) for site, legs in sites.items()})  # type: ignore[misc]
    made = {"emg": emg, "active": (emg > 0.3).astype(float).assign_attrs(units="1")}
    table = strides(6, toe_off=0.6)
    asked = {"timed": True, "with_moments": False}
    rows = [*patterns.pattern_rows(made, table, windows(table), **asked), *patterns.timing_rows(made)]
    turned = {kind: swapped(curve) for kind, curve in made.items()}
    other = [*patterns.pattern_rows(turned, table, windows(table), **asked), *patterns.timing_rows(turned)]
    assert len(rows) == len(other) > 6
    for row, mirrored in zip(rows, other, strict=True):
        assert (row.name, row.window_name) == (mirrored.name, mirrored.window_name)
        assert_allclose(row.value, -mirrored.value, atol=1e-9)
        assert_allclose(row.strength, mirrored.strength, atol=1e-9)


def test_phasic_to_tonic_is_told_where_it_is_a_number_to_speak_of() -> None:
    square = np.where(PHASE < 50, 1.0, 0.25)
    (row,) = patterns.tonic_rows(curves({"soleus": ([square] * 3, [np.where(PHASE < 50, 1.0, 0.0)] * 3)}))
    assert (
        "the left leg holds 25 % of its burst (phasic to tonic 4 to 1), the right leg 0 % of its burst;" in row.sentence
    )


def test_emg_of_a_known_gain_drives_the_muscles_beneath_it() -> None:
    emg = curves({"soleus": ([0.6 * bump(30)], [0.6 * bump(30)]), "gluteus_medius": ([0.2 * bump(5)], [0.4 * bump(5)])})
    gain = labelled([2.0, np.nan], dims=("site",), units="1", coords={"site": ["soleus", "gluteus_medius"]})
    found = patterns.driven(emg, gain)
    assert found["muscle"].values.tolist() == ["soleus"]
    assert_allclose(found.sel(muscle="soleus").values[0], 0.3 * bump(30))


def test_muscle_beneath_two_sites_takes_their_mean() -> None:
    emg = curves(
        {"gastrocnemius": ([0.2 + 0 * PHASE], [PHASE]), "gastrocnemius_medialis": ([0.4 + 0 * PHASE], [PHASE])}
    )
    gain = labelled([1.0, 1.0], dims=("site",), units="1", coords={"site": ["gastrocnemius", "gastrocnemius_medialis"]})
    left = patterns.driven(emg, gain).isel(cycle=0)
    assert_allclose(left.sel(muscle="gasmed"), 0.3)
    assert_allclose(left.sel(muscle="gaslat"), 0.2)
