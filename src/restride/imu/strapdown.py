"""From turning and acceleration to the path of a foot, one stride at a time.

All strides of a recording are integrated side by side: the loop runs over the samples of
the longest stride, not over the recording.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from restride.imu.rotations import turns
from restride.signals.schema import FloatArray
from restride.signals.units import GRAVITY_M_S2

ACC_NOISE_M_S2: Final = 0.1  # difference of two samples at rest
UP: Final = np.array([0.0, 1.0, 0.0])


@dataclass(frozen=True, slots=True)
class Paths:
    """Motion of one foot between consecutive rests, padded to the longest; NaN after the end.

    The frame of each stride is its own: y up, x where the foot points at its first rest.

    Attributes
    ----------
    start, end : ndarray of int, shape (stride,)
        Samples of the two rests.
    rot : ndarray, shape (stride, sample, 3, 3)
        ``rot[i, k] @ v_foot`` is ``v`` in the frame of stride ``i``.
    velocity, position : ndarray, shape (stride, sample, 3), m/s and m
    drift_m_s : ndarray, shape (stride,)
        Speed left at the second rest before it was taken out.
    """

    start: np.ndarray
    end: np.ndarray
    rot: FloatArray
    velocity: FloatArray
    position: FloatArray
    drift_m_s: FloatArray

    def moved(self) -> FloatArray:
        """From rest to rest, shape (stride, 3), m."""
        to: FloatArray = self.position[np.arange(len(self.start)), self.end - self.start]
        return to

    def pitch(self, i: int) -> FloatArray:
        """Toes up against the flat foot along stride ``i``, shape (sample,), rad."""
        up: FloatArray = np.arcsin(np.clip(self.rot[i, : self.end[i] - self.start[i] + 1, 1, 0], -1, 1))
        return up

    def height(self, i: int) -> FloatArray:
        """Height above the ground along stride ``i``, shape (sample,), m.

        A step in height is spread over the stride, so that it is measured from the ground between.
        """
        y = self.position[i, : self.end[i] - self.start[i] + 1, 1]
        above: FloatArray = y - y[-1] * np.linspace(0, 1, len(y))
        return above


def paths(acc: FloatArray, gyr: FloatArray, start: np.ndarray, end: np.ndarray, rate_hz: float) -> Paths:
    """Orientation, velocity and position of a foot between pairs of rests.

    Parameters
    ----------
    acc, gyr : ndarray, shape (time, 3), m/s^2 and rad/s
        In the foot frame (x forward, y up, z right), without bias.
    start, end : ndarray of int, shape (stride,)
        Rests before and after each stride, ``start < end``.
    rate_hz : float

    Notes
    -----
    Tilt is known at both rests from gravity, velocity is zero at both. What the integrals miss
    at the second rest is taken out over the stride, as a smoother would that starts from both
    ends: tilt in proportion to time, because the rate drifts evenly. Ours is where missing
    velocity belongs: between two samples nobody saw the signal, so its integral is uncertain
    by about their difference, and the variance that grows with each step is the difference
    squared. Nearly all of the missing velocity is therefore laid on the impact and the push
    off, where the accelerometer is too slow or clips, and not on the quiet swing.
    """
    longest = int((end - start).max(initial=0)) + 1
    index = start[:, np.newaxis] + np.arange(longest)
    inside = index <= end[:, np.newaxis]
    index = np.minimum(index, len(acc) - 1)

    # orientation forward from the first rest, then its tilt error turned back over the stride
    rot = _turned(_level(at_rest(acc, start, rate_hz)), gyr[index], rate_hz)
    last = rot[np.arange(len(start)), end - start]
    up_missed = np.einsum("sij,sj->si", last, _unit(at_rest(acc, end, rate_hz)))
    share = np.where(inside, np.arange(longest) / np.maximum(end - start, 1)[:, np.newaxis], 1.0)
    missing = _between(up_missed, np.broadcast_to(UP, up_missed.shape))
    rot = turns(missing[:, np.newaxis] * share[..., np.newaxis]) @ rot

    # acceleration without gravity; the velocity left at the second rest goes out where it arose
    free = np.einsum("skij,skj->ski", rot, acc[index]) - GRAVITY_M_S2 * UP
    velocity = _integrated(np.where(inside[..., np.newaxis], free, 0.0), rate_hz)
    drift = velocity[np.arange(len(start)), end - start]
    share = _share(acc[index], inside, ACC_NOISE_M_S2)
    velocity -= drift[:, np.newaxis] * share[..., np.newaxis]
    position = _integrated(velocity, rate_hz)
    for array in (velocity, position):
        array[~inside] = np.nan
    rot[~inside] = np.nan
    return Paths(start, end, rot, velocity, position, np.linalg.norm(drift, axis=1))


def at_rest(acc: FloatArray, samples: np.ndarray, rate_hz: float) -> FloatArray:
    """Mean acceleration around each rest, over 50 ms: vibration goes, tilt stays.

    Parameters
    ----------
    acc : ndarray, shape (time, 3), m/s^2
    samples : ndarray of int, shape (rest,)
    rate_hz : float
    """
    reach = np.arange(-round(0.025 * rate_hz), round(0.025 * rate_hz) + 1)
    near: FloatArray = acc[np.clip(samples[:, np.newaxis] + reach, 0, len(acc) - 1)].mean(axis=1)
    return near


def _share(values: FloatArray, inside: np.ndarray, noise: float) -> FloatArray:
    """Part of a stride's uncertainty reached by each sample, 0 to 1."""
    steps = (np.diff(values, axis=1) ** 2).sum(axis=2) + noise**2
    grown = np.cumsum(np.where(inside[:, 1:], steps, 0.0), axis=1)
    return np.concatenate([np.zeros((len(grown), 1)), grown / grown[:, -1:]], axis=1)


def _level(up_foot: FloatArray) -> FloatArray:
    """Rotations whose second row is up and whose first keeps the foot's own forward."""
    up = _unit(up_foot)
    right = _unit(np.cross(np.array([1.0, 0.0, 0.0]), up))
    forward = np.cross(up, right)
    return np.stack([forward, up, right], axis=1)


def _turned(first: FloatArray, gyr: FloatArray, rate_hz: float) -> FloatArray:
    """Orientation at each sample; turning between two samples is their mean rate."""
    steps = turns((gyr[:, 1:] + gyr[:, :-1]) / (2 * rate_hz))
    rot = np.empty((*gyr.shape[:2], 3, 3))
    rot[:, 0] = first
    for k in range(gyr.shape[1] - 1):
        rot[:, k + 1] = rot[:, k] @ steps[:, k]
    return rot


def _between(a: FloatArray, b: FloatArray) -> FloatArray:
    """Rotation vectors that turn ``a`` onto ``b``, both of unit length."""
    cross = np.cross(a, b)
    sine = np.linalg.norm(cross, axis=-1, keepdims=True)
    angle = np.arctan2(sine, (a * b).sum(axis=-1, keepdims=True))
    turn: FloatArray = cross * np.divide(angle, sine, out=np.ones_like(sine), where=sine > 0)
    return turn


def _integrated(values: FloatArray, rate_hz: float) -> FloatArray:
    """Trapezoids along the samples, from zero."""
    steps = (values[:, 1:] + values[:, :-1]) / (2 * rate_hz)
    return np.concatenate([np.zeros_like(values[:, :1]), np.cumsum(steps, axis=1)], axis=1)


def _unit(vectors: FloatArray) -> FloatArray:
    unit: FloatArray = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return unit
