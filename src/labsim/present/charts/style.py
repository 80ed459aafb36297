"""How every chart looks: one size, one palette, title as a question, source at the foot."""

from __future__ import annotations

import math
import re
import unicodedata
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import seaborn as sns
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font

from labsim.present.clean import shorten, tidy, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes

    from labsim.present.view import Design, View

WIDTH, HEIGHT, DPI = 1600, 900, 150
INK, QUIET = "#222222", "#5a5a5a"
GREY = "#a6a6a6"
# Told apart by people with any of the usual colour-vision deficiencies; the first, for the
# reference, is neutral. Beyond seven, line styles and labels help.
PALETTE = (
    "#333333", "#0173b2", "#de8f05", "#029e73", "#cc78bc", "#d55e00", "#56b4e9",
    "#8c564b", "#7f7f00", "#5e3c99", "#00594c", "#a50026",
)  # fmt: skip
LINES = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)))
FONT = "DejaVu Sans"
FEW = 7
"""Up to so many designs, their names may take two lines."""
_SPACES = re.compile("[ \\t\\n]+")
_RC: Any = {
    "font.family": [FONT],
    "font.size": 9.5,
    "text.parse_math": False,  # a title may hold "$"
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": QUIET,
    "axes.titlecolor": INK,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9,
    "axes.unicode_minus": False,
    "axes.formatter.use_mathtext": False,
    "grid.color": "#ececec",
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 9.5,
    "svg.fonttype": "none",  # text stays text: it can be searched, read aloud and edited
    "svg.hashsalt": "labsim",
    "path.simplify": True,
}


@contextmanager
def style() -> Iterator[None]:
    """Draw and save under labsim's style, whatever the user's own settings; restore them after."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(sns.axes_style("whitegrid"))
        mpl.rcParams.update(_RC)
        yield


def page(view: View, key: str, foot: float = 0.0, intervals: str = "") -> Figure:
    """Return an empty page with the chart's title, subtitle and source line.

    Parameters
    ----------
    view
        The results.
    key
        The chart's place in the catalogue, with ``title`` and ``subtitle``.
    foot
        Share of the height kept free above the source line, for a legend.
    intervals
        A sentence on intervals, added to the subtitle.
    """
    figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    values = {"reference": view.reference.label}
    title = wrap(shown(view.words(f"charts.{key}.title", **values)), 78, lines=2)
    subtitle = wrap(shown(f"{view.words(f'charts.{key}.subtitle', **values)} {intervals}"), 134, 2)
    top = 0.965
    figure.text(0.02, top, "\n".join(title), size=15, weight="bold", va="top")
    top -= 0.052 * len(title) + 0.008
    figure.text(0.02, top, "\n".join(subtitle), size=9.5, color=QUIET, va="top")
    top -= 0.033 * len(subtitle) + 0.015
    figure.text(0.02, 0.018, source(view), size=7.5, color=QUIET, va="bottom")
    bottom = 0.055 + foot
    figure.set_layout_engine("constrained", rect=(0.012, bottom, 0.976, top - bottom), h_pad=0.06)
    return figure


def source(view: View) -> str:
    """Return the line that says where a picture comes from."""
    words, manifest = view.words, view.manifest
    key = "charts.source_interrupted" if view.interrupted else "charts.source"
    text = words(
        key,
        title=tidy(view.title, 70),
        replications=words.count("screen.replications", view.completed),
        seed=tidy(manifest.get("seed", ""), 24),
        version=tidy(manifest.get("version", ""), 24),
    )
    return shown(text)


def shown(text: str) -> str:
    """Return ``text`` without emoji, and with a box for each letter that the font lacks."""
    known = _glyphs()
    kept = (c if ord(c) in known or c == "\n" else _stand_in(c) for c in text)
    return _SPACES.sub(" ", "".join(kept)).strip()


def _stand_in(character: str) -> str:
    return "\u25a1" if unicodedata.category(character)[0] == "L" else ""


@cache
def _glyphs() -> frozenset[int]:
    font = get_font(findfont(FontProperties(family=[FONT])))
    return frozenset(font.get_charmap())


def colour(view: View, design: Design) -> str:
    """Return a design's colour: the same in every chart."""
    return PALETTE[view.designs.index(design) % len(PALETTE)]


def line(view: View, design: Design) -> Any:
    """Return a design's line style: the same in every chart."""
    place = view.designs.index(design)
    return LINES[(place // 7 + place // len(PALETTE)) % len(LINES)]


def name_lines(view: View, design: Design) -> str:
    """Return a design's label as it stands at an axis."""
    label = shown(design.label) or "?"
    if len(view.designs) > FEW:
        return shorten(label, 20)
    return "\n".join(wrap(label, 17, lines=2, hyphens=True))


def small(view: View) -> float:
    """Return a text size for rows: smaller where there are many designs."""
    return 9.5 if len(view.designs) <= FEW else 8.0 if len(view.designs) <= 12 else 6.5


def quiet(axes: Axes) -> None:
    """Take away what carries no data."""
    axes.grid(axis="y", visible=False)
    axes.tick_params(axis="y", length=0)
    sns.despine(ax=axes, left=True)


def headline(axes: Axes, text: str, columns: int) -> None:
    """Give a panel its title, broken to the width that ``columns`` panels in a row leave."""
    lines = wrap(shown(text), {1: 84, 2: 46, 3: 28}.get(columns, 16), lines=2)
    axes.set_title("\n".join(lines))


def row_name(axes: Axes, text: str) -> None:
    """Name a row of panels at its left."""
    axes.set_ylabel(shown(text), color=QUIET, weight="bold", size=9)


def empty(axes: Axes, text: str) -> None:
    """Say in an empty panel why it is empty."""
    axes.set_xticks([])
    axes.annotate(
        "\n".join(wrap(shown(text), 15)), (0.5, 0.5), xycoords="axes fraction", ha="center",
        va="center", color=QUIET, size=8.5,
    )  # fmt: skip


def finite(values: Sequence[float]) -> list[float]:
    """Return the values that are numbers."""
    return [v for v in values if math.isfinite(v)]
