"""How many weeks a spell away from unemployment is expected to fill: what fees by the day pay."""

from __future__ import annotations

import numpy as np

from labsim.market.arrays import Floats
from labsim.market.jobs import business_ends, business_shares, shares, survival_by_kind
from labsim.market.states import State
from labsim.scenario.sections.labour_market import LabourMarket


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
