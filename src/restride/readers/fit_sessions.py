"""What a device states of a whole session, beside our signals: the maker's own reading of the same records."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import xarray as xr

from restride.readers.fit_fields import PER_MINUTE, PERCENT, left_share_of_summary
from restride.readers.fit_messages import Message
from restride.readers.watch_records import STEPS_PER_STRIDE
from restride.signals.recording import Doubt, Lap, Side
from restride.signals.schema import SIDES

# kind -> field of the session, factor to SI
_MEANS: Final = {
    "contact_time": ("avg_stance_time", 1e-3),
    "vertical_oscillation": ("avg_vertical_oscillation", 1e-3),
    "step_length": ("avg_step_length", 1e-3),
    "vertical_ratio": ("avg_vertical_ratio", PERCENT),
    "heart_rate": ("avg_heart_rate", PER_MINUTE),
    "power": ("avg_power", 1.0),
}
# kind -> field behind "avg_left_" and "avg_right_", factor to SI
_SIDED: Final = {
    "torque_effectiveness": ("torque_effectiveness", PERCENT),
    "pedal_smoothness": ("pedal_smoothness", PERCENT),
    "power_phase": ("power_phase", float(np.deg2rad(1.0))),
    "power_phase_peak": ("power_phase_peak", float(np.deg2rad(1.0))),
}
_RATES: Final = {"cadence": 1.0, "step_rate": STEPS_PER_STRIDE}


def with_device_values(
    signals: dict[str, xr.DataArray], sessions: Sequence[Message], *, share_of: Side | None
) -> tuple[dict[str, xr.DataArray], list[Doubt]]:
    """The signals with the device's own mean of the session beside each, as far as all sessions state one.

    Parameters
    ----------
    signals : dict of kind to DataArray
    sessions : sequence of messages
    share_of : "left", "right" or None
        Whose share of power it is where the device does not say.

    Returns
    -------
    signals : dict
        With ``attrs["device_value"]``, in the unit of the signal; of shares also
        ``attrs["device_side_known"]``; of signals with a side the coordinate ``device_value``.
    doubts : list of Doubt
    """
    found = dict(signals)
    for kind, (name, factor) in _MEANS.items():
        if kind in found and "developer_field" not in found[kind].attrs:
            _beside(found[kind], _stated(sessions, name), factor)
    for kind, steps in _RATES.items():
        if kind in found:
            rate = _stated(sessions, "avg_running_cadence")
            rate = _stated(sessions, "avg_cadence") if rate is None else rate
            fraction = _stated(sessions, "avg_fractional_cadence")
            _beside(found[kind], None if rate is None else rate + (fraction or 0.0), steps * PER_MINUTE)
    for kind, (name, factor) in _SIDED.items():
        if kind in found:
            found[kind] = _beside_sides(found[kind], sessions, name, factor)
    _shares(found, sessions, share_of)
    if len(sessions) > 1 and "left_share" in found:
        text = f"The file holds {len(sessions)} sessions; they are read as one."
        return found, [Doubt("sessions", text, severity="note")]
    return found, []


def laps(messages: Sequence[Message], start_s: float, end_s: float) -> tuple[Lap, ...]:
    """Laps between the first record and the last, on their clock; none where one holds the whole outing.

    Parameters
    ----------
    messages : sequence of messages
        Of laps.
    start_s, end_s : float
        Clock of the device at the first and the last record.

    Notes
    -----
    What devices state of a lap's share is not kept: it would have to follow every exchange
    of sides, and the records give the same (``validation/fit.py``).
    """
    found: list[Lap] = []
    for row in messages:
        first, lasts = row.get("start_time"), row.get("total_elapsed_time")
        if isinstance(first, float) and isinstance(lasts, float) and lasts > 0 and start_s - lasts < first < end_s:
            found.append(Lap(max(first - start_s, 0.0), min(first + lasts, end_s) - start_s))
    return tuple(sorted(set(found), key=lambda lap: lap.start_s)) if len(set(found)) > 1 else ()


def _shares(found: dict[str, xr.DataArray], sessions: Sequence[Message], share_of: Side | None) -> None:
    stated = _stated(sessions, "left_right_balance")
    if "left_share" in found and stated is not None:
        share, known = left_share_of_summary(np.array([stated]))
        if not known[0] and share_of is not None:
            share = 1.0 - share if share_of == "right" else share
        if np.isfinite(share[0]):
            found["left_share"].attrs["device_value"] = float(share[0])
            found["left_share"].attrs["device_side_known"] = bool(known[0] or share_of is not None)
    stated = _stated(sessions, "avg_stance_time_balance")
    if "contact_left_share" in found and stated is not None:
        found["contact_left_share"].attrs["device_value"] = PERCENT * stated
        found["contact_left_share"].attrs["device_side_known"] = True


def _stated(sessions: Sequence[Message], name: str) -> float | None:
    """The one value all sessions state under a name; None if none or several do."""
    found = {value for row in sessions if isinstance(value := row.get(name), float)}
    return found.pop() if len(found) == 1 else None


def _beside(signal: xr.DataArray, value: float | None, factor: float) -> None:
    # devices write 0 for a mean they did not take
    if value:
        signal.attrs["device_value"] = factor * value


def _beside_sides(signal: xr.DataArray, sessions: Sequence[Message], name: str, factor: float) -> xr.DataArray:
    """The session's value of each side; of an arc its start and end, which come first of the field's numbers."""
    if len(sessions) != 1:
        return signal
    bounds = signal.sizes.get("bound", 1)
    stated = np.full((len(SIDES), bounds), np.nan)
    for i, side in enumerate(SIDES):
        value = sessions[0].get(f"avg_{side}_{name}")
        numbers = value if isinstance(value, tuple) else (value,)
        if len(numbers) >= bounds and all(isinstance(v, float) for v in numbers[:bounds]):
            stated[i] = factor * np.array(numbers[:bounds], dtype=np.float64)
    if not np.isfinite(stated).any():
        return signal
    if "bound" in signal.dims:
        return signal.assign_coords(device_value=(("side", "bound"), stated))
    return signal.assign_coords(device_value=("side", stated[:, 0]))
