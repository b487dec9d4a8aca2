"""EMG of ten minutes, conditioned and smoothed, beside plain SciPy with the same filters and NeuroKit2."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import xarray as xr
from scipy import signal

from benchmarks.line import Line, against, timed
from benchmarks.peer import from_pypi
from restride import emg
from restride.emg.condition import BAND_HZ, ORDER
from restride.emg.envelope import CUTOFF_HZ
from restride.signals.schema import FloatArray, labelled

SCIPY_RATIO: Final = 1.0
NEUROKIT_RATIO: Final = 1.5
LENGTH_S, CHANNELS, RATE_HZ = 600, 16, 2000
STRIDE_S: Final = 0.72


def lines(shared: Path) -> list[Line]:  # noqa: ARG001  a topic's signature
    """Condition and envelope of 600 s, 16 channels, 2 kHz."""
    values = bursts()
    recorded = as_emg(values)

    def ours() -> xr.DataArray:
        return emg.envelope(emg.condition(recorded))

    job = f"EMG to envelopes, {LENGTH_S} s x {CHANNELS} x {RATE_HZ / 1000:g} kHz"
    alone = against(job, ours, lambda: timed(lambda: plain(values)), SCIPY_RATIO, name="SciPy", our_runs=1)
    with TemporaryDirectory() as work:
        path = Path(work) / "emg.npy"
        np.save(path, values)
        with from_pypi("emg", path) as peer:
            beside = against(job, ours, lambda: peer.seconds("run"), NEUROKIT_RATIO, name=peer.version, our_runs=1)
    return [alone, beside]


def bursts(length_s: float = LENGTH_S) -> FloatArray:
    """Noise that swells once a stride, another time in each channel, in V; shape (time, channel)."""
    rng = np.random.default_rng(0)
    time_s = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    phase = 2 * np.pi * (time_s[:, None] / STRIDE_S - np.arange(CHANNELS) / CHANNELS)
    return np.asarray(1e-4 * np.exp(2 * np.cos(phase) - 2) * rng.standard_normal(phase.shape))


def as_emg(values: FloatArray) -> xr.DataArray:
    """The values as channels of eight sites on both legs."""
    names = [f"{site}_{side}" for site in SITES for side in "lr"]
    coords = {"time": np.arange(len(values)) / RATE_HZ, "channel": names}
    return labelled(values, dims=("time", "channel"), units="V", coords=coords, name="emg")


SITES: Final = (
    *("tibialis_anterior", "soleus", "gastrocnemius_medialis", "peroneus_longus"),
    *("rectus_femoris", "vastus_lateralis", "biceps_femoris", "gluteus_medius"),
)


def plain(values: FloatArray) -> FloatArray:
    """The same filters in three lines of SciPy."""
    band = signal.butter(ORDER, BAND_HZ, btype="bandpass", fs=RATE_HZ, output="sos")
    low = signal.butter(2, CUTOFF_HZ, fs=RATE_HZ, output="sos")
    smooth: FloatArray = signal.sosfiltfilt(low, np.abs(signal.sosfiltfilt(band, values, axis=0)), axis=0)
    return smooth
