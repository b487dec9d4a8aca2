"""The chapter of toe taps or toe lifts: how fast, how evenly, and whether they die away."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from restride import emg, standing
from restride.chapters.chapter import Chapter, Chart, Measure
from restride.chapters.standing.attempts import attempts, within
from restride.chapters.standing.held import on_foot
from restride.errors import RestrideError
from restride.findings.blocks import blocks, difference, median
from restride.signals.recording import Recording, Side
from restride.signals.schema import SIDES, SPACE
from restride.standing import Rhythm

SEED: Final = 0
# a pause this long begins another series
PAUSE_S: Final = 5.0
TIBIALIS: Final = "tibialis_anterior"


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """The taps of one leg over all attempts, and the rhythm of each attempt."""

    side: Side
    taps: pd.DataFrame
    rhythms: tuple[Rhythm, ...]
    source: str
    units: str


def taps(recording: Recording) -> list[Chapter]:
    """Taps of each foot from its sensor, its muscle or its force; empty where none of them was recorded.

    Parameters
    ----------
    recording : Recording
    """
    found = [series for side in SIDES if (series := _series(recording, side)) is not None]
    if not found:
        return []
    word = "toe lifts" if recording.conditions.test == "toe_lift" else "toe taps"
    missing = [side for side in SIDES if side not in [series.side for series in found]]
    return [
        Chapter(
            key="taps",
            title=word[0].upper() + word[1:],
            sentences=(*_compared(found, word), *(_told(series, word) for series in found)),
            sureness=(
                f"From {' and '.join(f'{len(s.taps)} {s.side}' for s in found)} {word}, {found[0].source}. "
                "Whether that is fast or slow is not said: there are no normal values for it here."
            ),
            measures=tuple(measure for series in found for measure in _measures(series, word)),
            charts=(_chart(found, "interval_s"), *([_chart(found, "amplitude")] if _alike(found) else [])),
            not_measured=(
                *(f"the {side} foot: nothing of it was recorded" for side in missing),
                "how far the toes came up: a muscle's signal does not say"
                if found[0].units == "V"
                else "which muscle lifted the foot",
            ),
            method=f"{found[0].source}; peaks of it (restride.standing.rhythm); intervals from blocks of five taps",
        )
    ]


def _series(recording: Recording, side: Side) -> Series | None:
    for find, source, units in (
        (_of_sensor, "from the turning of the foot's sensor", "rad"),
        (_of_muscle, "from bursts of tibialis anterior", "V"),
        (_of_force, "from the force under the foot", "N"),
    ):
        tables: list[pd.DataFrame] = []
        rhythms: list[Rhythm] = []
        for attempt in attempts(recording):
            try:
                part = Recording({k: within(a, attempt) for k, a in recording.signals.items()})
                table = find(part, side)
                if table is not None:
                    rhythms.append(standing.rhythm(table))
                    tables.append(table)
            except RestrideError:
                continue  # this source shows no taps
        if tables:
            return Series(side, pd.concat(tables, ignore_index=True), tuple(rhythms), source, units)
    return None


def _of_sensor(recording: Recording, side: Side) -> pd.DataFrame | None:
    gyr = on_foot(recording["gyr"], side) if "gyr" in recording else None
    return None if gyr is None else standing.taps_from_turning(gyr)


def _of_muscle(recording: Recording, side: Side) -> pd.DataFrame | None:
    name = f"{TIBIALIS}_{side[0]}"
    if "emg" not in recording or name not in recording["emg"]["channel"].values:
        return None
    clean = emg.condition(recording["emg"].sel(channel=[name]))
    envelope = emg.envelope(clean, cutoff_hz=20.0).isel(channel=0, drop=True)
    return standing.taps_from_bursts(emg.bursts(clean), envelope)


def _of_force(recording: Recording, side: Side) -> pd.DataFrame | None:
    if "grf" not in recording or side not in recording["grf"]["side"].values:
        return None
    force = recording["grf"].sel(side=side, drop=True).isel(space=SPACE.index("y"), drop=True)
    return standing.taps_from_force(force.assign_attrs(units="N"))


def _intervals(series: Series) -> tuple[np.ndarray, np.ndarray]:
    """Intervals between taps and their blocks; the pause between two attempts is none."""
    times = series.taps["time_s"].to_numpy(dtype=np.float64)
    return series.taps["interval_s"].to_numpy(dtype=np.float64), blocks(times, gap_s=PAUSE_S)


def _told(series: Series, word: str) -> str:
    one = series.rhythms[0] if len(series.rhythms) == 1 else None
    rate = np.median([r.rate_hz for r in series.rhythms])
    variation = 100 * float(np.nanmean([r.variation for r in series.rhythms]))
    halts = sum(r.halts for r in series.rhythms)
    text = (
        f"{series.side[0].upper()}{series.side[1:]}: {len(series.taps)} {word}, {rate:.1f} per second, intervals vary "
        f"by {variation:.0f} %, {'no halt' if not halts else f'{halts} halt' + ('s' if halts > 1 else '')}"
    )
    return f"{text}{_change_words(one)}." if one is not None else f"{text}."


def _change_words(found: Rhythm) -> str:
    """Whether taps die away or slow down, as far as the interval of the slope says."""
    said = []
    grows, slows = found.amplitude_interval, found.interval_interval
    if grows is not None and not grows[0] <= 0 <= grows[1]:
        what = "smaller" if found.amplitude_change < 0 else "larger"
        said.append(f"{100 * _over(found.amplitude_change, found.n - 1):.0f} % {what}")
    if slows is not None and not slows[0] <= 0 <= slows[1]:
        what = "slower" if found.interval_change > 0 else "faster"
        said.append(f"{100 * _over(found.interval_change, found.n - 2):.0f} % {what}")
    if grows is None and slows is None:
        return "; too few for a change over the series"
    if not said:
        return "; no change over the series beyond its scatter"
    return f"; from the first to the last they became {' and '.join(said)}"


def _over(slope: float, steps: int) -> float:
    """Change along a line as a share of where it begins, from its slope as a share of its middle."""
    whole = slope * steps
    return abs(whole / (1 - whole / 2))


def _compared(found: list[Series], word: str) -> list[str]:
    if len(found) < 2:
        return []
    rng = np.random.default_rng(SEED)
    left, right = (_intervals(series) for series in found)
    apart = difference(left, right, rng=rng)
    a, b = (float(1 / np.nanmedian(x)) for x, _ in (left, right))
    start = f"{word[0].upper()}{word[1:]} of the left foot {a:.1f} per second, of the right {b:.1f}"
    if apart.told is None:
        return [f"{start}; too few to say whether that is a difference."]
    if apart.least == 0.0:
        return [f"{start}: no difference beyond their own scatter."]
    slow = "left" if apart.value > 0 else "right"
    low, high = sorted(1e3 * abs(end) for end in apart.interval or (0.0, 0.0))
    longer = f"{1e3 * abs(apart.value):.0f} ms longer for each (95 % interval {low:.0f} to {high:.0f} ms)"
    return [f"{start}: the {slow} foot takes {longer}."]


def _measures(series: Series, word: str) -> list[Measure]:
    rng = np.random.default_rng(SEED)
    values, block = _intervals(series)
    between, size = median(values, block, rng=rng), median(series.taps["amplitude"].to_numpy(float), block, rng=rng)
    ends = (1 / between.interval[1], 1 / between.interval[0]) if between.interval else None
    side, method = series.side, f"{series.source} (restride.standing.rhythm)"
    single = word.removesuffix("s")
    out = [
        Measure(f"{single} rate", side, 1 / between.value, "Hz", ends, between.reason, between.n, word, method),
        Measure(
            *(f"size of a {single}", side, size.value, series.units, size.interval, size.reason, size.n, word, method)
        ),
    ]
    why = "one number per series"
    n = len(series.rhythms)
    rows = {
        "variation of the intervals": (np.array([r.variation for r in series.rhythms]), None, "1", "%"),
        "change of size per tap": (*_slopes(series, "amplitude"), "1", "%"),
        "change of interval per tap": (*_slopes(series, "interval"), "1", "%"),
        "halts": (np.array([float(sum(r.halts for r in series.rhythms))]), None, "counts", ""),
    }
    for name, (each, span, units, shown_in) in rows.items():
        if np.isfinite(each).any():
            value = float(np.nanmean(each))
            reason = "" if span else why
            out.append(Measure(name, side, value, units, span, reason, n, "series", method, shown_in))
    return out


def _slopes(series: Series, what: str) -> tuple[np.ndarray, tuple[float, float] | None]:
    """The slope of each series, and its interval where there is one series."""
    each = np.array([getattr(r, f"{what}_change") for r in series.rhythms])
    return each, getattr(series.rhythms[0], f"{what}_interval") if len(each) == 1 else None


def _alike(found: list[Series]) -> bool:
    return len({series.units for series in found}) == 1


def _chart(found: list[Series], column: str) -> Chart:
    number = np.arange(1.0, max(len(series.taps) for series in found) + 1)
    lines = {}
    for series in found:
        line = np.full(number.size, np.nan)
        line[: len(series.taps)] = series.taps[column].to_numpy(dtype=np.float64)
        lines[series.side] = line
    words = {"interval_s": "time to the next tap", "amplitude": "size of the tap"}[column]
    ends = ", ".join(f"{side} {_ends(line, column, found[0].units)}" for side, line in lines.items())
    return Chart(
        title=f"{words[0].upper()}{words[1:]}, tap by tap",
        x=number,
        x_words="tap",
        x_units="1",
        series={str(side): line for side, line in lines.items()},
        y_words=words,
        y_units="s" if column == "interval_s" else found[0].units,
        style="dots",
        words=f"{words[0].upper()}{words[1:]} from first to last: {ends}.",
        y_shown_in="ms" if column == "interval_s" else "",
    )


def _ends(line: np.ndarray, column: str, units: str) -> str:
    factor, unit = (
        (1e3, "ms")
        if column == "interval_s"
        else {"rad": (180 / np.pi, "degrees"), "V": (1e6, "µV")}.get(units, (1.0, units))
    )
    seen = factor * line[np.isfinite(line)]
    return f"{seen[0]:.0f} to {seen[-1]:.0f} {unit}" if seen.size else "none"
