"""One chart of a validation: numbers against what was published, and verdicts by subject."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from labsim.present.charts.style import DPI, GREY, HEIGHT, INK, QUIET, WIDTH, headline, quiet, shown
from labsim.present.clean import shorten, wrap
from labsim.present.validation import JUDGED, Validated, in_digits, score, subjects

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from labsim.words import Words

TONES = {"inside": "#0173b2", "outside": "#d55e00", "inconclusive": GREY}
MARKS = {"inside": "o", "outside": "s", "inconclusive": "D"}
LONGEST = 38
"""Letters of a claim at the axis."""
MOST = 3.0
"""Simulated numbers beyond so many times the published one stand at the edge."""


def draw(found: Validated, words: Words) -> Figure:
    """Draw numbers at the left and subjects at the right."""
    figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    figure.text(0.02, 0.965, shown(words("validate.chart.title")), size=15, weight="bold", va="top")
    text = words("validate.chart.subtitle", score=score(found.table, words))
    lines = wrap(shown(text), 134, 2)
    figure.text(0.02, 0.905, "\n".join(lines), size=9.5, color=QUIET, va="top")
    replications = words.count("validate.replications", found.replications)
    foot = words("validate.chart.source", version=found.version, replications=replications)
    figure.text(0.02, 0.018, shown(foot), size=7.5, color=QUIET, va="bottom")
    figure.set_layout_engine("constrained", rect=(0.012, 0.055, 0.976, 0.80), h_pad=0.06)
    left, right = figure.subplots(1, 2, width_ratios=[1.2, 1.0])
    judged = found.table[found.table["verdict"].isin(JUDGED)]
    _numbers(left, _with_numbers(judged), words)
    _subjects(right, judged, words)
    return figure


def _with_numbers(judged: pd.DataFrame) -> pd.DataFrame:
    """Keep facts with one published number that is not 0 and a number like it simulated."""
    number = judged["status"].eq("number") & judged["simulated"].notna()
    table = judged[number & judged["allowed_low"].notna()].copy()
    table["target"] = (table["allowed_low"] + table["allowed_high"]) / 2
    finite = table["target"].map(isfinite) & table["target"].ne(0)
    return table[finite]


def _numbers(axes: Axes, table: pd.DataFrame, words: Words) -> None:
    headline(axes, words("validate.chart.numbers"), 2)
    axes.axvspan(0.9, 1.1, color="#e4e4e4", zorder=0, lw=0)
    axes.axvline(1, color=INK, lw=1, zorder=1)
    rows = table.to_dict("records")
    for place, row in enumerate(rows):
        _number(axes, place, row)
        text = words(
            "validate.chart.values",
            simulated=in_digits(row["simulated"], words),
            published=in_digits(row["target"], words),
        )  # fmt: skip
        axes.annotate(
            shown(text), (1, place), xycoords=axes.get_yaxis_transform(), xytext=(6, 0),
            textcoords="offset points", va="center", size=8, color=QUIET, annotation_clip=False,
        )  # fmt: skip
    axes.set_yticks(range(len(rows)), [_label(row) for row in rows], size=8)
    axes.set_ylim(len(table) - 0.4, -0.6)
    axes.set_xlim(0, MOST * 1.05)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: words.number(value, 1)))
    quiet(axes)


def _number(axes: Axes, place: int, row: dict[Any, Any]) -> None:
    tone, target = TONES[row["verdict"]], row["target"]
    at, low, high = (row[name] / target for name in ("simulated", "low", "high"))
    if isfinite(low) and isfinite(high):
        axes.hlines(place, max(low, 0), min(high, MOST), color=tone, lw=2.2, zorder=2)
    mark = ">" if at > MOST else MARKS[row["verdict"]]
    axes.plot(min(at, MOST), place, mark, color=tone, ms=6, zorder=3, clip_on=False)


def _label(row: dict[Any, Any]) -> str:
    """Return the id and the claim in a few words; of a row of a survey's table its category."""
    parts = str(row["statement"]).split(": ")
    claim = parts[2] if parts[0].startswith("Taulukko") and len(parts) > 2 else row["statement"]
    return shown(f"{shorten(str(claim), LONGEST)}  {row['id']}")


def _subjects(axes: Axes, judged: pd.DataFrame, words: Words) -> None:
    headline(axes, words("validate.chart.subjects"), 3)
    groups = list(judged.groupby(subjects(judged), sort=False))
    names = [shown(words(f"validate.subjects.{subject}")) for subject, _ in groups]
    begin = [0] * len(groups)
    for verdict in JUDGED:
        width = [int((rows["verdict"] == verdict).sum()) for _, rows in groups]
        label = shown(words(f"validate.chart.{verdict}"))
        axes.barh(range(len(groups)), width, left=begin, color=TONES[verdict], label=label)
        for place, (left, size) in enumerate(zip(begin, width, strict=True)):
            if size:
                tone = INK if verdict == "inconclusive" else "white"
                axes.text(left + size / 2, place, str(size), color=tone, size=8.5, ha="center",
                          va="center")  # fmt: skip
        begin = [left + size for left, size in zip(begin, width, strict=True)]
    axes.set_yticks(range(len(groups)), names)
    axes.set_ylim(len(groups) - 0.4, -0.6)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel(shown(words("validate.chart.count")))
    axes.legend(loc="upper center", bbox_to_anchor=(0.25, -0.08), ncols=3, frameon=False)
    quiet(axes)
