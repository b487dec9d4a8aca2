"""Contacts of walkers from one sensor on the lower back, against foot sensors with insoles.

One healthy older adult and one person with multiple sclerosis, short straight walks and one of
daily tasks each. The reference states contacts with sides within its walking periods; ours are
found in the whole recording and compared within those periods. Partners lie within ``PARTNER_S``,
as in the figures known for mobgap. The constants are then changed by 30 % each, one at a time.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from unittest import mock

import numpy as np
import pandas as pd
from scipy.io import loadmat

from restride.imu import walking, walking_steps
from restride.readers import read
from restride.readers.take import parsed
from restride.signals.recording import Recording
from validation.row import Row

SET: Final = "imu-lowback-mobilised"
PARTNER_S: Final = 0.2
F1, SIDES_PERCENT = 0.80, 85.0
TRIALS: Final = (("Test5", "Trial1"), ("Test5", "Trial2"), ("Test11", "Trial1"))
CONSTANTS: Final = (
    "LEAST_M_S2",
    "SHORTEST_STEP_S",
    "LONGEST_STEP_S",
    "SAME_SIDE_TWICE",
    "STEP_BAND_HZ",
    "STRIDE_BAND_HZ",
)


def rows(shared: Path) -> list[Row]:
    """F1 and sides over both people with bars; each person and changed constants without."""
    trials = [trial for who in ("HA", "MS") for trial in _trials(shared / SET / who / "001", who)]
    f1, percent, note = _figures(trials)
    out = [
        Row("lower back, walking, F1 of contacts at 0.2 s", f1, "1", F1, note=f"{note}; mobgap 0.73 to 0.77"),
        Row("lower back, walking, side right", percent, "%", SIDES_PERCENT, note="of contacts found; published 82"),
    ]
    for who in ("HA", "MS"):
        f1, percent, note = _figures([t for t in trials if t[0] == who])
        out.append(
            Row(f"lower back, walking, F1 of contacts, {who}", f1, "1", None, note=f"{note}, side {percent:.0f} %")
        )
    for who in ("HA", "MS"):
        apart = _left_later_ms([t for t in trials if t[0] == who])
        note = "left contacts later than right ones: step times of the legs cannot be compared"
        out.append(Row(f"lower back, walking, lateness, left minus right, {who}", apart, "ms", None, note=note))
    changed = []
    for name in CONSTANTS:
        for factor in (0.7, 1.3):
            now = getattr(walking, name)
            value = (now[0] / factor, now[1] * factor) if isinstance(now, tuple) else now * factor
            with mock.patch.object(walking, name, value):
                changed.append((*_figures(trials)[:2], f"{name} x {factor}"))
    worst_f1, worst_side = min(changed, key=lambda c: c[0]), min(changed, key=lambda c: c[1])
    return [
        *out,
        Row("lower back, constants ±30 %, worst F1", worst_f1[0], "1", None, note=worst_f1[2]),
        Row("lower back, constants ±30 %, worst share of sides", worst_side[1], "%", None, note=worst_side[2]),
    ]


Trial = tuple[str, Recording, list[pd.DataFrame]]


def _trials(folder: Path, who: str) -> Iterator[Trial]:
    said = {"rate_hz": 100, "acc_unit": "g", "gyr_unit": "deg/s", "worn": {"sensor": {"segment": "pelvis"}}}
    data = loadmat(str(folder / "data.mat"), simplify_cells=True)["data"]["TimeMeasure1"]
    for test, trial in TRIALS:
        recording = read(folder / f"TimeMeasure1_{test}_{trial}.csv", take=parsed({"sensors": said}))
        walks = data[test][trial]["Standards"]["INDIP"]["ContinuousWalkingPeriod"]
        yield who, recording, [_stated(walk) for walk in (walks if isinstance(walks, list) else [walks])]


def _stated(walk: Mapping[str, object]) -> pd.DataFrame:
    times = np.atleast_1d(np.asarray(walk["InitialContact_Event"], dtype=float))
    sides = [str(side).lower() for side in np.atleast_1d(np.asarray(walk["InitialContact_LeftRight"]))]
    stated = pd.DataFrame({"time_s": times, "side": sides}).dropna()
    stated.attrs["span_s"] = (float(str(walk["Start"])), float(str(walk["End"])))
    return stated


def _left_later_ms(trials: list[Trial]) -> float:
    """How much later than stated left contacts are than right ones, means, ms."""
    late: dict[str, list[float]] = {"left": [], "right": []}
    for _, recording, walks in trials:
        ours = walking_steps(recording["acc"], recording["gyr"])
        for stated in walks:
            for time_s, side in zip(stated["time_s"], stated["side"], strict=True):
                own = ours.loc[ours["side"] == side, "time_s"] - time_s
                if len(own) and own.abs().min() <= PARTNER_S:
                    late[side].append(1e3 * float(own.loc[own.abs().idxmin()]))
    return float(np.mean(late["left"]) - np.mean(late["right"]))


def _figures(trials: list[Trial]) -> tuple[float, float, str]:
    """F1, percentage of sides right, and the counts in words."""
    found = beside = missed = right = 0
    late: list[float] = []
    for _, recording, walks in trials:
        ours = walking_steps(recording["acc"], recording["gyr"])
        for stated in walks:
            start_s, end_s = stated.attrs["span_s"]
            own = ours[ours["time_s"].between(start_s - PARTNER_S, end_s + PARTNER_S)]
            free = list(zip(own["time_s"], own["side"], strict=True))
            for time_s, side in zip(stated["time_s"], stated["side"], strict=True):
                near = min(free, key=lambda step: abs(step[0] - time_s), default=None)
                if near is None or abs(near[0] - time_s) > PARTNER_S:
                    missed += 1
                    continue
                free.remove(near)
                found += 1
                right += near[1] == side
                late.append(near[0] - time_s)
            beside += len(free)
    f1 = 2 * found / (2 * found + beside + missed)
    return (
        f1,
        100 * right / found,
        f"{found} found, {missed} missed, {beside} beside, {1e3 * np.mean(late):+.0f} ms late",
    )
