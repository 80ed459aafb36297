"""Who may be referred, and who accepts."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market.jobs import NEVER
from labsim.market.referral import acceptance_chance
from labsim.market.states import Stage, State
from tests.builders import ALIKE, ALL_START, NO_EXITS, market, scenario


def referral(**keys):
    return scenario({"referral": keys}).referral


def test_acceptance_by_hand():
    acceptance = referral().acceptance
    # 0.92 + 0.25*(8-7.5) - 0.35*(4.5-5.5) - 0.06*2 = 1.275; 1/(1+exp(-1.275)) = 0.781597
    found = acceptance_chance(acceptance, np.array([8.0]), np.array([4.5]), 2)
    assert found[0] == pytest.approx(0.781597, abs=1e-6)
    # The letter's -0.4: 1/(1+exp(-0.875)) = 0.705785
    found = acceptance_chance(acceptance, np.array([8.0]), np.array([4.5]), 2, acceptance.by_letter)
    assert found[0] == pytest.approx(0.705785, abs=1e-6)


def test_letters_start_fewer():
    rates = []
    for shift in (0.0, -0.4, -3.0):
        setup = scenario({"referral": {"regime": "bulk", "acceptance": {"by_letter": shift}}})
        rates.append(market(setup).flows["started"].sum())
    assert rates[0] > rates[1] > rates[2] > 0


def test_the_share_that_accepts():
    people = 4_000
    setup = scenario(
        ALIKE,
        NO_EXITS,
        {
            "population": {"register": people, "belief_mean": 5.5},
            "referral": {"volume": people, "start_week": 0, "weeks": 1, "wait_weeks": 3},
        },
    )
    model = market(setup)
    chance = 1 / (1 + np.exp(-(0.92 + 0.25 * 0.5 - 0.06 * 3)))
    error = np.sqrt(chance * (1 - chance) / people)
    assert abs(model.flows["started"].sum() / people - chance) < 4.5 * error


@pytest.mark.parametrize(
    ("target", "keeps"),
    [
        ({"age_min": 30, "age_max": 39}, lambda c: (c.age >= 30) & (c.age <= 39)),
        ({"education": ["basic", "tertiary"]}, lambda c: c.education != 1),
        ({"benefit": ["basic-allowance"]}, lambda c: c.scheme_at_entry == 1),
        ({"areas": ["south"]}, lambda c: c.area == 1),
        ({"unemployed_months_min": 6.0}, lambda c: c.months_before >= 6.0),
        ({"unemployed_months_max": 6.0}, lambda c: c.months_before <= 6.0),
    ],
)
def test_only_the_target_group_is_referred(target, keeps):
    setup = scenario(
        {
            "run": {"weeks": 1},
            "population": {
                "register": 1_000, "inflow_per_week": 0.0, "areas": {"north": 0.5, "south": 0.5},
            },
            "finance": {"earnings_related_days_max": 5_000},
            "referral": {
                "volume": 10_000, "start_week": 0, "weeks": 1, "wait_weeks": 3, "target": target,
            },
        }
    )  # fmt: skip
    columns = market(setup).columns
    # Every one of them is referred, in the only week, before anything has changed for anybody.
    expected = keeps(columns)
    assert 0 < expected.sum() < 1_000
    assert np.array_equal(columns.referred_week == 0, expected)
    assert np.array_equal(columns.ever_eligible, expected)


@pytest.mark.parametrize("end", ["min", "max"])
def test_only_those_whom_the_office_sees_to_fit_are_referred(end):
    setup = scenario(
        {
            "run": {"weeks": 1},
            "population": {"register": 1_000, "inflow_per_week": 0.0},
            "referral": {
                "volume": 10_000, "start_week": 0, "weeks": 1, "wait_weeks": 3,
                "target": {f"work_ability_{end}": 6.5},
            },
        }
    )  # fmt: skip
    model = market(setup)
    seen = model.office.assessment.ability(np.arange(1_000))
    expected = seen >= 6.5 if end == "min" else seen <= 6.5
    assert 0 < expected.sum() < 1_000
    assert np.array_equal(model.columns.referred_week == 0, expected)
    assert np.array_equal(model.columns.ever_eligible, expected)
    truly = model.people.ability >= 6.5 if end == "min" else model.people.ability <= 6.5
    assert (truly != expected).any()  # some are let in by mistake, and some are kept out


def test_days_of_support():
    setup = scenario(
        NO_EXITS,
        {
            "run": {"weeks": 1},
            "population": {"register": 1_000, "inflow_per_week": 0.0},
            "referral": {
                "volume": 10_000, "start_week": 0, "weeks": 1, "target": {"support_days_min": 300},
            },
        },
    )  # fmt: skip
    columns = market(setup).columns
    days = (columns.months_before * 21.5).astype(int)
    # People on another scheme at entry come to support after 400 days.
    days = np.where(columns.scheme_at_entry == 2, days, days - 400)
    assert np.array_equal(columns.referred_week == 0, days >= 300)


def test_people_who_find_work_while_they_wait_do_not_start():
    model = market(scenario(ALL_START, {"referral": {"wait_weeks": 5}}))
    gone = np.flatnonzero(model.columns.stage == Stage.GONE_BEFORE_START)
    assert gone.size
    assert not (model.columns.service_start[gone] < NEVER).any()
    referred = model.columns.referred_week[gone]
    person, begin = model.spells.column("person"), model.spells.column("begin")
    for one, week in zip(gone, referred, strict=True):
        assert ((begin[person == one] >= week) & (begin[person == one] < week + 6)).any()


def test_nobody_waits_beyond_the_contract():
    model = market(scenario({"contract": {"start_week": 3, "weeks": 4}}))
    started = model.columns.service_start[model.columns.service_start < NEVER]
    assert started.max() < 7
    waiting = model.columns.stage == Stage.REFERRED
    assert not waiting[model.columns.referred_week < 6].any()
    assert (model.columns.state[started] >= State.UNEMPLOYED).all()
