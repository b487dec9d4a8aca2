"""Events to a table of strides; what cannot be used stays in the table with a reason."""

import itertools
from typing import Final, Literal

import numpy as np
import pandas as pd

from restride.errors import SchemaError
from restride.signals.recording import EVENT_COLUMNS
from restride.signals.schema import SIDES

CYCLE_COLUMNS: Final = ("start_s", "end_s", "toe_off_s", "side", "kept", "reason")

# a stride half as long again as the usual one holds two steps too many or a stumble: an event was missed;
# strides of one bout vary by 2-6 % (SD), so both limits lie many SD away
LONGEST_OF_MEDIAN: Final = 1.5
SHORTEST_OF_MEDIAN: Final = 0.6

# share of the stride on the ground: sprinting comes down to 0.2, very slow walking up to 0.8
LEAST_CONTACT: Final = 0.15
MOST_CONTACT: Final = 0.85


def segment(events: pd.DataFrame, *, toe_off: Literal["required", "if_any"] = "required") -> pd.DataFrame:
    """Strides of both legs, from one initial contact to the next of the same foot.

    Parameters
    ----------
    events : DataFrame, columns ``time_s, side, name, method``
        In any order.
    toe_off : {"required", "if_any"}
        ``"if_any"``: a leg none of whose events is a toe-off, because its source tells
        contacts only, keeps its strides with ``toe_off_s`` NaN. Where a leg has toe-offs,
        each of its strides needs one.

    Returns
    -------
    DataFrame, columns ``start_s, end_s, toe_off_s, side, kept, reason``
        One row per stride, in order of time, index ``cycle`` = 0, 1, ...; spans are
        half-open. ``kept`` is False with a ``reason`` for a stride cut off by either edge
        of the events (its missing border is NaN), one without or with several toe-offs,
        one whose duration or contact is implausible. Empty without events.

    Raises
    ------
    SchemaError
        If a column is missing.

    Notes
    -----
    Durations are judged against the median over both legs, because a missed contact
    shows on one leg only.
    """
    missing = [c for c in EVENT_COLUMNS if c not in events.columns]
    if missing:
        raise SchemaError(f"events: expected columns {EVENT_COLUMNS}, missing {missing}")
    rows = [row for side in SIDES for row in _strides(events[events["side"] == side], side, toe_off == "required")]
    cycles = pd.DataFrame(rows, columns=list(CYCLE_COLUMNS)).astype(
        {"start_s": float, "end_s": float, "toe_off_s": float, "side": str, "kept": bool, "reason": str}
    )
    order = cycles["start_s"].fillna(cycles["toe_off_s"]).argsort(kind="stable")
    cycles = cycles.iloc[order.to_numpy()].reset_index(drop=True)
    cycles.index.name = "cycle"
    return _judged(cycles)


def kept(cycles: pd.DataFrame, *, side: str | None = None) -> pd.DataFrame:
    """The strides that are kept.

    Parameters
    ----------
    cycles : DataFrame as from ``segment``
    side : {"left", "right"}, optional
        Of this leg only.
    """
    chosen = cycles["kept"] if side is None else cycles["kept"] & (cycles["side"] == side)
    return cycles[chosen]


def rejected(cycles: pd.DataFrame, reasons: "pd.Series[str]") -> pd.DataFrame:
    """The table with more strides rejected; reasons already there come first.

    Parameters
    ----------
    cycles : DataFrame as from ``segment``
    reasons : Series of str, index = cycle number
        Why each stride named is rejected; an empty text rejects nothing.
    """
    out = cycles.copy()
    for cycle, reason in reasons[reasons != ""].items():
        before = str(out.at[cycle, "reason"])
        out.at[cycle, "reason"] = f"{before}; {reason}" if before else reason
        out.at[cycle, "kept"] = False
    return out


def _strides(events: pd.DataFrame, side: str, required: bool) -> list[tuple[float, float, float, str, bool, str]]:
    """Rows of one leg, the incomplete ones at the edges included."""
    contacts = np.sort(events.loc[events["name"] == "initial_contact", "time_s"].to_numpy(dtype=np.float64))
    toe_offs = np.sort(events.loc[events["name"] == "toe_off", "time_s"].to_numpy(dtype=np.float64))
    needed = required or toe_offs.size > 0
    borders = np.concatenate(([-np.inf], contacts, [np.inf]))
    rows = []
    for start, end in itertools.pairwise(borders):
        inside = toe_offs[(toe_offs > start) & (toe_offs < end)]
        at_edge = bool(np.isinf(start) or np.isinf(end))
        if np.isinf(start) and inside.size == 0:
            continue
        reason = _reason(start, end, inside.size, needed)
        toe_off = float(inside[-1] if np.isinf(start) else inside[0]) if inside.size else np.nan
        rows.append((_finite(start), _finite(end), toe_off, side, not at_edge and reason == "", reason))
    return rows


def _reason(start: float, end: float, toe_offs: int, needed: bool) -> str:
    if np.isinf(start):
        return "begins before the first contact seen"
    if np.isinf(end):
        return "ends after the last contact seen"
    if toe_offs == 0 and needed:
        return "no toe-off inside"
    if toe_offs > 1:
        return f"{toe_offs} toe-offs inside: a contact was missed"
    return ""


def _judged(cycles: pd.DataFrame) -> pd.DataFrame:
    """Reject what lasts too long or too short, or stands too long or too short."""
    duration_s = cycles["end_s"] - cycles["start_s"]
    usual_s = float(duration_s[cycles["kept"]].median())
    contact = (cycles["toe_off_s"] - cycles["start_s"]) / duration_s
    reasons = pd.Series("", index=cycles.index, dtype=str)
    for cycle in cycles.index[cycles["kept"]]:
        share = duration_s[cycle] / usual_s
        if share > LONGEST_OF_MEDIAN:
            reasons[cycle] = f"lasts {share:.1f} times the median stride: a contact was missed"
        elif share < SHORTEST_OF_MEDIAN:
            reasons[cycle] = f"lasts {share:.1f} times the median stride: one contact too many"
        elif contact[cycle] < LEAST_CONTACT or contact[cycle] > MOST_CONTACT:
            reasons[cycle] = f"on the ground for {100 * contact[cycle]:.0f} % of the stride"
    return rejected(cycles, reasons)


def _finite(time_s: float) -> float:
    return float(time_s) if np.isfinite(time_s) else float("nan")
