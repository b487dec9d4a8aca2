"""Shared fixtures."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# how fast a test runs on a busy machine says nothing about the code; speed lives in the benchmarks
settings.register_profile("restride", deadline=None)
settings.load_profile("restride")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of the real recordings; skipped with a reason where it is missing, failing in CI."""
    data = Path(os.environ.get("RESTRIDE_SHARED", str(ROOT.parent / "shared"))) / "data"
    if not data.is_dir():
        reason = "the shared recordings are missing; set RESTRIDE_SHARED to the folder that holds data/"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return data
