"""The market is a Mesa model: stepped, collected and run in batches as any other."""

from __future__ import annotations

import mesa
import numpy as np
import pytest

from labsim.market import phases
from labsim.market.model import LabourMarket
from labsim.market.office import TEOffice
from labsim.market.provider import Provider
from labsim.market.purchaser import Purchaser
from labsim.market.views import Jobseeker
from tests.builders import market, scenario

SETUP = scenario({"run": {"weeks": 12}})


def test_it_is_a_model():
    model = LabourMarket(setup=SETUP)
    assert isinstance(model, mesa.Model)
    assert model.running
    model.step()
    assert model.week == 0
    assert model.steps == 1


def test_it_stops_after_its_weeks():
    model = market(SETUP)
    assert model.week == 11
    assert not model.running


def test_the_collector_has_a_row_per_week():
    model = market(SETUP)
    frame = model.datacollector.get_model_vars_dataframe()
    assert len(frame) == 12
    assert set(frame.columns) == {*phases.COUNTS, *phases.MEASURES}
    for name, flow in model.flows.items():
        assert np.array_equal(frame[name].to_numpy(), flow), name


def test_agents_by_type():
    model = market(SETUP)
    kinds = {TEOffice, Provider, Purchaser, Jobseeker}
    assert set(model.agent_types) == kinds
    assert len(model.agents_by_type[Jobseeker]) == (model.people.entry_week <= 11).sum()
    assert len(model.agents) == len(model.jobseekers) + 3


def test_only_those_who_have_arrived_are_agents():
    model = LabourMarket(setup=scenario({"population": {"register": 60, "inflow_per_week": 9.0}}))
    assert len(model.jobseekers) == 60
    model.step()
    assert len(model.jobseekers) == 69


def test_batches():
    found = mesa.batch_run(
        LabourMarket,
        parameters={"setup": [SETUP], "replication": [0, 1], "service": [True, False]},
        number_processes=1,
        max_steps=100,
        display_progress=False,
    )
    last = {(row["replication"], row["service"]): row for row in found}
    assert len(last) == 4
    for (number, service), row in last.items():
        own = market(SETUP, replication=number, service=service)
        assert row["Step"] in (11, 12)  # Mesa's versions number the last step differently
        assert row["unemployed"] == own.flows["unemployed"][-1]
    assert last[0, True]["unemployed"] != last[1, True]["unemployed"]


def test_a_shipped_id_makes_a_market():
    model = LabourMarket(setup="focus-tyopolut")
    assert model.setup.population.registered == 22_000
    with pytest.raises(Exception, match="no-such-scenario"):
        LabourMarket(setup="no-such-scenario")


def test_mesas_generator_decides_nothing():
    """All luck is keyed: what others draw from the model's own generator moves nobody."""
    one, other = LabourMarket(setup=SETUP), LabourMarket(setup=SETUP)
    for _ in range(12):
        one.step()
        other.random.random()
        other.rng.random(7)
        np.random.default_rng()
        other.step()
    for name, flow in one.flows.items():
        assert np.array_equal(flow, other.flows[name])


def test_watching_changes_nothing():
    seen = []
    watched = market(SETUP, observers=[lambda model: seen.append(len(model.jobseekers))])
    alone = market(SETUP)
    assert len(seen) == 12
    for name, flow in alone.flows.items():
        assert np.array_equal(flow, watched.flows[name])


def test_the_week_is_an_ordered_list():
    names = [phase.name for phase in phases.SCHEDULE]
    assert names[:3] == ["economy", "employer services", "inflow"]
    assert names[-1] == "observation"
    assert len(set(names)) == len(names)
    assert all(callable(phase.run) for phase in phases.SCHEDULE)
