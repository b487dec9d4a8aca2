"""Tables of contacts: one row per cycle with touchdown and lift-off, or one row per event."""

import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from restride.errors import ReadError
from restride.readers.take import Take
from restride.signals.recording import EVENT_COLUMNS, Doubt, Recording, Side, Source
from restride.signals.schema import FloatArray

METHOD: Final = "stated in a table of events"
# words of a column or a cell, joined -> event; the sided ones are read with their side first
_EVENTS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("touchdown", "td", "footstrike", "heelstrike", "hs", "footcontact", "footon", "footdown"), "initial_contact"
    ),
    **dict.fromkeys(("initialcontact", "ic", "stancestart", "strike", "contactstart"), "initial_contact"),
    **dict.fromkeys(("liftoff", "lo", "toeoff", "to", "footoff", "stanceend", "swingstart", "contactend"), "toe_off"),
}
_SIDES: Final[Mapping[str, Side]] = {"left": "left", "l": "left", "right": "right", "r": "right"}
_TIME: Final = ("time", "t")
_UNITS: Final[Mapping[str, float]] = {"s": 1.0, "sec": 1.0, "seconds": 1.0, "ms": 1e-3}


def sniff(head: bytes) -> bool:
    """Whether a file begins with a line of columns named after contacts, or of time, side and event."""
    lines = head.decode("utf-8-sig", errors="replace").splitlines()
    if not lines:
        return False
    names = [cell.strip().strip('"') for cell in lines[0].split(_separator(lines[0]))]
    return bool(_wide(names)) or _long(names) is not None


def read_event_table(path: Path, take: Take) -> Recording:
    """Initial contacts and toe-offs of a table, without any signal.

    Parameters
    ----------
    path : Path
        One row per cycle with columns such as ``touchdown_s, liftoff_s`` (``left_foot_strike``
        names its side), or one row per event with ``time_s, side, event``.
    take : Take
        ``contacts: {side: ...}`` says whose they are where the table does not.

    Returns
    -------
    Recording
        Events only; blank cells are none. A row of an event that is neither is left out
        with a doubt.

    Raises
    ------
    ReadError
        If the side is not known, or columns of contacts do not say that they are in seconds:
        frames and samples look alike.
    """
    content = path.read_bytes()
    table = _table(content.decode("utf-8-sig", errors="replace"))
    names = [str(name) for name in table.columns]
    rows, doubts = _from_rows(table, names) if _long(names) else (_from_columns(table, names, take.contacts_of), [])
    if not rows:
        raise ReadError("expected times of contacts, found none; export the table again")
    source = Source("table of events", hashlib.sha256(content).hexdigest())
    events = pd.DataFrame(rows, columns=list(EVENT_COLUMNS))
    return Recording({}, events=events, sources=(source,), doubts=tuple(doubts))


def _table(text: str) -> pd.DataFrame:
    head = text.partition("\n")[0]
    separator = _separator(head)
    try:
        table = pd.read_csv(
            io.StringIO(text), sep=separator, decimal="," if separator == ";" else ".", skipinitialspace=True
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise ReadError("expected rows of equal length, found others; export the table again") from error
    return table.rename(columns=lambda name: str(name).strip())


def _from_columns(table: pd.DataFrame, names: Sequence[str], stated: Side | None) -> list[tuple[float, str, str, str]]:
    rows: list[tuple[float, str, str, str]] = []
    for name, (event, side, factor) in _wide(names).items():
        side = side or stated
        if not set(_words(name)) & set(_UNITS):
            raise ReadError(
                f"expected the unit of the column {name!r} in its name, found none; call it {name}_s or _ms"
            )
        if side is None:
            raise ReadError(
                f"expected to know whose contacts the column {name!r} holds, found no side; add to take.yaml: "
                "contacts: {side: left} or {side: right}"
            )
        rows += [(factor * t, side, event, METHOD) for t in _numbers(table[name]) if np.isfinite(t)]
    return rows


def _from_rows(table: pd.DataFrame, names: Sequence[str]) -> tuple[list[tuple[float, str, str, str]], list[Doubt]]:
    columns = _long(names)
    if columns is None:
        return [], []
    time, side, event = columns
    factor = _factor(_words(time))
    rows: list[tuple[float, str, str, str]] = []
    unknown: set[str] = set()
    words = (["" if pd.isna(cell) else str(cell) for cell in table[column]] for column in (side, event))
    for moment, leg, what in zip(_numbers(table[time]), *words, strict=True):
        found, own = _EVENTS.get("".join(_words(what))), _SIDES.get(leg.strip().lower())
        if found is None or own is None:
            unknown.add(f"{leg} {what}")
        elif np.isfinite(moment):
            rows.append((factor * moment, own, found, METHOD))
    if not unknown:
        return rows, []
    shown = ", ".join(sorted(unknown)[:4])
    text = f"Rows that are no contact or toe-off of a left or right foot were left out: {shown}."
    return rows, [Doubt("events", text, "If they are contacts, state them in take.yaml under events.")]


def _wide(names: Sequence[str]) -> dict[str, tuple[str, Side | None, float]]:
    """Columns of contacts with event, side and factor to seconds; none if a column is a signal's time."""
    found: dict[str, tuple[str, Side | None, float]] = {}
    for name in names:
        words = _words(name)
        factor = _factor(words)
        words = [w for w in words if w not in _UNITS and w not in _TIME]
        sides = [w for w in words if w in _SIDES]
        event = _EVENTS.get("".join(w for w in words if w not in _SIDES))
        if event is None and len(words) == 1 and words[0][:1] in _SIDES:
            # LHS, RTO: left heel strike, right toe-off
            event, sides = _EVENTS.get(words[0][1:]), [words[0][:1]]
        if event is not None and len(sides) <= 1:
            found[name] = (event, _SIDES[sides[0]] if sides else None, factor)
    signals = any(set(_words(name)) & {*_TIME} and name not in found for name in names)
    contacts = any(event == "initial_contact" for event, _, _ in found.values())
    return found if contacts and not signals else {}


def _long(names: Sequence[str]) -> tuple[str, str, str] | None:
    """The columns of time, side and event of a table with one row per event."""
    by_word = {word: name for name in reversed(names) for word in _words(name)}
    time = next((by_word[w] for w in _TIME if w in by_word), None)
    side = next((by_word[w] for w in ("side", "foot", "leg") if w in by_word), None)
    event = next((by_word[w] for w in ("event", "name", "label") if w in by_word), None)
    return (time, side, event) if time and side and event else None


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def _factor(words: Sequence[str]) -> float:
    return next((_UNITS[w] for w in words if w in _UNITS), 1.0)


def _numbers(column: "pd.Series[float]") -> FloatArray:
    return pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64)


def _separator(line: str) -> str:
    return max(",;\t", key=line.count)
