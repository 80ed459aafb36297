"""Files merged once, over which the values of a few keys are laid again and again.

`load` reads, merges and validates everything. An overlay does so once for all that stays, and
validates only the sections and checks that a change of its keys can reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from labsim.scenario import keys
from labsim.scenario.checks import check
from labsim.scenario.findings import BadInput, Finding
from labsim.scenario.loading import OWN, merge_chains, placed, read_chains, spelt
from labsim.scenario.merge import Merged
from labsim.scenario.paths import Path
from labsim.scenario.schema import Scenario
from labsim.scenario.settings import check_names, value_layer
from labsim.scenario.validate import faults_of, plain, sections

_WORDS = ("title", "description")
"""Sections that are not tables; the others are handed to pydantic as made, not to be made again."""


@dataclass(frozen=True)
class Varied:
    """A key that takes several values in turn, and where that is said."""

    path: Path
    values: tuple[Any, ...]
    """All of its values, or some of a range."""
    file: str
    line: int | None


class Overlay:
    """A scenario and a design, with some keys left open.

    Parameters
    ----------
    source, design, beside
        As `load` has them; relative paths start from the folder `beside`.
    varied
        Keys that win over the files.

    Attributes
    ----------
    scenario_name, design
        Stems of the files; the design is ``own`` if there is none.
    files
        What the files set, as tables in tables, without the keys that vary.
    warnings
        About what stays.

    Raises
    ------
    BadInput
        If the files are at fault where no varied key can mend it, or a key cannot be set.
    """

    def __init__(
        self, source: str, design: str, varied: Sequence[Varied], *, beside: str = ""
    ) -> None:
        chains = read_chains(source, design, beside)
        findings = [finding for chain in chains for finding in chain.findings]
        layers = [layer for chain in chains for layer in chain.layers]
        if not all(chain.whole for chain in chains):
            raise BadInput([*findings, *(item for layer in layers for item in layer.findings)])
        self._merged, sources = merge_chains(chains, [])
        findings += [finding for layer in layers for finding in layer.findings]
        self.scenario_name = chains[0].name
        self.design = chains[1].name if len(chains) > 1 else OWN
        self.files = _without(self._merged.tree, [item.path for item in varied])
        findings += _lay(self._merged, varied, len(layers))
        touched = {str(item.path[0]) for item in varied}
        kept = [name for name in keys.keys(Scenario) if name not in touched]
        self._kept, faults = sections(self._merged, kept)
        errors, self.warnings = check(self._kept, self._merged)
        self.warnings = placed(self.warnings, layers)
        if findings or faults or errors:
            raise BadInput(placed([*findings, *faults, *errors], layers))
        self._sources = spelt(sources)
        self._touched = sorted(touched)
        tree = {name: plain(self._merged.tree.get(name, {}), (name,)) for name in self._touched}
        self._open = deepcopy(tree)
        self._whole = {name: item for name, item in self._kept.items() if name not in _WORDS}
        self._slots = [(_table(self._open, item.path), item.path[-1]) for item in varied]

    def scenario(self, values: Sequence[Any]) -> Scenario:
        """Return the complete scenario with these values of the varied keys, in their order.

        Raises
        ------
        BadInput
            If a section is not valid. Checks across sections are those of `faults`.
        """
        try:
            changed = self._changed(values)
        except ValidationError as error:
            raise BadInput(faults_of(error, self._merged)) from None
        return Scenario.model_construct(**{**self._kept, **changed}, sources=self._sources)

    def faults(self, values: Sequence[Any]) -> list[Finding]:
        """Return what is wrong with these values, and what there is to warn of."""
        findings: list[Finding] = []
        try:
            changed = self._changed(values)
        except ValidationError as error:
            findings = faults_of(error, self._merged)
            wrong = {str(finding.path[0]) for finding in findings if finding.path}
            changed = self._valid(wrong)
        errors, warnings = check({**self._kept, **changed}, self._merged, self._touched)
        return [*findings, *errors, *warnings]

    def _changed(self, values: Sequence[Any]) -> dict[str, Any]:
        """Validate the sections that hold varied keys; the others stand as they are."""
        for (table, key), value in zip(self._slots, values, strict=True):
            table[key] = value
        valid = Scenario.model_validate(self._whole | self._open)
        return {name: getattr(valid, name) for name in self._touched}

    def _valid(self, wrong: set[str]) -> dict[str, Any]:
        """Validate the sections that are not known to be wrong."""
        names = [name for name in self._touched if name not in wrong]
        valid = Scenario.model_validate(self._whole | {name: self._open[name] for name in names})
        return {name: getattr(valid, name) for name in names}


def _lay(merged: Merged, varied: Sequence[Varied], first_order: int) -> list[Finding]:
    """Lay the first values, and return what is wrong with keys whatever the value.

    As with ``--set``, a key that is named later counts as nearer to the user.
    """
    findings: list[Finding] = []
    for order, item in enumerate(varied, start=first_order):
        layers = [value_layer(item.path, v, item.file, item.line, order) for v in item.values]
        for layer in reversed(layers):
            check_names(layer, merged)
            findings += layer.findings
            if not layer.findings:
                merged.lay(layer)
    return findings


def _without(tree: dict[str, Any], paths: Sequence[Path]) -> dict[str, Any]:
    """Return a copy of a tree that lacks some of its values."""
    copy = deepcopy(tree)
    for path in paths:
        table: Any = copy
        for part in path[:-1]:
            table = table.get(part) if isinstance(table, dict) else None
        if isinstance(table, dict):
            table.pop(path[-1], None)
    return copy


def _table(tree: Any, path: Path) -> Any:
    """Return the table that holds the last part of a path, in a tree as files have it."""
    for place, part in enumerate(path[:-1], start=1):
        if path[: place - 1] in keys.NAMED:
            tree = next(item for item in tree if item["name"] == part)
        else:
            tree = tree[part]
    return tree
