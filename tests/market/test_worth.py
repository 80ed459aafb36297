"""What clients and jobs are worth to a provider, against closed forms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labsim.market import worth
from labsim.market.jobs import chance_to_last_as
from labsim.market.milestones import DURABILITIES
from labsim.market.states import State
from labsim.market.worth import Prospects
from labsim.scenario.schema import Scenario

RATE = st.floats(1e-6, 2.0)
WEEKS = st.integers(0, 60).map(float)
properties = settings(derandomize=True, deadline=None, max_examples=60)


def prospects(rates=(0.05,), fees=(1000.0,), **changes) -> Prospects:
    """Return one client's prospects by kind of exit; jobs come first."""
    column = np.array(fees, dtype=float)[:, None]
    found = Prospects(
        rates=np.array(rates, dtype=float)[:, None],
        responses=np.ones(len(rates)),
        fees=column,
        fees_anyway=column,
        weeks_left=np.array([20.0]),
        stay=np.array([0.0]),
        service_left=np.array([10.0]),
    )
    return replace(found, **changes)


def value(found: Prospects, *, gain: float = 0.5, mission: float = 0.0) -> float:
    return float(worth.in_service(found, np.ones(1), np.full(1, gain), mission)[0])


# What comes without coaching


def test_one_exit_by_hand():
    found = prospects(rates=[0.05], fees=[1000.0])
    assert found.hoped(np.ones(1)) == pytest.approx(1000 * (1 - np.exp(-0.05)), rel=1e-14)
    assert found.staying(np.full(1, 7.0)) == pytest.approx((1 - np.exp(-0.35)) / 0.05, rel=1e-14)


def test_each_exit_brings_its_share():
    found = prospects(rates=[0.03, 0.01], fees=[1000.0, 200.0])
    # Three of four who leave go to work; in the end all leave.
    assert found.hoped(np.full(1, np.inf)) == pytest.approx(0.75 * 1000 + 0.25 * 200, rel=1e-14)


@properties
@given(RATE, RATE, WEEKS, WEEKS)
def test_weeks_add_up(job, other, first, then):
    """What the later weeks bring, they bring if the client is still there."""
    found = prospects(rates=[job, other], fees=[900.0, 50.0])
    stays = np.exp(-(job + other) * first)
    for rule in (found.hoped, found.staying):
        parts = rule(np.full(1, first)) + stays * rule(np.full(1, then))
        assert rule(np.full(1, first + then)) == pytest.approx(parts, rel=1e-9)


def test_whoever_never_leaves_stays_and_brings_nothing():
    found = prospects(rates=[0.0])
    assert found.staying(np.full(1, 12.0)) == 12.0
    assert found.hoped(np.full(1, 12.0)) == 0.0


@properties
@given(RATE, st.floats(-50, 0))
def test_no_weeks_left_bring_nothing(rate, weeks):
    found = prospects(rates=[rate])
    assert found.hoped(np.full(1, weeks)) == 0
    assert found.staying(np.full(1, weeks)) == 0


# In the service


def test_the_worth_of_an_uplift_by_hand():
    found = prospects(rates=[0.04], weeks_left=np.ones(1), service_left=np.ones(1))
    # In the last week nothing is forfeited: hazard times fee times what coaching adds.
    assert value(found, gain=0.5) == pytest.approx(0.04 * 1000 * 0.5, rel=1e-14)
    # With a week more, the fee may come anyway.
    later = replace(found, weeks_left=np.full(1, 2.0))
    assert value(later) == pytest.approx(0.04 * 1000 * np.exp(-0.04) * 0.5, rel=1e-14)


def test_other_exits_count_as_they_answer_to_coaching():
    found = prospects(rates=[0.04, 0.02], fees=[0.0, 300.0], weeks_left=np.ones(1))
    found = replace(found, responses=np.array([1.0, 0.5]), service_left=np.ones(1))
    assert value(found, gain=1.0) == pytest.approx(0.5 * 0.02 * 300, rel=1e-14)


@properties
@given(st.floats(0.001, 0.2), st.floats(1, 100))
def test_monthly_pay_makes_placing_a_loss(rate, stay):
    """Who brings only monthly pay is worth keeping; who costs only, worth placing."""
    kept = prospects(rates=[rate], fees=[0.0], stay=np.full(1, stay))
    assert value(kept) < 0
    assert value(replace(kept, stay=np.full(1, -stay))) == pytest.approx(-value(kept), rel=1e-12)


@properties
@given(st.lists(st.floats(0.01, 2.5), min_size=1, max_size=8), st.floats(0.1, 100))
def test_mission_is_an_equal_service_norm(response, mission):
    """Over clients who answer alike or not, helping is worth the same on average per uplift."""
    response = np.array(response)
    n = response.size
    none = prospects(fees=[0.0])
    found = replace(
        none,
        rates=np.full((1, n), 0.05),
        fees=np.zeros((1, n)),
        fees_anyway=np.zeros((1, n)),
        weeks_left=np.full(n, 20.0),
        stay=np.zeros(n),
        service_left=np.full(n, 10.0),
    )
    values = worth.in_service(found, response, np.ones(n), mission)
    assert values.mean() == pytest.approx(mission, rel=1e-12)
    within = response > 0.25
    products = (values * response)[within]
    assert products == pytest.approx(np.full(products.size, products[:1].sum()), rel=1e-12)


def test_nobody_is_worth_nothing():
    nobody = prospects(rates=[0.05], weeks_left=np.zeros(0))
    assert worth.in_service(nobody, np.zeros(0), np.zeros(0), 5.0).size == 0


# In work


def test_support_is_worth_the_fees_it_keeps():
    separation = np.array([0.02, 0.02, 0.0])
    fees = np.array([[1000.0, 0.0, 500.0], [2000.0, 2000.0, 500.0]])
    lasts = np.array([[0.9, 0.9, 1.0], [0.5, 0.5, 1.0]])
    # 0.02 * 0.2 * (900 + 1000); the first milestone is behind the second job; a sure job: nothing.
    assert worth.in_work(separation, 0.2, fees, lasts) == pytest.approx([7.6, 4.0, 0.0], rel=1e-14)


# Speed or durability

CHOICES = np.linspace(0, 1, 11)


def test_speed_where_lasting_brings_nothing():
    assert worth.best_durability(CHOICES, 0.3, np.full(11, 1000.0)) == 0.0


def test_speed_where_all_choices_pay_alike():
    # The pay is the same but for rounding: (1 - 0.3q) * 1000/(1 - 0.3q).
    assert worth.best_durability(CHOICES, 0.3, 1000 / (1 - 0.3 * CHOICES)) == 0.0
    assert worth.best_durability(CHOICES, 0.3, np.zeros(11)) == 0.0


def test_durability_where_it_costs_nothing():
    assert worth.best_durability(CHOICES, 0.0, np.exp(CHOICES)) == 1.0


@pytest.mark.parametrize("best", [0.2, 0.5, 0.9])
def test_the_peak_between_the_ends(best):
    expected = (2 - (CHOICES - best) ** 2) / (1 - 0.3 * CHOICES)
    assert worth.best_durability(CHOICES, 0.3, expected) == pytest.approx(best, abs=1e-12)


@pytest.mark.parametrize(("weeks", "choice"), [(13, 0.0), (26, 0.0), (52, 0.5)])
def test_later_fees_make_providers_look_for_lasting_jobs(weeks, choice):
    """The best choices of model.md for single fees, with the shipped tenure curve."""
    setup = Scenario()
    coaching = setup.coaching
    factors = np.exp(-coaching.durability_gain * DURABILITIES)
    lasts = [
        chance_to_last_as(setup.labour_market, State.EMPLOYED, weeks, 0.0, float(factor))
        for factor in factors
    ]
    found = worth.best_durability(DURABILITIES, coaching.durability_cost, np.array(lasts))
    assert found == pytest.approx(choice, abs=0.1)
