"""How providers are chosen, as a planner reads it."""

from __future__ import annotations

from typing import Any

import pytest

from labsim.market.procurement.award import reckoned
from labsim.market.procurement.bids import bid_factor, markup
from labsim.market.procurement.procedures import PROCEDURES
from labsim.scenario.schema import Scenario
from labsim.study.tenders import procurement_lines
from labsim.words import Words

WORDS = Words("en")
JOB = {"name": "job", "on": "outcome", "outcome": ["employment"], "eur": 900.0}


def told(**terms: Any) -> list[str]:
    return list(procurement_lines(made(**terms), WORDS))


def made(**terms: Any) -> Scenario:
    return Scenario.model_validate({"contract": {"fees": [JOB]}, "procurement": terms})


def test_given_providers_are_told_in_one_line() -> None:
    assert told() == ["The providers of the scenario serve at the prices as written."]


@pytest.mark.parametrize("procedure", sorted(PROCEDURES))
def test_every_procedure_has_words(procedure: str) -> None:
    lines = told(procedure=procedure)
    assert any(procedure[:5].lower() in line.lower() for line in lines[:1])
    assert "bid as written" in lines[1]
    assert ("prospects" in "".join(lines)) is not PROCEDURES[procedure].fixed_price


def test_a_bid_at_true_prospects() -> None:
    setup = made(procedure="open", bid_on="job")
    brings, cost = reckoned(setup, setup.providers[0])
    asked = markup(setup.procurement, 8, 0)
    factor = WORDS.percent(bid_factor(brings, cost, 1.0, asked))
    line = list(procurement_lines(setup, WORDS))[-1]
    assert f"it would ask {factor} of that" in line
    assert "Bids are for the fee job" in line


def test_all_else_is_told_where_it_is() -> None:
    text = "\n".join(
        told(
            procedure="negotiated", incumbents=False, consortium_size=2, consortium_forced=True,
            coach_bar=0.5, may_withdraw=True, rounds=3, gap_weeks=9, option_weeks=2,
            lots=[{"name": "large", "share": 0.6}, {"name": "small", "share": 0.4}],
        )
    )  # fmt: skip
    for part in (
        "All bidders are drawn", "large, small", "must bid together by 2", "2 rounds of market",
        "is 50 % of the highest", "leaves the contract", "3 contracts follow each other",
        "7 weeks between them (options bridge 2 weeks)",
    ):  # fmt: skip
        assert part.replace("50 %", WORDS.percent(0.5)) in text
