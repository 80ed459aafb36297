"""Experiments: what is to be run, read from a file and checked to the last point."""

from __future__ import annotations

from labsim.study.experiment.experiment import Experiment, Stop
from labsim.study.experiment.loading import load_experiment

__all__ = ["Experiment", "Stop", "load_experiment"]
