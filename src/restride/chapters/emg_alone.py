"""EMG without anything that tells when a foot was down: strides from the muscles, or else their bursts."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from scipy.stats import binom

from restride import emg
from restride.chapters.chapter import Chapter, Chart, Measure, Whose
from restride.signals.recording import Recording
from restride.signals.schema import FloatArray, sampling_rate_hz
from restride.signals.vocabulary import plain, side_of, without_side

# a burst worth counting lasts this long and is a quarter as loud as the channel at its loudest (RMS): what is
# shorter or fainter flickers at rest as well. Ours
SHORTEST_S: Final = 0.05
FAINTEST: Final = 0.25
# fewer values have no 95 % interval of their median
FEWEST_FOR_INTERVAL: Final = 6
CONFIDENCE: Final = 0.95
# enough for the width of a page
POINTS: Final = 1500
MOST_DRAWN: Final = 6

METHOD: Final = (
    "Teager-Kaiser energy against the quietest tenth, double threshold, borders refined; bursts of 50 ms or more that "
    "reach a quarter of the channel's loudest 0.2 s"
)
SURENESS: Final = (
    "A burst is counted where the signal stands clearly above its own quietest tenth; how strong it is beside another "
    "muscle or the other leg cannot be said, because electrodes and skin differ."
)


@dataclass(frozen=True, slots=True)
class _Channel:
    """Bursts of one usable channel."""

    name: str
    bursts_s: FloatArray
    recorded_s: float
    active_s: float
    noise: float


def chapters(recording: Recording, table: pd.DataFrame) -> list[Chapter]:
    """What EMG shows by itself, where no stride could be cut; no chapter otherwise.

    Parameters
    ----------
    recording : Recording
    table : DataFrame
        Strides as from ``cycles.segment``.
    """
    if "emg" not in recording or bool(table["kept"].any()) or recording["emg"].sizes["time"] < 2:
        return []
    signal = recording["emg"]
    quality = emg.quality(signal)
    usable = [str(c) for c, ok in zip(quality["channel"], quality["usable"], strict=True) if ok]
    found: list[_Channel] = []
    clean: xr.DataArray | None = None
    if usable and not emg.is_envelope(signal):
        clean = emg.condition(signal.sel(channel=usable))
        levels = quality.loc[quality["usable"], ["loud", "signal_to_noise_db"]].to_numpy(dtype=np.float64)
        found = [_channel(clean, name, *level) for name, level in zip(usable, levels.tolist(), strict=True)]
    return [
        Chapter(
            key="emg_alone",
            title="Muscle activity by itself",
            sentences=(_first(found, signal), *_unusable(quality), *_rest(found)),
            sureness=SURENESS,
            measures=tuple(measure for channel in found for measure in _measures(channel, signal.attrs["units"])),
            charts=(_chart(clean, usable[:MOST_DRAWN]),) if clean is not None else (),
            not_measured=(
                "when a foot was down, and so where in the stride a muscle worked: add force, foot markers or sensors "
                "on the feet, or state events in take.yaml",
                *_unnamed(signal),
            ),
            method=METHOD if found else "",
        )
    ]


def _channel(clean: xr.DataArray, name: str, loud: float, contrast_db: float) -> _Channel:
    values, time_s = clean.sel(channel=name).values, clean["time"].values
    found = emg.bursts(clean.sel(channel=[name]))[["onset_s", "offset_s"]].to_numpy(dtype=float)
    lasting = []
    for onset_s, offset_s in found:
        # a border that is NaN lies beyond the record: how long the burst was is not known
        inside = values[slice(*np.searchsorted(time_s, (onset_s, offset_s)))]
        level = float(np.sqrt(np.nanmean(inside**2))) if inside.size and np.isfinite(inside).any() else 0.0
        if offset_s - onset_s >= SHORTEST_S and level >= FAINTEST * loud:
            lasting.append(offset_s - onset_s)
    recorded_s = float(np.isfinite(values).sum()) / sampling_rate_hz(clean)
    return _Channel(name, np.array(lasting), recorded_s, float(np.sum(lasting)), loud / 10 ** (contrast_db / 20))


def _first(found: list[_Channel], signal: xr.DataArray) -> str:
    count = signal.sizes["channel"]
    span_s = float(signal["time"].values[-1] - signal["time"].values[0])
    sorted_out = any(signal["site"].values)
    unknown = f"nothing says {'' if sorted_out else 'which muscle, or '}when a foot was down"
    if not found:
        which = "The one channel of EMG cannot" if count == 1 else f"None of the {count} channels of EMG can"
        return f"{which} be used to tell when a muscle worked; {unknown}."
    active = [c for c in found if c.bursts_s.size]
    which = f"{'' if count == 1 else 'usable '}channel{'' if len(found) == 1 else 's'}"
    if not active:
        shows = f"The one {which} shows" if len(found) == 1 else f"The {len(found)} {which} show"
        return f"{shows} no burst of a muscle in {span_s:.1f} s; {unknown}."
    if len(found) == 1:
        return f"The one {which} shows {_bursts(active[0])} in {span_s:.0f} s; {unknown}."
    how_many = f"All {len(found)}" if len(active) == len(found) else f"{len(active)} of the {len(found)}"
    busiest = max(active, key=lambda c: c.bursts_s.size)
    return (
        f"{how_many} {which} show bursts of a muscle in {span_s:.0f} s, most of them the "
        f"{_spoken(busiest.name)} with {_bursts(busiest)}; {unknown}."
    )


def _bursts(channel: _Channel) -> str:
    n = channel.bursts_s.size
    typical = f"{np.median(channel.bursts_s):.1f} s"
    return f"one burst of {typical}" if n == 1 else f"{n} bursts of {typical} (median)"


def _rest(found: list[_Channel]) -> list[str]:
    return [
        f"{_spoken(c.name).capitalize() if side_of(c.name) else c.name}: {_bursts(c)}, active for "
        f"{100 * c.active_s / c.recorded_s:.0f} % of the time."
        for c in found
        if len(found) > 1 and c.bursts_s.size
    ]


def _unusable(quality: pd.DataFrame) -> list[str]:
    names = (_spoken(str(name)) for name in quality["channel"])
    states = ("is usable, but" if usable else "is not usable" for usable in quality["usable"])
    reasons = map(str, quality["reason"])
    return [f"{name} {state}: {why}." for name, state, why in zip(names, states, reasons, strict=True) if why]


def _unnamed(signal: xr.DataArray) -> tuple[str, ...]:
    labels = [str(c) for c, site in zip(signal["channel"].values, signal["site"].values, strict=True) if not site]
    shown = ", ".join(labels[:4]) + (", ..." if len(labels) > 4 else "")
    return (f"which muscle of which leg {shown} lay over: name it in take.yaml under channels",) if labels else ()


def _spoken(name: str) -> str:
    side = side_of(name)
    return f"{side} {plain(without_side(name))}" if side else name


def _measures(channel: _Channel, units: str) -> list[Measure]:
    side: Whose = side_of(channel.name) or ""
    what = plain(without_side(channel.name)) if side else channel.name
    n = channel.bursts_s.size
    few = f"{n} bursts are too few for an interval"
    median = float(np.median(channel.bursts_s)) if n else float("nan")
    interval = _median_interval(channel.bursts_s)
    counted = "counted in this record; nothing is drawn from it about others"
    rows = [
        ("number of bursts", float(n), "1", None, counted, ""),
        ("median burst", median, "s", interval, "" if interval else few, "ms"),
        ("bursts", n / channel.recorded_s, "Hz", None, counted, "per min"),
        ("share of the time active", channel.active_s / channel.recorded_s, "1", None, counted, "%"),
        ("quietest level", channel.noise, units, None, "one level per record", ""),
    ]
    return [
        Measure(f"{what}: {name}", side, value, unit, span, reason, n, "bursts", METHOD, shown)
        for name, value, unit, span, reason, shown in rows
    ]


def _median_interval(values: FloatArray) -> tuple[float, float] | None:
    """Interval of the median between two ordered values (binomial ranks)."""
    if values.size < FEWEST_FOR_INTERVAL:
        return None
    low = int(binom.ppf((1 - CONFIDENCE) / 2, values.size, 0.5))
    ordered = np.sort(values)
    return float(ordered[max(low - 1, 0)]), float(ordered[min(values.size - low, values.size - 1)])


def _chart(clean: xr.DataArray, names: list[str]) -> Chart:
    smooth = emg.envelope(clean.sel(channel=names))
    step = max(1, smooth.sizes["time"] // POINTS)
    thin = smooth.isel(time=slice(None, None, step))
    return Chart(
        title="Activity of each channel",
        x=thin["time"].values,
        x_words="time",
        x_units="s",
        series={_spoken(name): thin.sel(channel=name).values for name in names},
        y_words="envelope of the EMG",
        y_units=str(clean.attrs["units"]),
        style="line",
        words=f"The envelope of {', '.join(_spoken(name) for name in names)} over the whole record.",
    )
