"""Markers whose places on the segments are known from an earlier take."""

from pathlib import Path

import pytest
import xarray as xr

from restride.body import Body, generic, track
from restride.errors import ModelError
from restride.readers import read


@pytest.fixture(scope="module")
def body() -> Body:
    return generic()


@pytest.fixture(scope="module")
def markers(shared: Path) -> xr.DataArray:
    return read([shared / "walk-emg-mocap-grf" / "markers_walk.trc"])["markers"].isel(time=slice(0, 60, 5))


def test_places_of_the_same_take_give_the_same_angles(body: Body, markers: xr.DataArray) -> None:
    first = track(body, markers)
    again = track(body, markers, placed=first.markers.sample(frac=1, random_state=0))
    xr.testing.assert_allclose(again.angles, first.angles, atol=1e-9)


def test_a_marker_without_a_place_is_named(body: Body, markers: xr.DataArray) -> None:
    placed = track(body, markers).markers
    with pytest.raises(ModelError, match=r"R\.Heel"):
        track(body, markers, placed=placed[placed["marker"] != "R.Heel"])
