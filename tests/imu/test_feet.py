"""Strides from feet: known paths, any mounting, real walkers."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import decimate
from scipy.spatial.transform import Rotation
from tests.imu.walker import (
    LIFT_M,
    RATE_HZ,
    RUNNING,
    STANCE_S,
    STRIDE_M,
    SWING_S,
    TOE_DOWN_RAD,
    TOE_UP_RAD,
    Gait,
    Walk,
    walk,
    worn,
)

from restride import cycles
from restride.errors import GapError, SchemaError, UnitsError
from restride.imu import STRIDE_COLUMNS, feet, reasons


def test_a_known_walk_gives_back_its_stride_lengths() -> None:
    strides = feet(*worn(walk())).strides
    assert len(strides) == 6
    np.testing.assert_allclose(strides["stride_length_m"], STRIDE_M, atol=0.01)


def test_toe_off_and_contact_fall_on_the_ends_of_the_swing() -> None:
    felt = walk()
    strides = feet(*worn(felt)).strides
    np.testing.assert_allclose(strides["toe_off_s"], [a for a, _ in felt.swings_s], atol=0.02)
    np.testing.assert_allclose(strides["initial_contact_s"], [b for _, b in felt.swings_s], atol=0.02)


@pytest.mark.parametrize("rate_hz", [100.0, 200.0])
@pytest.mark.parametrize("gait", [RUNNING, Gait(0.3, 0.44, 0.2, 0.08, 2.4, 0.25)])
def test_running_feet_give_back_length_and_contact_time(gait: Gait, rate_hz: float) -> None:
    strides = feet(*worn(walk(strides=9, gait=gait, rate_hz=rate_hz))).strides
    assert len(strides) == 9
    np.testing.assert_allclose(strides["stride_length_m"], gait.stride_m, rtol=0.02)
    np.testing.assert_allclose(strides["contact_s"].iloc[1:], gait.stance_s, atol=0.011)


def test_times_between_contacts_are_those_walked() -> None:
    strides = feet(*worn(walk())).strides
    assert np.isnan(strides["stride_s"].iloc[0])
    np.testing.assert_allclose(strides["stride_s"].iloc[1:], STANCE_S + SWING_S, atol=0.01)


def test_toes_are_up_at_contact_as_far_as_they_were() -> None:
    strides = feet(*worn(walk())).strides
    np.testing.assert_allclose(strides["pitch_contact_rad"], TOE_UP_RAD, atol=0.03)


@settings(max_examples=12, deadline=None)
@given(st.tuples(*[st.floats(-np.pi, np.pi)] * 3))
def test_how_the_sensor_is_mounted_changes_nothing(angles: tuple[float, float, float]) -> None:
    felt = walk(strides=4)
    straight = feet(*worn(felt)).strides
    turned = feet(*worn(felt, rot_sensor_from_foot=Rotation.from_euler("xyz", angles))).strides
    numbers = [c for c in STRIDE_COLUMNS if c not in ("side", "kept", "reason")]
    np.testing.assert_allclose(turned[numbers], straight[numbers], atol=1e-6)


def test_a_biased_gyroscope_is_put_right_by_standing() -> None:
    felt = walk()
    plain, biased = feet(*worn(felt)).strides, feet(*worn(felt, bias_rad_s=0.05)).strides
    np.testing.assert_allclose(biased["stride_length_m"], plain["stride_length_m"], atol=1e-3)


def test_a_turning_stride_is_seen_and_not_kept() -> None:
    strides = feet(*worn(walk(turn_rad=1.5))).strides
    assert strides["kept"].tolist() == [True] * 5 + [False]
    assert strides["turned_rad"].iloc[-1] == pytest.approx(1.5, abs=0.02)
    assert "turned by 86 degrees" in strides["reason"].iloc[-1]


def test_a_shuffle_is_told_and_is_no_step() -> None:
    walked, shuffled = worn(walk(strides=3)), worn(walk(strides=1, gait=Gait(stride_m=0.17, swing_s=0.25)))
    step_s, end_s = 1 / RATE_HZ, float(walked[0]["time"][-1])
    acc, gyr = (
        xr.concat([a, b.assign_coords(time=b["time"] + end_s + step_s)], dim="time")
        for a, b in zip(walked, shuffled, strict=True)
    )
    found = feet(acc, gyr)
    assert found.strides["kept"].tolist() == [True, True, True, False]
    assert found.strides["reason"].iloc[3] == "moved on by 17 cm only"
    assert len(found.events) == 6


def test_a_knock_that_integration_cannot_close_has_a_reason_and_no_events() -> None:
    acc, gyr = worn(walk())
    knocked = acc.copy()
    hit = int(np.abs(acc["time"].values - np.mean(walk().swings_s[2])).argmin())
    knocked[hit : hit + 4, 0, 0] += 200.0  # 4 m/s in 20 ms
    found = feet(knocked, gyr)
    bad = found.strides.iloc[2]
    assert not bad["kept"]
    assert "m/s left over" in bad["reason"]
    assert np.isnan(bad[["stride_length_m", "toe_off_s", "initial_contact_s", "contact_s"]].to_numpy(float)).all()
    assert np.isnan(found.strides["stride_s"].iloc[3])
    assert len(found.events) == 10


def test_pitch_and_lift_run_through_the_strides_of_their_own_side() -> None:
    felt = walk()
    found = feet(*worn(felt, side="right"))
    pitch, lift = found.foot_pitch.sel(side="right"), found.foot_lift.sel(side="right")
    assert np.isnan(found.foot_pitch.sel(side="left")).all()
    off_s, on_s = felt.swings_s[3]
    assert float(pitch.sel(time=off_s, method="nearest")) == pytest.approx(TOE_DOWN_RAD, abs=0.05)
    assert float(pitch.sel(time=on_s, method="nearest")) == pytest.approx(TOE_UP_RAD, abs=0.05)
    assert float(pitch.sel(time=on_s + STANCE_S / 2, method="nearest")) == pytest.approx(0.0, abs=0.02)
    assert float(lift.sel(time=slice(off_s, on_s)).max()) == pytest.approx(LIFT_M, abs=0.01)


def test_pitch_is_cut_into_curves_of_the_own_leg() -> None:
    found = feet(*worn(walk(), side="left"))
    curves = cycles.by_leg(found.foot_pitch, cycles.segment(found.events))
    assert curves.dims == ("cycle", "phase")
    assert set(curves["side"].values) == {"left"}
    np.testing.assert_allclose(curves.sel(phase=0), TOE_UP_RAD, atol=0.05)
    assert not np.isnan(curves).any()


def test_a_cycle_in_which_the_foot_turned_has_its_reason() -> None:
    found = feet(*worn(walk(turn_rad=1.5)))
    cut = cycles.segment(found.events)
    told = reasons(cut, found.strides)
    assert told[cut["kept"]].tolist() == ["", "", "", "", "turned by 86 degrees"]


def test_a_lost_impact_does_not_shorten_the_stride() -> None:
    acc, gyr = worn(walk())
    spoilt = acc.copy()
    hit = int(np.abs(acc["time"].values - walk().swings_s[2][1]).argmin())
    spoilt[hit, 0, 0] += 60.0  # one wild sample where the foot lands: 0.3 m/s
    strides = feet(spoilt, gyr).strides
    assert strides["drift_m_s"].iloc[2] > 0.2
    # spread evenly over the stride, the same error would move it by a tenth of a metre
    np.testing.assert_allclose(strides["stride_length_m"], STRIDE_M, atol=0.03)


def test_events_cut_into_strides() -> None:
    found = feet(*worn(walk(), side="right"))
    cut = cycles.segment(found.events)
    assert (found.events["side"] == "right").all()
    assert cut["kept"].sum() == 5


def test_whip_is_outward_on_both_feet() -> None:
    felt = walk()
    mirrored = type(felt)(felt.acc * [1, 1, -1], felt.gyr * [-1, -1, 1], felt.time_s, felt.swings_s)
    left, right = feet(*worn(felt, side="left")).strides, feet(*worn(mirrored, side="right")).strides
    np.testing.assert_allclose(left["whip_rad"], right["whip_rad"], atol=1e-9)


def test_a_foot_on_neither_side_is_refused() -> None:
    acc, gyr = worn(walk(strides=2), side="")
    with pytest.raises(SchemaError, match="left or right foot"):
        feet(acc, gyr)


def test_a_sensor_of_no_place_is_refused() -> None:
    acc, gyr = worn(walk(strides=2))
    with pytest.raises(SchemaError, match="segment and side"):
        feet(acc.drop_vars(["segment", "side"]), gyr)


def test_degrees_are_refused() -> None:
    acc, gyr = worn(walk(strides=2))
    gyr.attrs["units"] = "deg/s"
    with pytest.raises(UnitsError, match="rad/s"):
        feet(acc, gyr)


def test_acceleration_in_g_is_refused() -> None:
    acc, gyr = worn(walk(strides=2))
    with pytest.raises(SchemaError, match=r"9\.8"):
        feet(acc.copy(data=acc.values / 9.80665), gyr)


def test_a_gap_is_refused() -> None:
    acc, gyr = worn(walk(strides=2))
    acc[10] = np.nan
    with pytest.raises(GapError, match="tag"):
        feet(acc, gyr)


def test_a_foot_that_recorded_later_than_the_other_has_no_gap() -> None:
    first, second = worn(walk(strides=3), side="left"), worn(walk(strides=4), side="right")
    rows = first[0].sizes["time"] + second[0].sizes["time"]
    arrays = []
    for a, b in zip(first, second, strict=True):
        values = np.full((rows, 2, 3), np.nan)
        values[: a.sizes["time"], 0], values[a.sizes["time"] :, 1] = a.values[:, 0], b.values[:, 0]
        along = {"segment": ("sensor", ["foot", "foot"]), "side": ("sensor", ["left", "right"])}
        coords = {"time": np.arange(rows) / RATE_HZ, "sensor": ["foot_l", "foot_r"], "space": ["x", "y", "z"]} | along
        arrays.append(xr.DataArray(values, dims=a.dims, coords=coords, attrs=a.attrs))
    found = feet(*arrays)
    assert found.strides["side"].value_counts().to_dict() == {"right": 4, "left": 3}
    own = found.strides[found.strides["side"] == "right"]
    np.testing.assert_allclose(own["stride_length_m"], STRIDE_M, atol=0.01)
    assert own["start_s"].min() > first[0].sizes["time"] / RATE_HZ
    peak = found.foot_lift.sel(side="right").dropna("time")["time"].values
    assert peak.min() >= first[0].sizes["time"] / RATE_HZ


def test_a_lost_sample_is_refused() -> None:
    acc, gyr = worn(walk(strides=2))
    whole = np.delete(np.arange(acc.sizes["time"]), 500)
    with pytest.raises(SchemaError, match="evenly"):
        feet(acc.isel(time=whole), gyr.isel(time=whole))


def test_a_foot_that_only_stands_is_refused() -> None:
    acc, gyr = worn(walk(strides=2))
    with pytest.raises(SchemaError, match="two rests"):
        feet(acc.isel(time=slice(0, 300)), gyr.isel(time=slice(0, 300)))


def test_real_strides_are_as_long_as_the_cameras_saw(shared: Path) -> None:
    folder = shared / "imu-foot-shimmer"
    rate_hz = 204.8
    table = pd.read_csv(folder / "imu_sample.csv", header=[0, 1], index_col=0)
    events = pd.read_csv(folder / "stride_events_sample.csv")
    moved = pd.read_csv(folder / "position_sample.csv", index_col=0).groupby("s_id")[["pos_x", "pos_y"]].last()
    values = table["left_sensor"].to_numpy(dtype=float)
    felt = walk(strides=1)
    felt = type(felt)(values[:, :3], np.deg2rad(values[:, 3:]), np.arange(len(values)) / rate_hz, ())
    strides = feet(*worn(felt)).strides
    reference = events[events["foot"] == "left"]
    contact_s = reference["ic"].to_numpy(dtype=float) / rate_hz
    length_m = np.hypot(*moved.loc[reference["s_id"].to_numpy()].to_numpy(dtype=float).T)
    later_s, longer_m = [], []
    for ic_s, true_m in zip(contact_s, length_m, strict=True):
        near = strides[strides["kept"] & ((strides["initial_contact_s"] - ic_s).abs() < 0.1)]
        if len(near) == 1:
            later_s.append(float(near["initial_contact_s"].iloc[0]) - ic_s)
            longer_m.append(float(near["stride_length_m"].iloc[0]) - true_m)
    assert len(later_s) >= 26
    assert abs(np.mean(later_s)) < 0.01
    assert np.std(later_s) < 0.01
    assert np.abs(longer_m).mean() < 0.02


@pytest.mark.parametrize(("side", "fewer", "kept"), [("left", 2, 28), ("right", 4, 29)])
def test_a_slower_sensor_finds_the_same_strides(shared: Path, side: str, fewer: int, kept: int) -> None:
    table = pd.read_csv(shared / "imu-foot-shimmer" / "imu_sample.csv", header=[0, 1], index_col=0)
    values = table[f"{side}_sensor"].to_numpy(dtype=float)
    found = []
    for step in (1, fewer):
        some = decimate(values, step, axis=0) if step > 1 else values
        time_s = np.arange(len(some)) * step / 204.8
        felt = Walk(some[:, :3], np.deg2rad(some[:, 3:]), time_s, ())
        strides = feet(*worn(felt)).strides
        found.append(strides[strides["kept"]].reset_index(drop=True))
        # what is no step is told; at half the rate one movement begins with the toes going down at rest
        assert (strides["reason"] != "").sum() == (~strides["kept"]).sum()
    assert len(found[0]) == len(found[1]) == kept
    longer_m = found[1]["stride_length_m"] - found[0]["stride_length_m"]
    later_s = found[1]["initial_contact_s"] - found[0]["initial_contact_s"]
    assert abs(longer_m.mean()) < 0.03
    assert abs(later_s.mean()) < 0.01


@pytest.mark.parametrize("seed", range(4))
def test_noise_and_cuts_end_in_strides_or_in_words(shared: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = pd.read_csv(shared / "imu-foot-shimmer" / "imu_sample.csv", header=[0, 1], index_col=0)
    values = table["left_sensor"].to_numpy(dtype=float)
    for _ in range(12):
        a = int(rng.integers(0, len(values) - 100))
        part = values[a : a + int(rng.integers(20, 3000)) : int(rng.integers(1, 5))]
        part = part + rng.normal(size=part.shape) * rng.choice([0.0, 1.0, 20.0])
        time_s = np.arange(len(part)) / 100.0
        felt = Walk(part[:, :3], np.deg2rad(part[:, 3:]), time_s, ())
        try:
            found = feet(*worn(felt))
        except SchemaError:
            continue
        assert found.strides["kept"].dtype == bool
        assert (found.events["time_s"] <= time_s[-1]).all()
