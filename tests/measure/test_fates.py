"""What became of each outcome, against lives and claims written down by hand."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market.claims import Claims
from labsim.market.jobs import NEVER
from labsim.market.outcomes import ClientSpells, Reached, Terms, Windows, met_week
from labsim.market.pricing import Price
from labsim.measure.fates import Fate, fates
from labsim.measure.indicators import indicators
from labsim.scenario.sections.fee import Fee
from tests.builders import (
    ALIKE,
    ALL_START,
    FROM_WEEK_0,
    JOBS_FOR_EVER,
    ONLY_JOBS,
    WORK_AT_ONCE,
    fees,
    pair,
    scenario,
)

WEEKS, LAST = 60, 40
WINDOWS = Windows(np.zeros(2, dtype=int), np.full(2, 20))
N = 30
AT_WORK = (ALIKE, ONLY_JOBS, WORK_AT_ONCE, JOBS_FOR_EVER, ALL_START, FROM_WEEK_0,
           {"population": {"register": N}})  # fmt: skip
JOB = {"name": "j", "on": "outcome", "eur": 1_000.0, "outcome": ["employment"]}


def spells(*given):
    """Return the first person's jobs from (begin, end)."""
    begin, end = (np.array(column, dtype=int) for column in zip(*given, strict=True))
    who = np.zeros(begin.size, dtype=int)
    jobs = np.ones(begin.size, dtype=int)
    return ClientSpells(who, begin, end, jobs, np.ones(begin.size), np.zeros_like(jobs))


def claims(found, days, **changes):
    """Return the claims of a fee for so many days in work, and what has become of the first."""
    fee = Fee(name="f", on="outcome", eur=1.0, outcome=["employment"], sustained_days=days)
    price = Price(fee, np.array([100]), np.array([0]), Terms.of(fee))
    result = Claims.of(price, 0, 2)
    result.met[:] = met_week(found, WINDOWS, price.terms)
    result.proved[0] = True
    for name, value in changes.items():
        getattr(result, name)[0] = value
    return result


def fate(found, *given):
    first, nobody = fates(list(given), found, WINDOWS, LAST, WEEKS)
    assert nobody == Fate.NOTHING
    return Fate(int(first))


def test_codes_of_unmet_outcomes_are_those_of_how_far_they_came():
    assert [fate.value for fate in Fate] == list(range(len(Fate)))
    assert {each.name for each in Reached} - {"MET"} == {
        each.name for each in Fate if each < Fate.AFTER_CONTRACT
    }


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"paid": 8}, Fate.PAID),
        ({"paid": 8, "proved": False}, Fate.PAID),
        ({"paid": 30, "disputed": 8}, Fate.PAID),
        ({"disputed": 8}, Fate.DISPUTED),
        ({"disputed": 8, "proved": False}, Fate.DISPUTED),
        ({"unfunded": 8}, Fate.UNFUNDED),
        ({"unfunded": 8, "proved": False}, Fate.UNFUNDED),
        ({"unfunded": 30, "disputed": 8}, Fate.UNFUNDED),
        ({"proved": False}, Fate.UNNOTIFIED),
        ({}, Fate.PROOF_LATE),
    ],
)
def test_of_outcomes_met_in_time(changes, what):
    found = spells((5, 30))
    assert fate(found, claims(found, 28, **changes)) == what


def test_after_the_last_payments():
    found = spells((15, 55))
    # 26 weeks of work are complete in week 40, 27 in week 41.
    assert fate(found, claims(found, 26 * 7)) == Fate.PROOF_LATE
    assert fate(found, claims(found, 27 * 7)) == Fate.AFTER_CONTRACT
    assert fate(found, claims(found, 27 * 7, proved=False)) == Fate.AFTER_CONTRACT


def test_the_fee_under_which_it_came_farthest():
    found = spells((5, 10))
    short, long = claims(found, 28, proved=False), claims(found, 90)
    assert fate(found, long) == Fate.NOT_SUSTAINED
    assert fate(found, long, short) == fate(found, short, long) == Fate.UNNOTIFIED
    paid = claims(found, 7, paid=9)
    assert fate(found, long, short, paid) == Fate.PAID


def test_no_outcome_fee():
    assert fate(spells((5, 10))) == Fate.NOTHING


# In whole runs


def values(*layers):
    found = indicators(pair(scenario(*AT_WORK, *layers)))
    return {name: number for name, number in found.items() if name.startswith("outcomes_")}


def only(**expected):
    names = (
        "met", "paid", "after_service", "after_contract", "unverified", "disputed", "unnotified",
        "proof_late", "completed_late", "running", "not_sustained", "short_hours", "late_short",
        "lower_fee", "unfunded",
    )  # fmt: skip
    return {f"outcomes_{name}": expected.get(name, 0) for name in names}


def test_paid_at_the_lower_fee():
    notice = {"contract": {"verification": "notice", "notice_chance": 0.0}}
    found = values(fees(JOB | {"eur_unnotified": 190.0}), notice)
    assert found == only(met=N, paid=N, lower_fee=N)
    assert values(fees(JOB), notice) == only(met=N, unverified=N, unnotified=N)


def test_no_money_left():
    contract = {
        "rescale": False, "outcome_share": 0.5, "expected_spend_per_start_eur": 1.0,
        "expected_outcome_rate": 0.0001, "budget_eur": 12_500.0,
    }  # fmt: skip
    assert values(fees(JOB), {"contract": contract}) == only(met=N, paid=12, unfunded=N - 12)


def test_the_last_payable_week_before_the_service_ends():
    # A job of week 0; the service could last to week 11, and nothing is paid after week 2.
    early = {"contract": {"last_payable_week": 2, "verification_lag_weeks": 2}}
    assert values(fees(JOB), early) == only(met=N, paid=N)
    three_weeks = fees(JOB | {"sustained_days": 21})
    assert values(three_weeks, early) == only(met=N, unverified=N, proof_late=N)
    four_weeks = fees(JOB | {"sustained_days": 28})
    assert values(four_weeks, early) == only(met=N, after_contract=N)


def test_a_ladder_of_which_the_first_step_is_paid():
    steps = [JOB | {"name": str(days), "sustained_days": days} for days in (7, 90)]
    late = {"contract": {"last_payable_week": 8}}
    assert values(fees(*steps), late) == only(met=N, paid=N)


def test_still_running_at_the_end_of_the_run():
    # The run has 40 weeks: 40 weeks in work are complete, 41 are not.
    to_the_end = {"contract": {"last_payable_week": 39, "verification_lag_weeks": 0}}
    assert values(fees(JOB | {"sustained_days": 280}), to_the_end) == only(met=N, paid=N)
    assert values(fees(JOB | {"sustained_days": 281}), to_the_end) == only(running=N)


def test_a_proof_that_the_run_does_not_see():
    far = {"contract": {"last_payable_week": 90, "verification_lag_weeks": 40}}
    assert values(fees(JOB), far) == only(met=N, unverified=N, proof_late=N)


def test_weeks_that_never_come_are_never():
    assert claims(spells((5, 6)), 90).met.tolist() == [NEVER, NEVER]
