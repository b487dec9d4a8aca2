"""The clock of a watch, and how sharply its wearer turned: what a track still says without its place."""

from bisect import bisect_left
from typing import Final

import numpy as np

from restride.signals.schema import FloatArray

# a record this far from the others was not made on the same outing
LONGEST_OUTING_S: Final = 10 * 86_400.0
EARTH_RADIUS_M: Final = 6_371_009.0
# a heading is taken over this much time and path either side: satellite fixes wander by metres
REACH_S: Final = 3.0
SHORTEST_PATH_M: Final = 4.0


def increasing(time_s: FloatArray) -> np.ndarray:
    """Rows of the longest run of times that increase, in order.

    Parameters
    ----------
    time_s : array, shape (row,)
        NaN where a row has no time.

    Notes
    -----
    The longest strictly increasing subsequence (patience sorting): one clock that jumped
    ahead for a moment costs that moment, not all that follows.
    """
    finite = np.flatnonzero(np.isfinite(time_s))
    if finite.size == 0:
        return finite
    middle = np.median(time_s[finite])
    rows = finite[np.abs(time_s[finite] - middle) <= LONGEST_OUTING_S]
    ends: list[float] = []
    last: list[int] = []
    before = np.full(time_s.size, -1, dtype=np.int64)
    for row in rows.tolist():
        place = bisect_left(ends, float(time_s[row]))
        before[row] = last[place - 1] if place else -1
        ends[place : place + 1] = [float(time_s[row])]
        last[place : place + 1] = [row]
    kept: list[int] = []
    row = last[-1] if last else -1
    while row >= 0:
        kept.append(row)
        row = int(before[row])
    return np.array(kept[::-1], dtype=np.int64)


def turn_rate(time_s: FloatArray, latitude_rad: FloatArray, longitude_rad: FloatArray) -> FloatArray:
    """How fast the direction of travel turns, rad/s, positive to the left.

    Parameters
    ----------
    time_s, latitude_rad, longitude_rad : arrays, shape (time,)

    Returns
    -------
    array, shape (time,)
        NaN without fixes, at rest, and near the ends.

    Notes
    -----
    Ours. Place and heading cannot be had back from it, which is why it is kept and they
    are not. Heading from the fix ``REACH_S`` before to that after; turning likewise.
    """
    east = EARTH_RADIUS_M * np.cos(latitude_rad) * _unwrapped(longitude_rad)
    north = EARTH_RADIUS_M * latitude_rad
    step_east, step_north, _ = (_across(time_s, values) for values in (east, north, time_s))
    far = np.hypot(step_east, step_north) >= SHORTEST_PATH_M
    heading = np.where(far, np.arctan2(step_north, step_east), np.nan)
    turned = (_across(time_s, heading) + np.pi) % (2 * np.pi) - np.pi
    return turned / _across(time_s, time_s)


def path_m(latitude_rad: FloatArray, longitude_rad: FloatArray) -> FloatArray:
    """Distance gone along the fixes, m, shape (time,); from the first fix, NaN without one."""
    fixed = np.flatnonzero(np.isfinite(latitude_rad) & np.isfinite(longitude_rad))
    gone = np.full(latitude_rad.size, np.nan)
    if fixed.size:
        lat, lon = latitude_rad[fixed], longitude_rad[fixed]
        half = np.sin(np.diff(lat) / 2) ** 2 + np.cos(lat[1:]) * np.cos(lat[:-1]) * np.sin(np.diff(lon) / 2) ** 2
        steps = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
        gone[fixed] = np.concatenate([[0.0], np.cumsum(steps)])
    return gone


def _across(time_s: FloatArray, values: FloatArray) -> FloatArray:
    """Value ``REACH_S`` later minus ``REACH_S`` earlier, of the nearest rows; NaN where a row is far off."""
    if time_s.size < 2:
        return np.full(time_s.size, np.nan)
    later, earlier = (_nearest(time_s, time_s + shift) for shift in (REACH_S, -REACH_S))
    near = np.maximum(np.abs(time_s[later] - time_s - REACH_S), np.abs(time_s - time_s[earlier] - REACH_S)) <= 1.0
    return np.where(near, values[later] - values[earlier], np.nan)


def _nearest(time_s: FloatArray, wanted: FloatArray) -> np.ndarray:
    after = np.clip(np.searchsorted(time_s, wanted), 1, time_s.size - 1)
    return np.where(wanted - time_s[after - 1] <= time_s[after] - wanted, after - 1, after)


def _unwrapped(longitude_rad: FloatArray) -> FloatArray:
    """Longitudes from the first fix, without the step at the date line."""
    fixed = longitude_rad[np.isfinite(longitude_rad)]
    first = fixed[0] if fixed.size else 0.0
    return (longitude_rad - first + np.pi) % (2 * np.pi) - np.pi
