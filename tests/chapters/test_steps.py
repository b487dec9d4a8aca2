"""The chapter of good and bad steps: shares, runs, and when it says nothing."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from tests.findings.test_steps import take

from restride.chapters import steps
from restride.signals.recording import Conditions, Recording

RECORDING = Recording({})


def given(n: int, *, bad: tuple[int, ...] = (), other: int = 40) -> tuple[dict, pd.DataFrame]:  # type: ignore[type-arg]
    curves, table = take(n=n, bad=bad, other=other)
    return curves, table.assign(toe_off_s=table["start_s"] + 0.25, reason="")


def test_bad_steps_of_one_leg_are_told_of_that_leg() -> None:
    curves, table = given(120, bad=tuple(range(60, 84)))
    (chapter,) = steps.chapters(RECORDING, table, curves)
    left, right = chapter.sentences
    assert left.startswith("Left leg: 9")  # 96 good ones, one or two of them beyond by chance
    assert "%; 95 % interval" in left
    assert right.startswith("Right leg: ")
    share = {m.side: m.value for m in chapter.measures if m.name == "share of good steps"}
    assert share["left"] == pytest.approx(0.8, abs=0.03)
    assert share["right"] > 0.94


def test_the_strip_shows_each_step_of_its_leg_in_order() -> None:
    curves, table = given(50)
    (chapter,) = steps.chapters(RECORDING, table, curves)
    (strip,) = chapter.charts
    assert (np.diff(strip.x) >= 0).all()
    assert np.isfinite(strip.series["left"]).sum() == 50
    assert np.isfinite(strip.series["right"]).sum() == 40
    assert strip.level == 1.0


def test_too_few_strides_say_so_and_no_more() -> None:
    curves, table = given(5, other=4)
    (chapter,) = steps.chapters(RECORDING, table, curves)
    assert chapter.sentences == (
        "Too few strides to tell good steps from bad ones: 5 of the left leg and 4 of the right leg; "
        "it takes 8 of a leg.",
    )
    assert not chapter.measures
    assert not chapter.charts


def test_a_leg_with_too_few_is_named() -> None:
    curves, table = given(40, other=4)
    (chapter,) = steps.chapters(RECORDING, table, curves)
    assert len(chapter.sentences) == 1
    assert "the right leg: fewer than 8 whole strides" in chapter.not_measured


def test_a_long_recording_is_held_against_its_first_minute() -> None:
    curves, table = given(500, bad=tuple(range(200, 500)), other=20)
    (chapter,) = steps.chapters(RECORDING, table, curves)
    assert "like its strides of the first minute" in chapter.sentences[0]
    share = next(m.value for m in chapter.measures if m.name == "share of good steps")
    assert share == pytest.approx(0.4, abs=0.03)


def test_a_cue_is_named() -> None:
    curves, table = given(40)
    cued = dataclasses.replace(RECORDING, conditions=Conditions(cue="counting backwards"))
    (chapter,) = steps.chapters(cued, table, curves)
    assert "'counting backwards'" in chapter.sentences[-1]


def test_strides_cut_from_the_emg_itself_are_not_judged() -> None:
    curves, table = given(40)
    assert steps.chapters(RECORDING, table.assign(toe_off_s=np.nan), curves) == []
    assert steps.chapters(RECORDING, table, {}) == []
