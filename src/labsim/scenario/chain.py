"""A file and the files it extends, from the nearest to the furthest."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from labsim.scenario import shipped
from labsim.scenario.findings import BadInput, Finding
from labsim.scenario.layer import Layer, layer_of
from labsim.scenario.read import read
from labsim.scenario.schema import DESIGN_SECTIONS
from labsim.scenario.shipped import Found
from labsim.scenario.toml_text import shown

LONGEST = 20
_PEOPLE = ("title", "description")


@dataclass
class Chain:
    """Layers of a file and its ancestors, ancestors first, and what was wrong with them."""

    name: str
    layers: list[Layer] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    whole: bool = True
    """Whether every file could be read."""


def scenario_chain(source: str, beside: str = "") -> Chain:
    """Follow ``extends`` from a scenario to the defaults, which are always the last.

    Parameters
    ----------
    source
        A file, or the id of a shipped one.
    beside
        Folder that a relative path starts from; the working directory if empty.
    """
    chain = _follow(source, shipped.SCENARIOS_FIRST, beside)
    base = shipped.find(f"defaults/{shipped.BASE}")
    if chain.whole and all(layer.file != base.shown for layer in chain.layers):
        chain.layers.insert(0, layer_of(read(base.path, base.shown), 0))
    _number(chain, 0)
    return chain


def design_chain(source: str, first_order: int, beside: str = "") -> Chain:
    """Follow ``extends`` among designs; sections that no design may change are faults."""
    chain = _follow(source, shipped.DESIGNS_FIRST, beside)
    _number(chain, first_order)
    for layer in chain.layers:
        for section in list(layer.tree):
            if section not in (*DESIGN_SECTIONS, *_PEOPLE):
                layer.note((section,), "design_section", allowed=", ".join(DESIGN_SECTIONS))
                del layer.tree[section]
    return chain


def _follow(source: str, folders: Sequence[str], beside: str) -> Chain:
    found = shipped.find(source, folders=folders, beside=beside)
    chain = Chain(found.name)
    seen: dict[str, str] = {}
    while True:
        seen[_identity(found)] = found.shown
        try:
            layer = layer_of(read(found.path, found.shown), 0)
        except BadInput as error:
            chain.findings += error.findings
            chain.whole = False
            return chain
        chain.layers.insert(0, layer)
        parent = _parent(layer, found, seen, folders)
        if parent is None:
            chain.whole = not _broken(layer)
            return chain
        found = parent


def _parent(
    layer: Layer, found: Found, seen: dict[str, str], folders: Sequence[str]
) -> Found | None:
    """Return the file that ``layer`` extends; what is wrong with it is noted."""
    target = layer.extends
    if target is None:
        return None
    if not isinstance(target, str):
        layer.note(("extends",), "text_type", got=shown(target))
        return None
    try:
        parent = shipped.find(target, folders=folders, beside=str(found.path.parent))
    except BadInput as error:
        [finding] = error.findings
        layer.note(("extends",), finding.code, **finding.values)
        return None
    fault = _loop(parent, seen, target)
    if fault is not None:
        layer.note(("extends",), fault[0], **fault[1])
        return None
    return parent


def _loop(parent: Found, seen: dict[str, str], target: str) -> tuple[str, dict[str, Any]] | None:
    """Say why a file cannot be extended, if it cannot."""
    if _identity(parent) in seen:
        return "circular", {"way": " -> ".join([*seen.values(), parent.shown])}
    if len(seen) >= LONGEST:
        return "too_many_extends", {"limit": LONGEST}
    if not parent.path.exists():
        return "missing_extends", {"name": target}
    return None


def _broken(layer: Layer) -> bool:
    return any(finding.path == ("extends",) for finding in layer.findings)


def _identity(found: Found) -> str:
    return os.path.normcase(os.path.realpath(found.path))


def _number(chain: Chain, first: int) -> None:
    """Rank the layers, ancestors lowest, and their findings with them."""
    for order, layer in enumerate(chain.layers, start=first):
        layer.order = order
        layer.findings = [replace(finding, order=order) for finding in layer.findings]
