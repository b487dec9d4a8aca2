"""The chapter of good and bad steps: each stride against the same leg's usual ones, as a strip over time."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.chapters.chapter import Chapter, Chart, Measure
from restride.errors import SchemaError
from restride.findings import steps
from restride.findings.steps import Runs, Share, Steps
from restride.signals.recording import Recording, Side
from restride.signals.schema import SIDES
from restride.signals.vocabulary import listed

SEED: Final = 0
# what is measured in each stride; what is computed from it would count it twice
KINDS: Final = ("angles", "emg", "foot_pitch", "foot_lift", "grf")
_KIND_WORDS: Final = {
    "angles": "joint angles",
    "emg": "muscle activity",
    "foot_pitch": "foot pitch",
    "foot_lift": "foot height",
    "grf": "ground force",
}
# a recording this long has a beginning to compare with; of a shorter one the majority is the reference
LONG_S: Final = 300.0
_METHOD: Final = (
    "distance of each stride's curves from the median of the reference strides, the three furthest curves counted; "
    "limit three robust SD above the usual distance, at least twice it (restride.findings.steps); 95 % intervals from "
    "blocks of five neighbouring steps; random order by {} shuffles"
)


def chapters(recording: Recording, table: pd.DataFrame, curves: Mapping[str, xr.DataArray]) -> list[Chapter]:
    """Which steps are unlike a leg's usual ones, how many, and in what runs; empty without curves of strides.

    Parameters
    ----------
    recording : Recording
        ``conditions.cue`` is named beside the share.
    table : DataFrame
        Strides as from ``cycles.segment``; those cut from EMG alone are not judged, because they were laid out by
        the very curves that would be judged.
    curves : mapping of kind to DataArray, dims (cycle, phase, name)
    """
    used = {kind: curves[kind] for kind in KINDS if kind in curves}
    kept = table[table["kept"]]
    if not used or kept.empty or kept["toe_off_s"].isna().all():
        return []
    span_s = float(kept["end_s"].max() - kept["start_s"].min())
    judged = _judged(used, table, "first minute" if span_s >= LONG_S else "majority")
    if not judged:
        return [_too_few(kept)]
    rng = np.random.default_rng(SEED)
    shares = {side: steps.share(found, rng=rng) for side, found in judged.items()}
    runs = {side: steps.runs(found, rng=rng) for side, found in judged.items()}
    return [
        Chapter(
            key="steps",
            title="Good and bad steps",
            sentences=(
                *(_sentence(judged[side], shares[side], runs[side]) for side in judged),
                *_of_cue(recording),
            ),
            sureness=(
                "A good step is one like the steps it is held against, no more: it is not a sound one by that, and "
                "where most steps are bad the bad ones are the usual ones."
            ),
            measures=tuple(m for side in judged for m in _measures(judged[side], shares[side], runs[side])),
            charts=(_strip(judged, used),),
            not_measured=(
                "whether a usual step is a sound one",
                *(f"the {side} leg: fewer than {steps.FEWEST} whole strides" for side in SIDES if side not in judged),
            ),
            method=_METHOD.format(steps.SHUFFLES),
        )
    ]


def _judged(used: Mapping[str, xr.DataArray], table: pd.DataFrame, reference: steps.Reference) -> dict[Side, Steps]:
    found: dict[Side, Steps] = {}
    for side in SIDES:
        try:
            found[side] = steps.judged(
                used, table, steps.standard(used, table, side=side, reference=reference), side=side
            )
        except SchemaError:
            continue  # the chapter says which leg has too few
    return found


def _too_few(kept: pd.DataFrame) -> Chapter:
    counts = kept["side"].value_counts()
    held = listed([f"{counts.get(side, 0)} of the {side} leg" for side in SIDES])
    return Chapter(
        key="steps",
        title="Good and bad steps",
        sentences=(f"Too few strides to tell good steps from bad ones: {held}; it takes {steps.FEWEST} of a leg.",),
        sureness="Nothing was computed from them.",
    )


def _sentence(found: Steps, share: Share, runs: Runs) -> str:
    n, good = found.good.size, int(found.good.sum())
    text = f"{found.side.capitalize()} leg: {good} of {n} steps ({_percent(share)}) are like {found.words}"
    if good in (0, n):
        return f"{text}."
    low, high = runs.range_longest
    order = "longer than" if runs.longest > high else "shorter than" if runs.longest < low else "as long as"
    return (
        f"{text}; the longest run of good ones is {runs.longest:.0f} steps, {order} steps of that share would give in "
        f"random order ({low:.0f} to {high:.0f})."
    )


def _percent(share: Share) -> str:
    if share.interval is None:
        return f"{100 * share.value:.0f} %; {share.reason}"
    low, high = share.interval
    return f"{100 * share.value:.0f} %; 95 % interval {100 * low:.0f} to {100 * high:.0f}"


def _of_cue(recording: Recording) -> list[str]:
    cue = recording.conditions.cue
    return [f"Recorded with the cue {cue!r}; only a recording without it says whether it helps."] if cue else []


def _measures(found: Steps, share: Share, runs: Runs) -> list[Measure]:
    n, one = found.good.size, "one recording"
    how = f"against {found.words}"
    random = f"in random order {runs.expected_longest:.0f} ({runs.range_longest[0]:.0f} to {runs.range_longest[1]:.0f})"
    middle = f"in random order {runs.expected_median:.0f}"
    return [
        Measure(
            "share of good steps", found.side, share.value, "1", share.interval, share.reason, n, "strides", how, "%"
        ),
        Measure("longest run of good steps", found.side, runs.longest, "counts", None, one, n, "strides", random),
        Measure("median run of good steps", found.side, runs.median, "counts", None, one, n, "strides", middle),
    ]


def _strip(judged: Mapping[Side, Steps], used: Mapping[str, xr.DataArray]) -> Chart:
    start_s = np.concatenate([found.start_s for found in judged.values()])
    order = np.argsort(start_s, kind="stable")
    series = {}
    for side in judged:
        distance = [f.distance if s == side else np.full(f.distance.size, np.nan) for s, f in judged.items()]
        series[str(side)] = np.concatenate(distance)[order]
    what = listed([_KIND_WORDS[kind] for kind in used])
    bad = "; ".join(f"{int((~f.good).sum())} {side}" for side, f in judged.items())
    return Chart(
        title="Each step's distance from a usual one",
        x=start_s[order],
        x_words="time",
        x_units="s",
        series=series,
        y_words=f"distance in {what}, as a share of the limit",
        y_units="1",
        style="dots",
        words=f"Steps above the line are unlike the usual ones: {bad}.",
        level=1.0,
        level_words="limit of a good step",
    )
