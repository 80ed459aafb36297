"""Milestones ahead: chances against closed forms, windows against counting weeks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labsim.market.jobs import NEVER
from labsim.market.milestones import DURABILITIES
from labsim.market.model import LabourMarket
from tests.builders import ALL_START, JOBS_FOR_EVER, fees, market, scenario

properties = settings(derandomize=True, deadline=None, max_examples=60)
STEADY = {
    "labour_market": {
        "jobs": {
            "separation_week_1": 0.02, "separation_week_13": 0.02, "separation_week_52": 0.02,
            "separation_later": 0.02, "fixed_term_share": 0.0, "temporary_factor": 1.0,
            "permanent_factor": 1.0,
        }
    }
}  # fmt: skip
"""Every job ends with a chance of 2 % a week."""


def job(days: int, **more) -> dict:
    return {
        "name": f"{days} days", "on": "outcome", "eur": 1000.0, "outcome": ["employment"],
        "sustained_days": days, **more,
    }  # fmt: skip


# Chances


def test_a_steady_job_lasts_by_a_power():
    model = LabourMarket(setup=scenario(STEADY, fees(job(7), job(91), job(364))))
    chances = model.milestones.lasting[:, :, 0]
    factor = np.exp(-0.6 * DURABILITIES)
    for fee, weeks in enumerate((1, 13, 52)):
        expected = 0.98 ** ((weeks - 1) * factor)
        np.testing.assert_allclose(chances[:, fee], expected, rtol=1e-12)
    assert (model.milestones.lasting[:, :, 1:] == 0).all()  # other exits do not count


def test_durability_prolongs_jobs_only():
    both = job(91, outcome=["employment", "entrepreneurship"])
    lasting = LabourMarket(setup=scenario(fees(both))).milestones.lasting[:, 0]
    assert (np.diff(lasting[:, 0]) > 0).all()
    business = lasting[:, 3]
    assert business == pytest.approx(np.full(11, (1 - 0.005) ** 12), rel=1e-12)


# Windows


def working(model: LabourMarket, person: int, since: int) -> np.ndarray:
    """Give a person a permanent full-time job."""
    columns = model.columns
    columns.state[person], columns.since[person] = 1, since
    columns.job_kind[person], columns.hours_share[person] = 0, 1.0
    return np.array([person])


@properties
@given(
    st.data(), st.integers(0, 60), st.integers(0, 20), st.integers(0, 140), st.integers(0, 20),
    st.integers(0, 5),
)  # fmt: skip
def test_weeks_to_begin_are_the_weeks_in_which_one_could(data, week, left, days, grace, lag):
    """Count the weeks from now on in which a spell may begin and be paid for in the end."""
    within = data.draw(st.sampled_from(["contract", "service", "service+70d"]))
    fee = job(days, starts_within=f"service+{7 * grace}d", completed_within=within)
    model = LabourMarket(setup=scenario(fees(fee), {"contract": {"verification_lag_weeks": lag}}))
    model.week = week
    limit = model.columns.service_limit[0] = week + left
    lasts = max(-(-days // 7), 1)

    def pays(begin: int) -> bool:
        complete = begin + lasts - 1
        completed_within = {"contract": NEVER, "service": limit, "service+70d": limit + 10}[within]
        return (
            begin < limit + grace
            and complete < completed_within
            and complete + lag <= model.last_payable_week
        )

    found = model.milestones.weeks_to_begin(np.array([0]))[0, 0]
    assert max(found, 0) == sum(pays(begin) for begin in range(week, week + 300))
    left = model.milestones.weeks_to_begin(np.array([0]))
    open_fee = model.milestones.open_fees(np.array([0]), left)[0, 0]
    assert open_fee == (1000.0 if pays(week) else 0.0)


def test_the_first_exit_is_noted():
    """It ends the service, and with it begin the windows after it."""
    setup = scenario(ALL_START, {"labour_market": {"job_hazard_per_week": 0.3}})
    model = market(setup)
    columns, spells = model.columns, model.spells
    first = np.full(len(columns), NEVER)
    person, begin = spells.column("person"), spells.column("begin")
    since_start = begin >= columns.service_start[person]
    np.minimum.at(first, person[since_start], begin[since_start])
    assert (first < NEVER).sum() > 50
    assert np.array_equal(columns.first_exit, first)


def test_a_job_after_an_early_exit_is_too_late():
    """Out in week 5, the service is over in week 6, however long it might have lasted."""
    model = LabourMarket(setup=scenario(STEADY, fees(job(28, starts_within="service+14d"))))
    model.week, columns = 12, model.columns
    people = np.concatenate([working(model, n, since=11 - n) for n in range(8)])
    columns.service_start[people], columns.service_limit[people] = 3, 20
    columns.first_exit[people] = 5
    pending, complete = model.milestones.pending(people)
    assert complete[0].tolist() == [11 - n + 3 for n in range(8)]
    # Jobs begun before week 8 are in time, but complete before this week.
    assert not pending.any()
    columns.first_exit[people] = np.arange(4, 12)[::-1]
    pending, _ = model.milestones.pending(people)
    assert pending[0].tolist() == [True, True, True, False, False, False, False, False]


@pytest.mark.parametrize("first_exit", [NEVER, 9])
@pytest.mark.parametrize(("start", "last"), [(8, 20), (20, 27)])
def test_whole_cohorts_mature(start, last, first_exit):
    """Those who leave early mature with the others: they are the lucky ones."""
    contract = {"contract": {"verification_lag_weeks": 3, "tracking_weeks": 40}}
    model = LabourMarket(setup=scenario(fees(job(28), job(7)), contract))
    model.columns.service_start[0], model.columns.first_exit[0] = start, first_exit
    matured = []
    for model.week in range(40):
        matured.append(bool(model.milestones.matured(np.array([0]))[0]))
    # After the longest service (12 weeks, or the contract's end): four weeks to last, three to be
    # verified.
    assert matured.index(True) == last + 4 + 3
    assert all(matured[matured.index(True) :])


# Accounts


def test_claims_that_the_register_shows_too_late_are_owed_by_nobody():
    short = {"contract": {"verification_lag_weeks": 6, "last_payable_week": 12}}
    setup = scenario(ALL_START, JOBS_FOR_EVER, short, fees(job(7)))
    seen = []

    def watch(model):
        claim, columns = model.purchaser.claims[0], model.columns
        will_be_paid = (claim.met <= 12 - 6) & (claim.paid == NEVER) & (columns.provider == 0)
        seen.append(int((claim.met < NEVER).sum()))
        assert model.purchaser.owed_cents()[0] == 100_000 * int(will_be_paid.sum())

    market(setup, observers=[watch])
    assert seen[-1] > seen[12] > 0  # claims that are never paid


def test_a_bill_that_ends_bits_under_the_cap_has_reached_it():
    fee = {"name": "hours", "on": "hour", "eur": 50.0, "max_per_client": 6.0}
    model = LabourMarket(setup=scenario(fees(fee)))
    model.week = 4
    person, meter = np.array([0]), model.purchaser.accounts[0]
    model.columns.service_start[0] = 3
    for paid, more in ((0.0, True), (5.9, True), (np.nextafter(6.0, 0), False), (6.0, False)):
        meter.billed[0] = paid
        assert model.purchaser.still_paid(model.prices[0], person).tolist() == [more]
