"""Time to phase: each stride on 101 points, 0 to 100 % from contact to contact."""

from collections.abc import Hashable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from restride.cycles.segment import kept
from restride.errors import CycleError, SchemaError
from restride.signals.recording import Side
from restride.signals.schema import SIDES, FloatArray, labelled
from restride.signals.vocabulary import SUFFIX

POINTS: Final = 101

# a step of time this much longer than the usual one means that samples are missing
HOLE_IN_STEPS: Final = 1.5

# a phase this close to a sample, in steps, is that sample: its neighbour may be missing. Rounding
# of times of some hundred seconds stays far below, and the value moves by less than 1e-6 of a step
ON_SAMPLE: Final = 1e-6

# coordinates of pelvis and trunk as a left stride reads them. List, bending and rotation change
# sign, so that for either leg a positive list is that leg's side down and a positive rotation
# that leg's side forward; tilt and extension are the same seen from both sides
MIRRORED: Final[Mapping[str, float]] = {
    "pelvis_tilt": 1.0,
    "pelvis_list": -1.0,
    "pelvis_rotation": -1.0,
    "lumbar_extension": 1.0,
    "lumbar_bending": -1.0,
    "lumbar_rotation": -1.0,
}

# signs of (x, y, z) for a left stride seen in the mirror of the sagittal plane, by unit: a force
# turns its sideways part, a moment the other two; positions stay where they are in the lab
_MIRROR: Final[Mapping[str, tuple[float, float, float]]] = {
    "N": (1.0, 1.0, -1.0),
    "N m": (-1.0, -1.0, 1.0),
}


def normalise(signal: xr.DataArray, cycles: pd.DataFrame) -> xr.DataArray:
    """Each kept stride of any signal on 101 points from 0 to 100 %.

    Parameters
    ----------
    signal : DataArray, dims (time, ...)
    cycles : DataFrame as from ``segment``

    Returns
    -------
    DataArray, dims (cycle, phase, ...), unit and frame of ``signal``
        ``cycle`` holds the numbers of the kept rows and carries ``side``; ``phase`` is
        0 ... 100. NaN where the signal was not measured: a gap is neither bridged nor
        widened beyond the two samples at its edges, and nothing is extrapolated.

    Raises
    ------
    SchemaError
        If ``signal`` has no time.
    CycleError
        If no stride is kept.

    Notes
    -----
    Linear between samples, as is usual: filter first if the signal holds more than half
    the 100 points per stride can carry.
    """
    time_s, values = _over_time(signal)
    chosen = _some(cycles)
    return _curves(signal, _at_phases(time_s, values, chosen), chosen)


def by_leg(signal: xr.DataArray, cycles: pd.DataFrame) -> xr.DataArray:
    """Each kept stride read from its own leg, so that left and right mean the same.

    Parameters
    ----------
    signal : DataArray, dims (time, what) or (time, side, space)
        ``what`` (channel, coordinate, muscle, ...) names each column ``<name>_l`` or
        ``<name>_r``.
    cycles : DataFrame as from ``segment``

    Returns
    -------
    DataArray, dims (cycle, phase, what) or (cycle, phase, space), unit of ``signal``
        Suffix dropped; NaN for a name that the stride's own leg does not have. Columns
        without a side are left out, but for those of pelvis and trunk in ``MIRRORED``:
        list, bending and rotation change sign in left strides, so that a positive list is
        this leg's side down and a positive rotation this leg's side forward. In the same
        way left force and free moment are mirrored (frame "leg": z away from the body's
        middle); positions stay in the lab.

    Raises
    ------
    SchemaError
        If ``signal`` has no time or no column with a side.
    CycleError
        If no stride is kept.
    """
    time_s, values = _over_time(signal)
    chosen = _some(cycles)
    if "side" in signal.dims:
        return _side_by_leg(signal, time_s, values, chosen)
    what = next((str(d) for d in signal.dims if d != "time"), "")
    columns, names, signs = _own_columns(signal, what)
    out = np.empty((len(chosen), POINTS, len(names)))
    for side in SIDES:
        rows = (chosen["side"] == side).to_numpy()
        own = _at_phases(time_s, values, chosen[rows], columns=columns[side])
        own *= signs[side]
        own[..., columns[side] < 0] = np.nan
        out[rows] = own
    coords: dict[Hashable, object] = {what: names}
    if what == "channel":
        coords["site"] = (what, names)
    return labelled(
        out,
        dims=("cycle", "phase", what),
        units=str(signal.attrs.get("units", "")),
        coords=_cycle_coords(chosen) | {str(k): v for k, v in coords.items()},
        name=None if signal.name is None else str(signal.name),
    )


def _own_columns(
    signal: xr.DataArray, what: str
) -> tuple[dict[Side, npt.NDArray[np.intp]], list[str], dict[Side, FloatArray]]:
    """For each side the column of every name (-1: none), the names, and their signs."""
    if signal.ndim != 2 or what not in signal.coords:
        raise SchemaError(f"expected dimensions (time, what) with named columns, found {signal.dims}; label them first")
    labels = [str(v) for v in signal[what].values]
    place = {label: i for i, label in enumerate(labels)}
    suffixes = tuple(SUFFIX.values())
    names = list(
        dict.fromkeys(v[:-2] if v.endswith(suffixes) else v for v in labels if v.endswith(suffixes) or v in MIRRORED)
    )
    if not names:
        raise SchemaError(f"{what}: expected names that end in _l or _r, found {labels[:5]}; sort the columns first")
    columns: dict[Side, npt.NDArray[np.intp]] = {}
    signs: dict[Side, FloatArray] = {}
    for side in SIDES:
        midline = [name in MIRRORED and name in place for name in names]
        columns[side] = np.array(
            [place[n] if mid else place.get(n + SUFFIX[side], -1) for n, mid in zip(names, midline, strict=True)]
        )
        signs[side] = np.array(
            [MIRRORED[n] if mid and side == "left" else 1.0 for n, mid in zip(names, midline, strict=True)]
        )
    return columns, names, signs


def _side_by_leg(signal: xr.DataArray, time_s: FloatArray, values: FloatArray, cycles: pd.DataFrame) -> xr.DataArray:
    rest = [str(d) for d in signal.dims if d not in ("time", "side")]
    columns = np.moveaxis(values, signal.transpose("time", ...).get_axis_num("side"), 1)
    place = {str(side): i for i, side in enumerate(signal["side"].values)}
    out = np.full((len(cycles), POINTS, *columns.shape[2:]), np.nan)
    units = str(signal.attrs.get("units", ""))
    for side in SIDES:
        rows = (cycles["side"] == side).to_numpy()
        if side in place:
            mirror = np.array(_MIRROR[units]) if side == "left" and units in _MIRROR and rest == ["space"] else 1.0
            out[rows] = _at_phases(time_s, np.ascontiguousarray(columns[:, place[side]]), cycles[rows]) * mirror
    frame = "leg" if units in _MIRROR else signal.attrs.get("frame")
    coords = _cycle_coords(cycles) | {d: signal[d].values for d in rest if d in signal.coords}
    name = None if signal.name is None else str(signal.name)
    return labelled(out, dims=("cycle", "phase", *rest), units=units, coords=coords, name=name, frame=frame)


def _over_time(signal: xr.DataArray) -> tuple[FloatArray, FloatArray]:
    """Time, and the values with time first."""
    if "time" not in signal.dims or "time" not in signal.coords:
        raise SchemaError(f"expected a signal along time, found dimensions {signal.dims}")
    values = signal.transpose("time", ...).values
    return signal["time"].values.astype(np.float64, copy=False), values.astype(np.float64, copy=False)


def _some(cycles: pd.DataFrame) -> pd.DataFrame:
    chosen = kept(cycles)
    if chosen.empty:
        reasons = ", ".join(sorted(set(cycles["reason"]) - {""})) or "no events"
        raise CycleError(f"expected at least one whole stride, found none of {len(cycles)} ({reasons}); record longer")
    return chosen


def _at_phases(
    time_s: FloatArray, values: FloatArray, cycles: pd.DataFrame, *, columns: npt.NDArray[np.intp] | None = None
) -> FloatArray:
    """Values at the 101 phases of each stride, shape (cycle, phase, ...), linear between samples.

    Of values (time, column) only some columns, in the order given, if ``columns`` names them.
    """
    start_s = cycles["start_s"].to_numpy(dtype=np.float64)
    end_s = cycles["end_s"].to_numpy(dtype=np.float64)
    shape = (len(cycles), POINTS, *(values.shape[1:] if columns is None else columns.shape))
    if time_s.size < 2 or len(cycles) == 0:
        return np.full(shape, np.nan)
    wanted_s = (start_s[:, None] + (end_s - start_s)[:, None] * np.linspace(0.0, 1.0, POINTS)).ravel()
    below = np.clip(np.searchsorted(time_s, wanted_s, side="right") - 1, 0, time_s.size - 2)
    step_s = time_s[below + 1] - time_s[below]
    share = (wanted_s - time_s[below]) / step_s
    share = np.where(np.abs(share) < ON_SAMPLE, 0.0, np.where(np.abs(share - 1) < ON_SAMPLE, 1.0, share))
    hole = step_s > HOLE_IN_STEPS * np.median(step_s)
    outside = (share < 0) | (share > 1) | (hole & (share > 0) & (share < 1))
    flat = values.reshape(time_s.size, -1)
    # a phase that falls on a sample takes that sample alone, whatever stands beside it
    low = _rows(flat, below + (share == 1.0), columns)
    out = _rows(flat, below + (share > 0.0), columns)
    out -= low
    out *= share[:, None]
    out += low
    out[outside] = np.nan
    return out.reshape(shape)


def _rows(flat: FloatArray, wanted: npt.NDArray[np.intp], columns: npt.NDArray[np.intp] | None) -> FloatArray:
    """Rows of (time, column) by number, and some columns of them; a copy."""
    if flat.flags.c_contiguous:
        rows = flat.take(wanted, axis=0)
        return rows if columns is None else rows.take(columns, axis=1)
    # filtered signals lie column by column
    turned = (flat if columns is None else flat[:, columns]).T
    return np.ascontiguousarray(turned.take(wanted, axis=1).T)


def _cycle_coords(cycles: pd.DataFrame) -> dict[str, object]:
    return {
        "cycle": cycles.index.to_numpy(),
        "side": ("cycle", cycles["side"].to_numpy(dtype=str)),
        "phase": np.linspace(0.0, 100.0, POINTS),
    }


def _curves(signal: xr.DataArray, values: FloatArray, cycles: pd.DataFrame) -> xr.DataArray:
    rest = [d for d in signal.dims if d != "time"]
    kept_coords = {str(k): v for k, v in signal.coords.items() if set(v.dims) <= set(rest) and k != "side"}
    # (time, side, ...): the side of the force stays a dimension, the side of the stride cannot share its name
    coords = _cycle_coords(cycles)
    if "side" in rest:
        coords["cycle_side"] = coords.pop("side")
        kept_coords["side"] = signal["side"]
    return labelled(
        values,
        dims=("cycle", "phase", *(str(d) for d in rest)),
        units=str(signal.attrs.get("units", "")),
        coords=coords | kept_coords,
        name=None if signal.name is None else str(signal.name),
        frame=signal.attrs.get("frame"),
    )
