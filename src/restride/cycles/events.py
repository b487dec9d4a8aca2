"""Initial contact and toe-off of a recording, from the best source there is."""

from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from restride.cycles.force_events import THRESHOLD_N, events_from_force
from restride.cycles.marker_events import events_from_markers
from restride.cycles.movement import movement_of
from restride.cycles.segment import kept, segment
from restride.errors import CycleError
from restride.signals.recording import Doubt, Recording, no_events

Source = Literal["auto", "file", "grf", "markers"]

# a marker event this close to one from force is the same event: markers err by 20 ms at most as a
# rule, and no two events of one name and foot come within a tenth of a second
SAME_EVENT_S: Final = 0.1


def detect(recording: Recording, *, source: Source = "auto", threshold_n: float = THRESHOLD_N) -> Recording:
    """The recording with its initial contacts and toe-offs.

    Parameters
    ----------
    recording : Recording
        Force sorted by foot (``assign_plates`` first).
    source : {"auto", "file", "grf", "markers"}
        ``"auto"``: the events in the file if they hold a whole stride; else those from
        force, and from markers where the force of that foot was not measured.
    threshold_n : float
        Of the vertical force.

    Returns
    -------
    Recording
        Each event says its ``method``. With ``"auto"`` and no source at all there are no
        events but a doubt.

    Raises
    ------
    CycleError
        If a source is asked for that the recording does not have.
    """
    if source == "auto":
        return _best(recording, threshold_n)
    if source == "file":
        if recording.events.empty:
            raise CycleError("expected events in the file, found none; choose events from grf or markers")
        return recording
    kind = "grf" if source == "grf" else "markers"
    if kind not in recording:
        raise CycleError(f"expected {kind} to find events in, found only {sorted(recording.signals)}")
    if source == "grf":
        return recording.replaced(events=events_from_force(recording["grf"], threshold_n=threshold_n))
    events = events_from_markers(recording["markers"], movement=movement_of(recording))
    return recording.replaced(events=events)


def _best(recording: Recording, threshold_n: float) -> Recording:
    if not kept(segment(recording.events)).empty:
        return recording
    by_force, by_markers, trouble = no_events(), no_events(), ""
    if "grf" in recording:
        by_force = events_from_force(recording["grf"], threshold_n=threshold_n)
    if "markers" in recording:
        try:
            by_markers = events_from_markers(recording["markers"], movement=movement_of(recording))
        except CycleError as error:
            trouble = str(error)
    added = by_markers[~_covered(by_markers, by_force, recording)]
    tables = [table for table in (by_force, added, recording.events) if not table.empty]
    if tables:
        events = _without_repeats(pd.concat(tables, ignore_index=True))
        return recording.replaced(events=events)
    doubt = Doubt(
        "events",
        f"No initial contact or toe-off was found in file, force or markers{': ' + trouble if trouble else ''}.",
        "Add markers of both feet or forces, or state the events in take.yaml.",
    )
    return recording.replaced(doubts=(*recording.doubts, doubt))


def _covered(by_markers: pd.DataFrame, by_force: pd.DataFrame, recording: Recording) -> npt.NDArray[np.bool_]:
    """Marker events that the force has already, or would have shown: it was measured all around them."""
    if "grf" not in recording:
        return np.zeros(len(by_markers), dtype=bool)
    grf = recording["grf"]
    time_s = grf["time"].values
    measured = {str(s): ~np.isnan(grf.sel(side=s, space="y").values) for s in grf["side"].values}
    force_s = {key: table["time_s"].to_numpy() for key, table in by_force.groupby(["side", "name"])}
    out = []
    for moment, side, name in zip(by_markers["time_s"], by_markers["side"], by_markers["name"], strict=True):
        found = bool((np.abs(force_s.get((side, name), np.empty(0)) - moment) <= SAME_EVENT_S).any())
        around = np.abs(time_s - moment) <= SAME_EVENT_S
        seen = side in measured and bool(around.any()) and bool(measured[side][around].all())
        out.append(found or seen)
    return np.array(out, dtype=bool)


def _without_repeats(events: pd.DataFrame) -> pd.DataFrame:
    """The earlier table wins where two events of one name and foot lie within ``SAME_EVENT_S``."""
    taken: dict[tuple[str, str], list[float]] = {}
    keep = []
    for moment, side, name in zip(events["time_s"], events["side"], events["name"], strict=True):
        before = taken.setdefault((side, name), [])
        new = all(abs(moment - other) > SAME_EVENT_S for other in before)
        keep.append(new)
        if new:
            before.append(moment)
    return events[np.array(keep)].sort_values("time_s", kind="stable", ignore_index=True)
