"""A provider: staffs to cover its cost, and gives its coaches' hours where they are worth most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from labsim.market import worth
from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.coaching import learnt
from labsim.market.draws import Stream
from labsim.market.effort import Allocation, allocate
from labsim.market.employers import weekly_cost
from labsim.market.jobseekers import NO_PROVIDER
from labsim.market.ledger import Account
from labsim.market.milestones import DURABILITIES
from labsim.market.offer import JobsAhead, Offer
from labsim.market.pricing import planned_coaches
from labsim.market.receivables import Receivables
from labsim.market.staffing import Income, learned_optimism, moved, wanted_coaches
from labsim.market.states import Stage
from labsim.market.tenure import chance_to_reach, separation_now
from labsim.market.worth import ByDay, Prospects
from labsim.scenario.sections.providers import Provider as ProviderTerms

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket

_QUARTER = 13
_NOBODY: Ints = np.zeros(0, dtype=np.int64)


class Provider(mesa.Agent):
    """One provider.

    Parameters
    ----------
    model
        The market.
    number
        Position among the scenario's providers; jobseekers' column `provider` holds it.
    terms
        What the scenario says about the provider.

    Attributes
    ----------
    coaches
        Coaches this week.
    promised
        Coaches promised in the bid: those bought, or those given, or what its planned caseload
        needs for its share of the clients that are expected once referral is in full flow; 0 for a
        provider that no clients are sent to.
    optimism
        Factor on what it expects of outcomes, ``theta``.
    bought
        Coaches of it that the purchaser pays by the month.
    durability
        Its choice between speed (0) and durability (1), ``q``.
    solvent, withdrawn
        Whether it is in business; whether it has left a contract of its own will.
    open_books
        Cents of this week's staff costs that the purchaser bears: in an alliance.
    hour_price
        Worth of one more client hour, in euros.
    breaches, in_breach
        Weeks with too few hours for everybody's minimum; whether this is one.
    idle_hours
        Client hours of this week that nobody could use.
    """

    def __init__(self, model: LabourMarket, number: int, terms: ProviderTerms) -> None:
        super().__init__(model)
        self.market, self.number, self.terms = model, number, terms
        self.coaches = self.hour_price = self.idle_hours = self.durability = 0.0
        self.breaches, self.in_breach = 0, False
        self.solvent, self.withdrawn, self.optimism = True, False, terms.optimism
        self.open_books = 0
        self._losing = 0.0
        self._to_come = Receivables(len(model.milestones))
        self.supported: Ints = _NOBODY
        self.support_hours: Floats = np.zeros(0)
        self.bought = self.promised = self.opening_cash = 0.0
        self.holds = self._capitalised = False
        self._experience = 0.0
        self._last: int | None = None

    def begin_contract(self, period: int) -> None:
        """Take up the contract of a period, if it holds one; its money comes with the first.

        What it has learnt it keeps, less what fades in the weeks since its last contract.
        """
        market, terms, tendered = self.market, self.terms, self.market.tender.procurement.tendered
        self.holds = self.number in market.places.holders
        self.bought = self.promised = 0.0
        if self.holds:
            self._promise()
            self._remember(period)
        if not self._capitalised and (self.holds or not tendered):
            self._capitalised = True
            sharing = len(market.places.holders) if tendered else len(market.providers)
            self.opening_cash = terms.cash_weeks * self.promised * terms.coach_week_eur
            self.opening_cash += terms.cash_weeks * weekly_cost(market.setup, terms, sharing)

    def _promise(self) -> None:
        """Promise the coaches that are bought, or given, or planned for its share of clients."""
        market, terms = self.market, self.terms
        sharing = market.places.sharing_with(self.number)
        bought = sum(p.coaches for p in market.prices if p.fee.on == "coach-month")
        self.bought = bought / sharing
        planned = planned_coaches(terms, market.expectations, sharing)
        given = planned if terms.promised_coaches is None else terms.promised_coaches
        self.promised = self.bought or given

    def _remember(self, period: int) -> None:
        """Note the weeks of practice that it brings into a contract."""
        periods, fading = self.market.periods, self.market.setup.procurement.gap_fading
        if self._last is not None:
            served = self._experience + int(periods.end[self._last] - periods.start[self._last])
            away = int(periods.start[period] - periods.end[self._last])
            self._experience = served * (1 - fading) ** away
        self._last = period

    @property
    def in_business(self) -> bool:
        """Whether it serves clients: it is solvent and has not withdrawn."""
        return self.solvent and not self.withdrawn

    @property
    def coach_eur(self) -> float:
        """What a coach costs it a week, less what the purchaser bears in an alliance."""
        terms = self.market.setup.procurement
        borne = terms.alliance_share if terms.procedure == "alliance" else 0.0
        return self.terms.coach_week_eur * (1 - borne)

    @property
    def name(self) -> str:
        """The provider's name in the ledger."""
        return self.terms.name

    @property
    def least_hours(self) -> float:
        """Least client hours a week that a client gets, ``e_min``."""
        return max(self.terms.hours_min, self.market.setup.contract.minimum_hours)

    @property
    def remote_share(self) -> float:
        """Share of its contact that is remote now: its own choice, or what a shock leaves it."""
        return max(self.terms.remote_share, float(self.market.shocks.remote[self.market.week]))

    def clients(self) -> Ints:
        """Return the ids of people in its service, in order."""
        return self._own(self.market.in_stage(Stage.IN_SERVICE))

    def _own(self, persons: Ints) -> Ints:
        own: Ints = persons[self.market.columns.provider[persons] == self.number]
        return own

    # The week

    def give_hours(self, offer: Offer, jobs: JobsAhead) -> Ints:
        """Staff, divide this week's hours among clients, and return the clients in service.

        The clients are looked at once, first of all: with the durability, optimism and coaches of
        the week before. A new choice of durability slows this week's coaching at once, and counts
        in what jobs are expected to bring from the next week on.

        Parameters
        ----------
        offer, jobs
            What there is to earn, of everybody in service and of everybody placed.
        """
        if not self._capitalised:
            return _NOBODY
        number = self.number if self.in_business else NO_PROVIDER
        offer, jobs = offer.of_provider(number), jobs.of_provider(number)
        prospects = self.prospects(offer)
        self._choose_durability(offer, prospects)
        lasts = chance_to_reach(self.market, jobs.persons, jobs.complete)
        hoped = self.optimism * prospects.all_hoped()
        self._to_come.expect(offer.persons, hoped, jobs.persons, jobs.fees * lasts)
        self.staff(offer, prospects)
        self._pay_costs()
        self._divide(offer.persons, prospects, jobs, lasts)
        return offer.persons

    def _divide(self, clients: Ints, prospects: Prospects, jobs: JobsAhead, lasts: Floats) -> None:
        """Water-fill the coaches' hours over clients in service and jobs with milestones ahead."""
        coaching, working = self.market.setup.coaching, jobs.persons
        served, n = clients.size, clients.size + working.size
        value = np.concatenate([self._worth(clients, prospects), self._job_worth(jobs, lasts)])
        least = np.concatenate([np.full(served, self.least_hours), self._least_support(jobs.fees)])
        in_service = np.arange(n) < served
        most = max(self.terms.hours_max, self.least_hours)
        saturation = np.where(
            in_service, coaching.saturation_hours_per_week, coaching.support_saturation_hours
        )
        total = self.coaches * self.terms.client_hours_per_coach_week
        found: Allocation = allocate(value, total, least, np.full(n, most), saturation)
        self.market.columns.hours[clients] = found.hours[:served]
        self.supported, self.support_hours = working, found.hours[served:]
        self.market.columns.support_total[working] += self.support_hours
        self.hour_price, self.in_breach = found.price, found.breach
        self.breaches += found.breach
        self.idle_hours = max(total - float(found.hours.sum()), 0.0)

    # What it believes

    def believed_hazard(self, clients: Ints) -> Floats:
        """Return believed job hazards: the truth with an error that shrinks with contact.

        What coaching can do for a client it sees as it is: it meets its clients. The error is in
        the log, so that a group's fees are believed to be somewhat more than they are.

        The error of a first picture is a part of the office's error and the provider's own; its SD
        falls with ``1/sqrt(1 + hours/4)`` (model.md).
        """
        market, columns = self.market, self.market.columns
        truth = market.own_hazard(clients)
        own = market.draws.normal(Stream.BELIEF_OF_PROVIDER, 0, clients)
        error = self.terms.belief_noise_sd * own
        error += self.terms.office_picture_weight * columns.office_error[clients]
        believed: Floats = truth * np.exp(error / np.sqrt(1 + columns.hours_total[clients] / 4))
        return believed

    def prospects(self, offer: Offer) -> Prospects:
        """Return what it believes of its clients, who are in its service or about to start.

        What staying brings is this week's month fees, and hour fees at the mean hours that last
        week's coaches have for so many clients, less the cost of staying.
        """
        market, milestones, clients = self.market, self.market.milestones, offer.persons
        rates = market.exit_rates(self.believed_hazard(clients))
        choice = int(np.argmin(np.abs(DURABILITIES - self.durability)))
        own, others = market.away.lasting(float(DURABILITIES[choice])), market.away.lasting(0.0)
        days = tuple(ByDay.of(fee, own, others) for fee in offer.by_day)
        nothing = np.zeros_like(rates)
        brings = offer.weekly + offer.hourly * self._mean_hours(clients.size)
        return Prospects(
            rates=rates,
            responses=market.responses,
            fees=milestones.lasting[choice].T @ offer.fees + sum((d.euros for d in days), nothing),
            fees_anyway=milestones.lasting[0].T @ offer.fees,
            weeks_left=offer.weeks_left,
            stay=self.terms.keeps_clients * (brings - self._cost_of_staying()),
            service_left=market.columns.service_limit[clients].astype(np.float64) - market.week,
            by_day=days,
        )

    def _mean_hours(self, clients: int) -> float:
        return self.coaches * self.terms.client_hours_per_coach_week / max(clients, 1)

    def _cost_of_staying(self) -> float:
        """Return what serving a client costs a week; nothing if coaches are bought.

        At the planned caseload, or at the present one where it is thinner: coaches follow clients.
        """
        if self.bought:
            return 0.0
        planned = self.coach_eur / self.terms.planned_caseload
        clients = self.clients().size
        return min(planned, self.coach_eur * self.coaches / max(clients, 1))

    # Hours

    def _worth(self, clients: Ints, prospects: Prospects) -> Floats:
        response = self.market.responsiveness(clients, prospects.rates[0])
        gain = self.market.setup.coaching.max_uplift * self.skill * response
        stay = prospects.staying(prospects.service_left)
        experience = self.market.purchaser.experience_euros(clients, stay)
        return worth.in_service(prospects, response, gain, self.terms.mission_eur, experience)

    @property
    def skill(self) -> float:
        """Factor on what its hours do: its skill, what it has learnt of it, and its haste."""
        coaching, market = self.market.setup.coaching, self.market
        weeks = max(market.week - market.contract_start, 0) + self._experience
        haste = 1 - coaching.durability_cost * self.durability
        return self.terms.skill * learnt(coaching, weeks) * haste

    def _least_support(self, fees: Floats) -> Floats:
        """Return the least hours of each job: the contract's where a fee ahead asks for support."""
        asks = np.array([terms.in_work for terms in self.market.milestones.terms], dtype=bool)
        asked = ((fees > 0) & asks[:, None]).any(axis=0)
        least: Floats = self.market.setup.contract.minimum_hours * asked
        return least

    def _job_worth(self, jobs: JobsAhead, lasts: Floats) -> Floats:
        coaching = self.market.setup.coaching
        separation = separation_now(self.market, jobs.persons)
        return worth.in_work(separation, coaching.support_effect, jobs.fees, lasts)

    # Speed or durability

    def _choose_durability(self, offer: Offer, prospects: Prospects) -> None:
        """Once a quarter, choose what pays best over the present clients."""
        market, clients = self.market, offer.persons
        if (market.week - market.contract_start) % _QUARTER or not clients.size:
            return
        milestones = market.milestones
        gain = market.responsiveness(clients, prospects.rates[0])
        fees = offer.fees @ (gain * prospects.rates[0])
        expected = milestones.lasting[:, :, 0] @ fees
        cost = market.setup.coaching.durability_cost
        self.durability = worth.best_durability(DURABILITIES, cost, expected)

    # Staff

    def staff(self, offer: Offer, prospects: Prospects) -> None:
        """Set this week's coaches: those bought, those promised at first, then those that pay."""
        market, terms = self.market, self.terms
        self._losing = 0.0
        if not (self.in_business and self.holds and market.contract_is_on()):
            self.coaches = self._left_in_gap()
            return
        if self.bought:
            self.coaches = self.bought
            return
        self._learn()
        clients, income = offer.persons.size, self._income(offer, prospects)
        net = terms.model_copy(update={"coach_week_eur": self.coach_eur})
        wanted = wanted_coaches(net, clients, income, self.optimism, self.least_hours)
        promise = market.week < market.contract_start + terms.promise_weeks
        least = terms.promise_share * self.promised if promise else 0.0
        if market.after_gap:
            self.coaches = moved(self.coaches, max(wanted, least), terms, self._pace())
        else:
            self.coaches = max(moved(self.coaches, wanted, terms, self._pace()), least)
        self._losing = self._weekly_cost() - self._weekly_income(income)

    def _weekly_cost(self) -> float:
        """Return what this week's team costs it, in euros."""
        fixed = self.terms.fixed_cost_share
        team = (1 - fixed) * self.coaches + fixed * max(self.promised, self.coaches)
        return self.coach_eur * team

    def _weekly_income(self, income: Income) -> float:
        """Return what it believes this week to bring, every hour of its coaches used."""
        hours = self.coaches * self.terms.client_hours_per_coach_week
        return income.sure + self.optimism * income.hoped + income.per_hour * hours

    def _withdraw(self) -> None:
        """Leave the contract, once a quarter, if going on like this would lose more than leaving.

        What leaving costs elsewhere, in name and penalties, is no flow of money here.
        """
        market, terms = self.market, self.market.setup.procurement
        weeks = market.week + 1 - market.contract_start
        if not terms.may_withdraw or weeks % _QUARTER or weeks < terms.withdrawal_patience_weeks:
            return
        loss = self._losing * (market.contract_end - market.week - 1)
        leaving = terms.withdrawal_cost_weeks * self.promised * self.terms.coach_week_eur
        self.withdrawn |= loss > leaving

    def _left_in_gap(self) -> float:
        """Return the coaches who wait for the next contract of a provider that has won it."""
        waits = self.in_business and self.holds and self.market.after_gap
        leaving = self.market.setup.procurement.gap_leaving
        return self.coaches * (1 - leaving) if waits and self.market.service else 0.0

    def _pace(self) -> float:
        """Return the factor on hiring: slow for some time after a gap, when people have gone."""
        market, rebuilding = self.market, self.market.setup.procurement
        since = market.week - market.contract_start
        slow = market.after_gap and since < rebuilding.rebuild_weeks
        return rebuilding.rebuild_hiring if slow else 1.0

    def _income(self, offer: Offer, prospects: Prospects) -> Income:
        """Return what the present clients bring in a week."""
        clients, longest = offer.persons.size, self.market.setup.contract.service_weeks_max
        stay = prospects.staying(np.full(clients, float(longest)))
        sure = float((offer.weekly + offer.once / np.maximum(stay, 1.0)).sum())
        hoped = float(prospects.hoped(np.ones(clients)).sum())
        return Income(sure, hoped, float(offer.hourly.mean()) if clients else 0.0)

    def _learn(self) -> None:
        """Compare what clients were to bring with what they brought, once nothing more can come."""
        market, columns = self.market, self.market.columns
        started = self._own(market.referred)
        matured = started[market.milestones.matured(started)]
        earned = market.purchaser.earned_cents(matured) / 100
        self.optimism = learned_optimism(self.terms, columns.expected_fees[matured], earned)

    def _pay_costs(self) -> None:
        """Pay coaches, and the part of the promised team's cost that stays whatever it is now.

        A team that has grown beyond the promise costs its fixed part too.
        """
        terms, post, week = self.terms, self.market.ledger.post, self.market.week
        full = terms.coach_week_eur * 100
        on = self.in_business and self.market.contract_is_on()
        fixed = max(self.promised, self.coaches) if on else self.coaches
        coaches = round((1 - terms.fixed_cost_share) * full * self.coaches)
        overhead = round(terms.fixed_cost_share * full * fixed)
        post(week, Account(self.name, "coaches", "coach-pay"), coaches)
        post(week, Account(self.name, "suppliers", "overhead"), overhead)
        borne = 1 - self.coach_eur / terms.coach_week_eur if terms.coach_week_eur else 0.0
        self.open_books = round(borne * (coaches + overhead))

    # Intake, credit

    def takes(self, offer: Offer) -> Bools:
        """Whether each person about to start is taken; note what they are expected to bring.

        Where the contract allows it, those are sent back who would bring less than the least
        service costs: expected fees (outcome fees by its optimism) against ``e_min`` hours a week
        over the expected stay, at the cost of a client hour; coaches who are bought cost nothing
        more. Month and hour fees are taken as they stand in the first week of service for all of
        the stay, and optimism as it was last week.
        """
        persons, prospects = offer.persons, self.prospects(offer)
        hoped = prospects.all_hoped()
        taken = np.ones(persons.size, dtype=bool)
        if self.market.setup.contract.may_send_back:
            stay = prospects.staying(prospects.service_left)
            brings = offer.once + offer.weekly * stay + self.optimism * hoped
            hour = self.coach_eur / self.terms.client_hours_per_coach_week
            more = np.maximum(hour - offer.hourly, 0) * (not self.bought)
            costs = self.least_hours * stay * more
            taken = brings >= costs
        expected = prospects.of_outcomes(prospects.weeks_left)
        self.market.columns.expected_fees[persons[taken]] = expected[taken]
        return taken

    @property
    def receivables(self) -> float:
        """Outcome fees that it believes to be coming, in euros; by its optimism in service."""
        return self._to_come.euros

    @property
    def cash(self) -> float:
        """Money in hand, in euros; negative when it lives on credit."""
        return self.opening_cash + self.market.ledger.balance(self.name) / 100

    def settle(self, owed_cents: int) -> None:
        """Go out of business when debts pass what is lent; the office takes the clients back.

        Lent is `credit_share` of this week's outcome fees to come (as believed when hours were
        given) and of what is owed, by the believed chance that money is left: claims that wait to
        be looked at, and fees not billed yet.
        """
        purchaser = self.market.purchaser
        if not self._capitalised:
            return  # its business is elsewhere
        self._to_come.drop_met(purchaser.claims, self.market.week)
        owed = owed_cents / 100 * purchaser.funds.chance
        credit = self.terms.credit_share * (self.receivables + owed)
        self.solvent &= self.cash >= -credit
        self._withdraw()
