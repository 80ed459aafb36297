"""Print what labsim costs: start-up, a simulated person-week, and what each design adds to a twin.

Every figure is the median over repetitions taken in turn in one run, with the smallest and
largest; ratios are of figures of the same repetition, so that a busy machine moves both.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import labsim
from labsim.market.model import LabourMarket
from labsim.scenario.schema import Scenario

REPETITIONS = 5
DESIGNS = ("monthly", "no-cure-no-pay", "mixed-by-group")


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that some work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def show(name: str, values: list[float], unit: str) -> None:
    """Print the median and range of a figure."""
    middle, low, high = statistics.median(values), min(values), max(values)
    print(f"{name:<58}{middle:9.2f} {unit}  ({low:.2f} to {high:.2f}, n = {len(values)})")


def start_up() -> None:
    """Time ``labsim --help`` against an empty Python."""
    tool = "import sys; from labsim.cli import main; sys.exit(main(['--help']))"
    helps, empties = [], []
    for _ in range(REPETITIONS):
        helps.append(timed(lambda: _python(tool)))
        empties.append(timed(lambda: _python("pass")))
    show("labsim --help (aim: under 0.5)", helps, "s")
    show(
        "labsim --help / empty Python",
        [a / b for a, b in zip(helps, empties, strict=True)],
        "times",
    )


def _python(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def finished(market: LabourMarket) -> LabourMarket:
    """Simulate to the end."""
    while market.running:
        market.step()
    return market


def person_week() -> None:
    """Time the twin per person-week, and designs relative to it."""
    setups = {name: labsim.load("focus-tyopolut", design=name).scenario for name in DESIGNS}
    people, twins = [], []
    ratios: dict[str, list[float]] = {name: [] for name in DESIGNS}
    for number in range(REPETITIONS):
        twin, drawing, seconds = _twin(setups["monthly"], number)
        weeks = twin.weeks * len(twin.people)
        people.append(drawing / len(twin.people) * 1e6)
        twins.append(seconds / weeks * 1e9)
        for name, setup in setups.items():
            market = LabourMarket(setup=setup, replication=number, people=twin.people)
            ratios[name].append(timed(lambda market=market: finished(market)) / seconds)
    show("drawing people, per person", people, "us")
    show("the twin, per person-week", twins, "ns")
    for name, values in ratios.items():
        show(f"design {name} / twin", values, "times")


def _twin(setup: Scenario, replication: int) -> tuple[LabourMarket, float, float]:
    begun = time.perf_counter()
    twin = LabourMarket(setup=setup, replication=replication, service=False)
    drawing = time.perf_counter() - begun
    return twin, drawing, timed(lambda: finished(twin))


if __name__ == "__main__":
    start_up()
    person_week()
