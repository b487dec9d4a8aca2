"""Slow twins: the obvious loop for each fast function; every one must give the same."""

from collections.abc import Sequence

import numpy as np

from restride.signals.schema import FloatArray


def at_phases(time_s: FloatArray, values: FloatArray, start_s: float, end_s: float) -> FloatArray:
    """One column at 101 phases, sample by sample: linear, NaN beside NaN, nothing beyond the ends."""
    out = np.full(101, np.nan)
    for k in range(101):
        wanted = start_s + (end_s - start_s) * k / 100
        for i in range(len(time_s)):
            if abs(time_s[i] - wanted) < 1e-6 * (time_s[1] - time_s[0]):
                out[k] = values[i]
                break
        else:
            for i in range(len(time_s) - 1):
                if time_s[i] < wanted < time_s[i + 1]:
                    share = (wanted - time_s[i]) / (time_s[i + 1] - time_s[i])
                    out[k] = (1 - share) * values[i] + share * values[i + 1]
    return out


def contacts(vertical_n: Sequence[float], threshold_n: float, peak_n: float) -> list[tuple[int, int]]:
    """Runs at or above a threshold that somewhere reach a peak: first sample and first after."""
    out: list[tuple[int, int]] = []
    start: int | None = None
    for i, value in enumerate([*vertical_n, 0.0]):
        if start is None and value >= threshold_n:
            start = i
        elif start is not None and not value >= threshold_n:
            if max(vertical_n[start:i]) >= peak_n:
                out.append((start, i))
            start = None
    return out


def moving_rms(values: FloatArray, samples: int) -> FloatArray:
    """Root of the centred moving mean square; the window is shorter at both ends."""
    half = samples // 2
    out = np.empty_like(values)
    for i in range(values.size):
        window = values[max(0, i - half) : i + half + 1]
        out[i] = np.sqrt(sum(v * v for v in window) / len(window))
    return out
