"""What an additional outcome and a lasting job cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsim.present.charts.forest import dotted_page
from labsim.present.charts.lasting_jobs import pair

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from labsim.present.view import View

INDICATORS = ["purchaser_cost_per_net_job_eur", "fees_per_additional_outcome_eur"]


def draw(view: View) -> Figure:
    """Draw differences to the first design, then levels, of both costs."""
    return pair(dotted_page(view, "cost"), view, INDICATORS)
