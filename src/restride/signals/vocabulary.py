"""The words restride uses, and the ways files write them.

Three vocabularies: electrode sites (SENIAM names) and the model muscles beneath each;
joint coordinates (OpenSim names) and what their sign means; events and sides.
Marker labels have a file of their own, ``landmarks.py``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from restride.signals.recording import Side

SUFFIX: Final[Mapping[str, str]] = {"left": "_l", "right": "_r"}

# electrode site -> muscles of the body model beneath it (without side)
SITES: Final[Mapping[str, tuple[str, ...]]] = {
    "tibialis_anterior": ("tibant",),
    "peroneus_longus": ("perlong",),
    "peroneus_brevis": ("perbrev",),
    "soleus": ("soleus",),
    "gastrocnemius_medialis": ("gasmed",),
    "gastrocnemius_lateralis": ("gaslat",),
    "gastrocnemius": ("gasmed", "gaslat"),
    "rectus_femoris": ("recfem",),
    "vastus_lateralis": ("vaslat",),
    "vastus_medialis": ("vasmed",),
    "biceps_femoris": ("bflh",),
    "medial_hamstrings": ("semimem", "semiten"),
    "semitendinosus": ("semiten",),
    "semimembranosus": ("semimem",),
    "gluteus_maximus": ("glmax1", "glmax2", "glmax3"),
    "gluteus_medius": ("glmed1", "glmed2", "glmed3"),
    "adductor_longus": ("addlong",),
    "tensor_fasciae_latae": ("tfl",),
    "gracilis": ("grac",),
    "sartorius": ("sart",),
    "iliopsoas": ("iliacus", "psoas"),
    "extensor_digitorum_longus": ("edl",),
    "extensor_hallucis_longus": ("ehl",),
    "tibialis_posterior": ("tibpost",),
}

# functional groups for what is certain (a group's minimum) and for weakness
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "dorsiflexors": ("tibant", "edl", "ehl"),
    "triceps_surae": ("soleus", "gasmed", "gaslat"),
    "plantarflexors": ("soleus", "gasmed", "gaslat", "tibpost", "fdl", "fhl", "perlong", "perbrev"),
    "evertors": ("perlong", "perbrev"),
    "knee_extensors": ("recfem", "vaslat", "vasmed", "vasint"),
    "hamstrings": ("bflh", "bfsh", "semimem", "semiten"),
    "hip_flexors": ("iliacus", "psoas", "recfem", "sart", "tfl"),
    "hip_extensors": ("glmax1", "glmax2", "glmax3", "bflh", "semimem", "semiten", "addmagIsch"),
    "hip_abductors": ("glmed1", "glmed2", "glmed3", "glmin1", "glmin2", "glmin3", "tfl"),
    "hip_adductors": ("addbrev", "addlong", "addmagDist", "addmagIsch", "addmagMid", "addmagProx", "grac"),
}

# coordinates of one leg (without side) -> what a positive value means, both legs
LEG_COORDINATES: Final[Mapping[str, str]] = {
    "hip_flexion": "flexion",
    "hip_adduction": "adduction",
    "hip_rotation": "internal rotation",
    "knee_angle": "flexion",
    "ankle_angle": "dorsiflexion",
    "subtalar_angle": "inversion",
    "mtp_angle": "toe extension",
}
PELVIS_COORDINATES: Final[Mapping[str, str]] = {
    "pelvis_tilt": "backward tilt",
    "pelvis_list": "right side down",
    "pelvis_rotation": "turned to the left",
}


def both_sides(name: str) -> tuple[str, str]:
    """``("name_l", "name_r")``."""
    return f"{name}_l", f"{name}_r"


def side_of(name: str) -> Side | None:
    """Side of a restride name with the suffix ``_l`` or ``_r``; None without."""
    return {"_l": "left", "_r": "right"}.get(name[-2:])  # type: ignore[return-value]


def without_side(name: str) -> str:
    """A restride name without its suffix ``_l`` or ``_r``."""
    return name[:-2] if name[-2:] in ("_l", "_r") else name


def plain(name: str) -> str:
    """A name as people read it: ``tibialis_anterior`` becomes ``tibialis anterior``."""
    return re.sub(r"_+", " ", name).strip()


def listed(words: Sequence[str], *, last: str = "and") -> str:
    """Words in a row: ``a, b and c``; before the last one stands ``last``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


@dataclass(frozen=True, slots=True)
class Site:
    """What a channel label says: electrode site and side, None where it does not say."""

    muscle: str | None
    side: Side | None
