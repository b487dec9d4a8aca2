"""One shared scale per muscle for both legs, so that a quiet leg stays quiet."""

from collections.abc import Mapping
from typing import Final, Literal

import numpy as np
import xarray as xr

from restride.errors import SchemaError
from restride.signals.schema import SIDES, FloatArray, labelled, require

Reference = Literal["task_maximum_both_sides", "own_side"]

AXES: Final = {
    "task_maximum_both_sides": "share of the higher leg's peak in its mean stride",
    "own_side": "share of this leg's own peak in its mean stride",
    "stated": "share of the stated maximum voluntary contraction",
}


def scaled(
    curves: xr.DataArray, *, reference: Reference | Mapping[str, float] = "task_maximum_both_sides"
) -> tuple[xr.DataArray, str]:
    """Envelopes as shares of one reference per site, the same for both legs and all strides.

    Parameters
    ----------
    curves : DataArray, dims (cycle, phase, channel), units "V", "unstated" or "1"
        As from ``cycles.by_leg`` of an envelope: ``channel`` holds sites, ``cycle`` carries
        ``side``. Unusable channels are NaN or left out.
    reference : {"task_maximum_both_sides", "own_side"} or mapping of site to float
        ``"task_maximum_both_sides"``: the peak of the mean stride of whichever leg has the
        higher one. A mapping: stated maximum voluntary contractions, in the unit of ``curves``,
        one value per site for both legs. ``"own_side"``: each leg's own peak; only for a recording
        of one leg.

    Returns
    -------
    DataArray, dims (cycle, phase, channel), units "1"
        Single strides may exceed 1. NaN for a site without a reference above 0.
    str
        The words for the axis.

    Raises
    ------
    SchemaError
        If ``reference`` is "own_side" and both legs were recorded: scaling each leg by
        itself makes a paralysed muscle look as active as a healthy one. Also if a mapping
        lacks a site or holds a value that is not positive.
    """
    divisor = references(curves, reference=reference)
    words = AXES["stated" if isinstance(reference, Mapping) else reference]
    curves = curves.transpose("cycle", "phase", "channel")
    out = labelled(
        curves.values / divisor.values,
        dims=("cycle", "phase", "channel"),
        like=curves,
        units="1",
        name=str(curves.name or "emg"),
    )
    return out, words


def references(
    curves: xr.DataArray, *, reference: Reference | Mapping[str, float] = "task_maximum_both_sides"
) -> xr.DataArray:
    """What ``scaled`` divides by: one value per site, for both legs.

    Parameters
    ----------
    curves, reference
        As in ``scaled``, which also says what is raised.

    Returns
    -------
    DataArray, dims (channel,), unit of ``curves``
        NaN for a site without a reference above 0.
    """
    curves = require(curves, dims=("cycle", "phase", "channel"), units=("V", "unstated", "1"), name="curves")
    if isinstance(reference, Mapping):
        values = _stated([str(c) for c in curves["channel"].values], reference)
    else:
        if reference == "own_side" and len(_sides_measured(curves)) > 1:
            raise SchemaError(
                "expected one scale for both legs, found reference='own_side' with both legs recorded: it would make "
                "a silent muscle look as active as the other leg's; use 'task_maximum_both_sides' or stated maxima"
            )
        values = _task_maximum(curves)
    return labelled(
        np.where(values > 0, values, np.nan),
        dims=("channel",),
        units=str(curves.attrs["units"]),
        coords={"channel": curves["channel"].values},
        name="reference",
    )


def _task_maximum(curves: xr.DataArray) -> FloatArray:
    """For each site the higher of the two legs' peaks of the mean stride; NaN if nothing was measured."""
    best = np.full(curves.sizes["channel"], np.nan)
    for side in SIDES:
        own = curves.values[(curves["side"] == side).values]
        seen = ~np.isnan(own)
        count = seen.sum(axis=0)
        mean = np.where(count > 0, np.where(seen, own, 0.0).sum(axis=0) / np.maximum(count, 1), -np.inf)
        peak = mean.max(axis=0)
        best = np.fmax(best, np.where(np.isfinite(peak), peak, np.nan))
    return best


def _sides_measured(curves: xr.DataArray) -> list[str]:
    return [s for s in SIDES if not np.isnan(curves.values[(curves["side"] == s).values]).all()]


def _stated(sites: list[str], reference: Mapping[str, float]) -> FloatArray:
    missing = [s for s in sites if s not in reference]
    wrong = [s for s in sites if s in reference and not reference[s] > 0]
    if missing or wrong:
        raise SchemaError(f"expected a maximum above 0 for each site, missing {missing}, not positive {wrong}")
    return np.array([reference[s] for s in sites], dtype=np.float64)
