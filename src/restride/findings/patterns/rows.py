"""How the muscles are used: the curves that takes, and its rows left against right."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd
import xarray as xr

from restride import body
from restride.findings.finding import Finding
from restride.findings.patterns.bursts import burst_rows, duty_rows
from restride.findings.patterns.knee_hip import knee_share_rows
from restride.findings.patterns.moments import driven, held_rows
from restride.findings.patterns.onsets import disagreements, onsets, without_strength
from restride.findings.patterns.tonic import tonic_rows
from restride.findings.required import matched
from restride.findings.statistics import Window
from restride.findings.timing import timing

# what is made for the rows here and not compared as curves
KINDS: Final = ("capacity", "opposed", "opposed_required")


def opposing(curves: Mapping[str, xr.DataArray]) -> dict[str, xr.DataArray]:
    """Moments of opposing muscles at hip, knee and ankle, by EMG and by least effort; empty where not known.

    Parameters
    ----------
    curves : mapping of kind to DataArray, dims (cycle, phase, name)
        With "emg", "required", "capacity", and "required_sites" not yet on the EMG's axis.
    """
    if not {"emg", "required", "required_sites", "capacity"} <= set(curves):
        return {}
    _, gain = matched(curves["required_sites"], curves["emg"])
    active = driven(curves["emg"], gain)
    asked = curves["required"].sel(muscle=active["muscle"].values)
    return {
        "opposed": body.opposed(active, curves["capacity"]),
        "opposed_required": body.opposed(asked, curves["capacity"]),
    }


def timing_rows(curves: Mapping[str, xr.DataArray]) -> list[Finding]:
    """When muscles fire, by the whole shape and by onset and offset; without strength where the two disagree.

    Parameters
    ----------
    curves : mapping of kind to DataArray, dims (cycle, phase, name)
        With "emg", and "active" unless the EMG was recorded as envelopes.
    """
    shapes = timing(curves["emg"])
    borders = onsets(curves["active"]) if "active" in curves else []
    return without_strength([*shapes, *borders], disagreements(shapes, borders))


def pattern_rows(
    curves: Mapping[str, xr.DataArray],
    table: pd.DataFrame,
    windows: Sequence[Window],
    *,
    timed: bool,
    with_moments: bool,
) -> list[Finding]:
    """Rows about how muscles and joints are used.

    Parameters
    ----------
    curves : mapping of kind to DataArray, dims (cycle, phase, name)
    table : DataFrame
        Strides as from ``cycles.segment``.
    windows : sequence of Window
    timed : bool
        Whether contacts were measured; otherwise nothing is said of where in the stride a muscle works.
    with_moments : bool
        Whether the force was measured.
    """
    rows: list[Finding] = []
    if "emg" in curves:
        rows += tonic_rows(curves["emg"])
    if "active" in curves:
        rows += duty_rows(curves["active"])
    if "active" in curves and timed:
        rows += burst_rows(curves["active"], curves["emg"], windows, required=curves.get("required_sites"))
    if with_moments and "opposed" in curves:
        rows += held_rows(curves["opposed"], curves["opposed_required"], windows)
    if with_moments and timed and {"moments", "angles"} <= set(curves):
        rows += knee_share_rows(curves["moments"], curves["angles"], table)
    return rows
