"""The patterns that must come out unforced; `python -m patterns` draws them."""

from __future__ import annotations

import pytest

from patterns.catalogue import PATTERNS

FEWER = {4: 12, 5: 8, 10: 6}
"""Replications of those whose claims lie far within their limits; docs/patterns.md has more."""


@pytest.mark.slow
@pytest.mark.parametrize("number", sorted(PATTERNS))
def test_pattern(number):
    find = PATTERNS[number]
    pattern = find(FEWER[number]) if number in FEWER else find()
    assert pattern.number == number
    failing = [f"{claim.verdict}: {claim}" for claim in pattern.claims if claim.verdict != "holds"]
    assert failing == []
