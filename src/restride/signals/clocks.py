"""Two devices, two clocks: shift and drift from what both of them saw.

Times of one device become times of the other by ``t = shift_s + factor * t_other``. Gait repeats itself, so
many shifts fit almost alike, each a stride from the next; then all of them are told and none is
chosen.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from scipy.signal import find_peaks
from scipy.stats import t as student

from restride.errors import SchemaError
from restride.signals.schema import FloatArray, require, sampling_rate_hz

# crystals differ by far less than 1 in 1000, but 960 and 1000 Hz have been taken for one another
MOST_DRIFT: Final = 0.05
# two devices see one contact within this
TOLERANCE_S: Final = 0.05
FEWEST_PAIRS: Final = 4
# by how much the best fit has to be more likely than the next (natural logarithm); in 960 made-up walks
# of 5 to 300 strides none was put a stride off with this
CLEAR_LEAD: Final = 12.0
# a fit less likely than 1 in 20 of the best says nothing about the factor; with this 92 to 98 of 100 intervals hold it
NEAR_BEST: Final = float(np.log(20.0))
# smaller scatter is the grain of the clocks
LEAST_SCATTER_S: Final = 0.004
MOST_CANDIDATES: Final = 9
CONFIDENCE: Final = 0.95
_MOST_FACTORS: Final = 401
# of each name, to find where to start from; the line then takes all
_MOST_EVENTS: Final = 200
_ROUNDS: Final = 6

# continuous signals: compared at this rate, in this many windows, and what a rival may reach of the best correlation
COMMON_HZ: Final = 100.0
WINDOWS: Final = 8
LEAST_CORRELATION: Final = 0.5
RIVAL: Final = 0.8

# stamps: sharp peaks this far apart, with rest before and after; a walk has more than a few in a row
STAMP_APART_S: Final = (0.25, 1.5)
STAMP_REST_S: Final = 2.0
STAMP_HEIGHT: Final = 0.4


@dataclass(frozen=True, slots=True)
class Fit:
    """One way to put two clocks together.

    Attributes
    ----------
    shift_s, factor : float
        ``t = shift_s + factor * t_other``.
    shift_interval_s, factor_interval : tuple of float
        95 %, by the scatter of the pairs about the line.
    scatter_s : float
        SD of the pairs about the line.
    pairs : int
        Events, or windows of a signal, that were put together.
    lead : float
        Natural logarithm of how much less likely it is than the best; 0 for the best.
    """

    shift_s: float
    factor: float
    shift_interval_s: tuple[float, float]
    factor_interval: tuple[float, float]
    scatter_s: float
    pairs: int
    lead: float = 0.0


@dataclass(frozen=True, slots=True)
class Clocks:
    """How two clocks belong together.

    Attributes
    ----------
    best : Fit or None
        None: nothing fits.
    rivals : tuple of Fit
        Others that cannot be excluded, the likelier first.
    reason : str
        Why the shift is not known; empty if it is.
    """

    best: Fit | None
    rivals: tuple[Fit, ...]
    reason: str

    @property
    def factor_interval(self) -> tuple[float, float]:
        """95 % interval of the factor, over all fits not much less likely than the best; NaN without one."""
        near = [fit for fit in (self.best, *self.rivals) if fit is not None and fit.lead <= NEAR_BEST]
        lows, highs = ([fit.factor_interval[i] for fit in near] for i in (0, 1))
        return (min(lows), max(highs)) if near else (float("nan"), float("nan"))

    @property
    def sure(self) -> bool:
        """Whether there is one shift only."""
        return self.best is not None and not self.reason


def clocks_by_events(
    reference_s: Mapping[str, FloatArray],
    other_s: Mapping[str, FloatArray],
    *,
    tolerance_s: float = TOLERANCE_S,
    most_drift: float = MOST_DRIFT,
) -> Clocks:
    """Shift and drift between two devices that saw the same events.

    Parameters
    ----------
    reference_s, other_s : mapping of name to array, shape (event,)
        Times of the events of each name ("left", "stamp"), each on its own device's clock;
        only events of one name are put together.
    tolerance_s : float
        How far apart the two devices may see one event.
    most_drift : float
        Largest difference of the two rates, as a share.

    Returns
    -------
    Clocks

    Notes
    -----
    Ours. All differences of times are counted for a grid of factors; each peak of the
    counts becomes a line through mutual neighbours, fitted again until it rests. Lines are
    compared by likelihood: pairs scatter normally, events that find no partner while both
    devices recorded count against it.
    """
    names = sorted(set(reference_s) & set(other_s))
    ours = {n: np.sort(np.asarray(reference_s[n], dtype=np.float64)) for n in names}
    theirs = {n: np.sort(np.asarray(other_s[n], dtype=np.float64)) for n in names}
    if min(sum(v.size for v in ours.values()), sum(v.size for v in theirs.values())) < FEWEST_PAIRS:
        return Clocks(None, (), f"fewer than {FEWEST_PAIRS} events were seen by both devices")
    middle_s = float(np.mean(np.concatenate(list(theirs.values()))))
    head, other_head = ({n: v[:_MOST_EVENTS] for n, v in events.items()} for events in (ours, theirs))
    starts = _starting_points(head, other_head, middle_s, tolerance_s, most_drift)
    # over hours a factor from the grid would lose the pairs
    near = [fit[0] for start in starts if (fit := _line(head, other_head, start, tolerance_s, most_drift)) is not None]
    starts = [(fit.factor, fit.shift_s) for fit in near]
    fits = [fit for start in starts if (fit := _line(ours, theirs, start, tolerance_s, most_drift)) is not None]
    return _chosen(fits, closer_s=tolerance_s, at_s=middle_s)


def clocks_by_signals(reference: xr.DataArray, other: xr.DataArray, *, most_drift: float = MOST_DRIFT) -> Clocks:
    """Shift and drift between two devices that recorded the same thing all along.

    Parameters
    ----------
    reference, other : DataArray, dims (time,)
        The same quantity up to gain and offset, at any rates; NaN counts as the mean.
    most_drift : float
        Largest difference of the two rates, as a share.

    Returns
    -------
    Clocks

    Raises
    ------
    SchemaError
        If one of them is shorter than a second.
    """
    ours, theirs = (_evenly(signal) for signal in (reference, other))
    span_s = theirs.size / COMMON_HZ
    count = min(_MOST_FACTORS, 2 * int(np.ceil(most_drift * span_s * COMMON_HZ / 8)) + 1)
    factors = np.linspace(1 - most_drift, 1 + most_drift, count)
    profiles = [_correlations(ours, _stretched(theirs, factor)) for factor in factors]
    peaks = [(float(values.max()), k, int(values.argmax())) for k, (_, values) in enumerate(profiles)]
    height, k, at = max(peaks)
    lags, values = profiles[k]
    if height < LEAST_CORRELATION:
        return Clocks(None, (), f"the two signals are not alike: their correlation is {height:.2f} at best")
    other_at = np.flatnonzero(_is_peak(values) & (values > RIVAL * height) & (np.abs(lags - lags[at]) > COMMON_HZ / 10))
    first_s = float(reference["time"].values[0]), float(other["time"].values[0])
    ranked = other_at[np.argsort(-values[other_at], kind="stable")][: MOST_CANDIDATES - 1]
    chosen = [int(lags[i]) for i in (at, *ranked.tolist())]
    fits = [_line_of_windows(ours, theirs, float(factors[k]), lag, first_s) for lag in chosen]
    found = [fit for fit in fits if fit is not None]
    if not found:
        return Clocks(None, (), "the two signals do not stay together over their length")
    reason = f"the signals repeat themselves: {len(found)} shifts fit" if len(found) > 1 else ""
    return Clocks(found[0], tuple(found[1:]), reason)


def stamps(signal: xr.DataArray, *, count: int = 3) -> FloatArray:
    """Times of stamps or jumps made on purpose: a few sharp peaks in a row, with rest before and after.

    Parameters
    ----------
    signal : DataArray, dims (time,)
        Size of acceleration or force; NaN counts as rest.
    count : int
        How many stamps make a mark.

    Returns
    -------
    array, shape (stamp,)
        All stamps of all marks, s. More or fewer in a row, as in walking, are no mark.
    """
    signal = require(signal, dims=("time",), name="signal")
    rate_hz = sampling_rate_hz(signal)
    away = np.abs(np.nan_to_num(signal.values - np.nanmedian(signal.values)))
    nearest = max(1, round(STAMP_APART_S[0] * rate_hz))
    at, _ = find_peaks(away, height=STAMP_HEIGHT * away.max(), distance=nearest)
    time_s = signal["time"].values[at]
    if not time_s.size:
        return np.empty(0)
    pauses = np.flatnonzero(np.diff(time_s) > STAMP_APART_S[1])
    groups = np.split(time_s, pauses + 1)
    edges = [-np.inf, *(g[-1] for g in groups)], [*(g[0] for g in groups), np.inf]
    marks = [
        group
        for i, group in enumerate(groups)
        if group.size == count and group[0] - edges[0][i] > STAMP_REST_S and edges[1][i + 1] - group[-1] > STAMP_REST_S
    ]
    return np.concatenate(marks) if marks else np.empty(0)


def _starting_points(
    ours: Mapping[str, FloatArray],
    theirs: Mapping[str, FloatArray],
    middle_s: float,
    tolerance_s: float,
    most_drift: float,
) -> list[tuple[float, float]]:
    """Factor and shift of the peaks in the count of equal differences, the highest first."""
    every = np.concatenate(list(theirs.values()))
    span_s = max(float(np.ptp(every)), tolerance_s)
    count = min(_MOST_FACTORS, 2 * int(np.ceil(most_drift * span_s / tolerance_s)) + 1)
    factors = np.linspace(1 - most_drift, 1 + most_drift, count)
    low = min(v[0] for v in ours.values() if v.size) - (1 + most_drift) * span_s
    high = max(v[-1] for v in ours.values() if v.size) + (1 + most_drift) * span_s
    bins = int((high - low) / (tolerance_s / 2)) + 2
    best, which = np.zeros(bins), np.zeros(bins, dtype=int)
    for k, factor in enumerate(factors):
        # from the middle of the other device's times, so that a factor does not move the shift
        apart = [(ours[n][:, None] - factor * (theirs[n][None, :] - middle_s)).ravel() for n in ours]
        place = ((np.concatenate(apart) - low) / (tolerance_s / 2)).astype(int)
        counts = np.convolve(np.bincount(place[(place >= 0) & (place < bins)], minlength=bins), np.ones(3), mode="same")
        which = np.where(counts > best, k, which)
        best = np.maximum(best, counts)
    places = np.flatnonzero(_is_peak(best) & (best >= max(FEWEST_PAIRS, 0.4 * best.max())))
    places = places[np.argsort(-best[places], kind="stable")][: 3 * MOST_CANDIDATES]
    factor = factors[which[places]]
    shift_s = low + (places + 0.5) * tolerance_s / 2 - factor * middle_s
    return list(zip(factor.tolist(), shift_s.tolist(), strict=True))


def _line(
    ours: Mapping[str, FloatArray],
    theirs: Mapping[str, FloatArray],
    start: tuple[float, float],
    tolerance_s: float,
    most_drift: float,
) -> tuple[Fit, float] | None:
    """A line through mutual neighbours and its log likelihood; None if too few are left."""
    factor, shift_s = start
    x = y = np.empty(0)
    for _ in range(_ROUNDS):
        pairs = [_neighbours(ours[n], theirs[n], factor, shift_s, tolerance_s) for n in ours]
        x, y = (np.concatenate(column) for column in zip(*pairs, strict=True))
        if x.size < FEWEST_PAIRS or np.ptp(x) <= 0:
            return None
        factor, shift_s = (float(v) for v in np.polyfit(x, y, 1))
    if abs(factor - 1) > 1.2 * most_drift:
        return None
    fit = _with_intervals(x, y)
    # both devices recorded between the later first and the earlier last of their events
    mapped = np.concatenate([shift_s + factor * theirs[n] for n in theirs])
    seen = np.concatenate(list(ours.values()))
    first, last = max(mapped.min(), seen.min()) - tolerance_s, min(mapped.max(), seen.max()) + tolerance_s
    alone = sum(int(((v >= first) & (v <= last)).sum()) for v in (mapped, seen)) - 2 * x.size
    scatter_s = max(fit.scatter_s, LEAST_SCATTER_S)
    likelihood = x.size * np.log(tolerance_s / scatter_s) - alone
    return fit, float(likelihood)


def _neighbours(
    ours: FloatArray, theirs: FloatArray, factor: float, shift_s: float, tolerance_s: float
) -> tuple[FloatArray, FloatArray]:
    """Events that are nearest to each other, and near: times of the other device and of the reference."""
    if not ours.size or not theirs.size:
        return np.empty(0), np.empty(0)
    mapped = shift_s + factor * theirs
    nearest = _nearest(ours, mapped)
    mutual = _nearest(mapped, ours)[nearest] == np.arange(theirs.size)
    good = mutual & (np.abs(ours[nearest] - mapped) <= tolerance_s)
    return theirs[good], ours[nearest[good]]


def _nearest(times: FloatArray, wanted: FloatArray) -> np.ndarray:
    """Index of the time nearest to each one wanted; ``times`` in order, not empty."""
    after = np.clip(np.searchsorted(times, wanted), 1, max(times.size - 1, 1))
    if times.size == 1:
        return np.zeros(wanted.size, dtype=int)
    return np.where(wanted - times[after - 1] <= times[after] - wanted, after - 1, after)


def _with_intervals(x: FloatArray, y: FloatArray) -> Fit:
    """Least-squares line with t intervals."""
    factor, shift_s = (float(v) for v in np.polyfit(x, y, 1))
    freedom = x.size - 2
    scatter_s = float(np.sqrt(((y - shift_s - factor * x) ** 2).sum() / freedom)) if freedom > 0 else float("nan")
    width = float(student.ppf((1 + CONFIDENCE) / 2, max(freedom, 1))) * max(scatter_s, LEAST_SCATTER_S)
    spread = float(((x - x.mean()) ** 2).sum())
    of_factor = width / np.sqrt(spread)
    of_shift = width * np.sqrt(1 / x.size + x.mean() ** 2 / spread)
    return Fit(
        shift_s,
        factor,
        (float(shift_s - of_shift), float(shift_s + of_shift)),
        (float(factor - of_factor), float(factor + of_factor)),
        scatter_s,
        int(x.size),
    )


def _chosen(fits: Sequence[tuple[Fit, float]], *, closer_s: float, at_s: float) -> Clocks:
    """The likeliest line, and the others that cannot be excluded."""
    ordered = sorted(fits, key=lambda fit: -fit[1])
    kept: list[Fit] = []
    for fit, likelihood in ordered:
        place = fit.shift_s + fit.factor * at_s
        if any(abs(place - (other.shift_s + other.factor * at_s)) < 2 * closer_s for other in kept):
            continue
        lead = ordered[0][1] - likelihood
        if lead < CLEAR_LEAD:
            values = (fit.shift_s, fit.factor, fit.shift_interval_s, fit.factor_interval, fit.scatter_s, fit.pairs)
            kept.append(Fit(*values, lead=lead))
    if not kept:
        return Clocks(None, (), "no shift brings the events of the two devices together")
    rivals = tuple(kept[1:MOST_CANDIDATES])
    return Clocks(kept[0], rivals, f"{len(kept)} shifts fit almost alike" if rivals else "")


def _evenly(signal: xr.DataArray) -> FloatArray:
    """A signal at ``COMMON_HZ``, mean 0 and SD 1."""
    signal = require(signal, dims=("time",), name="signal")
    time_s = signal["time"].values
    if time_s.size < 2 or time_s[-1] - time_s[0] < 1.0:
        raise SchemaError("expected signals of a second or more to put clocks together, found a shorter one")
    at_s = np.arange(time_s[0], time_s[-1], 1 / COMMON_HZ)
    values = np.interp(at_s, time_s, np.nan_to_num(signal.values - np.nanmean(signal.values)))
    return np.asarray((values - values.mean()) / max(float(values.std()), np.finfo(float).tiny))


def _stretched(values: FloatArray, factor: float) -> FloatArray:
    """The signal as it looks on a clock that runs ``factor`` times as long."""
    at = np.arange(0.0, factor * (values.size - 1), 1.0) / factor
    return np.asarray(np.interp(at, np.arange(values.size), values))


def _correlations(ours: FloatArray, theirs: FloatArray) -> tuple[np.ndarray, FloatArray]:
    """Correlation for every shift in samples that leaves half of the shorter one in common."""
    size = ours.size + theirs.size
    spectrum = np.fft.rfft(ours, size) * np.conj(np.fft.rfft(theirs, size))
    together = np.fft.irfft(spectrum, size)
    lags = np.arange(-theirs.size + 1, ours.size)
    products = together[lags % size]
    powers = [_shared_power(ours**2, lags, theirs.size), _shared_power((theirs**2)[::-1], -lags[::-1], ours.size)[::-1]]
    common = np.minimum(ours.size, lags + theirs.size) - np.maximum(0, lags)
    values = products / np.sqrt(np.maximum(powers[0] * powers[1], np.finfo(float).tiny))
    return lags, np.where(common >= min(ours.size, theirs.size) / 2, values, -1.0)


def _shared_power(power: FloatArray, lags: np.ndarray, length: int) -> FloatArray:
    """Sum of ``power`` over samples ``lag`` to ``lag + length``, as far as there are any."""
    total = np.concatenate(([0.0], np.cumsum(power)))
    return np.asarray(total[np.clip(lags + length, 0, power.size)] - total[np.clip(lags, 0, power.size)])


def _line_of_windows(
    ours: FloatArray, theirs: FloatArray, factor: float, lag: int, first_s: tuple[float, float]
) -> Fit | None:
    """A line through the best shift of each window around the one found for all; None if windows disagree."""
    near = round(COMMON_HZ / 10)
    borders = np.linspace(0, theirs.size, WINDOWS + 1).astype(int)
    x, y = [], []
    for start, stop in itertools.pairwise(borders.tolist()):
        window = _stretched(theirs[start:stop], factor)
        expected = lag + round(factor * start)
        shifts = [s for s in range(expected - near, expected + near + 1) if 0 <= s <= ours.size - window.size]
        if window.std() <= 0 or len(shifts) < 2 * near:
            continue
        fits = [float(np.corrcoef(ours[s : s + window.size], window)[0, 1]) for s in shifts]
        if max(fits) >= LEAST_CORRELATION:
            middle = (window.size - 1) / 2
            x.append(first_s[1] + (start + middle / factor) / COMMON_HZ)
            y.append(first_s[0] + (shifts[int(np.argmax(fits))] + middle) / COMMON_HZ)
    return _with_intervals(np.array(x), np.array(y)) if len(x) >= FEWEST_PAIRS else None


def _is_peak(values: FloatArray) -> np.ndarray:
    """Where no neighbour is higher, and of equals only the first."""
    padded = np.concatenate(([-np.inf], values, [-np.inf]))
    return (padded[1:-1] > padded[:-2]) & (padded[1:-1] >= padded[2:])
