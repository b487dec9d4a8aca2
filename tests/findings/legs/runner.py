"""A made-up runner whose pelvis, feet and steps are set, and the same one in the mirror."""

import dataclasses

import numpy as np
import xarray as xr

from restride.body.model import generic
from restride.signals.recording import Conditions, Recording, Side
from restride.twin import steps
from restride.twin.markers import placed, tracked
from restride.twin.motion import motion

STRIDES = 6
STRIDE_S = 0.68
MARGIN_S = 0.25
_SWAP = {"left": "right", "right": "left"}
_TURNED = ("pelvis_list", "pelvis_rotation", "lumbar_bending", "lumbar_rotation")


def runner(
    side: Side = "left",
    *,
    drop_deg: float = 0.0,
    foot_drop_deg: float = 0.0,
    inward_m: float = 0.0,
    lean_deg: float = 0.0,
    seed: int = 3,
) -> Recording:
    """Treadmill running with one leg's stance, swing or placement changed.

    ``drop_deg``: pelvic drop that grows from contact to mid-stance and goes again, under thighs that stay where they
    are. ``foot_drop_deg``: less dorsiflexion through the middle of swing. ``inward_m``: the foot's markers set further
    in. ``lean_deg``: neck over the stance leg.
    """
    draw = np.random.default_rng(seed).spawn(3)
    body = generic(mass_kg=62.0, height_m=1.75)
    run = steps.steps(2 * STRIDES + 9, spread=0.01, rng=draw[0], zero=4, zero_s=MARGIN_S)
    end_s = float(run.contact_s[4 + 2 * STRIDES + 1]) + MARGIN_S
    moved = motion(body, run, np.arange(0.0, end_s, 0.01), spread=0.005, rng=draw[1])
    phase = moved.leg_phase(side) % 1.0
    stance = np.where(phase < 0.4, np.sin(np.pi * phase / 0.4) ** 2, 0.0)
    swing = np.where(phase > 0.4, np.sin(np.pi * (phase - 0.4) / 0.6) ** 2, 0.0)
    own = -1.0 if side == "left" else 1.0  # z of the own side; the left leg's drop is the right side down
    angles = moved.angles.copy()
    angles.loc[{"coordinate": "pelvis_list"}] += np.deg2rad(-own * drop_deg) * stance
    for leg, sign in ((side, 1.0), (_SWAP[side], -1.0)):
        angles.loc[{"coordinate": f"hip_adduction_{leg[0]}"}] += sign * np.deg2rad(drop_deg) * stance
    angles.loc[{"coordinate": f"ankle_angle_{side[0]}"}] -= np.deg2rad(foot_drop_deg) * swing
    markers = tracked(body, angles, moved.root, placed(rng=draw[2]), noise_m=0.0005, rng=draw[2])
    foot = [f"{side[0].upper()}{name}" for name in ("CAL", "TOE", "MT5")]
    markers.loc[{"marker": foot, "space": "z"}] -= own * inward_m
    markers = _with_neck(markers, own * np.tan(np.deg2rad(lean_deg)) * stance)
    events = steps.events(run)
    events = events[events["time_s"].between(0.0, end_s)].reset_index(drop=True)
    signals = {"angles": angles, "root": moved.root, "markers": markers}
    return Recording(signals, events, conditions=Conditions(movement="running", speed_m_s=3.4))


def mirrored(recording: Recording) -> Recording:
    """The runner in the mirror of the sagittal plane: z and its turns change sign, left is right."""
    angles, markers, root = (recording[kind] for kind in ("angles", "markers", "root"))
    names = [str(n) for n in angles["coordinate"].values]
    signs = np.array([-1.0 if n in _TURNED else 1.0 for n in names])
    swapped = [n[:-1] + {"l": "r", "r": "l"}[n[-1]] if n[-2:] in ("_l", "_r") else n for n in names]
    places = np.array([1.0, 1.0, -1.0])
    signals = {
        "angles": angles.copy(data=angles.values * signs).assign_coords(coordinate=swapped),
        "markers": markers.copy(data=markers.values * places).assign_coords(
            marker=[{"L": "R", "R": "L"}.get(str(m)[0], str(m)[0]) + str(m)[1:] for m in markers["marker"].values]
        ),
        "root": root.copy(data=root.values * places),
    }
    events = recording.events.assign(side=recording.events["side"].map(_SWAP))
    return dataclasses.replace(recording, signals=signals, events=events)


def _with_neck(markers: xr.DataArray, sideways: np.ndarray) -> xr.DataArray:
    """A marker on the neck, half a metre above the middle of the pelvis and as far sideways as it leans."""
    pelvis = markers.sel(marker=["LASI", "RASI", "LPSI", "RPSI"]).mean("marker")
    neck = pelvis.values + 0.5 * np.stack([0 * sideways, 1 + 0 * sideways, sideways], axis=1)
    one = markers.isel(marker=[0]).assign_coords(marker=["C7"]).copy(data=neck[:, None, :])
    return xr.concat([markers, one], dim="marker").assign_attrs(markers.attrs)
