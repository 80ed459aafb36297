"""JSON Schema of scenario files, with which editors complete, explain and check while one types."""

from __future__ import annotations

from typing import Any

from labsim.scenario.schema import Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NEEDED = {"Fee": ["name"], "Group": ["name"], "Provider": [], "Step": ["from_day", "share"]}
_EXTENDS = {
    "title": "Extends",
    "description": "File that this one changes: a path from here, or the id of a shipped file",
    "type": "string",
    "default": "finland",
}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of scenario and design files.

    A file says only what it changes, so nothing is required but the names of fees and groups.
    """
    schema = Scenario.model_json_schema(by_alias=True, mode="validation")
    definitions = schema.pop("$defs")
    for name, definition in definitions.items():
        _loosen(definition, _NEEDED.get(name, []))
    properties = {"extends": _EXTENDS, **schema["properties"]}
    properties["sources"] = _sources(schema["properties"]["sources"])
    _loosen({"properties": properties}, [])
    return {
        "$schema": DIALECT,
        "title": "labsim scenario",
        "description": "A scenario, or a design laid over one, for labsim",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "$defs": definitions,
    }


def _loosen(table: dict[str, Any], needed: list[str]) -> None:
    """Require only ``needed``, and say the unit of every value in its description."""
    table.pop("required", None)
    if needed:
        table["required"] = needed
    for value in table.get("properties", {}).values():
        unit = value.get("unit")
        if unit:
            value["description"] = f"{value.get('description', '')} ({unit})".strip()
        if value.get("default", ...) is None:
            del value["default"]  # TOML has no null: such a key is left out


def _sources(declared: dict[str, Any]) -> dict[str, Any]:
    """Keys dotted in quotes, or plain and therefore tables in tables."""
    statement = {"type": "string", "pattern": "^(verified|derived|memory|assumption):"}
    return {
        "title": "Sources",
        "description": declared["description"],
        "type": "object",
        "additionalProperties": {"anyOf": [statement, {"type": "object"}]},
    }
