"""What is paid, to the cent, against examples worked out by hand.

In most of them the whole register starts in week 0, so that every amount is a number of people
times an amount per person.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from tests.builders import (
    ALIKE,
    ALL_START,
    FROM_WEEK_0,
    JOBS_FOR_EVER,
    NO_EXITS,
    ONLY_JOBS,
    WORK_AT_ONCE,
    fees,
    market,
    scenario,
    staffed_at_once,
)

N = 30
STAYING = (
    ALIKE, NO_EXITS, ALL_START, FROM_WEEK_0, staffed_at_once(N), {"population": {"register": N}},
)  # fmt: skip
"""Thirty people in the service from week 0, and nothing happens to them."""
AT_WORK = (ALIKE, ONLY_JOBS, WORK_AT_ONCE, JOBS_FOR_EVER, ALL_START, FROM_WEEK_0,
           {"population": {"register": N}})  # fmt: skip
"""Thirty people who start the service in week 0, find a job in the same week and keep it."""


def paid(model: LabourMarket, item: str, **match: str) -> int:
    """Return the cents of a fee."""
    return model.ledger.total(kind="fee", item=item, **match)


def by_week(model: LabourMarket, item: str) -> dict[int, int]:
    """Return the cents of a fee by week, weeks without any left out."""
    rows, sums = model.ledger.rows(), {}
    for week, name, cents in zip(rows["week"], rows["item"], rows["cents"], strict=True):
        if name == item:
            sums[week] = sums.get(week, 0) + cents
    return sums


def between(first: int, last: int) -> dict[str, int]:
    """Return the keys of a fee that is paid in some weeks of service only."""
    return {"from_service_week": first, "to_service_week": last}


def test_all_of_them_start():
    model = market(scenario(*STAYING))
    assert (model.columns.service_start == 0).sum() == N


# Starts


def test_revenue_is_starts_times_fee():
    model = market(
        scenario({"referral": {"volume": 150}}, fees({"name": "s", "on": "start", "eur": 123.45}))
    )
    starts = int((model.columns.service_start < NEVER).sum())
    assert 40 < starts < 150
    assert paid(model, "s") == starts * 12_345
    assert model.ledger.total(kind="fee") == starts * 12_345
    assert by_week(model, "s") == {
        week: 12_345 * int(n) for week, n in enumerate(model.flows["started"]) if n
    }


def test_starts_by_group_of_the_contract():
    young, old = (
        {"name": "young", "when": {"age_max": 34}},
        {"name": "old", "when": {"age_min": 50}},
    )
    fee = {"name": "s", "on": "start", "eur": 100.0, "by_group": {"young": 0.5, "old": 3.0}}
    model = market(scenario({"contract": {"groups": [young, old]}}, fees(fee)))
    ages = model.columns.age[model.columns.service_start < NEVER]
    counts = [int((ages <= 34).sum()), int((ages >= 50).sum())]
    between = ages.size - sum(counts)
    assert min(*counts, between) > 0
    # People of no group pay the fee as written.
    assert paid(model, "s") == 5_000 * counts[0] + 30_000 * counts[1] + 10_000 * between
    assert paid(model, "s", group="young") == 5_000 * counts[0]
    assert paid(model, "s", group="") == 10_000 * between


def test_the_first_group_that_fits_counts():
    groups = [
        {"name": "first", "when": {"age_min": 18}},
        {"name": "second", "when": {"age_min": 18}},
    ]
    fee = {"name": "s", "on": "start", "eur": 1.0, "by_group": {"first": 1.0, "second": 50.0}}
    model = market(scenario({"contract": {"groups": groups}}, fees(fee)))
    assert paid(model, "s") == 100 * (model.columns.service_start < NEVER).sum()


def test_assessed_thirds_without_groups():
    fee = {
        "name": "s", "on": "start", "eur": 10.0,
        "by_group": {"near": 1.0, "middle": 2.0, "far": 4.0},
    }  # fmt: skip
    model = market(scenario({"office": {"assessment_noise_sd": 0.0}}, fees(fee)))
    started = np.flatnonzero(model.columns.service_start < NEVER)
    groups = model.columns.group[started]
    counts = np.bincount(groups, minlength=3)
    assert (counts > 0).all()
    assert paid(model, "s") == int((counts * [1_000, 2_000, 4_000]).sum())
    # Without an error of assessment, groups are in order of the true hazard.
    hazard = model.columns.assessed_log_hazard[started]
    assert hazard[groups == 0].min() >= hazard[groups == 1].max()
    assert hazard[groups == 1].min() >= hazard[groups == 2].max()


# Months


def test_months_by_the_calendar():
    # Week 0 begins on Monday 7 January 2019. Weeks that begin in January: 0-3; February: 4-7 (4 to
    # 25);
    # March: 8-11 (4 to 25). Ten weeks of service are 1 + 1 + 2/4 months.
    model = market(
        scenario(
            *STAYING,
            {"contract": {"weeks": 30, "service_weeks_max": 10}},
            fees({"name": "m", "on": "month", "eur": 100.02}),
        )
    )
    assert by_week(model, "m") == {3: N * 10_002, 7: N * 10_002, 11: N * 5_001}


def test_a_month_of_five_weeks_is_one_month():
    # 1, 8, 15, 22 and 29 April 2019; service from 1 April (week 12) for six weeks: 5/5 + 1/4 (May:
    # 6-27).
    model = market(
        scenario(
            *STAYING,
            {
                "referral": {"start_week": 12},
                "contract": {"start_week": 12, "service_weeks_max": 6},
            },
            fees({"name": "m", "on": "month", "eur": 80.0}),
        )
    )
    assert by_week(model, "m") == {16: N * 8_000, 20: N * 2_000}


def test_the_first_month_may_have_begun_before_the_run():
    # The run begins on 21 January: two of January's four Mondays (7, 14, 21, 28).
    model = market(
        scenario(
            *STAYING,
            {"run": {"start_date": date(2019, 1, 21)}, "contract": {"service_weeks_max": 2}},
            fees({"name": "m", "on": "month", "eur": 10.0}),
        )
    )
    assert by_week(model, "m") == {1: N * 500}


def test_a_run_that_ends_inside_a_month_bills_what_it_has_seen():
    model = market(
        scenario(*STAYING, {"run": {"weeks": 6}}, fees({"name": "m", "on": "month", "eur": 10.0}))
    )
    assert by_week(model, "m") == {3: N * 1_000, 5: N * 500}


def test_months_from_and_to_a_week_of_service():
    # Service weeks 2 to 6, both paid, the first being 0: 2/4 of January and 3/4 of February.
    model = market(
        scenario(
            *STAYING,
            fees({"name": "m", "on": "month", "eur": 100.0} | between(2, 6)),
        )
    )
    assert by_week(model, "m") == {3: N * 5_000, 7: N * 7_500}


def test_at_most_so_many_months_for_one_client():
    model = market(
        scenario(*STAYING, fees({"name": "m", "on": "month", "eur": 100.0, "max_per_client": 1.5}))
    )
    assert by_week(model, "m") == {3: N * 10_000, 7: N * 5_000}


def test_the_month_of_a_client_who_finds_work_counts_that_week():
    model = market(scenario(*AT_WORK, fees({"name": "m", "on": "month", "eur": 100.0})))
    assert (model.columns.state == 1).all()
    assert by_week(model, "m") == {3: N * 2_500}


# Hours


def test_hours_are_paid_week_by_week():
    # 30 clients at 50 a coach have 0.6 coaches, 12.6 hours a week: 0.42 each, as they are all
    # alike. An hour costs 59.52 EUR, and 63.33 with the margin.
    setup = scenario(
        *STAYING,
        {"contract": {"service_weeks_max": 3}},
        fees({"name": "h", "on": "hour", "eur": 64.0}),
    )
    model = market(setup)
    assert model.columns.hours_total == pytest.approx(3 * 0.42, rel=1e-12)
    assert by_week(model, "h") == dict.fromkeys(range(3), N * 2_688)


def test_an_hour_under_its_cost_buys_the_minimum():
    setup = scenario(
        *STAYING,
        {"contract": {"service_weeks_max": 3}},
        fees({"name": "h", "on": "hour", "eur": 63.0}),
    )
    assert market(setup).columns.hours_total == pytest.approx(3 * 0.08, rel=1e-12)


def test_at_most_so_many_hours_for_one_client():
    # 0.42 + 0.42 + 0.16 = 1 hour.
    model = market(
        scenario(*STAYING, fees({"name": "h", "on": "hour", "eur": 100.0, "max_per_client": 1.0}))
    )
    assert by_week(model, "h") == {0: N * 4_200, 1: N * 4_200, 2: N * 1_600}


def test_hours_from_and_to_a_week_of_service():
    model = market(
        scenario(
            *STAYING,
            fees({"name": "h", "on": "hour", "eur": 100.0} | between(3, 4)),
        )
    )
    assert by_week(model, "h") == {3: N * 4_200, 4: N * 4_200}


def test_hours_by_group():
    groups = [{"name": "young", "when": {"age_max": 34}}]
    fee = {"name": "h", "on": "hour", "eur": 100.0, "by_group": {"young": 2.0}}
    model = market(
        scenario(*STAYING, {"contract": {"groups": groups, "service_weeks_max": 1}}, fees(fee))
    )
    young = int((model.columns.age <= 34).sum())
    assert 0 < young < N
    assert paid(model, "h") == 8_400 * young + 4_200 * (N - young)


# Coaches


def test_coach_months():
    # Ten weeks from 7 January: 1 + 1 + 2/4 months of two coaches.
    fee = {"name": "c", "on": "coach-month", "eur": 5_000.0, "coaches": 2.0}
    model = market(scenario(*STAYING, {"contract": {"weeks": 10}}, fees(fee)))
    assert by_week(model, "c") == {3: 1_000_000, 7: 1_000_000, 11: 500_000}
    assert model.flows["coaches"][:12].tolist() == [2.0] * 10 + [0.0] * 2


def test_coaches_are_paid_without_clients():
    fee = {"name": "c", "on": "coach-month", "eur": 5_000.0, "coaches": 1.0}
    model = market(
        scenario({"referral": {"volume": 0}, "contract": {"start_week": 0, "weeks": 4}}, fees(fee))
    )
    assert by_week(model, "c") == {3: 500_000}


def test_two_providers_share_the_coaches():
    fee = {"name": "c", "on": "coach-month", "eur": 3_000.0, "coaches": 3.0}
    two = {"providers": [{"name": "A"}, {"name": "B"}], "referral": {"provider_choice": "rotation"}}
    model = market(scenario(*STAYING, two, {"contract": {"weeks": 4}}, fees(fee)))
    assert paid(model, "c", payee="A") == paid(model, "c", payee="B") == 450_000


def test_rotation_shares_clients_out_evenly():
    two = {"providers": [{"name": "A"}, {"name": "B"}], "referral": {"provider_choice": "rotation"}}
    model = market(scenario(*STAYING, two, fees({"name": "s", "on": "start", "eur": 1.0})))
    assert paid(model, "s", payee="A") == paid(model, "s", payee="B") == 100 * N // 2


# Outcomes


JOB = {"name": "j", "on": "outcome", "eur": 1_000.0, "outcome": ["employment"]}


def outcome_fees(contract: dict, *given: dict) -> LabourMarket:
    return market(scenario(*AT_WORK, {"contract": contract}, fees(*given)))


def test_an_outcome_at_once_is_paid_after_the_lag():
    model = outcome_fees({"verification_lag_weeks": 4}, JOB)
    assert by_week(model, "j") == {4: N * 100_000}


@pytest.mark.parametrize(
    ("days", "complete"),
    [(0, 0), (1, 0), (7, 0), (8, 1), (28, 3), (90, 12), (91, 12), (92, 13)],
)
def test_days_round_up_to_weeks(days, complete):
    # A job of n weeks that begins in week 0 has lasted n weeks at the end of week n-1.
    model = outcome_fees({"verification_lag_weeks": 0}, JOB | {"sustained_days": days})
    assert by_week(model, "j") == {complete: N * 100_000}


def test_a_ladder_pays_each_step_once():
    model = outcome_fees(
        {"verification_lag_weeks": 2},
        JOB | {"name": "first", "eur": 300.0, "sustained_days": 28},
        JOB | {"name": "second", "eur": 700.0, "sustained_days": 90},
    )
    assert by_week(model, "first") == {5: N * 30_000}
    assert by_week(model, "second") == {14: N * 70_000}


@pytest.mark.parametrize(("last", "is_paid"), [(16, True), (15, False)])
def test_the_last_payable_week_is_the_last(last, is_paid):
    # Complete in week 12, shown by the register in week 16.
    model = outcome_fees(
        {"verification_lag_weeks": 4, "last_payable_week": last}, JOB | {"sustained_days": 90}
    )
    assert by_week(model, "j") == ({16: N * 100_000} if is_paid else {})
    assert (model.purchaser.claims[0].met == 12).all()


def test_the_last_payable_week_follows_from_contract_and_tracking():
    contract = {"weeks": 10, "tracking_weeks": 6, "verification_lag_weeks": 4}
    assert by_week(outcome_fees(contract, JOB | {"sustained_days": 90}), "j") == {16: N * 100_000}
    shorter = contract | {"tracking_weeks": 5}
    assert by_week(outcome_fees(shorter, JOB | {"sustained_days": 90}), "j") == {}


def test_nothing_at_all_is_paid_after_the_last_payable_week():
    every = [
        {"name": "m", "on": "month", "eur": 100.0},
        {"name": "h", "on": "hour", "eur": 100.0},
        {"name": "c", "on": "coach-month", "eur": 100.0, "coaches": 1.0},
    ]
    model = market(scenario(*STAYING, {"contract": {"last_payable_week": 5}}, fees(*every)))
    # Weeks 4 and 5 are two of February's four.
    assert by_week(model, "m") == {3: N * 10_000, 5: N * 5_000}
    assert by_week(model, "c") == {3: 10_000, 5: 5_000}
    assert max(by_week(model, "h")) == 5


def test_completed_within_the_service():
    # The longest service has 12 weeks: 12 weeks of work fit in, 13 do not.
    within = JOB | {"completed_within": "service"}
    for days, is_paid in ((84, True), (85, False)):
        model = outcome_fees({"service_weeks_max": 12}, within | {"sustained_days": days})
        assert bool(by_week(model, "j")) is is_paid
    longer = within | {"completed_within": "service+7d", "sustained_days": 85}
    assert by_week(outcome_fees({"service_weeks_max": 12}, longer), "j") == {16: N * 100_000}


def test_outcomes_of_another_kind_are_not_paid():
    model = outcome_fees({}, JOB | {"outcome": ["education", "subsidised", "entrepreneurship"]})
    assert by_week(model, "j") == {}


def test_part_time_counts_from_the_share_asked_for():
    part = {
        "labour_market": {
            "jobs": {
                "permanent_full_time": 0.0, "permanent_part_time": 1.0, "temporary_full_time": 0.0,
                "temporary_part_time": 0.0, "part_time_hours_min": 0.6, "part_time_hours_max": 0.6,
            }
        }
    }  # fmt: skip
    for least, is_paid in ((0.6, True), (0.61, False)):
        model = market(scenario(*AT_WORK, part, fees(JOB | {"min_hours_share": least})))
        assert bool(by_week(model, "j")) is is_paid


def test_outcomes_by_group():
    groups = [{"name": "young", "when": {"age_max": 34}}]
    fee = JOB | {"by_group": {"young": 0.25}}
    model = outcome_fees({"groups": groups}, fee)
    young = int((model.columns.age <= 34).sum())
    assert paid(model, "j") == 25_000 * young + 100_000 * (N - young)


def test_claims_cost_both_sides_minutes():
    # 15 and 20 minutes at 40 EUR an hour: 10 EUR and 13.33 EUR a claim.
    model = outcome_fees({}, JOB)
    assert model.ledger.total(payer="purchaser", item="claims") == N * 1_000
    assert model.ledger.total(payer="provider", item="claims") == round(N * 20 * 40 / 60 * 100)
    free = outcome_fees({}, JOB | {"eur": 0.0})
    assert free.ledger.total(item="claims") == 0


def test_referral_costs_the_office_time():
    # 0.4 hours at 40 EUR; the first interview is everybody's, with a service or without.
    model = market(scenario(*STAYING))
    assert model.ledger.total(item="referral") == N * 1_600


def test_coaches_cost_the_provider():
    # 0.6 coaches at 1,250 EUR a week for 12 weeks; a quarter of what the promised 0.6 cost is
    # there for the 24 weeks of the contract, with clients or without.
    model = market(scenario(*STAYING, fees({"name": "m", "on": "month", "eur": 1_000.0})))
    assert model.ledger.total(kind="coach-pay") == 12 * 56_250
    assert model.ledger.total(kind="overhead") == 24 * 18_750


# Budget

UNFORESEEN = {
    "contract": {
        "rescale": False, "outcome_share": 0.5, "expected_spend_per_start_eur": 1.0,
        "expected_outcome_rate": 0.0001,
    }
}  # fmt: skip
"""A purchaser who expects next to no outcomes: all are referred, whatever the budget."""


def budget(eur: float) -> dict:
    return {"contract": {"budget_eur": eur}}


def test_outcomes_are_paid_in_the_order_of_ids_while_money_is_left():
    model = market(scenario(*AT_WORK, UNFORESEEN, budget(12_999.99), fees(JOB)))
    assert by_week(model, "j") == {4: 12 * 100_000}
    claim = model.purchaser.claims[0]
    assert np.flatnonzero(claim.paid < NEVER).tolist() == list(range(12))
    assert np.flatnonzero(claim.unfunded < NEVER).tolist() == list(range(12, N))
    assert (claim.unfunded[12:] == 4).all()
    assert claim.cents.tolist() == [100_000] * 12 + [0] * (N - 12)
    assert model.purchaser.funds.left == 99_999


def test_fees_of_a_week_are_paid_in_the_order_of_the_contract():
    steps = [
        JOB | {"name": name, "eur": eur} for name, eur in (("a", 300), ("b", 1000), ("c", 200))
    ]
    model = market(scenario(*AT_WORK, UNFORESEEN, budget(N * 300 + 2_500), fees(*steps)))
    assert [paid(model, name) for name in "abc"] == [N * 30_000, 2 * 100_000, 2 * 20_000]


def test_an_outcome_that_costs_nothing_is_counted_when_the_money_is_spent():
    steps = [JOB, JOB | {"name": "counted", "eur": 0.0}]
    model = market(scenario(*AT_WORK, UNFORESEEN, budget(1_000), fees(*steps)))
    assert paid(model, "j") == 100_000
    assert (model.purchaser.claims[1].paid == 4).all()


def test_referral_stops_when_the_budget_is_committed():
    # A start costs 100 EUR, and all who are referred start.
    start = fees({"name": "s", "on": "start", "eur": 100.0})
    for eur, referred in ((1_250, 12), (2_999.99, 29), (3_000.01, N), (99, 0)):
        model = market(scenario(*STAYING, start, budget(eur)))
        assert (model.columns.referred_week < NEVER).sum() == referred
        assert paid(model, "s") == referred * 10_000


def test_months_that_do_not_fit_any_more_are_lost():
    # 12 weeks are 12 / 4.345 = 2.76 months, enough for 14 clients; the calendar makes it 3.
    model = market(
        scenario(*STAYING, budget(4_000), fees({"name": "m", "on": "month", "eur": 100.0}))
    )
    assert by_week(model, "m") == {3: 14 * 10_000, 7: 14 * 10_000, 11: 12 * 10_000}


def test_coaches_are_paid_provider_by_provider():
    fee = {"name": "c", "on": "coach-month", "eur": 3_000.0, "coaches": 3.0}
    two = {"providers": [{"name": "A"}, {"name": "B"}], "referral": {"provider_choice": "rotation"}}
    model = market(scenario(*STAYING, two, budget(8_999), {"contract": {"weeks": 4}}, fees(fee)))
    assert (paid(model, "c", payee="A"), paid(model, "c", payee="B")) == (450_000, 0)
    assert model.flows["fees_eur"].sum() == 4_500.0


def test_what_cannot_be_paid_is_not_counted_on():
    model = LabourMarket(
        setup=scenario(*STAYING, UNFORESEEN, fees({"name": "m", "on": "month", "eur": 100.0}))
    )
    model.step()
    clients = np.arange(N)
    for left, counted in ((10_000, True), (9_999, False)):
        model.purchaser.funds.left = left
        assert (model.purchaser.still_paid(model.prices[0], clients) == counted).all()


# What is owed


def owed(setup: dict) -> list[int]:
    """Return what the first provider is owed at the end of each week, in cents."""
    found = []
    market(setup, observers=[lambda model: found.append(model.purchaser.owed_cents()[0])])
    return found


def test_months_are_owed_until_they_are_billed():
    month = {"name": "m", "on": "month", "eur": 100.02, "max_per_client": 1.5}
    found = owed(scenario(*STAYING, fees(month)))
    # Quarters of a month, rounded for each client; half of February is beyond the cap.
    assert found[:4] == [N * 2_500, N * 5_001, N * 7_502, 0]
    assert found[4:8] == [N * 2_500, N * 5_001, N * 5_001, 0]
    assert not any(found[8:])


def test_coach_months_are_owed_until_they_are_billed():
    fee = {"name": "c", "on": "coach-month", "eur": 5_000.0, "coaches": 2.0}
    found = owed(scenario(*STAYING, {"contract": {"weeks": 5}}, fees(fee)))
    assert found[:6] == [250_000, 500_000, 750_000, 0, 250_000, 250_000]


@pytest.mark.parametrize(("credit_share", "solvent"), [(1.0, True), (0.0, False)])
def test_a_month_earned_and_not_billed_is_lent_upon(credit_share, solvent):
    # 3,000 EUR a week are earned at a cost of some 750 EUR, and nothing is in hand at first.
    terms = staffed_at_once(N)["providers"][0] | {"cash_weeks": 0.0, "credit_share": credit_share}
    month = {"name": "m", "on": "month", "eur": 400.0}
    model = market(scenario(*STAYING, {"providers": [terms]}, fees(month)))
    assert model.providers[0].solvent is solvent


def test_an_outcome_met_is_owed_and_no_hope_any_more():
    steps = [JOB | {"name": str(days), "eur": eur, "sustained_days": days}
             for days, eur in ((7, 300.0), (14, 400.0), (28, 500.0))]  # fmt: skip
    model = LabourMarket(setup=scenario(*AT_WORK, fees(*steps)))
    hopes = []
    for _ in range(4):
        model.step()
        owed_eur = model.purchaser.owed_cents()[0] / 100
        hopes.append((owed_eur / N, model.providers[0].receivables / N))
    assert hopes[0] == (300.0, 0.0)
    assert hopes[1] == (700.0, pytest.approx(500.0))
    assert hopes[2] == (700.0, pytest.approx(500.0))
    assert hopes[3] == (1_200.0, 0.0)
