"""Numbers that say something: differences between legs and from what was required, as rows."""

from restride.findings.balance import Balance, balance
from restride.findings.between import change_curves, changes, interactions, left_shares
from restride.findings.cocontraction import cocontraction
from restride.findings.conditions import differing
from restride.findings.effects import effects
from restride.findings.finding import Finding, Summary
from restride.findings.outing_samples import Samples, beside, grade, lasts_s, samples
from restride.findings.pairs import of_curves, of_strides, of_timing
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
    "change_curves",
    "changes",
    "cocontraction",
    "differences",
    "differing",
    "effects",
    "floor",
    "grade",
    "interactions",
    "lasts_s",
    "left_shares",
    "matched",
    "moment",
    "of_curves",
    "of_strides",
    "of_timing",
    "ordered",
    "samples",
    "sides",
    "strides",
    "summary",
    "timing",
    "unexplained",
    "windows",
]
