"""The commands, as a person types them."""

import json
from pathlib import Path

import pytest

from restride.cli import main

ANKLE = "c3d-walk-one-sided-ankle/PiG_Motion-FlatFoot-Hole.c3d"


def test_analyse_leaves_a_page_findings_and_curves_and_says_the_sentence(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyse", str(shared / ANKLE), "--out", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert "left tibialis anterior is far quieter than the right" in said.out
    assert "finding strides" in said.err
    assert {p.name for p in tmp_path.iterdir()} == {"report.html", "findings.json", "curves.nc"}
    assert "https:" not in (tmp_path / "report.html").read_text(encoding="utf-8").split("<body")[0]


def test_inspect_tells_channels_sides_and_doubts_as_json(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(shared / ANKLE), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    channels = {c["channel"]: c["usable"] for c in found["channels"]}
    assert channels["tibialis_anterior_l"] is True
    assert channels["tibialis_anterior_r"] is True
    assert {d["about"] for d in found["doubts"]} >= {"R_GL", "L_GL"}


def test_inspect_in_words_names_what_is_doubtful(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(shared / ANKLE)]) == 0
    said = capsys.readouterr().out
    assert "channel tibialis_anterior_l (file: L_TA): usable" in said
    assert "Doubtful or missing:" in said


def test_a_file_that_is_no_recording_ends_with_one_plain_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "notes.c3d"
    wrong.write_text("hello", encoding="utf-8")
    assert main(["analyse", str(wrong), "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err
    assert "notes.c3d: expected" in said
    assert "Traceback" not in said
    assert not (tmp_path / "out").exists()


def test_results_are_never_written_over_a_file_that_was_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / "findings.json"
    given.write_text("{}", encoding="utf-8")
    assert main(["analyse", str(given), "--out", str(tmp_path)]) == 1
    assert "choose --out" in capsys.readouterr().err
    assert given.read_text(encoding="utf-8") == "{}"


def test_doctor_finds_everything_in_place_here(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    assert all(check["ok"] for check in json.loads(capsys.readouterr().out))


def test_demo_says_synthetic_in_words_and_on_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--out", str(tmp_path), "--no-open"]) == 0
    assert "synthetic" in capsys.readouterr().out
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Synthetic data" in page
    assert json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))["synthetic"] is True
