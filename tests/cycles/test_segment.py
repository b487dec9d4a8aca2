"""Events to strides: nothing is lost, and every rejected stride says why."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from tests import strategies

from restride.cycles import kept, rejected, segment
from restride.errors import SchemaError
from restride.signals.recording import EVENT_COLUMNS, no_events


def events(*rows: tuple[float, str, str]) -> pd.DataFrame:
    return pd.DataFrame([(*row, "made up") for row in rows], columns=list(EVENT_COLUMNS))


def regular(
    side: str, *, start_s: float, stride_s: float, count: int, contact: float = 0.6
) -> list[tuple[float, str, str]]:
    rows = []
    for k in range(count):
        rows.append((start_s + k * stride_s, side, "initial_contact"))
        rows.append((start_s + (k + contact) * stride_s, side, "toe_off"))
    return rows


def test_a_stride_runs_from_contact_to_contact_of_one_foot() -> None:
    cycles = kept(segment(events(*regular("left", start_s=0.3, stride_s=1.1, count=3))))
    np.testing.assert_allclose(cycles["start_s"], [0.3, 1.4])
    np.testing.assert_allclose(cycles["end_s"], [1.4, 2.5])
    np.testing.assert_allclose(cycles["toe_off_s"], [0.96, 2.06])
    assert set(cycles["side"]) == {"left"}


def test_the_stride_cut_off_by_the_end_is_a_row_with_a_reason() -> None:
    last = segment(events(*regular("right", start_s=0.0, stride_s=1.0, count=2))).iloc[-1]
    assert not last["kept"]
    assert np.isnan(last["end_s"])
    assert "after the last contact" in last["reason"]


def test_a_toe_off_before_the_first_contact_is_a_row_with_a_reason() -> None:
    cycles = segment(events((0.1, "left", "toe_off"), *regular("left", start_s=0.5, stride_s=1.0, count=2)))
    assert cycles["reason"].iloc[0] == "begins before the first contact seen"
    assert np.isnan(cycles["start_s"].iloc[0])


def test_a_stride_without_toe_off_is_rejected() -> None:
    rows = [r for r in regular("left", start_s=0.0, stride_s=1.0, count=4) if r[:2] != (1.6, "left")]
    cycles = segment(events(*rows))
    assert cycles.loc[~cycles["kept"], "reason"].tolist()[0] == "no toe-off inside"


def test_a_missed_contact_shows_as_two_toe_offs() -> None:
    rows = [r for r in regular("left", start_s=0.0, stride_s=1.0, count=5) if r != (2.0, "left", "initial_contact")]
    reasons = segment(events(*rows))["reason"].tolist()
    assert sum("2 toe-offs" in r for r in reasons) == 1


def test_a_missed_contact_and_toe_off_show_as_a_stride_too_long() -> None:
    rows = regular("left", start_s=0.0, stride_s=1.0, count=6)
    rows = [r for r in rows if not 1.5 < r[0] < 2.5]
    reasons = segment(events(*rows, *regular("right", start_s=0.5, stride_s=1.0, count=6)))["reason"].tolist()
    assert sum("2.0 times the median stride" in r for r in reasons) == 1


def test_a_contact_too_many_shows_as_strides_too_short() -> None:
    rows = [*regular("left", start_s=0.0, stride_s=1.0, count=5), (2.3, "left", "initial_contact")]
    cycles = segment(events(*rows))
    assert sum("no toe-off" in r or "too many" in r for r in cycles["reason"]) >= 1
    assert (kept(cycles)["end_s"] - kept(cycles)["start_s"] > 0.6).all()


def test_a_foot_that_hardly_leaves_the_ground_is_rejected() -> None:
    cycles = segment(events(*regular("left", start_s=0.0, stride_s=1.0, count=3, contact=0.95)))
    assert not cycles["kept"].any()
    assert "95 % of the stride" in cycles["reason"].iloc[0]


def test_no_events_give_no_strides() -> None:
    cycles = segment(no_events())
    assert cycles.empty
    assert cycles["kept"].dtype == bool


def test_a_table_without_sides_is_refused() -> None:
    with pytest.raises(SchemaError, match="side"):
        segment(pd.DataFrame({"time_s": [1.0], "name": ["toe_off"], "method": [""]}))


def test_a_further_reason_is_added_to_the_first() -> None:
    cycles = segment(events(*regular("left", start_s=0.0, stride_s=1.0, count=3)))
    reasons = pd.Series(["knocked", "", "knocked"], index=cycles.index)
    out = rejected(cycles, reasons)
    assert out["kept"].tolist() == [False, True, False]
    assert out["reason"].iloc[2] == "ends after the last contact seen; knocked"
    assert cycles["kept"].iloc[0]


@settings(max_examples=30, deadline=None)
@given(strategies.strides())
def test_every_contact_starts_exactly_one_row(drawn: pd.DataFrame) -> None:
    cycles = segment(drawn)
    contacts = drawn.loc[drawn["name"] == "initial_contact", "time_s"].sort_values()
    np.testing.assert_array_equal(cycles["start_s"].dropna().sort_values(), contacts)


@settings(max_examples=30, deadline=None)
@given(strategies.strides())
def test_the_order_of_events_does_not_matter(drawn: pd.DataFrame) -> None:
    shuffled = drawn.sample(frac=1.0, random_state=0)
    pd.testing.assert_frame_equal(segment(drawn), segment(shuffled))


@settings(max_examples=30, deadline=None)
@given(strategies.strides())
def test_swapping_the_sides_swaps_the_strides(drawn: pd.DataFrame) -> None:
    swapped = drawn.assign(side=drawn["side"].map({"left": "right", "right": "left"}))
    one, other = kept(segment(drawn), side="left"), kept(segment(swapped), side="right")
    np.testing.assert_array_equal(one["start_s"], other["start_s"])
