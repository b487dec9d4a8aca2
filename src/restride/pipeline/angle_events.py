"""Contacts of recordings that hold joint angles: the body is posed and its feet are followed."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from scipy.ndimage import gaussian_filter1d

from restride import body
from restride.cycles import events_from_markers, movement_of, segment
from restride.errors import CycleError
from restride.signals.recording import Recording
from restride.signals.schema import SIDES, SPACE, FloatArray, labelled
from restride.signals.vocabulary import SUFFIX

# without these a foot has no place; all other angles change it by little and stand at 0 where a file lacks them
OF_A_STEP: Final = ("hip_flexion", "knee_angle", "ankle_angle")

# the way a person faces changes over some strides, not within one
HEADING_S: Final = 1.0


def events_from_angles(recording: Recording) -> pd.DataFrame:
    """Initial contact and toe-off of both feet from joint angles, by posing the body.

    Parameters
    ----------
    recording : Recording
        With ``angles`` of hip, knee and ankle of both legs.

    Returns
    -------
    DataFrame, columns ``time_s, side, name, method``
        Nothing where angles are missing.

    Raises
    ------
    CycleError
        If angles of hip, knee or ankle of a leg are missing.

    Notes
    -----
    Heels and toes of the generic body stand for markers, and ``cycles.events_from_markers`` finds their contacts.
    The pelvis is held in place, as on a treadmill: a body of another size would slide over the ground. Walking or
    running, if not stated, is the share of the stride on the ground by the rule for walkers.
    """
    markers = body.virtual_markers(body.generic(), *_on_the_spot(recording))
    # the sway of a pelvis that is held in place would show as the feet moving sideways
    markers = markers.where(markers["space"] != "z", markers.mean("time")).assign_attrs(markers.attrs)
    # a model's foot is stiff, and its angles are smoothed: the short push of the toe is not in them
    found = events_from_markers(markers, movement="walking", push_seen=False)
    whole = segment(found)["kept"].any()
    if (whole or recording.conditions.movement) and movement_of(recording.replaced(events=found)) == "running":
        found = events_from_markers(markers, movement="running")
    return found.assign(method="joint angles: body posed by them, " + found["method"])


def _on_the_spot(recording: Recording) -> tuple[xr.DataArray, xr.DataArray]:
    """Angles with every coordinate of the body, and a root that stays where it is."""
    if "angles" not in recording:
        raise CycleError(
            f"expected joint angles, found only {sorted(recording.signals)}; add the .mot file of this take"
        )
    angles = recording["angles"]
    there = {str(c): angles.sel(coordinate=c).values for c in angles["coordinate"].values}
    missing = [name + SUFFIX[side] for side in SIDES for name in OF_A_STEP if name + SUFFIX[side] not in there]
    if missing:
        raise CycleError(
            f"expected joint angles of both legs to find contacts, missing {', '.join(missing)}; export all angles"
        )
    time_s: FloatArray = angles["time"].values
    names = body.generic().coordinates
    if "pelvis_rotation" in there:
        # the way the person faces is taken out: x is forward, whatever turns were walked
        there["pelvis_rotation"] = there["pelvis_rotation"] - _slow(there["pelvis_rotation"], time_s)
    values = np.stack([there.get(name, np.zeros(time_s.size)) for name in names], axis=1)
    whole = labelled(
        values, dims=("time", "coordinate"), units="rad", coords={"time": time_s, "coordinate": list(names)}
    )
    space = {"time": time_s, "space": list(SPACE)}
    still = np.zeros((time_s.size, 3))
    return whole, labelled(still, dims=("time", "space"), units="m", coords=space, frame="lab")


def _slow(turn: FloatArray, time_s: FloatArray) -> FloatArray:
    """What is left of a rotation without its swing from step to step."""
    seen = np.isfinite(turn)
    if seen.sum() < 2:
        return np.zeros(turn.size)
    whole = np.interp(time_s, time_s[seen], np.unwrap(turn[seen]))
    slow: FloatArray = gaussian_filter1d(whole, HEADING_S / float(np.median(np.diff(time_s))), mode="nearest")
    return slow
