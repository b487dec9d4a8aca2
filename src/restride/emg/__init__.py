"""From volts to activity: conditioning, quality, envelope, onsets, scaling, synergies."""

from restride.emg.condition import band_within, condition, is_envelope
from restride.emg.envelope import envelope
from restride.emg.onsets import bursts
from restride.emg.quality import artefacts, quality
from restride.emg.scaling import references, scaled
from restride.emg.synergies import Synergies, synergies

__all__ = [
    "Synergies",
    "artefacts",
    "band_within",
    "bursts",
    "condition",
    "envelope",
    "is_envelope",
    "quality",
    "references",
    "scaled",
    "synergies",
]
