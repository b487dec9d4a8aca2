"""Contacts from joint angles alone: as many as were walked, at the time of the force, on the leg that made them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.video.films import runner

from restride import cycles
from restride.errors import CycleError
from restride.pipeline import analyse
from restride.pipeline.angle_events import events_from_angles
from restride.readers import read
from restride.signals.recording import Recording, Subject, no_events

OPENCAP = "video-opencap-kinematics/opencap_walking1.csv"


def furthest_s(found: pd.DataFrame, true: pd.DataFrame, name: str) -> float:
    """Largest time from a true event to the nearest of its side."""
    apart = []
    for side in ("left", "right"):
        ours, theirs = (t[(t["side"] == side) & (t["name"] == name)]["time_s"].to_numpy() for t in (found, true))
        apart += [np.abs(ours - moment).min() for moment in theirs]
    return float(max(apart))


def test_every_stride_of_a_long_walk_filmed_by_phones_is_found(shared: Path) -> None:
    recording = read(shared / OPENCAP)
    strides = cycles.segment(events_from_angles(recording))
    kept = strides[strides["kept"]]
    # 62 s at 0.91 strides a second, as stated with the recording
    assert kept.groupby("side").size().to_dict() == {"left": 55, "right": 55}
    assert len(kept) / float((kept["end_s"] - kept["start_s"]).sum()) == pytest.approx(0.91, abs=0.02)
    assert "joint angles" in str(events_from_angles(recording)["method"].iloc[0])


def test_contacts_from_published_angles_are_near_those_of_the_force(shared: Path) -> None:
    folder = shared / "walk-emg-mocap-grf"
    angles = read([folder / "coordinates.sto"])
    force = cycles.events_from_force(read([folder / "grf_walk.mot"])["grf"])
    force = force[force["time_s"].between(0.6, 1.65)]
    found = events_from_angles(angles)
    assert furthest_s(found, force, "initial_contact") < 0.03
    assert furthest_s(found, force, "toe_off") < 0.06


def test_exchanging_the_legs_exchanges_the_events(shared: Path) -> None:
    recording = read(shared / OPENCAP)
    angles = recording["angles"].isel(time=slice(0, 600))
    other = {"l": "r", "r": "l"}
    names = [n[:-1] + other[n[-1]] if n.endswith(("_l", "_r")) else n for n in map(str, angles["coordinate"].values)]
    sign = np.where(np.isin(names, ["pelvis_list", "pelvis_rotation"]), -1.0, 1.0)
    mirrored = angles.assign_coords(coordinate=names).copy(data=angles.values * sign).assign_attrs(units="rad")
    plain, turned = (events_from_angles(Recording({"angles": a})) for a in (angles, mirrored))
    turned = turned.assign(side=turned["side"].map({"left": "right", "right": "left"}))
    columns = ["time_s", "side", "name"]
    a, b = (t.sort_values(columns[:1] + columns[1:])[columns].reset_index(drop=True) for t in (plain, turned))
    assert a["side"].tolist() == b["side"].tolist()
    np.testing.assert_allclose(a["time_s"], b["time_s"], atol=1e-9)


def test_a_runner_is_known_by_his_flight() -> None:
    found = events_from_angles(Recording({"angles": runner().moved.angles}))
    assert found["method"].str.contains("midway").any()  # the rule for runners


def test_a_runner_known_by_angles_alone_has_moments_from_derived_force() -> None:
    every = {"time": slice(0, None, 3)}
    moved = runner(8).moved
    signals = {"angles": moved.angles.isel(every), "root": moved.root.isel(every)}
    analysis = analyse(Recording(signals, subject=Subject(mass_kg=70.0, height_m=1.75)))
    assert analysis.method["force"].startswith("derived")
    assert set(np.unique(analysis.curves["moments"]["side"])) == {"left", "right"}
    # both legs of this runner are alike, so nothing may be found between them
    assert not [f for f in analysis.findings if f.topic in ("joint", "moment") and f.strength > 0]


def test_angles_of_one_leg_are_not_enough(shared: Path) -> None:
    angles = read(shared / OPENCAP)["angles"]
    one = angles.sel(coordinate=[c for c in angles["coordinate"].values if not str(c).endswith("_l")])
    with pytest.raises(CycleError, match="knee_angle_l"):
        events_from_angles(Recording({"angles": one}))


def test_a_body_that_stands_still_makes_no_contact(shared: Path) -> None:
    angles = read(shared / OPENCAP)["angles"].isel(time=slice(0, 300))
    still = angles.copy(data=np.broadcast_to(angles.values[:1], angles.shape).copy())
    assert events_from_angles(Recording({"angles": still}, events=no_events())).empty
