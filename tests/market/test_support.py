"""In-work support: what it saves of a job's hazard moves the end away, and does nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from labsim.market.moves import support_jobs
from labsim.market.states import State
from tests.builders import ALIKE, ONLY_JOBS, WORK_AT_ONCE, differences, scenario

SIGMAS = 4.5
"""A right model is further off than this in 7 of a million cases."""
PEOPLE = 8_000


def everybody_at_work(weeks=40, **jobs):
    """Return a market in which nearly everybody finds a job in week 0, after that week."""
    setup = scenario(
        ALIKE,
        ONLY_JOBS,
        WORK_AT_ONCE,
        {
            "run": {"weeks": weeks},
            "population": {"register": PEOPLE},
            "labour_market": {"jobs": jobs},
            "referral": {"volume": 0},
        },
    )
    model = LabourMarket(setup=setup, service=False)
    model.step()
    return model


def at_work(model):
    return np.flatnonzero(model.columns.state == State.EMPLOYED)


def with_support(model, weeks, factor):
    """Run some weeks in which all jobs are supported just before spells end, and return it."""
    for _ in range(weeks):
        model.week += 1  # as in the week to come
        persons = at_work(model)
        support_jobs(model, persons, np.full(persons.size, factor))
        model.week -= 1
        model.step()
    return model


@pytest.mark.parametrize("factor", [0.0, 0.3, 0.7])
def test_the_hazard_of_supported_weeks_is_multiplied(factor):
    model = everybody_at_work(fixed_term_share=0.0)
    kind = model.columns.job_kind.copy()
    with_support(model, 20, factor)
    spells = model.spells
    first = spells.column("begin") == 0
    lasted = (spells.column("end") - spells.column("begin"))[first]
    mine = kind[spells.column("person")[first]]
    for each in range(4):
        left = (lasted[mine == each][:, None] > np.arange(21)).mean(axis=0)
        survives = np.exp(-factor * model.cumulative_hazards[each, :21])
        error = np.sqrt(np.maximum(survives * (1 - survives), 1e-12) / (mine == each).sum())
        assert (np.abs(left - survives) <= SIGMAS * error + 1e-12).all()


def test_support_without_effect_changes_nothing():
    plain, supported = everybody_at_work(), everybody_at_work()
    with_support(supported, 10, 1.0)
    for _ in range(10):
        plain.step()
    assert differences(plain, supported) == []


def test_ends_only_move_away_and_never_past_a_fixed_term():
    model = everybody_at_work()
    for _ in range(5):
        model.step()
    model.week += 1
    persons = at_work(model)
    before = model.columns.planned_end[persons].copy()
    support_jobs(model, persons, np.linspace(0, 1, persons.size))
    after, term = model.columns.planned_end[persons], model.columns.term_end[persons]
    assert (after >= before).all()
    assert (after > before).any()
    assert (after <= term).all()
    assert ((before == term) <= (after == before)).all()


def test_a_week_fully_supported_ends_no_job_but_by_its_term():
    model = everybody_at_work()
    for _ in range(3):
        model.step()
    model.week += 1
    persons = at_work(model)
    support_jobs(model, persons, np.zeros(persons.size))
    model.week -= 1
    due = persons[model.columns.term_end[persons] == model.week + 1]
    before = model.flows["jobs_ended"].sum()
    model.step()
    begun = model.columns.since[persons] < model.week
    assert begun.any()
    assert model.flows["jobs_ended"].sum() - before == due.size


def test_new_jobs_and_people_out_of_work_have_nothing_to_save():
    model = everybody_at_work()
    everybody = np.arange(PEOPLE)
    budget = model.columns.separation_budget.copy()
    support_jobs(model, everybody, np.zeros(PEOPLE))  # still the week in which the jobs begin
    assert np.array_equal(model.columns.separation_budget, budget)


def test_a_factor_of_the_job_holds_for_all_of_it():
    class Lasting(LabourMarket):
        def separation_factor(self, persons, of_provider):
            assert not of_provider.any()
            return np.where(persons % 2, 0.5, 1.0)

    setup = everybody_at_work(fixed_term_share=0.0).setup
    model = Lasting(setup=setup, service=False)
    while model.running:
        model.step()
    spells, weeks = model.spells, np.arange(40)
    first = spells.column("begin") == 0
    person = spells.column("person")[first]
    lasted = (np.minimum(spells.column("end"), NEVER) - spells.column("begin"))[first]
    kind = spells.column("job_kind")[first]
    for factor, half in ((1.0, person % 2 == 0), (0.5, person % 2 == 1)):
        mine = half & (kind == 2)
        left = (lasted[mine][:, None] > weeks).mean(axis=0)
        survives = np.exp(-factor * model.cumulative_hazards[2, :40])
        error = np.sqrt(np.maximum(survives * (1 - survives), 1e-12) / mine.sum())
        assert (np.abs(left - survives) <= SIGMAS * error + 1e-12).all()
