"""Years of outings as one table: dates in order, sides kept, and a change of device never taken for the person's."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import restride
from restride.errors import RestrideError
from restride.pipeline import history as told
from restride.pipeline import many_files
from restride.pipeline.history import History, Row, history, history_chapters, outing_rows, table_of

RUNS = "fit-run-one-runner-2016-2020"


@pytest.fixture(scope="module")
def runs(shared: Path) -> History:
    return history(shared / RUNS)


def row(day: str, value: float, *, device: str = "watch A", measure: str = "contact time") -> Row:
    nan = float("nan")
    return Row(
        f"{day}T10:00:00+00:00", day, "running", device, measure, "both", value, "s", nan, nan, "", 40, "made up"
    )


def test_rows_stand_in_order_of_time_one_per_outing_and_measure(runs: History) -> None:
    assert runs.left_out == ()
    assert list(runs.table.columns) == list(told.COLUMNS)
    assert runs.table["started"].is_monotonic_increasing
    assert not runs.table.duplicated(["file", "measure"]).any()
    assert runs.table["file"].nunique() == 5


def test_means_are_those_that_the_watch_stated(runs: History, shared: Path) -> None:
    kinds = {"contact_time": "contact time", "vertical_oscillation": "vertical oscillation", "step_rate": "step rate"}
    table = runs.table.set_index(["file", "measure"])
    compared = 0
    for path in sorted((shared / RUNS).glob("*.fit")):
        recording = restride.read(path)
        for kind, name in kinds.items():
            stated = recording[kind].attrs.get("device_value") if kind in recording else None
            if stated is not None:
                ours = table.loc[(recording.sources[0].sha256[:12], name), "value"]
                assert ours == pytest.approx(stated, rel=0.015)
                compared += 1
    assert compared >= 9


def test_the_share_of_contact_time_is_the_left_leg_as_the_watch_states_it(runs: History) -> None:
    shares = runs.table[runs.table["measure"] == "share of contact time"]
    assert list(shares["side"]) == ["left"] * 3
    # avg_stance_time_balance of the sessions, in the description of the set
    np.testing.assert_allclose(shares["value"], [0.4978, 0.4924, 0.5032], atol=0.0007)
    assert (shares["interval_low"] < shares["value"]).all()
    assert (shares["value"] < shares["interval_high"]).all()


def test_every_change_of_watch_or_sensor_is_marked(runs: History) -> None:
    contact = runs.table[runs.table["measure"] == "contact time"]
    # fenix3, fenix3, fenix6x, then a pod's own field
    assert list(contact["device_changed"]) == [False, False, True, True, False]
    (chapter,) = history_chapters(runs.table)
    assert chapter.sentences[0] == "5 outings of running from 25 September 2016 to 1 May 2020, recorded by 2 devices."
    assert "21 March 2020, 18 April 2020" in chapter.sentences[1]
    assert chapter.measures == ()
    assert "one person" in chapter.sureness
    chart = next(c for c in chapter.charts if c.title.startswith("Contact time"))
    assert len(chart.series) == 3
    assert int(sum(np.isfinite(v).sum() for v in chart.series.values())) == 5


def test_a_planted_course_within_one_device_is_told_and_none_across_two() -> None:
    days = pd.date_range("2020-01-01", periods=8, freq="30D").strftime("%Y-%m-%d")
    steady = [row(day, 0.250 + 0.01 * k * 30 / 365.25) for k, day in enumerate(days)]
    (chapter,) = history_chapters(table_of(steady))
    (trend,) = chapter.measures
    assert trend.value == pytest.approx(0.01, rel=0.02)
    assert trend.n == 8
    assert "contact time, change per year (watch A): +10" in chapter.sentences[1]
    changed = [row(day, 0.25 + 0.02 * (k > 3), device="watch A" if k < 4 else "watch B") for k, day in enumerate(days)]
    (chapter,) = history_chapters(table_of(changed))
    assert chapter.measures == ()
    assert "changed on" in chapter.sentences[1]


def test_an_empty_table_has_no_chapter_and_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    assert history_chapters(table_of([])) == []
    with pytest.raises(RestrideError, match="found none"):
        history(tmp_path)


def test_bad_and_repeated_files_are_listed_and_nothing_is_changed(shared: Path, tmp_path: Path) -> None:
    first = min((shared / RUNS).glob("*.fit"))
    below = tmp_path / "2016"
    below.mkdir()
    for name in ("a.fit", "b.fit"):
        shutil.copyfile(first, below / name)
    (tmp_path / "broken.fit").write_bytes(b"no watch wrote this")
    before = sorted((p.name, p.read_bytes()) for p in tmp_path.rglob("*") if p.is_file())
    found = history(tmp_path)
    assert found.table["file"].nunique() == 1
    assert dict(found.left_out).keys() == {"b.fit", "broken.fit"}
    assert dict(found.left_out)["b.fit"] == "the same outing as a.fit"
    assert before == sorted((p.name, p.read_bytes()) for p in tmp_path.rglob("*") if p.is_file())


def test_a_laboratory_file_is_no_outing(shared: Path) -> None:
    assert outing_rows(restride.read(shared / "c3d-walk-children-emg" / "HC002D06.c3d")) == []


def test_several_processes_give_the_same_rows(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many_files, "FEWEST_FOR_PROCESSES", 2)
    folder = shared / "fit-edge-cases"
    one, two = (history(folder, processes=n) for n in (1, 2))
    pd.testing.assert_frame_equal(one.table, two.table)
    assert one.left_out == two.left_out


def test_one_outing_in_several_exports_counts_once(shared: Path) -> None:
    found = history(shared / "fit-edge-cases")
    runs = found.table[found.table["sport"] == "running"]
    # five damaged and repaired copies of one activity
    assert runs["file"].nunique() == 1
    assert sum("the same outing as" in reason for _, reason in found.left_out) == 4
