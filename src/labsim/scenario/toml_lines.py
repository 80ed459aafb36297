"""Lines of a TOML text: which line each key, table and list item begins on.

``tomllib`` gives values without places. This scanner gives places without values, for text that
``tomllib`` has already accepted: it never has to judge what is valid, only where things are.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left

from labsim.scenario.paths import Path

_BLANK = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\n]*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?:""|"(?!"))?'
    r"|'''.*?'''(?:''|'(?!'))?"
    r'|"(?:[^"\\]|\\.)*"'
    r"|'[^']*'",
    re.DOTALL,
)


def lines(text: str) -> dict[Path, int]:
    """Map every path of a valid TOML text to the line it is first named on, counted from 1.

    Items of arrays are reached by position, so ``[[a]]`` twice gives ``("a", 0)`` and ``("a", 1)``.
    """
    return _Scanner(text.replace("\r\n", "\n")).run()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.breaks = [match.start() for match in re.finditer("\n", text)]
        self.found: dict[Path, int] = {}
        self.items: dict[Path, int] = {}

    def run(self) -> dict[Path, int]:
        table: Path = ()
        self._match(_GAP)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._match(_GAP)
        return self.found

    def _header(self) -> Path:
        line = self._line()
        is_item = self.text.startswith("[[", self.at)
        self.at += 2 if is_item else 1
        path = self._resolved(self._key(), item=is_item)
        self.at += 2 if is_item else 1
        self._note(path, line)
        return path

    def _resolved(self, key: Path, *, item: bool) -> Path:
        """Path of a header: under the latest item of every array of tables on its way."""
        path: Path = ()
        for place, part in enumerate(key):
            path = (*path, part)
            if item and place == len(key) - 1:
                self.items[path] = self.items.get(path, -1) + 1
            if path in self.items:
                path = (*path, self.items[path])
        return path

    def _pair(self, table: Path) -> None:
        line = self._line()
        path = table + self._key()
        self._note(path, line)
        self.at += 1  # the equals sign
        self._match(_BLANK)
        self._value(path)

    def _key(self) -> Path:
        parts: list[str] = []
        while True:
            self._match(_BLANK)
            if self.text[self.at] in "\"'":
                parts.append(tomllib.loads(f"k = {self._match(_STRING)}")["k"])
            else:
                parts.append(self._match(_BARE_KEY))
            self._match(_BLANK)
            if self.text[self.at] != ".":
                return tuple(parts)
            self.at += 1

    def _value(self, path: Path) -> None:
        first = self.text[self.at]
        if first in "\"'":
            self._match(_STRING)
        elif first == "[":
            self._array(path)
        elif first == "{":
            self._inline_table(path)
        else:
            self._match(_SCALAR)

    def _array(self, path: Path) -> None:
        self.at += 1
        position = 0
        while self._next() != "]":
            item = (*path, position)
            self._note(item, self._line())
            self._value(item)
            position += 1
            self._skip_comma()
        self.at += 1

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        while self._next() != "}":
            self._pair(path)
            self._skip_comma()
        self.at += 1

    def _next(self) -> str:
        self._match(_GAP)
        return self.text[self.at]

    def _skip_comma(self) -> None:
        if self._next() == ",":
            self.at += 1

    def _note(self, path: Path, line: int) -> None:
        """Keep the first line of a path and of every table it lies in."""
        while path and path not in self.found:
            self.found[path] = line
            path = path[:-1]

    def _match(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise ValueError(f"not the TOML that was announced, line {self._line()}")
        self.at = match.end()
        return match.group()

    def _line(self) -> int:
        return bisect_left(self.breaks, self.at) + 1
