"""What providers believe of jobs, against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from labsim.market.tenure import chance_to_reach, separation_now
from tests.builders import scenario

STEADY = {
    "labour_market": {
        "jobs": {
            "separation_week_1": 0.02, "separation_week_13": 0.02, "separation_week_52": 0.02,
            "separation_later": 0.02, "fixed_term_share": 0.0, "temporary_factor": 3.0,
            "permanent_factor": 1.0,
        }
    }
}  # fmt: skip
"""Every permanent job ends with a chance of 2 % a week."""


def at_week_10(*layers, **columns):
    """Return a market at week 10 in which the first person has a permanent job since week 4."""
    model = LabourMarket(setup=scenario(STEADY, *layers))
    model.week = 10
    columns = {"state": 1, "since": 4, "job_kind": 0, "hours_share": 1.0, "provider": 0} | columns
    for name, value in columns.items():
        getattr(model.columns, name)[0] = value
    return model


def reach(model, *weeks):
    return chance_to_reach(model, np.array([0]), np.array(weeks)[:, None])[:, 0].tolist()


def loses(model):
    return separation_now(model, np.array([0])).tolist()


@pytest.mark.parametrize("runs", [12, 200])
def test_the_chance_to_reach_a_week_is_a_power_whatever_the_run_shows(runs):
    """A provider at week 10 looks as far ahead in a run of 12 weeks as in one of 200."""
    model = at_week_10({"contract": {"weeks": 100, "tracking_weeks": 50}, "run": {"weeks": runs}})
    # Weeks up to 9 are over; those from 10 on are still a risk.
    expected = [1.0, 0.98, 0.98**2, 0.98**51]
    assert reach(model, 9, 10, 11, 60) == pytest.approx(expected, rel=1e-12)
    assert loses(model) == pytest.approx([0.02], rel=1e-15)


def test_a_temporary_job_ends_sooner():
    model = at_week_10(job_kind=2)
    assert reach(model, 12) == pytest.approx([0.94**3], rel=1e-12)
    assert loses(model) == pytest.approx([0.06], rel=1e-12)


def test_a_term_that_ends_before_has_no_chance():
    # In the week of its end the job is over.
    model = at_week_10(term_end=15)
    assert reach(model, 14, 15) == pytest.approx([0.98**5, 0.0], rel=1e-12)
    assert loses(model) == pytest.approx([0.02], rel=1e-15)


def test_nobody_knows_when_a_job_really_ends():
    for planned in (11, 15, NEVER):
        model = at_week_10(planned_end=planned, separation_budget=1e-9)
        assert reach(model, 14) == pytest.approx([0.98**5], rel=1e-12)
        assert loses(model) == pytest.approx([0.02], rel=1e-15)


def test_jobs_of_a_provider_are_taken_for_as_lasting_as_it_looks_for():
    for number, (mine, durability) in enumerate([(True, 0.5), (True, 1.0), (False, 1.0)]):
        two = {"providers": [{"name": "One"}, {"name": "Other"}]}
        provider = min(number, 1)
        model = at_week_10(two, provider=provider, job_of_provider=mine)
        model.providers[provider].durability = durability
        power = np.exp(-0.6 * durability) if mine else 1.0
        assert reach(model, 9, 14) == pytest.approx([1.0, 0.98 ** (5 * power)], rel=1e-12)
        assert loses(model) == pytest.approx([1 - 0.98**power], rel=1e-12)


def test_a_certain_end_leaves_no_hope_however_lasting_the_job():
    certain = {"labour_market": {"jobs": {"separation_week_13": 1.0, "separation_week_52": 1.0}}}
    model = at_week_10(
        certain, {"coaching": {"durability_gain": 5.0}}, since=-3, job_of_provider=True
    )
    model.providers[0].durability = 1.0
    assert loses(model) == [1.0]
    assert reach(model, 9, 10, 20) == pytest.approx([1.0, 0.0, 0.0], abs=1e-20)
