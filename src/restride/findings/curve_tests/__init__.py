"""Whole-curve statistics: where two sets of curves differ, with one error rate for the whole curve."""

from restride.findings.curve_tests.bands import band
from restride.findings.curve_tests.result import ALPHA, CurveTest, Method, Stretch, Unit, p_in_words
from restride.findings.curve_tests.tests import one_sample, paired, regression, two_sample

__all__ = [
    "ALPHA",
    "CurveTest",
    "Method",
    "Stretch",
    "Unit",
    "band",
    "one_sample",
    "p_in_words",
    "paired",
    "regression",
    "two_sample",
]
