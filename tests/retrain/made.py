"""Trials made up for tests."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from restride.retrain import Design, Noise, Noted, Outcome, Stop, TrialPlan, note, write_plan
from restride.retrain.trial import Pair

FIRST = date(2026, 3, 1)
ORDER: tuple[Pair, ...] = ("AB", "BA", "BA", "AB", "BA", "AB", "AB", "BA")


def plan(order: tuple[Pair, ...] = ORDER, *, blocks: int = 6) -> TrialPlan:
    outcome = Outcome("contact time", "ms", "", "lower", "hand")
    noise = Noise(3.0, 3.0 * 1.96 * 2**0.5, (4.3, 52.2), (250.0, 256.0, 253.0), (), "watch A")
    design = Design(noise.mdc, blocks, 0.86, 0.05, 1, 40, 7, order)
    names = ("thin or thick?", "thin shoes", "thick shoes", "2026-02-28")
    return TrialPlan(1, *names, outcome, noise, design, Stop(3.0, 3))


def started(folder: Path, order: tuple[Pair, ...] = ORDER, *, blocks: int = 6) -> TrialPlan:
    made = plan(order, blocks=blocks)
    write_plan(made, folder)
    return made


def noted(folder: Path, values: Sequence[float | None], *, first: int = 1) -> None:
    """Sessions as the lot has them, two days apart; None: it did not take place."""
    due = plan().due
    for k, value in enumerate(values, start=first):
        condition = "" if value is None else due[k - 1]
        note(folder, Noted(condition, FIRST + timedelta(days=2 * k), value))


def sessions(effect: float, *, seed: int = 0, count: int = 12, sd: float = 3.0) -> list[float]:
    """Values of sessions with a true effect of A against B."""
    rng = np.random.default_rng(seed)
    return [250.0 + sd * rng.standard_normal() + effect * (which == "A") for which in plan().due[:count]]
