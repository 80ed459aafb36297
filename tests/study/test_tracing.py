"""One person's two lives, and the words for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from labsim.scenario.schema import Scenario
from labsim.study.balance import summary, who
from labsim.study.story import story
from labsim.study.tracing import NoSuchPerson, trace
from labsim.words import Words

WORDS = Words()


def scenario(fee: str = "month", **contract: Any) -> Scenario:
    job = {
        "name": "job", "on": "outcome", "outcome": ["employment"], "sustained_days": 30,
        "eur": 500.0,
    }  # fmt: skip
    return Scenario.model_validate(
        {
            "run": {"weeks": 60},
            "population": {"register": 300},
            "referral": {"volume": 80, "start_week": 2, "weeks": 12},
            "contract": {
                "start_week": 2, "weeks": 30, "service_weeks_max": 15, "tracking_weeks": 20,
                "fees": [{"name": "fixed", "on": fee, "eur": 50.0}, job],
            } | contract,
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def starter() -> int:
    return trace(scenario(), 0).starters[0]


@pytest.mark.parametrize("fee", ["month", "hour"])
def test_story_tells_every_cent_of_fees(starter: int, fee: str) -> None:
    setup = scenario(fee)
    traced = trace(setup, starter)
    told = [line for week in story(setup, traced, WORDS) for line in week.with_service]
    paid = [line for line in told if line.startswith("fee paid")]
    cents = sum(round(float(line.rsplit(" ", 1)[1].replace(",", "")) * 100) for line in paid)
    assert cents == traced.lives.fees.sum() > 0


def test_story_begins_with_arrival_and_ends_with_the_run(starter: int) -> None:
    setup = scenario()
    weeks = story(setup, trace(setup, starter), WORDS)
    assert weeks[0].with_service[0] == "is on the register, unemployed"
    assert weeks[0].without[0] == "the same"
    assert weeks[-1].number == "59"
    text = "\n".join(line for week in weeks for line in week.with_service)
    assert "is referred to the service" in text
    assert "starts the service with provider" in text
    assert text.index("is referred") < text.index("starts the service")
    assert "fee" not in "\n".join(
        line for week in weeks for line in week.without if "=" not in line
    )


def test_totals_so_far_only_grow(starter: int) -> None:
    setup = scenario()
    ends = [week.with_service[-1] for week in story(setup, trace(setup, starter), WORDS)]
    benefits = [int(end.split(",\u0020pay")[0].split(" ")[2].replace(",", "")) for end in ends]
    assert benefits == sorted(benefits)


def test_a_newcomer_is_followed_from_arrival() -> None:
    setup = scenario()
    people = LabourMarket(setup=setup).people
    person = next(row for row, week in enumerate(people.entry_week) if week > 5)
    traced = trace(setup, person)
    assert story(setup, traced, WORDS)[0].number == str(people.entry_week[person])
    assert "Comes to the register" in who(setup, traced, WORDS)[-1]


def test_summary_names_starters_for_somebody_who_never_starts() -> None:
    setup = scenario()
    starters = set(trace(setup, 0).starters)
    person = next(
        row for row in range(300) if row not in starters and not trace(setup, row).started
    )
    lines = summary(setup, trace(setup, person), WORDS)
    assert any(line.startswith(f"Person {person} never starts") for line in lines)
    assert any("--person" in line for line in lines)


def test_nobody_starts_when_nobody_is_referred() -> None:
    setup = scenario()
    none = setup.model_copy(update={"referral": setup.referral.model_copy(update={"volume": 0})})
    assert "Nobody starts it in this replication." in summary(none, trace(none, 3), WORDS)


def test_without_effect_both_lives_are_the_same(starter: int) -> None:
    setup = scenario()
    coaching = setup.coaching.model_copy(update={"effect_scale": 0.0})
    setup = setup.model_copy(update={"coaching": coaching})
    traced = trace(setup, starter)
    assert (traced.lives.state == traced.twin.state).all()
    assert (traced.lives.benefits == traced.twin.benefits).all()
    fees = WORDS.number(traced.lives.fees.sum() / 100, 2)
    assert any(f"together lose {fees} EUR" in line for line in summary(setup, traced, WORDS))


@pytest.mark.parametrize("person", [10**6, 10**17])
def test_nobody_has_the_number(person: int) -> None:
    with pytest.raises(NoSuchPerson) as error:
        trace(scenario(), person)
    assert error.value.last == len(LabourMarket(setup=scenario()).people) - 1


def test_another_replication_is_another_story(starter: int) -> None:
    setup = scenario()
    first, second = (trace(setup, starter, replication) for replication in (0, 1))
    assert who(setup, first, WORDS) != who(setup, second, WORDS)


def test_referral_and_start_in_one_week_are_both_told() -> None:
    setup = scenario()
    at_once = setup.model_copy(
        update={"referral": setup.referral.model_copy(update={"wait_weeks": 0})}
    )
    person = trace(at_once, 0).starters[0]
    weeks = story(at_once, trace(at_once, person), WORDS)
    starts = next(week for week in weeks if "starts the service with provider" in week.with_service)
    assert "is referred to the service" in starts.with_service


def told_of(setup: Scenario, person: int) -> str:
    weeks = story(setup, trace(setup, person), WORDS)
    return "\n".join(line for week in weeks for line in week.with_service)


def met_in(setup: Scenario) -> int:
    """Return somebody who meets the terms of the first outcome fee."""
    market = LabourMarket(setup=setup)
    while market.running:
        market.step()
    return int(np.flatnonzero(market.purchaser.claims[0].met < NEVER)[0])


def test_a_notice_that_does_not_come_is_told() -> None:
    setup = scenario(verification="notice", notice_chance=0.0)
    person = met_in(setup)
    text = told_of(setup, person)
    assert "outcome complete: job\ngives no notice of it: job" in text
    assert "fee paid: job" not in text
    certain = scenario(verification="notice", notice_chance=1.0)
    text = told_of(certain, person)
    assert "outcome complete: job\nfee paid: job, 500.00" in text
    assert "no notice" not in text


def test_a_dispute_is_told_between_outcome_and_fee() -> None:
    terms = {"verification_lag_weeks": 1, "dispute_chance": 1.0, "dispute_weeks": 2}
    setup = scenario(dispute_lost_share=0.0, **terms)
    text = told_of(setup, met_in(setup))
    steps = ["outcome complete: job", "the purchaser sends the claim back: job", "fee paid: job"]
    places = [text.index(step) for step in steps]
    assert places == sorted(places)


def test_what_a_client_thinks_is_told_when_the_service_ends(starter: int) -> None:
    setup = scenario()
    opinion = trace(setup, starter).lives.satisfaction[-1, 0]
    assert f"thinks of the service: {opinion:.1f} points, from 1 to 5" in told_of(setup, starter)
