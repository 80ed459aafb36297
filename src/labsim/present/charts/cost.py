"""What an additional outcome and a lasting job cost."""

from __future__ import annotations

from matplotlib.figure import Figure

from labsim.present.charts.lasting_jobs import pair
from labsim.present.charts.style import page
from labsim.present.view import View

INDICATORS = ["purchaser_cost_per_net_job_eur", "fees_per_additional_outcome_eur"]


def draw(view: View) -> Figure:
    """Draw differences to the first design, then levels, of both costs."""
    return pair(page(view, "cost" if view.others else "cost_alone"), view, INDICATORS)
