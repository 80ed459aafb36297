from __future__ import annotations

import math

import pytest

from labsim.evidence import facts, standings
from labsim.evidence.facts import KINDS
from labsim.study.validation import checks as _registered  # noqa: F401
from labsim.study.validation.registry import CHECKS
from labsim.study.validation.verdict import limits
from labsim.study.validation.worlds import worlds


def test_every_fact_is_read() -> None:
    known = facts()
    assert len(known) == 289
    assert {fact.kind for fact in known.values()} == set(KINDS)
    assert all(fact.statement and fact.source and fact.quantity for fact in known.values())
    assert known["REF-01"].value == 13_000
    assert (known["WA-01"].low, known["WA-01"].high) == (6, 8)
    assert math.isnan(known["REF-21"].value)
    assert known["T3-EMP-01"].subject == "T3"


def test_every_fact_is_checked_or_says_why_not() -> None:
    assert set(facts()) == set(standings()) | set(CHECKS)
    unexplained = [name for name, each in standings().items() if len(each.how) < 10]
    assert unexplained == []


def test_what_is_not_simulated_has_no_check() -> None:
    left = {name for name, each in standings().items() if each.verdict == "not-simulated"}
    assert left & set(CHECKS) == set()


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_every_check_says_how_and_where_and_within_what(check) -> None:
    assert check.how.endswith(".")
    assert check.worlds
    assert set(check.worlds) <= set(worlds())
    within = check.limits or limits(facts()[check.fact], check.tolerance)
    assert within.low <= within.high
    assert (within.low, within.high) != (-math.inf, math.inf)
