"""What time alone does to people: slow changes, brought up to date when something happens.

Motivation falls over the first year out of work and comes back in work; the job hazard falls over
the first months. Both are smooth and slow, so nobody is touched every week. A person's own hazard
is worked out at the start of a spell out of work and every `REFRESH_WEEKS` from then on, as of the
middle of the weeks that it will be used in, until nothing falls any more. Against weekly updates a
hazard is at most a week and a half of the fall too low at first and too high at last (1.5 % by
default), and right on average (to half a per cent where the fall stops). What a service changes is
not slow: its clients' hazards are worked out anew every week, from the same middle, so that a
service without effect changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labsim.market.arrays import Floats, Ints
from labsim.market.draws import BLOCK
from labsim.market.jobs import NEVER
from labsim.market.search import job_hazard
from labsim.market.weeks import MONTHS_PER_WEEK

if TYPE_CHECKING:
    from labsim.market.jobseekers import Jobseekers
    from labsim.market.model import LabourMarket

REFRESH_WEEKS = 4
FIRST_YEAR = 12.0
"""Months over which motivation falls."""


def months_that_fell(since: Floats, until: Floats) -> Floats:
    """Return the months of the first year out of work between two times out of work, in months."""
    fell: Floats = np.minimum(until, FIRST_YEAR)
    fell -= np.minimum(since, FIRST_YEAR)
    np.maximum(fell, 0.0, out=fell)
    return fell


def regained(lost: Floats, weeks: Ints, per_week: float) -> Floats:
    """Return the part of lost motivation that weeks in work give back, `per_week` of the rest each.

    ``lost * (1 - (1 - per_week)**weeks)``.
    """
    back: Floats = lost * (1 - (1 - per_week) ** weeks)
    return back


def slow_changes(market: LabourMarket) -> None:
    """Bring up to date whose turn it is; everybody once a month, while anything still falls."""
    due = np.flatnonzero(market.columns.refresh_week[: market.arrived] == market.week)
    for first in range(0, due.size, BLOCK):
        _refresh(market, due[first : first + BLOCK])


def _refresh(market: LabourMarket, persons: Ints) -> None:
    columns, week = market.columns, market.week
    motivation, now = _motivation_now(market, TimeOut(columns, persons, week - REFRESH_WEEKS))
    still_falls = now < market.falling_months
    columns.refresh_week[persons] = np.where(still_falls, week + REFRESH_WEEKS, NEVER)
    _work_out(market, persons, motivation, now)


def catch_up(market: LabourMarket, persons: Ints) -> Floats:
    """Let the motivation of unemployed people fall for the time since it last did.

    Returns
    -------
    (n,)
        Months out of work by now.
    """
    _, now = _motivation_now(market, TimeOut(market.columns, persons, None))
    return now


def _motivation_now(market: LabourMarket, time: TimeOut) -> tuple[Floats, Floats]:
    """Let motivation fall until now; return it, and the months out of work."""
    now, before = time.months(market.week), market.columns.motivation[time.persons]
    motivation = _lose_heart(market, before, time.last_loss(), now)
    market.columns.motivation[time.persons] = motivation
    return motivation, now


def work_out_hazards(market: LabourMarket, persons: Ints) -> None:
    """Set the own hazards of unemployed people as of the last time that it was their turn."""
    time = TimeOut(market.columns, persons, None)
    _work_out(market, persons, market.columns.motivation[persons], time.months(time.last_refresh))


def _work_out(market: LabourMarket, persons: Ints, motivation: Floats, months: Floats) -> None:
    """Set own hazards for the middle of the weeks that begin after some months out of work."""
    columns = market.columns
    middle = months + (REFRESH_WEEKS - 1) / 2 * MONTHS_PER_WEEK
    columns.own_hazard[persons] = job_hazard(
        market.setup.labour_market,
        columns.log_base[persons],
        columns.ability[persons],
        _lose_heart(market, motivation, months, middle),
        middle,
    )


def _lose_heart(market: LabourMarket, motivation: Floats, since: Floats, until: Floats) -> Floats:
    """Return motivation after a time out of work that begins and ends after so many months."""
    loss: Floats = market.motivation_loss_per_month * months_that_fell(since, until)
    left: Floats = np.clip(motivation - loss, 0, 10)
    return left


class TimeOut:
    """The time that unemployed people have been out of work.

    Parameters
    ----------
    columns, persons
        The people.
    last_refresh
        Week of everybody's last turn, where it is the same; ``None`` to look it up.

    Attributes
    ----------
    last_refresh : (n,) or a number
        Week of each person's last turn; for those who have had the last one, far ahead. That does
        no harm: nothing falls any more, then or now.
    """

    def __init__(self, columns: Jobseekers, persons: Ints, last_refresh: int | None) -> None:
        self.persons = persons
        self._before, self._since = columns.months_before[persons], columns.since[persons]
        if last_refresh is None:
            self.last_refresh: Ints | int = columns.refresh_week[persons] - REFRESH_WEEKS
        else:
            self.last_refresh = last_refresh

    def months(self, week: int | Ints) -> Floats:
        """Return the months out of work by a week."""
        months: Floats = self._before + (week - self._since) * MONTHS_PER_WEEK
        return months

    def last_loss(self) -> Floats:
        """Return the months out of work when motivation last fell, or the spell began."""
        return self.months(np.maximum(self.last_refresh, self._since))


def recover(market: LabourMarket, persons: Ints) -> None:
    """Give people who come back from jobs the motivation that they regained there."""
    columns = market.columns
    motivation = columns.motivation[persons]
    lost = np.maximum(market.people.motivation[persons] - motivation, 0)
    weeks = market.week - columns.since[persons]
    per_week = market.setup.coaching.motivation_recovery_per_week
    columns.motivation[persons] = np.clip(motivation + regained(lost, weeks, per_week), 0, 10)
