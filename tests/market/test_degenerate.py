"""Every row of the model's degenerate cases, as a market or a provider meets it."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market.funds import chance_of_money
from labsim.market.model import LabourMarket
from labsim.market.offer import JobsAhead, Offer
from labsim.market.states import Stage
from labsim.measure.indicators import indicators
from labsim.scenario import BadInput, load
from labsim.scenario.schema import Scenario
from tests.builders import (
    ALL_START,
    FROM_WEEK_0,
    NO_EXITS,
    Tree,
    fees,
    market,
    pair,
    scenario,
    staffed_at_once,
)

N = 30
JOB = {"name": "job", "on": "outcome", "eur": 2_000.0, "outcome": ["employment"]}
SERVED = (ALL_START, FROM_WEEK_0, {"population": {"register": N, "inflow_per_week": 0.0}})
"""Thirty people of every kind, in the service from week 0."""


def coaches(number: float, **terms: float) -> Tree:
    """Return a fee that buys so many coaches, for an hour a week each."""
    fee = {"name": "c", "on": "coach-month", "eur": 5_000.0, "coaches": number}
    one = {"name": "provider", "client_hours_per_coach_week": 1.0, **terms}
    return fees(fee, JOB) | {"providers": [one]}


def weeks(setup: Scenario, number: int = 1) -> LabourMarket:
    """Return a market after so many weeks."""
    model = LabourMarket(setup=setup)
    for _ in range(number):
        model.step()
    return model


def worth_of(model: LabourMarket) -> np.ndarray:
    """Return what the first provider's present clients are worth to it."""
    provider = model.providers[0]
    clients = provider.clients()
    return provider._worth(clients, provider.prospects(Offer.of(model, clients)))


def test_too_few_hours_for_the_minima_are_scaled_down_and_flagged():
    model = weeks(scenario(*SERVED, NO_EXITS, coaches(1.2, hours_min=0.08)))
    assert model.columns.hours == pytest.approx(np.full(N, 1.2 / N), rel=1e-12)
    assert model.providers[0].breaches == 1
    assert model.providers[0].hour_price == np.inf


def test_hours_beyond_the_maxima_are_idle():
    model = weeks(scenario(*SERVED, NO_EXITS, coaches(100.0, hours_max=2.0)))
    provider = model.providers[0]
    assert (model.columns.hours == 2.0).all()
    assert provider.hour_price == 0.0
    assert provider.idle_hours == pytest.approx(100 - 2 * N)
    assert provider.breaches == 0


def test_worthless_clients_share_alike():
    alone = coaches(6.0, mission_eur=0.0) | fees(
        {"name": "c", "on": "coach-month", "eur": 5_000.0, "coaches": 6.0}
    )
    model = weeks(scenario(*SERVED, NO_EXITS, alone))
    assert not worth_of(model).any()
    assert model.columns.hours == pytest.approx(np.full(N, 6 / N), rel=1e-12)


def test_without_clients_the_payroll_lasts_until_cuts_bite():
    setup = scenario(
        {"referral": {"volume": 0}, "contract": {"start_week": 0}},
        {"providers": [{"name": "p", "promised_coaches": 10.0, "promise_weeks": 4}]},
    )
    model = market(setup)
    found = model.flows["coaches"][:24]
    assert found[:4] == pytest.approx([7.0] * 4)
    # 8 % of the coaches that nobody needs leave in each week.
    assert found[4:] == pytest.approx(7.0 * 0.92 ** np.arange(1, 21))
    assert model.flows["coaches"][24:].sum() == 0


def test_without_fees_there_is_the_mission_and_minimum_staff():
    model = weeks(scenario(*SERVED, NO_EXITS, staffed_at_once(N)))
    assert model.providers[0].coaches == pytest.approx(N * 0.08 / 21)
    assert model.columns.hours == pytest.approx(np.full(N, 0.08))
    reached = model.columns.ability > 3.0  # coaching does nothing for the others
    assert reached.sum() > 20
    assert ((worth_of(model) > 0) == reached).all()


def test_once_every_window_is_closed_only_the_mission_counts():
    # A year in work cannot be completed any more by the last payable week.
    late = JOB | {"sustained_days": 364}
    rich, poor = (
        scenario(*SERVED, NO_EXITS, staffed_at_once(N), fees(late | {"eur": eur}))
        for eur in (50_000.0, 0.0)
    )
    assert (worth_of(weeks(rich)) == worth_of(weeks(poor))).all()
    assert (weeks(rich).milestones.weeks_to_begin(np.arange(N)) <= 0).all()


def test_ladders_add_up():
    steps = [JOB | {"name": "one"}, JOB | {"name": "two", "sustained_days": 28}]
    ladder = weeks(scenario(*SERVED, NO_EXITS, staffed_at_once(N), fees(*steps)))
    single = [weeks(scenario(*SERVED, NO_EXITS, staffed_at_once(N), fees(one))) for one in steps]
    clients = np.arange(N)
    whole, *parts = (
        model.providers[0].prospects(Offer.of(model, clients)).fees for model in (ladder, *single)
    )
    assert whole == pytest.approx(sum(parts))


def test_each_milestone_is_paid_once_and_only_those_ahead_count_in_work():
    steps = [JOB | {"name": "one"}, JOB | {"name": "two", "sustained_days": 28}]
    setup = scenario(*SERVED, {"labour_market": {"job_hazard_per_week": 0.5}}, fees(*steps))
    model = LabourMarket(setup=setup)
    seen = 0
    while model.running:
        model.step()
        ahead = JobsAhead.of(model).of_provider(0)
        if ahead.persons.size:
            seen += ahead.persons.size
            assert not ahead.fees[0].any()  # met in the week of the exit
            assert (ahead.fees[1] == 2_000.0).all()
    assert seen > N
    for claim in model.purchaser.claims:
        assert set(claim.cents.tolist()) <= {0, 200_000}


def test_a_cap_per_client_ends_what_a_month_brings():
    fee = {"name": "m", "on": "month", "eur": 100.0, "max_per_client": 1.0}
    model = LabourMarket(setup=scenario(*SERVED, NO_EXITS, fees(fee)))
    brings = []
    for _ in range(7):
        model.step()
        brings.append(model.purchaser.service_euros(model.providers[0].clients())[0].sum())
    assert brings[0] > 0
    assert brings[-1] == 0


def test_the_contracts_end_returns_clients_and_leaves_outcomes_unpaid():
    base = {"contract": {"weeks": 10, "tracking_weeks": 2, "service_weeks_max": 10}}
    hazard = {"labour_market": {"job_hazard_per_week": 0.1}}
    job = JOB | {"sustained_days": 42}
    found = pair(scenario(*SERVED, {"population": {"register": 200}}, base, hazard, fees(job)))
    assert not (found.run.columns.stage == Stage.IN_SERVICE).any()
    assert indicators(found)["outcomes_after_contract"] > 0
    late = found.met & ~found.paid
    assert (found.run.purchaser.claims[0].met[late] > found.run.last_payable_week - 4).all()


def test_a_lottery_that_draws_everybody_is_refused():
    with pytest.raises(BadInput, match="leaves nobody to compare with"):
        load("focus-tyopolut", settings=["referral.regime=lottery", "referral.drawn_share=1"])


def test_before_a_cohort_matures_optimism_is_the_prior():
    setup = scenario(*SERVED, NO_EXITS, fees(JOB), {"contract": {"service_weeks_max": 24}})
    model = weeks(setup, 10)
    assert model.providers[0].optimism == 1.3


def test_a_ceiling_scales_fees_by_the_believed_chance_that_money_is_left():
    steps = fees(JOB | {"sustained_days": 56})
    hazard = {"labour_market": {"job_hazard_per_week": 0.1}}
    free = scenario(*SERVED, hazard, staffed_at_once(N), steps)
    model, doubts = LabourMarket(setup=free), 0
    model.purchaser.funds.left, before = 1_000_000, 1.0
    assert model.purchaser.funds.chance == 1.0
    for _ in range(25):
        model.step()
        funds, provider = model.purchaser.funds, model.providers[0]
        to_come = model.purchaser.owed_cents()[0] / 100
        to_come += provider.receivables / before if before else 0.0
        assert funds.chance == chance_of_money(funds.left / 100, to_come)
        clients = provider.clients()
        if not clients.size:
            break
        scaled, believed = provider.prospects(Offer.of(model, clients)).fees, funds.chance
        funds.chance = 1.0
        whole = provider.prospects(Offer.of(model, clients)).fees
        assert scaled == pytest.approx(believed * whole)
        funds.chance = before = believed
        doubts += 0 < believed < 1
    assert doubts > 5


def test_without_money_only_the_mission_counts():
    rich, poor = (
        weeks(scenario(*SERVED, NO_EXITS, staffed_at_once(N), fees(JOB | {"eur": eur})))
        for eur in (2_000.0, 0.0)
    )
    rich.purchaser.funds.left = 0
    rich.purchaser.foresee(rich.purchaser.owed_cents())
    assert rich.purchaser.funds.chance == 0
    rich.columns.hours[:], rich.columns.hours_total[:] = poor.columns.hours, 0.0
    poor.columns.hours_total[:] = 0.0
    rich.providers[0].coaches = poor.providers[0].coaches
    assert (worth_of(rich) == worth_of(poor)).all()
