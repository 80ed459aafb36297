"""Weeks in work and lasting jobs, from hand-written logs of spells."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market.jobseekers import Spells
from labsim.market.states import State
from labsim.measure.lives import has_spell, weeks_in_work

WEEKS = 30
ALWAYS = np.zeros(4, dtype=int)


@pytest.fixture
def log():
    """Person 0: two jobs; 1: an open job; 2: studies, then a job of a week; 3: nothing."""
    spells = Spells(4)

    def spell(person, begin, end, state=State.EMPLOYED):
        who = np.array([person])
        spells.begin(begin, who, state=int(state), hours_share=1.0, job_kind=0, of_provider=False)
        if end is not None:
            spells.finish(end, who)

    spell(0, 2, 6)
    spell(0, 10, 25)
    spell(1, 20, None)
    spell(2, 0, 9, State.STUDYING)
    spell(2, 12, 13)
    return spells


def test_weeks_in_work(log):
    assert weeks_in_work(log, ALWAYS, WEEKS).tolist() == [19, 10, 1, 0]


def test_weeks_count_from_a_week_of_ones_own(log):
    since = np.array([4, 0, 13, 0])
    assert weeks_in_work(log, since, WEEKS).tolist() == [17, 10, 0, 0]
    assert weeks_in_work(log, since + 10**6, WEEKS).tolist() == [0, 0, 0, 0]


def test_weeks_stop_with_the_run(log):
    assert weeks_in_work(log, ALWAYS, 21).tolist() == [15, 1, 1, 0]


@pytest.mark.parametrize(
    ("least", "found"), [(1, [1, 1, 1, 0]), (2, [1, 1, 0, 0]), (11, [1, 0, 0, 0]), (16, [0] * 4)]
)
def test_jobs_that_last(log, least, found):
    assert has_spell(log, ALWAYS, WEEKS, State.EMPLOYED, least).tolist() == found


def test_only_what_began_since_then_counts(log):
    # The second job of person 0 began in week 10, the one of person 1 in week 20.
    since = np.array([11, 20, 0, 0])
    assert has_spell(log, since, WEEKS, State.EMPLOYED).tolist() == [0, 1, 1, 0]


def test_other_states(log):
    assert has_spell(log, ALWAYS, WEEKS, State.STUDYING).tolist() == [0, 0, 1, 0]
    assert has_spell(log, ALWAYS, WEEKS, State.OUTSIDE).tolist() == [0, 0, 0, 0]


def test_an_empty_log():
    spells = Spells(4)
    assert weeks_in_work(spells, ALWAYS, WEEKS).tolist() == [0, 0, 0, 0]
    assert not has_spell(spells, ALWAYS, WEEKS, State.EMPLOYED).any()


def test_the_log_grows():
    spells = Spells(5_000)
    everybody = np.arange(5_000)
    for week in range(0, 10, 2):
        spells.begin(week, everybody, state=1, hours_share=0.5, job_kind=2, of_provider=True)
        spells.finish(week + 1, everybody)
    assert len(spells) == 25_000
    assert (weeks_in_work(spells, np.zeros(5_000, dtype=int), WEEKS) == 5).all()
    assert (spells.column("hours_share") == 0.5).all()
    assert spells.column("of_provider").all()
