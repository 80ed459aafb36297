from __future__ import annotations

from collections.abc import Callable

import pytest

from labsim.scenario import BadInput
from labsim.study.experiment import Experiment, load_experiment
from tests.conftest import Write

Load = Callable[..., Experiment]
Faults = Callable[..., list[str]]

HEAD = 'scenario = "focus-tyopolut"\ndesigns = ["mixed"]\nreplications = 2\n'
SHARE = '[[vary]]\nkey = "contract.outcome_share"\n'
UPLIFT = '[[vary]]\nkey = "coaching.max_uplift"\n'


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
