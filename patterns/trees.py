"""Scenarios as trees of values, laid over each other."""

from __future__ import annotations

from typing import Any

Tree = dict[str, Any]


def merged(low: Tree, high: Tree) -> Tree:
    """Lay one tree over another; what is not a table replaces."""
    result = dict(low)
    for key, value in high.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merged(result[key], value) if both else value
    return result
