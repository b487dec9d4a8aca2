"""Walking or running: what was stated, else the share of the stride a foot is on the ground."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from scipy.ndimage import gaussian_filter1d

from restride.cycles.feet import middle_of
from restride.cycles.force_events import events_from_force
from restride.cycles.segment import kept, segment
from restride.errors import CycleError
from restride.signals.recording import Movement, Recording
from restride.signals.schema import sampling_rate_hz

# walking: each foot is down for more than half of its stride, so that both are down at times (Alexander 1989)
WALKING_ABOVE: Final = 0.5

# markers decide only if the pelvis follows the feet at all: by chance |r| stays below this over two strides
CLEAR_CORRELATION: Final = 0.3

# slow sway of the pelvis and climbing or descending are taken out over about a stride
SWAY_S: Final = 0.5


def movement_of(recording: Recording) -> Movement:
    """Walking or running.

    Parameters
    ----------
    recording : Recording

    Returns
    -------
    Movement
        As stated in the conditions; else from the duty factor by the events in the file,
        by force, or from the markers.

    Raises
    ------
    CycleError
        If none of them can tell.

    Notes
    -----
    By markers: a walker is highest when one foot passes the other, a runner lowest
    (inverted pendulum against spring; Cavagna et al. 1977), so the sign of the correlation
    between pelvis height and distance of the feet tells them apart. Ours.
    """
    if recording.conditions.movement is not None:
        return recording.conditions.movement
    contact = _duty_factor(recording.events)
    if contact is None and "grf" in recording:
        contact = _duty_factor(events_from_force(recording["grf"]))
    if contact is not None:
        return "walking" if contact > WALKING_ABOVE else "running"
    rise = _rise_with_spread(recording["markers"]) if "markers" in recording else 0.0
    if abs(rise) < CLEAR_CORRELATION:
        raise CycleError(
            "expected walking or running, found neither in events, force or markers; state movement in take.yaml"
        )
    return "running" if rise > 0 else "walking"


def _duty_factor(events: pd.DataFrame) -> float | None:
    strides = kept(segment(events))
    if strides.empty:
        return None
    contact = (strides["toe_off_s"] - strides["start_s"]) / (strides["end_s"] - strides["start_s"])
    return float(contact.median())


def _rise_with_spread(markers: xr.DataArray) -> float:
    """Correlation of pelvis height with the distance between the feet; 0 if it cannot be told."""
    pelvis = middle_of(markers, ("asis", "psis", "sacrum"))
    pelvis = middle_of(markers, ("hip_centre",)) if pelvis is None else pelvis
    left, right = (middle_of(markers, ("heel", "ankle_lateral"), side=side) for side in ("left", "right"))
    if pelvis is None or left is None or right is None or pelvis.shape[0] < 2:
        return 0.0
    apart = np.hypot(*(left - right)[:, [0, 2]].T)
    height = pelvis[:, 1]
    seen = ~np.isnan(apart) & ~np.isnan(height)
    sigma = SWAY_S * sampling_rate_hz(markers)
    if seen.sum() < 2 * sigma:
        return 0.0
    bounce, spread = (x - gaussian_filter1d(x, sigma, mode="nearest") for x in (height[seen], apart[seen]))
    size = float(np.std(bounce) * np.std(spread))
    return float(np.mean((bounce - bounce.mean()) * (spread - spread.mean())) / size) if size > 0 else 0.0
