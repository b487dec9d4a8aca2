"""Numbers that say something: differences between legs and from what was required, as rows."""

from restride.findings.balance import Balance, balance, grade
from restride.findings.cocontraction import cocontraction
from restride.findings.finding import Finding, Summary
from restride.findings.required import against_required, agreement, matched, unexplained
from restride.findings.sides import ACTIVITY, ANGLE, MOMENT, Quantity, differences, floor, sides, strides
from restride.findings.statistics import Window, windows
from restride.findings.summary import ordered, summary
from restride.findings.timing import timing

__all__ = [
    "ACTIVITY",
    "ANGLE",
    "MOMENT",
    "Balance",
    "Finding",
    "Quantity",
    "Summary",
    "Window",
    "against_required",
    "agreement",
    "balance",
    "cocontraction",
    "differences",
    "floor",
    "grade",
    "matched",
    "ordered",
    "sides",
    "strides",
    "summary",
    "timing",
    "unexplained",
    "windows",
]
