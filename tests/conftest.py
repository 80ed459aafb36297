"""What all tests share: hypothesis without deadlines, and memory that does not pile up."""

from __future__ import annotations

from collections.abc import Iterator

import mesa
import pytest
from hypothesis import settings

settings.register_profile("labsim", deadline=None, derandomize=True)
settings.load_profile("labsim")


@pytest.fixture(autouse=True)
def _markets_can_go() -> Iterator[None]:
    """Let Mesa forget the models of a test: 3.3.1 keeps every one for ever (mesa/mesa#3179)."""
    yield
    getattr(mesa.Agent, "_ids", {}).clear()
