"""The one sensor worn on the pelvis or trunk: which way is up for it, and whether it walks or runs."""

from typing import Final, Literal

import numpy as np
import xarray as xr

from restride.errors import GapError, SchemaError
from restride.signals.filters import low_pass
from restride.signals.schema import FloatArray, labelled, require, sampling_rate_hz
from restride.signals.units import GRAVITY_M_S2

WINDOW_S: Final = 2.0  # two strides of a runner, one of a slow walker
LEAST_M_S2: Final = 0.5  # 5 % of gravity: a trunk that walks rises and falls harder
FALLING: Final = 0.5  # of gravity, as in ``running_steps``
LEAST_FLIGHT: Final = 0.1  # of the time; a runner of this validation flies 21 to 44 %, walkers 0 to 1 %
MOST: Final = 0.7  # of the moving time: what is more evenly shared is neither
MEAN_OF_GRAVITY: Final = (0.7, 1.4)  # over whole steps the mean is gravity; a cut recording may miss part of one


def on_trunk(array: xr.DataArray, *, units: str, name: str) -> xr.DataArray:
    """The signal of the sensor on pelvis or trunk, dims (time, space).

    Parameters
    ----------
    array : DataArray, dims (time, sensor, space)
        With the coordinate ``segment`` along ``sensor``.
    units, name : str
        What it has to be, for messages.

    Raises
    ------
    SchemaError
        If there is not exactly one such sensor.
    GapError
        If it has gaps.
    """
    array = require(array, dims=("time", "sensor", "space"), units=units, name=name)
    segments = array["segment"].values.astype(str) if "segment" in array.coords else np.array([""])
    worn = np.isin(segments, ("pelvis", "trunk"))
    if worn.sum() != 1:
        raise SchemaError(f"expected one sensor on pelvis or trunk, found {worn.sum()}; say in take.yaml which")
    one = array.isel(sensor=int(np.flatnonzero(worn)[0]), drop=True)
    # another sensor may have recorded before and after
    known = np.flatnonzero(np.isfinite(one.values).all(axis=1))
    one = one.isel(time=slice(int(known[0]), int(known[-1]) + 1)) if known.size else one
    if bool(one.isnull().any()):
        raise GapError(f"expected no gaps in {name} of the trunk, found some; crop the recording or fill them first")
    return one


def up_of(acc: xr.DataArray) -> FloatArray:
    """Up in the frame of the sensor, of unit length: the mean of what it feels.

    Raises
    ------
    SchemaError
        If the mean is not as large as gravity.
    """
    mean = acc.values.mean(axis=0)
    size = float(np.linalg.norm(mean))
    if not MEAN_OF_GRAVITY[0] < size / GRAVITY_M_S2 < MEAN_OF_GRAVITY[1]:
        raise SchemaError(f"expected about 9.8 m/s^2 in the mean, found {size:.2f}; state acc_unit, with gravity")
    up: FloatArray = mean / size
    return up


def gait(acc: xr.DataArray) -> Literal["walking", "running", ""]:
    """Whether a person who wears a sensor on the trunk walks or runs most of the time.

    Parameters
    ----------
    acc : DataArray, dims (time, sensor, space), m/s^2
        With gravity; one sensor with the coordinate ``segment`` "pelvis" or "trunk".

    Returns
    -------
    {"walking", "running", ""}
        Empty if it stays still, and where walking and running share the time about evenly.

    Raises
    ------
    SchemaError, GapError
        As ``on_trunk`` and ``up_of``.

    Notes
    -----
    Ours. A runner flies between steps, and who flies feels nothing. Windows of ``WINDOW_S`` in
    which the upward part moves are running where it stays below ``FALLING`` for more than
    ``LEAST_FLIGHT`` of the time, low-passed so that a single shock does not count.
    """
    felt = on_trunk(acc, units="m/s^2", name="acc")
    upward = low_pass(along(felt, up_of(felt)), cutoff_hz=10.0).values
    size = max(round(WINDOW_S * sampling_rate_hz(felt)), 1)
    windows = upward[: len(upward) // size * size].reshape(-1, size)
    moving = windows[windows.std(axis=1) > LEAST_M_S2]
    if not len(moving):
        return ""
    share = float(((moving < FALLING * GRAVITY_M_S2).mean(axis=1) > LEAST_FLIGHT).mean())
    return "running" if share > MOST else "walking" if share < 1 - MOST else ""


def along(array: xr.DataArray, axis: FloatArray) -> xr.DataArray:
    """The part of a vector along an axis, dims (time,), in its own unit.

    Parameters
    ----------
    array : DataArray, dims (time, space)
    axis : ndarray, shape (3,)
    """
    return labelled(array.values @ axis, dims=("time",), units=str(array.attrs["units"]), like=array)
