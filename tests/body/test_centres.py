"""Joint centres of a pose estimator: size and angles of a known body come back, and the moments of a runner."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from tests.video.films import Runner, runner

from restride.body import contacts, derived_force, generic, moments, sized, track
from restride.body.centres import of_centres
from restride.readers import read
from restride.signals.schema import SPACE, FloatArray, labelled
from restride.twin.segments import landmarks, poses

# halpe names as Pose2Sim and OpenCap write them -> points of the body, drawn independently of the tracker
POINTS = {"Hip": "HJC", "Knee": "KJC", "Ankle": "AJC", "Heel": "CAL", "BigToe": "TOE", "Shoulder": "Shoulder"}


def seen(made: Runner, angles: xr.DataArray, root: xr.DataArray, *, noise_m: float = 0.0) -> xr.DataArray:
    """Markers of a body, dims (time, marker, space), m, lab."""
    place, turn = poses(made.body, angles, root)
    named: dict[str, FloatArray] = {
        f"{side}{label}": landmarks(made.body, place, turn, [f"{site}_{side.lower()}"])[:, 0]
        for side in "RL"
        for label, site in POINTS.items()
    }
    for side in "RL":
        # a big toe's keypoint is its tip
        toes = made.body.segment(f"toes_{side.lower()}")
        named[f"{side}BigToe"] = place[:, toes] + turn[:, toes] @ np.array([0.060, 0.010, -0.015])
    named["Neck"] = landmarks(made.body, place, turn, ["C7_marker_r", "C7_marker_l"]).mean(axis=1)
    named["Hip"] = (named["RHip"] + named["LHip"]) / 2
    values = np.stack(list(named.values()), axis=1)
    values += noise_m * np.random.default_rng(0).standard_normal(values.shape)
    coords = {"time": angles["time"].values, "marker": list(named), "space": list(SPACE)}
    return labelled(values, dims=("time", "marker", "space"), units="m", coords=coords, frame="lab")


@cache
def running() -> tuple[Runner, xr.DataArray]:
    made = runner(4)
    every = {"time": slice(0, None, 2)}
    return made, seen(made, made.moved.angles.isel(every), made.moved.root.isel(every), noise_m=0.002)


def apart_deg(found: xr.DataArray, true: xr.DataArray, name: str) -> FloatArray:
    planted = np.interp(found["time"], true["time"], true.sel(coordinate=name).values)
    return np.asarray(np.rad2deg(found.sel(coordinate=name).values - planted))


def test_joint_centres_are_known_for_what_they_are() -> None:
    _, markers = running()
    assert of_centres(markers)
    assert not of_centres(markers.assign_coords(marker=["RASI", *markers["marker"].values[1:]]))


def test_the_size_of_the_body_comes_back() -> None:
    made, markers = running()
    person = sized(markers)
    for segment in ("femur_r", "tibia_l", "pelvis"):
        assert person.factors[segment][1] == pytest.approx(made.body.factors[segment][1], rel=0.03)


@pytest.mark.parametrize("side", ["l", "r"])
def test_angles_of_a_runner_come_back_about_an_offset(side: str) -> None:
    made, markers = running()
    found = track(sized(markers), markers)
    assert bool(found.converged.all())
    assert "hips and neck" in found.method
    for name, most in (("hip_flexion", 3.0), ("knee_angle", 3.0), ("ankle_angle", 4.0), ("hip_adduction", 3.0)):
        apart = apart_deg(found.angles, made.moved.angles, f"{name}_{side}")
        assert apart.std() < most, name
    # pelvis and hip share the offset of a neck that sits elsewhere; the knee has no such freedom
    assert abs(apart_deg(found.angles, made.moved.angles, f"knee_angle_{side}").mean()) < 4


def test_angles_of_a_walker_come_back_about_an_offset(shared: Path) -> None:
    angles = read(shared / "walk-emg-mocap-grf" / "coordinates.sto")
    every = {"time": slice(0, None, 10)}
    q, root = angles["angles"].isel(every), angles["root"].isel(every)
    made = runner(4)
    markers = seen(made, q, root, noise_m=0.002)
    found = track(sized(markers), markers)
    for side in "lr":
        for name, most in (("hip_flexion", 3.0), ("knee_angle", 3.0), ("ankle_angle", 4.0)):
            assert apart_deg(found.angles, q, f"{name}_{side}").std() < most, (name, side)


def test_moments_of_a_runner_follow_those_of_the_true_motion() -> None:
    made, markers = running()
    found = track(sized(markers), markers)
    down = contacts(made.events, found.angles["time"].values)
    every = {"time": slice(0, None, 2)}
    pairs = []
    for person, angles, root in (
        (sized(markers), found.angles, found.root),
        (generic(height_m=1.75), made.moved.angles.isel(every), made.moved.root.isel(every)),
    ):
        force = derived_force(person, angles, root, contacts=down, cutoff_hz=10.0)
        result = moments(person, angles, root, grf=force["grf"], cop=force["cop"], cutoff_hz=10.0)
        pairs.append(result.moments.sel(coordinate=["knee_angle_l", "knee_angle_r", "ankle_angle_l", "ankle_angle_r"]))
    ours, true = (p.values[20:-20] for p in pairs)
    whole = np.isfinite(ours).all(axis=1) & np.isfinite(true).all(axis=1)
    assert whole.sum() > 100
    for column in range(4):
        assert np.corrcoef(ours[whole, column], true[whole, column])[0, 1] > 0.95


def test_of_markers_computed_by_opencap_the_keypoints_beneath_are_left_out(tmp_path: Path) -> None:
    names = ["RKnee", "RHip", "Neck", "r_knee_study", "r.ASIS_study", "L.ASIS_study", "r.PSIS_study", "L.PSIS_study"]
    rows = [
        "PathFileType\t4\t(X/Y/Z)\tx.trc",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"60\t60\t2\t{len(names)}\tm\t60\t1\t2",
        "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t",
        "\t\t" + "\t".join(f"{a}{k + 1}" for k in range(len(names)) for a in "XYZ"),
        "",
        *("\t".join(map(str, [f + 1, f / 60, *range(1, 3 * len(names) + 1)])) for f in range(2)),
    ]
    (tmp_path / "opencap.trc").write_text("\n".join(rows) + "\n")
    found = read(tmp_path / "opencap.trc")["markers"]
    assert found["marker"].values.tolist() == names[3:]
    assert float(found.sel(marker="r_knee_study", space="y")[0]) == 11.0
