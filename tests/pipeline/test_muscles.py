"""On and off, on the clock of the recording."""

import numpy as np
import pytest
import xarray as xr

from restride.pipeline.muscles import switched
from restride.signals.schema import labelled

RATE_HZ = 1000.0
BURSTS_S = ((1.0, 1.4), (2.5, 3.2))


@pytest.fixture
def noise() -> xr.DataArray:
    """Four seconds of rest with two bursts on the first channel, and rest alone on the second."""
    rng = np.random.default_rng(3)
    time_s = 5.0 + np.arange(4000) / RATE_HZ
    volts = 2e-6 * rng.standard_normal((4000, 2))
    for start, end in BURSTS_S:
        inside = (time_s - 5.0 >= start) & (time_s - 5.0 < end)
        volts[inside, 0] += 100e-6 * rng.standard_normal(int(inside.sum()))
    coords = {"time": time_s, "channel": ["soleus_l", "soleus_r"]}
    return labelled(volts, dims=("time", "channel"), units="V", coords=coords)


def test_a_muscle_is_on_within_its_bursts_and_off_between_them(noise: xr.DataArray) -> None:
    found = switched(noise).sel(channel="soleus_l")
    clock = found["time"].values - 5.0
    away = np.min([np.abs(clock - border) for burst in BURSTS_S for border in burst], axis=0) > 0.01
    expected = np.any([(clock >= start) & (clock < end) for start, end in BURSTS_S], axis=0)
    np.testing.assert_array_equal(found.values[away], expected[away].astype(float))
    assert switched(noise).sel(channel="soleus_r").values.mean() < 0.02


def test_what_was_not_recorded_is_neither_on_nor_off(noise: xr.DataArray) -> None:
    holed = noise.copy()
    holed[{"time": slice(2700, 2900), "channel": 0}] = np.nan  # within the second burst
    found = switched(holed).sel(channel="soleus_l").values
    assert np.isnan(found[2700:2900]).all()
    assert not np.isnan(np.delete(found, np.s_[2700:2900])).any()
    assert (found[2550:2700] == 1).all()
    assert (found[2900:3150] == 1).all()
    assert (found[1500:2400] == 0).all()
