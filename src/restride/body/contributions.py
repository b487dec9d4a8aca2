"""Which muscles turn a joint which way, and how hard: moments of opposing groups.

A muscle's moment is its activation times what it could give there and then
(``Required.moment_capacity``); passive fibres are left out, because they are no activity.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import xarray as xr

from restride.body.required import Required
from restride.errors import SchemaError
from restride.signals.schema import FloatArray, labelled
from restride.signals.vocabulary import SITES, SUFFIX, without_side

# joint -> what a negative and a positive moment of its coordinate does
OPPOSED: Final[Mapping[str, tuple[str, str]]] = {
    "hip_flexion": ("hip_extension", "hip_flexion"),
    "knee_angle": ("knee_extension", "knee_flexion"),
    "ankle_angle": ("ankle_plantarflexion", "ankle_dorsiflexion"),
}
# newton metres at full activation: less is no muscle of this joint
LEAST_N_M: Final = 1.0
_BETWEEN: Final = ":"


def capacities(found: Required, *, sites: Sequence[str]) -> xr.DataArray:
    """What each muscle beneath some electrodes could turn hip, knee and ankle with, frame by frame.

    Parameters
    ----------
    found : Required
    sites : sequence of str
        Names of ``signals.vocabulary.SITES``.

    Returns
    -------
    DataArray, dims (time, pull), units "N m"
        Moment at full activation, in the sign of the coordinate; ``pull`` is called ``knee_angle:vaslat_l``.
        Only muscles that turn the joint at all. NaN where the leg's moments were not measured.
    """
    beneath = {muscle for site in sites for muscle in SITES[site]}
    able = found.moment_capacity.transpose("time", "side", "joint", "muscle")
    known = ~np.isnan(found.demand.transpose("time", "side", "joint").values).any(axis=-1)
    names: list[str] = []
    columns: list[FloatArray] = []
    for muscle in (str(m) for m in able["muscle"].values if str(m) in beneath):
        for joint in OPPOSED:
            values = able.sel(muscle=muscle, joint=joint).values
            if np.abs(values).max(initial=0.0) < LEAST_N_M:
                continue
            for k, side in enumerate(map(str, able["side"].values)):
                names.append(f"{joint}{_BETWEEN}{muscle}{SUFFIX['left' if side == 'left' else 'right']}")
                columns.append(np.where(known[:, k], values[:, k], np.nan))
    stacked = np.stack(columns, axis=1) if columns else np.empty((able.sizes["time"], 0))
    coords = {"time": able["time"].values, "pull": names}
    return labelled(stacked, dims=("time", "pull"), units="N m", coords=coords, name="capacity")


def opposed(activation: xr.DataArray, capacity: xr.DataArray) -> xr.DataArray:
    """The moments with which opposing muscles pull against each other at hip, knee and ankle.

    Parameters
    ----------
    activation : DataArray, dims (cycle, phase, muscle), units "1"
        From 0 to 1, muscles without side; muscles that are not in it count as silent.
    capacity : DataArray, dims (cycle, phase, pull), units "N m"
        As from ``capacities``, cut into the same strides.

    Returns
    -------
    DataArray, dims (cycle, phase, direction), units "N m"
        ``hip_extension``, ``hip_flexion``, ``knee_extension``, ...: each the sum over the muscles that pull
        that way, never negative. Only joints with a muscle on either side; NaN where a muscle that could
        pull was not known.

    Raises
    ------
    SchemaError
        If the strides differ.
    """
    if list(activation["cycle"].values) != list(capacity["cycle"].values):
        raise SchemaError("expected activation and capacity of the same strides, found others; cut both from one table")
    muscles = [str(m) for m in activation["muscle"].values]
    a = activation.transpose("cycle", "phase", "muscle").values
    able = capacity.transpose("cycle", "phase", "pull").values
    sums: dict[str, FloatArray] = {}
    for column, name in enumerate(map(str, capacity["pull"].values)):
        joint, muscle = without_side(name).split(_BETWEEN)
        if muscle not in muscles:
            continue
        moment = a[..., muscles.index(muscle)] * able[..., column]
        for direction, pulled in zip(OPPOSED[joint], (np.maximum(-moment, 0.0), np.maximum(moment, 0.0)), strict=True):
            sums[direction] = sums.get(direction, 0.0) + pulled
    # without a muscle on either side nothing is opposed
    kept = [d for pair in OPPOSED.values() if all(np.nansum(sums.get(d, 0.0)) > 0 for d in pair) for d in pair]
    values = np.stack([sums[d] for d in kept], axis=-1) if kept else np.empty((*a.shape[:2], 0))
    coords = {"cycle": capacity["cycle"], "phase": capacity["phase"], "side": capacity["side"], "direction": kept}
    return labelled(values, dims=("cycle", "phase", "direction"), units="N m", coords=coords, name="opposed")
