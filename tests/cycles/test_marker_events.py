"""Contacts from markers: overground, on a belt, whatever the direction; none where nobody walks."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cycles.walker import FOOT_M, Walker

from restride.cycles import events_from_force, events_from_markers
from restride.errors import CycleError
from restride.readers import read


def landings(events: pd.DataFrame, side: str) -> np.ndarray:
    own = events[(events["side"] == side) & (events["name"] == "initial_contact")]
    return own["time_s"].to_numpy()


@pytest.mark.parametrize("belt", [False, True])
@pytest.mark.parametrize("side", ["left", "right"])
def test_each_landing_of_a_walker_is_found(belt: bool, side: str) -> None:
    walker = Walker(belt=belt)
    found = landings(events_from_markers(walker.markers(), movement="walking"), side)
    true_s = walker.landing_s(side)[1:]
    nearest_s = found[np.abs(found[:, None] - true_s).argmin(axis=0)]
    assert np.abs(nearest_s - true_s).max() < 0.03
    assert len(found) <= len(true_s) + 1


def test_each_toe_off_of_a_walker_is_found() -> None:
    walker = Walker()
    events = events_from_markers(walker.markers(), movement="walking")
    own = events[(events["side"] == "right") & (events["name"] == "toe_off")]["time_s"].to_numpy()
    true_s = walker.landing_s("right")[:3] + walker.contact * walker.stride_s
    assert np.abs(own[np.abs(own[:, None] - true_s).argmin(axis=0)] - true_s).max() < 0.03


RUNNER = Walker(speed_m_s=3.0, stride_s=0.7, contact=0.36)
TOE_OFF_S = RUNNER.landing_s("right") + RUNNER.contact * RUNNER.stride_s


def runner() -> xr.DataArray:
    """Feet that stand and then swing, faster until the middle of the swing and slower after it."""
    markers = RUNNER.markers(200.0)
    for side, toe, heel in (("left", "LTOE", "LHEE"), ("right", "RTOE", "RHEE")):
        strides = (markers["time"].values - RUNNER.landing_s(side)[0]) / RUNNER.stride_s
        swing = np.clip((strides % 1.0 - RUNNER.contact) / (1 - RUNNER.contact), 0.0, 1.0)
        along = RUNNER.speed_m_s * RUNNER.stride_s * (np.floor(strides) + 0.5 - 0.5 * np.cos(np.pi * swing))
        markers.loc[{"marker": heel, "space": "x"}] = along
        markers.loc[{"marker": toe, "space": "x"}] = along + FOOT_M
    return markers


def right_toe_offs(markers: xr.DataArray) -> np.ndarray:
    events = events_from_markers(markers, movement="running")
    return events.loc[(events["side"] == "right") & (events["name"] == "toe_off"), "time_s"].to_numpy()


def furthest_s(found: np.ndarray, true_s: np.ndarray) -> float:
    """Largest distance between a true event, save the first and last, and the nearest found one."""
    return float(np.abs(found[:, None] - true_s).min(axis=0)[1:-1].max())


@pytest.mark.parametrize("later_s", [-0.02, -0.01])
def test_toe_off_of_a_runner_is_midway_through_the_braking_of_the_heel(later_s: float) -> None:
    markers, sigma_s = runner(), 0.02
    off = (markers["time"].values[:, None] - TOE_OFF_S - later_s) / sigma_s
    # the heel darts ahead and back by 24 mm
    markers.loc[{"marker": "RHEE", "space": "x"}] += 0.024 * np.exp(-0.5 * off**2).sum(axis=1)
    # a bell is braked hardest at its centre; this sets in fastest 0.742 sigma before, where H4 is zero
    assert furthest_s(right_toe_offs(markers), TOE_OFF_S + later_s - 0.371 * sigma_s) < 0.004


def test_a_runner_whose_heel_is_not_braked_has_his_toe_offs_by_the_toe() -> None:
    # the toe is at a third of the speed of travel 17 ms after it begins to swing
    assert furthest_s(right_toe_offs(runner()), TOE_OFF_S) < 0.025


def test_toe_offs_of_a_slow_runner_are_within_15_ms_of_force(shared: Path) -> None:
    folder = shared / "run-four-speeds" / "run200"
    recording = read([folder / "grf.mot", folder / "markers.trc"])
    force = events_from_force(recording["grf"])
    true_s = force.loc[(force["side"] == "right") & (force["name"] == "toe_off"), "time_s"].to_numpy()
    found = right_toe_offs(recording["markers"])
    assert len(true_s) == len(found) == 3
    assert np.abs(found - true_s).max() < 0.015


def test_a_heel_that_still_slides_sideways_has_not_landed() -> None:
    markers = Walker().markers()
    sliding = markers.copy()
    slide_s = np.clip(markers["time"].values[:, None] - Walker().landing_s("left")[1:], -0.1, 0.05)
    sliding.loc[{"marker": "LHEE", "space": "z"}] += 0.8 * slide_s.sum(axis=1)
    straight, later = (landings(events_from_markers(m, movement="walking"), "left") for m in (markers, sliding))
    assert (later - straight).min() > 0.03


@settings(max_examples=15, deadline=None)
@given(st.floats(-np.pi, np.pi))
def test_turning_the_lab_moves_no_event(turn: float) -> None:
    straight = events_from_markers(Walker().markers(), movement="walking")
    turned = events_from_markers(Walker(turned_rad=turn).markers(), movement="walking")
    assert turned["name"].tolist() == straight["name"].tolist()
    np.testing.assert_allclose(turned["time_s"], straight["time_s"], atol=1e-6)


def test_swapping_the_labels_of_the_feet_swaps_the_sides() -> None:
    markers = Walker().markers()
    names = [{"L": "R", "R": "L"}.get(n[0], n[0]) + n[1:] for n in markers["marker"].values]
    one = events_from_markers(markers, movement="walking")
    other = events_from_markers(markers.assign_coords(marker=names), movement="walking")
    np.testing.assert_array_equal(landings(one, "left"), landings(other, "right"))


def test_standing_with_sway_gives_no_event() -> None:
    rng = np.random.default_rng(0)
    markers = Walker().markers()
    still = markers.isel(time=[30] * markers.sizes["time"]).assign_coords(time=markers["time"])
    sway = 0.005 * np.cumsum(rng.standard_normal(markers.sizes["time"])) / 20
    still = still.copy(data=still.values + sway[:, None, None] + rng.normal(0, 2e-4, still.shape))
    assert events_from_markers(still, movement="walking").empty


def test_a_lost_marker_costs_only_the_events_beside_it() -> None:
    markers = Walker().markers()
    holed = markers.copy()
    holed.loc[{"marker": "LHEE", "time": slice(2.0, 2.4)}] = np.nan
    all_events, fewer = (events_from_markers(m, movement="walking") for m in (markers, holed))
    # the speed of travel is known a little less well
    np.testing.assert_allclose(landings(fewer, "right"), landings(all_events, "right"), atol=2e-3)
    assert len(landings(fewer, "left")) < len(landings(all_events, "left"))


def test_without_a_toe_marker_the_user_is_told_what_is_missing() -> None:
    markers = Walker().markers().sel(marker=["LHEE", "RHEE", "SACR"])
    with pytest.raises(CycleError, match="toe marker"):
        events_from_markers(markers, movement="walking")
