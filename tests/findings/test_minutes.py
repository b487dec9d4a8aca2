"""Numbers of an outing over whole minutes: closed forms, a slow twin, known truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from restride.findings import minutes
from restride.findings.minutes import Records
from restride.signals.schema import FloatArray

SIZE = 1800  # 30 minutes at 1 Hz
TIME_S = np.arange(SIZE, dtype=float)


def records(values: FloatArray, weight: FloatArray | None = None) -> Records:
    ones = np.ones(SIZE)
    return Records(TIME_S, values, ones if weight is None else weight, ones)


def test_a_median_weighs_records_by_how_long_they_lasted() -> None:
    values = np.where(TIME_S < 600, 1.0, 2.0)
    assert minutes.median(records(values), rng=np.random.default_rng(0)).value == 2.0
    heavy = np.where(TIME_S < 600, 10.0, 1.0)
    assert minutes.median(records(values, heavy), rng=np.random.default_rng(0)).value == 1.0


def test_the_interval_of_a_median_is_that_of_a_slow_loop() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(size=SIZE) + np.repeat(rng.normal(size=30), 60)
    found = minutes.median(records(values), rng=np.random.default_rng(0))
    drawn = [np.median(values.reshape(30, 60)[rng.integers(0, 30, size=30)]) for _ in range(2000)]
    assert found.interval is not None
    # two bootstraps of 2000 draws each differ by the noise of their 2.5 % quantiles, some 5 % of the width
    assert_allclose(found.interval, np.quantile(drawn, [0.025, 0.975]), atol=0.1 * float(np.ptp(found.interval)))


def test_four_minutes_have_no_interval() -> None:
    found = minutes.mean(Records(TIME_S[:240], TIME_S[:240], np.ones(240), np.ones(240)), rng=np.random.default_rng(0))
    assert (found.interval, found.minutes, found.certain) == (None, 4, False)
    assert "too few" in found.reason


@given(st.floats(-3.0, 3.0))
def test_a_mean_direction_turns_with_the_angles(turn: float) -> None:
    angle = 0.3 * np.sin(TIME_S)
    found, turned = (
        minutes.direction(records(values), rng=np.random.default_rng(0)) for values in (angle, angle + turn)
    )
    assert_allclose(np.exp(1j * turned.value), np.exp(1j * (found.value + turn)), atol=1e-9)
    assert found.interval is not None
    assert turned.interval is not None
    assert_allclose(np.ptp(turned.interval), np.ptp(found.interval), rtol=1e-6)


def test_angles_around_the_top_do_not_average_to_the_bottom() -> None:
    angle = np.deg2rad(np.where(TIME_S % 2 == 0, 350.0, 20.0))
    assert_allclose(np.rad2deg(minutes.direction(records(angle), rng=np.random.default_rng(0)).value), 5.0)


def test_a_slope_is_the_least_squares_one() -> None:
    rng = np.random.default_rng(1)
    x, weight = rng.normal(size=SIZE) + 1e3, rng.uniform(0.5, 2.0, size=SIZE)
    values = 2.5 * x + rng.normal(size=SIZE)
    found = minutes.slope(records(values, weight), x, rng=np.random.default_rng(0))
    assert_allclose(found.value, np.polyfit(x, values, 1, w=np.sqrt(weight))[0], rtol=1e-9)
    assert found.certain


def test_a_contrast_at_like_speed_is_not_fooled_by_speed() -> None:
    """Contact time depends on speed alone; the second half is slower, and the overlap is partial."""
    speed = np.where(TIME_S < 900, 3.4, 3.0) + 0.3 * np.sin(TIME_S / 7.0)
    contact = 0.4 - 0.05 * speed
    band = np.floor(speed / 0.1).astype(np.int64)
    late, early = TIME_S >= 900, TIME_S < 900
    plain = minutes.contrast(records(contact), late, early, rng=np.random.default_rng(0))
    like = minutes.contrast(records(contact), late, early, bands=band, rng=np.random.default_rng(0))
    assert plain.value > 0.015
    assert abs(like.value) < 0.1 * 0.05  # within one band of speed
    more = minutes.contrast(records(contact + 0.02 * late), late, early, bands=band, rng=np.random.default_rng(0))
    assert_allclose(more.value - like.value, 0.02, rtol=1e-9)
    assert more.certain


def test_speeds_that_never_overlap_are_not_compared() -> None:
    band = (TIME_S >= 900).astype(np.int64)
    found = minutes.contrast(records(TIME_S), TIME_S >= 900, TIME_S < 900, bands=band, rng=np.random.default_rng(0))
    assert np.isnan(found.value)
    assert found.interval is None


@pytest.mark.parametrize("truth", [0.0, 0.5])
def test_intervals_hold_the_truth_nearly_as_often_as_they_say(truth: float) -> None:
    """Noise that lasts some seconds; 30 minutes; percentile intervals are known to be a little narrow."""
    held = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        noise = np.convolve(rng.normal(size=SIZE + 9), np.ones(10) / 10, mode="valid")
        found = minutes.mean(records(truth + noise), rng=rng)
        assert found.interval is not None
        held += found.interval[0] <= truth <= found.interval[1]
    assert held >= 88  # 95 of 100 less three standard errors of the count


def test_minutes_are_weighted_means_at_their_middles() -> None:
    time_s, values = minutes.by_minute(records(np.floor(TIME_S / 60.0)))
    assert_allclose(time_s[:2], [30.0, 90.0])
    assert_allclose(values, np.arange(30))
