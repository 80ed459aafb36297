"""The nearest known name to a misspelt one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

LONGEST = 80


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like ``name``, if one is like it at all."""
    candidates = sorted(set(known))
    if len(name) > LONGEST:
        return None
    by_folded = {candidate.casefold(): candidate for candidate in reversed(candidates)}
    close = difflib.get_close_matches(name.casefold(), list(by_folded), n=1, cutoff=0.7)
    return by_folded[close[0]] if close else None
