"""The musculoskeletal body: its size, its motion, its moments, and what they required."""

from restride.body.contributions import OPPOSED, capacities, opposed
from restride.body.dynamics import Dynamics, contacts, derived_force, moments
from restride.body.model import Body, MuscleSet, generic, resized
from restride.body.pose import coordinates_of, periodic, positions
from restride.body.required import Required, at_sites, floors, least_effort, required
from restride.body.scaling import scaled, sized
from restride.body.task import JOINTS, MUSCLES, Task, muscles_by_leg, supply, task
from restride.body.tracking import Tracking, track
from restride.body.virtual import virtual_markers
from restride.body.weakness import WEAK_GROUPS, activations, sweep, underdriven, weakened

__all__ = [
    "JOINTS",
    "MUSCLES",
    "OPPOSED",
    "WEAK_GROUPS",
    "Body",
    "Dynamics",
    "MuscleSet",
    "Required",
    "Task",
    "Tracking",
    "activations",
    "at_sites",
    "capacities",
    "contacts",
    "coordinates_of",
    "derived_force",
    "floors",
    "generic",
    "least_effort",
    "moments",
    "muscles_by_leg",
    "opposed",
    "periodic",
    "positions",
    "required",
    "resized",
    "scaled",
    "sized",
    "supply",
    "sweep",
    "task",
    "track",
    "underdriven",
    "virtual_markers",
    "weakened",
]
