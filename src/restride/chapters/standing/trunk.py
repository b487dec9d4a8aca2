"""The chapter of a phone or sensor on a standing trunk."""

from typing import Final

import pandas as pd
import xarray as xr

from restride import standing
from restride.chapters.chapter import Chapter
from restride.chapters.standing.attempts import Column, against, attempts, measures, whose, with_eyes, within
from restride.errors import RestrideError
from restride.signals.recording import Recording

SIZE: Final = Column("trunk acceleration, level (RMS)", "m/s^2", "", 1.0, 3, "m/s²")
COLUMNS: Final = {
    "rms_m_s2": SIZE,
    "rms_forward_m_s2": Column("trunk acceleration forward and back (RMS)", "m/s^2"),
    "rms_sideways_m_s2": Column("trunk acceleration sideways (RMS)", "m/s^2"),
    "jerk_m2_s5": Column("trunk jerk", "m^2/s^5"),
    "duration_s": Column("time measured by the sensor", "s"),
}
_METHOD: Final = (
    "acceleration of the trunk, levelled by gravity, low-passed at 3.5 Hz: RMS and half the integral of the squared "
    "change (Mancini et al. 2012; restride.standing.trunk_sway)"
)


def trunk(recording: Recording) -> list[Chapter]:
    """Size and jerk of the trunk's level acceleration in a standing test; empty without a sensor on it.

    Parameters
    ----------
    recording : Recording
        A trunk moves in walking too, so take.yaml has to name the test.
    """
    acc = on_trunk(recording)
    if acc is None or recording.conditions.test is None:
        return []
    rows = []
    for attempt in attempts(recording):
        try:
            found = standing.trunk_sway(within(acc, attempt))
        except RestrideError:
            continue  # too short, or no gravity in it
        rows.append({"side": whose(attempt), "eyes": attempt.eyes or ""} | {c: getattr(found, c) for c in COLUMNS})
    if not rows:
        return []
    table = pd.DataFrame(rows)
    return [
        Chapter(
            key="trunk_sway",
            title="Sway of the trunk, from its sensor",
            sentences=(*against(table, "rms_m_s2", SIZE, counted="trials"), *_words(table)),
            sureness=(
                f"From {len(table)} trial{'s' if len(table) > 1 else ''}. This is the acceleration of the trunk, not "
                "the path of the centre of pressure: the two are not to be compared with each other."
            ),
            measures=tuple(measures(table, COLUMNS, _METHOD, counted="trials")),
            not_measured=("how far the body swayed: acceleration says how hard, and gravity on a tilt is part of it",),
            method=_METHOD,
        )
    ]


def on_trunk(recording: Recording) -> xr.DataArray | None:
    """Acceleration of the sensor on pelvis or trunk, dims (time, space); None if there is none.

    Parameters
    ----------
    recording : Recording
    """
    acc = recording.signals.get("acc")
    if acc is None or "segment" not in acc.coords:
        return None
    worn = acc["segment"].isin(["pelvis", "trunk"]).values
    return acc.isel(sensor=int(worn.argmax()), drop=True) if worn.any() else None


def _words(table: pd.DataFrame) -> list[str]:
    said = []
    for (side, eyes), own in table.groupby(["side", "eyes"], sort=False):
        stood = "both legs" if side == "both" else f"the {side} leg"
        size, seconds = own["rms_m_s2"].mean(), own["duration_s"].mean()
        said.append(
            f"Standing on {stood}{with_eyes(eyes)}: the trunk's level acceleration was {SIZE.text(size)} "
            f"({len(own)} trial{'s' if len(own) > 1 else ''} of {seconds:.0f} s)."
        )
    return said
