"""What a whole-curve test found, with what it may be called."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import xarray as xr

from restride.signals.vocabulary import listed

Unit = Literal["stride", "bout", "session"]
Method = Literal["cluster", "maximum"]
Design = Literal["one sample", "two samples", "paired", "regression"]

ALPHA: Final = 0.05
# what the units of a test are, and with that how far its answer reaches
REACH: Final[dict[Unit, str]] = {
    "stride": "strides of one take (neighbours, not independent days); the answer holds for this take",
    "bout": "bouts, counted as independent; the answer holds for their session",
    "session": "sessions, counted as independent; the answer holds from session to session",
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """One run of phases that lies beyond the threshold.

    Attributes
    ----------
    start, end : float
        In percent of the stride, both included.
    above : bool
        Whether the effect is positive there.
    p : float
        Over the whole curve: how often chance alone makes as much anywhere in it.
    """

    start: float
    end: float
    above: bool
    p: float


@dataclass(frozen=True, slots=True, eq=False)
class CurveTest:
    """Where curves differ, with one error rate for the whole curve, two-sided.

    Attributes
    ----------
    design : str
        "one sample" (mean against zero), "two samples" or "paired" (this minus other), "regression"
        (change from the smallest to the largest value of the covariate).
    method : {"cluster", "maximum"}
        Judged by the mass of a stretch, or by the largest value of the curve.
    unit : {"stride", "bout", "session"}
        What was rearranged.
    effect : DataArray, dims (phase,), in the unit of the curves
        NaN where not tested.
    statistic : DataArray, dims (phase,), units "1"
        Student's t with pooled variance; NaN where not tested.
    p : DataArray, dims (phase,), units "1"
        "cluster": p of the stretch a phase belongs to, 1 outside of any. "maximum": p of the phase,
        corrected for the whole curve. NaN where not tested.
    stretches : tuple of Stretch
        "cluster": all beyond the threshold, whatever their p. "maximum": those with p of at most 0.05,
        with the smallest p in them.
    threshold : float
        Of the absolute statistic. "cluster": the two-sided 5 % point of t at a single phase. "maximum": the
        value that the largest of the curve exceeds by chance in 5 %.
    n : tuple of int
        Units of each sample that were used.
    likeness : float
        Correlation of neighbouring strides, which was taken out before they were rearranged; 0 of bouts and sessions.
    arrangements : int
        How many were looked at; an arrangement and its mirror image count as two.
    exact : bool
        Whether these are all there are.
    least_p : float
        No p can be smaller than this.
    reason : str
        Why there is no test; empty if there is one. ``p`` is NaN then.
    sentence : str
        What was found, over what, and by which method.
    """

    design: Design
    method: Method
    unit: Unit
    effect: xr.DataArray
    statistic: xr.DataArray
    p: xr.DataArray
    stretches: tuple[Stretch, ...]
    threshold: float
    n: tuple[int, ...]
    likeness: float
    arrangements: int
    exact: bool
    least_p: float
    reason: str
    sentence: str

    @property
    def smallest_p(self) -> float:
        """Of the whole curve; NaN without a test."""
        return float(np.nanmin(self.p.values)) if not self.reason else float("nan")


def too_few(n: tuple[int, ...], unit: Unit) -> str:
    """Why even the most extreme arrangement says nothing."""
    return f"{' against '.join([counted(n[0], unit), *map(str, n[1:])])} are too few for a whole-curve test"


def in_words(
    stretches: tuple[Stretch, ...],
    *,
    method: Method,
    unit: Unit,
    n: tuple[int, ...],
    likeness: float,
    arrangements: int,
    exact: bool,
) -> str:
    """The result as sentences: what, over what, by which method."""
    sure = [s for s in stretches if s.p <= ALPHA]
    found = [f"{'above' if s.above else 'below'} at {s.start:.0f}–{s.end:.0f} % ({p_in_words(s.p)})" for s in sure]
    first = listed(found) if found else "no stretch differs by more than chance makes somewhere in a curve"
    over = " and ".join(map(str, n))
    freed = f" What neighbours share (r = {likeness:.2f}) was taken out first." if likeness > 0 else ""
    of = "stretches" if method == "cluster" else "the largest value"
    how = f"all {arrangements} arrangements" if exact else f"{arrangements} drawn arrangements"
    return (
        f"{first[:1].upper()}{first[1:]}. Whole-curve permutation test of {of}, {how}, "
        f"over {over} {REACH[unit]}.{freed}"
    )


def p_in_words(p: float) -> str:
    """``p = 0.012``; below a thousandth only that it is."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"


def counted(n: int, unit: Unit) -> str:
    """``1 stride``, ``6 strides``."""
    return f"{n} {unit}" if n == 1 else f"{n} {unit}s"
