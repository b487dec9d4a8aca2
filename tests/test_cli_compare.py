"""The command that compares two recordings, as a person types it."""

import json
from pathlib import Path

import pytest

from restride.cli import main

OUTINGS = ("fenix5x_stryd_balance.fit", "fenix2_run.fit")


def test_compare_leaves_a_page_findings_and_curves_and_says_warnings_first(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(shared / "fit-run" / name) for name in OUTINGS]
    assert main(["compare", *files, "--out", str(tmp_path), "--names", "new watch", "old watch"]) == 0
    said = capsys.readouterr().out
    assert said.index("cannot be told from an effect of the device") < said.index("in new watch than in old watch")
    assert {p.name for p in tmp_path.iterdir()} == {"report.html", "findings.json", "curves.nc"}
    found = json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))
    assert found["names"] == ["new watch", "old watch"]
    assert str(shared) not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_several_files_of_either_side_are_given_by_a_and_b(shared: Path, tmp_path: Path) -> None:
    a, b = (str(shared / "fit-run" / name) for name in OUTINGS)
    assert main(["compare", "--a", a, "--b", b, "--out", str(tmp_path)]) == 0
    there = json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))
    assert main(["compare", a, b, "--out", str(tmp_path)]) == 0
    assert json.loads((tmp_path / "findings.json").read_text(encoding="utf-8")) == there


@pytest.mark.parametrize("given", [[], ["one.fit"], ["one.fit", "two.fit", "three.fit"]])
def test_any_number_but_two_is_refused_with_the_way_to_say_it(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *given]) == 1
    assert f"expected two recordings, found {len(given)}" in capsys.readouterr().err


def test_one_recording_given_twice_is_refused(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(shared / "fit-run" / OUTINGS[1])
    assert main(["compare", file, file, "--out", str(tmp_path / "out")]) == 1
    assert "the same files for A and B" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_unreadable_side_is_named(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "notes.c3d"
    wrong.write_text("hello", encoding="utf-8")
    assert main(["compare", str(shared / "fit-run" / OUTINGS[1]), str(wrong), "--out", str(tmp_path / "out")]) == 1
    assert "B: notes.c3d: expected" in capsys.readouterr().err


def test_a_question_that_is_no_factor_is_refused(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(shared / "fit-run" / name) for name in OUTINGS]
    assert main(["compare", *files, "--asked", "weather", "--out", str(tmp_path)]) == 1
    assert "expected factors among" in capsys.readouterr().err
