"""Strides from EMG alone: planted contacts come back, on their own leg, and chance is refused."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import restride
from restride import cycles, emg
from restride.cycles import emg_strides_doubt, events_from_emg, kept, segment
from restride.errors import CycleError
from restride.signals.recording import no_events

RATE_HZ = 100.0
# on and off in % of the stride, as text books of gait print them: square bursts, unlike the smooth ones of the method
WALK = {
    "tibialis_anterior": ((-8, 10), (57, 80)),
    "soleus": ((12, 52),),
    "gastrocnemius_medialis": ((18, 50),),
    "vastus_lateralis": ((-10, 16),),
    "biceps_femoris": ((82, 105),),
}
RUN = {
    "tibialis_anterior": ((50, 98),),
    "gastrocnemius_medialis": ((-14, 25),),
    "vastus_lateralis": ((-14, 22),),
    "biceps_femoris": ((72, 108),),
}


def legs(
    contacts: Mapping[str, np.ndarray], bursts: Mapping[str, tuple[tuple[float, float], ...]], *, seed: int = 0
) -> xr.DataArray:
    """Envelopes of both legs over the strides between planted contacts, with noise and uneven amplitudes."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(0.0, max(c[-1] for c in contacts.values()) + 0.5, 1 / RATE_HZ)
    columns, names = [], []
    for side, moments in contacts.items():
        stride = np.interp(time_s, moments, np.arange(moments.size), left=np.nan, right=np.nan)
        for site, spans in bursts.items():
            phase = 100 * (stride % 1)
            on = np.any([(phase - a) % 100 < b - a for a, b in spans], axis=0) & np.isfinite(stride)
            size = rng.uniform(0.7, 1.3, moments.size)[np.nan_to_num(stride).astype(int)]
            raw = on * size + 0.1 * rng.uniform(0.5, 1.5, time_s.size)
            columns.append(np.convolve(raw, np.hanning(15) / np.hanning(15).sum(), mode="same"))
            names.append(f"{site}_{side[0]}")
    coords = {"time": time_s, "channel": names}
    return xr.DataArray(np.stack(columns, axis=1), dims=("time", "channel"), coords=coords, attrs={"units": "V"})


def contacts_of(events: pd.DataFrame, side: str) -> np.ndarray:
    return events.loc[events["side"] == side, "time_s"].to_numpy(dtype=float)


def planted(first_s: float, stride_s: float, count: int, *, seed: int = 1) -> np.ndarray:
    steps = stride_s * (1 + 0.02 * np.random.default_rng(seed).standard_normal(count))
    return first_s + np.concatenate(([0.0], np.cumsum(steps)))


@settings(max_examples=8, deadline=None)
@given(first_s=st.floats(0.2, 0.6), stride_s=st.floats(0.95, 1.4), limp=st.floats(0.4, 0.6))
def test_planted_contacts_of_a_walker_come_back_on_their_own_leg(first_s: float, stride_s: float, limp: float) -> None:
    truth = {"left": planted(first_s, stride_s, 9), "right": planted(first_s + limp * stride_s, stride_s, 9)}
    events = events_from_emg(legs(truth, WALK))
    for side, moments in truth.items():
        found = contacts_of(events, side)
        inner = moments[1:-1]
        apart = np.abs(found[None, :] - inner[:, None]).min(axis=1)
        # the bursts differ from the usual ones by up to 5 % of the stride
        assert apart.max() < 0.08 * stride_s
        assert len(found) <= len(moments) + 1
    assert set(events["name"]) == {"initial_contact"}
    assert set(events["method"]) == {"EMG alone: usual order of the muscles in walking, ± 120 ms"}


def test_a_runner_is_told_from_a_walker() -> None:
    truth = {"right": planted(0.3, 0.7, 12)}
    events = events_from_emg(legs(truth, RUN))
    assert "running" in events["method"].iloc[0]
    apart = np.abs(contacts_of(events, "right")[None, :] - truth["right"][1:-1, None]).min(axis=1)
    assert apart.max() < 0.06
    assert contacts_of(events, "left").size == 0


def test_exchanged_channels_exchange_the_legs() -> None:
    envelope = legs({"left": planted(0.3, 1.1, 8), "right": planted(0.85, 1.1, 8)}, WALK)
    swapped = envelope.assign_coords(
        channel=[{"_l": n[:-2] + "_r", "_r": n[:-2] + "_l"}[n[-2:]] for n in map(str, envelope["channel"].values)]
    )
    events, other = events_from_emg(envelope), events_from_emg(swapped)
    np.testing.assert_allclose(contacts_of(events, "left"), contacts_of(other, "right"))
    np.testing.assert_allclose(contacts_of(events, "right"), contacts_of(other, "left"))


def test_a_gain_and_a_later_start_change_nothing_but_the_times() -> None:
    envelope = legs({"right": planted(0.3, 1.1, 8)}, WALK)
    later = (5.0 * envelope).assign_attrs(units="V").assign_coords(time=envelope["time"].values + 20.0)
    np.testing.assert_allclose(events_from_emg(later)["time_s"], events_from_emg(envelope)["time_s"] + 20.0)


def test_strides_are_found_on_either_side_of_a_gap_and_not_within() -> None:
    truth = planted(0.3, 1.1, 12)
    envelope = legs({"right": truth}, WALK)
    gap = (envelope["time"].values > 5.0) & (envelope["time"].values < 7.0)
    holed = envelope.copy(data=np.where(gap[:, None], np.nan, envelope.values))
    found = contacts_of(events_from_emg(holed), "right")
    assert not ((found > 5.05) & (found < 6.95)).any()
    assert (found < 5).sum() >= 4
    assert (found > 7).sum() >= 4


@pytest.mark.parametrize("seed", range(4))
def test_bursts_without_order_are_refused(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(6):
        on = np.repeat(rng.uniform(0, 1, 60) > 0.5, rng.integers(15, 50, 60))[:1200]
        rows.append(np.convolve(on + 0.05, np.ones(12) / 12, mode="same"))
    names = [f"{site}_r" for site in (*WALK, "rectus_femoris")]
    coords = {"time": np.arange(1200) / RATE_HZ, "channel": names}
    noise = xr.DataArray(np.stack(rows, axis=1), dims=("time", "channel"), coords=coords, attrs={"units": "V"})
    with pytest.raises(CycleError, match="no such order"):
        events_from_emg(noise)


def test_one_group_of_muscles_is_not_enough() -> None:
    envelope = legs({"right": planted(0.3, 1.1, 8)}, WALK).sel(channel=["soleus_r", "gastrocnemius_medialis_r"])
    with pytest.raises(CycleError, match="found only soleus_r, gastrocnemius_medialis_r"):
        events_from_emg(envelope)


def test_no_toe_off_is_invented_and_strides_are_kept_without_one_on_request() -> None:
    events = events_from_emg(legs({"right": planted(0.3, 1.1, 8)}, WALK))
    assert kept(segment(events)).empty
    strides = kept(segment(events, toe_off="if_any"))
    assert len(strides) >= 6
    assert strides["toe_off_s"].isna().all()


def test_a_leg_with_toe_offs_still_needs_one_in_each_stride() -> None:
    rows = [(0.0, "initial_contact"), (0.6, "toe_off"), (1.0, "initial_contact"), (2.0, "initial_contact")]
    events = pd.DataFrame([(t, "left", n, "made up") for t, n in rows], columns=["time_s", "side", "name", "method"])
    found = segment(events, toe_off="if_any")
    assert list(found["kept"]) == [True, False, False]
    assert found["reason"].iloc[1] == "no toe-off inside"


def test_the_doubt_says_how_far_contacts_may_be_off_and_that_legs_fall_together() -> None:
    apart = {"left": planted(0.3, 1.1, 8), "right": planted(0.3 + 0.55, 1.1, 8)}
    together = {"left": planted(0.3, 1.1, 8), "right": planted(0.4, 1.1, 8)}
    usual, odd = (emg_strides_doubt(events_from_emg(legs(truth, WALK))).message for truth in (apart, together))
    assert "within 120 ms" in usual
    assert "Toe-off is not known" in usual
    assert "exchanged" not in usual
    assert "exchanged" in odd


def test_segment_of_nothing_is_empty_with_either_setting() -> None:
    assert segment(no_events(), toe_off="if_any").empty


def test_a_walk_with_force_and_emg_agrees_within_the_stated_limit(shared: Path) -> None:
    take = Path(__file__).resolve().parents[2] / "examples" / "c3d-walk-emg-type4-plates" / "take.yaml"
    recording = cycles.detect(cycles.assign_plates(restride.read(shared / "c3d-walk-emg-type4-plates", take=take)))
    truth = recording.events[recording.events["name"] == "initial_contact"]
    found = events_from_emg(emg.envelope(emg.condition(recording["emg"])))
    for side in ("left", "right"):
        apart = np.abs(contacts_of(found, side)[None, :] - contacts_of(truth, side)[:, None]).min(axis=1)
        assert apart.max() < 0.12


def test_a_leg_whose_muscles_keep_another_order_gets_no_strides_and_that_is_said() -> None:
    envelope = legs({"left": planted(0.3, 1.1, 10), "right": planted(0.85, 1.1, 10)}, WALK)
    # every muscle of the left leg but one half a stride late
    late = [str(c).endswith("_l") and not str(c).startswith("soleus") for c in envelope["channel"].values]
    values = np.where(late, np.roll(envelope.values, 55, axis=0), envelope.values)
    few = ["soleus_l", "tibialis_anterior_l"]
    events = events_from_emg(envelope.copy(data=values).sel(channel=[*few, *_right(envelope)]))
    assert set(events["side"]) == {"right"}
    message = emg_strides_doubt(events, channels=[*few, "soleus_r"]).message
    assert "muscles of the left leg do not keep that order" in message


def _right(envelope: xr.DataArray) -> list[str]:
    return [str(c) for c in envelope["channel"].values if str(c).endswith("_r")]
