"""From facts to rows, on markets of a few hundred people."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from labsim.evidence import facts
from labsim.scenario import load
from labsim.study.validation.differences import differences
from labsim.study.validation.registry import CHECKS, Check
from labsim.study.validation.runs import Runs
from labsim.study.validation.simulating import measured, same_lives, simulate_worlds
from labsim.study.validation.validate import (
    COLUMNS,
    UnknownFact,
    chosen,
    row,
    validate,
    work,
)
from labsim.study.validation.verdict import limits
from labsim.study.validation.worlds import worlds

TINY = ("population.register=300", "referral.volume=60", "run.weeks=60")
ASKED = ("OUT-03", "REF-21", "FEE-10", "PREF-01", "OUT-01", "REF-01")


@pytest.fixture(scope="module")
def validated():
    wanted = chosen(ASKED)
    todo = work(wanted, 2, TINY)
    return wanted, todo, validate(wanted, todo)


def test_a_row_for_every_fact_asked_in_the_order_of_the_evidence(validated) -> None:
    _, _, found = validated
    assert list(found.table.columns) == COLUMNS
    assert list(found.table["id"]) == [name for name in facts() if name in ASKED]
    assert found.replications == 2
    assert found.worlds == 3
    assert found.failures == ()


def test_verdicts_follow_from_standing_or_simulation(validated) -> None:
    table = validated[2].table.set_index("id")
    assert table.loc["PREF-01", "verdict"] == "not-simulated"
    assert np.isnan(table.loc["PREF-01", "simulated"])
    assert table.loc["REF-01", "verdict"] == "input"
    assert table.loc["OUT-01", "verdict"] == "input"
    assert table.loc["OUT-01", "simulated"] > 0  # shown, though not in the score
    assert table.loc["REF-21", "verdict"] in ("inside", "outside", "inconclusive")
    assert sum(validated[2].counts().values()) == len(ASKED)


def test_the_same_again_on_two_workers(validated) -> None:
    wanted, todo, found = validated
    again = validate(wanted, todo, workers=2)
    pd.testing.assert_frame_equal(again.table, found.table)


def test_only_the_worlds_that_are_looked_at_are_simulated() -> None:
    assert work(chosen(["PREF"]), 2) == []
    assert {task.world for task in work(chosen(["FEE-10"]), 2)} == {"proof"}
    assert validate(chosen(["PREF-01"]), []).runs == 0


def test_families_and_unknown_facts() -> None:
    assert [fact.id for fact in chosen(["CC"])] == [f"CC-{n:02}" for n in range(1, 9)]
    assert len(chosen([])) == len(facts())
    with pytest.raises(UnknownFact) as caught:
        chosen(["REF-01", "REF-2l"])
    assert caught.value.asked == "REF-2l"
    assert caught.value.guess in facts()


def test_variants_share_people_and_luck() -> None:
    task = next(task for task in work(chosen(["REF-21"]), 1, TINY))
    names = [name for name, _ in task.variants]
    rows = {row["variant"]: row for row in measured(task)}
    assert set(rows) == set(names)
    assert rows["central"]["unmotivated"] == rows["advisor"]["unmotivated"]
    assert rows["central"]["referred"] != rows["reluctant"]["referred"]


def test_other_people_get_a_twin_of_their_own() -> None:
    one = load("focus-tyopolut").scenario
    assert same_lives(one, load("focus-tyopolut", design="monthly").scenario)
    other = load("focus-tyopolut", settings=["population.motivation_mean=5"]).scenario
    assert not same_lives(one, other)
    target = load("focus-tyopolut", settings=["referral.target.age_min=30"]).scenario
    assert not same_lives(one, target)


def test_every_world_loads() -> None:
    for task in work(chosen([]), 1):
        assert set(worlds()[task.world].variants) == {name for name, _ in task.variants}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_every_check_gives_a_number_for_each_replication(check: Check, tables: Runs) -> None:
    found = check.rule(tables)
    values = found if isinstance(found, np.ndarray) else found.values
    assert len(values) == 1
    published = row(facts()[check.fact], tables)
    assert published["how"]
    assert check.limits or limits(facts()[check.fact], check.tolerance)


@pytest.fixture(scope="module")
def tables() -> Runs:
    """Every world, at the smallest size at which something happens."""
    return simulate_worlds(work(chosen([]), 1, TINY), 1).runs


def test_differences_say_what_each_pilot_sets() -> None:
    table = differences()
    shared = table[table["shared"]]
    assert ("tehostettu-tyonvalitys", "population.ability_mean") in set(
        zip(shared["pilot"], shared["key"], strict=True)
    )
    assert not shared["key"].str.startswith(("contract.", "run.")).any()
    own = table[(table["pilot"] == "focus-tyopolut") & ~table["shared"]]
    assert {"referral.volume", "population.register", "contract.weeks"} <= set(own["key"])
