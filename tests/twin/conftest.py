"""Takes of the synthetic runner, written once for all tests here."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from restride.readers import read
from restride.signals.recording import Recording
from restride.twin import BUSY_THIGH, QUIET_TIBIALIS, WEAK_GLUTEUS, Fault, Truth, write

STRIDES = 3


@dataclass(frozen=True)
class Take:
    """A written take: where, what is true, what the readers make of it."""

    folder: Path
    truth: Truth
    recording: Recording


def _take(folder: Path, *faults: Fault) -> Take:
    truth = write(folder, faults=faults, seed=5, strides=STRIDES)
    return Take(folder, truth, read(folder))


@pytest.fixture(scope="session")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Take:
    return _take(tmp_path_factory.mktemp("healthy"))


@pytest.fixture(scope="session")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Take:
    return _take(tmp_path_factory.mktemp("quiet"), QUIET_TIBIALIS)


@pytest.fixture(scope="session")
def weak(tmp_path_factory: pytest.TempPathFactory) -> Take:
    return _take(tmp_path_factory.mktemp("weak"), WEAK_GLUTEUS)


@pytest.fixture(scope="session")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Take:
    return _take(tmp_path_factory.mktemp("busy"), BUSY_THIGH)
