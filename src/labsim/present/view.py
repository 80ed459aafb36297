"""Looking things up in the frames: designs in order, levels, differences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from labsim.present.clean import distinct, in_language, tidy

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from labsim.present.results import Results
    from labsim.words import Words

LABEL_LIMIT = 28
TITLE_LIMIT = 160


@dataclass(frozen=True)
class Estimate:
    """A number and the interval around it; ``nan`` where there is none."""

    value: float
    low: float = math.nan
    high: float = math.nan

    @property
    def known(self) -> bool:
        """Whether there is a number at all."""
        return math.isfinite(self.value)

    @property
    def sure(self) -> bool:
        """Whether there is an interval."""
        return self.known and math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def clear(self) -> int:
        """1 if the interval is above zero, -1 if below; 0 if it covers zero or is missing."""
        if not self.sure:
            return 0
        return int(self.low > 0) - int(self.high < 0)

    def times(self, factor: float) -> Estimate:
        """Return the same in another unit, or seen from the other side if negative."""
        ends = sorted((self.low * factor, self.high * factor)) if self.sure else (math.nan,) * 2
        return Estimate(self.value * factor, *ends)


@dataclass(frozen=True)
class Design:
    """A design as it is named everywhere: on screen, in charts, in tables."""

    id: str
    label: str
    title: str


class View:
    """Read access to one comparison's results.

    Parameters
    ----------
    results
        The frames.
    words
        The catalogue; its language decides which titles are taken.
    columns
        Width of texts for a terminal.
    """

    def __init__(self, results: Results, words: Words, *, columns: int = 100) -> None:
        self.results = results
        self.columns = columns
        self.words = words
        self.manifest = results.manifest

    @cached_property
    def designs(self) -> list[Design]:
        """The designs in the order given; the first is the reference."""
        listed = [_entry(d) for d in self.manifest.get("designs") or self._ids_in_summary()]
        labels = distinct([entry["id"] for entry in listed], LABEL_LIMIT)
        language = self.words.language
        return [
            Design(entry["id"], label, tidy(in_language(entry.get("title"), language), TITLE_LIMIT))
            for entry, label in zip(listed, labels, strict=True)
        ]

    def _ids_in_summary(self) -> list[str]:
        return [str(d) for d in self.results.summary["design"].unique()]

    @property
    def reference(self) -> Design:
        """The design that others are compared with."""
        return self.designs[0]

    @property
    def others(self) -> Sequence[Design]:
        """Every design but the reference."""
        return self.designs[1:]

    @cached_property
    def title(self) -> str:
        """The scenario's title in one line."""
        title = in_language(self.manifest.get("title"), self.words.language)
        return tidy(title or str(self.manifest.get("scenario_name", "")))

    @property
    def completed(self) -> int:
        """Replications that finished in every design."""
        return int(self.manifest.get("completed", self.manifest.get("replications", 0)))

    @property
    def interrupted(self) -> bool:
        """Whether the run was stopped before its end."""
        return bool(self.manifest.get("interrupted"))

    @property
    def assumed(self) -> int:
        """How many of the scenario's own values rest on assumption."""
        rows = self.results.assumptions
        return sum(row.get("status") == "assumption" and not row.get("design") for row in rows)

    @cached_property
    def _rows(self) -> dict[tuple[Any, Any], dict[Hashable, Any]]:
        rows = self.results.summary.to_dict("records")
        return {(row["design"], row["indicator"]): row for row in rows}

    def number(self, design: Design, indicator: str, column: str) -> float:
        """Return one cell of the summary, ``nan`` if it is not there."""
        value = self._rows.get((design.id, indicator), {}).get(column, math.nan)
        return math.nan if value is None or pd.isna(value) else float(value)

    def _estimate(self, design: Design, indicator: str, columns: tuple[str, str, str]) -> Estimate:
        return Estimate(*(self.number(design, indicator, column) for column in columns))

    def level(self, design: Design, indicator: str) -> Estimate:
        """Mean of an indicator with its 95 % interval."""
        return self._estimate(design, indicator, ("mean", "mean_low", "mean_high"))

    def difference(self, design: Design, indicator: str) -> Estimate:
        """Difference to the reference design, pair by pair, with its 95 % interval."""
        columns = ("difference", "difference_low", "difference_high")
        return self._estimate(design, indicator, columns)

    def spread(self, design: Design, indicator: str) -> Estimate:
        """Median of single runs, with the range that nine in ten of them fall in."""
        return self._estimate(design, indicator, ("p50", "p05", "p95"))


def _entry(design: Any) -> dict[str, Any]:
    return dict(design) if isinstance(design, dict) else {"id": str(design)}
