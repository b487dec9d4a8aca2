"""From an analysis to the origin of its differences: which situations there are, and why there may be none."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.body import Body, Task
from restride.errors import SchemaError
from restride.findings.origin import Origin, origin, situation
from restride.findings.sides import LEVEL_FLOOR_DEG
from restride.pipeline.plan import Plan
from restride.signals.schema import FloatArray

# joints whose onset is put in order, in words; turning about the long axis is what skin markers show worst
JOINTS: Final[Mapping[str, str]] = {
    "hip_flexion": "hip angle",
    "hip_adduction": "hip adduction",
    "knee_angle": "knee angle",
    "ankle_angle": "ankle angle",
}


def origin_of_legs(
    curves: Mapping[str, xr.DataArray], table: pd.DataFrame, *, body: Body | None, task: Task | None, plan: Plan
) -> tuple[Origin | None, str]:
    """Left against right of one recording, or None and why not.

    Parameters
    ----------
    curves : mapping of kind to DataArray
        As ``Analysis.curves``.
    table : DataFrame
        Strides.
    body : Body or None
    task : Task or None
        Of moments that were measured; None otherwise.
    plan : Plan

    Returns
    -------
    Origin or None
    str
        The reason for None, a clause; empty with an Origin, and where there is no EMG to speak of.
    """
    if "emg" not in curves:
        return None, ""
    if body is None or task is None:
        return None, "what the movement required needs markers and force plates"
    emg = curves["emg"]
    legs = [
        situation(side, emg=emg, task=task, muscles=body.muscles, cycles=table, delay_s=plan.delay_s)
        for side in ("left", "right")
        if (table["kept"] & (table["side"] == side)).any()
    ]
    if len(legs) < 2:
        return None, "strides of one leg only were recorded"
    rng = np.random.default_rng(plan.seed)
    try:
        return origin(*legs, envelope_hz=plan.envelope_hz, rng=rng, joints=_joints(curves)), ""
    except SchemaError as error:
        return None, str(error)


def _joints(curves: Mapping[str, xr.DataArray]) -> dict[str, tuple[FloatArray, FloatArray, float]]:
    """Angles of both legs by joint, whole strides only, with what their level may differ by."""
    if "angles" not in curves:
        return {}
    angles = curves["angles"].transpose("cycle", "phase", "coordinate")
    here = [c for c in JOINTS if c in angles["coordinate"].values]
    found = {}
    for coordinate in here:
        values = angles.sel(coordinate=coordinate).values
        whole = ~np.isnan(values).any(axis=1)
        left, right = (values[whole & (angles["side"].values == side)] for side in ("left", "right"))
        found[JOINTS[coordinate]] = left, right, float(np.deg2rad(LEVEL_FLOOR_DEG))
    return found
