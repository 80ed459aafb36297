"""Plain text that fits a terminal: paragraphs, and tables of a few columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

WIDTH = 100


def heading(text: str) -> list[str]:
    """Return a heading, underlined, with an empty line before it."""
    return ["", text, "-" * min(len(text), WIDTH)]


def paragraph(text: str, indent: int = 0, hang: int = 0) -> list[str]:
    """Break a text into lines; those after the first are indented by `hang` more."""
    wrapped = textwrap.wrap(
        text, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + hang),
        break_on_hyphens=False, drop_whitespace=True,
    )  # fmt: skip
    return wrapped or [""]


def side_by_side(cells: Sequence[str | Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    """Yield the lines of one row of a table, each cell wrapped to its width.

    A cell of several texts is several paragraphs; a negative width puts a cell to the right.
    """
    columns = [_cell(cell, abs(width)) for cell, width in zip(cells, widths, strict=True)]
    for number in range(max(len(column) for column in columns)):
        parts = [
            _aligned(column[number] if number < len(column) else "", width)
            for column, width in zip(columns, widths, strict=True)
        ]
        yield "  ".join(parts).rstrip()


def _cell(cell: str | Sequence[str], width: int) -> list[str]:
    texts = [cell] if isinstance(cell, str) else cell
    return [
        line
        for text in texts
        for line in textwrap.wrap(text, width, break_on_hyphens=False) or [""]
    ]


def _aligned(text: str, width: int) -> str:
    return text.rjust(-width) if width < 0 else text.ljust(width)
