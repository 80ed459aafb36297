"""Drawing the stock quickly draws the same stock."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from labsim.market import people as drawn
from labsim.market.draws import Draws
from labsim.market.stay import StayTable, mean_stay
from labsim.market.tilt import tilt
from tests.builders import scenario

ALPHA = 1e-5


def stock(replication=0, **population):
    setup = scenario({"population": {"register": 8_000, "inflow_per_week": 0.0} | population})
    return drawn.draw_people(setup, Draws(setup.run.seed, replication))


@pytest.mark.parametrize(
    "name", ["months", "ability", "motivation", "belief", "log_base", "hazard_at_entry", "age"]
)
def test_tilted_candidates_give_the_same_stock(monkeypatch, name):
    found = []
    for replication, strength in enumerate((0.0, 0.9)):
        monkeypatch.setattr(drawn, "STRENGTHS", (strength,))
        found.append(getattr(stock(replication), name))
    assert stats.ks_2samp(*found).pvalue > ALPHA


@pytest.mark.parametrize("setting", ["2019", "2025"])
def test_a_tilt_keeps_several_times_as_many(setting):
    setup = scenario({"labour_market": {"setting": setting}})
    stays, draws, ids = StayTable(setup.labour_market), Draws(3, 0), np.arange(20_000)
    kept = {}
    for strength in (0.0, 0.9):
        drawing = drawn._Drawing(setup, draws, 0, tilt(setup, strength))
        weights = np.exp(drawing.log_weight(drawing.prospects(ids), stays))
        kept[strength] = weights.mean() / weights.max()
    assert kept[0.9] > 2.5 * kept[0.0]


def test_little_weight_is_above_the_limit():
    """What the limit on weights cuts off is under 1 in 10,000 of everybody."""
    setup = scenario()
    stays, draws = StayTable(setup.labour_market), Draws(setup.run.seed, 0)
    drawing, limit = drawn._least_wasteful(setup, draws, stays)
    ids = np.arange(200_000)
    weights = np.exp(drawing.log_weight(drawing.prospects(ids), stays) - limit)
    assert np.maximum(weights - 1, 0).sum() < 1e-4 * weights.sum()


def test_stays_are_read_off_rightly():
    market = scenario().labour_market
    log_hazard = np.random.default_rng(1).uniform(-12, 1, 500)
    read = StayTable(market).log_stay(log_hazard)
    assert np.exp(read) == pytest.approx(mean_stay(market, np.exp(log_hazard)), rel=1e-4)


def test_a_smaller_register_is_the_beginning_of_a_larger():
    small, large = stock(register=500), stock()
    assert np.array_equal(small.log_base, large.log_base[:500])
    assert np.array_equal(small.months, large.months[:500])
