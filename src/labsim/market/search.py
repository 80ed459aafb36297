"""Finding work, leaving unemployment otherwise, and competing for the same vacancies."""

from __future__ import annotations

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.weeks import WEEKS_PER_MONTH
from labsim.scenario.sections.labour_market import LabourMarket

_REFERENCE_SCORE = 8.0
_LOWEST_SCORE = 0.5
_REFERENCE_TIGHTNESS = 0.43


def job_hazard(
    market: LabourMarket, log_base: Floats, ability: Floats, motivation: Floats, months: Floats
) -> Floats:
    """Return the weekly hazard of an open-market job, alone, at the reference tightness.

    ``exp(log_base) * (ability/8)**b_w * (motivation/8)**b_m * exp(-k * min(months, 8))``, ability
    and motivation floored at 0.5. The form is model.md's; the fall over the first eight months
    follows Kroft, Lange & Notowidigdo (NBER w18387).

    Parameters
    ----------
    log_base : (n,)
        Log hazard of the person at ability and motivation 8 and no time out of work.
    ability, motivation : (n,)
        Points 0-10.
    months : (n,)
        Months out of work.
    """
    log_hazard = log_hazard_at_first(market, log_base, ability, motivation)
    log_hazard -= fallen(market, months)
    hazard: Floats = np.exp(log_hazard)
    return hazard


def log_hazard_at_first(
    market: LabourMarket, log_base: Floats, ability: Floats, motivation: Floats
) -> Floats:
    """Return the log job hazard of people who have just lost work; see `job_hazard`."""
    log_hazard = log_scores(market, ability, motivation)
    log_hazard += log_base
    return log_hazard


def fallen(market: LabourMarket, months: Floats) -> Floats:
    """Return what some months out of work have taken off the log job hazard; see `job_hazard`."""
    loss: Floats = market.duration_decay_per_month * np.minimum(
        months, market.duration_decay_months
    )
    return loss


def log_scores(market: LabourMarket, ability: Floats, motivation: Floats) -> Floats:
    """Return what ability and motivation add to the log job hazard; see `job_hazard`."""
    total = _log_score(market.ability_exponent, ability)
    total += _log_score(market.motivation_exponent, motivation)
    return total


def _log_score(exponent: float, score: Floats) -> Floats:
    log: Floats = np.maximum(score, _LOWEST_SCORE)
    log /= _REFERENCE_SCORE
    np.log(log, out=log)
    log *= exponent
    return log


def cumulative_exit_hazard(market: LabourMarket, months: Floats) -> Floats:
    """Return the integral of all exit hazards over months, per unit of job hazard at entry."""
    decay, flat_from = market.duration_decay_per_month, market.duration_decay_months
    early = np.minimum(months, flat_from)
    falling = -np.expm1(-decay * early) / decay if decay > 0 else early
    flat = np.exp(-decay * flat_from) * np.maximum(months - flat_from, 0)
    total: Floats = (falling + flat) * WEEKS_PER_MONTH / market.exit_shares.employment
    return total


def late_exit_hazard(market: LabourMarket) -> float:
    """Return all exit hazards of a month once the fall is over, per unit of job hazard at entry."""
    fallen = np.exp(-market.duration_decay_per_month * market.duration_decay_months)
    return float(fallen * WEEKS_PER_MONTH / market.exit_shares.employment)


def local_elasticity(market: LabourMarket) -> float:
    """Return the share of better search that is not at others' cost, at the setting's tightness.

    A CES matching function with elasticity `a` at 0.43 vacancies per unemployed (Finland 2019) has
    ``a / (a + (1-a) * (theta/0.43)**-gamma)`` at tightness theta: displacement grows as the market
    slackens.
    """
    a, gamma = market.matching_elasticity, market.tightness_exponent
    ratio = market.current.vacancies_per_unemployed / _REFERENCE_TIGHTNESS
    return float(a / (a + (1 - a) * ratio**-gamma))


def crowding(ratio: Floats, elasticity: float, gamma: float) -> Floats:
    """Return the factor on job hazards when tightness is `ratio` times its reference.

    ``(a + (1-a) * r**-gamma)**(-1/gamma)``; gamma 0 is its Cobb-Douglas limit ``r**(1-a)``. At
    ``a`` = 1 it is 1: nobody is displaced. The ratio is clipped to 0.05-20.

    Parameters
    ----------
    ratio : (segments,)
        Vacancies per unit of effective search, relative to week 0.
    """
    if elasticity >= 1:
        return np.ones_like(ratio)
    ratio = np.clip(ratio, 0.05, 20.0)
    if gamma < 1e-6:  # smaller ones lose more digits than the limit is off
        factor: Floats = ratio ** (1 - elasticity)
    else:
        factor = (elasticity + (1 - elasticity) * ratio**-gamma) ** (-1 / gamma)
    return factor


def under_bound(uniform: Floats, own: Floats, bound: Floats) -> Bools:
    """Whether people may leave: all whose draw is under ``1 - exp(-own * bound)``, and few others.

    ``1 - exp(-H)`` is at most H, so that a multiplication settles it for nearly everybody.

    Parameters
    ----------
    uniform : (n,)
        Keyed draws.
    own : (n,)
        Own job hazards.
    bound : (n,)
        All exit hazards of a week per unit of own job hazard.
    """
    may: Bools = uniform < own * bound
    return may


def competing_exits(hazards: Floats, uniform: Floats) -> Ints:
    """Decide who leaves and where to, with one number per person.

    A person leaves when the number is under ``1 - exp(-sum h)``; where it lies in that interval
    says where to, in the order of the rows, so that a person who leaves for a job in one design
    does the same in another unless the design made the difference.

    Parameters
    ----------
    hazards : (kinds, n)
        Hazards of the week; jobs in row 0.
    uniform : (n,)
        Keyed draws.

    Returns
    -------
    (n,)
        Row of the exit taken, -1 for none.
    """
    total = hazards.sum(axis=0)
    chance = -np.expm1(-total)
    leavers = np.flatnonzero(uniform < chance)
    running = np.cumsum(hazards[:, leavers], axis=0)
    # uniform < chance * running / total, without a division.
    kind = (uniform[leavers] * total[leavers] >= chance[leavers] * running).sum(axis=0)
    exits = np.full(uniform.size, -1, dtype=np.int64)
    exits[leavers] = np.minimum(kind, hazards.shape[0] - 1)
    return exits
