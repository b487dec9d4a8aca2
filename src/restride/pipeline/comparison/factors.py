"""Many recordings under several conditions: what a shoe or a direction did to either leg."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from restride import findings
from restride.chapters.chapter import Chapter, Measure
from restride.errors import RestrideError
from restride.findings.conditions import FACTORS, Factor
from restride.findings.effects import ALPHA, Effect
from restride.findings.pairs import per_leg
from restride.findings.statistics import Estimate
from restride.pipeline.analysis import Analysis
from restride.pipeline.comparison.confounds import speed_of
from restride.pipeline.comparison.curves import on_one_scale
from restride.pipeline.comparison.measures import measures_by_key
from restride.pipeline.comparison.rows import pairs_of
from restride.signals.schema import SIDES

COLUMNS: Final = ("session", "measure", "side", "value", "units", "speed_m_s", "device")
# rows are given in degrees, measures of a chapter in SI
SI: Final = {"deg": ("rad", np.pi / 180), "% of stride": ("1", 0.01)}
METHOD: Final = (
    "sessions as the unit; signs flipped within pairs of sessions, or sessions exchanged between levels, exactly; p of "
    "all tests together after Holm 1979; t interval over sessions"
)


def session_rows(
    analyses: Sequence[Analysis], sessions: Sequence[str], *, factors: Sequence[str], measures: Sequence[str] = ()
) -> pd.DataFrame:
    """What each recording measured of either leg, with its conditions, for ``findings.effects``.

    Parameters
    ----------
    analyses : sequence of Analysis
        Of one person in one movement.
    sessions : sequence of str
        Which session each belongs to; recordings of one day are not independent.
    factors : sequence of str
        Stated conditions to keep as columns.
    measures : sequence of str
        Names of measures, with ", in late swing" or the like where a window is meant; without any, the times
        of strides, and the numbers of one leg of chapters where no stride was cut.

    Returns
    -------
    DataFrame, columns ``COLUMNS`` and one per factor
        Values in SI.

    Raises
    ------
    RestrideError
        If a factor is unknown or stated nowhere, or a measure is not there; the message lists what there is.
    """
    unknown = [factor for factor in factors if factor not in FACTORS]
    if unknown:
        raise RestrideError(f"expected factors among {', '.join(FACTORS)}, found {', '.join(unknown)}")
    strided = [a.cycles for a in analyses if a.cycles["kept"].any()]
    windows = findings.windows(pd.concat(strided, ignore_index=True)) if strided else ()
    rows = []
    for analysis, session in zip(analyses, sessions, strict=True):
        stated = {factor: _level(analysis, factor) for factor in factors}
        common = {"session": session, "speed_m_s": speed_of(analysis), "device": _device(analysis), **stated}
        rows += [{**common, **row} for row in _values(analysis, windows)]
    table = pd.DataFrame(rows, columns=[*COLUMNS, *factors, "usual"])
    _refuse(table, factors, measures)
    chosen = table["measure"].isin(measures) if measures else table["usual"]
    return table[chosen].drop(columns="usual").reset_index(drop=True)


def factor_chapters(rows: pd.DataFrame, *, factors: Sequence[str]) -> tuple[Chapter, ...]:
    """One chapter per factor, with what it did to either leg.

    Parameters
    ----------
    rows : DataFrame
        As from ``session_rows``.
    factors : sequence of str

    Raises
    ------
    RestrideError
        If no factor has two levels with both legs.
    """
    found = findings.effects(rows, factors=factors)
    if not found:
        raise RestrideError(
            f"expected at least two values of {' or '.join(factors)}, each with a session that measured both legs, "
            "found fewer; state them in each take.yaml under conditions"
        )
    units = dict(zip(rows["measure"], rows["units"], strict=True))
    return tuple(
        _chapter(factor, own, units) for factor in factors if (own := [e for e in found if e.factor == factor])
    )


def _values(analysis: Analysis, windows: tuple[findings.Window, ...]) -> list[dict[str, object]]:
    """Every number of one leg; ``usual`` marks those that are taken when none is asked for."""
    found: list[dict[str, object]] = []
    if analysis.cycles["kept"].any():
        curves, _ = on_one_scale(analysis, analysis, sticking=False)
        pairs = [p for p in pairs_of(analysis, analysis, curves, windows, sticking=False) if p.topic != "timing"]
        units = {pair.key: pair.units for pair in pairs}
        for (topic, name, window, side), value in per_leg(pairs):
            unit, factor = SI.get(units[topic, name, window], (units[topic, name, window], 1.0))
            words = name if window == "whole stride" else f"{name}, in {window}"
            usual = topic == "stride"
            found.append({"measure": words, "side": side, "value": factor * value, "units": unit, "usual": usual})
    own = {(m.name, m.side): m for m in measures_by_key(analysis.chapters).values() if m.side in SIDES}
    bare = not found
    for (name, whose), m in own.items():
        found.append({"measure": name, "side": whose, "value": m.value, "units": m.units, "usual": bare})
    return found


def _level(analysis: Analysis, factor: str) -> str | None:
    kind = FACTORS[factor]  # type: ignore[index]
    stated = getattr(analysis.recording.conditions, kind.attribute)
    if stated is None or stated == "":
        return None
    return str(stated).strip() if isinstance(stated, str) else f"{stated:g}{kind.unit}"


def _device(analysis: Analysis) -> str:
    return ", ".join(sorted({s.device or s.format for s in analysis.recording.sources}))


def _refuse(table: pd.DataFrame, factors: Sequence[Factor] | Sequence[str], measures: Sequence[str]) -> None:
    unstated = [factor for factor in factors if table[factor].isna().all()]
    if unstated:
        raise RestrideError(
            f"expected {' and '.join(unstated)} in the take.yaml of these recordings, found none; add conditions: "
            f"{{{unstated[0]}: ...}}"
        )
    there = list(dict.fromkeys(table["measure"]))
    missing = [name for name in measures if name not in there]
    if missing:
        raise RestrideError(f"expected measures among {'; '.join(there)}; found {'; '.join(missing)}")


def _chapter(factor: str, effects: Sequence[Effect], units: dict[str, str]) -> Chapter:
    clear = sorted(effects, key=lambda e: min((p for p in e.p if np.isfinite(p)), default=1.0))
    first = clear[0]
    warned = dict.fromkeys(f"{d.message} {d.remedy}" for e in effects for d in e.doubts)
    telling = [e for e in clear if min((p for p in e.p if np.isfinite(p)), default=1.0) < ALPHA]
    told = [e.sentence for e in (telling or clear[:1])]
    how = "each with both" if first.paired else "of either"
    return Chapter(
        key=f"factor-{factor}",
        title=f"What the {FACTORS[factor].words} did",  # type: ignore[index]
        sentences=(told[0], *warned, *told[1:]),
        sureness=f"From {first.sessions} sessions, {how}; {len(effects)} comparisons, corrected together.",
        measures=tuple(measure for effect in effects for measure in _measures(effect, units[effect.measure])),
        method=METHOD,
    )


def _measures(effect: Effect, units: str) -> list[Measure]:
    both = f"{effect.measure}, {effect.levels[0]} less {effect.levels[1]}"
    rows: list[tuple[str, Estimate]] = [("left", effect.left), ("right", effect.right), ("both", effect.interaction)]
    return [
        Measure(
            name=f"{both}{', left less right' if side == 'both' else ''}{'' if np.isnan(p) else f' (p {p:.3f})'}",
            side=side,  # type: ignore[arg-type]
            value=estimate.value,
            units=units,
            interval=estimate.interval,
            interval_reason=estimate.reason,
            n=effect.sessions,
            counted="sessions",
            method=METHOD,
        )
        for (side, estimate), p in zip(rows, effect.p, strict=True)
    ]
