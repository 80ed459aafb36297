"""How providers are chosen, as a planner reads it."""

from __future__ import annotations

from statistics import fmean
from typing import Any

import pytest

from labsim.market.draws import Draws
from labsim.market.periods import Periods
from labsim.market.procurement.award import award, reckoned
from labsim.market.procurement.bids import bid_factor, markup
from labsim.market.procurement.procedures import PROCEDURES
from labsim.scenario.schema import Scenario
from labsim.study.dates import Calendar
from labsim.study.explain import example_lines, explain
from labsim.study.tenders import asked_by_winners, procurement_lines
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
    assert "bids as written" in lines[1]
    assert ("as it really is" in "".join(lines)) is not PROCEDURES[procedure].fixed_price


def test_a_bid_at_true_prospects() -> None:
    setup = made(procedure="open", bid_on="job")
    brings, cost = reckoned(setup, setup.providers[0])
    asked = markup(setup.procurement, 8, 0)
    factor = WORDS.percent(bid_factor(brings, cost, 1.0, asked))
    *_, line, usual = procurement_lines(setup, WORDS)
    assert f"it would ask {factor} of that fee as written" in line
    assert usual.startswith("What winners usually ask: ")
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
        "The bidders are firms like", "large, small", "must bid together, 2 in each",
        "After 2 rounds of market", "40 hours of the purchaser's", "80 hours of each bidder's",
        "is 50 % of the highest", "leaves the contract", "3 contracts follow each other",
        "with 7 weeks between them", "may go on for 2 weeks", "Nobody new is referred",
        "21 weeks from its start", "begins 26 weeks before",
    ):  # fmt: skip
        assert part.replace("50 %", WORDS.percent(0.5)) in text


def test_winners_ask_what_the_awards_of_the_run_say() -> None:
    setup = made(procedure="open")
    factors = asked_by_winners(setup)
    found = [award(setup, Draws(setup.run.seed, number)) for number in range(10)]
    assert factors == [each.factor[each.winners[0]] for each in found]
    assert WORDS.percent(fmean(factors)) in "\n".join(procurement_lines(setup, WORDS))


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"winners": 1}, "; the best one wins."), ({"winners": 2}, "; the best 2 win."),
        ({"ceiling": 0.9}, "Bids of more than 90 % of the prices"),
        ({"bid_hours": 7.0, "tender_hours": 9.0}, "takes 9 hours of the purchaser's time"),
        ({"dialogue_rounds": 1, "dialogue_weeks": 6}, "A round of dialogue takes 6 weeks"),
        ({"rounds": 2, "notice_weeks": 30}, "begins 30 weeks before"),
        ({"rounds": 2, "option_weeks": 5, "gap_weeks": 0}, "none of that is needed"),
    ],
)  # fmt: skip
def test_a_planners_own_terms_are_told(terms: dict[str, Any], said: str) -> None:
    text = "\n".join(told(procedure="open", **terms)).replace("\u00a0", " ")
    assert said in text


def blocks(setup: Scenario) -> str:
    return "\n".join(line for block in explain(setup, WORDS) for line in block.paragraphs)


def test_an_alliance_says_what_becomes_of_fees() -> None:
    setup = made(procedure="alliance", alliance_share=0.4)
    text = blocks(setup).replace("\u00a0", " ")
    assert "the purchaser keeps 40 % of each, so that the partner is paid 60 %" in text
    assert "40 % of every fee is taken off" in "".join(example_lines(setup, WORDS)).replace(
        "\u00a0", " "
    )


def test_several_contracts_are_told_with_all_their_clients_and_dates() -> None:
    setup = made(procedure="open", rounds=3, gap_weeks=4, option_weeks=2)
    text, periods = blocks(setup), Periods.of(setup)
    volume = setup.referral.volume
    assert f"in each of 3 contracts: {WORDS.number(3 * volume)} people" in text
    calendar = Calendar(setup)
    for number, (start, end) in enumerate(zip(periods.start, periods.end, strict=True), start=1):
        dates = f"{calendar.day(int(start))} (week {int(start)} of the run)"
        assert f"Contract {number}: clients are served from {dates}" in text
        assert calendar.last_day(int(end) - 1) in text
    assert f"ends on {calendar.last_day(periods.last_week_paid)}" in text
    assert "A winner promises coaches" in text
