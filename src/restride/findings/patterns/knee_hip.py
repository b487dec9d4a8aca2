"""Who carries the leg in stance: the knee's extensors or the hip's."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.findings.finding import Finding
from restride.findings.patterns.row import About, pattern
from restride.findings.statistics import Window, difference_estimate
from restride.signals.schema import SIDES, FloatArray, labelled, require

# in stance a centimetre of the centre of pressure moves a tenth of the extensors' moment from one joint to the
# other (some 10 of 100 to 200 N m); ours
FLOOR: Final = 0.10
KINDS: Final = ("impulse", "work")
# newton metre seconds or joules: below this nothing was extended, and a share of it means nothing
LEAST: Final = 1.0

METHOD: Final = "knee extension over knee and hip extension in stance, positive parts of the joint moments"


def knee_share(moments: xr.DataArray, angles: xr.DataArray, cycles: pd.DataFrame) -> xr.DataArray:
    """The knee's share of the extension that knee and hip give in stance, stride by stride.

    Parameters
    ----------
    moments : DataArray, dims (cycle, phase, coordinate), units "N m"
    angles : DataArray, dims (cycle, phase, coordinate), units "rad"
        Of the same strides.
    cycles : DataFrame, columns ``start_s, end_s, toe_off_s``
        As from ``cycles.segment``; strides without a toe-off are NaN.

    Returns
    -------
    DataArray, dims (cycle, kind), units "1"
        ``impulse``: time integral of the extension moment. ``work``: of its positive power. 0.5: both joints give
        as much. NaN where stance was not wholly measured.

    Notes
    -----
    Positive work by joint as in Farris and Sawicki 2012 (J R Soc Interface 9, 110), here of the extensors only.
    """
    moments = require(moments, dims=("cycle", "phase", "coordinate"), units="N m", name="moments")
    angles = require(angles, dims=("cycle", "phase", "coordinate"), units="rad", name="angles").sel(
        cycle=moments["cycle"].values
    )
    table = cycles.loc[moments["cycle"].values]
    lasts_s = (table["end_s"] - table["start_s"]).to_numpy(dtype=np.float64)
    stance = ((table["toe_off_s"] - table["start_s"]) / (table["end_s"] - table["start_s"])).to_numpy(dtype=np.float64)
    phase = np.linspace(0.0, 1.0, moments.sizes["phase"])
    given = [_extended(moments, angles, joint, lasts_s) for joint in ("knee_angle", "hip_flexion")]
    shares = np.full((len(table), len(KINDS)), np.nan)
    for row in np.flatnonzero(np.isfinite(stance)):
        inside = phase <= stance[row]
        knee, hip = (np.trapezoid(kind[:, row, inside], phase[inside] * lasts_s[row]) for kind in given)
        shares[row] = np.where(knee + hip >= LEAST, knee / np.maximum(knee + hip, LEAST), np.nan)
    coords = {"cycle": moments["cycle"], "side": moments["side"], "kind": list(KINDS)}
    return labelled(shares, dims=("cycle", "kind"), units="1", coords=coords, name="knee_share")


def knee_share_rows(moments: xr.DataArray, angles: xr.DataArray, cycles: pd.DataFrame) -> list[Finding]:
    """Left against right: the knee's share of extension in stance.

    Parameters
    ----------
    moments, angles, cycles
        As in ``knee_share``.
    """
    shares = knee_share(moments, angles, cycles)
    rows = []
    for kind in KINDS:
        left, right = (shares.sel(kind=kind).values[shares["side"].values == leg] for leg in SIDES)
        if np.isnan(left).all() or np.isnan(right).all():
            continue
        this, other = float(np.nanmean(left)), float(np.nanmean(right))
        words = "push" if kind == "impulse" else "positive work"
        rows.append(
            pattern(
                About(f"knee's share of extension in stance, {kind}", "knee_angle", window=_stance(cycles)),
                values=(this, other),
                estimate=difference_estimate(left, right),
                floor=FLOOR,
                method=f"{METHOD}; mean over strides, pooled t interval",
                sentence=f"of the {words} of knee and hip extensors in stance the knee gives {100 * this:.0f} % on the "
                f"left and {100 * other:.0f} % on the right",
            )
        )
    return rows


def _extended(moments: xr.DataArray, angles: xr.DataArray, joint: str, lasts_s: FloatArray) -> FloatArray:
    """Extension moment and its positive power, shape (kind, cycle, phase), never negative."""
    moment = moments.sel(coordinate=joint).values
    angle = angles.sel(coordinate=joint).values
    step_s = lasts_s[:, None] / (angle.shape[1] - 1)
    # extension is negative in both joints' coordinates, moment and speed alike
    power = moment * np.gradient(angle, axis=1) / step_s
    extends = moment < 0
    known = np.where(np.isnan(moment), np.nan, 1.0)
    return np.stack([np.maximum(-moment, 0.0), np.where(extends, np.maximum(power, 0.0), 0.0) * known])


def _stance(cycles: pd.DataFrame) -> Window:
    share = (cycles["toe_off_s"] - cycles["start_s"]) / (cycles["end_s"] - cycles["start_s"])
    return Window("stance", 0.0, float(100 * share[cycles["kept"]].median()))
