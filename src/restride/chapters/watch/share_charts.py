"""The share of each leg as drawings: over time, and against load and slope."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from restride.chapters.chapter import Chart
from restride.chapters.watch.records import clock, ground
from restride.findings import Samples, minutes
from restride.findings.minutes import Records
from restride.findings.outing_samples import SHARES, Quantity
from restride.signals.recording import Recording
from restride.signals.schema import FloatArray

EVEN: Final = 0.5
# below this many minutes each record is a dot
FEWEST_DOTS: Final = minutes.FEWEST_MINUTES
_AGAINST: Final = (("power", "W", ""), ("cadence", "Hz", "per min"), ("speed", "m/s", ""))


@dataclass(frozen=True, slots=True)
class _Axis:
    """What the share is drawn against."""

    title: str
    words: str
    units: str
    shown_in: str = ""


def share_charts(recording: Recording, quantity: Quantity, counting: Samples) -> tuple[Chart, ...]:
    """Dots per minute, up = left; against time, power, cadence, speed and slope as far as recorded.

    Parameters
    ----------
    recording : Recording
    quantity : {"power", "contact time"}
    counting : Samples
        The records that count; below five minutes each of them is a dot.
    """
    own = Records(counting.time_s, counting.share, counting.weight, counting.lasts_s)
    time_s, share = minutes.by_minute(own)
    if share.size < FEWEST_DOTS:
        axis = _Axis("Share over the outing, a dot per record", "time", "s", "min")
        return (_chart(axis, own.time_s, own.values, counting.of),)
    charts = [_chart(_Axis("Share over the outing, a dot per minute", "time", "s", "min"), time_s, share, counting.of)]
    for kind, units, shown_in in _AGAINST:
        if kind in recording and (kind == "speed") == (quantity == "contact time"):
            x = _means(own, at_counting(recording, quantity, counting, kind))
            axis = _Axis(f"Share against {kind}, a dot per minute", kind, units, shown_in)
            charts.append(_chart(axis, x, share, counting.of))
    slope = _means(own, rows_of(recording, quantity, counting, ground(recording)))
    if np.isfinite(slope).any():
        axis = _Axis("Share against slope, a dot per minute", "slope (uphill +)", "1", "%")
        charts.append(_chart(axis, slope, share, counting.of))
    return tuple(charts)


def at_counting(recording: Recording, quantity: Quantity, counting: Samples, kind: str) -> FloatArray:
    """Another signal at the records that count."""
    share = recording[SHARES[quantity]]
    if kind not in recording:
        return np.full(counting.row.size, np.nan)
    values: FloatArray = recording[kind].reindex(time=share["time"].values).values[counting.row]
    return values


def rows_of(recording: Recording, quantity: Quantity, counting: Samples, values: FloatArray) -> FloatArray:
    """Values on the clock of the records at the records that count; NaN if the share has another clock."""
    base = clock(recording)
    same = base is not None and np.array_equal(base["time"].values, recording[SHARES[quantity]]["time"].values)
    return values[counting.row] if same else np.full(counting.row.size, np.nan)


def _means(own: Records, values: FloatArray) -> FloatArray:
    """Mean of another quantity in each minute that the share has; NaN where it was not measured."""
    place = np.floor(own.time_s / 60.0)
    kept = own.there
    minute, inverse = np.unique(place[kept], return_inverse=True)
    there = np.isfinite(values[kept])
    with np.errstate(invalid="ignore", divide="ignore"):
        total = np.bincount(inverse[there], own.lasts_s[kept][there], minlength=minute.size)
        summed = np.bincount(inverse[there], (own.lasts_s * values)[kept][there], minlength=minute.size)
        return np.where(total > 0, summed / total, np.nan)


def _chart(axis: _Axis, x: FloatArray, share: FloatArray, leg: str) -> Chart:
    low, high = (100 * float(v) for v in np.nanquantile(share, [0.1, 0.9]))
    return Chart(
        title=axis.title,
        x=x,
        x_words=axis.words,
        x_units=axis.units,
        series={leg: share},
        y_words="share of the left leg (up = left)" if leg == "left leg" else f"share of {leg}",
        y_units="1",
        style="dots",
        words=f"Most dots lie between {low:.1f} and {high:.1f} %.",
        level=EVEN,
        level_words="even",
        x_shown_in=axis.shown_in,
        y_shown_in="%",
    )
