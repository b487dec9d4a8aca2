"""Bursts against what is held between them: phasic or tonic."""

from typing import Final

import numpy as np
import xarray as xr

from restride.findings.finding import Finding
from restride.findings.patterns.row import About, pattern
from restride.findings.statistics import difference_estimate
from restride.signals.schema import SIDES, labelled, require
from restride.signals.vocabulary import plain

# percentiles of a stride's envelope: held for nine tenths of the stride, and reached in a tenth of it
HELD, BURST = 10.0, 90.0
# a leg whose burst stays below this share of the reference is as good as silent, and what it holds is noise; ours
FAINTEST: Final = 0.25
# noise of skin and amplifier is held too, a few percent of a burst on one leg and more on the other; ours
FLOOR: Final = 0.15

# the inverse of less is a number of noise
LEAST_SPOKEN: Final = 0.02

METHOD: Final = (
    f"{HELD:.0f}th over {BURST:.0f}th percentile of the stride's envelope; one over it is the phasic-to-tonic ratio"
)


def tonic_share(curves: xr.DataArray) -> xr.DataArray:
    """What a muscle holds through the stride, as a share of its burst; one over it is the phasic-to-tonic ratio.

    Parameters
    ----------
    curves : DataArray, dims (cycle, phase, site), units "1"
        Envelopes in shares of one reference per site common to both legs.

    Returns
    -------
    DataArray, dims (cycle, site), units "1"
        From 0, nothing between bursts, to 1, no bursts. NaN for a stride with a gap, and for all strides of a
        leg whose median burst is below ``FAINTEST`` of the reference.

    Notes
    -----
    10th over 90th percentile of the stride. Ours: the ratio itself, 90th over 10th, has no upper end and hangs
    on the noise of a silent channel; its inverse is steady there. The noise of the channel counts as held.
    """
    curves = require(curves, dims=("cycle", "phase", "site"), units="1", name="curves")
    whole = ~np.isnan(curves.values).any(axis=1)
    filled = np.where(whole[:, None], curves.values, 0.0)
    held, burst = np.percentile(filled, [HELD, BURST], axis=1)
    share = np.where(whole & (burst > 0), np.maximum(held, 0.0) / np.where(burst > 0, burst, 1.0), np.nan)
    for leg in SIDES:
        own = curves["side"].values == leg
        for j in range(share.shape[1]):
            present = own & whole[:, j]
            if not present.any() or np.median(burst[present, j]) < FAINTEST:
                share[own, j] = np.nan
    return labelled(share, dims=("cycle", "site"), units="1", like=curves, name="tonic_share")


def tonic_rows(curves: xr.DataArray) -> list[Finding]:
    """Left against right: what each muscle holds through the stride, as a share of its burst.

    Parameters
    ----------
    curves : DataArray, dims (cycle, phase, site), units "1"

    Returns
    -------
    list of Finding
        Of muscles whose bursts are strong enough on both legs.
    """
    shares = tonic_share(curves)
    rows = []
    for site in map(str, shares["site"].values):
        left, right = (shares.sel(site=site).values[shares["side"].values == leg] for leg in SIDES)
        if np.isnan(left).all() or np.isnan(right).all():
            continue
        this, other = float(np.nanmean(left)), float(np.nanmean(right))
        rows.append(
            pattern(
                About(f"{plain(site)}, held between bursts", site),
                values=(this, other),
                estimate=difference_estimate(left, right),
                floor=FLOOR,
                method=f"{METHOD}; mean over strides, pooled t interval",
                sentence=f"{plain(site)}: through the stride the left leg holds {_held(this)}, the right leg "
                f"{_held(other)}",
            )
        )
    return rows


def _held(share: float) -> str:
    """A share in words, with its inverse where that is a number to speak of."""
    ratio = f" (phasic to tonic {1 / share:.0f} to 1)" if share >= LEAST_SPOKEN else ""
    return f"{100 * share:.0f} % of its burst{ratio}"
