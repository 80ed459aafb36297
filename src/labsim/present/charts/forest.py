"""Dots with intervals, one row per design: the form of every comparison."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

import seaborn as sns
from matplotlib.ticker import FuncFormatter, MaxNLocator

from labsim.present.charts.style import (
    GREY,
    INK,
    QUIET,
    colour,
    empty,
    finite,
    name_lines,
    page,
    quiet,
    shown,
    small,
)
from labsim.present.format import Format
from labsim.present.indicators import INDICATORS
from labsim.present.view import Design, Estimate, View

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

REACH = 4.0
"""Intervals longer than so many usual ones are cut, with an arrow: they would squeeze the rest."""


@dataclass(frozen=True)
class Panel:
    """What one panel shows.

    Parameters
    ----------
    indicator
        The indicator, for the numbers' form.
    difference
        Whether the numbers are differences to the reference design.
    interval_text
        Whether the interval is written beside the number.
    scale
        Factor of the numbers shown, 0.001 for thousands.
    """

    indicator: str
    difference: bool
    interval_text: bool = True
    scale: float = 1.0

    @property
    def zero(self) -> bool:
        """Whether zero must be in sight: it is what the numbers are measured from."""
        return self.difference or self.indicator.startswith(("net_", "displaced_"))


def dotted_page(view: View, key: str) -> Figure:
    """Return an empty page whose subtitle says what dots and lines are.

    With a single design ``key_alone`` is taken, where there is no difference to speak of.
    """
    name = "single" if view.completed == 1 else "difference" if view.others else "level"
    alone = f"{key}_alone"
    chosen = key if view.others or f"charts.{alone}.title" not in view.words else alone
    return page(view, chosen, intervals=view.words(f"charts.intervals.{name}"))


Rows = list[tuple[int, Design, Estimate]]


def forest(axes: Axes, view: View, panel: Panel) -> None:
    """Draw one indicator, one row per design, the reference on top.

    A hollow dot is a difference that is not clear; the reference's row of differences says what
    its level is. Numbers stand right of the panel, level with their rows.
    """
    rows: Rows = [(i, d, _estimate(view, panel, d)) for i, d in enumerate(view.designs)]
    known = [row for row in rows if row[2].known]
    _frame(axes, view, panel, [estimate for _, _, estimate in known])
    _texts(axes, view, panel, rows)
    if known:
        _intervals(axes, view, known)
        _dots(axes, view, panel, known)
    else:
        empty(axes, view.words("charts.nothing"))


def _estimate(view: View, panel: Panel, design: Design) -> Estimate:
    read = view.difference if panel.difference else view.level
    return read(design, panel.indicator).times(panel.scale)


def rows_of_designs(axes: Axes, view: View) -> None:
    """Give an axis one row per design, the first on top."""
    n = len(view.designs)
    axes.set_ylim(n - 0.5, -0.5)
    axes.set_yticks(range(n), [name_lines(view, d) for d in view.designs], size=small(view))
    quiet(axes)


def _frame(axes: Axes, view: View, panel: Panel, estimates: list[Estimate]) -> None:
    rows_of_designs(axes, view)
    axes.set_xlim(*_limits(estimates, panel))
    axes.xaxis.set_major_locator(_locator(panel))
    axes.xaxis.set_major_formatter(ticks(view, panel.indicator, panel.difference))
    if panel.zero and estimates:
        axes.axvline(0, color=INK if panel.difference else GREY, lw=1, zorder=1)


def _locator(panel: Panel) -> MaxNLocator:
    """Return what places ticks; in narrow panels steps may be 4, so that three suffice."""
    if panel.interval_text:
        return MaxNLocator(5, steps=[1, 2, 5, 10])
    return MaxNLocator(3, steps=[1, 2, 4, 5, 10])


def _limits(estimates: list[Estimate], panel: Panel) -> tuple[float, float]:
    ends = [e.value for e in estimates] + [0.0] * panel.zero
    halves = finite([(e.high - e.low) / 2 for e in estimates])
    reach = REACH * median(halves) if halves else 0.0
    bounds = min(ends, default=0.0) - reach, max(ends, default=1.0) + reach
    ends += [
        min(max(x, bounds[0]), bounds[1]) for e in estimates if e.sure for x in (e.low, e.high)
    ]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    span = (high - low) or abs(high) or 1.0
    return low - 0.09 * span, high + 0.09 * span


def _intervals(axes: Axes, view: View, rows: Rows) -> None:
    sure = [(place, colour(view, d), e) for place, d, e in rows if e.sure]
    low, high = axes.get_xlim()
    for place, tone, estimate in sure:
        axes.hlines(place, max(estimate.low, low), min(estimate.high, high), color=tone, lw=2.4)
        for beyond, edge, arrow in (
            (estimate.low < low, low, "<"),
            (estimate.high > high, high, ">"),
        ):
            if beyond:
                axes.plot(edge, place, arrow, color=tone, ms=7, clip_on=False)


def _dots(axes: Axes, view: View, panel: Panel, rows: Rows) -> None:
    places, designs, estimates = zip(*rows, strict=True)
    sns.scatterplot(x=[e.value for e in estimates], y=places, ax=axes, s=62, zorder=3, legend=False)
    tones = [colour(view, d) for d in designs]
    solid = [e.clear or not panel.difference for e in estimates]
    dots = axes.collections[-1]
    dots.set_facecolor([t if full else "white" for t, full in zip(tones, solid, strict=True)])
    dots.set_edgecolor(tones)
    dots.set_linewidth(1.8)
    dots.set_clip_on(False)


def _texts(axes: Axes, view: View, panel: Panel, rows: Rows) -> None:
    form = Format(view.words, view.words("charts.missing"))
    write = form.both if panel.interval_text else form.value
    for place, design, estimate in rows:
        if panel.difference and design is view.reference:
            beside(axes, view, place, _reference_text(view, form, panel), QUIET)
        else:
            text = write(panel.indicator, estimate, panel.difference)
            beside(axes, view, place, text, INK, bool(panel.difference and estimate.clear))


def beside(
    axes: Axes, view: View, place: int, text: str, tone: str = INK, bold: bool = False
) -> None:
    """Write ``text`` right of the panel, level with a row."""
    axes.annotate(
        shown(text), (1, place), xycoords=axes.get_yaxis_transform(), xytext=(9, 0),
        textcoords="offset points", va="center", size=small(view) - 0.5, color=tone,
        weight="bold" if bold else "normal", annotation_clip=False,
    )  # fmt: skip


def _reference_text(view: View, form: Format, panel: Panel) -> str:
    level = view.level(view.reference, panel.indicator).times(panel.scale)
    return view.words("charts.reference_level", value=form.value(panel.indicator, level))


def ticks(view: View, indicator: str, difference: bool) -> FuncFormatter:
    """Return the axis' number writer, in the catalogue's language."""
    share = INDICATORS.get(indicator) == "share"

    def write(value: float, _place: int | None = None) -> str:
        scaled = 100 * value if share else value
        digits = 0 if abs(scaled - round(scaled)) < 1e-9 else 1
        number = view.words.signed if difference else view.words.number
        return number(scaled, digits)

    return FuncFormatter(write)
