"""Whole runs whose answer is known: geometric durations, a chain of two states."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market.jobs import NEVER
from labsim.market.states import State
from tests.builders import ALIKE, JOBS_FOR_EVER, ONLY_JOBS, market, scenario

SIGMAS = 4.5
"""A right model is further off than this in 7 of a million cases."""


def binomial_error(chance: np.ndarray, people: int) -> np.ndarray:
    return np.sqrt(chance * (1 - chance) / people)


def first_exit(model) -> np.ndarray:
    """Return the week of each person's first exit, `NEVER` without one."""
    first = np.full(len(model.columns), NEVER)
    np.minimum.at(first, model.spells.column("person"), model.spells.column("begin"))
    return first


@pytest.mark.parametrize("hazard", [0.01, 0.053, 0.4])
def test_durations_are_geometric_when_everybody_is_alike(hazard):
    people = 6_000
    setup = scenario(
        ALIKE,
        ONLY_JOBS,
        {
            "run": {"weeks": 40},
            "population": {"register": people},
            "labour_market": {"job_hazard_per_week": hazard},
            "referral": {"volume": 0},
        },
    )
    exits = first_exit(market(setup))
    weeks = np.arange(1, 41)
    survived = (exits[:, None] >= weeks).mean(axis=0)
    stays = np.exp(-hazard * weeks)  # (1-p)**t with p = 1 - exp(-h)
    # Each point of the curve is a binomial share of the people; 40 correlated points a curve.
    assert (np.abs(survived - stays) <= SIGMAS * binomial_error(stays, people) + 1e-12).all()
    # Given survival, every week has the same chance: the hazard has no memory.
    at_risk = (exits[:, None] >= np.arange(40)).sum(axis=0)
    leave = (exits[:, None] == np.arange(40)).sum(axis=0)
    chance = -np.expm1(-hazard)
    z = (leave - at_risk * chance) / np.sqrt(np.maximum(at_risk * chance * (1 - chance), 1))
    assert np.abs(z[at_risk * chance > 10]).max() < SIGMAS


def test_competing_exits_have_their_shares():
    setup = scenario(
        ALIKE,
        {
            "run": {"weeks": 30},
            "population": {"register": 8_000},
            "referral": {"volume": 0},
        },
    )
    model = market(setup)
    first = first_exit(model)
    person, begin = model.spells.column("person"), model.spells.column("begin")
    states = model.spells.column("state")[begin == first[person]]
    shares = {1: 0.55, 3: 0.12, 2: 0.13, 4: 0.03, 5: 0.17}
    # All hazards fall alike, so that the first exits of everybody are one multinomial sample.
    for state, share in shares.items():
        error = binomial_error(np.array(share), states.size)
        assert abs((states == state).mean() - share) < SIGMAS * error


@pytest.mark.parametrize(("hazard", "separation"), [(0.10, 0.05), (0.02, 0.06)])
def test_two_state_chain_settles_at_its_steady_state(hazard, separation):
    """Constant finding and separation: unemployment is s/(s+f)."""
    people, weeks = 3_000, 160
    levels = dict.fromkeys(
        ("separation_week_1", "separation_week_13", "separation_week_52", "separation_later"),
        separation,
    )
    setup = scenario(
        ALIKE,
        ONLY_JOBS,
        {
            "run": {"weeks": weeks},
            "population": {"register": people},
            "labour_market": {
                "job_hazard_per_week": hazard,
                "jobs": levels
                | {"temporary_factor": 1.0, "permanent_factor": 1.0, "fixed_term_share": 0.0},
            },
            "referral": {"volume": 0},
        },
    )
    finds = -np.expm1(-hazard)
    expected = separation / (separation + finds)
    # From everybody out of work, the distance to the steady state shrinks by 1-f-s a week.
    settled = 100
    assert (1 - finds - separation) ** settled < 1e-3
    rates = [
        market(setup, replication=number).flows["unemployed"][settled:].mean() / people
        for number in range(3)
    ]
    # People are independent; a person's weeks have autocorrelation d**k with d = 1-f-s, so that the
    # variance of the mean over n weeks is at most u(1-u)/(people*n) * (1+d)/(1-d).
    decay, n = 1 - finds - separation, weeks - settled
    variance = expected * (1 - expected) / (people * n) * (1 + decay) / (1 - decay)
    assert abs(np.mean(rates) - expected) < SIGMAS * np.sqrt(variance / len(rates)) + 1e-3


def test_jobs_that_never_end_keep_everybody():
    setup = scenario(ALIKE, ONLY_JOBS, JOBS_FOR_EVER, {"referral": {"volume": 0}})
    model = market(setup)
    assert (np.diff(model.flows["unemployed"]) <= 0).all()
    assert model.flows["jobs_ended"].sum() == 0
    assert (model.spells.column("end") == NEVER).all()


def test_all_temporary_jobs_of_one_length_end_together():
    setup = scenario(
        ALIKE,
        ONLY_JOBS,
        JOBS_FOR_EVER,
        {
            "labour_market": {
                "jobs": {
                    "permanent_full_time": 0.0, "permanent_part_time": 0.0,
                    "temporary_full_time": 0.5, "temporary_part_time": 0.5,
                    "fixed_term_share": 1.0, "fixed_term_weeks_min": 9, "fixed_term_weeks_max": 9,
                }
            },
            "referral": {"volume": 0},
        },
    )  # fmt: skip
    spells = market(setup).spells
    ended = spells.column("end") < NEVER
    assert ended.any()
    assert (spells.column("end") - spells.column("begin"))[ended].tolist() == [9] * ended.sum()


def test_studies_and_subsidised_work_last_as_written():
    model = market(scenario({"run": {"weeks": 60}, "labour_market": {
        "other_spells": {"education_weeks": 17, "subsidised_weeks": 5}}}))  # fmt: skip
    length = model.spells.column("end") - model.spells.column("begin")
    ended = model.spells.column("end") < NEVER
    for state, weeks in ((State.STUDYING, 17), (State.SUBSIDISED, 5)):
        mine = ended & (model.spells.column("state") == state)
        assert mine.any()
        assert (length[mine] == weeks).all()


def test_the_register_stays_level_without_a_service():
    """Arrivals replace those who leave and do not come back, so that the stock is in balance."""
    setup = scenario(
        {
            "run": {"weeks": 52},
            "population": {"register": 6_000},
            "referral": {"volume": 0},
            "coaching": {"motivation_loss_sd_first_year": 0.0},
            "labour_market": {"matching_elasticity": 1.0, "duration_recovery_per_13_weeks": 1.0},
        }
    )
    flows = market(setup).flows["unemployed"]
    # Only as good as "about level" can be: people who come back have been chosen by their exit. The
    # bound is a tenth of the register, and not a standard error.
    assert abs(flows[-1] / 6_000 - 1) < 0.1
