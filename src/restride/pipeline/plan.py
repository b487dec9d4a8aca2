"""Every setting of one analysis, frozen and stored with its result."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Plan:
    """Settings of one analysis; the defaults are those of the report's method section.

    Attributes
    ----------
    events : {"auto", "file", "grf", "markers"}
        Where initial contact and toe-off come from; "auto" takes the first there is.
    emg_band_hz : tuple of float
        Band-pass of the EMG (SENIAM: 10-20 Hz below, 400-500 Hz above).
    envelope_hz : float
        Low-pass of the rectified EMG.
    motion_hz : float
        One low-pass for markers, angles and forces alike, so that their derivatives agree.
    delay_s : float
        Electromechanical delay: required activation is shown this much earlier.
    effort : {"squared", "cubed"}
        What the redundancy solver minimises.
    seed : int
        Of every random draw (intervals by resampling).
    """

    events: Literal["auto", "file", "grf", "markers"] = "auto"
    emg_band_hz: tuple[float, float] = (20.0, 450.0)
    envelope_hz: float = 6.0
    motion_hz: float = 10.0
    delay_s: float = 0.040
    effort: Literal["squared", "cubed"] = "squared"
    seed: int = 0

    def settings(self) -> dict[str, object]:
        """All settings by name."""
        return asdict(self)

    def fingerprint(self) -> str:
        """Short hash of the settings, equal for equal plans."""
        text = json.dumps(self.settings(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]
