"""Signals on 101 points: exact on lines, honest at gaps, each leg read as its own."""

import time

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import slow

from restride.cycles import by_leg, normalise
from restride.errors import CycleError, SchemaError
from restride.signals.schema import labelled


def cycles(*rows: tuple[float, float, str], keep: bool = True) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["start_s", "end_s", "side"])
    table = table.assign(toe_off_s=table["start_s"] + 0.1, kept=keep, reason="" if keep else "made up")
    table.index.name = "cycle"
    return table


def signal(
    values: np.ndarray, rate_hz: float, names: list[str], *, dim: str = "channel", units: str = "V"
) -> xr.DataArray:
    coords = {"time": np.arange(values.shape[0]) / rate_hz, dim: names}
    return labelled(values, dims=("time", dim), coords=coords, units=units)


def test_a_line_stays_a_line() -> None:
    ramp = signal(np.arange(300.0)[:, None], 100.0, ["a_l"])
    out = normalise(ramp, cycles((0.503, 1.703, "left")))
    np.testing.assert_allclose(out.values[0, :, 0], np.linspace(50.3, 170.3, 101), rtol=1e-12)
    assert out.dims == ("cycle", "phase", "channel")
    assert out.attrs["units"] == "V"
    assert out["side"].values.tolist() == ["left"]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.5), st.floats(0.3, 0.9))
def test_it_equals_the_sample_by_sample_loop(seed: int, start_s: float, length_s: float) -> None:
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((90, 2))
    values[rng.integers(0, 90, 6), 0] = np.nan
    out = normalise(signal(values, 60.0, ["a_l", "b_r"]), cycles((start_s, start_s + length_s, "left")))
    for j in range(2):
        expected = slow.at_phases(np.arange(90) / 60.0, values[:, j], start_s, start_s + length_s)
        np.testing.assert_allclose(out.values[0, :, j], expected, atol=1e-6)


def test_a_missing_sample_does_not_smear_onto_phases_that_fall_on_other_samples() -> None:
    values = np.arange(201.0)[:, None]
    values[50] = np.nan
    out = normalise(signal(values, 100.0, ["a_l"]), cycles((0.0, 1.0, "left")))
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(out.values[0, :, 0])), [50])


def test_a_hole_in_time_is_not_bridged() -> None:
    whole = signal(np.arange(200.0)[:, None], 100.0, ["a_l"])
    holed = whole.isel(time=np.r_[0:40, 60:200])
    out = normalise(holed, cycles((0.0, 1.0, "left"))).values[0, :, 0]
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(out)), np.arange(40, 60))


def test_nothing_is_extrapolated() -> None:
    out = normalise(signal(np.ones((100, 1)), 100.0, ["a_l"]), cycles((0.5, 1.5, "left")))
    assert np.isnan(out.values[0, 60:, 0]).all()
    assert (out.values[0, :49, 0] == 1).all()


def test_rejected_strides_are_left_out() -> None:
    table = cycles((0.0, 0.4, "left"), (0.4, 0.8, "right"))
    table.loc[0, "kept"] = False
    out = normalise(signal(np.ones((100, 1)), 100.0, ["a_l"]), table)
    assert out["cycle"].values.tolist() == [1]


def test_no_stride_is_a_clear_error() -> None:
    with pytest.raises(CycleError, match="made up"):
        normalise(signal(np.ones((100, 1)), 100.0, ["a_l"]), cycles((0.0, 0.4, "left"), keep=False))


def test_each_leg_reads_its_own_channel() -> None:
    values = np.tile([1.0, 2.0, 3.0], (100, 1))
    emg = signal(values, 100.0, ["soleus_l", "soleus_r", "tibialis_anterior_r"])
    out = by_leg(emg, cycles((0.0, 0.4, "left"), (0.2, 0.6, "right")))
    assert out["channel"].values.tolist() == ["soleus", "tibialis_anterior"]
    np.testing.assert_array_equal(out.values[:, 0, :], [[1.0, np.nan], [2.0, 3.0]])


def test_a_channel_without_a_side_is_not_given_to_either_leg() -> None:
    emg = signal(np.ones((100, 2)), 100.0, ["soleus_l", "Spare"])
    assert by_leg(emg, cycles((0.0, 0.4, "left")))["channel"].values.tolist() == ["soleus"]


def test_columns_without_any_side_are_refused() -> None:
    with pytest.raises(SchemaError, match="_l or _r"):
        by_leg(signal(np.ones((100, 2)), 100.0, ["EMG1", "EMG2"]), cycles((0.0, 0.4, "left")))


def test_list_and_rotation_of_the_pelvis_change_sign_for_the_left_leg_and_tilt_does_not() -> None:
    names = ["pelvis_tilt", "pelvis_list", "pelvis_rotation", "knee_angle_l", "knee_angle_r"]
    angles = signal(np.tile([0.1, 0.2, 0.3, 0.4, 0.5], (100, 1)), 100.0, names, dim="coordinate", units="rad")
    out = by_leg(angles, cycles((0.0, 0.4, "left"), (0.2, 0.6, "right")))
    assert out["coordinate"].values.tolist() == ["pelvis_tilt", "pelvis_list", "pelvis_rotation", "knee_angle"]
    np.testing.assert_allclose(out.values[0, 0], [0.1, -0.2, -0.3, 0.4])
    np.testing.assert_allclose(out.values[1, 0], [0.1, 0.2, 0.3, 0.5])


def forces(units: str) -> xr.DataArray:
    values = np.zeros((100, 2, 3))
    values[:, 0], values[:, 1] = (1.0, 2.0, 3.0), (4.0, 5.0, 6.0)
    coords = {"time": np.arange(100) / 100.0, "side": ["left", "right"], "space": ["x", "y", "z"]}
    return labelled(values, dims=("time", "side", "space"), coords=coords, units=units)


def test_sideways_force_of_the_left_leg_points_away_from_the_middle() -> None:
    out = by_leg(forces("N"), cycles((0.0, 0.4, "left"), (0.2, 0.6, "right")))
    np.testing.assert_allclose(out.values[:, 0], [[1.0, 2.0, -3.0], [4.0, 5.0, 6.0]])
    assert out.attrs["frame"] == "leg"


def test_a_free_moment_of_the_left_leg_is_mirrored_as_a_moment() -> None:
    out = by_leg(forces("N m"), cycles((0.0, 0.4, "left")))
    np.testing.assert_allclose(out.values[0, 0], [-1.0, -2.0, 3.0])


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(4)))
def test_the_order_of_columns_does_not_matter(order: list[int]) -> None:
    names = ["a_l", "a_r", "b_l", "b_r"]
    rng = np.random.default_rng(0)
    whole = signal(rng.standard_normal((100, 4)), 100.0, names)
    table = cycles((0.0, 0.4, "left"), (0.2, 0.6, "right"))
    one, other = by_leg(whole, table), by_leg(whole.isel(channel=order), table)
    xr.testing.assert_identical(one, other.sel(channel=one["channel"]))


def test_eight_hundred_strides_of_sixteen_channels_take_less_than_a_second() -> None:
    rng = np.random.default_rng(0)
    emg = signal(rng.standard_normal((120_000, 16)), 200.0, [f"m{i}_{'lr'[i % 2]}" for i in range(16)])
    starts = 0.7 * np.arange(800)
    table = cycles(*[(s, s + 0.7, "left") for s in starts])
    began = time.perf_counter()
    assert by_leg(emg, table).shape == (800, 101, 16)
    assert time.perf_counter() - began < 1.0  # some 0.05 s on two quiet cores
