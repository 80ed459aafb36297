"""A short spell interrupts the service where the contract says so, and does not end it."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from labsim.market.outcomes import ClientSpells, Windows, service_end
from labsim.market.states import Stage, State
from tests.builders import scenario

START, LIMIT = 10, 40


def spells(*begin_end: tuple[int, int]) -> ClientSpells:
    begin, end = np.array(begin_end).T
    n = begin.size
    return ClientSpells(
        np.zeros(n, dtype=int),
        begin,
        end,
        np.full(n, int(State.EMPLOYED)),
        np.ones(n),
        np.zeros(n, dtype=int),
    )


@pytest.mark.parametrize(
    ("short", "lasted", "end"),
    [
        (0, [(12, 15)], 13),  # any spell ends it
        (3, [(12, 15)], 40),  # three weeks: it goes on to its limit
        (2, [(12, 15)], 13),  # a week too long
        (3, [(12, 15), (20, 30)], 21),  # the first that is not short
        (3, [(38, 40)], 39),  # over when the time is over, too
        (50, [(12, 39)], 40),
    ],
)
def test_the_end_of_a_service_by_hand(short, lasted, end):
    windows = Windows(np.array([START]), np.array([LIMIT]), short)
    assert service_end(spells(*lasted), windows).tolist() == [end]


def busy(short: int) -> LabourMarket:
    """Run a market whose jobs end soon."""
    jobs = {"separation_week_1": 0.2, "separation_week_13": 0.2, "fixed_term_weeks_max": 8}
    setup = scenario(
        {
            "population": {"register": 2_000},
            "referral": {"volume": 900},
            "labour_market": {"jobs": jobs, "job_hazard_per_week": 0.1},
            "contract": {"short_spell_weeks": short},
        }
    )
    market = LabourMarket(setup=setup)
    while market.running:
        market.step()
    return market


def test_clients_come_back_and_nobody_waits_longer_than_the_contract_says():
    market, without = busy(6), busy(0)
    columns, spells = market.columns, market.client_spells()
    assert not without.in_stage(Stage.PAUSED).size
    weeks = {
        name: each.flows["in_service"].sum()
        for name, each in (("with", market), ("without", without))
    }
    assert weeks["with"] > 1.05 * weeks["without"]
    waiting = market.in_stage(Stage.PAUSED)
    assert (columns.state[waiting] != State.UNEMPLOYED.value).all()
    assert (market.week - columns.since[waiting] <= 6).all()
    again = np.bincount(spells.person)[columns.stage[: spells.person.max() + 1] == Stage.ENDED]
    assert again.max() > 1


def test_who_comes_back_is_a_client_until_the_same_limit():
    market = busy(6)
    columns = market.columns
    started = np.flatnonzero(columns.service_start < NEVER)
    stay = market.setup.contract.service_weeks_max
    assert (columns.service_limit[started] <= columns.service_start[started] + stay).all()
    end = service_end(market.client_spells(), market.windows())[started]
    assert (end <= columns.service_limit[started]).all()
