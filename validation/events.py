"""Initial contact and toe-off: from force against what each set states, from markers against force.

Judged strictly: the bar holds for the *worst* event of each set. The bias (ours later is positive)
and the median size of the differences stand beside it. Two events are partners if side and name
agree and none is nearer, within ``PARTNER_S``. A stated event off the plates has no partner; a
contact on a plate that the markers do not show counts as ``PARTNER_S`` apart, unless it lies within
``EDGE_S`` of their ends.

Not every set states events that were made from force. Those of the children and of the type-4
plates were put on whole camera frames (10 ms) by other means, some where the plate carries less
than ``SILENT_N`` from 10 ms before to 10 ms after: no threshold on that force can come within
10 ms of them. They are counted and shown in a row of their own, without a bar; all others are
judged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.cycles import assign_plates, events_from_force, events_from_markers
from restride.readers import read
from restride.signals.recording import Movement, Recording
from validation.row import Row

PARTNER_S: Final = 0.15  # shorter than any step, longer than any honest disagreement
EDGE_S: Final = 0.10  # markers show an event by what happens around it: not so near their ends
FORCE_MS: Final = 10.0
SILENT_N: Final = 3.0  # noise of an unloaded plate
MARKERS_MS: Final[Mapping[Movement, float]] = {"walking": 20.0, "running": 15.0}
SPEEDS: Final = ("run200", "run300", "run400", "run500")
CHILDREN: Final = ("HC002D06", "HC002D25", "HC030A05", "HC032A03", "HC036A10")

# at 30 N, as the set's description states
WALK: Final = {("right", "initial_contact"): (0.272, 1.417), ("left", "initial_contact"): (0.842,)}

# the report of the laboratory's own software: whole frames of 100 Hz, counted from frame 137
ORTHOTRAK: Final = {
    ("right", "initial_contact"): (2.07, 3.03),
    ("left", "initial_contact"): (1.56, 2.56),
    ("right", "toe_off"): (1.69, 2.66),
    ("left", "toe_off"): (2.15, 3.14),
}


@dataclass(frozen=True, slots=True)
class Set:
    """One recording, and the events that come with it.

    Attributes
    ----------
    stated : mapping of (side, name) to times in s, or str, or None
        In the set's description; in a table, by its path; or in the recording itself.
    threshold_n : float
        Of the stated events, where they were made by a threshold.
    """

    name: str
    movement: Movement
    files: tuple[str, ...]
    stated: Mapping[tuple[str, str], Sequence[float]] | str | None = None
    threshold_n: float = 20.0


def rows(shared: Path) -> list[Row]:
    """One row per set and comparison."""
    return [row for each in sets() for row in compared(each, shared)]


def compared(each: Set, shared: Path) -> list[Row]:
    """Force against stated, markers against force."""
    recording = assign_plates(read([shared / name for name in each.files]))
    stated = stated_events(each, shared, recording)
    by_force = events_from_force(recording["grf"], threshold_n=each.threshold_n)
    on_plates = later_s(stated, by_force)
    silent = in_silence(stated, recording["grf"])
    beyond = on_plates[silent & ~np.isnan(on_plates)]
    shown_apart = [unjudged(f"{each.name}, stated while the plate is silent", beyond)] if beyond.size else []
    force = events_from_force(recording["grf"])
    shown = recording["markers"]["time"].values[[0, -1]] + [EDGE_S, -EDGE_S]
    force = force[force["time_s"].between(*shown)]
    by_markers = events_from_markers(recording["markers"], movement=each.movement)
    return [
        worst(
            f"{each.name}, force against stated",
            on_plates[~silent & ~np.isnan(on_plates)],
            FORCE_MS,
            note=f"{on_plates.size} stated, {beyond.size} of them in silence, "
            f"{np.isnan(later_s(by_force, stated)).sum()} by force alone",
        ),
        *shown_apart,
        worst(
            f"{each.name}, markers against force",
            later_s(force, by_markers),
            MARKERS_MS[each.movement],
            note=f"{len(by_markers)} by markers",
        ),
    ]


def in_silence(stated: pd.DataFrame, grf: xr.DataArray) -> np.ndarray:
    """For each stated event, whether its foot's force stays below ``SILENT_N`` for 10 ms on either side.

    Unloading or loading then lies farther away than the bar, whatever threshold is taken. Unknown
    force (NaN) is no silence.
    """
    reach_s = FORCE_MS / 1e3
    spans = (
        grf.sel(side=side, space="y", time=slice(time_s - reach_s, time_s + reach_s)).values
        for time_s, side in stated[["time_s", "side"]].itertuples(index=False)
    )
    return np.array([bool(span.size and (np.abs(span) < SILENT_N).all()) for span in spans], dtype=bool)


def unjudged(name: str, later: np.ndarray) -> Row:
    """The largest difference, shown without a bar."""
    return Row(name, 1e3 * float(np.abs(later).max()), "ms", None, "max", f"{later.size} events no threshold can reach")


def worst(name: str, later: np.ndarray, bar_ms: float, *, note: str) -> Row:
    """The largest difference; an event that was not found counts as ``PARTNER_S``."""
    found = 1e3 * later[~np.isnan(later)]
    if found.size == 0:
        return Row(name, np.nan, "ms", bar_ms, "max", f"none found; {note}")
    value = 1e3 * PARTNER_S if found.size < later.size else float(np.abs(found).max())
    middle = f"bias {found.mean():+.1f}, median {np.median(np.abs(found)):.1f}, worst {np.abs(found).max():.1f} ms"
    return Row(name, value, "ms", bar_ms, "max", f"{middle}; {found.size} of {later.size} found; {note}")


def later_s(reference: pd.DataFrame, events: pd.DataFrame) -> np.ndarray:
    """For each event of the reference, how much later its partner is; NaN without one."""
    found = []
    for time_s, side, name in reference[["time_s", "side", "name"]].itertuples(index=False):
        later = events.loc[(events["side"] == side) & (events["name"] == name), "time_s"].to_numpy() - time_s
        nearest = later[np.argmin(np.abs(later))] if later.size else np.nan
        found.append(nearest if abs(nearest) <= PARTNER_S else np.nan)
    return np.array(found, dtype=float)


def stated_events(each: Set, shared: Path, recording: Recording) -> pd.DataFrame:
    """What the set states: in the file itself, in a table beside it, or in its description."""
    if each.stated is None:
        return recording.events
    if isinstance(each.stated, str):
        return pd.read_csv(shared / each.stated).rename(columns={"event": "name"})
    events = [(time_s, side, name) for (side, name), times in each.stated.items() for time_s in times]
    return pd.DataFrame(events, columns=["time_s", "side", "name"])


def sets() -> Sequence[Set]:
    """Every set of walking or running that has force, markers and stated events."""
    walk, run, four = "walk-emg-mocap-grf", "run-emg-grf-mocap", "run-four-speeds"
    ankle, type4, children = "c3d-walk-one-sided-ankle", "c3d-walk-emg-type4-plates", "c3d-walk-children-emg"
    at_20_n = "events_from_grf_20N.csv"
    return (
        Set("walk", "walking", (f"{walk}/markers_walk.trc", f"{walk}/grf_walk.mot"), WALK, threshold_n=30.0),
        Set("one-sided ankle", "walking", (f"{ankle}/PiG_Motion-FlatFoot-Hole.c3d",)),
        Set("type-4 plates", "walking", (f"{type4}/Gait.c3d",), ORTHOTRAK),
        *(Set(child, "walking", (f"{children}/{child}.c3d",)) for child in CHILDREN),
        Set("run", "running", (f"{run}/motion_capture_run.trc", f"{run}/grf_run.mot"), f"{run}/{at_20_n}"),
        *(
            Set(
                speed,
                "running",
                (f"{four}/{speed}/markers.trc", f"{four}/{speed}/grf.mot"),
                f"{four}/{speed}/{at_20_n}",
            )
            for speed in SPEEDS
        ),
    )
