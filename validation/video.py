"""Video: cadence against pixels, contacts of films made by calculation from markers against force, angles and strides.

One film has a reference: its cadence, counted from the pixels without any pose estimator; the method was made on the
other material here and run on it once. Contacts have none, so markers of runners and walkers on force plates are filmed
by calculation (30 pictures a second, points off by 3 px SD in 1080) and read as any video; on these the four shares of
the speed of travel were set, so the figures are those of a fit. Joint angles are posed into contacts likewise.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride import cycles, video
from restride.body import generic
from restride.errors import RestrideError
from restride.pipeline.angle_events import events_from_angles
from restride.readers import read
from restride.signals.landmarks import landmark
from restride.signals.recording import Recording
from restride.signals.schema import SIDES, FloatArray, labelled
from restride.twin.segments import landmarks, poses
from validation.row import Row

FILM: Final = "video-run-side/male_side.pose.json"
OPENCAP: Final = "video-opencap-kinematics/opencap_walking1.csv"
STEPS_A_MINUTE, BAR_STEPS = 168.9, 1.0
OPENCAP_HZ, BAR_HZ = 0.91, 0.02
# long enough for three strides of both legs
RUNS: Final = (
    ("run-four-speeds/run300/markers.trc", "run-four-speeds/run300/grf.mot"),
    ("run-emg-grf-mocap/motion_capture_run.trc", "run-emg-grf-mocap/grf_run.mot"),
)
PER_METRE: Final = 0.45
NOISE: Final = 3 / 1080
# joint angles of other programs, and force of the same take
ANGLES: Final = ("walk-emg-mocap-grf/coordinates.sto", "walk-emg-mocap-grf/grf_walk.mot")
POINTS: Final[Mapping[str, tuple[str, ...]]] = {
    "hip": ("asis",),
    "knee": ("knee_lateral", "thigh_cluster_3"),
    "ankle": ("ankle_lateral", "shank_cluster_3", "heel"),
    "heel": ("heel",),
    "big_toe": ("toe", "toe_tip", "mt1"),
}


# keypoint -> point of the body
SITES: Final = {"hip": "HJC", "knee": "KJC", "ankle": "AJC", "heel": "CAL", "big_toe": "TOE", "shoulder": "Shoulder"}


def rows(shared: Path) -> list[Row]:
    """Cadence with its bar; contacts, strides of OpenCap and their regularity."""
    return [*_cadence(shared), *_contacts(shared), *_strides(shared), *_angles(shared)]


def _cadence(shared: Path) -> Iterator[Row]:
    film = video.cleaned(read(shared / FILM)["keypoints"]).keypoints
    for side, words in (("left", "near leg"), ("right", "far leg")):
        found = video.rhythm(film, side=side)  # type: ignore[arg-type]
        low, high = (120 * hz for hz in found.interval_hz)
        off = abs(120 * found.stride_hz - STEPS_A_MINUTE)
        note = f"{120 * found.stride_hz:.2f} ({low:.1f} to {high:.1f}), {found.strides} strides; pixels say 168.9 ± 0.5"
        yield Row(f"film, cadence by the {words}, steps a minute off", off, "1", BAR_STEPS, "max", note)
    near = video.contacts(film, side="left")
    note = f"give or take {1e3 * near.half_s:.0f} ms; {near.movement}; by eye about 300 ms; literature 180 to 320"
    yield Row("film, time on the ground, near foot", 1e3 * near.contact_s, "ms", None, note=note)


def _contacts(shared: Path) -> Iterator[Row]:
    off: dict[str, list[float]] = {"initial_contact": [], "toe_off": [], "contact": []}
    for files in RUNS:
        recording = cycles.assign_plates(read([shared / file for file in files]))
        force = cycles.events_from_force(recording["grf"])
        for seed in range(3):
            film = _filmed(recording, seed=seed)
            for side in SIDES:
                try:
                    found = video.contacts(film, side=side)
                except RestrideError:
                    continue
                events = video.placed_events(found, film["time"].values)
                for name in ("initial_contact", "toe_off"):
                    off[name] += _apart_ms(events, force, side, name, film["time"].values)
                planted = _lasting(force, side)
                off["contact"].append(1e3 * (found.contact_s - planted))
    for name, words in (("initial_contact", "contact"), ("toe_off", "toe-off"), ("contact", "time on the ground")):
        apart = np.array(off[name])
        size = float(np.sqrt((apart**2).mean()))
        worst = float(np.abs(apart).max())
        note = f"mean {apart.mean():+.1f}, worst {worst:.0f} of {apart.size}; 30 pictures a second, fitted on them"
        # the rule's shares were set on these very films, so their errors are no proof and have no bar
        yield Row(f"calculated films, running, {words}, RMS", size, "ms", None, note=note)


def _strides(shared: Path) -> Iterator[Row]:
    strides = cycles.segment(events_from_angles(read(shared / OPENCAP)))
    kept = strides[strides["kept"]]
    lasting = kept["end_s"] - kept["start_s"]
    hz = float(1 / lasting.mean())
    note = f"{len(kept)} kept of {len(strides)}, 62 s; the set says 0.91"
    yield Row("OpenCap angles, strides a second, off", abs(hz - OPENCAP_HZ), "Hz", BAR_HZ, "max", note)
    spread = max(float(lasting[kept["side"] == side].std() / lasting.mean()) for side in SIDES)
    yield Row("OpenCap angles, SD of the stride, worse leg", 100 * spread, "%", 3.0, "max", "healthy walking 1 to 3 %")
    angles, force = (shared / file for file in ANGLES)
    found, true = events_from_angles(read(angles)), cycles.events_from_force(read(force)["grf"])
    span = read(angles)["angles"]["time"].values
    for name, bar in (("initial_contact", 30.0), ("toe_off", 60.0)):
        apart = [ms for side in SIDES for ms in _apart_ms(found, true, side, name, span)]
        words = "contact" if name == "initial_contact" else "toe-off"
        note = f"{len(apart)} events; 9 walks, own angles: contact -5 ± 13, toe-off -16 ± 20 ms"
        yield Row(f"angles of another program, {words}, worst", np.abs(apart).max(), "ms", bar, "max", note)


def _angles(shared: Path) -> Iterator[Row]:
    """The walker of OpenCap, posed by his angles and filmed by calculation: whether they come back."""
    recording = read(shared / OPENCAP)
    body, true = generic(), recording["angles"]
    place, turn = poses(body, true, recording["root"])
    named = {
        f"{name}_{side}": landmarks(body, place, turn, [f"{site}_{side}"])[:, 0]
        for name, site in SITES.items()
        for side in "lr"
    }
    for view, side in (("side-left", "l"), ("side-right", "r")):
        way = -1.0 if view == "side-left" else 1.0
        places = {name: at[:, :2] * [way, 1.0] for name, at in named.items()}
        film = _keypoints(places, true["time"].values, first_s=0.0, seed=1, view=view)
        found = video.angles(film)
        for name in ("hip_flexion", "knee_angle", "ankle_angle"):
            ours = found.sel(coordinate=f"{name}_{side}").values
            planted = np.interp(found["time"], true["time"], true.sel(coordinate=f"{name}_{side}").values)
            apart = np.rad2deg((ours - planted)[np.isfinite(ours)])
            note = f"offset {apart.mean():+.1f} deg{', the thigh against the trunk' if name == 'hip_flexion' else ''}"
            words = f"calculated film, walking, {name}_{side}, RMS about an offset"
            yield Row(words, float(apart.std()), "deg", 3.0, "max", note)


def _filmed(recording: Recording, *, seed: int) -> xr.DataArray:
    """Keypoints of a camera square to the way of running, the person facing the right of the picture."""
    markers = recording["markers"]
    places = {f"{name}_{s[0]}": _point(markers, names, s)[:, :2] for name, names in POINTS.items() for s in SIDES}
    every = markers["time"].values
    return _keypoints(places, every, first_s=float(every[0]) + 0.011 * seed, seed=seed, view="side-right")


def _keypoints(
    places: Mapping[str, FloatArray], every: FloatArray, *, first_s: float, seed: int, view: str
) -> xr.DataArray:
    """Points in the plane of the picture (time, 2), m, at 30 pictures a second and with noise."""
    time_s = np.arange(first_s, every[-1], 1 / 30)
    values = np.stack([[np.interp(time_s, every, place[:, axis]) for axis in (0, 1)] for place in places.values()])
    values = PER_METRE * values.transpose(2, 0, 1)
    values += NOISE * np.random.default_rng(seed).standard_normal(values.shape)
    coords = {"time": time_s, "keypoint": list(places), "axis": ["x", "y"]}
    film = labelled(values, dims=("time", "keypoint", "axis"), units="1", coords=coords)
    return film.assign_attrs(view=view)


def _point(markers: xr.DataArray, names: Sequence[str], side: str) -> FloatArray:
    """Mean of the markers of the first of these landmarks that the side has, (time, 3), gaps bridged."""
    for name in names:
        labels = [
            m for m in map(str, markers["marker"].values) if (f := landmark(m)) and (f.name, f.side) == (name, side)
        ]
        if labels:
            mean = markers.sel(marker=labels).mean("marker").transpose("time", "space")
            return mean.interpolate_na("time", fill_value="extrapolate").values
    raise RestrideError(f"no marker of {names} on the {side}")


def _apart_ms(found: pd.DataFrame, true: pd.DataFrame, side: str, name: str, span_s: FloatArray) -> list[float]:
    ours, theirs = (t[(t["side"] == side) & (t["name"] == name)]["time_s"].to_numpy() for t in (found, true))
    inside = theirs[(theirs > span_s[0] + 0.1) & (theirs < span_s[-1] - 0.1)]
    return [1e3 * float(ours[np.abs(ours - t).argmin()] - t) for t in inside] if ours.size else []


def _lasting(force: pd.DataFrame, side: str) -> float:
    own = force[force["side"] == side]
    on, off = (own[own["name"] == n]["time_s"].to_numpy() for n in ("initial_contact", "toe_off"))
    return float(np.mean([off[off > t][0] - t for t in on if (off > t).any()]))
