"""How the synthetic runner's own body differs from the one that will judge the take."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from restride.body.model import MuscleSet
from restride.body.required import Effort
from restride.body.task import MUSCLES
from restride.signals.schema import SIDES, FloatArray
from restride.signals.vocabulary import SUFFIX

# one electrode each, on both legs
ELECTRODES: Final = (
    "tibialis_anterior",
    "peroneus_longus",
    "soleus",
    "gastrocnemius_medialis",
    "vastus_lateralis",
    "vastus_medialis",
    "rectus_femoris",
    "biceps_femoris",
    "medial_hamstrings",
    "gluteus_maximus",
    "gluteus_medius",
    "tensor_fasciae_latae",
)


@dataclass(frozen=True, slots=True)
class Person:
    """One runner; spreads are standard deviations as shares.

    Attributes
    ----------
    strength_spread, fibre_spread : float
        Of maximum isometric force and of optimal fibre length, muscle by muscle, both legs alike.
    side_spread : float
        Of both, between the legs.
    motion_spread : float
        Of the size of each angle's swing, between the legs.
    effort : {"squared", "cubed"}
        What the runner's nerves make least.
    gain_spread : float
        Of each EMG channel's gain.
    emg_spread : float
        Of each channel's activity from stride to stride.
    marker_noise_m : float
        White noise on each axis of each marker.
    electrodes : tuple of str
        Sites recorded on both legs.
    """

    strength_spread: float = 0.0
    fibre_spread: float = 0.0
    side_spread: float = 0.0
    motion_spread: float = 0.0
    effort: Effort = "squared"
    gain_spread: float = 0.10
    emg_spread: float = 0.10
    marker_noise_m: float = 0.001
    electrodes: tuple[str, ...] = ELECTRODES


AS_MODELLED: Final = Person()


def own_muscles(muscles: MuscleSet, person: Person, *, rng: np.random.Generator) -> MuscleSet:
    """The published muscles as this person has them, both legs."""

    def factors(spread: float) -> FloatArray:
        shared = spread * rng.standard_normal(len(MUSCLES))
        own = person.side_spread * rng.standard_normal((len(SIDES), len(MUSCLES)))
        by_name = {m + SUFFIX[s]: own[k, j] + shared[j] for k, s in enumerate(SIDES) for j, m in enumerate(MUSCLES)}
        return np.exp([by_name[name] for name in muscles.names])

    return replace(
        muscles,
        max_isometric_force=muscles.max_isometric_force * factors(person.strength_spread),
        optimal_fiber_length=muscles.optimal_fiber_length * factors(person.fibre_spread),
    )
