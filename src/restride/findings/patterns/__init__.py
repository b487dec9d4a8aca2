"""How a muscle is used: when it is on, what it holds between bursts, and with whom it works."""

from restride.findings.patterns.alike import Alike, alike
from restride.findings.patterns.bursts import SWITCHED, Burst, burst_rows, counts, duty, duty_rows, missing, said, usual
from restride.findings.patterns.knee_hip import knee_share, knee_share_rows
from restride.findings.patterns.moments import JOINTS, against_itself, driven, held, held_rows
from restride.findings.patterns.onsets import disagreements, onsets
from restride.findings.patterns.proportions import share_difference, share_estimate
from restride.findings.patterns.rows import KINDS, opposing, pattern_rows, timing_rows
from restride.findings.patterns.tonic import tonic_rows, tonic_share

__all__ = [
    "JOINTS",
    "KINDS",
    "SWITCHED",
    "Alike",
    "Burst",
    "against_itself",
    "alike",
    "burst_rows",
    "counts",
    "disagreements",
    "driven",
    "duty",
    "duty_rows",
    "held",
    "held_rows",
    "knee_share",
    "knee_share_rows",
    "missing",
    "onsets",
    "opposing",
    "pattern_rows",
    "said",
    "share_difference",
    "share_estimate",
    "timing_rows",
    "tonic_rows",
    "tonic_share",
    "usual",
]
