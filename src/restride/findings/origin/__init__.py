"""Whether an odd burst is the fault or answers one: differences explained by the movement, and what is left."""

from restride.findings.origin.records import Cause, Departure, Kind, MuscleOrigin, Origin, Verdict

__all__ = ["Cause", "Departure", "Kind", "MuscleOrigin", "Origin", "Verdict"]
