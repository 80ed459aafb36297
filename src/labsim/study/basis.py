"""What a scenario's values rest on, as a table to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from labsim.scenario.evidence import STATUSES
from labsim.scenario.keys import look_up
from labsim.scenario.loaded import Loaded, Value
from labsim.scenario.toml_text import shown
from labsim.words import Words

UNSURE = ("assumption", "memory")
"""Statuses that a reader should doubt."""


@dataclass(frozen=True)
class Basis:
    """What one value rests on, in words."""

    section: str
    value: str
    status: str
    description: str
    source: str
    place: str


def counts(loaded: Loaded, words: Words) -> str:
    """Say how many of the values set rest on what."""
    found = Counter(str(value.source[0]) for value in loaded.values())
    parts = [
        words("explain.assumptions.count", n=words.number(found[status]),
              status=words(f"explain.status.{status}"))
        for status in STATUSES
    ]  # fmt: skip
    return words("explain.assumptions.counts", counts=words("explain.and").join(parts))


def unsure(loaded: Loaded, words: Words) -> list[Basis]:
    """Return the values that rest on assumption or memory.

    Sections come in the order of the file. In each, values with a declared plausible range come
    first, the widest relative to the value at the top: they could be furthest from what is set.
    """
    values = [value for value in loaded.values() if value.source[0] in UNSURE]
    sections = list(dict.fromkeys(value.path[0] for value in values))
    values.sort(key=lambda value: (sections.index(value.path[0]), -_spread(value)))
    return [_basis(value, words) for value in values]


def _plausible(value: Value) -> tuple[float, float] | None:
    key = look_up(value.path)
    found = key.extra.get("plausible") if key is not None else None
    return (float(found[0]), float(found[1])) if found else None


def _spread(value: Value) -> float:
    """Return the width of the plausible range relative to the value; 0 without a range."""
    found = _plausible(value)
    if found is None or not isinstance(value.value, int | float):
        return 0.0
    return (found[1] - found[0]) / max(abs(value.value), 1e-9)


def _basis(value: Value, words: Words) -> Basis:
    text = words("explain.assumptions.value", key=value.key, value=_with_unit(value, words))
    status, source = value.source
    return Basis(
        str(value.path[0]),
        text,
        words(f"explain.status.{status}"),
        words("explain.comma").join(_meaning(value, words)),
        source or words("explain.assumptions.no_source"),
        _place(value, words),
    )


def _with_unit(value: Value, words: Words) -> str:
    text = shown(value.value)
    return (
        words("explain.assumptions.unit", value=text, unit=words.meaning(value.unit))
        if value.unit
        else text
    )


def _meaning(value: Value, words: Words) -> Iterator[str]:
    if value.description:
        yield words.meaning(value.description)
    found = _plausible(value)
    if found is not None:
        low, high = (f"{end:g}" for end in found)
        yield words("explain.assumptions.range", low=low, high=high)


def _place(value: Value, words: Words) -> str:
    origin = value.origin
    if origin is None:
        return words("explain.assumptions.default")
    if origin.line is None:
        return origin.file
    return words("explain.assumptions.place", file=origin.file, line=str(origin.line))


def by_section(rows: Iterable[Basis]) -> dict[str, list[Basis]]:
    """Put rows together by section, in order."""
    sections: dict[str, list[Basis]] = {}
    for row in rows:
        sections.setdefault(row.section, []).append(row)
    return sections
