"""The way back after a run: planted half-times, and when there is none to tell."""

import numpy as np
import pytest

from restride.errors import SchemaError
from restride.standing import recovery

MINUTES = np.arange(0.0, 35.0, 5.0)


def counts(half_min: float, *, start: float = 4.0, end: float = 24.0, noise: float = 0.0, seed: int = 0) -> np.ndarray:
    exact = end - (end - start) * 2.0 ** (-MINUTES / half_min)
    return np.round(exact + noise * np.random.default_rng(seed).standard_normal(MINUTES.size))


@pytest.mark.parametrize("half_min", [3.0, 6.0, 10.0])
def test_a_planted_half_time_comes_back(half_min: float) -> None:
    found = recovery(MINUTES, counts(half_min))
    assert found.half_s / 60 == pytest.approx(half_min, rel=0.1)
    assert found.interval is not None
    assert found.interval[0] < 60 * half_min < found.interval[1]
    assert (found.first, found.n) == (4.0, 7)


def test_the_interval_holds_the_truth_nineteen_times_in_twenty() -> None:
    held = []
    for seed in range(200):
        found = recovery(MINUTES, counts(6.0, noise=1.0, seed=seed))
        if found.interval is not None:
            held.append(found.interval[0] <= 360.0 <= found.interval[1])
    assert len(held) > 150
    assert 0.90 <= np.mean(held) <= 0.99


def test_the_order_of_the_rows_does_not_matter() -> None:
    order = np.random.default_rng(1).permutation(MINUTES.size)
    one, other = recovery(MINUTES, counts(6.0)), recovery(MINUTES[order], counts(6.0)[order])
    assert one == other


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([4, 10, 14], "3 times counted, at least 5"),
        ([20, 21, 20, 20, 21, 20, 20], "do not rise by more than one"),
        ([4, 5, 6, 7, 8, 9, 10], "longer than the 30 min"),
    ],
)
def test_what_cannot_be_told_is_said(values: list[int], reason: str) -> None:
    found = recovery(MINUTES[: len(values)], values)
    assert np.isnan(found.half_s)
    assert found.interval is None
    assert reason in found.reason


def test_no_count_is_refused() -> None:
    with pytest.raises(SchemaError, match="a count for each minute"):
        recovery([], [])
