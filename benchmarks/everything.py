"""What a market costs in which every mechanism is on, against the benchmark's core.

The core is the pilot that the other benchmarks run (`focus-tyopolut`) under its monthly fee: one
provider, one fee, nothing that is off by default. Both have the same size, weeks and people
referred for each contract; the people are drawn before the clock starts.
"""

from __future__ import annotations

from pathlib import Path

import labsim
from benchmarks.market import finished, people_of, sized
from benchmarks.measure import ratios, show, worked
from labsim.market.agentset import release
from labsim.market.model import LabourMarket
from labsim.scenario.schema import Scenario
from labsim.scenario.sections.procurement import Lot

REGISTERED, WEEKS, REPETITIONS = 300_000, 104, 3


def everything(registered: int, weeks: int) -> Scenario:
    """Return the scenario with every mechanism on that a lottery can stand beside, at a size."""
    setup = labsim.load(Path(__file__).with_name("everything.toml")).scenario
    population = setup.population.model_copy(update={"registered": registered})
    run = setup.run.model_copy(update={"weeks": weeks})
    return setup.model_copy(update={"population": population, "run": run})


def by_session(setup: Scenario) -> Scenario:
    """Return the same with sessions, coming by oneself and lots instead of lottery and places."""
    contract = setup.contract
    return setup.model_copy(
        update={
            "referral": setup.referral.model_copy(
                update={"regime": "info-session", "also_self": True}
            ),
            "procurement": setup.procurement.model_copy(
                update={"lots": [Lot(name=area, areas=[area]) for area in setup.population.areas]}
            ),
            "contract": contract.model_copy(
                update={"fees": [fee for fee in contract.fees if fee.on != "impact"]}
            ),
            "providers": [each.model_copy(update={"places": None}) for each in setup.providers],
        }
    )


def all_mechanisms() -> None:
    """Time both scenarios with everything on against the core, in turn."""
    lottery = everything(REGISTERED, WEEKS)
    setups = {
        "core": sized(REGISTERED, WEEKS),
        "everything, lottery and places": lottery,
        "everything, sessions and lots": by_session(lottery),
    }
    people = {name: people_of(setup, 0) for name, setup in setups.items()}
    times: dict[str, list[float]] = {name: [] for name in setups}
    for _ in range(REPETITIONS):
        for name, setup in setups.items():
            market = LabourMarket(setup=setup, people=people[name])
            times[name].append(worked(lambda market=market: finished(market)))
            release(market)
    for name, seconds in times.items():
        values = [each / (REGISTERED * WEEKS) * 1e9 for each in seconds]
        show(f"{name}, per person-week", values, "ns")
    for name in list(setups)[1:]:
        show(f"{name} / core (aim: below 2)", ratios(times[name], times["core"]), "times")
