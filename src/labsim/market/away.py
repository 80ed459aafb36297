"""How many weeks a spell away from unemployment is expected to fill: what fees by the day pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labsim.market.arrays import Floats
from labsim.market.jobs import business_ends, business_shares, shares, survival_by_kind
from labsim.market.states import State
from labsim.scenario.sections.labour_market import LabourMarket

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket as Market


class WeeksAway:
    """Expected weeks in spells that begin now, by the durability of jobs; worked out when asked.

    Attributes
    ----------
    longest
        Most weeks ahead.
    """

    def __init__(self, market: Market) -> None:
        self._market = market
        self.longest = max(market.last_payable_week, market.weeks) + 1
        self._tables: dict[float, Floats] = {}

    def lasting(self, durability: float) -> Floats:
        """Return the weeks by kind of exit and weeks ahead, (kinds, longest + 1).

        Parameters
        ----------
        durability
            Of jobs, 0-1; a provider's choice, 0 for jobs found alone.
        """
        if durability not in self._tables:
            setup = self._market.setup
            factor = float(np.exp(-setup.coaching.durability_gain * durability))
            self._tables[durability] = np.array(
                [
                    weeks_away(setup.labour_market, int(state), self.longest, factor)
                    for state in self._market.exit_states
                ]
            )
        return self._tables[durability]


def weeks_away(market: LabourMarket, state: int, weeks: int, factor: float = 1.0) -> Floats:
    """Return the expected weeks in a spell of a kind among its first 0, 1, ... weeks, (weeks + 1,).

    Sums of the chance that it is not over; `factor` is on the hazard of losing a job.
    """
    week = np.arange(weeks)
    other = market.other_spells
    if state == State.EMPLOYED:
        lasts = (shares(market.jobs)[:, None] * survival_by_kind(market.jobs, weeks, factor)).sum(
            axis=0
        )
    elif state == State.ENTREPRENEUR:
        ends = business_ends(market)[:, None]
        lasts = (business_shares(market)[:, None] * (1 - ends) ** week).sum(axis=0)
    elif state == State.OUTSIDE:
        lasts = (1 - other.inactivity_end_per_week) ** week
    else:
        length = other.education_weeks if state == State.STUDYING else other.subsidised_weeks
        lasts = (week < length).astype(np.float64)
    return np.concatenate([[0.0], np.cumsum(lasts)])
