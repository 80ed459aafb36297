"""How long people stay out of work without a service: what the hazards imply, in closed form."""

from __future__ import annotations

import numpy as np
from scipy.special import exprel

from labsim.market.arrays import Floats, Ints
from labsim.market.search import cumulative_exit_hazard, late_exit_hazard
from labsim.scenario.sections.labour_market import LabourMarket

LONGEST_MONTHS = 120.0
"""Longer stays are cut off."""
_GRID = 2_000
_LEAST_LOG_HAZARD, _MOST_LOG_HAZARD = -16.0, 4.0
_NOBODY = 1e-200
"""A chance that no draw can reach."""


def _survival_grid(market: LabourMarket, hazard: Floats, months: Floats) -> Floats:
    """Return the chance to be still unemployed, one row per person, one column per month value."""
    cumulative = cumulative_exit_hazard(market, months)
    survival: Floats = np.exp(-np.outer(hazard, cumulative))
    return survival


def _decay_grid(market: LabourMarket) -> Floats:
    """Return months from 0 to where the hazard is flat."""
    return np.linspace(0.0, market.duration_decay_months, 17)


def _early_and_late(market: LabourMarket, hazard: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return survival and its running integral over the months of decay, the late rate and stay.

    Between two months of the grid the hazard is taken as constant.
    """
    grid = _decay_grid(market)
    survival = _survival_grid(market, hazard, grid)
    steps = np.outer(hazard, np.diff(cumulative_exit_hazard(market, grid)))
    areas = survival[:, :-1] * (grid[1] - grid[0]) * exprel(-steps)
    area = np.concatenate([np.zeros((hazard.size, 1)), np.cumsum(areas, axis=1)], axis=1)
    rate = hazard * late_exit_hazard(market)
    span = LONGEST_MONTHS - grid[-1]
    late = survival[:, -1] * span * exprel(-rate * span)  # integral of exp(-rate*t) over the span
    return survival, area, rate, late


def mean_stay(market: LabourMarket, hazard: Floats) -> Floats:
    """Return the mean months out of work of people with a given job hazard at entry."""
    _, area, _, late = _early_and_late(market, hazard)
    stay: Floats = area[:, -1] + late
    return stay


class StayTable:
    """Mean months out of work by log job hazard at entry, read off a grid.

    It is a smooth function of the hazard alone; between the points of the grid, logs are linear in
    logs, to 1 in 10,000 or better. Beyond its ends (10 years, or under two days) it is flat.
    """

    def __init__(self, market: LabourMarket) -> None:
        self._log_hazard = np.linspace(_LEAST_LOG_HAZARD, _MOST_LOG_HAZARD, _GRID)
        self._log_stay = np.log(mean_stay(market, np.exp(self._log_hazard)))

    def log_stay(self, log_hazard: Floats) -> Floats:
        """Return the log of the mean stay."""
        stay: Floats = np.interp(log_hazard, self._log_hazard, self._log_stay)
        return stay


def time_stayed(market: LabourMarket, hazard: Floats, uniform: Floats) -> Floats:
    """Return the months already out of work of people met in the stock, from a draw."""
    survival, area, rate, late = _early_and_late(market, hazard)
    target = uniform * (area[:, -1] + late)
    last = survival[:, -1]
    beyond = np.divide(
        (target - area[:, -1]) * rate, last, out=np.zeros_like(last), where=last > _NOBODY
    )
    beyond = np.clip(beyond, 0, 1 - 1e-12)
    grid = _decay_grid(market)
    cell = np.clip((area <= target[:, None]).sum(axis=1) - 1, 0, grid.size - 2)
    row = np.arange(hazard.size)
    early = grid[cell] + _time_in_cell(market, hazard, cell, target - area[row, cell], survival)
    months: Floats = np.where(target < area[:, -1], early, grid[-1] - np.log1p(-beyond) / rate)
    return months


def _time_in_cell(
    market: LabourMarket, hazard: Floats, cell: Ints, area: Floats, survival: Floats
) -> Floats:
    """Return the months into a cell of the grid at which the integral of survival is `area`."""
    grid = _decay_grid(market)
    width = grid[1] - grid[0]
    cumulative = cumulative_exit_hazard(market, grid)
    rate = hazard * np.diff(cumulative)[cell] / width
    start = survival[np.arange(hazard.size), cell]
    linear = np.divide(area, start, out=np.zeros_like(start), where=start > _NOBODY)
    used = np.clip(linear * rate, 0, 1 - 1e-12)
    bend = np.divide(-np.log1p(-used), used, out=np.ones_like(used), where=used > 1e-12)
    months: Floats = np.clip(linear * bend, 0, width)
    return months
