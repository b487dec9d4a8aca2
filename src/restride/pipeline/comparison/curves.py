"""Curves of two recordings on one scale."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import xarray as xr

from restride import findings
from restride.findings.pairs import ACTIVITY_OF_ONE_STICKING, SHAPE
from restride.pipeline.analysis import Analysis
from restride.signals.schema import SIDES, labelled

Curves = Mapping[str, tuple[xr.DataArray, xr.DataArray]]

# what is laid over each other, in the order of the page
KINDS: Final = ("emg", "angles", "moments", "grf", "foot_pitch", "foot_lift")
ONE_REFERENCE: Final = "share of the highest peak of a mean stride, of both legs and both recordings"
OWN_MEAN: Final = "share of this leg's own mean in this recording; only the shape is compared"


def one_sticking(a: Analysis, b: Analysis, *, stated: bool = False) -> bool:
    """Whether no electrode was moved between two recordings, as far as anybody states it.

    Parameters
    ----------
    a, b : Analysis
    stated : bool
        Stated by who compares them.
    """
    named = [analysis.recording.conditions.electrodes for analysis in (a, b)]
    scaled = [analysis.emg_reference for analysis in (a, b)]
    if any(reference is None for reference in scaled):
        return False
    units = {str(reference.attrs["units"]) for reference in scaled if reference is not None}
    return (stated or (bool(named[0]) and named[0] == named[1])) and len(units) == 1


def on_one_scale(a: Analysis, b: Analysis, *, sticking: bool) -> tuple[Curves, str]:
    """The curves that both recordings hold, and the words for the axis of their EMG.

    Parameters
    ----------
    a, b : Analysis
    sticking : bool
        No electrode was moved: EMG is brought to one reference per site. Else each leg's
        EMG is divided by its own mean, which no gain of an electrode can change.
    """
    found: dict[str, tuple[xr.DataArray, xr.DataArray]] = {}
    for kind in KINDS:
        if kind not in a.curves or kind not in b.curves:
            continue
        if kind == "moments" and any(x.method.get("force", "").startswith("derived") for x in (a, b)):
            continue  # derived force tells moments too loosely
        found[kind] = _emg(a, b, sticking) if kind == "emg" else (a.curves[kind], b.curves[kind])
    return found, (ONE_REFERENCE if sticking else OWN_MEAN) if "emg" in found else ""


def of_session(session: Analysis, like: tuple[Analysis, Analysis], *, sticking: bool) -> Curves:
    """Curves of another session on the scale of a comparison; without EMG where its electrodes were others.

    Parameters
    ----------
    session : Analysis
    like : tuple of Analysis
        The two that are compared.
    sticking : bool
        As in ``on_one_scale``.
    """
    found = {kind: (session.curves[kind], session.curves[kind]) for kind in KINDS if kind in session.curves}
    if "emg" not in found:
        return found
    if not sticking:
        return found | {"emg": _emg(session, session, sticking=False)}
    if not one_sticking(session, like[0]):
        return {kind: pair for kind, pair in found.items() if kind != "emg"}
    scaled = _rescaled(session, _highest(*like))
    return found | {"emg": (scaled, scaled)}


def quantities(curves: Curves, *, sticking: bool) -> dict[str, findings.Quantity]:
    """Kind of curve to how it is spoken of, and to its floor.

    Parameters
    ----------
    curves : mapping of kind to pair of DataArray
    sticking : bool
    """
    found = {"emg": ACTIVITY_OF_ONE_STICKING if sticking else SHAPE, "angles": findings.ANGLE}
    if "grf" in curves:
        found["moments"] = max((findings.moment(grf) for grf in curves["grf"]), key=lambda q: q.floor)
    return found


def _emg(a: Analysis, b: Analysis, sticking: bool) -> tuple[xr.DataArray, xr.DataArray]:
    if sticking:
        highest = _highest(a, b)
        return _rescaled(a, highest), _rescaled(b, highest)
    return _by_own_mean(a.curves["emg"]), _by_own_mean(b.curves["emg"])


def _highest(a: Analysis, b: Analysis) -> xr.DataArray:
    """The higher reference of each site that both recorded."""
    assert a.emg_reference is not None  # ``one_sticking`` saw to it
    assert b.emg_reference is not None
    one, other = xr.align(a.emg_reference, b.emg_reference, join="inner")
    return one.copy(data=np.fmax(one.values, other.values))


def _rescaled(analysis: Analysis, highest: xr.DataArray) -> xr.DataArray:
    assert analysis.emg_reference is not None
    sites = [s for s in map(str, analysis.curves["emg"]["site"].values) if s in set(map(str, highest["site"].values))]
    curves = analysis.curves["emg"].sel(site=sites).transpose("cycle", "phase", "site")
    share = analysis.emg_reference.sel(site=sites).values / highest.sel(site=sites).values
    return labelled(curves.values * share, dims=("cycle", "phase", "site"), like=curves, units="1", name="emg")


def _by_own_mean(curves: xr.DataArray) -> xr.DataArray:
    curves = curves.transpose("cycle", "phase", "site")
    values = curves.values.copy()
    for side in SIDES:
        own = (curves["side"] == side).values
        if own.any():
            known = np.isfinite(values[own])
            total = np.where(known, values[own], 0.0).sum(axis=(0, 1))
            count = known.sum(axis=(0, 1))
            mean = np.divide(total, count, out=np.full(total.shape, np.nan), where=(count > 0) & (total > 0))
            values[own] = values[own] / mean
    return labelled(values, dims=("cycle", "phase", "site"), like=curves, units="1", name="emg")
