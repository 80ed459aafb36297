"""Part of the register becomes somebody else's: the target group changes under the contract."""

from __future__ import annotations

import numpy as np

from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from tests.builders import NO_EXITS, differences, market, pair, scenario


def transfers(*given: dict) -> dict:
    return {
        "population": {"transfers": [{"name": f"t{n}", **each} for n, each in enumerate(given)]}
    }


YOUNG = {"week": 5, "share": 1.0, "when": {"age_max": 34}}


def test_who_is_handed_over_is_not_referred_any_more_and_clients_stay():
    """COV-06, M-REF-22: the customer base changes."""
    setup = scenario(NO_EXITS, transfers(YOUNG), {"referral": {"weeks": 20, "volume": 180}})
    model = market(setup)
    columns = model.columns
    young = columns.age <= 34
    late = (columns.referred_week > 5) & (columns.referred_week < NEVER)
    assert (columns.referred_week[young] < NEVER).any()
    assert late.any()
    assert not (late & young).any()
    before = young & (columns.service_start <= 5)
    assert before.any()
    # Whoever was in the service had all of it, as far as it went by itself.
    assert (columns.service_limit[before] > 6).all()


def test_those_who_come_later_go_at_once_in_the_share():
    share = 0.4
    setup = scenario(
        {"population": {"register": 100, "inflow_per_week": 120.0}, "referral": {"volume": 0}},
        transfers({"week": 3, "share": share, "when": {}}),
    )
    columns = market(setup).columns
    came = columns.entry_week > 3
    went = columns.handed_over[came].mean()
    assert abs(went - share) < 4 * np.sqrt(share * (1 - share) / came.sum())


def test_a_transfer_changes_nobody_by_itself():
    """Lives go on: twin and plain register alike, and with a service without effects."""
    base = {"referral": {"volume": 0}}
    without = market(scenario(base))
    assert differences(market(scenario(base, transfers(YOUNG))), without) == ["ever_eligible"]
    found = pair(scenario(transfers(YOUNG), {"coaching": {"effect_scale": 0.0}}))
    assert differences(found.run, found.twin) == []
    assert np.array_equal(found.run.columns.handed_over, found.twin.columns.handed_over)


def test_the_office_has_less_to_follow_up():
    models = [
        LabourMarket(setup=scenario(NO_EXITS, layer))
        for layer in ({}, transfers({"week": 2, "share": 0.5, "when": {}}))
    ]
    for model in models:
        for _ in range(6):
            model.step()
    full, left = (model.office.workload() for model in models)
    gone = np.count_nonzero(models[1].columns.handed_over)
    assert gone > 50
    each = models[0].setup.office.follow_up_hours_per_week
    assert np.isclose(full.follow_up - left.follow_up, gone * each)
