"""Records of an outing, of whatever file, as signals on their clock."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import xarray as xr

from restride.readers.fit_fields import FIELDS, PER_MINUTE, Field, column
from restride.readers.fit_messages import Message
from restride.readers.watch_clock import turn_rate
from restride.signals.recording import Doubt
from restride.signals.schema import FloatArray, labelled

STEPS_PER_STRIDE: Final = 2.0
ON_FOOT: Final = ("running", "walking", "hiking", "snowshoeing", "trail")
ON_WHEELS: Final = ("cycling", "biking", "virtual_activity")
# cadence of feet or pedals above this is a fault: 5 turns or strides per second
FASTEST_HZ: Final = 5.0
SEMICIRCLE_RAD: Final = np.pi / 2**31
# a developer's field of this name may hold where somebody was
PLACE: Final = re.compile(r"(?i)\b(lat|lon|long|latitude|longitude|position|gps)\b")


def record_signals(
    records: Sequence[Message], time_s: FloatArray, sport: str
) -> tuple[dict[str, xr.DataArray], list[Doubt]]:
    """Signals of both legs together: speed, heart rate, power, contact time, rate of steps or of the crank.

    Parameters
    ----------
    records : sequence of messages
        Named as fields of a FIT record, in their units.
    time_s : array, shape (time,)
    sport : str
        Says whether the cadence counts strides or turns of the crank; neither: it is left out.
    """
    signals, doubts = _native(records, time_s)
    rates, more = _rates(records, time_s, sport)
    return signals | rates, [*doubts, *more]


def pedalling(signals: Mapping[str, xr.DataArray], size: int) -> np.ndarray:
    """Where there is power, and cadence if it was recorded; never judged by the share itself."""
    if "power" not in signals:
        return np.zeros(size, dtype=bool)
    turning = signals["cadence"].values > 0 if "cadence" in signals else np.ones(size, dtype=bool)
    return np.asarray((signals["power"].values > 0) & turning)


def turning(time_s: FloatArray, latitude_rad: FloatArray, longitude_rad: FloatArray) -> dict[str, xr.DataArray]:
    """``turn_rate`` as a signal, if there are fixes enough; the fixes themselves are not kept."""
    rate = turn_rate(time_s, latitude_rad, longitude_rad)
    return {"turn_rate": on_records(rate, time_s, "rad/s", "turn_rate")} if np.isfinite(rate).any() else {}


def contact_doubts(signals: Mapping[str, xr.DataArray]) -> list[Doubt]:
    """That the side of the contact time is an assumption, if there is one."""
    if "contact_left_share" not in signals:
        return []
    text = "The share of contact time is taken as the left leg's, as watches show it; the file itself does not say."
    return [
        Doubt(
            "contact_left_share",
            text,
            "If the device's own pages show it the other way round, add to take.yaml: sides_swapped: [balance].",
            severity="note",
        )
    ]


def developer_fields(
    values: FloatArray, names: Sequence[str], units: Sequence[str], time_s: FloatArray
) -> dict[str, xr.DataArray]:
    """Fields outside the profile, by name and as they are, if there are any.

    Parameters
    ----------
    values : array, shape (time, field)
    names, units : sequences of str
        A unit as the file writes it; empty where it does not.
    time_s : array, shape (time,)
    """
    if not np.isfinite(values).any():
        return {}
    coords = {"time": time_s, "field": list(names), "field_unit": ("field", [u or "unstated" for u in units])}
    found = labelled(values, dims=("time", "field"), units="unstated", coords=coords, name="developer_fields")
    return {"developer_fields": found}


def within(values: FloatArray, field: Field) -> tuple[FloatArray, int]:
    """Values with NaN where they cannot be, and how many those were."""
    values = np.where(values == 0, np.nan, values) if field.zero_is_missing else values
    wrong = (values < field.low) | (values > field.high)
    return np.where(wrong, np.nan, values), int(wrong.sum())


def on_records(values: FloatArray, time_s: FloatArray, units: str, name: str) -> xr.DataArray:
    """One number per record, with its unit."""
    return labelled(values, dims=("time",), units=units, coords={"time": time_s}, name=name)


def _native(records: Sequence[Message], time_s: FloatArray) -> tuple[dict[str, xr.DataArray], list[Doubt]]:
    signals: dict[str, xr.DataArray] = {}
    doubts: list[Doubt] = []
    for field in FIELDS:
        values = column(records, field.names[0])
        for name in field.names[1:]:
            values = np.where(np.isnan(values), column(records, name), values)
        values, wrong = within(values * field.factor, field)
        if wrong:
            text = f"{wrong} values of {field.kind.replace('_', ' ')} cannot be and were left out."
            doubts.append(Doubt(field.kind, text, severity="note"))
        if np.isfinite(values).any():
            signals[field.kind] = on_records(values, time_s, field.units, field.kind)
    return signals, doubts


def _rates(records: Sequence[Message], time_s: FloatArray, sport: str) -> tuple[dict[str, xr.DataArray], list[Doubt]]:
    """Steps of both feet, or turns of the crank, per second, whichever the sport says the one field is."""
    per_minute = column(records, "cadence")
    rate = (per_minute + np.nan_to_num(column(records, "fractional_cadence"))) * PER_MINUTE
    rate[(rate < 0) | (rate > FASTEST_HZ)] = np.nan
    if not np.isfinite(rate).any():
        return {}, []
    if any(word in sport for word in ON_WHEELS):
        return {"cadence": on_records(rate, time_s, "Hz", "cadence")}, []
    if any(word in sport for word in ON_FOOT):
        return {"step_rate": on_records(STEPS_PER_STRIDE * rate, time_s, "Hz", "step_rate")}, []
    text = "The file does not say whether its cadence counts strides or turns of the crank; it was left out."
    return {}, [Doubt("cadence", text, "Export the whole activity with its summary.")]
