"""Loads on plates: when a plate is loaded, which foot is over it, and the turns of two feet on one plate."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import xarray as xr

from restride.cycles.drift import AROUND_CONTACT_S
from restride.cycles.feet import middle_of
from restride.cycles.force_events import contacts
from restride.signals.filters import low_pass, unbroken_runs
from restride.signals.recording import Side
from restride.signals.schema import SIDES, FloatArray, sampling_rate_hz

# markers and force agree on a contact within 20 ms; a foot that stands beside the plate for longer
# than this at either end has put part of its load elsewhere
BESIDE_S: Final = 0.05

# events from markers are this uncertain
MARGIN_S: Final = 0.02

# a running belt shakes by some tens of newton after each step, mostly above 50 Hz
STEADY_HZ: Final = 50.0
HIGHEST_OF_NYQUIST: Final = 0.9
PLATE_THRESHOLD_N: Final = 30.0

# half the width of a shoe, and the markers' distance from its outline
REACH_M: Final = 0.12

NOBODY: Final = "no foot was over it"
TOO_LONG: Final = "the plate was loaded for longer than that foot stood: the other foot was on it too"


@dataclass(frozen=True, slots=True)
class Contact:
    """One load on one plate: which samples, whose foot, and what speaks against using it ("" if nothing).

    ``shared``: the whole load it is cut out of, where the other foot stood on the plate for a time too.
    """

    plate: int
    run: slice
    side: Side | None
    fault: str = ""
    shared: slice | None = None


def loads(vertical: xr.DataArray) -> list[slice]:
    """When one plate is loaded; steadied first, because a belt shakes when a foot has left it.

    Parameters
    ----------
    vertical : DataArray, dims (time,), units "N"
        Up positive.
    """
    if HIGHEST_OF_NYQUIST * sampling_rate_hz(vertical) / 2 > STEADY_HZ:
        vertical = low_pass(vertical, cutoff_hz=STEADY_HZ, gaps="split")
    return contacts(
        vertical["time"].values, vertical.values, threshold_n=PLATE_THRESHOLD_N, shortest_gap_s=AROUND_CONTACT_S
    )


def in_turns(
    contact: Contact,
    cop: FloatArray,
    soles: dict[Side, FloatArray],
    time_s: FloatArray,
    stances: dict[Side, list[tuple[float, float]]],
) -> list[Contact]:
    """A load of both feet as the parts in which one foot stood alone and the force acted under it.

    Parameters
    ----------
    contact : Contact
        Any other than such a load comes back as it is, and so does one without a part for either foot.
    cop : ndarray, shape (time, 3), m
        Of its plate.
    soles : mapping of side to ndarray, shape (2, time, 2)
        As ``soles`` gives them.
    time_s : ndarray, shape (time,)
    stances : mapping of side to spans, s
        When each foot is on the ground as the markers see it.
    """
    if contact.fault not in (TOO_LONG, NOBODY) or not set(stances) == set(soles) == set(SIDES):
        return [contact]
    down = {side: _within(time_s, spans, -MARGIN_S) for side, spans in stances.items()}
    touching = {side: _within(time_s, spans, MARGIN_S) for side, spans in stances.items()}
    inside = np.zeros(time_s.size, dtype=bool)
    inside[contact.run] = True
    parts: list[Contact] = []
    pairs: tuple[tuple[Side, Side], tuple[Side, Side]] = (("left", "right"), ("right", "left"))
    for side, other in pairs:
        alone = inside & down[side] & ~touching[other] & ~np.isnan(cop).any(axis=1)
        for run in unbroken_runs(alone):
            away = distance(cop[run], *soles[side][:, run])
            seen = away[~np.isnan(away)]
            if seen.size and float(np.median(seen)) <= REACH_M and _stood_on(contact.run, run, time_s, stances[side]):
                parts.append(Contact(contact.plate, run, side, "", contact.run))
    return parts if {part.side for part in parts} == set(SIDES) else [contact]


def double_support(
    time_s: FloatArray, found: list[Contact], spans: list[tuple[float, float]], side: str
) -> npt.NDArray[np.bool_]:
    """Samples at which a foot stands, not alone, on a plate that both feet use in turns.

    Parameters
    ----------
    time_s : ndarray, shape (time,)
    found : list of Contact
    spans : list of (start, end), s
        When that foot is on the ground.
    side : {"left", "right"}
    """
    shared, alone = np.zeros(time_s.size, dtype=bool), np.zeros(time_s.size, dtype=bool)
    for contact in found:
        if contact.shared is not None:
            shared[contact.shared] = True
            alone[contact.run] |= contact.side == side
    return shared & _within(time_s, spans, MARGIN_S) & ~alone


def soles(markers: xr.DataArray, time_s: FloatArray) -> dict[Side, FloatArray]:
    """Heel and toe of each foot in the ground plane at given times, m, shape (2, time, 2).

    Parameters
    ----------
    markers : DataArray, dims (time, marker, space), units "m"
    time_s : ndarray, shape (time,)
    """
    found: dict[Side, FloatArray] = {}
    sides: tuple[Side, Side] = ("left", "right")
    for side in sides:
        ends = [middle_of(markers, names, side=side) for names in (("heel",), ("toe", "toe_tip", "mt2", "mt5", "mt1"))]
        heel, toe = ends
        if heel is not None and toe is not None:
            at = markers["time"].values
            planes = [[np.interp(time_s, at, end[:, k], np.nan, np.nan) for k in (0, 2)] for end in (heel, toe)]
            found[side] = np.moveaxis(np.array(planes), 1, 2)
    return found


def distance(point: FloatArray, heel: FloatArray, toe: FloatArray) -> FloatArray:
    """Distance in the ground plane from points to the line from heel to toe, m, shape (time,).

    Parameters
    ----------
    point : ndarray, shape (time, 3), m
    heel, toe : ndarray, shape (time, 2), m
        x and z.
    """
    place, along = point[:, [0, 2]] - heel, toe - heel
    length = np.maximum((along**2).sum(axis=1), 1e-9)
    share = np.clip((place * along).sum(axis=1) / length, 0.0, 1.0)
    away: FloatArray = np.linalg.norm(place - share[:, None] * along, axis=1)
    return away


def overlap(one: slice, other: slice) -> bool:
    """Whether two ranges of samples share one."""
    return bool(one.start < other.stop and other.start < one.stop)


def _within(time_s: FloatArray, spans: list[tuple[float, float]], margin_s: float) -> npt.NDArray[np.bool_]:
    """Times inside of some spans, widened by a margin or narrowed by a negative one."""
    out = np.zeros(time_s.size, dtype=bool)
    for start_s, stop_s in spans:
        out |= (time_s >= start_s - margin_s) & (time_s <= stop_s + margin_s)
    return out


def _stood_on(load: slice, part: slice, time_s: FloatArray, spans: list[tuple[float, float]]) -> bool:
    """Whether the foot of a part of a load landed and left while the plate was loaded."""
    start_s, stop_s = next(span for span in spans if span[0] <= time_s[part.start] <= span[1])
    landed = start_s >= time_s[load.start] - BESIDE_S or not np.isfinite(start_s)
    return landed and (stop_s <= time_s[load.stop - 1] + BESIDE_S or not np.isfinite(stop_s))
