"""Strides of feet that wear a sensor: events, and one row of measures per stride."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.errors import GapError, SchemaError
from restride.imu.alignment import Alignment, aligned, stride_pairs
from restride.imu.strapdown import Paths, paths
from restride.imu.swings import MOST_DRIFT_M_S, Swing, swings
from restride.signals.recording import EVENT_COLUMNS, Doubt, no_events
from restride.signals.schema import SIDES, FloatArray, labelled, require, sampling_rate_hz

STRIDE_COLUMNS: Final = (
    *("side", "start_s", "toe_off_s", "initial_contact_s", "end_s", "kept", "reason"),
    *("stride_length_m", "height_change_m", "turned_rad", "peak_speed_m_s"),
    *("stride_s", "contact_s", "swing_s", "speed_m_s"),
    *("pitch_toe_off_rad", "pitch_contact_rad", "pitch_swing_rad", "whip_rad", "lift_m", "clearance_m", "drift_m_s"),
)
BLOCK: Final = 256  # strides integrated at once: 60 MB
UNEVEN: Final = 0.5  # of a sample: a lost or doubled one shows, the grain of the clock does not
LONGEST_WALKING_STRIDE_S: Final = 2.5  # between contacts; beyond it the person stood


@dataclass(frozen=True, slots=True, eq=False)
class FootStrides:
    """What foot sensors show.

    Attributes
    ----------
    events : DataFrame, columns ``time_s, side, name, method``
        Every initial contact and toe-off, of turning steps too; as ``cycles.segment`` takes them.
    strides : DataFrame, columns ``STRIDE_COLUMNS``
        One row per swing from rest to rest, ``kept`` is False with a ``reason`` where it is no
        stride to compare. NaN: not measured. Angles against the foot lying flat, toes up positive.
    foot_pitch, foot_lift : DataArray, dims (time, side), rad and m
        Of the foot against lying flat, toes up positive, and how high the sensor is above where
        it lay; NaN between strides and for a foot without a sensor.
    doubts : tuple of Doubt
    """

    events: pd.DataFrame
    strides: pd.DataFrame
    foot_pitch: xr.DataArray
    foot_lift: xr.DataArray
    doubts: tuple[Doubt, ...]


def feet(acc: xr.DataArray, gyr: xr.DataArray) -> FootStrides:
    """Events and strides of every foot that wears a sensor, walking or running.

    Parameters
    ----------
    acc, gyr : DataArray, dims (time, sensor, space), m/s^2 and rad/s
        Sensor frame, on one clock, coordinates ``segment`` and ``side`` along ``sensor``; sensors
        that are not on a foot of a known side are left out.

    Raises
    ------
    SchemaError
        If no sensor is on a foot of a known side, acceleration and turning are not sampled
        together and evenly, or the signals are not those of a foot that moves forward.
    GapError
        If a sensor has gaps; one that began later or ended sooner than others has none.

    Notes
    -----
    See ``alignment``, ``strapdown`` and ``swings`` for the methods.

    Columns beyond the plain ones: ``turned_rad`` is how far the foot turned about the vertical
    between its rests, left positive; ``whip_rad`` the mean such turn in swing off a steady one, toes
    outward (heel inward) positive; ``lift_m`` how high the sensor rose; ``clearance_m`` how near the
    forefoot came to the ground in mid-swing, against where it lay (see ``swings.forefoot``);
    ``drift_m_s`` the speed that integration left unexplained.
    """
    acc = require(acc, dims=("time", "sensor", "space"), units="m/s^2", name="acc")
    gyr = require(gyr, dims=("time", "sensor", "space"), units="rad/s", name="gyr")
    if acc.sizes["time"] != gyr.sizes["time"] or not np.allclose(acc["time"], gyr["time"], rtol=0, atol=1e-6):
        raise SchemaError("expected acc and gyr sampled together, found different times; resample one to the other")
    if acc.sizes["time"] > 2 and np.ptp(np.diff(acc["time"].values)) > UNEVEN / sampling_rate_hz(acc):
        raise SchemaError(
            "expected samples evenly spaced, found uneven ones; state sensors: {rate_hz: ...} or resample"
        )
    if not {"segment", "side"} <= set(acc.coords):
        raise SchemaError("expected the coordinates segment and side along sensor, found none; say where each is worn")
    worn = [
        (str(name), str(side))
        for name, segment, side in zip(acc["sensor"].values, acc["segment"].values, acc["side"].values, strict=True)
        if segment == "foot" and side in SIDES and name in gyr["sensor"].values
    ]
    if not worn:
        raise SchemaError("expected a sensor on a left or right foot, found none; say in take.yaml where each is worn")
    time_s, rate_hz = acc["time"].values, sampling_rate_hz(acc)
    events, strides, doubts = [no_events()], [], []
    shown = np.full((2, time_s.size, len(SIDES)), np.nan)  # pitch and lift
    for name, side in worn:
        on = _recorded(acc.sel(sensor=name).values, gyr.sel(sensor=name).values, name)
        a, g, since_s = (x[on] for x in (acc.sel(sensor=name).values, gyr.sel(sensor=name).values, time_s))
        sits = aligned(a, g, rate_hz)
        moved = _paths(a, g, sits, rate_hz)
        found = [swing for acc_foot, gyr_foot, path in moved for swing in swings(acc_foot, gyr_foot, path, rate_hz)]
        for _, _, path in moved:
            _show(path, shown[:, on, SIDES.index(side)])
        events.append(_events(found, side, since_s))
        strides.append(_rows(found, side, since_s))
        doubts += _doubts(name, sits, strides[-1])
    table = pd.concat([e for e in events if len(e)] or events, ignore_index=True)
    table = table.sort_values("time_s", kind="stable").reset_index(drop=True)
    rows = pd.concat(strides, ignore_index=True).sort_values("start_s", kind="stable").reset_index(drop=True)
    coords = {"time": time_s, "side": list(SIDES)}
    pitch, lift = (
        labelled(values, dims=("time", "side"), units=units, coords=coords, name=kind)
        for values, units, kind in zip(shown, ("rad", "m"), ("foot_pitch", "foot_lift"), strict=True)
    )
    return FootStrides(table, rows, pitch, lift, tuple(doubts))


def _recorded(acc: FloatArray, gyr: FloatArray, name: str) -> slice:
    """From the first to the last sample of a sensor: another may have recorded before and after."""
    there = np.isfinite(np.concatenate([acc, gyr], axis=1)).all(axis=1)
    known = np.flatnonzero(there)
    on = slice(int(known[0]), int(known[-1]) + 1) if known.size else slice(0)
    if not known.size or not there[on].all():
        raise GapError(f"expected no gaps in the sensor {name}, found some; crop the recording or fill them first")
    return on


def reasons(cycles: pd.DataFrame, strides: pd.DataFrame) -> "pd.Series[str]":
    """Why each cycle is not to be compared with others: its swing turned, for instance.

    Parameters
    ----------
    cycles : DataFrame, columns ``start_s, end_s, side``
        Contact to contact, one row per stride of one leg.
    strides : DataFrame
        As ``feet`` returns them.

    Returns
    -------
    Series of str, index of ``cycles``
        Empty where nothing speaks against it; also for a leg without a sensor.
    """
    out = pd.Series("", index=cycles.index, dtype=str)
    for _, swing in strides[~strides["kept"]].iterrows():
        middle_s = (swing["start_s"] + swing["end_s"]) / 2
        inside = (cycles["side"] == swing["side"]) & (cycles["start_s"] <= middle_s) & (middle_s < cycles["end_s"])
        out[inside] = str(swing["reason"])
    return out


def _paths(
    acc: FloatArray, gyr: FloatArray, sits: Alignment, rate_hz: float
) -> list[tuple[FloatArray, FloatArray, Paths]]:
    """Signals in the frame of the foot and its paths from rest to rest, in blocks."""
    rot = sits.rot_foot_from_sensor
    acc, gyr = acc @ rot.T, (gyr - sits.bias_rad_s) @ rot.T
    pairs = stride_pairs(sits.rests, rate_hz)
    blocks = [pairs[i : i + BLOCK] for i in range(0, len(pairs), BLOCK)]
    return [(acc, gyr, paths(acc, gyr, block[:, 0], block[:, 1], rate_hz)) for block in blocks]


def _show(path: Paths, shown: FloatArray) -> None:
    """Write pitch and lift of every path into their place, shape (2, time)."""
    for i, (start, end) in enumerate(zip(path.start.tolist(), path.end.tolist(), strict=True)):
        shown[0, start : end + 1] = path.pitch(i)
        shown[1, start : end + 1] = path.height(i) if path.drift_m_s[i] <= MOST_DRIFT_M_S else np.nan


def _events(found: list[Swing], side: str, time_s: FloatArray) -> pd.DataFrame:
    rows = [(time_s[s.toe_off], side, "toe_off", "foot IMU: fastest push off") for s in found if s.toe_off is not None]
    rows += [
        (time_s[s.contact], side, "initial_contact", f"foot IMU: {s.contact_method}")
        for s in found
        if s.contact is not None
    ]
    return pd.DataFrame(rows, columns=list(EVENT_COLUMNS))


def _rows(found: list[Swing], side: str, time_s: FloatArray) -> pd.DataFrame:
    outward = 1.0 if side == "left" else -1.0  # turning left points the toes of the left foot outward
    contact_s = np.array([np.nan if s.contact is None else time_s[s.contact] for s in found])
    toe_off_s = np.array([np.nan if s.toe_off is None else time_s[s.toe_off] for s in found])
    before = np.concatenate([[np.nan], contact_s[:-1]])[: len(found)]
    stride_s = np.where(contact_s - before < LONGEST_WALKING_STRIDE_S, contact_s - before, np.nan)
    rows = [
        {
            "side": side,
            "start_s": time_s[s.start],
            "toe_off_s": toe_off_s[i],
            "initial_contact_s": contact_s[i],
            "end_s": time_s[s.end],
            "kept": s.reason == "",
            "reason": s.reason,
            "stride_length_m": s.length_m,
            "height_change_m": s.height_change_m,
            "turned_rad": s.turned_rad,
            "peak_speed_m_s": s.peak_speed_m_s,
            "pitch_toe_off_rad": s.pitch_toe_off_rad,
            "pitch_contact_rad": s.pitch_contact_rad,
            "pitch_swing_rad": s.pitch_swing_rad,
            "whip_rad": outward * s.whip_left_rad,
            "lift_m": s.lift_m,
            "clearance_m": s.clearance_m,
            "drift_m_s": s.drift_m_s,
        }
        for i, s in enumerate(found)
    ]
    table = pd.DataFrame(rows, columns=list(STRIDE_COLUMNS))
    table["stride_s"] = stride_s
    table["contact_s"] = np.where(np.isfinite(stride_s), toe_off_s - before, np.nan)
    table["swing_s"] = contact_s - toe_off_s
    table["speed_m_s"] = table["stride_length_m"] / table["stride_s"]
    return table


def _doubts(name: str, sits: Alignment, strides: pd.DataFrame) -> list[Doubt]:
    doubts = []
    if not sits.stood:
        text = f"The sensor {name} never stood still, so the bias of its gyroscope was taken as zero."
        doubts.append(Doubt(name, text, "Stand still for two seconds before walking.", severity="note"))
    if len(strides) and strides["kept"].mean() < 0.5:
        text = f"Fewer than half of the strides of the sensor {name} could be kept."
        doubts.append(Doubt(name, text, "Check that the sensor sits tight and on the foot it is said to be on."))
    return doubts
