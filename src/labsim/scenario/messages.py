"""What pydantic found, in labsim's words and with labsim's paths."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from labsim.scenario import keys
from labsim.scenario.findings import Finding
from labsim.scenario.merge import Merged
from labsim.scenario.not_yet import is_reserved_choice
from labsim.scenario.parameter import Fault
from labsim.scenario.paths import Path, parsed
from labsim.scenario.suggest import nearest
from labsim.scenario.toml_text import shown

_LIMITS = {
    "greater_than_equal": ("too_small", "ge"),
    "greater_than": ("not_more", "gt"),
    "less_than_equal": ("too_large_value", "le"),
    "less_than": ("not_less", "lt"),
}
_LENGTHS = {
    "too_short": ("too_few", "min_length"),
    "too_long": ("too_many", "max_length"),
    "string_too_short": ("text_too_short", "min_length"),
    "string_too_long": ("text_too_long", "max_length"),
}
_TYPES = {
    "int_type": "whole_number_type",
    "int_from_float": "whole_number_type",
    "float_type": "number_type",
    "finite_number": "finite_number",
    "bool_type": "switch_type",
    "string_type": "text_type",
    "date_type": "date_type",
    "list_type": "list_type",
    "dict_type": "table_type",
    "model_type": "table_type",
}


def findings_of(error: dict[str, Any], path: Path, merged: Merged) -> list[Finding]:
    """Turn one pydantic error into findings.

    Parameters
    ----------
    error
        The error, as ``ValidationError.errors()`` gives it.
    path
        Its place, with names instead of positions.
    merged
        The scenario, for file and line.
    """
    if error["type"] == "faults":
        return [_of_fault(fault, path, merged) for fault in error["ctx"]["faults"]]
    code, values = _words(error, path)
    return [finding(merged, path, code, **values)]


def nearest_finding(merged: Merged, paths: list[Path], code: str, **values: Any) -> Finding:
    """Return a finding at that one of several keys which the user set last."""
    orders = [(origin.order if (origin := merged.origin(path)) else -1) for path in paths]
    return finding(merged, paths[orders.index(max(orders))], code, **values)


def as_warning(found: Finding) -> Finding:
    """Return a finding that does not stop anything."""
    return replace(found, severity="warning")


def finding(merged: Merged, path: Path, code: str, **values: Any) -> Finding:
    """Return a finding about a path of the merged scenario."""
    origin = merged.origin(path)
    if origin is None:
        return Finding("", None, path, code, values)
    return Finding(origin.file, origin.line, path, code, values, order=origin.order)


def _of_fault(fault: Fault, path: Path, merged: Merged) -> Finding:
    inside = (parsed(fault.key) or (fault.key,)) if fault.key else ()
    return finding(merged, path + inside, fault.code, **fault.values)


def _words(error: dict[str, Any], path: Path) -> tuple[str, dict[str, Any]]:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return "required", {}
    got = {"got": shown(error["input"])}
    if kind in _LIMITS:
        code, limit = _LIMITS[kind]
        return code, {"limit": context[limit], **got}
    if kind in _LENGTHS:
        code, limit = _LENGTHS[kind]
        return code, {"limit": context[limit]}
    if kind == "literal_error":
        return _choice(error["input"], path)
    if kind in _TYPES:
        return _TYPES[kind], got
    return "invalid", {"reason": error["msg"], **got}


def _choice(value: Any, path: Path) -> tuple[str, dict[str, Any]]:
    if is_reserved_choice(path, value):
        return "choice_not_supported", {"got": shown(value)}
    key = keys.look_up(path)
    choices = key.choices if key else ()
    values: dict[str, Any] = {"choices": ", ".join(choices), "got": shown(value)}
    guess = nearest(value, choices) if isinstance(value, str) else None
    if guess is None:
        return "not_a_choice", values
    return "not_a_choice_guess", {**values, "guess": guess}
