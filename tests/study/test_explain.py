"""A contract in plain words, and examples that the real purchaser pays."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

from labsim.market.phases import SCHEDULE
from labsim.market.pricing import expected_spend, most_referred
from labsim.scenario import load, shipped
from labsim.scenario.schema import Scenario
from labsim.study.basis import counts, unsure
from labsim.study.examples import Example, examples
from labsim.study.explain import example_lines, explain, schedule
from labsim.study.generosity import generosity_lines
from labsim.words import Words

WORDS = Words()
JOB: dict[str, Any] = {
    "name": "job",
    "on": "outcome",
    "outcome": ["employment"],
    "sustained_days": 90,
    "eur": 1000.0,
}
FEES_1: list[dict[str, Any]] = [
    {"name": "start", "on": "start", "eur": 100.0},
    {"name": "month", "on": "month", "eur": 43.0},
    JOB,
]
FEES_2: list[dict[str, Any]] = [
    {"name": "hour", "on": "hour", "eur": 60.0},
    {"name": "found", "on": "outcome", "outcome": ["employment"], "eur": 200.0},
    {**JOB, "eur": 800.0, "by_group": {"near": 1.0, "middle": 2.0, "far": 3.0}},
    {"name": "study", "on": "outcome", "outcome": ["education"], "eur": 300.0},
]


def scenario(fees: list[dict[str, Any]], **contract: Any) -> Scenario:
    terms = {"weeks": 40, "service_weeks_max": 20, "verification_lag_weeks": 4} | contract
    return Scenario.model_validate({"contract": {**terms, "fees": fees}})


def text_of(setup: Scenario) -> str:
    return "\n".join(line for block in explain(setup, WORDS) for line in block.paragraphs)


def totals(found: list[Example]) -> list[int]:
    for example in found:
        assert example.cents == sum(row.cents or 0 for row in example.rows)
    return [example.cents for example in found]


def test_examples_by_hand_start_month_and_job() -> None:
    # Week 4 is 2019-02-04. Weeks that begin in February: 4, March: 4, April: 5, May: 4, June: 4.
    start, month = 10000, 4300
    all_20_weeks = start + 4 * month + round(month * 3 / 4)  # to the third week of June
    found = examples(scenario(FEES_1), WORDS)
    assert totals(found) == [
        start + month + round(month * 2 / 4) + 100000,  # in service for 4 + 2 weeks
        start + 2 * month + round(month * 2 / 5),  # for 4 + 4 + 2 weeks; the job is too short
        all_20_weeks,  # a study place is no outcome here
        all_20_weeks,
        all_20_weeks,  # a job after the service does not count
    ]
    assert "two weeks after the service" in found[4].title
    assert found[0].notes == ()
    assert found[1].notes == ("Does not count, job: it lasted 8 weeks, 13 weeks are asked for.",)
    assert found[2].notes == ("A study place is not an outcome of this contract.",)
    assert found[4].notes == ("Does not count, job: it began after the service had ended.",)


def test_examples_by_hand_hours_ladder_groups_and_an_early_end() -> None:
    hour = 2520  # 21 hours of a coach for 50 clients: 0.42 hours at 60 EUR
    found = examples(scenario(FEES_2, tracking_weeks=10), WORDS)
    assert totals(found) == [
        6 * hour + 20000 + 80000,  # near
        10 * hour + 20000,
        20 * hour + 30000,  # the study place, at once
        20 * hour,
        20 * hour + 20000,  # the job is complete after the last payments
    ]
    assert "contract's last week" in found[4].title
    assert [note.split(",")[0] for note in found[4].notes] == ["Not paid"]
    assert "(group far)" in found[2].title


def test_example_shows_register_lag() -> None:
    found = examples(scenario(FEES_1), WORDS)[0]
    paid = [row for row in found.rows if row.text == "job"]
    # Found in week 6, 13 weeks long by week 18, in the register 4 weeks later.
    assert [(row.weeks, row.date, row.cents) for row in paid] == [("22", "2019-07-01", 100000)]


def unpaid(**contract: Any) -> list[str]:
    setup = scenario([FEES_1[0]], **contract)
    heading = WORDS("explain.heading.unpaid")
    block = next(block for block in explain(setup, WORDS) if block.heading == heading)
    return [text for text in block.paragraphs if "EUR" in text]


def test_a_budget_is_told_with_the_people_it_is_enough_for() -> None:
    assert unpaid() == []
    setup = scenario([FEES_1[0]])
    volume, spend = setup.referral.volume, expected_spend(setup)
    ceiling, enough = unpaid(budget_eur=spend + 1)
    assert ceiling.startswith(f"At most {WORDS.number(spend + 1, 2)} EUR")
    assert f"whole volume of {WORDS.number(volume)} people" in enough
    assert "cost 100.00 EUR" in enough
    _, stops = unpaid(budget_eur=spend / 2)
    most = most_referred(scenario([FEES_1[0]], budget_eur=spend / 2))
    assert most == volume // 2
    assert f"stops referring after {WORDS.number(most)}" in stops
    assert WORDS.number(spend) in stops


def test_examples_leave_the_budget_of_all_clients_aside() -> None:
    free, poor = (examples(scenario(FEES_1, budget_eur=eur), WORDS) for eur in (None, 1.0))
    assert totals(free) == totals(poor)


@pytest.mark.parametrize("design", shipped.ids()["designs"])
def test_arithmetic_ends_at_the_expected_spend(design: str) -> None:
    setup = load("focus-tyopolut", design=design).scenario
    meant, lines = setup.contract.expected_spend_per_start_eur, generosity_lines(setup, WORDS)
    if setup.contract.rescales and meant is not None:
        assert any(WORDS.number(meant, 2) in line for line in lines)
    else:
        assert lines == [WORDS("explain.generosity.none")]
    assert len(examples(setup, WORDS)) == 5


def test_the_first_designs_are_rescaled() -> None:
    for design in ("capacity", "hourly", "mixed", "mixed-by-group", "monthly", "no-cure-no-pay"):
        contract = load("focus-tyopolut", design=design).scenario.contract
        assert contract.rescales
        assert contract.expected_spend_per_start_eur is not None


def test_the_shown_stay_follows_from_the_shown_rates() -> None:
    setup = load("focus-tyopolut", design="monthly").scenario
    [line] = [text for text in generosity_lines(setup, WORDS) if text.startswith("Expected stay")]
    shares = [float(found) / 100 for found in re.findall(r"([0-9.]+)\u00a0%", line)]
    dropout, counts, rate, leaving = shares
    weeks = [float(found) for found in re.findall(r"([0-9.]+) weeks", line)]
    out = leaving + dropout
    served = -math.expm1(-out * weeks[0])
    assert weeks[1] == pytest.approx(served / out, abs=0.3)
    assert rate == pytest.approx(counts * leaving / out * served, abs=0.02)


def test_fees_as_written_are_not_rescaled() -> None:
    assert generosity_lines(scenario(FEES_1), WORDS) == [
        "The fees are paid as they are written; nothing is rescaled."
    ]


def test_limits_and_windows_are_told() -> None:
    month = {
        "name": "m", "on": "month", "eur": 10.0, "from_service_week": 4, "to_service_week": 11,
        "max_per_client": 1.5,
    }  # fmt: skip
    job = {
        **JOB, "min_hours_share": 0.8, "starts_within": "service+30d",
        "completed_within": "service+120d",
    }  # fmt: skip
    text = text_of(scenario([month, job]))
    for part in (
        "weeks 5 to 12 of the service",
        "At most 1.5 months",
        "within 5 weeks after it",
        "from 80\u00a0% of full-time hours",
        "within 18 weeks of the end of the longest service",
    ):
        assert part in text


def test_last_chance_is_the_last_week_that_is_paid() -> None:
    # Contract from week 4 to 43, last payable week 54: 13 weeks and a lag of 4 need week 38.
    text = text_of(scenario([JOB], tracking_weeks=10))
    assert "job: nothing for an outcome that begins after 2019-10-06" in text
    assert "begins after 20" not in text_of(scenario([JOB], tracking_weeks=26))


NOTICE: dict[str, Any] = {"verification": "notice", "notice_chance": 0.8, "notice_weeks": 3}


def test_notice_is_told_and_the_fourth_client_gives_none() -> None:
    pays_less = {**JOB, "name": "quick", "sustained_days": 0, "eur": 750.0, "eur_unnotified": 190.0}
    setup = scenario([pays_less, JOB], **NOTICE)
    text = text_of(setup)
    for part in (
        "Without the client's notice only 190.00 EUR is paid.",
        "expected for 80\u00a0% of outcomes; the purchaser waits 3 weeks for it",
        "job: nothing without the client's notice.",
        "takes 30 more minutes of the purchaser's time",
    ):
        assert part in text
    assert "register" not in text
    assert "quick: nothing" not in text
    found = examples(setup, WORDS)
    assert totals(found) == [175000, 75000, 0, 19000, 0]
    assert "gives no notice" in found[3].title
    assert found[3].notes == (
        "Not paid in full, quick: the client gives no notice.",
        "Not paid, job: the client gives no notice.",
    )
    # Found in week 6; the purchaser waits three weeks more.
    assert [row.weeks for row in found[3].rows if row.cents] == ["9"]
    assert "Clients give notice of what they find, except the fourth." in example_lines(
        setup, WORDS
    )


@pytest.mark.parametrize(
    ("share", "week", "said"), [(0.4, "18", "not checked"), (0.6, "22", "Claims are checked")]
)
def test_a_sample_is_told(share: float, week: str, said: str) -> None:
    setup = scenario([JOB], verification="sample", sample_share=share)
    assert f"a sample of {share * 100:.0f}\u00a0% of the outcomes claimed" in text_of(setup)
    [row] = [row for row in examples(setup, WORDS)[0].rows if row.cents]
    assert row.weeks == week
    assert any(said in line for line in example_lines(setup, WORDS))


@pytest.mark.parametrize(("lost", "cents"), [(0.1, 100000), (0.9, 0)])
def test_disputes_are_told(lost: float, cents: int) -> None:
    terms = {"dispute_chance": 0.9, "dispute_weeks": 5, "dispute_lost_share": lost}
    setup = scenario([JOB], **terms)
    text = text_of(setup)
    assert "90\u00a0% of the claims looked at are sent back" in text
    assert "come back after 5 weeks" in text
    first = examples(setup, WORDS)[0]
    assert first.cents == cents
    # In the register four weeks after week 18, and back five weeks later.
    assert [row.weeks for row in first.rows if "sent back" in row.text] == ["22"]
    assert [row.weeks for row in first.rows if row.cents] == (["27"] if cents else [])
    assert len(first.notes) == (0 if cents else 1)


def test_no_word_of_disputes_where_there_are_none() -> None:
    assert "sent back" not in text_of(scenario([JOB]))


def test_payer_follows_the_rules() -> None:
    assert "The state buys" in text_of(scenario([JOB]))
    setup = Scenario.model_validate({"finance": {"rules": "2025"}, "contract": {"fees": [JOB]}})
    assert "The municipality buys" in text_of(setup)


def test_target_and_groups_are_told() -> None:
    setup = Scenario.model_validate(
        {
            "referral": {"target": {"age_min": 30, "benefit": ["labour-market-support"]}},
            "contract": {
                "groups": [{"name": "young", "when": {"age_max": 40}}],
                "fees": [{**JOB, "by_group": {"young": 2.0}}],
            },
        }
    )
    text = text_of(setup)
    assert "age 30 or more; receives labour market support" in text
    assert "young: age 40 or less." in text
    assert "2,000.00 (young) EUR" in text


def test_every_phase_has_a_meaning() -> None:
    assert [name for name, _ in schedule(WORDS)] == [phase.name for phase in SCHEDULE]
    assert all(meaning.endswith(".") for _, meaning in schedule(WORDS))


def test_basis_lists_what_is_unsure() -> None:
    loaded = load("focus-tyopolut")
    rows = unsure(loaded, WORDS)
    assumed = [row for row in rows if row.status == "assumption"]
    assert len(assumed) == len(loaded.assumptions())
    assert {row.status for row in rows} == {"assumption", "from memory, unverified"}
    assert f"assumption {len(assumed)}" in counts(loaded, WORDS)
    coaching = [row.value.split(" ")[0] for row in rows if row.section == "coaching"]
    # A plausible range of 0 to 1 around 0.5 is wider than one of 0.9 to 1 around 0.97.
    assert coaching.index("coaching.prospects_exponent") < coaching.index(
        "coaching.search_during_service"
    )
    assert all(row.place for row in rows)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"regime": "advisor"}, "whom they meet"),
        ({"regime": "bulk"}, "sends letters to the whole target group"),
        ({"regime": "profiling"}, "farthest from work first"),
        ({"regime": "profiling", "profiling_first": "near"}, "nearest to work first"),
        ({"provider_choice": "office"}, "an officer chooses among the providers"),
        ({"provider_choice": "client"}, "Clients choose among the providers"),
        ({"provider_choice": "lottery"}, "A draw decides which provider serves a client: A, B."),
        ({"target": {"work_ability_min": 5.0}}, "or more, as the TE office sees it"),
        ({"regime": "self"}, "People of the target group come by themselves"),
        ({"regime": "self"}, "A makes itself known with 0.0 points of 10"),
        ({"regime": "info-session"}, "to information sessions, until"),
        ({"also_self": True}, "may also come by themselves"),
        (
            {"also_self": True, "marketing": {"aimed_factor": 2.5, "aimed_at": {"age_max": 30}}},
            "they ask 2.5 times as often: age 30 or less.",
        ),
        ({"participation": "mandatory"}, "lose their benefit for 9 weeks"),
        ({"target": {"sectors_excluded": ["any"]}}, "not in sector any"),
        ({"target": {"no_known_change_months": 3.0}}, "not known to leave unemployment within 3"),
        ({"target": {"expected_exit_months_max": 6.0}}, "to leave unemployment within 6 months"),
        ({"target": {"needs_min": 2}}, "at least 2 service needs at once"),
    ],
)
def test_ways_to_refer_and_to_choose_are_told(keys: dict[str, Any], told: str) -> None:
    tree = {"referral": keys, "providers": [{"name": "A"}, {"name": "B"}]}
    assert told in text_of(Scenario.model_validate(tree))


def test_staff_and_sending_back_are_told() -> None:
    setup = scenario(FEES_1, may_send_back=True)
    providers = [
        setup.providers[0].model_copy(update={"promised_coaches": 7.0, "promise_weeks": 13})
    ]
    told = text_of(setup.model_copy(update={"providers": providers}))
    assert "promises 7.0 coaches" in told
    assert "of them are there from the first day, for 13 weeks" in told
    assert "Providers may send back people" in told
    bought = {"name": "coaches", "on": "coach-month", "eur": 5_000.0, "coaches": 2.0}
    told = text_of(scenario([bought]))
    assert "promises" not in told
    assert "send back" not in told
