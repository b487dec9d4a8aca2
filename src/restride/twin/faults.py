"""What can be wrong with the synthetic runner, and what each fault does to the muscles.

A fault changes muscles only. The motion stays the healthy one, as BODY's what-if does: a
person would also move differently, the twin does not.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from restride.signals.recording import Side
from restride.signals.schema import FloatArray
from restride.signals.vocabulary import plain

Kind = Literal["quiet", "weak", "wasted", "cocontraction", "late"]

# on and off within this part of the stride, in percent: about 40 ms at running pace
FADE_PERCENT: Final = 6.0


@dataclass(frozen=True, slots=True)
class Fault:
    """One planted fault.

    Attributes
    ----------
    kind : {"quiet", "weak", "wasted", "cocontraction", "late"}
        ``"quiet"``: the electrode sites give only ``size`` of their activity, and nobody
        answers. ``"weak"``: the muscles are driven to only ``size`` of what they would do, and the
        others answer at least effort. ``"wasted"``: the muscles have only ``size`` of their
        strength, and all muscles share out the work anew. ``"cocontraction"``: the sites are busy
        beyond what the motion asks, by ``size`` of their own peak. ``"late"``: the sites'
        activity comes ``size`` of the stride late.
    sites : tuple of str
        Electrode sites, without side; of "wasted" groups of ``body.WEAK_GROUPS``.
    side : {"left", "right"}
    window : tuple of float
        Start and end in percent of the leg's stride, on the clock of the recorded EMG; may
        end beyond 100 and then goes on in the next stride.
    size : float
    """

    kind: Kind
    sites: tuple[str, ...]
    side: Side
    window: tuple[float, float]
    size: float

    def __str__(self) -> str:
        names = ", ".join(plain(site) for site in self.sites)
        when = f"from {self.window[0]:.0f} to {self.window[1]:.0f} % of the stride"
        said = {
            "quiet": f"gives only {100 * self.size:.0f} % of its activity {when}",
            "weak": f"does {100 * self.size:.0f} % of what it would {when}, and other muscles answer",
            "wasted": f"has {100 * self.size:.0f} % of its strength, and other muscles answer",
            "late": f"{100 * self.size:.0f} % of the stride late",
            "cocontraction": f"busy together {when}, by {100 * self.size:.0f} % of their own peaks",
        }
        return f"{self.side} {names}: {said[self.kind]}"

    def mirrored(self) -> "Fault":
        """The same fault of the other leg."""
        return Fault(self.kind, self.sites, "right" if self.side == "left" else "left", self.window, self.size)


QUIET_TIBIALIS: Final = Fault("quiet", ("tibialis_anterior",), "left", (35.0, 100.0), 0.15)
WEAK_GLUTEUS: Final = Fault("weak", ("gluteus_medius",), "left", (0.0, 100.0), 0.40)
BUSY_THIGH: Final = Fault(
    "cocontraction",
    ("rectus_femoris", "vastus_lateralis", "vastus_medialis", "biceps_femoris", "medial_hamstrings"),
    "left",
    (35.0, 65.0),
    0.60,
)
DEMO_FAULTS: Final = (QUIET_TIBIALIS, WEAK_GLUTEUS, BUSY_THIGH)


def inside(window: tuple[float, float], leg_phase: FloatArray) -> FloatArray:
    """1 inside a window of the stride, 0 outside, with smooth edges within the window.

    Parameters
    ----------
    window : tuple of float, percent
    leg_phase : array, strides
    """
    start, end = window
    if end - start >= 100.0:
        return np.ones_like(leg_phase)
    since = (100.0 * leg_phase - start) % 100.0
    edge = np.minimum(since, end - start - since) / FADE_PERCENT
    return np.asarray(np.sin(np.pi / 2 * np.clip(edge, 0.0, 1.0)) ** 2, dtype=np.float64)
