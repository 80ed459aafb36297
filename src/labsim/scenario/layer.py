"""One file made ready for merging: unknown keys set aside, items of named lists by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from labsim.scenario import keys
from labsim.scenario.findings import Finding
from labsim.scenario.not_yet import is_reserved_key
from labsim.scenario.parameter import Section
from labsim.scenario.paths import Path
from labsim.scenario.read import Document
from labsim.scenario.schema import Scenario
from labsim.scenario.toml_text import shown

NAMELESS = "provider"
"""Name of a provider that has none."""


@dataclass
class Layer:
    """What one file, or the command line, sets."""

    file: str
    order: int
    """Rank among the layers; a higher one wins."""
    tree: dict[str, Any]
    """Values as tables in tables; fees, groups and providers are tables by name."""
    lines: dict[Path, int]
    sources: dict[str, Any] = field(default_factory=dict)
    """The table ``[sources]`` as written."""
    extends: Any = None
    entered: frozenset[Path] = frozenset()
    """Tables of which single keys are set, as ``--set`` does, whatever they hold otherwise."""
    findings: list[Finding] = field(default_factory=list)

    def note(self, path: Path, code: str, **values: Any) -> None:
        """Record a fault at ``path``."""
        line = line_of(self.lines, path)
        self.findings.append(Finding(self.file, line, path, code, values, order=self.order))


def line_of(lines: dict[Path, int], path: Path) -> int | None:
    """Line of a path, or of the nearest table that it lies in."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


def layer_of(document: Document, order: int, *, names_exist: bool = False) -> Layer:
    """Make a layer of a document.

    Parameters
    ----------
    document
        The file as read.
    order
        Rank of the layer.
    names_exist
        Whether named lists may be written as tables by name, as ``--set`` does.
    """
    tree = dict(document.values)
    layer = Layer(document.file, order, tree, dict(document.lines))
    layer.extends = tree.pop("extends", None)
    sources = tree.pop("sources", {})
    if isinstance(sources, dict):
        layer.sources = sources
    else:
        layer.note(("sources",), "table_type", got=shown(sources))
    for path in sorted(keys.NAMED, key=str):
        _by_name(layer, path, names_exist=names_exist)
    layer.tree = _known(layer, layer.tree, Scenario, ())
    return layer


def _by_name(layer: Layer, path: Path, *, names_exist: bool) -> None:
    """Turn a named list into a table by name, in the tree and in the lines."""
    parent: Any = layer.tree
    for part in path[:-1]:
        parent = parent.get(part) if isinstance(parent, dict) else None
    key = path[-1]
    if not isinstance(parent, dict) or key not in parent:
        return
    parent = _own(layer, path)
    value = parent[key]
    if isinstance(value, list):
        parent[key] = _items_by_name(layer, path, value)
    elif not (isinstance(value, dict) and names_exist):
        layer.note(path, "tables_type", table=".".join(map(str, path)))
        del parent[key]


def _own(layer: Layer, path: Path) -> dict[str, Any]:
    """Return the table that holds ``path``, copied so that the document stays as read."""
    table = layer.tree
    for part in path[:-1]:
        table[str(part)] = dict(table[str(part)])
        table = table[str(part)]
    return table


def _items_by_name(layer: Layer, path: Path, items: list[Any]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for position, item in enumerate(items):
        place = (*path, position)
        name = _name(layer, place, item)
        if name is None:
            continue
        if name in named:
            first = line_of(layer.lines, (*path, name))
            layer.note((*place, "name"), "duplicate_name", name=name, line=first or 0)
            continue
        named[name] = {key: value for key, value in item.items() if key != "name"}
        _rename(layer.lines, place, (*path, name))
    return named


def _name(layer: Layer, place: Path, item: Any) -> str | None:
    if not isinstance(item, dict):
        layer.note(place, "table_type", got=shown(item))
    elif "name" not in item and place[0] == "providers":
        return NAMELESS
    elif "name" not in item:
        layer.note((*place, "name"), "required")
    elif not isinstance(item["name"], str):
        layer.note((*place, "name"), "text_type", got=shown(item["name"]))
    else:
        return item["name"]
    return None


def _rename(lines: dict[Path, int], old: Path, new: Path) -> None:
    for path in [path for path in lines if path[: len(old)] == old]:
        lines[new + path[len(old) :]] = lines[path]


def _known(layer: Layer, table: dict[str, Any], model: type[Section], at: Path) -> dict[str, Any]:
    """Return the table without keys that the schema lacks, noting each of them."""
    kept: dict[str, Any] = {}
    declared = keys.keys(model)
    for name, value in table.items():
        path = (*at, name)
        if name not in declared:
            _note_unknown(layer, path)
            continue
        kept[name] = _known_value(layer, value, declared[name], path)
    return kept


def _known_value(layer: Layer, value: Any, key: keys.Key, path: Path) -> Any:
    if key.model is None:
        return value
    if path in keys.NAMED and isinstance(value, dict):
        return {
            name: _known(layer, item, key.model, (*path, name)) if isinstance(item, dict) else item
            for name, item in value.items()
        }
    if key.kind == "table" and isinstance(value, dict):
        return _known(layer, value, key.model, path)
    if key.kind == "tables" and isinstance(value, list):
        return [
            _known(layer, item, key.model, (*path, place)) if isinstance(item, dict) else item
            for place, item in enumerate(value)
        ]
    return value


def _note_unknown(layer: Layer, path: Path) -> None:
    if is_reserved_key(path):
        layer.note(path, "not_supported")
        return
    guess = keys.guess(path)
    if guess is None:
        layer.note(path, "unknown_key")
    else:
        layer.note(path, "unknown_key_guess", guess=guess)


def nodes(tree: Any, at: Path = ()) -> Iterator[Path]:
    """Paths of all tables and values in a tree, and of items of lists."""
    children: Any = ()
    if isinstance(tree, dict):
        children = tree.items()
    elif isinstance(tree, list):
        children = enumerate(tree)
    for key, value in children:
        yield (*at, key)
        yield from nodes(value, (*at, key))
