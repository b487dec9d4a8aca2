"""Measured against required: what each muscle did beyond, or short of, what the movement asked.

The two come in different units: EMG as a share of a reference, required activation as a
share of full activation. One gain per site, common to both legs, puts them on one axis;
what is wrong with electrode and model alike on both legs then cancels in the difference
between the legs, and that difference is the part that says something (``unexplained``).
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
import xarray as xr

from restride.findings.finding import Finding
from restride.findings.sides import UNEXPLAINED, sides
from restride.findings.statistics import Estimate, Window, mean_estimate
from restride.signals.recording import Side
from restride.signals.schema import SIDES, FloatArray, labelled
from restride.signals.vocabulary import plain

# filters and plate edges take a few percent of a stride's required curve
COVERED: Final = 0.9


def matched(required: xr.DataArray, emg: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
    """Required activation on the EMG's axis, and the gain of each site.

    Parameters
    ----------
    required : DataArray, dims (cycle, phase, site), units "1"
    emg : DataArray, the same dims and cycles, units "1"
        Both cut from the same strides; NaN where not measured.

    Returns
    -------
    tuple of DataArray
        ``required`` times the gain, and the gains (site,). The gain is the least-squares
        factor without offset over all strides of both legs that have both curves; NaN where
        a site was not measured or never required.
    """
    sites = [s for s in map(str, emg["site"].values) if s in set(map(str, required["site"].values))]
    r = required.sel(site=sites).transpose("cycle", "phase", "site").values
    m = emg.sel(site=sites).transpose("cycle", "phase", "site").values
    both = ~(np.isnan(r) | np.isnan(m))
    weight = np.where(both, r, 0.0)
    power = (weight**2).sum(axis=(0, 1))
    gain = np.where(
        power > 0, (weight * np.where(both, m, 0.0)).sum(axis=(0, 1)) / np.where(power > 0, power, 1), np.nan
    )
    coords = {"cycle": emg["cycle"], "phase": emg["phase"], "side": emg["side"], "site": sites}
    scaled = labelled(r * gain, dims=("cycle", "phase", "site"), coords=coords, units="1", name="required")
    return scaled, labelled(gain, dims=("site",), coords={"site": sites}, units="1", name="gain")


def unexplained(emg: xr.DataArray, required: xr.DataArray) -> xr.DataArray:
    """EMG minus required on one axis, per stride; positive: more than the movement asked.

    Parameters
    ----------
    emg, required : DataArray, dims (cycle, phase, site), units "1"
        ``required`` as it comes from ``matched``.
    """
    common = emg.sel(site=required["site"].values)
    return labelled(
        common.transpose("cycle", "phase", "site").values - required.transpose("cycle", "phase", "site").values,
        dims=("cycle", "phase", "site"),
        like=required,
        units="1",
        name="unexplained",
    )


def against_required(emg: xr.DataArray, required: xr.DataArray, windows: Iterable[Window]) -> list[Finding]:
    """Rows per muscle: how well shape follows, the excess per window, and left against right.

    Parameters
    ----------
    emg, required : DataArray, dims (cycle, phase, site), units "1"
        ``required`` as it comes from ``matched``.
    windows : iterable of Window
    """
    chosen = tuple(windows)
    excess = unexplained(emg, required)
    rows = sides(excess, chosen, quantity=UNEXPLAINED)
    for site in map(str, required["site"].values):
        for side in SIDES:
            here = emg["side"].values == side
            m, r, e = (_of(curves, site, here) for curves in (emg, required, excess))
            if not np.isnan(e).all():
                rows.append(_agreement(site, side, m, r))
                rows += [x for w in chosen[1:] if (x := _excess(site, side, m, r, w)) is not None]
    return rows


def agreement(measured: FloatArray, required: FloatArray) -> float:
    """Pearson correlation of the mean curves; NaN without a stride that has both, or without variation.

    Parameters
    ----------
    measured, required : array, shape (cycle, phase)
        Only strides with at least ``COVERED`` of their phases in both curves count, and of
        those the phases that all of them have.
    """
    present = ~(np.isnan(measured) | np.isnan(required))
    strides = present.mean(axis=1) >= COVERED
    phases = present[strides].all(axis=0)
    if not strides.any() or phases.sum() < COVERED * phases.size:
        return float("nan")
    m, r = measured[strides][:, phases].mean(axis=0), required[strides][:, phases].mean(axis=0)
    return float("nan") if m.std() == 0 or r.std() == 0 else float(np.corrcoef(m, r)[0, 1])


def _agreement(site: str, side: Side, m: FloatArray, r: FloatArray) -> Finding:
    value = agreement(m, r)
    n = int((~np.isnan(m).any(axis=1)).sum())
    return Finding(
        topic="required",
        name=f"{plain(site)}, likeness of measured and required",
        what=site,
        side=side,
        value=value,
        units="1",
        window=(0.0, 100.0),
        window_name="whole stride",
        this=value,
        other=1.0,
        interval=None,
        interval_reason="a correlation of two mean curves has no interval over strides here",
        n=(n, 0),
        method="Pearson correlation of the mean curves at the plan's one delay",
        compared_with="required by this motion",
        strength=0.0,
        sentence=f"{side} {plain(site)}: measured follows required with r = {value:.2f}.",
    )


def _excess(site: str, side: Side, m: FloatArray, r: FloatArray, window: Window) -> Finding | None:
    phase = np.linspace(0.0, 100.0, m.shape[1])
    inside = (phase >= window.start) & (phase <= window.end)
    did, asked = m[:, inside].mean(axis=1), r[:, inside].mean(axis=1)
    both = ~np.isnan(did - asked)
    if not both.any():
        return None
    did, asked = did[both], asked[both]
    estimate: Estimate = mean_estimate(did - asked)
    words = "more" if estimate.value > 0 else "less"
    return Finding(
        topic="required",
        name=f"{plain(site)}, beyond required",
        what=site,
        side=side,
        value=estimate.value,
        units="1",
        window=(window.start, window.end),
        window_name=window.name,
        this=float(did.mean()),
        other=float(asked.mean()),
        interval=estimate.interval,
        interval_reason=estimate.reason,
        n=estimate.n,
        method="measured minus required, one gain per site common to both legs; t interval over strides",
        compared_with="required by this motion",
        # least effort is one choice among many that supply the same moments: one muscle on one
        # leg never makes a firm sentence by itself; the difference between the legs does
        strength=0.0,
        sentence=(
            f"{side} {plain(site)}, {window.name}: {abs(estimate.value):.2f} {words} of the reference "
            "than this motion required."
        ),
    )


def _of(curves: xr.DataArray, site: str, here: np.ndarray) -> FloatArray:
    values: FloatArray = curves.sel(site=site).transpose("cycle", "phase").values[here]
    return values
