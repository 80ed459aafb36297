"""Every shipped scenario and design loads, runs at a small size, and explains itself."""

from __future__ import annotations

import tomllib

import pytest

from labsim.scenario import shipped
from labsim.scenario.loading import load
from labsim.scenario.schema import Scenario
from labsim.study.replication import Job, simulate

PILOTS, DESIGNS = shipped.ids()["pilots"], shipped.ids()["designs"]
SMALL = (
    "population.register=300", "referral.volume=60", "referral.start_week=2", "referral.weeks=20",
    "contract.start_week=2", "contract.weeks=60", "run.weeks=66", "office.knowledge_at_start=1",
)  # fmt: skip
LONGEST = 60
"""Keys that a pilot's file may set: one that needs more is hard to read."""


def small(name: str, design: str | None = None) -> Scenario:
    return load(name, design=design, settings=SMALL).scenario


def indicators(setup: Scenario) -> dict:
    return simulate(Job("small", (("own", setup),), 0)).runs.iloc[0].to_dict()


@pytest.mark.parametrize("name", PILOTS)
def test_every_pilot_runs(name: str) -> None:
    found = indicators(small(name))
    assert found["referred"] > 0
    assert found["started"] <= found["referred"]
    assert found["outcomes_paid"] <= found["started"]


@pytest.mark.parametrize("name", DESIGNS)
def test_every_design_runs(name: str) -> None:
    found = indicators(small("focus-tyopolut", name))
    assert found["outcomes_paid"] <= found["started"] <= found["referred"]
    assert found["fees_eur"] >= 0


@pytest.mark.parametrize("name", [*PILOTS, *DESIGNS])
def test_every_file_is_titled_in_three_languages(name: str) -> None:
    tree = tomllib.loads(shipped.find(name).path.read_text(encoding="utf-8"))
    assert set(tree["title"]) == {"en", "fi", "sv"}
    assert tree["description"]


@pytest.mark.parametrize("name", PILOTS)
def test_every_euro_and_every_number_about_people_says_what_it_rests_on(name: str) -> None:
    asks = ("population", "labour_market", "coaching", "office", "finance")
    unstated = [
        value.key
        for value in load(name).values()
        if value.is_set
        and value.source == ("assumption", "")
        and (value.path[0] in asks or (value.path[-1] == "eur" and value.value > 0))
        and value.path[:2] != ("population", "areas")
    ]
    assert unstated == []


@pytest.mark.parametrize("name", PILOTS)
def test_a_pilots_file_is_short(name: str) -> None:
    tree = tomllib.loads(shipped.find(name).path.read_text(encoding="utf-8"))
    for head in ("title", "description", "sources"):
        tree.pop(head)
    assert count(tree) <= LONGEST


def count(tree: object) -> int:
    """Return the number of values in a tree of tables."""
    if isinstance(tree, dict):
        return sum(map(count, tree.values()))
    if isinstance(tree, list) and tree and isinstance(tree[0], dict):
        return sum(map(count, tree))
    return 1
