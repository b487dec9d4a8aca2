"""Contacts from force: exact crossings, nothing in noise, standing or gaps."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from tests import slow

from restride.cycles import events_from_force
from restride.cycles.force_events import contacts
from restride.errors import UnitsError
from restride.signals.schema import labelled

RATE_HZ = 1000.0


def force(vertical: np.ndarray, *, side: str = "right") -> xr.DataArray:
    values = np.zeros((vertical.size, 1, 3))
    values[:, 0, 1] = vertical
    coords = {"time": np.arange(vertical.size) / RATE_HZ, "side": [side], "space": ["x", "y", "z"]}
    return labelled(values, dims=("time", "side", "space"), coords=coords, units="N")


def steps(count: int, *, load_n: float = 700.0) -> np.ndarray:
    """Half-sine contacts of 0.25 s, one every 0.7 s, from 0.3 s on."""
    time_s = np.arange(round((count * 0.7 + 0.3) * RATE_HZ)) / RATE_HZ
    phase = (time_s - 0.3) % 0.7
    return np.where((time_s >= 0.3) & (phase < 0.25), load_n * np.sin(np.pi * phase / 0.25), 0.0)


def test_the_crossing_is_found_between_samples() -> None:
    found = events_from_force(force(steps(3)), threshold_n=20.0)
    into_s = 0.25 / np.pi * np.arcsin(20.0 / 700.0)
    expected = np.sort(np.concatenate([[0.3 + 0.7 * k + into_s, 0.55 + 0.7 * k - into_s] for k in range(3)]))
    np.testing.assert_allclose(found["time_s"], expected, atol=2e-5)
    assert found["name"].tolist() == ["initial_contact", "toe_off"] * 3
    assert set(found["side"]) == {"right"}
    assert found["method"].iloc[0] == "vertical force through 20 N"


def test_noise_of_an_empty_belt_gives_no_event() -> None:
    rng = np.random.default_rng(0)
    assert events_from_force(force(rng.normal(0, 20, 20_000))).empty


def test_standing_gives_no_event() -> None:
    rng = np.random.default_rng(0)
    assert events_from_force(force(700 + rng.normal(0, 5, 5_000))).empty


def test_a_contact_cut_off_by_the_recording_gives_only_the_border_that_was_seen() -> None:
    whole = steps(1)
    found = events_from_force(force(whole[400:]))
    assert found["name"].tolist() == ["toe_off"]


def test_a_border_beside_samples_that_were_not_measured_is_not_an_event() -> None:
    vertical = steps(2)
    vertical[:310] = np.nan
    assert events_from_force(force(vertical))["name"].tolist() == ["toe_off", "initial_contact", "toe_off"]


def test_a_short_dip_does_not_split_a_contact() -> None:
    vertical = steps(1)
    vertical[420:440] = 0.0
    assert len(events_from_force(force(vertical))) == 2


def test_a_dip_that_was_not_measured_is_not_bridged() -> None:
    vertical = steps(1)
    vertical[420:430] = np.nan
    runs = contacts(np.arange(vertical.size) / RATE_HZ, vertical)
    assert len(runs) == 2


def test_a_threshold_above_what_a_foot_must_carry_is_refused() -> None:
    with pytest.raises(UnitsError, match="threshold"):
        events_from_force(force(steps(1)), threshold_n=150.0)


def test_force_in_body_weights_is_refused() -> None:
    grf = force(steps(1)).assign_attrs(units="1")
    with pytest.raises(UnitsError, match="'1'"):
        events_from_force(grf)


@given(
    st.lists(st.tuples(st.integers(120, 400), st.integers(120, 400), st.floats(50.0, 900.0)), min_size=1, max_size=6)
)
def test_it_equals_the_sample_by_sample_loop(blocks: list[tuple[int, int, float]]) -> None:
    vertical = np.concatenate(
        [np.r_[np.zeros(pause), np.full(load, size)] for pause, load, size in blocks] + [np.zeros(5)]
    )
    runs = contacts(np.arange(vertical.size) / RATE_HZ, vertical)
    assert [(r.start, r.stop) for r in runs] == slow.contacts(list(vertical), 20.0, 100.0)
