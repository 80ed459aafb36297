"""The file ``scenarios/defaults/finland.toml``, made from the schema.

``python -m labsim.scenario.defaults`` writes it anew.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from pydantic.fields import FieldInfo

from labsim.scenario import keys, shipped
from labsim.scenario.loaded import resolved
from labsim.scenario.paths import Path, dotted
from labsim.scenario.schema import Scenario
from labsim.scenario.toml_text import toml
from labsim.words import Words

WIDTH = 100
ENDLESS = 2**60
"""Limits from here on are those of the machine, and not worth a word."""
_HEAD = """\
# Every default of labsim, with its unit and what it rests on.
# Made from the schema by `python -m labsim.scenario.defaults`: change a default there, not here.
#
# The comment above a value says what it is, [its unit; the values allowed] and its evidence:
# verified (read on a named page), derived (computed from such values), memory (recalled) or
# assumption. P and T are sections and cases of the evidence (parameters.md, trials.csv).
# A key that begins with # is not set unless a scenario sets it.
"""
_EXAMPLES = {
    ("procurement", "lots"): "[[procurement.lots]]",
    ("contract", "groups"): "[[contract.groups]]",
    ("contract", "fees"): "[[contract.fees]]",
    ("labour_market", "shocks"): "[[labour_market.shocks]]",
    ("population", "transfers"): "[[population.transfers]]",
}


def defaults_text() -> str:
    """Return the text of the defaults file."""
    data = resolved(Scenario())
    blocks = [_HEAD.rstrip("\n")]
    for name, key in keys.keys(Scenario).items():
        if key.model is not None:
            blocks += _table(key, (name,), data[name])
    return "\n\n".join(blocks) + "\n"


def _table(key: keys.Key, path: Path, data: Any) -> Iterator[str]:
    """Blocks of a table: its own values first, as TOML demands, then its tables."""
    assert key.model is not None
    if path in _EXAMPLES:
        yield _comment(f"{key.info.description}: none. Each is a table [[{dotted(path)}]].")
        return
    for item in data if key.kind == "tables" else [data]:
        yield "\n".join(_values(key, path, item))
        for name, child in keys.keys(key.model).items():
            if (child.model is not None and child.kind == "table") or (*path, name) in _EXAMPLES:
                yield from _table(child, (*path, name), item[name])


def _values(key: keys.Key, path: Path, data: dict[str, Any]) -> Iterator[str]:
    assert key.model is not None
    yield _comment(about(key))
    yield f"[[{dotted(path)}]]" if key.kind == "tables" else f"[{dotted(path)}]"
    for name, child in keys.keys(key.model).items():
        if child.kind == "table" or (*path, name) in _EXAMPLES:
            continue
        yield _comment(about(child))
        yield from _assignment(name, child, data[name])


def _assignment(name: str, key: keys.Key, value: Any) -> Iterator[str]:
    if value is None:
        yield f"# {name} ="
    elif key.kind == "tables":
        yield f"{name} = ["
        yield from (f"    {toml(item)}," for item in value)
        yield "]"
    else:
        yield f"{name} = {value if _is_date(key) else toml(value)}"


def _is_date(key: keys.Key) -> bool:
    return getattr(key.scalar, "__name__", "") == "date"


def about(key: keys.Key, words: Words | None = None) -> str:
    """Say in a line what a key is: description, unit, limits, evidence; English if not told."""
    words = words or Words()
    text = words.meaning(key.info.description or "")
    unit = words.meaning(key.extra.get("unit", ""))
    inside = [part for part in (unit, limits(key.info, words), _choices(key)) if part]
    if inside:
        text += f" [{'; '.join(inside)}]"
    status, source = key.extra.get("status"), key.extra.get("source", "")
    if status:
        text += f". {words(f'cli.status.{status}')}" + (f": {source}" if source else "")
    return text


def limits(info: FieldInfo, words: Words) -> str:
    """Say which numbers a key takes."""
    found = {
        name: value
        for item in info.metadata
        for name in ("ge", "gt", "le", "lt")
        if (value := getattr(item, name, None)) is not None
    }
    if found.get("le", 0) >= ENDLESS:
        del found["le"]
    shown = {name: f"{n:,}" if words.language == "en" else f"{n}" for name, n in found.items()}
    if set(found) == {"ge", "le"}:
        return words("cli.limits.between", low=shown["ge"], high=shown["le"])
    return words("explain.comma").join(
        words(f"cli.limits.{name}", n=n) for name, n in shown.items()
    )


def _choices(key: keys.Key) -> str:
    return " | ".join(key.choices)


def _comment(text: str) -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent="# ", subsequent_indent="#   ", break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip


def write() -> str:
    """Write the defaults file of this checkout; returns its path."""
    file = shipped.root() / "defaults" / f"{shipped.BASE}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(defaults_text(), encoding="utf-8", newline="\n")
    return str(file)


if __name__ == "__main__":
    print(write())  # noqa: T201 - a tool of the developers
