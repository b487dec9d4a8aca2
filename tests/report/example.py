"""A made-up analysis with every state a page can show: used by the tests of report and browser."""

import dataclasses
from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd
import xarray as xr

from restride.body.model import Body, generic
from restride.findings import ACTIVITY, ANGLE, MOMENT, differences, floor, ordered, sides, summary, windows
from restride.pipeline.analysis import Analysis, Motion
from restride.pipeline.plan import Plan
from restride.signals.recording import Conditions, Doubt, Recording, Source, Subject
from restride.signals.schema import FloatArray, labelled
from restride.signals.vocabulary import SITES, SUFFIX

PHASE = np.linspace(0.0, 1.0, 101)
STRIDE_S = 1.12
# left contact within the right stride; not half, so that a mix-up shows
LEFT_STARTS = 0.48
EMG = ("tibialis_anterior", "soleus", "vastus_lateralis", "biceps_femoris", "gluteus_medius", "gluteus_maximus")
# where in the own stride each site is most active, and how long
BURSTS = {
    "tibialis_anterior": ((0.02, 0.06, 0.9), (0.72, 0.12, 0.6)),
    "soleus": ((0.42, 0.12, 0.9),),
    "vastus_lateralis": ((0.08, 0.08, 0.8),),
    "biceps_femoris": ((0.93, 0.09, 0.8),),
    "gluteus_medius": ((0.12, 0.12, 0.8),),
    "gluteus_maximus": ((0.06, 0.08, 0.7),),
}
UNPLUGGED = "soleus_l"


def analysis(*, motion: Motion | None = None, emg: bool = True, moving: bool = True) -> Analysis:
    """A walking take of three strides a leg; the left tibialis anterior is quiet in swing."""
    body = generic()
    cycles = _cycles()
    curves = {"angles": _angle_curves(cycles), "moments": _moment_curves(cycles)}
    quality = pd.DataFrame({"channel": [], "usable": [], "reason": []})
    if emg:
        curves |= {"emg": _emg_curves(cycles), "required_sites": _required_curves(cycles)}
        curves["active"] = _active_curves(curves["emg"])
        quality = _quality()
    rows = [*sides(curves["angles"], windows(cycles), quantity=ANGLE)]
    if emg:
        rows += sides(curves["emg"], windows(cycles), quantity=ACTIVITY)
    missing = ("the left gluteus medius carried no electrode",)
    return Analysis(
        recording=_recording(cycles),
        plan=Plan(),
        cycles=cycles,
        spatiotemporal=_spatiotemporal(cycles),
        curves=curves,
        differences=_differences(curves),
        quality=quality,
        findings=ordered(rows),
        summary=summary(rows, cycles=cycles, not_measured=missing),
        chapters=(),
        motion=(motion or motion_of(body)) if moving else None,
        body=body if moving else None,
        method={"events": "force above 20 N", "emg": "envelope 6 Hz", "required": "least squared effort"},
        emg_axis="share of the largest mean envelope of both legs",
        doubts=(Doubt("sides", "the file does not state <sides>", "Add sides to take.yaml."),),
        synthetic=True,
        origin=None,
        task=None,
    )


def motion_of(body: Body, *, only: Literal["left", "right"] | None = None) -> Motion:
    """One right stride; with ``only``, every muscle of that leg is fully active and the other silent."""
    time_s = 2.0 + STRIDE_S * PHASE
    own = {"right": PHASE, "left": (PHASE - LEFT_STARTS) % 1.0}
    columns = {name: np.zeros(PHASE.size) for name in body.coordinates}
    for own_side, phase in own.items():
        columns |= {f"{name}{SUFFIX[own_side]}": values for name, values in _angles(phase).items()}
    angles = labelled(
        np.stack(list(columns.values()), axis=1),
        dims=("time", "coordinate"),
        units="rad",
        coords={"time": time_s, "coordinate": list(columns)},
    )
    root = np.stack([1.2 * (time_s - 2.0), 0.93 + 0.02 * np.cos(4 * np.pi * PHASE), 0.02 * PHASE], axis=1)
    muscles = list(body.muscles.names)
    required, measured = (np.full((101, len(muscles)), value) for value in (0.05, np.nan))
    for i, muscle in enumerate(muscles):
        side: Literal["left", "right"] = "left" if muscle.endswith("_l") else "right"
        for site in EMG:
            if muscle[:-2] in SITES[site]:
                required[:, i] = _activity(site, own[side])
                measured[:, i] = _activity(site, own[side]) * _gain(site, side)
        if muscle == "soleus_l":
            measured[:, i] = np.nan
        if only is not None:
            measured[:, i] = 1.0 if side == only else 0.0
            required[:, i] = 0.0
    coords = {"time": time_s, "muscle": muscles}
    dims = ("time", "muscle")
    return Motion(
        angles=angles,
        root=labelled(root, dims=("time", "space"), units="m", coords={"time": time_s, "space": ["x", "y", "z"]}),
        required=labelled(required, dims=dims, units="1", coords=coords),
        measured=labelled(measured, dims=dims, units="1", coords=coords),
        label="right stride from 2.00 to 3.12 s",
    )


def without(example: Analysis, **changes: object) -> Analysis:
    """The analysis with some parts replaced."""
    return dataclasses.replace(example, **changes)  # type: ignore[arg-type]


def _differences(curves: Mapping[str, xr.DataArray]) -> dict[str, xr.Dataset]:
    quantities = {"emg": ACTIVITY, "angles": ANGLE, "moments": MOMENT}
    known = {kind: q for kind, q in quantities.items() if kind in curves}
    floors = {
        kind: differences(curves[kind]).assign(floor=floor(curves[kind], quantity=q)) for kind, q in known.items()
    }
    return {kind: differences(curve) for kind, curve in curves.items()} | floors


def _gain(site: str, side: str) -> float:
    return 0.3 if (site, side) == ("tibialis_anterior", "left") else 1.0


def _activity(site: str, phase: FloatArray) -> FloatArray:
    out = np.full(phase.shape, 0.04)
    for centre, width, height in BURSTS[site]:
        away = (phase - centre + 0.5) % 1.0 - 0.5
        out = out + height * np.exp(-((away / width) ** 2))
    return out


def _angles(phase: FloatArray) -> Mapping[str, FloatArray]:
    """Walking in a handful of Fourier terms, rad."""
    turn = 2 * np.pi
    hip = 10 + 21 * np.cos(turn * (phase - 0.93))
    knee = 24 + 22 * np.cos(turn * (phase - 0.73)) + 12 * np.cos(2 * turn * (phase - 0.72))
    ankle = -1 + 8 * np.cos(turn * (phase - 0.35)) + 8 * np.cos(2 * turn * (phase - 0.42))
    adduction = 3 * np.sin(turn * phase)
    return {k: np.deg2rad(v) for k, v in zip(ANGLES, (hip, adduction, knee, ankle), strict=True)}


ANGLES = ("hip_flexion", "hip_adduction", "knee_angle", "ankle_angle")


def _cycles() -> pd.DataFrame:
    rows = []
    for k in range(4):
        for side, shift in (("right", 0.0), ("left", LEFT_STARTS)):
            start = 2.0 + STRIDE_S * (k - 1 + shift)
            toe_off = start + STRIDE_S * (0.62 if side == "right" else 0.65)
            fine = k < 3
            rows.append((start, start + STRIDE_S, toe_off, side, fine, "" if fine else "the foot missed the plate"))
    table = pd.DataFrame(rows, columns=["start_s", "end_s", "toe_off_s", "side", "kept", "reason"])
    table.index.name = "cycle"
    return table


def _spatiotemporal(cycles: pd.DataFrame) -> pd.DataFrame:
    kept = cycles[cycles["kept"]]
    contact = kept["toe_off_s"] - kept["start_s"]
    return pd.DataFrame({"side": kept["side"], "contact_time_s": contact, "duty_factor": contact / STRIDE_S})


def _per_stride(cycles: pd.DataFrame, names: tuple[str, ...], dim: str, units: str, seed: int) -> xr.DataArray:
    kept = cycles[cycles["kept"]]
    rng = np.random.default_rng(seed)
    values = np.empty((len(kept), 101, len(names)))
    for i, side in enumerate(kept["side"]):
        for j, name in enumerate(names):
            clean = _activity(name, PHASE) * _gain(name, side) if dim == "site" else _angles(PHASE)[name]
            values[i, :, j] = clean * (1 + 0.06 * rng.standard_normal()) + 0.01 * rng.standard_normal()
    coords = {"cycle": kept.index.to_numpy(), "phase": np.arange(101.0), dim: list(names)}
    out = labelled(values, dims=("cycle", "phase", dim), units=units, coords=coords)
    return out.assign_coords(side=("cycle", kept["side"].to_numpy(dtype=str)))


def _emg_curves(cycles: pd.DataFrame) -> xr.DataArray:
    curves = _per_stride(cycles, EMG, "site", "1", 1)
    left = curves["side"].values == "left"
    values = curves.values.copy()
    values[left, :, EMG.index("soleus")] = np.nan  # unplugged
    values[left, :, EMG.index("gluteus_medius")] = np.nan  # no electrode
    return curves.copy(data=values)


def _active_curves(emg: xr.DataArray) -> xr.DataArray:
    return (emg > 0.25).where(emg.notnull()).assign_attrs(units="1")


def _required_curves(cycles: pd.DataFrame) -> xr.DataArray:
    curves = _per_stride(cycles, EMG, "site", "1", 2)
    quiet = EMG.index("tibialis_anterior")
    left = curves["side"].values == "left"
    values = curves.values.copy()
    values[left, :, quiet] /= _gain("tibialis_anterior", "left")
    return curves.copy(data=values)


def _angle_curves(cycles: pd.DataFrame) -> xr.DataArray:
    return _per_stride(cycles, ANGLES, "coordinate", "rad", 3)


def _moment_curves(cycles: pd.DataFrame) -> xr.DataArray:
    curves = -80.0 * _per_stride(cycles, ANGLES, "coordinate", "rad", 4)
    return curves.assign_attrs(units="N m")


def _quality() -> pd.DataFrame:
    channels = [f"{site}_{letter}" for site in EMG for letter in "lr" if (site, letter) != ("gluteus_medius", "l")]
    return pd.DataFrame(
        {
            "channel": channels,
            "usable": [c != UNPLUGGED for c in channels],
            "reason": ["unplugged: no signal above 1 µV" if c == UNPLUGGED else "" for c in channels],
            "mains_share": [0.02] * len(channels),
        }
    )


def _recording(cycles: pd.DataFrame) -> Recording:
    events = [(row.start_s, row.side, "initial_contact", "force") for row in cycles.itertuples()]
    return Recording(
        signals={},
        events=pd.DataFrame(events, columns=["time_s", "side", "name", "method"]),
        subject=Subject(mass_kg=75.0),
        conditions=Conditions(movement="walking", surface="treadmill", speed_m_s=1.3),
        sources=(Source("trc", "0" * 64),),
    )
