"""The required half of an analysis: the body, its joint moments, and what they asked of each muscle."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from restride import body, cycles
from restride.body import Task
from restride.errors import ModelError, RestrideError
from restride.pipeline.analysis import Motion
from restride.pipeline.muscles import by_site
from restride.pipeline.plan import Plan
from restride.signals.filters import LONGEST_GAP_S, fill_gaps, unbroken_runs
from restride.signals.plausibility import mass_from_force
from restride.signals.recording import Doubt, Recording
from restride.signals.schema import SIDES, FloatArray, labelled
from restride.signals.vocabulary import SITES

GENERIC_MASS_KG: Final = 75.0
# the certain minimum of a group takes a linear programme per frame: a few strides of each leg show it
FLOOR_STRIDES: Final = 3
# the display stride: one sample per percent
DISPLAY_FRAMES: Final = 101


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """Body, motion and requirement of one recording; empty where a step was impossible.

    Attributes
    ----------
    recording : Recording
        With ``angles``, ``root``, ``moments`` and ``activation`` added where found.
    curves : mapping of kind to DataArray, dims (cycle, phase, name)
    body : Body or None
    stride : Series or None
        The cycle that the moving body shows.
    method : mapping of str to str
    doubts : tuple of Doubt
    delay_s : float
    task : Task or None
        What the movement set the legs to do; None without measured force.
    """

    recording: Recording
    curves: Mapping[str, xr.DataArray]
    body: body.Body | None
    stride: pd.Series | None
    method: Mapping[str, str]
    doubts: tuple[Doubt, ...] = field(default=())
    delay_s: float = 0.0
    task: Task | None = None

    def motion(self, continuous: xr.DataArray | None) -> Motion | None:
        """The stride for the moving body, with measured activity where there is any."""
        if self.body is None or self.stride is None:
            return None
        start_s, end_s = float(self.stride["start_s"]), float(self.stride["end_s"])
        time_s = np.linspace(start_s, end_s, DISPLAY_FRAMES)
        angles, root = (self.recording[kind].interp(time=time_s) for kind in ("angles", "root"))
        names = list(self.body.muscles.names)
        did = np.full((time_s.size, len(names)), np.nan)
        if continuous is not None:
            for channel in map(str, continuous["channel"].values):
                curve = continuous.sel(channel=channel).interp(time=time_s).values
                for muscle in SITES[channel[:-2]]:
                    did[:, names.index(muscle + channel[-2:])] = curve
        asked = np.full_like(did, np.nan)
        if "activation" in self.recording:
            earlier = self.recording["activation"].sel(muscle=names).interp(time=time_s + self.delay_s)
            asked = earlier.transpose("time", "muscle").values
        coords = {"time": time_s, "muscle": names}
        dims = ("time", "muscle")
        return Motion(
            angles=_with_units(angles, "rad"),
            root=_with_units(root, "m"),
            required=labelled(asked, dims=dims, units="1", coords=coords),
            measured=labelled(did, dims=dims, units="1", coords=coords),
            label=f"{self.stride['side']} stride from {start_s:.2f} to {end_s:.2f} s",
        )


def moved(recording: Recording, table: pd.DataFrame, plan: Plan) -> Moved:
    """Scale the body, find its angles and moments, and what they required.

    A step that cannot be done ends the chain with a doubt that says why; what was found
    before it stays.
    """
    done = Moved(recording, {}, None, None, {}, delay_s=plan.delay_s)
    if "angles" in recording and not {"root", "markers"} & set(recording.signals):
        return _angles_alone(done, table)
    step = "joint angles"
    try:
        done = _with_angles(done, table)
        step = "joint moments"
        done = _with_moments(done, table, plan)
        step = "required activation"
        done = _with_requirement(done, table, plan)
    except RestrideError as error:
        text = str(error)
        doubt = Doubt(step, f"{text[:1].upper()}{text[1:]}.", "What could be found without it is shown.")
        done = _extended(done, doubts=(doubt,))
    return done


def _angles_alone(done: Moved, table: pd.DataFrame) -> Moved:
    """Angles of single joints as curves: without the pelvis no body can be posed."""
    filmed = "keypoints" in done.recording
    source = "in the plane of the picture, from keypoints" if filmed else "joint angles as in the file"
    text = "Joint angles are known but not where the pelvis is, so no body is shown and no moments are computed."
    return _extended(
        done,
        curves={"angles": cycles.by_leg(done.recording["angles"], table)},
        method={"angles": source},
        doubts=(Doubt("joint moments", text, "Give the markers too, if there are any.", severity="note"),),
    )


def _with_angles(done: Moved, table: pd.DataFrame) -> Moved:
    recording = done.recording
    mass_kg, mass_words, doubts = _mass(recording)
    if "angles" in recording and "root" in recording:
        person = body.generic(mass_kg=mass_kg, height_m=recording.subject.height_m)
        found, words = {"angles": recording["angles"], "root": recording["root"]}, "joint angles as in the file"
    elif "markers" in recording:
        markers = fill_gaps(recording["markers"], max_gap_s=LONGEST_GAP_S)
        person = body.scaled(recording, mass_kg=mass_kg)
        tracking = body.track(person, markers, static=recording.signals.get("static_markers"))
        found, words = _longest_run(tracking.angles, tracking.root), tracking.method
    else:
        raise ModelError("expected markers or joint angles, found neither; add the .trc, .mot or C3D file of this take")
    return _extended(
        done,
        recording=recording.replaced(signals=found),
        person=person,
        stride=_display_stride(table, found["angles"]),
        curves={"angles": cycles.by_leg(found["angles"], table)},
        method={"angles": words, "mass": f"{mass_kg:.1f} kg, {mass_words}"},
        doubts=doubts,
    )


def _with_moments(done: Moved, table: pd.DataFrame, plan: Plan) -> Moved:
    recording, person = done.recording, _person(done)
    force, source = _force(recording, person, plan)
    dynamics = body.moments(
        person,
        recording["angles"],
        recording["root"],
        grf=force["grf"],
        cop=force["cop"],
        free_moment=force.get("free_moment"),
        cutoff_hz=plan.motion_hz,
    )
    found = {"angles": dynamics.angles, "root": dynamics.root, "moments": dynamics.moments}
    return _extended(
        done,
        recording=recording.replaced(signals=found),
        curves={"moments": cycles.by_leg(dynamics.moments, table), "grf": cycles.by_leg(force["grf"], table)},
        method={"force": source, "moments": dynamics.method.replace("measured force", "force " + source)},
    )


def _with_requirement(done: Moved, table: pd.DataFrame, plan: Plan) -> Moved:
    recording, person = done.recording, _person(done)
    task = body.task(person, recording["angles"], recording["root"], recording["moments"])
    result = body.least_effort(task, person.muscles, effort=plan.effort)
    at_sites = body.at_sites(result.activation, person)
    floors = body.floors(result, frames=_frames_for_floors(result.activation["time"].values, table, plan))
    asked = (result.activation, at_sites, floors)
    muscles, sites, groups = (cycles.by_leg(_earlier(a, plan.delay_s), table) for a in asked)
    extended = _extended(
        done,
        recording=recording.replaced(signals={"activation": result.activation}),
        stride=_display_stride(table, recording["angles"], result.activation),
        curves={"required": muscles, "required_sites": by_site(sites), "floors": groups, **_able(done, result, table)},
        method={"required": f"{result.method}; shown {1000 * plan.delay_s:.0f} ms earlier (electromechanical delay)"},
    )
    return extended if done.method["force"].startswith("derived") else replace(extended, task=task)


def _able(done: Moved, result: body.Required, table: pd.DataFrame) -> dict[str, xr.DataArray]:
    """What the muscles beneath the electrodes could turn the joints with; empty without EMG that is sorted."""
    sites = sorted({str(s) for s in done.recording["emg"]["site"].values} - {""}) if "emg" in done.recording else []
    able = body.capacities(result, sites=sites)
    return {"capacity": cycles.by_leg(_earlier(able, done.delay_s), table)} if able.sizes["pull"] else {}


def _frames_for_floors(time_s: FloatArray, table: pd.DataFrame, plan: Plan) -> npt.NDArray[np.bool_]:
    """Frames of a few middle strides of each leg, where the certain minimum is worth its time."""
    kept = table[table["kept"]]
    chosen = np.zeros(time_s.size, dtype=bool)
    # one frame more on either side, so that both ends of a stride lie within
    reach_s = plan.delay_s + 1.5 * float(np.median(np.diff(time_s)))
    for side in SIDES:
        own = kept[kept["side"] == side]
        first = max(0, (len(own) - FLOOR_STRIDES) // 2)
        few = own.iloc[first : first + FLOOR_STRIDES]
        for start_s, end_s in zip(few["start_s"].to_numpy(), few["end_s"].to_numpy(), strict=True):
            chosen |= (time_s >= start_s - reach_s) & (time_s <= end_s + reach_s)
    return chosen


def _person(done: Moved) -> body.Body:
    if done.body is None:
        raise ModelError("expected a body, found none; the step before it did not end")
    return done.body


def _extended(
    done: Moved,
    *,
    recording: Recording | None = None,
    person: body.Body | None = None,
    stride: pd.Series | None = None,
    curves: Mapping[str, xr.DataArray] | None = None,
    method: Mapping[str, str] | None = None,
    doubts: tuple[Doubt, ...] = (),
) -> Moved:
    return Moved(
        recording=recording or done.recording,
        curves={**done.curves, **(curves or {})},
        body=person or done.body,
        stride=done.stride if stride is None else stride,
        method={**done.method, **(method or {})},
        doubts=(*done.doubts, *doubts),
        delay_s=done.delay_s,
        task=done.task,
    )


def _force(recording: Recording, person: body.Body, plan: Plan) -> tuple[Mapping[str, xr.DataArray], str]:
    if "grf" in recording and "cop" in recording:
        kinds = [k for k in ("grf", "cop", "free_moment") if k in recording]
        return {k: recording[k] for k in kinds}, "measured by force plates"
    if cycles.movement_of(recording) != "running":
        raise ModelError(
            "expected force plates, found none; in walking both feet share the ground and the motion gives only the sum"
        )
    down = body.contacts(recording.events, recording["angles"]["time"].values)
    derived = body.derived_force(
        person, recording["angles"], recording["root"], contacts=down, cutoff_hz=plan.motion_hz
    )
    return {str(k): v for k, v in derived.items()}, "derived from motion (mass times acceleration), not measured"


def _mass(recording: Recording) -> tuple[float, str, tuple[Doubt, ...]]:
    """The person's mass, where it comes from, and a doubt if it is a guess."""
    stated = recording.subject.mass_kg
    if stated is not None:
        return stated, recording.subject.mass_source or "stated", ()
    weighed = mass_from_force(recording["grf"]) if "grf" in recording else None
    if weighed is not None:
        return weighed, "mean vertical force over whole steps", ()
    guess = "The body mass is not stated, and no whole step on force plates weighs it; 75 kg was taken."
    doubt = Doubt("mass", guess, "Add to take.yaml: subject: {mass_kg: ...}.")
    return GENERIC_MASS_KG, "not stated; 75 kg taken", (doubt,)


def _display_stride(
    table: pd.DataFrame, angles: xr.DataArray, activation: xr.DataArray | None = None
) -> pd.Series | None:
    """The stride of which most is known of what was required; if alike, a right one, in the middle."""
    first_s, last_s = float(angles["time"][0]), float(angles["time"][-1])
    inside = table[table["kept"] & (table["start_s"] >= first_s) & (table["end_s"] <= last_s)]

    def worth(stride: pd.Series) -> tuple[float, bool, float]:
        start_s, end_s = float(stride["start_s"]), float(stride["end_s"])
        known = 0.0
        if activation is not None:
            known = float(np.isfinite(activation.sel(time=slice(start_s, end_s)).values).mean())
        # in tenths: a frame at an edge is no reason to show another stride
        return round(known, 1), stride["side"] == "right", -abs(start_s + end_s - first_s - last_s)

    return max((stride for _, stride in inside.iterrows()), key=worth, default=None)


def _longest_run(angles: xr.DataArray, root: xr.DataArray) -> dict[str, xr.DataArray]:
    """Angles and root over the longest span without a missing frame; the filters need it whole."""
    present = np.isfinite(angles.values).all(axis=1) & np.isfinite(root.values).all(axis=1)
    runs = list(unbroken_runs(present))
    if not runs:
        raise ModelError("expected frames with enough markers to pose the body, found none; check labels and gaps")
    longest = max(runs, key=lambda run: run.stop - run.start)
    return {"angles": angles.isel(time=longest), "root": root.isel(time=longest)}


def _earlier(array: xr.DataArray, delay_s: float) -> xr.DataArray:
    return array.assign_coords(time=array["time"].values - delay_s)


def _with_units(array: xr.DataArray, units: str) -> xr.DataArray:
    return array.assign_attrs(units=units)
