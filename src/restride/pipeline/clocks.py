"""Do the devices of a take share one clock? Told from contacts that two of them saw; never set right in silence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride import cycles, imu
from restride.cycles.emg_strides import OFF_BY_S
from restride.errors import RestrideError
from restride.pipeline.strides import from_emg
from restride.signals.clocks import TOLERANCE_S, Clocks, Fit, clocks_by_events, stamps
from restride.signals.recording import Doubt, Recording, no_events
from restride.signals.schema import SIDES, FloatArray, labelled, sampling_rate_hz

# contacts from EMG of one person scatter by this much about their own mean
EMG_TOLERANCE_S: Final = 0.08
# strides of this long tell shift and drift; an hour of EMG would tell it no better and take minutes
CHECKED_S: Final = 180.0
# two frames of a camera
SAME_SPAN_S: Final = 0.02
# a drift below this moves nothing by a sample of 100 Hz within ten seconds
LEAST_DRIFT: Final = 0.001
STAMPS: Final = (
    "Stamp three times on the ground at the start and at the end of the recording, so that both devices see it."
)


@dataclass(frozen=True, slots=True)
class ClockCheck:
    """Two devices of one take beside each other.

    Attributes
    ----------
    device, reference : str
        In words; ``device`` is the one that would be moved.
    found : Clocks
        From times of ``device`` to times of ``reference``.
    off_s : float
        How far apart the two see one contact, in the middle of the take; NaN if not known.
    agree : bool or None
        Whether they share a clock as far as this can tell; None: it cannot tell.
    message, remedy : str
    """

    device: str
    reference: str
    found: Clocks
    off_s: float
    agree: bool | None
    message: str
    remedy: str

    def row(self) -> dict[str, object]:
        """The check as a flat row for JSON."""
        best = self.found.best
        return {
            "device": self.device,
            "reference": self.reference,
            "agree": self.agree,
            "clock_factor": best.factor if best else None,
            "clock_factor_interval": list(self.found.factor_interval) if best else None,
            "shift_s": best.shift_s if best else None,
            "shift_interval_s": list(best.shift_interval_s) if best else None,
            "pairs": best.pairs if best else 0,
            "only_shift": self.found.sure,
            "other_shifts_s": [fit.shift_s for fit in self.found.rivals],
            "message": self.message,
            "remedy": self.remedy,
        }


def clock_checks(recording: Recording) -> list[ClockCheck]:
    """Whether EMG and body-worn sensors share the clock of forces and markers.

    Parameters
    ----------
    recording : Recording
        As ``restride.read`` returns it. One file has one clock, so a recording of one file
        is not checked, nor is EMG that begins and ends with the forces or markers: one device
        recorded both.

    Returns
    -------
    list of ClockCheck
        None where only one device shows contacts.
    """
    by_emg = "emg" in recording and not _recorded_with(recording["emg"], recording)
    by_sensors = {"acc", "gyr"} <= set(recording.signals) and "segment" in recording["acc"].coords
    if len(recording.sources) < 2 or not (by_emg or by_sensors):
        return []
    reference = _contacts_of_motion(recording)
    if reference.empty:
        return []
    name = "forces and markers" if {"grf", "plate_grf", "markers"} & set(recording.signals) else "stated contacts"
    checks: list[ClockCheck] = []
    if by_emg:
        try:
            part = {"emg": recording["emg"].isel(time=slice(0, _samples(recording["emg"])))}
            other = from_emg(recording.replaced(signals=part, events=no_events()))[0].events
        except RestrideError:
            other = no_events()
        if not other.empty:
            # EMG shows a contact late or early by as much as this, the same for all of one person
            bias_s = OFF_BY_S["running" if "running" in str(other["method"].iloc[0]) else "walking"]
            found = clocks_by_events(_times(reference), _times(other), tolerance_s=EMG_TOLERANCE_S)
            checks.append(_judged("EMG", name, found, other, recording["emg"]["time"].values[0], bias_s))
    if by_sensors:
        try:
            other = imu.feet(recording["acc"], recording["gyr"]).events
        except RestrideError:
            other = no_events()
        if not other.empty:
            seen = _times(other) | {"stamp": _stamps_of_sensors(recording)}
            found = clocks_by_events(_times(reference) | {"stamp": _stamps_of_force(recording)}, seen)
            start_s = float(recording["acc"]["time"].values[0])
            checks.append(_judged("foot sensors", name, found, other, start_s, TOLERANCE_S))
    return checks


def doubts_of(checks: Sequence[ClockCheck]) -> tuple[Doubt, ...]:
    """A doubt for every device whose clock differs, with the lines of take.yaml that set it right.

    Parameters
    ----------
    checks : sequence of ClockCheck
    """
    return tuple(Doubt("clock", check.message, check.remedy) for check in checks if check.agree is False)


def _judged(device: str, name: str, found: Clocks, seen: pd.DataFrame, start_s: float, bias_s: float) -> ClockCheck:
    best = found.best
    if best is None:
        text = f"Whether the {device} and the {name} share a clock cannot be told: {found.reason}."
        return ClockCheck(device, name, found, float("nan"), None, text, STAMPS)
    key = "emg" if device == "EMG" else "sensors"
    middle_s = float(seen["time_s"].mean())
    fits = (best, *found.rivals)
    offs = [fit.shift_s + (fit.factor - 1) * middle_s for fit in fits]
    # which stride is which hardly moves the drift
    low, high = found.factor_interval
    rate = f"factor {best.factor:.4f}, 95 % interval {low:.4f} to {high:.4f}, from {best.pairs} contacts"
    drifts = not low <= 1 <= high and abs(best.factor - 1) > LEAST_DRIFT
    off_s = offs[0] if found.sure else min(offs, key=abs)
    shown = ", ".join(f"{off:+.2f} s" for off in sorted(offs, key=abs)[:4])
    agree: bool | None = False
    remedy = _line(key, best, start_s) if found.sure else STAMPS
    if drifts and found.sure:
        text = f"The clock of the {device} does not run like that of the {name}: {rate}."
    elif drifts:
        text = f"The clock of the {device} does not run like that of the {name}: {rate}. Their shift cannot be told."
        remedy = (
            f"If both devices counted from one start, add to take.yaml: {key}: {{clock_factor: {best.factor:.4f}}} "
            f"(times the clock_factor there, if it has one). {STAMPS}"
        )
    elif abs(off_s) <= bias_s:
        agree = True
        text = f"The clock of the {device} agrees with that of the {name} within {1e3 * bias_s:.0f} ms ({rate})"
        text += "." if found.sure else f", or are whole strides apart: {shown} fit almost alike."
        remedy = "" if found.sure else STAMPS
    elif found.sure:
        when = "earlier" if off_s > 0 else "later"
        text = f"The {device} shows contacts {abs(off_s):.2f} s {when} than the {name} ({rate})."
    elif abs(off_s) > 2 * bias_s:
        text = (
            f"The {device} and the {name} do not share a clock; by how much cannot be told: {shown} fit almost alike."
        )
    else:
        agree = None
        text = f"Whether the {device} and the {name} share a clock cannot be told: {shown} fit almost alike."
    return ClockCheck(device, name, found, off_s, agree, text, remedy)


def _line(key: str, best: Fit, start_s: float) -> str:
    at_start_s = best.shift_s + best.factor * start_s
    half_s = (best.shift_interval_s[1] - best.shift_interval_s[0]) / 2
    return (
        f"Add to take.yaml: {key}: {{starts_at_s: {at_start_s:.3f}, clock_factor: {best.factor:.5f}}} "
        f"(± {half_s:.3f} s; times the clock_factor there, if it has one)."
    )


def _contacts_of_motion(recording: Recording) -> pd.DataFrame:
    try:
        found = cycles.detect(cycles.assign_plates(recording)).events
    except RestrideError:
        return no_events()
    return found[found["name"] == "initial_contact"]


def _recorded_with(signal: xr.DataArray, recording: Recording) -> bool:
    """Whether a signal begins and ends with the forces or markers, as analogue channels of one device do."""
    own = signal["time"].values[[0, -1]]
    others = [recording[kind]["time"].values for kind in ("markers", "grf", "plate_grf") if kind in recording]
    return any(bool((np.abs(time_s[[0, -1]] - own) < SAME_SPAN_S).all()) for time_s in others if time_s.size)


def _samples(emg: xr.DataArray) -> int:
    return max(2, round(CHECKED_S * sampling_rate_hz(emg)))


def _times(events: pd.DataFrame) -> dict[str, FloatArray]:
    contacts = events[events["name"] == "initial_contact"]
    return {side: contacts.loc[contacts["side"] == side, "time_s"].to_numpy(dtype=np.float64) for side in SIDES}


def _stamps_of_force(recording: Recording) -> FloatArray:
    kind = next((k for k in ("plate_grf", "grf") if k in recording), None)
    if kind is None:
        return np.empty(0)
    force = recording[kind].sel(space="y")
    other = next(str(d) for d in force.dims if d != "time")
    return stamps(labelled(force.sum(other, skipna=True).values, dims=("time",), like=force, units="N"))


def _stamps_of_sensors(recording: Recording) -> FloatArray:
    acc = recording["acc"]
    size = np.linalg.norm(acc.values, axis=acc.get_axis_num("space")).max(axis=1)
    return stamps(labelled(size, dims=("time",), like=acc, units="m/s^2"))
