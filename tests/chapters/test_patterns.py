"""The chapter says which leg lacks what, on real recordings and on made-up strides."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from tests.conftest import ROOT
from tests.findings.curves import bump, curves, strides
from tests.findings.test_patterns_bursts import NOTHING, SWING

import restride
from restride.chapters import patterns
from restride.chapters.chapter import Chapter
from restride.pipeline.muscles import measured
from restride.pipeline.plan import Plan
from restride.pipeline.strides import with_strides
from restride.signals.recording import Recording

EXAMPLES = ROOT / "examples"


def of_emg(folder: Path) -> Chapter:
    """The chapter of a recording's EMG, without its body."""
    recording, table = with_strides(restride.read(folder, take=EXAMPLES / folder.name / "take.yaml"), source="auto")
    muscles = measured(recording, table, Plan())
    assert muscles.curves is not None
    assert muscles.active is not None
    (chapter,) = patterns.chapters(recording, table, {"emg": muscles.curves, "active": muscles.active})
    return chapter


def made_up(table: pd.DataFrame, kinds: Mapping[str, xr.DataArray]) -> Chapter:
    (chapter,) = patterns.chapters(Recording({}), table, kinds)
    return chapter


@pytest.fixture
def lacking() -> dict[str, xr.DataArray]:
    columns = {"soleus": ([NOTHING] * 6, [SWING] * 6)}
    return {"emg": curves(columns), "active": curves(columns)}


def test_still_ankle_lacks_its_tibialis_on_the_left_and_two_strides_are_not_sure(shared: Path) -> None:
    chapter = of_emg(shared / "c3d-walk-one-sided-ankle")
    assert "left strides the tibialis anterior's burst in" in chapter.sentences[0]
    assert "From 2 and 2 strides no burst can be called missing for sure." in chapter.sentences
    duty = {m.side: m.value for m in chapter.measures if m.name == "tibialis anterior: share of the stride switched on"}
    assert duty["left"] < 0.5 * duty["right"]


def test_one_leg_is_shown_and_compared_with_nothing(shared: Path) -> None:
    chapter = of_emg(shared / "walk-emg-synergies")
    assert "Only muscles of the right leg were measured" in chapter.sentences[0]
    assert "synergies" in {m.name.split(":")[0].removeprefix("muscle ") for m in chapter.measures}
    assert all(name.startswith("right ") for name in chapter.charts[0].series)
    assert {m.side for m in chapter.measures} == {"right"}


def test_missing_burst_leads_and_the_map_has_both_legs(lacking: dict[str, xr.DataArray]) -> None:
    chapter = made_up(strides(6, toe_off=0.4), lacking)
    assert chapter.sentences[0] == (
        "In 6 of 6 left strides the soleus' burst in early swing is missing (right: 0 of 6)."
    )
    assert list(chapter.charts[0].series) == ["left soleus", "right soleus"]
    assert chapter.charts[0].marks == {"left": pytest.approx(0.4), "right": pytest.approx(0.4)}
    assert np.isfinite([m.value for m in chapter.measures]).all()


def test_strides_without_measured_contacts_say_nothing_of_times(lacking: dict[str, xr.DataArray]) -> None:
    table = strides(6).assign(toe_off_s=np.nan)
    chapter = made_up(table, lacking)
    assert chapter.charts == ()
    assert not any("burst in" in m.name for m in chapter.measures)
    assert not any("missing" in sentence for sentence in chapter.sentences)
    assert any(text.startswith("where in the stride") for text in chapter.not_measured)


def test_envelopes_have_no_onsets_and_say_so() -> None:
    chapter = made_up(strides(4), {"emg": curves({"soleus": ([bump(30)] * 4, [bump(30)] * 4)})})
    assert any("record raw EMG" in text for text in chapter.not_measured)


def test_recording_without_emg_has_no_chapter() -> None:
    assert patterns.chapters(Recording({}), strides(4), {}) == []
