from __future__ import annotations

from collections.abc import Callable

import pytest

from labsim.scenario import BadInput, load
from tests.conftest import Write

Faults = Callable[..., list[str]]


@pytest.fixture
def faults(write: Write) -> Faults:
    """Lines of what is wrong with a text as a scenario; empty if nothing is."""

    def faults(text: str | bytes, *settings: str, design: str | None = None) -> list[str]:
        try:
            load(write(text), settings=settings, design=design)
        except BadInput as error:
            return str(error).split("\n")
        return []

    return faults
