"""One reference for both legs: what is quiet stays quiet."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from restride.emg import scaled
from restride.errors import SchemaError
from restride.signals.schema import labelled

SITES = ["soleus", "tibialis_anterior"]


def curves(left: float, right: float, *, seed: int = 0, both: bool = True) -> xr.DataArray:
    """Five strides, the legs in turn; the second site twice as loud."""
    rng = np.random.default_rng(seed)
    bump = np.sin(np.linspace(0, np.pi, 101)) ** 2
    side = np.array(["left", "right", "left", "right", "left"])
    size = np.where(side == "left", left, right if both else np.nan)
    values = size[:, None, None] * bump[:, None] * np.array([1.0, 2.0]) * rng.uniform(0.9, 1.1, (5, 1, 2))
    coords = {"cycle": np.arange(5), "side": ("cycle", side), "phase": np.arange(101.0), "channel": SITES}
    return labelled(values, dims=("cycle", "phase", "channel"), coords=coords, units="V")


def test_a_leg_at_a_tenth_stays_at_a_tenth() -> None:
    out, words = scaled(curves(1e-5, 1e-4))
    peaks = out.groupby("side").mean().max("phase")
    np.testing.assert_allclose(peaks.sel(side="left") / peaks.sel(side="right"), 0.1, rtol=0.15)
    np.testing.assert_allclose(peaks.sel(side="right"), 1.0, rtol=1e-12)
    assert out.attrs["units"] == "1"
    assert "higher leg" in words


@settings(max_examples=20, deadline=None)
@given(st.floats(1e-3, 1e3))
def test_a_gain_on_both_amplifiers_changes_nothing(gain: float) -> None:
    one, other = scaled(curves(1.0, 2.0))[0], scaled(curves(gain, 2 * gain))[0]
    np.testing.assert_allclose(one.values, other.values, rtol=1e-9)


def test_the_higher_leg_sets_the_scale_whichever_it_is() -> None:
    for left, right, side in ((2.0, 1.0, "left"), (1.0, 2.0, "right")):
        out, _ = scaled(curves(left, right))
        peaks = out.groupby("side").mean().max("phase")
        np.testing.assert_allclose(peaks.sel(side=side), 1.0, rtol=1e-12)
        assert (peaks <= 1 + 1e-12).all()


def test_scaling_each_leg_by_itself_is_refused_where_legs_are_compared() -> None:
    with pytest.raises(SchemaError, match="as active as the other"):
        scaled(curves(1.0, 2.0), reference="own_side")


def test_one_leg_alone_may_be_scaled_by_itself() -> None:
    out, words = scaled(curves(1.0, 2.0, both=False), reference="own_side")
    assert np.isclose(np.nanmax(out.groupby("side").mean().sel(side="left")), 1.0)
    assert "own peak" in words


def test_stated_maxima_are_shared_by_both_legs() -> None:
    whole = curves(1.0, 2.0)
    out, words = scaled(whole, reference={"soleus": 4.0, "tibialis_anterior": 8.0})
    np.testing.assert_allclose(out.values, whole.values / [4.0, 8.0])
    assert "maximum voluntary" in words


def test_a_site_without_a_stated_maximum_is_named() -> None:
    with pytest.raises(SchemaError, match="tibialis_anterior"):
        scaled(curves(1.0, 2.0), reference={"soleus": 4.0})
    with pytest.raises(SchemaError, match="not positive"):
        scaled(curves(1.0, 2.0), reference={"soleus": 0.0, "tibialis_anterior": 1.0})


def test_a_site_that_was_not_measured_stays_so() -> None:
    whole = curves(1.0, 2.0)
    whole.values[:, :, 0] = np.nan
    out, _ = scaled(whole)
    assert np.isnan(out.sel(channel="soleus")).all()
    assert not np.isnan(out.sel(channel="tibialis_anterior")).any()
