"""A runner with a known truth: files of a take that nobody ran, with planted faults."""

from restride.twin.faults import BUSY_THIGH, DEMO_FAULTS, QUIET_TIBIALIS, WEAK_GLUTEUS, Fault
from restride.twin.write import Truth, write

__all__ = ["BUSY_THIGH", "DEMO_FAULTS", "QUIET_TIBIALIS", "WEAK_GLUTEUS", "Fault", "Truth", "write"]
