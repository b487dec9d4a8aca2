"""Events, plates and strides of real recordings against what their makers state."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from restride.cycles import assign_plates, complete_force, detect, events_from_force, events_from_markers, segment
from restride.readers import read
from restride.signals.recording import Recording

RUNS = ("run200", "run300", "run400", "run500")


def apart_s(truth: pd.DataFrame, found: pd.DataFrame, column: str = "name") -> np.ndarray:
    """For each true event how much later the nearest found one of its foot and name is."""
    out = []
    for time_s, side, name in zip(truth["time_s"], truth["side"], truth[column], strict=True):
        same = found.loc[(found["side"] == side) & (found["name"] == name), "time_s"].to_numpy()
        out.append(same[np.abs(same - time_s).argmin()] - time_s)
    return np.array(out)


def inside(events: pd.DataFrame, recording: Recording) -> pd.DataFrame:
    """Events at least 0.1 s away from the edges of the markers."""
    time_s = recording["markers"]["time"].values
    return events[events["time_s"].between(time_s[0] + 0.1, time_s[-1] - 0.1)]


@pytest.mark.parametrize("run", RUNS)
def test_force_events_of_four_speeds_are_those_of_the_curator(shared: Path, run: str) -> None:
    folder = shared / "run-four-speeds" / run
    recording = read([folder / "grf.mot"])
    truth = pd.read_csv(folder / "events_from_grf_20N.csv")
    found = events_from_force(recording["grf"])
    assert len(found) == len(truth)
    assert np.abs(apart_s(truth, found, "event")).max() < 0.001


def test_a_walk_has_the_contacts_its_authors_state(shared: Path) -> None:
    recording = read([shared / "walk-emg-mocap-grf" / "grf_walk.mot"])
    found = events_from_force(recording["grf"], threshold_n=30.0)
    contacts = found[found["name"] == "initial_contact"]
    np.testing.assert_allclose(contacts["time_s"], [0.272, 0.842, 1.417], atol=0.001)
    assert contacts["side"].tolist() == ["right", "left", "right"]


@pytest.mark.parametrize("run", RUNS)
def test_running_by_markers_is_within_15_ms_of_force(shared: Path, run: str) -> None:
    folder = shared / "run-four-speeds" / run
    recording = read([folder / "grf.mot", folder / "markers.trc"])
    truth = inside(events_from_force(recording["grf"]), recording)
    later = apart_s(truth, events_from_markers(recording["markers"], movement="running"))
    assert np.abs(later).max() < 0.015


def test_walking_by_markers_is_within_20_ms_of_force(shared: Path) -> None:
    folder = shared / "walk-emg-mocap-grf"
    recording = read([folder / "grf_walk.mot", folder / "markers_walk.trc"])
    truth = inside(events_from_force(recording["grf"], threshold_n=30.0), recording)
    later = apart_s(truth, events_from_markers(recording["markers"], movement="walking"))
    assert np.abs(later).max() < 0.020


def test_a_foot_that_lands_in_front_of_the_plate_is_found_out(shared: Path) -> None:
    take = shared / "c3d-walk-one-sided-ankle" / "PiG_Motion-FlatFoot-Hole.c3d"
    out = assign_plates(read([take]))
    told = [d.message for d in out.doubts if "landed beside the plate" in d.message]
    assert len(told) == 1
    assert "right foot" in told[0]
    assert np.isnan(out["grf"].sel(side="right", space="y").interp(time=3.0))
    assert float(out["grf"].sel(side="left", space="y").max()) > 500


def test_the_events_of_a_c3d_give_its_strides(shared: Path) -> None:
    recording = read([shared / "c3d-walk-one-sided-ankle" / "PiG_Motion-FlatFoot-Hole.c3d"])
    cycles = segment(detect(recording).events)
    kept = cycles[cycles["kept"]]
    assert kept["side"].value_counts().to_dict() == {"left": 2, "right": 2}
    np.testing.assert_allclose(kept["start_s"], [1.47, 2.14, 2.72, 3.37], atol=1e-6)


@pytest.mark.parametrize("take", ["HC002D06", "HC030A05", "HC032A03", "HC036A10"])
def test_plates_of_children_go_to_the_foot_whose_events_fit(shared: Path, take: str) -> None:
    recording = read([shared / "c3d-walk-children-emg" / f"{take}.c3d"])
    out = assign_plates(recording)
    later = apart_s(events_from_force(out["grf"]), recording.events)
    assert len(later) == 4
    # the events in these files were set by hand on frames 10 ms apart
    assert np.abs(later).max() < 0.020


def test_walking_over_plates_leaves_no_stride_with_both_feet_measured_throughout(shared: Path) -> None:
    folder = shared / "walk-emg-mocap-grf"
    out = detect(assign_plates(read([folder / "grf_walk.mot", folder / "markers_walk.trc"])))
    cycles = segment(out.events)
    assert not complete_force(out["grf"], cycles)[cycles["kept"]].any()
    left = out["grf"].sel(side="left", space="y")
    # the left foot was down on the floor before 0.43 s, then in swing
    assert np.isnan(left.sel(time=slice(0.05, 0.40))).all()
    assert np.abs(left.sel(time=slice(0.55, 0.80))).max() < 20


def test_both_feet_on_one_belt_are_told_apart_by_their_markers(shared: Path) -> None:
    recording = assign_plates(read(shared / "run-treadmill-qtm"))
    # every step lands on the belt called Right; the left foot lands further to the left there
    across = recording["cop"].sel(space="z").mean("time")
    feet = recording["markers"].sel(space="z").mean("time")
    assert float(across.sel(side="left") - across.sel(side="right")) == pytest.approx(
        float(feet.sel(marker="L_toe") - feet.sel(marker="R_toe")), abs=0.03
    )
    contacts = detect(recording).events.query("name == 'initial_contact'")
    assert contacts["side"].tolist() == ["left", "right"] * 15
    # the curator's estimate of the step time
    assert np.diff(contacts["time_s"]).mean() == pytest.approx(0.3406, abs=0.001)


def test_a_symmetric_runner_on_one_belt_has_whole_strides_of_both_feet(shared: Path) -> None:
    recording = detect(assign_plates(read(shared / "run-treadmill-qtm")))
    cycles = segment(recording.events)
    whole = cycles[complete_force(recording["grf"], cycles) & cycles["kept"]]
    assert whole["side"].value_counts().to_dict() == {"left": 14, "right": 13}
    total = recording["grf"].sel(space="y").sum("side", skipna=False)
    # impulse over whole strides carries the weight: 82.4 kg
    span = slice(whole["start_s"].min(), whole["start_s"].max())
    assert float(total.sel(time=span).mean()) / 9.80665 == pytest.approx(82.4, abs=0.5)
