"""What a person states about body-worn sensors: where each sits, how it points, its units."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, Literal

import numpy as np

from restride.signals.recording import Side
from restride.signals.schema import FloatArray

Segment = Literal["foot", "shank", "thigh", "pelvis", "trunk", "wrist", "crank"]
SEGMENTS: Final[tuple[Segment, ...]] = ("foot", "shank", "thigh", "pelvis", "trunk", "wrist", "crank")


@dataclass(frozen=True, slots=True)
class Worn:
    """Where one sensor sits.

    Attributes
    ----------
    segment : str
        One of ``SEGMENTS``; the sacrum and the lower back belong to the pelvis.
    side : "left", "right" or None
        None on the pelvis and the trunk.
    forward, up : str or None
        Sensor axes ``"+x"`` ... ``"-z"`` that point forward and up while standing; both or none.
    """

    segment: Segment
    side: Side | None = None
    forward: str | None = None
    up: str | None = None

    def rot_segment_from_sensor(self) -> FloatArray:
        """Rotation to x forward, y up, z right, shape (3, 3); the identity without stated axes."""
        if self.forward is None or self.up is None:
            return np.eye(3)
        forward, up = _axis(self.forward), _axis(self.up)
        return np.stack([forward, up, np.cross(forward, up)])


@dataclass(frozen=True, slots=True)
class SensorNotes:
    """What is said about the sensors of a take.

    Attributes
    ----------
    rate_hz : float or None
        Replaces the file's own times.
    starts_at_s : float
        Time of the first sample on the clock of the take.
    clock_factor : float
        Seconds of the take per second of the sensors' clock.
    one_clock : bool
        The sensors of several files began together.
    acc_unit, gyr_unit, time_unit : str or None
        Where the file does not say.
    trial : str or None
        Which one, of a file with several: "Test5/Trial1".
    worn : mapping of str to Worn
        By the sensor's name in the file; in a file of one sensor without a name by the name of the
        file, of its folder, or ``"sensor"``.
    """

    rate_hz: float | None = None
    acc_unit: str | None = None
    gyr_unit: str | None = None
    time_unit: str | None = None
    starts_at_s: float = 0.0
    clock_factor: float = 1.0
    one_clock: bool = False
    trial: str | None = None
    worn: Mapping[str, Worn] = field(default_factory=lambda: MappingProxyType({}))

    def with_worn(self, worn: Mapping[str, Worn]) -> "SensorNotes":
        """The same with other places."""
        return replace(self, worn=MappingProxyType(dict(worn)))


def _axis(name: str) -> FloatArray:
    axis = np.zeros(3)
    axis["xyz".index(name[1])] = 1.0 if name[0] == "+" else -1.0
    return axis
