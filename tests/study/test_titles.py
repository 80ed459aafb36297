"""Titles take the place of names where people read, and change nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from labsim.market.pricing import price_list
from labsim.scenario import Scenario
from labsim.study.examples import examples
from labsim.study.titles import titled
from labsim.words import Words

FEES = [
    {"name": "monthly", "title": {"fi": "kuukausipalkkio"}, "on": "month", "eur": 50},
    {
        "name": "job", "title": {"fi": "työsuhde", "sv": "anställning"}, "on": "outcome",
        "outcome": ["employment"], "eur": 500, "by_group": {"young": 1.0, "old": 2.0},
    },
]  # fmt: skip
GROUPS = [
    {"name": "young", "title": {"fi": "nuoret"}, "when": {"age_max": 29}},
    {"name": "old", "title": "50+", "when": {"age_min": 50}},
]


def scenario(fees: Any = FEES) -> Scenario:
    return Scenario.model_validate(
        {"contract": {"fees": fees, "groups": GROUPS}, "providers": [{"name": "a"}, {"name": "b"}]}
    )


def names(found: Scenario) -> tuple[list[str], list[str]]:
    contract = found.contract
    return [fee.name for fee in contract.fees], [group.name for group in contract.groups]


def test_titles_are_taken_in_the_language_or_names_stay() -> None:
    assert names(titled(scenario(), "fi")) == (["kuukausipalkkio", "työsuhde"], ["nuoret", "50+"])
    assert names(titled(scenario(), "sv")) == (["monthly", "anställning"], ["young", "50+"])
    assert names(titled(scenario(), "en")) == (["monthly", "job"], ["young", "50+"])
    assert [each.name for each in titled(scenario(), "fi").providers] == ["a", "b"]


def test_two_of_one_title_keep_their_names() -> None:
    alike = [{**fee, "title": {"fi": "palkkio"}} for fee in FEES]
    assert names(titled(scenario(alike), "fi"))[0] == ["monthly", "job"]


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_titles_move_no_euro(language: str) -> None:
    before, after = scenario(), titled(scenario(), language)
    for old, new in zip(price_list(before), price_list(after), strict=True):
        assert (old.cents == new.cents).all()
    told = [[each.cents for each in examples(s, Words(language))] for s in (before, after)]
    assert told[0] == told[1]
    assert names(before) == (["monthly", "job"], ["young", "old"])


def test_a_bid_on_a_fee_follows_its_title() -> None:
    made = scenario()
    bids = made.procurement.model_copy(update={"bid_on": "job"})
    asked = titled(made.model_copy(update={"procurement": bids}), "fi")
    assert asked.procurement.bid_on == "työsuhde"
    assert titled(made, "fi").procurement.bid_on == "all"


def test_fees_that_end_others_follow_their_titles() -> None:
    job = {**FEES[1], "stops": ["monthly"]}
    shown = titled(scenario([FEES[0], job]), "fi").contract
    assert [fee.name for fee in shown.ended_by(shown.fees[1])] == ["kuukausipalkkio"]
