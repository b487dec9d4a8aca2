"""A runner with a known truth: files of a take that nobody ran, with planted faults."""

from restride.twin.faults import BUSY_THIGH, DEMO_FAULTS, QUIET_TIBIALIS, WEAK_GLUTEUS, Fault
from restride.twin.person import AS_MODELLED, ELECTRODES, Person
from restride.twin.takes import Muscles, Run, muscles, run
from restride.twin.write import Truth, write

__all__ = [
    "AS_MODELLED",
    "BUSY_THIGH",
    "DEMO_FAULTS",
    "ELECTRODES",
    "QUIET_TIBIALIS",
    "WEAK_GLUTEUS",
    "Fault",
    "Muscles",
    "Person",
    "Run",
    "Truth",
    "muscles",
    "run",
    "write",
]
