"""What is told about body-worn sensors."""

import functools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from tests.imu.test_running import run
from tests.imu.test_walking import trunk
from tests.imu.walker import RATE_HZ, Gait, Walk, walk
from tests.imu.walker import worn as sensor

from restride.chapters.chapter import Chapter
from restride.chapters.worn import chapters
from restride.pipeline.inspection import inspect, words
from restride.readers import read
from restride.readers.take import parsed
from restride.signals.recording import Conditions, Recording

STRIDES = 28  # five blocks of five, and some


@functools.cache
def walked(gait: Gait) -> Walk:
    return walk(strides=STRIDES, gait=gait, rate_hz=RATE_HZ)


def two_feet(left: Gait, right: Gait, *, clocks: str = "one") -> Recording:
    """A walker whose feet move as said, the right one half a stride after the left."""
    acc: list[xr.DataArray] = []
    gyr: list[xr.DataArray] = []
    for side, gait in (("left", left), ("right", right)):
        felt = sensor(walked(gait), side=side)
        for kind, array in zip((acc, gyr), felt, strict=True):
            kind.append(array.assign_coords(sensor=[f"foot_{side[0]}"]))
    length = min(a.sizes["time"] for a in acc) - 120
    shifted = [[a.isel(time=slice(0, length)), b.isel(time=slice(110, 110 + length))] for a, b in (acc, gyr)]
    joined = [xr.concat([a, b.assign_coords(time=a["time"])], dim="sensor", combine_attrs="drop") for a, b in shifted]
    for array, units in zip(joined, ("m/s^2", "rad/s"), strict=True):
        array.attrs = {"units": units, "clocks": clocks}
    return Recording({"acc": joined[0], "gyr": joined[1]})


def only(recording: Recording) -> Chapter:
    (chapter,) = chapters(recording, pd.DataFrame())
    return chapter


def difference(chapter: Chapter, name: str) -> float:
    return next(m.value for m in chapter.measures if m.name == f"{name}, left minus right")


def test_feet_that_move_alike_are_said_to() -> None:
    chapter = only(two_feet(Gait(), Gait()))
    assert chapter.sentences[0].startswith("Left and right foot move alike in all 7 measures")
    assert abs(difference(chapter, "contact time")) < 0.006


@pytest.mark.parametrize("clocks", ["one", "apart"])
def test_a_foot_that_stands_longer_is_named(clocks: str) -> None:
    limp, sound = Gait(stance_s=0.75, swing_s=0.35), Gait()
    chapter = only(two_feet(limp, sound, clocks=clocks))
    assert chapter.sentences[0].startswith(("The left foot stays on the ground", "The left foot swings"))
    assert difference(chapter, "contact time") == pytest.approx(0.05, abs=0.012)
    assert difference(chapter, "swing time") == pytest.approx(-0.05, abs=0.012)
    swapped = only(two_feet(sound, limp, clocks=clocks))
    assert difference(swapped, "contact time") == pytest.approx(-0.05, abs=0.012)


def test_what_walking_feet_cannot_differ_in_is_never_the_headline() -> None:
    chapter = only(two_feet(Gait(stride_m=1.5), Gait(stride_m=1.2), clocks="apart"))
    assert difference(chapter, "stride length") == pytest.approx(0.3, abs=0.02)
    assert "stride length" not in chapter.sentences[0]
    assert "check" in next(m.method for m in chapter.measures if m.name == "stride length, left minus right")


def test_one_foot_is_told_without_a_comparison() -> None:
    acc, gyr = sensor(walk(), side="right")
    chapter = only(Recording({"acc": acc, "gyr": gyr}))
    assert chapter.sentences[0].startswith("The right foot is on the ground")
    assert "not compared" in chapter.sentences[0]
    assert not any("left" in m.name or m.side == "left" for m in chapter.measures)
    assert list(chapter.charts[0].series) == ["right"]


def test_a_runner_is_told_from_the_signal_alone() -> None:
    chapter = only(Recording({"acc": run(steps=60)}))
    assert chapter.sentences[0].startswith("Running: 171 steps per minute")
    assert "falls freely" in chapter.sentences[1]
    assert any("how the legs differ" in what for what in chapter.not_measured)
    assert {m.name for m in chapter.measures} == {"step rate", "contact time", "flight time", "vertical oscillation"}


def test_a_stated_movement_goes_before_the_signal() -> None:
    chapter = only(Recording({"acc": run(steps=60)}, conditions=Conditions(movement="running")))
    assert "as take.yaml states" in chapter.sentences[1]


def test_a_runner_who_is_said_to_walk_is_not_told_as_a_runner() -> None:
    told = chapters(Recording({"acc": run(steps=60)}, conditions=Conditions(movement="walking")), pd.DataFrame())
    assert told == []


def test_a_walker_who_is_said_to_run_is_asked_about() -> None:
    acc, gyr = trunk(steps=30)
    said = Conditions(movement="walking")
    assert "check" not in only(Recording({"acc": acc, "gyr": gyr}, conditions=said)).sentences[-1]
    hop = run(steps=60)
    turning = hop.copy(data=np.zeros(hop.shape))
    turning.attrs = {"units": "rad/s"}
    chapter = only(Recording({"acc": hop, "gyr": turning}, conditions=said))
    assert "falls freely, which is running: check conditions: movement" in chapter.sentences[-1]


def test_sensors_of_no_place_have_no_chapter() -> None:
    acc, gyr = (array.assign_coords(segment=("sensor", [""])) for array in sensor(walk(), side="left"))
    assert chapters(Recording({"acc": acc, "gyr": gyr}), pd.DataFrame()) == []


def test_the_first_sentence_of_a_walker_is_what_the_cameras_saw_too(shared: Path) -> None:
    worn = {f"{side}_sensor": {"segment": "foot", "side": side} for side in ("left", "right")}
    said = {"rate_hz": 204.8, "acc_unit": "m/s^2", "gyr_unit": "deg/s", "worn": worn}
    recording = read(shared / "imu-foot-shimmer" / "imu_sample.csv", take=parsed({"sensors": said}))
    chapter = only(recording)
    # heel and toe markers: 6.6 degrees on the left, 2.9 on the right
    assert chapter.sentences[0].startswith("In swing the toes of the left foot turn 4.3° further outward")
    assert np.rad2deg(difference(chapter, "whip in swing, toes outward")) == pytest.approx(6.6 - 2.9, abs=1.5)
    lengths = next(m for m in chapter.measures if m.name == "stride length, left minus right")
    assert abs(lengths.value) < 0.02  # feet that walk together go equally far
    assert len(chapter.charts) == 3
    assert np.isfinite(chapter.charts[0].series["left"]).sum() > 20


def test_a_walker_with_a_sensor_on_the_back_is_told(shared: Path) -> None:
    said = {"rate_hz": 100, "acc_unit": "g", "gyr_unit": "deg/s", "worn": {"sensor": {"segment": "pelvis"}}}
    path = shared / "imu-lowback-mobilised" / "MS" / "001" / "TimeMeasure1_Test5_Trial1.csv"
    chapter = only(read(path, take=parsed({"sensors": said})))
    assert chapter.sentences[0].startswith("Walking: 10 steps in one walk, 107 per minute; 5 left and 5 right")


def told(segment: str = "foot") -> tuple[dict[str, object], str]:
    acc, gyr = (array.assign_coords(segment=("sensor", [segment])) for array in sensor(walk(), side="left"))
    found = inspect(Recording({"acc": acc, "gyr": gyr}))
    return found, "\n".join(words(found))


def test_a_foot_sensor_shows_its_strides() -> None:
    _, text = told()
    assert "left foot: 6 strides kept of 6 swings; median stride 1.30 m in 1.10 s, contact 700 ms" in text


def test_one_foot_cannot_say_how_the_legs_differ() -> None:
    _, text = told()
    assert "cannot answer: how the legs differ" in text


def test_a_sensor_of_unknown_place_answers_nothing() -> None:
    found, text = told("")
    assert found["worn"]
    assert "nothing says where the sensors were worn" in text
    assert "can answer: contact" not in text


def test_a_recording_without_sensors_says_nothing_of_them() -> None:
    assert inspect(Recording({}))["worn"] == {}


def test_exchanged_feet_give_the_same_differences_with_the_other_sign(shared: Path) -> None:
    worn_as = {
        "left": {"left_sensor": "left", "right_sensor": "right"},
        "right": {"left_sensor": "right", "right_sensor": "left"},
    }
    found = {}
    for name, sides in worn_as.items():
        places = {sensor: {"segment": "foot", "side": side} for sensor, side in sides.items()}
        notes = {"rate_hz": 204.8, "acc_unit": "m/s^2", "gyr_unit": "deg/s", "worn": places}
        recording = read(shared / "imu-foot-shimmer" / "imu_sample.csv", take=parsed({"sensors": notes}))
        (chapter,) = chapters(recording, pd.DataFrame())
        found[name] = {m.name: m for m in chapter.measures if "left minus right" in m.name}
    assert found["left"].keys() == found["right"].keys()
    for name, measure in found["left"].items():
        other = found["right"][name]
        # outward of a foot is inward of the other: the number of the very same foot changes its sign with the side
        sign = 1.0 if "whip" in name else -1.0
        assert measure.interval is not None
        assert other.interval is not None
        assert other.value == pytest.approx(sign * measure.value, abs=1e-9)
        low, high = sorted(sign * end for end in measure.interval)
        assert other.interval == pytest.approx((low, high), abs=1e-6)
