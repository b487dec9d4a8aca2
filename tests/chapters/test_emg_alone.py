"""EMG that nothing else goes with: bursts counted, strides estimated, and what cannot be said is said."""

from pathlib import Path

import numpy as np
import pytest
from tests.emg import bursty

import restride
from restride.chapters import emg_alone
from restride.cycles import segment
from restride.errors import CycleError
from restride.pipeline.strides import from_emg
from restride.signals.recording import Recording, no_events

NOTHING = segment(no_events())
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def recording(channels: dict[str, np.ndarray], *, sites: dict[str, str] | None = None) -> Recording:
    signal = bursty.recorded(channels)
    known = sites or {}
    return Recording(
        {
            "emg": signal.assign_coords(
                label=("channel", list(channels)), site=("channel", [known.get(name, "") for name in channels])
            )
        }
    )


def test_planted_bursts_are_counted_with_their_length_and_level() -> None:
    values = bursty.muscle(np.random.default_rng(3), seconds=8.0)
    (chapter,) = emg_alone.chapters(recording({"soleus_l": values}, sites={"soleus_l": "soleus"}), NOTHING)
    assert chapter.sentences[0] == (
        "The one channel shows 10 bursts of 0.3 s (median) in 8 s; nothing says when a foot was down."
    )
    found = {measure.name: measure for measure in chapter.measures}
    assert {measure.side for measure in chapter.measures} == {"left"}
    assert found["soleus: number of bursts"].value == 10
    assert found["soleus: median burst"].value == pytest.approx(0.3, abs=0.02)
    interval = found["soleus: median burst"].interval
    assert interval is not None
    assert interval[0] <= 0.3 + 0.02
    assert interval[1] >= 0.3 - 0.02
    assert found["soleus: share of the time active"].value == pytest.approx(10 * 0.3 / 8.0, abs=0.02)
    assert found["soleus: quietest level"].value == pytest.approx(5e-6, rel=0.2)


def test_a_flicker_a_tenth_as_loud_is_no_burst() -> None:
    rng = np.random.default_rng(5)
    values = bursty.muscle(rng, seconds=8.0)
    faint = values + 1e-5 * bursty.gate(values.size, [(0.05, 0.2), (7.0, 7.2)]) * bursty.coloured(rng, values.size)
    (chapter,) = emg_alone.chapters(recording({"EMG 1": faint}), NOTHING)
    assert "10 bursts" in chapter.sentences[0]


def test_an_unnamed_channel_says_that_its_muscle_is_not_known() -> None:
    values = bursty.muscle(np.random.default_rng(3), seconds=4.0)
    (chapter,) = emg_alone.chapters(recording({"EMG 7": values}), NOTHING)
    assert "nothing says which muscle, or when a foot was down" in chapter.sentences[0]
    assert any("which muscle of which leg EMG 7" in text for text in chapter.not_measured)
    assert {measure.side for measure in chapter.measures} == {""}


def test_white_noise_alone_is_told_as_not_usable() -> None:
    noise = 1e-5 * np.random.default_rng(2).standard_normal(4000)
    (chapter,) = emg_alone.chapters(recording({"EMG 1": noise}), NOTHING)
    assert chapter.sentences[0].startswith("The one channel of EMG cannot be used")
    assert "unplugged" in chapter.sentences[1]
    assert chapter.measures == ()


def test_a_recording_with_strides_has_no_such_chapter(shared: Path) -> None:
    found = restride.read(shared / "walk-emg-synergies", take=EXAMPLES / "walk-emg-synergies" / "take.yaml")
    assert emg_alone.chapters(found, segment(found.events)) == []
    assert emg_alone.chapters(Recording({}), NOTHING) == []


def test_strides_from_the_muscles_carry_their_doubt(shared: Path) -> None:
    found = restride.read(shared / "walk-emg-synergies", take=EXAMPLES / "walk-emg-synergies" / "take.yaml")
    alone, strides = from_emg(found.replaced(events=no_events()))
    assert set(alone.events["side"]) == {"right"}
    assert strides["kept"].sum() == 7
    assert strides["toe_off_s"].isna().all()
    assert alone.doubts[-1].about == "events"
    assert alone.doubts[-1].severity == "warning"


def test_strides_are_refused_without_a_usable_channel() -> None:
    noise = 1e-5 * np.random.default_rng(2).standard_normal((4000, 2))
    names = {"soleus_l": "soleus", "tibialis_anterior_l": "tibialis_anterior"}
    with pytest.raises(CycleError, match="two muscle groups"):
        from_emg(recording(dict(zip(names, noise.T, strict=True)), sites=names))
    with pytest.raises(CycleError, match="expected EMG"):
        from_emg(Recording({}))


def test_the_published_bursts_of_one_channel_are_found(shared: Path) -> None:
    found = restride.read(shared / "emg-vendor-exports" / "plux_emg_bursts.h5")
    (chapter,) = emg_alone.chapters(found, NOTHING)
    # nine contractions of more than a second each; all else is shorter than 0.2 s or faint
    assert chapter.sentences[0].startswith("The one channel shows 9 bursts of 1.4 s")
