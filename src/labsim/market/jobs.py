"""Jobs and other spells: what kind, and how long they last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labsim.market.arrays import Floats, Ints
from labsim.market.draws import Draws, Stream
from labsim.market.states import State
from labsim.scenario.sections.labour_market import Jobs, LabourMarket

NEVER = 2**30
"""A week that does not come: the end of what has no planned end."""
PERMANENT_FULL, PERMANENT_PART, TEMPORARY_FULL, TEMPORARY_PART = range(4)
BUSINESS, ABSENCE = 4, 7
"""Laws by which spells end that are no jobs; kinds of jobs are laws 0-3, of business 4-6."""
OWN, LIGHT, GIG = range(3)
"""Kinds of own business: a business of its own, light entrepreneurship, gig work."""
_CERTAIN = 1e4
"""A hazard above any budget: ``-ln(u)`` is at most 37 (the least draw is 2**-53), and 5,500 for a
job that was chosen to last (its log hazard falls by 5 at most)."""


@dataclass(frozen=True)
class NewJobs:
    """Jobs that begin this week; one row per person.

    Attributes
    ----------
    kind : (n,)
        Code of contract and hours, 0-3.
    hours_share : (n,)
        Hours as a share of full time.
    term_end : (n,)
        Week in which a fixed term ends, `NEVER` without one.
    """

    kind: Ints
    hours_share: Floats
    term_end: Ints


def shares(jobs: Jobs) -> Floats:
    """Return the shares of the four kinds among new jobs."""
    return np.array(
        [
            jobs.permanent_full_time,
            jobs.permanent_part_time,
            jobs.temporary_full_time,
            jobs.temporary_part_time,
        ]
    )


def draw_jobs(jobs: Jobs, draws: Draws, week: int, persons: Ints) -> NewJobs:
    """Draw kind, hours and fixed term of the jobs that these people begin in this week."""
    kind = np.searchsorted(
        np.cumsum(shares(jobs))[:-1], draws.uniform(Stream.JOB_TYPE, week, persons), side="right"
    )
    part_time = (kind == PERMANENT_PART) | (kind == TEMPORARY_PART)
    low, high = jobs.part_time_hours_min, jobs.part_time_hours_max
    part = low + (high - low) * draws.uniform(Stream.JOB_HOURS, week, persons)
    fixed = (kind >= TEMPORARY_FULL) & (
        draws.uniform(Stream.FIXED_TERM, week, persons) < jobs.fixed_term_share
    )
    span = jobs.fixed_term_weeks_max - jobs.fixed_term_weeks_min + 1
    term = jobs.fixed_term_weeks_min + np.floor(
        span * draws.uniform(Stream.TERM_LENGTH, week, persons)
    ).astype(np.int64)
    return NewJobs(
        kind=kind.astype(np.int8),
        hours_share=np.where(part_time, part, 1.0),
        term_end=np.where(fixed, week + term, NEVER),
    )


def business_shares(market: LabourMarket) -> Floats:
    """Return the shares of the kinds among people who start an own business."""
    light, gig = market.businesses.light_share, market.businesses.gig_share
    return np.array([max(1 - light - gig, 0.0), light, gig])


def business_ends(market: LabourMarket) -> Floats:
    """Return the chance a week that each kind of business ends, (3,)."""
    kinds = market.businesses
    own = market.other_spells.business_end_per_week
    return np.array([own, kinds.light_end_per_week, kinds.gig_end_per_week])


def business_hours(market: LabourMarket) -> Floats:
    """Return the least and most hours of each kind of business, shares of full time, (3, 2)."""
    kinds = market.businesses
    light = kinds.light_hours_min, kinds.light_hours_max
    return np.array([(1.0, 1.0), light, (kinds.gig_hours_min, kinds.gig_hours_max)])


def draw_businesses(
    market: LabourMarket, draws: Draws, week: int, persons: Ints
) -> tuple[Ints, Floats]:
    """Draw kinds and hours of the businesses that these people begin in this week."""
    limits = np.cumsum(business_shares(market))[:-1]
    luck = draws.uniform(Stream.BUSINESS_KIND, week, persons)
    kind = np.searchsorted(limits, luck, side="right").astype(np.int8)
    low, high = business_hours(market)[kind].T
    hours: Floats = low + (high - low) * draws.uniform(Stream.BUSINESS_HOURS, week, persons)
    return kind, hours


def separation_curve(jobs: Jobs, weeks: int) -> Floats:
    """Return the weekly chance that a job ends, by weeks worked, before the factor of its kind.

    It rises to week 13, falls to week 52 and is flat after (shape: Farber 1994; levels: P 2).
    """
    knots = [1, 13, 52, 53]
    levels = [
        jobs.separation_week_1,
        jobs.separation_week_13,
        jobs.separation_week_52,
        jobs.separation_later,
    ]
    curve: Floats = np.interp(np.arange(weeks), knots, levels)
    return curve


def kind_factor(jobs: Jobs, kind: Ints) -> Floats:
    """Return the factor on separation by kind of job."""
    factor: Floats = np.where(kind >= TEMPORARY_FULL, jobs.temporary_factor, jobs.permanent_factor)
    return factor


def separation_by_kind(jobs: Jobs, weeks: int) -> Floats:
    """Return the weekly chance that a job ends, (4, weeks): by kind and weeks worked, at most 1."""
    factor = kind_factor(jobs, np.arange(4))
    chance: Floats = np.minimum(np.outer(factor, separation_curve(jobs, weeks)), 1.0)
    return chance


def ending_hazards(market: LabourMarket, weeks: int) -> Floats:
    """Return the hazard of each week of a spell by its law, (laws, weeks), fixed terms aside.

    Laws 0-3 are the kinds of jobs, then those of business from `BUSINESS` on, and `ABSENCE`. A
    weekly chance p is the hazard ``-log(1 - p)``; a certain end is a hazard that no draw survives.
    Nothing ends in week 0 of it.
    """
    other = market.other_spells
    chance = np.empty((ABSENCE + 1, weeks))
    chance[:BUSINESS] = separation_by_kind(market.jobs, weeks)
    chance[BUSINESS:ABSENCE] = business_ends(market)[:, None]
    chance[ABSENCE] = other.inactivity_end_per_week
    hazard: Floats = np.full(chance.shape, _CERTAIN)
    hazard[chance < 1] = -np.log1p(-chance[chance < 1])
    hazard[:, 0] = 0.0
    return hazard


def weeks_until(cumulative: Floats, law: Ints, budget: Floats) -> Ints:
    """Return the week of its spell in which each one's hazard so far reaches its budget.

    A spell whose budget is ``-ln(u)`` of one uniform number ends with the chances of the weekly
    hazards: it is still on after week w with the chance ``exp(-cumulative[law, w])``, as if a coin
    were thrown every week.

    Parameters
    ----------
    cumulative : (laws, weeks)
        Running sums of `ending_hazards`.
    law : (n,)
        Row of `cumulative`.
    budget : (n,)
        Hazard that the spell can take.

    Returns
    -------
    (n,)
        Weeks, `NEVER` for what lasts longer than the table.
    """
    weeks = np.full(law.size, NEVER, dtype=np.int64)
    for row in np.flatnonzero(np.bincount(law)):
        rows = np.flatnonzero(law == row)
        found = np.searchsorted(cumulative[row], budget[rows], side="left")
        weeks[rows] = np.where(found < cumulative.shape[1], found, NEVER)
    return weeks


def survival_by_kind(jobs: Jobs, weeks: int, factor: float = 1.0) -> Floats:
    """Return the chance that a new job has not ended after 0, 1, ... weeks, (4, weeks), by kind.

    From the same curve, kinds and fixed terms that jobs are drawn from. A job begun in week s is at
    risk of ending from week s+1 on. `factor` multiplies the hazard of ending before the term.
    """
    chance = 1 - (1 - separation_by_kind(jobs, max(weeks, 1))) ** factor
    span = jobs.fixed_term_weeks_max - jobs.fixed_term_weeks_min + 1
    term_over = np.clip((np.arange(weeks) - jobs.fixed_term_weeks_min + 1) / span, 0, 1)
    survival = np.empty((4, weeks))
    for kind in range(4):
        survival[kind] = np.concatenate([[1.0], np.cumprod(1 - chance[kind, 1:])])[:weeks]
        if kind >= TEMPORARY_FULL:
            survival[kind] *= 1 - jobs.fixed_term_share * term_over
    return survival


def chance_to_last(jobs: Jobs, weeks: int, min_hours_share: float, factor: float = 1.0) -> float:
    """Return the chance that a new job has enough hours and lasts so many weeks, ``sigma``."""
    lasts = survival_by_kind(jobs, weeks, factor)[:, weeks - 1]
    hours = [_chance_of_hours(jobs, kind, min_hours_share) for kind in range(4)]
    return float((shares(jobs) * lasts * hours).sum())


def chance_to_last_as(
    market: LabourMarket,
    state: int,
    weeks: int,
    min_hours_share: float,
    factor: float = 1.0,
    business_kinds: tuple[int, ...] = (OWN, LIGHT, GIG),
) -> float:
    """Return the chance that a new spell is of the right kind and lasts so many weeks.

    Hours matter in jobs and businesses; the factor on the hazard of separation, in jobs only.
    """
    other = market.other_spells
    if state == State.EMPLOYED:
        return chance_to_last(market.jobs, weeks, min_hours_share, factor)
    if state == State.ENTREPRENEUR:
        shares, ends = business_shares(market).tolist(), business_ends(market).tolist()
        low, high = business_hours(market).T.tolist()
        return float(
            sum(
                shares[kind]
                * (1 - ends[kind]) ** (weeks - 1)
                * _chance_of_more(low[kind], high[kind], min_hours_share)
                for kind in business_kinds
            )
        )
    lengths = {State.STUDYING: other.education_weeks, State.SUBSIDISED: other.subsidised_weeks}
    return float(lengths[State(state)] >= weeks)


def exit_share(market: LabourMarket, state: int) -> float:
    """Return the share of leavers who go to a state without a service."""
    return {
        State.EMPLOYED: market.exit_shares.employment,
        State.STUDYING: market.exit_shares.education,
        State.SUBSIDISED: market.exit_shares.subsidised,
        State.ENTREPRENEUR: market.exit_shares.entrepreneurship,
        State.OUTSIDE: market.exit_shares.inactivity,
    }[State(state)]


def _chance_of_hours(jobs: Jobs, kind: int, min_hours_share: float) -> float:
    if kind in (PERMANENT_FULL, TEMPORARY_FULL):
        return 1.0
    return _chance_of_more(jobs.part_time_hours_min, jobs.part_time_hours_max, min_hours_share)


def _chance_of_more(low: float, high: float, least: float) -> float:
    """Return the chance that hours between two limits are at least so many."""
    if high == low:
        return float(high >= least)
    return float(np.clip((high - least) / (high - low), 0, 1))


def still_away(market: LabourMarket, weeks: int) -> Floats:
    """Return the chance that a spell away is not over after 0, 1, ... weeks, (weeks,)."""
    exits, other = market.exit_shares, market.other_spells
    week = np.arange(weeks)
    job = (shares(market.jobs)[:, None] * survival_by_kind(market.jobs, weeks)).sum(axis=0)
    business = sum(
        share * (1 - end) ** week
        for share, end in zip(
            business_shares(market).tolist(), business_ends(market).tolist(), strict=True
        )
    )
    away: Floats = (
        exits.employment * job
        + exits.education * (week < other.education_weeks)
        + exits.subsidised * (week < other.subsidised_weeks)
        + exits.entrepreneurship * business
        + exits.inactivity * (1 - other.inactivity_end_per_week) ** week
    )
    return away
