"""Legs and pelvis: measures of each stride, against the other leg, the own baseline and a norm."""

from restride.findings.legs.compared import against_baseline, against_norm, sides
from restride.findings.legs.measures import measures
from restride.findings.legs.norms import NORMS, Norm, norm
from restride.findings.legs.quantities import BY_COLUMN, QUANTITIES, Quantity
from restride.findings.legs.weighed import Weighed, Witness, weighed

__all__ = [
    "BY_COLUMN",
    "NORMS",
    "QUANTITIES",
    "Norm",
    "Quantity",
    "Weighed",
    "Witness",
    "against_baseline",
    "against_norm",
    "measures",
    "norm",
    "sides",
    "weighed",
]
