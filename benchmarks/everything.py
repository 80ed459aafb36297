"""What a market costs in which every mechanism is on, against the benchmark's core.

The core is the pilot that the other benchmarks run (`focus-tyopolut`) under its monthly fee: one
provider, one fee, nothing that is off by default. All start with the same register and refer as
many people for each contract; the people are drawn before the clock starts.
"""

from __future__ import annotations

from pathlib import Path

import labsim
from benchmarks.market import people_of, sized
from benchmarks.measure import ratios, show, worked
from labsim.market.agentset import release
from labsim.market.model import LabourMarket
from labsim.scenario.schema import Scenario
from labsim.scenario.sections.procurement import Lot

REGISTERED, WEEKS, REPETITIONS = 300_000, 104, 5


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
    """Time both scenarios with everything on against the core, week by week in turn.

    A person-week is a week of one person on the register. The scenarios with everything on have
    lay-offs and a spring without hiring in them, and so a third more of these than the core with
    the same register at the start; what the whole runs cost is shown beside it.
    """
    lottery = everything(REGISTERED, WEEKS)
    setups = {
        "core": sized(REGISTERED, WEEKS),
        "everything, lottery and places": lottery,
        "everything, sessions and lots": by_session(lottery),
    }
    people = {name: people_of(setup, 0) for name, setup in setups.items()}
    whole: dict[str, list[float]] = {name: [] for name in setups}
    each: dict[str, list[float]] = {name: [] for name in setups}
    for _ in range(REPETITIONS):
        markets = {
            name: LabourMarket(setup=setup, people=people[name]) for name, setup in setups.items()
        }
        for name, seconds in _in_turn(markets).items():
            whole[name].append(seconds)
            each[name].append(seconds / int(markets[name].flows["unemployed"].sum()))
            release(markets[name])
    for name, seconds_each in each.items():
        show(f"{name}, per person-week", [value * 1e9 for value in seconds_each], "ns")
    for name in list(setups)[1:]:
        show(f"{name} / core (aim: below 2)", ratios(each[name], each["core"]), "times")
    for name in list(setups)[1:]:
        show(f"{name} / core, whole runs", ratios(whole[name], whole["core"]), "times")


def _in_turn(markets: dict[str, LabourMarket]) -> dict[str, float]:
    """Return the processor seconds of each market; a machine that gets busy slows all of them."""
    seconds = dict.fromkeys(markets, 0.0)
    for _ in range(WEEKS):
        for name, market in markets.items():
            seconds[name] += worked(market.step)
    return seconds
