"""Contacts from markers: overground, on a belt, whatever the direction; none where nobody walks."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cycles.walker import Walker

from restride.cycles import events_from_markers
from restride.errors import CycleError


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
