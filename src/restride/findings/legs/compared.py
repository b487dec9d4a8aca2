"""Measures of a leg against the other leg, the person's own baseline, and a norm, as rows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from restride.errors import SchemaError
from restride.findings.finding import Finding
from restride.findings.legs.norms import Norm, norm
from restride.findings.legs.quantities import BY_COLUMN, QUANTITIES, WINDOWS, Quantity
from restride.findings.statistics import CONFIDENCE, Estimate, difference_estimate, mean_estimate
from restride.signals.recording import Movement, Side
from restride.signals.schema import SIDES, FloatArray

OTHER_LEG: Final = "right leg"
BASELINE: Final = "own baseline"
NORM: Final = "norm"
# days that show how a person repeats; with fewer only the published repeat measures can
FEWEST_SESSIONS: Final = 3


def sides(measured: pd.DataFrame) -> list[Finding]:
    """Left minus right of every measure that one leg may have more of than the other.

    Parameters
    ----------
    measured : DataFrame as from ``measures``

    Returns
    -------
    list of Finding, topic "leg"
        Of contact and flight time ``findings.strides`` has the rows. ``strength`` as there: the smallest
        difference the interval allows, if that is beyond the floor, as a share of the larger mean or of ten floors.
    """
    rows = []
    for q in QUANTITIES:
        left, right = (_values(measured, q, side) for side in SIDES)
        if not (left.size and right.size):
            continue
        size = max(abs(left.mean()), abs(right.mean()))
        found = difference_estimate(left, right)
        row = _row(q, "left", found, (float(left.mean()), float(right.mean())), _window(measured, q))
        floor = max(q.floor, q.floor_share * size)
        rows.append(
            replace(
                row,
                compared_with=OTHER_LEG,
                method=f"mean over strides of each leg; pooled t interval over strides; floor {_text(floor, q)}: "
                f"{q.reason}",
                strength=_strength(found, floor, size),
                sentence=f"{_capital(q.name)}: left {_text(row.this, q)}, right {_text(row.other, q)}{_apart(row, q)}.",
            )
        )
    return rows


def against_baseline(now: pd.DataFrame, sessions: Sequence[pd.DataFrame]) -> list[Finding]:
    """Each leg's measures now minus its own in earlier sessions.

    Parameters
    ----------
    now : DataFrame as from ``measures``
    sessions : sequence of DataFrame as from ``measures``
        Baseline, one each.

    Returns
    -------
    list of Finding, topic "leg"
        With three sessions or more the interval holds what sessions differ by (t interval of one new session against
        the mean of the earlier ones); with fewer only strides, and the published smallest detectable difference,
        the floor, is all that speaks of other days. ``other`` is the mean of the sessions' means.

    Raises
    ------
    SchemaError
        If there is no session.
    """
    if not sessions:
        raise SchemaError("expected at least one session as baseline, found none")
    rows = []
    for q in BY_COLUMN.values():
        for side in SIDES:
            new = _values(now, q, side)
            old = [v for session in sessions if (v := _values(session, q, side)).size]
            if not new.size or not old:
                continue
            means = np.array([v.mean() for v in old])
            found = _over_sessions(new, means) if means.size >= FEWEST_SESSIONS else _over_strides(new, old)
            row = _row(q, side, found, (float(new.mean()), float(means.mean())), _window(now, q))
            # a pelvis is read by each leg in the same way on both days
            size = max(abs(row.this), abs(row.other))
            floor = max(q.floor, q.floor_share * size)
            days = f"{means.size} sessions" if means.size > 1 else "one session, so how days differ is not known"
            rows.append(
                replace(
                    row,
                    compared_with=BASELINE,
                    method=f"{days}; floor {_text(floor, q)}: {q.reason}",
                    strength=_strength(found, floor, size),
                    sentence=f"{_capital(side)} {q.name}: {_text(row.this, q)}, before {_text(row.other, q)}"
                    f"{_apart(row, q)}.",
                )
            )
    return rows


def against_norm(measured: pd.DataFrame, *, movement: Movement, speed_m_s: float | None = None) -> list[Finding]:
    """Each leg's mean minus the nearer end of the norm's range; 0 within it.

    Parameters
    ----------
    measured : DataFrame as from ``measures``
    movement : {"walking", "running"}
    speed_m_s : float, optional
        As stated; else as measured (``speed_m_s`` of the strides).

    Returns
    -------
    list of Finding, topic "leg"
        Only of measures with a norm for this movement and speed. ``strength`` is 0, because a norm says less of a
        person than the other leg does.
    """
    speed = float(measured["speed_m_s"].median()) if speed_m_s is None else speed_m_s
    rows = []
    for q in BY_COLUMN.values():
        known = norm(q.column, movement=movement, speed_m_s=speed)
        for side in SIDES if known else ():
            values = _values(measured, q, side)
            if known and values.size:
                rows.append(_beside_norm(q, side, values, known, speed, _window(measured, q)))
    return rows


def _beside_norm(
    q: Quantity, side: Side, values: FloatArray, known: Norm, speed: float, window: tuple[float, float]
) -> Finding:
    low, high = q.factor * known.low, q.factor * known.high
    mean = mean_estimate(values)
    edge = float(np.clip(mean.value, low, high))
    interval = None if mean.interval is None else (mean.interval[0] - edge, mean.interval[1] - edge)
    found = Estimate(mean.value - edge, interval, mean.reason, (mean.n[0], known.n))
    row = _row(q, side, found, (mean.value, edge), window)
    where = "within" if found.value == 0 else "below" if found.value < 0 else "above"
    return replace(
        row,
        compared_with=f"{NORM} ({known.source})",
        method=f"mean over strides against {low:.{q.digits}f} to {high:.{q.digits}f} {q.units} of {known.n} people, "
        f"{known.movement} at {known.speed_m_s[0]:g} to {known.speed_m_s[1]:g} m/s; here {speed:.1f} m/s",
        sentence=f"{_capital(side)} {q.name}, {_text(mean.value, q)}, lies {where} the norm of "
        f"{low:.{q.digits}f} to {_text(high, q)} ({known.source}, n = {known.n}).",
    )


def _over_sessions(new: FloatArray, means: FloatArray) -> Estimate:
    k = means.size
    half = float(stats.t.ppf(0.5 + CONFIDENCE / 2, k - 1) * means.std(ddof=1) * np.sqrt(1 + 1 / k))
    value = float(new.mean() - means.mean())
    return Estimate(value, (value - half, value + half), "", (new.size, k))


def _over_strides(new: FloatArray, old: list[FloatArray]) -> Estimate:
    """Against the mean of the sessions' means, with what strides within a session scatter by."""
    centred = np.concatenate([v - v.mean() for v in old]) + np.mean([v.mean() for v in old])
    return difference_estimate(new, centred)


def _row(q: Quantity, side: Side, found: Estimate, pair: tuple[float, float], window: tuple[float, float]) -> Finding:
    return Finding(
        topic="leg",
        name=q.name,
        what=q.column,
        side=side,
        value=found.value,
        units=q.units,
        window=window,
        window_name=q.window,
        this=pair[0],
        other=pair[1],
        interval=found.interval,
        interval_reason=found.reason,
        n=found.n,
        method="",
        compared_with="",
        strength=0.0,
        sentence="",
    )


def _strength(found: Estimate, floor: float, size: float) -> float:
    if found.least <= floor:
        return 0.0
    # an angle near zero has no size of its own
    return found.least / max(size, 10 * floor)


def _values(measured: pd.DataFrame, q: Quantity, side: Side) -> FloatArray:
    values = q.factor * measured.loc[measured["side"] == side, q.column].to_numpy(dtype=np.float64)
    kept: FloatArray = values[np.isfinite(values)]
    return kept


def _window(measured: pd.DataFrame, q: Quantity) -> tuple[float, float]:
    """In percent of the stride."""
    off = float(measured["contact_share"].median())
    start, end = (w * off if w <= 1 else off + (w - 1) * (1 - off) for w in WINDOWS[q.window])
    return 100 * start, 100 * end


def _text(value: float, q: Quantity) -> str:
    unit = {"deg": "°", "%": " %"}.get(q.units, f" {q.units}")
    return f"{value:.{q.digits}f}{unit}".replace("-", "−")


def _apart(row: Finding, q: Quantity) -> str:
    if row.interval is None:
        return f" ({row.interval_reason})"
    low, high = row.interval
    return f"; difference {row.value:+.{q.digits}f} ({low:+.{q.digits}f} to {high:+.{q.digits}f})".replace("-", "−")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
