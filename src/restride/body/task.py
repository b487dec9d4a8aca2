"""What a movement sets each leg to do: muscle paths as long as they are, moments to supply.

A ``Task`` knows nothing of how strong anybody is. ``supply`` sets it against a set of
muscles, or against many sets at once: what each muscle could contribute, and what is
left to contribute after passive fibres did their part. Plain arrays throughout, legs
beside each other in the order of ``SIDES``, muscles without side in the order ``MUSCLES``.
"""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import xarray as xr
from scipy.interpolate import make_interp_spline

from restride.body.model import Body, MuscleSet
from restride.body.muscles import Capacity, capacity, geometry, tendon_length
from restride.body.parameters import MUSCLE_PARAMETERS
from restride.body.pose import plain_arrays
from restride.errors import SchemaError
from restride.signals.schema import SIDES, FloatArray, require
from restride.signals.vocabulary import SUFFIX

# what motion and force determine in every marker set
JOINTS: Final = ("hip_flexion", "hip_adduction", "hip_rotation", "knee_angle", "ankle_angle")
MUSCLES: Final = tuple(MUSCLE_PARAMETERS)
# three muscles on one long tendon, which does much of the stretching; the rest are as good as rigid
ACHILLES: Final = ("soleus", "gasmed", "gaslat")
_CALF: Final = [MUSCLES.index(name) for name in ACHILLES]
_ANKLE: Final = JOINTS.index("ankle_angle")


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What both legs had to do, frame by frame.

    Attributes
    ----------
    time_s : array, shape (time,)
    length : array, shape (time, side, muscle), m
        Of the whole path, tendon included.
    arms : array, shape (time, side, joint, muscle), m
        Moment about each of ``JOINTS`` per newton of pull.
    moments : array, shape (time, side, joint), N m
        Internal; NaN where not measured.
    """

    time_s: FloatArray
    length: FloatArray
    arms: FloatArray
    moments: FloatArray

    @property
    def known(self) -> np.ndarray:
        """Where a leg's moments were measured, bool (time, side)."""
        return np.asarray(~np.isnan(self.moments).any(axis=-1))


@dataclass(frozen=True, slots=True, eq=False)
class Supply:
    """What a set of muscles could do in a task; a leading dimension for each of many sets.

    Attributes
    ----------
    able : Capacity
        Arrays of shape (..., time, side, muscle).
    moments : array, shape (..., time, side, joint, muscle), N m
        Of each muscle at full activation.
    demand : array, shape (..., time, side, joint), N m
        Joint moments less what passive fibres supply; 0 where not measured.
    """

    able: Capacity
    moments: FloatArray
    demand: FloatArray


def task(body: Body, angles: xr.DataArray, root: xr.DataArray, moments: xr.DataArray) -> Task:
    """The task that a motion with its moments sets.

    Parameters
    ----------
    body : Body
    angles, root : DataArray
        The motion as used for the moments (``Dynamics.angles``, ``Dynamics.root``).
    moments : DataArray, dims (time, coordinate), units "N m"
        Internal; those of ``JOINTS`` for both legs are used. NaN: not measured.

    Raises
    ------
    SchemaError
        If a moment is missing or times differ.
    """
    q, _ = plain_arrays(body, angles, root)
    total = _moments_by_leg(moments, q.shape[0])
    length, arms = geometry(body, q)
    places, coordinates = _places(body), body.coordinates[3:]
    joints = np.array([[coordinates.index(j + SUFFIX[side]) for j in JOINTS] for side in SIDES])
    own = arms[:, places[:, None, :], joints[:, :, None]]
    return Task(np.asarray(angles["time"].values, dtype=np.float64), length[:, places], own, total)


def muscles_by_leg(muscles: MuscleSet) -> MuscleSet:
    """The same parameters as arrays of shape (side, muscle), muscles in the order ``MUSCLES``."""
    places = _columns(muscles.names)
    values = {f.name: getattr(muscles, f.name)[places] for f in fields(MuscleSet) if f.name != "names"}
    return MuscleSet(names=MUSCLES, **values)


def supply(given: Task, muscles: MuscleSet, *, elastic: bool = True) -> Supply:
    """What muscles could supply, and what is left to supply.

    Parameters
    ----------
    given : Task
    muscles : MuscleSet
        As from ``muscles_by_leg``; arrays of shape (..., 1, side, muscle) stand for many sets.
    elastic : bool
        Soleus and gastrocnemius share one tendon, stretched by the ankle moment it carries,
        which shortens and slows their fibres.
    """
    tendons = _tendons(given, muscles, elastic=elastic)
    rate = _rate(given.length - tendons, given.time_s)
    able = capacity(muscles, given.length, rate, tendon_length=tendons)
    passive = (given.arms @ able.passive[..., None])[..., 0]
    demand = np.where(given.known[..., None], given.moments - passive, 0.0)
    return Supply(able, given.arms * able.active[..., None, :], demand)


def _moments_by_leg(moments: xr.DataArray, frames: int) -> FloatArray:
    moments = require(moments, dims=("time", "coordinate"), units="N m", name="moments")
    names = [str(c) for c in moments["coordinate"].values]
    wanted = [j + SUFFIX[side] for side in SIDES for j in JOINTS]
    missing = sorted(set(wanted) - set(names))
    if missing or moments.sizes["time"] != frames:
        raise SchemaError(
            f"moments: expected {wanted} in {frames} frames as the angles, missing {missing} "
            f"in {moments.sizes['time']} frames"
        )
    values: FloatArray = moments.values[:, [names.index(w) for w in wanted]].reshape(frames, len(SIDES), len(JOINTS))
    return values


def _places(body: Body) -> np.ndarray:
    return _columns(body.muscles.names)


def _columns(names: tuple[str, ...]) -> np.ndarray:
    """Places (side, muscle) of each leg's muscles."""
    return np.array([[names.index(name + SUFFIX[side]) for name in MUSCLES] for side in SIDES])


def _rate(length: FloatArray, time_s: FloatArray) -> FloatArray:
    rate: FloatArray = make_interp_spline(time_s, length, k=3, axis=-3)(time_s, nu=1)
    return rate


def _tendons(given: Task, muscles: MuscleSet, *, elastic: bool) -> FloatArray:
    """Tendon lengths (..., time, side, muscle), m: the Achilles by its load, the others slack.

    Its load is known before the sharing is: the plantarflexion moment over what all
    plantarflexors would make at maximum isometric force. Taking each muscle's own share
    instead makes stretch and share chase each other from frame to frame.
    """
    slack = np.broadcast_to(
        muscles.tendon_slack_length, np.broadcast_shapes(muscles.max_isometric_force.shape, given.length.shape)
    )
    if not elastic:
        return slack
    pull = np.minimum(given.arms[..., _ANKLE, :], 0.0)
    strongest = (pull * muscles.max_isometric_force).sum(axis=-1)
    share = np.clip(np.nan_to_num(given.moments[..., _ANKLE]) / strongest, 0.0, 1.0)
    stretched = tendon_length(muscles, share[..., None] * muscles.max_isometric_force)
    lengths = slack.copy()
    lengths[..., _CALF] = stretched[..., _CALF]
    return lengths
