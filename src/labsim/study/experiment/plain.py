"""What files say, as JSON has it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from labsim.scenario import keys
from labsim.scenario.paths import Path


def as_json(value: Any) -> Any:
    """Return a value of TOML as JSON has it: moments as texts."""
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, (dt.date, dt.time)) else value


def without_words(tree: dict[str, Any], at: Path = ()) -> dict[str, Any]:
    """Return a scenario's tables without what no run reads: words, number of replications."""
    kept: dict[str, Any] = {}
    for name, value in tree.items():
        path = (*at, name)
        key = keys.look_up(path)
        if path == ("run", "replications") or (key is not None and key.is_words):
            continue
        kept[name] = without_words(value, path) if isinstance(value, dict) else as_json(value)
    return kept
