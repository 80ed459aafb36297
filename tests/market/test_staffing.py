"""Coaches and optimism: by hand, by property, and of providers in a market."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labsim.market.jobs import NEVER
from labsim.market.staffing import Income, learned_optimism, moved, wanted_coaches
from labsim.scenario.sections.providers import Provider
from tests.builders import ALIKE, ALL_START, NO_EXITS, market, scenario

TERMS = Provider()
LEAST = 0.08
properties = settings(derandomize=True, deadline=None, max_examples=60)
EUR = st.floats(0, 50_000)


def wanted(clients=50, sure=0.0, hoped=0.0, per_hour=0.0, optimism=1.3, terms=TERMS, least=LEAST):
    return wanted_coaches(terms, clients, Income(sure, hoped, per_hour), optimism, least)


# What pays


def test_income_covers_the_coaches_with_the_margin():
    income = 500 + 1.3 * 300
    assert wanted(sure=500, hoped=300) == pytest.approx(0.94 * income / 1250, rel=1e-14)


def test_not_more_than_planned_and_not_less_than_the_minimum():
    assert wanted(sure=1e6) == 50 / 50
    assert wanted() == pytest.approx(50 * 0.08 / 21, rel=1e-14)
    # A minimum over the plan: 50 clients at 1 hour are 50/21 coaches.
    assert wanted(sure=1e6, least=1.0) == pytest.approx(50 / 21, rel=1e-14)


def test_hours_that_earn_their_cost_are_given_up_to_the_plan():
    cost_of_an_hour = 1250 / 21 / 0.94
    assert wanted(per_hour=cost_of_an_hour * 1.001) == 1.0
    # Just under it, and nothing else is paid: the minimum, as in model.md.
    assert wanted(per_hour=cost_of_an_hour * 0.999) == pytest.approx(50 * 0.08 / 21, rel=1e-12)


def test_nobody_to_serve():
    assert wanted(clients=0, sure=100.0) == 0.0
    assert wanted(clients=0, per_hour=1000.0) == 0.0


@properties
@given(st.integers(0, 300), EUR, EUR, st.floats(0, 100), st.floats(0, 5), st.floats(0, 2))
def test_within_limits_and_rising_with_income(clients, sure, hoped, per_hour, optimism, least):
    found = wanted(clients, sure, hoped, per_hour, optimism, least=least)
    low, high = clients * least / 21, clients / 50
    assert low <= found <= max(low, high)
    for richer in (
        wanted(clients, sure + 100, hoped, per_hour, optimism, least=least),
        wanted(clients, sure, hoped + 100, per_hour, optimism, least=least),
        wanted(clients, sure, hoped, per_hour + 1, optimism, least=least),
        wanted(clients, sure, hoped, per_hour, optimism + 0.1, least=least),
    ):
        assert richer >= found


# Hiring and cutting


def test_gaps_close_by_a_part_a_week():
    coaches = 2.0
    for _ in range(10):
        coaches = moved(coaches, 10.0, TERMS)
    assert coaches == pytest.approx(10 - 8 * 0.85**10, rel=1e-12)
    for _ in range(10):
        coaches = moved(coaches, 1.0, TERMS)
    assert coaches == pytest.approx(1 + (9 - 8 * 0.85**10) * 0.92**10, rel=1e-12)
    assert moved(3.0, 3.0, TERMS) == 3.0


# Optimism


def test_without_results_the_first_view_stands():
    assert learned_optimism(TERMS, np.zeros(0), np.zeros(0)) == 1.3
    assert learned_optimism(TERMS, np.zeros(9), np.zeros(9)) == 1.3


def test_fifty_clients_weigh_as_much_as_the_first_view():
    expected = np.full(50, 200.0)
    assert learned_optimism(TERMS, expected, 0.7 * expected) == pytest.approx(1.0, rel=1e-14)


@properties
@given(st.lists(st.floats(1, 3000), min_size=1, max_size=30), st.floats(0, 4))
def test_between_the_first_view_and_the_results(expected, ratio):
    expected = np.array(expected)
    found = learned_optimism(TERMS, expected, ratio * expected)
    weight = expected.size / (expected.size + 50)
    assert found == pytest.approx(1.3 + weight * (ratio - 1.3), rel=1e-9)


# Providers in a market

STAYING = (ALIKE, NO_EXITS, ALL_START)
TEN_COACHES = {"promised_coaches": 10.0, "fixed_cost_share": 0.0}


def run(*providers, choice="rotation", **rest):
    names = [terms | {"name": name} for name, terms in zip("ABC", providers, strict=False)]
    tree = {"providers": names, "referral": {"provider_choice": choice}}
    return market(scenario(*STAYING, tree, rest))


def test_clients_go_to_those_still_in_business():
    """Without money or credit the first ends in its first week; the second serves alone."""
    broke = TEN_COACHES | {"cash_weeks": 0.0, "credit_share": 0.0}
    model = run(broke, TEN_COACHES | {"cash_weeks": 100.0})
    columns = model.columns
    first, second = model.providers
    assert not first.solvent
    assert second.solvent
    ends = model.setup.contract.start_week
    later = (columns.service_start > ends) & (columns.service_start < NEVER)
    assert later.sum() > 20
    assert (columns.provider[later] == 1).all()
    assert (columns.hours_total[later] > 0).all()


def test_nobody_pays_for_a_provider_without_clients():
    one, two = run(TEN_COACHES, choice="single"), run(TEN_COACHES, TEN_COACHES, choice="single")
    assert two.ledger.total(payer="B") == 0
    assert two.providers[1].promised == 0
    assert two.ledger.total(payer="A") == one.ledger.total(payer="A") > 0


def test_the_promise_is_kept_and_then_coaches_follow_the_money():
    model = run(TEN_COACHES | {"promise_weeks": 10, "cutting_per_week": 0.5, "cash_weeks": 99.0})
    start = model.setup.contract.start_week
    coaches = model.flows["coaches"]
    assert (coaches[:start] == 0).all()
    assert (coaches[start : start + 10] == 7.0).all()  # 70 % of ten
    assert (np.diff(coaches[start + 9 : start + 20]) < 0).all()  # no fees: down to the minimum


def test_staff_for_the_minimum_is_no_breach():
    """Coaches that follow at once, and nothing is paid: exactly the minimum, however it rounds."""
    at_once = {"promise_weeks": 0, "hiring_per_week": 1.0, "cutting_per_week": 1.0}
    model = run(at_once | {"promised_coaches": 9.0, "cash_weeks": 500.0})
    (provider,) = model.providers
    assert model.flows["in_service"].max() > 50
    assert provider.breaches == 0
