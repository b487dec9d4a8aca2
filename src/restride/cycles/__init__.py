"""When things happen: contacts, strides, and signals cut into them."""

from restride.cycles.drift import undrifted
from restride.cycles.emg_strides import emg_strides_doubt, events_from_emg
from restride.cycles.events import detect
from restride.cycles.force_events import events_from_force
from restride.cycles.force_steps import steps_from_force
from restride.cycles.marker_events import events_from_markers
from restride.cycles.movement import movement_of
from restride.cycles.normalise import by_leg, normalise
from restride.cycles.plates import assign_plates, complete_force
from restride.cycles.segment import kept, rejected, segment
from restride.cycles.spatiotemporal import spatiotemporal
from restride.cycles.turns import turn_work, turns, turns_between

__all__ = [
    "assign_plates",
    "by_leg",
    "complete_force",
    "detect",
    "emg_strides_doubt",
    "events_from_emg",
    "events_from_force",
    "events_from_markers",
    "kept",
    "movement_of",
    "normalise",
    "rejected",
    "segment",
    "spatiotemporal",
    "steps_from_force",
    "turn_work",
    "turns",
    "turns_between",
    "undrifted",
]
