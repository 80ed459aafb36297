"""An experiment, checked and ready to run: which points, under which designs, how often."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from labsim.scenario.findings import Finding
from labsim.scenario.overlay import Overlay
from labsim.scenario.schema import Scenario
from labsim.study.experiment.axes import Axis, Codes
from labsim.study.experiment.plain import as_json, without_words

if TYPE_CHECKING:
    import pandas as pd


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
class Rows(Sequence[list[Any]]):
    """The values of all points, shape (points, keys), kept as one array for each key."""

    axes: Sequence[Axis]
    codes: Sequence[Codes]

    def __len__(self) -> int:
        return len(self.codes[0])

    def __getitem__(self, point: Any) -> Any:
        if not 0 <= point < len(self):
            raise IndexError(point)
        return [axis.value(codes[point]) for axis, codes in zip(self.axes, self.codes, strict=True)]

    def digest(self) -> str:
        """Return a SHA-256 of all values."""
        digest = hashlib.sha256()
        for axis, codes in zip(self.axes, self.codes, strict=True):
            digest.update(json.dumps([axis.key, as_json(axis.choices)]).encode())
            digest.update(codes.astype(codes.dtype.newbyteorder("<")).tobytes())
        return digest.hexdigest()


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
        Those that are kept, that of the rule among them; None: all.
    rows
        The varied keys, and their values at each point.
    overlays
        The files of each design, ready to have points laid over them.
    recipe
        How the points came about, as the file says it.
    warnings
        About the files, and about points, for people.
    """

    name: str
    title: dict[str, str]
    scenario_name: str
    designs: tuple[str, ...]
    replications: int | None
    stop: Stop | None
    indicators: tuple[str, ...] | None
    rows: Rows = field(repr=False)
    overlays: Mapping[str, Overlay] = field(repr=False)
    recipe: Mapping[str, Any] = field(repr=False)
    warnings: tuple[Finding, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Varied keys, dotted, in the order of the file."""
        return tuple(axis.key for axis in self.rows.axes)

    @property
    def points(self) -> int:
        """Number of points."""
        return len(self.rows)

    def values(self, point: int) -> dict[str, object]:
        """Return the value of each varied key at a point."""
        return dict(zip(self.keys, self.rows[point], strict=True))

    def scenario(self, point: int, design: str) -> Scenario:
        """Return the complete scenario of a point under a design; the point wins over all files."""
        return self.overlays[design].scenario(self.rows[point])

    def frame(self) -> pd.DataFrame:
        """Return one row per point: its number, and a column for each varied key."""
        import pandas as pd  # heavy, and not needed to run

        rows = self.rows
        columns = {
            axis.key: axis.column(codes) for axis, codes in zip(rows.axes, rows.codes, strict=True)
        }
        return pd.DataFrame({"point": range(self.points), **columns})

    def inputs(self) -> dict[str, Any]:
        """Return all that the results rest on besides the code, ready for JSON.

        Titles and descriptions are left out, and so are the files' values of keys that vary and
        their number of replications, because no run reads them.
        """
        vary = [] if self.recipe["method"] == "points" else [a.described() for a in self.rows.axes]
        return {
            "scenario": self.scenario_name,
            "designs": list(self.designs),
            "files": {name: without_words(item.files) for name, item in self.overlays.items()},
            **self.recipe,
            "keys": list(self.keys),
            "vary": {item.pop("key"): item for item in vary},
            "points": self.points,
            "points_sha256": self.rows.digest(),
            "replications": self.replications,
            "stop": None if self.stop is None else asdict(self.stop),
            "indicators": None if self.indicators is None else list(self.indicators),
        }
