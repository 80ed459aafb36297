"""What time alone does to people: slow changes, brought up to date when something happens.

Motivation falls over the first year out of work and comes back in work; the job hazard falls over
the first months. Both are smooth and slow, so nobody is touched every week. A person's own hazard
is worked out at the start of a spell out of work and every `REFRESH_WEEKS` from then on, as of the
middle of the weeks that it will be used in, until nothing falls any more. Against weekly updates a
hazard is off by less than half a per cent either way, and the errors of the weeks cancel. What a
service changes is not slow: its clients' hazards are worked out anew every week, from the same
middle, so that a service without effect changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labsim.market.arrays import Floats, Ints
from labsim.market.draws import BLOCK
from labsim.market.jobs import NEVER
from labsim.market.search import job_hazard
from labsim.market.states import State
from labsim.market.weeks import MONTHS_PER_WEEK

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket

REFRESH_WEEKS = 4
FIRST_YEAR = 12.0
"""Months over which motivation falls."""


def months_that_fell(since: Floats, until: Floats) -> Floats:
    """Return the months of the first year out of work between two times out of work, in months."""
    fell: Floats = np.minimum(until, FIRST_YEAR) - np.minimum(since, FIRST_YEAR)
    return fell


def regained(lost: Floats, weeks: Ints, per_week: float) -> Floats:
    """Return the part of lost motivation that weeks in work give back, `per_week` of the rest each.

    ``lost * (1 - (1 - per_week)**weeks)``.
    """
    back: Floats = lost * (1 - (1 - per_week) ** weeks)
    return back


def slow_changes(market: LabourMarket) -> None:
    """Bring up to date whose turn it is; everybody once a month, while anything still falls."""
    columns = market.columns
    due = np.flatnonzero(columns.refresh_week[: market.arrived] == market.week)
    due = due[columns.state[due] == State.UNEMPLOYED]
    for first in range(0, due.size, BLOCK):
        _refresh(market, due[first : first + BLOCK])


def _refresh(market: LabourMarket, persons: Ints) -> None:
    columns, week = market.columns, market.week
    catch_up(market, persons)
    still_falls = columns.months_out(persons, week) < market.falling_months
    columns.refresh_week[persons] = np.where(still_falls, week + REFRESH_WEEKS, NEVER)
    work_out_hazards(market, persons)


def catch_up(market: LabourMarket, persons: Ints) -> None:
    """Let the motivation of unemployed people fall for the time since it last did."""
    columns = market.columns
    begun = np.maximum(_last_refresh(market, persons), columns.since[persons])
    then, now = (columns.months_out(persons, week) for week in (begun, market.week))
    loss = market.motivation_loss_per_month * months_that_fell(np.minimum(then, now), now)
    columns.motivation[persons] = np.clip(columns.motivation[persons] - loss, 0, 10)


def work_out_hazards(market: LabourMarket, persons: Ints) -> None:
    """Set the own hazards of unemployed people for the weeks until their next turn."""
    columns, begun = market.columns, _last_refresh(market, persons)
    then = columns.months_out(persons, begun)
    middle = then + (REFRESH_WEEKS - 1) / 2 * MONTHS_PER_WEEK
    loss = market.motivation_loss_per_month * months_that_fell(then, middle)
    columns.own_hazard[persons] = job_hazard(
        market.setup.labour_market,
        columns.log_base[persons],
        columns.ability[persons],
        np.maximum(columns.motivation[persons] - loss, 0),
        middle,
    )


def recover(market: LabourMarket, persons: Ints) -> None:
    """Give people who come back from jobs the motivation that they regained there."""
    columns = market.columns
    motivation = columns.motivation[persons]
    lost = np.maximum(market.people.motivation[persons] - motivation, 0)
    weeks = market.week - columns.since[persons]
    per_week = market.setup.coaching.motivation_recovery_per_week
    columns.motivation[persons] = np.clip(motivation + regained(lost, weeks, per_week), 0, 10)


def _last_refresh(market: LabourMarket, persons: Ints) -> Ints:
    """Return the week of each person's last turn; for those who have had the last, far ahead.

    Far ahead does no harm: nothing falls any more, then or now.
    """
    week: Ints = market.columns.refresh_week[persons] - REFRESH_WEEKS
    return week
