"""Recordings that are no strides: a page all the same, and a true first sentence."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import xarray as xr

import restride as rs
from restride.signals.recording import no_events


def test_a_standing_trial_says_what_it_holds_and_compares_no_legs(shared: Path) -> None:
    trial = rs.read(shared / "c3d-walk-children-emg" / "HC002D02.c3d")
    analysis = rs.analyse(dataclasses.replace(trial, signals={k: v for k, v in trial.signals.items() if k != "emg"}))
    assert not analysis.cycles["kept"].any()
    assert [chapter.key for chapter in analysis.chapters] == ["contents"]
    assert analysis.summary.sentence.startswith("This recording holds")
    assert "markers" in analysis.summary.sentence
    assert not analysis.findings


def test_strides_of_a_recording_with_markers_top_the_page_and_legs_have_a_chapter(shared: Path) -> None:
    analysis = rs.analyse(rs.read(shared / "c3d-walk-one-sided-ankle" / "PiG_Motion-FlatFoot-Hole.c3d"))
    legs = next(chapter for chapter in analysis.chapters if chapter.key == "legs")
    assert "the left foot is tipped" in legs.sentences[0].lower()  # the stiff ankle is the left one
    assert analysis.summary.sentence not in legs.sentences


def test_a_page_of_chapters_comes_back_from_disk(shared: Path, tmp_path: Path) -> None:
    analysis = rs.analyse(rs.read(shared / "c3d-walk-children-emg" / "HC002D02.c3d"))
    findings, curves = rs.pipeline.write(analysis, tmp_path)
    content = json.loads(findings.read_text(encoding="utf-8"))
    assert content["chapters"][0]["sentences"][0] == content["summary"]["sentence"]
    with xr.open_dataset(curves, engine="h5netcdf") as dataset:
        assert not dataset.data_vars


def test_foot_sensors_give_strides_and_the_course_of_each_foot(shared: Path) -> None:
    folder = shared / "imu-foot-shimmer"
    analysis = rs.analyse(rs.read(folder, take=Path("examples/imu-foot-shimmer/take.yaml")))
    kept = analysis.cycles[analysis.cycles["kept"]]
    assert set(kept["side"]) == {"left", "right"}
    pitch = np.rad2deg(analysis.curves["foot_pitch"].sel(foot="foot_pitch").mean("cycle"))
    # heel first, flat in stance, toes down when they push off
    assert float(pitch[0]) > 10
    assert abs(float(pitch[25:35].mean())) < 3
    assert float(pitch[55:75].min()) < -30
    assert "turn" in " ".join(analysis.cycles["reason"])


def test_strides_from_emg_alone_compare_sizes_and_no_times(shared: Path) -> None:
    note = Path("examples/c3d-walk-emg-type4-plates/take.yaml")
    whole = rs.read(shared / "c3d-walk-emg-type4-plates", take=note)
    alone = dataclasses.replace(whole, signals={"emg": whole["emg"]}, events=no_events())
    analysis = rs.analyse(alone)
    assert {"left", "right"} == set(analysis.cycles.loc[analysis.cycles["kept"], "side"])
    assert {f.topic for f in analysis.findings} == {"muscle", "pattern"}
    assert {f.window_name for f in analysis.findings} == {"whole stride"}
    assert any("must not be read" in d.message for d in analysis.doubts)
