"""Many recordings under two conditions, with sessions as the unit."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from tests.report.example import analysis as example

import restride as rs
from restride.cli import main
from restride.errors import RestrideError
from restride.findings import effects
from restride.pipeline.comparison import factor_chapters, session_rows
from restride.signals.recording import Source

DAYS = 8
BARE = example(moving=False, emg=False)


def run(day: int, direction: str, *, longer_s: float, side: str, speed_m_s: float = 1.3) -> rs.Analysis:
    """A recording whose contact of one leg lasts so much longer, with noise of its day."""
    rng = np.random.default_rng((day, direction == "forwards"))
    conditions = dataclasses.replace(BARE.recording.conditions, direction=direction, speed_m_s=speed_m_s)
    source = Source("trc", f"{day}{direction}", device="plate")
    table = BARE.spatiotemporal
    added = np.where(table["side"] == side, longer_s, 0.0) + 0.01 * day + 0.002 * rng.standard_normal(len(table))
    return dataclasses.replace(
        BARE,
        recording=dataclasses.replace(BARE.recording, conditions=conditions, sources=(source,)),
        spatiotemporal=table.assign(contact_time_s=table["contact_time_s"] + added),
        curves={},
    )


def sessions(*, side: str = "left", speed_m_s: float = 1.3) -> tuple[list[rs.Analysis], list[str]]:
    """Days with both directions; forwards, one leg's contact is 30 ms longer."""
    ahead = [run(d, "forwards", longer_s=0.03, side=side, speed_m_s=speed_m_s) for d in range(DAYS)]
    back = [run(d, "backwards", longer_s=0.0, side=side) for d in range(DAYS)]
    return [*ahead, *back], [str(d) for d in range(DAYS)] * 2


@pytest.mark.parametrize("side", ["left", "right"])
def test_only_forwards_and_only_one_leg_is_found_among_recordings(side: str) -> None:
    rows = session_rows(*sessions(side=side), factors=["direction"], measures=["contact time"])
    (effect,) = effects(rows, factors=["direction"])
    assert effect.sessions == DAYS
    assert f"on the {side} leg only" in effect.sentence
    assert getattr(effect, side).value == pytest.approx(-0.03, abs=0.003)


def test_a_chapter_tells_it_with_the_numbers_of_either_leg() -> None:
    rows = session_rows(*sessions(), factors=["direction"], measures=["contact time"])
    (chapter,) = factor_chapters(rows, factors=["direction"])
    assert "on the left leg only" in chapter.sentences[0]
    assert [m.side for m in chapter.measures] == ["left", "right", "both"]
    assert {m.units for m in chapter.measures} == {"s"}
    assert rs.report.tell((chapter,))


def test_a_speed_that_goes_along_is_told_right_after() -> None:
    rows = session_rows(*sessions(speed_m_s=2.0), factors=["direction"], measures=["contact time"])
    (chapter,) = factor_chapters(rows, factors=["direction"])
    assert "cannot be told from a speed effect" in chapter.sentences[1]


def test_times_of_strides_are_taken_without_a_measure_and_wrong_ones_list_what_there_is() -> None:
    analyses, days = sessions()
    assert set(session_rows(analyses, days, factors=["direction"])["measure"]) == {"contact time"}
    with pytest.raises(RestrideError, match="expected measures among contact time"):
        session_rows(analyses, days, factors=["direction"], measures=["contact tyme"])


def test_a_factor_that_nobody_stated_or_that_never_changes_says_what_to_do() -> None:
    analyses, days = sessions()
    with pytest.raises(RestrideError, match=r"conditions: \{shoe"):
        session_rows(analyses, days, factors=["shoe"])
    with pytest.raises(RestrideError, match="expected factors among"):
        session_rows(analyses, days, factors=["weather"])
    same = session_rows(analyses[:DAYS], days[:DAYS], factors=["direction"])
    with pytest.raises(RestrideError, match="at least two values of direction"):
        factor_chapters(same, factors=["direction"])


def test_the_command_leaves_a_table_and_a_page_and_folders_are_sessions(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = []
    for day in ("one", "two"):
        for direction, run_folder in (("forwards", "run300"), ("backwards", "run200")):
            folder = tmp_path / day / direction
            folder.mkdir(parents=True)
            force = shared / "run-four-speeds" / run_folder / "grf.mot"
            (folder / "grf.mot").write_bytes(force.read_bytes())
            note = f"conditions: {{movement: running, direction: {direction}}}\n"
            (folder / "take.yaml").write_text(note, encoding="utf-8")
            places.append(str(folder))
    out = tmp_path / "out"
    assert main(["factors", *places, "--factor", "direction", "--measure", "contact time", "--out", str(out)]) == 0
    assert "too few sessions" in capsys.readouterr().out
    table = (out / "sessions.csv").read_text(encoding="utf-8")
    assert table.count("\n1,contact time") == table.count("\n2,contact time") == 4
    assert "https:" not in (out / "report.html").read_text(encoding="utf-8").split("<body")[0]
