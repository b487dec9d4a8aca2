"""One number of an analysis by its name, for whoever follows one measure over many sessions."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from restride.chapters.chapter import Measure
from restride.chapters.watch.quantities import ON_FOOT, ON_WHEELS
from restride.errors import RestrideError, UnitsError
from restride.findings.finding import Finding
from restride.pipeline.analysis import Analysis
from restride.pipeline.history import outing_rows
from restride.signals.units import to_si

# how many names a message lists
LISTED: Final = 12


@dataclass(frozen=True, slots=True)
class Offer:
    """One number that an analysis offers.

    Attributes
    ----------
    value : float
        In ``units``; never NaN.
    units, shown_in : str
        As of ``chapters.Measure``, or of ``findings.Finding``.
    device : str
        What it was recorded by; empty if the files do not say.
    """

    value: float
    units: str
    shown_in: str
    device: str


@dataclass(frozen=True, slots=True)
class Scored:
    """One session, scored.

    Attributes
    ----------
    measure : str
        The name in full.
    offer : Offer
    speed_m_s : float or None
    started : str
        ISO 8601; empty if the files do not say.
    sha256 : str
        Of the file; of several, of all of them with a blank between.
    """

    measure: str
    offer: Offer
    speed_m_s: float | None
    started: str
    sha256: str


def offered(analysis: Analysis) -> Mapping[str, Offer]:
    """Every number of an analysis under a name that says what it is and of which side.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    mapping of name to Offer
        A difference between the legs is always left minus right, whichever leg the finding speaks of.
    """
    found: dict[str, Offer] = {}
    for row in outing_rows(analysis.recording):
        if np.isfinite(row.value):
            asked = next((q.shown_in for q in (*ON_FOOT, *ON_WHEELS) if q.name == row.measure), "")
            asked = "%" if row.measure.startswith("share of") else asked
            name = row.measure if row.side == "both" else f"{row.measure}, {row.side}"
            found.setdefault(name, Offer(row.value, row.units, asked, row.device))
    device = _device(analysis)
    for chapter in analysis.chapters:
        for measure in chapter.measures:
            if np.isfinite(measure.value):
                offer = Offer(measure.value, _known(measure.units), measure.shown_in, device)
                name = _named(measure)
                found.setdefault(name if name not in found else f"{chapter.title}: {name}", offer)
    for name, value, units in _findings(analysis.findings):
        found.setdefault(name, Offer(value, _known(units), "", device))
    return found


def scored(analysis: Analysis, measure: str) -> Scored:
    """One measure of an analysis by its name; the name alone decides, so nothing of the session is known to it.

    Parameters
    ----------
    analysis : Analysis
    measure : str
        As ``offered`` names it; capitals do not matter, and a side may be left out where there is one only.

    Raises
    ------
    RestrideError
        If the analysis has no such number, with the nearest that it has.
    """
    offers = offered(analysis)
    meant = measure.strip().lower()
    names = [n for n in offers if n.lower() == meant] or [n for n in offers if n.lower().startswith(f"{meant}, ")]
    if len(names) != 1:
        raise RestrideError(_unknown(measure, names or list(offers)))
    sources = analysis.recording.sources
    speed = offers["speed"].value if "speed" in offers else analysis.recording.conditions.speed_m_s
    return Scored(
        measure=names[0],
        offer=offers[names[0]],
        speed_m_s=speed,
        started=next((source.started for source in sources if source.started), ""),
        sha256=" ".join(source.sha256 for source in sources),
    )


def _named(measure: Measure) -> str:
    return measure.name if measure.side in ("", "both") else f"{measure.name}, {measure.side}"


def _findings(findings: tuple[Finding, ...]) -> Iterator[tuple[str, float, str]]:
    for f in findings:
        if not np.isfinite(f.value):
            continue
        if f.compared_with in ("left leg", "right leg"):
            yield f"{f.name}, {f.window_name}, left minus right", f.value if f.side == "left" else -f.value, f.units
        else:
            yield f"{f.name}, {f.window_name}, {f.side} minus {f.compared_with}", f.value, f.units


def _known(units: str) -> str:
    """The unit as the closed list has it: findings speak of percent of something."""
    try:
        to_si(units)
    except UnitsError:
        return "%" if units.startswith("%") else "unstated"
    return units


def _device(analysis: Analysis) -> str:
    names = [
        d.name + (f" (unit {d.mark})" if d.mark else "") for s in analysis.recording.sources for d in s.devices[:1]
    ]
    return " and ".join(dict.fromkeys(names or [s.device for s in analysis.recording.sources if s.device]))


def _unknown(measure: str, names: list[str]) -> str:
    if not names:
        return f"expected a number called {measure!r}, found none at all in this recording; see restride inspect"
    near = difflib.get_close_matches(measure, names, LISTED, cutoff=0.3) or names[:LISTED]
    listed = "; ".join(near)
    return f"expected one number called {measure!r}, found {len(names)} others; such as: {listed}"
