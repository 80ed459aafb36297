"""The TE office: sees its clients imperfectly, has little time, learns, and refers."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

import mesa
import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.assessment import Assessment
from labsim.market.choice import CHOICES, Counter, near
from labsim.market.draws import Stream
from labsim.market.inquiries import most_wishes, wishes
from labsim.market.jobs import NEVER
from labsim.market.jobseekers import NO_GROUP, NO_PROVIDER
from labsim.market.ledger import Account
from labsim.market.partnership import meeting_gain, time_saved
from labsim.market.pricing import group_names
from labsim.market.referral import belonging, changing, never_changing, session_chance
from labsim.market.regimes import REGIMES, Desk, Regime, quota
from labsim.market.states import Stage, State
from labsim.market.trust import knowledge_next, trust_next
from labsim.market.waiting import free_places, queue
from labsim.market.workload import Workload, affordable, referral_hours, to_interview, workload
from labsim.scenario.sections.referral import Target

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket
    from labsim.market.provider import Provider


class TEOffice(mesa.Agent):
    """The employment office of the scenario's areas.

    Attributes
    ----------
    assessment
        What it sees of its clients.
    knowledge : float
        How well its advisers know the service, 0-1.
    trust : (providers,)
        How far it trusts each provider, 0-1.
    """

    def __init__(self, model: LabourMarket) -> None:
        super().__init__(model)
        self.market, terms = model, model.setup.office
        self.assessment = Assessment(model)
        self.knowledge = terms.knowledge_at_start
        providers = len(model.setup.providers)
        self.trust: Floats = np.full(providers, terms.trust_at_start)
        self._contacts: Ints = np.zeros(providers, dtype=np.int64)

    # Referring

    def eligible(self) -> Ints:
        """Return unemployed people of the target group who have not been referred, in order."""
        market = self.market
        here, jobseekers = slice(market.arrived), market.columns
        open_to_it = (jobseekers.state[here] == State.UNEMPLOYED.value) & (
            jobseekers.stage[here] == Stage.NONE.value
        )
        open_to_it &= ~jobseekers.handed_over[here]
        if self._ever_fits is not None:
            open_to_it &= self._ever_fits[here]
        return self.matching(self._now_fits, np.flatnonzero(open_to_it))

    @cached_property
    def _ever_fits(self) -> Bools | None:
        """Whether people fit what the target asks of what never changes, (people,), if it does."""
        fixed = never_changing(self.market.setup.referral.target)
        if fixed is None:
            return None
        fits: Bools = np.zeros(len(self.market.columns), dtype=bool)
        fits[self.matching(fixed, np.arange(fits.size))] = True
        return fits

    @cached_property
    def _now_fits(self) -> Target:
        """What the target asks besides."""
        return changing(self.market.setup.referral.target)

    def matching(self, target: Target, persons: Ints) -> Ints:
        """Return those of unemployed people whom the office sees to fit a target."""
        market = self.market
        return belonging(
            target, market.columns, persons, market.week, names=market.names, seen=self.assessment
        )

    def drawn(self, persons: Ints) -> Bools:
        """Whether a lottery draws each person, (n,), once he or she is in the target group."""
        drawn: Bools = self._lot[persons]
        return drawn

    @cached_property
    def _lot(self) -> Bools:
        """Whether a lottery draws each person, (people,)."""
        market = self.market
        luck = market.draws.uniform(Stream.LOTTERY, 0, np.arange(len(market.columns)))
        lot: Bools = luck < market.setup.referral.drawn_share
        return lot

    def hand_over(self) -> None:
        """Hand over those whose register becomes somebody else's this week (M-REF-22).

        Unemployed people who belong to a transfer in its week, and afterwards those who come anew.
        Whom it asks is who is unemployed then: clients as much as others, but not those who have
        left unemployment, by themselves or with the service's help.
        """
        market, columns = self.market, self.market.columns
        for number, transfer in enumerate(market.setup.population.transfers):
            if market.week < transfer.week:
                continue
            at_once = market.week == transfer.week
            new = slice(0 if at_once else market.arrived_before, market.arrived)
            here = new.start + np.flatnonzero(columns.state[new] == State.UNEMPLOYED.value)
            persons = self.matching(transfer.when, here)
            goes = market.draws.uniform(Stream.TRANSFER, number, persons) < transfer.share
            columns.handed_over[persons[goes]] = True

    def refer(self) -> Ints:
        """Refer this week's people, and return them."""
        market = self.market
        referral, jobseekers = market.setup.referral, market.columns
        of_round = market.week - market.periods.offset(market.referral_round)
        if not referral.start_week <= of_round < referral.start_week + referral.weeks:
            return np.zeros(0, dtype=np.int64)
        eligible = self.eligible()
        new = eligible[jobseekers.eligible_week[eligible] == NEVER]
        jobseekers.eligible_week[new] = market.week
        market.new_in_group = new
        self.assessment.learn_the_group(eligible)
        if not market.service or not market.serving:
            return np.zeros(0, dtype=np.int64)
        regime = REGIMES[referral.regime]
        desk, hours = self._desk(eligible, regime)
        invited = regime.choose(desk)
        chosen = self._at_session(invited) if regime.by_session else invited
        self._take_up(chosen, by_self=regime.by_self)
        spent = self._book_time(invited.size, regime.hours)
        if not referral.also_self:
            return chosen
        by_self = REGIMES["self"]
        rest = eligible[jobseekers.stage[eligible] == Stage.NONE.value]
        left = self._places(self._quota(by_self), by_self.hours, hours - spent, chosen.size)
        applicants = by_self.choose(replace(desk, eligible=rest, places=left))
        self._take_up(applicants, by_self=True)
        self._book_time(applicants.size, by_self.hours)
        return np.concatenate([chosen, applicants])

    def _take_up(self, chosen: Ints, *, by_self: bool) -> None:
        """Put people on the list of those who are asked."""
        market, jobseekers = self.market, self.market.columns
        jobseekers.stage[chosen], jobseekers.applied[chosen] = Stage.REFERRED, by_self
        jobseekers.referred_week[chosen] = market.week
        market.referred = np.sort(np.concatenate([market.referred, chosen]))

    def _at_session(self, invited: Ints) -> Ints:
        """Return who of those invited comes to the session; the others are not invited again."""
        market = self.market
        chance = session_chance(market.setup.referral.session, market.columns.motivation[invited])
        comes = market.draws.uniform(Stream.SESSION, 0, invited) < chance
        market.columns.stage[invited[~comes]] = Stage.STAYED_AWAY
        market.count("stayed_away", int((~comes).sum()))
        return invited[comes]

    def workload(self) -> Workload:
        """Return this week's hours."""
        market = self.market
        return workload(
            market.setup.office,
            market.setup.population.registered,
            interviews=to_interview(market.columns, market.came),
            unemployed=self._followed_up(),
            claim_hours=market.purchaser.claim_hours,
            load=float(market.shocks.office_load[market.week]),
            taken_over=time_saved(market.setup.partnership),
        )

    def _followed_up(self) -> int:
        """Return how many unemployed people are the office's own."""
        market, columns = self.market, self.market.columns
        unemployed = columns.number_in(State.UNEMPLOYED, market.arrived)
        if not market.setup.population.transfers:
            return unemployed
        gone = columns.handed_over & (columns.state == State.UNEMPLOYED.value)
        return unemployed - int(np.count_nonzero(gone))

    def hours_taken_over(self) -> float:
        """Return the hours that a back office works this week instead of advisers."""
        market, work = self.market, self.workload()
        part = time_saved(market.setup.partnership)
        shock = float(market.shocks.office_load[market.week]) * work.capacity
        # What is left to advisers is the part 1 - `part` of what there was.
        return (work.due - shock + work.follow_up) * part / (1 - part)

    def _desk(self, eligible: Ints, regime: Regime) -> tuple[Desk, float]:
        """Return what lies before the office, and the hours that it has for it."""
        market, terms = self.market, self.market.setup.office
        hours = referral_hours(terms, self.workload(), team=regime.by_team)
        trust = float(self.trust[[each.number for each in market.serving]].mean())
        desk = Desk(
            referral=market.setup.referral,
            draws=market.draws,
            week=market.week,
            places=self._places(self._quota(regime), regime.hours, hours),
            eligible=eligible,
            motivation=self.assessment.motivation,
            log_hazard=self.assessment.log_hazard,
            drawn=self.drawn,
            wishes=partial(wishes, market),
            most_wishes=most_wishes(market),
            meets=1 / terms.weeks_between_meetings,
            readiness=terms.advice_share * self.knowledge * trust,
            held_back=self.assessment.held_back,
        )
        return desk, hours

    def _quota(self, regime: Regime) -> int:
        """Return how many people may have come by now, over all contracts so far."""
        market, referral = self.market, self.market.setup.referral
        before = market.referral_round * referral.volume
        if regime.at_once:
            return before + referral.volume
        of_round = market.week - market.periods.offset(market.referral_round)
        return before + quota(referral, of_round)

    def _places(self, quota: int, key: str, hours: float, taken: int = 0) -> int:
        """Return how many more may come now: of the quota, the budget, and the office's hours."""
        market = self.market
        due = min(quota, market.most_referred) - market.referred_so_far - taken
        return max(min(due, affordable(hours, getattr(market.setup.office, key))), 0)

    def _book_time(self, people: int, key: str) -> float:
        """Book the office's time for so many people, and return the hours."""
        hours: float = people * getattr(self.market.setup.office, key)
        cents = round(hours * (self.market.setup.finance.office_hour_eur * 100))
        account = Account("purchaser", "office staff", "admin", "referral")
        self.market.ledger.post(self.market.week, account, cents)
        return hours

    # Placing clients

    def choose_providers(self, persons: Ints, *, to_stay: bool = True) -> Ints:
        """Return the number of the provider that each client goes to, (n,): to stay, or to look."""
        chosen: Ints = np.zeros(persons.size, dtype=np.int64)
        free = free_places(self.market) if to_stay else None
        if free is not None:
            return self._choose_by_room(persons, free)
        lots = self.market.places.lot_of(persons)
        for lot in np.unique(lots):
            own = np.flatnonzero(lots == lot)
            chosen[own] = self._choose(persons[own], self.market.places.serving_in(int(lot)))
        return chosen

    def _choose_by_room(self, persons: Ints, free: dict[int, int]) -> Ints:
        """Return each client's provider where places are few, (n,).

        Those who have waited longest get the place that they would have, and the others choose
        again among the providers with room.
        """
        market = self.market
        chosen, left = np.full(persons.size, NO_PROVIDER, dtype=np.int64), np.arange(persons.size)
        while left.size:
            with_room = [each for each in market.serving if free[each.number] > 0]
            wanted = self._choose(persons[left], with_room)
            for number in [each.number for each in with_room]:
                own = left[wanted == number]
                gets = own[queue(market, persons[own])[: free[number]]]
                chosen[gets] = number
                free[number] -= gets.size
            left = np.flatnonzero(chosen == NO_PROVIDER)
        return chosen

    def _choose(self, persons: Ints, places: list[Provider]) -> Ints:
        """Return the number of each client's provider among those of one lot."""
        market = self.market
        referral, serving = market.setup.referral, [each.terms for each in places]
        numbers = np.array([each.number for each in places], dtype=np.int64)
        chosen = CHOICES[referral.provider_choice](
            Counter(
                draws=market.draws,
                persons=persons,
                turn=market.started_so_far,
                near=near(serving, market.areas, market.columns.area[persons]),
                providers=serving,
                numbers=numbers,
                trust=self.trust[numbers],
                weights=referral.choice,
            )
        )
        found: Ints = numbers[chosen]
        return found

    def meet(self, persons: Ints) -> None:
        """Note the contacts with providers that these starting clients bring."""
        providers = self.market.columns.provider[persons]
        self._contacts += np.bincount(providers, minlength=self.trust.size)

    def assess(self, persons: Ints) -> None:
        """Put starting clients into the contract's groups, or into thirds of assessed distance."""
        jobseekers, groups = self.market.columns, self.market.setup.contract.groups
        assessed = self.assessment.log_hazard(persons)
        jobseekers.assessed_log_hazard[persons] = assessed
        jobseekers.office_error[persons] = assessed - self.assessment.truth(persons)
        if not groups:
            jobseekers.group[persons] = self.assessment.thirds(assessed)
            return
        jobseekers.group[persons] = NO_GROUP
        for number in reversed(range(len(groups))):
            jobseekers.group[self.matching(groups[number].when, persons)] = number

    def group_label(self, number: int) -> str:
        """Return the name of a group by its number; empty for people of no group."""
        return "" if number == NO_GROUP else group_names(self.market.setup)[number]

    # Learning

    def learn(self) -> None:
        """Learn the service while there is one, and trust from last week's starts and disputes.

        And from the meetings of this one, while the service runs.
        """
        market, terms = self.market, self.market.setup.office
        early = max(market.contract_start - market.setup.contract.start_week, 0)
        first = min(market.setup.referral.start_week + early, market.contract_start)
        running = first <= market.week < market.contract_end
        self.knowledge = knowledge_next(terms, self.knowledge, running)
        self.trust = trust_next(terms, self.trust, self._contacts, market.purchaser.disputes)
        if running:
            self.trust += meeting_gain(market.setup.partnership) * (1 - self.trust)
        self._contacts = np.zeros_like(self._contacts)
