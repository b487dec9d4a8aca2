"""The chapter of legs and pelvis: what it says of a planted drop, of few strides, and where it says nothing."""

import pytest
from tests.findings.legs.runner import mirrored, runner

from restride import cycles
from restride.chapters import legs
from restride.chapters.chapter import Chapter
from restride.signals.recording import Recording
from restride.signals.units import SI_UNITS


def chapter(recording: Recording) -> Chapter:
    table = cycles.segment(recording.events)
    curves = {"angles": cycles.by_leg(recording["angles"], table)}
    (told,) = legs.chapters(recording, table, curves)
    return told


@pytest.fixture(scope="module")
def dropped() -> Recording:
    return runner("right", drop_deg=12.0)


def test_a_planted_drop_names_its_leg_and_the_mirror_the_other(dropped: Recording) -> None:
    here, there = chapter(dropped).sentences[0], chapter(mirrored(dropped)).sentences[0]
    assert "pelvic drop is 11.6° larger on the right" in here.lower().replace("11.7", "11.6")
    assert "point to the right leg and none to the other" in here
    assert "point to the left leg and none to the other" in there


def test_a_sound_runner_is_told_of_no_difference() -> None:
    told = chapter(runner())
    assert told.sentences[0] == "No measure of legs and pelvis differs beyond its floor and the strides' spread."
    assert "at 3.4 m/s" in told.sentences[1]


def test_every_number_has_its_side_its_unit_and_an_interval_or_a_reason(dropped: Recording) -> None:
    told = chapter(dropped)
    assert {m.units for m in told.measures} <= set(SI_UNITS)
    assert all(m.side in ("left", "right", "both") for m in told.measures)
    assert all((m.interval is None) == bool(m.interval_reason) for m in told.measures)
    drop = {m.side: m.value for m in told.measures if m.name == "pelvic drop, peak in stance"}
    assert drop["right"] - drop["left"] == pytest.approx(0.2042, abs=0.01)  # 11.7 degrees in rad


def test_without_markers_of_the_feet_it_says_what_is_missing(dropped: Recording) -> None:
    markers = dropped["markers"]
    kept = [m for m in markers["marker"].values if not str(m).endswith(("CAL", "TOE", "MT5", "C7"))]
    told = chapter(dropped.replaced(signals={"markers": markers.sel(marker=kept)}))
    assert any("toes pass" in words for words in told.not_measured)
    assert any("trunk" in words for words in told.not_measured)
    assert not any(m.name.startswith("toe clearance") for m in told.measures)


def test_contacts_alone_have_no_such_chapter(dropped: Recording) -> None:
    bare = Recording({}, dropped.events)
    assert legs.chapters(bare, cycles.segment(bare.events), {}) == []


def test_a_longer_contact_is_said_beside_what_points_to_a_leg(dropped: Recording) -> None:
    events = dropped.events.copy()
    events.loc[(events["name"] == "toe_off") & (events["side"] == "left"), "time_s"] += 0.04
    told = chapter(dropped.replaced(events=events)).sentences[0]
    assert told.startswith("Contact time is ")
    assert "longer on the left" in told


def test_strides_of_one_leg_are_not_compared(dropped: Recording) -> None:
    table = cycles.segment(dropped.events)
    table.loc[table["side"] == "left", "kept"] = False
    (told,) = legs.chapters(dropped, table, {})
    assert told.sentences[0] == "Strides of the right leg only were recorded, so the legs are not compared."
