from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from labsim.scenario import BadInput
from labsim.study.experiment import Experiment, load_experiment

Write = Callable[..., str]
Load = Callable[..., Experiment]
Faults = Callable[..., list[str]]

HEAD = 'scenario = "focus-tyopolut"\ndesigns = ["mixed"]\nreplications = 2\n'
SHARE = '[[vary]]\nkey = "contract.outcome_share"\n'
UPLIFT = '[[vary]]\nkey = "coaching.max_uplift"\n'


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a file in an empty working directory; returns its name."""
    monkeypatch.chdir(tmp_path)

    def write(text: str | bytes, name: str = "mine.toml") -> str:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return name

    return write


@pytest.fixture
def load(write: Write) -> Load:
    """Load a text as an experiment."""
    return lambda text, **options: load_experiment(write(text), **options)


@pytest.fixture
def faults(write: Write) -> Faults:
    """Lines of what is wrong with a text as an experiment; empty if nothing is."""

    def faults(text: str | bytes) -> list[str]:
        try:
            load_experiment(write(text))
        except BadInput as error:
            return str(error).split("\n")
        return []

    return faults
