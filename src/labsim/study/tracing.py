"""One person's life with the service and without it: simulate both, and keep what was seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from labsim.market.agentset import release
from labsim.market.draws import Draws
from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from labsim.market.people import People, draw_people
from labsim.measure.pair import Pair
from labsim.measure.trace import Follower, Lives
from labsim.scenario.schema import Scenario

Progress = Callable[[int], object]
_SOME = 3


class NoSuchPerson(Exception):
    """Nobody in the run has this id.

    Attributes
    ----------
    last
        The highest id of somebody who comes to the register within the run.
    """

    def __init__(self, last: int) -> None:
        super().__init__(f"ids go from 0 to {last}")
        self.last = last


@dataclass(frozen=True)
class Traced:
    """A person's two lives, and what was judged about them.

    Attributes
    ----------
    person, people
        The id, and everybody as they were drawn.
    lives, twin
        With the service, and without it; one column.
    met, paid, disputed, unfunded
        Weeks in which each outcome fee's terms were met, it was paid, its claim was sent back, and
        it was not paid for lack of money, by fee; `NEVER` if not.
    unproved
        Outcome fees whose terms were met, and of which the client gives no notice.
    met_anyway
        Whether the twin meets the terms of an outcome fee in the same windows.
    service_weeks
        Weeks in the service, with the one in which it ended.
    starters
        Some people who start the service, lowest ids first.
    """

    person: int
    people: People
    lives: Lives
    twin: Lives
    met: dict[str, int]
    paid: dict[str, int]
    disputed: dict[str, int]
    unfunded: dict[str, int]
    unproved: frozenset[str]
    met_anyway: bool
    service_weeks: int
    starters: tuple[int, ...]

    @property
    def started(self) -> bool:
        """Whether the person starts the service."""
        return bool((self.lives.service_start < NEVER).any())


def trace(
    scenario: Scenario, person: int, replication: int = 0, progress: Progress | None = None
) -> Traced:
    """Simulate a replication and its twin, and follow one person through both.

    Raises
    ------
    NoSuchPerson
        If nobody with this id comes to the register within the run.
    """
    people = draw_people(scenario, Draws(scenario.run.seed, replication))
    arrived = np.flatnonzero(people.entry_week < scenario.run.weeks)
    if person not in arrived:
        raise NoSuchPerson(int(arrived[-1]) if arrived.size else -1)
    followers = [Follower(np.array([person])) for _ in range(2)]
    run, twin = (
        LabourMarket(
            setup=scenario, replication=replication, service=service, people=people,
            observers=[follower],
        )
        for service, follower in zip((True, False), followers, strict=True)
    )  # fmt: skip
    for market in (run, twin):
        _finish(market, progress)
    pair = Pair(run, twin)
    claims = [claim for claim in run.purchaser.claims if claim.stage == 0]
    traced = Traced(
        person, people, followers[0].lives(), followers[1].lives(),
        met={claim.price.name: int(claim.met[person]) for claim in claims},
        paid={claim.price.name: int(claim.paid[person]) for claim in claims},
        disputed={claim.price.name: int(claim.disputed[person]) for claim in claims},
        unfunded={claim.price.name: int(claim.unfunded[person]) for claim in claims},
        unproved=frozenset(
            claim.price.name
            for claim in claims
            if claim.met[person] < NEVER and not claim.proved[person]
        ),
        met_anyway=bool(pair.met_anyway[person]),
        service_weeks=int(pair.service_weeks[person]),
        starters=tuple(int(row) for row in np.flatnonzero(pair.started)[:_SOME]),
    )  # fmt: skip
    release(run)
    release(twin)
    return traced


def _finish(market: LabourMarket, progress: Progress | None) -> None:
    while market.running:
        market.step()
        if progress is not None:
            progress(1)
