"""The chapter of a runner's force that does not say which foot it is of: contact, flight and step rate."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride import cycles
from restride.chapters.chapter import Chapter, Chart, Measure
from restride.errors import RestrideError
from restride.findings.blocks import Median, blocks, difference, median
from restride.signals.recording import Recording
from restride.signals.schema import SPACE

SEED: Final = 0
FEWEST: Final = 6  # steps to speak of
STEP_S: Final = (0.2, 0.6)  # 300 to 100 steps per minute: a contact that was missed makes one step of two
DRIFT_TOLD_N: Final = 5.0  # less is the noise of a plate
_METHOD: Final = (
    "vertical force through 20 N, its zero taken from the flights between steps (restride.cycles.undrifted); "
    "intervals from blocks of five neighbouring steps"
)
# column -> name, units, shown in, decimals in a sentence
_MEASURES: Final = {
    "contact_time_s": ("contact time", "s", "ms"),
    "flight_time_s": ("flight time", "s", "ms"),
    "peak_n": ("largest vertical force", "N", ""),
}


def chapters(recording: Recording, table: pd.DataFrame) -> list[Chapter]:
    """Steps of a force that was not sorted by foot; empty with strides of feet, or without such a force.

    Parameters
    ----------
    recording : Recording
    table : DataFrame
        Strides as from ``cycles.segment``; where there are some, the feet are known.
    """
    force = _unsorted(recording)
    if force is None or table["kept"].any() or recording.conditions.test is not None:
        return []
    try:
        clean = cycles.undrifted(force)
        steps = cycles.steps_from_force(clean)
    except RestrideError:
        return []  # no runner: a plate somebody stands or walks on
    usable = steps[steps["step_s"].between(*STEP_S)]
    return [_chapter(force, clean, steps, usable)] if len(usable) >= FEWEST else []


def _unsorted(recording: Recording) -> xr.DataArray | None:
    """Vertical force of nobody's foot in particular, summed over plates."""
    if "vertical_force" in recording:
        return recording["vertical_force"]
    if "plate_grf" not in recording or "grf" in recording:
        return None
    plates = recording["plate_grf"]
    up = plates.isel(space=SPACE.index("y"), drop=True).sum("plate", skipna=False)
    return up.assign_attrs(units=plates.attrs["units"])


def _chapter(force: xr.DataArray, clean: xr.DataArray, steps: pd.DataFrame, usable: pd.DataFrame) -> Chapter:
    rng = np.random.default_rng(SEED)
    block = blocks(usable["contact_s"].to_numpy(dtype=float), gap_s=STEP_S[1])
    found = {c: median(usable[c].to_numpy(dtype=float), block, rng=rng) for c in ("step_s", *_MEASURES)}
    contact, flight = found["contact_time_s"], found["flight_time_s"]
    sentence = (
        f"Running at {60 / found['step_s'].value:.0f} steps per minute: a foot is on the ground for "
        f"{1e3 * contact.value:.0f} ms{_span(contact)}, then both are in the air for {1e3 * flight.value:.0f} ms"
        f"{_span(flight)}; medians of {len(usable)} steps, and which foot is which is not known."
    )
    return Chapter(
        key="force_steps",
        title="Steps, from the vertical force",
        sentences=(sentence, *_every_other(steps), *_drift_words(force, clean)),
        sureness=(
            f"From {len(usable)} whole steps, {len(steps) - len(usable)} more without a next one or out of rhythm; "
            "force tells contact to a few milliseconds."
        ),
        measures=(_rate(found["step_s"]), *(_measure(c, found[c]) for c in _MEASURES)),
        charts=(_step_chart(usable), *_drift_chart(force, clean)),
        not_measured=(
            "left and right: one force says when a foot is down, not which; add markers, a foot sensor or video",
            "what any muscle did",
        ),
        method=_METHOD,
    )


def _every_other(steps: pd.DataFrame) -> list[str]:
    """Whether one foot, nobody knows which, stays longer than the other; nothing where a step was missed."""
    if not steps["step_s"].iloc[:-1].between(*STEP_S).all():
        return []
    odd = np.arange(len(steps)) % 2 == 1
    values, when = (steps[c].to_numpy(dtype=float) for c in ("contact_time_s", "contact_s"))
    # each foot's contacts are a stride apart
    one, other = ((values[own], blocks(when[own], gap_s=2 * STEP_S[1])) for own in (~odd, odd))
    apart = difference(one, other, rng=np.random.default_rng(SEED))
    if apart.told is None or apart.interval is None:
        return []
    if apart.least == 0.0:
        return ["Every other contact lasts as long as those between, as far as their scatter lets one see."]
    low, high = sorted(1e3 * abs(end) for end in apart.interval)
    return [
        f"Every other contact lasts {1e3 * abs(apart.value):.0f} ms longer than those between (95 % interval {low:.0f} "
        f"to {high:.0f}): the legs differ, but nothing says which is which."
    ]


def _rate(step_s: Median) -> Measure:
    ends = step_s.interval
    interval = (1 / ends[1], 1 / ends[0]) if ends is not None else None
    reason = step_s.reason
    return Measure("step rate", "both", 1 / step_s.value, "Hz", interval, reason, step_s.n, "steps", _METHOD, "per min")


def _measure(column: str, found: Median) -> Measure:
    name, units, shown_in = _MEASURES[column]
    return Measure(name, "both", found.value, units, found.interval, found.reason, found.n, "steps", _METHOD, shown_in)


def _span(found: Median) -> str:
    if found.interval is None:
        return ""
    return f" (95 % interval {1e3 * found.interval[0]:.0f} to {1e3 * found.interval[1]:.0f})"


def _drift_words(force: xr.DataArray, clean: xr.DataArray) -> list[str]:
    drift = (force - clean).values
    low, high = float(np.nanmin(drift)), float(np.nanmax(drift))
    if max(abs(low), abs(high)) <= DRIFT_TOLD_N:
        return []
    return [f"The zero of the force ran from {low:.0f} to {high:.0f} N and was set to zero in every flight."]


def _step_chart(steps: pd.DataFrame) -> Chart:
    values = {name: steps[f"{name}_s"].to_numpy(dtype=float) for name in ("contact_time", "flight_time")}
    low, high = (1e3 * np.nanquantile(values["contact_time"], share) for share in (0.05, 0.95))
    return Chart(
        title="Contact and flight, step by step",
        x=steps["contact_s"].to_numpy(dtype=float),
        x_words="time",
        x_units="s",
        series={name.replace("_", " "): value for name, value in values.items()},
        y_words="time of one step",
        y_units="s",
        style="dots",
        words=f"Contact and flight time of each step; contact mostly {low:.0f} to {high:.0f} ms.",
        y_shown_in="ms",
    )


def _drift_chart(force: xr.DataArray, clean: xr.DataArray) -> list[Chart]:
    if not _drift_words(force, clean):
        return []
    drift = (force - clean).values
    return [
        Chart(
            title="Drift of the force's zero",
            x=force["time"].values,
            x_words="time",
            x_units="s",
            series={"zero": drift},
            y_words="force read in flight",
            y_units="N",
            style="line",
            words=f"What the plate read with nobody on it: {drift[0]:.0f} N at first, {drift[-1]:.0f} N at last.",
        )
    ]
