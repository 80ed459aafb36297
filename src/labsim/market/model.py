"""The Mesa model: a labour market with jobseekers, an office, providers and a purchaser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import mesa
import numpy as np

from labsim.market import jobs, moves, partnership, phases, search
from labsim.market.agentset import ColumnarAgents, JobseekerSet
from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.away import WeeksAway
from labsim.market.benefits import BenefitRoll, benefit_tables
from labsim.market.coaching import responsiveness
from labsim.market.draws import Draws
from labsim.market.drift import FIRST_YEAR
from labsim.market.employers import Employers
from labsim.market.jobs import NEVER, exit_share
from labsim.market.jobseekers import Jobseekers, Spells
from labsim.market.ledger import Ledger
from labsim.market.milestones import Milestones
from labsim.market.money import JobHours
from labsim.market.office import TEOffice
from labsim.market.outcomes import ClientSpells, Windows
from labsim.market.people import EDUCATION, People, draw_people
from labsim.market.periods import Periods
from labsim.market.places import Places
from labsim.market.pricing import expectations, most_referred, price_list
from labsim.market.procurement.bidders import bidders
from labsim.market.provider import Provider
from labsim.market.purchaser import Purchaser
from labsim.market.service import Arrivals
from labsim.market.shocks import Shocks
from labsim.market.states import Stage, State
from labsim.scenario.schema import Scenario

Observer = Callable[["LabourMarket"], None]
_SEED_LIMIT = 2**31
EXIT_STATES = (
    State.EMPLOYED,
    State.STUDYING,
    State.SUBSIDISED,
    State.ENTREPRENEUR,
    State.OUTSIDE,
)
"""Where people go who leave unemployment; jobs first."""


class LabourMarket(ColumnarAgents, mesa.Model):
    """The simulated market; one step is one week.

    Parameters
    ----------
    setup
        The scenario, with the design's contract; a shipped id or a path is loaded.
    replication
        Number of the replication; with the scenario's seed it fixes people and luck.
    service
        ``False`` gives the twin: the same people and luck without any service.
    people
        People drawn before, to save drawing them again; they must belong to this seed and
        replication.
    observers
        Called with the model at the end of every week; they may read, not change.
    rng
        Seed instead of the scenario's (Mesa's name for it).
    """

    def __init__(
        self,
        *,
        setup: Scenario | str = "finland",
        replication: int = 0,
        service: bool = True,
        people: People | None = None,
        observers: Sequence[Observer] = (),
        rng: int | None = None,
    ) -> None:
        self.setup = self.tender = _loaded(setup)
        seed = self.setup.run.seed if rng is None else int(rng)
        super().__init__(rng=seed % _SEED_LIMIT)
        self.service, self.observers = service, tuple(observers)
        self.draws = Draws(seed, replication)
        if self.tender.procurement.tendered or self.tender.procurement.coach_bar:
            field = bidders(self.tender, self.draws)
            self.setup = self.tender.model_copy(update={"providers": field})
        self.people = draw_people(self.setup, self.draws) if people is None else people
        self.columns = Jobseekers.of(self.people, self.setup.finance)
        self.spells = Spells(len(self.people))
        self.week, self.weeks = -1, self.setup.run.weeks
        self.ledger = Ledger(self.weeks)
        self._prepare_rules()
        self._prepare_agents()
        self._prepare_counts()

    def _prepare_rules(self) -> None:
        market = self.setup.labour_market
        population = self.setup.population
        self.areas, self.sectors = list(population.areas), list(population.sectors)
        self.names = {
            "areas": self.areas, "sectors": self.sectors, "languages": list(population.languages)
        }  # fmt: skip
        self.segments = len(self.areas) * len(EDUCATION) * len(self.sectors)
        self.segment: Ints = self.people.area * len(EDUCATION) + self.people.education
        if len(self.sectors) > 1:
            self.segment = self.segment.astype(np.int64) * len(self.sectors) + self.people.sector
        exits = [exit_share(market, state) for state in EXIT_STATES]
        self.exit_states, self.exit_codes = EXIT_STATES, np.array(EXIT_STATES, dtype=np.int8)
        self._exit_ratios: Floats = np.array(exits) / exits[0]
        coaching = self.setup.coaching
        self.responses: Floats = np.array(
            [
                1.0,
                coaching.education_response,
                coaching.subsidised_response,
                coaching.business_response,
                coaching.inactivity_response,
            ]
        )
        self.elasticity = search.local_elasticity(market)
        self.reference_search = self._search_at_first()
        self.vacancy_factor: Floats = np.ones(self.segments)
        self.shocks = Shocks.of(market, self.weeks)
        self.reference_hazard = float(np.median(self.people.hazard_at_entry))
        self.periods = Periods.of(self.setup)
        self._prepare_ends()
        self._prepare_drift()
        self.work_condition_weeks = self.setup.finance.current.work_condition_weeks
        self.benefit_tables = benefit_tables(self.setup.finance)
        self.benefit_roll = BenefitRoll(self.benefit_tables, self.weeks)
        self.job_hours = JobHours()
        self.prices = price_list(self.tender)
        if self.tender.procurement.tendered:
            shape = len(self.periods), len(self.setup.providers)
            self.prices = [replace(price, bids=np.ones(shape)) for price in self.prices]
        self.expectations = expectations(self.tender)
        self.most_referred = most_referred(self.tender)

    def _prepare_ends(self) -> None:
        """Lay out how long spells last, by state and by law."""
        market, other = self.setup.labour_market, self.setup.labour_market.other_spells
        # Providers look ahead to the last milestone, whether or not the run gets there.
        longest = max(self.weeks, self.last_payable_week)
        self.ending_hazards = jobs.ending_hazards(market, longest + 1)
        self.cumulative_hazards: Floats = np.cumsum(self.ending_hazards, axis=1)
        self.length_of_spell: Ints = np.full(len(State), NEVER, dtype=np.int32)
        self.length_of_spell[State.STUDYING] = other.education_weeks
        self.length_of_spell[State.SUBSIDISED] = other.subsidised_weeks
        self.law_of_state: Ints = np.zeros(len(State), dtype=np.int64)
        for state, law in moves.LAWS.items():
            self.law_of_state[state] = law

    def _prepare_drift(self) -> None:
        """Note how fast motivation falls, and the months after which nothing does."""
        market, coaching = self.setup.labour_market, self.setup.coaching
        loss = coaching.motivation_loss_sd_first_year * self.setup.population.motivation_sd
        self.motivation_loss_per_month = loss / FIRST_YEAR
        self.falling_months = max(FIRST_YEAR, market.duration_decay_months)

    def _search_at_first(self) -> Floats:
        """Return the search that would make each segment as tight as the labour market's setting.

        It is the search of week 0 without a service, times the segment's vacancies per jobseeker
        relative to the whole market's: where these are scarce, people crowd each other from the
        start (M-REF-10, M-LAB-02). People are drawn as if they were alike everywhere.
        """
        here = self.people.entry_week <= 0
        search = self.sum_by_segment(self.segment[here], self.people.hazard_at_entry[here])
        return search * self.vacancies_per_jobseeker

    @property
    def vacancies_per_jobseeker(self) -> Floats:
        """Return vacancies per jobseeker relative to the whole market's, (segments,)."""
        given = self.setup.labour_market.vacancies
        by_area = np.array([given.areas.get(name, 1.0) for name in self.areas])
        by_sector = np.array([given.sectors.get(name, 1.0) for name in self.sectors])
        return np.kron(np.repeat(by_area, len(EDUCATION)), by_sector)

    def _prepare_agents(self) -> None:
        self.office = TEOffice(self)
        self.milestones, self.away = Milestones(self), WeeksAway(self)
        self.providers = [
            Provider(self, number, terms) for number, terms in enumerate(self.setup.providers)
        ]
        self.purchaser = Purchaser(self)
        self.employers = Employers(self)
        self.places = Places(self)
        self.places.award(0)
        self.referred: Ints = np.zeros(0, dtype=np.int64)
        self.started: Ints = np.zeros(0, dtype=np.int64)
        self.arrivals, self._ended = Arrivals.none(), list[Ints]()
        self.served: Ints = np.zeros(0, dtype=np.int64)
        self.starters: Ints = np.zeros(0, dtype=np.int64)
        self.unemployed: Ints = np.zeros(0, dtype=np.int64)
        self.arrived_before = self.arrived = 0
        self.came: Ints = np.zeros(0, dtype=np.int64)
        self.came_back: Ints = np.zeros(0, dtype=np.int64)
        self.new_in_group: Ints = np.zeros(0, dtype=np.int64)
        self.referred_so_far = self.started_so_far = 0
        self._client_rows: list[Ints] = []
        self._client_spells: tuple[tuple[int, int, int], ClientSpells] | None = None

    def _prepare_counts(self) -> None:
        self.flows: dict[str, np.ndarray[Any, Any]] = {
            name: np.zeros(self.weeks, dtype=np.int64) for name in phases.COUNTS
        } | {name: np.zeros(self.weeks) for name in phases.MEASURES}
        self.datacollector = mesa.DataCollector(
            model_reporters={name: partial(_this_week, name=name) for name in self.flows}
        )

    @property
    def jobseekers(self) -> JobseekerSet:
        """Everybody who has arrived on the register, as a Mesa agent set over columns."""
        return JobseekerSet(
            self.columns, self, np.flatnonzero(self.columns.entry_week <= self.week)
        )

    def step(self) -> None:
        """Simulate one week: the phases of `labsim.market.phases.SCHEDULE`, in order."""
        self.week += 1
        self.started = self.new_in_group = np.zeros(0, dtype=np.int64)
        self.arrivals, self._ended = Arrivals.none(), []
        if self.period != self.periods.at(self.week - 1):
            self.places.award(self.period)
        for phase in phases.SCHEDULE:
            phase.run(self)
        self.running = self.week + 1 < self.weeks

    # What phases and agents ask of the market

    @property
    def period(self) -> int:
        """Number of the contract that is on, or comes next."""
        return self.periods.at(self.week)

    @property
    def contract_start(self) -> int:
        """First week of service of the contract that is on, or comes next."""
        return int(self.periods.start[self.period])

    @property
    def contract_end(self) -> int:
        """First week after that contract's service."""
        return int(self.periods.end[self.period])

    @property
    def last_payable_week(self) -> int:
        """Last week in which any contract pays anything."""
        return self.periods.last_week_paid

    def last_payable(self, persons: Ints) -> Ints:
        """Return the last week in which anything is paid for each client, (n,)."""
        weeks: Ints = self.periods.last_payable[self.columns.contract[persons]]
        return weeks

    def pays_now(self) -> bool:
        """Whether the contract that is on, or comes next, is not past its last payable week."""
        return self.week <= int(self.periods.last_payable[self.period])

    @property
    def after_gap(self) -> bool:
        """Whether the contract that is on, or comes next, follows a time without one."""
        return self.period > 0 and self.periods.gap > 0

    @property
    def referral_round(self) -> int:
        """Number of the contract that people are referred to now, each as early as the first."""
        first = self.setup.referral.start_week
        begun = first + self.periods.start - self.periods.start[0] <= self.week
        return max(int(begun.sum()) - 1, 0)

    @property
    def serving(self) -> list[Provider]:
        """Providers in business that hold a contract: the first if there is no choice."""
        return [
            self.providers[number] for number in self.places.holders if self.in_business(number)
        ]

    def in_business(self, number: int) -> bool:
        """Whether a provider serves clients."""
        return self.providers[number].in_business

    def arrived_by(self, week: int) -> int:
        """Return how many people have come to the register by a week; rows are in that order."""
        entry = self.columns.entry_week
        return int(np.searchsorted(entry, entry.dtype.type(week), side="right"))

    def in_stage(self, stage: Stage) -> Ints:
        """Return the ids of people at a stage that follows a referral, in order."""
        at_it: Ints = self.referred[self.columns.stage[self.referred] == stage.value]
        return at_it

    def contract_is_on(self) -> bool:
        """Whether clients can be served this week."""
        return self.service and self.contract_start <= self.week < self.contract_end

    def count(self, name: str, number: int) -> None:
        """Add to this week's count."""
        self.flows[name][self.week] += number

    def measure(self, name: str, value: float) -> None:
        """Add to this week's measure."""
        self.flows[name][self.week] += value

    def separation_factor(self, persons: Ints, of_provider: Bools) -> Floats:
        """Return the factors on the hazards of losing jobs that people begin or have.

        ``exp(-gain * q)`` for jobs that a provider found, q being its choice of durability now.
        """
        gain = self.setup.coaching.durability_gain
        factor, theirs = np.ones(persons.size), np.flatnonzero(of_provider)
        lasting = np.exp([-gain * provider.durability for provider in self.providers])
        factor[theirs] = lasting[self.columns.provider[persons[theirs]]]
        return factor

    def own_hazard(self, persons: Ints) -> Floats:
        """Return the true weekly job hazards of unemployed people, without service and crowding."""
        columns = self.columns
        return search.job_hazard(
            self.setup.labour_market,
            columns.log_base[persons],
            columns.ability[persons],
            columns.motivation[persons],
            columns.months_out(persons, self.week),
        )

    def responsiveness(self, clients: Ints, hazard: Floats) -> Floats:
        """Return what full coaching can do for each client of a given job hazard, (n,).

        Less what is lost where the client is handed over from service to service.
        """
        columns = self.columns
        return responsiveness(
            self.setup.coaching,
            columns.ability[clients],
            columns.motivation[clients],
            hazard,
            self.reference_hazard,
        ) * partnership.kept_of_clients(self, clients)

    def exit_rates(self, job_hazard: Floats) -> Floats:
        """Return hazards by kind of exit, (kinds, n), for job hazards without a service."""
        rates: Floats = self._exit_ratios[:, None] * job_hazard
        return rates

    def sum_by_segment(self, segment: Ints, values: Floats) -> Floats:
        """Return sums over people who compete with each other, (segments,)."""
        return np.bincount(segment, values, minlength=self.segments).astype(np.float64)

    def crowding(self, effective_search: Floats) -> Floats:
        """Return the factor on job hazards by segment, given this week's search and vacancies."""
        ratio = np.divide(
            self.reference_search * self.vacancy_factor,
            effective_search,
            out=np.ones(self.segments),
            where=(effective_search > 0) & (self.reference_search > 0),
        )
        gamma = self.setup.labour_market.tightness_exponent
        return search.crowding(ratio, self.elasticity, gamma)

    def note_client_spells(self, rows: Ints) -> None:
        """Remember which rows of the spell log belong to people who have started the service."""
        if rows.size:
            self._client_rows.append(rows)

    def note_end(self, persons: Ints) -> None:
        """Remember that the service of these people has ended this week."""
        self._ended.append(persons)

    def ended(self) -> Ints:
        """Return the ids of people whose service has ended this week, in order."""
        return np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *self._ended]))

    def windows(self) -> Windows:
        """Return the service windows of everybody."""
        columns, short = self.columns, self.setup.contract.short_spell_weeks
        return Windows(columns.service_start, columns.service_limit, short)

    def client_spells(self) -> ClientSpells:
        """Return the clients' spells since their start, open ones as lasting through this week."""
        state_of_log = self.week, self.spells.changes, len(self._client_rows)
        if self._client_spells is None or self._client_spells[0] != state_of_log:
            self._client_spells = state_of_log, self._read_client_spells()
        return self._client_spells[1]

    def _read_client_spells(self) -> ClientSpells:
        rows = np.concatenate([np.zeros(0, dtype=np.int64), *self._client_rows])
        column = self.spells.column
        return ClientSpells(
            column("person")[rows],
            column("begin")[rows],
            np.minimum(column("end")[rows], self.week + 1),
            column("state")[rows],
            column("hours_share")[rows],
            column("job_kind")[rows],
        )


def _loaded(setup: Scenario | str) -> Scenario:
    if isinstance(setup, Scenario):
        return setup
    from labsim.scenario import load

    return load(setup).scenario


def _this_week(market: LabourMarket, name: str) -> int | float:
    value = market.flows[name][market.week]
    return value.item()  # type: ignore[no-any-return]
