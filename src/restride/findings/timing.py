"""When a muscle fires: each stride's burst against the common shape, left against right."""

from typing import Final

import numpy as np
import xarray as xr

from restride.findings.finding import Finding
from restride.findings.sides import strength
from restride.findings.statistics import difference_estimate
from restride.signals.schema import FloatArray
from restride.signals.vocabulary import plain

# below this a stride's curve does not look like the common shape, and a lag means nothing
SHAPE_R: Final = 0.6
# in percent of the stride: onset detectors and envelopes repeat to about this
FLOOR_PERCENT: Final = 3.0
LARGEST_LAG_PERCENT: Final = 25


def timing(curves: xr.DataArray) -> list[Finding]:
    """How much later the left leg's muscles fire than the right's, in percent of the stride.

    Parameters
    ----------
    curves : DataArray, dims (cycle, phase, site), with coordinate ``side``; 101 phases

    Returns
    -------
    list of Finding
        One row per site with both legs; positive: left is later. Without an interval,
        and with the reason, where the strides' shapes are too different to compare.

    Notes
    -----
    The lag of each stride is the circular shift that correlates best with the mean of
    both legs' mean curves, within a quarter of the stride, refined by a parabola.
    """
    rows = []
    side = curves["side"].values
    for site in map(str, curves["site"].values):
        values = curves.sel(site=site).transpose("cycle", "phase").values[:, :100]
        whole = ~np.isnan(values).any(axis=1)
        left, right = values[whole & (side == "left")], values[whole & (side == "right")]
        if left.size and right.size:
            rows.append(_row(site, left, right))
    return rows


def lags(curves: FloatArray, shape: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Circular lag of each curve behind ``shape`` in samples, and the correlation there.

    Parameters
    ----------
    curves : array, shape (cycle, phase)
    shape : array, shape (phase,)

    Returns
    -------
    lag, r : arrays, shape (cycle,)
        Lag positive where a curve is late; r is the correlation at the best whole lag.
    """
    a = curves - curves.mean(axis=1, keepdims=True)
    b = shape - shape.mean()
    size = np.linalg.norm(a, axis=1, keepdims=True) * np.linalg.norm(b)
    spectrum = np.fft.rfft(a, axis=1) * np.conj(np.fft.rfft(b))
    r = np.fft.irfft(spectrum, n=b.size, axis=1) / np.where(size > 0, size, np.inf)
    reach = LARGEST_LAG_PERCENT * b.size // 100
    offsets = np.arange(-reach, reach + 1)
    near = r[:, offsets % b.size]
    best = near.argmax(axis=1)
    rows = np.arange(near.shape[0])
    before, here, after = (near[rows, np.clip(best + d, 0, offsets.size - 1)] for d in (-1, 0, 1))
    curvature = before - 2 * here + after
    refine = np.where(curvature < 0, 0.5 * (before - after) / np.where(curvature < 0, curvature, -1.0), 0.0)
    lag: FloatArray = offsets[best] + np.clip(refine, -0.5, 0.5)
    return lag, here


def _row(site: str, left: FloatArray, right: FloatArray) -> Finding:
    shape = (unit_shape(left) + unit_shape(right)) / 2
    (late_left, r_left), (late_right, r_right) = lags(left, shape), lags(right, shape)
    percent = 100.0 / left.shape[1]
    estimate = difference_estimate(late_left * percent, late_right * percent)
    alike = min(float(np.median(r_left)), float(np.median(r_right))) >= SHAPE_R
    reason = estimate.reason if alike else "the two legs' shapes differ too much to speak of early or late"
    title = f"{plain(site)}, timing"
    words = "later" if estimate.value > 0 else "earlier"
    text = f"{title}: left {abs(estimate.value):.1f} % of the stride {words} than right"
    return Finding(
        topic="timing",
        name=title,
        what=site,
        side="left",
        value=estimate.value,
        units="% of stride",
        window=(0.0, 100.0),
        window_name="whole stride",
        this=float(late_left.mean() * percent),
        other=float(late_right.mean() * percent),
        interval=estimate.interval if alike else None,
        interval_reason=reason,
        n=estimate.n,
        method="circular cross-correlation of each stride with the mean of both legs; pooled t interval",
        compared_with="right leg",
        strength=strength(estimate, floor=FLOOR_PERCENT, span=LARGEST_LAG_PERCENT) if alike else 0.0,
        sentence=f"{text} ({reason})." if reason else f"{text}.",
    )


def unit_shape(curves: FloatArray) -> FloatArray:
    """The mean curve of strides (cycle, phase), of size 1 about its own mean."""
    mean: FloatArray = curves.mean(axis=0)
    size = float(np.linalg.norm(mean - mean.mean()))
    return mean / size if size > 0 else mean
