"""Origin and evidence of every value of a merged scenario."""

from __future__ import annotations

from typing import Any

from labsim.scenario.evidence import Source
from labsim.scenario.keys import NAMED, Key, look_up
from labsim.scenario.layer import Layer
from labsim.scenario.loaded import leaves
from labsim.scenario.merge import Merged, Origin
from labsim.scenario.paths import Path
from labsim.scenario.schema import Scenario

Stated = dict[Path, dict[int, Source]]
"""Sources that files state, by path and rank of the file."""

_CHOICES = (("title",), ("description",), ("run",))
"""Keys of which no evidence is asked, whoever sets them."""


def history(
    scenario: Scenario, merged: Merged, sources: Stated, base: Layer
) -> tuple[dict[Path, Origin], dict[Path, Source]]:
    """Return where each value was set and what it rests on.

    Parameters
    ----------
    scenario
        The valid scenario.
    merged
        The values that files set.
    sources
        What files state about them.
    base
        The defaults.
    """
    defaults = {path: value for path, _, value in leaves(Scenario())}
    origins: dict[Path, Origin] = {}
    evidence: dict[Path, Source] = {}
    for path, key, value in leaves(scenario):
        origin = merged.origins.get(path) or _named_table(path, merged) or _default(path, base)
        if origin is not None:
            origins[path] = origin
        if value is not None and value != {}:
            touched = _is_touched(path, origin, value, defaults)
            evidence[path] = _evidence(path, key, origin, sources, touched=touched)
    return origins, evidence


def _named_table(path: Path, merged: Merged) -> Origin | None:
    """Origin of a name, which is that of the table it names."""
    is_name = path[-1] == "name" and path[:-2] in NAMED
    return merged.origins.get(path[:-1]) if is_name else None


def _default(path: Path, base: Layer) -> Origin | None:
    """Origin of a key that a provider leaves out: the default provider."""
    if path[0] != "providers":
        return None
    lines = [
        line
        for known, line in base.lines.items()
        if known[0] == "providers" and known[2:] == path[2:]
    ]
    return Origin(base.file, lines[0]) if lines else None


def _is_touched(path: Path, origin: Origin | None, value: Any, defaults: dict[Path, Any]) -> bool:
    """Whether a value is anything but the default that the schema declares."""
    if origin is None:
        return False
    return origin.order > 0 or value != defaults.get(path, value)


def _declared(path: Path, key: Key) -> Source:
    """Evidence that the schema declares for a default, or for the table it is in."""
    while key.extra.get("status") is None and len(path) > 1:
        path = path[:-1]
        key = look_up(path) or key
    return key.extra.get("status", "choice"), key.extra.get("source", "")


def _evidence(
    path: Path, key: Key, origin: Origin | None, sources: Stated, *, touched: bool
) -> Source:
    """Return the nearest file's statement, else the schema's for an untouched default.

    A statement on a single value holds for it wherever it was set below; a statement on a table
    holds for what the same file sets in it.
    """
    order = 0 if origin is None else origin.order
    own = {rank: source for rank, source in sources.get(path, {}).items() if rank >= order}
    if own:
        return own[max(own)]
    for length in range(len(path) - 1, 0, -1):
        table = sources.get(path[:length], {})
        if touched and order in table:
            return table[order]
    if not touched:
        return _declared(path, key)
    is_name = path[-1] == "name" and path[:-2] in NAMED
    return ("choice", "") if is_name or path[:1] in _CHOICES else ("assumption", "")
