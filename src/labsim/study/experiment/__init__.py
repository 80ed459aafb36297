"""Experiments: what is to be run, read from a file and checked to the last point.

The names below are loaded on first use, so that asking whether a file is an experiment is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labsim.study.experiment.experiment import Experiment, Stop
    from labsim.study.experiment.loading import load_experiment

__all__ = ["Experiment", "Stop", "load_experiment"]

_HOME = {"Experiment": "experiment", "Stop": "experiment", "load_experiment": "loading"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
