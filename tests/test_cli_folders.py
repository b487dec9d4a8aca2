"""The commands gather and history, as typed."""

import json
from pathlib import Path

import pandas as pd
import pytest

from restride.cli import main


def test_history_writes_a_table_and_says_what_it_holds(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "years" / "history.csv"
    assert main(["history", str(shared / "fit-run-one-runner-2016-2020"), "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert "5 outings of running from 25 September 2016 to 1 May 2020, recorded by 2 devices." in said.out
    assert "file 5 of 5" in said.err
    table = pd.read_csv(out)
    assert set(table.loc[table["measure"] == "share of contact time", "side"]) == {"left"}


def test_gather_lists_sessions_and_writes_their_table(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["gather", str(shared / "c3d-walk-one-sided-ankle"), "--out", str(tmp_path)]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert said.startswith("2 files in 2 sessions")
    assert "could say:" in said
    assert len(pd.read_csv(tmp_path / "sessions.csv")) == 2
    assert main([*command, "--json"]) == 0
    assert {row["kind"] for row in json.loads(capsys.readouterr().out)} == {"C3D"}


def test_a_missing_folder_is_a_fault_of_the_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("gather", "history"):
        assert main([command, str(tmp_path / "none")]) == 1
        assert "expected a folder" in capsys.readouterr().err
