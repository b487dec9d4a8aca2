"""What each kind of signal promises: dimensions in order, units, frame.

One table, ``KINDS``; ``require`` is the doorman of every room, ``labelled`` the only
way results get their units.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import xarray as xr

from restride.errors import SchemaError, UnitsError
from restride.signals.units import SI_UNITS

FloatArray = npt.NDArray[np.float64]

SPACE: Final = ("x", "y", "z")
SIDES: Final[tuple[Literal["left"], Literal["right"]]] = ("left", "right")


@dataclass(frozen=True, slots=True)
class Kind:
    """Promise of one signal kind: dimensions in order and the units allowed."""

    dims: tuple[str, ...]
    units: tuple[str, ...]


# lab frame throughout: x forward, y up, z right
KINDS: Final[Mapping[str, Kind]] = {
    "emg": Kind(("time", "channel"), ("V", "unstated")),
    "markers": Kind(("time", "marker", "space"), ("m",)),
    "static_markers": Kind(("time", "marker", "space"), ("m",)),
    "grf": Kind(("time", "side", "space"), ("N",)),
    "cop": Kind(("time", "side", "space"), ("m",)),
    "free_moment": Kind(("time", "side", "space"), ("N m",)),
    "plate_grf": Kind(("time", "plate", "space"), ("N",)),
    "plate_cop": Kind(("time", "plate", "space"), ("m",)),
    "plate_free_moment": Kind(("time", "plate", "space"), ("N m",)),
    # about the origin of the lab, so that a plate can be zeroed before its centre of pressure is taken
    "plate_moment": Kind(("time", "plate", "space"), ("N m",)),
    # of whichever foot or feet are on it; nothing says which
    "vertical_force": Kind(("time",), ("N",)),
    "angles": Kind(("time", "coordinate"), ("rad",)),
    "root": Kind(("time", "space"), ("m",)),
    "moments": Kind(("time", "coordinate"), ("N m",)),
    "root_force": Kind(("time", "space"), ("N",)),
    "activation": Kind(("time", "muscle"), ("1",)),
    # body-worn sensors: frame of the sensor, or of its segment (x forward, y up, z right) where its axes are stated
    "acc": Kind(("time", "sensor", "space"), ("m/s^2",)),
    "gyr": Kind(("time", "sensor", "space"), ("rad/s",)),
    "mag": Kind(("time", "sensor", "space"), ("T",)),
    "foot_pitch": Kind(("time", "side"), ("rad",)),
    "foot_lift": Kind(("time", "side"), ("m",)),
    # a video: picture heights from its lower left corner, axis x to the right of the picture and y up
    "keypoints": Kind(("time", "keypoint", "axis"), ("1",)),
    # watches and power pedals, on the clock of their records
    "speed": Kind(("time",), ("m/s",)),
    "distance": Kind(("time",), ("m",)),
    "altitude": Kind(("time",), ("m",)),
    "turn_rate": Kind(("time",), ("rad/s",)),
    "heart_rate": Kind(("time",), ("Hz",)),
    "power": Kind(("time",), ("W",)),
    "cadence": Kind(("time",), ("Hz",)),
    "step_rate": Kind(("time",), ("Hz",)),
    "contact_time": Kind(("time",), ("s",)),
    "contact_left_share": Kind(("time",), ("1",)),
    "vertical_oscillation": Kind(("time",), ("m",)),
    "vertical_ratio": Kind(("time",), ("1",)),
    "step_length": Kind(("time",), ("m",)),
    "left_share": Kind(("time",), ("1",)),
    "torque_effectiveness": Kind(("time", "side"), ("1",)),
    "pedal_smoothness": Kind(("time", "side"), ("1",)),
    "platform_centre_offset": Kind(("time", "side"), ("m",)),
    "power_phase": Kind(("time", "side", "bound"), ("rad",)),
    "power_phase_peak": Kind(("time", "side", "bound"), ("rad",)),
    # pedalling within a turn: angle of each leg's own pedal, 0 at its top, growing forwards; torque on its crank arm
    "pedal_angle": Kind(("time", "side"), ("rad",)),
    "crank_torque": Kind(("time", "side"), ("N m",)),
    "developer_fields": Kind(("time", "field"), ("unstated",)),
    "device_acceleration": Kind(("time", "axis"), ("m/s^2",)),
    "device_angular_velocity": Kind(("time", "axis"), ("rad/s",)),
}


def require(
    array: xr.DataArray, *, dims: Sequence[str], units: str | Sequence[str] | None = None, name: str = "array"
) -> xr.DataArray:
    """The same array with its dimensions in the order asked for, as float64.

    Parameters
    ----------
    array : DataArray
    dims : sequence of str
        Exactly these dimensions, in the order wanted.
    units : str or sequence of str, optional
        Allowed ``attrs["units"]``.
    name : str
        How to call the array in an error message.

    Raises
    ------
    SchemaError
        If a dimension is missing or one too many is there.
    UnitsError
        If ``units`` is given and the array says otherwise or nothing.
    """
    if set(array.dims) != set(dims):
        raise SchemaError(f"{name}: expected dimensions {tuple(dims)}, found {array.dims}; rename or select first")
    allowed = (units,) if isinstance(units, str) else units
    found = array.attrs.get("units")
    if allowed is not None and found not in allowed:
        raise UnitsError(f"{name}: expected units {' or '.join(allowed)}, found {found!r}; convert before calling")
    return array.transpose(*dims).astype(np.float64, copy=False)


def labelled(
    values: npt.ArrayLike,
    *,
    dims: Sequence[str],
    units: str,
    coords: Mapping[str, object] | None = None,
    like: xr.DataArray | None = None,
    name: str | None = None,
    frame: str | None = None,
) -> xr.DataArray:
    """A float64 array with its labels and its unit set explicitly.

    Parameters
    ----------
    values : array_like, shape given by ``dims``
    dims : sequence of str
    units : str
        One of ``SI_UNITS``.
    coords : mapping, optional
        Coordinates; those of ``like`` along ``dims`` are taken where missing here.
    like : DataArray, optional
        Whose coordinates to carry over.
    name, frame : str, optional
        Name of the array; frame of its vectors (``"lab"``).
    """
    if units not in SI_UNITS:
        raise UnitsError(f"expected one of {sorted(SI_UNITS)}, found {units!r}; add it to signals/units.py if it is SI")
    taken: dict[str, object] = {}
    if like is not None:
        taken = {str(k): v for k, v in like.coords.items() if set(v.dims) <= set(dims)}
    taken.update(coords or {})
    attrs = {"units": units} | ({"frame": frame} if frame else {})
    return xr.DataArray(np.asarray(values, dtype=np.float64), dims=tuple(dims), coords=taken, name=name, attrs=attrs)


def check_kind(kind: str, array: xr.DataArray) -> xr.DataArray:
    """The array in the order its kind promises; raises if it breaks the promise.

    Raises
    ------
    SchemaError, UnitsError
        As in ``require``; also if ``kind`` is unknown, a coordinate along a labelled
        dimension is missing, or time does not increase.
    """
    if kind not in KINDS:
        raise SchemaError(f"expected one of the kinds {sorted(KINDS)}, found {kind!r}")
    promise = KINDS[kind]
    array = require(array, dims=promise.dims, units=promise.units, name=kind)
    missing = [dim for dim in promise.dims if dim not in array.coords]
    if missing:
        raise SchemaError(f"{kind}: expected coordinates along {missing}, found none; label them when reading")
    if array.sizes["time"] > 1 and not bool((np.diff(array["time"].values) > 0).all()):
        raise SchemaError(f"{kind}: expected time to increase, found a repeated or backward step; sort the samples")
    return array


def sampling_rate_hz(array: xr.DataArray) -> float:
    """Samples per second, from the median step of ``time``.

    Raises
    ------
    SchemaError
        With fewer than two samples.
    """
    time_s = array["time"].values
    if time_s.size < 2:
        raise SchemaError(f"expected at least 2 samples to know the rate, found {time_s.size}")
    return float(1.0 / np.median(np.diff(time_s)))
