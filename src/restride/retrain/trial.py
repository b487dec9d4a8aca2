"""The plan of a trial: two conditions, one measure, an order drawn by lot, and when to stop.

One small file, ``trial.yaml``, written once. What happens afterwards goes into ``log.yaml`` beside it.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import yaml

from restride.errors import ReadError, RestrideError
from restride.retrain.files import held, record, write_whole, yaml_of
from restride.signals.units import to_si

PLAN: Final = "trial.yaml"
LOG: Final = "log.yaml"
VERSION: Final = 1
ALPHA: Final = 0.05
_HEAD: Final = (
    "# restride: the plan of a trial, written once. Read it freely, but do not change it: the log beside it keeps\n"
    "# its fingerprint, and the result says so if plan or log were changed afterwards.\n"
)

Condition = Literal["A", "B"]
Pair = Literal["AB", "BA"]
Better = Literal["higher", "lower", "not stated"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The one measure that decides.

    Attributes
    ----------
    measure : str
        As an analysis calls it ("share of contact time, left"), or in the person's words.
    units : str
        Of every number in plan and log, as ``signals.units`` knows it; "1" for a score.
    shown_in : str
        Unit to show where another is usual; empty: the same.
    better : {"higher", "lower", "not stated"}
        Which way counts as better; the test looks both ways whatever it is.
    scored_from : {"file", "hand"}
    """

    measure: str
    units: str
    shown_in: str
    better: Better
    scored_from: Literal["file", "hand"]


@dataclass(frozen=True, slots=True)
class Noise:
    """What the plan takes for the person's own noise between sessions, in the units of the outcome.

    Attributes
    ----------
    sd, mdc : float
        Within-person SD, and the minimal detectable change (``findings.own_error``).
    mdc_interval : tuple of float
        95 %; empty where the noise was stated, not measured.
    sessions : tuple of float
        The baseline, in order of time.
    files : tuple of str
        sha256 of each baseline file.
    device : str
        That recorded the baseline; empty if not known.
    """

    sd: float
    mdc: float
    mdc_interval: tuple[float, ...]
    sessions: tuple[float, ...]
    files: tuple[str, ...]
    device: str


@dataclass(frozen=True, slots=True)
class Design:
    """How many sessions in which order.

    Attributes
    ----------
    effect : float
        The difference that the trial is made to find, in the units of the outcome.
    blocks : int
        Pairs of sessions that the test waits for.
    power : float
        Chance to find ``effect`` with them if the noise is as planned.
    alpha : float
    wash_out_days : int
        Fewest days from one session to the next.
    at_most_sessions : int
    seed : int
        The order was drawn with it: ``planner.draw_order``.
    order : tuple of {"AB", "BA"}
        One per block; those beyond ``blocks`` stand in for blocks that lost a session.
    """

    effect: float
    blocks: int
    power: float
    alpha: float
    wash_out_days: int
    at_most_sessions: int
    seed: int
    order: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """When the trial ends before its time; a red flag always ends it."""

    pain_above: float
    felt_worse: int


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """A trial as it was planned, before its first session."""

    restride_trial: int
    question: str
    a: str
    b: str
    planned_on: str
    outcome: Outcome
    noise: Noise
    design: Design
    stop: Stop

    def __post_init__(self) -> None:
        """Refuse what cannot be a trial."""
        if self.restride_trial != VERSION:
            raise ReadError(f"expected a trial of version {VERSION}, found {self.restride_trial}; use a newer restride")
        if not self.a.strip() or not self.b.strip() or self.a.strip().lower() == self.b.strip().lower():
            raise RestrideError(f"expected two different conditions, found {self.a!r} and {self.b!r}; name both")
        to_si(self.outcome.units)
        if self.design.blocks > len(self.design.order):
            raise ReadError("expected an order of at least as many pairs as planned, found fewer; plan it anew")

    @property
    def conditions(self) -> Mapping[Condition, str]:
        """A and B in the person's words."""
        return {"A": self.a, "B": self.b}

    @property
    def due(self) -> tuple[Condition, ...]:
        """Condition of every session in order, those held in reserve included."""
        return tuple("A" if letter == "A" else "B" for pair in self.design.order for letter in pair)


def plan_text(plan: TrialPlan) -> str:
    """The plan as the text of its file."""
    content = _plain(dataclasses.asdict(plan))
    return _HEAD + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)


def write_plan(plan: TrialPlan, folder: Path) -> Path:
    """Write ``trial.yaml`` into a folder, which is made where it is missing; never over one that is there.

    Parameters
    ----------
    plan : TrialPlan
    folder : Path

    Raises
    ------
    RestrideError
        If the folder holds a trial or a log already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / PLAN
    with held(folder):
        there = [p.name for p in (path, folder / LOG) if p.exists()]
        if there:
            raise RestrideError(
                f"expected a folder without a trial, found {there[0]} in {folder.name}; choose another with --folder. "
                "A plan is not replaced: what was asked before the first session is what counts"
            )
        write_whole(path, plan_text(plan).encode("utf-8"))
    return path


def parsed_plan(content: bytes) -> TrialPlan:
    """The plan from the bytes of its file; raises ReadError where it is damaged.

    Parameters
    ----------
    content : bytes
    """
    return record(TrialPlan, yaml_of(content, name=PLAN), where=PLAN)


def _plain(value: object) -> object:
    """Tuples as lists, as YAML knows them."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
