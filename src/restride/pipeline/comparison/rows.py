"""All rows of one recording against another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from restride import findings
from restride.findings.between import SHARE_FLOOR, SHARE_FLOOR_OF_ONE_STICKING
from restride.findings.finding import Finding
from restride.findings.pairs import Pair
from restride.pipeline.analysis import Analysis
from restride.pipeline.compared import DETERMINED, STRIDE_COLUMNS
from restride.pipeline.comparison.curves import Curves, quantities

COLUMNS: Final[Mapping[str, tuple[str, str]]] = {**STRIDE_COLUMNS, "stride_time_s": ("stride time", "s")}


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Changes of each leg and interactions, with the pairs they were made of and the windows they were taken in."""

    changes: tuple[Finding, ...]
    interactions: tuple[Finding, ...]
    pairs: tuple[Pair, ...]
    windows: tuple[findings.Window, ...]


def rows_of(a: Analysis, b: Analysis, curves: Curves, *, names: tuple[str, str], sticking: bool) -> Rows:
    """Every change that the data bear.

    Parameters
    ----------
    a, b : Analysis
    curves : mapping of kind to pair of DataArray
        As from ``on_one_scale``.
    names : tuple of str
    sticking : bool
    """
    windows = findings.windows(pd.concat([a.cycles, b.cycles], ignore_index=True)) if _strided(a, b) else ()
    pairs = pairs_of(a, b, curves, windows, sticking=sticking)
    between = findings.interactions(pairs, names=names)
    between += shares(a, b, windows, names=names, sticking=sticking)
    return Rows(tuple(findings.changes(pairs, names=names)), tuple(between), tuple(pairs), windows)


def pairs_of(
    a: Analysis, b: Analysis, curves: Curves, windows: tuple[findings.Window, ...], *, sticking: bool
) -> list[Pair]:
    """Every quantity that both hold; times only where contacts were measured in both.

    Parameters
    ----------
    a, b : Analysis
    curves : mapping of kind to pair of DataArray
    windows : tuple of Window
    sticking : bool
    """
    known = quantities(curves, sticking=sticking)
    timed = all(bool(x.cycles.loc[x.cycles["kept"], "toe_off_s"].notna().any()) for x in (a, b))
    found: list[Pair] = []
    if "emg" in curves:
        one, other = curves["emg"]
        # the mean over the whole stride of what was divided by its mean says nothing
        parts = windows if sticking else tuple(w for w in windows if (w.start, w.end) != (0.0, 100.0))
        found += findings.of_curves(one, other, parts, quantity=known["emg"])
        if sticking:
            shared = findings.cocontraction(one), findings.cocontraction(other)
            found += findings.of_curves(*shared, parts, quantity=known["emg"])
        found += findings.of_timing(one, other) if timed else []
    if "angles" in curves:
        found += findings.of_curves(*curves["angles"], windows, quantity=known["angles"])
    if "moments" in curves:
        one, other = (m.sel(coordinate=[c for c in DETERMINED if c in m["coordinate"]]) for m in curves["moments"])
        found += findings.of_curves(one, other, windows, quantity=known.get("moments", findings.MOMENT))
    return found + (findings.of_strides(a.spatiotemporal, b.spatiotemporal, columns=COLUMNS) if timed else [])


def shares(
    a: Analysis, b: Analysis, windows: tuple[findings.Window, ...], *, names: tuple[str, str], sticking: bool
) -> list[Finding]:
    """Change of the left share of each muscle's activity: it needs one scale for both legs, not for both recordings.

    Parameters
    ----------
    a, b : Analysis
    windows : tuple of Window
    names : tuple of str
    sticking : bool
    """
    if "emg" not in a.curves or "emg" not in b.curves:
        return []
    least = SHARE_FLOOR_OF_ONE_STICKING if sticking else SHARE_FLOOR
    return findings.left_shares(a.curves["emg"], b.curves["emg"], windows, names=names, least=least)


def _strided(a: Analysis, b: Analysis) -> bool:
    return bool(a.cycles["kept"].any() and b.cycles["kept"].any())
