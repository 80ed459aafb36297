"""Contracts one after another: when they run, who belongs to which, and what a gap costs."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market.jobs import NEVER
from labsim.market.periods import Periods
from labsim.market.states import Stage
from tests.builders import ALIKE, ALL_START, NO_EXITS, differences, fees, market, scenario

JOB = {"name": "job", "on": "outcome", "eur": 900.0, "outcome": ["employment"],
       "sustained_days": 28}  # fmt: skip
MONTH = {"name": "month", "on": "month", "eur": 110.0}
LONG = {
    "run": {"weeks": 90},
    "population": {"register": 600, "inflow_per_week": 8.0},
    "referral": {"volume": 90, "weeks": 10},
}


def in_rounds(rounds=2, gap=5, **terms):
    return {"procurement": {"rounds": rounds, "gap_weeks": gap, **terms}}


# When


def test_one_contract_is_that_of_the_scenario():
    periods = Periods.of(scenario())
    assert (periods.start, periods.end, periods.last_payable) == (3, 27, 37)
    assert [periods.at(week) for week in (-1, 0, 26, 27, 99)] == [0, 0, 0, 0, 0]


def test_contracts_follow_each_other():
    periods = Periods.of(scenario(in_rounds(3, 5)))
    assert periods.start.tolist() == [3, 32, 61]
    assert periods.end.tolist() == [27, 56, 85]
    assert periods.last_payable.tolist() == [37, 66, 95]
    assert [periods.at(week) for week in (0, 26, 27, 31, 32, 56, 99)] == [0, 0, 1, 1, 1, 2, 2]
    assert [periods.offset(number) for number in range(3)] == [0, 29, 58]


def test_options_bridge_a_gap():
    periods = Periods.of(scenario(in_rounds(2, 9, option_weeks=6)))
    assert periods.end.tolist() == [33, 60]
    assert periods.start.tolist() == [3, 36]
    assert periods.gap == 3


@pytest.mark.parametrize(
    ("terms", "gap"),
    [
        ({"procedure": "direct", "notice_weeks": 0}, 0),
        ({"procedure": "open", "notice_weeks": 0}, 12 + 4),
        ({"procedure": "negotiated", "notice_weeks": 0}, 17 + 4),
        ({"procedure": "negotiated", "notice_weeks": 12}, 9),
        ({"procedure": "negotiated", "notice_weeks": 12, "dialogue_rounds": 3}, 13),
        ({"procedure": "negotiated", "notice_weeks": 26}, 0),
        ({"procedure": "open", "notice_weeks": 4, "option_weeks": 10}, 2),
    ],
)
def test_a_gap_is_what_the_procedure_takes_beyond_notice_and_options(terms, gap):
    """TIM-01: about four months with negotiation, and a month to the first clients."""
    assert Periods.of(scenario({"procurement": {"rounds": 2, **terms}})).gap == gap


# Who belongs to which


@pytest.fixture(scope="module")
def two():
    setup = scenario(LONG, fees(JOB, MONTH), in_rounds(2, 5))
    paid: list[tuple[int, str, np.ndarray]] = []

    def note(model):
        paid.extend((model.week, each.fee, each.persons) for each in model.purchaser.payments)

    return market(setup, observers=[note]), paid


def test_clients_belong_to_the_contract_in_which_they_start(two):
    columns, periods = two[0].columns, two[0].periods
    who = np.flatnonzero(columns.service_start < NEVER)
    number, start = columns.contract[who], columns.service_start[who]
    assert set(number.tolist()) == {0, 1}
    assert (start >= periods.start[number]).all()
    assert (start < periods.end[number]).all()
    assert (columns.service_limit[who] <= periods.end[number]).all()


def test_every_contract_has_its_own_volume(two):
    columns = two[0].columns
    weeks = columns.referred_week[columns.referred_week < NEVER]
    assert (weeks < 12).sum() == (weeks >= 31).sum() == 90
    assert ((weeks >= 12) & (weeks < 31)).sum() == 0


def test_everybody_is_paid_for_until_the_own_contract_stops_paying(two):
    model, paid = two
    last = model.periods.last_payable
    assert paid
    for week, _, persons in paid:
        assert (week <= last[model.columns.contract[persons]]).all()
    assert model.ledger.total(kind="fee") == round(model.flows["fees_eur"].sum() * 100)


def test_nobody_is_served_in_a_gap(two):
    model = two[0]
    assert model.flows["in_service"][27:32].sum() == 0
    assert model.flows["in_service"][20] > 0 < model.flows["in_service"][32 + 2]


def test_people_in_every_stage_add_up(two):
    model = two[0]
    stages = model.columns.stage[model.columns.referred_week < NEVER]
    assert (stages != Stage.NONE).all()
    assert stages.size == model.referred_so_far == np.unique(model.referred).size
    assert model.started_so_far == (model.columns.service_start < NEVER).sum()


def test_a_second_contract_leaves_the_first_as_it_was():
    """Until its service ends: what comes later can not act back.

    Only how far ahead the ends of spells are laid down differs.
    """
    one = scenario(LONG, fees(MONTH), {"run": {"weeks": 27}})
    other = scenario(LONG, fees(MONTH), {"run": {"weeks": 27}}, in_rounds(2, 5))
    assert set(differences(market(one), market(other))) <= {"planned_end"}


def test_without_effect_rounds_change_nobody():
    """Promise 1, over two contracts."""
    setup = scenario(LONG, fees(JOB, MONTH), in_rounds(2, 5), {"coaching": {"effect_scale": 0.0}})
    assert differences(market(setup), market(setup, service=False)) == []


# What a gap costs


def staff(gap, **terms):
    """Return coaches by week, and the provider, of a market where nobody finds work."""
    month = {"name": "month", "on": "month", "eur": 1_000.0}
    setup = scenario(
        ALIKE, NO_EXITS, ALL_START, LONG, fees(month), in_rounds(2, gap, **terms),
        {"providers": [{"name": "p", "promise_share": 1.0, "promised_coaches": 3.0}]},
    )  # fmt: skip
    model = market(setup)
    return model.flows["coaches"], model


def test_coaches_leave_in_a_gap_and_come_back_slowly():
    coaches, _ = staff(6, gap_leaving=0.1, rebuild_hiring=0.5)
    before = coaches[26]
    np.testing.assert_allclose(coaches[27:33], before * 0.9 ** np.arange(1, 7))
    left = before * 0.9**6
    # 15 % of what is missing is hired in a week, half of it after a gap.
    assert coaches[33] == pytest.approx(left + 0.075 * (3.0 - left))
    assert coaches[34] == pytest.approx(coaches[33] + 0.075 * (3.0 - coaches[33]))


def test_without_a_gap_they_stay():
    coaches, _ = staff(0)
    assert coaches[27] == pytest.approx(3.0)


def test_what_is_learnt_fades_in_a_gap():
    _, kept = staff(0)
    _, faded = staff(10, gap_fading=0.03)
    assert kept.providers[0]._experience == 24
    assert faded.providers[0]._experience == pytest.approx(24 * 0.97**10)


def test_whoever_waits_in_a_gap_is_paid_by_the_provider():
    coaches, model = staff(6)
    rows = model.ledger.rows()
    paid = sum(
        cents
        for week, kind, cents in zip(rows["week"], rows["kind"], rows["cents"], strict=True)
        if kind in ("coach-pay", "overhead") and 27 <= week < 33
    )
    assert paid == pytest.approx(coaches[27:33].sum() * 1_250 * 100, abs=12)
