"""From the name of a file to a scenario that can be run, or to every reason why it cannot."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from labsim.scenario.chain import Chain, design_chain, scenario_chain
from labsim.scenario.checks import check
from labsim.scenario.evidence import stated
from labsim.scenario.findings import BadInput, Finding, ordered
from labsim.scenario.history import Stated, history
from labsim.scenario.keys import MERGED_BY_NAME
from labsim.scenario.layer import Layer
from labsim.scenario.loaded import Loaded
from labsim.scenario.merge import Merged
from labsim.scenario.paths import dotted
from labsim.scenario.schema import Scenario
from labsim.scenario.settings import check_names, setting_layers
from labsim.scenario.validate import sections

OWN = "own"


def load(
    source: str | os.PathLike[str],
    *,
    settings: Sequence[str] = (),
    design: str | os.PathLike[str] | None = None,
) -> Loaded:
    """Load a scenario.

    Parameters
    ----------
    source
        A file, or the id of a shipped one.
    settings
        ``key=value`` pairs that win over every file.
    design
        A design to lay over the scenario: a file, the id of a shipped one, or ``own`` for none.

    Raises
    ------
    BadInput
        With every fault found.
    """
    chains = read_chains(os.fspath(source), None if design is None else os.fspath(design))
    findings = [finding for chain in chains for finding in chain.findings]
    layers = [layer for chain in chains for layer in chain.layers]
    options = setting_layers(settings, len(layers))
    if not all(chain.whole for chain in chains):
        noted = [finding for layer in (*layers, *options) for finding in layer.findings]
        raise BadInput([*findings, *noted])
    merged, sources = merge_chains(chains, options)
    findings += [finding for layer in (*layers, *options) for finding in layer.findings]
    valid, faults = sections(merged)
    errors, warnings = check(valid, merged)
    findings = _without_echoes(findings, faults) + errors
    if findings:
        raise BadInput(placed(findings, layers))
    scenario = Scenario.model_construct(**valid, sources=spelt(sources))
    origins, evidence = history(scenario, merged, sources, layers[0])
    design_name = chains[1].name if len(chains) > 1 else OWN
    return Loaded(
        scenario, chains[0].name, design_name, origins, evidence, placed(warnings, layers)
    )


def read_chains(source: str, design: str | None, beside: str = "") -> list[Chain]:
    """Read the scenario's files and the design's; both are tried before anything is refused."""
    chains: list[Chain] = []
    findings: list[Finding] = []
    try:
        chains.append(scenario_chain(source, beside))
    except BadInput as error:
        findings += error.findings
    if design not in (None, OWN):
        try:
            below = len(chains[0].layers) if chains else 0
            chains.append(design_chain(str(design), below, beside))
        except BadInput as error:
            findings += error.findings
    if findings:
        noted = [finding for chain in chains for finding in chain.findings]
        raise BadInput([*findings, *noted])
    return chains


def merge_chains(chains: list[Chain], options: list[Layer]) -> tuple[Merged, Stated]:
    """Lay all layers; returns the result, and the stated sources with the rank of their layer."""
    merged = Merged()
    sources: Stated = {}
    scenario, *designs = chains
    for layer in scenario.layers:
        merged.lay(layer)
        _add(sources, layer, merged)
    for design in designs:
        _keep_listed(merged, design)
        for layer in design.layers:
            merged.lay(layer)
            _add(sources, layer, merged)
    for layer in options:
        check_names(layer, merged)
        if not layer.findings:
            merged.lay(layer)
    return merged, sources


def _keep_listed(merged: Merged, design: Chain) -> None:
    """Drop the fees and groups that a design with fees or groups of its own does not list."""
    own = Merged()
    for layer in design.layers:
        own.lay(layer)
    for path in MERGED_BY_NAME:
        table: Any = own.tree
        for part in path:
            table = table.get(part) if isinstance(table, dict) else None
        if isinstance(table, dict):
            merged.keep(path, table)


def _add(sources: Stated, layer: Layer, merged: Merged) -> None:
    for path, source in stated(layer, merged).items():
        sources.setdefault(path, {})[layer.order] = source


def _without_echoes(noted: list[Finding], faults: list[Finding]) -> list[Finding]:
    """Leave out faults that follow from one already noted: the required key that was misspelt."""
    misspelt = {
        (*finding.path[:-1], finding.values["guess"])
        for finding in noted
        if finding.code == "unknown_key_guess"
    }
    echoes = [f for f in faults if f.code == "required" and f.path in misspelt]
    return noted + [fault for fault in faults if fault not in echoes]


def placed(findings: list[Finding], layers: list[Layer]) -> list[Finding]:
    """Give a file to findings about values that no file sets: the nearest one."""
    file = layers[-1].file
    return ordered(finding if finding.file else replace(finding, file=file) for finding in findings)


def spelt(sources: Stated) -> dict[str, str]:
    """Write the statements of the nearest files the way ``[sources]`` has them."""
    nearest = {path: stated[max(stated)] for path, stated in sources.items()}
    return {dotted(path): f"{status}: {text}".strip() for path, (status, text) in nearest.items()}
