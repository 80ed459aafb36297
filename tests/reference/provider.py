"""A provider of the plain model: weighs its clients, its jobs and its staff one by one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import mesa

from labsim.market.draws import Stream
from labsim.scenario.sections.providers import Provider as ProviderTerms
from tests.reference import measures, rules
from tests.reference.institutions import completes
from tests.reference.rules import EXITS, NEVER, WEEKS_PER_MONTH, Price, Terms, Wish

if TYPE_CHECKING:
    from tests.reference.plain import Jobseeker, PlainMarket, Spell

QUARTER = 13
SPEED_TO_DURABILITY = [tenths / 10 for tenths in range(11)]


@dataclass
class Prospects:
    """What a provider believes of a client; euros."""

    person: Jobseeker
    rates: dict[str, float]
    """Hazards of leaving, by where to, without coaching."""
    fees: dict[str, float]
    """Outcome fees of leaving now, by where to, jobs as lasting as the provider's own."""
    anyway: dict[str, float]
    """The same with jobs as lasting as those found alone."""
    weeks_left: float
    """Weeks until the last window of any outcome fee closes."""
    service_left: float
    month_fee: float
    """Month fees of a week of service."""
    hour_fee: float
    stay: float
    """What a week of staying brings, less its cost."""
    days: list[measures.ByDay]
    """What fees by the day make of exits; with its own jobs, it is in the fees above, too."""

    @property
    def leaving(self) -> float:
        return math.fsum(self.rates.values())

    def hoped(self, weeks: float) -> float:
        """Return the fees of exits in so many weeks, if nobody coaches the client."""
        days = [self._of_days(each, min(weeks, each.weeks)) for each in self.days]
        return self.of_outcomes(weeks) + math.fsum(days)

    def hoped_after(self, weeks: float) -> float:
        """Return the fees of exits from then on."""
        days = [self._of_days(each, max(each.weeks - weeks, 0)) for each in self.days]
        return self.of_outcomes(self.weeks_left - weeks) + math.fsum(days)

    def of_outcomes(self, weeks: float) -> float:
        """Return the outcome fees of so many weeks, if nobody coaches the client."""
        if self.leaving == 0 or weeks <= 0:
            return 0.0
        per_exit = math.fsum(self.rates[state] * self.anyway[state] for state in EXITS)
        return per_exit / self.leaving * -math.expm1(-self.leaving * weeks)

    def _of_days(self, fee: measures.ByDay, weeks: float) -> float:
        """Return what a fee by the day brings in so many weeks; exits bring less every week."""
        if weeks <= 0:
            return 0.0
        out = self.leaving
        gone = -math.expm1(-out * weeks) / out
        lost = (gone - weeks * math.exp(-out * weeks)) / out / fee.weeks
        return (gone - lost) * math.fsum(self.rates[s] * fee.anyway[s] for s in EXITS)

    def staying(self, weeks: float) -> float:
        """Return how many of so many weeks the client is expected to stay."""
        weeks = max(weeks, 0)
        return weeks if self.leaving == 0 else -math.expm1(-self.leaving * weeks) / self.leaving

    def forfeited(self) -> float:
        """Return what a placement now forfeits: fees that come anyway, and what staying brings."""
        return self.hoped_after(1) + self.stay * self.staying(self.service_left - 1)


@dataclass
class PendingJob:
    """A former client's job with paid milestones ahead: euros of each, and chance to reach it."""

    person: Jobseeker
    milestones: dict[str, tuple[float, float]]
    """By the fee's name."""

    @property
    def hoped(self) -> float:
        return math.fsum(euros * chance for euros, chance in self.milestones.values())


class Provider(mesa.Agent):
    """Staffs, and divides the hours of its coaches among its clients and their jobs."""

    model: PlainMarket

    def __init__(self, model: PlainMarket, number: int, terms: ProviderTerms) -> None:
        super().__init__(model)
        self.number, self.terms = number, terms
        self.coaches = self.durability = self.receivables = self.idle_hours = 0.0
        self.optimism, self.solvent, self.breaches = terms.optimism, True, 0
        self.withdrawn, self.losing, self.open_books = False, 0.0, 0
        self._income = self._per_hour = 0.0
        self.support: dict[int, float] = {}
        self._hopes: list[tuple[Jobseeker, str, float]] = []
        self.bought = self.promised = self.opening_cash = 0.0
        self.capital = False
        self.held: list[rules.Period] = []
        self._away: dict[tuple[str, float], list[float]] = {}
        self._lasting = {q: self._chances(q) for q in SPEED_TO_DURABILITY}

    def remote_share(self) -> float:
        """Return how much of its contact is remote now."""
        return max(self.terms.remote_share, self.model.shocked("remote"))

    @property
    def name(self) -> str:
        return self.terms.name

    @property
    def in_business(self) -> bool:
        return self.solvent and not self.withdrawn

    @property
    def coach_eur(self) -> float:
        """What a coach costs it, when an alliance bears its part."""
        terms = self.model.setup.procurement
        borne = terms.alliance_share if terms.procedure == "alliance" else 0.0
        return self.terms.coach_week_eur * (1 - borne)

    @property
    def holds(self) -> bool:
        """Whether it holds the contract that is on, or comes next."""
        return self.number in self.model.holders

    def begin(self, period: rules.Period) -> None:
        """Promise coaches for a contract that it holds; others get no clients, and promise none."""
        self.bought = self.promised = 0.0
        if self.holds:
            self._promise()
            self.held.append(period)
        self._find_capital()

    def _find_capital(self) -> None:
        """Have money for some weeks of its coaches, and of its firms, with the first contract."""
        model, terms = self.model, self.terms
        tendered = model.setup.procurement.tendered
        if self.capital or (tendered and not self.holds):
            return
        self.capital = True
        firms = model.setup.employers.firms / len(model.holders if tendered else model.providers)
        hour = terms.coach_week_eur / terms.client_hours_per_coach_week
        firms *= model.firms.hours_at(hour) * hour
        self.opening_cash = terms.cash_weeks * (self.promised * terms.coach_week_eur + firms)

    def _promise(self) -> None:
        model, terms, sharing = self.model, self.terms, self.model.shares_among(self.number)
        coach_months = [price.coaches for price in model.prices if price.fee.on == "coach-month"]
        self.bought = math.fsum(coach_months) / sharing
        promised = terms.promised_coaches
        if promised is None:
            promised = model.expected_clients / sharing / terms.planned_caseload
        self.promised = self.bought or promised

    def _practice(self) -> float:
        """Return the weeks of practice: those of each contract, fading in the weeks after it."""
        fading, model = self.model.setup.procurement.gap_fading, self.model
        weeks, before = 0.0, None
        for period in self.held:
            if before is not None:
                weeks += before.end - before.start
                weeks *= (1 - fading) ** (period.start - before.end)
            before = period
        return weeks + max(model.week - model.period.start, 0)

    @property
    def frailty(self) -> float:
        """Factor on the hazard of losing the jobs that it finds now."""
        return self._frailty(self.durability)

    def _frailty(self, durability: float) -> float:
        return math.exp(-self.model.setup.coaching.durability_gain * durability)

    def _chances(self, durability: float) -> dict[str, dict[str, float]]:
        """Return by fee and state the chance that a new spell earns the fee."""
        factor = self._frailty(durability)
        chances = {}
        for price, terms in self.model.outcome_prices:
            chances[price.key] = {
                state: rules.chance_to_last(self.model.setup.labour_market, state, terms, factor)
                for state in terms.states
            }
        return chances

    def weeks_away(self, state: str, durability: float) -> list[float]:
        """Return the expected weeks in a new spell of the first 0, 1, ... weeks."""
        if (state, durability) not in self._away:
            model = self.model
            longest = max(model.periods[-1].last_paid, model.weeks) + 1
            self._away[state, durability] = rules.weeks_in_spell(
                model.setup.labour_market, state, longest, self._frailty(durability)
            )
        return self._away[state, durability]

    @property
    def least_hours(self) -> float:
        return max(self.terms.hours_min, self.model.setup.contract.minimum_hours)

    @property
    def skill(self) -> float:
        """Skill, less what a new service has not learnt and what looking for durability costs."""
        coaching = self.model.setup.coaching
        months = self._practice() / WEEKS_PER_MONTH
        unlearnt = coaching.startup_loss * math.exp(-months / coaching.startup_months)
        return self.terms.skill * (1 - unlearnt) * (1 - coaching.durability_cost * self.durability)

    def clients(self) -> list[Jobseeker]:
        return [
            person
            for person in self.model.everybody
            if person.stage == "in_service" and person.provider == self.number
        ]

    # The week

    def give_hours(self) -> None:
        """Look at all clients and jobs, choose, staff, pay, and give hours.

        Everything is weighed with the durability, the coaches and the optimism of the week before.
        """
        clients = self.clients() if self.in_business else []
        prospects = [self.prospects(person, len(clients)) for person in clients]
        self._choose_durability(prospects)
        jobs = self._pending_jobs() if self.in_business else []
        self._hopes = [
            (each.person, "", self.optimism * each.hoped_after(0)) for each in prospects
        ] + [
            (job.person, name, euros * chance)
            for job in jobs
            for name, (euros, chance) in job.milestones.items()
        ]
        self.receivables = math.fsum(euros for _, _, euros in self._hopes)
        self._staff(prospects)
        self._pay_costs()
        self._divide(prospects, jobs)

    def _divide(self, prospects: list[Prospects], jobs: list[PendingJob]) -> None:
        coaching = self.model.setup.coaching
        support = coaching.support_saturation_hours
        least, most = self.least_hours, max(self.terms.hours_max, self.least_hours)
        wishes = [
            Wish(worth, least, most, coaching.saturation_hours_per_week)
            for worth in self._worth(prospects)
        ] + [Wish(self._job_worth(job), self._least_support(job), most, support) for job in jobs]
        total = self.coaches * self.terms.client_hours_per_coach_week
        hours, breach = rules.water_fill(wishes, total, self.model.margins)
        self.breaches += breach
        self.idle_hours = max(total - math.fsum(hours), 0.0)
        for each, given in zip(prospects, hours[: len(prospects)], strict=True):
            each.person.served, each.person.hours = True, given
            each.person.hours_total += given
        supported = zip(jobs, hours[len(prospects) :], strict=True)
        self.support = {job.person.number: given for job, given in supported}
        for job in jobs:
            job.person.support_hours = self.support[job.person.number]
            job.person.support_total += job.person.support_hours

    def _least_support(self, job: PendingJob) -> float:
        """Return the least hours of a job: the contract's, where a fee ahead asks for support."""
        asks = any(
            terms.in_work and job.milestones.get(price.key, (0.0, 0.0))[0] > 0
            for price, terms in self.model.outcome_prices
        )
        return self.model.setup.contract.minimum_hours if asks else 0.0

    def _hope_without_what_was_met(self) -> float:
        """Leave out milestones met this week, and clients who left the service by meeting one."""
        met = self.model.purchaser.met
        now = {key for key, week in met.items() if week == self.model.week}
        people = {number for _, number in now}
        return math.fsum(
            euros
            for person, name, euros in self._hopes
            if ((name, person.number) not in now if name else person.number not in people)
        )

    # Beliefs

    def prospects(self, person: Jobseeker, clients: int) -> Prospects:
        """Return what it believes of a client, or of one about to start."""
        model, terms = self.model, self.terms
        error = terms.belief_noise_sd * person.draw_normal(Stream.BELIEF_OF_PROVIDER)
        error += terms.office_picture_weight * person.office_error
        error /= math.sqrt(1 + person.hours_total / 4)
        hazard = person.own_hazard() * math.exp(error)
        weeks_left = 0.0
        fees, anyway = dict.fromkeys(EXITS, 0.0), dict.fromkeys(EXITS, 0.0)
        nearest = min(SPEED_TO_DURABILITY, key=lambda q: abs(q - self.durability))
        for price, asked in model.outcome_prices:
            left, name = self._weeks_to_begin(asked, person), price.key
            weeks_left = max(weeks_left, left)
            if left <= 0 or asked.nth:
                continue
            for state in asked.states:
                fees[state] += self._lasting[nearest][name][state] * self._hopes_for(price, person)
                anyway[state] += self._lasting[0.0][name][state] * self._hopes_for(price, person)
        days = measures.by_day(self, person, nearest)
        for each in days:
            for state in EXITS:
                fees[state] += each.euros[state]
        month_fee = self._metered("month", person) / WEEKS_PER_MONTH
        month_fee += self._units_a_week(person)
        hour_fee = self._metered("hour", person)
        hours = self.coaches * terms.client_hours_per_coach_week / max(clients, 1)
        return Prospects(
            person,
            {state: ratio * hazard for state, ratio in model.exit_ratios.items()},
            fees,
            anyway,
            weeks_left,
            person.service_limit - model.week,
            month_fee,
            hour_fee,
            self.terms.keeps_clients * (month_fee + hour_fee * hours - self._cost_of_staying()),
            days,
        )

    def _hopes_for(self, price: Price, person: Jobseeker) -> float:
        """Return the euros that meeting a fee's terms brings, if proved, and money is left."""
        if (price.fee.name, person.number) in self.model.purchaser.ended:
            return 0.0
        proved = rules.chance_paid(self.model.setup.contract, price.fee)
        return _euros(price, person) * proved * self.model.purchaser.chance_of_money

    def _metered(self, kind: str, person: Jobseeker) -> float:
        """Return the euros per unit of the fees of a kind that are still paid for a client."""
        paid = self.model.purchaser.still_paid
        prices = [price for price in self.model.prices if price.fee.on == kind]
        return math.fsum(_euros(price, person) for price in prices if paid(price, person))

    def _units_a_week(self, person: Jobseeker) -> float:
        """Return the euros of units by the week: all of them, evenly until the last."""
        found, longest = 0.0, self.model.setup.contract.service_weeks_max
        for price in self.model.prices:
            if price.fee.on == "unit" and self.model.purchaser.still_paid(price, person):
                weeks = rules.unit_weeks(price.fee, longest)
                found += _euros(price, person) * len(weeks) / (max(weeks, default=0) + 1)
        return found

    def _cost_of_staying(self) -> float:
        """Return what serving a client costs a week: a place on a coach's list, used or planned."""
        if self.bought:
            return 0.0
        coach, clients = self.coach_eur, len(self.clients())
        return min(coach / self.terms.planned_caseload, coach * self.coaches / max(clients, 1))

    def _weeks_to_begin(self, terms: Terms, person: Jobseeker) -> float:
        """Return the weeks, this one included, in which an outcome may begin and still be paid."""
        contract = self.model.setup.contract
        payable = self.model.periods[person.contract].last_paid - rules.lag_weeks(contract)
        last_begin = min(
            person.service_limit + terms.start_grace - 1,
            person.service_limit + terms.completion_grace - terms.weeks,
            payable - terms.weeks + 1,
        )
        return last_begin - self.model.week + 1

    def _pending_jobs(self) -> list[PendingJob]:
        """Return the jobs of former clients with paid milestones ahead."""
        found = []
        for person in self.model.everybody:
            if person.provider == self.number and person.state == "employed":
                milestones = {
                    price.key: (
                        self._hopes_for(price, person),
                        self._chance_to_reach(terms, person),
                    )
                    for price, terms in self.model.outcome_prices
                    if self._is_pending(price, terms, person)
                }
                if milestones:
                    found.append(PendingJob(person, milestones))
        return found

    def weeks_short(self, person: Jobseeker) -> float:
        """Return the weeks that a fixed term lacks to the next milestone that would be paid."""
        lacking = [
            completes(person, terms) + 1 - person.term_end
            for price, terms in self.model.outcome_prices
            if self._is_pending(price, terms, person)
        ]
        return min((weeks for weeks in lacking if weeks > 0), default=NEVER)

    def _is_pending(self, price: Price, terms: Terms, person: Jobseeker) -> bool:
        """Whether a present job may still earn a fee: it fits, and the milestone lies ahead."""
        model, contract, spell = self.model, self.model.setup.contract, person.spells[-1]
        if "employed" not in terms.states or spell.hours_share < terms.min_hours:
            return False
        if self._hopes_for(price, person) == 0:
            return False
        if (price.key, person.number) in model.purchaser.met:
            return False
        if terms.nth and not model.purchaser.comes_next(price, person):
            return False
        service_end = min(person.service_limit, person.first_exit + 1)
        last = model.periods[person.contract].last_paid - rules.lag_weeks(contract)
        complete = completes(person, terms)
        return (
            spell.begin < service_end + terms.start_grace
            and complete < person.service_limit + terms.completion_grace
            and model.week <= complete <= last
        )

    def _chance_to_reach(self, terms: Terms, person: Jobseeker) -> float:
        """Return the chance that a present job lasts through the milestone's week."""
        spell = person.spells[-1]
        complete = completes(person, terms)
        if person.term_end <= complete:
            return 0.0
        weeks = range(max(self.model.week, spell.begin + 1), complete + 1)
        return math.prod(1 - self._chance_to_lose(spell, week) for week in weeks)

    def _chance_to_lose(self, spell: Spell, week: int) -> float:
        """Return the chance that a job ends in a week, its term left aside.

        It takes every job that it has found for one of the kind that it looks for now.
        """
        jobs = self.model.setup.labour_market.jobs
        loses = min(rules.separation(jobs, spell.kind, week - spell.begin), 1)
        return 1 - (1 - loses) ** (self.frailty if spell.of_provider else 1)

    # Worth of an hour

    def _response(self, each: Prospects) -> float:
        person = each.person
        return (
            rules.responsiveness(
                self.model.setup.coaching,
                person.ability,
                person.motivation,
                each.rates["employed"],
                self.model.reference_hazard,
            )
            * person.kept()
        )

    def _worth(self, prospects: list[Prospects]) -> list[float]:
        """Return what a fully served week of each client is worth, in euros."""
        responses = [self._response(each) for each in prospects]
        needs = [1 / max(response, 0.25) for response in responses]
        mean_need = math.fsum(needs) / max(len(needs), 1)
        found = []
        for each, response, need in zip(prospects, responses, needs, strict=True):
            placed = {state: self.model.responses[state] * each.rates[state] for state in EXITS}
            gains = math.fsum(placed[state] * each.fees[state] for state in EXITS)
            gains += self.terms.mission_eur * need / mean_need
            loses = math.fsum(placed.values()) * each.forfeited()
            full = self.model.setup.coaching.max_uplift * self.skill * response
            if full > 0:
                self.model.margins.below(loses, gains, "a worth above nothing")
            found.append((gains - loses) * full + measures.experience(self, each))
        return found

    def _job_worth(self, job: PendingJob) -> float:
        """Return what full support of a job is worth this week: what it keeps from being lost."""
        losing = self._chance_to_lose(job.person.spells[-1], self.model.week)
        return losing * self.model.setup.coaching.support_effect * job.hoped

    def _choose_durability(self, prospects: list[Prospects]) -> None:
        """Once a quarter, choose what pays best over the present clients."""
        week, start = self.model.week, self.model.period.start
        if not prospects or (week - start) % QUARTER != 0:
            return
        placed = [
            (each.person, self._response(each) * each.rates["employed"]) for each in prospects
        ]
        pays = dict.fromkeys(SPEED_TO_DURABILITY, 0.0)
        for price, terms in self.model.outcome_prices:
            euros = math.fsum(
                rate * self._hopes_for(price, person)
                for person, rate in placed
                if self._weeks_to_begin(terms, person) > 0
            )
            for q in pays:
                if not terms.nth:
                    pays[q] += euros * self._lasting[q][price.key].get("employed", 0.0)
        cost = self.model.setup.coaching.durability_cost
        pays = {q: (1 - cost * q) * pay for q, pay in pays.items()}
        self.durability = rules.first_best(pays, self.model.margins)

    # Staff

    def _staff(self, prospects: list[Prospects]) -> None:
        """Set this week's coaches: bought ones, or what pays, reached step by step."""
        model, terms, procurement = self.model, self.terms, self.model.setup.procurement
        after_gap = model.period.number > 0 and model.period.gap > 0
        self.losing = 0.0
        if not (self.in_business and self.holds and model.contract_is_on()):
            waiting = model.service and self.in_business and self.holds and after_gap
            self.coaches *= 1 - procurement.gap_leaving if waiting else 0
            return
        if self.bought:
            self.coaches = self.bought
            return
        self.optimism = rules.learnt_optimism(terms, self._results())
        wanted = self._wanted_coaches(prospects)
        weeks_on, floor = model.week - model.period.start, 0.0
        if weeks_on < terms.promise_weeks:
            floor = terms.promise_share * self.promised
        hiring = terms.hiring_per_week
        if after_gap:  # there is nobody to take over: even the promise is hired person by person
            wanted = max(wanted, floor)
            hiring *= procurement.rebuild_hiring if weeks_on < procurement.rebuild_weeks else 1
        pace = hiring if wanted > self.coaches else terms.cutting_per_week
        self.coaches += pace * (wanted - self.coaches)
        if not after_gap:
            self.coaches = max(self.coaches, floor)
        self.losing = self._loss()

    def _loss(self) -> float:
        """Return what this week is believed to cost more than it brings."""
        fixed, hours = self.terms.fixed_cost_share, self.terms.client_hours_per_coach_week
        team = (1 - fixed) * self.coaches + fixed * max(self.promised, self.coaches)
        return self.coach_eur * team - self._income - self._per_hour * self.coaches * hours

    def _wanted_coaches(self, prospects: list[Prospects]) -> float:
        self._income = self._per_hour = 0.0
        if not prospects:
            return 0.0
        longest = self.model.setup.contract.service_weeks_max
        sure = math.fsum(
            each.month_fee + self._once(each.person) / max(each.staying(longest), 1.0)
            for each in prospects
        )
        hoped = math.fsum(each.hoped(1) for each in prospects)
        per_hour = math.fsum(each.hour_fee for each in prospects) / len(prospects)
        self._income, self._per_hour = sure + self.optimism * hoped, per_hour
        return rules.wanted_coaches(
            self.terms.model_copy(update={"coach_week_eur": self.coach_eur}),
            len(prospects),
            self._income,
            per_hour,
            self.least_hours,
            self.model.margins,
        )

    def _once(self, person: Jobseeker, *, to_come: bool = False) -> float:
        """Return what a client brings once: when starting, and when the service ends."""
        found, pricing = 0.0, self.model.pricing
        for price in self.model.prices:
            if to_come and not self.model.purchaser.affords(price, person):
                continue
            if price.fee.on == "start":
                found += _euros(price, person)
            elif price.fee.on == "referral" and not to_come:
                cents = measures.nobodys_cents(self.model, price, self.number, person.contract)
                found += cents / 100 / pricing.acceptance
            elif price.fee.on in ("feedback", "progress") and price.fee.instrument != "firms":
                found += _euros(price, person) * pricing.units(price.fee)
        return found

    def _results(self) -> list[tuple[float, float]]:
        """Return euros expected and earned of each client of whom nothing more can come."""
        return [
            (person.expected_fees, self.model.purchaser.earned(person))
            for person in self.model.everybody
            if person.provider == self.number and self._has_matured(person)
        ]

    def _has_matured(self, person: Jobseeker) -> bool:
        contract, period = self.model.setup.contract, self.model.periods[person.contract]
        asked = [terms for _, terms in self.model.outcome_prices]
        windows = [terms.start_grace + terms.weeks for terms in asked]
        windows += [NEVER for terms in asked if terms.adds_up or terms.nth]
        longest = person.service_start + contract.service_weeks_max
        service_end = min(longest, period.end)
        closed = service_end + max(windows, default=0) + rules.lag_weeks(contract)
        return min(closed, period.last_paid + 1) <= self.model.week

    def _pay_costs(self) -> None:
        """Pay the coaches there are, and the fixed part of the cost of those promised."""
        model, terms = self.model, self.terms
        cents = terms.coach_week_eur * 100
        moving = (1 - terms.fixed_cost_share) * cents * self.coaches
        on = self.in_business and model.contract_is_on()
        team = max(self.promised, self.coaches)
        fixed = terms.fixed_cost_share * cents * (team if on else self.coaches)
        rounded = model.margins.staff_cents
        pay, overhead = rounded(moving, "coach pay"), rounded(fixed, "overhead")
        model.post(terms.name, "coaches", "coach-pay", cents=pay)
        model.post(terms.name, "suppliers", "overhead", cents=overhead)
        borne = 1 - self.coach_eur / terms.coach_week_eur if terms.coach_week_eur else 0
        self.open_books = round(borne * (pay + overhead))

    # Intake and credit

    def takes(self, person: Jobseeker) -> bool:
        """Take a client about to start, or send the person back where that is allowed."""
        each = self.prospects(person, 1)
        if self.model.setup.contract.may_send_back and self._loses_by(each):
            return False
        person.expected_fees = each.of_outcomes(each.weeks_left)
        return True

    def _loses_by(self, each: Prospects) -> bool:
        """Whether a client would bring less than the least service costs."""
        terms, stay = self.terms, each.staying(each.service_left)
        brings = self._once(each.person, to_come=True) + each.month_fee * stay
        brings += self.optimism * each.hoped_after(0)
        hour = self.coach_eur / terms.client_hours_per_coach_week
        costs = 0 if self.bought else self.least_hours * stay * max(hour - each.hour_fee, 0)
        return self.model.margins.below(brings, costs, "sending back")

    @property
    def cash(self) -> float:
        return self.opening_cash + self.model.balances[self.terms.name] / 100

    def settle(self) -> None:
        """Go out of business when debts pass what is lent."""
        purchaser = self.model.purchaser
        self.receivables = self._hope_without_what_was_met()
        owed = purchaser.owed(self.number) * purchaser.chance_of_money
        credit = self.terms.credit_share * (self.receivables + owed)
        if not self.capital:
            return
        if self.solvent and self.model.margins.below(self.cash, -credit, "credit"):
            self.solvent = False
        self._consider_leaving()

    def _consider_leaving(self) -> None:
        """Once a quarter, leave a contract that would lose more than leaving costs."""
        model, terms = self.model, self.model.setup.procurement
        weeks = model.week + 1 - model.period.start
        if not terms.may_withdraw or weeks < terms.withdrawal_patience_weeks:
            return
        if weeks % QUARTER == 0:
            loss = self.losing * (model.period.end - model.week - 1)
            costs = terms.withdrawal_cost_weeks * self.promised * self.terms.coach_week_eur
            self.withdrawn |= model.margins.below(costs, loss, "leaving a contract")


def _euros(price: Price, person: Jobseeker) -> float:
    return person.model.cents(price, person) / 100
