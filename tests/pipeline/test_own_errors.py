"""Own noise from a history: within one device only, and never of what a person chose."""

from pathlib import Path

import numpy as np
import pytest

from restride.pipeline.history import Row, history, table_of
from restride.pipeline.own_errors import own_error_chapters


def row(day: int, value: float, *, device: str = "watch A", measure: str = "contact time", side: str = "both") -> Row:
    nan = float("nan")
    when = f"2020-01-{day:02d}T10:00:00+00:00"
    return Row(when, f"{day}{device}", "running", device, measure, side, value, "s", nan, nan, "", 40, "made up")


def test_three_outings_of_one_device_show_the_noise_and_two_do_not() -> None:
    (chapter,) = own_error_chapters(table_of([row(1, 0.25), row(2, 0.26), row(3, 0.255)]))
    (measure,) = chapter.measures
    assert measure.value == pytest.approx(1.96 * 2**0.5 * np.std([0.25, 0.26, 0.255], ddof=1))
    assert (measure.n, measure.units, measure.shown_in) == (3, "s", "ms")
    assert measure.name == "contact time, minimal detectable change (watch A)"
    assert own_error_chapters(table_of([row(1, 0.25), row(2, 0.26)])) == []


def test_outings_of_two_devices_are_not_put_together() -> None:
    rows = [row(1, 0.25), row(2, 0.26), row(3, 0.30, device="watch B"), row(4, 0.31, device="watch B")]
    assert own_error_chapters(table_of(rows)) == []


def test_what_a_person_chooses_is_no_noise() -> None:
    assert own_error_chapters(table_of([row(day, 3.0 + day, measure="speed") for day in (1, 2, 3)])) == []


def test_a_drift_is_told() -> None:
    (chapter,) = own_error_chapters(table_of([row(day, 0.25 + 0.01 * day + 0.001 * (day % 2)) for day in range(1, 9)]))
    assert any("drift" in sentence for sentence in chapter.sentences)


def test_the_published_runs_show_it_for_the_one_watch_with_three(shared: Path) -> None:
    (chapter,) = own_error_chapters(history(shared / "fit-run-one-runner-2016-2020").table)
    named = {measure.name.partition(",")[0] for measure in chapter.measures}
    assert named == {"step rate", "heart rate"}
    assert all("fenix6x" in measure.name for measure in chapter.measures)
