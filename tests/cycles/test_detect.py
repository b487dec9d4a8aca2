"""Which source the events come from, and what is said when there is none."""

import dataclasses

import pandas as pd
import pytest
from tests.cycles.walker import Walker

from restride.cycles import assign_plates, detect, movement_of, segment
from restride.errors import CycleError
from restride.signals.recording import EVENT_COLUMNS, Conditions, Recording

WALKER = Walker()
RECORDING = WALKER.on_plates({"one": ("left", 1), "two": ("right", 1)})


def from_file() -> pd.DataFrame:
    rows = [(1.1, "left", "initial_contact"), (1.8, "left", "toe_off"), (2.2, "left", "initial_contact")]
    return pd.DataFrame([(*r, "file") for r in rows], columns=list(EVENT_COLUMNS))


def test_events_in_the_file_come_first() -> None:
    out = detect(assign_plates(RECORDING).replaced(events=from_file()))
    assert set(out.events["method"]) == {"file"}


def test_force_comes_before_markers_and_markers_fill_what_force_did_not_see() -> None:
    events = detect(assign_plates(RECORDING)).events
    by_force = events["method"].str.contains("vertical force")
    assert by_force.sum() == 4
    assert (~by_force).sum() >= 6
    assert segment(events)["kept"].sum() >= 4


def test_no_event_is_named_twice() -> None:
    events = detect(assign_plates(RECORDING)).events
    for _, own in events.groupby(["side", "name"]):
        assert own["time_s"].diff().min() > 0.5


def test_every_event_says_its_method() -> None:
    assert (detect(assign_plates(RECORDING)).events["method"] != "").all()


def test_a_source_that_is_not_there_is_refused() -> None:
    with pytest.raises(CycleError, match="grf"):
        detect(RECORDING, source="grf")
    with pytest.raises(CycleError, match="file"):
        detect(RECORDING, source="file")


def test_without_any_source_there_is_a_doubt_and_no_event() -> None:
    out = detect(Recording(signals={}))
    assert out.events.empty
    assert out.doubts[0].about == "events"


def test_a_walker_is_told_by_its_pelvis() -> None:
    assert movement_of(Recording(signals={"markers": WALKER.markers()})) == "walking"


def test_a_pelvis_lowest_at_midstance_is_a_runner() -> None:
    markers = WALKER.markers()
    pelvis = markers["marker"].isin(["LASI", "RASI", "SACR"])
    up = markers["space"] == "y"
    upside_down = markers.where(~(pelvis & up), 1.8 - markers).assign_attrs(markers.attrs)
    assert movement_of(Recording(signals={"markers": upside_down})) == "running"


def test_what_was_stated_is_believed() -> None:
    stated = dataclasses.replace(RECORDING, conditions=Conditions(movement="running"))
    assert movement_of(stated) == "running"


def test_without_anything_to_tell_by_the_user_is_asked() -> None:
    with pytest.raises(CycleError, match="state movement"):
        movement_of(Recording(signals={}))
