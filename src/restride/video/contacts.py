"""When a foot is on the ground, from the side: the average stride tells, and every stride is given its own rhythm.

One picture is 33 ms at the usual 30 a second, a seventh of a runner's contact. No event is therefore read from
one picture: all strides are laid over each other, which shows the foot at many more moments of its stride.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from scipy.stats import t as student

from restride.errors import CycleError
from restride.signals.filters import unbroken_runs
from restride.signals.recording import EVENT_COLUMNS, Movement, Side
from restride.signals.schema import FloatArray, sampling_rate_hz
from restride.video.cleaning import cleaned
from restride.video.rhythm import Rhythm, folded, rhythm
from restride.video.view import placed, seen_from

# places of the average stride
PLACES: Final = 200
# weights that are as narrow as strides fit over each other (10 to 15 ms), wider where pictures are few
NARROWEST: Final = 0.02
PICTURES_WITHIN: Final = 6.0
# what a standing foot does against the hips, a toe does for a quarter of any stride, and nothing goes back faster
STANDING_PERCENTILE: Final = 15.0
# walking: each foot is down for more than half of its stride (Alexander 1989)
WALKING_ABOVE: Final = 0.5
# share of the speed of travel below which the heel goes forward over ground once it has landed, and above which
# the toe moves once it leaves; set on markers of 14 recordings with force plates, filmed by calculation
LANDED: Final[dict[Movement, float]] = {"walking": 0.25, "running": 0.6}
LEFT: Final[dict[Movement, float]] = {"walking": 0.6, "running": 0.3}
# groups of strides that are left out in turn
GROUPS: Final = 20
METHOD: Final = "video, average stride: {} ({}), placed on each stride by its rhythm"
RULES: Final = {"initial_contact": "heel slows down over ground", "toe_off": "toe begins to move over ground"}


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """When one foot is on the ground.

    Attributes
    ----------
    rhythm : Rhythm
    movement : {"walking", "running"}
        By the share of the stride on the ground.
    contact, toe_off : float
        Place in the stride, as ``rhythm.phase`` counts, 0 to 1.
    contact_s : float
        Time on the ground of the average stride.
    half_s : float
        Half of its 95 % interval, from leaving strides out in turn; never less than one picture.
    resolution_s : float
        Time from one picture to the next.
    """

    rhythm: Rhythm
    movement: Movement
    contact: float
    toe_off: float
    contact_s: float
    half_s: float
    resolution_s: float


def contacts(keypoints: xr.DataArray, *, side: Side) -> Contacts:
    """When one foot is on the ground in the average stride.

    Parameters
    ----------
    keypoints : DataArray, dims (time, keypoint, axis), units "1"
        As ``cleaned`` gives them, seen from a side.
    side : {"left", "right"}

    Raises
    ------
    CycleError
        If the camera does not look from a side, heel or toe are not among the keypoints or mostly hidden, or there
        are fewer than three strides.

    Notes
    -----
    Ours. Speeds are those against the hips; what a standing toe does against them is the speed of travel. Contact: the
    heel's forward speed over ground falls below a share of it. Toe-off: the toe's speed over ground rises above one.
    """
    seen = seen_from(keypoints)
    if seen.forward == 0:
        raise CycleError("expected a person seen from a side, found another view or none; contact is read from a side")
    forward, upward, phase, own = _foot(keypoints, side, seen.forward)
    whole = _average(phase, forward, upward, own)
    stride = np.floor(np.nan_to_num(phase - np.nanmin(phase))).astype(int)
    groups = stride % min(GROUPS, own.strides)
    parts = [
        _average(phase, np.where(left, np.nan, forward), np.where(left, np.nan, upward), own)
        for left in (groups[:, None] == g for g in range(groups.max() + 1))
    ]
    shares = np.array([(off - on) % 1.0 for _, on, off in parts])
    movement, on, off = whole
    # a jackknife over groups of strides
    error_s = float(np.sqrt((shares.size - 1) * shares.var())) / own.stride_hz
    resolution_s = 1.0 / sampling_rate_hz(keypoints)
    half_s = max(float(student.ppf(0.975, shares.size - 1)) * error_s, resolution_s)
    return Contacts(own, movement, on, off, ((off - on) % 1.0) / own.stride_hz, half_s, resolution_s)


def events(keypoints: xr.DataArray) -> pd.DataFrame:
    """Initial contacts and toe-offs of the leg near to the camera.

    Parameters
    ----------
    keypoints : DataArray, dims (time, keypoint, axis), units "1"
        As read; they are cleaned here.

    Returns
    -------
    DataFrame, columns ``time_s, side, name, method``
        Of the near leg only: the far one is hidden in part, and an error that differs between the legs would read as a
        difference of the legs.

    Raises
    ------
    CycleError
        As ``contacts``.
    """
    near = seen_from(keypoints).near
    if near is None:
        raise CycleError("expected a person seen from a side, found another view or none; contact is read from a side")
    clean = cleaned(keypoints).keypoints
    return placed_events(contacts(clean, side=near), clean["time"].values)


def placed_events(found: Contacts, time_s: FloatArray) -> pd.DataFrame:
    """The contacts and toe-offs of every stride within the film.

    Parameters
    ----------
    found : Contacts
    time_s : array, shape (time,)
        Of the pictures.

    Notes
    -----
    None in strides that were not seen.
    """
    phase = found.rhythm.phase
    rows = []
    for name, place in (("initial_contact", found.contact), ("toe_off", found.toe_off)):
        method = METHOD.format(name.replace("_", " "), RULES[name])
        for run in unbroken_runs(np.isfinite(phase)):
            first, last = phase[run][0], phase[run][-1]
            wanted = np.arange(np.ceil(first - place), np.floor(last - place) + 1) + place
            rows += [(float(t), found.rhythm.side, name, method) for t in np.interp(wanted, phase[run], time_s[run])]
    table = pd.DataFrame(rows, columns=list(EVENT_COLUMNS)).astype({"time_s": float})
    return table.sort_values("time_s", kind="stable", ignore_index=True)


def _foot(keypoints: xr.DataArray, side: Side, way: int) -> tuple[FloatArray, FloatArray, FloatArray, Rhythm]:
    """Heel and toe against the hips along the way and above the ground, each (time, 2), the phase, the rhythm."""
    points = placed(keypoints)
    toes = [name for name in ("big_toe", "small_toe") if f"{name}_{side[0]}" in points]
    if f"heel_{side[0]}" not in points or not toes:
        raise CycleError(
            f"expected heel and toe of the {side} foot, found neither in these poses; use a model that has feet "
            "(BODY_25, HALPE_26, MediaPipe)"
        )
    own = rhythm(keypoints, side=side)
    heel, toe = points[f"heel_{side[0]}"], points[f"{toes[0]}_{side[0]}"]
    hips = points["mid_hip"]
    forward = way * np.stack([heel[:, 0] - hips[:, 0], toe[:, 0] - hips[:, 0]], axis=1)
    upward = np.stack([heel[:, 1], toe[:, 1]], axis=1)
    if np.isfinite(forward).all(axis=1).mean() < 0.5:
        raise CycleError(f"expected to see heel and toe of the {side} foot, found them hidden in most pictures")
    return forward, upward, own.phase, own


def _average(phase: FloatArray, forward: FloatArray, upward: FloatArray, own: Rhythm) -> tuple[Movement, float, float]:
    """Walking or running, and the places of contact and toe-off in the average stride."""
    width = max(NARROWEST, PICTURES_WITHIN / (np.sqrt(2 * np.pi) * np.isfinite(forward[:, 0]).sum()))
    waves = [folded(phase, values, width=width, points=PLACES) for values in (*forward.T, upward[:, 1])]
    heel, toe, rise = ((np.roll(w, -1) - np.roll(w, 1)) * PLACES / 2 * own.stride_hz for w in waves)
    if not all(np.isfinite(wave).all() for wave in (heel, toe, rise)):
        raise CycleError(f"expected to see the {own.side} foot all through its stride, found parts of it always hidden")
    standing = float(np.percentile(toe, STANDING_PERCENTILE))
    if standing >= 0:
        raise CycleError(f"expected the {own.side} foot to go back under the body, found that it never does")
    over_ground = np.hypot(toe - standing, rise)
    swing = int(np.argmax(heel))

    def span(movement: Movement) -> tuple[float, float]:
        on = _crossing(heel - standing, swing, LANDED[movement] * -standing, step=1)
        off = _crossing(over_ground, swing, LEFT[movement] * -standing, step=-1)
        return on, off

    on, off = span("walking")
    movement: Movement = "walking" if (off - on) % 1.0 > WALKING_ABOVE else "running"
    if movement == "running":
        on, off = span("running")
    if not np.isfinite(on + off):
        raise CycleError(f"expected the {own.side} foot to stand in its stride, found that it never does")
    return movement, on % 1.0, off % 1.0


def _crossing(wave: FloatArray, start: int, level: float, *, step: int) -> float:
    """Place, 0 to 1, at which a periodic wave is first below a level, going from a start either way; NaN if never."""
    ahead = np.take(wave, start + step * np.arange(wave.size), mode="wrap")
    below = np.flatnonzero(ahead < level)
    if below.size == 0 or below[0] == 0:
        return float("nan")
    first = int(below[0])
    share = (ahead[first - 1] - level) / (ahead[first - 1] - ahead[first])
    return float((start + step * (first - 1 + share)) / wave.size)
