"""Markers of the synthetic runner: where they sit, where they are."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import xarray as xr

from restride.body.model import Body
from restride.body.pose import as_labelled
from restride.signals.schema import SPACE, FloatArray, labelled
from restride.twin.segments import landmarks, poses

# points of the body that carry a marker on each side; labels RASI, LTH1, ... (the set of Rajagopal et al. 2016)
POINTS: Final = (
    *("ASI", "PSI", "TH1", "TH2", "TH3", "LFC", "MFC"),
    *("TB1", "TB2", "TB3", "LMAL", "MMAL", "CAL", "TOE", "MT5"),
)
# how far a marker sits from where the body's drawing has it, SD along each axis
PLACING_M: Final = 0.005


def placed(*, rng: np.random.Generator) -> Mapping[str, FloatArray]:
    """Offsets of the markers from the body's own points, in axes of the segment, m; both sides."""
    return {f"{side}{label}": PLACING_M * rng.standard_normal(3) for side in "RL" for label in POINTS}


def tracked(
    body: Body,
    angles: xr.DataArray,
    root: xr.DataArray,
    offsets: Mapping[str, FloatArray],
    *,
    noise_m: float,
    rng: np.random.Generator,
) -> xr.DataArray:
    """Marker positions, dims (time, marker, space), m, lab, with white noise on each axis."""
    place, turn = poses(body, angles, root)
    points = [f"{point}_{side.lower()}" for side in "RL" for point in POINTS]
    values = landmarks(body, place, turn, points, offsets=np.stack(list(offsets.values())))
    values += noise_m * rng.standard_normal(values.shape)
    coords = {"time": angles["time"].values, "marker": list(offsets), "space": list(SPACE)}
    return labelled(values, dims=("time", "marker", "space"), units="m", coords=coords, frame="lab", name="markers")


def standing(body: Body, time_s: FloatArray) -> tuple[xr.DataArray, xr.DataArray]:
    """Angles and root of quiet standing with all angles 0, soles on the floor."""
    angles, root = as_labelled(body, np.zeros((time_s.size, len(body.coordinates))), np.zeros((time_s.size, 3)), time_s)
    place, turn = poses(body, angles, root)
    sole = landmarks(body, place, turn, ["foot_touch_r", "foot_touch_l"])[..., 1].min()
    return angles, root - xr.DataArray([0.0, sole, 0.0], dims="space")
