"""Recordings that are no strides: a page all the same, and a true first sentence."""

from pathlib import Path

import restride as rs


def test_a_standing_trial_says_what_it_holds_and_compares_no_legs(shared: Path) -> None:
    analysis = rs.analyse(rs.read(shared / "c3d-walk-children-emg" / "HC002D02.c3d"))
    assert not analysis.cycles["kept"].any()
    assert [chapter.key for chapter in analysis.chapters] == ["contents"]
    assert analysis.summary.sentence.startswith("This recording holds")
    assert "markers" in analysis.summary.sentence
    assert not analysis.findings


def test_strides_of_a_recording_with_markers_need_no_chapter(shared: Path) -> None:
    take = rs.read(shared / "c3d-walk-one-sided-ankle" / "PiG_Motion-FlatFoot-Hole.c3d")
    assert rs.analyse(take).chapters == ()
