"""One made-up analysis for all tests of the page."""

import pytest
from tests.report import example

from restride.pipeline.analysis import Analysis


@pytest.fixture(scope="session")
def made_up() -> Analysis:
    return example.analysis()
