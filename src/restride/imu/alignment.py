"""From the sensor's axes to those of the foot, found from standing and from walking itself."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from restride.errors import SchemaError
from restride.imu.rests import STILL_RAD_S, moving_mean, rests
from restride.imu.strapdown import at_rest, paths
from restride.signals.schema import FloatArray
from restride.signals.units import GRAVITY_M_S2

BIAS_WINDOW_S: Final = 0.5  # longer than any mid-stance that could be taken for standing
LONGEST_STRIDE_S: Final = 2.5
SHORTEST_MOVE_M: Final = 0.2  # less is a shuffle, and says nothing about forward
NOT_GRAVITY: Final = 0.2  # accelerometers are calibrated to a few per cent
ENOUGH_STRIDES: Final = 32  # spread over the recording, for one sign
LEAST_TURNING: Final = 0.1  # of all samples: also a runner's foot is flat for longer


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a sensor sits on its foot.

    Attributes
    ----------
    rot_foot_from_sensor : ndarray, shape (3, 3)
        ``rot_foot_from_sensor @ v_sensor``; foot frame x forward, y up while flat, z right.
    bias_rad_s : ndarray, shape (3,)
        Of the gyroscope, sensor frame; zero if it never stood.
    stood : bool
        Whether the bias was measured.
    rests : ndarray of int
        Samples of the instants at rest.
    """

    rot_foot_from_sensor: FloatArray
    bias_rad_s: FloatArray
    stood: bool
    rests: np.ndarray


def aligned(acc: FloatArray, gyr: FloatArray, rate_hz: float) -> Alignment:
    """How a sensor sits on a foot that walks or runs forward.

    Parameters
    ----------
    acc, gyr : ndarray, shape (time, 3), m/s^2 and rad/s
        Sensor frame, without gaps.
    rate_hz : float

    Raises
    ------
    SchemaError
        If what is felt at rest is not gravity (wrong unit, or gravity taken out), or no
        stride is found to tell forward from backward.

    Notes
    -----
    Up is gravity while the foot lies flat (median over all rests). Right is the main axis of
    turning across it: a foot turns mostly in the sagittal plane. Which of the two directions
    along that axis is right follows from the strides, which lead forward. The frame therefore
    points where the foot goes; how far the toes point out of it is not seen.
    """
    bias, stood = standing_bias(gyr, rate_hz)
    gyr = gyr - bias
    _must_feel_gravity(acc, gyr)
    found = rests(acc, gyr, rate_hz)
    pairs = stride_pairs(found, rate_hz)
    if not pairs.size:
        raise SchemaError("expected a foot that walks or runs, found no two rests a stride apart; name another segment")
    felt = np.median(at_rest(acc, found, rate_hz), axis=0)
    up = felt / np.linalg.norm(felt)
    right = across(up, gyr)
    rot = np.stack([np.cross(up, right), up, right])
    some = pairs[:: max(len(pairs) // ENOUGH_STRIDES, 1)]
    path = paths(acc @ rot.T, gyr @ rot.T, some[:, 0], some[:, 1], rate_hz)
    forward_m = path.moved()[:, 0]
    moved = np.abs(forward_m) > SHORTEST_MOVE_M
    if not moved.any():
        raise SchemaError("expected a foot that moves forward, found none of its strides longer than 0.2 m")
    sign = 1.0 if float(np.median(forward_m[moved])) > 0 else -1.0
    return Alignment(rot * np.array([[sign], [1.0], [sign]]), bias, stood, found)


def _must_feel_gravity(acc: FloatArray, gyr: FloatArray) -> None:
    """Raise unless what is felt while the foot turns least is as large as gravity."""
    turning = np.linalg.norm(gyr, axis=1)
    size = float(np.median(np.linalg.norm(acc[turning <= np.quantile(turning, LEAST_TURNING)], axis=1)))
    if abs(size / GRAVITY_M_S2 - 1) > NOT_GRAVITY:
        raise SchemaError(
            f"expected about 9.8 m/s^2 at rest, found {size:.2f}; state acc_unit, and use acceleration with gravity"
        )


def standing_bias(gyr: FloatArray, rate_hz: float) -> tuple[FloatArray, bool]:
    """Rate shown while standing still, rad/s, and whether the recording stands anywhere.

    Parameters
    ----------
    gyr : ndarray, shape (time, 3), rad/s
    rate_hz : float
    """
    window = max(round(BIAS_WINDOW_S * rate_hz), 2)
    mean = moving_mean(gyr, window)
    spread = np.sqrt(np.maximum(moving_mean(gyr**2, window) - mean**2, 0.0).sum(axis=1))
    # a bias may itself be large, so standing is a steady rate, not a small one
    still = (spread < STILL_RAD_S / 5) & (np.linalg.norm(mean, axis=1) < STILL_RAD_S)
    if still.sum() < window:
        return np.zeros(3), False
    bias: FloatArray = np.median(gyr[still], axis=0)
    return bias, True


def across(up: FloatArray, gyr: FloatArray) -> FloatArray:
    """Main axis of turning, level; its sign is arbitrary.

    Parameters
    ----------
    up : ndarray, shape (3,)
    gyr : ndarray, shape (time, 3), rad/s
    """
    level = gyr - np.outer(gyr @ up, up)
    axis: FloatArray = np.linalg.eigh(level.T @ level)[1][:, -1]
    return axis


def stride_pairs(found: np.ndarray, rate_hz: float) -> np.ndarray:
    """Neighbouring rests no further apart than a stride lasts, shape (stride, 2).

    Parameters
    ----------
    found : ndarray of int
        Samples, increasing.
    rate_hz : float
    """
    near = np.diff(found) < LONGEST_STRIDE_S * rate_hz
    return np.stack([found[:-1][near], found[1:][near]], axis=1) if near.any() else np.empty((0, 2), dtype=int)
