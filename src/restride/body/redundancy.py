"""The redundancy solver: many muscles, few joints, all frames at once.

For every row (one leg in one frame) with moments at full activation ``A`` (joint, muscle)
and demand ``b`` (joint):

    minimise  sum_k cost(a_k) + W/2 |b - A a|^2    subject to  0 <= a <= 1

Its dual has one unknown per joint. With ``z = A^T lam`` the best activation is a function
``a(z)`` of each muscle alone, and ``lam`` is the root of ``A a(z) - b + lam / W = 0``, the
gradient of a convex function: found by Newton steps on the piecewise smooth equation
(semismooth, Qi and Sun 1993) with Armijo's rule. Plain arrays only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from restride.signals.schema import FloatArray

# z -> activation, its integral over z, its slope
Law = Callable[[FloatArray], tuple[FloatArray, FloatArray, FloatArray]]

# 1 N m that nobody supplies costs 500 (an activation of 1 costs 0.5): only left where there is no other way
MISS_WEIGHT: Final = 1e3
# N m; far below what any measurement can tell
TOLERANCE_N_M: Final = 1e-3
NEWTON_STEPS: Final = 60
_HALVINGS: Final = 30
_ARMIJO: Final = 1e-4
# the slope of a cubed law is infinite at zero
_STEEPEST: Final = 1e3


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """Answer of ``solve`` for n rows.

    Attributes
    ----------
    activation : array, shape (n, muscle)
    price : array, shape (n, joint)
        ``lam``: what one more N m would cost.
    miss : array, shape (n, joint), N m
        Demand that is not met.
    converged : bool array, shape (n,)
    steps : int
        Newton steps of the slowest row.
    """

    activation: FloatArray
    price: FloatArray
    miss: FloatArray
    converged: np.ndarray
    steps: int


def squared(z: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Law of the cost ``a^2 / 2``."""
    a = np.clip(z, 0.0, 1.0)
    return a, a * (z - 0.5 * a), ((z > 0) & (z < 1)).astype(np.float64)


def cubed(z: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Law of the cost ``a^3 / 3``."""
    a = np.sqrt(np.clip(z, 0.0, 1.0))
    slope = np.where((z > 0) & (z < 1), 0.5 / np.maximum(a, 0.5 / _STEEPEST), 0.0)
    return a, a * (z - a * a / 3.0), slope


def linear(cost: FloatArray, softness: float) -> Law:
    """Law of the cost ``cost a + softness a^2 / 2``: nearly a linear programme."""

    def law(z: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        a, integral, slope = squared((z - cost) / softness)
        return a, softness * integral, slope / softness

    return law


def solve(A: FloatArray, b: FloatArray, law: Law, *, start: FloatArray | None = None) -> Solution:
    """Activations of least cost for every row.

    Parameters
    ----------
    A : array, shape (n, joint, muscle), N m
    b : array, shape (n, joint), N m
        Finite.
    law : callable
        ``squared``, ``cubed`` or ``linear(...)``.
    start : array, shape (n, joint), optional
        ``price`` of a similar problem.
    """
    lam = _unconstrained(A, b) if start is None else start.copy()
    value, gradient, slope = _dual(A, b, lam, law)
    open_rows = np.flatnonzero(_missed(gradient))
    steps = 0
    while open_rows.size and steps < NEWTON_STEPS:
        steps += 1
        rows = open_rows
        step = _newton_step(A[rows], gradient[rows], slope[rows])
        moved = _line_search(A[rows], b[rows], lam[rows], step, value[rows], gradient[rows], law)
        lam[rows], value[rows], gradient[rows], slope[rows] = moved
        open_rows = rows[_missed(gradient[rows])]
    converged = np.ones(b.shape[0], dtype=bool)
    converged[open_rows] = False
    a, _, _ = law(_times(A, lam))
    return Solution(a, lam, b - _applied(A, a), converged, steps)


def least_linear(A: FloatArray, b: FloatArray, cost: FloatArray) -> FloatArray:
    """A certain lower bound on ``cost . a`` over all ``0 <= a <= 1`` with ``A a = b``; shape (n,).

    Parameters
    ----------
    A, b
        As in ``solve``; b must be within reach of the muscles.
    cost : array, shape (muscle,), not negative

    Notes
    -----
    Weak duality of linear programming: ``lam . b - sum max(0, A^T lam - cost)`` bounds the
    minimum from below for any ``lam`` whatever, so the bound holds even where the search
    for the best ``lam`` stopped early. The search softens the cost less and less.
    """
    best = np.zeros(b.shape[0])
    # where the muscles that cost nothing can do it alone, the least is zero
    alone = solve(A[:, :, cost == 0], b, squared)
    rows = np.flatnonzero(_missed(alone.miss))
    lam: FloatArray | None = None
    for softness in (0.1, 0.01, 0.001):
        lam = solve(A[rows], b[rows], linear(cost, softness), start=lam).price
        bound = np.einsum("nj,nj->n", lam, b[rows]) - np.maximum(_times(A[rows], lam) - cost, 0.0).sum(axis=1)
        best[rows] = np.maximum(best[rows], bound)
    return best


def _times(A: FloatArray, lam: FloatArray) -> FloatArray:
    product: FloatArray = (lam[:, None, :] @ A)[:, 0]
    return product


def _applied(A: FloatArray, a: FloatArray) -> FloatArray:
    product: FloatArray = (A @ a[:, :, None])[:, :, 0]
    return product


def _unconstrained(A: FloatArray, b: FloatArray) -> FloatArray:
    square: FloatArray = A @ A.transpose(0, 2, 1) + np.eye(A.shape[1]) / MISS_WEIGHT
    return np.asarray(np.linalg.solve(square, b[:, :, None])[:, :, 0], dtype=np.float64)


def _dual(A: FloatArray, b: FloatArray, lam: FloatArray, law: Law) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Value, gradient and slopes of the function that ``lam`` minimises."""
    a, integral, slope = law(_times(A, lam))
    value = integral.sum(axis=1) + np.einsum("nj,nj->n", lam, 0.5 * lam / MISS_WEIGHT - b)
    return value, _applied(A, a) - b + lam / MISS_WEIGHT, slope


def _newton_step(A: FloatArray, gradient: FloatArray, slope: FloatArray) -> FloatArray:
    curvature: FloatArray = (A * slope[:, None, :]) @ A.transpose(0, 2, 1) + np.eye(A.shape[1]) / MISS_WEIGHT
    return -np.asarray(np.linalg.solve(curvature, gradient[:, :, None])[:, :, 0], dtype=np.float64)


def _line_search(
    A: FloatArray,
    b: FloatArray,
    lam: FloatArray,
    step: FloatArray,
    value: FloatArray,
    gradient: FloatArray,
    law: Law,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Halve each row's step until it lowers the function enough; rows go on independently."""
    descent = np.einsum("nj,nj->n", step, gradient)
    new_lam: FloatArray = lam + step
    new_value, new_gradient, new_slope = _dual(A, b, new_lam, law)
    share = 1.0
    for _ in range(_HALVINGS):
        # the last digits of the value decide nothing
        slack = 1e-12 * (1.0 + np.abs(value))
        worse = np.flatnonzero(new_value > value + _ARMIJO * share * descent + slack)
        if not worse.size:
            break
        share *= 0.5
        new_lam[worse] = lam[worse] + share * step[worse]
        part = _dual(A[worse], b[worse], new_lam[worse], law)
        new_value[worse], new_gradient[worse], new_slope[worse] = part
    return new_lam, new_value, new_gradient, new_slope


def _missed(gradient: FloatArray) -> np.ndarray:
    missed: np.ndarray = np.abs(gradient).max(axis=1) > TOLERANCE_N_M
    return missed
