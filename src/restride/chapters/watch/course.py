"""What was done on an outing and how it went from its first third to its last, both legs together."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from restride.chapters.chapter import Chapter, Chart, Measure, Whose
from restride.chapters.watch.quantities import HEART, ON_FOOT, ON_WHEELS, POWER, RATIO, RISE, SPEED, Quantity
from restride.chapters.watch.records import (
    STEEP,
    clock,
    duration,
    ground,
    in_motion,
    measure,
    on_clock,
    on_wheels,
    records,
    sport,
    stated,
)
from restride.findings import minutes
from restride.findings.minutes import Records, Resampled
from restride.signals.recording import Recording
from restride.signals.schema import FloatArray

# records of one band are of like speed or power
SPEED_BAND_M_S: Final = 0.25
POWER_BAND_W: Final = 50.0


# compared between the thirds at like speed (on wheels: at like power)
_CHANGES_ON_FOOT: Final = ("contact_time", "step_rate", "step_length", "vertical_oscillation", "heart_rate")
_CHANGES_ON_WHEELS: Final = ("cadence", "heart_rate")


@dataclass(frozen=True, slots=True)
class _Change:
    quantity: Quantity
    found: Resampled


def course(recording: Recording) -> list[Chapter]:
    """Medians over the outing, how it changed, and the device's own means; none without records."""
    base = clock(recording)
    if base is None:
        return []
    quantities = [q for q in (ON_WHEELS if on_wheels(recording) else ON_FOOT) if q.kind in recording]
    moving = in_motion(recording)
    own = {q.kind: records(recording, on_clock(recording, q.kind), _counts(recording, q, moving)) for q in quantities}
    rng = np.random.default_rng(0)
    medians = {q.kind: minutes.median(own[q.kind], rng=rng) for q in quantities}
    whole, changes = _thirds(recording, quantities, own, moving, rng)
    return [
        Chapter(
            key="course",
            title="The outing" if not on_wheels(recording) else "The ride",
            sentences=(_first(recording, quantities, medians, own), *_changed(recording, whole, changes)),
            sureness=_sureness(moving),
            measures=(*_measures(recording, quantities, medians, own), *_change_measures(changes, whole, recording)),
            charts=_charts(quantities, own),
            not_measured=_not_measured(recording, changes),
            method=f"medians over the time {_moved(recording)}, weighted by how long each record lasted; 95 % "
            "intervals from drawing whole minutes; a change is told where its 99 % interval leaves zero",
        )
    ]


def _counts(recording: Recording, quantity: Quantity, moving: np.ndarray) -> np.ndarray:
    """The heart beats at rest too, but its rate is told of the time in motion, like the rest."""
    if quantity is POWER and not on_wheels(recording):
        return moving & (on_clock(recording, "power") > 0)  # pods write 0 where they felt no step
    return moving


def separates(recording: Recording) -> bool:
    """Whether any signal tells the legs apart."""
    if "left_share" in recording or "contact_left_share" in recording:
        return True
    sided = ("torque_effectiveness", "pedal_smoothness", "power_phase", "platform_centre_offset")
    return any(
        bool(np.isfinite(recording[kind].sel(side=side).values).any(axis=None) for side in ("left", "right"))
        and not one_sided(recording)
        for kind in sided
        if kind in recording
    )


def one_sided(recording: Recording) -> bool:
    """Whether the reader found a meter that doubles one leg."""
    return any(d.about == "left_share" and d.message.startswith("One-sided meter") for d in recording.doubts)


def _first(
    recording: Recording,
    quantities: list[Quantity],
    medians: dict[str, Resampled],
    own: dict[str, Records],
) -> str:
    base = clock(recording)
    time_s = base["time"].values if base is not None else np.zeros(1)
    told = [
        q.phrase.format(f"{q.factor * medians[q.kind].value:.{q.digits}f}")
        for q in quantities
        if q.phrase and np.isfinite(medians[q.kind].value)
    ]
    spent = max((float(r.weight.sum()) for r in own.values()), default=0.0)
    name = sport(recording)
    name = f"recorded as {name}" if name else "of an outing whose kind the file does not state"
    span = duration(float(time_s[-1] - time_s[0]))
    moved = f", {duration(spent)} of it {_moved(recording)}" if 0 < spent < 0.95 * (time_s[-1] - time_s[0]) else ""
    path = _path(recording)
    found = f": {', '.join(told)} (medians)" if told else ": it never moved"
    legs = "" if separates(recording) else f"; {_why_not(recording)}"
    return f"{span[0].upper()}{span[1:]} {name}{moved}{path}{found}{legs}."


def _moved(recording: Recording) -> str:
    """What ``in_motion`` chose: on wheels with a crank that tells, coasting is no part of it."""
    turning = on_wheels(recording) and ("cadence" in recording or "power" in recording)
    return "pedalling" if turning else "in motion"


def _path(recording: Recording) -> str:
    if "distance" not in recording:
        return ""
    gone = recording["distance"].values
    gone = gone[np.isfinite(gone)]
    length = float(gone[-1] - gone[0]) if gone.size else 0.0
    return f", {length / 1000:.1f} km" if length >= 100 else ""


def _why_not(recording: Recording) -> str:
    if one_sided(recording):
        return "the meter measures one leg and takes the other as equal, so nothing here compares the legs"
    return "nothing in this file separates the legs"


def _thirds(
    recording: Recording,
    quantities: list[Quantity],
    own: dict[str, Records],
    moving: np.ndarray,
    rng: np.random.Generator,
) -> tuple[_Change | None, list[_Change]]:
    """The load itself, and each quantity at like load: last third less first."""
    base = clock(recording)
    load = POWER if on_wheels(recording) and "power" in recording else SPEED
    if base is None or load.kind not in own or not moving.any():
        return None, []
    lasting = np.where(moving, own[load.kind].lasts_s, 0.0)
    gone = np.cumsum(lasting) / lasting.sum()
    first, last = moving & (gone <= 1 / 3), moving & (gone > 2 / 3)
    bands = _bands(recording, load)
    wanted = _CHANGES_ON_WHEELS if on_wheels(recording) else _CHANGES_ON_FOOT
    whole = _Change(load, minutes.contrast(own[load.kind], last, first, rng=rng))
    return whole, [
        _Change(q, minutes.contrast(own[q.kind], last, first, bands=bands, rng=rng))
        for q in quantities
        if q.kind in wanted
    ]


def _bands(recording: Recording, load: Quantity) -> np.ndarray:
    """Records of one number are of like load and, where it is known, of like slope."""
    values = on_clock(recording, load.kind)
    width = POWER_BAND_W if load is POWER else SPEED_BAND_M_S
    slope = ground(recording)
    known = np.isfinite(slope).any()
    steepness = np.digitize(slope, [-STEEP, STEEP]) if known else np.zeros(values.size, dtype=np.int64)
    missing = ~np.isfinite(values) | (known & ~np.isfinite(slope))
    return np.where(missing, -1, 3 * np.floor(np.nan_to_num(values) / width).astype(np.int64) + steepness)


def _changed(recording: Recording, whole: _Change | None, changes: list[_Change]) -> list[str]:
    told: list[str] = []
    if whole is not None and whole.found.interval is not None:
        way = "rose" if whole.found.value > 0 else "fell"
        told.append(
            f"From the first third to the last the {whole.quantity.name} {way} by {_amount(whole)}."
            if whole.found.certain
            else f"The {whole.quantity.name} of the last third cannot be told from that of the first."
        )
    sure = [c for c in changes if c.found.certain]
    if sure:
        texts = [f"{c.quantity.name} {'rose' if c.found.value > 0 else 'fell'} by {_amount(c)}" for c in sure]
        told.append(f"At {_like(recording)}, from the first third to the last, {' and '.join(texts)}.")
    elif any(c.found.interval is not None for c in changes):
        names = [c.quantity.name for c in changes if c.found.interval is not None]
        told.append(f"At {_like(recording)}, no change of {_or(names)} goes beyond its interval.")
    elif changes and whole is not None and whole.found.interval is not None:
        told.append(f"First and last third share too little time at {_like(recording)} to be compared.")
    return told


def _like(recording: Recording) -> str:
    load = "power" if on_wheels(recording) and "power" in recording else "speed"
    return f"like {load} and slope" if np.isfinite(ground(recording)).any() else f"like {load}"


def _amount(change: _Change) -> str:
    q, found = change.quantity, change.found
    sign = 1.0 if found.value >= 0 else -1.0
    digits = q.digits + (0 if q.digits else 1) + (1 if q is SPEED else 0)
    size = f"{q.factor * abs(found.value):.{digits}f} {q.unit}"
    if found.interval is None:
        return size
    low, high = sorted(sign * q.factor * v for v in found.interval)
    return f"{size} (95 % interval {low:.{digits}f} to {high:.{digits}f})"


def _sureness(moving: np.ndarray) -> str:
    return (
        f"Rests on {int(moving.sum())} records of one outing, as the device states them; the intervals hold what "
        "varied on the way, not errors of the device."
    )


def _measures(
    recording: Recording, quantities: list[Quantity], medians: dict[str, Resampled], own: dict[str, Records]
) -> list[Measure]:
    found: list[Measure] = []
    for q in quantities:
        how, side = f"median over the time {_moved(recording)}", _whose(q)
        found.append(measure(q.name, medians[q.kind], q.units, how, side=side, shown_in=q.shown_in))
        device = recording[q.kind].attrs.get("device_value")
        if device is not None:
            found.append(_mean(q, own[q.kind], _moved(recording)))
            found.append(stated(f"mean {q.name}", float(device), q.units, side=side, shown_in=q.shown_in))
    return found


def _mean(q: Quantity, own: Records, moved: str) -> Measure:
    """As devices take it: of power and heart rate over all records, of the rest over those in motion."""
    always = q in (POWER, HEART)
    values = own.values[np.isfinite(own.values)] if always else own.values[own.there]
    weight = own.lasts_s[np.isfinite(own.values)] if always else own.weight[own.there]
    value = float(np.average(values, weights=weight)) if weight.size else np.nan
    how = "mean over all records" if always else f"mean over the time {moved}"
    plain = Resampled(value, None, "shown beside the device's own", 0)
    return measure(f"mean {q.name}", plain, q.units, how, side=_whose(q), shown_in=q.shown_in)


def _whose(q: Quantity) -> Whose:
    return "" if q in (SPEED, HEART, RISE, RATIO) else "both"


def _change_measures(changes: list[_Change], whole: _Change | None, recording: Recording) -> list[Measure]:
    method = f"last third less first, at {_like(recording)}"
    rows = [] if whole is None else [(whole, "last third less first")]
    return [
        measure(name, c.found, c.quantity.units, how, side=_whose(c.quantity), shown_in=c.quantity.shown_in)
        for c, how in (*rows, *((c, method) for c in changes))
        for name in (f"change of {c.quantity.name}",)
        if np.isfinite(c.found.value)
    ]


def _charts(quantities: list[Quantity], own: dict[str, Records]) -> tuple[Chart, ...]:
    charts: list[Chart] = []
    for q in quantities:
        time_s, values = minutes.by_minute(own[q.kind])
        if values.size < minutes.FEWEST_MINUTES:
            time_s, values = own[q.kind].time_s, np.where(own[q.kind].there, own[q.kind].values, np.nan)
        if np.isfinite(values).any():
            charts.append(_chart(q, time_s, values))
    return tuple(charts)


def _chart(q: Quantity, time_s: FloatArray, values: FloatArray) -> Chart:
    low, high = (f"{q.factor * float(v):.{max(q.digits, 0)}f}" for v in np.nanquantile(values, [0.0, 1.0]))
    name = f"{q.name[0].upper()}{q.name[1:]}"
    return Chart(
        f"{name} over the outing",
        time_s,
        "time",
        "s",
        {q.name: values},
        q.name,
        q.units,
        "dots",
        f"It lies between {low} and {high} {q.unit}.",
        x_shown_in="min",
        y_shown_in=q.shown_in,
    )


def _not_measured(recording: Recording, changes: list[_Change]) -> tuple[str, ...]:
    texts = [] if separates(recording) else ["any difference between the legs"]
    if on_wheels(recording) and "cadence" in recording:
        texts.append("a single turn of the pedals: a record is the mean of some")
    if on_wheels(recording) and "power" not in recording:
        texts.append("power, and so whether a change came with the load")
    if any(c.quantity is HEART for c in changes):
        texts.append("why the heart rate changed: heat and thirst change it like tiring")
    return tuple(texts)


def _or(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
