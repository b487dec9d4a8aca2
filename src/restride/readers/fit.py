"""FIT files of watches, bicycle computers and power pedals."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import xarray as xr

from restride.errors import ReadError
from restride.readers.fit_devices import devices, in_words
from restride.readers.fit_fields import (
    DEVELOPER,
    DEVELOPER_UNITS,
    FIELDS,
    column,
)
from restride.readers.fit_messages import Message, Messages, decode
from restride.readers.fit_sensors import sensor_signals
from restride.readers.fit_sessions import laps, with_device_values
from restride.readers.pedals import pedal_signals
from restride.readers.take import Take
from restride.readers.watch_clock import increasing
from restride.readers.watch_records import (
    PLACE,
    SEMICIRCLE_RAD,
    contact_doubts,
    developer_fields,
    on_records,
    pedalling,
    record_signals,
    turning,
    within,
)
from restride.readers.when import from_fit
from restride.signals.recording import Doubt, Recording, Side, Source
from restride.signals.schema import FloatArray

FORMAT: Final = "FIT"


def sniff(head: bytes) -> bool:
    """Whether a file begins with the header of a FIT file."""
    return head[8:12] == b".FIT"


def read_fit(path: Path, take: Take) -> Recording:
    """A FIT activity as signals on the clock of its records.

    Parameters
    ----------
    path : Path
    take : Take
        ``balance: {share_of: ...}`` says whose share of power it is where the device does not.

    Returns
    -------
    Recording
        Time from the first record, in s; the source says when that was. The place is not kept. A damaged file is
        read up to the damage, with a doubt.

    Raises
    ------
    ReadError
        If the file holds no record with a time.
    """
    content = path.read_bytes()
    messages = decode(content)
    clock_s = column(messages.records, "timestamp")
    rows = increasing(clock_s)
    if rows.size == 0:
        reason = f"; it is damaged ({messages.damage})" if messages.damage else ""
        raise ReadError(f"expected records of an activity, found none with a time{reason}; export the activity again")
    sport = _sport(messages)
    signals, doubts = _signals(messages, rows, sport=sport, share_of=take.share_of)
    if not signals:
        raise ReadError("expected speed, power, cadence or running dynamics, found none of them in the FIT file")
    signals, more = with_device_values(signals, messages.all_of("session"), share_of=take.share_of)
    sha256 = hashlib.sha256(content).hexdigest()
    found = devices(messages)
    started = from_fit(float(clock_s[rows[0]]))
    source = Source(f"{FORMAT} ({sport or 'sport not stated'})", sha256, in_words(found), found, started)
    return Recording(
        signals,
        sources=(source,),
        doubts=(*_file_doubts(messages, rows), *doubts, *more, *contact_doubts(signals)),
        laps=laps(messages.all_of("lap"), clock_s[rows[0]], clock_s[rows[-1]]),
    )


def _sport(messages: Messages) -> str:
    """Sport as the file states it, else what only one sport records; empty if neither tells."""
    for row in (*messages.all_of("session"), *messages.all_of("sport")):
        if isinstance(sport := row.get("sport"), str):
            return sport
    stated = [row.get("activity_type") for row in messages.records[:100]]
    sport = next((s for s in stated if isinstance(s, str) and s != "generic"), "")
    if sport:
        return sport
    fields = {name for row in messages.records for name in row}
    if fields & {"stance_time", "step_length", "vertical_oscillation"}:
        return "running"
    return "cycling" if fields & {"left_right_balance", "left_torque_effectiveness", "left_pedal_smoothness"} else ""


def _signals(
    messages: Messages, rows: np.ndarray, *, sport: str, share_of: Side | None
) -> tuple[dict[str, xr.DataArray], list[Doubt]]:
    records = [messages.records[row] for row in rows]
    own = [messages.developer[row] for row in rows]
    time_s = column(records, "timestamp")
    start_s = time_s[0]
    time_s = time_s - start_s
    signals, doubts = record_signals(records, time_s, sport)
    developer, more = _developer(own, messages.developer_units, time_s, having=set(signals))
    signals |= developer
    pedals, even_more = pedal_signals(records, time_s, pedalling(signals, time_s.size), share_of=share_of)
    sensors, yet_more = sensor_signals(messages, start_s)
    place = [SEMICIRCLE_RAD * column(records, f"position_{axis}") for axis in ("lat", "long")]
    return signals | pedals | sensors | turning(time_s, *place), [*doubts, *more, *even_more, *yet_more]


def _developer(
    own: Sequence[Message], units: Mapping[str, str], time_s: FloatArray, *, having: set[str]
) -> tuple[dict[str, xr.DataArray], list[Doubt]]:
    """Fields of developers by name, and those that fill a kind that the device left empty."""
    names = [name for name in units if not PLACE.search(name) and np.isfinite(column(own, name)).any()]
    if not names:
        return {}, []
    values = np.column_stack([column(own, name) for name in names])
    signals = developer_fields(values, names, [units[name] for name in names], time_s)
    doubts: list[Doubt] = []
    limits = {field.kind: field for field in FIELDS}
    for i, name in enumerate(names):
        kind = DEVELOPER.get(name.lower(), "")
        unit, factor = DEVELOPER_UNITS.get(units[name].lower(), ("", 1.0))
        if not kind or kind in having or kind in signals or unit != limits[kind].units:
            continue
        filled, _ = within(values[:, i] * factor, limits[kind])
        if np.isfinite(filled).any():
            signals[kind] = on_records(filled, time_s, unit, kind)
            signals[kind].attrs["developer_field"] = name
            text = (
                f"The {kind.replace('_', ' ')} is from the developer's field {name!r}; the device has none of its own."
            )
            doubts.append(Doubt(kind, text, severity="note"))
    return signals, doubts


def _file_doubts(messages: Messages, rows: np.ndarray) -> list[Doubt]:
    doubts: list[Doubt] = []
    if messages.damage:
        text = f"The file is damaged; {rows.size} records before the damage were read ({messages.damage})."
        doubts.append(Doubt("file", text, "Copy it again from the device."))
    elif messages.checksum is False:
        text = "The file's checksum does not agree with its content: single values or sides may be wrong."
        doubts.append(Doubt("file", text, "Copy it again from the device."))
    lost = len(messages.records) - rows.size
    if lost:
        text = f"{lost} records repeat a time, step back in time or have none; they were left out."
        doubts.append(Doubt("clock", text, severity="note"))
    return doubts
