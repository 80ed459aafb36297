"""Where a value stands in a scenario: ``contract.fees."sustained job".eur``.

Inside labsim a path is a tuple. Items of lists that have names (fees, groups, providers) are
reached by name; items of other lists by position, counted from 1 where people read it.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

Path = tuple[str | int, ...]
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def quoted(text: str) -> str:
    """Write a text as a TOML basic string, on one line, with nothing unprintable in it."""
    return '"' + escaped(text.replace("\\", "\\\\").replace('"', '\\"'), backslash=False) + '"'


def escaped(text: str, *, backslash: bool = True) -> str:
    """Write control and other unprintable characters as escapes, so that a line stays a line."""
    if text.isprintable():
        return text
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
    if backslash:
        text = text.replace("\\", "\\\\")
    return "".join(
        character if character.isprintable() else short.get(character) or _code(character)
        for character in text
    )


def _code(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def dotted(path: Path) -> str:
    """Write a path as TOML does, quoting only the names that need it."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            text += ("." if text else "") + (part if _BARE.fullmatch(part) else quoted(part))
    return text


def parsed(text: str) -> Path | None:
    """Read a dotted key by TOML's own rules; ``None`` if it is not one."""
    if "\n" in text or "\r" in text or len(text) > 1000:
        return None
    try:
        table: Any = tomllib.loads(f"{text} = 0")
    except (ValueError, RecursionError):
        return None
    path: list[str] = []
    while isinstance(table, dict):
        if len(table) != 1:
            return None
        [(key, table)] = table.items()
        path.append(key)
    return tuple(path) if table == 0 and type(table) is int else None
