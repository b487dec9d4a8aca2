"""The musculoskeletal body: its size, its motion, its moments, and what they required."""

from restride.body.dynamics import Dynamics, contacts, derived_force, moments
from restride.body.model import Body, MuscleSet, generic, resized
from restride.body.pose import coordinates_of, periodic, positions
from restride.body.required import Required, at_sites, floors, required
from restride.body.scaling import scaled, sized
from restride.body.tracking import Tracking, track
from restride.body.virtual import virtual_markers

__all__ = [
    "Body",
    "Dynamics",
    "MuscleSet",
    "Required",
    "Tracking",
    "at_sites",
    "contacts",
    "coordinates_of",
    "derived_force",
    "floors",
    "generic",
    "moments",
    "periodic",
    "positions",
    "required",
    "resized",
    "scaled",
    "sized",
    "track",
    "virtual_markers",
]
