"""How few patterns the activity of many muscles can be made of: muscle synergies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from restride.errors import GapError, SchemaError
from restride.signals.schema import FloatArray, labelled, require

# fewer muscles give as many patterns as muscles: what comes out hangs on which muscles were recorded
# (Steele, Tresch and Perreault 2013). The number itself is our decision
FEWEST_MUSCLES: Final = 6
# random starts of each rank, of which the best counts (Santuz et al. 2017 take 5)
STARTS: Final = 5
# relative change of the misfit at which the solver stops; a tenth of it and five times the iterations move R2 by 0.001
MOST_ITERATIONS: Final = 200
TOLERANCE: Final = 1e-3
# from the chosen rank on, quality rises along a straight line: mean squared distance from it (Santuz et al. 2017)
STRAIGHT: Final = 1e-4
# more strides hardly change the patterns, and take their time; ours
MOST_STRIDES: Final = 20
# every fourth percent: of a stride of a second that is 25 samples a second, four times what an envelope holds
EVERY: Final = 4

METHOD: Final = (
    f"non-negative matrix factorisation (coordinate descent, Frobenius norm, {STARTS} random starts, the best counts) "
    "of all strides one after the other; the least number from which quality rises along a straight line (Santuz 2017)"
)


@dataclass(frozen=True, slots=True, eq=False)
class Synergies:
    """Patterns of activity shared by many muscles, and how well they make up what was measured.

    Attributes
    ----------
    weights : DataArray, dims (synergy, site), units "1"
        How much of each pattern goes to each muscle; each synergy has length 1. In the order in which
        the patterns peak within the stride.
    activations : DataArray, dims (cycle, phase, synergy), units "1"
        When each pattern is on, in the unit of the curves, at every fourth percent.
    r2 : float
        1 minus misfit over variance about the one mean of all samples.
    by_site : DataArray, dims (site,), units "1"
        1 minus misfit over power, uncentred, of each muscle by itself.
    r2_by_rank : tuple of float
        Of 1, 2, ... synergies; only the rank asked for where one was asked for.
    method : str
    """

    weights: xr.DataArray
    activations: xr.DataArray
    r2: float
    by_site: xr.DataArray
    r2_by_rank: tuple[float, ...]
    method: str = METHOD

    @property
    def rank(self) -> int:
        """How many synergies there are."""
        return int(self.weights.sizes["synergy"])


def synergies(curves: xr.DataArray, *, rng: np.random.Generator, rank: int | None = None) -> Synergies:
    """The patterns that make up the envelopes of one leg, as few as will do.

    Parameters
    ----------
    curves : DataArray, dims (cycle, phase, site), units "1"
        Envelopes of strides of one leg, scaled so that muscles weigh alike; strides with NaN are left out.
    rng : Generator
        For the random starts.
    rank : int, optional
        How many; None: the least number from which quality rises along a straight line.

    Returns
    -------
    Synergies

    Raises
    ------
    SchemaError
        With fewer than ``FEWEST_MUSCLES`` muscles, or a rank that these muscles cannot have.
    GapError
        If no stride has all muscles.

    Notes
    -----
    ``V = P M``, all not negative (Lee and Seung 1999), solved by scikit-learn. Rank: a line is fitted to quality
    over ranks k, k+1, ... up to three quarters of the muscles; the least k whose mean squared distance from it
    is ``STRAIGHT`` or less (Santuz et al. 2017). More than ``MOST_STRIDES`` strides are thinned evenly, phases to
    every ``EVERY``.
    """
    curves = require(curves, dims=("cycle", "phase", "site"), units="1", name="curves")
    n_sites = curves.sizes["site"]
    if n_sites < FEWEST_MUSCLES or (rank is not None and not 1 <= rank < n_sites):
        raise SchemaError(
            f"expected {FEWEST_MUSCLES} muscles or more and fewer synergies than muscles, found {n_sites} muscles "
            f"and rank {rank}; record more muscles of this leg"
        )
    whole = curves.isel(cycle=np.flatnonzero(~np.isnan(curves.values).any(axis=(1, 2))))
    if whole.sizes["cycle"] == 0:
        raise GapError("expected a stride in which every muscle was measured, found none; leave out the worst muscle")
    chosen = np.unique(np.linspace(0, whole.sizes["cycle"] - 1, MOST_STRIDES).round().astype(int))
    whole = whole.isel(cycle=chosen, phase=slice(None, None, EVERY))
    # zero-phase filters undershoot by a little
    values = np.maximum(whole.values, 0.0).reshape(-1, n_sites)
    ranks = [rank] if rank else list(range(1, n_sites - round(n_sites / 4) + 1))
    found = [factors(values, k, rng=rng) for k in ranks]
    quality = tuple(r2(values, p @ m) for p, m in found)
    best = 0 if rank else rank_of(quality) - 1
    return _labelled(whole, values, *found[best], quality)


def factors(values: FloatArray, rank: int, *, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Activations (sample, synergy) and weights (synergy, muscle), weights of length 1; the best of some starts.

    Parameters
    ----------
    values : array, shape (sample, muscle)
        Not negative.
    rank : int
    rng : Generator
    """
    import warnings

    # a second to load, which only EMG of many muscles needs
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    tries: list[tuple[float, FloatArray, FloatArray]] = []
    for seed in rng.integers(2**31, size=STARTS).tolist():
        model = NMF(rank, init="random", solver="cd", tol=TOLERANCE, max_iter=MOST_ITERATIONS, random_state=seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a start that is not done loses to one that is
            p = model.fit_transform(values)
        tries.append((float(model.reconstruction_err_), p, model.components_))
    _, p, m = min(tries, key=lambda tried: tried[0])
    length = np.linalg.norm(m, axis=1)
    length = np.where(length > 0, length, 1.0)
    return p * length, m / length[:, None]


def r2(values: FloatArray, made: FloatArray) -> float:
    """Share of the variance about the one mean of all samples and muscles that is made up.

    Parameters
    ----------
    values, made : arrays of one shape
    """
    return 1.0 - float(((values - made) ** 2).sum() / ((values - values.mean()) ** 2).sum())


def rank_of(quality: Sequence[float]) -> int:
    """The least number of synergies from which quality rises along a straight line.

    Parameters
    ----------
    quality : sequence of float
        R2 of 1, 2, ... synergies.
    """
    for first in range(len(quality) - 2):
        rest = np.asarray(quality[first:], dtype=np.float64)
        x = np.arange(rest.size)
        apart = rest - np.polyval(np.polyfit(x, rest, 1), x)
        if float(np.mean(apart**2)) <= STRAIGHT:
            return first + 1
    return max(1, len(quality) - 1)


def _labelled(
    whole: xr.DataArray, values: FloatArray, p: FloatArray, m: FloatArray, quality: tuple[float, ...]
) -> Synergies:
    made = p @ m
    n_cycle, n_phase, _ = whole.shape
    by_stride = p.reshape(n_cycle, n_phase, -1)
    order = np.argsort(by_stride.mean(axis=0).argmax(axis=0), kind="stable")
    names = np.arange(1, order.size + 1)
    power = (values**2).sum(axis=0)
    left_out = ((values - made) ** 2).sum(axis=0)
    coords = {"cycle": whole["cycle"], "phase": whole["phase"], "synergy": names}
    coords |= {"side": whole["side"]} if "side" in whole.coords else {}
    sites = {"site": whole["site"].values}
    return Synergies(
        weights=labelled(m[order], dims=("synergy", "site"), units="1", coords={"synergy": names} | sites),
        activations=labelled(by_stride[..., order], dims=("cycle", "phase", "synergy"), units="1", coords=coords),
        r2=r2(values, made),
        by_site=labelled(
            1 - left_out / np.where(power > 0, power, np.nan), dims=("site",), units="1", coords=dict(sites)
        ),
        r2_by_rank=quality,
    )
