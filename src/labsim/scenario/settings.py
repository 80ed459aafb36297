"""``--set key=value``: single values from the command line, treated like a file of their own."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any

from labsim.scenario import keys
from labsim.scenario.findings import Finding
from labsim.scenario.layer import Layer, layer_of
from labsim.scenario.merge import Merged
from labsim.scenario.paths import Path, parsed
from labsim.scenario.read import DEEPEST, Document
from labsim.scenario.suggest import nearest

FILE = "--set"
LONGEST = 10_000


def setting_layers(settings: Sequence[str], first_order: int) -> list[Layer]:
    """Make a layer of each setting; a later one wins."""
    return [_layer(setting, first_order + place) for place, setting in enumerate(settings)]


def check_names(layer: Layer, merged: Merged) -> None:
    """Note fees, groups and providers that a setting names and nobody has declared."""
    for path in keys.NAMED & layer.entered:
        known = _at(merged.tree, path)
        for name in _at(layer.tree, path):
            if name not in known:
                guess = nearest(name, known)
                if guess is None:
                    layer.note((*path, name), "unknown_name")
                else:
                    layer.note((*path, name), "unknown_name_guess", guess=guess)


def _layer(setting: str, order: int) -> Layer:
    key, value = _split(setting)
    path = parsed(key) if value is not None else None
    if value is None or path is None or len(path) > DEEPEST:
        finding = Finding(FILE, None, (), "not_a_setting", {"got": setting}, order=order)
        return Layer(FILE, order, {}, {}, findings=[finding])
    return value_layer(path, _value(path, value), FILE, None, order)


def value_layer(path: Path, value: Any, file: str, line: int | None, order: int) -> Layer:
    """Make a layer that sets a single value.

    Parameters
    ----------
    path
        The key.
    value
        Its value, as TOML gives it.
    file, line
        Where it is set, for messages.
    order
        Rank of the layer.
    """
    places = [path[:length] for length in range(1, len(path) + 1)]
    lines: dict[Path, int] = {} if line is None else dict.fromkeys(places, line)
    fault = _not_settable(path, value)
    if fault is not None:
        finding = Finding(file, line, path, fault, {}, order=order)
        return Layer(file, order, {}, lines, findings=[finding])
    layer = layer_of(Document(file, _nested(path, value), lines), order, names_exist=True)
    layer.entered = frozenset(path[:length] for length in range(1, len(path)))
    return layer


def _not_settable(path: Path, value: Any) -> str | None:
    """Say why a value cannot be set by its key alone, if it cannot."""
    if path[0] in ("extends", "sources") or (path[-1] == "name" and path[:-2] in keys.NAMED):
        return "not_settable"
    declared = keys.look_up(path)
    is_table = bool(declared and declared.model) and not keys.NAMED & {path, path[:-1]}
    return "not_a_value" if is_table and not isinstance(value, dict) else None


def _split(setting: str) -> tuple[str, str | None]:
    """Split at the first equals sign outside quotes."""
    quote = ""
    for place, character in enumerate(setting[:LONGEST]):
        if character == quote:
            quote = ""
        elif not quote and character in "\"'":
            quote = character
        elif not quote and character == "=":
            return setting[:place].strip(), setting[place + 1 :].strip()
    return setting, None


def _value(path: Path, text: str) -> Any:
    """Read a value as TOML; as plain text where that fails or the schema wants a text."""
    key = keys.look_up(path)
    try:
        table = tomllib.loads(f"value = {text}") if len(text) <= LONGEST else {}
    except (ValueError, RecursionError):
        table = {}
    if set(table) != {"value"}:
        return text
    value = table["value"]
    wants_text = key is not None and key.is_text
    return text if wants_text and not isinstance(value, (str, list, dict)) else value


def _nested(path: Path, value: Any) -> dict[str, Any]:
    for part in reversed(path):
        value = {part: value}
    return value  # type: ignore[no-any-return]


def _at(tree: Any, path: Path) -> dict[str, Any]:
    for part in path:
        tree = tree.get(part) if isinstance(tree, dict) else None
    return tree if isinstance(tree, dict) else {}
