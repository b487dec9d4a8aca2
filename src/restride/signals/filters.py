"""Zero-phase filters and derivatives along time that never let a gap leak.

All are Butterworth filters in second-order sections, run forward and backward, so
the effective order is twice the one given and the phase is zero.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Literal

import numpy as np
import xarray as xr

from restride.errors import GapError, UnitsError
from restride.signals.schema import FloatArray, labelled, sampling_rate_hz

# above this many values threads pay for themselves, each with one column at a time
LARGE_SIZE: Final = 1_000_000
ROWS: Final = 1024
THREADS: Final = 4

# done to the rows (n, time) before they are filtered; NaN may be among them
Prepare = Callable[[FloatArray], FloatArray]
Gaps = Literal["raise", "split"]
Band = Literal["lowpass", "highpass", "bandpass"]

# a marker that is hidden for longer is not bridged: a tenth of a second is a fifth of a swing
LONGEST_GAP_S: Final = 0.1


def low_pass(
    array: xr.DataArray, *, cutoff_hz: float, order: int = 2, gaps: Gaps = "raise", rectified: bool = False
) -> xr.DataArray:
    """The array without what is faster than ``cutoff_hz``; unit and labels kept.

    Parameters
    ----------
    array : DataArray with a ``time`` dimension, evenly sampled
    cutoff_hz : float
        Of one pass; two passes put -6 dB there.
    order : int
        Of one pass.
    gaps : {"raise", "split"}
        ``"raise"``: GapError on any NaN. ``"split"``: each unbroken run is filtered by
        itself, NaN stays NaN, and runs too short for the filter become NaN.
    rectified : bool
        The absolute value is filtered.

    Raises
    ------
    UnitsError
        If the cut-off does not lie below half the sampling rate.
    GapError
        On NaN with ``gaps="raise"``, or if there are fewer samples than the filter needs.
    """
    return _filtered(array, _sections(array, cutoff_hz, order, "lowpass"), gaps, np.abs if rectified else None)


def band_pass(
    array: xr.DataArray, *, band_hz: Sequence[float], order: int = 4, gaps: Gaps = "raise", centred: bool = False
) -> xr.DataArray:
    """The array between two frequencies; as ``low_pass`` otherwise.

    ``centred`` takes the mean of what was measured out first: it may be many times the signal,
    and would ring at the edges.
    """
    return _filtered(array, _sections(array, list(band_hz), order, "bandpass"), gaps, _centred if centred else None)


def high_pass(array: xr.DataArray, *, cutoff_hz: float, order: int = 2, gaps: Gaps = "raise") -> xr.DataArray:
    """The array without what is slower than ``cutoff_hz``; as ``low_pass`` otherwise."""
    return _filtered(array, _sections(array, cutoff_hz, order, "highpass"), gaps)


def differentiate(array: xr.DataArray, *, units: str) -> xr.DataArray:
    """First derivative along time by central differences, second order at the edges too.

    Parameters
    ----------
    array : DataArray with a ``time`` dimension
    units : str
        Unit of the derivative, stated by the caller.
    """
    axis = array.get_axis_num("time")
    values = np.gradient(array.values, array["time"].values, axis=axis, edge_order=2)
    return labelled(values, dims=[str(d) for d in array.dims], like=array, units=units, frame=array.attrs.get("frame"))


def unbroken_runs(present: np.ndarray) -> Iterator[slice]:
    """Slices of the unbroken runs of True in a one-dimensional mask."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], present, [False])).astype(np.int8)))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        yield slice(int(start), int(end))


def fill_gaps(array: xr.DataArray, *, max_gap_s: float) -> xr.DataArray:
    """The array with gaps of at most ``max_gap_s`` bridged by a cubic (PCHIP) along time.

    Longer gaps and gaps at either end stay NaN. Nothing is extrapolated.
    """
    from scipy.interpolate import PchipInterpolator

    axis = array.get_axis_num("time")
    time_s = array["time"].values
    columns = np.moveaxis(array.values.copy(), axis, 0)
    flat = columns.reshape(time_s.size, -1)
    for j in np.flatnonzero(np.isnan(flat).any(axis=0)):
        present = ~np.isnan(flat[:, j])
        if present.sum() < 2:
            continue
        curve = PchipInterpolator(time_s[present], flat[present, j], extrapolate=False)
        for gap in unbroken_runs(~present):
            inside = gap.start > 0 and gap.stop < time_s.size
            if inside and time_s[gap.stop] - time_s[gap.start - 1] <= max_gap_s + 1e-9:
                flat[gap, j] = curve(time_s[gap])
    values = np.moveaxis(flat.reshape(columns.shape), 0, axis)
    return array.copy(data=values)


def _sections(array: xr.DataArray, cutoff: float | list[float], order: int, kind: Band) -> FloatArray:
    rate_hz = sampling_rate_hz(array)
    highest = float(np.max(cutoff))
    # times in float64 give the rate to some parts in 1e10
    if float(np.min(cutoff)) <= 0 or highest >= rate_hz / 2 * (1 - 1e-6):
        raise UnitsError(
            f"expected a filter between 0 and half the sampling rate ({rate_hz / 2:g} Hz), found {cutoff} Hz; "
            "choose a lower cut-off or record faster"
        )
    from scipy import signal  # half a second, which only filtering needs

    sections: FloatArray = signal.butter(order, cutoff, btype=kind, fs=rate_hz, output="sos")
    return sections


def _filtered(array: xr.DataArray, sections: FloatArray, gaps: Gaps, prepare: Prepare | None = None) -> xr.DataArray:
    axis = array.get_axis_num("time")
    values = np.moveaxis(np.asarray(array.values, dtype=np.float64), axis, 0)
    flat = values.reshape(values.shape[0], -1)
    # sosfiltfilt pads with 3 * (2 * sections + 1) samples on either side
    shortest = 3 * (2 * sections.shape[0] + 1) + 1
    enough = flat.shape[0] >= shortest
    out = _both_ways(sections, flat, prepare) if enough else np.full_like(flat, np.nan)
    # one missing sample spoils its whole column, so that the first row tells
    broken = np.flatnonzero(np.isnan(out[:1]).any(axis=0))
    if gaps == "raise" and not enough:
        raise GapError(f"expected at least {shortest} samples for this filter, found {flat.shape[0]}; record longer")
    if gaps == "raise" and broken.size:
        raise GapError(
            f"expected no missing samples, found {int(np.isnan(flat[:, broken]).sum())}; "
            "fill them explicitly or filter with gaps='split'"
        )
    if broken.size:
        from scipy import signal
    for j in broken:
        column = flat[:, j] if prepare is None else prepare(flat[:, j][None])[0]
        for run in unbroken_runs(~np.isnan(column)):
            if run.stop - run.start >= shortest:
                out[run, j] = signal.sosfiltfilt(sections, column[run])
    return array.copy(data=np.moveaxis(out.reshape(values.shape), 0, axis))


def _both_ways(sections: FloatArray, flat: FloatArray, prepare: Prepare | None) -> FloatArray:
    """Columns (time, n) filtered forward and backward; of long ones some side by side."""
    from scipy import signal

    if flat.size < LARGE_SIZE or flat.shape[1] < 2:
        prepared = flat if prepare is None else prepare(flat.T).T
        short: FloatArray = signal.sosfiltfilt(sections, prepared, axis=0)
        return short
    rows = _column_by_column(flat)
    out = rows if rows.base is None else np.empty(rows.shape)

    def filtered(j: int) -> None:
        row = rows[j : j + 1]
        out[j] = signal.sosfiltfilt(sections, row if prepare is None else prepare(row), axis=-1)[0]

    # the filter lets go of the interpreter's lock
    with ThreadPoolExecutor(min(THREADS, os.cpu_count() or 1)) as pool:
        list(pool.map(filtered, range(len(rows))))
    return out.T


def _column_by_column(flat: FloatArray) -> FloatArray:
    """The columns as rows (n, time) that lie in one piece, as those that come out of a filter do."""
    if flat.T.flags.c_contiguous:
        return flat.T
    rows = np.empty(flat.T.shape)
    # piece by piece, so that no number is fetched twice
    for first in range(0, len(flat), ROWS):
        rows[:, first : first + ROWS] = flat[first : first + ROWS].T
    return rows


def _centred(rows: FloatArray) -> FloatArray:
    """The rows without the mean of what was measured; nothing is taken from a row without any."""
    mean: FloatArray = rows.mean(axis=1, keepdims=True)
    broken = np.isnan(mean[:, 0])
    if broken.any():
        present = ~np.isnan(rows[broken])
        total = np.nan_to_num(rows[broken]).sum(axis=1, keepdims=True)
        mean[broken] = total / np.maximum(present.sum(axis=1, keepdims=True), 1)
    return rows - mean
