"""What patterns are seen in: numbers of one run beside its twin."""

from __future__ import annotations

import numpy as np

from labsim.market.jobseekers import Spells
from labsim.market.model import LabourMarket
from labsim.market.states import State
from labsim.measure.indicators import indicators
from labsim.measure.pair import Pair


def chosen(*names: str):
    """Return a measure that takes some indicators as they are."""

    def measure(pair: Pair) -> dict[str, float]:
        values = indicators(pair)
        return {name: float(values[name]) for name in names}

    return measure


def employed_after(market: LabourMarket, start: np.ndarray, weeks: int) -> np.ndarray:
    """Whether each person is in an open-market job so many weeks after a week of their own."""
    spells: Spells = market.spells
    person, when = spells.column("person"), start + weeks
    then = (spells.column("begin") <= when[person]) & (spells.column("end") > when[person])
    then &= spells.column("state") == State.EMPLOYED
    found = np.zeros(start.size, dtype=bool)
    found[person[then]] = True
    return found


def job_lengths(pair: Pair) -> tuple[np.ndarray, np.ndarray]:
    """Return lengths in weeks of clients' first jobs since their start, and whether they ended."""
    spells, start = pair.run.spells, pair.windows.start
    person, begin = spells.column("person"), spells.column("begin")
    jobs = np.flatnonzero((spells.column("state") == State.EMPLOYED) & (begin >= start[person]))
    jobs = jobs[np.unique(person[jobs], return_index=True)[1]]
    end = spells.column("end")[jobs]
    return np.minimum(end, pair.weeks) - begin[jobs], end < pair.weeks


def hours_a_week(market: LabourMarket, first: int, last: int) -> float:
    """Return the mean hours of a client in the weeks from first to last."""
    weeks = slice(first, last + 1)
    clients = market.flows["in_service"][weeks].sum()
    return float(market.flows["client_hours"][weeks].sum() / max(clients, 1))


def gain_and_loss(pair: Pair) -> tuple[float, float]:
    """Return the weeks in work that referred people gain, and that all others lose."""
    ever, anyway = pair.weeks_in_work_ever
    change = ever - anyway
    return float(change[pair.referred].sum()), float(-change[~pair.referred].sum())
