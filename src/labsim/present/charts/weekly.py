"""The weeks of the contract: who comes, who is served, what is paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import seaborn as sns
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from labsim.present.charts.style import (
    QUIET,
    colour,
    empty,
    headline,
    line,
    name_lines,
    page,
    quiet,
    shown,
)
from labsim.present.clean import width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from labsim.present.view import Design, View

SERIES = ("referred", "started", "in_service", "client_hours", "outcomes_paid", "fees_eur")
THOUSANDS = frozenset({"fees_eur"})
SO_FAR = frozenset({"fees_eur"})
"""Shown as sums: what is invoiced by calendar month jumps from week to week."""
MOST_BANDS = 3
"""Above so many designs only the reference has a band: more would hide each other."""
SMOOTH = 4
LEGEND_WIDTH, LEGEND_KEY = 145, 9
"""In characters: the page, and what stands before and after a name."""


def draw(view: View) -> Figure:
    """Draw one panel per series: median over replications, and where nine in ten of them are."""
    banded = view.designs if len(view.designs) <= MOST_BANDS else [view.reference]
    form = "one" if len(banded) < len(view.designs) else "all" if view.others else "alone"
    rows = -(-len(view.designs) // _legend_columns(view)) if view.others else 0
    key = f"weekly_{form}" if view.completed > 1 else "weekly_single"
    figure = page(view, key, foot=0.012 + 0.038 * rows)
    axes = figure.subplots(2, 3, sharex=True)
    for panel, series in zip(axes.flat, SERIES, strict=True):
        _panel(panel, view, series, banded)
        headline(panel, view.words(f"charts.panel.weekly_{series}"), 3)
    for panel in axes[-1]:
        panel.set_xlabel(shown(view.words("charts.week")))
    _legend(figure, view)
    return figure


def _panel(axes: Axes, view: View, series: str, banded: Sequence[Design]) -> None:
    quiet(axes)
    axes.grid(axis="y", visible=True)
    axes.grid(axis="x", visible=False)
    drawn = [_line(axes, view, series, design, design in banded) for design in view.designs]
    axes.set_xlabel("")
    axes.set_ylabel("")
    axes.set_ylim(bottom=0)
    axes.tick_params(axis="y", labelsize=8.5, labelcolor=QUIET)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(_ticks(view))
    if not any(drawn):
        axes.set_yticks([])
        empty(axes, view.words("charts.nothing"))


def _ticks(view: View) -> FuncFormatter:
    return FuncFormatter(lambda value, _place=None: view.words.number(value))


def _line(axes: Axes, view: View, series: str, design: Design, band: bool) -> bool:
    """Draw one design; return whether it had anything to draw."""
    table = _by_week(view, series, design)
    if table.empty or table.isna().all(axis=None):
        return False
    tone = colour(view, design)
    weeks = table.index.to_numpy(float)
    low, middle, high = (table.quantile(q, axis=1).to_numpy(float) for q in (0.05, 0.5, 0.95))
    if band and table.shape[1] > 1:
        axes.fill_between(weeks, low, high, color=tone, alpha=0.16, lw=0, zorder=1)
    sns.lineplot(
        x=weeks, y=middle, ax=axes, color=tone, linestyle=line(view, design), linewidth=1.5,
        estimator=None, errorbar=None, legend=False, zorder=3 if design in view.others else 4,
    )  # fmt: skip
    return True


def _by_week(view: View, series: str, design: Design) -> pd.DataFrame:
    """Return weeks by replications, averaged over four weeks so that the trend is seen."""
    weekly = view.results.weekly
    if series not in weekly:
        return pd.DataFrame()
    rows = weekly.loc[weekly["design"] == design.id, ["week", "replication", series]]
    table = rows.pivot(index="week", columns="replication", values=series).astype(float)
    shown_as = table.cumsum() if series in SO_FAR else table.rolling(SMOOTH, min_periods=1).mean()
    return shown_as / 1000 if series in THOUSANDS else shown_as


def _legend_columns(view: View) -> int:
    longest = max(width(_legend_name(view, design)) for design in view.designs)
    most = max(1, min(6, LEGEND_WIDTH // (longest + LEGEND_KEY)))
    rows = -(-len(view.designs) // most)
    return -(-len(view.designs) // rows)


def _legend_name(view: View, design: Design) -> str:
    return name_lines(view, design).replace("\n", "")


def _legend(figure: Figure, view: View) -> None:
    if not view.others:
        return
    handles = [
        Line2D([], [], color=colour(view, d), ls=line(view, d), lw=2, label=_legend_name(view, d))
        for d in view.designs
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.012, 0.045), frameon=False,
        ncols=_legend_columns(view), fontsize=8.5, handlelength=2.6,
    ).set_in_layout(False)  # fmt: skip
