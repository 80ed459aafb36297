"""The standard charts, in the order in which they are read.

A chart is one function from the results to a figure, named in ``CHARTS``; its words are in the
catalogue's topic ``charts`` under the same name.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from labsim.present.charts import cost, groups, lasting_jobs, outcomes, payers, weekly
from labsim.present.charts.style import DPI, style
from labsim.present.view import View

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.figure import Figure

    from labsim.present.results import Results
    from labsim.words import Words

CHARTS: dict[str, Callable[[View], Figure]] = {
    "lasting-jobs": lasting_jobs.draw,
    "cost": cost.draw,
    "groups": groups.draw,
    "outcomes": outcomes.draw,
    "payers": payers.draw,
    "weekly": weekly.draw,
}
"""Every standard chart, by the name of its files."""

# No date and no version of matplotlib: the same frames give the same bytes.
_METADATA: dict[str, dict[str, str | None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": "labsim"},
}
# Text of an SVG is drawn with the viewer's fonts: name near relatives of ours. (Were they named
# to matplotlib, every missing one would be complained of at every text.)
_FONT, _FONTS = b"'DejaVu Sans'", b"'DejaVu Sans', Verdana, Arial, sans-serif"


def draw(name: str, results: Results, words: Words) -> Figure:
    """Return one chart as a figure, to be shown in a notebook or changed before saving.

    Parameters
    ----------
    name
        A key of ``CHARTS``.
    results
        The frames.
    words
        The catalogue.
    """
    with style():
        return CHARTS[name](View(results, words))


def write(results: Results, folder: Path, words: Words) -> list[Path]:
    """Draw every chart into ``folder``, as PNG and SVG; return the files in reading order."""
    folder.mkdir(parents=True, exist_ok=True)
    view = View(results, words)
    paths = []
    for name, chart in CHARTS.items():
        with style():
            paths += save(chart(view), folder, name)
    return paths


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write a figure drawn under `style` as PNG and SVG; return the files."""
    _settle(figure)
    paths = [folder / f"{name}.{kind}" for kind in ("png", "svg")]
    for path in paths:
        path.write_bytes(_render(figure, path.suffix[1:]))
    return paths


def _settle(figure: Figure) -> None:
    """Lay the figure out once, and round where panels stand.

    The solver's last bits depend on the order of addresses in memory, and the names of an SVG's
    clip paths on every bit.
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        left, bottom, width, height = (round(float(part), 5) for part in axes.get_position().bounds)
        axes.set_position((left, bottom, width, height))


def _render(figure: Figure, kind: str) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format=kind, dpi=DPI, metadata=_METADATA[kind])
    return buffer.getvalue().replace(_FONT, _FONTS) if kind == "svg" else buffer.getvalue()
