"""Legs that change places are put right, points that are unsure are gaps, and nothing else is touched."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from tests.video.films import filmed, runner

from restride.readers import read
from restride.video import cleaned

LEG = ("hip", "knee", "ankle", "heel", "big_toe", "small_toe")


def exchanged(film: xr.DataArray, frames: list[int]) -> xr.DataArray:
    names = [str(k) for k in film["keypoint"].values]
    left, right = ([names.index(f"{n}_{s}") for n in LEG] for s in "lr")
    values = film.values.copy()
    for frame in frames:
        values[frame, left + right] = values[frame, right + left]
    return film.copy(data=values)


def test_a_clean_film_is_left_as_it_is() -> None:
    film = filmed(runner(), noise_px=4)
    clean = cleaned(film)
    np.testing.assert_array_equal(clean.keypoints.values, film.values)
    assert (clean.exchanged, clean.unknown, clean.doubts) == (0, 0, ())


@pytest.mark.parametrize("width", [1, 2, 3])
@pytest.mark.parametrize("rate_hz", [30.0, 120.0])
def test_legs_that_changed_places_for_an_instant_are_put_right_and_counted(width: int, rate_hz: float) -> None:
    film = filmed(runner(), noise_px=4, rate_hz=rate_hz)
    frames = [f + k for f in range(17, film.sizes["time"] - 20, 37) for k in range(width)]
    clean = cleaned(exchanged(film, frames))
    np.testing.assert_allclose(clean.keypoints.values, film.values)
    assert clean.exchanged == len(frames)
    assert f"In {len(frames)} of" in clean.doubts[0].message


def test_legs_that_changed_places_for_long_are_gaps_on_both_sides() -> None:
    film = filmed(runner(), noise_px=4)
    frames = list(range(100, 109))
    clean = cleaned(exchanged(film, frames))
    legs = clean.keypoints.sel(keypoint=[f"{n}_{s}" for n in LEG for s in "lr"])
    assert np.isnan(legs.values[frames]).all()
    assert not np.isnan(np.delete(legs.values, frames, axis=0)).any()
    assert clean.unknown == len(frames)
    assert clean.doubts[0].severity == "warning"


def test_exchanges_planted_in_a_real_film_are_put_right(shared: Path) -> None:
    film = read(shared / "video-run-side" / "male_side.pose.json")["keypoints"]
    plain = cleaned(film)
    assert (plain.exchanged, plain.unknown) == (0, 0)
    planted = list(range(17, 340, 37))
    np.testing.assert_array_equal(cleaned(exchanged(film, planted)).keypoints.values, plain.keypoints.values)


def test_an_unsure_point_is_a_gap_and_a_point_without_confidence_is_not() -> None:
    film = filmed(runner())
    sure = film["confidence"].values.copy()
    sure[5, 2], sure[6, 3] = 0.2, np.nan
    clean = cleaned(film.assign_coords(confidence=(("time", "keypoint"), sure))).keypoints
    assert np.isnan(clean.values[5, 2]).all()
    assert np.isnan(clean.values).any(axis=-1).sum() == 1


def test_a_point_that_jumps_is_a_gap_and_its_neighbours_stay() -> None:
    film = filmed(runner()).copy()
    at = int(np.flatnonzero(film["keypoint"].values == "big_toe_r")[0])
    film.values[50, at] += 0.1
    clean = cleaned(film)
    gaps = np.isnan(clean.keypoints.values).any(axis=-1)
    assert gaps[50, at]
    assert gaps.sum() == 1
    assert "jumped" in clean.doubts[0].message
