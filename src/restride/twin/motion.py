"""The motion of the synthetic runner: angles, place of the pelvis, force under each foot."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from scipy.interpolate import make_interp_spline

from restride.body.model import Body
from restride.body.pose import as_labelled
from restride.signals.schema import SIDES, SPACE, FloatArray, labelled
from restride.twin import steps
from restride.twin.gait import LEG_TERMS, PELVIS_TERMS, angle_rad, pressure_path
from restride.twin.segments import centre_of_mass, landmarks, poses

# points of the foot: under its middle, at the back of the heel, at both ends of the line of the toes
FOOT: Final = ("foot_touch", "CAL", "TOE", "MT5")
# share of the time on the ground in which the foot lies flat, for the height of the floor
FLAT: Final = (0.25, 0.65)


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """What the runner does, without any measurement error.

    Attributes
    ----------
    phase : array, shape (time,)
        Strides of the right leg since its first contact; the left is half a stride on.
    angles, root : DataArray, dims (time, coordinate) and (time, space), rad and m
    feet : array, shape (time, side, 2, 3), m, lab
        Heel and middle of the forefoot, at the height of their markers.
    """

    phase: FloatArray
    angles: xr.DataArray
    root: xr.DataArray
    feet: FloatArray

    @property
    def time_s(self) -> FloatArray:
        """Times of all samples."""
        return np.asarray(self.angles["time"].values, dtype=np.float64)

    def leg_phase(self, side: str) -> FloatArray:
        """Strides of one leg; whole numbers at its contacts."""
        return self.phase + (0.5 if side == "left" else 0.0)


def motion(
    body: Body,
    run: steps.Steps,
    time_s: FloatArray,
    *,
    spread: float,
    rng: np.random.Generator,
    size: Mapping[str, float] | None = None,
) -> Motion:
    """The runner's motion in a run of steps.

    Parameters
    ----------
    body : Body
    run : Steps
        Longer than ``time_s`` at both ends.
    time_s : array, shape (time,)
    spread : float
        SD of the size of each angle's swing from stride to stride, as a share.
    rng : Generator
    size : mapping of coordinate to float, optional
        Factors on the swing of single angles, for legs that do not move alike.

    Notes
    -----
    The pelvis is put where the centre of mass of the whole body lies on the path that
    the ground force makes, so the momentum balance closes exactly. The floor is where
    the soles are while the foot lies flat.
    """
    phase = steps.phase(run, time_s)
    q = _angles(body, phase, spread=spread, rng=rng, size=size or {})
    angles, still = as_labelled(body, q, np.zeros((time_s.size, 3)), time_s)
    place, turn = poses(body, angles, still)
    shift = steps.centre_of_mass(run, time_s) - centre_of_mass(body, place, turn)
    sites = [f"{name}_{side[0]}" for side in SIDES for name in FOOT]
    feet = landmarks(body, place, turn, sites).reshape(time_s.size, len(SIDES), len(FOOT), 3) + shift[:, None, None]
    floor_m = float(np.median(feet[_flat(run, time_s)][:, 0, 1]))
    shift[:, 1] -= floor_m
    feet[..., 1] -= floor_m
    _, root = as_labelled(body, q, shift, time_s)
    return Motion(phase, angles, root, np.stack([feet[:, :, 1], feet[:, :, 2:].mean(axis=2)], axis=2))


def ground_force(run: steps.Steps, time_s: FloatArray, *, mass_kg: float) -> xr.DataArray:
    """Force under each foot, dims (time, side, space), N, lab; 0 off the ground."""
    return _by_foot(steps.force_per_mass(run, time_s) * mass_kg, time_s, "N", "grf")


def centre_of_pressure(moved: Motion, run: steps.Steps, time_s: FloatArray) -> xr.DataArray:
    """Where the force acts on the floor, dims (time, side, space), m, lab; NaN off the ground."""
    flat = moved.feet.reshape(moved.time_s.size, -1)
    feet = make_interp_spline(moved.time_s, flat, k=3)(time_s).reshape(time_s.size, *moved.feet.shape[1:])
    share = np.where(
        steps.force_per_mass(run, time_s)[..., 1] > 0, steps.share_of_contact(run, time_s)[:, None], np.nan
    )
    heel, forefoot = feet[:, :, 0], feet[:, :, 1]
    centre = heel + pressure_path(share)[..., None] * (forefoot - heel)
    centre[..., 1] = np.where(np.isnan(share), np.nan, 0.0)
    return _by_foot(centre, time_s, "m", "cop")


def _by_foot(values: FloatArray, time_s: FloatArray, units: str, name: str) -> xr.DataArray:
    coords = {"time": time_s, "side": list(SIDES), "space": list(SPACE)}
    return labelled(values, dims=("time", "side", "space"), units=units, coords=coords, frame="lab", name=name)


def _flat(run: steps.Steps, time_s: FloatArray) -> np.ndarray:
    """When each foot lies flat on the ground, bool (time, side)."""
    share = steps.share_of_contact(run, time_s)[:, None]
    return (steps.force_per_mass(run, time_s)[..., 1] > 0) & (share > FLAT[0]) & (share < FLAT[1])


def _angles(
    body: Body, phase: FloatArray, *, spread: float, rng: np.random.Generator, size: Mapping[str, float]
) -> FloatArray:
    """All coordinates (time, coordinate), rad; what has no terms stands at 0."""
    q = np.zeros((phase.size, len(body.coordinates)))
    for column, name in enumerate(body.coordinates):
        terms = PELVIS_TERMS.get(name) or LEG_TERMS.get(name[:-2])
        swing = size.get(name, 1.0) * per_stride(phase, spread=spread, rng=rng)
        if terms is not None:
            q[:, column] = angle_rad(terms, phase + (0.5 if name.endswith("_l") else 0.0), amplitude=swing)
    return q


def per_stride(phase: FloatArray, *, spread: float, rng: np.random.Generator) -> FloatArray:
    """A factor around 1, drawn anew each stride and turned smoothly from one to the next."""
    strides = np.arange(np.floor(phase.min()) - 1, np.ceil(phase.max()) + 2)
    drawn = 1 + spread * rng.standard_normal(strides.size)
    before = np.clip(np.searchsorted(strides, phase, side="right") - 1, 0, strides.size - 2)
    s = phase - strides[before]
    # a smooth step with no velocity, acceleration or jerk at its ends
    smooth = s**4 * (35 - 84 * s + 70 * s**2 - 20 * s**3)
    return np.asarray(drawn[before] + smooth * (drawn[before + 1] - drawn[before]), dtype=np.float64)
