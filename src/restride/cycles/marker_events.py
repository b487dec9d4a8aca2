"""Initial contact and toe-off from the markers of heel and toe, overground and on a treadmill."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from scipy.signal import find_peaks

from restride.cycles.feet import Foot, feet
from restride.signals.recording import EVENT_COLUMNS, Movement, no_events
from restride.signals.schema import FloatArray, sampling_rate_hz

# speed below which nobody walks: sway and shuffling of a standing person stay under it
SLOWEST_M_S: Final = 0.15

# a swinging heel reaches about three times the speed of travel (walking) or twice (running)
SWING_OF_SPEED: Final = 1.4

# the fastest sprinters take 2.5 strides a second: two swings of one foot lie further apart
SHORTEST_STRIDE_S: Final = 0.4

# a foot whose marker still moves with less than this share of the speed of travel has landed. The
# heel brakes at 15-50 m/s2 then, so a tenth more or less moves the event by some 5 ms
LANDED_OF_SPEED: Final = 0.25

# a walker's toe marker that moves with this share of the speed of travel is about to leave or just has
LEFT_OF_SPEED: Final = 0.6

# a runner's foot first rolls over its toes, which lifts the toe marker, and swings forward once it has
# left: toe-off lies between a fifth of the speed of travel in any direction and a third of it forward
ROLLING_OF_SPEED: Final = 0.2
SWINGING_OF_SPEED: Final = 0.35

# the peak of acceleration lies this far around the rough events above: the heel strikes the ground up
# to 50 ms before it has stopped over it, while the last peak before (the shank brakes) is 80 ms away;
# a toe is driven hardest at or shortly after it begins to leave
CONTACT_BEFORE_S: Final = 0.06
CONTACT_AFTER_S: Final = 0.03
LEAVE_BEFORE_S: Final = 0.03
LEAVE_AFTER_S: Final = 0.06

# a runner's heel is braked within this of leaving: its push-off is over 40 ms before, its swing begins
# 40 ms after
RELEASE_S: Final = 0.04

# an acceleration of contact, push-off or release rises within this
ONSET_S: Final = 0.04

BY_SPEED: Final = "toe marker, its speed passing 0.6 of walking speed"
METHODS: Final = {
    ("walking", "initial_contact"): "heel marker stops over ground (below a quarter of walking speed)",
    ("walking", "toe_off"): "toe marker, mean of its speed passing 0.6 of walking speed and of its push forward",
    ("running", "initial_contact"): "heel marker, midway from onset to peak of upward acceleration",
    ("running", "toe_off"): "heel marker, midway from onset to peak of its braking; toe marker if it is not braked",
}


def events_from_markers(markers: xr.DataArray, *, movement: Movement, push_seen: bool = True) -> pd.DataFrame:
    """Initial contact and toe-off of both feet from heel and toe markers.

    Parameters
    ----------
    markers : DataArray, dims (time, marker, space), units "m"
        Lab frame, y up; labels as in ``signals.landmarks``.
    movement : {"walking", "running"}
    push_seen : bool
        Whether a walker's toe shows the peak of its push. False for markers without it (put on a body that
        joint angles pose): every toe-off of a walker then comes from the toe's speed alone.

    Returns
    -------
    DataFrame, columns ``time_s, side, name, method``
        Nothing for a foot without markers, for standing, or where a marker was lost.

    Raises
    ------
    CycleError
        If no foot has a heel and a toe marker.

    Notes
    -----
    Each swing is found as a peak of the heel's forward speed over ground; speeds are
    taken against the foot that stands, so that a belt may move under it. Walking, contact:
    the heel's speed over ground falls below a quarter of walking speed (a relative threshold
    as in Bruening and Ridge 2014). Otherwise the event is put midway between the largest
    jerk and the largest acceleration of the marker (accelerations: Hreljac and Marshall
    2000; jerk: Handsaker et al. 2016): the first comes before, the second after the moment
    at which the force passes its threshold. The midpoint is ours. So is the toe-off of a
    runner by the heel, which slows down for a moment between push-off and swing; a slow
    runner lets the foot go so gently that it does not, and the toe must tell. A walker's
    toe-off is the mean of its midpoint and of a relative threshold on the toe's speed,
    which err independently.
    """
    both = feet(markers)
    time_s = markers["time"].values.astype(np.float64)
    step_s = 1.0 / sampling_rate_hz(markers)
    standing, speed = _travel(list(both.values()), step_s)
    if not speed > SLOWEST_M_S:
        return no_events()
    methods = METHODS | ({} if push_seen else {("walking", "toe_off"): BY_SPEED})
    rows: list[tuple[float, str, str, str]] = []
    for foot in both.values():
        for swing in _swings(foot, standing, speed, step_s):
            found = {
                "initial_contact": _contact(foot, swing, standing, speed, step_s, movement),
                "toe_off": _toe_off(
                    foot, swing, standing, speed, step_s, movement if push_seen or movement == "running" else None
                ),
            }
            for name, place in found.items():
                if np.isfinite(place):
                    moment = float(np.interp(place, np.arange(time_s.size), time_s))
                    rows.append((moment, foot.side, name, methods[movement, name]))
    if not rows:
        return no_events()
    return pd.DataFrame(rows, columns=list(EVENT_COLUMNS)).sort_values("time_s", kind="stable", ignore_index=True)


def _travel(both: list[Foot], step_s: float) -> tuple[float, float]:
    """Forward velocity of a standing foot in the lab (a belt: negative), and the speed of travel over ground."""
    toes = np.concatenate([np.gradient(foot.toe_forward, step_s) for foot in both])
    heels = np.concatenate([np.gradient(foot.heel_forward, step_s) for foot in both])
    if np.isnan(toes).all() or np.isnan(heels).all():
        return 0.0, 0.0
    # a toe stands for at least a quarter of any stride, and nothing is slower than a standing toe
    standing = float(np.nanpercentile(toes, 15))
    return standing, float(np.nanmean(heels)) - standing


def _swings(foot: Foot, standing: float, speed: float, step_s: float) -> list[int]:
    """Samples at which the heel swings forward fastest."""
    velocity = np.gradient(foot.heel_forward, step_s) - standing
    # a zero on either side, so that a swing cut off by the edge of the recording counts as well
    peaks, _ = find_peaks(
        np.pad(np.nan_to_num(velocity), 1),
        height=SWING_OF_SPEED * speed,
        prominence=SWING_OF_SPEED * speed / 2,
        distance=max(1, round(SHORTEST_STRIDE_S / step_s)),
    )
    return [int(p) - 1 for p in peaks]


def _contact(foot: Foot, swing: int, standing: float, speed: float, step_s: float, movement: Movement) -> float:
    """Sample, with fraction, of the contact that ends a swing; NaN if it was not seen."""
    forward = np.gradient(foot.heel_forward, step_s) - standing
    if movement == "walking":
        # in a turn the foot comes to the ground sideways as well
        return _first_below(np.hypot(forward, np.gradient(foot.heel_across, step_s)), swing, LANDED_OF_SPEED * speed)
    landed, struck = _first_below(forward, swing, LANDED_OF_SPEED * speed), _second(foot.heel_up, step_s)
    return _onset_to_peak(struck, landed - CONTACT_BEFORE_S / step_s, landed + CONTACT_AFTER_S / step_s, step_s)


def _toe_off(foot: Foot, swing: int, standing: float, speed: float, step_s: float, movement: Movement | None) -> float:
    """Sample, with fraction, of the toe-off that begins a swing; NaN if it was not seen. None: by speed alone."""
    forward = np.gradient(foot.toe_forward, step_s) - standing
    over_ground = np.hypot(forward, np.gradient(foot.toe_up, step_s))
    if movement is None:
        return _last_below(over_ground, swing, LEFT_OF_SPEED * speed)
    if movement == "walking":
        left = _last_below(over_ground, swing, LEFT_OF_SPEED * speed)
        driven = _second(foot.toe_forward, step_s)
        pushed = _onset_to_peak(driven, left - LEAVE_BEFORE_S / step_s, left + LEAVE_AFTER_S / step_s, step_s)
        return (left + pushed) / 2
    rolling = _last_below(over_ground, swing, ROLLING_OF_SPEED * speed)
    rough = (rolling + _last_below(forward, swing, SWINGING_OF_SPEED * speed)) / 2
    # once the ground pushes no more, the heel is slower for a moment, before the hip swings it forward
    braked = -_second(foot.heel_forward, step_s)
    released = _onset_to_peak(braked, rough - RELEASE_S / step_s, rough + RELEASE_S / step_s, step_s)
    return rough if np.isnan(released) else released


def _first_below(values: FloatArray, swing: int, level: float) -> float:
    """First place, with fraction, after a swing at which values lie below a level; NaN if never, or at a gap."""
    return swing + _steps_until_below(values[swing:], level)


def _last_below(values: FloatArray, swing: int, level: float) -> float:
    """Last place before a swing, likewise."""
    return swing - _steps_until_below(values[swing::-1], level)


def _steps_until_below(values: FloatArray, level: float) -> float:
    below = values < level
    first = int(np.argmax(below | np.isnan(values)))
    if first == 0 or not below[first]:
        return float("nan")
    before, after = values[first - 1], values[first]
    return float(first - 1 + (before - level) / (before - after))


def _onset_to_peak(acceleration: FloatArray, start: float, stop: float, step_s: float) -> float:
    """Place midway between the largest acceleration between two places and the onset that leads to it.

    NaN if it peaks nowhere above zero between them, or at a gap.
    """
    if np.isnan(start) or np.isnan(stop):
        return float("nan")
    first, last = max(0, round(start)), min(acceleration.size, round(stop) + 1)
    reach = round(ONSET_S / step_s)
    before = max(0, first - reach)
    if np.isnan(acceleration[before:last]).any():
        return float("nan")
    peaks = before + find_peaks(acceleration[before:last])[0]
    peaks = peaks[(peaks >= first) & (acceleration[peaks] > 0)]
    if peaks.size == 0:
        return float("nan")
    peak = int(peaks[np.argmax(acceleration[peaks])])
    jerk = np.gradient(acceleration)
    earliest = max(0, peak - reach)
    onset = earliest + int(np.argmax(jerk[earliest : peak + 1]))
    return (_vertex(acceleration, peak) + _vertex(jerk, onset)) / 2


def _vertex(values: FloatArray, peak: int) -> float:
    """Place of a peak between samples, by the parabola through it and its neighbours."""
    if not 0 < peak < values.size - 1:
        return float(peak)
    before, here, after = values[peak - 1 : peak + 2]
    bend = before - 2 * here + after
    # on a slope, at the edge of a search, the parabola's top lies anywhere; a peak's is half a sample away at most
    return peak + (float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5)) if bend < 0 else 0.0)


def _second(values: FloatArray, step_s: float) -> FloatArray:
    out: FloatArray = np.gradient(np.gradient(values, step_s), step_s)
    return out
