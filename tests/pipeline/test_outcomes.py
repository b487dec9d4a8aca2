"""One number of an analysis by name: the same as the history tells, with sides and signs that stay."""

from dataclasses import replace
from pathlib import Path

import pytest

import restride
from restride.errors import RestrideError
from restride.findings import Finding
from restride.pipeline import Analysis
from restride.pipeline.history import outing_rows
from restride.pipeline.outcomes import offered, scored

RUN = "fit-run-one-runner-2016-2020/2018-02-04_fenix3_stryd.fit"


@pytest.fixture(scope="module")
def run(shared: Path) -> Analysis:
    return restride.analyse(restride.read(shared / RUN))


def finding(side: str, value: float, other: str) -> Finding:
    return Finding(
        topic="stride", name="contact time", what="contact_s", side=side, value=value, units="s",  # type: ignore[arg-type]
        window=(0.0, 100.0), window_name="whole stride", this=0.25, other=0.25 - value, interval=None,
        interval_reason="made up", n=(9, 9), method="made up", compared_with=other, strength=0.0, sentence="",
    )  # fmt: skip


def test_a_session_is_scored_as_the_history_tells_it(run: Analysis) -> None:
    rows = {row.measure: row for row in outing_rows(run.recording)}
    found = scored(run, "Share of contact time")
    assert found.measure == "share of contact time, left"
    assert found.offer.value == rows["share of contact time"].value
    assert (found.offer.units, found.offer.shown_in) == ("1", "%")
    assert found.offer.device == rows["share of contact time"].device
    assert found.speed_m_s == rows["speed"].value
    assert found.started.startswith("2018-02-04")
    assert found.sha256 == run.recording.sources[0].sha256


def test_a_difference_between_legs_is_left_minus_right_whichever_leg_the_row_speaks_of(run: Analysis) -> None:
    name = "contact time, whole stride, left minus right"
    for side, value, other in (("left", 0.02, "right leg"), ("right", -0.02, "left leg")):
        turned = replace(run, findings=(finding(side, value, other),))
        assert scored(turned, name).offer.value == 0.02
    required = replace(run, findings=(finding("right", -0.02, "required by this motion"),))
    assert offered(required)["contact time, whole stride, right minus required by this motion"].value == -0.02


def test_every_unit_is_one_that_a_plan_can_hold(run: Analysis) -> None:
    rows = tuple(replace(finding("left", 1.0, "right leg"), units=u, name=u) for u in ("deg", "% of stride", "odd"))
    offers = offered(replace(run, findings=rows))
    named = {name.partition(",")[0]: offer.units for name, offer in offers.items() if "left minus right" in name}
    assert named == {"deg": "deg", "% of stride": "%", "odd": "unstated"}


def test_an_unknown_measure_lists_the_nearest(run: Analysis) -> None:
    with pytest.raises(RestrideError, match=r"expected one number called 'contact tme'.*contact time"):
        scored(run, "contact tme")


def test_every_name_has_one_number(run: Analysis) -> None:
    found = offered(run)
    assert "step rate" in found
    assert all(offer.value == offer.value for offer in found.values())
