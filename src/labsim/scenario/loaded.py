"""A scenario ready to run, with everything known about how it came about."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from labsim.scenario import keys
from labsim.scenario.evidence import Source
from labsim.scenario.findings import Finding
from labsim.scenario.merge import Origin
from labsim.scenario.parameter import Section
from labsim.scenario.paths import Path, dotted
from labsim.scenario.schema import Scenario


@dataclass(frozen=True)
class Value:
    """One value of a scenario, with its meaning and where it comes from."""

    path: Path
    value: Any
    unit: str
    description: str
    origin: Origin | None
    """File and line; ``None`` if no file sets it."""
    source: Source
    """Evidence status and its text."""

    @property
    def key(self) -> str:
        """Dotted key, as a user writes it."""
        return dotted(self.path)

    @property
    def is_set(self) -> bool:
        """Whether a file or option sets it, rather than the defaults."""
        return self.origin is not None and self.origin.order > 0


@dataclass(frozen=True)
class Loaded:
    """A valid scenario and its history."""

    scenario: Scenario
    name: str
    """Stem of the file."""
    design: str = "own"
    """Stem of the design laid over it; ``own`` if none."""
    origins: dict[Path, Origin] = field(default_factory=dict)
    """File and line of every value, by path."""
    sources: dict[Path, Source] = field(default_factory=dict)
    """Evidence of every value, by path."""
    warnings: list[Finding] = field(default_factory=list)

    def values(self) -> Iterator[Value]:
        """All values in the order of the schema; fees, groups and providers by name."""
        for path, key, value in leaves(self.scenario):
            yield Value(
                path,
                value,
                key.extra.get("unit", ""),
                key.info.description or "",
                self.origins.get(path),
                ("choice", "") if key.is_words else self.sources.get(path, ("choice", "")),
            )

    def assumptions(self) -> list[Value]:
        """Values that rest on assumption, defaults included; ``is_set`` tells them apart."""
        return [value for value in self.values() if value.source[0] == "assumption"]

    def resolved(self) -> dict[str, Any]:
        """Return the whole scenario as plain data, ready for JSON."""
        return resolved(self.scenario)


def resolved(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as plain data under the names that files use, defaults included."""
    return scenario.model_dump(mode="json", by_alias=True)


def from_resolved(data: dict[str, Any]) -> Scenario:
    """Rebuild a scenario from what ``resolved`` returned, for instance from a manifest."""
    return Scenario.model_validate_json(json.dumps(data))


def leaves(scenario: Scenario) -> Iterator[tuple[Path, keys.Key, Any]]:
    """Values of a scenario that are not tables: path, declaration and value."""
    yield from _leaves(scenario, ())


def _leaves(section: Section, at: Path) -> Iterator[tuple[Path, keys.Key, Any]]:
    names = {info.alias or name: name for name, info in type(section).model_fields.items()}
    for alias, key in keys.keys(type(section)).items():
        path, value = (*at, alias), getattr(section, names[alias])
        if path in keys.NAMED:
            for item in value:
                yield from _leaves(item, (*path, item.name))
        elif isinstance(value, Section):
            yield from _leaves(value, path)
        else:
            yield path, key, _plain(value)


def _plain(value: Any) -> Any:
    """Return a value as a file has it: tables instead of objects, a text without its language."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Section):
        return value.model_dump(by_alias=True)
    return value[""] if isinstance(value, dict) and set(value) == {""} else value
