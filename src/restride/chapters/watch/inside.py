"""Raw samples of the sensors inside a device, where a file has them: what is there, and what it cannot say."""

from typing import Final

import numpy as np

from restride.chapters.chapter import Chapter, Chart, Measure
from restride.signals.recording import Recording
from restride.signals.schema import FloatArray, sampling_rate_hz
from restride.signals.units import GRAVITY_M_S2

_NAMES: Final = {"device_acceleration": "acceleration", "device_angular_velocity": "turning rate"}
# a drawing needs no more points than this
MOST_POINTS: Final = 1000
# the mean over a whole outing lies near gravity, whatever the movement; further off the scale is wrong
NEAR_GRAVITY: Final = 0.2
# shorter than this the movement does not average out
LONG_ENOUGH_S: Final = 10.0


def inside(recording: Recording) -> list[Chapter]:
    """Rate, length and size of a device's own samples; none where a file has none."""
    kinds = [kind for kind in _NAMES if kind in recording]
    if not kinds:
        return []
    sentences = tuple(_sentence(recording, kind) for kind in kinds)
    return [
        Chapter(
            key="inside_the_device",
            title="Samples of the device's own sensors",
            sentences=(*sentences, *_gravity(recording)),
            sureness="Rests on the calibration in the file; the axes are the device's own.",
            measures=tuple(_measure(recording, kind) for kind in kinds),
            charts=tuple(_chart(recording, kind) for kind in kinds),
            not_measured=(
                "where on the body the device was worn and which way it pointed: the file does not say, so no leg is "
                "named",
            ),
            method="root mean square of the length of the vector; drawn is its largest value of each stretch of time",
        )
    ]


def _size(recording: Recording, kind: str) -> FloatArray:
    """Length of the vector at each sample."""
    size: FloatArray = np.linalg.norm(recording[kind].values, axis=1)
    return size


def _sentence(recording: Recording, kind: str) -> str:
    time_s = recording[kind]["time"].values
    rate = f" at {sampling_rate_hz(recording[kind]):.0f} per second" if time_s.size > 1 else ""
    size = _rms(recording, kind)
    size_words = f"{size / GRAVITY_M_S2:.2f} g" if kind == "device_acceleration" else f"{np.rad2deg(size):.0f}°/s"
    return (
        f"The device wrote {time_s.size} samples of its own {_NAMES[kind]}{rate}, over {time_s[-1] - time_s[0]:.0f} s; "
        f"their root mean square is {size_words}."
    )


def _rms(recording: Recording, kind: str) -> float:
    return float(np.sqrt(np.nanmean(_size(recording, kind) ** 2)))


def _gravity(recording: Recording) -> list[str]:
    """A word of warning where even the quietest moments are far from gravity."""
    if "device_acceleration" not in recording:
        return []
    size, time_s = _size(recording, "device_acceleration"), recording["device_acceleration"]["time"].values
    usual = float(np.nanmedian(size))
    if time_s[-1] - time_s[0] < LONG_ENOUGH_S or abs(usual / GRAVITY_M_S2 - 1) <= NEAR_GRAVITY:
        return []
    return [
        f"Its usual size is {usual / GRAVITY_M_S2:.2f} g, where gravity alone makes 1.00 g: so its scale is doubtful."
    ]


def _measure(recording: Recording, kind: str) -> Measure:
    return Measure(
        f"{_NAMES[kind]}, root mean square",
        "",
        _rms(recording, kind),
        str(recording[kind].attrs["units"]),
        None,
        "a description of the samples, not an estimate",
        recording[kind].sizes["time"],
        "samples",
        "length of the vector",
    )


def _chart(recording: Recording, kind: str) -> Chart:
    time_s, size = recording[kind]["time"].values, _size(recording, kind)
    group = max(1, -(-size.size // MOST_POINTS))
    starts = np.arange(0, size.size, group)
    largest = np.fmax.reduceat(size, starts)
    return Chart(
        f"Size of the {_NAMES[kind]}",
        time_s[starts],
        "time",
        "s",
        {_NAMES[kind]: largest},
        _NAMES[kind],
        str(recording[kind].attrs["units"]),
        "line",
        f"Size of the device's {_NAMES[kind]} against time.",
    )
