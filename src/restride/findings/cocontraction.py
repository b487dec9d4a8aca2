"""Antagonists at work together, as curves that the other findings can take."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import xarray as xr

from restride.signals.schema import FloatArray, labelled

HAMSTRINGS: Final = ("biceps_femoris", "medial_hamstrings", "semitendinosus", "semimembranosus")
# joint -> the two groups of electrode sites that oppose each other there
ANTAGONISTS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "thigh_cocontraction": (("rectus_femoris", "vastus_lateralis", "vastus_medialis"), HAMSTRINGS),
    "shank_cocontraction": (
        ("tibialis_anterior",),
        ("soleus", "gastrocnemius", "gastrocnemius_medialis", "gastrocnemius_lateralis"),
    ),
    "hip_cocontraction": (
        ("gluteus_maximus", *HAMSTRINGS),
        ("iliopsoas", "rectus_femoris", "tensor_fasciae_latae", "sartorius"),
    ),
}


def cocontraction(curves: xr.DataArray) -> xr.DataArray:
    """The activity that opposing groups share at each moment: the smaller of their means.

    Parameters
    ----------
    curves : DataArray, dims (cycle, phase, site), units "1"
        EMG in shares of one reference per site common to both legs.

    Returns
    -------
    DataArray, dims (cycle, phase, site), units "1"
        ``thigh_cocontraction``, ``shank_cocontraction`` and ``hip_cocontraction``, only where both groups hold at
        least one measured site; NaN where a group of that leg was not measured.

    Notes
    -----
    The overlap of two envelopes after Falconer and Winter 1985, kept as a curve instead of
    one ratio per stride, so that it keeps its place in the stride. Rudolph et al. 2001 weigh the same overlap
    by the sum of both envelopes; that number has no place and no upper end, so it is not used.
    """
    found: dict[str, FloatArray] = {}
    sites = set(map(str, curves["site"].values))
    for name, groups in ANTAGONISTS.items():
        members = [[s for s in group if s in sites] for group in groups]
        if all(members):
            means = [
                _mean_of_present(curves.sel(site=group).transpose("cycle", "phase", "site").values) for group in members
            ]
            found[name] = np.minimum(*means)
    values = np.stack(list(found.values()), axis=-1) if found else np.empty((*_size(curves), 0))
    coords = {"cycle": curves["cycle"], "phase": curves["phase"], "side": curves["side"], "site": list(found)}
    return labelled(values, dims=("cycle", "phase", "site"), coords=coords, units="1", name="cocontraction")


def _mean_of_present(values: FloatArray) -> FloatArray:
    present = ~np.isnan(values)
    count = present.sum(axis=-1)
    total = np.where(present, values, 0.0).sum(axis=-1)
    mean: FloatArray = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return mean


def _size(curves: xr.DataArray) -> tuple[int, int]:
    return curves.sizes["cycle"], curves.sizes["phase"]
