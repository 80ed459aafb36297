"""An experiment, checked and ready to run: which points, under which designs, how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from labsim.scenario.findings import Finding
from labsim.scenario.overlay import Overlay
from labsim.scenario.schema import Scenario
from labsim.study.experiment.axes import Axis, Codes


@dataclass(frozen=True)
class Stop:
    """Replicate a point until an indicator is known well enough.

    Attributes
    ----------
    indicator
        Name of the indicator.
    half_width
        Replicate until half the width of its 95 % interval is at most this, in every design.
    least, most
        Replications to begin with, and to end with whatever the interval.
    """

    indicator: str
    half_width: float
    least: int = 5
    most: int = 200


@dataclass(frozen=True)
class Experiment:
    """What is to be run. Points are numbered from 0; their scenarios are made on demand.

    Attributes
    ----------
    name
        Stem of its file.
    title
        By language.
    scenario_name
        Stem of the scenario's file.
    designs
        Names; the first is the reference.
    replications, stop
        How often each point is repeated under each design: a number, or a rule; the other is None.
    indicators
        Those that are kept; None: all.
    keys
        Varied keys, dotted, in the order of the file.
    points
        How many there are.
    warnings
        About the scenario at some point or at all, for people.
    axes, codes
        The varied keys, and what each point keeps of their values: an array per key.
    overlays
        The files of each design, ready to have points laid over them.
    recipe
        How the points came about, as the file says it.
    """

    name: str
    title: dict[str, str]
    scenario_name: str
    designs: tuple[str, ...]
    replications: int | None
    stop: Stop | None
    indicators: tuple[str, ...] | None
    keys: tuple[str, ...]
    points: int
    warnings: tuple[Finding, ...] = ()
    axes: tuple[Axis, ...] = field(default=(), repr=False)
    codes: tuple[Codes, ...] = field(default=(), repr=False)
    overlays: Mapping[str, Overlay] = field(default_factory=dict, repr=False)
    recipe: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def values(self, point: int) -> dict[str, object]:
        """Return the value of each varied key at a point."""
        return dict(zip(self.keys, self._row(point), strict=True))

    def scenario(self, point: int, design: str) -> Scenario:
        """Return the complete scenario of a point under a design; the point wins over all files."""
        return self.overlays[design].scenario(self._row(point))

    def frame(self) -> pd.DataFrame:
        """Return one row per point: its number, and a column for each varied key."""
        columns = {
            key: axis.column(codes)
            for key, axis, codes in zip(self.keys, self.axes, self.codes, strict=True)
        }
        return pd.DataFrame({"point": range(self.points), **columns})

    def inputs(self) -> dict[str, object]:
        """Return all that the results rest on besides the code, ready for JSON.

        What only words and titles change is left out, and so are the files' values of keys that
        vary, because no run reads them.
        """
        raise NotImplementedError

    def _row(self, point: int) -> Sequence[Any]:
        return [axis.value(codes[point]) for axis, codes in zip(self.axes, self.codes, strict=True)]
