"""Muscle synergies in words and numbers."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from restride.chapters.chapter import Measure, Whose
from restride.emg import Synergies, synergies
from restride.emg.synergies import FEWEST_MUSCLES
from restride.errors import GapError
from restride.findings.patterns.alike import METHOD, Alike, alike
from restride.signals.recording import Side
from restride.signals.schema import SIDES

# a muscle that was measured in fewer of a leg's strides would cost the others those strides; ours
MEASURED_IN: Final = 0.5
NO_INTERVAL: Final = "one factorisation of all strides"


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """Synergies of the legs that have enough muscles; ``pair`` where both have."""

    by_leg: dict[Side, Synergies]
    strides: dict[Side, int]
    pair: Alike | None


def shared(emg: xr.DataArray, *, rng: np.random.Generator) -> Shared | None:
    """Synergies of each leg with enough muscles, paired where both have; None where none has.

    Parameters
    ----------
    emg : DataArray, dims (cycle, phase, site), units "1"
    rng : Generator
    """
    legs = {leg: emg.isel(cycle=np.flatnonzero(emg["side"].values == leg)) for leg in SIDES}
    sites = {leg: _measured(own) for leg, own in legs.items()}
    both = [s for s in sites["left"] if s in sites["right"]]
    strides = {leg: own.sizes["cycle"] for leg, own in legs.items()}
    try:
        if len(both) >= FEWEST_MUSCLES:
            pair = alike(*(legs[leg].sel(site=both) for leg in SIDES), rng=rng)
            return Shared({"left": pair.left, "right": pair.right}, strides, pair)
        own = {
            leg: synergies(legs[leg].sel(site=sites[leg]), rng=rng)
            for leg in SIDES
            if len(sites[leg]) >= FEWEST_MUSCLES
        }
    except GapError:  # no stride has all muscles
        return None
    return Shared(own, strides, None) if own else None


def synergy_sentences(found: Shared | None) -> list[str]:
    """How few patterns each leg's activity is made of, and how alike the legs are.

    Parameters
    ----------
    found : Shared or None
    """
    if found is None:
        return []
    if found.pair is None:
        return [
            f"The {leg} leg's activity is made of {own.rank} patterns ({100 * own.r2:.0f} % of its variance)."
            for leg, own in found.by_leg.items()
        ]
    pair = found.pair
    left, right = pair.ranks
    number = f"{left} patterns on either leg" if left == right else f"{left} patterns on the left, {right} on the right"
    itself = f"one leg with itself {pair.itself:.2f}, " if np.isfinite(pair.itself) else ""
    return [
        f"The activity of {pair.left.weights.sizes['site']} muscles is made of {number}. The muscles that work "
        f"together on the left and on the right are {pair.weights:.2f} alike, of 1 at most ({itself}by chance "
        f"{pair.weights_chance:.2f})."
    ]


def synergy_measures(found: Shared | None) -> list[Measure]:
    """The numbers behind the sentence.

    Parameters
    ----------
    found : Shared or None
    """
    if found is None:
        return []
    out = []
    for leg, own in found.by_leg.items():
        rank = own.rank if found.pair is None else found.pair.ranks[SIDES.index(leg)]
        least = float(own.by_site.min())
        out += [
            _measure("synergies that make up the activity", leg, rank, found, "counts"),
            _measure(f"variance that {own.rank} synergies make up (R2)", leg, own.r2, found),
            _measure(f"power that {own.rank} synergies make up of the muscle they fit worst", leg, least, found),
        ]
    if found.pair is not None:
        pair = found.pair
        named = {
            "likeness of the synergies' weights between the legs": pair.weights,
            "the same by chance (95th percentile)": pair.weights_chance,
            "likeness of the synergies' patterns between the legs": pair.activations,
            "the same of patterns by chance (95th percentile)": pair.activations_chance,
            "likeness of weights of odd and even strides of one leg": pair.itself,
        }
        out += [_measure(name, "both", value, found, method=METHOD) for name, value in named.items()]
    return out


def _measured(own: xr.DataArray) -> list[str]:
    """Sites that were measured in most of these strides."""
    if not own.sizes["cycle"]:
        return []
    whole = ~np.isnan(own.transpose("cycle", "phase", "site").values).any(axis=1)
    return [str(s) for s, share in zip(own["site"].values, whole.mean(axis=0), strict=True) if share > MEASURED_IN]


def _measure(name: str, side: Whose, value: float, found: Shared, units: str = "1", *, method: str = "") -> Measure:
    n = sum(found.strides.values()) if side == "both" else found.strides["left" if side == "left" else "right"]
    words = method or next(iter(found.by_leg.values())).method
    return Measure(f"muscle synergies: {name}", side, float(value), units, None, NO_INTERVAL, n, "strides", words)
