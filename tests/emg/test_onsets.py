"""Switching times against the times at which a made-up muscle was switched."""

import numpy as np
import pytest
from tests.emg.bursty import RATE_HZ, coloured, gate, recorded

from restride.emg import bursts, condition
from restride.errors import SchemaError


def switched(rng: np.random.Generator, *, snr_db: float) -> tuple[np.ndarray, list[tuple[float, float]]]:
    """White background and a muscle that stands out by so much within the band, with its switches."""
    times = [(0.6 + 0.8 * k + rng.uniform(0, 0.1), 0.9 + 0.8 * k + rng.uniform(0, 0.1)) for k in range(12)]
    count = round(10.4 * RATE_HZ)
    background, active = rng.standard_normal(count), coloured(rng, count)
    level = [condition(recorded({"a_l": v})).values.std() for v in (background, active)]
    size = 10 ** (snr_db / 20) * level[0] / level[1]
    return background + size * active * gate(count, times), times


@pytest.mark.parametrize("border", ["onset_s", "offset_s"])
def test_switches_at_10_db_are_found_within_5_ms_in_the_median(border: str) -> None:
    errors = []
    for seed in range(8):
        values, times = switched(np.random.default_rng(seed), snr_db=10.0)
        found = bursts(condition(recorded({"a_l": values})))[border].to_numpy()
        true_s = np.array([t[0] if border == "onset_s" else t[1] for t in times])
        errors.append(np.abs(found[:, None] - true_s).min(axis=0))
    assert np.median(np.concatenate(errors)) < 0.005


def test_at_15_db_there_are_as_many_bursts_as_were_made() -> None:
    counts = [
        len(bursts(condition(recorded({"a_l": switched(np.random.default_rng(seed), snr_db=15.0)[0]}))))
        for seed in range(8)
    ]
    assert abs(np.mean(counts) - 12) < 0.5


def test_rest_alone_gives_hardly_a_burst() -> None:
    counts = [
        len(bursts(condition(recorded({"a_l": np.random.default_rng(seed).standard_normal(10_000)}))))
        for seed in range(8)
    ]
    assert np.mean(counts) < 0.5


def test_a_gain_moves_no_switch() -> None:
    values, _ = switched(np.random.default_rng(3), snr_db=15.0)
    one, other = (bursts(condition(recorded({"a_l": g * values}))) for g in (1.0, 1e-5))
    np.testing.assert_allclose(one["onset_s"], other["onset_s"])


def test_a_burst_cut_off_by_the_edge_has_no_onset() -> None:
    rng = np.random.default_rng(0)
    values = 0.05 * rng.standard_normal(3000) + coloured(rng, 3000) * gate(3000, [(0.0, 0.5), (1.5, 2.0)])
    found = bursts(condition(recorded({"a_l": values})))
    assert np.isnan(found["onset_s"].iloc[0])
    assert abs(found["offset_s"].iloc[0] - 0.5) < 0.02


def test_an_envelope_has_no_onsets() -> None:
    stored = recorded({"a_l": np.ones(900)}).assign_attrs(processed="envelope")
    with pytest.raises(SchemaError, match="envelope"):
        bursts(stored)
