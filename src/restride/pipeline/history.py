"""Years of outings as one table: one row per outing and measure, with every change of device marked.

A folder is taken to hold the outings of one person: a watch does not say whose it is.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import t as student

from restride.chapters.chapter import Chapter, Chart, Measure
from restride.chapters.outing import is_outing
from restride.chapters.watch.quantities import ON_FOOT, ON_WHEELS, Quantity
from restride.chapters.watch.records import in_motion, on_clock, on_wheels, records, sport
from restride.errors import RestrideError
from restride.findings import balance, minutes
from restride.pipeline.many_files import each
from restride.readers import read
from restride.signals.recording import Recording
from restride.signals.schema import FloatArray

SUFFIXES: Final = (".fit", ".gpx", ".tcx")
# fewer outings, or a shorter time, of one device say nothing about a course
FEWEST_FOR_TREND: Final = 6
SHORTEST_TREND_DAYS: Final = 60.0
CONFIDENCE: Final = 0.95
DAYS_PER_YEAR: Final = 365.25

MEAN: Final = "mean over the time in motion; 95 % interval over minutes"
SUM: Final = "over the whole outing; speed: distance over the time in motion"
# what a strap or a pod measures where the watch has no field of a developer
_DYNAMICS: Final = ("contact_time", "vertical_oscillation", "vertical_ratio", "step_length")
ONE_PERSON: Final = "All files are taken to be of one person; nothing in them says so."


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of one outing.

    Attributes
    ----------
    started : str
        ISO 8601 with the offset from UTC.
    file : str
        First twelve signs of the hash of the file's content.
    sport : str
    device : str
        The recorder, and the developer's field where the number is not the recorder's own.
    measure, side : str
        ``side``: "left", "one, not stated which" or "both".
    value : float
        In ``units``.
    units : str
        SI.
    interval_low, interval_high : float
        95 %; NaN without one.
    interval_reason : str
    minutes : int
    method : str
    """

    started: str
    file: str
    sport: str
    device: str
    measure: str
    side: str
    value: float
    units: str
    interval_low: float
    interval_high: float
    interval_reason: str
    minutes: int
    method: str


COLUMNS: Final = (*Row.__dataclass_fields__, "device_changed")


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """All outings of a folder.

    Attributes
    ----------
    table : DataFrame, columns ``COLUMNS``
        In order of time; ``device_changed`` marks the first row of a measure that comes from
        another device than the one before it.
    left_out : tuple of (str, str)
        Name of each file that is not in the table, and why.
    """

    table: pd.DataFrame
    left_out: tuple[tuple[str, str], ...]


def history(
    folder: Path,
    *,
    devices: Path | None = None,
    progress: Callable[[str], None] | None = None,
    processes: int = 1,
) -> History:
    """Every outing in a folder and below it, measure by measure.

    Parameters
    ----------
    folder : Path
        Looked through for FIT, GPX and TCX files; nothing in it is changed.
    devices : path, optional
        As in ``restride.read``: devices that have left and right the wrong way round.
    progress : callable, optional
        Told in words how far it is.
    processes : int
        How many files are read at a time.

    Raises
    ------
    RestrideError
        If the folder holds no such file.
    """
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix.lower() in SUFFIXES)
    if not paths:
        raise RestrideError(
            f"expected FIT, GPX or TCX files in {folder.name or 'the folder'}, found none; name the folder of the watch"
        )
    rows: list[Row] = []
    left_out: list[tuple[str, str]] = []
    seen: dict[str, str] = {}
    look = partial(_rows_or_reason, devices=devices)
    for path, found in each(look, paths, processes=processes, progress=progress):
        if isinstance(found, str):
            left_out.append((path.name, found))
            continue
        # an outing exported twice differs in its bytes, not in its recorder and its first second
        outing = f"{found[0].started} {found[0].device}"
        if outing in seen:
            left_out.append((path.name, f"the same outing as {seen[outing]}"))
            continue
        seen[outing] = path.name
        rows += found
    return History(table_of(rows), tuple(left_out))


def outing_rows(recording: Recording) -> list[Row]:
    """The measures of one outing; empty if it does not say when it began or holds no records.

    Parameters
    ----------
    recording : Recording
        Of one file of a watch or of power pedals.
    """
    source = recording.sources[0] if recording.sources else None
    if source is None or not source.started or not is_outing(recording):
        return []
    recorder = source.devices[0].name if source.devices else source.device or "device not stated"
    mark = f" (unit {source.devices[0].mark})" if source.devices and source.devices[0].mark else ""
    head = (source.started, source.sha256[:12], sport(recording) or "not stated")
    rng = np.random.default_rng(0)
    nan = float("nan")
    rows = [
        Row(*head, recorder + mark, name, "both", value, units, nan, nan, "counted, not estimated", 0, SUM)
        for name, value, units in _sums(recording)
    ]
    moving = in_motion(recording)
    for quantity in ON_WHEELS if on_wheels(recording) else ON_FOOT:
        # speed is told by distance over time: watches that save few records save them at odd moments
        if quantity.kind not in recording or (quantity.kind == "speed" and "distance" in recording):
            continue
        counts = _counts(quantity, recording, moving)
        found = minutes.mean(records(recording, on_clock(recording, quantity.kind), counts), rng=rng)
        if np.isfinite(found.value):
            low, high = found.interval or (nan, nan)
            device = _of_quantity(recording, quantity.kind, recorder + mark)
            told = (*head, device, quantity.name, "both", found.value, quantity.units)
            rows.append(Row(*told, low, high, found.reason, found.minutes, MEAN))
    for share in balance(recording, rng=rng):
        if share.split == "whole outing" and share.method in ("work-weighted mean", "time-weighted mean"):
            low, high = share.interval or (nan, nan)
            side = "left" if share.of == "left leg" else "one, not stated which"
            device = _with_sensors(recording, share.quantity, recorder + mark)
            told = (*head, device, f"share of {share.quantity}", side, share.share, "1")
            rows.append(Row(*told, low, high, share.interval_reason, share.minutes, share.method))
    return rows


def table_of(rows: Sequence[Row]) -> pd.DataFrame:
    """Rows of outings in order of time, with the changes of device marked.

    Parameters
    ----------
    rows : sequence of Row
    """
    table = pd.DataFrame([asdict(row) for row in rows], columns=list(COLUMNS))
    if table.empty:
        return table.assign(device_changed=pd.Series(dtype=bool))
    table = table.sort_values(["started", "file"], kind="stable", ignore_index=True)
    before = table.groupby(["sport", "measure"], sort=False)["device"].shift()
    table["device_changed"] = before.notna() & (before != table["device"])
    return table


def history_chapters(table: pd.DataFrame) -> list[Chapter]:
    """Each sport in words and charts over the years; no chapter of an empty table.

    Parameters
    ----------
    table : DataFrame as in ``History``
    """
    return [_chapter(str(name), own) for name, own in table.groupby("sport", sort=False)]


def _rows_or_reason(path: Path, *, devices: Path | None) -> list[Row] | str:
    try:
        recording = read(path, devices=devices)
    except RestrideError as error:
        return str(error)
    if not recording.sources[0].started:
        return "it does not say when it began"
    return outing_rows(recording) or "it holds no records of an outing"


def _sums(recording: Recording) -> Iterator[tuple[str, float, str]]:
    times = [array["time"].values for array in recording.signals.values() if array.sizes["time"]]
    yield "duration", max(float(t[-1]) for t in times) - min(float(t[0]) for t in times), "s"
    gone = recording["distance"].values[np.isfinite(recording["distance"].values)] if "distance" in recording else []
    if len(gone):
        distance_m = float(gone[-1] - (gone[0] if len(gone) > 1 else 0.0))
        yield "distance", distance_m, "m"
        moving_s = float(records(recording, on_clock(recording, "distance"), in_motion(recording)).weight.sum())
        if moving_s > 0:
            yield "speed", distance_m / moving_s, "m/s"


def _counts(quantity: Quantity, recording: Recording, moving: np.ndarray) -> np.ndarray:
    """Records in motion; pods write a power of 0 where they felt no step."""
    if quantity.kind == "power" and not on_wheels(recording):
        return moving & (on_clock(recording, "power") > 0)
    return moving


def _of_quantity(recording: Recording, kind: str, recorder: str) -> str:
    """The recorder, with the developer's field or the sensors that a number may come from."""
    field = str(recording[kind].attrs.get("developer_field", ""))
    if field:
        return f"{recorder}, developer's field {field!r}"
    return _with_sensors(recording, "contact time", recorder) if kind in _DYNAMICS else recorder


def _with_sensors(recording: Recording, quantity: str, recorder: str) -> str:
    """The recorder and the sensors that may have measured a share; either may change it."""
    sensors = [d for s in recording.sources for d in s.devices[1:] if quantity in d.shares]
    # one strap is listed once for each of its roles
    named = {d.mark or d.name: d.name.partition(" (")[0] + (f" (unit {d.mark})" if d.mark else "") for d in sensors}
    return f"{recorder} with {' and '.join(named.values())}" if named else recorder


def _years(started: pd.Series) -> FloatArray:
    """Dates as years with their fraction."""
    moments = [datetime.fromisoformat(str(text)).astimezone(UTC) for text in started]
    starts = [datetime(m.year, 1, 1, tzinfo=UTC) for m in moments]
    spans = [datetime(m.year + 1, 1, 1, tzinfo=UTC) - s for m, s in zip(moments, starts, strict=True)]
    return np.array([m.year + (m - s) / span for m, s, span in zip(moments, starts, spans, strict=True)])


def _chapter(name: str, own: pd.DataFrame) -> Chapter:
    outings = own.drop_duplicates("file")
    first, last = (_day(str(outings["started"].iloc[i])) for i in (0, -1))
    devices = sorted({str(d).partition(", developer")[0] for d in own.loc[own["measure"] == "duration", "device"]})
    when = f"on {first}" if first == last else f"from {first} to {last}"
    outing_word = "outing" if len(outings) == 1 else "outings"
    device_word = "one device" if len(devices) == 1 else f"{len(devices)} devices"
    measures = [str(m) for m in dict.fromkeys(own["measure"]) if m not in ("duration", "distance")]
    trends = [trend for m in measures for trend in _trends(own[own["measure"] == m])]
    changes = own[own["device_changed"] & own["measure"].isin(measures)]
    told = [f"{measure.name}: {_spoken(measure)}." for measure in trends]
    if not changes.empty:
        days = ", ".join(dict.fromkeys(_day(str(s)) for s in changes["started"]))
        told.append(
            f"The device or sensor changed on {days}: a step there may be the device's, not the person's, and no "
            "change is told across it."
        )
    return Chapter(
        key=f"history_{name.replace(' ', '_')}",
        title=f"Over time: {name}",
        sentences=(f"{len(outings)} {outing_word} of {name} {when}, recorded by {device_word}.", *told),
        sureness=f"{ONE_PERSON} Changes are told within one device only, from {FEWEST_FOR_TREND} outings on.",
        measures=tuple(trends),
        charts=tuple(_chart(m, own[own["measure"] == m]) for m in measures),
        not_measured=() if trends else (f"a change over time: that takes {FEWEST_FOR_TREND} outings with one device",),
        method="means of outings; a change per year is a straight line through them with a 95 % t interval",
    )


def _trends(own: pd.DataFrame) -> Iterator[Measure]:
    """Change per year of one measure, for each device that recorded often and long enough."""
    for (device, side), rows in own.groupby(["device", "side"], sort=False):
        x, y = _years(rows["started"]), rows["value"].to_numpy(dtype=float)
        if len(rows) < FEWEST_FOR_TREND or np.ptp(x) * DAYS_PER_YEAR < SHORTEST_TREND_DAYS:
            continue
        slope, level = np.polyfit(x - x.mean(), y, 1)
        scatter = np.sqrt(((y - level - slope * (x - x.mean())) ** 2).sum() / (len(rows) - 2))
        half = student.ppf((1 + CONFIDENCE) / 2, len(rows) - 2) * scatter / np.sqrt(((x - x.mean()) ** 2).sum())
        yield Measure(
            name=f"{rows['measure'].iloc[0]}, change per year ({device})",
            side="left" if side == "left" else "both" if side == "both" else "one, not stated which",
            value=float(slope),
            units=str(rows["units"].iloc[0]),
            interval=(float(slope - half), float(slope + half)),
            interval_reason="",
            n=len(rows),
            counted="outings",
            method="straight line through the means of outings",
            shown_in=next((q.shown_in for q in (*ON_FOOT, *ON_WHEELS) if q.name == rows["measure"].iloc[0]), ""),
        )


def _spoken(measure: Measure) -> str:
    low, high = measure.interval or (float("nan"), float("nan"))
    quantity = next((q for q in (*ON_FOOT, *ON_WHEELS) if measure.name.startswith(f"{q.name},")), None)
    factor, unit, digits = (quantity.factor, quantity.unit, quantity.digits + 1) if quantity else (100.0, "points", 2)
    return (
        f"{factor * measure.value:+.{digits}f} {unit} a year (95 % interval {factor * low:+.{digits}f} to "
        f"{factor * high:+.{digits}f}, {measure.n} outings)"
    )


def _chart(name: str, own: pd.DataFrame) -> Chart:
    x = _years(own["started"])
    devices = list(dict.fromkeys(map(str, own["device"])))
    values = own["value"].to_numpy(dtype=float)
    series = {d: np.where((own["device"] == d).to_numpy(), values, np.nan) for d in devices}
    share = name.startswith("share of")
    sides = " and ".join(dict.fromkeys(map(str, own["side"])))
    count = f"{len(devices)} sources" if len(devices) > 1 else "one source"
    return Chart(
        title=f"{name[0].upper()}{name[1:]} of each outing" + (f" ({sides})" if share else ""),
        x=x,
        x_words="year",
        x_units="1",
        series=series,
        y_words=name,
        y_units=str(own["units"].iloc[0]),
        style="dots",
        words=f"{name[0].upper()}{name[1:]} of {len(own)} outings, one dot each, from {count}.",
        level=0.5 if share else None,
        level_words="the same for both legs" if share else "",
        y_shown_in=next((q.shown_in for q in (*ON_FOOT, *ON_WHEELS) if q.name == name), ""),
    )


def _day(started: str) -> str:
    moment = datetime.fromisoformat(started)
    return f"{moment.day} {moment:%B} {moment.year}"
