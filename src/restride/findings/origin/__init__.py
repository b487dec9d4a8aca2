"""Whether an odd burst is the fault or answers one: differences explained by the movement, and what is left."""

from restride.findings.origin.expected import Expected, expected
from restride.findings.origin.found import NAMED_ODDS
from restride.findings.origin.origin import origin
from restride.findings.origin.records import Cause, Departure, Kind, MuscleOrigin, Origin, Verdict
from restride.findings.origin.rows import content, rows
from restride.findings.origin.situation import Situation, pair, situation

__all__ = [
    "NAMED_ODDS",
    "Cause",
    "Departure",
    "Expected",
    "Kind",
    "MuscleOrigin",
    "Origin",
    "Situation",
    "Verdict",
    "content",
    "expected",
    "origin",
    "pair",
    "rows",
    "situation",
]
