"""What a recording can and cannot answer, for the side it holds and no other."""

import numpy as np
import pytest
from tests.pipeline.mirrored import mirrored

from restride.pipeline.answers import answer_words, answers
from restride.signals.recording import Recording
from restride.signals.schema import labelled

TIME_S = np.arange(0.0, 1.0, 0.001)


def _emg(names: dict[str, str]) -> Recording:
    coords = {
        "time": TIME_S,
        "channel": list(names),
        "label": ("channel", list(names)),
        "site": ("channel", list(names.values())),
    }
    values = np.zeros((TIME_S.size, len(names)))
    return Recording({"emg": labelled(values, dims=("time", "channel"), units="V", coords=coords)})


def _texts(recording: Recording, **more: frozenset[str]) -> tuple[str, str]:
    found = answers(recording, **more)
    return "; ".join(found["can_answer"]), "; ".join(found["cannot_answer"])


@pytest.mark.parametrize(("suffix", "side", "other"), [("l", "left", "right"), ("r", "right", "left")])
def test_emg_of_one_leg_answers_for_that_leg_only(suffix: str, side: str, other: str) -> None:
    can, cannot = _texts(_emg({f"soleus_{suffix}": "soleus", "IN 7": ""}))
    assert f"1 muscle of the {side} leg" in can
    assert other not in can
    assert f"EMG of the {other} leg" in cannot
    assert "one usable channel belongs" in cannot
    assert "where in the stride" in cannot


def test_an_unplugged_channel_answers_nothing() -> None:
    can, cannot = _texts(_emg({"soleus_l": "soleus", "soleus_r": "soleus"}), unusable=frozenset({"soleus_l"}))
    assert "right" in can
    assert "left" not in can
    assert "EMG of the left leg" in cannot


def test_markers_of_one_foot_say_nothing_of_the_other() -> None:
    labels = ["LASI", "RASI", "LHEE", "LTOE"]
    coords = {"time": TIME_S, "marker": labels, "space": ["x", "y", "z"]}
    values = np.zeros((TIME_S.size, 4, 3))
    markers = labelled(values, dims=("time", "marker", "space"), units="m", coords=coords)
    can, cannot = _texts(Recording({"markers": markers}))
    assert "contacts of the left leg" in can
    assert "anything of the right foot" in cannot
    can, cannot = _texts(mirrored(Recording({"markers": markers})))
    assert "contacts of the right leg" in can
    assert "anything of the left foot" in cannot


def test_a_recording_of_neither_leaves_the_telling_to_others() -> None:
    heart = labelled(np.ones(3), dims=("time",), units="Hz", coords={"time": [0.0, 1.0, 2.0]})
    assert answers(Recording({"heart_rate": heart})) == {}
    assert answer_words({}) == []
