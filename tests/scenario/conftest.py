from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from labsim.scenario import BadInput, load

Write = Callable[..., str]
Faults = Callable[..., list[str]]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a file in an empty working directory; returns the name a user would give."""
    monkeypatch.chdir(tmp_path)

    def write(text: str | bytes, name: str = "mine.toml") -> str:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return name

    return write


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
