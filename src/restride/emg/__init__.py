"""From volts to activity: conditioning, quality, envelope, onsets, scaling."""

from restride.emg.condition import band_within, condition, is_envelope
from restride.emg.envelope import envelope

__all__ = ["band_within", "condition", "envelope", "is_envelope"]
