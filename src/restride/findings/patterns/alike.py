"""How alike the two legs' synergies are, beside chance and beside one leg with itself."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy.optimize import linear_sum_assignment

from restride.emg import Synergies, synergies
from restride.errors import GapError
from restride.signals.schema import FloatArray

Places = npt.NDArray[np.intp]

# arrangements of the muscles, and shifts of the patterns, that chance is judged by
CHANCES: Final = 500
CHANCE_PERCENT: Final = 95.0
# a leg is halved to be compared with itself; half of fewer strides is no pattern
FEWEST_STRIDES: Final = 4

METHOD: Final = (
    "synergies of the two legs paired so that the cosines of their weights are largest in all (Hungarian method); "
    f"chance: 95th percentile over {CHANCES} random orders of one leg's muscles, or shifts of its patterns around the "
    "stride, paired anew"
)


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """Synergies of both legs, paired; similarities are means over the pairs, from 0 (or -1) to 1.

    Attributes
    ----------
    left, right : Synergies
        Of as many synergies, in pairs: the first of the left belongs to the first of the right.
    ranks : tuple of int
        How many each leg would need by itself.
    weights, activations : float
        Mean cosine of the paired weights; mean correlation of the paired patterns' mean strides.
    weights_chance, activations_chance : float
        What chance reaches in 5 of 100.
    itself : float
        Mean cosine of weights of odd and even strides of one leg, the lesser of both; NaN with few strides.
    """

    left: Synergies
    right: Synergies
    ranks: tuple[int, int]
    weights: float
    activations: float
    weights_chance: float
    activations_chance: float
    itself: float


def alike(left: xr.DataArray, right: xr.DataArray, *, rng: np.random.Generator) -> Alike:
    """Synergies of both legs from the muscles that both have, and how alike they are.

    Parameters
    ----------
    left, right : DataArray, dims (cycle, phase, site), units "1"
        Strides of one leg each, the same sites in the same order.
    rng : Generator

    Returns
    -------
    Alike
        Both at the larger of the two ranks, so that nothing one leg needs is lost.

    Raises
    ------
    SchemaError, GapError
        As ``emg.synergies``.
    """
    own = [synergies(curves, rng=rng) for curves in (left, right)]
    ranks = own[0].rank, own[1].rank
    rank = max(ranks)
    one, other = (
        found if found.rank == rank else synergies(curves, rng=rng, rank=rank)
        for found, curves in zip(own, (left, right), strict=True)
    )
    a, b = one.weights.values, other.weights.values
    rows, columns, likeness = pairs(a, b)
    one, other = _in_order(one, rows), _in_order(other, columns)
    p, q = (_standard(s.activations.mean("cycle").transpose("synergy", "phase").values[:, :-1]) for s in (one, other))
    shuffled = [pairs(a, b[:, rng.permutation(b.shape[1])])[2] for _ in range(CHANCES)]
    turned = [_turned(p, q, rng) for _ in range(CHANCES)]
    return Alike(
        left=one,
        right=other,
        ranks=ranks,
        weights=likeness,
        activations=float((p * q).sum(axis=1).mean()),
        weights_chance=float(np.percentile(shuffled, CHANCE_PERCENT)),
        activations_chance=float(np.percentile(turned, CHANCE_PERCENT)),
        itself=min(_with_itself(curves, rank, rng) for curves in (left, right)),
    )


def pairs(one: FloatArray, other: FloatArray) -> tuple[Places, Places, float]:
    """Rows of ``one`` and of ``other`` that belong together, and the mean cosine of all pairs.

    Parameters
    ----------
    one, other : arrays, shape (synergy, muscle)
        Rows of length 1.
    """
    cosine = one @ other.T
    rows, columns = linear_sum_assignment(cosine, maximize=True)
    return rows.astype(np.intp), columns.astype(np.intp), float(cosine[rows, columns].mean())


def _in_order(found: Synergies, order: Places) -> Synergies:
    weights = found.weights.isel(synergy=order).assign_coords(synergy=found.weights["synergy"].values)
    activations = found.activations.isel(synergy=order).assign_coords(synergy=found.activations["synergy"].values)
    return Synergies(weights, activations, found.r2, found.by_site, found.r2_by_rank, found.method)


def _standard(curves: FloatArray) -> FloatArray:
    """Each row without its mean and of length 1, so that products are correlations."""
    centred = curves - curves.mean(axis=1, keepdims=True)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.asarray(centred / np.where(length > 0, length, 1.0))


def _turned(p: FloatArray, q: FloatArray, rng: np.random.Generator) -> float:
    """Mean correlation of the best pairs after each pattern was turned around the stride by chance."""
    shifted = np.stack([np.roll(row, rng.integers(row.size)) for row in q])
    return pairs(p, shifted)[2]


def _with_itself(curves: xr.DataArray, rank: int, rng: np.random.Generator) -> float:
    """Mean cosine of the weights of odd and even strides."""
    whole = curves.isel(cycle=np.flatnonzero(~np.isnan(curves.values).any(axis=(1, 2))))
    if whole.sizes["cycle"] < FEWEST_STRIDES:
        return float("nan")
    try:
        halves = [synergies(whole.isel(cycle=slice(k, None, 2)), rng=rng, rank=rank).weights.values for k in (0, 1)]
    except GapError:
        return float("nan")
    return pairs(*halves)[2]
