"""Titles and names come from users: made harmless, and short enough to be shown."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

ELLIPSIS = "..."


def tidy(text: object, limit: int = 0) -> str:
    """Return one line of visible text, at most ``limit`` characters if a limit is given.

    Control and format characters (ANSI escapes, newlines, direction overrides) become spaces.
    """
    visible = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in str(text))
    line = " ".join(visible.split())
    return shorten(line, limit) if limit else line


def shorten(text: str, limit: int) -> str:
    """Cut ``text`` to ``limit`` columns, marking the cut."""
    if width(text) <= limit:
        return text
    kept = ""
    for character in text:
        if width(kept + character) > limit - len(ELLIPSIS):
            break
        kept += character
    return kept.rstrip() + ELLIPSIS


def width(text: str) -> int:
    """Columns that ``text`` takes in a terminal; wide characters take two, accents none."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pad(text: str, columns: int, right: bool = False) -> str:
    """Fill ``text`` with spaces up to ``columns``, on the left if ``right`` is set."""
    space = " " * max(0, columns - width(text))
    return space + text if right else text + space


def wrap(text: str, columns: int, lines: int = 0, hyphens: bool = False) -> list[str]:
    """Break ``text`` into lines of at most ``columns``, words kept whole where they fit.

    Text beyond ``lines``, if that is given, is cut; with ``hyphens``, lines may end at one.
    """
    broken = textwrap.wrap(text, columns, break_on_hyphens=hyphens)
    parts = [piece for line in broken for piece in _hard(line, columns)]
    if lines and len(parts) > lines:
        rest = shorten(f"{parts[lines - 1]} {parts[lines]}", columns)
        parts = [*parts[: lines - 1], rest]
    return parts or [""]


def _hard(line: str, columns: int) -> list[str]:
    """Split a line whose characters are wide until every piece fits."""
    if width(line) <= columns:
        return [line]
    half = len(line) // 2
    return _hard(line[:half], columns) + _hard(line[half:], columns)


def in_language(title: Any, language: str) -> str:
    """Return a title that may be given once or by language, in the language asked for."""
    if not isinstance(title, Mapping):
        return "" if title is None else str(title)
    for key in (language, "", "en", *sorted(title)):
        if title.get(key):
            return str(title[key])
    return ""


def distinct(names: Sequence[str], limit: int) -> list[str]:
    """Return short labels for ``names``, numbered where cutting makes two of them alike."""
    labels: list[str] = []
    for name in names:
        label = tidy(name, limit) or "?"
        number = 2
        while label in labels:
            tail = f" ({number})"
            label = tidy(name, limit - len(tail)) + tail
            number += 1
        labels.append(label)
    return labels
