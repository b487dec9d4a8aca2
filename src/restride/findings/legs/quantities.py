"""The measures of a leg and its pelvis: how each is called, below which size nothing is said, and why."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

Family = Literal["pelvis and hip", "foot", "knee", "placement", "time"]

DEG: Final = 180 / np.pi
# two legs read one pelvis or one trunk with opposite signs, so an error of its zero enters their difference
# twice, while a smallest detectable difference (SDD) holds the errors of two sessions: 2 against sqrt(2)
SHARED: Final = float(np.sqrt(2))
# SDD of 2D angles of running one week apart (Dingenen 2018, n = 21): pelvic drop 2.8, trunk 2.3, hip adduction 3.8
_DROP_SDD, _TRUNK_SDD, _ADDUCTION_SDD = 2.8, 2.3, 3.8


@dataclass(frozen=True, slots=True)
class Quantity:
    """One measure per stride of a leg.

    Attributes
    ----------
    column : str
        Its column in ``measures``, in SI.
    name, units : str
        In words, and the unit of rows; ``factor`` takes SI there, ``digits`` are spoken.
    window : str
        Where in the stride it is read, one of ``WINDOWS``.
    floor : float
        In ``units``: two legs may differ by this much through the method alone, or as two sound legs do.
    floor_share : float
        The floor is at least this share of the larger leg's mean.
    reason : str
        Where the floor comes from.
    family : str
        Measures of one family are one witness, not several.
    points : {-1, 0, 1}
        Whether more (1) or less (-1) of it speaks of the leg that has it; 0: its sign names no leg.
    more : str
        What is said of the leg that has more, with ``{side}`` and ``{size}``.
    """

    column: str
    name: str
    units: str
    factor: float
    digits: int
    window: str
    floor: float
    floor_share: float
    reason: str
    family: Family
    points: Literal[-1, 0, 1]
    more: str


_PELVIS: Final = "SDD 2.8 degrees (Dingenen 2018, n = 21), times sqrt(2) because both legs read one pelvis"
_LEVEL: Final = "our decision: a mean angle hangs on where markers stuck; twice the SDD of up to 5 degrees"
QUANTITIES: Final = (
    Quantity(
        *("pelvic_drop_rad", "pelvic drop at mid-stance", "deg", DEG, 1, "mid-stance", SHARED * _DROP_SDD, 0.0),
        *(_PELVIS, "pelvis and hip", 1, "pelvic drop at mid-stance is {size} larger on the {side}"),
    ),
    Quantity(
        *("pelvic_drop_peak_rad", "pelvic drop, peak in stance", "deg", DEG, 1, "stance", SHARED * _DROP_SDD, 0.0),
        *(_PELVIS, "pelvis and hip", 1, "peak pelvic drop is {size} larger on the {side}"),
    ),
    Quantity(
        *("pelvic_drop_gain_rad", "pelvic drop from contact to its peak", "deg", DEG, 1, "stance", _DROP_SDD, 0.0),
        "SDD of pelvic drop, 2.8 degrees (Dingenen 2018, n = 21); the zero of the pelvis drops out",
        *("pelvis and hip", 1, "the pelvis drops {size} further after contact on the {side}"),
    ),
    Quantity(
        *("trunk_lean_rad", "trunk lean over the stance leg", "deg", DEG, 1, "mid-stance", SHARED * _TRUNK_SDD, 0.0),
        "SDD 2.3 degrees (Dingenen 2018, n = 21), times sqrt(2) because both legs read one trunk",
        *("pelvis and hip", 1, "the trunk leans {size} further over the {side} leg"),
    ),
    Quantity(
        *("hip_adduction_peak_rad", "peak hip adduction", "deg", DEG, 1, "stance", SHARED * _ADDUCTION_SDD, 0.0),
        "SDD 3.8 degrees (Dingenen 2018, n = 21), times sqrt(2) because both legs read one pelvis",
        *("pelvis and hip", 1, "hip adduction peaks {size} higher on the {side}"),
    ),
    Quantity(
        *("placement_m", "foot placement from the line of progress", "mm", 1e3, 0, "mid-stance", 20.0, 0.0),
        "our decision: a pelvis centre 5 mm off moves the two legs 10 mm apart, and sound feet differ by as much again",
        *("placement", -1, "the {side} foot is set {size} further out"),
    ),
    Quantity(
        *("foot_pitch_contact_rad", "foot pitch at contact, toes up", "deg", DEG, 1, "contact", 6.9, 0.0),
        "typical error 2.5 degrees of the foot strike angle (University of Waikato, n = 155), times 2.77",
        *("foot", -1, "the {side} foot lands with its toes {size} higher"),
    ),
    Quantity(
        *("foot_pitch_toe_off_rad", "foot pitch at toe-off, toes up", "deg", DEG, 1, "toe-off", 6.9, 0.0),
        "as the foot strike angle, of which alone repeat measures were found",
        *("foot", 1, "the {side} foot is tipped {size} less forward at toe-off"),
    ),
    Quantity(
        *("foot_pitch_swing_rad", "foot pitch in late swing, toes up", "deg", DEG, 1, "late swing", 6.9, 0.0),
        "as the foot strike angle, of which alone repeat measures were found",
        *("foot", -1, "the toes of the {side} foot are {size} higher in late swing"),
    ),
    Quantity(
        *("dorsiflexion_swing_rad", "ankle dorsiflexion, peak in swing", "deg", DEG, 1, "swing", 10.0, 0.0, _LEVEL),
        *("foot", -1, "the {side} ankle bends {size} further up in swing"),
    ),
    Quantity(
        *("clearance_m", "toe clearance in mid-swing", "mm", 1e3, 0, "mid-swing", 15.0, 0.2),
        "our decision: two toe markers pass 10 mm apart on a foot that inverts; of the height of a run a fifth",
        *("foot", -1, "the {side} toes pass {size} higher above the ground"),
    ),
    Quantity(
        *("whip_rad", "heel whip in swing, heel inward", "deg", DEG, 1, "swing", 10.0, 0.0),
        "the larger class of whips in sound runners, of whom one foot in two whips by over 5 (Souza 2015, n = 256)",
        *("foot", 0, "the {side} heel whips {size} further inward"),
    ),
    Quantity(
        *("knee_extension_rad", "least knee flexion in stance", "deg", DEG, 1, "stance", 10.0, 0.0, _LEVEL),
        *("knee", 0, "the {side} knee stays {size} more bent in stance"),
    ),
    Quantity(
        *("knee_midstance_rad", "knee flexion at mid-stance", "deg", DEG, 1, "mid-stance", 10.0, 0.0, _LEVEL),
        *("knee", 0, "the {side} knee is bent {size} more at mid-stance"),
    ),
    Quantity(
        *("shortening", "shortening of the leg in swing", "% of leg", 100.0, 1, "swing", 3.0, 0.0),
        "our decision: three percent of a leg are the clearance of one walking step",
        *("foot", -1, "the {side} leg shortens {size} more in swing"),
    ),
    Quantity(
        *("rise_m", "rise and fall over the step", "mm", 1e3, 0, "whole stride", 0.0, 0.30),
        "symmetry angle 11.2 % of vertical displacement in sound runners (Girard 2019, n = 9)",
        *("time", 0, "the body rises and falls {size} more over the {side} step"),
    ),
)
# shared by both legs or told as a stride's time elsewhere: measured and held against baseline and norm, not leg to leg
WHOLE: Final = (
    Quantity(
        *("contact_time_s", "contact time", "ms", 1e3, 0, "stance", 0.0, 0.05),
        "symmetry angle up to 2 % of sound runners (Girard 2019, n = 9)",
        *("time", 0, "contact time is {size} longer on the {side}"),
    ),
    Quantity(
        *("flight_time_s", "flight time after this leg", "ms", 1e3, 0, "swing", 0.0, 0.10),
        "symmetry angle 1.7 % (SD 0.2) of sound runners (Girard 2019, n = 9)",
        *("time", 0, "flight time is {size} longer after the {side}"),
    ),
    Quantity(
        *("contact_share", "share of the stride on the ground", "%", 100.0, 1, "whole stride", 0.0, 0.05),
        "as contact time",
        *("time", 0, "the {side} foot is on the ground {size} of the stride more"),
    ),
    Quantity(
        *("cadence_hz", "steps a minute", "per min", 60.0, 0, "whole stride", 0.0, 0.05),
        "symmetry angle 0.7 % of step frequency (Girard 2019, n = 9); day to day not published, our decision",
        *("time", 0, "cadence is {size} higher by the strides of the {side}"),
    ),
    Quantity(
        *("step_width_m", "step width", "mm", 1e3, 0, "mid-stance", 20.0, 0.0),
        "as foot placement",
        *("placement", 0, "steps are {size} wider by the strides of the {side}"),
    ),
)
# start and end as shares of the contact (0 to 1) or, from 1 to 2, of the swing after it
WINDOWS: Final = {
    "contact": (0.0, 0.0),
    "mid-stance": (0.5, 0.5),
    "stance": (0.0, 1.0),
    "toe-off": (1.0, 1.0),
    "swing": (1.0, 2.0),
    "mid-swing": (1.25, 1.75),
    "late swing": (1.5, 2.0),
    "whole stride": (0.0, 2.0),
}
BY_COLUMN: Final = {q.column: q for q in (*QUANTITIES, *WHOLE)}
