"""Indicators of runs whose lives are known, and what they mean at their edges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pydantic import ValidationError

from labsim.market.jobs import NEVER
from labsim.market.people import SCHEMES
from labsim.measure.indicators import indicators
from labsim.measure.pair import THIRDS, Pair
from labsim.measure.tables import ledger_table, people_table, weekly_table
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
    pair,
    scenario,
    staffed_at_once,
)

N = 30
JOB = {
    "name": "j",
    "on": "outcome",
    "eur": 1_000.0,
    "outcome": ["employment"],
    "sustained_days": 90,
}
AT_WORK = (ALIKE, ONLY_JOBS, WORK_AT_ONCE, JOBS_FOR_EVER, ALL_START, FROM_WEEK_0,
           staffed_at_once(N), {"population": {"register": N}})  # fmt: skip
STAYING = (
    ALIKE, NO_EXITS, ALL_START, FROM_WEEK_0, staffed_at_once(N), {"population": {"register": N}},
)  # fmt: skip

NAMES = [
    "referred", "started", "start_rate", "wait_weeks_mean", "caseload_mean", "caseload_max",
    "dropouts", "outcomes_met", "outcomes_paid", "outcome_rate", "jobs_started", "jobs_90d",
    "jobs_180d", "employed_weeks_per_start", "education_starts", "business_starts",
    "left_labour_force", "outcomes_after_service", "outcomes_after_contract",
    "outcomes_unverified", "additional_outcomes", "deadweight_outcomes", "deadweight_share",
    "net_employed_weeks_per_start", "net_jobs_90d", "displaced_employed_weeks", "fees_eur",
    "fees_per_start_eur", "fees_per_outcome_eur", "fees_per_additional_outcome_eur",
    "admin_cost_purchaser_eur", "admin_cost_providers_eur", "provider_cost_per_start_eur",
    "provider_margin_share", "providers_insolvent", "net_state_eur", "net_municipality_eur",
    "net_funds_eur", "net_public_eur", "hours_near", "hours_middle", "hours_far",
    "net_weeks_near", "net_weeks_middle", "net_weeks_far", "deadweight_share_near",
    "deadweight_share_middle", "deadweight_share_far", "parked_share", "selection_officer",
    "selection_intake", "selection_caseload", "satisfaction_mean", "motivation_change",
    "work_ability_change",
]  # fmt: skip
"""Of interface.md."""


def values(*layers):
    return indicators(pair(scenario(*layers)))


@pytest.fixture(scope="module")
def at_work():
    """All find a job in week 0, with and without a service, and keep it for the 40 weeks."""
    return values(*AT_WORK, fees(JOB, {"name": "s", "on": "start", "eur": 50.0}))


def test_all_names_of_the_interface(at_work):
    assert set(NAMES) <= set(at_work)


def test_work_at_once(at_work):
    expected = {
        "referred": N, "started": N, "start_rate": 1.0, "wait_weeks_mean": 0.0, "dropouts": 0,
        "caseload_mean": 50.0, "caseload_max": 50.0,
        "outcomes_met": N, "outcomes_paid": N, "outcome_rate": 1.0, "jobs_started": N,
        "jobs_90d": N, "jobs_180d": N, "employed_weeks_per_start": 40.0, "education_starts": 0,
        "business_starts": 0, "left_labour_force": 0,
        "outcomes_after_service": 0, "outcomes_after_contract": 0, "outcomes_unverified": 0,
        "additional_outcomes": 0, "deadweight_outcomes": N, "deadweight_share": 1.0,
        "net_employed_weeks_per_start": 0.0, "net_jobs_90d": 0.0, "displaced_employed_weeks": 0.0,
        "fees_eur": N * 1_050.0, "fees_per_start_eur": 1_050.0, "fees_per_outcome_eur": 1_050.0,
    }  # fmt: skip
    assert {name: at_work[name] for name in expected} == expected
    assert math.isnan(at_work["fees_per_additional_outcome_eur"])


def test_money_by_hand(at_work):
    # Three quarters of 0.6 coaches at 1,250 EUR for a week, the last quarter for the 24 weeks of
    # the contract; 30 claims of 20 minutes at 40 EUR.
    costs = 0.6 * 1_250 * (0.75 + 24 * 0.25) + N * 20 / 60 * 40
    assert at_work["provider_cost_per_start_eur"] == pytest.approx(costs / N, abs=0.01)
    margin = 1 - costs / (N * 1_050)
    assert at_work["provider_margin_share"] == pytest.approx(margin, abs=1e-5)
    # 0.4 hours for each referral and 15 minutes for each claim.
    assert at_work["admin_cost_purchaser_eur"] == pytest.approx(N * (0.4 + 0.25) * 40)
    assert at_work["admin_cost_providers_eur"] == pytest.approx(N * 20 / 60 * 40)
    # Nothing changes for the public but what the service costs; in 2019 the state buys it.
    assert at_work["net_state_eur"] == pytest.approx(-N * (1_050 + 0.65 * 40))
    assert at_work["net_municipality_eur"] == at_work["net_funds_eur"] == 0
    assert at_work["net_public_eur"] == at_work["net_state_eur"]


def test_the_municipality_buys_in_2025():
    found = values(
        *STAYING, {"finance": {"rules": "2025"}}, fees({"name": "s", "on": "start", "eur": 9.0})
    )
    assert found["net_municipality_eur"] == pytest.approx(-N * (9 + 0.4 * 40))
    assert found["net_state_eur"] == 0


def test_nobody_finds_work():
    month = {"name": "m", "on": "month", "eur": 1_000.0}  # pays for the planned caseload
    found = values(*STAYING, {"contract": {"service_weeks_max": 10}}, fees(JOB, month))
    assert found["outcomes_met"] == found["jobs_started"] == found["employed_weeks_per_start"] == 0
    assert math.isnan(found["deadweight_share"])
    assert math.isnan(found["fees_per_outcome_eur"])
    hours = [found[f"hours_{third}"] for third in THIRDS]
    known = [value for value in hours if not math.isnan(value)]
    assert known == pytest.approx([4.2] * len(known))  # ten weeks of 0.42 hours
    assert found["parked_share"] == 0.0


def test_no_service():
    found = values({"referral": {"volume": 0}}, fees(JOB))
    counts = [name for name in NAMES if isinstance(found[name], int)]
    assert {found[name] for name in counts} == {0}
    for name in NAMES:
        if name.endswith(("_per_start", "_per_start_eur", "_rate")) or name.startswith("hours_"):
            assert math.isnan(found[name]), name
    assert found["fees_eur"] == 0.0
    assert found["net_public_eur"] == 0.0


def test_unpaid_outcomes_are_counted_apart():
    # Complete in week 12; the register shows it in week 16.
    late = values(*AT_WORK, fees(JOB), {"contract": {"last_payable_week": 11}})
    assert (late["outcomes_met"], late["outcomes_paid"]) == (N, 0)
    assert (late["outcomes_after_contract"], late["outcomes_unverified"]) == (N, 0)
    lagging = values(*AT_WORK, fees(JOB), {"contract": {"last_payable_week": 15}})
    assert (lagging["outcomes_after_contract"], lagging["outcomes_unverified"]) == (0, N)


def test_outcomes_after_the_service():
    # Employment counts from 80 % of full time; all jobs are for half, and end the service.
    half = {
        "labour_market": {
            "jobs": {
                "permanent_full_time": 0.0, "permanent_part_time": 0.0, "temporary_full_time": 0.5,
                "temporary_part_time": 0.5, "part_time_hours_min": 0.5, "part_time_hours_max": 0.5,
                "fixed_term_share": 1.0, "fixed_term_weeks_min": 2, "fixed_term_weeks_max": 2,
            }
        }
    }  # fmt: skip
    asked = JOB | {"sustained_days": 0, "min_hours_share": 0.8}
    found = values(*AT_WORK, half, fees(asked))
    # Half begin with a full-time job, and are paid; of the others nearly all have one later.
    assert 0 < found["outcomes_met"] < N
    assert found["outcomes_met"] + found["outcomes_after_service"] == N


def test_an_outcome_counts_each_person_once():
    ladder = fees(JOB, JOB | {"name": "early", "sustained_days": 0})
    assert values(*AT_WORK, ladder)["outcomes_met"] == N


# Thirds, tables


def test_thirds_are_thirds_of_the_target_group():
    found = pair(scenario({"population": {"register": 900}, "referral": {"volume": 300}}))
    group = found.twin.columns.ever_eligible
    counts = np.bincount(found.third[group], minlength=3)
    assert counts.min() >= group.sum() // 3 - 1
    hazard = found.twin.people.hazard_at_entry
    assert hazard[found.third == 0].max() <= hazard[found.third == 1].min()
    assert hazard[found.third == 1].max() <= hazard[found.third == 2].min()
    score = found.employability[group]
    assert (score.mean(), score.std()) == pytest.approx((0, 1), abs=1e-9)


def test_thirds_are_the_same_in_every_design():
    twin = market(scenario(), service=False)
    thirds = [
        Pair(market(scenario(fees({"name": "f", "on": on, "eur": 1.0}))), twin).third
        for on in ("start", "month")
    ]
    assert np.array_equal(*thirds)


def test_lotteries_and_central_lists_select_nobody():
    """Who is referred is luck: the officer's door is open to all alike, within sampling error."""
    found = pair(scenario({"population": {"register": 4_000}, "referral": {"volume": 1_000}}))
    value = indicators(found)["selection_officer"]
    n, pool = found.referred.sum(), found.run.columns.ever_eligible.sum()
    # Mean of n of a pool of standardised scores. People who stay longer are on the list longer,
    # which
    # moves the mean by less than the sample does here.
    assert abs(value) < 4.5 / math.sqrt(n) * math.sqrt(1 - n / pool) + 0.1


def test_tables():
    found = pair(scenario(fees(JOB)))
    weekly = weekly_table(found.run)
    assert weekly["week"].tolist() == list(range(40))
    assert weekly["started"].sum() == found.started.sum()
    ledger = ledger_table(found.run)
    assert ledger["cents"].dtype == np.int64
    assert (ledger["cents"] > 0).all()
    assert ledger["cents"].sum() == found.run.ledger.total()
    people = people_table(found)
    assert len(people) == len(found.run.people)
    assert set(people["benefit"].cat.categories) == set(SCHEMES)
    assert (people["service_start"].notna() == found.started).all()
    assert (people.loc[~found.started, "service_weeks"] == 0).all()
    assert (people.loc[found.started, "service_weeks"].between(1, 12)).all()
    assert not people["service_start"].dropna().ge(NEVER).any()


def test_tables_of_a_market_without_money():
    nothing = {"basic_daily_eur": 0.0, "earnings_related_daily_eur": 0.0}
    empty = market(
        scenario(*STAYING, staffed_at_once(0), {"referral": {"volume": 0}, "finance": nothing})
    )
    table = ledger_table(empty)
    assert len(table) == 0
    assert table["cents"].dtype == np.int64


def test_service_weeks_end_with_the_first_exit():
    found = pair(scenario(*AT_WORK, fees(JOB)))
    assert (found.service_weeks[found.started] == 1).all()
    staying = pair(scenario(*STAYING, {"contract": {"service_weeks_max": 10}}))
    assert (staying.service_weeks[staying.started] == 10).all()


def test_measuring_changes_nothing():
    run, twin = market(scenario(fees(JOB))), market(scenario(fees(JOB)), service=False)
    before = [column.copy() for column in vars(run.columns).values()]
    one = indicators(Pair(run, twin))
    people_table(Pair(run, twin))
    two = indicators(Pair(run, twin))
    assert all(
        np.array_equal(a, b, equal_nan=True)
        for a, b in zip(before, vars(run.columns).values(), strict=True)
    )
    assert {k: v for k, v in one.items() if v == v} == {k: v for k, v in two.items() if v == v}


@pytest.mark.parametrize("name", ["state", "municipality", "purchaser", "coaches"])
def test_a_provider_cannot_take_the_name_of_another_party(name):
    """The ledger knows parties by name, so that such a provider's money would be mixed up."""
    with pytest.raises(ValidationError):
        values(
            *STAYING,
            fees({"name": "s", "on": "start", "eur": 5.0}),
            {"providers": [{"name": name}]},
        )
