"""The rearrangements a test looks at: all of them where they fit a limit, otherwise drawn.

The first row is always the arrangement that was observed. A drawn set holds it too, so that a p
is never zero (Phipson and Smyth 2010, Stat Appl Genet Mol Biol 9:39).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, combinations, permutations
from math import comb, factorial
from typing import Final

import numpy as np
import numpy.typing as npt

from restride.signals.schema import FloatArray

IntArray = npt.NDArray[np.int64]
# at p = 0.05 the Monte Carlo error of 10,000 drawn ones is 0.002 (SD), and 6 against 6 are still exact
ARRANGEMENTS: Final = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Rearranged:
    """Which units go where, one row per arrangement.

    Attributes
    ----------
    rows : ndarray, shape (arrangement, unit)
        Signs, membership of the first sample (1 or 0), or the order of the units (whole numbers).
    among : int
        How many different ones there are. Of an arrangement and its mirror image, which
        a two-sided test cannot tell apart, an exact set holds only one.
    exact : bool
        Whether none is missing.
    """

    rows: FloatArray
    among: int
    exact: bool

    @property
    def least_p(self) -> float:
        """The smallest p that these arrangements can give."""
        return 1.0 / len(self.rows)


def signs(n: int, *, limit: int, rng: np.random.Generator) -> Rearranged:
    """Every way to turn the signs of ``n`` units; the first row turns none."""
    if 2**n <= limit:
        # the last sign stays, because turning all of them is the mirror image
        turned = (np.arange(2 ** max(n - 1, 0))[:, None] >> np.arange(n)) & 1
        return Rearranged(np.where(turned == 1, -1.0, 1.0), 2**n, exact=True)
    drawn = rng.choice(np.array([-1.0, 1.0]), size=(limit, n))
    drawn[0] = 1.0
    return Rearranged(drawn, 2**n, exact=False)


def memberships(n_this: int, n_other: int, *, limit: int, rng: np.random.Generator) -> Rearranged:
    """Every way to call ``n_this`` of all units the first sample; the first row calls the first ones so."""
    n, among = n_this + n_other, comb(n_this + n_other, n_this)
    observed = np.concatenate([np.ones(n_this), np.zeros(n_other)])
    if among > limit:
        drawn = rng.permuted(np.tile(observed, (limit, 1)), axis=1)
        drawn[0] = observed
        return Rearranged(drawn, among, exact=False)
    # of samples of one size, exchanging them is the mirror image: unit 0 stays where it is
    chosen = _listed(combinations(range(n), n_this), n_this)
    chosen = chosen[chosen[:, 0] == 0] if n_this == n_other else chosen
    rows = np.zeros((len(chosen), n))
    np.put_along_axis(rows, chosen, 1.0, axis=1)
    return Rearranged(rows, among, exact=True)


def orders(n: int, *, limit: int, rng: np.random.Generator) -> Rearranged:
    """Every order of ``n`` units; the first row is the order they have."""
    among = factorial(n)
    if among <= limit:
        return Rearranged(_listed(permutations(range(n)), n).astype(np.float64), among, exact=True)
    drawn = rng.permuted(np.tile(np.arange(float(n)), (limit, 1)), axis=1)
    drawn[0] = np.arange(n)
    return Rearranged(drawn, among, exact=False)


def unit_length(rows: FloatArray) -> FloatArray:
    """Each row divided by its length; all rows have the same."""
    divided: FloatArray = rows / np.linalg.norm(rows[0])
    return divided


def _listed(ways: Iterable[tuple[int, ...]], size: int) -> IntArray:
    return np.fromiter(chain.from_iterable(ways), dtype=np.int64).reshape(-1, size)
