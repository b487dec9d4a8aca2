"""Plan and log on disk: nothing is lost, nothing is changed, and what departs from the plan says so."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import ROOT
from tests.retrain.made import FIRST, noted, plan, started

from restride.errors import ReadError, RestrideError
from restride.retrain import Noted, load, note, state, write_plan
from restride.retrain.trial import LOG, PLAN, parsed_plan

A, B = "thin shoes", "thick shoes"


def test_a_plan_reads_back_as_it_was_written(tmp_path: Path) -> None:
    made = started(tmp_path)
    assert load(tmp_path).plan == made
    assert "thin shoes" in (tmp_path / PLAN).read_text(encoding="utf-8")


def test_a_plan_is_never_replaced(tmp_path: Path) -> None:
    started(tmp_path)
    before = (tmp_path / PLAN).read_bytes()
    with pytest.raises(RestrideError, match="A plan is not replaced"):
        write_plan(plan(blocks=7), tmp_path)
    assert (tmp_path / PLAN).read_bytes() == before
    (tmp_path / PLAN).unlink()
    (tmp_path / LOG).write_bytes(b"")
    with pytest.raises(RestrideError, match=r"log\.yaml"):
        write_plan(plan(), tmp_path)


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.text(max_size=30)), min_size=1, max_size=5))
@settings(max_examples=15, deadline=None)
def test_an_entry_never_alters_earlier_bytes(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[float, str]]
) -> None:
    folder = tmp_path_factory.mktemp("trial")
    started(folder)
    due, earlier = plan().due, b""
    for k, (value, words) in enumerate(said):
        note(folder, Noted(due[k], FIRST + timedelta(days=k), value, notes=words))
        now = (folder / LOG).read_bytes()
        assert now.startswith(earlier)
        assert len(now) > len(earlier)
        earlier = now
    trial = load(folder)
    # what came out has no say in what is due
    assert [entry.due for entry in trial.entries] == list(due[: len(said)])
    assert trial.plan == plan()
    assert [entry.value for entry in trial.entries] == [value for value, _ in said]
    assert [entry.notes for entry in trial.entries] == [words.strip() for _, words in said]
    assert trial.doubts == ()


def at_once(folder: Path, name: str) -> None:
    for k in range(4):
        note(folder, Noted("A", FIRST, float(k), notes=name, deviation="all at once"))


def test_two_processes_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    started(tmp_path)
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from tests.retrain.test_log import at_once\n"
        "print('ready', flush=True)\n"
        "at_once(Path(sys.argv[1]), 'other')\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"ready"
        at_once(tmp_path, "own")
        assert other.wait(timeout=60) == 0
    trial = load(tmp_path)
    assert [entry.session for entry in trial.entries] == list(range(1, 9))
    for name in ("own", "other"):
        assert [entry.value for entry in trial.entries if entry.notes == name] == [0.0, 1.0, 2.0, 3.0]
    assert trial.doubts == ()


def test_a_stop_by_hand_leaves_the_log_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started(tmp_path)
    noted(tmp_path, [250.0])
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def stopped(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stopped)
    with pytest.raises(KeyboardInterrupt):
        noted(tmp_path, [251.0], first=2)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_an_unknown_condition_names_both_and_the_nearest(tmp_path: Path) -> None:
    started(tmp_path)
    with pytest.raises(RestrideError, match=r"'thin shoes' \(A\) or 'thick shoes' \(B\), found 'thin shoe'; did"):
        note(tmp_path, Noted("thin shoe", FIRST, 250.0))
    assert not (tmp_path / LOG).exists()


def test_another_condition_than_the_lot_has_is_kept_only_with_a_word_why(tmp_path: Path) -> None:
    started(tmp_path)
    with pytest.raises(RestrideError, match="expected 'thin shoes', which is due by lot, found 'thick shoes'"):
        note(tmp_path, Noted("Thick Shoes", FIRST, 250.0))
    entry, _ = note(tmp_path, Noted("Thick Shoes", FIRST, 250.0, deviation="thin ones were wet"))
    assert (entry.due, entry.done, entry.deviation) == ("A", "B", "thin ones were wet")


def test_two_sessions_of_one_day_are_kept_only_with_a_word_why(tmp_path: Path) -> None:
    started(tmp_path)
    note(tmp_path, Noted(A, FIRST, 250.0))
    with pytest.raises(RestrideError, match="at least 1 day from one session to the next, found 0 days"):
        note(tmp_path, Noted(B, FIRST, 251.0))
    assert len(load(tmp_path).entries) == 1
    note(tmp_path, Noted(B, FIRST, 251.0, deviation="away next week"))
    assert len(load(tmp_path).entries) == 2


def test_a_session_before_the_last_one_is_refused(tmp_path: Path) -> None:
    started(tmp_path)
    note(tmp_path, Noted(A, FIRST, 250.0))
    with pytest.raises(RestrideError, match="expected a session after the one of 2026-03-01, found 2026-02-27"):
        note(tmp_path, Noted(B, FIRST - timedelta(days=2), 251.0))


def test_a_red_flag_is_written_down_whatever_else_is_amiss(tmp_path: Path) -> None:
    started(tmp_path)
    note(tmp_path, Noted(A, FIRST, 250.0))
    note(tmp_path, Noted(A, FIRST, 250.0, red_flag="fell"))
    assert state(load(tmp_path)).stopped.startswith("A red flag in session 2: fell")


def test_one_recording_counts_for_one_session(tmp_path: Path) -> None:
    started(tmp_path)
    note(tmp_path, Noted(A, FIRST, 250.0, file="ab" * 32))
    with pytest.raises(RestrideError, match="one that was logged before"):
        note(tmp_path, Noted(B, FIRST + timedelta(days=2), 250.0, file="ab" * 32))


def test_a_recording_of_the_baseline_is_no_session(tmp_path: Path) -> None:
    made = plan()
    write_plan(replace(made, noise=replace(made.noise, files=("ab" * 32,))), tmp_path)
    with pytest.raises(RestrideError, match="found one of the baseline"):
        note(tmp_path, Noted(A, FIRST, 250.0, file="ab" * 32))


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (Noted(A, FIRST, float("nan")), "value: expected a number"),
        (Noted(A, FIRST, 250.0, pain=11.0), "pain: expected 0"),
        (Noted(A, FIRST, 250.0, speed_m_s=0.0), "speed: expected"),
        (Noted("", FIRST, 250.0), "expected no value"),
    ],
)
def test_what_cannot_be_is_refused_and_not_written(tmp_path: Path, said: Noted, message: str) -> None:
    started(tmp_path)
    with pytest.raises(RestrideError, match=message):
        note(tmp_path, said)
    assert not (tmp_path / LOG).exists()


def test_a_pain_of_0_is_written_down(tmp_path: Path) -> None:
    started(tmp_path)
    note(tmp_path, Noted(A, FIRST, 0.0, pain=0.0))
    (entry,) = load(tmp_path).entries
    assert (entry.pain, entry.value) == (0.0, 0.0)


def test_a_correction_takes_the_place_and_both_are_kept(tmp_path: Path) -> None:
    started(tmp_path)
    noted(tmp_path, [520.0, 251.0])
    entry, _ = note(tmp_path, Noted(A, FIRST + timedelta(days=2), 252.0, notes="a slip"), corrects=1)
    trial = load(tmp_path)
    assert entry.corrects
    assert [e.value for e in trial.entries] == [520.0, 251.0, 252.0]
    assert [e.value for e in trial.sessions] == [252.0, 251.0]
    assert state(trial).session == 3
    with pytest.raises(RestrideError, match="number of a session that was logged"):
        note(tmp_path, Noted(A, FIRST, 1.0), corrects=9)


def test_a_correction_loses_no_pain_and_no_red_flag(tmp_path: Path) -> None:
    started(tmp_path)
    note(tmp_path, Noted(A, FIRST, 520.0, pain=8.0, red_flag="fell", notes="wet"))
    entry, _ = note(tmp_path, Noted("", value=252.0), corrects=1)
    assert (entry.value, entry.pain, entry.red_flag, entry.notes) == (252.0, 8.0, "fell", "wet")
    assert (entry.done, entry.date) == ("A", FIRST.isoformat())
    assert state(load(tmp_path)).stopped
    entry, _ = note(tmp_path, Noted("", missed=True), corrects=1)
    assert (entry.value, entry.done) == (None, "")


def test_an_editor_that_takes_the_last_end_of_line_breaks_nothing(tmp_path: Path) -> None:
    started(tmp_path)
    noted(tmp_path, [250.0])
    before = (tmp_path / LOG).read_bytes().rstrip()
    (tmp_path / LOG).write_bytes(before)
    noted(tmp_path, [251.0], first=2)
    assert (tmp_path / LOG).read_bytes().startswith(before)
    assert [entry.value for entry in load(tmp_path).entries] == [250.0, 251.0]
    assert load(tmp_path).doubts == ()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ([{"red_flag": "numb foot"}], "A red flag in session 1: numb foot"),
        ([{"pain": 3.5}], "Pain of 3.5 in session 1"),
        ([{"felt": "worse"}] * 3, "Felt worse in 3 sessions"),
    ],
)
def test_a_stop_rule_ends_the_trial_and_says_so(tmp_path: Path, said: list[dict[str, object]], words: str) -> None:
    started(tmp_path)
    for k, more in enumerate(said):
        due = plan().due[k]
        note(tmp_path, Noted(due, FIRST + timedelta(days=k), 250.0, **more))  # type: ignore[arg-type]
    now = state(load(tmp_path))
    assert words in now.stopped
    assert now.session is None
    with pytest.raises(RestrideError, match="one that is over"):
        note(tmp_path, Noted(A, date(2026, 4, 1), 250.0))


def test_pain_at_the_limit_and_two_bad_days_do_not_end_it(tmp_path: Path) -> None:
    started(tmp_path)
    note(tmp_path, Noted(A, FIRST, 250.0, pain=3.0, felt="worse"))
    note(tmp_path, Noted(B, FIRST + timedelta(days=1), 250.0, felt="worse"))
    assert state(load(tmp_path)).session == 3


def test_a_change_by_hand_is_seen(tmp_path: Path) -> None:
    started(tmp_path)
    noted(tmp_path, [250.0, 251.0, 252.0])
    assert load(tmp_path).doubts == ()
    log = (tmp_path / LOG).read_text(encoding="utf-8")
    (tmp_path / LOG).write_text(log.replace("250.0", "240.0"), encoding="utf-8")
    (doubt,) = load(tmp_path).doubts
    assert "from session 1 on" in doubt.message
    (tmp_path / LOG).write_text(log.replace("252.0", "242.0"), encoding="utf-8")
    (doubt,) = load(tmp_path).doubts
    assert "from session 3 on" in doubt.message
    (tmp_path / LOG).write_text(log, encoding="utf-8")
    text = (tmp_path / PLAN).read_text(encoding="utf-8")
    (tmp_path / PLAN).write_text(text.replace("effect: 8.3", "effect: 2.3"), encoding="utf-8")
    assert len(load(tmp_path).doubts) == 1


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda text: text[:-40] + "\n  : [", "expected YAML"),
        (lambda text: text.replace("value: 250.0", "value: much"), "entry 1: value: expected a number, found 'much'"),
        (lambda text: text.replace("done: A", "done: C"), "expected one of 'A', 'B', ''"),
        (lambda text: text.replace("session: 1", "session: 99"), "expected a session of the plan"),
        (lambda _: "just words", "expected a list of sessions"),
    ],
)
def test_a_damaged_log_is_refused_and_left_alone(tmp_path: Path, damage: object, message: str) -> None:
    assert callable(damage)
    started(tmp_path)
    noted(tmp_path, [250.0])
    broken = damage((tmp_path / LOG).read_text(encoding="utf-8"))
    (tmp_path / LOG).write_text(broken, encoding="utf-8")
    with pytest.raises(ReadError, match=message):
        note(tmp_path, Noted(B, FIRST + timedelta(days=9), 251.0))
    assert (tmp_path / LOG).read_text(encoding="utf-8") == broken


@pytest.mark.parametrize("key", ["question", "a", "outcome", "design", "stop"])
def test_a_plan_without_a_part_of_it_is_refused(key: str, tmp_path: Path) -> None:
    started(tmp_path)
    content = yaml.safe_load((tmp_path / PLAN).read_text(encoding="utf-8"))
    del content[key]
    with pytest.raises(ReadError, match=f"found it without {key}"):
        parsed_plan(yaml.safe_dump(content).encode())


def test_a_folder_without_a_trial_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="restride trial plan"):
        load(tmp_path / "none")
    with pytest.raises(ReadError, match="restride trial plan"):
        note(tmp_path / "none", Noted(A, FIRST, 1.0))
    assert not (tmp_path / "none").exists()


def test_another_device_and_another_speed_are_told(tmp_path: Path) -> None:
    started(tmp_path)
    _, none = note(tmp_path, Noted(A, FIRST, 250.0, device="watch A", speed_m_s=3.0))
    _, told = note(tmp_path, Noted(B, FIRST + timedelta(days=1), 250.0, device="watch B", speed_m_s=3.3))
    assert none == ()
    assert [doubt.about for doubt in told] == ["device", "speed"]
    assert "watch B" in told[0].message
    assert "3.30 m/s, those before at 3.00 m/s" in told[1].message
