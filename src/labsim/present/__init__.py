"""The present room: screen, charts and report of one comparison. It computes nothing.

It reads the frames that the study room made and formats them. Heavy libraries are imported
only when a chart or a report is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsim.present.results import Results
from labsim.present.screen import render_screen
from labsim.present.validation import Validated, render_validation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from labsim.words import Words


def write_charts(results: Results, folder: Path, words: Words) -> list[Path]:
    """Draw every standard chart into ``folder`` as PNG and SVG; return the files' paths."""
    from labsim.present.charts import write

    return write(results, folder, words)


def render_report(results: Results, words: Words, charts: Sequence[Path]) -> str:
    """Return the self-contained page, with the given chart files inside it."""
    from labsim.present.report import render

    return render(results, words, charts)


def write_validation_chart(found: Validated, folder: Path, words: Words) -> list[Path]:
    """Draw the chart of a validation into ``folder`` as PNG and SVG; return the files' paths."""
    from labsim.present.charts import save
    from labsim.present.charts.style import style
    from labsim.present.charts.validation import draw

    folder.mkdir(parents=True, exist_ok=True)
    with style():
        return save(draw(found, words), folder, "validation")


__all__ = [
    "Results",
    "Validated",
    "render_report",
    "render_screen",
    "render_validation",
    "write_charts",
    "write_validation_chart",
]
