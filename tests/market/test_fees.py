"""Every form of fee and every key of fees, to the cent, against examples worked out by hand.

Most play a script: the lives of a few clients are written, and the real purchaser settles them. In
others the whole register starts in week 0, so that every amount is a number of people times an
amount per person.
"""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from labsim.market.draws import Stream
from labsim.market.fees import KINDS
from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from labsim.market.offer import Offer
from labsim.market.outcomes import ClientSpells, Terms, Windows, met_week, weeks_before
from labsim.market.pricing import cost_per_start, expectations, missing_start_eur
from labsim.market.states import Stage, State
from labsim.market.units import chance_of_change, expected_units, mean_gain
from labsim.market.worth import ByDay
from labsim.measure.fates import Fate, fates
from labsim.scenario.sections.fee import Fee
from labsim.study.scripted import Life, ScriptedMarket
from tests.builders import (
    ALIKE,
    ALL_START,
    FROM_WEEK_0,
    JOBS_FOR_EVER,
    NO_EXITS,
    ONLY_JOBS,
    WORK_AT_ONCE,
    differences,
    fees,
    market,
    pair,
    scenario,
    scenarios,
    staffed_at_once,
)

N = 30
STAYING = (
    ALIKE, NO_EXITS, ALL_START, FROM_WEEK_0, staffed_at_once(N), {"population": {"register": N}},
)  # fmt: skip
"""Thirty people in the service from week 0, and nothing happens to them."""
AT_WORK = (
    ALIKE, ONLY_JOBS, WORK_AT_ONCE, JOBS_FOR_EVER, ALL_START, FROM_WEEK_0,
    {"population": {"register": N}},
)  # fmt: skip
"""Thirty people who start the service in week 0, find a job in the same week and keep it."""
JOB = {"on": "outcome", "outcome": ["employment"]}
WINDOW = {"starts_within": "service+180d"}
AT_ONCE = {"verification_lag_weeks": 0, "start_week": 0, "weeks": 30, "service_weeks_max": 10}
properties = settings(derandomize=True, deadline=None, max_examples=60)


class Written(ScriptedMarket):
    """A script in which clients may find several jobs: (week, weeks that it lasts) for each."""

    def __init__(self, setup, jobs: list[list[tuple[int, int]]], state=State.EMPLOYED) -> None:
        self.jobs, self.kind = jobs, state
        super().__init__(setup, [Life(0) for _ in jobs], hours=0.5)

    def _happen(self) -> None:
        for person, jobs in enumerate(self.jobs):
            for begin, lasts in jobs:
                if begin == self.week:
                    self._leave(np.array([person]), self.kind)
                if begin + lasts == self.week:
                    self._return(np.array([person]))


def played(*given: dict, jobs: list[list[tuple[int, int]]], **contract) -> ScriptedMarket:
    named = [fee | {"name": fee.get("name", f"fee {n}")} for n, fee in enumerate(given)]
    setup = scenario({"contract": AT_ONCE | {"tracking_weeks": 60} | contract}, fees(*named))
    model = Written(setup, jobs)
    while model.running:
        model.step()
    return model


def weeks_paid(model: LabourMarket, item: str) -> dict[int, int]:
    """Return the cents of a fee by week."""
    rows, sums = model.ledger.rows(), {}
    for week, name, cents in zip(rows["week"], rows["item"], rows["cents"], strict=True):
        if name == item:
            sums[week] = sums.get(week, 0) + cents
    return sums


def paid(model: LabourMarket, item: str) -> int:
    return sum(weeks_paid(model, item).values())


# Outcomes


def test_days_of_several_jobs_add_up():
    fee = JOB | WINDOW | {"eur": 100.0, "accumulated_days": 42}  # six weeks
    jobs = [[(3, 6)], [(3, 4), (12, 9)], [(3, 5)], [(3, 2), (6, 2), (20, 30)]]
    model = played(fee, jobs=jobs)
    # Weeks 3-8; 3-6 and 12-13; five weeks are too few; 3-4, 6-7 and 20-21.
    assert weeks_paid(model, "fee 0") == {8: 10_000, 13: 10_000, 21: 10_000}


def test_days_do_not_add_up_beyond_the_window():
    fee = JOB | {"eur": 100.0, "accumulated_days": 42, "starts_within": "service+28d"}
    # The service ended in week 3 with the first job: what begins in week 8 is too late.
    assert paid(played(fee, jobs=[[(3, 4), (8, 9)]]), "fee 0") == 0
    assert paid(played(fee, jobs=[[(3, 2), (7, 9)]]), "fee 0") == 10_000


def test_a_lasting_job_is_paid_again_and_again():
    fee = JOB | {"eur": 50.0, "sustained_days": 28, "every_days": 14, "times": 3}
    model = played(fee, jobs=[[(2, NEVER)], [(2, 7)], [(2, 3)]])
    # After 4, 6 and 8 weeks of the job; the second job has 7 weeks, the third 3.
    assert weeks_paid(model, "fee 0") == {5: 10_000, 7: 10_000, 9: 5_000}


def test_one_lasting_job_is_met_once_in_counts():
    fee = JOB | {"eur": 50.0, "sustained_days": 7, "every_days": 7, "times": 5}
    found = pair(scenario(*AT_WORK, {"contract": AT_ONCE}, fees(fee | {"name": "f"})))
    assert found.met.sum() == found.met_anyway.sum() == N
    assert found.run.flows["outcomes_met"].sum() == N
    assert found.run.ledger.total(kind="fee") == 5 * N * 5_000


def test_each_spell_is_paid_where_an_outcome_is_not_for_once():
    fee = JOB | WINDOW | {
        "eur": 70.0, "sustained_days": 14, "once": False, "max_per_client": 2.0,
    }  # fmt: skip
    jobs = [[(2, 3), (8, 1), (10, 5), (20, 9)], [(2, NEVER)], [(4, 2), (7, 2)]]
    model = played(fee, jobs=jobs)
    # First jobs in weeks 3, 3 and 5; second ones in 11 (a week was too short) and 8.
    assert weeks_paid(model, "fee 0") == {3: 14_000, 5: 7_000, 8: 7_000, 11: 7_000}


def test_a_fee_that_is_paid_stops_others():
    month = {"name": "month", "on": "month", "eur": 43.0}
    weekly = JOB | {"name": "weeks", "eur": 10.0, "sustained_days": 7, "every_days": 7, "times": 9}
    lasting = JOB | {"name": "lasting", "eur": 500.0, "sustained_days": 28}
    free = played(month, weekly, lasting, jobs=[[(2, NEVER)]])
    assert paid(free, "weeks") == 9 * 1_000
    stopped = played(month, weekly, lasting | {"stops": ["weeks"]}, jobs=[[(2, NEVER)]])
    # Paid in weeks 2-5; in week 5 the job has lasted four weeks.
    assert weeks_paid(stopped, "weeks") == {2: 1_000, 3: 1_000, 4: 1_000, 5: 1_000}
    assert paid(stopped, "month") == paid(free, "month")
    by_kind = played(
        month, {"name": "s", "on": "start", "eur": 1.0, "stops": ["month"]}, jobs=[[(9, 1)]]
    )
    # What had been counted before the start was paid stays: the first week of January's five.
    assert paid(by_kind, "month") == round(4_300 / weeks_of_first_month(by_kind))


def weeks_of_first_month(model: LabourMarket) -> int:
    from labsim.market.weeks import weeks_in_month

    return weeks_in_month(model.setup.run.start_date, 0)


def test_the_work_condition_adds_up_over_jobs():
    fee = {
        "on": "outcome", "outcome": ["work-condition"], "eur": 900.0,
        "starts_within": "service+365d",
    }  # fmt: skip
    model = played(fee, jobs=[[(1, 20), (25, 6)], [(1, 20), (25, 5)]], tracking_weeks=60)
    weeks = model.setup.finance.current.work_condition_weeks
    assert weeks == 26
    assert weeks_paid(model, "fee 0") == {30: 90_000}  # 20 weeks, and 6 from week 25 on


@pytest.mark.parametrize(
    ("kind", "state"),
    [("subsidised", State.SUBSIDISED), ("education", State.STUDYING),
     ("entrepreneurship", State.ENTREPRENEUR), ("employment", State.EMPLOYED)],
)  # fmt: skip
def test_every_kind_of_outcome_counts_what_it_names(kind, state):
    fee = {"on": "outcome", "outcome": [kind], "eur": 25.0, "sustained_days": 21}
    named = [fee | {"name": "f"}]
    for other in (State.SUBSIDISED, State.STUDYING, State.ENTREPRENEUR, State.EMPLOYED):
        setup = scenario({"contract": AT_ONCE}, fees(*named))
        model = Written(setup, [[(1, 5)]], other)
        while model.running:
            model.step()
        assert weeks_paid(model, "f") == ({3: 2_500} if other == state else {})


def test_an_outcome_without_support_in_work_is_met_and_not_paid():
    fee = JOB | {"name": "f", "eur": 100.0, "sustained_days": 28, "needs_service_in_work": True}
    contract = AT_ONCE | {"minimum_hours": 0.2}
    with_staff = market(scenario(*AT_WORK, {"contract": contract}, fees(fee)))
    assert paid(with_staff, "f") == N * 10_000
    nobody_there = {
        "providers": [
            {"name": "p", "promised_coaches": 0.0001, "target_margin": 0.999, "hours_min": 0.0}
        ]
    }
    without = market(scenario(*AT_WORK, {"contract": contract}, nobody_there, fees(fee)))
    assert paid(without, "f") == 0
    [claim] = without.purchaser.claims
    assert claim.unserved.all()
    assert (claim.met == 3).all()
    fate = fates([claim], without.client_spells(), without.windows(), 60, without.weeks)
    assert (fate == Fate.UNSERVED).all()


def test_support_that_a_fee_asks_for_is_given_before_hours_are_divided():
    fee = JOB | {"name": "f", "eur": 100.0, "sustained_days": 28, "needs_service_in_work": True}
    plain = JOB | {"name": "f", "eur": 100.0, "sustained_days": 28}
    for each, asked in ((fee, True), (plain, False)):
        model = LabourMarket(
            setup=scenario(*AT_WORK, {"contract": AT_ONCE | {"minimum_hours": 0.3}}, fees(each))
        )
        model.step()
        model.step()
        hours = model.providers[0].support_hours
        assert (hours >= 0.3 * (1 - 1e-9)).all() == asked or hours.min() >= 0.3


# Referrals, units, caps


def test_everybody_who_arrives_is_paid_for_who_starts_or_not():
    model = market(scenario(fees({"name": "f", "on": "referral", "eur": 12.5})))
    stages = model.columns.stage[model.referred]
    answered = ~np.isin(stages, [Stage.GONE_BEFORE_START, Stage.REFERRED])
    declined = (stages == Stage.DECLINED).sum()
    assert declined > 10
    assert paid(model, "f") == 1_250 * int(answered.sum())


def test_referral_fees_go_to_the_provider_that_people_are_sent_to():
    providers = {"providers": [{"name": "A"}, {"name": "B"}]}
    rotation = {"referral": {"provider_choice": "rotation"}}
    model = market(scenario(providers, rotation, fees({"name": "f", "on": "referral", "eur": 1.0})))
    shares = [model.ledger.total(kind="fee", payee=name) for name in ("A", "B")]
    started = np.bincount(model.columns.provider[model.columns.service_start < NEVER], minlength=2)
    assert all(share >= 100 * n for share, n in zip(shares, started, strict=True))
    assert abs(shares[0] - shares[1]) <= 0.2 * sum(shares)


def test_units_come_in_their_weeks_of_service():
    unit = {
        "name": "f", "on": "unit", "unit": "course", "eur": 200.0, "from_service_week": 1,
        "every_days": 21, "times": 4,
    }  # fmt: skip
    model = market(scenario(*STAYING, {"contract": AT_ONCE}, fees(unit)))
    # Weeks 1, 4 and 7; the fourth would be in week 10, when the service has ended.
    assert weeks_paid(model, "f") == dict.fromkeys((1, 4, 7), N * 20_000)
    capped = market(scenario(*STAYING, {"contract": AT_ONCE}, fees(unit | {"max_per_client": 2.0})))
    assert weeks_paid(capped, "f") == dict.fromkeys((1, 4), N * 20_000)


def test_a_cap_in_euros_cuts_the_last_unit():
    unit = {
        "name": "f", "on": "unit", "unit": "course", "eur": 200.0, "every_days": 7, "times": 4,
        "eur_max_per_client": 450.0,
    }  # fmt: skip
    model = market(scenario(*STAYING, {"contract": AT_ONCE}, fees(unit)))
    assert weeks_paid(model, "f") == {0: N * 20_000, 1: N * 20_000, 2: N * 5_000}


def test_a_clients_purse_pays_for_service_and_not_for_outcomes():
    unit = {"name": "course", "on": "unit", "unit": "course", "eur": 90.0}
    month = {"name": "month", "on": "month", "eur": 100.0}
    start = {"name": "start", "on": "start", "eur": 60.0}
    purse = {"contract": AT_ONCE | {"client_budget_eur": 150.0}}
    model = market(scenario(*STAYING, purse, fees(unit, month, start)))
    assert paid(model, "start") == N * 6_000
    assert paid(model, "course") == N * 9_000
    assert paid(model, "month") == N * 6_000  # what the course left of 150 EUR
    assert (model.purchaser.purses.purse == 0).all()
    # Nobody counts on a month when the purse is empty.
    weekly, _ = model.purchaser.service_euros(np.arange(N))
    assert (weekly == 0).all()


def test_missing_starts_are_paid_for_at_the_end_of_the_contract():
    start = {"name": "s", "on": "start", "eur": 80.0}
    guaranteed = {"contract": AT_ONCE | {"minimum_volume": 50, "minimum_volume_eur": 33.35}}
    model = market(scenario(*STAYING, guaranteed, fees(start)))
    assert weeks_paid(model, "minimum volume") == {29: (50 - N) * 3_335}
    assert paid(model, "s") == N * 8_000
    own_price = {"contract": AT_ONCE | {"minimum_volume": 50}}
    setup = scenario(*STAYING, own_price, fees(start))
    assert missing_start_eur(setup) == 80.0
    assert paid(market(setup), "minimum volume") == (50 - N) * 8_000
    met = {"contract": AT_ONCE | {"minimum_volume": N}}
    assert paid(market(scenario(*STAYING, met, fees(start))), "minimum volume") == 0


def test_providers_share_a_guarantee():
    shared = {
        "contract": AT_ONCE | {"minimum_volume": 41, "minimum_volume_eur": 10.0},
        "providers": [{"name": "A"}, {"name": "B"}],
        "referral": {"provider_choice": "rotation"},
    }
    model = market(scenario(ALIKE, NO_EXITS, ALL_START, FROM_WEEK_0,
                            {"population": {"register": N}}, shared,
                            fees({"name": "s", "on": "start", "eur": 1.0})))  # fmt: skip
    for name in ("A", "B"):  # 15 clients of 20.5 each
        assert model.ledger.total(kind="fee", payee=name, item="minimum volume") == 5_500


def test_a_missing_start_brings_what_a_start_would_have_brought():
    """Coaches are paid for all the same, and so are days and scores of those who are there."""
    given_fees = (
        {"name": "s", "on": "start", "eur": 80.0},
        {"name": "c", "on": "coach-month", "eur": 5_000.0, "coaches": 2.0},
        {"name": "a", "on": "feedback", "eur": 30.0},
        {"name": "p", "on": "progress", "instrument": "radar", "eur": 30.0},
        {
            "name": "g",
            "on": "group-change",
            "counts": ["employment"],
            "before_weeks": 8,
            "eur": 3.0,
        },
    )
    setup = scenario(*STAYING, {"contract": AT_ONCE | {"minimum_volume": 50}}, fees(*given_fees))
    assert missing_start_eur(setup) == 80.0
    assert paid(market(setup), "minimum volume") == (50 - N) * 8_000


def test_a_missing_start_is_paid_at_the_providers_own_price():
    tendered = {
        "procurement": {"procedure": "open", "bidders": 4},
        "contract": AT_ONCE | {"minimum_volume": 50},
    }
    model = market(scenario(*STAYING, tendered, fees({"name": "s", "on": "start", "eur": 80.0})))
    (winner,) = model.places.holders
    factor = model.places.awards[0].factor[winner]
    assert abs(factor - 1) > 0.01
    assert model.started_so_far == N
    assert paid(model, "minimum volume") == round((50 - N) * 8_000 * factor)


def test_no_more_starts_are_paid_for_than_are_missing_in_all():
    """Where clients choose, what one provider lacks others may have had (30 of 40, not 20 + 0)."""
    chosen = {
        "contract": AT_ONCE | {"minimum_volume": 40, "minimum_volume_eur": 10.0},
        "providers": [{"name": "A", "reputation": 10.0, "marketing": 10.0}, {"name": "B"}],
        "referral": {"provider_choice": "client"},
    }
    base = (ALIKE, NO_EXITS, ALL_START, FROM_WEEK_0, {"population": {"register": N}})
    start = fees({"name": "s", "on": "start", "eur": 1.0})
    model = market(scenario(*base, chosen, start))
    assert (model.columns.provider[model.starters] == 0).sum() > 20
    assert paid(model, "minimum volume") == (40 - N) * 1_000
    reached = {"contract": {"minimum_volume": N}}
    assert paid(market(scenario(*base, chosen, reached, start)), "minimum volume") == 0


@pytest.mark.parametrize("kind", ["start", "referral", "coach-month", "group-change", "impact"])
def test_what_ends_for_nobody_cannot_be_stopped(kind):
    measured = {"counts": ["employment"]} if kind in ("group-change", "impact") else {}
    measured |= {"before_weeks": 8} if kind == "group-change" else {}
    other = {"name": "o", "on": kind, "eur": 5.0, **measured}
    for name in ("o", kind):
        with pytest.raises(ValidationError):
            scenario(LOTTERY, fees(other, {**JOB, "name": "j", "eur": 9.0, "stops": [name]}))


def test_firms_answers_cannot_be_stopped_for_a_client():
    firms = {"name": "o", "on": "feedback", "instrument": "firms", "eur": 5.0}
    job = {**JOB, "name": "j", "eur": 9.0}
    with pytest.raises(ValidationError):
        scenario(fees(firms, job | {"stops": ["o"]}))
    scenario(fees(firms | {"instrument": "clients"}, job | {"stops": ["o"]}))


# Scores


def test_answers_are_paid_by_the_point():
    fee = {"name": "f", "on": "feedback", "eur": 20.0, "least_score": 3.0}
    model = market(scenario(*STAYING, {"contract": AT_ONCE}, fees(fee)))
    answers = model.columns.satisfaction
    above = np.maximum(answers - 3.0, 0)
    assert 0 < (above > 0).sum() < N
    assert weeks_paid(model, "f") == {10: int(np.rint(2_000 * above).sum())}


def test_progress_without_error_is_paid_by_the_point():
    quiet = {"contract": AT_ONCE | {"measurement_noise_sd": 0.0}}
    fee = {"name": "f", "on": "progress", "instrument": "motivation", "eur": 100.0}
    lower = ALIKE["population"] | {"motivation_mean": 5.0, "motivation_sd": 1.0, "register": N}
    model = market(scenario(*STAYING, {"population": lower}, quiet, fees(fee)))
    change = model.columns.motivation_at_end - model.columns.motivation_at_start
    assert change.min() > 0.01
    assert paid(model, "f") == int(np.rint(10_000 * change).sum())
    target = fee | {"target_change": float(change.min()) * 0.9}
    assert paid(market(scenario(*STAYING, {"population": lower}, quiet, fees(target))), "f") == (
        N * 10_000
    )
    out_of_reach = fee | {"target_change": 5.0}
    found = market(scenario(*STAYING, {"population": lower}, quiet, fees(out_of_reach)))
    assert paid(found, "f") == 0


def test_errors_alone_pay_something():
    """Without an effect the mean of what is paid is that of a normal error cut at 0."""
    n = 2_000
    fee = {"name": "f", "on": "progress", "instrument": "motivation", "eur": 100.0}
    middle = ALIKE["population"] | {"motivation_mean": 5.0, "register": n}
    nothing = {"coaching": {"effect_scale": 0.0, "dropout_per_week": 0.0}}
    setup = scenario(*STAYING, {"population": middle}, {"contract": AT_ONCE}, nothing, fees(fee))
    each = paid(market(setup), "f") / 10_000 / n
    assert each == pytest.approx(mean_gain(0.0, sqrt(2)), abs=4 * 0.83 / sqrt(n))
    assert mean_gain(0.0, sqrt(2)) == pytest.approx(1 / sqrt(np.pi))


def test_the_radar_is_the_mean_of_two_scores():
    quiet = {"contract": AT_ONCE | {"measurement_noise_sd": 0.0}}
    people = {"population": ALIKE["population"] | {"motivation_sd": 1.0, "register": N}}
    fee = {"name": "f", "on": "progress", "instrument": "radar", "eur": 1000.0}
    model = market(scenario(*STAYING, people, quiet, fees(fee)))
    columns = model.columns
    before = (columns.motivation_at_start + columns.ability_at_start) / 2
    change = (columns.motivation_at_end + columns.ability_at_end) / 2 - before
    assert change.min() > 0.01
    assert paid(model, "f") == int(np.rint(100_000 * change).sum())


@properties
@given(st.floats(-5, 5), st.floats(0.05, 3))
def test_means_and_chances_of_measured_changes(change, sd):
    grid = np.linspace(change - 9 * sd, change + 9 * sd, 20_001)
    density = np.exp(-(((grid - change) / sd) ** 2) / 2) / (sd * sqrt(2 * np.pi))
    mean = (
        np.trapezoid(np.maximum(grid, 0) * density, grid)
        if hasattr(np, "trapezoid")
        else (np.sum(np.maximum(grid, 0) * density) * (grid[1] - grid[0]))
    )
    assert mean_gain(change, sd) == pytest.approx(mean, abs=1e-4)
    assert chance_of_change(change, change, sd) == 0.5
    assert mean_gain(change, 0.0) == max(change, 0.0)


# Days


def test_a_groups_days_after_the_start_less_those_before_it():
    fee = {"name": "f", "on": "group-change", "counts": ["employment"], "before_weeks": 20,
           "eur": 2.0}  # fmt: skip
    no_history = {"population": {"came_from_work_share": 0.0, "came_from_education_share": 0.0}}
    setup = scenario(no_history, {"contract": AT_ONCE | {"tracking_weeks": 60}}, fees(fee))
    model = Written(setup, [[(2, 5), (10, 40)], [(15, 30)], []])
    while model.running:
        model.step()
    # In weeks 0-19 after the start: 5 and 10 weeks, and 5 weeks; nothing before.
    assert weeks_paid(model, "f") == {90: 20 * 7 * 200}


def test_days_before_the_register_count_for_those_who_came_from_work():
    fee = {"name": "f", "on": "group-change", "counts": ["employment"], "before_weeks": 20,
           "eur": 2.0}  # fmt: skip
    from_work = {"population": {"came_from_work_share": 1.0, "came_from_education_share": 0.0}}
    setup = scenario(from_work, {"contract": AT_ONCE | {"tracking_weeks": 60}}, fees(fee))
    for months, before in ((0.0, 20), (1.0, 15), (12.0, 0)):  # a month is 4.35 weeks, so five
        model = Written(setup, [[(2, 40)]])
        model.people.months[:] = months
        while model.running:
            model.step()
        assert paid(model, "f") == max(18 - before, 0) * 7 * 200
    came_from_study = from_work | {
        "population": {"came_from_work_share": 0.0, "came_from_education_share": 1.0}
    }
    setup = scenario(came_from_study, {"contract": AT_ONCE | {"tracking_weeks": 60}}, fees(fee))
    model = Written(setup, [[(2, 40)]])
    while model.running:
        model.step()
    assert paid(model, "f") == 18 * 7 * 200  # education does not count


def test_a_cap_on_a_groups_change():
    fee = {"name": "f", "on": "group-change", "counts": ["employment"], "before_weeks": 20,
           "eur": 2.0, "eur_max_per_client": 100.0}  # fmt: skip
    no_history = {"population": {"came_from_work_share": 0.0, "came_from_education_share": 0.0}}
    setup = scenario(no_history, {"contract": AT_ONCE | {"tracking_weeks": 60}}, fees(fee))
    model = Written(setup, [[(0, 60)], []])
    while model.running:
        model.step()
    assert paid(model, "f") == 2 * 10_000  # 280 EUR for two clients


def test_regression_to_the_mean_is_paid_without_any_effect():
    """Placebo: a service that does nothing to people met at their worst is paid (FEE-17)."""
    fee = {"name": "f", "on": "group-change", "counts": ["employment"], "before_weeks": 26,
           "eur": 5.0}  # fmt: skip
    nothing = {"coaching": {"effect_scale": 0.0}, "run": {"weeks": 60}}
    long_out = {"referral": {"target": {"unemployed_months_min": 6.0}}}
    tracking = {"contract": {"tracking_weeks": 30}}
    run = market(scenario(nothing, long_out, tracking, fees(fee)))
    twin = market(scenario(nothing, long_out, tracking, fees(fee)), service=False)
    assert not differences(run, twin)
    assert paid(run, "f") > 0


LOTTERY = {"referral": {"regime": "lottery", "drawn_share": 0.5}}


def arms(model: LabourMarket) -> tuple[np.ndarray, np.ndarray]:
    persons = np.flatnonzero(model.columns.ever_eligible)
    drawn = model.draws.uniform(Stream.LOTTERY, 0, persons) < 0.5
    return persons[drawn], persons[~drawn]


def days_in_work(model: LabourMarket, persons: np.ndarray, first: np.ndarray, last: int) -> int:
    column = model.spells.column
    employed = column("state") == State.EMPLOYED
    found = 0
    for person, begin, end in zip(column("person")[employed], column("begin")[employed],
                                  column("end")[employed], strict=True):  # fmt: skip
        if person in persons:
            found += 7 * max(min(end, last + 1) - max(begin, first[person]), 0)
    return found


def test_impact_is_the_difference_of_two_means():
    fee = {"name": "f", "on": "impact", "counts": ["employment"], "eur": 4.0}
    strong = {"coaching": {"max_uplift": 3.0}, "labour_market": {"matching_elasticity": 1.0}}
    here = {"population": {"register": 400, "inflow_per_week": 0.0},
            "contract": {"tracking_weeks": 10}, "run": {"weeks": 60}}  # fmt: skip
    model = market(scenario(strong, here, LOTTERY, fees(fee)))
    drawn, others = arms(model)
    last = model.last_payable_week
    # All of the register are in the target group from week 2 on, when referral begins.
    first = np.full(len(model.columns), 2)
    assert drawn.size + others.size > 300
    means = [days_in_work(model, set(arm.tolist()), first, last) / arm.size
             for arm in (drawn, others)]  # fmt: skip
    assert means[0] > means[1]
    assert paid(model, "f") == round((means[0] - means[1]) * drawn.size * 400)
    assert list(weeks_paid(model, "f")) == [last]


def test_a_cap_on_impact_is_for_each_client_and_not_for_each_drawn():
    strong = {"coaching": {"max_uplift": 3.0}, "labour_market": {"matching_elasticity": 1.0}}
    here = {"population": {"register": 400, "inflow_per_week": 0.0},
            "contract": {"tracking_weeks": 10}, "run": {"weeks": 60}}  # fmt: skip
    fee = {"name": "f", "on": "impact", "counts": ["employment"], "eur": 4.0}
    model = market(scenario(strong, here, LOTTERY, fees(fee | {"eur_max_per_client": 1.5})))
    drawn, _ = arms(model)
    assert 0 < model.started_so_far < drawn.size
    assert paid(model, "f") == model.started_so_far * 150


def test_a_cap_on_a_share_of_money_counts_in_what_is_expected():
    fee = {"name": "f", "on": "impact", "counts": ["benefits"], "share": 0.5}
    free, capped = (
        cost_per_start(scenario(LOTTERY, fees(fee | more)))
        for more in ({}, {"eur_max_per_client": 7.0})
    )
    assert free > 7.0
    assert capped == pytest.approx(7.0)


def test_a_groups_change_is_settled_with_each_contract_at_its_prices():
    """Two contracts: the clients of each are paid for with it, at what was bid for it."""
    fee = {"name": "f", "on": "group-change", "counts": ["employment"], "before_weeks": 6,
           "eur": 2.0}  # fmt: skip
    work = (ONLY_JOBS, JOBS_FOR_EVER, ALL_START, {"labour_market": {"job_hazard_per_week": 0.05},
            "population": {"register": 400, "came_from_work_share": 0.0}})  # fmt: skip
    two = {
        "contract": AT_ONCE | {"weeks": 12, "tracking_weeks": 8},
        "procurement": {"procedure": "open", "bidders": 4, "rounds": 2, "gap_weeks": 0},
        "referral": {"volume": 60, "weeks": 2, "start_week": 0},
        "run": {"weeks": 50},
    }
    model = market(scenario(*work, two, fees(fee)))
    contract, start = model.columns.contract, model.columns.service_start
    days = model.purchaser.accounts[0]
    expected = {}
    for period, last in enumerate(model.periods.last_payable.tolist()):
        own = np.flatnonzero((start < NEVER) & (contract == period))
        own = own[start[own] + 5 <= last]
        (number,) = set(model.columns.provider[own].tolist())
        assert own.size
        gained = int(days._days_after(own).sum() - days._days_before(own).sum())
        cents = round(200 * float(model.places.awards[period].factor[number]))
        expected[last] = max(gained, 0) * cents
    assert len(expected) == 2
    assert all(expected.values())
    assert weeks_paid(model, "f") == expected


def test_impact_that_is_negative_pays_nothing():
    fee = {"name": "f", "on": "impact", "counts": ["employment"], "eur": 4.0}
    harm = {"coaching": {"max_uplift": 0.0, "search_during_service": 0.01},
            "labour_market": {"matching_elasticity": 1.0}, "population": {"register": 600},
            "run": {"weeks": 40}}  # fmt: skip
    assert paid(market(scenario(harm, LOTTERY, ALL_START, fees(fee))), "f") == 0


def test_a_share_of_the_money_saved():
    """Everybody drawn works at once, nobody else does: a share of their benefits and taxes."""
    fee = {"name": "f", "on": "impact", "counts": ["benefits"], "share": 0.5}
    model = LabourMarket(
        setup=scenario(ALIKE, NO_EXITS, LOTTERY, {"population": {"register": 40}},
                       {"contract": AT_ONCE | {"tracking_weeks": 0}}, fees(fee))
    )  # fmt: skip
    columns = model.columns
    saved = np.zeros(2, dtype=np.int64)
    while model.running:
        cents = model.benefit_tables.total(columns.scheme, columns.benefit_days)
        cents *= columns.state == State.UNEMPLOYED
        model.step()
        if 2 <= model.week <= model.last_payable_week:
            saved -= [int(cents[arm].sum()) for arm in arms(model)]
        if model.week == 12:  # the drawn leave, by decree, and stay away
            drawn, others = arms(model)
            model.benefit_roll.remove(columns, drawn, 13)
            columns.state[drawn] = State.OUTSIDE
    gain = saved[0] - saved[1] * drawn.size / others.size
    assert gain > 0
    assert paid(model, "f") == round(gain * 0.5)


def test_taxes_are_gains():
    fee = {"name": "f", "on": "impact", "counts": ["taxes"], "share": 1.0}
    strong = {"coaching": {"max_uplift": 3.0}, "labour_market": {"matching_elasticity": 1.0}}
    model = market(scenario(strong, {"population": {"register": 400}}, LOTTERY, fees(fee)))
    finance, rules = model.setup.finance, model.setup.finance.current
    rate = rules.tax_state_share + rules.tax_municipality_share + rules.tax_funds_share
    week = finance.wage_month_eur / (365.2425 / 12 / 7) * 100 * rate
    column, first, last = model.spells.column, model.columns.eligible_week, model.last_payable_week
    drawn, others = arms(model)
    brought = dict.fromkeys(np.concatenate([drawn, others]).tolist(), 0)
    for person, begin, end, state, hours in zip(
        *(column(name).tolist() for name in ("person", "begin", "end", "state", "hours_share")),
        strict=True,
    ):
        cents = {State.EMPLOYED: round(week * hours), State.SUBSIDISED: round(week)}.get(state, 0)
        weeks = max(min(end, last + 1) - max(begin, int(first[person])), 0)
        if person in brought:
            brought[person] += cents * weeks
    sums = [sum(brought[person] for person in arm.tolist()) for arm in (drawn, others)]
    gain = sums[0] - sums[1] * drawn.size / others.size
    assert gain > 0
    assert paid(model, "f") == round(gain)


def test_days_off_the_municipalitys_support():
    support = {"population": {"benefit": {
        "earnings_related": 0.0, "basic_allowance": 0.0, "labour_market_support": 1.0,
    }}}  # fmt: skip
    fee = {"name": "f", "on": "outcome", "outcome": ["municipal-support-day"], "eur": 3.0}
    setup = scenario(support, {"contract": AT_ONCE | {"tracking_weeks": 20}}, fees(fee))
    for clock, pays in ((0, False), (290, False), (300, True), (1_200, True)):
        model = Written(setup, [[(4, 6)], [(40, NEVER)], [(60, 5)]])
        model.columns.scheme[:], model.columns.clock_days[:] = 2, clock
        while model.running:
            model.step()
        # Six weeks, the weeks from 40 to the last payable one (50), and none: five days each.
        assert paid(model, "f") == pays * (6 + 11) * 5 * 300
    capped = fee | {"max_per_client": 40.0}
    setup = scenario(support, {"contract": AT_ONCE | {"tracking_weeks": 20}}, fees(capped))
    model = Written(setup, [[(4, 6)], [(40, NEVER)]])
    model.columns.scheme[:], model.columns.clock_days[:] = 2, 500
    while model.running:
        model.step()
    assert paid(model, "f") == (30 + 40) * 300
    window = fee | {"completed_within": "service+14d"}
    setup = scenario(support, {"contract": AT_ONCE | {"tracking_weeks": 20}}, fees(window))
    model = Written(setup, [[(4, NEVER)]])
    model.columns.scheme[:], model.columns.clock_days[:] = 2, 500
    while model.running:
        model.step()
    assert paid(model, "f") == (12 - 4) * 5 * 300  # until week 11, two weeks after ten
    job = JOB | {"name": "job", "eur": 7.0, "sustained_days": 14, "stops": ["f"]}
    setup = scenario(support, {"contract": AT_ONCE | {"tracking_weeks": 20}}, fees(fee, job))
    model = Written(setup, [[(4, NEVER)]])
    model.columns.scheme[:], model.columns.clock_days[:] = 2, 500
    while model.running:
        model.step()
    assert paid(model, "job") == 700
    assert paid(model, "f") == 2 * 5 * 300  # weeks 4 and 5; then the job has lasted long enough


def test_days_off_support_stop_where_another_fee_is_paid():
    """Away from week 4 on: the job is paid in week 6, after that week's days."""
    support = {"population": {"benefit": {
        "earnings_related": 0.0, "basic_allowance": 0.0, "labour_market_support": 1.0,
    }}}  # fmt: skip
    days = {"name": "f", "on": "outcome", "outcome": ["municipal-support-day"], "eur": 3.0}
    job = JOB | {"name": "j", "eur": 9.0, "sustained_days": 21, "stops": ["f"]}
    setup = scenario(support, {"contract": AT_ONCE | {"tracking_weeks": 20}}, fees(days, job))
    model = Written(setup, [[(4, NEVER)], [(40, 2)]])
    model.columns.scheme[:], model.columns.clock_days[:] = 2, 500
    while model.running:
        model.step()
    assert weeks_paid(model, "j") == {6: 900}
    assert paid(model, "f") == (3 + 2) * 5 * 300
    assert not model.purchaser.accounts[0].week_euros(np.array([0])).any()
    assert model.purchaser.accounts[0].week_euros(np.array([1])).all()


# What providers make of it


ONE_OF_EACH = {
    "start": {"on": "start", "eur": 10.0},
    "referral": {"on": "referral", "eur": 10.0},
    "month": {"on": "month", "eur": 10.0},
    "hour": {"on": "hour", "eur": 10.0},
    "unit": {"on": "unit", "unit": "course", "eur": 10.0},
    "coach-month": {"on": "coach-month", "eur": 10.0},
    "feedback": {"on": "feedback", "eur": 10.0},
    "progress": {"on": "progress", "instrument": "radar", "eur": 10.0},
    "group-change": {
        "on": "group-change", "counts": ["employment"], "before_weeks": 10, "eur": 10.0,
    },
    "impact": {"on": "impact", "counts": ["employment"], "eur": 10.0},
    "outcome": {"on": "outcome", "outcome": ["municipal-support-day"], "eur": 10.0},
}  # fmt: skip


def test_there_is_one_of_each():
    assert set(ONE_OF_EACH) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_what_every_kind_of_fee_keeps_to(kind):
    """The contract of a kind: shapes, signs, nothing owed before anything, cents in whole."""
    setup = scenario(LOTTERY, {"run": {"weeks": 45}}, fees(ONE_OF_EACH[kind] | {"name": "f"}))
    assert expected_units(setup.contract.fees[0], setup, expectations(setup)) >= 0
    model = LabourMarket(setup=setup)
    [account] = model.purchaser.accounts
    assert account.owed()[0] == 0
    while model.running:
        model.step()
        clients = model.in_stage(Stage.IN_SERVICE)
        stay = np.full(clients.size, 5.0)
        for euros in (account.weekly(clients), account.hourly(clients), account.at_start(clients),
                      account.at_end(clients), account.experience(clients, stay)):  # fmt: skip
            assert euros.shape == clients.shape
            assert (euros >= 0).all()
        fee = account.by_day(clients)
        if fee is not None:
            days = ByDay.of(fee, model.away.lasting(0.5), model.away.lasting(0.0))
            assert days.euros.shape == days.anyway.shape == (5, clients.size)
            assert (days.euros >= days.anyway - 1e-9).all()
            assert (days.weeks >= 0).all()
        assert account.owed()[0] >= 0
    booked = model.ledger.total(kind="fee")
    assert booked == round(model.flows["fees_eur"].sum() * 100)


def test_a_month_by_the_day_is_worth_its_days():
    """A fee by the day falls with the days that go by: against a sum over weeks of leaving."""
    fee = {"name": "f", "on": "impact", "counts": ["education"], "eur": 1.0}
    setup = scenario(fees(fee), LOTTERY, ALL_START, {"run": {"weeks": 45}})
    model = LabourMarket(setup=setup)
    while model.week < 8:
        model.step()
    clients = model.in_stage(Stage.IN_SERVICE)
    prospects = model.providers[0].prospects(Offer.of(model, clients))
    [days] = prospects.by_day
    h, weeks = prospects.leaving, days.weeks[0]
    t = np.linspace(0, weeks, 40_001)
    leaving = np.exp(-np.outer(h, t)) * (1 - t / weeks)
    step = t[1] - t[0]
    whole = (leaving.sum(axis=1) - leaving[:, 0] / 2) * step
    expected = (prospects.rates * days.anyway).sum(axis=0) * whole
    np.testing.assert_allclose(prospects.hoped(days.weeks), expected, rtol=1e-4)


def test_outcomes_are_learnt_from_and_days_are_not():
    both = [
        {"name": "job", "on": "outcome", "outcome": ["employment"], "eur": 500.0},
        {"name": "days", "on": "impact", "counts": ["employment"], "eur": 9.0},
    ]
    alone = market(scenario(LOTTERY, fees(both[0])))
    with_days = LabourMarket(setup=scenario(LOTTERY, fees(*both)))
    while with_days.week < 5:
        with_days.step()
    started = np.flatnonzero(with_days.columns.service_start <= 4)
    np.testing.assert_allclose(
        with_days.columns.expected_fees[started], alone.columns.expected_fees[started], rtol=1e-9
    )


def test_answers_draw_hours_to_those_who_have_had_few():
    fee = {"name": "f", "on": "feedback", "eur": 400.0}
    model = LabourMarket(setup=scenario(*STAYING, {"contract": AT_ONCE}, fees(fee)))
    model.step()
    model.step()
    clients, columns = np.arange(N), model.columns
    columns.hours_total[:] = 0.1
    columns.hours_total[0] = 50.0  # pleased already
    worth = model.purchaser.accounts[0].experience(clients, np.full(N, 8.0))
    assert worth[0] == 0
    # 0.5 points for 0.42 hours, over 1 week and the 8 to come; kappa 0.6.
    kappa = model.setup.coaching.saturation_hours_per_week
    before = model.week
    assert worth[1:] == pytest.approx(400 * 0.5 / 0.42 / (before + 8) * kappa)


def test_no_service_without_effect_changes_a_life_whatever_is_paid():
    every = [fee | {"name": kind} for kind, fee in ONE_OF_EACH.items() if kind != "coach-month"]
    nothing = {"coaching": {"effect_scale": 0.0}}
    setup = scenario(nothing, LOTTERY, fees(*every, JOB | {
        "name": "served", "eur": 900.0, "needs_service_in_work": True, "sustained_days": 30,
    }))  # fmt: skip
    assert not differences(market(setup), market(setup, service=False))


# Judging outcomes


def brute_force(spells, window: int, weeks: int, adds_up: bool, nth: int) -> int:
    """Return the week in which one person's spells meet the terms, week by week."""
    total, found = 0, []
    for begin, end in sorted(spells):
        if begin >= window:
            continue
        lasted = 0
        for week in range(begin, end):
            lasted, total = lasted + 1, total + 1
            if (total if adds_up else lasted) == weeks:
                found.append(week)
    return found[nth] if len(found) > nth else NEVER


@properties
@given(
    st.lists(st.tuples(st.integers(1, 8), st.integers(1, 12)), min_size=1, max_size=6),
    st.integers(1, 30), st.booleans(), st.integers(0, 2), st.integers(0, 40),
)  # fmt: skip
def test_weeks_add_up_and_spells_are_counted_as_by_hand(gaps, weeks, adds_up, nth, grace):
    spells, week = [], 0
    for gap, lasts in gaps:
        spells.append((week + gap, week + gap + lasts))
        week += gap + lasts
    nth = 0 if adds_up else nth
    terms = replace(
        Terms.of(Fee(name="f", on="outcome", eur=1.0, outcome=["employment"])),
        weeks=weeks, accumulates=adds_up, nth=nth, start_grace=grace,
    )  # fmt: skip
    n = len(spells)
    found = ClientSpells(
        np.zeros(n, int), np.array([b for b, _ in spells]), np.array([e for _, e in spells]),
        np.ones(n, int), np.ones(n), np.zeros(n, int),
    )  # fmt: skip
    windows = Windows(np.array([0]), np.array([1_000]))
    window = spells[0][0] + 1 + grace
    assert met_week(found, windows, terms)[0] == brute_force(spells, window, weeks, adds_up, nth)
    before = weeks_before(found, np.ones(n, bool))
    assert before.tolist() == [sum(e - b for b, e in spells[:k]) for k in range(n)]


@settings(derandomize=True, deadline=None, max_examples=12)
@given(scenarios())
def test_every_euro_of_any_contract_is_booked_once(setup):
    model = market(setup)
    booked = model.ledger.total(kind="fee")
    assert booked == round(model.flows["fees_eur"].sum() * 100)
    received = sum(model.ledger.total(kind="fee", payee=p.name) for p in model.providers)
    assert booked == received == model.ledger.total(kind="fee", payer="purchaser")
