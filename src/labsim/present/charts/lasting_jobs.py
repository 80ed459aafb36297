"""Lasting jobs because of the service: the first chart of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsim.present.charts.forest import Panel, dotted_page, forest
from labsim.present.charts.style import headline

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from labsim.present.view import View

INDICATOR = "net_jobs_90d"


def draw(view: View) -> Figure:
    """Draw the difference to the first design, then every design's own level."""
    return pair(dotted_page(view, "lasting_jobs"), view, [INDICATOR])


def pair(figure: Figure, view: View, indicators: list[str]) -> Figure:
    """Fill a page with one row per indicator: difference at the left, level at the right."""
    columns = [True, False] if view.others else [False]
    axes = figure.subplots(len(indicators), len(columns), squeeze=False, sharey=True)
    for row, indicator in enumerate(indicators):
        for column, difference in enumerate(columns):
            forest(axes[row][column], view, Panel(indicator, difference))
            key = f"charts.panel.{'difference' if difference else 'level'}"
            name = view.words(f"indicators.{indicator}.long")
            text = view.words(key, name=name, reference=view.reference.label)
            headline(axes[row][column], text, len(columns))
    return figure
