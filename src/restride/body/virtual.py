"""Markers on a body that is posed by its angles: where its landmarks are, without any camera."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import xarray as xr

from restride.body.anatomy import PLACES, place_of
from restride.body.kinematics import forward
from restride.body.model import WORLD_FROM_LAB, Body
from restride.body.pose import pelvis_rotation, plain_arrays
from restride.signals.schema import SPACE, labelled

# label -> landmark: what finds contacts, the way the person faces, walking or running
VIRTUAL: Final[Mapping[str, tuple[str, str]]] = {
    f"{letter}{label}": (name, suffix)
    for letter, suffix in (("L", "_l"), ("R", "_r"))
    for label, name in (("ASI", "asis"), ("PSI", "psis"), ("HEE", "heel"), ("MT2", "toe"))
}


def virtual_markers(body: Body, angles: xr.DataArray, root: xr.DataArray) -> xr.DataArray:
    """Where pelvis, heels and toes of a posed body are, as markers.

    Parameters
    ----------
    body : Body
    angles : DataArray, dims (time, coordinate), units "rad"
        As ``positions`` takes them; NaN where not measured.
    root : DataArray, dims (time, space), units "m", frame lab

    Returns
    -------
    DataArray, dims (time, marker, space), units "m", lab
        Labels ``LASI, LPSI, LHEE, LMT2`` and the same with R; NaN in frames with a NaN input.

    Raises
    ------
    SchemaError
        As ``positions``.
    """
    q, place = plain_arrays(body, angles, root)
    turned = WORLD_FROM_LAB @ pelvis_rotation(q[:, :3]) @ WORLD_FROM_LAB.T
    frames = forward(body, place @ WORLD_FROM_LAB.T, turned, q[:, 3:])
    values = np.empty((q.shape[0], len(VIRTUAL), 3))
    for i, (name, suffix) in enumerate(VIRTUAL.values()):
        segment = PLACES[name][0]
        number = body.segment(segment if segment == "pelvis" else segment + suffix)
        values[:, i] = frames.place[:, number] + frames.rotation[:, number] @ place_of(body, name, suffix)
    return labelled(
        values @ WORLD_FROM_LAB,
        dims=("time", "marker", "space"),
        units="m",
        frame="lab",
        coords={"time": angles["time"].values, "marker": list(VIRTUAL), "space": list(SPACE)},
        name="markers",
    )
