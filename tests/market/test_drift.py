"""Slow changes brought up to date now and then, against the same changes week by week."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labsim.market import drift
from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from labsim.market.search import job_hazard
from labsim.market.states import State
from tests.builders import JOBS_FOR_EVER, NO_EXITS, ONLY_JOBS, WORK_AT_ONCE, market, scenario

WEEKS_PER_MONTH = 365.2425 / 12 / 7


@given(st.floats(0, 30), st.floats(0, 30))
def test_months_that_fell_by_hand(one, other):
    since, until = sorted((one, other))
    fell = drift.months_that_fell(np.array([since]), np.array([until]))[0]
    assert fell == pytest.approx(max(0.0, min(until, 12.0) - since), abs=1e-12)


@settings(derandomize=True)
@given(st.floats(0, 10), st.integers(0, 300), st.floats(0, 1))
def test_regained_is_week_by_week(lost, weeks, per_week):
    left = lost
    for _ in range(weeks):
        left -= per_week * left
    found = drift.regained(np.array([lost]), np.array([weeks]), per_week)[0]
    assert found == pytest.approx(lost - left, abs=1e-9)


def staying(weeks, **labour_market):
    setup = scenario(
        NO_EXITS,
        {
            "run": {"weeks": weeks},
            "population": {"register": 300},
            "labour_market": labour_market,
            "referral": {"volume": 0},
        },
    )
    return LabourMarket(setup=setup, service=False)


def test_motivation_out_of_work_falls_by_the_closed_form():
    """0.3 SD of 2 points over a year, for those who have not been out for a year."""
    model = staying(57)
    while model.running:
        model.step()
    assert model.columns.refresh_week.min() > 56
    here = model.people.entry_week == -1
    before = model.people.months[here]
    last = 56 / WEEKS_PER_MONTH  # the turns of the stock are in weeks 0, 4, ..., 56
    fell = np.maximum(np.minimum(before + last, 12) - before, 0) * 0.6 / 12
    expected = np.maximum(model.people.motivation[here] - fell, 0)
    assert model.columns.motivation[here] == pytest.approx(expected, abs=1e-9)


def test_own_hazards_are_nearly_those_of_every_week():
    """A week and a half of decay off at most, and right on average over four weeks."""
    model = staying(16)
    ratios = []
    while model.running:
        model.step()
        persons = np.flatnonzero(model.people.entry_week == -1)
        months = model.people.months[persons] + model.week / WEEKS_PER_MONTH
        fell = np.maximum(np.minimum(months, 12) - model.people.months[persons], 0) * 0.6 / 12
        weekly = job_hazard(
            model.setup.labour_market,
            model.columns.log_base[persons],
            model.columns.ability[persons],
            np.maximum(model.people.motivation[persons] - fell, 0),
            months,
        )
        ratios.append(model.columns.own_hazard[persons] / weekly)
    # A decay of 4 % a month is 1.4 % in the week and a half to the middle; motivation adds to it
    # where it is low. On average only the kink at eight months shows: at worst half a week's decay.
    usual = model.people.motivation[persons] > 2
    assert np.abs(np.array(ratios)[:, usual] - 1).max() < 0.02
    average = np.array(ratios).reshape(4, 4, -1)[:, :, usual].mean(axis=1)
    assert np.abs(average - 1).max() < 0.04 / WEEKS_PER_MONTH / 2


def test_nobody_is_looked_at_once_nothing_falls():
    model = market(staying(70).setup, service=False)
    here = model.people.entry_week == -1
    assert (model.columns.refresh_week[here] == NEVER).all()
    months = np.full(here.sum(), 12.0)
    people, columns = model.people, model.columns
    motivation = columns.motivation[here]
    final = job_hazard(
        model.setup.labour_market, people.log_base[here], people.ability[here], motivation, months
    )
    assert columns.own_hazard[here] == pytest.approx(final, rel=1e-9)


def test_motivation_comes_back_with_the_return_from_a_job():
    setup = scenario(
        ONLY_JOBS,
        WORK_AT_ONCE,
        JOBS_FOR_EVER,
        {
            "run": {"weeks": 40},
            "population": {"register": 300, "inflow_per_week": 0.0},
            "labour_market": {
                "jobs": {
                    "permanent_full_time": 0.0, "permanent_part_time": 0.0,
                    "temporary_full_time": 1.0, "temporary_part_time": 0.0,
                    "fixed_term_share": 1.0, "fixed_term_weeks_min": 20, "fixed_term_weeks_max": 20,
                }
            },
            "referral": {"volume": 0},
        },
    )  # fmt: skip
    model = LabourMarket(setup=setup, service=False)
    model.columns.motivation[:] = model.people.motivation * 0.5
    model.step()
    gone = np.flatnonzero(model.columns.since == 0)
    gone = gone[model.columns.state[gone] == State.EMPLOYED]
    while model.week < 20:
        before = model.columns.motivation[gone].copy()
        model.step()
    lost = model.people.motivation[gone] - before
    expected = before + lost * (1 - 0.95**20)
    assert model.columns.motivation[gone] == pytest.approx(expected, abs=1e-9)
