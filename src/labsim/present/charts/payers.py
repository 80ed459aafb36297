"""Who pays and who saves: money by payer, against no service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsim.present.charts.forest import Panel, dotted_page, forest
from labsim.present.charts.style import headline, row_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from labsim.present.view import View

PAYERS = ("fees_eur", "net_state_eur", "net_municipality_eur", "net_funds_eur", "net_public_eur")


def draw(view: View) -> Figure:
    """Draw, per payer, the difference to the first design above and the level below."""
    rows = [True, False] if view.others else [False]
    figure = dotted_page(view, "payers")
    axes = figure.subplots(len(rows), len(PAYERS), sharey=True, squeeze=False)
    for row, difference in enumerate(rows):
        for column, indicator in enumerate(PAYERS):
            panel = axes[row][column]
            forest(panel, view, Panel(indicator, difference, False, scale=0.001))
            if row == 0:
                headline(panel, view.words(f"charts.panel.{indicator}"), len(PAYERS))
        row_name(axes[row][0], view.words(f"charts.row.{'difference' if difference else 'level'}"))
    return figure
