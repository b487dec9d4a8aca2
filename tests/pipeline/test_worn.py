"""What is told about body-worn sensors."""

from tests.imu.walker import walk
from tests.imu.walker import worn as sensor

from restride.pipeline.inspection import inspect, words
from restride.signals.recording import Recording


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
