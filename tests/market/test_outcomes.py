"""When an outcome's terms are met, case by case, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market.jobs import NEVER
from labsim.market.outcomes import (
    ClientSpells,
    Reached,
    Terms,
    Windows,
    late_week,
    met_week,
    reached,
    service_end,
)
from labsim.market.states import State
from labsim.scenario.sections.fee import Fee

START, LIMIT = 10, 30
"""Service from week 10, at the longest until the end of week 29."""


def terms(**keys):
    fee = {"name": "f", "on": "outcome", "eur": 1.0, "outcome": ["employment"]} | keys
    return Terms.of(Fee.model_validate(fee))


def spells(*given):
    """Return one person's spells from (begin, end[, state[, hours share[, kind]]])."""
    rows = [(*spell, *(State.EMPLOYED, 1.0, 0)[len(spell) - 2 :]) for spell in given]
    begin, end, state, hours, kind = (np.array(column) for column in zip(*rows, strict=True))
    who = np.zeros(len(rows), dtype=int)
    return ClientSpells(who, begin, end, state, hours.astype(float), kind)


def met(asked, *given, start=START, limit=LIMIT, late=False):
    windows = Windows(np.array([start]), np.array([limit]))
    week = (late_week if late else met_week)(spells(*given), windows, asked)[0]
    return None if week == NEVER else int(week)


def test_terms_as_read():
    found = terms(
        outcome=["employment", "education"], sustained_days=90, min_hours_share=0.8,
        starts_within="service+90d", completed_within="service+365d",
    )  # fmt: skip
    assert found == Terms((State.EMPLOYED, State.STUDYING), 13, 0.8, 13, 53)
    plain = terms()
    assert plain == Terms((State.EMPLOYED,), 1, 0.0, 0, NEVER)
    assert terms(completed_within="contract").completion_grace == NEVER
    assert terms(completed_within="service").completion_grace == 0


# Lasting long enough


def test_complete_in_the_last_of_its_weeks():
    asked = terms(sustained_days=28)
    assert met(asked, (12, 16)) == 15
    assert met(asked, (12, 15)) is None
    assert met(asked, (12, 99)) == 15


def test_two_short_jobs_are_not_one_long_one():
    asked = terms(sustained_days=28, starts_within="service+90d")
    assert met(asked, (12, 14), (14, 16)) is None
    assert met(asked, (12, 14), (15, 19)) == 18


def test_the_first_of_several_counts():
    assert met(terms(starts_within="service+90d"), (25, 40), (12, 14)) == 12


# Beginning inside the window


def test_begin_in_the_last_week_of_service():
    assert met(terms(), (29, 31)) == 29
    assert met(terms(), (30, 32)) is None
    assert met(terms(starts_within="service+1d"), (30, 32)) == 30
    assert met(terms(starts_within="service+14d"), (31, 32)) == 31
    assert met(terms(starts_within="service+14d"), (32, 33)) is None


def test_a_first_exit_ends_the_service():
    # A short job in week 12: a second one in week 15 has begun after the service.
    assert met(terms(sustained_days=28), (12, 14), (15, 40)) is None
    assert met(terms(sustained_days=28), (12, 14), (15, 40), late=True) == 18
    # With 14 days of grace from the end of week 12 a job may begin in weeks 13 and 14.
    grace = terms(sustained_days=28, starts_within="service+14d")
    assert met(grace, (12, 13), (14, 40)) == 17
    assert met(grace, (12, 14), (15, 40)) is None


def test_any_exit_ends_the_service():
    assert met(terms(), (12, 13, State.OUTSIDE), (20, 30)) is None


def test_what_began_before_the_service_does_not_count():
    windows = Windows(np.array([START]), np.array([LIMIT]))
    kept = windows.client_spells(
        np.array([0, 0]), np.array([9, 10]), np.array([50, 11]), np.array([1, 1]), np.ones(2),
        np.zeros(2, dtype=int),
    )  # fmt: skip
    assert kept.begin.tolist() == [10]


# Complete inside the window


def test_complete_within_the_service():
    asked = terms(sustained_days=28, completed_within="service")
    assert met(asked, (26, 40)) == 29
    assert met(asked, (27, 40)) is None
    assert met(terms(sustained_days=28, completed_within="service+7d"), (27, 40)) == 30


def test_the_window_of_completion_is_that_of_the_longest_service():
    # The job ends the service in week 12, but has the whole service to last.
    assert met(terms(sustained_days=126, completed_within="service"), (12, 99)) == 29
    assert met(terms(sustained_days=127, completed_within="service"), (12, 99)) is None


def test_within_the_contract_there_is_no_limit_of_completion():
    assert met(terms(sustained_days=700), (29, 200)) == 128


# Kind and hours


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("employment", State.EMPLOYED),
        ("subsidised", State.SUBSIDISED),
        ("education", State.STUDYING),
        ("entrepreneurship", State.ENTREPRENEUR),
    ],
)
def test_only_the_kinds_asked_for(name, state):
    asked = terms(outcome=[name])
    assert met(asked, (12, 14, state)) == 12
    for other in set(State) - {state}:
        assert met(asked, (12, 14, other)) is None


def test_hours_are_asked_of_jobs_only():
    asked = terms(outcome=["employment", "education"], min_hours_share=0.8)
    assert met(asked, (12, 14, State.EMPLOYED, 0.8)) == 12
    assert met(asked, (12, 14, State.EMPLOYED, 0.79)) is None
    assert met(asked, (12, 14, State.STUDYING, 0.0)) == 12


def test_too_few_hours_still_end_the_service():
    asked = terms(min_hours_share=0.8)
    assert met(asked, (12, 14, State.EMPLOYED, 0.5), (20, 40)) is None


# How far it came


def came(asked, *given, now=100):
    windows = Windows(np.array([START]), np.array([LIMIT]))
    return Reached(int(reached(spells(*given), windows, asked, now)[0]))


MONTH = {"sustained_days": 28, "min_hours_share": 0.8}


@pytest.mark.parametrize(
    ("given", "far"),
    [
        ((12, 16), Reached.MET),
        ((12, 15), Reached.NOT_SUSTAINED),
        ((12, 16, State.STUDYING), Reached.NOTHING),
        ((12, 40, State.EMPLOYED, 0.5), Reached.SHORT_HOURS),
        ((12, 14, State.EMPLOYED, 0.5), Reached.SHORT_HOURS),
        ((30, 60), Reached.AFTER_SERVICE),
        ((30, 33), Reached.LATE_SHORT),
        ((30, 60, State.EMPLOYED, 0.5), Reached.LATE_SHORT),
        ((29, 31), Reached.NOT_SUSTAINED),
    ],
)
def test_how_far_one_spell_came(given, far):
    assert came(terms(**MONTH), given) == far


def test_what_has_not_ended_may_still_count():
    assert came(terms(**MONTH), (12, 15), now=15) == Reached.RUNNING
    assert came(terms(**MONTH), (12, 15), now=16) == Reached.NOT_SUSTAINED
    assert came(terms(**MONTH), (12, 16), now=16) == Reached.MET
    assert came(terms(**MONTH), (32, 34), now=34) == Reached.LATE_SHORT


def test_complete_too_late_for_the_fees_own_window():
    asked = terms(completed_within="service", **MONTH)
    assert came(asked, (26, 40)) == Reached.MET
    assert came(asked, (27, 40)) == Reached.COMPLETED_LATE


def test_the_farthest_spell_says_how_far():
    asked = terms(**MONTH, starts_within="service+90d")
    short, late = (12, 13), (40, 60)
    assert came(asked, short, (14, 15, State.EMPLOYED, 0.5)) == Reached.NOT_SUSTAINED
    assert came(asked, short, late) == Reached.AFTER_SERVICE
    assert came(asked, short, late, (14, 18)) == Reached.MET


# Several people


def test_people_have_their_own_windows():
    windows = Windows(np.array([0, 5, NEVER]), np.array([10, 6, NEVER]))
    found = ClientSpells(
        np.array([1, 0, 0]), np.array([6, 9, 3]), np.array([20, 20, 4]), np.full(3, 1), np.ones(3),
        np.zeros(3, dtype=int),
    )  # fmt: skip
    assert service_end(found, windows).tolist() == [4, 6, NEVER]
    assert met_week(found, windows, terms()).tolist() == [3, NEVER, NEVER]
    assert late_week(found, windows, terms()).tolist() == [9, 6, NEVER]


def test_nobody():
    none = np.zeros(0, dtype=int)
    empty = ClientSpells(none, none, none, none, np.zeros(0), none)
    windows = Windows(np.array([0]), np.array([9]))
    assert met_week(empty, windows, terms()).tolist() == [NEVER]
    assert met_week(empty, Windows(empty.begin, empty.end), terms()).size == 0
