"""What is told about a file of a watch or of power pedals."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from tests.readers.fit_files import ride

from restride.chapters.outing import outing
from restride.cli import main
from restride.readers import read
from restride.readers.take import parsed

SIZE = 400
MOVING = (180 + np.arange(SIZE) % 5).tolist()


def told(tmp_path: Path, shares: Sequence[int] | None) -> dict[str, object]:
    path = tmp_path / "ride.fit"
    path.write_bytes(ride(SIZE, columns={} if shares is None else {"left_right_balance": shares}))
    return outing(read(path, take=parsed({})))


def test_a_ride_with_stated_sides_names_the_leg(tmp_path: Path) -> None:
    found = told(tmp_path, MOVING)
    assert "the left leg's" in str(found["sides"])
    assert str(found["balance"]).count("Left leg: 46.0 % of the power") == 2  # headline and plain mean agree


def test_a_ride_with_unstated_sides_names_none(tmp_path: Path) -> None:
    found = told(tmp_path, [v - 128 for v in MOVING])
    assert "does not say which" in str(found["sides"])
    assert "left leg" not in str(found["balance"]).lower()
    assert "not which leg does more" in str(found["can_answer"])


@pytest.mark.parametrize("shares", [None, [0x80 | 50] * SIZE])
def test_a_meter_of_one_leg_answers_nothing_about_legs(tmp_path: Path, shares: Sequence[int] | None) -> None:
    found = told(tmp_path, shares)
    assert found["balance"] == []
    assert "any difference between the legs" in str(found["cannot_answer"])


def test_inspect_of_a_watch_file_is_json_without_gaps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ride.fit"
    path.write_bytes(ride(SIZE, columns={"left_right_balance": MOVING}, session_balance=37986))
    assert main(["inspect", str(path), "--json"]) == 0

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    found = json.loads(capsys.readouterr().out, parse_constant=refuse)
    methods = {row["method"] for row in found["outing"]["balance_rows"]}
    assert {"work-weighted mean", "plain mean", "stated by the device", "trend"} <= methods


def test_a_recording_of_markers_is_no_outing(shared: Path) -> None:
    assert outing(read(shared / "c3d-walk-one-sided-ankle/PiG_Motion-FlatFoot-Hole.c3d")) == {}
