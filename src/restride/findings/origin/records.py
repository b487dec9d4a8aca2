"""What is said about where a difference comes from: records only.

Two situations are compared, the first minus the second: the left leg and the right, or
one leg on two days. Everything is in shares of the EMG's reference.
"""

from dataclasses import dataclass
from typing import Literal

import xarray as xr

from restride.findings.statistics import Estimate

Verdict = Literal["alike", "explained", "too busy", "too quiet", "late", "early", "answers", "cannot tell"]
Kind = Literal["too busy", "too quiet", "late", "early", "weak"]


@dataclass(frozen=True, slots=True)
class MuscleOrigin:
    """One muscle: what differs, what of it the movement asked for, and what is left.

    Attributes
    ----------
    site : str
        Electrode site, without side.
    verdict : str
        "alike": no difference beyond strides and method. "explained": the movement asks for the
        difference. "too busy", "too quiet", "late", "early": by itself. "answers": it makes up for the
        weakness that was inferred. "cannot tell": with ``reason``.
    situation : str
        Which of the two the verdict speaks of ("left leg"); empty where it speaks of none.
    reason : str
        Why it cannot be told, or why the situation cannot be named; otherwise empty.
    window : tuple of float
        Start and end in percent of the stride where the difference is clearest.
    window_name : str
    measured, required, unexplained : Estimate
        First minus second, mean over the window; measured = required + unexplained.
    p : float
        Of the unexplained difference over the whole curve; NaN where it was not tested.
    sentence : str
    """

    site: str
    verdict: Verdict
    situation: str
    reason: str
    window: tuple[float, float]
    window_name: str
    measured: Estimate
    required: Estimate
    unexplained: Estimate
    p: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause that was weighed, and how probable it is among all that were.

    Attributes
    ----------
    kind : str
    what : tuple of str
        Electrode sites of a muscle by itself, model muscles of a weak group.
    name : str
        In words, without side: "tibialis anterior", "hip abductors".
    situation : str
        "left leg".
    window : tuple of float
        In percent of the stride; (0, 100) where the cause knows none.
    size : float
        Too busy: added activity in shares of the reference. Too quiet: share that is left. Late, early: shift in
        percent of the stride. Weak: share of the strength that is left.
    probability : float
        Among all causes weighed, given that there is one; each counted as likely beforehand but for
        ``causes.RARE``.
    sentence : str
    """

    kind: Kind
    what: tuple[str, ...]
    name: str
    situation: str
    window: tuple[float, float]
    size: float
    probability: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Departure:
    """When one joint or muscle leaves the other situation, in percent of the stride, with its 95 % interval."""

    name: str
    at: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """Where the differences of two situations come from.

    Attributes
    ----------
    situations : tuple of str
        "left leg", "right leg"; differences are the first minus the second.
    curves : Dataset, dims (phase, site), units "1"
        ``measured, required, unexplained``, each also with ``_low`` and ``_high``: mean difference and its 95 %
        band over strides; ``p``: of the stretch of unexplained difference a phase belongs to, 1 outside of any.
    muscles : tuple of MuscleOrigin
        Verdicts other than "alike" first.
    causes : tuple of Cause
        The most probable first.
    named : Cause or None
        The cause that is named; None where nothing departs or none stands out, and ``untold`` says which.
    untold : str
        "The motion and the data cannot tell these apart: ..."; empty if nothing is left open.
    odds : float
        How many times likelier the data are with the most evident cause than with none; a cause is named from
        20 on.
    departures : tuple of Departure
        Earliest first.
    sentences : tuple of str
        The most telling first.
    method : str
    """

    situations: tuple[str, str]
    curves: xr.Dataset
    muscles: tuple[MuscleOrigin, ...]
    causes: tuple[Cause, ...]
    named: Cause | None
    untold: str
    odds: float
    departures: tuple[Departure, ...]
    sentences: tuple[str, ...]
    method: str
