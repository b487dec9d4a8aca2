"""Rows of legs: against the other leg, the own baseline and norms, and what they say together."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from tests.findings.legs.runner import mirrored, runner

from restride import cycles
from restride.errors import SchemaError
from restride.findings import legs
from restride.findings.finding import Finding
from restride.findings.legs.measures import COLUMNS
from restride.signals.recording import Recording


def rows(recording: Recording) -> dict[str, Finding]:
    return {row.what: row for row in legs.sides(legs.measures(recording, cycles.segment(recording.events)))}


def table(n: int = 10, *, seed: int = 0, **columns: tuple[float, float, float]) -> pd.DataFrame:
    """Measures of ``n`` strides a leg: column = (mean left, mean right, SD)."""
    rng = np.random.default_rng(seed)
    out = pd.DataFrame(np.nan, index=range(2 * n), columns=list(COLUMNS))
    out.insert(0, "side", ["left"] * n + ["right"] * n)
    out.insert(1, "start_s", np.tile(0.7 * np.arange(n), 2))
    out["contact_share"] = 0.36
    for column, (left, right, sd) in columns.items():
        out[column] = np.repeat([left, right], n) + sd * rng.standard_normal(2 * n)
    return out


def test_a_sound_runner_raises_nothing() -> None:
    raised = {what: row.sentence for what, row in rows(runner()).items() if row.strength > 0}
    assert raised == {}


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_planted_drop_is_raised_and_points_to_its_leg(side: str) -> None:
    found = rows(runner(side, drop_deg=12.0))  # type: ignore[arg-type]
    raised = [row for row in found.values() if row.strength > 0]
    assert {"pelvic_drop_rad", "pelvic_drop_peak_rad"} <= {row.what for row in raised}
    assert all((row.value > 0) == (side == "left") for row in raised)
    assert legs.weighed(raised).side == side


def test_rows_of_the_mirror_have_the_other_sign() -> None:
    recording = runner("left", drop_deg=8.0, foot_drop_deg=15.0)
    here, there = rows(recording), rows(mirrored(recording))
    assert here.keys() == there.keys()
    for what, row in here.items():
        assert_allclose(row.value, -there[what].value, atol=1e-6)
        assert_allclose(row.strength, there[what].strength, atol=1e-6)
    ours, theirs = (legs.weighed(list(r.values())) for r in (here, there))
    assert (ours.side, theirs.side) == ("left", "right")


def test_within_the_floor_nothing_is_raised_however_sure() -> None:
    floor = np.deg2rad(legs.BY_COLUMN["pelvic_drop_rad"].floor)
    below = legs.sides(table(pelvic_drop_rad=(0.9 * floor, 0.0, 1e-6)))
    above = legs.sides(table(pelvic_drop_rad=(1.1 * floor, 0.0, 1e-6)))
    assert [row.strength > 0 for row in (*below, *above)] == [False, True]


def test_one_stride_of_each_leg_is_too_few_to_say_that_nothing_differs() -> None:
    told = legs.weighed(legs.sides(table(1, placement_m=(-0.05, 0.05, 0.001))))
    assert told.sentence.startswith("There are too few strides")


def test_one_measure_names_no_leg() -> None:
    told = legs.weighed(legs.sides(table(placement_m=(-0.05, 0.05, 1e-5))))
    assert told.side is None
    assert len(told.witnesses) == 1
    assert told.sentence.startswith("The left foot is set 100 mm further in, across the line of progress.")
    assert "does not make a bad leg" in told.sentence
    (wide,) = legs.weighed(legs.sides(table(placement_m=(0.05, 0.15, 0.001)))).witnesses
    assert wide.points is None  # neither crosses, so neither is the odd one by that


def test_measures_that_disagree_are_said_to_disagree() -> None:
    found = legs.sides(table(pelvic_drop_rad=(0.0, 0.2, 1e-4)))
    contact = dataclasses.replace(
        found[0], topic="stride", what="contact_time_s", name="contact time", value=0.03, this=0.28, other=0.25
    )
    told = legs.weighed([contact, *found])
    assert told.side is None
    assert told.sentence == (
        "Contact time is 30 ms longer on the left; pelvic drop at mid-stance is 11.5° larger on the right; "
        "they do not point to one leg."
    )


def test_two_measures_against_each_other_name_no_leg() -> None:
    told = legs.weighed(legs.sides(table(pelvic_drop_rad=(0.0, 0.2, 0.001), placement_m=(-0.05, 0.05, 0.001))))
    assert told.side is None
    assert "do not point to one leg" in told.sentence


def test_a_leg_is_held_against_its_own_sessions() -> None:
    before = [table(seed=s, clearance_m=(0.030 + 0.001 * s, 0.030, 0.001)) for s in range(4)]
    now = table(seed=9, clearance_m=(0.005, 0.030, 0.001))
    found = {(row.what, row.side): row for row in legs.against_baseline(now, before)}
    left, right = found["clearance_m", "left"], found["clearance_m", "right"]
    assert_allclose(left.value, 5.0 - 31.5, atol=0.5)
    assert left.strength > 0 == right.strength
    # SD of the four means 1.29 mm, t of 3 freedom 3.18, one new session: 4.6 mm
    assert left.interval is not None
    assert_allclose(np.diff(left.interval), 2 * 4.6, atol=1.5)


def test_days_that_scatter_widen_the_interval_of_the_baseline() -> None:
    now = table(clearance_m=(0.005, 0.030, 0.001))
    even, uneven = (
        [table(seed=s, clearance_m=(0.03 + step * (s - 1), 0.03, 0.001)) for s in range(3)] for step in (0.0, 0.02)
    )
    strengths = [legs.against_baseline(now, sessions)[0].strength for sessions in (even, uneven)]
    assert strengths[0] > 0 == strengths[1]


def test_a_baseline_of_no_session_is_refused() -> None:
    with pytest.raises(SchemaError, match="at least one session"):
        legs.against_baseline(table(), [])


def test_a_norm_holds_only_for_its_movement_and_speed() -> None:
    low = table(clearance_m=(0.05, 0.01, 0.001))
    found = {row.side: row for row in legs.against_norm(low, movement="walking", speed_m_s=1.3)}
    assert_allclose(found["left"].value, 50.0 - 22.5, atol=1.0)
    assert found["right"].value == 0.0
    assert found["left"].strength == 0.0  # a norm never tops the page
    assert legs.weighed(list(found.values())).witnesses[0].points == "left"
    assert legs.against_norm(low, movement="walking", speed_m_s=float("nan")) == []
    assert all(row.what != "clearance_m" for row in legs.against_norm(low, movement="running", speed_m_s=3.0))
