"""What providers do for jobs that begin: terms stretched to milestones, and jobs that last."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from labsim.market.states import Stage, State
from tests.builders import (
    ALIKE,
    ALL_START,
    FROM_WEEK_0,
    ONLY_JOBS,
    WORK_AT_ONCE,
    differences,
    fees,
    market,
    scenario,
)

SIGMAS = 4.5
"""A right model is further off than this in 7 of a million cases."""
PEOPLE = 500
TEMPORARY = {
    "permanent_full_time": 0.0, "permanent_part_time": 0.0, "temporary_full_time": 1.0,
    "temporary_part_time": 0.0, "fixed_term_share": 1.0,
}  # fmt: skip
NO_LOSS = {
    "separation_week_1": 0.0, "separation_week_13": 0.0, "separation_week_52": 0.0,
    "separation_later": 0.0,
}  # fmt: skip
"""Jobs end by their terms alone."""
QUARTER = {
    "name": "quarter", "on": "outcome", "eur": 1000.0, "outcome": ["employment"],
    "sustained_days": 91,
}  # fmt: skip
"""For 13 weeks in work: a job begun in week 0 must be on in week 12, so end in week 13 or later."""
HALF = {**QUARTER, "name": "half", "sustained_days": 126}
"""For 18 weeks in work."""


def at_work(weeks, *layers, prices=(QUARTER,), people=PEOPLE, service=True, run=LabourMarket):
    """Return a market in which clients have found jobs of so many weeks in week 0, after it."""
    terms = {"fixed_term_weeks_min": weeks, "fixed_term_weeks_max": weeks}
    setup = scenario(
        ALIKE,
        ONLY_JOBS,
        WORK_AT_ONCE,
        ALL_START,
        FROM_WEEK_0,
        {
            "population": {"register": people},
            "labour_market": {"jobs": TEMPORARY | NO_LOSS | terms},
            "coaching": {"stretch_chance": 1.0},
            "contract": {"verification": "register", "verification_lag_weeks": 0},
        },
        fees(*prices),
        *layers,
    )
    model = run(setup=setup, service=service)
    if run is LabourMarket:
        model.step()
    return model


def ends(model):
    """Return the terms of those who found jobs in week 0."""
    found = model.columns.term_end[model.columns.state == State.EMPLOYED]
    assert found.size > 0.99 * PEOPLE
    return found


def coaching(**keys):
    return {"coaching": keys}


# Stretched terms


@pytest.mark.parametrize(
    ("weeks", "end"), [(13, 13), (12, 13), (7, 13), (6, 6), (4, 4), (14, 14), (20, 20)]
)
def test_terms_up_to_six_weeks_short_are_stretched_to_the_milestone(weeks, end):
    assert (ends(at_work(weeks)) == end).all()


@pytest.mark.parametrize(("most", "end"), [(0, 7), (5, 7), (6, 13), (52, 13)])
def test_no_further_than_the_most_weeks(most, end):
    assert (ends(at_work(7, coaching(stretch_weeks=most))) == end).all()


@pytest.mark.parametrize(("weeks", "end"), [(12, 13), (13, 18), (17, 18), (18, 18), (6, 6)])
def test_the_next_milestone_is_the_one_that_counts(weeks, end):
    assert (ends(at_work(weeks, prices=(HALF, QUARTER))) == end).all()


@pytest.mark.parametrize(("chance", "scale", "share"), [
    (0.5, 1.0, 0.5), (0.5, 0.4, 0.2), (0.5, 3.0, 0.5), (1.0, 0.3, 0.3),
])  # fmt: skip
def test_the_share_that_is_stretched(chance, scale, share):
    model = at_work(12, coaching(stretch_chance=chance, effect_scale=scale), people=4_000)
    stretched = ends(model) == 13
    error = np.sqrt(share * (1 - share) / stretched.size)
    assert abs(stretched.mean() - share) < SIGMAS * error


@pytest.mark.parametrize(
    "nothing", [{"stretch_chance": 0.0}, {"effect_scale": 0.0}, {"stretch_weeks": 0}]
)
def test_no_term_is_stretched_without_chance_or_effect(nothing):
    assert (ends(at_work(12, coaching(**nothing))) == 12).all()


def test_nothing_is_stretched_in_the_twin():
    assert (ends(at_work(12, service=False)) == 12).all()


@pytest.mark.parametrize("fee", [
    {"eur": 0.0},
    {"outcome": ["entrepreneurship", "subsidised"]},
    {"completed_within": "service"},
    {"on": "month", "outcome": None, "sustained_days": None},
])  # fmt: skip
def test_nothing_is_stretched_to_what_is_not_paid(fee):
    """No fee, no job, out of its window, no outcome."""
    assert (ends(at_work(12, prices=({**QUARTER, **fee},))) == 12).all()


@pytest.mark.parametrize(("contract", "end"), [
    ({"last_payable_week": 12}, 13),
    ({"last_payable_week": 11}, 12),
    ({"last_payable_week": 14, "verification_lag_weeks": 2}, 13),
    ({"last_payable_week": 14, "verification_lag_weeks": 3}, 12),
    ({"verification": "notice", "notice_chance": 0.0}, 12),
    ({"verification": "notice", "notice_chance": 0.1}, 13),
    ({"dispute_chance": 1.0, "dispute_lost_share": 1.0}, 12),
])  # fmt: skip
def test_only_a_milestone_that_can_be_paid_in_time_counts(contract, end):
    assert (ends(at_work(12, {"contract": contract})) == end).all()


def test_hours_must_be_enough():
    part = {
        "temporary_full_time": 0.0, "temporary_part_time": 1.0, "part_time_hours_min": 0.4,
        "part_time_hours_max": 0.8,
    }  # fmt: skip
    model = at_work(
        12, {"labour_market": {"jobs": part}}, prices=({**QUARTER, "min_hours_share": 0.6},)
    )
    employed = model.columns.state == State.EMPLOYED
    enough = model.columns.hours_share[employed] >= 0.6
    assert 0 < enough.sum() < enough.size
    assert np.array_equal(ends(model), np.where(enough, 13, 12))


def test_a_group_that_pays_nothing_is_not_stretched_for():
    groups = {"contract": {"groups": [
        {"name": "young", "when": {"age_max": 39}}, {"name": "older", "when": {"age_min": 40}},
    ]}}  # fmt: skip
    model = at_work(12, groups, prices=({**QUARTER, "by_group": {"young": 0.0, "older": 1.0}},))
    young = model.columns.age[model.columns.state == State.EMPLOYED] <= 39
    assert 0 < young.sum() < young.size
    assert np.array_equal(ends(model), np.where(young, 12, 13))


def test_whoever_found_the_job_and_only_for_clients():
    model = at_work(12, {"referral": {"volume": PEOPLE // 2}})
    client = (model.columns.stage == Stage.ENDED)[model.columns.state == State.EMPLOYED]
    helped = model.columns.job_of_provider[model.columns.state == State.EMPLOYED]
    assert (client & ~helped).any()
    assert (client & helped).any()
    assert np.array_equal(ends(model), np.where(client, 13, 12))


def test_stretched_jobs_end_behind_the_milestone_and_are_paid():
    chances = coaching(stretch_chance=0.5)
    model = at_work(12, chances, run=market)
    column = model.spells.column
    first = column("begin") == 0
    person, end = column("person")[first], column("end")[first]
    assert set(end.tolist()) == {12, 13}
    met = model.purchaser.claims[0].met[person]
    assert np.array_equal(met == 12, end == 13)


def test_a_term_is_as_long_as_luck_has_it_in_every_design():
    """Stretching takes its own draw: nobody else's job is another."""
    run, without = (at_work(12, coaching(stretch_chance=chance)) for chance in (1.0, 0.0))
    assert {*differences(run, without)} == {"term_end", "planned_end"}


# Jobs chosen to last


def with_lasting_jobs(**keys):
    """Return a market in which many jobs were found by a provider that chose durability."""
    setup = scenario(
        ALIKE,
        ONLY_JOBS,
        WORK_AT_ONCE,
        ALL_START,
        FROM_WEEK_0,
        {
            "run": {"weeks": 40},
            "population": {"register": 8_000},
            "labour_market": {"jobs": {"fixed_term_share": 0.0}},
            "coaching": {
                "max_uplift": 2.0, "startup_loss": 0.0, "durability_cost": 0.0,
                "support_effect": 0.0, **keys,
            },
            "providers": [{"name": "provider", "promised_coaches": 400.0}],
        },
        fees({**QUARTER, "sustained_days": 182}),
    )  # fmt: skip
    model = market(setup)
    assert model.providers[0].durability == (1.0 if setup.coaching.durability_gain else 0.0)
    return model


@pytest.mark.parametrize("gain", [0.6, 2.0])
def test_a_job_chosen_to_last_ends_by_a_power_of_survival(gain):
    """``exp(-f * cumulative hazard)`` with ``f = exp(-gain)``; jobs found alone keep to theirs."""
    model = with_lasting_jobs(durability_gain=gain)
    column, weeks = model.spells.column, np.arange(40)
    first = column("begin") == 0
    lasted = column("end")[first]
    kind, helped = column("job_kind")[first], column("of_provider")[first]
    for of_provider, factor in ((True, np.exp(-gain)), (False, 1.0)):
        for each in range(4):
            mine = (helped == of_provider) & (kind == each)
            assert mine.sum() > 200
            left = (lasted[mine][:, None] > weeks).mean(axis=0)
            survives = np.exp(-factor * model.cumulative_hazards[each, :40])
            error = np.sqrt(np.maximum(survives * (1 - survives), 1e-12) / mine.sum())
            assert (np.abs(left - survives) <= SIGMAS * error + 1e-12).all()


def test_without_a_gain_jobs_are_as_they_are():
    """The same people find the same jobs; those of the provider end sooner without the gain."""
    lasting, plain = with_lasting_jobs(durability_gain=2.0), with_lasting_jobs(durability_gain=0.0)
    begun = [np.flatnonzero(model.spells.column("begin") == 0) for model in (lasting, plain)]
    one, other = (
        {name: model.spells.column(name)[rows] for name in ("person", "end", "of_provider")}
        for model, rows in zip((lasting, plain), begun, strict=True)
    )
    assert np.array_equal(one["person"], other["person"])
    assert np.array_equal(one["of_provider"], other["of_provider"])
    helped = one["of_provider"]
    assert np.array_equal(one["end"][~helped], other["end"][~helped])
    assert (one["end"][helped] >= other["end"][helped]).all()
    assert (one["end"][helped] > other["end"][helped]).any()


def test_factors_on_losing_a_job_by_hand():
    model = LabourMarket(setup=scenario(
        coaching(durability_gain=2.0), {"providers": [{"name": "One"}, {"name": "Other"}]}
    ))  # fmt: skip
    model.providers[0].durability, model.providers[1].durability = 0.5, 1.0
    model.columns.provider[:4] = [0, 1, 1, -1]
    found = model.separation_factor(np.arange(4), np.array([True, True, False, False]))
    assert found.tolist() == pytest.approx([np.exp(-1), np.exp(-2), 1.0, 1.0], rel=1e-15)
    assert not (model.columns.term_end[:4] < NEVER).any()
