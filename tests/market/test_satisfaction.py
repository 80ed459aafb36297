"""What clients think: of hours, honesty and fit, hardly of getting a job; and nobody's life."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from labsim.market.draws import Stream
from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from labsim.market.satisfaction import HIGHEST, LOWEST, answer
from labsim.market.states import Stage, State
from labsim.measure.indicators import indicators
from labsim.measure.lives import has_spell
from labsim.measure.pair import Pair
from labsim.scenario.sections.satisfaction import Satisfaction
from tests.builders import (
    ALIKE,
    ALL_START,
    FROM_WEEK_0,
    NO_EXITS,
    ONLY_JOBS,
    WORK_AT_ONCE,
    differences,
    fees,
    market,
    scenario,
)

USUAL_HOURS = (
    {"population": {"register": 30}},
    fees({"name": "c", "on": "coach-month", "eur": 100.0, "coaches": 0.6}),
)
"""21 hours of 0.6 coaches for 30 clients: 0.42 hours a week each."""
STAYING = (ALIKE, NO_EXITS, ALL_START, FROM_WEEK_0, *USUAL_HOURS)
SURE = {"coaching": {"satisfaction": {"noise_sd": 0.0}}}
JOB = {"name": "j", "on": "outcome", "eur": 1_000.0, "outcome": ["employment"]}


def answers(*, hours=0.42, fit=1.0, honesty=1.0, remote=0.0, luck=0.0, **weights):
    given = (np.array([float(value)]) for value in (hours, fit, honesty, remote, luck))
    return float(answer(Satisfaction(**weights), *given)[0])


def test_the_index_by_hand():
    assert answers() == pytest.approx(3.75)
    assert answers(hours=0.84) == answers(hours=5.0) == pytest.approx(4.25)
    assert answers(hours=0.0) == pytest.approx(3.25)
    assert answers(fit=1.5) == pytest.approx(3.9)
    assert answers(fit=0.0) == pytest.approx(3.45)
    assert answers(honesty=0.5) == pytest.approx(3.5)
    assert answers(remote=0.5) == pytest.approx(3.65)
    assert answers(luck=-1.0) == pytest.approx(2.4)
    assert (answers(luck=9.0), answers(luck=-9.0)) == (HIGHEST, LOWEST)


def test_asked_at_the_end_of_the_service_and_not_before():
    ten_weeks = {"contract": {"service_weeks_max": 10}, "coaching": {"effect_scale": 0.0}}
    model = LabourMarket(setup=scenario(*STAYING, SURE, ten_weeks))
    while model.week < 9:
        model.step()
        assert np.isnan(model.columns.satisfaction).all()
    model.step()
    # 0.42 hours in each of ten weeks, as usual. Ability 8 lets all of coaching through, motivation
    # 8 the share 1 / (1 + exp(-5)), and the hazard is the reference.
    fit = 1 / (1 + np.exp(-5))
    assert model.columns.satisfaction == pytest.approx(3.75 + 0.3 * (fit - 1), abs=1e-9)


def test_those_who_leave_at_once_are_asked_about_the_one_week():
    at_work = (ALIKE, ONLY_JOBS, WORK_AT_ONCE, ALL_START, FROM_WEEK_0, *USUAL_HOURS)
    model = market(scenario(*at_work, SURE))
    assert (model.columns.stage == Stage.ENDED).all()
    assert model.columns.hours_total == pytest.approx(0.42)
    assert model.columns.satisfaction == pytest.approx(3.75, abs=0.01)


def test_hours_are_the_mean_of_the_weeks_in_service():
    """With coaches bought by the month hours change from week to week, as clients come and go."""
    given, weeks = np.zeros(0), np.zeros(0)

    def watch(model: LabourMarket) -> None:
        nonlocal given, weeks
        if not given.size:
            given, weeks = np.zeros(len(model.columns)), np.zeros(len(model.columns))
        given += model.columns.hours
        weeks[model.served] += 1

    only_hours = {"coaching": {"satisfaction": {"noise_sd": 0.0, "per_fit": 0.0},
                               "dropout_per_week": 0.05}}  # fmt: skip
    coaches = fees({"name": "c", "on": "coach-month", "eur": 100.0, "coaches": 1.0})
    model = market(scenario(only_hours, coaches), observers=[watch])
    asked = ~np.isnan(model.columns.satisfaction)
    stages = set(model.columns.stage[asked].tolist())
    assert stages == {Stage.ENDED, Stage.DROPPED_OUT}
    mean = given[asked] / weeks[asked]
    assert mean.std() > 0.05
    expected = 3.75 + 0.5 * (np.minimum(mean / 0.42, 2) - 1)
    assert model.columns.satisfaction[asked] == pytest.approx(expected, abs=1e-9)


def test_everybody_whose_service_has_ended_and_nobody_else():
    model = market(scenario({"coaching": {"dropout_per_week": 0.05}}))
    columns = model.columns
    over = np.isin(columns.stage, [Stage.ENDED, Stage.DROPPED_OUT])
    assert (columns.stage == Stage.DROPPED_OUT).any()
    assert np.array_equal(~np.isnan(columns.satisfaction), over)
    assert ((columns.satisfaction[over] >= LOWEST) & (columns.satisfaction[over] <= HIGHEST)).all()
    found = indicators(Pair(model, market(model.setup, service=False)))
    assert found["satisfaction_mean"] == columns.satisfaction[over].mean()


@pytest.mark.parametrize(
    ("key", "value", "gain"), [("honesty", 0.6, -0.2), ("remote_share", 1, -0.2)]
)
def test_providers_differ(key, value, gain):
    two = {
        "providers": [{"name": "A"}, {"name": "B", key: float(value)}],
        "referral": {"provider_choice": "rotation"},
    }
    alike = {"coaching": {"remote_effect_difficult": 1.0}}  # an hour does the same for everybody
    model = market(scenario(*STAYING, SURE, two, alike))
    first, second = (model.columns.satisfaction[model.columns.provider == n] for n in (0, 1))
    assert second.mean() - first.mean() == pytest.approx(gain, abs=1e-9)


def test_no_answer_changes_a_life():
    plain = market(scenario(fees(JOB)))
    weights = {"per_hours": 3.0, "per_fit": 4.0, "noise_sd": 4.0, "usual": 1.0}
    odd = market(scenario(fees(JOB), {"coaching": {"satisfaction": weights}}))
    assert not np.array_equal(plain.columns.satisfaction, odd.columns.satisfaction, equal_nan=True)
    assert differences(plain, odd) == []
    assert plain.ledger.rows() == odd.ledger.rows()


def test_effect_scale_is_about_lives_and_not_answers():
    off = market(scenario(*STAYING, SURE, {"coaching": {"effect_scale": 0.0}}))
    on = market(scenario(*STAYING, SURE, {"coaching": {"effect_scale": 1.0}}))
    assert off.columns.satisfaction == pytest.approx(on.columns.satisfaction, abs=0.01)
    assert off.columns.satisfaction == pytest.approx(3.75, abs=0.01)


# Pattern 12


def correlations(replication: int) -> tuple[float, float]:
    """Return the correlation of answers with a job found since the start, and with weekly hours."""
    setup = scenario(
        {
            "run": {"weeks": 70},
            "population": {"register": 500},
            "referral": {"volume": 300},
            "contract": {"weeks": 30},
        },
        fees(JOB | {"sustained_days": 90}, {"name": "s", "on": "start", "eur": 500.0}),
    )
    model = market(setup, replication=replication)
    columns = model.columns
    asked = np.flatnonzero(~np.isnan(columns.satisfaction))
    pair = Pair(model, model)
    start = columns.service_start
    jobs = has_spell(model.spells, start, model.weeks, State.EMPLOYED)[asked]
    weekly = columns.hours_total[asked] / pair.service_weeks[asked]
    opinion = columns.satisfaction[asked]
    assert (start[asked] < NEVER).all()
    assert 0.2 < jobs.mean() < 0.8
    return float(np.corrcoef(opinion, jobs)[0, 1]), float(np.corrcoef(opinion, weekly)[0, 1])


def test_satisfied_clients_are_not_the_employed_clients():
    """Pattern 12: with jobs hardly correlated, with hours clearly, by the interval of the mean."""
    found = np.array([correlations(replication) for replication in range(10)])
    error = found.std(axis=0, ddof=1) / np.sqrt(len(found))
    width = stats.t.ppf(0.975, len(found) - 1) * error
    with_jobs, with_hours = found.mean(axis=0)
    assert abs(with_jobs) + width[0] < 0.15
    assert with_hours - width[1] > 0.1


def test_luck_of_an_answer_is_the_persons():
    model = market(scenario(*STAYING))
    luck = model.draws.normal(Stream.SATISFACTION, 0, np.arange(30))
    order = np.argsort(luck)
    assert (np.diff(model.columns.satisfaction[order]) >= 0).all()
