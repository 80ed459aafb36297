"""Who the jobseekers are: drawn once per replication, the same in every design and in the twin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import exprel

from labsim.market.arrays import Floats, Ints
from labsim.market.draws import Draws, Stream
from labsim.market.jobs import still_away
from labsim.market.search import cumulative_exit_hazard, job_hazard, late_exit_hazard
from labsim.market.weeks import WEEKS_PER_MONTH
from labsim.scenario.schema import Scenario
from labsim.scenario.sections.population import Population

AGE_BANDS = ((18, 25), (25, 35), (35, 50), (50, 65))
EDUCATION = ("basic", "secondary", "tertiary")
SCHEMES = ("earnings-related", "basic-allowance", "labour-market-support")
BENEFIT_DAYS_PER_MONTH = 21.5
_LONGEST_MONTHS = 120.0
_STOCK, _INFLOW = 0, 1
_SAMPLE = 5_000
_GRID = 1_000
_NOBODY = 1e-200
"""A chance that no draw can reach."""


@dataclass(frozen=True)
class People:
    """Everybody who is on the register at the start or will come to it; one row per person.

    Rows are in order of arrival; the row number is the person's id. The first `registered` rows are
    the stock of week 0.

    Attributes
    ----------
    entry_week : (people,)
        Week of arrival on the register; -1 for the stock.
    age, education, area, scheme : (people,)
        Age in years; codes of `EDUCATION`, of the scenario's areas, and of `SCHEMES`.
    ability, motivation, belief : (people,)
        Points 0-10 at entry.
    log_base : (people,)
        Log weekly job hazard less what ability, motivation and time out of work change.
    months : (people,)
        Months already out of work at entry.
    hazard_at_entry : (people,)
        True weekly job hazard without a service at week 0, or at entry.
    """

    entry_week: Ints
    age: Ints
    education: Ints
    area: Ints
    scheme: Ints
    ability: Floats
    motivation: Floats
    belief: Floats
    log_base: Floats
    months: Floats
    hazard_at_entry: Floats

    def __len__(self) -> int:
        return self.entry_week.size


def draw_people(scenario: Scenario, draws: Draws) -> People:
    """Draw the stock of week 0 and everybody who arrives later.

    The stock is what the hazards imply for a register in a steady state: a person who stays long is
    met more often, and has been out of work for a time drawn from his or her own survival curve.
    With `unemployed_months_edges` the time is drawn from the given bands instead.
    People who come back from work are part of the inflow: as they are simulated, fewer new people
    arrive the longer the run lasts (`new_arrivals`). Arrivals are not drawn but counted out evenly.
    """
    population = scenario.population
    if population.unemployed_months_edges is None:
        stock = _steady_state_stock(scenario, draws)
    else:
        stock = _stock_by_bands(scenario, draws)
    arrivals = np.floor(np.cumsum(new_arrivals(scenario, draws)) + 1e-9).astype(np.int64)
    entry = np.repeat(np.arange(arrivals.size), np.diff(arrivals, prepend=0))
    inflow = _draw(scenario, draws, _INFLOW, np.arange(entry.size), np.zeros(entry.size))
    columns = {
        name: np.concatenate([stock[name], inflow[name]]) for name in stock if name != "entry_week"
    }
    return People(entry_week=np.concatenate([np.full(population.registered, -1), entry]), **columns)


def new_arrivals(scenario: Scenario, draws: Draws) -> Floats:
    """Return the expected new people of each week, (weeks,).

    In a steady state as many leave unemployment as enter it, so that of `inflow_per_week` the part
    that left within the last t weeks and is back by week t has been simulated; the rest is new.
    """
    population, weeks = scenario.population, scenario.run.weeks
    inflow = population.inflow_per_week
    if inflow is None:
        ids = np.arange(_SAMPLE)
        sample = _draw(scenario, draws, _INFLOW, ids, np.zeros(_SAMPLE))
        stay = float(_mean_stay(scenario, sample["hazard_at_entry"]).mean())
        inflow = population.registered / (stay * WEEKS_PER_MONTH)
    return inflow * still_away(scenario.labour_market, weeks)


def _draw(
    scenario: Scenario, draws: Draws, batch: int, ids: Ints, months: Floats
) -> dict[str, Floats]:
    """Draw the attributes of people; `batch` keeps the stock's luck apart from the inflow's."""
    population, market = scenario.population, scenario.labour_market

    def pick(stream: Stream, shares: list[float]) -> Ints:
        return _category(draws.uniform(stream, batch, ids), shares)

    band = pick(Stream.AGE_BAND, list(population.age.model_dump().values()))
    education = pick(Stream.EDUCATION, list(population.education.model_dump().values()))
    age_factor = np.array(list(market.age.model_dump().values()))
    education_factor = np.array(list(market.education.model_dump().values()))
    scores = _scores(population, draws, batch, ids)
    log_base = np.log(market.job_hazard_per_week * market.current.cycle)
    log_base = log_base + np.log(age_factor)[band] + np.log(education_factor)[education]
    log_base = log_base + market.unseen_sd * draws.normal(Stream.UNSEEN, batch, ids)
    low, high = np.array(AGE_BANDS).T
    age = low[band] + (high - low)[band] * draws.uniform(Stream.AGE, batch, ids)
    return {
        "age": age.astype(np.int16),
        "education": education.astype(np.int8),
        "area": pick(Stream.AREA, list(population.areas.values())).astype(np.int16),
        "scheme": pick(Stream.SCHEME, list(population.benefit.model_dump().values())).astype(
            np.int8
        ),
        **scores,
        "log_base": log_base,
        "months": months,
        "hazard_at_entry": job_hazard(
            market, log_base, scores["ability"], scores["motivation"], months
        ),
    }


def _category(uniform: Floats, shares: list[float]) -> Ints:
    """Return the index of the share that a uniform number falls into."""
    limits = np.cumsum(shares)[:-1]
    index: Ints = np.searchsorted(limits, uniform, side="right")
    return index


def _scores(population: Population, draws: Draws, batch: int, ids: Ints) -> dict[str, Floats]:
    """Draw work ability, motivation and belief, each correlated with the others alike."""
    common = np.sqrt(population.correlation) * draws.normal(Stream.COMMON, batch, ids)
    own = np.sqrt(1 - population.correlation)

    def score(stream: Stream, mean: float, sd: float) -> Floats:
        values: Floats = np.clip(
            mean + sd * (common + own * draws.normal(stream, batch, ids)), 0, 10
        )
        return values

    return {
        "ability": score(Stream.ABILITY, population.ability_mean, population.ability_sd),
        "motivation": score(
            Stream.MOTIVATION, population.motivation_mean, population.motivation_sd
        ),
        "belief": score(Stream.BELIEF, population.belief_mean, population.belief_sd),
    }


def _steady_state_stock(scenario: Scenario, draws: Draws) -> dict[str, Floats]:
    """Draw people in proportion to how long each stays, and how long each has stayed."""
    wanted, first, kept, found = scenario.population.registered, 0, [], 0
    while found < wanted:
        ids = np.arange(first, first + 8 * wanted + 1000)
        candidates = _draw(scenario, draws, _STOCK, ids, np.zeros(ids.size))
        stay = _mean_stay(scenario, candidates["hazard_at_entry"])
        lucky = draws.uniform(Stream.STOCK, 0, ids) * _LONGEST_MONTHS < stay
        kept.append(
            {name: column[lucky] for name, column in candidates.items()} | {"id": ids[lucky]}
        )
        found += int(lucky.sum())
        first += ids.size
    stock = {name: np.concatenate([part[name] for part in kept])[:wanted] for name in kept[0]}
    ids = stock.pop("id")
    months = _time_stayed(
        scenario, stock["hazard_at_entry"], draws.uniform(Stream.DURATION, 0, ids)
    )
    return _with_months(scenario, stock, months)


def _with_months(scenario: Scenario, stock: dict[str, Floats], months: Floats) -> dict[str, Floats]:
    hazard = job_hazard(
        scenario.labour_market, stock["log_base"], stock["ability"], stock["motivation"], months
    )
    return stock | {"months": months, "hazard_at_entry": hazard}


def _stock_by_bands(scenario: Scenario, draws: Draws) -> dict[str, Floats]:
    population = scenario.population
    edges = np.array(population.unemployed_months_edges)
    ids = np.arange(population.registered)
    band = _category(
        draws.uniform(Stream.DURATION_BAND, 0, ids), list(population.unemployed_months_shares or ())
    )
    months = edges[band] + np.diff(edges)[band] * draws.uniform(Stream.DURATION, 0, ids)
    return _draw(scenario, draws, _STOCK, ids, months)


def _survival_grid(scenario: Scenario, hazard: Floats, months: Floats) -> Floats:
    """Return the chance to be still unemployed, one row per person, one column per month value."""
    cumulative = cumulative_exit_hazard(scenario.labour_market, months)
    survival: Floats = np.exp(-np.outer(hazard, cumulative))
    return survival


def _decay_grid(scenario: Scenario) -> Floats:
    """Return months from 0 to where the hazard is flat."""
    return np.linspace(0.0, scenario.labour_market.duration_decay_months, 17)


def _early_and_late(scenario: Scenario, hazard: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return survival and its running integral over the months of decay, the late rate and stay.

    Between two months of the grid the hazard is taken as constant.
    """
    grid = _decay_grid(scenario)
    survival = _survival_grid(scenario, hazard, grid)
    steps = np.outer(hazard, np.diff(cumulative_exit_hazard(scenario.labour_market, grid)))
    areas = survival[:, :-1] * (grid[1] - grid[0]) * exprel(-steps)
    area = np.concatenate([np.zeros((hazard.size, 1)), np.cumsum(areas, axis=1)], axis=1)
    rate = hazard * late_exit_hazard(scenario.labour_market)
    span = _LONGEST_MONTHS - grid[-1]
    late = survival[:, -1] * span * exprel(-rate * span)  # integral of exp(-rate*t) over the span
    return survival, area, rate, late


def _mean_stay(scenario: Scenario, hazard: Floats) -> Floats:
    """Return the mean months out of work of people with a given job hazard at entry.

    It is a smooth function of the hazard alone, so it is computed on a grid and read off (to 1 in
    10,000 or better): candidates for the stock are many.
    """
    log_hazard = np.log(hazard)
    grid = np.linspace(log_hazard.min(), log_hazard.max() + 1e-9, _GRID)
    _, area, _, late = _early_and_late(scenario, np.exp(grid))
    stay: Floats = np.exp(np.interp(log_hazard, grid, np.log(area[:, -1] + late)))
    return stay


def _time_stayed(scenario: Scenario, hazard: Floats, uniform: Floats) -> Floats:
    """Return the months already out of work of people met in the stock, from a draw."""
    survival, area, rate, late = _early_and_late(scenario, hazard)
    target = uniform * (area[:, -1] + late)
    last = survival[:, -1]
    beyond = np.divide(
        (target - area[:, -1]) * rate, last, out=np.zeros_like(last), where=last > _NOBODY
    )
    beyond = np.clip(beyond, 0, 1 - 1e-12)
    grid = _decay_grid(scenario)
    cell = np.clip((area <= target[:, None]).sum(axis=1) - 1, 0, grid.size - 2)
    row = np.arange(hazard.size)
    early = grid[cell] + _time_in_cell(scenario, hazard, cell, target - area[row, cell], survival)
    months: Floats = np.where(target < area[:, -1], early, grid[-1] - np.log1p(-beyond) / rate)
    return months


def _time_in_cell(
    scenario: Scenario, hazard: Floats, cell: Ints, area: Floats, survival: Floats
) -> Floats:
    """Return the months into a cell of the grid at which the integral of survival is `area`."""
    grid = _decay_grid(scenario)
    width = grid[1] - grid[0]
    cumulative = cumulative_exit_hazard(scenario.labour_market, grid)
    rate = hazard * np.diff(cumulative)[cell] / width
    start = survival[np.arange(hazard.size), cell]
    linear = np.divide(area, start, out=np.zeros_like(start), where=start > _NOBODY)
    used = np.clip(linear * rate, 0, 1 - 1e-12)
    bend = np.divide(-np.log1p(-used), used, out=np.ones_like(used), where=used > 1e-12)
    months: Floats = np.clip(linear * bend, 0, width)
    return months


def benefit_days(months: Floats) -> Ints:
    """Return benefit days used by people who have been out of work for `months`."""
    days: Ints = (months * BENEFIT_DAYS_PER_MONTH).astype(np.int32)
    return days


__all__ = [
    "AGE_BANDS",
    "EDUCATION",
    "SCHEMES",
    "WEEKS_PER_MONTH",
    "People",
    "benefit_days",
    "draw_people",
]
