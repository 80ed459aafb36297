"""Hours of the office: who gets them first, and what is left for referral."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labsim.market.model import LabourMarket
from labsim.market.states import State
from labsim.market.workload import (
    Workload,
    affordable,
    caseworkers,
    referral_hours,
    to_interview,
    workload,
)
from labsim.scenario.sections.office import Office
from tests.builders import NO_EXITS, changed, market, scenario


def office(**keys):
    return Office.model_validate(keys)


def test_caseworkers_given_or_by_the_register():
    assert caseworkers(office(caseworkers=7.5), 22_000) == 7.5
    assert caseworkers(office(), 22_000) == pytest.approx(22_000 / 150)
    assert caseworkers(office(caseworkers=0.0), 22_000) == 0


def test_a_week_by_hand():
    work = workload(
        office(caseworkers=10.0), 0, interviews=60, unemployed=1_500, claim_hours=15.0
    )  # fmt: skip
    # 10 x 25 h; 60 x 1.0 h of interviews and 15 h of claims; 1,500 x 0.1 h of follow-up
    assert (work.capacity, work.due, work.follow_up) == (250.0, 75.0, 150.0)
    assert work.left == 25.0
    assert work.follow_up_done == 1.0


def test_too_much_work_crowds_out_referral_first_and_then_follow_up():
    assert Workload(100.0, 40.0, 50.0).left == 10.0
    assert Workload(100.0, 60.0, 50.0).left == 0.0
    assert Workload(100.0, 60.0, 50.0).follow_up_done == 0.8
    assert Workload(100.0, 120.0, 50.0).follow_up_done == 0.0


hours = st.floats(0, 1e5)


@given(hours, hours, hours)
def test_no_hour_is_given_twice(capacity, due, follow_up):
    work = Workload(capacity, due, follow_up)
    given_out = min(due, capacity) + work.follow_up_done * follow_up + work.left
    assert given_out <= capacity * (1 + 1e-9) + 1e-9
    assert 0 <= work.follow_up_done <= 1


@given(hours, hours, hours, hours)
def test_more_work_never_leaves_more_time(capacity, due, follow_up, more):
    before, after = Workload(capacity, due, follow_up), Workload(capacity, due + more, follow_up)
    assert after.left <= before.left
    assert after.follow_up_done <= before.follow_up_done


def test_a_team_has_its_hours_if_they_are_left_and_advisers_a_share():
    terms, work = office(referral_team=2.0, referral_time_share=0.1), Workload(100.0, 0.0, 10.0)
    assert referral_hours(terms, work, team=True) == 50.0
    assert referral_hours(terms, work, team=False) == 9.0
    assert referral_hours(terms, Workload(100.0, 0.0, 80.0), team=True) == 20.0


def test_whole_referrals_by_hand():
    assert affordable(75.0, 0.4) == 187
    assert affordable(0.3, 0.1) == 3  # 0.3 / 0.1 is 2.9999999999999996
    assert affordable(0.39, 0.4) == 0
    assert affordable(0.0, 0.0) == 0
    assert affordable(0.1, 0.0) == affordable(math.inf, 0.4) > 10**9


def test_first_interviews_are_of_those_who_came_and_came_back():
    columns = LabourMarket(setup=scenario({"population": {"register": 7}})).columns
    columns.state[:4] = [State.UNEMPLOYED, State.EMPLOYED, State.UNEMPLOYED, State.UNEMPLOYED]
    columns.handed_over[3] = True
    assert to_interview(columns, np.arange(4)) == 2
    assert to_interview(columns, np.arange(1, 2)) == 0


def test_the_stock_is_not_interviewed_anew():
    model = LabourMarket(setup=scenario(NO_EXITS, {"population": {"inflow_per_week": 0.0}}))
    for _ in range(3):
        model.step()
        assert not model.came.size


def test_everybody_who_comes_or_comes_back_is_interviewed_once():
    setup = scenario({"labour_market": {"job_hazard_per_week": 1e-9}})
    model = LabourMarket(setup=setup)  # nobody leaves
    seen = []
    while model.running:
        model.step()
        seen.append(to_interview(model.columns, model.came))
    arrived = model.columns.entry_week
    assert seen == np.bincount(arrived[arrived >= 0], minlength=len(seen)).tolist()


class TestAMarket:
    """The office of a market, week by week."""

    SETUP = scenario(
        {
            "office": {"caseworkers": None, "referral_team": 3.0},
            "population": {"register": 3_000},
            "referral": {"volume": 240, "weeks": 30},
        }
    )

    def test_an_ordinary_year_fills_the_quota(self):
        assert market(self.SETUP).flows["referred"].sum() == 240

    def test_a_surge_of_arrivals_crowds_out_referral(self):
        arrivals = LabourMarket(setup=self.SETUP).people.entry_week
        usual = float((arrivals == 0).sum())
        referred = []
        for times in (1, 4):
            population = {"population": {"registered": 3_000, "inflow_per_week": times * usual}}
            referred.append(int(market(changed(self.SETUP, population)).flows["referred"].sum()))
        assert referred[0] == 240
        assert referred[1] < 24

    def test_claims_take_the_same_hours(self):
        model = LabourMarket(setup=self.SETUP)
        model.purchaser.claim_hours = 1e6
        while model.running:
            model.step()
            model.purchaser.claim_hours = 1e6
        assert model.flows["referred"].sum() == 0

    @pytest.mark.parametrize("regime", ["central", "advisor", "bulk"])
    @pytest.mark.parametrize("none", ["caseworkers", "hours_per_caseworker_week"])
    def test_nobody_at_work_refers_nobody(self, regime, none):
        setup = scenario({"office": {none: 0.0}, "referral": {"regime": regime}})
        assert market(setup).flows["referred"].sum() == 0

    def test_the_hours_are_booked(self):
        model = market(self.SETUP)
        hourly = self.SETUP.finance.office_hour_eur
        weekly = [round(n * 0.4 * hourly * 100) for n in model.flows["referred"]]
        assert model.ledger.total(item="referral") == sum(weekly)

    def test_letters_take_less_time(self):
        setup = scenario({"referral": {"regime": "bulk"}})
        model = market(setup)
        weekly = [
            round(n * 0.05 * setup.finance.office_hour_eur * 100) for n in model.flows["referred"]
        ]
        assert model.ledger.total(item="referral") == sum(weekly) > 0


def test_who_comes_back_is_interviewed_in_the_week_after():
    model = LabourMarket(setup=scenario({"labour_market": {"job_hazard_per_week": 0.3}}))
    back = np.zeros(0, dtype=np.int64)
    seen = 0
    while model.running:
        model.step()
        new = np.flatnonzero(model.columns.entry_week == model.week)
        assert np.array_equal(np.sort(model.came), np.union1d(back, new))
        columns = model.columns
        back = np.flatnonzero((columns.state == State.UNEMPLOYED) & (columns.since == model.week))
        back = back[columns.entry_week[back] < model.week] if model.week else back[:0]
        seen += back.size
    assert seen
