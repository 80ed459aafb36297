"""Who is helped: hours and weeks in work for people near, midway and far from work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsim.present.charts.forest import Panel, dotted_page, forest
from labsim.present.charts.style import headline

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from labsim.present.view import View

GROUPS = ("near", "middle", "far")
MEASURES = ("hours", "net_weeks")


def draw(view: View) -> Figure:
    """Draw one panel per measure and group; the scale of a measure is the same in all three."""
    difference = bool(view.others)
    figure = dotted_page(view, "groups")
    axes = figure.subplots(len(MEASURES), len(GROUPS), sharey=True, sharex="row", squeeze=False)
    for row, measure in enumerate(MEASURES):
        limits = []
        for column, group in enumerate(GROUPS):
            panel = axes[row][column]
            forest(panel, view, Panel(f"{measure}_{group}", difference, interval_text=False))
            limits.append(panel.get_xlim())
            headline(panel, view.words(f"charts.panel.{measure}_{group}"), len(GROUPS))
        axes[row][0].set_xlim(min(low for low, _ in limits), max(high for _, high in limits))
    return figure
