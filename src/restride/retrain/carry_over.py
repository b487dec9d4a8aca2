"""What could have passed for an effect: what the session before left behind, the place in the pair, a trend.

The test itself needs none of this: the lot took care of it. These numbers say whether the size told is fair.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from restride.retrain.sessions import Entry
from restride.signals.schema import FloatArray

CONFIDENCE: Final = 0.95
# three checks are made, so one is told in words only where this interval leaves zero too
TOLD: Final = 0.99
# below three degrees of freedom an interval is wider than anything it could be held against
FEWEST_FREEDOM: Final = 3
NAMES: Final = (
    "left behind by the session before (after A minus after B)",
    "second session of a pair minus the first",
    "change from one session to the next",
)
METHOD: Final = (
    "least squares over sessions: condition, condition of the session before, place in the pair, number of the "
    "session; t interval, which takes sessions as independent"
)


@dataclass(frozen=True, slots=True)
class Check:
    """One such number, in the units of the outcome.

    Attributes
    ----------
    name : str
    value : float
        NaN with the reason in ``reason``.
    interval : tuple of float or None
        95 %.
    reason : str
    told : bool
        Whether the 99 % interval leaves zero too.
    """

    name: str
    value: float
    interval: tuple[float, float] | None
    reason: str
    told: bool


def checks(sessions: Sequence[Entry]) -> tuple[Check, ...]:
    """Carry-over, order within the pair, and trend, each beside the effect of the condition.

    Parameters
    ----------
    sessions : sequence of Entry
        The last word on each, in order; sessions without a value only count as the one before.
    """
    rows, values = _table(sessions)
    freedom = len(values) - rows.shape[1]
    if freedom < FEWEST_FREEDOM:
        return _none(f"{len(values)} sessions are too few")
    if np.linalg.matrix_rank(rows) < rows.shape[1]:
        return _none("the order that was drawn does not tell them apart")
    found, *_ = np.linalg.lstsq(rows, values, rcond=None)
    scatter = float(((values - rows @ found) ** 2).sum()) / freedom
    spread = np.sqrt(scatter * np.diag(np.linalg.inv(rows.T @ rows)))
    out = []
    for k, name in enumerate(NAMES, start=2):
        half, wide = (float(stats.t.ppf((1 + share) / 2, freedom) * spread[k]) for share in (CONFIDENCE, TOLD))
        value = float(found[k])
        out.append(Check(name, value, (value - half, value + half), "", abs(value) > wide))
    return tuple(out)


def _table(sessions: Sequence[Entry]) -> tuple[FloatArray, FloatArray]:
    """One row per session with a value: 1, condition, condition before, place in the pair, number."""
    half = {"A": 0.5, "B": -0.5, "": 0.0}
    rows, values = [], []
    before = ""
    for entry in sessions:
        if entry.value is not None and entry.done:
            second = float(entry.session % 2 == 0)
            rows.append([1.0, half[entry.done], half[before], second, float(entry.session)])
            values.append(entry.value)
        before = entry.done
    table = np.array(rows, dtype=np.float64).reshape(len(values), 5)
    table[:, 4] -= table[:, 4].mean() if len(values) else 0.0
    return table, np.array(values, dtype=np.float64)


def _none(reason: str) -> tuple[Check, ...]:
    return tuple(Check(name, float("nan"), None, reason, False) for name in NAMES)
