"""Raw samples of the accelerometer and gyroscope inside a device, where a FIT file has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from restride.readers.fit_messages import Message, Messages
from restride.readers.watch_clock import increasing
from restride.signals.recording import Doubt
from restride.signals.schema import FloatArray, labelled
from restride.signals.units import GRAVITY_M_S2

AXES: Final = ("x", "y", "z")


@dataclass(frozen=True, slots=True)
class Sensor:
    """One kind of raw message: its fields, and the way to SI."""

    kind: str
    message: str
    sensor_type: str
    raw: str
    calibrated: Mapping[str, float]  # field before _x, _y, _z -> factor to SI
    factor: float  # of raw values after calibration
    units: str


SENSORS: Final = (
    Sensor(
        "device_acceleration",
        "accelerometer_data",
        "accelerometer",
        "accel",
        {"calibrated_accel": GRAVITY_M_S2, "compressed_calibrated_accel": 1e-3 * GRAVITY_M_S2},
        GRAVITY_M_S2,
        "m/s^2",
    ),
    Sensor(
        "device_angular_velocity",
        "gyroscope_data",
        "gyroscope",
        "gyro",
        {"calibrated_gyro": float(np.deg2rad(1.0))},
        float(np.deg2rad(1.0)),
        "rad/s",
    ),
)


def sensor_signals(messages: Messages, start_s: float) -> tuple[dict[str, xr.DataArray], list[Doubt]]:
    """Acceleration and turning in the device's own axes, and why they are missing if they are.

    Parameters
    ----------
    messages : Messages
    start_s : float
        Clock of the device at time 0.

    Notes
    -----
    Raw counts become values by the calibration message of the file:
    ``factor / divisor * matrix @ (raw - level_shift - offset)``. Without one they are
    left out, because counts cannot be compared with anything.
    """
    signals: dict[str, xr.DataArray] = {}
    doubts: list[Doubt] = []
    for sensor in SENSORS:
        rows = messages.all_of(sensor.message)
        if not rows:
            continue
        calibration = [
            r for r in messages.all_of("three_d_sensor_calibration") if r.get("sensor_type") == sensor.sensor_type
        ]
        blocks = [b for row in rows if (b := _block(row, sensor, calibration)) is not None]
        table = np.concatenate(blocks) if blocks else np.empty((0, 4))
        kept = increasing(table[:, 0])
        if kept.size == 0:
            text = f"The raw {sensor.sensor_type} of the device has no calibration in the file; it was left out."
            doubts.append(Doubt(sensor.kind, text, severity="note"))
            continue
        coords = {"time": table[kept, 0] - start_s, "axis": list(AXES)}
        signals[sensor.kind] = labelled(
            table[kept, 1:], dims=("time", "axis"), units=sensor.units, coords=coords, name=sensor.kind, frame="device"
        )
    return signals, doubts


def _block(row: Message, sensor: Sensor, calibration: Sequence[Message]) -> FloatArray | None:
    """Clock in s and three values of each sample of one message, shape (sample, 4)."""
    offset_ms = _many(row.get("sample_time_offset"))
    clock_s, fraction_ms = row.get("timestamp"), row.get("timestamp_ms", 0.0)
    if not isinstance(clock_s, float) or not isinstance(fraction_ms, float) or offset_ms.size == 0:
        return None
    values = None
    for name, factor in sensor.calibrated.items():
        found = _three(row, name, offset_ms.size)
        values = factor * found if values is None and found is not None else values
    if values is None and calibration:
        raw = _three(row, sensor.raw, offset_ms.size)
        values = None if raw is None else _calibrated(raw, calibration[-1], sensor.factor)
    if values is None:
        return None
    return np.column_stack([clock_s + 1e-3 * (fraction_ms + offset_ms), values])


def _three(row: Message, name: str, size: int) -> FloatArray | None:
    columns = [_many(row.get(f"{name}_{axis}")) for axis in AXES]
    return np.column_stack(columns) if all(c.size == size for c in columns) else None


def _calibrated(raw: FloatArray, calibration: Message, factor: float) -> FloatArray | None:
    gain, divisor, shift = (
        _many(calibration.get(name)) for name in ("calibration_factor", "calibration_divisor", "level_shift")
    )
    offset, matrix = _many(calibration.get("offset_cal")), _many(calibration.get("orientation_matrix"))
    if gain.size != 1 or divisor.size != 1 or divisor[0] == 0:
        return None
    turn = matrix.reshape(3, 3) if matrix.size == 9 else np.eye(3)
    level = (shift[0] if shift.size == 1 else 0.0) + (offset if offset.size == 3 else 0.0)
    turned: FloatArray = factor * gain[0] / divisor[0] * (raw - level) @ turn.T
    return turned


def _many(value: object) -> FloatArray:
    if isinstance(value, float):
        return np.array([value])
    return np.array(value, dtype=np.float64) if isinstance(value, tuple) else np.empty(0)
