"""When a muscle switches on and off."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from scipy import signal

from restride.emg.condition import EMG_UNITS, is_envelope
from restride.errors import SchemaError
from restride.signals.filters import unbroken_runs
from restride.signals.schema import FloatArray, require, sampling_rate_hz

# the energy operator is smoothed to this before it is compared with rest (Solnik et al. 2010)
SMOOTH_HZ: Final = 50.0

# rest is the quietest tenth of all windows of this length
REST_WINDOW_S: Final = 0.1
REST_SHARE: Final = 0.1

# times the spread of rest above its mean; 3 to 15 are in use (Hodges and Bui 1996, Solnik et al. 2010)
ABOVE_REST: Final = 8.0

# the second threshold: shorter bursts and shorter pauses are chance (Bonato et al. 1998)
SHORTEST_BURST_S: Final = 0.030
SHORTEST_PAUSE_S: Final = 0.050

# how far the exact switch may lie from where the smoothed energy passes its threshold
REFINE_S: Final = 0.040


def bursts(conditioned: xr.DataArray, *, above_rest: float = ABOVE_REST) -> pd.DataFrame:
    """Onset and offset of each burst of activity.

    Parameters
    ----------
    conditioned : DataArray, dims (time, channel)
        As from ``condition``; usable channels only.
    above_rest : float
        First threshold: mean of rest plus this many of its standard deviations.

    Returns
    -------
    DataFrame, columns ``channel, onset_s, offset_s``
        One row per burst. NaN for an onset or offset that lies beyond the edge of an
        unbroken run of samples.

    Raises
    ------
    SchemaError
        For a recorded envelope: its smoothing has moved every onset already.

    Notes
    -----
    Teager-Kaiser energy ``x_n^2 - x_(n-1) x_(n+1)`` and double threshold (Li et al. 2007,
    Solnik et al. 2010); then each border is put where a change of variance is most likely
    (Staude 2001), because a crossing comes the earlier, the stronger the burst.
    """
    conditioned = require(conditioned, dims=("time", "channel"), units=EMG_UNITS, name="conditioned")
    if is_envelope(conditioned):
        raise SchemaError("expected raw EMG to find onsets in, found an envelope; record raw, or compare whole curves")
    time_s, rate_hz = conditioned["time"].values, sampling_rate_hz(conditioned)
    rows: list[tuple[str, float, float]] = []
    for j, name in enumerate(str(c) for c in conditioned["channel"].values):
        values = conditioned.values[:, j]
        for run in unbroken_runs(~np.isnan(values)):
            if run.stop - run.start < 2 * round(REST_WINDOW_S * rate_hz):
                continue
            for onset, offset in _in_run(values[run], rate_hz, above_rest):
                rows.append((name, _at(time_s[run], onset), _at(time_s[run], offset)))
    return pd.DataFrame(rows, columns=["channel", "onset_s", "offset_s"])


def _in_run(x: FloatArray, rate_hz: float, above_rest: float) -> list[tuple[int, int]]:
    """First sample of each burst and first after it; 0 and the length stand for the edges."""
    energy = _energy(x, rate_hz)
    mean, spread = _rest(energy, rate_hz)
    active = energy > mean + above_rest * spread
    pause, burst = round(SHORTEST_PAUSE_S * rate_hz), round(SHORTEST_BURST_S * rate_hz)
    joined: list[slice] = []
    for run in unbroken_runs(active):
        if joined and run.start - joined[-1].stop < pause:
            joined[-1] = slice(joined[-1].start, run.stop)
        else:
            joined.append(run)
    joined = [run for run in joined if run.stop - run.start >= burst]
    return [(_switch(x, run.start, rate_hz), _switch(x, run.stop, rate_hz)) for run in joined]


def _energy(x: FloatArray, rate_hz: float) -> FloatArray:
    """Smoothed Teager-Kaiser energy, zero at both ends."""
    energy = np.zeros_like(x)
    energy[1:-1] = np.abs(x[1:-1] ** 2 - x[:-2] * x[2:])
    cutoff_hz = min(SMOOTH_HZ, 0.4 * rate_hz)
    smooth: FloatArray = signal.sosfiltfilt(signal.butter(2, cutoff_hz, fs=rate_hz, output="sos"), energy)
    return smooth


def _rest(energy: FloatArray, rate_hz: float) -> tuple[float, float]:
    """Mean and standard deviation of the energy in the quietest windows."""
    size = round(REST_WINDOW_S * rate_hz)
    windows = energy[: energy.size // size * size].reshape(-1, size)
    quiet = windows[np.argsort(windows.mean(axis=1))[: max(1, round(REST_SHARE * len(windows)))]]
    return float(quiet.mean()), float(quiet.std())


def _switch(x: FloatArray, rough: int, rate_hz: float) -> int:
    """Sample at which a change of variance near a rough place is most likely; near an edge the edge."""
    reach = round(REFINE_S * rate_hz)
    if rough < reach // 2:
        return 0
    if rough > x.size - reach // 2:
        return x.size
    start, stop = max(0, rough - reach), min(x.size, rough + reach)
    power = np.cumsum(x[start:stop] ** 2)
    count = np.arange(1, stop - start)
    before = power[:-1] / count
    after = (power[-1] - power[:-1]) / (stop - start - count)
    tiny = np.finfo(float).tiny
    misfit = count * np.log(before + tiny) + (stop - start - count) * np.log(after + tiny)
    # a variance needs some samples on either side
    inner = slice(max(1, reach // 8), max(2, misfit.size - reach // 8))
    return start + inner.start + int(np.argmin(misfit[inner])) + 1


def _at(time_s: FloatArray, place: int) -> float:
    return float(time_s[place]) if 0 < place < time_s.size else float("nan")
