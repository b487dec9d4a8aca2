"""Takes of the synthetic runner, written once for all tests here."""

import pytest
from tests.twin.takes import Take, taken

from restride.twin import BUSY_THIGH, QUIET_TIBIALIS, WEAK_GLUTEUS


@pytest.fixture(scope="session")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Take:
    return taken(tmp_path_factory.mktemp("healthy"))


@pytest.fixture(scope="session")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Take:
    return taken(tmp_path_factory.mktemp("quiet"), QUIET_TIBIALIS)


@pytest.fixture(scope="session")
def weak(tmp_path_factory: pytest.TempPathFactory) -> Take:
    return taken(tmp_path_factory.mktemp("weak"), WEAK_GLUTEUS)


@pytest.fixture(scope="session")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Take:
    return taken(tmp_path_factory.mktemp("busy"), BUSY_THIGH)
