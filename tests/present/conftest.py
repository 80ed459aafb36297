"""Frames shared by the tests of the present room."""

from __future__ import annotations

import pytest

from labsim.present import Results
from labsim.words import Words
from tests.present.frames import make_results


@pytest.fixture(scope="session")
def words() -> Words:
    return Words("en")


@pytest.fixture(scope="session")
def results() -> Results:
    """Six designs, twenty replications."""
    return make_results()
