"""The same luck in every design: pattern 1 of the model, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from labsim.market.jobs import NEVER
from labsim.scenario import load
from labsim.scenario.sections.fee import Fee
from labsim.scenario.shipped import ids
from tests.builders import changed, differences, market, pair, scenario, scenarios

DESIGNS = ("own", *sorted(ids()["designs"]))


def small_focus(design: str, **coaching):
    setup = load("focus-tyopolut", design=design).scenario
    marketing = setup.referral.marketing.model_copy(update={"inquiries_per_month": 1.0})
    return changed(
        setup,
        {
            "run": {"weeks": 52},
            "population": {"registered": 600},
            "coaching": coaching,
            "office": {
                "knowledge_at_start": 1.0,
                "advice_share": 1.0,
                "weeks_between_meetings": 1.0,
                "caseworkers": 100.0,
            },
            "referral": {"volume": 250, "weeks": 20, "marketing": marketing},
            "contract": {"weeks": 36},
        },
    )


@pytest.fixture(scope="module")
def twin():
    """The twin, which is the same in all designs."""
    return market(small_focus("own", effect_scale=0.0), service=False)


def test_the_shipped_designs_are_found():
    assert {"hourly", "monthly", "no-cure-no-pay", "mixed", "mixed-by-group", "capacity"} <= {
        *DESIGNS
    }


@pytest.mark.parametrize("design", DESIGNS)
def test_without_effects_every_design_equals_its_twin(design, twin):
    setup = small_focus(design, effect_scale=0.0)
    run = market(setup)
    if setup.procurement.rounds > 1 or setup.procurement.option_weeks > 0:
        twin = market(setup, service=False)  # plans of people reach further, as contracts do
    assert (run.columns.service_start < NEVER).sum() > 50  # there is a service to have no effect
    assert run.columns.hours_total.sum() > 0
    assert differences(run, twin) == []


def test_without_effects_generated_designs_equal_their_twins():
    """However much providers would do for jobs, had they any effect."""
    found = {"started": 0, "hours": 0.0, "support": 0.0}
    fee = {
        "name": "two months", "on": "outcome", "eur": 2000.0, "outcome": ["employment"],
        "sustained_days": 56, "starts_within": "service+90d",
    }  # fmt: skip

    def note(model):
        found["support"] += sum(provider.support_hours.sum() for provider in model.providers)

    @settings(
        derandomize=True, deadline=None, max_examples=12, phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip
    @given(scenarios())
    def each(setup):
        jobs = {"fixed_term_share": 1.0, "fixed_term_weeks_min": 1, "fixed_term_weeks_max": 12}
        coaching = {
            "effect_scale": 0.0, "stretch_chance": 1.0, "stretch_weeks": 52,
            "durability_cost": 0.0, "durability_gain": 5.0, "support_effect": 1.0,
        }  # fmt: skip
        jobs = setup.labour_market.jobs.model_copy(update=jobs)
        paid = {"fees": [*setup.contract.fees, Fee.model_validate(fee)], "last_payable_week": None}
        changes = {"coaching": coaching, "labour_market": {"jobs": jobs}, "contract": paid}
        setup = changed(setup, changes)
        run = market(setup, observers=[note])
        assert differences(run, market(setup, service=False)) == []
        found["started"] += int((run.columns.service_start < NEVER).sum())
        found["hours"] += float(run.columns.hours_total.sum())

    each()
    assert min(found.values()) > 0, "there is no service to have no effect"


@pytest.mark.parametrize("design", ["mixed", "no-cure-no-pay"])
def test_with_effects_designs_differ_from_the_twin(design, twin):
    run = market(small_focus(design, effect_scale=1.0))
    assert {"state", "ability", "motivation", "begin"} <= set(differences(run, twin))


@pytest.mark.parametrize("design", DESIGNS)
def test_nobody_else_is_touched_when_nobody_is_displaced(design):
    setup = small_focus(design)
    setup = changed(setup, {"labour_market": {"matching_elasticity": 1.0}})
    run, twin = market(setup), market(setup, service=False)
    never = np.flatnonzero(run.columns.referred_week == NEVER)
    referred = np.flatnonzero(run.columns.referred_week < NEVER)
    assert differences(run, twin, never) == []
    assert differences(run, twin, referred) != []


def test_people_who_declined_are_untouched_too():
    setup = small_focus("mixed")
    setup = changed(setup, {"labour_market": {"matching_elasticity": 1.0}})
    run, twin = market(setup), market(setup, service=False)
    without = np.flatnonzero(run.columns.service_start == NEVER)
    assert differences(run, twin, without) == []


def test_displacement_touches_others_and_costs_them_work():
    setup = small_focus("mixed", max_uplift=5.0)
    setup = changed(setup, {"labour_market": {"matching_elasticity": 0.0}})
    run, twin = market(setup), market(setup, service=False)
    never = np.flatnonzero(run.columns.referred_week == NEVER)
    assert "state" in differences(run, twin, never)


def test_designs_start_with_the_same_people():
    people = [market(small_focus(design)).people for design in ("hourly", "no-cure-no-pay")]
    for name in vars(people[0]):
        assert np.array_equal(getattr(people[0], name), getattr(people[1], name))


def test_before_the_first_start_designs_are_the_twin():
    setup = small_focus("mixed")
    run, twin = market(setup), market(setup, service=False)
    first = run.columns.service_start.min()
    early = [np.flatnonzero(model.spells.column("begin") < first) for model in (run, twin)]
    assert early[0].size == early[1].size > 0
    for name in ("person", "begin", "state", "hours_share"):
        one, other = (
            model.spells.column(name)[rows] for model, rows in zip((run, twin), early, strict=True)
        )
        assert np.array_equal(one, other)


def test_people_passed_in_change_nothing():
    setup = small_focus("mixed")
    first = market(setup)
    again = market(setup, people=first.people)
    assert differences(first, again) == []
    assert first.ledger.rows() == again.ledger.rows()


def test_the_same_seed_gives_the_same_bits():
    setup = small_focus("mixed")
    first, again = market(setup, replication=3), market(setup, replication=3)
    assert differences(first, again) == []
    assert first.ledger.rows() == again.ledger.rows()
    for name, flow in first.flows.items():
        assert flow.tobytes() == again.flows[name].tobytes()


def test_another_seed_or_replication_differs():
    setup = scenario({"population": {"inflow_per_week": 0.0}})
    one = market(setup)
    for other in (market(setup, replication=1), market(setup, rng=8)):
        assert {"state", "ability", "motivation", "begin"} <= set(differences(one, other))


def test_effects_are_monotone_in_their_scale():
    """Coupled luck: whoever leaves with a weak service leaves no later with a strong one."""
    setups = [
        scenario(
            {
                "coaching": {
                    "effect_scale": scale, "dropout_per_week": 0.0, "search_during_service": 1.0,
                    "education_response": 0.0, "subsidised_response": 0.0,
                    "business_response": 0.0, "inactivity_response": 0.0,
                    "motivation_gain_sd": 0.0, "ability_gain": 0.0,
                },
                "labour_market": {"matching_elasticity": 1.0},
            }
        )
        for scale in (0.0, 0.5, 2.0)
    ]  # fmt: skip
    firsts = []
    for setup in setups:
        model = market(setup)
        person, begin = model.spells.column("person"), model.spells.column("begin")
        first = np.full(len(model.columns), NEVER)
        np.minimum.at(first, person, begin)
        firsts.append(first)
    # Own search is the same, jobs stand first in the interval and only their part grows.
    assert (firsts[0] >= firsts[1]).all()
    assert (firsts[1] >= firsts[2]).all()
    assert (firsts[0] > firsts[2]).any()


def test_pairs_of_a_run_without_effects_show_none():
    found = pair(scenario({"coaching": {"effect_scale": 0.0}, "contract": {"fees": [
        {"name": "job", "on": "outcome", "eur": 100.0, "outcome": ["employment"]}]}}))  # fmt: skip
    assert found.started.any()
    assert np.array_equal(found.met, found.met_anyway)
    assert np.array_equal(*found.weeks_in_work_ever)


def test_the_reference_of_tightness_is_the_twins():
    setup = scenario(
        {
            "referral": {"start_week": 0, "weeks": 1, "wait_weeks": 0, "volume": 200},
            "contract": {"start_week": 0},
        }
    )
    run, twin = market(setup), market(setup, service=False)
    assert (run.columns.service_start == 0).any()
    assert np.array_equal(run.reference_search, twin.reference_search)
