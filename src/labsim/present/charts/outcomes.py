"""Outcomes: how many would have come anyway, and what others lose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.ticker import MaxNLocator

from labsim.present.charts.forest import Panel, beside, forest, rows_of_designs, ticks
from labsim.present.charts.style import (
    GREY,
    INK,
    colour,
    empty,
    finite,
    headline,
    page,
    shown,
    small,
)
from labsim.present.format import Format

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from labsim.present.view import Design, View

BAR = 0.62
LOST = "displaced_employed_weeks"


def draw(view: View) -> Figure:
    """Draw outcomes as deadweight plus additional ones; weeks lost by others stand beside."""
    name = "single" if view.completed == 1 else "level"
    figure = page(view, "outcomes", intervals=view.words(f"charts.intervals.{name}"))
    compared = bool(view.others)
    widths = [0.75, 1.25, 0.75] if compared else [1.7, 1.0]
    *first, met, lost = figure.subplots(1, len(widths), sharey=True, width_ratios=widths)
    for axes in first:
        forest(axes, view, Panel("additional_outcomes", difference=True))
        headline(axes, view.words("charts.panel.outcomes_difference"), 3)
    _waterfall(met, view)
    headline(met, view.words("charts.panel.outcomes_met"), 3 if compared else 2)
    forest(lost, view, Panel(LOST, difference=False))
    headline(lost, view.words("charts.panel.displaced"), 3)
    return figure


def _waterfall(axes: Axes, view: View) -> None:
    rows_of_designs(axes, view)
    ends = [_bars(axes, view, place, design) for place, design in enumerate(view.designs)]
    known = finite(ends)
    if not known:
        empty(axes, view.words("charts.nothing"))
        return
    axes.set_xlim(0, max(known) * 1.04 or 1)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(ticks(view, "outcomes_met", difference=False))


def _bars(axes: Axes, view: View, place: int, design: Design) -> float:
    """Draw one design's bar: grey up to what comes anyway, coloured up to what was met.

    Where fewer were met than would have come anyway, the lost part is hatched.
    """
    form = Format(view.words, view.words("charts.missing"))
    anyway = view.level(design, "deadweight_outcomes")
    added = view.level(design, "additional_outcomes")
    text = form.both("additional_outcomes", added, difference=True)
    beside(axes, view, place, text, bold=bool(added.clear))
    if not (anyway.known and added.known):
        return float("nan")
    grey = min(anyway.value, anyway.value + added.value)
    gained: dict[str, Any] = {"facecolor": colour(view, design), "edgecolor": "white"}
    lost: dict[str, Any] = {"facecolor": "white", "edgecolor": GREY, "hatch": "////"}
    axes.barh(place, grey, height=BAR, color="#c9c9c9", zorder=2)
    drawn = gained if added.value >= 0 else lost
    axes.barh(place, abs(added.value), left=grey, height=BAR, linewidth=0.8, zorder=2, **drawn)
    axes.annotate(
        shown(form.value("deadweight_outcomes", anyway)), (0, place), xytext=(5, 0),
        textcoords="offset points", va="center", size=small(view) - 0.5, color=INK, zorder=4,
    )  # fmt: skip
    return grey + abs(added.value)
