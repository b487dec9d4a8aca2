"""Made-up EMG with known switches, and the ways a channel can be spoilt."""

import numpy as np
import xarray as xr
from scipy import signal

from restride.signals.schema import FloatArray, labelled

RATE_HZ = 1000.0


def coloured(rng: np.random.Generator, count: int, rate_hz: float = RATE_HZ) -> FloatArray:
    """Noise with the spectrum of skin EMG, standard deviation 1."""
    sections = signal.butter(1, (40.0, 140.0), btype="bandpass", fs=rate_hz, output="sos")
    noise = signal.sosfilt(sections, rng.standard_normal(count))
    out: FloatArray = noise / noise.std()
    return out


def gate(count: int, switches_s: list[tuple[float, float]], rate_hz: float = RATE_HZ) -> FloatArray:
    time_s = np.arange(count) / rate_hz
    on = np.zeros(count)
    for start_s, stop_s in switches_s:
        on[(time_s >= start_s) & (time_s < stop_s)] = 1.0
    return on


def muscle(rng: np.random.Generator, *, seconds: float = 5.0, size_v: float = 1e-4, rest_v: float = 5e-6) -> FloatArray:
    """A burst of 0.3 s every 0.8 s over the noise of an electrode."""
    count = round(seconds * RATE_HZ)
    bursts = [(0.3 + 0.8 * k, 0.6 + 0.8 * k) for k in range(int(seconds / 0.8))]
    values: FloatArray = rest_v * coloured(rng, count) + size_v * gate(count, bursts) * coloured(rng, count)
    return values


def recorded(channels: dict[str, FloatArray], *, rate_hz: float = RATE_HZ, units: str = "V") -> xr.DataArray:
    values = np.stack(list(channels.values()), axis=1)
    coords = {"time": np.arange(values.shape[0]) / rate_hz, "channel": list(channels)}
    return labelled(values, dims=("time", "channel"), coords=coords, units=units)
