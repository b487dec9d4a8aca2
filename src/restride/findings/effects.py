"""What a factor (shoe, surface, direction) did to either leg, over sessions, and whether to one leg more."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from restride.errors import SchemaError
from restride.findings.conditions import alike
from restride.findings.statistics import CONFIDENCE, Estimate, mean_estimate
from restride.signals.recording import Doubt
from restride.signals.schema import SIDES, FloatArray

ALPHA: Final = 0.05
# of each factor and measure: left, right, left against right
TESTS: Final = 3
# all arrangements of up to 14 pairs; beyond that a sample of them, always the same
MOST_ARRANGEMENTS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Effect:
    """What one factor did, over sessions.

    Attributes
    ----------
    measure, factor : str
    levels : tuple of str
        Effects are the first minus the second.
    sessions : int
        Pairs of sessions, or sessions of both levels where they are not paired.
    paired : bool
        Each session holds both levels.
    left, right : Estimate
        Change of either leg with its 95 % interval over sessions.
    interaction : Estimate
        Change of the left leg minus change of the right.
    p : tuple of float
        Of left, right and interaction, two-sided, adjusted for all tests of one call (Holm); NaN where no result of
        so few sessions could be below 0.05.
    sentence : str
    doubts : tuple of Doubt
        Speed or device that goes along with the factor; too few sessions.
    """

    measure: str
    factor: str
    levels: tuple[str, str]
    sessions: int
    paired: bool
    left: Estimate
    right: Estimate
    interaction: Estimate
    p: tuple[float, float, float]
    sentence: str
    doubts: tuple[Doubt, ...] = field(default=())


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """Both levels of one factor: values of left, right and left minus right, shape (session, 3)."""

    measure: str
    factor: str
    levels: tuple[str, str]
    first: FloatArray
    second: FloatArray
    paired: bool


def effects(rows: pd.DataFrame, *, factors: Sequence[str], measure: str = "the measure") -> tuple[Effect, ...]:
    """What each factor did to either leg, with sessions as the unit, and whether to one leg more than the other.

    Parameters
    ----------
    rows : DataFrame
        One row per session, leg and setting: columns ``session``, ``side``, ``value`` (any one unit) and one
        per factor, in words. Optional: ``measure``, what each value is; ``speed_m_s`` and ``device``, which are
        watched. NaN values are left out.
    factors : sequence of str
        Columns of ``rows``; each pair of their levels is compared.
    measure : str
        What the values are, where no column says it.

    Returns
    -------
    tuple of Effect

    Raises
    ------
    SchemaError
        If a column is missing, or a side is neither left nor right.

    Notes
    -----
    Strides of one session are not independent trials of a shoe, so each session counts once per level (its mean).
    Sessions that hold both levels are paired, and signs are flipped within pairs; otherwise sessions are exchanged
    between levels; both exactly, by ``scipy.stats.permutation_test``. That one leg alone answers is said where
    the interaction itself is beyond chance, never because one leg's p is small and the other's is not
    (Nieuwenhuis 2011). p after Holm 1979.
    """
    needed = {"session", "side", "value", *factors}
    if missing := sorted(needed - set(rows.columns)):
        raise SchemaError(f"expected columns {sorted(needed)}, missing {missing}; add them")
    if wrong := set(rows["side"]) - set(SIDES):
        raise SchemaError(f"expected sides {SIDES}, found {sorted(map(str, wrong))}; leave out rows of no leg")
    named = rows if "measure" in rows else rows.assign(measure=measure)
    samples = [
        sample
        for what, own in named.groupby("measure", sort=False)
        for factor in factors
        for levels in combinations(sorted(set(own[factor].dropna().astype(str))), 2)
        if (sample := _sample(own, str(what), factor, (levels[0], levels[1]))) is not None
    ]
    within_reach = _within_reach(samples)
    tested = _holm(np.array([_p_values(s) if s in within_reach else [np.nan] * 3 for s in samples]).reshape(-1))
    return tuple(
        _effect(named[named["measure"] == sample.measure], sample, tested[3 * i : 3 * i + 3].tolist())
        for i, sample in enumerate(samples)
    )


def _sample(rows: pd.DataFrame, measure: str, factor: str, levels: tuple[str, str]) -> _Sample | None:
    """One value per session, level and leg; None where a level has no session with both legs."""
    means = rows.assign(level=rows[factor].astype(str)).pivot_table(
        index=["level", "session"], columns="side", values="value", aggfunc="mean"
    )
    if not set(SIDES) <= set(means.columns):
        return None
    means = means[list(SIDES)].dropna()
    means["between"] = means["left"] - means["right"]
    there = set(means.index.get_level_values("level"))
    if not set(levels) <= there:
        return None
    first, second = (means.loc[level] for level in levels)
    both = first.index.intersection(second.index)
    # sessions that hold both levels are worth more than the rest, which would have to be compared between days
    paired = len(both) >= min(len(first), len(second))
    if paired:
        first, second = first.loc[both], second.loc[both]
    return _Sample(measure, factor, levels, first.to_numpy(dtype=float), second.to_numpy(dtype=float), paired)


def _within_reach(samples: Sequence[_Sample]) -> list[_Sample]:
    """Samples with sessions enough for a p below 0.05 after the correction.

    The more tests are made together, the more sessions each needs; the values play no part in it.
    """
    able = list(samples)
    while able:
        tests = TESTS * len(able)
        fewer = [sample for sample in able if _least_p(sample) * tests < ALPHA]
        if len(fewer) == len(able):
            break
        able = fewer
    return able


def _least_p(sample: _Sample) -> float:
    """The p of the clearest result that so many sessions can give."""
    n_a, n_b = len(sample.first), len(sample.second)
    return 2.0 / (2**n_a if sample.paired else math.comb(n_a + n_b, n_a))


def _p_values(sample: _Sample) -> FloatArray:
    """Of left, right and interaction."""
    a, b = sample.first, sample.second
    found = stats.permutation_test(
        (a - b,) if sample.paired else (a, b),
        _mean if sample.paired else _mean_difference,
        permutation_type="samples" if sample.paired else "independent",
        n_resamples=MOST_ARRANGEMENTS,
        vectorized=True,
        axis=0,
        rng=np.random.default_rng(0),
    )
    return np.asarray(found.pvalue, dtype=np.float64)


def _mean(x: FloatArray, axis: int) -> FloatArray:
    return np.asarray(x.mean(axis=axis))


def _mean_difference(a: FloatArray, b: FloatArray, axis: int) -> FloatArray:
    return np.asarray(a.mean(axis=axis) - b.mean(axis=axis))


def _holm(p: FloatArray) -> FloatArray:
    """Adjusted for all that are known (Holm 1979); NaN stays NaN."""
    out = np.full(p.shape, np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    factors = np.arange(order.size, 0, -1)
    out[order] = np.minimum(np.maximum.accumulate(p[order] * factors), 1.0)
    return out


def _effect(rows: pd.DataFrame, sample: _Sample, p: Sequence[float]) -> Effect:
    left, right, between = (_estimate(sample.first[:, k], sample.second[:, k], paired=sample.paired) for k in range(3))
    sessions = len(sample.first) if sample.paired else len(sample.first) + len(sample.second)
    return Effect(
        measure=sample.measure,
        factor=sample.factor,
        levels=sample.levels,
        sessions=sessions,
        paired=sample.paired,
        left=left,
        right=right,
        interaction=between,
        p=(p[0], p[1], p[2]),
        sentence=_sentence(sample, (left, right, between), p),
        doubts=tuple(_along(rows, sample)),
    )


def _estimate(a: FloatArray, b: FloatArray, *, paired: bool) -> Estimate:
    """Mean difference over sessions with its t interval; Welch's where sessions are not paired."""
    if paired:
        return mean_estimate(a - b)
    value, n = float(a.mean() - b.mean()), (a.size, b.size)
    if min(n) < 2:
        return Estimate(value, None, "one session of a level: too few for an interval", n)
    interval = stats.ttest_ind(a, b, equal_var=False).confidence_interval(CONFIDENCE)
    return Estimate(value, (float(interval.low), float(interval.high)), "", n)


def _sentence(sample: _Sample, estimates: Sequence[Estimate], p: Sequence[float]) -> str:
    measure = sample.measure
    both = f"{sample.factor} {sample.levels[0]} against {sample.levels[1]}"
    if not np.isfinite(p).all():
        return f"There are too few sessions to tell what {both} did to {measure}, for so many questions at once."
    clear = [value < ALPHA for value in p]
    ways = ["higher" if e.value > 0 else "lower" for e in estimates]
    if clear[2] and clear[0] != clear[1]:
        one = 0 if clear[0] else 1
        other = SIDES[1 - one]
        return (
            f"With {both}, {measure} is {ways[one]} on the {SIDES[one]} leg only: the {other} leg shows no change "
            f"beyond chance, and the {SIDES[one]} leg changes more than the {other}."
        )
    if clear[2]:
        return (
            f"{both[:1].upper()}{both[1:]} changes {measure} differently on the two legs: left minus right {ways[2]}."
        )
    if clear[0] and clear[1] and ways[0] == ways[1]:
        return f"With {both}, {measure} is {ways[0]} on both legs; a difference between the legs is not shown."
    if clear[0] or clear[1]:
        one = 0 if clear[0] else 1
        return (
            f"With {both}, {measure} is {ways[one]} on the {SIDES[one]} leg; whether the other leg answers differently "
            "cannot be told."
        )
    return f"No effect of {both} on {measure} is beyond chance."


def _along(rows: pd.DataFrame, sample: _Sample) -> list[Doubt]:
    """Warnings where speed or device goes along with the factor."""
    level = rows[sample.factor].astype(str)
    own = [rows[level == name] for name in sample.levels]
    found = []
    if "speed_m_s" in rows and sample.factor != "speed":
        a, b = (float(r["speed_m_s"].mean()) for r in own)
        if np.isfinite([a, b]).all() and not alike("speed", a, b):
            text = f"The speed goes along with the {sample.factor} ({a:.2f} against {b:.2f} m/s)"
            found.append(
                Doubt("speed", f"{text}: its effect cannot be told from a speed effect.", "Record both at one speed.")
            )
    if "device" in rows and sample.factor != "device":
        names = [set(r["device"].dropna().astype(str)) for r in own]
        if all(names) and not names[0] & names[1]:
            text = f"The device goes along with the {sample.factor}: its effect cannot be told from that of the device."
            found.append(Doubt("device", text, "Record both with one device."))
    return found
