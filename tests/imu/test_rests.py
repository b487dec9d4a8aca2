"""Rests of a foot, and the arithmetic below them against SciPy's."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import uniform_filter1d
from scipy.signal import find_peaks
from scipy.spatial.transform import Rotation
from tests.imu.walker import RATE_HZ, STANCE_S, SWING_S, walk

from restride.imu.rests import moving_mean, rests, valleys
from restride.imu.rotations import turns


def test_a_walking_foot_rests_once_between_its_swings() -> None:
    felt = walk(strides=5)
    found = rests(felt.acc, felt.gyr, RATE_HZ) / RATE_HZ
    pairs = itertools.pairwise(felt.swings_s)
    inner = [found[(found > end) & (found < start)] for (_, end), (start, _) in pairs]
    assert [len(some) for some in inner] == [1] * 4
    assert np.diff(np.concatenate(inner)) == pytest.approx(STANCE_S + SWING_S, abs=0.1)


def test_a_foot_that_never_moves_rests_nowhere_in_particular() -> None:
    still = np.zeros((400, 3))
    assert rests(still + np.array([0.0, 9.8, 0.0]), still, RATE_HZ).size == 0


@given(st.integers(1, 12), st.integers(12, 60))
@settings(max_examples=30, deadline=None)
def test_a_moving_mean_is_scipys(window: int, length: int) -> None:
    values = np.random.default_rng(length).normal(size=(length, 2))
    np.testing.assert_allclose(moving_mean(values, window), uniform_filter1d(values, window, axis=0), atol=1e-12)


@given(st.integers(1, 20), st.integers(0, 50))
@settings(max_examples=60, deadline=None)
def test_valleys_are_the_peaks_of_scipy_upside_down(apart: int, seed: int) -> None:
    values = np.round(np.random.default_rng(seed).normal(size=200), 1 if seed % 2 else 6)  # with flat ones
    padded = np.concatenate([[9.0], values, [9.0]])
    wanted = find_peaks(-padded, height=0.3)[0] - 1
    np.testing.assert_array_equal(valleys(values, below=-0.3, apart=1), wanted)
    found = valleys(values, below=-0.3, apart=apart)
    assert set(found) <= set(wanted)
    assert (np.diff(found) >= apart).all()
    # whoever was left out has a neighbour within reach that is as deep
    for left_out in set(wanted) - set(found):
        near = found[np.abs(found - left_out) < apart]
        assert near.size
        assert values[near].min() <= values[left_out]


@given(st.floats(-4.0, 1.2))
def test_turns_are_those_of_scipy_from_tiny_to_half_a_turn(exponent: float) -> None:
    vector = np.random.default_rng(3).normal(size=(4, 2, 3))
    vector *= 10**exponent / 10
    wanted = Rotation.from_rotvec(vector.reshape(-1, 3)).as_matrix().reshape(4, 2, 3, 3)
    np.testing.assert_allclose(turns(vector), wanted, atol=1e-12)


def test_no_turn_is_the_identity() -> None:
    np.testing.assert_array_equal(turns(np.zeros((1, 3)))[0], np.eye(3))
