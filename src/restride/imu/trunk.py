"""The one sensor worn on the pelvis or trunk, and which way is up for it."""

from typing import Final

import numpy as np
import xarray as xr

from restride.errors import GapError, SchemaError
from restride.signals.schema import FloatArray, labelled, require
from restride.signals.units import GRAVITY_M_S2

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


def along(array: xr.DataArray, axis: FloatArray) -> xr.DataArray:
    """The part of a vector along an axis, dims (time,), in its own unit.

    Parameters
    ----------
    array : DataArray, dims (time, space)
    axis : ndarray, shape (3,)
    """
    return labelled(array.values @ axis, dims=("time",), units=str(array.attrs["units"]), like=array)
