"""What a force plate or belt reads while nobody stands on it, and how to take that out."""

from typing import Final

import numpy as np
import xarray as xr

from restride.cycles.force_events import LEAST_PEAK_N
from restride.errors import CycleError
from restride.signals.filters import unbroken_runs
from restride.signals.schema import SPACE, FloatArray, require, sampling_rate_hz

# an unloaded plate that reads more was not zeroed, and correcting it would hide a fault
LARGEST_OFFSET_N: Final = 60.0

# the plate still rings or the foot already touches this close to a contact
AROUND_CONTACT_S: Final = 0.02

# two or three steps of any runner; the lowest tenth of them is flight, which lasts a fifth of a step or more
ROUGH_S: Final = 1.0
ROUGH_SHARE: Final = 0.1

# above the drift by so much somebody stands on it: the belt's own noise reaches 30 N around its mean
ABOVE_DRIFT_N: Final = 50.0

# shorter phases leave nothing between their ringing borders
SHORTEST_FLIGHT_S: Final = 0.06

# a zero that lies this far from those of the flights beside it is none: somebody touched the belt, or a dip in stance
STRAY_N: Final = 20.0
NEIGHBOURS: Final = 5

# a drift is a part of the weight; a force that never comes down to half of its mean is that of a walker
MOST_OF_MEAN: Final = 0.5


def zeroed(plate_grf: xr.DataArray, *, like: xr.DataArray | None = None) -> xr.DataArray:
    """Plate forces, or what was measured beside them, less what they read while unloaded.

    Parameters
    ----------
    plate_grf : DataArray, dims (time, plate, space), units "N"
        Tells when each plate is unloaded.
    like : DataArray, dims (time, plate, space), optional
        What to zero at those times, the plates' moments; the forces themselves if not given.

    Notes
    -----
    Each unloaded phase gives one offset, the median of its inner part; between phases
    the offset runs straight, outside it stays. Plates whose vertical offset exceeds
    ``LARGEST_OFFSET_N`` are left alone, because such a plate is faulty.
    """
    time_s = plate_grf["time"].values
    margin = round(AROUND_CONTACT_S * sampling_rate_hz(plate_grf))
    source = plate_grf if like is None else like
    values = source.values.copy()
    for plate in range(values.shape[1]):
        vertical = plate_grf.values[:, plate, SPACE.index("y")]
        with np.errstate(invalid="ignore"):
            quiet = [r for r in unbroken_runs(vertical < LEAST_PEAK_N) if r.stop - r.start > 3 * margin]
        inner = [slice(r.start + margin, r.stop - margin) for r in quiet]
        if not inner or max(abs(float(np.median(vertical[r]))) for r in inner) > LARGEST_OFFSET_N:
            continue
        centre_s = np.array([time_s[r].mean() for r in inner])
        offsets = np.array([np.median(values[r, plate], axis=0) for r in inner])
        for axis in range(len(SPACE)):
            values[:, plate, axis] -= np.interp(time_s, centre_s, offsets[:, axis])
    return source.copy(data=values)


def undrifted(force: xr.DataArray) -> xr.DataArray:
    """A runner's vertical force without the slow drift of its zero.

    Parameters
    ----------
    force : DataArray, dims (time,), units "N"
        Up positive, of whichever foot is on the plate; NaN where not measured.

    Raises
    ------
    CycleError
        If there are fewer than two flights to take the zero from, or the force never comes
        near to it, as that of a walker, who always stands on something.

    Notes
    -----
    Nobody stands on the plate while a runner flies, so the true force is zero then. A rough zero, the
    lowest tenth of each second, shows the flights; the median of the inner part of each
    flight is a zero of its own; those that differ from their neighbours by more than 20 N are no
    flights. Between flights the zero runs straight. Ours; drift of any course and size is
    followed, as long as it is slow against a step.
    """
    force = require(force, dims=("time",), units="N", name="vertical_force")
    time_s, values = force["time"].values, force.values
    # the second pass judges by the zero that the first has found
    rough = _rough_zero(time_s, values)
    for _ in range(2):
        at_s, zeros = _flights(time_s, values - rough, values)
        rough = np.interp(time_s, at_s, zeros)
    if float(np.nanmax(np.abs(zeros))) > MOST_OF_MEAN * float(np.nanmean(np.abs(values))):
        raise CycleError(
            "expected a force that comes down to zero between steps, found one that does not; "
            "a drift can be taken out of running only"
        )
    return force.copy(data=values - rough)


def _rough_zero(time_s: FloatArray, values: FloatArray) -> FloatArray:
    """The lowest tenth of each second, joined by straight lines."""
    blocks = np.floor((time_s - time_s[0]) / ROUGH_S).astype(int)
    # what is left over at the end is no whole second
    blocks = np.minimum(blocks, max(int((time_s[-1] - time_s[0]) / ROUGH_S) - 1, 0))
    centre_s = np.array([time_s[blocks == b].mean() for b in range(blocks[-1] + 1)])
    low = np.array([_low(values[blocks == b]) for b in range(blocks[-1] + 1)])
    known = ~np.isnan(low)
    if not known.any():
        raise CycleError("expected a vertical force, found no measured sample; export the recording again")
    rough: FloatArray = np.interp(time_s, centre_s[known], low[known])
    return rough


def _low(values: FloatArray) -> float:
    seen = values[~np.isnan(values)]
    return float(np.quantile(seen, ROUGH_SHARE)) if seen.size else float("nan")


def _flights(time_s: FloatArray, above: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Middle and zero of each flight, strays left out."""
    margin_s = AROUND_CONTACT_S
    found: list[tuple[float, float]] = []
    with np.errstate(invalid="ignore"):
        quiet = list(unbroken_runs(above < ABOVE_DRIFT_N))
    for run in quiet:
        first, last = time_s[run.start], time_s[run.stop - 1]
        # a phase cut by either end of the recording has only one ringing border
        start_s = first if run.start == 0 else first + margin_s
        stop_s = last if run.stop == time_s.size else last - margin_s
        if last - first >= SHORTEST_FLIGHT_S:
            inner = (time_s >= start_s) & (time_s <= stop_s)
            found.append((float(time_s[inner].mean()), float(np.median(values[inner]))))
    if len(found) < 2:
        raise CycleError(
            f"expected flights between steps to take the zero from, found {len(found)}; "
            "a drift can be taken out of running only"
        )
    at_s, zeros = np.array(found).T
    usual = np.array(
        [np.median(zeros[max(0, k - NEIGHBOURS // 2) : k + NEIGHBOURS // 2 + 1]) for k in range(len(zeros))]
    )
    near = np.abs(zeros - usual) <= STRAY_N
    return at_s[near], zeros[near]
