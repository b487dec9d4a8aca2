"""How many sessions a question takes, and in which order: drawn by lot, and written down."""

from typing import Final

import numpy as np
from scipy import stats

from restride.errors import RestrideError
from restride.retrain.orders import CONFIDENCE, two_sided
from restride.retrain.trial import ALPHA, Pair

POWER: Final = 0.80
# with five pairs even the rarest order has a chance of 2 in 32, so nothing could ever be found at 5 %
FEWEST_BLOCKS: Final = 6
# all orders of twenty pairs, a million, can be gone through one by one; forty sessions are a year of every ninth day
MOST_BLOCKS: Final = 20
# pairs in reserve for those that lose a session: our decision
SPARE: Final = 2
# up to here the power is counted from trials made up; beyond, the test is as good as a t test
_COUNTED_BLOCKS: Final = 10
_DRAWS: Final = 4000
_SHARES: Final = 20


def power(effect: float, sd: float, blocks: int) -> float:
    """Chance that the randomisation test finds an effect, if sessions are independent and normal.

    Parameters
    ----------
    effect : float
        Difference between the conditions.
    sd : float
        Of sessions of one condition, in the same units.
    blocks : int
        Pairs of sessions.

    Notes
    -----
    Up to ten pairs counted from 4000 trials drawn with a fixed seed; beyond that from the noncentral t
    distribution of a paired test, which the randomisation test follows closely there.
    """
    apart = effect / (np.sqrt(2.0) * sd)
    if blocks > _COUNTED_BLOCKS:
        limit = stats.t.ppf(1 - ALPHA / 2, blocks - 1)
        return float(1 - stats.nct.cdf(limit, blocks - 1, apart * np.sqrt(blocks)))
    rng = np.random.default_rng(0)
    found = two_sided(apart + rng.standard_normal((_DRAWS, blocks)))
    return float((found <= ALPHA).mean())


def assured(effect: float, sd: float, blocks: int, *, sessions: int) -> float:
    """Power averaged over all noises that a small baseline leaves open.

    Parameters
    ----------
    effect, sd, blocks : as in ``power``
        ``sd`` as estimated from the baseline.
    sessions : int
        Of the baseline.

    Notes
    -----
    The true variance over the estimate is taken as ``(n - 1) / chi2``, at the middles of twenty equal shares.
    """
    shares = (np.arange(_SHARES) + 0.5) / _SHARES
    noises = sd * np.sqrt((sessions - 1) / stats.chi2.ppf(shares, sessions - 1))
    return float(np.mean([power(effect, float(noise), blocks) for noise in noises]))


def blocks_needed(effect: float, sd: float, *, at_most: int = MOST_BLOCKS) -> int:
    """Fewest pairs of sessions that find an effect with a chance of 80 %.

    Parameters
    ----------
    effect, sd : float
        As in ``power``.
    at_most : int
        Pairs that the person is ready for.

    Raises
    ------
    RestrideError
        If it would take more, or the effect or noise is no size.
    """
    if not (np.isfinite(effect) and np.isfinite(sd) and effect > 0 and sd > 0):
        raise RestrideError(f"expected a noise and an effect above 0, found {sd:g} and {effect:g}; give baseline files")
    most = min(at_most, MOST_BLOCKS)
    for blocks in range(FEWEST_BLOCKS, most + 1):
        if power(effect, sd, blocks) >= POWER:
            return blocks
    if most < FEWEST_BLOCKS:
        raise RestrideError(
            f"expected at least {2 * FEWEST_BLOCKS} sessions, found {2 * at_most} allowed; fewer cannot show anything "
            f"at {100 * (1 - CONFIDENCE):.0f} %"
        )
    raise RestrideError(
        f"expected an effect that {2 * most} sessions can show, found one of {effect / sd:.2f} times the noise between "
        f"sessions, for which they have a chance of {100 * power(effect, sd, most):.0f} %; ask for a larger effect, a "
        "steadier measure, or allow more sessions with --at-most"
    )


def draw_order(blocks: int, *, seed: int) -> tuple[Pair, ...]:
    """AB or BA for each block, each with a chance of one half.

    Parameters
    ----------
    blocks : int
    seed : int
        Written into the plan, so that anyone can draw the same order again.
    """
    first = np.random.default_rng(seed).integers(0, 2, size=blocks)
    return tuple("AB" if one == 0 else "BA" for one in first.tolist())
