"""Turns of the pedals: borders where the top was, reasons where there was none, work as planted."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from restride.cycles import by_leg, normalise, turn_work, turns, turns_between
from restride.errors import SchemaError
from restride.signals.schema import SIDES, FloatArray, labelled

RATE_HZ = 100.0


def pedals(right: FloatArray, *, left: FloatArray | None = None) -> xr.DataArray:
    values = np.column_stack([right + np.pi if left is None else left, right])
    time_s = np.arange(right.size) / RATE_HZ
    return labelled(values, dims=("time", "side"), units="rad", coords={"time": time_s, "side": list(SIDES)})


def steady(seconds: float, *, cadence_hz: float = 1.5, start: float = 0.5) -> FloatArray:
    time_s = np.arange(round(seconds * RATE_HZ), dtype=np.float64) / RATE_HZ
    return np.asarray(start + 2 * np.pi * cadence_hz * time_s)


@settings(deadline=None, max_examples=30)
@given(st.floats(0.6, 3.0), st.floats(-3.0, 3.0), st.booleans())
def test_every_turn_starts_at_the_top_of_its_own_pedal(cadence_hz: float, start: float, wrapped: bool) -> None:
    angle = steady(10.0, cadence_hz=cadence_hz, start=start)
    found = turns(pedals(angle % (2 * np.pi) if wrapped else angle))
    for side, shift in (("right", 0.0), ("left", np.pi)):
        own = found[(found["side"] == side) & found["kept"]]
        at_start = start + shift + 2 * np.pi * cadence_hz * own["start_s"].to_numpy()
        assert_allclose(np.cos(at_start), 1.0, atol=1e-9)
        assert_allclose(own["end_s"] - own["start_s"], 1.0 / cadence_hz)
        # as many whole turns as there are tops, less one
        first, last = start + shift, start + shift + 2 * np.pi * cadence_hz * (9.99)
        tops = np.floor(last / (2 * np.pi)) - np.ceil(first / (2 * np.pi)) + 1
        # a top on the very edge may fall to either side by rounding
        on_edge = min(abs((edge + np.pi) % (2 * np.pi) - np.pi) for edge in (first, last)) < 1e-9
        assert len(own) == tops - 1 or on_edge


def test_pieces_at_the_edges_stay_with_their_reason() -> None:
    found = turns(pedals(steady(5.0)))
    right = found[found["side"] == "right"]
    assert right.iloc[0]["reason"] == "begins before the first top seen"
    assert right.iloc[-1]["reason"] == "ends after the last top seen"
    assert right["start_s"].isna().sum() == right["end_s"].isna().sum() == 1


def test_a_pause_a_step_back_and_a_gap_cost_only_their_own_turn() -> None:
    first, then = steady(10.0), steady(10.0)
    stand = np.full(300, first[-1])
    back = first[-1] - 0.5 * np.sin(np.linspace(0.0, np.pi, 40))
    for middle, reason in ((stand, "stood still"), (back, "turned backwards")):
        angle = np.concatenate([first, middle, first[-1] + then - then[0]])
        found = turns(pedals(angle))
        inner = found[found["start_s"].notna() & found["end_s"].notna()]
        assert inner.loc[~inner["kept"], "reason"].str.contains(reason).all()
        assert (~inner["kept"]).sum() == 2  # one of each leg
    holed = steady(20.0)
    holed[1000:1010] = np.nan
    found = turns(pedals(holed))
    across = found[(found["start_s"] < 10.0) & (found["end_s"] > 10.1)]
    assert across.empty
    assert found["kept"].sum() >= 2 * (20 * 1.5 - 4)


def test_a_cadence_that_halves_over_a_ride_costs_no_turn() -> None:
    time_s = np.arange(0.0, 60.0, 1.0 / RATE_HZ)
    angle = 2 * np.pi * np.cumsum(1.8 - 0.9 * time_s / 60.0) / RATE_HZ
    found = turns(pedals(angle))
    inner = found[found["start_s"].notna() & found["end_s"].notna()]
    assert inner["kept"].all()


def test_an_angle_recorded_too_slowly_is_refused() -> None:
    with pytest.raises(SchemaError, match="quarter turn"):
        turns(pedals(steady(10.0)[::30]))


def test_curves_of_a_turn_run_from_top_to_top_of_each_leg() -> None:
    angle = steady(20.0)
    array = pedals(angle)
    table = turns(array)
    push = array.copy(data=np.cos(array.values))
    curves = by_leg(push, table)
    assert_allclose(curves.values, np.cos(np.linspace(0.0, 2 * np.pi, 101)) + np.zeros_like(curves.values), atol=2e-3)
    right_alone = normalise(push.sel(side="right", drop=True), table)
    assert_allclose(right_alone.sel(cycle=right_alone["side"] == "left").isel(phase=0), -1.0, atol=2e-3)


def test_work_effectiveness_and_smoothness_are_those_of_the_formula() -> None:
    """Torque ``a + b sin(angle)``: work 2 pi a; smoothness a / (a + b); b > a pulls back for a part of the turn."""
    angle = steady(20.0)
    array = pedals(angle)
    a, b = np.array([10.0, 6.0]), np.array([5.0, 12.0])
    torque = labelled(a + b * np.sin(array.values), dims=("time", "side"), units="N m", like=array)
    table = turns(array)
    work = turn_work(torque, array, table)
    for side, j in (("left", 0), ("right", 1)):
        own = work[work["side"] == side]
        assert_allclose(own["work_j"], 2 * np.pi * a[j], rtol=1e-4)
        assert_allclose(own["mean_power_w"], 2 * np.pi * a[j] * 1.5, rtol=1e-4)
        assert_allclose(own["pedal_smoothness"], a[j] / (a[j] + b[j]), rtol=1e-3)
    zero = np.arcsin(-a[1] / b[1])
    ends = (zero, np.pi - zero)
    forwards = a[1] * (ends[1] - ends[0]) + b[1] * (np.cos(ends[0]) - np.cos(ends[1]))
    backwards = forwards - 2 * np.pi * a[1]
    expected = (forwards - backwards) / forwards
    assert_allclose(work.loc[work["side"] == "right", "torque_effectiveness"], expected, rtol=1e-3)
    assert_allclose(work.loc[work["side"] == "left", "torque_effectiveness"], 1.0)


def test_a_turn_with_a_missing_sample_has_no_work() -> None:
    array = pedals(steady(10.0))
    torque = labelled(np.ones(array.shape), dims=("time", "side"), units="N m", like=array)
    torque[500, 0] = np.nan
    work = turn_work(torque, array, turns(array))
    missing = work[work["work_j"].isna()]
    assert missing["side"].tolist() == ["left"]
    assert missing["start_s"].iloc[0] < 5.0 < missing["start_s"].iloc[0] + 1 / 1.5


def test_onsets_of_a_muscle_cut_turns_and_a_missed_one_is_seen() -> None:
    times = np.arange(0.0, 20.0, 0.7)
    tops = pd.DataFrame({"time_s": np.delete(times, 12), "side": "left"})
    found = turns_between(tops)
    assert set(found["side"]) == {"left"}
    assert found["kept"].sum() == len(found) - 1
    assert "top was missed" in found.loc[~found["kept"], "reason"].iloc[0]
