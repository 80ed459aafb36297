"""Findings about what a user wrote: one line each, all of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from labsim.scenario.paths import Path, dotted, escaped
from labsim.words import Words

LONGEST_FILE = 400
LONGEST_PATH = 160
LONGEST_WORD = 200
_WRITTEN_OUT, _TOO_LONG = 10_000, 1e15
"""Between these, numbers are written with separators of thousands, and rounded."""


@dataclass(frozen=True)
class Finding:
    """One fault or warning, with its place."""

    file: str
    """File as the user named it, or the option (``--set``) that brought the value."""
    line: int | None
    """Line in the file, counted from 1."""
    path: Path
    """Key, as a path; empty if the finding is about the file."""
    code: str
    """Key of the text in ``strings/<language>/errors.toml``."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Fields of that text."""
    severity: Literal["error", "warning"] = "error"
    order: int = 0
    """Rank of the file among those read, for sorting."""

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return self.message_in(Words())

    def message_in(self, words: Words) -> str:
        """Return what is wrong, in the language of ``words``."""
        values = {name: _plain(value, words) for name, value in self.values.items()}
        return words(f"errors.{self.code}", **values)

    def line_in(self, words: Words) -> str:
        """Return the whole line, ``file:line: key: message``."""
        file = _shortened(escaped(self.file), LONGEST_FILE)
        place = file + (f":{self.line}" if self.line else "")
        key = _shortened(dotted(self.path), LONGEST_PATH)
        kind = words("errors.warning") if self.severity == "warning" else ""
        parts = [place, kind, key, self.message_in(words)]
        return ": ".join(part for part in parts if part)

    def __str__(self) -> str:
        """Return the whole line in English."""
        return self.line_in(Words())


class BadInput(Exception):
    """What the user gave cannot be used; holds every fault found."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = ordered(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))

    def __reduce__(self) -> tuple[type[BadInput], tuple[list[Finding]]]:
        """Pickle by findings, so that a worker process can hand the exception back."""
        return type(self), (self.findings,)


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings in the order of files and lines, each once."""
    unique = {str(finding): finding for finding in findings}
    return sorted(
        unique.values(),
        key=lambda finding: (finding.order, finding.line or 0, dotted(finding.path)),
    )


def bad(
    file: str, code: str, *, line: int | None = None, path: Path = (), **values: Any
) -> BadInput:
    """Return a ``BadInput`` with a single finding."""
    return BadInput([Finding(file, line, path, code, values)])


def _plain(value: Any, words: Words) -> str:
    """Write a field of a message: texts on one line and not endless, numbers without noise."""
    if isinstance(value, str):
        return _shortened(escaped(value), LONGEST_WORD)
    if isinstance(value, int | float) and _WRITTEN_OUT <= abs(value) < _TOO_LONG:
        return words.number(value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest] + "..."
