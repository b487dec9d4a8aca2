"""Labelled signals of body-worn sensors: units to SI, each sensor to its place and side."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import xarray as xr

from restride.errors import ReadError
from restride.readers.imu_headers import Column
from restride.readers.worn import SEGMENTS, SensorNotes, Worn
from restride.signals.recording import Doubt, Side
from restride.signals.schema import SPACE, FloatArray, labelled
from restride.signals.units import to_si

UNITS: Final = {"acc": "m/s^2", "gyr": "rad/s", "mag": "T"}
FASTEST_RAD_S: Final = 80.0  # 4600 degrees per second: beyond the widest range sold for people, 4000


def sensor_signal(
    kind: str, axes: Sequence[tuple[str, int, str]], numbers: FloatArray, time_s: FloatArray, said: SensorNotes
) -> tuple[xr.DataArray, list[Doubt]]:
    """One kind of signal of worn sensors.

    Parameters
    ----------
    kind : {"acc", "gyr", "mag"}
    axes : sequence of (str, int, str), one per column
        Sensor, axis (0, 1, 2) and unit; all three axes of each sensor.
    numbers : array, shape (time, column)
    time_s : array, shape (time,)
    said : SensorNotes
        Where the sensors were worn.

    Raises
    ------
    ReadError
        If an axis or a unit is missing, turning is faster than any sensor can measure, or two
        sensors are on one segment and side.
    """
    columns = [Column(i, sensor, kind, axis, unit) for i, (sensor, axis, unit) in enumerate(axes)]
    return signal_of(kind, columns, numbers, time_s, said)


def signal_of(
    kind: str, columns: Sequence[Column], numbers: FloatArray, time_s: FloatArray, said: SensorNotes
) -> tuple[xr.DataArray, list[Doubt]]:
    """As ``sensor_signal``, from columns of a table with more of them.

    Parameters
    ----------
    kind : {"acc", "gyr", "mag"}
    columns : sequence of Column
    numbers : array, shape (time, column of the table)
    time_s : array, shape (time,)
    said : SensorNotes
    """
    labels = list(dict.fromkeys(c.sensor for c in columns))
    _all_axes(kind, columns, labels)
    values = np.full((len(numbers), len(labels), 3), np.nan)
    for column in columns:
        values[:, labels.index(column.sensor), column.axis] = _factor(kind, column, said) * numbers[:, column.index]
    if kind == "gyr" and np.nanmax(np.abs(values), initial=0.0) > FASTEST_RAD_S:
        text = "expected turning slower than 4600 degrees per second, found faster; "
        raise ReadError(f"{text}its unit is not the one stated: see sensors: {{gyr_unit: ...}}")
    worn = [said.worn.get(label) or worn_by_name(label) for label in labels]
    for i, place in enumerate(worn):
        if place is not None:
            values[:, i] = values[:, i] @ place.rot_segment_from_sensor().T
    names = [
        f"{w.segment}_{w.side[0]}" if w and w.side else w.segment if w else n for n, w in zip(labels, worn, strict=True)
    ]
    if len(set(names)) < len(names):
        raise ReadError(f"expected one sensor per segment and side, found {', '.join(names)}; correct sensors: worn")
    along = {
        "segment": ("sensor", [w.segment if w else "" for w in worn]),
        "side": ("sensor", [(w.side or "") if w else "" for w in worn]),
        "label": ("sensor", labels),
    }
    segment = all(w is not None and w.forward is not None for w in worn)
    array = labelled(
        values,
        dims=("time", "sensor", "space"),
        units=UNITS[kind],
        coords={"time": time_s, "sensor": names, "space": list(SPACE)} | along,
        name=kind,
        frame="segment" if segment else "sensor",
    )
    return array, _place_doubts(labels, worn, said)


def worn_by_name(label: str) -> Worn | None:
    """Where a sensor sits, if its name says segment and side in whole words.

    Parameters
    ----------
    label : str
    """
    words = re.split(r"[^a-z]+", label.lower())
    segment = next((s for s in SEGMENTS if s in words), None)
    if segment is None:
        segment = "pelvis" if {"lumbar", "sacrum"} & set(words) else None
    if segment is None:
        return None
    side = _side_in(label)
    if segment in ("pelvis", "trunk"):
        return Worn(segment)
    return Worn(segment, side) if side else None


def _all_axes(kind: str, columns: Sequence[Column], labels: Sequence[str]) -> None:
    there = {(c.sensor, c.axis) for c in columns}
    lost = [f"{label} {axis}" for label in labels for j, axis in enumerate(SPACE) if (label, j) not in there]
    if lost:
        raise ReadError(f"expected three axes of {kind}, missing {', '.join(lost)}; export all columns")


def _factor(kind: str, column: Column, said: SensorNotes) -> float:
    """From the unit of the file, or the one stated, to SI."""
    unit = column.unit or {"acc": said.acc_unit, "gyr": said.gyr_unit}.get(kind)
    if not unit:
        raise ReadError(f"expected a unit of {kind}, found none; add to take.yaml: sensors: {{{kind}_unit: ...}}")
    si, factor = to_si(unit)
    if si != UNITS[kind]:
        raise ReadError(f"expected {kind} in a unit of {UNITS[kind]}, found {unit!r}; export it calibrated")
    return factor


def _place_doubts(labels: Sequence[str], worn: Sequence[Worn | None], said: SensorNotes) -> list[Doubt]:
    doubts = []
    for label, place in zip(labels, worn, strict=True):
        remedy = f"Add to take.yaml: sensors: {{worn: {{{label}: {{segment: foot, side: left}}}}}}."
        if place is None:
            doubts.append(Doubt("sensors", f"Nothing says where the sensor {label!r} was worn.", remedy))
        elif label not in said.worn:
            where = " ".join(filter(None, (place.side, place.segment)))
            doubts.append(Doubt("sensors", f"{label!r} was taken to be on the {where}.", remedy, severity="note"))
        elif (other := _side_in(label)) and place.side and other != place.side:
            text = f"take.yaml puts the sensor {label!r} on the {place.side}, its own name says {other}."
            doubts.append(Doubt("sides", text, "Check which is right; take.yaml was followed."))
    return doubts


def _side_in(label: str) -> Side | None:
    words = re.split(r"[^a-z]+", label.lower())
    if ("left" in words) == ("right" in words):
        return None
    return "left" if "left" in words else "right"
