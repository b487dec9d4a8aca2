"""Which channels are muscle, which are not, and why."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from scipy.signal import welch

from restride.emg.condition import EMG_UNITS, band_within, condition, is_envelope
from restride.errors import UnitsError
from restride.signals.filters import unbroken_runs
from restride.signals.schema import FloatArray, require, sampling_rate_hz
from restride.signals.vocabulary import without_side

# tissue and electrode pass little above 300 Hz: the density at 300-450 Hz is a twentieth of that at
# 40-150 Hz in skin EMG, a fifth in sharp bursts; the noise of an open amplifier is white and has half or more
MUSCLE_HZ: Final = (40.0, 150.0)
HISS_HZ: Final = (300.0, 450.0)
WHITEST_MUSCLE: Final = 0.3

# share of the power in the band that mains hum adds to its surroundings
MOST_HUM: Final = 0.25
MAINS_HZ: Final = (50.0, 60.0)
HUM_WIDTH_HZ: Final = 1.5

# an interference pattern forgets itself within 20 ms (correlation under 0.3 from there on)
REPEATS_FROM_S: Final = 0.020
REPEATS_TO_S: Final = 0.060
MOST_REPETITION: Final = 0.45

# bursts swell about as fast as they fade; a filter struck by a step starts at once and rings out
STEEPEST_RISE: Final = 1.75
RISE_OVER_S: Final = 0.010

# resting at one rail for this many samples in a row is not a wave's crest
RAIL_SAMPLES: Final = 3
MOST_CLIPPED: Final = 0.01

MOST_MISSING: Final = 0.5
WINDOW_S: Final = 0.2

# loudest against quietest part: below this a channel hardly changes over the strides
LEAST_CONTRAST_DB: Final = 8.0

# a quarter of the same muscle on the other leg is worth saying
FAR_QUIETER: Final = 0.25

# a stride whose loudest moment is this many times the usual one, below the band as well as in it, was knocked
KNOCKED: Final = 3.0
KNOCK_WINDOW_S: Final = 0.05
LEAST_STRIDES: Final = 3

COLUMNS: Final = (
    "channel",
    "usable",
    "reason",
    "loud",
    "signal_to_noise_db",
    "whiteness",
    "hum_fraction",
    "repetition",
    "rise_ratio",
    "clipped_fraction",
    "missing_fraction",
    "rejected_cycles",
)


def quality(emg: xr.DataArray, *, cycles: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row per channel: whether it can be used, why not, and the measures behind it.

    Parameters
    ----------
    emg : DataArray, dims (time, channel), units "V", "unstated" or "1"
        As recorded, not yet conditioned.
    cycles : DataFrame as from ``segment``, optional
        To look for strides with a movement artefact.

    Returns
    -------
    DataFrame, columns ``channel, usable, reason, ...``
        ``reason`` is set for each channel that cannot be used, and may warn of one that
        can. ``loud``: 95th percentile of the RMS over 0.2 s, unit of ``emg``;
        ``signal_to_noise_db``: that against the 5th; ``whiteness``: spectral density at
        300-450 Hz over that at 40-150 Hz; ``hum_fraction``: share of mains hum and
        harmonics; ``repetition``: typical autocorrelation 20-60 ms away; ``rise_ratio``:
        fastest swelling over fastest fading; ``clipped_fraction``: samples resting at a
        rail; ``missing_fraction``: NaN; ``rejected_cycles``: numbers of strides of its leg
        with a movement artefact or clipping. NaN where a measure needs a higher rate.

    Notes
    -----
    A quiet muscle is told from an unplugged electrode by its spectrum, never by its size:
    skin and muscle colour even a small signal, an open input is white. Thresholds ours.
    """
    emg = require(emg, dims=("time", "channel"), units=EMG_UNITS, name="emg")
    names = [str(c) for c in emg["channel"].values]
    missing = np.isnan(emg.values).mean(axis=0)
    table = pd.DataFrame({"channel": names, "usable": True, "reason": "", "missing_fraction": missing})
    if is_envelope(emg):
        table = _with_measures(table, {})
        table["reason"] = "recorded as an envelope: its quality cannot be judged"
        return table.loc[:, list(COLUMNS)]
    try:
        band, _ = band_within(sampling_rate_hz(emg))
        clean = condition(emg)
    except UnitsError as error:
        table = _with_measures(table, {})
        table["usable"], table["reason"] = False, f"sampled too slowly: {error}"
        return table.loc[:, list(COLUMNS)]
    measures = [_measures(emg.values[:, j], clean.values[:, j], sampling_rate_hz(emg), band) for j in range(len(names))]
    table = _with_measures(table, {k: [m[k] for m in measures] for k in measures[0]})
    verdicts = [_verdict(row) for row in measures]
    table["reason"] = [
        "nothing recorded for more than half of the time" if gone > MOST_MISSING else verdict
        for gone, verdict in zip(missing, verdicts, strict=True)
    ]
    table["usable"] = table["reason"] == ""
    table["reason"] = _warned(table)
    if cycles is not None:
        knocks = artefacts(emg, cycles)
        table["rejected_cycles"] = [tuple(knocks.loc[knocks["channel"] == n, "cycle"]) for n in names]
    return table.loc[:, list(COLUMNS)]


def artefacts(emg: xr.DataArray, cycles: pd.DataFrame) -> pd.DataFrame:
    """Strides in which a channel of that leg was knocked or clipped.

    Parameters
    ----------
    emg : DataArray, dims (time, channel)
        As recorded; channels named ``<site>_l`` or ``<site>_r`` are held against the strides
        of their leg, others against all.
    cycles : DataFrame as from ``segment``

    Returns
    -------
    DataFrame, columns ``cycle, channel, reason``
        Knocks are judged against the median of at least ``LEAST_STRIDES`` strides.
    """
    rows: list[tuple[int, str, str]] = []
    time_s, rate_hz = emg["time"].values, sampling_rate_hz(emg)
    clean = condition(emg).values
    window = max(1, round(KNOCK_WINDOW_S * rate_hz))
    strides = cycles[cycles["kept"]]
    for j, name in enumerate(str(c) for c in emg["channel"].values):
        side = {"_l": "left", "_r": "right"}.get(name[-2:])
        own = strides if side is None else strides[strides["side"] == side]
        raw = emg.values[:, j]
        slow = _moving_mean(raw, window)
        rails = _at_rail(raw)
        peaks = []
        for start_s, end_s in zip(own["start_s"], own["end_s"], strict=True):
            inside = slice(*np.searchsorted(time_s, (start_s, end_s)))
            fast = np.sqrt(_moving_mean(clean[inside, j] ** 2, window))
            peaks.append((_largest(fast), _largest(np.abs(slow[inside] - np.nanmedian(slow)))))
            if rails[inside].any():
                rows.append((int(own.index[len(peaks) - 1]), name, "clipped"))
        if len(peaks) < LEAST_STRIDES:
            continue
        times = np.array(peaks) / np.maximum(np.nanmedian(np.array(peaks), axis=0), np.finfo(float).tiny)
        for cycle, (fast, low) in zip(own.index, times, strict=True):
            if fast > KNOCKED and low > KNOCKED:
                rows.append((int(cycle), name, f"movement artefact: {fast:.0f} times the usual peak"))
    table = pd.DataFrame(rows, columns=["cycle", "channel", "reason"])
    return table.drop_duplicates(["cycle", "channel"], ignore_index=True)


def _with_measures(table: pd.DataFrame, measures: dict[str, list[float]]) -> pd.DataFrame:
    empty = [c for c in COLUMNS if c not in table.columns and c not in measures and c != "rejected_cycles"]
    out = table.assign(**measures, **dict.fromkeys(empty, np.nan))
    out["rejected_cycles"] = [() for _ in range(len(out))]
    return out


def _measures(raw: FloatArray, clean: FloatArray, rate_hz: float, band: tuple[float, float]) -> dict[str, float]:
    """All measures of one channel, over its longest unbroken run."""
    blank = dict.fromkeys(
        ("loud", "signal_to_noise_db", "whiteness", "hum_fraction", "repetition", "rise_ratio", "clipped_fraction"),
        float("nan"),
    )
    runs = sorted(unbroken_runs(~np.isnan(clean)), key=lambda run: run.stop - run.start)
    window = round(WINDOW_S * rate_hz)
    if not runs or runs[-1].stop - runs[-1].start < 2 * window:
        return blank
    run = runs[-1]
    x, y = raw[run], clean[run]
    spread = float(np.ptp(x))
    if spread <= 0 or float(np.mean(np.diff(x) == 0)) > MOST_MISSING:
        return blank | {"loud": 0.0, "clipped_fraction": float(_at_rail(x).mean())}
    windows = y[: y.size // window * window].reshape(-1, window)
    level = np.sqrt((windows**2).mean(axis=1))
    loud, quiet = np.percentile(level, (95, 5))
    frequency, density = welch(x - x.mean(), rate_hz, nperseg=min(x.size, round(rate_hz)))
    return {
        "loud": float(loud),
        "signal_to_noise_db": float(20 * np.log10(loud / quiet)) if quiet > 0 else float("inf"),
        "whiteness": _whiteness(frequency, density, band),
        "hum_fraction": max(_hum(frequency, density, mains, band) for mains in MAINS_HZ),
        "repetition": _repetition(windows, rate_hz),
        "rise_ratio": _rise_ratio(y, rate_hz),
        "clipped_fraction": float(_at_rail(x).mean()),
    }


def _whiteness(frequency: FloatArray, density: FloatArray, band: tuple[float, float]) -> float:
    """Density near the top over density where muscle is loudest; NaN if the rate is too low to know."""
    if band[1] < HISS_HZ[1]:
        return float("nan")
    top, middle = (density[(frequency >= low) & (frequency <= high)].mean() for low, high in (HISS_HZ, MUSCLE_HZ))
    return float(top / middle) if middle > 0 else float("nan")


def _hum(frequency: FloatArray, density: FloatArray, mains_hz: float, band: tuple[float, float]) -> float:
    """Share of the band's power that mains and harmonics add to what lies beside them."""
    inside = (frequency >= band[0]) & (frequency <= band[1])
    extra = 0.0
    for line_hz in np.arange(mains_hz, band[1], mains_hz):
        away = np.abs(frequency - line_hz)
        line, beside = away <= HUM_WIDTH_HZ, (away > 2 * HUM_WIDTH_HZ) & (away <= 6 * HUM_WIDTH_HZ)
        if line.any() and beside.any():
            extra += max(0.0, float((density[line] - np.median(density[beside])).sum()))
    total = float(density[inside].sum())
    return extra / total if total > 0 else 0.0


def _repetition(windows: FloatArray, rate_hz: float) -> float:
    """Median over windows of the largest autocorrelation between 20 and 60 ms away."""
    centred = windows - windows.mean(axis=1, keepdims=True)
    size = centred.shape[1]
    spectrum = np.abs(np.fft.rfft(centred, 2 * size, axis=1)) ** 2
    correlation = np.fft.irfft(spectrum, axis=1)[:, :size]
    correlation = correlation / np.maximum(correlation[:, :1], np.finfo(float).tiny)
    away = correlation[:, round(REPEATS_FROM_S * rate_hz) : round(REPEATS_TO_S * rate_hz)]
    return float(np.median(away.max(axis=1)))


def _rise_ratio(clean: FloatArray, rate_hz: float) -> float:
    """How much faster the amplitude swells than it fades, in the fastest hundredth of either."""
    step = max(1, round(RISE_OVER_S * rate_hz))
    amplitude = np.sqrt(_moving_mean(clean**2, step))
    floor = np.finfo(float).eps * amplitude.max()
    change = np.log(amplitude[step:] + floor) - np.log(amplitude[:-step] + floor)
    rise, fall = np.percentile(change, 99), -np.percentile(change, 1)
    return float(rise / fall) if fall > 0 else float("nan")


def _at_rail(raw: FloatArray) -> FloatArray:
    """1 where the signal rests at its largest or smallest value for some samples in a row, else 0."""
    out = np.zeros(raw.size)
    if np.isnan(raw).all() or np.nanmax(raw) <= np.nanmin(raw):
        return out
    for rail in (np.nanmax(raw), np.nanmin(raw)):
        for run in unbroken_runs(raw == rail):
            if run.stop - run.start >= RAIL_SAMPLES:
                out[run] = 1.0
    return out


def _moving_mean(values: FloatArray, samples: int) -> FloatArray:
    """Centred mean over some samples, shorter at the ends; NaN near a gap."""
    if values.size == 0:
        return values
    kernel = np.ones(min(samples, values.size))
    total = np.convolve(values, kernel, mode="same")
    mean: FloatArray = total / np.convolve(np.ones(values.size), kernel, mode="same")
    return mean


def _largest(values: FloatArray) -> float:
    return float(np.nanmax(values)) if values.size and not np.isnan(values).all() else float("nan")


def _verdict(row: dict[str, float]) -> str:
    """All that speaks against a channel; "" if nothing does."""
    if np.isnan(row["loud"]):
        return "too short an unbroken record to judge"
    faults = {
        f"saturated: {row['clipped_fraction']:.0%} of the samples rest at the end of the range": row["clipped_fraction"]
        > MOST_CLIPPED,
        "flat: the value hardly ever changes": row["loud"] == 0.0,
        f"mains hum: {row['hum_fraction']:.0%} of the power in the band": row["hum_fraction"] > MOST_HUM,
        "unplugged, or as good as: white noise without the colour that skin and muscle give": row["whiteness"]
        > WHITEST_MUSCLE,
        "periodic disturbance: the same wave again and again, which muscle never gives": row["repetition"]
        > MOST_REPETITION,
        "overload: sudden steps that ring out, from a loose electrode or a saturated amplifier": row["rise_ratio"]
        > STEEPEST_RISE,
    }
    return "; ".join(words for words, found in faults.items() if found)


def _warned(table: pd.DataFrame) -> list[str]:
    """Reasons, with a warning for channels that are usable but quiet or a little clipped."""
    loud = {n: v for n, v, ok in zip(table["channel"], table["loud"], table["usable"], strict=True) if ok}
    out = []
    for name, usable, reason, level, contrast, clipped in zip(
        *(table[c] for c in ("channel", "usable", "reason", "loud", "signal_to_noise_db", "clipped_fraction")),
        strict=True,
    ):
        words = [reason] if reason else []
        partner = {"_l": "_r", "_r": "_l"}.get(name[-2:])
        other = loud.get(without_side(name) + partner) if partner else None
        if usable and other is not None and level < FAR_QUIETER * other:
            words.append(f"far quieter than on the other leg ({level / other:.0%}), but coloured like muscle")
        if usable and contrast < LEAST_CONTRAST_DB:
            words.append("quiet or poor contact, cannot tell: hardly louder at its loudest than at its quietest")
        if usable and clipped > 0:
            words.append(f"clipped for {clipped:.2%} of the samples")
        out.append("; ".join(words))
    return out
