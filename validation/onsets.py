"""When a muscle is switched on, on synthetic bursts whose switches are known.

Noise with the spectrum of skin EMG, bursts of 0.3 s over rest, 10 dB: the power that
the active muscle adds is ten times that of rest. What is judged is the nearest switch found to each
true one, so that a burst missed counts with its distance; how many are found is shown.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import xarray as xr
from scipy import signal

from restride import emg
from restride.signals.schema import FloatArray, labelled
from validation.row import Row

RATES_HZ: Final = (1000.0, 2000.0)
LEVELS_DB: Final = (10.0, 6.0, 15.0)
JUDGED_DB: Final = 10.0
BAR_MS: Final = 5.0
SEEDS: Final = 40
BURSTS: Final = 12
PERIOD_S, LASTS_S = 0.8, 0.3
# of skin EMG: De Luca 1997 puts most of its power between 50 and 150 Hz
BAND_HZ: Final = (40.0, 140.0)


def rows(shared: Path) -> list[Row]:
    """Median errors of onsets and offsets; ``shared`` is not needed, all data are synthetic."""
    del shared
    return [row for rate_hz in RATES_HZ for level in LEVELS_DB for row in _rows(rate_hz, level)]


def _rows(rate_hz: float, level_db: float) -> Iterator[Row]:
    errors: dict[str, list[FloatArray]] = {"onset_s": [], "offset_s": []}
    found = 0
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        on_s, off_s = _switches(rng)
        values = _recorded(rng, on_s, off_s, rate_hz, level_db)
        bursts = emg.bursts(emg.condition(values))
        found += len(bursts)
        for border, true_s in (("onset_s", on_s), ("offset_s", off_s)):
            told = bursts[border].dropna().to_numpy()
            errors[border].append(np.abs(told[:, None] - true_s).min(axis=0))
    for border, apart in errors.items():
        size = 1e3 * np.concatenate(apart)
        name = f"EMG {border.removesuffix('_s')}, {level_db:g} dB, {rate_hz:g} Hz, median error"
        note = f"synthetic; 95 % within {np.percentile(size, 95):.0f} ms, {found} bursts found of {SEEDS * BURSTS}"
        yield Row(name, float(np.median(size)), "ms", BAR_MS if level_db == JUDGED_DB else None, "max", note)


def _switches(rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Onsets at irregular times, so that no grid of samples or windows can favour them."""
    on_s = PERIOD_S * (0.5 + np.arange(BURSTS)) + rng.uniform(-0.1, 0.1, BURSTS)
    return on_s, on_s + LASTS_S


def _recorded(
    rng: np.random.Generator, on_s: FloatArray, off_s: FloatArray, rate_hz: float, level_db: float
) -> xr.DataArray:
    time_s = np.arange(round(rate_hz * (BURSTS + 0.5) * PERIOD_S)) / rate_hz
    active = ((time_s[:, None] >= on_s) & (time_s[:, None] < off_s)).any(axis=1)
    rest, muscle = (_coloured(rng, time_s.size, rate_hz) for _ in range(2))
    values = rest + np.sqrt(10 ** (level_db / 10)) * active * muscle
    coords = {"time": time_s, "channel": ["a_l"]}
    return labelled(values[:, None] * 1e-5, dims=("time", "channel"), units="V", coords=coords)


def _coloured(rng: np.random.Generator, count: int, rate_hz: float) -> FloatArray:
    sections = signal.butter(1, BAND_HZ, btype="bandpass", fs=rate_hz, output="sos")
    noise = signal.sosfilt(sections, rng.standard_normal(count))
    out: FloatArray = noise / noise.std()
    return out
