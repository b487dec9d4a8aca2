"""Standing and floor tests: sway, single-leg stance, toe taps, squats, and the way back after a run."""

from restride.standing.recovery import Recovery, recovery
from restride.standing.repetitions import inclination, repetitions
from restride.standing.smoothness import log_dimensionless_jerk, spectral_arc_length
from restride.standing.stance import held_by_force, held_by_height, held_by_sensor, on_plate
from restride.standing.sway import Sway, sway, velocities
from restride.standing.taps import Rhythm, rhythm, taps_from_bursts, taps_from_force, taps_from_turning
from restride.standing.trunk import TrunkSway, trunk_sway

__all__ = [
    "Recovery",
    "Rhythm",
    "Sway",
    "TrunkSway",
    "held_by_force",
    "held_by_height",
    "held_by_sensor",
    "inclination",
    "log_dimensionless_jerk",
    "on_plate",
    "recovery",
    "repetitions",
    "rhythm",
    "spectral_arc_length",
    "sway",
    "taps_from_bursts",
    "taps_from_force",
    "taps_from_turning",
    "trunk_sway",
    "velocities",
]
