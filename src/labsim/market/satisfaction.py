"""What clients think of the service when theirs ends: the answer to a survey, 1 to 5.

Nothing that happens to people depends on it, and it does not depend on whether they found a job
(OUT-07: satisfaction and employment are not correlated; M-PAR-07: no feedback into exits). Because
it is no effect on lives, `effect_scale` does not touch it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labsim.market.arrays import Floats, Ints
from labsim.market.draws import Stream
from labsim.market.states import State
from labsim.scenario.sections.satisfaction import Satisfaction

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket

LOWEST, HIGHEST = 1.0, 5.0
"""Ends of the scale: poor and excellent, as in the TEM survey's five steps (T4-SAT)."""


def answer(
    weights: Satisfaction, hours: Floats, fit: Floats, honesty: Floats, remote: Floats, luck: Floats
) -> Floats:
    """Return what clients answer: one linear index, kept within the scale.

    ``usual + per_hours*(min(hours/usual_hours, 2) - 1) + per_fit*(min(fit, 2) - 1)
    + per_honesty*(honesty - 1) + per_remote*remote + noise_sd*luck``

    Parameters
    ----------
    hours : (n,)
        Mean client hours a week.
    fit : (n,)
        How much coaching suits the client: `coaching.responsiveness`, 1 at the reference.
    honesty, remote : (n,)
        The provider's: 1 is usual, and the share of contact that is remote.
    luck : (n,)
        Standard normal.
    """
    index = (
        weights.usual
        + weights.per_hours * (np.minimum(hours / weights.usual_hours, 2) - 1)
        + weights.per_fit * (np.minimum(fit, 2) - 1)
        + weights.per_honesty * (honesty - 1)
        + weights.per_remote * remote
        + weights.noise_sd * luck
    )
    kept: Floats = np.clip(index, LOWEST, HIGHEST)
    return kept


def satisfaction(market: LabourMarket, persons: Ints) -> Floats:
    """Return the answers of people whose service ends this week.

    Those who have just left unemployment have been served this week too; fit is as it was then.
    """
    columns = market.columns
    served_now = columns.state[persons] != State.UNEMPLOYED
    weeks = market.week - columns.service_start[persons] + served_now
    theirs = [market.providers[number] for number in columns.provider[persons]]
    return answer(
        market.setup.coaching.satisfaction,
        columns.hours_total[persons] / np.maximum(weeks, 1),
        market.responsiveness(persons, market.own_hazard(persons)),
        np.array([each.terms.honesty for each in theirs]),
        np.array([each.remote_share for each in theirs]),
        market.draws.normal(Stream.SATISFACTION, 0, persons),
    )
