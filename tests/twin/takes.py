"""A take of the synthetic runner as the tests here use it."""

from dataclasses import dataclass
from pathlib import Path

from restride.readers import read
from restride.signals.recording import Recording
from restride.twin import Fault, Truth, write

STRIDES = 3


@dataclass(frozen=True)
class Take:
    """A written take: where, what is true, what the readers make of it."""

    folder: Path
    truth: Truth
    recording: Recording


def taken(folder: Path, *faults: Fault) -> Take:
    truth = write(folder, faults=faults, seed=5, strides=STRIDES)
    return Take(folder, truth, read(folder))
