"""What a user writes: scenario files read, merged, checked, and explained when they are wrong.

The names below are loaded on first use, so that ``import labsim`` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labsim.scenario.defaults import defaults_text
    from labsim.scenario.editors import json_schema
    from labsim.scenario.findings import BadInput, Finding
    from labsim.scenario.loaded import Loaded, Value, from_resolved, resolved
    from labsim.scenario.loading import load
    from labsim.scenario.merge import Origin
    from labsim.scenario.schema import Scenario

__all__ = [
    "BadInput",
    "Finding",
    "Loaded",
    "Origin",
    "Scenario",
    "Value",
    "defaults_text",
    "from_resolved",
    "json_schema",
    "load",
    "resolved",
]

_HOME = {
    "BadInput": "findings",
    "Finding": "findings",
    "Loaded": "loaded",
    "Origin": "merge",
    "Scenario": "schema",
    "Value": "loaded",
    "defaults_text": "defaults",
    "from_resolved": "loaded",
    "json_schema": "editors",
    "load": "loading",
    "resolved": "loaded",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
