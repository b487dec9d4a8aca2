from pathlib import Path

import pytest

from restride.errors import ReadError
from restride.readers.take import ForceNotes, Take, load, parsed
from restride.signals.recording import Count, Drill, Trial

ROOT = Path(__file__).resolve().parents[2]


def test_an_empty_take_states_nothing(tmp_path: Path) -> None:
    (tmp_path / "take.yaml").write_text("")
    assert load(tmp_path / "take.yaml") == Take()


def test_everything_said_is_kept() -> None:
    take = parsed(
        {
            "subject": {"mass_kg": 70, "height_m": 1.8},
            "conditions": {"movement": "running", "speed_m_s": 3.5, "shoe": "flat", "water": "knee", "electrodes": "A"},
            "channels": {"EMG 1": "soleus_l", "EMG 2": None},
            "emg": {"unit": "mV", "rate_hz": 2000, "delay_s": 0.048, "side": "left"},
            "static": "standing.trc",
            "axes": {"forward": "-y", "up": "+z"},
            "sides_swapped": ["markers"],
            "events": [{"time_s": 1.5, "side": "left", "name": "toe_off"}],
        }
    )
    assert (take.subject.mass_kg, take.subject.mass_source) == (70.0, "take.yaml")
    assert (take.conditions.movement, take.conditions.speed_m_s, take.conditions.shoe) == ("running", 3.5, "flat")
    assert (take.conditions.water, take.conditions.electrodes) == ("knee", "A")
    assert dict(take.channels) == {"EMG 1": "soleus_l", "EMG 2": None}
    assert (take.emg.unit, take.emg.rate_hz, take.emg.delay_s, take.emg.side) == ("mV", 2000.0, 0.048, "left")
    assert take.axes is not None
    assert (take.axes.forward, take.axes.up) == ("-y", "+z")
    assert take.sides_swapped == {"markers"}
    assert take.stated_events().loc[0, "side"] == "left"


def test_a_test_its_trials_and_the_counts_after_a_run_are_kept() -> None:
    conditions = parsed(
        {
            "conditions": {
                "test": "single_leg_stance",
                "stands_on": "left",
                "eyes": "closed",
                "trials": [{"start_s": 2, "end_s": 32.5, "stands_on": "right"}],
                "recovery": [{"minute": 5, "side": "right", "count": 12}],
            }
        }
    ).conditions
    assert (conditions.test, conditions.stands_on, conditions.eyes) == ("single_leg_stance", "left", "closed")
    assert conditions.trials == (Trial(2.0, 32.5, "right", None),)
    assert conditions.recovery == (Count(5.0, "right", 12),)


def test_rate_and_unit_of_bare_forces_are_kept() -> None:
    assert parsed({"forces": {"rate_hz": 300, "unit": "N"}}).forces == ForceNotes(300.0, "N")
    assert dict(parsed({"forces": {"plates": {1: "right", "two": "left"}}}).forces.plates) == {
        "1": "right",
        "two": "left",
    }


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"subjekt": {}}, "did you mean 'subject'"),
        ({"subject": {"mass": 70}}, "did you mean 'mass_kg'"),
        ({"subject": {"mass_kg": "70 kg"}}, "to be a number"),
        ({"subject": {"height_m": 179}}, "check its unit"),
        ({"channels": {"EMG 1": "tibialis_anterior"}}, "ending in _l or _r"),
        ({"channels": {"EMG 1": "tibialis_anteror_l"}}, "did you mean tibialis_anterior_l"),
        ({"emg": {"unit": "furlong"}}, "expected one of the units"),
        ({"emg": {"unit": "mm"}}, "a unit of V"),
        ({"emg": {"side": "links"}}, "to be one of"),
        ({"axes": {"forward": "+x", "up": "-x"}}, "two different axes"),
        ({"events": [{"time_s": 1, "side": "left"}]}, "expected time_s, side"),
        ({"sides_swapped": ["marker"]}, "did you mean 'markers'"),
        ({"conditions": {"test": "one_leg_stance"}}, "to be one of"),
        ({"conditions": {"stands_on": "l"}}, "to be one of"),
        ({"conditions": {"trials": [{"start_s": 9, "end_s": 3}]}}, "trials: 1: expected start_s before end_s"),
        ({"conditions": {"recovery": [{"minute": 0, "side": "left", "count": 2.5}]}}, "a whole count"),
        ({"conditions": {"recovery": {"minute": 0}}}, "to be a list"),
        ({"forces": {"unit": "kg"}}, "a unit of N"),
        ({"forces": {"plates": {"one": "l"}}}, "to be one of"),
        ({"forces": {"plates": {"one": None}}}, "expected left or right"),
        ({"forces": {"plates": {"one": "left"}}, "sides_swapped": True}, "found both"),
        (["subject"], "expected keys with values"),
    ],
)
def test_a_fault_is_named_with_what_to_write(content: object, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        parsed(content)


def test_broken_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "take.yaml"
    path.write_text("subject:\n  mass_kg: [70\n")
    with pytest.raises(ReadError, match=r"take\.yaml: expected YAML"):
        load(path)


def test_all_examples_and_the_page_about_them_are_valid() -> None:
    page = (ROOT / "docs" / "take.md").read_text(encoding="utf-8")
    block = page.split("```yaml\n")[1].split("```")[0]
    import yaml

    assert parsed(yaml.safe_load(block)).subject.mass_kg == 72.8
    examples = sorted((ROOT / "examples").glob("*/take.yaml"))
    assert len(examples) >= 4
    for path in examples:
        load(path)


def test_what_is_said_of_a_video_is_kept() -> None:
    said = parsed({"video": {"rate_hz": 240, "view": "side-right", "height_px": 1080, "mirrored": True}}).video
    assert (said.rate_hz, said.view, said.height_px, said.width_px, said.mirrored) == (
        240,
        "side-right",
        1080,
        None,
        True,
    )


@pytest.mark.parametrize("said", [{"rate_hz": 0}, {"view": "left"}, {"fps": 30}, {"height_px": "1080"}])
def test_a_slip_about_a_video_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(ReadError, match="video"):
        parsed({"video": said})


def test_a_drill_of_one_leg_is_read_with_its_side() -> None:
    stated = parsed({"conditions": {"movement": "cycling", "drills": [{"start_s": 60, "end_s": 90, "side": "left"}]}})
    assert stated.conditions.drills == (Drill(60.0, 90.0, "left"),)
    assert (stated.conditions.movement, stated.conditions.pedalling) == (None, True)


@pytest.mark.parametrize("drill", [{"start_s": 5, "end_s": 5, "side": "left"}, {"start_s": 1, "end_s": 5}])
def test_a_drill_without_length_or_side_is_refused(drill: dict[str, object]) -> None:
    with pytest.raises(ReadError, match="start_s before end_s and side"):
        parsed({"conditions": {"drills": [drill]}})
