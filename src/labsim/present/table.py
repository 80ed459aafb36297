"""The short table: the reference's levels, then every other design's difference to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labsim.present.format import Format
    from labsim.present.view import Design, Estimate, View

TABLE = (
    "net_jobs_90d",
    "purchaser_cost_per_net_job_eur",
    "outcome_rate",
    "hours_far",
    "provider_margin_share",
)
"""Indicators of the short table, in order."""


@dataclass(frozen=True)
class Cell:
    """One number as text, its interval, and whether a difference is clear."""

    value: str
    interval: str
    clear: bool
    known: bool


@dataclass(frozen=True)
class Row:
    """One design's numbers."""

    design: Design
    difference: bool
    cells: Sequence[Cell]


def cell(form: Format, indicator: str, estimate: Estimate, difference: bool) -> Cell:
    """Write one number."""
    return Cell(
        form.value(indicator, estimate, difference),
        form.interval(indicator, estimate),
        bool(difference and estimate.clear),
        estimate.known,
    )


def short_table(view: View, form: Format) -> list[Row]:
    """Return the rows of the short table, the reference first."""
    rows = [_row(view, form, view.reference, difference=False)]
    return rows + [_row(view, form, design, difference=True) for design in view.others]


def _row(view: View, form: Format, design: Design, difference: bool) -> Row:
    read = view.difference if difference else view.level
    cells = [cell(form, name, read(design, name), difference) for name in TABLE]
    return Row(design, difference, cells)


def notes(view: View, rows: Sequence[Row], missing: str) -> list[str]:
    """Return what must be said below the table."""
    cells = [c for row in rows for c in row.cells]
    said = []
    if any(c.interval for c in cells):
        said.append(view.words("screen.clear" if view.others else "screen.intervals"))
    if not all(c.known for c in cells):
        said.append(view.words("screen.missing", missing=missing))
    return said
