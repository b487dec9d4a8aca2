"""The own measurement error of one person: how far a measure moves between sessions when nothing was changed.

Whoever wants to know whether a change is more than that takes ``own_error`` of the baseline
sessions and holds the change ``against`` it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy import stats

from restride.signals.recording import Doubt
from restride.signals.schema import FloatArray

# two sessions have one degree of freedom: their interval reaches to more than thirty times the estimate
FEWEST_SESSIONS: Final = 3
CONFIDENCE: Final = 0.95
# below this the upper end of the interval is more than twice the estimate
FEW_SESSIONS: Final = 9
# a change is the difference of two sessions, and both are noisy (Weir 2005, J Strength Cond Res 19:231)
MDC_PER_SD: Final = 1.96 * np.sqrt(2.0)
METHOD: Final = (
    "smallest change that is larger than the noise of two sessions, 1.96 sqrt(2) SD of the sessions (Weir 2005; "
    "Beaton 2000); interval from the chi-square distribution of their variance"
)

Verdict = Literal["within", "unsure", "beyond", "not known"]


@dataclass(frozen=True, slots=True)
class OwnError:
    """Noise of one measure of one person between sessions.

    Attributes
    ----------
    n : int
        Baseline sessions.
    mean, sd, mdc : float
        In the units of the values; ``sd`` is that within the person, between sessions;
        ``mdc`` the minimal detectable change at 95 %. NaN with the reason in ``reason``.
    sd_interval, mdc_interval : tuple of float or None
        95 % intervals.
    reason : str
        Why there is no error; empty if there is one.
    doubts : tuple of Doubt
        Few sessions; a drift among them.
    """

    n: int
    mean: float
    sd: float
    mdc: float
    sd_interval: tuple[float, float] | None
    mdc_interval: tuple[float, float] | None
    reason: str
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Against:
    """A change held against the own noise.

    Attributes
    ----------
    verdict : {"within", "unsure", "beyond", "not known"}
        "unsure": beyond the estimate, but within what the few baseline sessions leave open.
    words : str
        One sentence.
    """

    verdict: Verdict
    words: str


def own_error(values: Sequence[float] | FloatArray, *, about: str = "baseline") -> OwnError:
    """Spread of one measure over baseline sessions, and the smallest change beyond it.

    Parameters
    ----------
    values : sequence of float, shape (session,), any one unit
        One number per session, in order of time, all under like conditions with one
        device; NaN sessions are left out.
    about : str
        What the doubts are about: the name of the measure.

    Returns
    -------
    OwnError
        Without numbers, and with the reason, below three sessions and where all are equal.

    Notes
    -----
    ``MDC = 1.96 sqrt(2) SD``, Weir 2005, with the SD of the person's own sessions as the standard
    error of measurement; its interval is ``SD sqrt((n - 1) / chi2)``. A drift among the
    sessions is told where the slope of a line through them leaves zero at 95 %; it makes the SD
    too large, never too small.
    """
    x = np.asarray(values, dtype=np.float64)
    x = x[np.isfinite(x)]
    n, nan = x.size, float("nan")
    mean = float(x.mean()) if n else nan
    if n < FEWEST_SESSIONS:
        reason = f"{_sessions(n)}: expected at least {FEWEST_SESSIONS} of the same kind to know your own noise"
        return OwnError(n, mean, nan, nan, None, None, reason)
    sd = float(x.std(ddof=1))
    # equal but for rounding: a scale this coarse does not show its noise
    if sd <= 1e-12 * max(float(np.abs(x).max()), 1e-300):
        reason = f"all {_sessions(n)} are equal: the scale is too coarse to show its noise"
        return OwnError(n, mean, nan, nan, None, None, reason)
    tails = (float(stats.chi2.ppf(tail, n - 1)) for tail in ((1 + CONFIDENCE) / 2, (1 - CONFIDENCE) / 2))
    low, high = (float(sd * np.sqrt((n - 1) / tail)) for tail in tails)
    mdc_interval = (float(MDC_PER_SD * low), float(MDC_PER_SD * high))
    doubts = (*_few(n, high / sd, about), *_drift(x, about))
    return OwnError(n, mean, sd, float(MDC_PER_SD * sd), (low, high), mdc_interval, "", doubts)


def against(change: float, error: OwnError) -> Against:
    """What a change between two sessions is worth beside the own noise.

    Parameters
    ----------
    change : float
        In the units of ``error``; the sign does not matter. NaN is not known.
    error : OwnError
    """
    if error.mdc_interval is None or not np.isfinite(change):
        why = error.reason or "the change was not measured"
        return Against("not known", f"Whether this is more than your own day-to-day noise is not known ({why}).")
    if abs(change) <= error.mdc:
        return Against("within", "This is smaller than your own day-to-day noise.")
    if abs(change) <= error.mdc_interval[1]:
        return Against(
            "unsure",
            f"This is larger than your own day-to-day noise as far as {_sessions(error.n)} show it; the noise itself "
            "is not known well enough to be sure.",
        )
    return Against("beyond", "This is larger than your own day-to-day noise.")


def _few(n: int, factor: float, about: str) -> tuple[Doubt, ...]:
    if n >= FEW_SESSIONS:
        return ()
    message = f"The own noise rests on {_sessions(n)}: it may be {factor:.1f} times as large."
    return (Doubt(about, message, "Add baseline sessions.", severity="note"),)


def _drift(x: FloatArray, about: str) -> tuple[Doubt, ...]:
    """A line through the sessions whose slope leaves zero."""
    order = np.arange(x.size, dtype=float)
    if float(stats.linregress(order, x).pvalue) >= 1 - CONFIDENCE:
        return ()
    return (
        Doubt(
            about,
            "The baseline sessions drift one way, so they do not show noise alone and the smallest change told is too "
            "large.",
            "Add baseline sessions until the measure is level, or find what made it drift.",
        ),
    )


def _sessions(n: int) -> str:
    return f"{n} session" if n == 1 else f"{n} sessions"
