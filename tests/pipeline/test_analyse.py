"""The whole way on real recordings, and what it says when something is missing."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from tests.pipeline.mirrored import mirrored

import restride as rs
from restride.signals.recording import Subject, no_events

ANKLE = "c3d-walk-one-sided-ankle/PiG_Motion-FlatFoot-Hole.c3d"


@pytest.fixture(scope="module")
def take(shared: Path) -> rs.Recording:
    """Three walking strides of a man whose left ankle hardly moves."""
    return rs.read(shared / ANKLE)


@pytest.fixture(scope="module")
def analysis(take: rs.Recording) -> rs.Analysis:
    return rs.analyse(take)


def test_one_sided_ankle_leads_with_the_quiet_left_tibialis_and_the_still_left_ankle(analysis: rs.Analysis) -> None:
    sentence = analysis.summary.sentence
    assert sentence.startswith("The left tibialis anterior is far quieter than the right")
    assert "left ankle hardly moves" in sentence


def test_the_mirror_image_of_a_take_swaps_every_side_and_keeps_every_size(
    take: rs.Recording, analysis: rs.Analysis
) -> None:
    other = rs.analyse(mirrored(take))
    assert "right tibialis anterior is far quieter than the left" in other.summary.sentence.replace("The ", "")
    assert "right ankle hardly moves" in other.summary.sentence
    here = {(f.name, f.window_name): f for f in analysis.findings if f.compared_with == "right leg"}
    there = {(f.name, f.window_name): f for f in other.findings if f.compared_with == "right leg"}
    assert here.keys() == there.keys()
    emg = [key for key, f in here.items() if f.topic == "muscle"]
    for key in emg:
        np.testing.assert_allclose(there[key].value, -here[key].value, atol=1e-9)
    angles = [key for key, f in here.items() if f.topic == "joint" and f.what in ("ankle_angle", "knee_angle")]
    for key in angles:
        # the bones of the two legs are mirror images to about a millimetre
        assert there[key].value == pytest.approx(-here[key].value, abs=1.5)


def test_every_curve_states_unit_side_and_phase(analysis: rs.Analysis) -> None:
    for kind, curve in analysis.curves.items():
        assert curve.attrs["units"], kind
        assert set(curve["side"].values) <= {"left", "right"}
        assert curve.sizes["phase"] == 101


def test_findings_are_sorted_and_each_has_an_interval_or_a_reason(analysis: rs.Analysis) -> None:
    strengths = [f.strength for f in analysis.findings]
    assert strengths == sorted(strengths, reverse=True)
    assert all((f.interval is None) == bool(f.interval_reason) for f in analysis.findings)


def test_findings_and_curves_come_back_from_disk_as_they_were(analysis: rs.Analysis, tmp_path: Path) -> None:
    findings, curves = rs.pipeline.write(analysis, tmp_path)
    content = json.loads(findings.read_text(encoding="utf-8"))
    assert content["summary"]["sentence"] == analysis.summary.sentence
    assert [row["name"] for row in content["findings"]] == [f.name for f in analysis.findings]
    with xr.open_dataset(curves, engine="h5netcdf") as dataset:
        emg = dataset["emg"].sel(site=analysis.curves["emg"]["site"].values)
        np.testing.assert_array_equal(emg.values, analysis.curves["emg"].values)
        assert list(dataset["side"].values) == list(analysis.curves["emg"]["side"].values)


def test_the_same_take_and_plan_give_the_same_numbers_to_the_bit(take: rs.Recording, analysis: rs.Analysis) -> None:
    again = rs.analyse(take)
    assert rs.pipeline.findings_json(again) == rs.pipeline.findings_json(analysis)


def test_a_take_without_any_contact_says_so(take: rs.Recording) -> None:
    still = take.replaced(signals={k: _held(v) for k, v in take.signals.items()}, events=no_events())
    analysis = rs.analyse(still)
    assert "nothing says when a foot was down" in analysis.summary.sentence
    assert not analysis.findings
    assert not analysis.curves


def test_a_take_without_markers_keeps_its_emg_and_doubts_the_body(take: rs.Recording) -> None:
    bare = dataclasses.replace(take, signals={"emg": take["emg"]})
    analysis = rs.analyse(bare)
    assert analysis.motion is None
    assert "emg" in analysis.curves
    assert any(d.about == "joint angles" for d in analysis.doubts)


def test_without_emg_the_page_still_has_joints_and_says_what_is_missing(take: rs.Recording) -> None:
    bare = dataclasses.replace(take, signals={k: v for k, v in take.signals.items() if k != "emg"})
    analysis = rs.analyse(bare)
    assert "angles" in analysis.curves
    assert any(line.startswith("EMG") for line in analysis.summary.not_measured)


def test_all_channels_unplugged_give_no_muscle_rows(take: rs.Recording) -> None:
    noise = np.random.default_rng(1).normal(scale=1e-6, size=take["emg"].shape)
    analysis = rs.analyse(take.replaced(signals={"emg": take["emg"].copy(data=noise)}))
    assert not analysis.quality["usable"].any()
    assert "emg" not in analysis.curves
    assert not [f for f in analysis.findings if f.topic == "muscle"]


def test_a_mass_that_contradicts_the_force_is_warned_of(shared: Path) -> None:
    walk = rs.read([shared / "walk-emg-mocap-grf" / name for name in ("markers_walk.trc", "grf_walk.mot")])
    heavy = rs.analyse(dataclasses.replace(walk, subject=Subject(mass_kg=120.0)))
    assert any(d.about == "mass" and "120.0 kg" in d.message for d in heavy.doubts)


def test_swapped_legs_are_warned_of_from_geometry(take: rs.Recording) -> None:
    swapped = mirrored(take)
    # labels swapped, places not: the left foot now stands on the right of the pelvis
    legs = [
        m for m in map(str, take["markers"]["marker"].values) if m[1:] in ("KNE", "TIB", "THI", "ANK", "HEE", "TOE")
    ]
    names = [swapped_name if (name in legs) else name for name, swapped_name in _pairs(take, swapped)]
    wrong = take["markers"].assign_coords(marker=names)
    doubts = rs.analyse(take.replaced(signals={"markers": wrong})).doubts
    assert any("side" in d.about or "swap" in d.message for d in doubts)


def _pairs(one: rs.Recording, other: rs.Recording) -> list[tuple[str, str]]:
    return list(
        zip(map(str, one["markers"]["marker"].values), map(str, other["markers"]["marker"].values), strict=True)
    )


def _held(array: xr.DataArray) -> xr.DataArray:
    """Every sample as the first one: nothing moves."""
    first = np.nan_to_num(array.isel(time=0).values)
    return array.copy(data=np.broadcast_to(first, array.shape).copy())


def test_one_plate_missing_leaves_that_leg_without_force_and_says_so(take: rs.Recording) -> None:
    plates = {k: v.isel(plate=[0]) for k, v in take.signals.items() if k.startswith("plate_")}
    analysis = rs.analyse(take.replaced(signals=plates))
    assert any("ground force" in line or "required" in line for line in analysis.summary.not_measured)
    assert "left ankle hardly moves" in analysis.summary.sentence


def test_short_gaps_are_bridged_and_long_ones_stay_unknown(take: rs.Recording) -> None:
    markers, emg = take["markers"].copy(deep=True), take["emg"].copy(deep=True)
    markers.loc[{"marker": "LKNE", "time": slice(2.5, 2.55)}] = np.nan
    emg.loc[{"channel": "tibialis_anterior_r", "time": slice(2.8, 3.2)}] = np.nan
    analysis = rs.analyse(take.replaced(signals={"markers": markers, "emg": emg}))
    knee = analysis.curves["angles"].sel(coordinate="knee_angle")
    assert np.isfinite(knee.sel(cycle=knee["side"] == "left").values).mean() > 0.9
    quiet = analysis.curves["emg"].sel(site="tibialis_anterior")
    second = quiet.sel(cycle=quiet["side"] == "right").isel(cycle=1).values
    assert np.isnan(second[10:35]).all()
    assert np.isfinite(second[50:]).all()


def test_one_stride_gives_curves_but_no_interval(take: rs.Recording) -> None:
    short = {k: v.sel(time=slice(1.42, 3.0)) for k, v in take.signals.items()}
    events = take.events[take.events["time_s"] < 3.0]
    analysis = rs.analyse(take.replaced(signals=short, events=events))
    assert int(analysis.cycles["kept"].sum()) == 1
    assert all(f.interval is None and f.strength == 0 for f in analysis.findings)


def test_emg_recorded_too_slowly_for_its_filter_is_left_out_with_words(take: rs.Recording) -> None:
    slow = take["emg"].isel(time=slice(None, None, 20))
    analysis = rs.analyse(take.replaced(signals={"emg": slow}))
    assert "emg" not in analysis.curves
    assert any("not usable" in line and "50 Hz" in line for line in analysis.summary.not_measured)
