"""The chapter of a sensor on the trunk: steps of a runner, or of a walker."""

from typing import Final

import numpy as np
import pandas as pd

from restride import imu
from restride.chapters.chapter import Chapter, Chart, Measure
from restride.errors import RestrideError
from restride.findings.blocks import Median, blocks, median
from restride.signals.recording import Recording
from restride.signals.schema import SIDES, FloatArray

SEED: Final = 0
FEWEST: Final = 6  # steps to speak of
RUNNING_STEP_S: Final = (0.2, 0.6)  # 300 to 100 steps per minute; what lasts longer is a pause
BOUT_GAP_S: Final = 1.2  # as walking_steps parts its bouts
FEWEST_FOR_REGULARITY: Final = 10  # steps of a bout: five strides, of which two pairs are compared
_RUNNING: Final = "trunk IMU, above half of gravity (restride.imu.running_steps)"
_WALKING: Final = "trunk IMU, peaks of the upward acceleration (restride.imu.walking_steps)"
# column of the steps -> name, units, shown in
_MEASURES: Final = {
    "contact_time_s": ("contact time", "s", "ms"),
    "flight_s": ("flight time", "s", "ms"),
    "oscillation_m": ("vertical oscillation", "m", "cm"),
}


def trunk_chapter(recording: Recording) -> list[Chapter]:
    """What a sensor on pelvis or trunk shows of steps; empty without a sensor or without steps.

    Parameters
    ----------
    recording : Recording
        ``conditions.movement`` decides between walking and running where it is stated, else
        whether the trunk falls freely between steps.
    """
    if "acc" not in recording or "segment" not in recording["acc"].coords:
        return []
    try:
        stated, seen = recording.conditions.movement, imu.gait(recording["acc"])
        how = _decided(stated, seen)
        if (stated or seen) == "running":
            return _running(recording, how)
        return _walking(recording, how) if (stated or seen) == "walking" and "gyr" in recording else []
    except RestrideError:
        return []  # no such sensor, or nothing that can be read from it


def _running(recording: Recording, how: str) -> list[Chapter]:
    steps = imu.running_steps(recording["acc"])
    steps = steps[steps["step_s"].between(*RUNNING_STEP_S)]
    if len(steps) < FEWEST:
        return []
    found = _medians(steps, ("step_s", *_MEASURES), steps["contact_s"].to_numpy(dtype=float), RUNNING_STEP_S[1])
    by_minute = 60 / found["step_s"].value
    contact, flight, rise = (found[c] for c in _MEASURES)
    sentence = (
        f"Running: {by_minute:.0f} steps per minute; each foot is on the ground {1e3 * contact.value:.0f} ms"
        f"{_span(contact, 1e3)}, the body then flies {1e3 * flight.value:.0f} ms, and the pelvis rises and falls "
        f"{1e2 * rise.value:.1f} cm (medians of {len(steps)} steps of both legs together)."
    )
    words = f"contact time of each step: mostly {_mostly(steps['contact_time_s'], 1e3, 0)} ms."
    return [
        Chapter(
            key="trunk",
            title="Running steps, from the sensor on the trunk",
            sentences=(sentence, how),
            sureness=(
                "Against force, in 31 runs of one runner: step rate within 0.1 % and contact time within 10 ms in the "
                "median, at worst 0.3 % and 32 ms; vertical oscillation within 3 mm in the median."
            ),
            measures=(_rate(found["step_s"], _RUNNING), *_measures(found, _RUNNING)),
            charts=(_dots(steps, "contact_s", "contact_time_s", "contact time", words),),
            not_measured=(
                "how the legs differ: such a sensor does not say which foot is down, and the contact times of every "
                "other step agree with force to 11 ms (SD) only",
                "which muscle does what",
            ),
            method=f"{_RUNNING}; intervals from blocks of five neighbouring steps.",
        )
    ]


def _walking(recording: Recording, how: str) -> list[Chapter]:
    steps = imu.walking_steps(recording["acc"], recording["gyr"])
    if len(steps) < FEWEST:
        return []
    time_s = steps["time_s"].to_numpy(dtype=float)
    step_s = np.append(np.diff(time_s), np.nan)
    steps = steps.assign(step_s=np.where(step_s < BOUT_GAP_S, step_s, np.nan))
    found = _medians(steps, ("step_s",), time_s, BOUT_GAP_S)
    alike = imu.regularity(recording["acc"], steps)
    counts = " and ".join(f"{(steps['side'] == side).sum()} {side}" for side in SIDES)
    bouts = f"{len(alike)} walks" if len(alike) > 1 else "one walk"
    sentence = (
        f"Walking: {len(steps)} steps in {bouts}, {60 / found['step_s'].value:.0f} per minute"
        f"{_rates(found['step_s'])}; {counts}, of which about one side in twenty is wrong."
    )
    words = f"time of each step: mostly {_mostly(steps['step_s'], 1e3, 0)} ms."
    return [
        Chapter(
            key="trunk",
            title="Walking steps, from the sensor on the lower back",
            sentences=(sentence, *_regular(alike), how),
            sureness=(
                "Against foot sensors with insoles, of two people: 85 % of contacts found and 88 % of those told true, "
                "within 0.2 s; the side right in 95 %."
            ),
            measures=(_rate(found["step_s"], _WALKING), *_alike_measures(alike)),
            charts=(_dots(steps, "time_s", "step_s", "step time", words),),
            not_measured=(
                "how long each leg's steps last: against insoles the contacts of one side come 20 to 60 ms later than "
                "those of the other, so a difference of step times would be the method's",
                "when a foot leaves the ground, and which muscle does what",
            ),
            method=f"{_WALKING}; side from the pelvis turning; intervals from blocks of five neighbouring steps.",
        )
    ]


def _medians(steps: pd.DataFrame, columns: tuple[str, ...], time_s: FloatArray, gap_s: float) -> dict[str, Median]:
    rng, block = np.random.default_rng(SEED), blocks(time_s, gap_s=gap_s)
    return {c: median(steps[c].to_numpy(dtype=float), block, rng=rng) for c in columns}


def _rate(step_s: Median, method: str) -> Measure:
    """Steps per second: one over the median of their times."""
    ends = step_s.interval
    interval = (1 / ends[1], 1 / ends[0]) if ends is not None else None
    return Measure(
        "step rate", "both", 1 / step_s.value, "Hz", interval, step_s.reason, step_s.n, "steps", method, "per min"
    )


def _measures(found: dict[str, Median], method: str) -> list[Measure]:
    return [
        Measure(name, "both", m.value, units, m.interval, m.reason, m.n, "steps", method, shown_in)
        for column, (name, units, shown_in) in _MEASURES.items()
        for m in [found[column]]
    ]


def _alike_measures(alike: pd.DataFrame) -> list[Measure]:
    long = alike[alike["steps"] >= FEWEST_FOR_REGULARITY]
    method = "autocorrelation of the upward acceleration (Moe-Nilssen and Helbostad 2004), median over walks"
    reason = "one number per walk"
    return [
        Measure(name, "both", float(long[column].median()), "1", None, reason, len(long), "walks", method)
        for column, name in (("step_regularity", "step regularity"), ("stride_regularity", "stride regularity"))
        if len(long)
    ]


def _regular(alike: pd.DataFrame) -> list[str]:
    long = alike[alike["steps"] >= FEWEST_FOR_REGULARITY].dropna()
    if long.empty:
        return []
    step, stride = (float(long[f"{what}_regularity"].median()) for what in ("step", "stride"))
    return [
        f"Each step is like the next to {step:.2f} and each stride to {stride:.2f} (1: the same, 0: unlike; "
        f"{'median of ' if len(long) > 1 else ''}{len(long)} walk{'s' if len(long) > 1 else ''} of "
        f"{FEWEST_FOR_REGULARITY} steps or more)."
    ]


def _decided(stated: str | None, seen: str) -> str:
    """Why the steps were read as they were; where take.yaml and the signal disagree, that too."""
    facts = {
        "running": "between steps the trunk falls freely",
        "walking": "between steps the trunk never falls freely",
        "": "it shows neither steady walking nor running",
    }
    if not stated:
        return f"Read as {seen}, because {facts[seen]}."
    if seen in (stated, ""):
        return f"Read as {stated}, as take.yaml states."
    return f"Read as {stated}, as take.yaml states; but {facts[seen]}, which is {seen}: check conditions: movement."


def _span(found: Median, factor: float) -> str:
    if found.interval is None:
        return ""
    return f" (95 % interval {factor * found.interval[0]:.0f} to {factor * found.interval[1]:.0f})"


def _rates(step_s: Median) -> str:
    if step_s.interval is None:
        return ""
    return f" (95 % interval {60 / step_s.interval[1]:.0f} to {60 / step_s.interval[0]:.0f})"


def _mostly(values: "pd.Series[float]", factor: float, digits: int) -> str:
    if not values.notna().any():
        return "not measured"
    low, high = factor * np.nanquantile(values.to_numpy(dtype=float), [0.05, 0.95])
    return f"{low:.{digits}f} to {high:.{digits}f}"


def _dots(steps: pd.DataFrame, when: str, column: str, name: str, words: str) -> Chart:
    return Chart(
        title=f"{name[0].upper()}{name[1:]}, step by step",
        x=steps[when].to_numpy(dtype=float),
        x_words="time",
        x_units="s",
        series={name: steps[column].to_numpy(dtype=float)},
        y_words=name,
        y_units="s",
        style="dots",
        words=f"{words[0].upper()}{words[1:]}",
        y_shown_in="ms",
    )
