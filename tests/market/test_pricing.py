"""Designs that are equally generous, and the euros that result."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market.pricing import (
    cost_per_start,
    expectations,
    expected_spend,
    most_referred,
    price_list,
)
from tests.builders import market, scenario

GENEROUS = {
    "outcome_share": 0.4, "expected_spend_per_start_eur": 800.0, "expected_outcome_rate": 0.4,
    "weeks": 60, "service_weeks_max": 35,
}  # fmt: skip
MONTH = {"name": "m", "on": "month", "eur": 100.0}
OUTCOME = {
    "name": "o", "on": "outcome", "eur": 100.0,
    "outcome": ["employment", "education", "subsidised"],
}  # fmt: skip


def contract(*given, **keys):
    return scenario({"contract": GENEROUS | keys | {"fees": list(given)}})


def cents(setup, name):
    return next(price.cents for price in price_list(setup) if price.name == name)


def test_without_the_keys_fees_are_as_written():
    setup = scenario({"contract": {"fees": [MONTH | {"eur": 99.99}, OUTCOME]}})
    assert cents(setup, "m").tolist() == [9_999] * 4
    assert cents(setup, "o").tolist() == [10_000] * 4


def test_the_outcome_part_by_hand():
    # 40 % of 800 EUR at a rate of 0.4: 320 / 0.4 = 800 EUR an outcome.
    assert cents(contract(MONTH, OUTCOME), "o").tolist() == [80_000] * 4


def test_milestones_of_one_kind_add_up():
    second = OUTCOME | {"name": "later", "eur": 300.0, "sustained_days": 90}
    setup = contract(MONTH, OUTCOME, second)
    assert cents(setup, "o")[0] + cents(setup, "later")[0] == 80_000
    assert cents(setup, "later")[0] == 3 * cents(setup, "o")[0]


def test_other_kinds_do_not_add_up():
    other = OUTCOME | {"name": "business", "outcome": ["entrepreneurship"]}
    setup = contract(MONTH, OUTCOME, other)
    assert cents(setup, "o")[0] == cents(setup, "business")[0] == 80_000


def test_groups_are_taken_at_their_mean():
    setup = contract(MONTH, OUTCOME | {"by_group": {"near": 1.0, "middle": 2.0, "far": 3.0}})
    assert cents(setup, "o").tolist() == [40_000, 80_000, 120_000, 40_000]


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_start_fees_take_the_rest(share):
    start = {"name": "s", "on": "start", "eur": 7.0}
    setup = contract(start, OUTCOME, outcome_share=share)
    assert cents(setup, "s")[0] == round((1 - share) * 80_000)
    assert cents(setup, "o")[0] == round(share * 200_000)


def test_fees_that_are_not_for_outcomes_keep_their_proportions():
    setup = contract(MONTH, OUTCOME, {"name": "h", "on": "hour", "eur": 50.0})
    stay, weeks_per_month = expectations(setup).stay_weeks, 365.2425 / 12 / 7
    spend = cents(setup, "m")[0] * stay / weeks_per_month + cents(setup, "h")[0] * stay * 21 / 50
    # Two fees rounded to cents, some 4 months and 8 hours of them.
    assert spend == pytest.approx(0.6 * 80_000, abs=20)
    assert cents(setup, "m")[0] == pytest.approx(2 * cents(setup, "h")[0], abs=2)


def test_caps_and_windows_count():
    capped = contract(MONTH | {"max_per_client": 1.0}, OUTCOME)
    assert cents(capped, "m")[0] == 48_000
    first = contract({"name": "h", "on": "hour", "eur": 1.0, "to_service_week": 4}, OUTCOME)
    # Five weeks, of which some clients stay for less: the integral of exp(-out*t) from 0 to 5.
    out = expectations(first).leaving + 0.004
    weeks = -np.expm1(-5 * out) / out
    assert 4 < weeks < 5
    assert cents(first, "h")[0] == pytest.approx(48_000 / (weeks * 0.42), abs=1)


def test_stay_and_rate_by_hand():
    """At a constant rate of leaving, with everything an outcome and nobody dropping out."""
    everything = ["employment", "education", "subsidised", "entrepreneurship"]
    setup = scenario(
        {
            "contract": GENEROUS | {"fees": [MONTH, OUTCOME | {"outcome": everything}]},
            "coaching": {"dropout_per_week": 0.0},
            "labour_market": {
                "exit_shares": {
                    "employment": 1.0, "education": 0.0, "subsidised": 0.0,
                    "entrepreneurship": 0.0, "inactivity": 0.0,
                }
            },
        }
    )  # fmt: skip
    # 1 - exp(-35 r) = 0.4; mean stay (1 - exp(-35 r)) / r = 0.4 / 0.0145950 = 27.407 weeks.
    rate = -np.log(0.6) / 35
    assert expectations(setup).stay_weeks == pytest.approx(0.4 / rate, rel=1e-9)
    assert expectations(setup).stay_weeks == pytest.approx(27.407, abs=1e-3)


def test_starts_do_not_depend_on_the_size_of_fees():
    one, other = contract(MONTH, OUTCOME), contract(MONTH | {"eur": 1.0}, OUTCOME | {"eur": 900.0})
    assert expectations(one) == expectations(other)
    assert [price.cents.tolist() for price in price_list(one)] == [
        price.cents.tolist() for price in price_list(other)
    ]


def test_coach_months_spread_over_expected_starts():
    setup = contract({"name": "c", "on": "coach-month", "eur": 1.0}, OUTCOME, outcome_share=0.0)
    expected = expectations(setup)
    price = price_list(setup)[0]
    assert price.coaches == expected.coaches
    months = 60 / (365.2425 / 12 / 7)
    spend = price.cents[-1] * price.coaches * months / expected.starts
    assert spend == pytest.approx(80_000, rel=1e-4)


@pytest.mark.parametrize(
    "given",
    [
        [MONTH],
        [MONTH, OUTCOME | {"eur": 0.0}],
        [MONTH, OUTCOME | {"eur": 0.0, "outcome": ["employment"], "sustained_days": 90}],
        [{"name": "h", "on": "hour", "eur": 10.0}],
        [MONTH | {"to_service_week": 8}],
        [MONTH | {"max_per_client": 3.0}],
        [MONTH | {"from_service_week": 20}],
    ],
)
def test_a_start_costs_about_what_is_expected(given):
    """Whatever outcomes are counted beside it, fees cost about 800 EUR a start."""
    setup = scenario(
        {
            "run": {"weeks": 100},
            "population": {"register": 600},
            "referral": {"volume": 300},
            "contract": GENEROUS | {"outcome_share": 0.0, "fees": given},
            "providers": [{"name": "rich", "cash_weeks": 520.0}],  # waits for its fees
        }
    )
    model = market(setup)
    per_start = model.ledger.total(kind="fee") / 100 / model.flows["started"].sum()
    # "About": within a factor of two and a half, because the stay is expected by simple arithmetic
    # from the purchaser's rate, which may be far from what the market gives.
    assert 320 < per_start < 2_000


# What a contract is expected to cost


def test_a_start_costs_what_equal_generosity_says():
    second = OUTCOME | {"name": "later", "eur": 300.0, "sustained_days": 90}
    setup = contract(MONTH, OUTCOME, second)
    assert cost_per_start(setup) == pytest.approx(800.0, abs=0.02)
    assert expected_spend(setup) == pytest.approx(expectations(setup).starts * 800, rel=1e-4)


def test_without_an_expected_rate_each_outcome_counts_by_its_chance():
    # Of those who leave, 55 % leave to jobs; all count, and one in four of the fee is lost.
    job = OUTCOME | {"outcome": ["employment"], "eur": 1_000.0}
    proof = {
        "verification": "notice", "notice_chance": 0.75, "dispute_chance": 0.0,
        "service_weeks_max": 12,
    }  # fmt: skip
    setup = scenario({"contract": proof | {"fees": [job]}})
    found, share = expectations(setup), setup.labour_market.exit_shares.employment
    leaves = found.leaving * found.stay_weeks
    assert cost_per_start(setup) == pytest.approx(leaves * share * 0.75 * 1_000)


@pytest.mark.parametrize(("share", "most"), [(None, 120), (1.5, 120), (1.0, 120), (0.5, 60)])
def test_the_budget_limits_referral(share, most):
    setup = contract(MONTH, OUTCOME)
    if share is not None:
        eur = share * expected_spend(setup)
        setup = contract(MONTH, OUTCOME, budget_eur=eur * (1 + 1e-6))
    assert most_referred(setup) == most


def test_what_costs_nothing_is_never_committed():
    assert most_referred(scenario({"contract": {"budget_eur": 1.0}})) == 120
