"""How many people of a target group there can be."""

from __future__ import annotations

from math import inf

import pytest

from labsim.scenario.sections.population import Population
from labsim.scenario.sections.referral import Target
from labsim.study.explain import explain
from labsim.study.reach import people_within_reach, target_share
from labsim.words import Words
from tests.builders import scenario

SHARES = {
    "population": {
        "register": 1000,
        "inflow_per_week": 0.0,
        "areas": {"north": 0.4, "south": 0.6},
        "sectors": {"care": 0.3, "other": 0.7},
        "needs": {"none": 0.5, "one": 0.2, "two": 0.2, "three_or_more": 0.1},
        "age": {"under_25": 0.2, "from_25_to_34": 0.3, "from_35_to_49": 0.3, "from_50": 0.2},
    }
}


@pytest.mark.parametrize(
    ("target", "share"),
    [
        ({}, 1.0),
        ({"areas": ["north"]}, 0.4),
        ({"areas": ["north", "south"]}, 1.0),
        ({"sectors": ["care"], "areas": ["south"]}, 0.18),
        ({"sectors_excluded": ["care"]}, 0.7),
        ({"needs_min": 2}, 0.3),
        ({"age_max": 24}, 0.2),
        ({"age_min": 30, "age_max": 49}, 0.15 + 0.3),
        ({"benefit": ["labour-market-support"], "unemployed_months_min": 3.0}, None),
    ],
)
def test_shares_of_a_target_multiply(target: dict[str, object], share: float | None) -> None:
    people = scenario(SHARES).population
    found = target_share(people, Target.model_validate(target))
    assert found == pytest.approx(people.benefit.labour_market_support if share is None else share)


def test_nobody_is_left_out_by_default() -> None:
    assert target_share(Population(), Target()) == pytest.approx(1)


def test_people_are_counted_only_where_the_register_is_short() -> None:
    asked = {"referral": {"volume": 400, "target": {"areas": ["north"]}}}
    assert people_within_reach(scenario(SHARES, asked)) == inf
    asked["referral"]["volume"] = 401
    assert people_within_reach(scenario(SHARES, asked)) == pytest.approx(400)
    drawn = {"referral": {"regime": "lottery", "drawn_share": 0.25, "volume": 401}}
    assert people_within_reach(scenario(SHARES, drawn)) == pytest.approx(250)


def test_fewer_people_than_are_asked_for_is_said() -> None:
    setup = scenario(SHARES, {"referral": {"volume": 5000}})
    text = "\n".join(line for block in explain(setup, Words()) for line in block.paragraphs)
    assert "At most about 1,000 people of the target group" in text
    assert "not all 5,000 can come" in text
