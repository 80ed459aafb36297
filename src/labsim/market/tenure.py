"""What providers believe of the jobs that people have: how likely they end, and last.

They know the evidence: hazards by kind and week of a job, and its fixed term; when it really ends
(`planned_end`) is nature's secret. A provider takes all jobs that it found for as lasting as those
that it looks for now, whatever it looked for when it found them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labsim.market.arrays import Floats, Ints

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket


def separation_now(market: LabourMarket, working: Ints) -> Floats:
    """Return the chance that each job ends this week, fixed terms and support left aside, (n,)."""
    columns = market.columns
    tenure = market.week - columns.since[working]
    hazard = market.ending_hazards[columns.job_kind[working], tenure]
    factor = market.separation_factor(working, columns.job_of_provider[working])
    chance: Floats = -np.expm1(-factor * hazard)
    return chance


def chance_to_reach(market: LabourMarket, working: Ints, week: Ints) -> Floats:
    """Return the chance that each job lasts through given weeks, (m, n); 0 where its term is over.

    This week is still a risk, and support does not count.

    Parameters
    ----------
    working : (n,)
        Employed people.
    week : (m, n)
        Weeks to last through, this one or later.
    """
    columns, cumulative = market.columns, market.cumulative_hazards
    since, kind = columns.since[working], columns.job_kind[working]
    ahead = np.clip(week - since, 0, cumulative.shape[1] - 1)
    so_far = np.maximum(market.week - 1 - since, 0)
    hazard = np.maximum(cumulative[kind, ahead] - cumulative[kind, so_far], 0.0)
    factor = market.separation_factor(working, columns.job_of_provider[working])
    return np.where(columns.term_end[working] > week, np.exp(-factor * hazard), 0.0)
