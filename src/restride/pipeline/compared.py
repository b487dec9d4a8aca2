"""Left against right: every curve, and every row that the data bear."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
import xarray as xr

from restride import cycles, findings
from restride.findings import legs, patterns
from restride.signals.recording import Recording
from restride.signals.vocabulary import SUFFIX

STRIDE_COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "contact_time_s": ("contact time", "s"),
    "flight_time_s": ("flight time", "s"),
    "swing_time_s": ("swing time", "s"),
    "step_time_s": ("step time", "s"),
}
# moments that motion and plates determine; subtalar and toe moments hang on millimetres of the centre of pressure
DETERMINED: Final = ("hip_flexion", "hip_adduction", "hip_rotation", "knee_angle", "ankle_angle")
# signals of foot sensors that are drawn through the stride
FEET: Final = ("foot_pitch", "foot_lift")
# kinds that are not compared as curves
NOT_COMPARED: Final = ("required", "active", *patterns.KINDS)


def of_feet(recording: Recording, table: pd.DataFrame) -> dict[str, xr.DataArray]:
    """What foot sensors show of each foot, cut into that foot's strides; empty without any."""
    found: dict[str, xr.DataArray] = {}
    for kind in FEET:
        if kind in recording and table["kept"].any():
            moved = recording[kind]
            names = [f"{kind}{SUFFIX[side]}" for side in moved["side"].values]
            found[kind] = cycles.by_leg(moved.rename(side="foot").assign_coords(foot=names), table)
    return found


def differences(curves: Mapping[str, xr.DataArray]) -> dict[str, xr.Dataset]:
    """Left minus right of every kind, with the method's own floor where it has one."""
    found = {kind: findings.differences(curve) for kind, curve in curves.items() if kind not in NOT_COMPARED}
    for kind, quantity in _quantities(curves).items():
        if kind in found:
            found[kind] = found[kind].assign(floor=findings.floor(curves[kind], quantity=quantity))
    return found


def _quantities(curves: Mapping[str, xr.DataArray]) -> dict[str, findings.Quantity]:
    """Kind of curve to how it is spoken of."""
    moments = findings.moment(curves["grf"]) if "grf" in curves else findings.MOMENT
    return {"emg": findings.ACTIVITY, "angles": findings.ANGLE, "moments": moments}


def on_one_axis(curves: Mapping[str, xr.DataArray]) -> dict[str, xr.DataArray]:
    """Required activation of the measured sites, brought to the EMG's axis."""
    if "required_sites" not in curves:
        return {}
    scaled, _ = findings.matched(curves["required_sites"], curves["emg"])
    beyond = findings.unexplained(curves["emg"], scaled)
    return {"required_sites": scaled, "unexplained": beyond, **patterns.opposing(curves)}


def rows_of(
    curves: Mapping[str, xr.DataArray],
    recording: Recording,
    table: pd.DataFrame,
    spatiotemporal: pd.DataFrame,
    *,
    with_moments: bool,
) -> list[findings.Finding]:
    """All rows that the data bear.

    Moments only from measured force, because derived force tells them too loosely to compare legs; times only
    where contacts were measured, because strides from EMG alone are laid out by the usual order of the muscles.
    """
    chosen = findings.windows(table)
    timed = bool(table.loc[table["kept"], "toe_off_s"].notna().any())
    rows: list[findings.Finding] = []
    if "emg" in curves:
        emg = curves["emg"]
        rows += findings.sides(emg, chosen, quantity=findings.ACTIVITY)
        rows += findings.sides(findings.cocontraction(emg), chosen, quantity=findings.ACTIVITY)
        rows += patterns.timing_rows(curves) if timed else []
        if "required_sites" in curves:
            rows += findings.against_required(emg, curves["required_sites"], chosen)
    if "angles" in curves:
        rows += findings.sides(curves["angles"], chosen, quantity=findings.ANGLE)
    if with_moments and "moments" in curves:
        determined = curves["moments"].sel(coordinate=list(DETERMINED))
        rows += findings.sides(determined, chosen, quantity=_quantities(curves)["moments"])
    rows += patterns.pattern_rows(curves, table, chosen, timed=timed, with_moments=with_moments)
    rows += legs.sides(legs.measures(recording, table))
    return rows + (findings.strides(spatiotemporal, columns=STRIDE_COLUMNS) if timed else [])
