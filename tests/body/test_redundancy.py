"""The solver against slow twins, bounds and laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import LinearConstraint, linprog, minimize

from restride.body.redundancy import MISS_WEIGHT, Law, cubed, least_linear, solve, squared
from restride.signals.schema import FloatArray

JOINTS, MUSCLES, ROWS = 3, 9, 6


def _problem(seed: int, *, load: float) -> tuple[FloatArray, FloatArray]:
    """Moments of some tens of N m; demands that some activation meets if load is at most 1."""
    rng = np.random.default_rng(seed)
    A = rng.normal(scale=40.0, size=(ROWS, JOINTS, MUSCLES))
    b = load * np.einsum("njk,nk->nj", A, rng.uniform(0.0, 1.0, (ROWS, MUSCLES)))
    return A, b


def _cost(a: FloatArray, A: FloatArray, b: FloatArray, power: int) -> float:
    return float((a**power).sum() / power + 0.5 * MISS_WEIGHT * ((b - A @ a) ** 2).sum())


def _twin(A: FloatArray, b: FloatArray, power: int) -> FloatArray:
    """One row by a general-purpose optimiser."""

    def effort(a: FloatArray) -> float:
        return float((a**power).sum() / power)

    constraint = LinearConstraint(A, b, b)
    found = minimize(effort, np.full(MUSCLES, 0.5), bounds=[(0.0, 1.0)] * MUSCLES, constraints=constraint, tol=1e-12)
    return np.asarray(found.x, dtype=np.float64)


@pytest.mark.parametrize(("law", "power"), [(squared, 2), (cubed, 3)])
@pytest.mark.parametrize("load", [0.3, 0.9])
def test_activations_are_those_of_a_slow_twin(law: Law, power: int, load: float) -> None:
    A, b = _problem(7, load=load)
    found = solve(A, b, law)
    for row in range(ROWS):
        assert_allclose(found.activation[row], _twin(A[row], b[row], power), atol=2e-3)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.05, 3.0))
def test_activations_stay_within_bounds_and_what_is_missed_is_stated(seed: int, load: float) -> None:
    A, b = _problem(seed, load=load)
    found = solve(A, b, squared)
    assert found.activation.min() >= 0.0
    assert found.activation.max() <= 1.0
    assert_allclose(found.miss, b - np.einsum("njk,nk->nj", A, found.activation), atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.05, 2.0))
def test_no_other_activation_costs_less(seed: int, load: float) -> None:
    A, b = _problem(seed, load=load)
    found = solve(A, b, squared)
    rng = np.random.default_rng(seed + 1)
    for row in np.flatnonzero(found.converged):
        best = _cost(found.activation[row], A[row], b[row], 2)
        for _ in range(10):
            other = np.clip(found.activation[row] + rng.normal(scale=0.02, size=MUSCLES), 0.0, 1.0)
            assert _cost(other, A[row], b[row], 2) >= best - 1e-3


def test_a_demand_out_of_reach_is_missed_and_every_useful_muscle_is_full() -> None:
    A = np.array([[[50.0, 30.0, -20.0]]])
    found = solve(A, np.array([[100.0]]), squared)
    assert_allclose(found.activation, [[1.0, 1.0, 0.0]], atol=1e-9)
    assert_allclose(found.miss, [[20.0]], atol=1e-6)


def test_two_like_muscles_share_alike() -> None:
    found = solve(np.array([[[40.0, 40.0]]]), np.array([[20.0]]), squared)
    assert_allclose(found.activation, [[0.25, 0.25]], atol=1e-4)


def test_the_bound_is_never_above_the_linear_programme_and_close_to_it() -> None:
    A, b = _problem(11, load=0.8)
    cost = np.zeros(MUSCLES)
    cost[:4] = 0.25
    bound = least_linear(A, b, cost)
    for row in range(ROWS):
        exact = float(cost @ np.asarray(linprog(cost, A_eq=A[row], b_eq=b[row], bounds=(0.0, 1.0)).x))
        assert exact - 0.01 <= bound[row] <= exact + 1e-6
