"""How well each possible cause explains what was measured.

One linear model for both situations, all sites and the whole stride at once:

    measured = gain x expected + pattern of the cause + noise

The gain of each site is free and shared by both situations. Noise is Gaussian, with a covariance
that adds up what is known to be uncertain: strides, the gain of each electrode, the body,
and what body model and EMG disagree about in both situations alike. A cause is the set of
patterns it could make (a burst here or there, smaller or larger); its evidence is the
mean likelihood over them against no cause at all, lowered where noise that was drawn shows
the Gaussian to be too narrow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from scipy.linalg import cholesky, solve_triangular

from restride.findings.origin.expected import Expected, kernel
from restride.findings.origin.situation import POINTS, Pair
from restride.signals.schema import FloatArray

# SD of one electrode's gain against the other leg's (our decision; the planted-truth test
# plants as much, and twice as much)
GAIN_SPREAD: Final = 0.10
# and of one electrode left in place, against itself (our decision)
GAIN_DRIFT: Final = 0.03
# a muscle asked for no more than this, share of full activation, tells no gain
HARDLY_ASKED: Final = 0.01
# a free gain, in units of the expected curve
GAIN_FREE: Final = 1.0
# what body and EMG may disagree about for a while in both situations alike, at least, and in one alone; shares
# of the reference, and how long it lasts in percent of the stride
MODEL_ALIKE: Final = 0.05
MODEL_ALONE: Final = 0.03
MODEL_LASTS: Final = 5.0
# the envelope of an EMG holds this much that is not the muscle's, in shares of the reference
SILENCE: Final = 0.02
# strides' own correlation along the stride is mixed half and half with that of the envelope
STRIDE_LASTS: Final = 6.0
# with few strides their scatter is drawn towards that of all sites, as if by so many strides
BORROWED: Final = 4.0
# SD by which two situations may be asked for different activity where it is not known, share of the larger; our
# decision, for legs that do the same task
UNKNOWN_SHARE: Final = 0.2
# SD of a required difference as a share of it: measured and required curves of sound muscles correlate with about
# 0.7 (docs/validation.md, required), so half of a difference's variance is the model's
DIFFERENCE_SHARE: Final = 0.5
# what the bodies drawn leave out, as a share of the variance they show
UNSEEN: Final = 0.05
NULLS: Final = 192
# likelihood ratios of noise beyond 1 / (1 - TAIL) are rarer than 1 - TAIL where the noise is as modelled
TAIL: Final = 0.98


@dataclass(frozen=True, slots=True, eq=False)
class Noise:
    """What is uncertain, and the residual it is held against; vectors run over (situation, site, phase).

    Attributes
    ----------
    residual : array, shape (n,)
        Mean measured minus gain times expected.
    gain : array, shape (2, site)
        Shares of the reference per full activation, as the *other* situation alone shows it: if something is
        wrong in one, the other tells the scale.
    shared_gain : array, shape (site,)
        As both show it.
    healthy : array, shape (2, site, phase)
        What each situation would show if it were as sound as the other: the other's measured curve, and the
        difference that the movement requires. Not negative.
    root : array, shape (n, n)
        Lower Cholesky factor of the covariance.
    nulls : array, shape (n, draw)
        Residuals that bodies, strides and electrodes make without any cause. Bodies are drawn, not taken as
        Gaussian: a muscle that one body needs and another does not has long tails.
    """

    residual: FloatArray
    gain: FloatArray
    shared_gain: FloatArray
    healthy: FloatArray
    root: FloatArray
    nulls: FloatArray

    def whitened(self, patterns: FloatArray) -> FloatArray:
        """Patterns (..., 2, site, phase) as columns (n, pattern) in which noise is white and of size 1."""
        flat = patterns.reshape(-1, self.residual.size)
        return np.asarray(solve_triangular(self.root, flat.T, lower=True))


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """Evidence of every cause.

    Attributes
    ----------
    evidence : array, shape (cause,)
        Logarithm of the mean likelihood over the cause's patterns, over that of none.
    best, size : int array, shape (cause,)
        Places of the cause's most likely pattern among all patterns, and of its size among the sizes.
    """

    evidence: FloatArray
    best: np.ndarray
    size: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """All patterns of all causes, cause by cause.

    Attributes
    ----------
    unit : array, shape (pattern, 2, site, phase)
        For size 1.
    sizes : array, shape (pattern, size)
        Sizes each is tried in.
    first : int array, shape (cause,)
        Where each cause's patterns begin.
    """

    unit: FloatArray
    sizes: FloatArray
    first: np.ndarray


def noise(given: Pair, wanted: Expected, *, rng: np.random.Generator) -> Noise:
    """Residual, covariance and draws of it for a pair of situations.

    Notes
    -----
    Where the moments were not measured, the movement is taken to ask the same of both situations, give or take
    ``UNKNOWN_SHARE``.
    """
    mean = given.mean
    asked, modelled, others = (np.where(given.known, v, 0.0) for v in (wanted.mean, wanted.modelled, wanted.others))
    by_situation = (asked * mean).sum(axis=2), (asked**2).sum(axis=2) + POINTS * HARDLY_ASKED**2
    gain = by_situation[0].sum(axis=0) / by_situation[1].sum(axis=0)
    scaled = gain[:, None] * asked
    supposed = np.where(given.known, scaled, mean.mean(axis=0))
    residual = mean - supposed
    modelled, others = ((gain[:, None] * bodies).reshape(len(bodies), -1) for bodies in (modelled, others))
    rest = _covariance(given, residual, scaled)
    drawn = cholesky(rest, lower=True) @ rng.standard_normal((residual.size, NULLS))
    return Noise(
        residual=residual.ravel(),
        gain=(by_situation[0] / by_situation[1])[::-1],
        shared_gain=gain,
        healthy=np.maximum(mean[::-1] + supposed - supposed[::-1], 0.0),
        root=cholesky(rest + _gains(scaled) + _of_bodies(modelled, mean.shape), lower=True),
        nulls=drawn + others[np.arange(NULLS) % len(others)].T,
    )


def gain_spread(given: Pair) -> float:
    """SD of one situation's gain against the other's."""
    return GAIN_DRIFT if given.same_leg else GAIN_SPREAD


def weighed(what: Noise, patterns: Patterns, *, residual: FloatArray | None = None) -> Weighed:
    """How evident each cause is.

    Parameters
    ----------
    what : Noise
    patterns : Patterns
    residual : array, shape (n,), optional
        Instead of that of ``what``, after a cause has been taken off.

    Notes
    -----
    Where there is no cause, a likelihood ratio beyond ``1 / t`` is rarer than ``t`` (Markov). Where the drawn
    noise reaches more, it is not as Gaussian as the model has it, and the cause's evidence is lowered by as much.
    """
    white = what.whitened(patterns.unit)
    seen = what.residual if residual is None else residual
    power = (white**2).sum(axis=0)
    along = white.T @ solve_triangular(what.root, np.column_stack([seen, what.nulls]), lower=True)
    likelihood = _likelihood(along, power, patterns)
    by_cause = _by_cause(likelihood, patterns)
    evidence, chance = by_cause[:, 0], by_cause[:, 1:]
    excess = np.maximum(np.quantile(chance, TAIL, axis=1) + np.log(1 - TAIL), 0.0)
    borders = np.append(patterns.first, len(patterns.unit))
    flat = [likelihood[a:b, :, 0].argmax() for a, b in pairwise(borders)]
    n_sizes = patterns.sizes.shape[1]
    return Weighed(
        evidence=evidence - excess,
        best=patterns.first + np.array(flat) // n_sizes,
        size=np.array(flat) % n_sizes,
    )


def _likelihood(along: FloatArray, power: FloatArray, patterns: Patterns) -> FloatArray:
    """Log likelihood ratio of each pattern in each size: (pattern, size) or (pattern, size, draw)."""
    sizes = patterns.sizes.reshape(*patterns.sizes.shape, *(1 for _ in along.shape[1:]))
    half = power.reshape(-1, *(1 for _ in sizes.shape[1:])) / 2
    return np.asarray(sizes * along[:, None] - sizes**2 * half)


def _by_cause(likelihood: FloatArray, patterns: Patterns) -> FloatArray:
    """Log of the mean likelihood over the patterns and sizes of each cause, (cause, draw)."""
    top = np.maximum.reduceat(likelihood.max(axis=1), patterns.first, axis=0)
    counts = np.diff(np.append(patterns.first, len(patterns.unit)))
    relative = np.exp(likelihood - np.repeat(top, counts, axis=0)[:, None]).mean(axis=1)
    return np.asarray(top + np.log(np.add.reduceat(relative, patterns.first, axis=0) / counts[:, None]))


def _covariance(given: Pair, residual: FloatArray, scaled: FloatArray) -> FloatArray:
    """What is uncertain but for bodies and the free gain, (situation, site, phase) twice, flat."""
    n_site = len(given.sites)
    total = np.zeros((2, n_site, POINTS, 2, n_site, POINTS))
    # of the median site: what is wrong at one site alone may be what is looked for
    usual = np.median(np.sqrt((residual.mean(axis=0)[:, given.known] ** 2).mean(axis=-1)))
    lasting = kernel(MODEL_LASTS)
    strides = _of_strides(given)
    larger = np.where(given.known, 0.0, given.mean.max(axis=0))
    gains = gain_spread(given) ** 2
    for j, apart in enumerate(scaled[0] - scaled[1]):
        half = DIFFERENCE_SHARE / 2 * np.stack([apart, -apart])
        total[:, j, :, :, j] += half[:, :, None, None] * lasting[None, :, None, :] * half
        unknown = larger[j][:, None] * lasting * larger[j]
        total[:, j, :, :, j] += ((MODEL_ALIKE**2 + usual**2) * lasting + unknown)[None, :, None, :]
        for k in (0, 1):
            own = given.mean[k, j]
            total[k, j, :, k, j] += strides[k][j] + gains * np.outer(own, own) + MODEL_ALONE**2 * lasting
            total[k, j, :, k, j] += UNKNOWN_SHARE**2 / 2 * unknown
    size = 2 * n_site * POINTS
    return np.asarray(total.reshape(size, size) + 1e-6 * np.eye(size))


def _of_bodies(apart: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Covariance of what different bodies are asked for, and of what so few of them leave out."""
    covariance = apart.T @ apart / len(apart)
    sd = np.sqrt(UNSEEN * np.diag(covariance)).reshape(-1, shape[2])
    own, lasting = np.zeros((*shape, *shape)), kernel(MODEL_LASTS)
    for (k, j), here in zip(np.ndindex(*shape[:2]), sd, strict=True):
        own[k, j, :, k, j] = here[:, None] * lasting * here
    return np.asarray(covariance + own.reshape(covariance.shape))


def _gains(scaled: FloatArray) -> FloatArray:
    """A free gain of each site, shared by both situations."""
    n_site = scaled.shape[1]
    total = np.zeros((2, n_site, POINTS, 2, n_site, POINTS))
    for j in range(n_site):
        total[:, j, :, :, j] = GAIN_FREE**2 * np.einsum("sp,tq->sptq", scaled[:, j], scaled[:, j])
    return np.asarray(total.reshape(scaled.size, scaled.size))


def _of_strides(given: Pair) -> Sequence[Sequence[FloatArray]]:
    """Covariance (phase, phase) of each mean curve, from its strides and, with few of them, from all sites'."""
    spread = [[x.var(axis=0, ddof=1) for x in own] for own in given.strides]
    size = given.mean**2 + (0.1 * given.mean.max(axis=(0, 2))[:, None]) ** 2
    relative = float(np.median(np.array(spread) / size))
    return [
        [_of_one(x, spread[k][j], relative * size[k, j]) for j, x in enumerate(own)]
        for k, own in enumerate(given.strides)
    ]


def _of_one(strides: FloatArray, spread: FloatArray, usual: FloatArray) -> FloatArray:
    n = len(strides)
    variance = ((n - 1) * spread + BORROWED * usual) / (n - 1 + BORROWED) + SILENCE**2
    apart = (strides - strides.mean(axis=0)) / np.sqrt(np.maximum(spread, 1e-12))
    own = apart.T @ apart / (n - 1)
    sd = np.sqrt(variance)
    return np.asarray(sd[:, None] * (0.5 * own + 0.5 * kernel(STRIDE_LASTS)) * sd / n)
