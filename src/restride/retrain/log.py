"""The log of a trial: one entry per session, only ever added to.

``log.yaml`` beside the plan is a list. Each entry keeps a fingerprint of itself and of everything
before it, plan included, so that a later change by hand is seen. A slip is put right by another entry.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final, Literal

import numpy as np
import yaml

from restride.errors import ReadError, RestrideError
from restride.retrain.files import held, record, write_whole, yaml_of
from restride.retrain.sessions import Entry, Felt, Trial, condition_of, state, unlike
from restride.retrain.trial import LOG, PLAN, Condition, TrialPlan, parsed_plan
from restride.signals.recording import Doubt

HIGHEST_PAIN: Final = 10.0
_ALWAYS: Final = ("session", "date", "due", "done", "value", "mark")
_HEAD: Final = "# restride: the sessions of the trial beside it, one entry each. Entries are added, never changed.\n"


@dataclass(frozen=True, slots=True)
class Noted:
    """What a person says about a session.

    Attributes
    ----------
    condition : str
        In the words of the plan, or A or B; empty: the session did not take place, or in a correction: as it was.
    on : date or None
        None only in a correction: as it was.
    value : float or None
    file, device : str
    speed_m_s, pain : float or None
    felt : {"better", "same", "worse", ""}
    red_flag, notes : str
    deviation : str
        Why it departs from the plan, if it does.
    missed : bool
        In a correction: the session did not take place after all.
    """

    condition: str
    on: date | None = None
    value: float | None = None
    file: str = ""
    device: str = ""
    speed_m_s: float | None = None
    pain: float | None = None
    felt: Felt = ""
    red_flag: str = ""
    notes: str = ""
    deviation: str = ""
    missed: bool = False


def load(folder: Path) -> Trial:
    """The trial of a folder.

    Raises
    ------
    ReadError
        If there is none, or a file of it is damaged.
    """
    plan, log = _bytes(folder)
    return _trial(plan, log)


def note(folder: Path, noted: Noted, *, corrects: int | None = None) -> tuple[Entry, tuple[Doubt, ...]]:
    """Add a session to the log; all that was there before stays as it is, to the byte.

    Parameters
    ----------
    folder : Path
    noted : Noted
    corrects : int, optional
        Number of the session that this entry puts right, in what it says; without it, the session that is due.

    Returns
    -------
    Entry and tuple of Doubt
        What was written, and what makes it unlike the sessions before.

    Raises
    ------
    RestrideError
        If the trial is over, the condition is not one of it, or the session departs from the plan
        without a word why; then nothing is written.
    """
    if not (folder / PLAN).is_file():
        raise _no_trial(folder)
    with held(folder):
        plan, log = _bytes(folder)
        trial = _trial(plan, log)
        # an editor may have taken the last end of line
        log = (log or _HEAD.encode()) + (b"" if not log or log.endswith(b"\n") else b"\n")
        entry = _entry(trial, noted, corrects)
        entry = replace(entry, mark=_mark(plan + log, entry))
        text = yaml.safe_dump([_said(entry)], sort_keys=False, allow_unicode=True, width=110)
        write_whole(folder / LOG, log + text.encode("utf-8"))
    return entry, unlike(trial, entry)


def _said(entry: Entry) -> dict[str, object]:
    """The entry without what was not said, but for what every session has; a pain of 0 was said."""
    stated = {key: not (one is None or one is False or one == "") for key, one in asdict(entry).items()}
    return {key: one for key, one in asdict(entry).items() if key in _ALWAYS or stated[key]}


def _bytes(folder: Path) -> tuple[bytes, bytes]:
    path, log = folder / PLAN, folder / LOG
    if not path.is_file():
        raise _no_trial(folder)
    return path.read_bytes(), log.read_bytes() if log.exists() else b""


def _no_trial(folder: Path) -> ReadError:
    return ReadError(
        f"expected a trial in the folder {folder.name or '.'}, found no {PLAN}; make one with restride trial plan, or "
        "name its folder with --folder"
    )


def _mark(before: bytes, entry: Entry) -> str:
    """Fingerprint of everything before an entry and of the entry itself."""
    own = json.dumps(_said(replace(entry, mark="")), sort_keys=True)
    return hashlib.sha256(before + own.encode("utf-8")).hexdigest()[:16]


def _trial(plan: bytes, log: bytes) -> Trial:
    content = yaml_of(log, name=LOG) if log else []
    if content is None:
        content = []
    if not isinstance(content, list):
        raise ReadError(f"{LOG}: expected a list of sessions, found something else; put back what restride wrote")
    entries = tuple(record(Entry, one, where=f"{LOG}: entry {k}") for k, one in enumerate(content, start=1))
    parsed = parsed_plan(plan)
    for k, entry in enumerate(entries, start=1):
        if not 1 <= entry.session <= len(parsed.due) or entry.due != parsed.due[entry.session - 1]:
            raise ReadError(f"{LOG}: expected a session of the plan, found entry {k} of another; put both files back")
    return Trial(parsed, entries, _tampered(plan, log, entries))


def _tampered(plan: bytes, log: bytes, entries: tuple[Entry, ...]) -> tuple[Doubt, ...]:
    """Whether the fingerprint of an entry does not hold any more."""
    starts = [i for i in range(len(log)) if log.startswith(b"- session: ", i) and (i == 0 or log[i - 1 : i] == b"\n")]
    if len(starts) == len(entries):
        wrong = [e for e, at in zip(entries, starts, strict=True) if _mark(plan + log[:at], e) != e.mark]
    else:
        wrong = list(entries[:1])
    if not wrong:
        return ()
    return (
        Doubt(
            "log",
            f"The plan or the log was changed by hand: from session {wrong[0].session} on it does not match its "
            "fingerprint any more.",
            "Put back the copy before the change; corrections are made with restride trial log --correct.",
        ),
    )


def _entry(trial: Trial, noted: Noted, corrects: int | None) -> Entry:
    plan, now = trial.plan, state(trial)
    sessions = {entry.session: entry for entry in trial.entries}
    if corrects is not None and corrects not in sessions:
        raise RestrideError(f"expected the number of a session that was logged, found {corrects}; see log.yaml")
    if corrects is None and now.session is None:
        why = now.stopped or "every session of the plan is there."
        raise RestrideError(f"expected a trial that is going on, found one that is over: {why}")
    session = corrects or now.session or 1
    if corrects is not None:
        noted = _amended(sessions[session], noted)
    on = noted.on
    if on is None:
        raise RestrideError("expected the date of the session, found none; add it")
    due = plan.due[session - 1]
    done: Literal["A", "B", ""] = condition_of(plan, noted.condition) if noted.condition.strip() else ""
    _check(noted, done)
    others = [entry for entry in sessions.values() if entry.session != session]
    if noted.file and any(noted.file == entry.file for entry in others):
        raise RestrideError("expected a recording of this session, found one that was logged before; give another file")
    if noted.file and noted.file in plan.noise.files:
        raise RestrideError("expected a recording of this session, found one of the baseline; give another file")
    departs = _departs(plan, [e for e in others if e.session < session], due, done, on)
    # a red flag is written down whatever else is amiss
    if departs and not noted.deviation.strip() and not noted.red_flag.strip():
        raise RestrideError(f'{departs} To keep it all the same, say why: --deviation "..."; the result tells it')
    return Entry(
        session=session,
        date=on.isoformat(),
        due=due,
        done=done,
        value=noted.value,
        mark="",
        file=noted.file,
        device=noted.device,
        speed_m_s=noted.speed_m_s,
        pain=noted.pain,
        felt=noted.felt,
        red_flag=noted.red_flag.strip(),
        notes=noted.notes.strip(),
        deviation=noted.deviation.strip(),
        corrects=corrects is not None,
    )


def _amended(old: Entry, noted: Noted) -> Noted:
    """What a correction says, and for the rest what the session said before: no pain and no red flag gets lost."""
    same_condition = not noted.condition.strip() and not noted.missed
    return replace(
        noted,
        condition=old.done if same_condition else noted.condition,
        on=noted.on or date.fromisoformat(old.date),
        value=old.value if noted.value is None and not noted.missed else noted.value,
        file=old.file if noted.value is None and not noted.missed else noted.file,
        device=noted.device or old.device,
        speed_m_s=old.speed_m_s if noted.speed_m_s is None else noted.speed_m_s,
        pain=old.pain if noted.pain is None else noted.pain,
        felt=noted.felt or old.felt,
        red_flag=noted.red_flag or old.red_flag,
        notes=noted.notes or old.notes,
        deviation=noted.deviation or old.deviation,
    )


def _check(noted: Noted, done: str) -> None:
    numbers: Mapping[str, float | None] = {"value": noted.value, "pain": noted.pain, "speed": noted.speed_m_s}
    for name, number in numbers.items():
        if number is not None and not np.isfinite(number):
            raise RestrideError(f"{name}: expected a number, found {number}; leave it out if it was not measured")
    if noted.pain is not None and not 0 <= noted.pain <= HIGHEST_PAIN:
        raise RestrideError(f"pain: expected 0 (none) to 10 (the worst), found {noted.pain:g}")
    if noted.speed_m_s is not None and noted.speed_m_s <= 0:
        raise RestrideError(f"speed: expected metres per second above 0, found {noted.speed_m_s:g}")
    if not done and noted.value is not None:
        raise RestrideError("expected no value of a session that did not take place, found one; name its condition")


def _departs(plan: TrialPlan, earlier: list[Entry], due: Condition, done: Condition | Literal[""], on: date) -> str:
    """How a session departs from the plan, in words; empty if it does not."""
    if done and done != due:
        return f"expected {plan.conditions[due]!r}, which is due by lot, found {plan.conditions[done]!r}."
    took_place = [date.fromisoformat(entry.date) for entry in earlier if entry.done]
    if done and took_place and on < max(took_place):
        return f"expected a session after the one of {max(took_place).isoformat()}, found {on.isoformat()}."
    if done and took_place and (on - max(took_place)).days < plan.design.wash_out_days:
        return (
            f"expected at least {_days(plan.design.wash_out_days)} from one session to the next, found "
            f"{_days((on - max(took_place)).days)} since {max(took_place).isoformat()}."
        )
    return ""


def _days(n: int) -> str:
    return f"{n} day" if n == 1 else f"{n} days"
