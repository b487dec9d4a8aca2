"""The one-leg drill: what each leg gave alone, how it faded, and which leg faded faster."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from restride import emg
from restride.chapters.chapter import Chapter, Chart, Measure, Whose
from restride.errors import RestrideError
from restride.findings.drills import Fade, apart, drills, fade
from restride.signals.recording import Drill, Recording
from restride.signals.schema import SIDES, FloatArray, sampling_rate_hz
from restride.signals.vocabulary import plain

# what a leg delivers; where these two disagree, or neither is sure, no leg is said to fade faster
DELIVERED: Final = ("power", "cadence")
# of the EMG within one second: long against its own grain, short against a fading
AMPLITUDE_S: Final = 1.0
LINE: Final = "straight line through means of 5 s"
_OfSide = dict[str, tuple[FloatArray, FloatArray]]  # times and values
_UNITS: Final = {"power": ("W", ""), "cadence": ("Hz", "per min"), "smoothness": ("1", "%")}


@dataclass(frozen=True, slots=True)
class _Course:
    """One quantity of each leg over its own drills."""

    name: str
    units: str
    shown_in: str
    of_side: _OfSide
    fades: dict[str, Fade]
    difference: Fade


def drill(recording: Recording) -> list[Chapter]:
    """How each leg faded while it pedalled alone; none without such a drill.

    Parameters
    ----------
    recording : Recording
        With ``conditions.drills``, or with a share of power whose side is known.
    """
    found = drills(recording)
    if not found:
        return []
    courses = [_course(name, units, shown, of_side, found) for name, units, shown, of_side in _quantities(recording)]
    stated = bool(recording.conditions.drills)
    return [
        Chapter(
            key="one_leg_drill",
            title="One leg at a time",
            sentences=(*_told(found, courses, stated=stated), *_faded(courses)),
            sureness=_sureness(found, stated=stated),
            measures=tuple(measure for course in courses for measure in _measures(course)),
            charts=tuple(_chart(course, found) for course in courses if course.of_side),
            not_measured=_not_measured(found, stated=stated),
            method="straight line through means of five seconds of each drill, as a share of its start; t intervals; a "
            "change is told where its 99 % interval leaves zero",
        )
    ]


def _quantities(recording: Recording) -> list[tuple[str, str, str, _OfSide]]:
    """Name, unit, unit shown, and for each side times and values."""
    rows: list[tuple[str, str, str, _OfSide]] = []
    for kind in DELIVERED:
        if kind in recording:
            both = (recording[kind]["time"].values, recording[kind].values)
            rows.append((kind, *_UNITS[kind], dict.fromkeys(map(str, SIDES), both)))
    if "pedal_smoothness" in recording:
        array = recording["pedal_smoothness"]
        own: _OfSide = {side: (array["time"].values, array.sel(side=side).values) for side in SIDES}
        rows.append(("smoothness", *_UNITS["smoothness"], own))
    return rows + _amplitudes(recording)


def _amplitudes(recording: Recording) -> list[tuple[str, str, str, _OfSide]]:
    """Amplitude of each muscle's EMG, second by second, of the leg it belongs to."""
    if "emg" not in recording:
        return []
    try:
        quality = emg.quality(recording["emg"])
        usable = [str(c) for c, u in zip(quality["channel"], quality["usable"], strict=True) if u]
        clean = emg.condition(recording["emg"].sel(channel=usable))
    except RestrideError:
        return []
    sites: dict[str, _OfSide] = {}
    for name in usable:
        side = {"_l": "left", "_r": "right"}.get(name[-2:])
        if side is not None:
            sites.setdefault(name[:-2], {})[side] = _root_mean_square(clean.sel(channel=name))
    units = str(recording["emg"].attrs["units"])
    return [(f"EMG of {plain(site)}", units, "", of_side) for site, of_side in sites.items()]


def _root_mean_square(channel: xr.DataArray) -> tuple[FloatArray, FloatArray]:
    count = max(1, round(AMPLITUDE_S * sampling_rate_hz(channel)))
    whole = channel.sizes["time"] // count * count
    values = channel.values[:whole].reshape(-1, count)
    time_s = channel["time"].values[:whole].reshape(-1, count)
    return time_s.mean(axis=1), np.sqrt((values**2).mean(axis=1))


def _course(name: str, units: str, shown_in: str, of_side: _OfSide, found: list[Drill]) -> _Course:
    fades: dict[str, Fade] = {
        side: fade(*of_side[side], [d for d in found if d.side == side])
        if side in of_side
        else Fade(np.nan, np.nan, None, "not measured", 0)
        for side in SIDES
    }
    return _Course(name, units, shown_in, of_side, fades, apart(fades["left"], fades["right"]))


def _told(found: list[Drill], courses: list[_Course], *, stated: bool) -> list[str]:
    """Which leg delivers less and less, sooner; or that it cannot be told."""
    times = [f"{side} {_seconds(found, side)}" for side in SIDES if any(d.side == side for d in found)]
    seen = "" if stated else ", by its share of the power"
    length = f"One leg pedalled alone{seen}: {' and '.join(times)}"
    if len(times) < 2:
        return [f"{length}; without a drill of the other leg nothing says which leg fades faster."]
    sure = [c for c in courses if c.name in DELIVERED and c.difference.certain]
    faster = {"left" if c.difference.per_minute < 0 else "right" for c in sure}
    if len(faster) != 1:
        why = "power and cadence disagree" if len(faster) == 2 else "no difference goes beyond its interval"
        return [f"{length}; which leg fades faster cannot be told: {why}."]
    side = faster.pop()
    texts = [
        f"{c.name} {_percent(c.fades[side])} a minute against {_percent(c.fades[_other(side)])} of the {_other(side)} "
        f"({_difference(c.difference)})"
        for c in sure
    ]
    return [f"{length}; the {side} leg fades faster: {' and '.join(texts)}."]


def _faded(courses: list[_Course]) -> list[str]:
    sentences: list[str] = []
    for course in courses:
        sure = {side: f for side, f in course.fades.items() if f.certain}
        if sure:
            texts = [
                f"the {side} leg's {'rose' if f.per_minute > 0 else 'fell'} by {100 * abs(f.per_minute):.0f} % of its "
                f"start a minute (95 % interval {_sizes(f)})"
                for side, f in sure.items()
            ]
            sentences.append(f"{course.name[0].upper()}{course.name[1:]} over the drill: {', '.join(texts)}.")
    return sentences


def _percent(found: Fade) -> str:
    return f"{100 * found.per_minute:+.0f} %".replace("-", "−")


def _sizes(found: Fade) -> str:
    """Ends of an interval that does not hold zero, without their sign."""
    low, high = sorted(100 * abs(v) for v in found.interval or (np.nan, np.nan))
    return f"{low:.0f} to {high:.0f}"


def _difference(found: Fade) -> str:
    return f"difference {100 * abs(found.per_minute):.0f} points, 95 % interval {_sizes(found)}"


def _seconds(found: list[Drill], side: str) -> str:
    own = [d.end_s - d.start_s for d in found if d.side == side]
    return f"{' + '.join(f'{s:.0f}' for s in own)} s"


def _other(side: str) -> str:
    return "right" if side == "left" else "left"


def _sureness(found: list[Drill], *, stated: bool) -> str:
    said = "as stated in take.yaml" if stated else "found where one leg's share of the power was whole"
    order = f" The {found[0].side} leg went first, and whoever goes second may be tired already."
    return f"Rests on {len(found)} {'drill' if len(found) == 1 else 'drills'} of one ride, {said}.{order}"


def _measures(course: _Course) -> list[Measure]:
    rows: list[Measure] = []
    for side in SIDES:
        found = course.fades[side]
        if not np.isfinite(found.per_minute):
            continue
        rows.append(
            Measure(
                name=f"{course.name} at the start of the drill",
                side=side,
                value=found.start,
                units=course.units,
                interval=None,
                interval_reason="along the fitted line",
                n=found.bins,
                counted="means of 5 s",
                method=LINE,
                shown_in=course.shown_in,
            )
        )
        rows.append(_change(f"change of {course.name} per minute, of its start", side, found))
    if np.isfinite(course.difference.per_minute):
        rows.append(_change(f"change of {course.name} per minute, left less right", "both", course.difference))
    return rows


def _change(name: str, side: Whose, found: Fade) -> Measure:
    return Measure(
        name=name,
        side=side,
        value=found.per_minute,
        units="1",
        interval=found.interval,
        interval_reason=found.reason,
        n=found.bins,
        counted="means of 5 s",
        method=LINE,
        shown_in="%",
    )


def _chart(course: _Course, found: list[Drill]) -> Chart:
    """Each leg from the start of its own drill, so that the two lie over each other; the longest drill of each."""
    series: _OfSide = {}
    for side, (time_s, values) in course.of_side.items():
        own = [d for d in found if d.side == side]
        if own:
            longest = max(own, key=lambda d: d.end_s - d.start_s)
            inside = (time_s >= longest.start_s) & (time_s < longest.end_s)
            series[side] = (time_s[inside] - longest.start_s, values[inside])
    grid = np.unique(np.concatenate([np.round(t, 3) for t, _ in series.values()] or [np.empty(0)]))
    drawn: dict[str, FloatArray] = {}
    for side, (time_s, values) in series.items():
        drawn[side] = np.full(grid.size, np.nan)
        drawn[side][np.searchsorted(grid, np.round(time_s, 3))] = values
    return Chart(
        title=f"{course.name[0].upper()}{course.name[1:]} with one leg alone",
        x=grid,
        x_words="time from the start of each leg's own drill",
        x_units="s",
        series=drawn,
        y_words=course.name,
        y_units=course.units,
        style="dots",
        words=f"{course.name[0].upper()}{course.name[1:]} of each leg alone, from the start of its longest drill.",
        y_shown_in=course.shown_in,
    )


def _not_measured(found: list[Drill], *, stated: bool) -> tuple[str, ...]:
    texts = ["why a leg fades: a drill shows that it does, not the cause"]
    if not stated:
        texts.append("whether a pedal dropped out: it looks like a drill; state the drills in take.yaml to be sure")
    if len({d.side for d in found}) == 1:
        texts.append(f"how the {_other(found[0].side)} leg does alone")
    return tuple(texts)
