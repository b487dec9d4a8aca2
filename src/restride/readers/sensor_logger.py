"""Sensor Logger, a phone app: one file per sensor, with the axes backwards and the signs of its platform.

Units and signs as the app's own reference states (UNITS.md and COORDINATES.md of its documentation):
m/s^2 and rad/s; on iOS all three axes of acceleration and gravity point against those of Android,
unless "Standardise Units & Frames" was on. What a sensor feels is Android's sense.
"""

import csv
import hashlib
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from restride.errors import ReadError
from restride.readers.imu_signals import sensor_signal
from restride.readers.imu_tables import NAMELESS, evened
from restride.readers.take import Take
from restride.readers.text_rows import measurable
from restride.signals.recording import Recording, Source
from restride.signals.schema import SPACE, FloatArray

CLOCK: Final = "unix"
_TOTAL, _MOVED, _GRAVITY, _TURNED, _ABOUT = (
    *("TotalAcceleration.csv", "Accelerometer.csv", "Gravity.csv"),
    *("Gyroscope.csv", "Metadata.csv"),
)


def sniff(head: bytes) -> bool:
    """Whether a file begins with the app's columns of times."""
    return head.decode("utf-8-sig", errors="replace").lower().startswith("time,seconds_elapsed,")


def read_sensor_logger(path: Path, take: Take) -> Recording:
    """Acceleration with gravity, or turning rate, of a phone.

    Parameters
    ----------
    path : Path
        ``Gyroscope.csv``, ``TotalAcceleration.csv``, or ``Accelerometer.csv`` with ``Gravity.csv``
        and ``Metadata.csv`` beside it: the first has gravity taken out, the last names the platform.
    take : Take

    Returns
    -------
    Recording
        ``acc`` or ``gyr`` of one sensor, on even times, with the clock the files of one recording share.

    Raises
    ------
    ReadError
        If the file is another of the app's, or its gravity or its signs are not known.
    """
    if path.name == _TURNED:
        kind, unit, (time_s, start_s, values) = "gyr", "rad/s", _table(path)
    elif path.name in (_TOTAL, _MOVED):
        kind, unit, (time_s, start_s, values) = "acc", "m/s^2", _felt(path)
    else:
        raise ReadError(f"expected {_TOTAL}, {_MOVED} or {_TURNED} of Sensor Logger, found another file of it")
    since_s, values, doubts = evened(time_s - time_s[0], values)
    time_s = take.sensors.starts_at_s + since_s * take.sensors.clock_factor
    names = (path.parent.name, f"{path.parent.name}/{path.name}")
    name = next((n for n in names if n in take.sensors.worn), NAMELESS)
    signal, said = sensor_signal(kind, [(name, i, unit) for i in range(3)], values, time_s, take.sensors)
    signal.attrs |= {"clock": CLOCK, "clock_start_s": start_s}
    source = Source("Sensor Logger", hashlib.sha256(path.read_bytes()).hexdigest())
    return Recording({kind: signal}, sources=(source,), doubts=(*doubts, *said))


def _felt(path: Path) -> tuple[FloatArray, float, FloatArray]:
    """What the phone feels, gravity included, in the sense of a force."""
    time_s, start_s, values = _table(path)
    about = path.with_name(_ABOUT)
    sign = _sign(about) if about.is_file() else None
    if path.name == _TOTAL:  # written on Android only
        return time_s, start_s, values * (sign or 1.0)
    gravity = path.with_name(_GRAVITY)
    if path.with_name(_TOTAL).is_file():
        raise ReadError(f"expected acceleration with gravity, found it taken out; {_TOTAL} beside it is read instead")
    if not gravity.is_file() or sign is None:
        lacks = _GRAVITY if not gravity.is_file() else _ABOUT
        raise ReadError(f"expected acceleration with gravity, found it taken out and no {lacks} beside it; record both")
    gravity_s, _, pulled = _table(gravity)
    pulled = np.stack([np.interp(time_s, gravity_s, axis) for axis in pulled.T], axis=1)
    return time_s, start_s, sign * (values + pulled)


def _sign(about: Path) -> float:
    """1 in Android's sense, -1 in that of iOS."""
    with about.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        said = next(csv.DictReader(file), {})
    plain = str(said.get("standardisation", "")).strip().lower() == "true"
    return -1.0 if "ios" in str(said.get("platform", "")).lower() and not plain else 1.0


def _table(path: Path) -> tuple[FloatArray, float, FloatArray]:
    """Seconds elapsed, the first time on the common clock, and x, y, z; a row that is cut off is left out."""
    try:
        table = pd.read_csv(path)
        wanted = table[["time", "seconds_elapsed", *SPACE]].apply(pd.to_numeric, errors="coerce")
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError, KeyError) as error:
        raise ReadError("expected the columns time, seconds_elapsed, x, y, z, found others; export it again") from error
    numbers = measurable(wanted.to_numpy(dtype=np.float64))
    numbers = numbers[np.isfinite(numbers).all(axis=1)]
    if len(numbers) < 2 or (np.diff(numbers[:, 1]) <= 0).any():
        raise ReadError("expected times that increase, found none or steps back; export the recording again")
    # nanoseconds since 1970
    return numbers[:, 1], float(numbers[0, 0]) * 1e-9, numbers[:, 2:]
