"""Rhythm over many strides: the planted cadence, its interval, and a refusal where nothing repeats."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.video.films import filmed, runner

from restride.errors import CycleError
from restride.readers import read
from restride.signals.recording import Side
from restride.video import cleaned, rhythm
from restride.video.rhythm import folded

STEPS_A_MINUTE = 120.0  # per stride a second


def planted_hz(side: str) -> float:
    events = runner().events
    own = events[(events["side"] == side) & (events["name"] == "initial_contact")]["time_s"].to_numpy()
    return float((own.size - 1) / (own[-1] - own[0]))


@pytest.mark.parametrize("view", ["side-left", "back"])
@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("rate_hz", [24.0, 60.0])
def test_the_planted_cadence_is_within_half_a_step_a_minute(view: str, side: Side, rate_hz: float) -> None:
    found = rhythm(filmed(runner(), view=view, rate_hz=rate_hz, noise_px=4), side=side)
    assert abs(found.stride_hz - planted_hz(side)) * STEPS_A_MINUTE < 0.5
    low, high = found.interval_hz
    assert low < planted_hz(side) < high
    assert (high - low) * STEPS_A_MINUTE < 4


def test_every_stride_has_its_own_time() -> None:
    film = filmed(runner(), noise_px=4)
    found = rhythm(film, side="left")
    events = runner().events
    own = events[(events["side"] == "left") & (events["name"] == "initial_contact")]["time_s"].to_numpy()
    # contacts planted unevenly (1.5 % from step to step) lie at one place of the stride, to 5 ms
    place = np.interp(own, film["time"].values, found.phase)
    off = (place - place[0] + 0.5) % 1.0 - 0.5
    assert off.std() / found.stride_hz < 0.005


def test_the_cadence_counted_from_pixels_is_met(shared: Path) -> None:
    film = cleaned(read(shared / "video-run-side" / "male_side.pose.json")["keypoints"]).keypoints
    for side in ("left", "right"):
        found = rhythm(film, side=side)
        assert abs(found.stride_hz * STEPS_A_MINUTE - 168.9) < 1.0
        assert found.interval_hz[0] * STEPS_A_MINUTE < 168.9 < found.interval_hz[1] * STEPS_A_MINUTE


def test_a_runner_who_gets_faster_keeps_his_count_and_mean() -> None:
    film = filmed(runner(), rate_hz=60, noise_px=2)
    time_s = film["time"].values
    # the film played from 0.9 to 1.1 times its speed
    warped = time_s * (0.9 + 0.1 * time_s / time_s[-1])
    values = np.stack([np.interp(warped, time_s, column) for column in film.values.reshape(time_s.size, -1).T], axis=1)
    faster = film.copy(data=values.reshape(film.shape))
    found = rhythm(faster, side="left")
    expected_hz = planted_hz("left") * (warped[-1] - warped[0]) / (time_s[-1] - time_s[0])
    assert abs(found.stride_hz - expected_hz) * STEPS_A_MINUTE < 1.5
    early, late = found.stride_s[:4].mean(), found.stride_s[-4:].mean()
    # four strides from the first middle on lie around 2.5 strides from the start
    share = 2.5 / found.strides
    assert late / early == pytest.approx((0.9 + 0.2 * share) / (1.1 - 0.2 * share), rel=0.03)


def test_gaps_do_not_change_the_rhythm() -> None:
    film = filmed(runner())
    hidden = film.copy()
    hidden.values[40:70] = np.nan
    whole, part = (rhythm(f, side="right").stride_hz for f in (film, hidden))
    assert abs(whole - part) * STEPS_A_MINUTE < 0.5


@pytest.mark.parametrize("what", ["short", "still", "noise", "hidden"])
def test_a_film_without_rhythm_is_refused_in_words(what: str) -> None:
    film = filmed(runner()).copy()
    if what == "short":
        film = film.isel(time=slice(0, 40))
    elif what == "still":
        film.values[:] = film.values[:1]
    elif what == "noise":
        film.values[:] = np.random.default_rng(1).standard_normal(film.shape)
    else:
        film.values[:] = np.nan
    with pytest.raises(CycleError, match="left"):
        rhythm(film, side="left")


@settings(deadline=None, max_examples=30)
@given(slope=st.floats(-5, 5), level=st.floats(-5, 5), seed=st.integers(0, 99))
def test_a_straight_line_is_its_own_average(slope: float, level: float, seed: int) -> None:
    phase = np.sort(np.random.default_rng(seed).uniform(0, 7, 400))
    # away from the place where the line falls back, an average by straight lines is exact
    wave = folded(phase, level + slope * (phase % 1.0), width=0.02, points=50)
    np.testing.assert_allclose(wave[8:-8], level + slope * np.arange(50)[8:-8] / 50, atol=1e-6)
