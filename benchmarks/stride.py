"""Our side of the comparison: the same walking stride, through the same public functions as any take."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import xarray as xr

from restride import body
from restride.readers import read

START_S: Final = 0.5  # as in opensim_peer.py: one stride, 114 frames at 100 Hz
END_S: Final = 1.63
FRAME_STEP: Final = 10  # coordinates.sto has 1000 rows per second
TAKE: Final = Path(__file__).resolve().parent.parent / "examples" / "walk-emg-mocap-grf" / "take.yaml"


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """The signals of the stride, as read, and the body; what both engines have loaded before the clock starts."""

    body: body.Body
    angles: xr.DataArray
    root: xr.DataArray
    grf: xr.DataArray
    cop: xr.DataArray
    free_moment: xr.DataArray
    markers: xr.DataArray
    placed: pd.DataFrame

    @property
    def tracked(self) -> tuple[str, ...]:
        """The markers that both engines follow."""
        return tuple(self.placed["marker"])

    @property
    def frames(self) -> int:
        """Frames of the stride."""
        return int(self.angles.sizes["time"])


def load(data: Path) -> Walk:
    """Read the walk and make its body.

    Parameters
    ----------
    data : Path
        The folder ``walk-emg-mocap-grf``.
    """
    recording = read([data / "coordinates.sto", data / "grf_walk.mot", data / "markers_walk.trc"], take=TAKE)
    own = body.scaled(recording)
    markers = stride(recording["markers"])
    return Walk(
        body=own,
        angles=stride(recording["angles"].isel(time=slice(None, None, FRAME_STEP))),
        root=stride(recording["root"].isel(time=slice(None, None, FRAME_STEP))),
        grf=recording["grf"],
        cop=recording["cop"],
        free_moment=recording["free_moment"],
        markers=markers,
        placed=body.track(own, markers).markers,
    )


def stride(signal: xr.DataArray) -> xr.DataArray:
    """The samples of the stride, both ends included."""
    half = 0.5e-3  # times in the files are rounded
    return signal.sel(time=slice(START_S - half, END_S + half))


def required(walk: Walk) -> object:
    """Joint moments, then required activation of 80 muscles, from the signals as read."""
    dynamics = body.moments(walk.body, walk.angles, walk.root, grf=walk.grf, cop=walk.cop, free_moment=walk.free_moment)
    return body.required(walk.body, walk.angles, walk.root, dynamics.moments)


def kinematics(walk: Walk) -> object:
    """Joint angles from the markers, whose places on the segments are known, as in OpenSim's scaled model."""
    return body.track(walk.body, walk.markers, placed=walk.placed)


def kinematics_and_placing(walk: Walk) -> object:
    """Joint angles from the markers, whose places are found from the movement first."""
    return body.track(walk.body, walk.markers)
