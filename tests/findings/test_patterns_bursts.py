"""A burst that was taken away is missed on its leg, and on no other."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose
from tests.findings.curves import curves, strides, swapped

from restride.findings import Finding, Window, patterns, windows
from restride.findings.patterns.bursts import FAINTEST
from restride.findings.patterns.proportions import share_difference
from restride.pipeline.muscles import Measured, measured
from restride.pipeline.plan import Plan
from restride.pipeline.strides import with_strides
from restride.readers import read
from restride.signals.schema import FloatArray
from restride.twin import QUIET_TIBIALIS, write

PARTS = windows(strides(4, toe_off=0.4))  # early swing from 40 to 70 %


def on(*spans: tuple[int, int]) -> FloatArray:
    """Switched on within spans of percent, which may go on beyond 100."""
    out = np.zeros(101)
    for start, end in spans:
        out[np.arange(start, end) % 100] = 1.0
    out[100] = out[0]
    return out


SWING = on((45, 65))
NOTHING = on()


def rows(active: xr.DataArray, *, required: xr.DataArray | None = None) -> list[Finding]:
    """Rows of muscles whose envelope is as high as their switch."""
    return patterns.burst_rows(active, active, PARTS, required=required)


def test_burst_that_most_left_strides_lack_is_said_of_the_left_leg() -> None:
    (row,) = rows(curves({"tibialis_anterior": ([NOTHING] * 9 + [SWING] * 3, [SWING] * 12)}))
    assert row.sentence.startswith(
        "In 9 of 12 left strides the tibialis anterior's burst in early swing is missing (right: 0 of 12)"
    )
    assert (row.this, row.other, row.topic) == (0.75, 0.0, "pattern")
    assert row.strength > 0


def test_exchanged_legs_flip_the_sign_and_the_words() -> None:
    made = curves({"tibialis_anterior": ([NOTHING] * 9 + [SWING] * 3, [SWING] * 12)})
    (row,), (turned,) = (rows(c) for c in (made, swapped(made)))
    assert turned.value == -row.value
    assert turned.strength == row.strength
    assert "9 of 12 right strides" in turned.sentence


def test_alike_legs_miss_nothing() -> None:
    (row,) = rows(curves({"soleus": ([SWING] * 12, [SWING] * 11 + [NOTHING])}))
    assert row.strength == 0


@pytest.mark.parametrize(("level", "gone"), [(0.9 * FAINTEST, 6), (1.1 * FAINTEST, 0)])
def test_trickle_is_no_burst_although_it_is_on(level: float, gone: int) -> None:
    switched = curves({"soleus": ([SWING] * 6, [SWING] * 6)})
    envelope = curves({"soleus": ([level * SWING] * 6, [SWING] * 6)})
    flags = patterns.missing(switched, envelope, patterns.usual(switched, envelope, PARTS))
    assert int(flags.sel(cycle=flags["side"] == "left").sum()) == int(flags.sum()) == gone


def test_background_that_is_called_on_is_no_burst() -> None:
    switched = curves({"soleus": ([SWING] * 6, [NOTHING] * 6)})
    assert patterns.burst_rows(switched, (0.15 * switched).assign_attrs(units="1"), PARTS) == []


def test_two_strides_a_leg_are_too_few_to_be_firm() -> None:
    (row,) = rows(curves({"soleus": ([NOTHING] * 2, [SWING] * 2)}))
    assert row.value == 1
    assert row.strength == 0


@pytest.mark.parametrize(
    ("asked", "words"), [(SWING, "is missing (right"), (on((0, 20)), "has a burst in early swing (left")]
)
def test_burst_that_nothing_asks_for_is_one_too_many(asked: FloatArray, words: str) -> None:
    made = curves({"soleus": ([NOTHING] * 6, [SWING] * 6)})
    required = curves({"soleus": ([asked] * 6, [asked] * 6)})
    (row,) = rows(made, required=required)
    assert words in row.sentence


def test_flags_name_the_strides_and_know_a_gap() -> None:
    holed = SWING.copy()
    holed[50] = np.nan
    made = curves({"soleus": ([SWING, NOTHING, holed, SWING, SWING], [SWING] * 2)})
    flags = patterns.missing(made, made, patterns.usual(made, made, PARTS))
    assert_allclose(flags.isel(burst=0), [0, 1, np.nan, 0, 0, 0, 0])
    assert flags["part"].values.tolist() == ["early swing"]


def test_burst_that_goes_on_is_one_of_each_part_it_fills() -> None:
    made = curves({"tibialis_anterior": ([on((45, 100))] * 3, [on((45, 100))] * 3)})
    assert [b.window.name for b in patterns.usual(made, made, PARTS)] == ["early swing", "late swing"]


def test_duty_is_the_share_switched_on() -> None:
    made = curves({"soleus": ([on((90, 115))], [NOTHING])})
    assert_allclose(patterns.duty(made).values[:, 0], [0.25, 0.0])


def test_difference_of_shares_is_that_of_the_source() -> None:
    # Newcombe 1998, table II: 56/70 against 48/80, method 10
    found = share_difference((56, 70), (48, 80)).interval
    assert found is not None
    assert_allclose(found, (0.0524, 0.3339), atol=5e-5)


@pytest.fixture(scope="module", params=["left", "right"])
def quiet(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Measured, tuple[Window, ...]]:
    fault = QUIET_TIBIALIS if request.param == "left" else QUIET_TIBIALIS.mirrored()
    folder: Path = tmp_path_factory.mktemp(request.param)
    write(folder, faults=[fault], seed=11, strides=6)
    recording, table = with_strides(read(folder), source="auto")
    return request.param, measured(recording, table, Plan()), windows(table)


def test_quiet_tibialis_of_the_twin_lacks_its_swing_on_the_leg_it_was_planted_on(
    quiet: tuple[str, Measured, tuple[Window, ...]],
) -> None:
    side, muscles, parts = quiet
    assert muscles.active is not None
    assert muscles.curves is not None
    firm = [row for row in patterns.burst_rows(muscles.active, muscles.curves, parts) if row.strength > 0]
    assert {row.what for row in firm} == {"tibialis_anterior"}
    assert "early swing" in {row.window_name for row in firm}
    assert all(f"{side} strides" in row.sentence for row in firm)
    assert all((row.value > 0) == (side == "left") for row in firm)
