"""Where the strides of a recording come from: the best source of contacts that it has."""

from collections.abc import Callable
from typing import Final

from restride import cycles, imu
from restride.cycles.events import Source
from restride.errors import RestrideError
from restride.signals.recording import Doubt, Recording
from restride.signals.schema import SIDES


def with_strides(recording: Recording, *, source: Source = "auto") -> Recording:
    """The recording with its initial contacts and toe-offs.

    Parameters
    ----------
    recording : Recording
        Force sorted by foot (``cycles.assign_plates`` first).
    source : {"auto", "file", "grf", "markers"}
        ``"auto"``: what the files state, force and markers first, as ``cycles.detect`` does;
        without a whole stride from them, the first of ``FALLBACKS`` that finds one.

    Returns
    -------
    Recording
        Each event says its method. A source that was there and failed leaves a doubt.
    """
    found = cycles.detect(recording, source=source)
    if source != "auto" or cycles.segment(found.events)["kept"].any():
        return found
    failed: list[Doubt] = []
    for has, find in FALLBACKS:
        if not has(recording):
            continue
        try:
            other = find(recording)
        except RestrideError as error:
            failed.append(Doubt("strides", f"No stride could be cut: {error}.", severity="note"))
            continue
        if cycles.segment(other.events)["kept"].any():
            return other.replaced(doubts=(*other.doubts, *failed))
    # of a watch or of a plate underfoot nobody expects contacts, so their absence is no doubt
    expected = any(kind in recording for kind in ("markers", "grf", "angles"))
    kept = found if expected else recording
    return kept.replaced(doubts=(*kept.doubts, *failed))


def _worn_on_feet(recording: Recording) -> bool:
    acc = recording.signals.get("acc")
    if acc is None or "gyr" not in recording or not {"segment", "side"} <= set(acc.coords):
        return False
    pairs = zip(acc["segment"].values, acc["side"].values, strict=True)
    return any(segment == "foot" and side in SIDES for segment, side in pairs)


def _from_feet(recording: Recording) -> Recording:
    found = imu.feet(recording["acc"], recording["gyr"])
    return recording.replaced(events=found.events, doubts=(*recording.doubts, *found.doubts))


# whether a recording has the source, and the recording with its events; the surest first
FALLBACKS: Final[tuple[tuple[Callable[[Recording], bool], Callable[[Recording], Recording]], ...]] = (
    (_worn_on_feet, _from_feet),
)
