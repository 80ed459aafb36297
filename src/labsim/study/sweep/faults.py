"""What can stop a sweep, in one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labsim.words import Words


class SweepStopped(Exception):
    """A sweep cannot begin, or cannot go on; what is finished stays, and can be resumed.

    Attributes
    ----------
    code
        Text of the topic ``sweep``.
    values
        Fields of that text.
    begun
        Whether anything had been begun.
    more
        Further lines, in no language.
    """

    def __init__(
        self, code: str, *, begun: bool = False, more: Sequence[str] = (), **values: Any
    ) -> None:
        super().__init__(code, values)
        self.code, self.values, self.begun, self.more = code, values, begun, tuple(more)

    def lines_in(self, words: Words) -> list[str]:
        """Return what has happened, in a language."""
        return [words(f"sweep.{self.code}", **self.values), *self.more]

    def __str__(self) -> str:
        """Return what has happened, in English."""
        return "\n".join(self.lines_in(Words()))


class CannotStore(Exception):
    """A part cannot be written; says why. Sent by workers, so it keeps to one argument."""


OTHER_CODE = "?"


class NotHere(Exception):
    """A worker does not see the sweep's folder, which it names, or has other code (`OTHER_CODE`).

    Or another sweep has taken the folder over.
    """
