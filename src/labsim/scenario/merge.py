"""Layers laid over each other: tables merge, lists replace, every value keeps its origin."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from labsim.scenario import keys
from labsim.scenario.layer import Layer, line_of, nodes
from labsim.scenario.paths import Path


@dataclass(frozen=True)
class Origin:
    """Where a value was set."""

    file: str
    line: int | None
    order: int = 0
    """Rank of the layer: 0 for the defaults, higher for files nearer to the user."""


@dataclass
class Merged:
    """Layers merged so far."""

    tree: dict[str, Any] = field(default_factory=dict)
    origins: dict[Path, Origin] = field(default_factory=dict)
    """Origin of every table, value and list item; a table's is the last file to touch it."""

    def lay(self, layer: Layer) -> None:
        """Lay one layer over what there is."""
        self._merge(self.tree, layer.tree, (), layer.entered)
        for path in (*nodes(layer.tree), *_names(layer)):
            line = line_of(layer.lines, path)
            self.origins[path] = Origin(layer.file, line, layer.order)

    def keep(self, path: Path, names: Iterable[str]) -> None:
        """Drop the items of a named list that are not among ``names``, and take their order."""
        table: Any = self.tree
        for part in path[:-1]:
            table = table.get(part) if isinstance(table, dict) else None
        items = table.get(path[-1]) if isinstance(table, dict) else None
        if not isinstance(items, dict):
            return
        names = list(names)
        for name in items.keys() - set(names):
            self._forget((*path, name))
        table[path[-1]] = {name: items[name] for name in names if name in items}

    def origin(self, path: Path) -> Origin | None:
        """Origin of a path, or of the nearest table that it lies in."""
        while path and path not in self.origins:
            path = path[:-1]
        return self.origins.get(path)

    def _merge(
        self, below: dict[str, Any], above: dict[str, Any], at: Path, entered: frozenset[Path]
    ) -> None:
        for key, value in above.items():
            path = (*at, key)
            under = below.get(key)
            if (
                isinstance(value, dict)
                and isinstance(under, dict)
                and not _replaces(path, value, entered)
            ):
                self._merge(under, value, path, entered)
            else:
                self._forget(path)
                below[key] = deepcopy(value)

    def _forget(self, path: Path) -> None:
        for known in [known for known in self.origins if known[: len(path)] == path]:
            del self.origins[known]


def _names(layer: Layer) -> list[Path]:
    """Places of the names of fees, groups and providers, which the tree has as keys."""
    return [path for path in layer.lines if path[-1] == "name" and path[:-2] in keys.NAMED]


def _replaces(path: Path, value: dict[str, Any], entered: frozenset[Path]) -> bool:
    """Whether a table replaces the one below it.

    Lists do, unless they merge by name, and so do tables whose keys users name
    (``population.areas``), because their values belong together.
    """
    if path in entered:
        return False
    if path in keys.NAMED:
        return path not in keys.MERGED_BY_NAME or not value
    key = keys.look_up(path)
    return key is not None and key.kind == "open"
