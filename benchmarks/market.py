"""What a person-week costs, against the plain model, against a floor, and by size."""

from __future__ import annotations

import resource
import subprocess
import sys

import labsim
from benchmarks.floor import Floor
from benchmarks.measure import both_clocks, ratios, show, worked
from labsim.market.agentset import release
from labsim.market.draws import Draws
from labsim.market.model import LabourMarket
from labsim.market.people import People, draw_people
from labsim.scenario.schema import Scenario
from tests.reference.plain import PlainMarket

REPETITIONS = 5
DESIGNS = ("monthly", "no-cure-no-pay", "mixed-by-group")


def sized(registered: int, weeks: int, design: str = "monthly") -> Scenario:
    """Return a shipped design on a register of some size."""
    setup = labsim.load("focus-tyopolut", design=design).scenario
    population = setup.population.model_copy(update={"registered": registered})
    run = setup.run.model_copy(update={"weeks": weeks})
    return setup.model_copy(update={"population": population, "run": run})


def people_of(setup: Scenario, replication: int) -> People:
    """Draw the people of a replication."""
    return draw_people(setup, Draws(setup.run.seed, replication))


def finished(market: LabourMarket | PlainMarket) -> None:
    """Simulate to the end."""
    while market.running:
        market.step()


def person_week() -> None:
    """Time the twin against the plain model and against the floor, at 20,000 people."""
    setup = sized(20_000, 4)
    plain, columnar, floors, longer = [], [], [], []
    for number in range(REPETITIONS):
        plain_market = PlainMarket(setup, number, service=False)
        plain.append(worked(lambda market=plain_market: finished(market)))
        people = people_of(setup, number)
        market = LabourMarket(setup=setup, replication=number, service=False, people=people)
        columnar.append(worked(lambda market=market: finished(market)))
        year = LabourMarket(setup=sized(300_000, 26), replication=number, service=False)
        longer.append(worked(lambda market=year: finished(market)))
        floor = Floor(year)
        floors.append(worked(lambda floor=floor: [floor.week(week) for week in range(26)]))
        release(market)
        release(year)
    weeks = 20_000 * 4
    show("plain model, per person-week on the register", [s / weeks * 1e9 for s in plain], "ns")
    show("columnar, the same people and weeks", [s / weeks * 1e9 for s in columnar], "ns")
    show("plain / columnar at 20,000 (aim: above 60)", ratios(plain, columnar), "times")
    weeks = 300_000 * 26
    show("columnar at 300,000, per person-week", [s / weeks * 1e9 for s in longer], "ns")
    show("columnar / floor of draws and traffic (aim: below 4)", ratios(longer, floors), "times")


def designs() -> None:
    """Time what designs cost, relative to the twin."""
    setups = {name: labsim.load("focus-tyopolut", design=name).scenario for name in DESIGNS}
    drawing, twins = [], []
    times: dict[str, list[float]] = {name: [] for name in DESIGNS}
    for number in range(REPETITIONS):
        people = people_of(setups["monthly"], number)
        seconds = worked(lambda number=number: people_of(setups["monthly"], number))
        drawing.append(seconds / len(people) * 1e6)
        options = {"replication": number, "people": people}
        twin = LabourMarket(setup=setups["monthly"], service=False, **options)
        twins.append(worked(lambda market=twin: finished(market)))
        for name, setup in setups.items():
            market = LabourMarket(setup=setup, **options)
            times[name].append(worked(lambda market=market: finished(market)))
    show("drawing people, each", drawing, "us")
    for name, values in times.items():
        show(f"design {name} / twin", ratios(values, twins), "times")


def country() -> None:
    """Time a whole country: people, the twin and a design, on one core."""
    setup = sized(300_000, 156)
    both = [both_clocks(lambda number=number: _replication(setup, number)) for number in range(3)]
    totals, walls = zip(*both, strict=True)
    show("300,000 on the register, 156 weeks, design and twin (aim: 5)", totals, "s of processor")
    show("the same, by the clock on the wall", walls, "s")
    weeks = 300_000 * 156 * 2
    show(
        "the same, per person-week on the register (aim: 53)",
        [t / weeks * 1e9 for t in totals],
        "ns of processor",
    )


def _replication(setup: Scenario, number: int) -> None:
    people = people_of(setup, number)
    for service in (False, True):
        market = LabourMarket(setup=setup, replication=number, service=service, people=people)
        finished(market)
        release(market)


def growth() -> None:
    """Time and weigh a few weeks of ever larger registers, each in a process of its own."""
    for registered in (30_000, 300_000, 3_000_000):
        speeds, weights = [], []
        for _ in range(3):
            command = [sys.executable, "-m", "benchmarks", str(registered)]
            printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            speed, weight = map(float, printed.split())
            speeds.append(speed)
            weights.append(weight)
        show(f"{registered:,} on the register, per person-week", speeds, "ns")
        show(f"{registered:,} on the register, peak memory per person", weights, "bytes")


def one_size(registered: int) -> None:
    """Print the nanoseconds of a person-week and the peak bytes per person simulated."""
    weeks = 8
    setup = sized(registered, weeks)
    before = _peak()
    market = LabourMarket(setup=setup, service=False)
    seconds = worked(lambda: finished(market))
    grown = _peak() - before
    print(seconds / (registered * weeks) * 1e9, grown / len(market.people))


def _peak() -> int:
    """Return the largest memory of this process so far, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
