"""The present room: screen, charts and report of one comparison. It computes nothing.

It reads the frames that the study room made and formats them. Heavy libraries are imported
only when a chart or a report is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsim.present.results import Results
from labsim.present.screen import render_screen

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


__all__ = ["Results", "render_report", "render_screen", "write_charts"]
