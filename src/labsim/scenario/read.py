"""One file read from disk: its values, and the line of each. Every failure is a finding."""

from __future__ import annotations

import re
import tomllib
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any

from labsim.scenario import toml_lines
from labsim.scenario.findings import BadInput, bad
from labsim.scenario.paths import Path, escaped

LARGEST_BYTES = 1_000_000
LONGEST_LINE = 20_000
DEEPEST = 20
_LONG_KEY = re.compile(r"""(?<![\w-])(?:["']?[\w-]++["']?[ \t]*+\.[ \t]*+){40}""")
_WHERE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True)
class Document:
    """A TOML file: what it says, and where."""

    file: str
    """Name for messages."""
    values: dict[str, Any]
    lines: dict[Path, int]


def read(path: FilePath, shown: str | None = None) -> Document:
    """Read a TOML file.

    Parameters
    ----------
    path
        The file.
    shown
        Its name in messages, if not the path as given.

    Raises
    ------
    BadInput
        If the file is missing, a folder, unreadable, too large, not UTF-8 or not TOML.
    """
    file = str(path) if shown is None else shown
    return parse(read_text(path, file), file)


def read_text(path: FilePath, file: str, largest: int = LARGEST_BYTES) -> str:
    """Read a text of at most so many bytes; ``file`` is its name in messages."""
    return _text(_bytes(path, file, largest), file)


def parse(text: str, file: str) -> Document:
    """Read TOML text that came from ``file``."""
    known = _parsed(text, file)
    return Document(file, deepcopy(known.values), dict(known.lines))


@lru_cache(maxsize=16)
def _parsed(text: str, file: str) -> Document:
    """Parse a text once: the defaults are read with every scenario and every design."""
    _refuse_unreasonable(text, file)
    try:
        values = tomllib.loads(text)
        too_deep = _depth(values) > DEEPEST
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(error, text, file) from None
    except ValueError as error:  # a number of thousands of digits
        raise bad(file, "not_toml", reason=str(error).partition(";")[0]) from None
    except RecursionError:
        too_deep = True
    if too_deep:
        raise bad(file, "too_deep", limit=DEEPEST)
    return Document(file, values, toml_lines.lines(text))


def _bytes(path: FilePath, file: str, largest: int) -> bytes:
    try:
        if path.is_dir():
            raise bad(file, "is_folder")
        if path.exists() and not path.is_file():  # a pipe or a device would never end
            raise bad(file, "not_a_file")
        with path.open("rb") as stream:
            content = stream.read(largest + 1)
    except FileNotFoundError:
        raise bad(file, "missing_file") from None
    except PermissionError:
        raise bad(file, "unreadable", reason="permission denied") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the name
        reason = getattr(error, "strerror", None) or "not a file name"
        raise bad(file, "unreadable", reason=reason) from None
    if len(content) > largest:
        raise bad(file, "too_large", limit=f"{largest:,}")
    return content


def _text(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise bad(file, "not_utf8", line=line, byte=f"0x{content[error.start]:02x}") from None


def _refuse_unreasonable(text: str, file: str) -> None:
    """Refuse what would make the parser slow: its time grows with the square of a line's keys."""
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_LINE:
            raise bad(file, "line_too_long", line=number, limit=f"{LONGEST_LINE:,}")
        if _LONG_KEY.search(line):
            raise bad(file, "too_deep", line=number, limit=DEEPEST)


def _not_toml(error: tomllib.TOMLDecodeError, text: str, file: str) -> BadInput:
    message = str(error)
    where = _WHERE.search(message)
    reason = escaped(message[: where.start()] if where else message)
    named = where.group(1) if where else None
    line = int(named) if named else text.rstrip().count("\n") + 1
    return bad(file, "not_toml", line=line, reason=reason[:1].lower() + reason[1:])


def _depth(value: Any) -> int:
    """Depth of tables and arrays, without recursion."""
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        deepest = max(deepest, depth)
        children = item.values() if isinstance(item, dict) else item
        waiting += [(child, depth + 1) for child in children if isinstance(child, (dict, list))]
    return deepest
