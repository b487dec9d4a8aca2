"""Patterns that were planted come back: how many, which muscles, when."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import linear_sum_assignment
from tests.findings.curves import bump, curves

from restride.emg import synergies
from restride.emg.synergies import FEWEST_MUSCLES, rank_of
from restride.errors import GapError, SchemaError

WHEN = [bump(10), bump(45), bump(80)]
WEIGHTS = np.array(
    [
        [1.0, 0.9, 0.0, 0.0, 0.1, 0.0, 0.0, 0.2],
        [0.0, 0.1, 1.0, 0.8, 0.0, 0.0, 0.1, 0.0],
        [0.1, 0.0, 0.0, 0.0, 1.0, 0.7, 0.9, 0.0],
    ]
)


def planted(n: int = 4, *, noise: float = 0.01):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(3)
    strides = [
        [sum(w * b for w, b in zip(WEIGHTS[:, j], WHEN, strict=True)) + noise * rng.random(101) for _ in range(n)]
        for j in range(WEIGHTS.shape[1])
    ]
    return curves({f"m{j}": (own, own[:1]) for j, own in enumerate(strides)}).isel(cycle=slice(n))


def test_planted_number_muscles_and_times_come_back_in_the_order_of_the_stride() -> None:
    found = synergies(planted(), rng=np.random.default_rng(0))
    assert found.rank == 3
    unit = WEIGHTS / np.linalg.norm(WEIGHTS, axis=1, keepdims=True)
    assert_allclose(np.diag(unit @ found.weights.values.T), 1.0, atol=0.02)  # noise of 1 %
    peaks = found.activations["phase"].values[found.activations.mean("cycle").values.argmax(axis=0)]
    assert_allclose(peaks, [10, 45, 80], atol=2)  # half a sample
    assert found.r2 > 0.99


def test_muscles_in_another_order_give_the_same_weights() -> None:
    made = planted()
    turned = made.isel(site=slice(None, None, -1))
    a = synergies(made, rng=np.random.default_rng(0), rank=3).weights
    b = synergies(turned, rng=np.random.default_rng(1), rank=3).weights.sel(site=a["site"].values)
    likeness = a.values @ b.values.T
    assert_allclose(likeness[linear_sum_assignment(-likeness)], 1.0, atol=0.01)


def test_same_seed_gives_the_same_to_the_bit() -> None:
    a, b = (synergies(planted(), rng=np.random.default_rng(7)) for _ in range(2))
    assert (a.weights.values == b.weights.values).all()


def test_straight_rise_from_the_start_is_one_synergy() -> None:
    assert rank_of([0.90, 0.91, 0.92, 0.93, 0.94, 0.95]) == 1
    assert rank_of([0.2, 0.5, 0.8, 0.84, 0.88, 0.92, 0.96]) == 3


def test_stride_with_a_gap_is_left_out_and_none_left_is_said() -> None:
    made = planted()
    made[1, 5, 2] = np.nan
    assert synergies(made, rng=np.random.default_rng(0), rank=3).activations["cycle"].values.tolist() == [0, 2, 3]
    with pytest.raises(GapError, match="found none"):
        synergies(made.isel(cycle=[1]), rng=np.random.default_rng(0))


def test_too_few_muscles_are_refused() -> None:
    with pytest.raises(SchemaError, match=f"expected {FEWEST_MUSCLES} muscles"):
        synergies(planted().isel(site=slice(5)), rng=np.random.default_rng(0))
