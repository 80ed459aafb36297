"""Bills that come more than once in a month, or after who earned them is gone."""

from __future__ import annotations

import numpy as np

from labsim.market.model import LabourMarket
from labsim.market.weeks import weeks_in_month
from tests.builders import fees, scenario

FIRMS = {"employers": {"firms": 20, "weeks": 52}}
TWO = {"providers": [{"name": "A", "cash_weeks": 500.0}, {"name": "B", "cash_weeks": 500.0}]}


def test_answers_of_firms_are_paid_once_a_month_however_many_bills_there_are():
    """Every week of service is paid for once: as the part that it is of its month."""
    fee = {"name": "f", "on": "feedback", "instrument": "firms", "eur": 50.0}
    short = {"contract": {"start_week": 0, "weeks": 30, "last_payable_week": 44}}
    model = LabourMarket(setup=scenario(short, FIRMS, fees(fee), {"run": {"weeks": 60}}))
    start, due, weeks, bills = model.setup.run.start_date, 0, 0, []
    while model.running:
        score = model.employers.score.copy()  # firms are asked after the week's bills
        model.step()
        weeks += model.week <= 44
        if model.purchaser.bills_now():
            answers = score[~np.isnan(score)]
            points = answers.sum() - answers.size
            due += round(points * weeks / weeks_in_month(start, model.week) * 5_000)
            bills.append(weeks)
            weeks = 0
    assert sum(bills) == 45
    assert min(each for each in bills if each) < 4  # the last payable week is inside a month
    paid = model.ledger.total(kind="fee", item="f")
    assert abs(paid - due) <= len(bills)


def test_who_goes_out_of_business_is_paid_for_the_weeks_of_coaches_until_then():
    fee = {"name": "f", "on": "coach-month", "eur": 4_000.0, "coaches": 2.0}
    rotation = {"referral": {"provider_choice": "rotation"}, "contract": {"start_week": 0}}
    model = LabourMarket(setup=scenario(TWO, rotation, fees(fee)))
    start = model.setup.run.start_date
    model.step()
    while not model.purchaser.bills_now():
        model.step()
    before = model.ledger.total(kind="fee", payee="B", item="f")
    model.step()
    model.providers[1].solvent = False  # after it has worked, and earned, one week
    month = weeks_in_month(start, model.week)
    one_week = round(400_000 / month)
    assert model.purchaser.owed_cents()[1] == one_week
    model.step()
    while not model.purchaser.bills_now():
        model.step()
    assert model.ledger.total(kind="fee", payee="B", item="f") - before == one_week
