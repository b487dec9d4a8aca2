"""How much a muscle is active, moment by moment."""

from typing import Final, Literal

import numpy as np
import xarray as xr
from scipy.ndimage import uniform_filter1d

from restride.emg.condition import EMG_UNITS, is_envelope
from restride.errors import UnitsError
from restride.signals.filters import low_pass, unbroken_runs
from restride.signals.schema import FloatArray, require, sampling_rate_hz

# keeps the bursts of walking and running, smooths the interference pattern (Shiavi et al. 1998)
CUTOFF_HZ: Final = 6.0

# a moving mean of this many periods of the cut-off has -6 dB there too: sinc(0.6034) = 1/2
PERIODS_OF_MEAN: Final = 0.6034


def envelope(
    conditioned: xr.DataArray, *, cutoff_hz: float = CUTOFF_HZ, method: Literal["low_pass", "rms"] = "low_pass"
) -> xr.DataArray:
    """Smooth amplitude of a conditioned EMG.

    Parameters
    ----------
    conditioned : DataArray, dims (time, channel)
        As from ``condition``.
    cutoff_hz : float
        Where the smoothing has -6 dB, for either method.
    method : {"low_pass", "rms"}
        ``"low_pass"``: rectified, Butterworth of order 2 forward and backward.
        ``"rms"``: root of the moving mean square, over the window with the same cut-off.

    Returns
    -------
    DataArray, dims (time, channel), unit of ``conditioned``
        Never negative, zero phase; NaN stays NaN, each unbroken run smoothed by itself. A
        recorded envelope comes back as it is, not rectified again.

    Raises
    ------
    UnitsError
        If the cut-off does not lie between 0 and half the sampling rate.
    """
    conditioned = require(conditioned, dims=("time", "channel"), units=EMG_UNITS, name="conditioned")
    if is_envelope(conditioned):
        return conditioned
    before = conditioned.attrs.get("method", "")
    if method == "low_pass":
        smooth = low_pass(conditioned, cutoff_hz=cutoff_hz, order=2, gaps="split", rectified=True)
        # the filter undershoots beside a steep burst
        out = conditioned.copy(data=np.maximum(smooth.values, 0.0, out=smooth.values))
        words = f"rectified, low-pass {cutoff_hz:g} Hz (Butterworth, zero phase)"
    else:
        window_s = PERIODS_OF_MEAN / cutoff_hz if cutoff_hz > 0 else 0.0
        out = conditioned.copy(data=_moving_rms(conditioned, window_s))
        words = f"root mean square over {1e3 * window_s:.0f} ms"
    return out.assign_attrs(method=f"{before}; {words}" if before else words)


def _moving_rms(array: xr.DataArray, window_s: float) -> FloatArray:
    """Root of the centred moving mean square within each unbroken run; shorter at its ends."""
    samples = 2 * round(window_s * sampling_rate_hz(array) / 2) + 1
    if samples < 3:
        raise UnitsError(f"expected a window of some samples, found {window_s:g} s; choose a lower cut-off")
    power = array.values**2
    out = np.full_like(power, np.nan)
    for j in range(power.shape[1]):
        for run in unbroken_runs(~np.isnan(power[:, j])):
            inside = np.ones(run.stop - run.start)
            total = uniform_filter1d(power[run, j], samples, mode="constant")
            share = uniform_filter1d(inside, samples, mode="constant")
            out[run, j] = np.sqrt(np.maximum(total, 0.0) / share)
    return out
