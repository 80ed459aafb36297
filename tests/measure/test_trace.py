"""Following people: what is seen adds up to the ledger, and changes nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labsim.market.benefits import PAYERS
from labsim.market.model import LabourMarket
from labsim.market.states import State
from labsim.measure.lives import weeks_in_work
from labsim.measure.trace import Follower, Lives
from labsim.scenario.schema import Scenario

JOB = {
    "name": "job", "on": "outcome", "outcome": ["employment"], "sustained_days": 30, "eur": 500.0,
}  # fmt: skip
FEES = [
    {"name": "start", "on": "start", "eur": 99.99},
    {"name": "month", "on": "month", "eur": 33.33},
    {"name": "hour", "on": "hour", "eur": 12.34},
    JOB,
]


def scenario(**finance: Any) -> Scenario:
    return Scenario.model_validate(
        {
            "run": {"weeks": 60},
            "population": {"register": 300},
            "referral": {"volume": 80, "start_week": 2, "weeks": 12},
            "contract": {
                "start_week": 2, "weeks": 30, "service_weeks_max": 15, "tracking_weeks": 20,
                "fees": FEES,
            },
            "finance": finance,
        }
    )  # fmt: skip


def followed(setup: Scenario, *, service: bool = True) -> tuple[LabourMarket, Lives]:
    plain = LabourMarket(setup=setup)
    follower = Follower(np.arange(len(plain.people)))
    market = LabourMarket(setup=setup, people=plain.people, observers=[follower], service=service)
    while market.running:
        market.step()
    return market, follower.lives()


@pytest.mark.parametrize("rules", ["2019", "2025"])
@pytest.mark.parametrize("days", [400, 40])
def test_benefits_of_everybody_are_the_ledgers(rules: str, days: int) -> None:
    market, lives = followed(scenario(rules=rules, earnings_related_days_max=days))
    for number, payer in enumerate(PAYERS):
        assert lives.benefits[:, number].sum() == market.ledger.total(kind="benefit", payer=payer)


def test_fees_of_everybody_are_the_ledgers() -> None:
    market, lives = followed(scenario())
    for number, fee in enumerate(FEES):
        assert lives.fees[:, number].sum() == market.ledger.total(kind="fee", item=str(fee["name"]))
    assert (lives.fees.sum(axis=(0, 2)) > 0).all()


def test_pay_and_taxes_are_the_ledgers_but_for_rounding() -> None:
    market, lives = followed(scenario())
    cents = 0.5 * lives.wage.size
    pay = market.ledger.total(kind="wage", payee="workers")
    assert abs(lives.wage.sum() - pay) <= cents
    for number, payer in enumerate(PAYERS):
        taxes = market.ledger.total(kind="tax", payee=payer)
        assert abs(lives.taxes[:, number].sum() - taxes) <= cents
    assert abs(lives.subsidy.sum() - market.ledger.total(item="wage subsidy")) <= cents


def test_weeks_in_work_are_those_of_the_spells() -> None:
    market, lives = followed(scenario())
    since = np.zeros(len(market.people), dtype=np.int64)
    expected = weeks_in_work(market.spells, since, market.weeks)
    assert np.array_equal((lives.state == State.EMPLOYED).sum(axis=0), expected)


def test_following_changes_nothing() -> None:
    setup = scenario()
    market, _ = followed(setup)
    plain = LabourMarket(setup=setup)
    while plain.running:
        plain.step()
    assert plain.ledger.rows() == market.ledger.rows()


def test_nothing_is_paid_or_coached_in_the_twin() -> None:
    _, lives = followed(scenario(), service=False)
    assert not lives.fees.any()
    assert not lives.coach_hours.any()


def test_hours_are_those_given_in_the_week() -> None:
    market, lives = followed(scenario())
    assert lives.coach_hours.sum(axis=0) == pytest.approx(market.columns.hours_total)
