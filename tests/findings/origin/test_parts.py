"""The pieces: kernels, likelihoods and onsets against closed forms and slow twins."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import multivariate_normal

from restride.findings.origin.evidence import Noise, Patterns, weighed
from restride.findings.origin.expected import kernel
from restride.findings.origin.onset import departures
from restride.findings.origin.situation import PHASE, POINTS
from restride.findings.origin.split import clearest


@pytest.mark.parametrize("lasts", [5.0, 12.0, 30.0])
def test_a_kernel_is_a_correlation_that_closes_on_itself(lasts: float) -> None:
    K = kernel(lasts)
    assert_allclose(np.diag(K), 1.0)
    assert np.linalg.eigvalsh(K).min() > -1e-9
    assert K[0, 1] == pytest.approx(K[0, -1])
    assert K[0, 4] == pytest.approx(np.exp(-0.5 * (PHASE[4] / lasts) ** 2), abs=0.02)


def test_evidence_is_the_mean_likelihood_ratio_of_the_patterns() -> None:
    """Against SciPy's density of the same normal distribution, one pattern after the other."""
    rng = np.random.default_rng(1)
    n = 2 * POINTS
    root = np.asarray(np.linalg.cholesky(0.1 * np.eye(n) + 0.05), dtype=np.float64)
    residual = rng.standard_normal(n)
    # nulls of no size: nothing is taken off
    noise = Noise(residual, np.ones((2, 1)), np.ones(1), np.zeros((2, 1, POINTS)), root, np.zeros((n, 40)))
    unit = 0.1 * rng.standard_normal((3, 2, 1, POINTS))
    sizes = np.array([[0.5, 1.0], [0.5, 1.0], [0.3, 2.0]])
    found = weighed(noise, Patterns(unit, sizes, np.array([0, 2])))
    density = multivariate_normal(np.zeros(n), root @ root.T)
    ratio = [
        [np.exp(density.logpdf(residual - s * u.ravel()) - density.logpdf(residual)) for s in own]
        for u, own in zip(unit, sizes, strict=True)
    ]
    assert_allclose(np.exp(found.evidence), [np.mean(ratio[:2]), np.mean(ratio[2])], rtol=1e-6)


def test_the_first_departure_is_found_where_it_was_put() -> None:
    rng = np.random.default_rng(2)
    phase = np.arange(101.0)
    step = np.where(phase >= 30, 1.0, 0.0)
    curves = {
        "early": (step + 0.05 * rng.standard_normal((12, 101)), 0.05 * rng.standard_normal((12, 101))),
        "never": (0.05 * rng.standard_normal((12, 101)), 0.05 * rng.standard_normal((12, 101))),
        "late": (np.roll(step, 25) * (phase > 50) + np.zeros((12, 1)), np.zeros((12, 101))),
    }
    found = departures(curves, dict.fromkeys(curves, 0.5), phase=phase, rng=rng)
    assert [d.name for d in found] == ["early", "late"]
    assert found[0].at == 30.0
    assert found[0].interval == (30.0, 30.0)
    assert found[1].at == 55.0


def test_the_clearest_window_holds_the_largest_point_and_one_sign_only() -> None:
    curve = np.zeros(POINTS)
    curve[10:14] = [2.0, 4.0, 3.0, -9.0]
    assert clearest(curve) == (PHASE[13], PHASE[14])
    assert clearest(np.abs(curve) * np.where(np.arange(POINTS) == 13, 0, 1)) == (PHASE[10], PHASE[13])
