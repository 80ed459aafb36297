"""The patterns that must come out unforced; `python -m patterns` draws them."""

from __future__ import annotations

import pytest

from patterns.catalogue import PATTERNS


@pytest.mark.slow
@pytest.mark.parametrize("number", sorted(PATTERNS))
def test_pattern(number):
    pattern = PATTERNS[number]()
    assert pattern.number == number
    failing = [f"{claim.verdict}: {claim}" for claim in pattern.claims if claim.verdict != "holds"]
    assert failing == []
