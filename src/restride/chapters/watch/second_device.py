"""Two devices on one body that measured the same: how far apart they are, second for second."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from restride.chapters.chapter import Chapter, Chart, Measure
from restride.chapters.watch.records import at_records, in_motion, measure, on_clock, records
from restride.findings import minutes
from restride.findings.minutes import Records, Resampled
from restride.readers.fit_fields import DEVELOPER_UNITS, FIELDS
from restride.signals.recording import Recording
from restride.signals.schema import FloatArray

# kind -> names of the second device's field: a column named as a FIT field behind the device, or a developer's own
_FIELDS: Final = {
    "contact_time": ("stance_time", "ground time"),
    "vertical_oscillation": ("vertical_oscillation", "vertical oscillation"),
}
_WORDS: Final = {
    "contact_time": ("contact time", "ms", 1e3),
    "vertical_oscillation": ("vertical oscillation", "mm", 1e3),
}
# two devices on one body never differ by this much; if they do, a unit is not what its name says
FARTHEST: Final = 2.0


@dataclass(frozen=True, slots=True)
class _Pair:
    """One quantity of two devices where both have it."""

    kind: str
    field: str
    first: Records
    second: Records
    seconds: int


def second_device(recording: Recording) -> list[Chapter]:
    """What two devices say of the same steps; none where only one measured.

    Parameters
    ----------
    recording : Recording
        With ``developer_fields``: a pod's own, or the columns of a table's second device. Their
        zeros are "no step felt", not a measurement.
    """
    if "developer_fields" not in recording:
        return []
    pairs = [pair for kind in _FIELDS if (pair := _pair(recording, kind)) is not None]
    told = [pair for pair in pairs if _one_unit(pair)]
    if not told:
        return []
    rng = np.random.default_rng(0)
    apart = {pair.kind: minutes.median(_difference(pair), rng=rng) for pair in told}
    both = {p.kind: [minutes.median(r, rng=rng) for r in (p.first, p.second)] for p in told}
    return [
        Chapter(
            key="two_devices",
            title="Two devices on the same steps",
            sentences=tuple(_sentence(pair, both[pair.kind], apart[pair.kind]) for pair in told),
            sureness="Rests on the seconds in which both measured; which of the two is right, nothing here says.",
            measures=tuple(m for pair in told for m in _measures(pair, both[pair.kind], apart[pair.kind])),
            charts=tuple(_chart(pair) for pair in told),
            not_measured=(
                "which of the two devices is right: that takes force plates",
                *(
                    f"{_WORDS[p.kind][0]} of {p.field!r}: it is not in the unit its name says, so it was not compared"
                    for p in pairs
                    if p not in told
                ),
            ),
            method="medians over records in motion that both devices measured; zeros of the second are no measurement; "
            "95 % intervals from drawing whole minutes",
        )
    ]


def _pair(recording: Recording, kind: str) -> _Pair | None:
    """The kind and the second device's field of it, each NaN where either is; None without both."""
    if kind not in recording or "developer_field" in recording[kind].attrs:
        return None
    fields = recording["developer_fields"]
    for i, name in enumerate(map(str, fields["field"].values)):
        factor = _factor(name, str(fields["field_unit"].values[i]), kind)
        if factor is None:
            continue
        mine = on_clock(recording, kind)
        other = factor * at_records(recording, fields.isel(field=i, drop=True))
        there = np.isfinite(mine) & (other > 0) & in_motion(recording)
        if not there.any():
            continue
        first, second = (records(recording, np.where(there, v, np.nan), there) for v in (mine, other))
        return _Pair(kind, name, first, second, int(there.sum()))
    return None


def _factor(name: str, unit: str, kind: str) -> float | None:
    """To SI; None if the field is another one or of a unit of another quantity."""
    named, own = _FIELDS[kind]
    field = next(f for f in FIELDS if f.kind == kind)
    if name.lower() == own:
        si, factor = DEVELOPER_UNITS.get(unit.lower(), ("", 1.0))
        return factor if si == field.units else None
    # a column named as a field of the profile is taken in the profile's unit
    return field.factor if name.lower().endswith(f"_{named}") else None


def _one_unit(pair: _Pair) -> bool:
    ratio = float(np.nanmedian(pair.second.values) / np.nanmedian(pair.first.values))
    return 1 / FARTHEST < ratio < FARTHEST


def _difference(pair: _Pair) -> Records:
    return Records(pair.first.time_s, pair.second.values - pair.first.values, pair.first.weight, pair.first.lasts_s)


def _sentence(pair: _Pair, both: list[Resampled], apart: Resampled) -> str:
    name, unit, factor = _WORDS[pair.kind]
    mine, other = (f"{factor * found.value:.0f} {unit}" for found in both)
    less = "less" if apart.value < 0 else "more"
    sign = 1.0 if apart.value >= 0 else -1.0
    size = f"{factor * abs(apart.value):.0f} {unit} {less}"
    if apart.interval is not None:
        low, high = sorted(sign * factor * v for v in apart.interval)
        size += f" (95 % interval {low:.0f} to {high:.0f})"
    return (
        f"Two devices measured the {name} at once in {pair.seconds} records: {mine} by the first and {other} by the "
        f"second ({pair.field!r}), which states {size}, record by record (medians)."
    )


def _measures(pair: _Pair, both: list[Resampled], apart: Resampled) -> list[Measure]:
    name, unit, _ = _WORDS[pair.kind]
    si = next(f for f in FIELDS if f.kind == pair.kind).units
    how = "median where both measured"
    return [
        measure(f"{name}, first device", both[0], si, how, shown_in=unit),
        measure(f"{name}, {pair.field!r}", both[1], si, how, shown_in=unit),
        measure(f"{name}, second less first", apart, si, "median of differences, record by record", shown_in=unit),
    ]


def _chart(pair: _Pair) -> Chart:
    name, unit, factor = _WORDS[pair.kind]
    si = next(f for f in FIELDS if f.kind == pair.kind).units
    time_s, first = minutes.by_minute(pair.first)
    second: FloatArray = minutes.by_minute(pair.second)[1]
    return Chart(
        f"{name[0].upper()}{name[1:]} by two devices, a dot per minute",
        time_s,
        "time",
        "s",
        {"first device": first, pair.field: second},
        name,
        si,
        "dots",
        f"The second lies {factor * float(np.median(second - first)):+.0f} {unit} from the first, minute by minute.",
        x_shown_in="min",
        y_shown_in=unit,
    )
