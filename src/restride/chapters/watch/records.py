"""The records of an outing on one clock: what was done, when it moved, and how numbers become measures."""

from typing import Final

import numpy as np
import xarray as xr

from restride.chapters.chapter import Measure, Whose
from restride.findings import beside, grade, lasts_s
from restride.findings.minutes import Records, Resampled
from restride.readers.watch_records import ON_FOOT, ON_WHEELS
from restride.signals.recording import Recording
from restride.signals.schema import FloatArray

# one number per record; the first there is gives the clock
ON_RECORDS: Final = (
    *("left_share", "contact_left_share", "power", "cadence", "step_rate", "speed", "heart_rate", "contact_time"),
    *("vertical_oscillation", "vertical_ratio", "step_length", "distance", "altitude"),
)
PEDALS: Final = ("torque_effectiveness", "pedal_smoothness", "platform_centre_offset", "power_phase")
# slower than this a wheel or a walker stands, and the satellite receiver wanders
STANDING_M_S: Final = 0.3
ROLLING_M_S: Final = 0.5
# a bend of 20 m radius at 3 m/s turns 0.15 rad/s; the receiver's own wandering stays below half of that
BEND_RAD_S: Final = 0.08
STEEP: Final = 0.02


def clock(recording: Recording) -> xr.DataArray | None:
    """A signal that stands on the clock of the records; None if there is none."""
    return next((recording[kind] for kind in (*ON_RECORDS, *PEDALS) if kind in recording), None)


def sport(recording: Recording) -> str:
    """As the file states it ("running"), else what the signals tell; empty if neither does."""
    for source in recording.sources:
        stated = source.format.partition("(")[2].rstrip(")")
        if stated and stated != "sport not stated":
            return stated
    if "step_rate" in recording or "contact_time" in recording:
        return "running"
    return "cycling" if "cadence" in recording or any(kind in recording for kind in PEDALS) else ""


def on_wheels(recording: Recording) -> bool:
    """Whether the outing was ridden."""
    name = sport(recording)
    return any(word in name for word in ON_WHEELS) and not any(word in name for word in ON_FOOT)


def on_clock(recording: Recording, kind: str) -> FloatArray:
    """A signal at the times of the records; NaN where it has none, or is missing altogether."""
    base = clock(recording)
    if base is None:
        return np.empty(0)
    return at_records(recording, recording[kind]) if kind in recording else np.full(base.sizes["time"], np.nan)


def at_records(recording: Recording, signal: xr.DataArray) -> FloatArray:
    """Any signal along time alone, at the times of the records."""
    base = clock(recording)
    return np.empty(0) if base is None else beside(base, signal)


def in_motion(recording: Recording) -> np.ndarray:
    """Which records were walked, run or pedalled; without cadence and power, which moved."""
    if on_wheels(recording):
        turning = on_clock(recording, "cadence") > 0 if "cadence" in recording else None
        pushing = on_clock(recording, "power") > 0 if "power" in recording else None
        if turning is not None or pushing is not None:
            return np.asarray(
                (True if turning is None else turning) & (True if pushing is None else pushing), dtype=bool
            )
        if "speed" not in recording:
            return np.ones(on_clock(recording, "speed").size, dtype=bool)
        return on_clock(recording, "speed") > ROLLING_M_S
    if "step_rate" in recording:
        return on_clock(recording, "step_rate") > 0
    return on_clock(recording, "speed") > STANDING_M_S


def records(recording: Recording, values: FloatArray, counts: np.ndarray) -> Records:
    """Values on the clock of the records, weighted by how long each lasted where it counts."""
    base = clock(recording)
    time_s = np.empty(0) if base is None else base["time"].values
    lasting_s = lasts_s(time_s)
    return Records(time_s, values, np.where(counts, lasting_s, 0.0), lasting_s)


def ground(recording: Recording) -> FloatArray:
    """Rise per distance at each record; NaN where it is not known."""
    base = clock(recording)
    if base is None or "altitude" not in recording or "distance" not in recording:
        return np.full(0 if base is None else base.sizes["time"], np.nan)
    if not np.array_equal(recording["altitude"]["time"].values, recording["distance"]["time"].values):
        return np.full(base.sizes["time"], np.nan)
    return beside(base, grade(recording["altitude"], recording["distance"]))


def duration(seconds: float) -> str:
    """In words: "13 s", "52 minutes", "1 h 19 min"."""
    minutes = round(seconds / 60.0)
    if minutes < 3:
        return f"{seconds:.0f} s"
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 90 else f"{minutes} minutes"


def measure(
    name: str,
    found: Resampled,
    units: str,
    method: str,
    *,
    side: Whose = "both",
    shown_in: str = "",
    scale: float = 1.0,
) -> Measure:
    """A number over minutes as a measure; ``scale`` is what it is multiplied with (per 100 W)."""
    interval = None if found.interval is None else (scale * found.interval[0], scale * found.interval[1])
    counted = "minutes" if found.minutes else ""
    return Measure(
        name, side, scale * found.value, units, interval, found.reason, found.minutes, counted, method, shown_in
    )


def stated(name: str, value: float, units: str, *, side: Whose = "both", shown_in: str = "") -> Measure:
    """The device's own figure as a measure."""
    return Measure(name, side, value, units, None, "the device states none", 0, "", "stated by the device", shown_in)


def points(found: Resampled, *, scale: float = 1.0, digits: int = 1) -> str:
    """The size of a change of a share with its interval: "0.8 percentage points (95 % interval 0.5 to 1.1)"."""
    sign = 1.0 if found.value >= 0 else -1.0
    size = f"{100 * scale * abs(found.value):.{digits}f} percentage points"
    if found.interval is None:
        return size
    low, high = sorted(100 * scale * sign * v for v in found.interval)
    return f"{size} (95 % interval {low:.{digits}f} to {high:.{digits}f})"
