"""One chapter on how the muscles are used: on and off, held or let go, against each other, in patterns."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride import findings
from restride.chapters.chapter import Chapter, Chart
from restride.chapters.patterns.measures import of_bursts, of_joints, of_muscles
from restride.chapters.patterns.synergies import Shared, shared, synergy_measures, synergy_sentences
from restride.findings import Finding, patterns
from restride.signals.recording import Recording, Side
from restride.signals.schema import SIDES
from restride.signals.vocabulary import plain

# sentences of one kind: more are in the numbers
MOST_TOLD: Final = 3
# with this many strides of each leg something may be shown that no interval can make sure
FEWEST_TOLD: Final = 2
SEED: Final = 0

METHOD: Final = (
    "bursts: Teager-Kaiser energy against the quietest tenth of each channel; usual where more than half of a leg's "
    "strides are on"
)
SURENESS: Final = (
    "A muscle is on where its signal stands clearly above the quietest tenth of its own channel, so a noisy channel "
    "seems on for less of the stride than it is."
)
FAINT: Final = "A burst below a quarter of the other leg's counts as missing."
ODD: Final = (
    "Where nothing is known of what the movement asked for, a burst that is missing on one leg may also be one too "
    "many on the other."
)


def chapters(recording: Recording, table: pd.DataFrame, curves: Mapping[str, xr.DataArray]) -> list[Chapter]:
    """How the muscles are used in the strides; no chapter without EMG of a sorted muscle.

    Parameters
    ----------
    recording : Recording
    table : DataFrame
        Strides as from ``cycles.segment``.
    curves : mapping of kind to DataArray, dims (cycle, phase, name)
    """
    if "emg" not in curves or not curves["emg"].sizes["site"]:
        return []
    timed = bool(table.loc[table["kept"], "toe_off_s"].notna().any())
    measured_force = "grf" in recording
    windows = findings.windows(table)
    rows = patterns.pattern_rows(curves, table, windows, timed=timed, with_moments=measured_force)
    switched = curves["active"] if "active" in curves and timed else None
    legs = _legs(curves["emg"])
    found = shared(curves["emg"], rng=np.random.default_rng(SEED))
    return [
        Chapter(
            key="patterns",
            title="How the muscles are used",
            sentences=(*_alone(legs), *_told(rows, curves, timed=timed), *synergy_sentences(found)),
            sureness=_sureness(curves["emg"], known="required_sites" in curves),
            measures=(
                *of_muscles(curves),
                *(of_bursts(switched, curves["emg"], windows) if switched is not None else ()),
                *of_joints(curves, table, with_moments=measured_force, timed=timed),
                *synergy_measures(found),
            ),
            charts=(_map(switched, table),) if switched is not None else (),
            not_measured=_missing(curves, legs, found, timed=timed),
            method=METHOD if "active" in curves else "",
        )
    ]


def _told(rows: list[Finding], curves: Mapping[str, xr.DataArray], *, timed: bool) -> list[str]:
    """What differs between the legs, or that nothing does."""
    bursts = [r for r in rows if "burst" in r.name]
    strong = sorted((r for r in rows if r.strength > 0), key=lambda r: -r.strength)
    told = [r for r in strong if r in bursts][:MOST_TOLD]
    unsure = [r for r in bursts if not r.strength and abs(r.value) == 1 and min(r.n) >= FEWEST_TOLD]
    if told:
        said = [_plainly(r) for r in told]
    elif unsure:
        few = " and ".join(str(n) for n in unsure[0].n)
        said = [_plainly(r) for r in unsure[:MOST_TOLD]]
        said.append(f"From {few} strides no burst can be called missing for sure.")
    elif bursts and min(bursts[0].n) < FEWEST_TOLD:
        said = ["One stride of a leg does not show what is usual, so nothing is said of bursts that one leg lacks."]
    elif bursts:
        said = ["No burst that one leg usually has is missing on the other more often than chance would have it."]
    else:
        said = []
    # a muscle whose burst is told missing is on for less of the stride: that is the same news
    known = {r.what for r in told}
    rest = [r for r in strong if r not in bursts and r.what not in known]
    said += [_plainly(r) for r in rest[:MOST_TOLD]]
    if timed and "active" in curves:
        disagree = patterns.disagreements(findings.timing(curves["emg"]), patterns.onsets(curves["active"]))
        said += [f"{text[:1].upper()}{text[1:]}." for text in list(disagree.values())[:MOST_TOLD]]
    return said


def _plainly(row: Finding) -> str:
    """A row's sentence without its interval, which stands with the numbers."""
    return row.sentence.split("; difference")[0].rstrip(".") + "."


def _alone(legs: list[Side]) -> list[str]:
    if len(legs) != 1:
        return []
    return [f"Only muscles of the {legs[0]} leg were measured, so they are shown and compared with nothing."]


def _legs(emg: xr.DataArray) -> list[Side]:
    return [leg for leg in SIDES if np.isfinite(emg.values[emg["side"].values == leg]).any()]


def _sureness(emg: xr.DataArray, *, known: bool) -> str:
    seen = np.isfinite(emg.values).any(axis=(1, 2))
    counts = {leg: n for leg in SIDES if (n := int((seen & (emg["side"].values == leg)).sum()))}
    strides = "stride" if sum(counts.values()) == 1 else "strides"
    number = " and ".join(f"{n} {leg}" for leg, n in counts.items())
    both = [FAINT, *([] if known else [ODD])] if len(counts) > 1 else []
    return " ".join([f"From {number} {strides} of one take.", SURENESS, *both])


def _map(active: xr.DataArray, table: pd.DataFrame) -> Chart:
    """Share of strides that are on, of every muscle and leg."""
    series, side = {}, active["side"].values
    for site in map(str, active["site"].values):
        for leg in SIDES:
            own = active.sel(site=site).transpose("cycle", "phase").values[side == leg]
            own = own[~np.isnan(own).any(axis=1)]
            if len(own):
                series[f"{leg} {plain(site)}"] = (own >= patterns.SWITCHED).mean(axis=0)
    kept = table[table["kept"]]
    off = (kept["toe_off_s"] - kept["start_s"]) / (kept["end_s"] - kept["start_s"])
    marks = {leg: float(share) for leg, share in off.groupby(kept["side"]).median().dropna().items()}
    return Chart(
        title="When each muscle is on",
        x=np.linspace(0.0, 1.0, active.sizes["phase"]),
        x_words="stride from contact to contact",
        x_units="1",
        series=series,
        y_words="share of strides in which the muscle was on: the darker, the more",
        y_units="1",
        style="strips",
        words=f"When each of {active.sizes['site']} muscles was switched on through the stride, for each leg.",
        marks={str(leg): share for leg, share in marks.items()},
        marks_words="toe-off",
    )


def _missing(
    curves: Mapping[str, xr.DataArray], legs: list[Side], found: Shared | None, *, timed: bool
) -> tuple[str, ...]:
    out = []
    if "active" not in curves:
        out.append("when a muscle switches on and off: record raw EMG, an envelope has lost its onsets")
    elif not timed:
        out.append(
            "where in the stride a muscle is on: that takes contacts that were measured, by force, markers or sensors"
        )
    if "opposed" not in curves:
        out.append("the moments that opposing muscles hold against each other: add markers and force")
    if found is None:
        out.append("muscle synergies: that takes six muscles or more of one leg, in the same strides")
    if len(legs) == 1:
        out.append("how the other leg's muscles are used: record both legs")
    return tuple(out)
