"""Winners at work: prices as bid, lots, open books, and leaving a contract."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market.jobs import NEVER
from labsim.market.states import Stage
from labsim.measure.indicators import indicators
from tests.builders import fees, market, pair, scenario

START = {"name": "start", "on": "start", "eur": 333.33}
MONTH = {"name": "month", "on": "month", "eur": 110.0}
JOB = {"name": "job", "on": "outcome", "eur": 900.0, "outcome": ["employment"]}
MANY = {"population": {"register": 1_500}, "referral": {"volume": 900, "weeks": 6}}


def tendered(procedure="open", choice="rotation", **terms):
    return {
        "procurement": {"procedure": procedure, **terms},
        "referral": {"provider_choice": choice},
    }


def cents(model, **where):
    return model.ledger.total(**where)


def test_a_fee_is_paid_at_the_price_that_was_bid():
    model = market(scenario(fees(START), tendered()))
    (winner,) = model.places.holders
    each = round(33_333 * model.places.awards[0].factor[winner])
    assert each != 33_333
    assert cents(model, kind="fee") == each * model.started_so_far > 0


def test_only_the_fee_bid_on_changes():
    model = market(scenario(fees(START, JOB), tendered(bid_on="job")))
    assert cents(model, kind="fee", item="start") == 33_333 * model.started_so_far


def test_every_bidder_bears_the_cost_of_its_bid():
    """80 hours of 40 EUR; the purchaser's 300 hours."""
    model = market(scenario(fees(START), tendered(bidders=5)))
    rows = model.ledger.rows()
    bids = [c for item, c in zip(rows["item"], rows["cents"], strict=True) if item == "bid"]
    assert bids == [320_000] * 5
    assert cents(model, item="procurement") == 1_200_000
    assert all(provider.solvent for provider in model.providers if not provider.holds)


def test_only_winners_serve():
    model = market(scenario(MANY, fees(START), tendered("framework", bidders=6)))
    served = set(model.columns.provider[model.columns.service_start < NEVER].tolist())
    assert served == set(model.places.awards[0].winners)
    assert len(served) == 3


def test_lots_by_area_go_to_those_who_hold_them():
    lots = [{"name": "north", "areas": ["a"]}, {"name": "south", "areas": ["b", "c"]}]
    areas = {"population": {"areas": {"a": 0.3, "b": 0.3, "c": 0.4}}}
    model = market(
        scenario(MANY, areas, fees(START), tendered(lots=lots, quality_noise_sd=1.0, winners=2))
    )
    columns = model.columns
    who = np.flatnonzero(columns.service_start < NEVER)
    for lot, held in enumerate(model.places.lots):
        own = who[(columns.area[who] > 0) == bool(lot)]
        assert set(columns.provider[own].tolist()) == set(held)
    shares = [model.places.sharing_with(number) for number in model.places.holders]
    assert sum(1 / share for share in shares) == pytest.approx(1)


def test_lots_by_share_are_drawn_and_the_same_in_every_design():
    lots = [{"name": "large", "share": 0.7}, {"name": "small", "share": 0.3}]
    one = market(scenario(MANY, fees(START), tendered(lots=lots)))
    other = market(scenario(MANY, fees(START), tendered("negotiated", lots=lots)))
    everybody = np.arange(len(one.columns))
    np.testing.assert_array_equal(one.places.lot_of(everybody), other.places.lot_of(everybody))
    small = one.places.lot_of(everybody).mean()
    assert small == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / everybody.size))


def test_open_books_share_cost_and_fees():
    """Half of staff cost comes from the purchaser, and half of the fee is paid."""
    model = market(scenario(fees(START), tendered("alliance", "single")))
    (partner,) = model.places.holders
    staff = cents(model, kind="coach-pay") + cents(model, kind="overhead")
    # Until the last payable week, rounded week by week.
    assert cents(model, item="open books") == pytest.approx(staff / 2, abs=model.weeks)
    assert cents(model, kind="fee", item="start") == 16_666 * model.started_so_far
    trusts = model.setup.office.trust_at_start
    assert market(
        scenario(fees(START), tendered("alliance", "single"), {"referral": {"volume": 0}})
    ).office.trust[partner] == pytest.approx(trusts + 0.3 * (1 - trusts))


# Leaving a contract


def losing(**terms):
    rule = {"may_withdraw": True, "withdrawal_patience_weeks": 13, **terms}
    return scenario(
        MANY, fees({"name": "start", "on": "start", "eur": 1.0}), {"procurement": rule},
        {"providers": [{"name": "p", "cash_weeks": 500.0}]},
    )  # fmt: skip


def test_a_provider_leaves_a_contract_that_loses_too_much():
    model = market(losing(withdrawal_cost_weeks=0.0))
    provider = model.providers[0]
    assert provider.withdrawn
    assert provider.solvent
    # In the thirteenth week of the contract, which begins in week 3.
    assert model.flows["in_service"][15] > 0
    assert model.flows["in_service"][16:].sum() == 0
    assert model.flows["coaches"][16:].sum() == 0
    returned = (model.columns.stage == Stage.RETURNED).sum()
    assert returned > 0
    assert model.flows["referred"][17:].sum() == 0


def test_it_stays_where_leaving_costs_more():
    """At most 11 weeks of the whole team could still be lost."""
    assert not market(losing(withdrawal_cost_weeks=11.0)).providers[0].withdrawn


def test_it_stays_unless_it_may_go():
    assert not market(losing(may_withdraw=False, withdrawal_cost_weeks=0.0)).providers[0].withdrawn


def test_a_contract_that_pays_is_not_left():
    rule = {"may_withdraw": True, "withdrawal_cost_weeks": 0.0, "withdrawal_patience_weeks": 13}
    paying = {"name": "month", "on": "month", "eur": 10_000.0}
    assert not market(scenario(MANY, fees(paying), {"procurement": rule})).providers[0].withdrawn


# Promises


def test_promises_are_compared_with_what_came():
    found = pair(scenario(MANY, fees(JOB), tendered()))
    values = indicators(found)
    made = found.run.places.awards[0]
    (winner,) = found.run.places.holders
    assert values["promised_outcome_rate"] == pytest.approx(made.promised[winner])
    assert values["winners_curse"] == pytest.approx(made.promised[winner] / made.feasible - 1)
    kept = values["outcomes_met"] / values["started"] / made.promised[winner]
    assert values["promise_kept"] == pytest.approx(kept)


def test_without_bids_nothing_is_promised():
    values = indicators(pair(scenario(fees(JOB))))
    assert np.isnan(values["promised_outcome_rate"])
    assert np.isnan(values["promise_kept"])
    assert values["providers_withdrawn"] == 0
