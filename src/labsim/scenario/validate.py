"""The merged values against the schema, section by section, so that no fault hides another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from labsim.scenario import keys
from labsim.scenario.findings import Finding
from labsim.scenario.merge import Merged
from labsim.scenario.messages import findings_of
from labsim.scenario.paths import Path
from labsim.scenario.schema import Scenario


def sections(
    merged: Merged, names: Iterable[str] | None = None
) -> tuple[dict[str, Any], list[Finding]]:
    """Validate each section alone.

    Parameters
    ----------
    merged
        The scenario.
    names
        Sections to validate; all of them if left out.

    Returns
    -------
    sections
        The valid ones, by name; a section that no file mentions has its defaults.
    findings
        What is wrong with the others.
    """
    valid: dict[str, Any] = {}
    findings: list[Finding] = []
    for name in keys.keys(Scenario) if names is None else names:
        given = {name: plain(merged.tree[name], (name,))} if name in merged.tree else {}
        try:
            valid[name] = getattr(Scenario.model_validate(given), name)
        except ValidationError as error:
            findings += faults_of(error, merged)
    return valid, findings


def faults_of(error: ValidationError, merged: Merged) -> list[Finding]:
    """Turn what pydantic found in a merged scenario into findings."""
    findings: list[Finding] = []
    for item in error.errors(include_url=False):
        findings += findings_of(dict(item), named_path(item["loc"], merged.tree), merged)
    return findings


def plain(value: Any, path: Path) -> Any:
    """Return a tree as files have it: fees, groups and providers as lists of tables."""
    if path in keys.NAMED and isinstance(value, dict):
        return [
            {"name": name, **item} if isinstance(item, dict) else item
            for name, item in value.items()
        ]
    if isinstance(value, dict):
        return {key: plain(item, (*path, key)) for key, item in value.items()}
    return value


def named_path(place: tuple[int | str, ...], tree: dict[str, Any]) -> Path:
    """Replace the position of a fee, group or provider by its name."""
    path: Path = ()
    for part in place:
        is_position = path in keys.NAMED and isinstance(part, int)
        path = (*path, _names(path, tree)[int(part)] if is_position else part)
    return path


def _names(path: Path, tree: Any) -> list[str]:
    for part in path:
        tree = tree[part]
    return list(tree)
