"""Experiments: what is to be run, read from a file and checked to the last point."""

from __future__ import annotations

from labsim.study.experiment.experiment import Experiment, Stop

__all__ = ["Experiment", "Stop"]
