"""The examples are what a new user types first: each command names files that are there."""

import re
import shlex
from pathlib import Path

import pytest

from restride.readers import load

ROOT = Path(__file__).resolve().parent.parent
TAKES = sorted((ROOT / "examples").glob("*/take.yaml"))


def commands() -> list[list[str]]:
    text = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    return [shlex.split(line) for line in re.findall(r"(?m)^restride .*$", text)]


@pytest.mark.parametrize("path", TAKES, ids=lambda path: path.parent.name)
def test_a_note_of_an_example_is_one_that_is_read(path: Path) -> None:
    assert load(path).files


@pytest.mark.parametrize("command", commands(), ids=lambda command: command[2])
def test_a_command_of_the_examples_names_recordings_and_notes_that_exist(command: list[str], shared: Path) -> None:
    places = [word for word in command[2:] if "/" in word]
    for place in places:
        found = shared / place.removeprefix("../shared/data/") if place.startswith("..") else ROOT / place
        assert found.exists(), place


def test_every_note_stands_in_a_command() -> None:
    named = {word for command in commands() for word in command}
    assert {f"examples/{path.parent.name}/take.yaml" for path in TAKES} <= named
