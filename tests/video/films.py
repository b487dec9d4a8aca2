"""A made-up runner before a camera: where the twin's joints are, in picture heights, with noise and hidden legs."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import xarray as xr

from restride.body import Body, generic
from restride.signals.schema import FloatArray, labelled
from restride.twin import steps
from restride.twin.gait import STRIDE_S
from restride.twin.motion import Motion, motion
from restride.twin.segments import landmarks, poses

# keypoint: point of the body
SIDED = {
    "hip": "HJC",
    "knee": "KJC",
    "ankle": "AJC",
    "heel": "CAL",
    "big_toe": "TOE",
    "small_toe": "MT5",
    "shoulder": "Shoulder",
}
HEIGHT_PX = 1080
# a person of 1.75 m fills three quarters of the picture
PER_METRE = 0.75 / 1.75


@dataclass(frozen=True)
class Runner:
    """What is true of a made-up runner."""

    body: Body
    moved: Motion
    events: pd.DataFrame


@cache
def runner(strides: int = 16, *, spread: float = 0.015, seed: int = 3) -> Runner:
    """A runner on a treadmill, facing +x; both legs alike."""
    draw = np.random.default_rng(seed)
    body = generic(height_m=1.75)
    run = steps.steps(2 * strides + 8, spread=spread, rng=draw, zero=4, zero_s=0.25)
    time_s = np.arange(-20, round(200 * strides * STRIDE_S)) / 200.0
    moved = motion(body, run, time_s, spread=0.01, rng=draw)
    events = steps.events(run)
    return Runner(body, moved, events[events["time_s"].between(0.0, time_s[-1])].reset_index(drop=True))


def points(made: Runner) -> dict[str, FloatArray]:
    """Places (time, 3) of all keypoints in m, lab."""
    body = made.body
    place, turn = poses(body, made.moved.angles, made.moved.root)
    found: dict[str, FloatArray] = {}
    for side in "lr":
        for name, site in SIDED.items():
            found[f"{name}_{side}"] = landmarks(body, place, turn, [f"{site}_{side}"])[:, 0]
    found["neck"] = (found["shoulder_l"] + found["shoulder_r"]) / 2
    return found


def filmed(
    made: Runner,
    *,
    view: str = "side-left",
    rate_hz: float = 30.0,
    noise_px: float = 0.0,
    seed: int = 1,
    stated: bool = True,
) -> xr.DataArray:
    """Keypoints of a camera square to the way of running, dims (time, keypoint, axis), picture heights."""
    places = points(made)
    time_s = np.arange(0.0, made.moved.time_s[-1], 1 / rate_hz)
    across = {
        "side-right": np.array([1.0, 0.0, 0.0]),
        "side-left": np.array([-1.0, 0.0, 0.0]),
        "back": np.array([0.0, 0.0, 1.0]),
        "front": np.array([0.0, 0.0, -1.0]),
    }[view]
    values = np.empty((time_s.size, len(places), 2))
    for i, place in enumerate(places.values()):
        picture = np.stack([place @ across * PER_METRE + 0.3, place[:, 1] * PER_METRE + 0.1], axis=1)
        for axis in range(2):
            values[:, i, axis] = np.interp(time_s, made.moved.time_s, picture[:, axis])
    values += noise_px / HEIGHT_PX * np.random.default_rng(seed).standard_normal(values.shape)
    coords = {"time": time_s, "keypoint": list(places), "axis": ["x", "y"]}
    confidence = (("time", "keypoint"), np.ones(values.shape[:2]))
    array = labelled(values, dims=("time", "keypoint", "axis"), units="1", coords=coords | {"confidence": confidence})
    return array.assign_attrs(view=view if stated else "")
