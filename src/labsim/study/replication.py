"""One replication: the twin and every design over the same people and the same luck."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from labsim.market.agentset import release
from labsim.market.model import LabourMarket
from labsim.measure.indicators import indicators
from labsim.measure.pair import Pair
from labsim.measure.tables import ledger_table, people_table, weekly_table
from labsim.scenario.schema import Scenario
from labsim.study.twin import TWIN


@dataclass(frozen=True)
class Job:
    """What to simulate.

    Attributes
    ----------
    scenario
        Name of the scenario.
    designs
        Names and complete scenarios; they share everything but how the service is bought.
    replication
        Number of the replication, from 0.
    keep_people
        Whether to return a row per person and design.
    """

    scenario: str
    designs: tuple[tuple[str, Scenario], ...]
    replication: int
    keep_people: bool = False


@dataclass(frozen=True)
class Replication:
    """What one replication gave.

    Attributes
    ----------
    replication
        Its number.
    runs
        One row per design, with every indicator.
    weekly, ledger
        One row per design (and the twin) and week, or account and week.
    people_simulated
        People in each of its runs: on the register at the start, or coming to it later.
    people
        One row per person and design, if asked for.
    """

    replication: int
    runs: pd.DataFrame
    weekly: pd.DataFrame
    ledger: pd.DataFrame
    people_simulated: int
    people: pd.DataFrame | None


def simulate(job: Job) -> Replication:
    """Simulate the twin once and every design beside it.

    The twin follows the referral rules of the first design only to note who is in the target group.
    """
    first, number = job.designs[0][1], job.replication
    runs, weekly, ledger, people = [], [], [], []
    with finished(setup=first, replication=number, service=False) as twin:
        weekly.append(weekly_table(twin))
        ledger.append(ledger_table(twin))
        people_simulated = len(twin.people)
        for name, setup in job.designs:
            with finished(setup=setup, replication=number, people=twin.people) as run:
                pair = Pair(run, twin)
                head = {"scenario": job.scenario, "design": name, "replication": number}
                runs.append(head | {"seed": setup.run.seed} | indicators(pair))
                weekly.append(weekly_table(run))
                ledger.append(ledger_table(run))
                if job.keep_people:
                    people.append(people_table(pair))
    names = [name for name, _ in job.designs]
    return Replication(
        job.replication,
        pd.DataFrame(runs),
        _stacked(weekly, [TWIN, *names], job.replication),
        _stacked(ledger, [TWIN, *names], job.replication),
        people_simulated,
        _stacked(people, names, job.replication) if people else None,
    )


@contextmanager
def finished(**options: Any) -> Iterator[LabourMarket]:
    """Run a market to its end, and release it afterwards, whatever happens."""
    market = LabourMarket(**options)
    try:
        while market.running:
            market.step()
        yield market
    finally:
        release(market)


def _stacked(tables: list[pd.DataFrame], names: list[str], replication: int) -> pd.DataFrame:
    """Return tables on top of each other, with design and replication in front."""
    table = pd.concat(tables, ignore_index=True)
    lengths = [len(part) for part in tables]
    design = pd.Categorical.from_codes(
        np.repeat(np.arange(len(names)), lengths), categories=pd.Index(names)
    )
    table.insert(0, "design", pd.Series(design))
    table.insert(1, "replication", replication)
    return table
