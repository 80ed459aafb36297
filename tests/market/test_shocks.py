"""Shocks come from outside, alike in the twin and in every design, and pass."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from labsim.market.jobs import NEVER
from labsim.market.shocks import Shocks, strength
from labsim.market.states import State
from labsim.measure.indicators import indicators
from labsim.scenario.sections.labour_market import LabourMarket
from labsim.scenario.sections.shocks import NEUTRAL, Shock
from tests.builders import (
    ALIKE,
    ALL_START,
    NO_EXITS,
    ONLY_JOBS,
    differences,
    fees,
    market,
    pair,
    scenario,
)

SPRING = {"name": "spring 2020", "like": "spring-2020", "start_week": 10, "weeks": 12}


def shocked(*shocks: dict) -> dict:
    return {"labour_market": {"shocks": list(shocks)}}


def test_strength_is_full_then_falls_by_equal_steps():
    shock = Shock(name="a", start_week=2, weeks=3, fading_weeks=3, hiring=0.0)
    expected = [0, 0, 1, 1, 1, 0.75, 0.5, 0.25, 0, 0]
    np.testing.assert_allclose(strength(shock, 10), expected)


@given(st.integers(0, 60), st.integers(1, 40), st.integers(0, 40), st.floats(0, 3))
def test_effects_lie_between_none_and_full(start, weeks, fading, factor):
    shock = Shock(name="a", start_week=start, weeks=weeks, fading_weeks=fading, inflow=factor)
    inflow = Shocks.of(LabourMarket(shocks=[shock]), 80).inflow
    assert (inflow[:start] == 1).all()
    np.testing.assert_allclose(inflow[start : start + weeks], factor, atol=1e-12)
    assert (inflow >= min(factor, 1) - 1e-12).all()
    assert (inflow <= max(factor, 1) + 1e-12).all()
    assert (inflow[start + weeks + fading :] == 1).all()


def test_factors_multiply_loads_add_and_the_most_remote_counts():
    one = Shock(name="one", start_week=0, weeks=5, hiring=0.5, office_load=0.2, remote=0.4)
    two = Shock(name="two", start_week=0, weeks=5, hiring=0.4, office_load=0.3, remote=0.3)
    both = Shocks.of(LabourMarket(shocks=[one, two]), 5)
    np.testing.assert_allclose(both.hiring, 0.2)
    np.testing.assert_allclose(both.office_load, 0.5)
    np.testing.assert_allclose(both.remote, 0.4)
    np.testing.assert_allclose(both.service_pace, 1.0)


def test_a_shock_takes_from_the_preset_what_it_does_not_say():
    market_ = LabourMarket()
    mine = Shock(name="mine", like="spring-2020", start_week=0, weeks=1, hiring=0.9)
    assert mine.effect("hiring", market_.spring_2020) == 0.9
    assert mine.effect("remote", market_.spring_2020) == market_.spring_2020.remote == 1
    plain = Shock(name="plain", start_week=0, weeks=1, hiring=0.9)
    assert {name: plain.effect(name, market_.spring_2020) for name in NEUTRAL} == NEUTRAL | {
        "hiring": 0.9
    }


def test_a_shock_that_does_nothing_is_refused():
    with pytest.raises(ValidationError):
        Shock(name="nothing", start_week=0, weeks=1)


def test_a_shock_of_ones_changes_nobody_bit_for_bit():
    none = {"name": "none", "start_week": 3, "weeks": 9, "hiring": 1.0, "vacancies": 1.0,
            "inflow": 1.0, "service_pace": 1.0}  # fmt: skip
    assert differences(market(scenario(shocked(none))), market(scenario())) == []


def test_without_effects_a_shocked_design_equals_its_shocked_twin():
    run = pair(scenario(shocked(SPRING), {"coaching": {"effect_scale": 0.0}}))
    assert differences(run.run, run.twin) == []
    assert (run.run.columns.service_start < NEVER).sum() > 20


def test_frozen_hiring_is_the_factor_on_the_hazard():
    """With hazard h for everybody and only jobs, exp(-h*f) stay out each week."""
    alike = scenario(
        ALIKE, ONLY_JOBS, {"run": {"weeks": 1}, "population": {"register": 20_000}},
        {"referral": {"volume": 0}}, shocked(
            {"name": "freeze", "start_week": 0, "weeks": 5, "hiring": 0.25}
        ),
    )  # fmt: skip
    model = market(alike)
    hazard = alike.labour_market.job_hazard_per_week
    left = (model.columns.state == State.EMPLOYED).mean()
    chance = 1 - np.exp(-0.25 * hazard)
    tolerance = 4 * np.sqrt(chance * (1 - chance) / 20_000)
    assert abs(left - chance) < tolerance


def test_halved_vacancies_are_a_halved_ratio():
    """Fewer places for the same search: the CES factor at r = 1/2, and none of it at a = 1."""
    terms = {"name": "fewer", "start_week": 0, "weeks": 5, "vacancies": 0.5}
    one_week = {"run": {"weeks": 1}, "referral": {"volume": 0}}
    model = market(scenario(shocked(terms), one_week))
    searching = model.reference_search
    a, gamma = model.elasticity, model.setup.labour_market.tightness_exponent
    expected = (a + (1 - a) * 0.5**-gamma) ** (-1 / gamma)
    np.testing.assert_allclose(model.crowding(searching)[searching > 0], expected)
    nobody = {"labour_market": {"matching_elasticity": 1.0}}
    assert not differences(
        market(scenario(shocked(terms), one_week, nobody)), market(scenario(one_week, nobody))
    )


def test_lay_offs_double_the_arrivals_of_their_weeks():
    terms = {"name": "lay-offs", "start_week": 10, "weeks": 10, "inflow": 2.0}
    steady = {"population": {"inflow_per_week": 20.0}, **NO_EXITS}
    setups = scenario(steady), scenario(steady, shocked(terms))
    before, after = (
        np.bincount(market(setup).columns.entry_week + 1, minlength=41) for setup in setups
    )
    assert (before[1:11] == after[1:11]).all()
    assert abs(after[11:21].sum() - 2 * before[11:21].sum()) <= 2
    assert abs(after[21:].sum() - before[21:].sum()) <= 1


def test_lay_offs_crowd_out_referral():
    """REF-26: the office's hours go to lay-offs, and referral gets what is left."""
    office = {"office": {"caseworkers": 12.0, "referral_team": 2.0}}
    setup = scenario(office, {"referral": {"weeks": 20, "volume": 160}})
    load = shocked({"name": "lay-offs", "start_week": 6, "weeks": 8, "office_load": 1.0})
    calm, busy = (
        market(setup),
        market(scenario(office, {"referral": {"weeks": 20, "volume": 160}}, load)),
    )
    weeks = slice(6, 14)
    assert calm.flows["referred"][weeks].sum() > 0
    assert busy.flows["referred"][weeks].sum() == 0
    assert (busy.flows["referred"][:6] == calm.flows["referred"][:6]).all()


def test_a_slower_service_does_less():
    """COV-02: at pace 0 a week of service changes nobody, at a half it does half."""
    slow = [
        shocked({"name": "s", "start_week": 0, "weeks": 40, "service_pace": p}) for p in (0.5, 1)
    ]
    base = (NO_EXITS, ALL_START, {"run": {"weeks": 5}})
    half, full = (market(scenario(*base, pace)) for pace in slow)
    served = np.flatnonzero(full.columns.uplift > 0)
    assert served.size > 20
    gained = [model.columns.ability - model.people.ability for model in (half, full)]
    assert (gained[0][served] <= gained[1][served]).all()
    assert gained[0][served].sum() < 0.75 * gained[1][served].sum()


def test_all_providers_go_remote():
    """REM-05; clients judge by what the service is when theirs ends."""
    model = market(scenario(shocked(SPRING), {"run": {"weeks": 12}}))
    assert [provider.remote_share for provider in model.providers] == [1.0]


FEE = {
    "name": "a quarter in work", "on": "outcome", "outcome": ["employment"], "eur": 3000.0,
    "sustained_days": 84, "starts_within": "service+90d",
}  # fmt: skip


def test_spring_2020_puts_the_target_out_of_reach():
    """COV-05, M-PRC-17: a target that is met in a normal year is far from met in the shock.

    The target is what the same contract reaches without the shock.
    """
    base = (
        ALL_START, fees(FEE),
        {
            "run": {"weeks": 70}, "population": {"register": 3_000},
            "referral": {"volume": 1_500, "weeks": 12},
            "contract": {"weeks": 30, "service_weeks_max": 16, "tracking_weeks": 30},
        },
    )  # fmt: skip
    spring = {"name": "spring", "like": "spring-2020", "start_week": 4, "weeks": 26}
    before, after = (indicators(pair(setup)) for setup in
                     (scenario(*base), scenario(*base, shocked(spring))))  # fmt: skip
    rate, starts = before["outcome_rate"], (before["started"], after["started"])
    noise = 3 * np.sqrt(rate * (1 - rate) * sum(1 / n for n in starts))
    # Job hazards are at 0.6 of normal times, less what crowding takes. With the share p of starts
    # in jobs before, 1 - (1-p)**0.6 at most are in jobs now; outcomes are a part of jobs.
    assert after["outcome_rate"] < rate * (1 - (1 - rate) ** 0.6) / rate + noise
    assert after["outcome_rate"] < rate - noise
