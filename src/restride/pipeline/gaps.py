"""What a take cannot say, in words: the list that stands beside the top sentence."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.pipeline.movement import Moved
from restride.pipeline.muscles import Measured
from restride.signals.recording import Recording, Side
from restride.signals.schema import SIDES
from restride.signals.vocabulary import plain

# a stride counts as measured by force from here on: filters take a few percent at the edges of a plate
COVERED: Final = 0.9


def not_measured(recording: Recording, table: pd.DataFrame, muscles: Measured, body: Moved) -> list[str]:
    """One line for each thing that is missing; empty only if everything was measured."""
    lines = _emg(recording, muscles)
    lines += [f"no complete {side} stride" for side in SIDES if not (table["kept"] & (table["side"] == side)).any()]
    return lines + _forces(body)


def _emg(recording: Recording, muscles: Measured) -> list[str]:
    if "emg" not in recording:
        return ["EMG: none was recorded, so what the muscles did is unknown"]
    lines = []
    sites: dict[str, list[str]] = {side: [] for side in SIDES}
    if muscles.curves is not None:
        sites = {side: _measured_sites(muscles.curves, side) for side in SIDES}
    for side, other in (("left", "right"), ("right", "left")):
        if not sites[side]:
            lines.append(f"EMG of the {side} leg: no usable, sorted channel")
        elif missing := sorted(set(sites[other]) - set(sites[side])):
            lines.append(f"EMG of the {side} {', '.join(map(plain, missing))}: measured on the {other} leg only")
    unusable = muscles.quality[~muscles.quality["usable"].astype(bool)]
    lines += [f"channel {row.channel}: not usable, {row.reason}" for row in unusable.itertuples()]
    return lines


def _measured_sites(curves: xr.DataArray, side: Side) -> list[str]:
    own = curves.values[curves["side"].values == side]
    if own.size == 0:
        return []
    present = np.isfinite(own).any(axis=(0, 1))
    return [str(s) for s, there in zip(curves["site"].values, present, strict=True) if there]


def _forces(body: Moved) -> list[str]:
    if "moments" not in body.curves:
        found_out = "no joint moments could be found (see the doubts)"
        why = found_out if body.doubts else "that takes markers or joint angles"
        return [f"what the movement required: {why}"]
    if body.method["force"].startswith("derived"):
        return ["ground force: derived from the motion of the body"]
    moments = body.curves["moments"]
    share = np.isfinite(moments.sel(coordinate="ankle_angle").transpose("cycle", "phase").values).mean(axis=1)
    whole = share >= COVERED
    lines = []
    for side in SIDES:
        rows = moments["side"].values == side
        if rows.any() and not whole[rows].all():
            lines.append(f"ground force of {int((~whole[rows]).sum())} of {int(rows.sum())} {side} strides")
    return lines
