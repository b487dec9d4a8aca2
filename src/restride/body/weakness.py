"""What if a group of muscles were weaker: who must answer, and when the movement becomes impossible.

The movement stays as it was measured. A person would also move differently, so a sweep says
what *this* movement would ask of the others, and what nobody could supply.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import xarray as xr

from restride.body.model import MuscleSet
from restride.body.redundancy import solve
from restride.body.required import LAWS, Effort
from restride.body.task import JOINTS, MUSCLES, Task, muscles_by_leg, supply
from restride.signals.schema import SIDES, FloatArray, labelled

# every muscle of the leg in one group: groups that hold one another could not be told apart. Drawn along
# nerves and what one muscle can do for the next
WEAK_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "dorsiflexors": ("tibant", "edl", "ehl"),
    "evertors": ("perlong", "perbrev"),
    "triceps_surae": ("soleus", "gasmed", "gaslat"),
    "deep_plantarflexors": ("tibpost", "fdl", "fhl"),
    "vasti": ("vaslat", "vasmed", "vasint"),
    "rectus_femoris": ("recfem",),
    "hamstrings": ("bflh", "bfsh", "semimem", "semiten"),
    "hip_adductors": ("addbrev", "addlong", "addmagDist", "addmagIsch", "addmagMid", "addmagProx", "grac"),
    "iliopsoas_and_sartorius": ("iliacus", "psoas", "sart"),
    "gluteus_maximus": ("glmax1", "glmax2", "glmax3"),
    "gluteus_medius_and_minimus": ("glmed1", "glmed2", "glmed3", "glmin1", "glmin2", "glmin3", "piri"),
    "tensor_fasciae_latae": ("tfl",),
}


def weakened(legs: MuscleSet, groups: Sequence[str], shares: Sequence[float]) -> MuscleSet:
    """Both legs with each group at each share of its strength: one set of muscles for every pair.

    Parameters
    ----------
    legs : MuscleSet
        As from ``muscles_by_leg``; arrays (side, muscle).
    groups : sequence of str
        Names of ``WEAK_GROUPS``.
    shares : sequence of float
        1: as strong as before.

    Returns
    -------
    MuscleSet
        Strength of shape (group x share, 1, side, muscle), shares running faster.
    """
    factor = np.ones((len(groups), len(shares), len(MUSCLES)))
    for i, group in enumerate(groups):
        own = [MUSCLES.index(m) for m in WEAK_GROUPS[group]]
        factor[i][:, own] = np.asarray(shares)[:, None]
    return replace(legs, max_isometric_force=legs.max_isometric_force * factor.reshape(-1, 1, 1, len(MUSCLES)))


def sweep(
    given: Task,
    muscles: MuscleSet,
    *,
    groups: Sequence[str] = tuple(WEAK_GROUPS),
    shares: Sequence[float] = (0.8, 0.6, 0.4, 0.2, 0.05),
    effort: Effort = "squared",
) -> xr.Dataset:
    """The same movement with each group weakened in turn.

    Parameters
    ----------
    given : Task
    muscles : MuscleSet
        Of the body.
    groups, shares
        As in ``weakened``.
    effort : {"squared", "cubed"}

    Returns
    -------
    Dataset, dims (group, share, side, muscle or joint)
        ``change``: mean activation of each muscle over the frames, less that of the body as it is (1).
        ``effort``: sum of squared activations over that of the body as it is (1). ``missing``: the largest
        moment that nobody can supply about each joint, N m. NaN for a leg without moments.
    """
    legs = muscles_by_leg(muscles)
    plain, _ = activations(given, legs, effort=effort)
    active, missing = activations(given, weakened(legs, groups, shares), effort=effort)
    shape = (len(groups), len(shares))
    known = np.where(given.known, 1.0, np.nan)
    change = np.nanmean((active - plain) * known[..., None], axis=1)
    ratio = np.nansum(active**2 * known[..., None], axis=(1, 3)) / np.nansum(plain**2 * known[..., None], axis=(0, 2))
    worst = np.nanmax(np.abs(missing) * known[..., None], axis=1)
    base: dict[str, object] = {"group": list(groups), "share": list(shares), "side": list(SIDES)}

    def given_back(values: FloatArray, dims: tuple[str, ...], units: str, **more: object) -> xr.DataArray:
        return labelled(values.reshape(*shape, *values.shape[1:]), dims=dims, units=units, coords=base | more)

    return xr.Dataset(
        {
            "change": given_back(change, ("group", "share", "side", "muscle"), "1", muscle=list(MUSCLES)),
            "effort": given_back(ratio, ("group", "share", "side"), "1"),
            "missing": given_back(worst, ("group", "share", "side", "joint"), "N m", joint=list(JOINTS)),
        }
    )


def underdriven(
    given: Task, legs: MuscleSet, groups: Sequence[str], shares: Sequence[float], *, effort: Effort = "squared"
) -> FloatArray:
    """Activations when each group is driven to each share of what it would do, and the others meet the rest.

    Parameters
    ----------
    given : Task
    legs : MuscleSet
        Arrays (side, muscle).
    groups, shares
        As in ``weakened``: here the muscles have their strength, and the command does not reach them.
    effort : {"squared", "cubed"}

    Returns
    -------
    array, shape (group x share, time, side, muscle)
        Shares running faster.
    """
    could = supply(given, legs)
    rows = could.moments.reshape(-1, *could.moments.shape[-2:]), could.demand.reshape(-1, len(JOINTS))
    before = solve(*rows, LAWS[effort])
    driven = np.zeros((len(groups), len(shares), 1, len(MUSCLES)))
    for i, group in enumerate(groups):
        own = [MUSCLES.index(m) for m in WEAK_GROUPS[group]]
        driven[i, ..., own] = np.asarray(shares)[None, :, None]
    held = driven.reshape(-1, 1, len(MUSCLES)) * before.activation
    others = np.where(driven.reshape(-1, 1, 1, len(MUSCLES)) > 0, 0.0, rows[0])
    rest = rows[1] - np.einsum("rjm,srm->srj", rows[0], held)
    start = np.tile(before.price, (len(held), 1))
    found = solve(others.reshape(-1, *rows[0].shape[1:]), rest.reshape(-1, len(JOINTS)), LAWS[effort], start=start)
    done = np.where(driven.reshape(-1, 1, len(MUSCLES)) > 0, held, found.activation.reshape(held.shape))
    return done.reshape(-1, *could.able.active.shape)


def activations(
    given: Task, legs: MuscleSet, *, effort: Effort = "squared", uncertain: FloatArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Activations of least effort and moments nobody supplies, for one or many sets of muscles.

    Parameters
    ----------
    given : Task
    legs : MuscleSet
        As ``supply`` takes it.
    effort : {"squared", "cubed"}
    uncertain : array, shape (..., time, side, joint), N m, optional
        Added to the moments.

    Returns
    -------
    tuple of array, shapes (..., time, side, muscle) and (..., time, side, joint)
    """
    could = supply(given, legs)
    demand = could.demand if uncertain is None else could.demand + np.where(given.known[..., None], uncertain, 0.0)
    A, b = could.moments.reshape(-1, *could.moments.shape[-2:]), demand.reshape(-1, len(JOINTS))
    # muscles that differ a little share out the work much alike: the first set's answer starts all the others
    one = given.time_s.size * given.known.shape[1]
    first = solve(A[:one], b[:one], LAWS[effort])
    found = solve(A, b, LAWS[effort], start=np.tile(first.price, (len(b) // one, 1)))
    return found.activation.reshape(could.able.active.shape), found.miss.reshape(demand.shape)
