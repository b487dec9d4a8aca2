"""The commands of a trial, as typed."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.retrain.made import sessions

from restride.cli import main
from restride.pipeline.outcomes import Offer, Scored
from restride.retrain import load

RUNS = "fit-run-one-runner-2016-2020"


def planned(folder: Path, *more: str) -> int:
    command = ["trial", "plan", "--folder", str(folder), "--a", "thin shoes", "--b", "thick shoes"]
    return main([*command, "--outcome", "contact time", "--seed", "1", *(more or ("--units", "ms", "--noise", "3"))])


def log(folder: Path, *words: str) -> int:
    return main(["trial", "log", "--folder", str(folder), *words])


def through(folder: Path, effect: float) -> None:
    due = load(folder).plan.due
    noise = sessions(0.0)
    for k, which in enumerate(due[:12]):
        value = str(noise[k] + (effect if which == "A" else 0.0))
        assert log(folder, which, "--value", value, "--date", f"2026-03-{k + 1:02d}", "--pain", "0") == 0


def test_from_the_plan_to_the_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert planned(tmp_path) == 0
    said = capsys.readouterr().out
    assert "12 sessions in 6 pairs" in said
    assert "The plan: " in said
    through(tmp_path, -12.0)
    assert "The trial is complete" in capsys.readouterr().out
    assert main(["trial", "result", "--folder", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Under A (thin shoes), contact time was ")
    page = (tmp_path / "result.html").read_text(encoding="utf-8")
    assert "thin shoes or thick shoes?" in page
    assert "<svg" in page
    assert main(["trial", "result", "--folder", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "lower"


def test_a_look_before_the_end_says_how_much_is_missing_and_makes_no_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    planned(tmp_path)
    assert log(tmp_path, "A" if load(tmp_path).plan.due[0] == "A" else "B", "--value", "250") == 0
    assert main(["trial", "result", "--folder", str(tmp_path)]) == 0
    assert "about 11 more sessions" in capsys.readouterr().out
    assert not (tmp_path / "result.html").exists()


def test_a_second_plan_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planned(tmp_path)
    before = (tmp_path / "trial.yaml").read_bytes()
    assert planned(tmp_path) == 1
    assert "found trial.yaml" in capsys.readouterr().err
    assert (tmp_path / "trial.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("sandals", "--value", "250"), "expected the condition"),
        (("A",), "expected the condition with --value or --files"),
        (("A", "--missed"), "expected the condition with --value or --files"),
        (("--value", "250"), "expected the condition with --value or --files"),
        (("B", "--value", "250"), "expected 'thin shoes', which is due by lot"),
        (("A", "--value", "nan"), "expected a number"),
        (("A", "--value", "250", "--date", "2999-01-01"), "which is to come"),
        (("A", "--files", "run.fit"), "run.fit"),
        (("A", "--value", "250", "--correct", "4"), "number of a session that was logged"),
    ],
)
def test_bad_entries_are_refused_with_what_to_do(
    words: tuple[str, ...], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    planned(tmp_path)
    text = (tmp_path / "trial.yaml").read_text(encoding="utf-8")
    assert load(tmp_path).plan.due[0] == "A", text
    assert log(tmp_path, *words) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "log.yaml").exists()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--values", "250", "251"), "expected at least 3"),
        (("--values", "5", "5", "5"), "too coarse"),
        (("--noise", "0"), "above 0"),
        (("--noise", "3", "--units", "furlongs"), "found 'furlongs'"),
        (("--noise", "3", "--units", "ms", "--effect", "1"), "ask for a larger effect"),
        (("--noise", "3", "--at-most", "8"), "at least 12 sessions"),
        (("--noise", "3", "--b", "Thin shoes"), "expected two different conditions"),
        (("--noise", "3", "--wash-out-days", "-1"), "wash-out"),
        (("--noise", "3", "--stop-worse", "0"), "--stop-worse of 1 or more"),
        (("--noise", "3", "--stop-pain", "nan"), "--stop-pain from 0 to 10"),
        (("--noise", "nan"), "above 0"),
    ],
)
def test_bad_plans_are_refused_and_nothing_is_written(
    more: tuple[str, ...], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert planned(tmp_path / "trial", *more) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "trial").exists()


def test_baseline_and_sessions_are_scored_from_files(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = sorted((shared / RUNS).glob("*.fit"))
    command = ["trial", "plan", "--folder", str(tmp_path), "--a", "thin", "--b", "thick", "--outcome", "Step rate"]
    assert main([*command, "--seed", "1", "--effect", "6", "--baseline", *map(str, runs[:1:-1])]) == 0
    plan = load(tmp_path).plan
    assert plan.outcome.measure == "step rate"
    # 6 steps a minute, in the plan's Hz
    assert plan.design.effect == pytest.approx(0.1)
    # in order of time, however they were given
    assert plan.noise.sessions == pytest.approx((2.7605, 2.7475, 2.7923), abs=1e-4)
    copy = tmp_path / "someone by name.fit"
    shutil.copyfile(runs[0], copy)
    assert log(tmp_path, "thin", "--files", str(copy)) == 0
    said = capsys.readouterr().out
    assert "recorded by garmin fenix3" in said
    assert "2.8285" not in said
    assert log(tmp_path, "thick", "--value", "168") == 1
    assert "scores step rate from recordings" in capsys.readouterr().err
    (entry,) = load(tmp_path).entries
    assert entry.value == pytest.approx(2.8285, abs=1e-4)
    assert entry.date == "2016-09-25"
    assert "someone" not in (tmp_path / "log.yaml").read_text(encoding="utf-8")


def test_baseline_sessions_of_two_devices_or_of_one_file_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def one(paths: Sequence[Path], measure: str) -> Scored:
        device, _, day = paths[0].name.partition(" ")
        return Scored(measure, Offer(250.0 + len(day), "s", "ms", device), None, day, day)

    monkeypatch.setattr("restride.cli.trial._scored", one)
    assert planned(tmp_path, "--baseline", "a 1", "a 22", "b 333") == 1
    assert "expected baseline sessions of one device, found 2: a; b" in capsys.readouterr().err
    assert planned(tmp_path, "--baseline", "a 1", "a 22", "a 22") == 1
    assert "found one twice" in capsys.readouterr().err
    assert planned(tmp_path, "--baseline", "a 1", "a 22", "a 333") == 0


def test_a_recording_is_scored_in_the_units_of_a_plan_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def one(paths: Sequence[Path], measure: str) -> Scored:
        return Scored(measure, Offer(0.25, "s", "ms", "watch A"), 3.0, "2026-03-01T10:00:00", "ab" * 32)

    monkeypatch.setattr("restride.cli.trial._scored", one)
    planned(tmp_path)
    assert log(tmp_path, "A", "--files", "run.fit") == 0
    (entry,) = load(tmp_path).entries
    assert (entry.value, entry.speed_m_s, entry.date, entry.device) == (250.0, 3.0, "2026-03-01", "watch A")


def test_an_outcome_that_no_file_has_lists_what_there_is(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = sorted((shared / RUNS).glob("2020*.fit"))
    command = ["trial", "plan", "--folder", str(tmp_path), "--a", "thin", "--b", "thick", "--outcome", "stepp rate"]
    assert main([*command, "--baseline", *map(str, runs)]) == 1
    assert "step rate" in capsys.readouterr().err


def test_a_correction_needs_to_say_only_what_changes(tmp_path: Path) -> None:
    planned(tmp_path)
    assert log(tmp_path, "A", "--value", "520", "--date", "2026-03-01", "--pain", "1") == 0
    assert log(tmp_path, "--correct", "1", "--value", "252") == 0
    (entry,) = load(tmp_path).sessions
    assert (entry.value, entry.pain, entry.date, entry.done) == (252.0, 1.0, "2026-03-01", "A")


@pytest.mark.parametrize("words", [(), ("--value", "250"), ("thick shoes",)])
def test_a_red_flag_ends_the_trial_at_any_time(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    planned(tmp_path)
    capsys.readouterr()
    command = [*(("A",) if "--value" in words else ()), *words, "--red-flag", "numb foot"]
    assert log(tmp_path, *command) == 0
    assert "The trial ended before its time. A red flag in session 1: numb foot." in capsys.readouterr().out
    assert log(tmp_path, "A", "--value", "250") == 1
    assert "one that is over" in capsys.readouterr().err


def test_a_stop_by_hand_says_that_nothing_was_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    planned(tmp_path)
    monkeypatch.setattr("restride.retrain.note", stopped)
    assert log(tmp_path, "A", "--value", "250") == 130
    assert "nothing was changed" in capsys.readouterr().err
