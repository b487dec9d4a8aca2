"""Where a trial stands: its sessions, the pairs that count, what is due next, and whether a rule ended it."""

import difflib
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from restride.errors import RestrideError
from restride.retrain.trial import Condition, TrialPlan
from restride.signals.recording import Doubt

Felt = Literal["better", "same", "worse", ""]
# contact time follows speed, so runs this far apart are no like sessions: our decision
SPEED_SHARE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Entry:
    """One session as it was written down, or the correction of one.

    Attributes
    ----------
    session : int
        From 1, in the order of the plan.
    date : str
        ISO 8601.
    due, done : {"A", "B", ""}
        What the lot asked for and what was done; ``done`` is empty for a session that did not take place.
    value : float or None
        In the units of the plan.
    mark : str
        Fingerprint of the plan, of the log before this entry, and of the entry.
    file : str
        sha256 of the recording the value came from; empty: scored by hand.
    device : str
    speed_m_s, pain : float or None
    felt : {"better", "same", "worse", ""}
    red_flag, notes, deviation : str
    corrects : bool
        This entry takes the place of an earlier one of the same session.
    """

    session: int
    date: str
    due: Condition
    done: Literal["A", "B", ""]
    value: float | None
    mark: str
    file: str = ""
    device: str = ""
    speed_m_s: float | None = None
    pain: float | None = None
    felt: Felt = ""
    red_flag: str = ""
    notes: str = ""
    deviation: str = ""
    corrects: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial as its files hold it: the plan, every entry, and what is wrong with them."""

    plan: TrialPlan
    entries: tuple[Entry, ...]
    doubts: tuple[Doubt, ...] = ()

    @property
    def sessions(self) -> tuple[Entry, ...]:
        """The last word on each session, in order."""
        return tuple({entry.session: entry for entry in self.entries}.values())


@dataclass(frozen=True, slots=True)
class State:
    """Where a trial stands.

    Attributes
    ----------
    session : int or None
        Number of the session that is due; None when the trial is over.
    due : {"A", "B"} or None
    pairs : tuple of (Entry, Entry)
        Blocks of which both sessions have a value, A first.
    lost : int
        Blocks over of which one has none.
    stopped : str
        Why the trial ended before its time; empty if it did not.
    over : bool
        Every planned pair is there, or the order is used up.
    """

    session: int | None
    due: Condition | None
    pairs: tuple[tuple[Entry, Entry], ...]
    lost: int
    stopped: str
    over: bool


def state(trial: Trial) -> State:
    """Where a trial stands: what is due, and which pairs count.

    Parameters
    ----------
    trial : Trial
    """
    plan, sessions = trial.plan, {entry.session: entry for entry in trial.entries}
    pairs: list[tuple[Entry, Entry]] = []
    lost = 0
    for first in range(1, len(plan.due) + 1, 2):
        one, two = sessions.get(first), sessions.get(first + 1)
        if one is None or two is None:
            break
        if one.value is None or two.value is None:
            lost += 1
            continue
        pairs.append((one, two) if one.due == "A" else (two, one))
        if len(pairs) == plan.design.blocks:
            break
    stopped = _stopped(trial)
    done = len(sessions)
    over = len(pairs) == plan.design.blocks or done == len(plan.due)
    if stopped or over:
        return State(None, None, tuple(pairs), lost, stopped, over)
    return State(done + 1, plan.due[done], tuple(pairs), lost, "", False)


def unlike(trial: Trial, entry: Entry) -> tuple[Doubt, ...]:
    """What makes a session unlike those before: another device, another speed.

    Parameters
    ----------
    trial : Trial
    entry : Entry
    """
    before = [one for one in trial.sessions if one.session < entry.session]
    devices = {one.device for one in before if one.device} | ({trial.plan.noise.device} - {""})
    doubts: list[Doubt] = []
    if entry.device and devices and entry.device not in devices:
        text = f"This session was recorded by {entry.device}, those before by {' and '.join(sorted(devices))}."
        doubts.append(Doubt("device", text, "A new device is not a new leg: use the one from before."))
    speeds = [one.speed_m_s for one in before if one.speed_m_s is not None]
    if entry.speed_m_s is not None and speeds:
        usual = float(np.mean(speeds))
        if abs(entry.speed_m_s / usual - 1) > SPEED_SHARE:
            text = f"This session went at {entry.speed_m_s:.2f} m/s, those before at {usual:.2f} m/s on average."
            doubts.append(Doubt("speed", text, "Most measures of a leg follow speed: keep it the same."))
    return tuple(doubts)


def condition_of(plan: TrialPlan, words: str) -> Condition:
    """Which of the two conditions is meant: by its words in the plan, or A or B.

    Parameters
    ----------
    plan : TrialPlan
    words : str

    Raises
    ------
    RestrideError
        If it is neither.
    """
    names: dict[str, Condition] = {plan.a.strip().lower(): "A", plan.b.strip().lower(): "B"}
    meant = words.strip().lower()
    known = {"a": "A", "b": "B"} | names
    if meant in known:
        return "A" if known[meant] == "A" else "B"
    near = difflib.get_close_matches(meant, names, 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise RestrideError(f"expected the condition {plan.a!r} (A) or {plan.b!r} (B), found {words!r}{hint}")


def _stopped(trial: Trial) -> str:
    """The first rule that ended the trial, in words."""
    stop = trial.plan.stop
    for entry in trial.sessions:
        if entry.red_flag:
            return f"A red flag in session {entry.session}: {entry.red_flag}. Talk to a clinician before going on."
        if entry.pain is not None and entry.pain > stop.pain_above:
            return f"Pain of {entry.pain:g} in session {entry.session}, above the limit of {stop.pain_above:g}."
    worse = [entry.session for entry in trial.sessions if entry.felt == "worse"]
    if len(worse) >= stop.felt_worse:
        return f"Felt worse in {len(worse)} sessions, which the plan set as the end."
    return ""
