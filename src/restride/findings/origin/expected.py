"""What the movement would ask of bodies that this person could have.

Nobody's muscles are those of the model. So the demand is solved for many bodies whose
strength and fibres differ from the published ones, by either rule of effort, with moments
as uncertain as markers and plates leave them. The mean of the answers is what is expected;
their scatter says how far a difference can be the model's. First-order propagation was
tried in place of drawing and misses what matters most: muscles that one body needs and
another does not.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from restride.body import MUSCLES, WEAK_GROUPS, MuscleSet, Task, activations, underdriven, weakened
from restride.body.required import Effort
from restride.findings.origin.situation import PHASE, POINTS, Pair
from restride.signals.schema import FloatArray
from restride.signals.vocabulary import SITES

# share of the strength and fibre length by which a person's muscle differs from the model's, and one leg's
# from the other's; SD. Our decision: no measurement of both in living legs is known to us, so the planted-truth
# test is also made with more than this
BODY_SPREAD: Final = 0.10
LEG_SPREAD: Final = 0.05
# SD of a moment, as a share of its size thereabouts, and N m: about half of the
# difference that two healthy legs may show (sides.MOMENT)
MOMENT_SHARE: Final = 0.07
MOMENT_N_M: Final = 0.7
# errors of joint centres and plates last a good part of a stride, in percent, and in part all of it
MOMENT_LASTS: Final = 12.0
MOMENT_OFFSET: Final = 0.25
# bodies drawn; so many of them make the covariance, the others test it
BODIES: Final = 320
MODELLED: Final = 224
# bodies and shares of strength that each weak group is tried with
WEAK_BODIES: Final = 4
SHARES: Final = (0.15, 0.25, 0.40, 0.60)
GROUPS: Final = tuple(WEAK_GROUPS)
EFFORTS: Final[tuple[Effort, ...]] = ("squared", "cubed")


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """Activity asked for at each site, in shares of full activation, smoothed as the EMG envelope is.

    Attributes
    ----------
    mean : array, shape (2, site, phase)
    modelled, others : array, shape (body, 2, site, phase)
        Bodies less ``mean``.
    weak : array, shape (group, variant, 2, site, phase)
        Change when a group (``GROUPS``) of that situation has less strength, or is driven less; variants are bodies
        and, running faster, ``SHARES``.
    """

    mean: FloatArray
    modelled: FloatArray
    others: FloatArray
    weak: FloatArray


def expected(given: Pair, *, envelope_hz: float, rng: np.random.Generator) -> Expected:
    """What both situations would ask of bodies this person could have.

    Parameters
    ----------
    given : Pair
    envelope_hz : float
        Cut-off of the EMG envelope, -6 dB.
    rng : Generator
    """
    at_sites = _site_weights(given)
    smooth = _smoothing(envelope_hz, float(given.task.time_s[1]) * POINTS)
    task = replace(given.task, moments=np.nan_to_num(given.task.moments))

    def solved(legs: MuscleSet, effort: Effort, uncertain: FloatArray | None = None) -> FloatArray:
        active, _ = activations(task, legs, effort=effort, uncertain=uncertain)
        return _by_site(active @ at_sites, smooth)

    drawn, weak = [], []
    for effort in EFFORTS:
        legs = _bodies(given, BODIES // 2, rng)
        drawn.append(solved(legs, effort, _uncertain(task, BODIES // 2, rng)))
        for _ in range(WEAK_BODIES // 2):
            body = _only(_bodies(given, 1, rng))
            plain = solved(body, effort)
            feeble = solved(weakened(body, GROUPS, SHARES), effort)
            idle = _by_site(underdriven(task, body, GROUPS, SHARES, effort=effort) @ at_sites, smooth)
            weak += [(less - plain).reshape(len(GROUPS), len(SHARES), *plain.shape) for less in (feeble, idle)]
    # both rules of effort in either part
    bodies = np.stack(drawn, axis=1).reshape(BODIES, *drawn[0].shape[1:])
    mean = bodies.mean(axis=0)
    return Expected(mean, bodies[:MODELLED] - mean, bodies[MODELLED:] - mean, np.concatenate(weak, axis=1))


def kernel(lasts: float) -> FloatArray:
    """Correlation (phase, phase) of what changes over ``lasts`` percent of a stride and closes on itself."""
    apart = PHASE[:, None] - PHASE
    return np.asarray(np.exp(-2 * np.sin(np.pi * apart / 100) ** 2 / (2 * np.pi * lasts / 100) ** 2))


def _site_weights(given: Pair) -> FloatArray:
    """Matrix (muscle, site): force-weighted mean of the muscles beneath each electrode."""
    weights = np.zeros((len(MUSCLES), len(given.sites)))
    for j, site in enumerate(given.sites):
        beneath = [MUSCLES.index(m) for m in SITES[site]]
        weights[beneath, j] = given.muscles.max_isometric_force[0, beneath]
    return np.asarray(weights / weights.sum(axis=0))


def _smoothing(cutoff_hz: float, stride_s: float) -> FloatArray:
    """What a Butterworth filter of order 2, forward and backward, does to a closed curve, by harmonic."""
    hz = np.fft.rfftfreq(POINTS, stride_s / POINTS)
    return np.asarray(1 / (1 + (hz / cutoff_hz) ** 4))


def _by_site(active: FloatArray, smooth: FloatArray) -> FloatArray:
    """(..., phase, 2, site) as smoothed (..., 2, site, phase)."""
    waves = np.fft.rfft(np.moveaxis(active, -3, -1), axis=-1)
    return np.asarray(np.fft.irfft(waves * smooth, n=POINTS, axis=-1))


def _bodies(given: Pair, count: int, rng: np.random.Generator) -> MuscleSet:
    """Legs of ``count`` people, arrays (body, 1, 2, muscle); one leg twice is one and the same."""
    legs, apart = given.muscles, 0.0 if given.same_leg else LEG_SPREAD

    def factors() -> FloatArray:
        shared = BODY_SPREAD * rng.standard_normal((count, 1, 1, len(MUSCLES)))
        return np.asarray(np.exp(shared + apart * rng.standard_normal((count, 1, 2, len(MUSCLES)))))

    return replace(
        legs,
        max_isometric_force=legs.max_isometric_force * factors(),
        optimal_fiber_length=legs.optimal_fiber_length * factors(),
    )


def _only(bodies: MuscleSet) -> MuscleSet:
    """The one body of a set of one, arrays (2, muscle)."""
    return replace(
        bodies,
        max_isometric_force=bodies.max_isometric_force[0, 0],
        optimal_fiber_length=bodies.optimal_fiber_length[0, 0],
    )


def _uncertain(given: Task, count: int, rng: np.random.Generator) -> FloatArray:
    """Errors of the moments, (body, phase, 2, joint), each leg for itself."""
    size = _moment_size(given)
    drawn = rng.standard_normal((count, *size.shape))
    return np.asarray(np.einsum("ph,bhsj->bpsj", _moment_root(), drawn) * size)


def _moment_size(given: Task) -> FloatArray:
    near = kernel(MOMENT_LASTS) / kernel(MOMENT_LASTS).sum(axis=1)
    return np.asarray(np.hypot(MOMENT_SHARE * np.sqrt(np.einsum("ph,hsj->psj", near, given.moments**2)), MOMENT_N_M))


def _moment_root() -> FloatArray:
    together = (kernel(MOMENT_LASTS) + MOMENT_OFFSET) / (1 + MOMENT_OFFSET)
    return np.asarray(np.linalg.cholesky(together + 1e-6 * np.eye(POINTS)))
