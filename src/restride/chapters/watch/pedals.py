"""What pedals say of each leg: how well and how evenly it pushes, and where in the turn."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from restride.chapters.chapter import Chapter, Chart, Measure
from restride.chapters.watch.arcs import arc_chart
from restride.chapters.watch.course import one_sided
from restride.chapters.watch.records import at_records, duration, in_motion, measure, on_clock, records, stated
from restride.findings import minutes
from restride.findings.minutes import Records, Resampled
from restride.signals.recording import Recording
from restride.signals.schema import SIDES, FloatArray
from restride.signals.vocabulary import listed

Side = Literal["left", "right"]

# kind -> name, unit, unit shown, factor and digits in words, what more of it means
_LINEAR: Final = {
    "torque_effectiveness": ("torque effectiveness", "1", "%", 100.0, 1, "%"),
    "pedal_smoothness": ("pedal smoothness", "1", "%", 100.0, 1, "%"),
    "platform_centre_offset": ("platform centre offset", "m", "mm", 1e3, 1, "mm"),
}
_ARCS: Final = {"power_phase": "push", "power_phase_peak": "strongest part of the push"}
# a byte of the file is 256th of a turn
STEP_RAD: Final = 2 * np.pi / 256
METHOD: Final = "mean over time while pedalling"
ON_CIRCLE: Final = "mean direction over time while pedalling"


@dataclass(frozen=True, slots=True)
class _Difference:
    """Left minus right of one thing."""

    name: str
    found: Resampled
    units: str
    kind: str

    def sentence(self) -> str:
        """Which leg is ahead, by how much."""
        ahead, behind = ("left", "right") if self.found.value > 0 else ("right", "left")
        sign = 1.0 if self.found.value > 0 else -1.0
        low, high = sorted(sign * v for v in self.found.interval or (np.nan, np.nan))
        size = abs(self.found.value)
        if self.units == "rad":
            said = f"{np.rad2deg(size):.1f}° (95 % interval {np.rad2deg(low):.1f} to {np.rad2deg(high):.1f})"
            return f"The {self.name} of the {ahead} leg comes {said} later in the turn than that of the {behind}."
        _, _, _, factor, digits, unit = _LINEAR[self.kind]
        unit = "points" if unit == "%" else unit
        said = (
            f"{factor * size:.{digits}f} {unit} (95 % interval {factor * low:.{digits}f} to {factor * high:.{digits}f})"
        )
        return f"The {self.name} of the {ahead} leg is {said} higher than that of the {behind}."


def pedals(recording: Recording) -> list[Chapter]:
    """Torque effectiveness, smoothness, platform offset and power phase of each leg, as far as measured.

    Parameters
    ----------
    recording : Recording
        A signal of which one side is missing throughout is of a one-sided meter: its number is
        told, and no difference.
    """
    linear = [kind for kind in _LINEAR if kind in recording]
    arcs = [kind for kind in _ARCS if kind in recording]
    if not linear and not arcs:
        return []
    rng = np.random.default_rng(0)
    moving = in_motion(recording)
    of_side: dict[tuple[str, str], Resampled] = {
        (kind, side): minutes.mean(_records(recording, kind, side, moving), rng=rng)
        for kind in linear
        for side in SIDES
    }
    bounds: dict[tuple[str, str, str], Resampled] = {
        (kind, side, bound): minutes.direction(_bound(recording, kind, side, bound, moving), rng=rng)
        for kind in arcs
        for side in SIDES
        for bound in ("start", "end")
    }
    if not any(np.isfinite(found.value) for found in (*of_side.values(), *bounds.values())):
        return []
    apart = _differences(recording, linear, arcs, moving, rng)
    one = one_sided(recording)
    return [
        Chapter(
            key="pedalling",
            title="How each leg pedals",
            sentences=(_first(recording, of_side, bounds, moving), *([] if one else _sentences(apart))),
            sureness="Rests on one ride with one pair of pedals, as they state it; the intervals hold what varied on "
            "the way, not how each pedal was set up.",
            measures=(
                *_linear_measures(recording, of_side),
                *_arc_measures(recording, bounds),
                *([] if one else _apart_measures(apart)),
            ),
            charts=(*arc_chart(bounds), *(_time_chart(recording, kind, moving) for kind in linear)),
            not_measured=_not_measured(recording, one=one, arcs=bool(arcs)),
            method=f"{METHOD}; angles: {ON_CIRCLE}, 0 at the top of the turn; 95 % intervals from drawing whole "
            "minutes; a difference is told where its 99 % interval leaves zero",
        )
    ]


def _records(recording: Recording, kind: str, side: str, moving: np.ndarray) -> Records:
    return records(recording, at_records(recording, recording[kind].sel(side=side, drop=True)), moving)


def _bound(recording: Recording, kind: str, side: str, bound: str, moving: np.ndarray) -> Records:
    """Start or end of an arc; an arc without length is one the pedals did not find."""
    array = recording[kind].sel(side=side, drop=True)
    length = (array.sel(bound="end", drop=True) - array.sel(bound="start", drop=True)) % (2 * np.pi)
    return records(recording, at_records(recording, array.sel(bound=bound, drop=True).where(length > 0)), moving)


def _differences(
    recording: Recording, linear: list[str], arcs: list[str], moving: np.ndarray, rng: np.random.Generator
) -> list[_Difference]:
    """Left minus right, record by record, so that what both legs share falls out."""
    found: list[_Difference] = []
    for kind in arcs:
        for bound in ("start", "end"):
            left, right = (_bound(recording, kind, side, bound, moving) for side in SIDES)
            apart = Records(left.time_s, left.values - right.values, left.weight, left.lasts_s)
            found.append(_Difference(f"{bound} of the {_ARCS[kind]}", minutes.direction(apart, rng=rng), "rad", kind))
    for kind in linear:
        left, right = (_records(recording, kind, side, moving) for side in SIDES)
        apart = Records(left.time_s, left.values - right.values, left.weight, left.lasts_s)
        found.append(_Difference(_LINEAR[kind][0], minutes.mean(apart, rng=rng), _LINEAR[kind][1], kind))
    return [d for d in found if np.isfinite(d.found.value)]


def _first(
    recording: Recording,
    of_side: dict[tuple[str, str], Resampled],
    bounds: dict[tuple[str, str, str], Resampled],
    moving: np.ndarray,
) -> str:
    """Both legs in numbers; of a one-sided meter that it is one."""
    base = records(recording, on_clock(recording, "power"), moving)
    span = duration(float(base.weight.sum()))
    if one_sided(recording):
        side = next((s for (_, s), f in of_side.items() if np.isfinite(f.value)), "")
        told = [
            f"{_LINEAR[kind][0]} {_said(kind, f.value)}"
            for (kind, s), f in of_side.items()
            if s == side and np.isfinite(f.value)
        ]
        return (
            "This meter measures one leg and takes the other as equal, so nothing here compares the legs; "
            f"its own {side} leg: {', '.join(told)}."
        )
    texts = [*_arc_words(bounds), *_linear_words(of_side)] or ["only the strongest part of the push was measured"]
    return f"Over {span} of pedalling, {'; '.join(texts)}."


def _arc_words(bounds: dict[tuple[str, str, str], Resampled]) -> list[str]:
    """From where to where each leg pushes, as far as it was measured."""
    arcs = {
        side: (start.value, end.value)
        for side in SIDES
        if (start := bounds.get(("power_phase", side, "start"))) and (end := bounds.get(("power_phase", side, "end")))
    }
    told = [
        f"the {side} leg pushed from {_degrees(start)} to {_degrees(end)} of the turn"
        for side, (start, end) in arcs.items()
        if np.isfinite(start + end)
    ]
    return [f"{' and '.join(told)} (0° is the top)"] if told else []


def _linear_words(of_side: dict[tuple[str, str], Resampled]) -> list[str]:
    texts: list[str] = []
    for kind, (name, *_) in _LINEAR.items():
        told = [
            f"{_said(kind, found.value)} {side}"
            for side in SIDES
            if (found := of_side.get((kind, side))) is not None and np.isfinite(found.value)
        ]
        if told:
            texts.append(f"{name} was {' and '.join(told)}")
    return texts


def _sentences(apart: list[_Difference]) -> list[str]:
    sure = [d for d in apart if d.found.certain and (d.units != "rad" or abs(d.found.value) >= STEP_RAD)]
    told = [d.sentence() for d in sure]
    small = [d for d in apart if d.found.certain and d not in sure]
    if small:
        names = listed([d.name for d in small])
        told.append(f"In {names} the legs differ by less than one step of the file, {np.rad2deg(STEP_RAD):.1f}°.")
    if not told and any(d.found.interval is not None for d in apart):
        told.append("No difference between the legs goes beyond its interval.")
    return told


def _time_chart(recording: Recording, kind: str, moving: np.ndarray) -> Chart:
    """Both legs, a dot a minute; a leg that was not measured is not drawn."""
    name, units, shown_in, *_ = _LINEAR[kind]
    of_leg = {side: _records(recording, kind, side, moving) for side in SIDES}
    of_minute = {side: minutes.by_minute(own) for side, own in of_leg.items() if own.there.any()}
    time_s = np.unique(np.concatenate([t for t, _ in of_minute.values()] or [np.empty(0)]))
    series: dict[str, FloatArray] = {}
    for side, (own_s, values) in of_minute.items():
        series[side] = np.full(time_s.size, np.nan)
        series[side][np.searchsorted(time_s, own_s)] = values
    title = f"{name[0].upper()}{name[1:]} over the ride, a dot per minute"
    spans = [f"{side} {_said(kind, v.min())} to {_said(kind, v.max())}" for side, (_, v) in of_minute.items()]
    return Chart(
        title, time_s, "time", "s", series, name, units, "dots", f"Per minute: {', '.join(spans)}.",
        x_shown_in="min", y_shown_in=shown_in,
    )  # fmt: skip


def _degrees(angle_rad: float) -> str:
    return f"{np.rad2deg(angle_rad) % 360:.0f}°"


def _said(kind: str, value: float) -> str:
    _, _, _, factor, digits, unit = _LINEAR[kind]
    return f"{factor * value:.{digits}f} {unit}"


def _linear_measures(recording: Recording, of_side: dict[tuple[str, str], Resampled]) -> list[Measure]:
    rows: list[Measure] = []
    for (kind, side), found in of_side.items():
        name, units, shown_in, *_ = _LINEAR[kind]
        if not np.isfinite(found.value):
            continue
        rows.append(measure(name, found, units, METHOD, side=_side(side), shown_in=shown_in))
        if "device_value" in recording[kind].coords:
            device = float(recording[kind]["device_value"].sel(side=side))
            if np.isfinite(device):
                rows.append(stated(name, device, units, side=_side(side), shown_in=shown_in))
    return rows


def _arc_measures(recording: Recording, bounds: dict[tuple[str, str, str], Resampled]) -> list[Measure]:
    rows: list[Measure] = []
    for (kind, side, bound), found in bounds.items():
        if not np.isfinite(found.value):
            continue
        name = f"{bound} of the {_ARCS[kind]}"
        rows.append(measure(name, _forwards(found), "rad", ON_CIRCLE, side=_side(side)))
        if "device_value" in recording[kind].coords:
            device = float(recording[kind]["device_value"].sel(side=side, bound=bound))
            if np.isfinite(device):
                rows.append(stated(name, device, "rad", side=_side(side)))
    return rows


def _forwards(found: Resampled) -> Resampled:
    """A direction counted from 0 to a full turn, as pedals count."""
    turn = found.value % (2 * np.pi) - found.value
    interval = None if found.interval is None else (found.interval[0] + turn, found.interval[1] + turn)
    return Resampled(found.value + turn, interval, found.reason, found.minutes, found.certain)


def _apart_measures(apart: list[_Difference]) -> list[Measure]:
    shown_in = {"1": "%", "m": "mm", "rad": ""}
    return [
        measure(f"{d.name}, left less right", d.found, d.units, "record by record", shown_in=shown_in[d.units])
        for d in apart
    ]


def _side(side: str) -> Side:
    return "left" if side == "left" else "right"


def _not_measured(recording: Recording, *, one: bool, arcs: bool) -> tuple[str, ...]:
    texts = ["any difference between the legs"] if one else []
    texts.append("the force of a single turn: a record is a mean of some")
    texts += [
        f"{_LINEAR[d.about][0]} of each leg: the meter does not measure it"
        for d in recording.doubts
        if d.about in _LINEAR and d.about not in recording
    ]
    if arcs:
        texts.append("whether both pedals agree on where the top is: each finds its own")
    return tuple(texts)
