"""Joint work of office and providers: none by default; what it costs, and what comes of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labsim.market.jobs import NEVER
from labsim.market.ledger import Account
from labsim.market.model import LabourMarket
from labsim.market.partnership import (
    assessment_noise_sd,
    dispute_factor,
    kept,
    meeting_gain,
    sector_strength,
    wait_weeks,
)
from labsim.market.trust import trust_next
from labsim.measure.indicators import indicators
from labsim.measure.pair import Pair
from labsim.scenario.sections.office import Office
from labsim.scenario.sections.partnership import Partnership
from tests.builders import (
    ALL_START,
    NO_EXITS,
    differences,
    fees,
    market,
    pair,
    scenario,
)

ALL_ON = {
    "partnership": {
        "meetings_per_month": 4.0, "coordinator_share": 1.0, "coordinator_needs_min": 0,
        "shared_premises": True, "back_office": True, "joint_definition": 1.0,
        "data_transfer": 1.0, "dispute_relief_of_trust": 0.5,
    }
}  # fmt: skip


def joint(**keys) -> dict:
    return {"partnership": keys}


def with_needs(setup, needs: int, **options) -> LabourMarket:
    """Return a finished market in which everybody has so many needs."""
    model = LabourMarket(setup=setup, **options)
    model.columns.needs = np.full(len(model.columns), needs, dtype=np.int8)
    while model.running:
        model.step()
    return model


# Rules


@given(st.floats(0, 1), st.integers(0, 9), st.floats(0, 1))
def test_a_service_is_lost_in_part_at_each_hand_over(loss, needs, relief):
    one = float(kept(loss, np.array([needs]), np.array([relief]))[0])
    assert one == pytest.approx((1 - loss * (1 - relief)) ** max(needs - 1, 0), abs=1e-12)
    assert 0 <= one <= 1
    # More needs lose no less; relief loses no more, and gains most where needs are many.
    more = float(kept(loss, np.array([needs + 1]), np.array([relief]))[0])
    assert more <= one + 1e-12


def test_coordination_saves_more_where_services_are_many():
    """OUT-17: the gain from a coordinator rises with the number of separate services."""
    needs = np.arange(5)
    gain = kept(0.15, needs, np.full(5, 0.7)) / kept(0.15, needs, np.zeros(5))
    assert gain[0] == gain[1] == 1
    assert (np.diff(gain[1:]) > 0).all()


def test_a_year_of_two_meetings_a_month_and_daily_work_builds_trust():
    """TIM-03: nearly twelve months to the working level, nine tenths of what was missing."""
    office, gain = Office(), meeting_gain(Partnership(meetings_per_month=2.0))
    trust, contacts, none = np.array([0.0]), np.array([3]), np.array([0])
    weeks = 0
    while trust[0] < 0.9:
        trust = trust_next(office, trust, contacts, none)
        trust = trust + gain * (1 - trust)
        weeks += 1
    assert 10 <= weeks / 4.345 < 12


def test_meetings_have_diminishing_returns_and_premises_bring_some():
    gains = [meeting_gain(Partnership(meetings_per_month=float(n))) for n in range(9)]
    assert gains[0] == 0
    steps = np.diff(gains)
    assert (steps > 0).all()
    assert (np.diff(steps) < 0).all()
    roof = Partnership(shared_premises=True, premises_meetings_per_month=3.0)
    assert meeting_gain(roof) == gains[3]


def test_disputes_left_by_hand():
    terms = Partnership(data_transfer=0.5, data_transfer_effect=0.8, dispute_relief_of_trust=0.5)
    left = dispute_factor(terms, np.array([0.0, 0.4, 1.0]))
    np.testing.assert_allclose(left, [0.6, 0.6 * 0.8, 0.6 * 0.5])
    assert (dispute_factor(Partnership(), np.array([0.0, 1.0])) == 1).all()


# Nobody's life without effects; nothing at all by default


def test_without_effects_a_partnership_changes_nobody():
    found = pair(scenario(ALL_ON, {"coaching": {"effect_scale": 0.0}}))
    assert differences(found.run, found.twin) == []
    assert (found.run.columns.service_start < NEVER).sum() > 20


def test_needs_change_nobody_where_hand_overs_lose_nothing():
    setup = scenario({"coaching": {"handover_loss": 0.0}})
    assert differences(with_needs(setup, 3), market(setup)) == []


def test_one_need_is_no_hand_over():
    setup = scenario()
    assert differences(with_needs(setup, 1), market(setup)) == []


# What comes of it


def test_coordinators_give_clients_with_several_needs_back_what_is_lost():
    """OUT-17: progress rises with a coordinator, the more, the more services there are."""
    base = (NO_EXITS, ALL_START, {"run": {"weeks": 12}, "office": {"trust_at_start": 1.0}})
    led = joint(coordinator_share=1.0)
    gains = []
    for needs in (1, 2, 3):
        alone, with_one = (with_needs(scenario(*base, layer), needs) for layer in ({}, led))
        clients = np.flatnonzero(alone.columns.service_start < NEVER)
        assert clients.size > 50
        progress = [
            float((model.columns.ability - model.people.ability)[clients].sum())
            for model in (alone, with_one)
        ]
        gains.append(progress[1] / progress[0])
    assert gains[0] == 1
    # At full trust a coordinator leaves 1 - 0.15*0.3 of each hand-over instead of 0.85; hours move
    # between clients as well, but all are alike in needs.
    assert gains[1] == pytest.approx(0.955 / 0.85, rel=0.02)
    assert gains[2] == pytest.approx((0.955 / 0.85) ** 2, rel=0.03)


def test_who_gets_a_coordinator_is_luck_and_needs():
    setup = scenario(ALL_START, joint(coordinator_share=0.4))
    model = with_needs(setup, 2)
    started = model.columns.service_start < NEVER
    assert not model.columns.coordinated[~started].any()
    share, n = model.columns.coordinated[started].mean(), started.sum()
    assert abs(share - 0.4) < 4 * np.sqrt(0.24 / n)
    assert not with_needs(setup, 1).columns.coordinated.any()


def test_joint_work_is_paid_to_the_cent():
    terms = joint(
        coordinator_share=1.0, coordinator_needs_min=0, coordinator_week_eur=1_200.0,
        coordinator_caseload=40.0, shared_premises=True, premises_week_eur=321.5,
    )  # fmt: skip
    model = market(scenario(terms))
    contract = model.setup.contract
    premises = Account("purchaser", "suppliers", "admin", "shared premises")
    assert model.ledger.total(**_parts(premises)) == 32_150 * contract.weeks
    weeks = slice(contract.start_week, contract.end_week)
    client_weeks = int(model.flows["in_service"][weeks].sum())
    coordinators = Account("purchaser", "office staff", "admin", "coordinators")
    assert model.ledger.total(**_parts(coordinators)) == 3_000 * client_weeks


def _parts(account: Account) -> dict:
    return {name: getattr(account, name) for name in ("payer", "payee", "kind", "item")}


def test_one_roof_is_faster_and_counts_no_more_jobs_than_it_should():
    """OUT-16: a shorter wait."""
    wait = {"referral": {"wait_weeks": 4}}
    roof = joint(shared_premises=True, premises_wait_saved_weeks=3)
    apart, together = (indicators(pair(scenario(wait, layer))) for layer in ({}, roof))
    assert apart["wait_weeks_mean"] >= 4
    assert together["wait_weeks_mean"] == apart["wait_weeks_mean"] - 3
    assert together["start_rate"] >= apart["start_rate"]
    assert wait_weeks(scenario(roof, {"referral": {"wait_weeks": 1}})) == 0


def test_joint_definition_sharpens_the_assessment():
    """M-REF-04: the office's error about clients falls by the part that it saves."""
    exact = {
        "office": {
            "ability_noise_sd": 0.0, "ability_bias": 0.0, "motivation_noise_sd": 0.0,
            "motivation_bias": 0.0, "register_gap_share": 0.0,
        },
        "coaching": {"effect_scale": 0.0},
    }  # fmt: skip
    errors = []
    for share in (0.0, 0.5, 1.0):
        model = market(scenario(ALL_START, exact, {"run": {"weeks": 5}},
                                joint(joint_definition=share)))  # fmt: skip
        started = model.columns.service_start < NEVER
        errors.append(model.columns.office_error[started].std())
    assert errors[1] == pytest.approx(0.8 * errors[0], rel=0.02)
    assert errors[2] == pytest.approx(0.6 * errors[0], rel=0.02)


@pytest.mark.parametrize(
    ("share", "relative", "strength"), [(0.5, 1.0, 0.5), (0.1, 1.0, 0.1), (0.2, 4.0, 0.35)]
)
def test_a_sector_team_helps_where_the_sector_is_strong(share, relative, strength):
    """REF-34: the office's error falls with the sector's part of jobseekers and vacancies.

    At a fifth of the people and four times the vacancies each, it has half of the vacancies.
    """
    sectors = {
        "population": {"sectors": {"ict": share, "other": 1 - share}},
        "labour_market": {"vacancies": {"sectors": {"ict": relative}}},
        "referral": {"target": {"sectors": ["ict"]}},
    }
    alone = assessment_noise_sd(scenario(sectors))
    team = assessment_noise_sd(scenario(sectors, joint(sector_team=True)))
    assert team / alone == pytest.approx(1 - 0.6 * strength)
    assert sector_strength(scenario(joint(sector_team=True))) == 0


FEE = {"name": "job", "on": "outcome", "outcome": ["employment"], "eur": 500.0,
       "sustained_days": 14, "starts_within": "service+60d"}  # fmt: skip
DISPUTED = (
    ALL_START, fees(FEE),
    {
        "population": {"register": 1_500}, "referral": {"volume": 900},
        "contract": {"dispute_chance": 0.6, "dispute_lost_share": 1.0},
    },
)  # fmt: skip


def test_agreed_data_transfer_saves_disputes():
    """M-ADM-03; binomial, within four standard errors."""
    for share in (0.0, 1.0):
        model = market(scenario(*DISPUTED, joint(data_transfer=share)))
        [claim] = model.purchaser.claims
        expected = 0.6 * (1 - 0.7 * share)
        settled = (claim.paid < NEVER).sum() + (claim.disputed < NEVER).sum()
        rate = (claim.disputed < NEVER).sum() / settled
        assert settled > 80
        assert abs(rate - expected) < 4 * np.sqrt(expected * (1 - expected) / settled)


def test_meetings_build_trust_and_trust_raises_the_share_of_outcomes_paid():
    """PTN-05: outcome share rises with trust, trust with the frequency of meetings."""
    trusts, shares = [], []
    for meetings in (0.0, 4.0, 40.0):
        terms = joint(meetings_per_month=meetings, dispute_relief_of_trust=0.9)
        model = market(scenario(*DISPUTED, terms))
        values = indicators(Pair(model, market(model.setup, service=False)))
        trusts.append(float(model.office.trust[0]))
        shares.append(values["outcome_rate"])
    assert trusts == sorted(trusts)
    assert trusts[0] < trusts[1] < trusts[2]
    # The same claims under the same luck: what a higher trust disputes, a lower one does too.
    assert shares == sorted(shares)
    assert shares[0] < shares[2]


def test_a_back_office_leaves_advisers_time_to_refer():
    """OUT-12: the purchased service does more when the office's own work is organised with it.

    With the same luck and an office short of time, more people are referred and start, and the
    service's whole effect against the twin, net weeks in work, is larger.
    """
    short = (
        ALL_START,
        {
            "population": {"register": 2_000},
            "office": {"caseworkers": 12.0, "referral_team": 4.0},
            "referral": {"volume": 900, "weeks": 20},
            "contract": {"weeks": 36}, "run": {"weeks": 60}, "coaching": {"max_uplift": 1.5},
        },
    )  # fmt: skip
    found = [indicators(pair(scenario(*short, layer))) for layer in ({}, joint(back_office=True))]
    without, with_it = found
    assert with_it["referred"] > 1.2 * without["referred"]
    net = [values["net_employed_weeks_per_start"] * values["started"] for values in found]
    assert net[1] > net[0]
    assert with_it["admin_cost_purchaser_eur"] > without["admin_cost_purchaser_eur"]


def test_the_back_office_is_paid_for_the_hours_it_takes_over():
    """What advisers and back office work together is what advisers worked alone."""
    terms = joint(back_office=True, back_office_effect=0.25, back_office_cost_share=1.0)
    alone = LabourMarket(setup=scenario(NO_EXITS))
    helped = LabourMarket(setup=scenario(NO_EXITS, terms))
    for _ in range(6):
        alone.step()
        helped.step()
    full, left = alone.office.workload(), helped.office.workload()
    assert left.due + left.follow_up == pytest.approx(0.75 * (full.due + full.follow_up))
    taken = helped.office.hours_taken_over()
    assert taken == pytest.approx(0.25 * (full.due + full.follow_up))
