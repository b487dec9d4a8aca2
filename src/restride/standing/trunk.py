"""Sway from a phone or sensor on the trunk: how much it accelerates while its wearer stands."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from restride.errors import GapError, SchemaError
from restride.signals.filters import low_pass
from restride.signals.schema import FloatArray, require, sampling_rate_hz
from restride.signals.units import GRAVITY_M_S2

# what a standing trunk does is slower; the cut-off of Mancini et al. 2012
SWAY_HZ: Final = 3.5
# accelerometers are calibrated to a few per cent
NOT_GRAVITY: Final = 0.2
SHORTEST_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class TrunkSway:
    """Measures of one trial; forward and sideways are NaN where nothing says how the sensor sat.

    Attributes
    ----------
    duration_s : float
    rms_m_s2 : float
        Horizontal acceleration about its mean, root mean square.
    rms_forward_m_s2, rms_sideways_m_s2 : float
    jerk_m2_s5 : float
        Half the integral of the squared change of horizontal acceleration.
    """

    duration_s: float
    rms_m_s2: float
    rms_forward_m_s2: float
    rms_sideways_m_s2: float
    jerk_m2_s5: float


def trunk_sway(acc: xr.DataArray) -> TrunkSway:
    """Size and jerkiness of the trunk's horizontal acceleration.

    Parameters
    ----------
    acc : DataArray, dims (time, space), units "m/s^2"
        With gravity; frame "segment" (x forward) where its axes are known, else any.

    Raises
    ------
    GapError
        If a sample is missing or the trial is shorter than 10 s.
    SchemaError
        If the mean is not gravity.

    Notes
    -----
    As Mancini et al. (2012, J NeuroEng Rehabil 9:59): level by the mean direction of gravity, low-pass
    at 3.5 Hz, root mean square, and ``1/2 integral ((da_x/dt)^2 + (da_z/dt)^2) dt``, which grows with
    the length of the trial. Part of this acceleration is gravity on a trunk that tilts. It is another quantity
    than the path of the centre of pressure and is not to be compared with it.
    """
    acc = require(acc, dims=("time", "space"), units="m/s^2", name="acc")
    if np.isnan(acc.values).any():
        raise GapError("expected acceleration without gaps, found some; give the part in which all samples are there")
    rate_hz = sampling_rate_hz(acc)
    duration_s = acc.sizes["time"] / rate_hz
    if duration_s < SHORTEST_S:
        raise GapError(f"expected at least {SHORTEST_S:g} s of standing, found {duration_s:.1f} s; record longer")
    mean = acc.values.mean(axis=0)
    size = float(np.linalg.norm(mean))
    if abs(size / GRAVITY_M_S2 - 1) > NOT_GRAVITY:
        raise SchemaError(f"expected about 9.8 m/s^2 while standing, found {size:.2f}; use acceleration with gravity")
    level = low_pass(acc, cutoff_hz=SWAY_HZ).values @ _level(mean / size).T
    level = level - level.mean(axis=0)
    change = np.gradient(level, 1 / rate_hz, axis=0)
    spread: FloatArray = np.sqrt(np.mean(level**2, axis=0))
    known = acc.attrs.get("frame") == "segment"
    return TrunkSway(
        duration_s=duration_s,
        rms_m_s2=float(np.linalg.norm(spread)),
        rms_forward_m_s2=float(spread[0]) if known else float("nan"),
        rms_sideways_m_s2=float(spread[1]) if known else float("nan"),
        jerk_m2_s5=float(0.5 * (change**2).sum() / rate_hz),
    )


def _level(up: FloatArray) -> FloatArray:
    """Two level directions, shape (2, 3): x made level, and what is to its right."""
    # if x points along gravity nothing can be told apart, and any level pair serves
    start = np.eye(3)[0] if abs(up[0]) < np.sqrt(0.5) else np.eye(3)[int(np.argmin(np.abs(up)))]
    ahead = start - (start @ up) * up
    ahead /= np.linalg.norm(ahead)
    return np.stack([ahead, np.cross(ahead, up)])
