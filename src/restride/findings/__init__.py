"""Numbers that say something: differences between legs and from what was required, as rows."""

from restride.findings.balance import Balance, balance
from restride.findings.cocontraction import cocontraction
from restride.findings.finding import Finding, Summary
from restride.findings.outing_samples import Samples, beside, grade, lasts_s, samples
from restride.findings.required import against_required, agreement, matched, unexplained
from restride.findings.sides import ACTIVITY, ANGLE, MOMENT, Quantity, differences, floor, moment, sides, strides
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
    "Samples",
    "Summary",
    "Window",
    "against_required",
    "agreement",
    "balance",
    "beside",
    "cocontraction",
    "differences",
    "floor",
    "grade",
    "lasts_s",
    "matched",
    "moment",
    "ordered",
    "samples",
    "sides",
    "strides",
    "summary",
    "timing",
    "unexplained",
    "windows",
]
