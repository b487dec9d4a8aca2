"""Left against right: sizes, signs and what is not said."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from tests.findings.curves import bump, curves, noisy, swapped

from restride.errors import SchemaError
from restride.findings import ACTIVITY, ANGLE, MOMENT, Finding, Window, differences, floor, moment, sides
from restride.findings import strides as stride_rows
from restride.findings.sides import LEVEL_FLOOR_DEG
from restride.signals.schema import labelled

WHOLE = Window("whole stride", 0.0, 100.0)
SWING = Window("swing", 40.0, 100.0)


def _flat(height: float, n: int = 6, seed: int = 0) -> list[np.ndarray]:
    return noisy(np.full(101, height), n, seed=seed)


def _only(rows: list[Finding]) -> Finding:
    assert len(rows) == 1
    return rows[0]


def test_value_is_left_minus_right_with_both_means_beside_it() -> None:
    made = curves({"soleus": ([np.full(101, 0.2)] * 3, [np.full(101, 0.7)] * 4)})
    row = _only(sides(made, [WHOLE], quantity=ACTIVITY))
    assert row.side == "left"
    assert row.compared_with == "right leg"
    assert_allclose((row.value, row.this, row.other), (-0.5, 0.2, 0.7))
    assert row.n == (3, 4)
    assert row.what == "soleus"


def test_window_takes_only_its_own_phases() -> None:
    made = curves({"soleus": ([bump(20)] * 3, [bump(70)] * 3)})
    early, late = sides(made, [Window("a", 0, 40), Window("b", 50, 90)], quantity=ACTIVITY)
    assert early.value > 0.3
    assert late.value < -0.3
    assert_allclose(early.this, bump(20)[:41].mean())


def test_difference_smaller_than_its_spread_has_no_strength() -> None:
    rng = np.random.default_rng(0)
    left = [np.full(101, 0.5 + x) for x in rng.normal(0.05, 0.3, 5)]
    right = [np.full(101, 0.5 + x) for x in rng.normal(0.00, 0.3, 5)]
    row = _only(sides(curves({"soleus": (left, right)}), [WHOLE], quantity=ACTIVITY))
    assert row.interval is not None
    assert row.interval[0] < 0 < row.interval[1]
    assert row.strength == 0.0


def test_sure_difference_below_the_floor_has_no_strength() -> None:
    made = curves({"soleus": ([np.full(101, 0.50)] * 5, [np.full(101, 0.53)] * 5)})
    assert _only(sides(made, [WHOLE], quantity=ACTIVITY)).strength == 0.0


def test_sure_difference_has_its_share_of_the_larger_side_as_strength() -> None:
    made = curves({"soleus": ([np.full(101, 0.1)] * 5, [np.full(101, 0.8)] * 5)})
    assert_allclose(_only(sides(made, [WHOLE], quantity=ACTIVITY)).strength, 0.7 / 0.8, atol=1e-9)


def test_angle_rows_are_in_degrees_with_a_row_for_the_range() -> None:
    left, right = np.deg2rad(30 * bump(50)), np.deg2rad(60 * bump(50))
    made = curves({"knee_angle": ([left] * 3, [right] * 3)}, units="rad", dim="coordinate")
    mean, extent = sides(made, [WHOLE], quantity=ANGLE)
    assert extent.name.endswith("range")
    assert extent.units == mean.units == "deg"
    assert_allclose((extent.this, extent.other), (np.ptp(30 * bump(50)), np.ptp(60 * bump(50))))
    assert_allclose(extent.strength, 0.5, atol=1e-6)


def test_moment_strength_is_a_share_of_the_larger_range() -> None:
    left, right = 40 * bump(50), 100 * bump(50)
    made = curves({"knee_angle": ([left] * 3, [right] * 3)}, units="N m", dim="coordinate")
    row = _only(sides(made, [Window("a", 45, 55)], quantity=MOMENT))
    assert_allclose(row.strength, -row.value / np.ptp(right), rtol=1e-9)


@settings(deadline=None, max_examples=40)  # the machine may be busy
@given(st.integers(0, 1000))
def test_exchanged_legs_flip_every_sign_and_keep_every_strength(seed: int) -> None:
    rng = np.random.default_rng(seed)
    made = curves({name: (list(rng.random((4, 101))), list(rng.random((5, 101)))) for name in ("soleus", "vas")})
    for quantity in (ACTIVITY, ANGLE, MOMENT):
        there = sides(made, [WHOLE, SWING], quantity=quantity)
        back = sides(swapped(made), [WHOLE, SWING], quantity=quantity)
        assert_allclose([r.value for r in there], [-r.value for r in back])
        assert_allclose([r.strength for r in there], [r.strength for r in back])
        assert [(r.this, r.other, r.n) for r in there] == [(r.other, r.this, r.n[::-1]) for r in back]


def test_muscle_of_one_leg_only_gives_no_row() -> None:
    made = curves({"soleus": ([np.full(101, np.nan)] * 3, [bump(20)] * 3), "vas": ([bump(20)] * 3, [bump(20)] * 3)})
    assert [row.what for row in sides(made, [WHOLE], quantity=ACTIVITY)] == ["vas"]


def test_strides_of_one_leg_only_give_no_rows() -> None:
    made = curves({"soleus": ([bump(20)] * 3, [])})
    assert sides(made, [WHOLE], quantity=ACTIVITY) == []


def test_window_that_was_never_measured_gives_no_row() -> None:
    holed = bump(20)
    holed[60:70] = np.nan
    made = curves({"soleus": ([holed] * 3, [bump(20)] * 3)})
    rows = sides(made, [SWING, Window("early", 0.0, 40.0)], quantity=ACTIVITY)
    assert [row.window_name for row in rows] == ["early"]


def test_curves_without_sides_are_refused() -> None:
    made = curves({"soleus": ([bump(20)] * 3, [bump(20)] * 3)}).drop_vars("side")
    with pytest.raises(SchemaError, match="side"):
        sides(made, [WHOLE], quantity=ACTIVITY)


def test_difference_of_whole_curves_is_left_minus_right_with_its_unit() -> None:
    made = curves({"soleus": ([bump(20)] * 3, [bump(70)] * 3)})
    found = differences(made)
    assert_allclose(found["mean"].sel(site="soleus"), bump(20) - bump(70), atol=1e-12)
    assert found["low"].attrs["units"] == "1"
    assert isinstance(found["mean"], xr.DataArray)


def test_difference_of_one_leg_is_nan_not_zero() -> None:
    found = differences(curves({"soleus": ([bump(20)] * 3, [])}))
    assert bool(found["mean"].isnull().all())


def test_a_difference_carries_the_p_of_its_stretch_over_the_whole_curve() -> None:
    rng = np.random.default_rng(0)
    one, other = ([bump(20) + 0.05 * rng.standard_normal(101) for _ in range(6)] for _ in range(2))
    other = [curve + bump(70) for curve in other]
    found = differences(curves({"soleus": (one, other)}))["p"].sel(site="soleus")
    assert found.attrs["units"] == "1"
    assert float(found.sel(phase=70)) == float(found.sel(phase=68)) <= 0.05
    assert float(found.sel(phase=35)) == 1.0


def test_a_difference_of_too_few_strides_carries_no_p() -> None:
    found = differences(curves({"soleus": ([bump(20)] * 3, [bump(70)] * 3)}))
    assert bool(found["p"].isnull().all())
    assert bool(found["low"].notnull().all())


def test_the_floor_of_a_phase_is_that_of_its_own_activity() -> None:
    left, right = bump(20), 0.5 * bump(70)
    found = floor(curves({"soleus": ([left] * 3, [right] * 4)}), quantity=ACTIVITY)
    expected = np.maximum(ACTIVITY.floor, ACTIVITY.floor_share * np.maximum(left, right))
    assert_allclose(found.sel(site="soleus"), expected, atol=1e-12)


def test_the_floor_of_an_angle_is_given_in_the_curves_unit() -> None:
    made = curves({"knee_angle": ([bump(20)] * 3, [bump(20)] * 3)}).assign_attrs(units="rad")
    found = floor(made, quantity=ANGLE)
    assert found.attrs["units"] == "rad"
    assert_allclose(np.rad2deg(found.values), LEVEL_FLOOR_DEG)


def test_a_curve_beyond_its_floor_makes_a_row_and_one_within_it_none() -> None:
    for share in (0.9, 1.1):
        right = np.full(101, 0.4)
        edge = right[0] / (1 - ACTIVITY.floor_share)  # solves left - right = share of left
        left = right + share * (edge - right)
        made = curves({"soleus": ([left] * 3, [right] * 3)})
        beyond = differences(made)["low"].values > floor(made, quantity=ACTIVITY).values
        assert bool(beyond.all()) == (share > 1)
        assert (_only(sides(made, [WHOLE], quantity=ACTIVITY)).strength > 0) == (share > 1)


def test_stride_measures_compare_left_with_right() -> None:
    table = pd.DataFrame(
        {"side": ["left"] * 4 + ["right"] * 4, "contact_time_s": [0.30] * 4 + [0.20, 0.20, 0.20, np.nan]}
    )
    row = _only(stride_rows(table, columns={"contact_time_s": ("contact time", "s"), "absent": ("absent", "s")}))
    assert_allclose(row.value, 0.1)
    assert row.n == (4, 3)
    assert row.units == "s"
    assert_allclose(row.strength, 1 / 3, rtol=1e-6)


def test_row_for_tables_is_flat_and_complete() -> None:
    made = curves({"soleus": ([np.full(101, 0.1)] * 5, [np.full(101, 0.8)] * 5)})
    row = _only(sides(made, [SWING], quantity=ACTIVITY)).row()
    assert row["window_start_percent"] == 40.0
    assert row["interval_low"] is not None
    assert (row["n_this"], row["n_other"]) == (5, 5)
    assert all(not isinstance(value, tuple | list | dict) for value in row.values())


def test_turning_about_the_long_axis_needs_a_larger_difference_than_bending() -> None:
    left, right = np.deg2rad(20 * bump(50) + 10), np.deg2rad(20 * bump(50))
    columns = {"hip_rotation": ([left] * 3, [right] * 3), "hip_flexion": ([left] * 3, [right] * 3)}
    rows = sides(curves(columns, units="rad", dim="coordinate"), [WHOLE], quantity=ANGLE)
    found = {row.what: row.strength for row in rows if not row.name.endswith("range")}
    assert found["hip_rotation"] == 0.0
    assert found["hip_flexion"] > 0.0


def test_a_moment_must_differ_by_more_than_an_uncertain_point_of_force_makes() -> None:
    up = np.full((2, 101), 1850.0)
    values = np.stack([np.zeros_like(up), up, np.zeros_like(up)], axis=-1)
    coords = {
        "cycle": [0, 1],
        "phase": np.arange(101.0),
        "space": ["x", "y", "z"],
        "side": ("cycle", ["left", "right"]),
    }
    force = labelled(values, dims=("cycle", "phase", "space"), units="N", coords=coords)
    assert moment(force).floor == pytest.approx(18.5)
    assert moment(0.1 * force).floor == MOMENT.floor
