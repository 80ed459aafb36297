"""Who the jobseekers are: drawn once per replication, the same in every design and in the twin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from scipy.special import ndtr

from labsim.market.arrays import Floats, Ints
from labsim.market.draws import BLOCK, Draws, Stream
from labsim.market.jobs import NEVER, still_away
from labsim.market.search import fallen, log_scores
from labsim.market.shocks import Shocks
from labsim.market.stay import StayTable, mean_stay, time_stayed
from labsim.market.tilt import STRENGTHS, UNTILTED, Tilt, tilt
from labsim.market.weeks import WEEKS_PER_MONTH
from labsim.scenario.schema import Scenario

AGE_BANDS = ((18, 25), (25, 35), (35, 50), (50, 65))
EDUCATION = ("basic", "secondary", "tertiary")
SCHEMES = ("earnings-related", "basic-allowance", "labour-market-support")
BENEFIT_DAYS_PER_MONTH = 21.5
_STOCK, _INFLOW = 0, 1
_SAMPLE = 5_000


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
    sector, language : (people,)
        Codes of the scenario's sectors and languages.
    needs : (people,)
        Simultaneous service needs; 3 means three or more.
    change_after : (people,)
        Weeks after entry in which a change that is agreed ahead comes, or `NEVER`.
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
    sector: Ints
    language: Ints
    needs: Ints
    change_after: Ints
    ability: Floats
    motivation: Floats
    belief: Floats
    log_base: Floats
    months: Floats
    hazard_at_entry: Floats

    def __len__(self) -> int:
        return self.entry_week.size


Columns = dict[str, Any]


def draw_people(scenario: Scenario, draws: Draws) -> People:
    """Draw the stock of week 0 and everybody who arrives later.

    The stock is what the hazards imply for a register in a steady state: a person who stays long is
    met more often, and has been out of work for a time drawn from his or her own survival curve.
    With `unemployed_months_edges` the time is drawn from the given bands instead.
    People who come back from work are part of the inflow: as they are simulated, fewer new people
    arrive the longer the run lasts (`new_arrivals`). Arrivals are not drawn but counted out evenly.
    """
    population = scenario.population
    registered = population.registered
    inflow = Shocks.of(scenario.labour_market, scenario.run.weeks).inflow
    arrivals = np.floor(np.cumsum(new_arrivals(scenario, draws) * inflow) + 1e-9).astype(np.int64)
    people = _empty(registered + int(arrivals[-1]))
    people.entry_week[:registered] = -1
    people.entry_week[registered:] = np.repeat(
        np.arange(arrivals.size), np.diff(arrivals, prepend=0)
    )
    if population.unemployed_months_edges is None:
        _fill_with_steady_state(people, scenario, draws)
    else:
        _fill_by_bands(people, scenario, draws)
    drawing = _Drawing(scenario, draws, _INFLOW)
    for rows, ids in _blocks(registered, len(people)):
        _write(people, rows, drawing.everything(ids, np.zeros(ids.size)))
    return people


def _empty(size: int) -> People:
    """Make room for people."""
    kinds: dict[str, Any] = dict.fromkeys(("entry_week", "change_after"), np.int32)
    kinds |= dict.fromkeys(("age", "area", "sector", "language"), np.int16)
    kinds |= dict.fromkeys(("education", "scheme", "needs"), np.int8)
    columns = {f.name: np.zeros(size, dtype=kinds.get(f.name, np.float64)) for f in fields(People)}
    return People(**columns)


def _blocks(first: int, end: int) -> Iterator[tuple[slice, Ints]]:
    """Yield rows in blocks, and numbers from 0 to key their draws by."""
    for begin in range(first, end, BLOCK):
        rows = slice(begin, min(begin + BLOCK, end))
        yield rows, np.arange(rows.start - first, rows.stop - first)


def _write(people: People, rows: slice, columns: Columns) -> None:
    for name, values in columns.items():
        getattr(people, name)[rows] = values


def new_arrivals(scenario: Scenario, draws: Draws) -> Floats:
    """Return the expected new people of each week, (weeks,).

    In a steady state as many leave unemployment as enter it, so that of `inflow_per_week` the part
    that left within the last t weeks and is back by week t has been simulated; the rest is new.
    """
    population, weeks = scenario.population, scenario.run.weeks
    inflow = population.inflow_per_week
    if inflow is None:
        sample = _Drawing(scenario, draws, _INFLOW).prospects(np.arange(_SAMPLE))
        stay = float(mean_stay(scenario.labour_market, np.exp(sample["log_hazard"])).mean())
        inflow = population.registered / (stay * WEEKS_PER_MONTH)
    return inflow * still_away(scenario.labour_market, weeks)


class _Drawing:
    """Draws people's attributes, those that matter for their prospects apart from the rest.

    Parameters
    ----------
    batch
        Keeps the stock's luck apart from the inflow's.
    tilt
        Other chances for what matters to prospects; see `labsim.market.tilt`.
    """

    def __init__(self, scenario: Scenario, draws: Draws, batch: int, tilt: Tilt = UNTILTED) -> None:
        self.population, self.market = scenario.population, scenario.labour_market
        self.draws, self.batch, self.tilt = draws, batch, tilt
        self.ages = list(self.population.age.model_dump().values())
        self.educations = list(self.population.education.model_dump().values())
        self.log_age = np.log(list(self.market.age.model_dump().values()))
        self.log_education = np.log(list(self.market.education.model_dump().values()))

    def everything(self, ids: Ints, months: Floats) -> Columns:
        """Draw people who have been out of work for some months."""
        return self.complete(ids, self.prospects(ids), months)

    def prospects(self, ids: Ints) -> Columns:
        """Draw what a person's chances of work depend on."""
        population, market, tilt = self.population, self.market, self.tilt
        band = self._pick(Stream.AGE_BAND, ids, tilt.shares(self.ages, self.log_age))
        education = self._pick(
            Stream.EDUCATION, ids, tilt.shares(self.educations, self.log_education)
        )
        common = self._normal(Stream.COMMON, ids, tilt.common)
        ability = self._score(
            ids, Stream.ABILITY, tilt.ability, common, population.ability_mean,
            population.ability_sd,
        )  # fmt: skip
        motivation = self._score(
            ids, Stream.MOTIVATION, tilt.motivation, common, population.motivation_mean,
            population.motivation_sd,
        )  # fmt: skip
        log_base = self.log_age[band] + self.log_education[education]
        log_base += market.unseen_sd * self._normal(Stream.UNSEEN, ids, tilt.unseen)
        log_base += np.log(market.job_hazard_per_week * market.current.cycle)
        straight, unclipped = tilt.straight(log_base, ability, motivation), ability
        ability, motivation = np.clip(ability, 0, 10), np.clip(motivation, 0, 10)
        return {
            "band": band, "education": education, "common": common, "ability": ability,
            "motivation": motivation, "log_base": log_base, "straight": straight,
            "unclipped": unclipped,
            "log_hazard": log_base + log_scores(market, ability, motivation),
        }  # fmt: skip

    def log_weight(self, prospects: Columns, stays: StayTable) -> Floats:
        """Return logs of the chances to be kept in the stock, up to a constant."""
        weight: Floats = self.tilt.strength * prospects["straight"]
        weight += stays.log_stay(prospects["log_hazard"])
        return weight

    def complete(self, ids: Ints, prospects: Columns, months: Floats) -> Columns:
        """Draw the rest, and note the hazard after these months."""
        population = self.population
        schemes = list(population.benefit.model_dump().values())
        low, high = np.array(AGE_BANDS).T
        band = prospects["band"]
        age = low[band] + (high - low)[band] * self.draws.uniform(Stream.AGE, self.batch, ids)
        kept = {
            name: prospects[name] for name in ("education", "ability", "motivation", "log_base")
        }
        belief = self._score(
            ids, Stream.BELIEF, 0.0, prospects["common"], population.belief_mean,
            population.belief_sd,
        )  # fmt: skip
        return kept | {
            "age": age.astype(np.int16),
            "area": self._pick(Stream.AREA, ids, list(population.areas.values())),
            "scheme": self._pick(Stream.SCHEME, ids, schemes),
            "sector": self._pick(Stream.SECTOR, ids, list(population.sectors.values())),
            "language": self._pick(Stream.LANGUAGE, ids, list(population.languages.values())),
            "needs": self._needs(ids, prospects["unclipped"]),
            "change_after": self._change_after(ids),
            "belief": np.clip(belief, 0, 10),
            "months": months,
            "hazard_at_entry": np.exp(prospects["log_hazard"] - fallen(self.market, months)),
        }  # fmt: skip

    def _needs(self, ids: Ints, ability: Floats) -> Ints:
        """Draw simultaneous needs, more of them where work ability is low (a normal copula).

        The shares hold among all who enter unemployment; a register holds more who stay long.
        """
        population = self.population
        shares = list(population.needs.model_dump().values())
        if shares[0] == 1:
            return np.zeros(ids.size, dtype=np.int8)
        r, sd = population.needs_correlation, population.ability_sd
        luck = self.draws.normal(Stream.NEEDS, self.batch, ids)
        if sd > 0:
            luck = np.sqrt(1 - r**2) * luck - r * (ability - population.ability_mean) / sd
        return _category(ndtr(luck), shares)

    def _change_after(self, ids: Ints) -> Ints:
        """Draw who has a change agreed ahead, and in how many weeks from 1 on it comes."""
        after = np.full(ids.size, NEVER, dtype=np.int32)
        share, longest = self.population.known_change_share, self.population.known_change_weeks_max
        if share > 0:
            luck = self.draws.uniform(Stream.KNOWN_CHANGE, self.batch, ids)
            known = luck < share
            after[known] = 1 + np.minimum(luck[known] / share * longest, longest - 1)
        return after

    def _pick(self, stream: Stream, ids: Ints, shares: list[float]) -> Ints:
        """Draw the index of a share."""
        if len(shares) == 1:
            return np.zeros(ids.size, dtype=np.int8)
        return _category(self.draws.uniform(stream, self.batch, ids), shares)

    def _normal(self, stream: Stream, ids: Ints, shift: float) -> Floats:
        numbers = self.draws.normal(stream, self.batch, ids)
        numbers += shift
        return numbers

    def _score(
        self, ids: Ints, stream: Stream, shift: float, common: Floats, mean: float, sd: float
    ) -> Floats:
        """Draw unclipped ability, motivation or belief, each correlated with the others alike."""
        correlation = self.population.correlation
        values: Floats = np.sqrt(1 - correlation) * self._normal(stream, ids, shift)
        values += np.sqrt(correlation) * common
        values *= sd
        values += mean
        return values


def _category(uniform: Floats, shares: list[float]) -> Ints:
    """Return the index of the share that a uniform number falls into."""
    index: Ints = np.zeros(uniform.size, dtype=np.int8 if len(shares) < 128 else np.int16)
    for limit in np.cumsum(shares)[:-1]:
        index += uniform >= limit
    return index


def _fill_with_steady_state(people: People, scenario: Scenario, draws: Draws) -> None:
    """Draw people in proportion to how long each stays, and how long each has stayed."""
    market, wanted = scenario.labour_market, scenario.population.registered
    stays = StayTable(market)
    drawing, limit = _least_wasteful(scenario, draws, stays)
    first = found = 0
    while found < wanted:
        ids = np.arange(first, first + BLOCK)
        prospects = drawing.prospects(ids)
        luck = np.log(draws.uniform(Stream.STOCK, _STOCK, ids))
        kept = np.flatnonzero(luck < drawing.log_weight(prospects, stays) - limit)
        kept = kept[: wanted - found]
        prospects = {name: column[kept] for name, column in prospects.items()}
        luck = draws.uniform(Stream.DURATION, _STOCK, ids[kept])
        months = time_stayed(market, np.exp(prospects["log_hazard"]), luck)
        rows = slice(found, found + kept.size)
        _write(people, rows, drawing.complete(ids[kept], prospects, months))
        first, found = first + BLOCK, found + kept.size


def _least_wasteful(scenario: Scenario, draws: Draws, stays: StayTable) -> tuple[_Drawing, float]:
    """Return the way to draw candidates that keeps most, and the log weight kept for certain.

    Weights have no simple limit. A fifth more than the largest of a sample is taken for it: what
    lies above weighs less than 1 in 10,000 of everybody.
    """
    ways = []
    for strength in STRENGTHS:
        drawing = _Drawing(scenario, draws, _STOCK, tilt(scenario, strength))
        weights = drawing.log_weight(drawing.prospects(np.arange(_SAMPLE)), stays)
        limit = float(weights.max()) + np.log(1.2)
        ways.append((float(np.exp(weights - limit).mean()), drawing, limit))
    _, drawing, limit = max(ways, key=lambda way: way[0])
    return drawing, limit


def _fill_by_bands(people: People, scenario: Scenario, draws: Draws) -> None:
    population = scenario.population
    edges = np.array(population.unemployed_months_edges)
    shares = list(population.unemployed_months_shares or ())
    drawing = _Drawing(scenario, draws, _STOCK)
    for rows, ids in _blocks(0, population.registered):
        band = _category(draws.uniform(Stream.DURATION_BAND, _STOCK, ids), shares)
        into = draws.uniform(Stream.DURATION, _STOCK, ids)
        _write(people, rows, drawing.everything(ids, edges[band] + np.diff(edges)[band] * into))


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
