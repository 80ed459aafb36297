"""What all tests share: hypothesis without deadlines, memory that does not pile up, and files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import mesa
import pytest
from hypothesis import settings

settings.register_profile("labsim", deadline=None, derandomize=True)
settings.load_profile("labsim")

Write = Callable[..., str]


@pytest.fixture(autouse=True)
def _markets_can_go() -> Iterator[None]:
    """Let Mesa forget the models of a test: 3.3.1 keeps every one for ever (mesa/mesa#3179)."""
    yield
    getattr(mesa.Agent, "_ids", {}).clear()


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
