"""Names that labsim reserves and this version does not support: refused in so many words.

A key that the schema declares is never looked up here, so an entry that has become real does no
harm until somebody removes it.
"""

from __future__ import annotations

from labsim.scenario.paths import Path

_KEYS: dict[Path, set[str]] = {
    (): {"evaluation"},
    ("population",): {"from_csv"},
    ("labour_market",): {"segments"},
}

_CHOICES: dict[Path, set[str]] = {}


def is_reserved_key(path: Path) -> bool:
    """Whether a key that the schema lacks is one that a later version will have."""
    return path[-1] in _KEYS.get(_pattern(path[:-1]), ())


def is_reserved_choice(path: Path, value: object) -> bool:
    """Whether a value that the schema refuses is one that a later version will take."""
    return isinstance(value, str) and value in _CHOICES.get(_pattern(path), ())


def _pattern(path: Path) -> Path:
    parts = [part for part in path if not isinstance(part, int)]
    if parts[:2] in (["contract", "fees"], ["contract", "groups"]) and len(parts) > 2:
        parts[2] = "*"
    return tuple(parts)
