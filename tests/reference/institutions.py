"""Office and purchaser of the plain model: each deals with people one by one."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import fmean, median, pstdev
from typing import TYPE_CHECKING

import mesa

from labsim.market.draws import Stream
from labsim.scenario.sections.fee import Fee
from labsim.scenario.sections.referral import Target
from tests.reference import measures, rules
from tests.reference.rules import BUSINESS_KINDS, NEVER, WEEKS_PER_MONTH, Price, Terms

if TYPE_CHECKING:
    from tests.reference.plain import Jobseeker, PlainMarket


def belongs(target: Target, person: Jobseeker) -> bool:
    """Whether a person belongs to a target group now."""
    market, below = person.model, person.model.margins.below
    on_support = person.scheme == "labour-market-support"
    bounds = [
        (target.age_min, person.age, target.age_max),
        (target.unemployed_months_min, person.months_out(), target.unemployed_months_max),
        (target.work_ability_min, market.office.seen(person).ability, target.work_ability_max),
        (target.support_days_min, person.benefit_days if on_support else 0, None),
        (target.needs_min, person.needs, None),
    ]
    if target.expected_exit_months_max is not None:
        expected = market.office.exit_months(person)
        bounds.append((None, expected, target.expected_exit_months_max))
    for least, value, most in bounds:
        if least is not None and below(value, least, "a target's least"):
            return False
        if most is not None and below(most, value, "a target's most"):
            return False
    if target.no_known_change_months is not None:
        away = (person.change_week - market.week) / WEEKS_PER_MONTH
        if not below(target.no_known_change_months, away, "a known change"):
            return False
    return all(wanted is None or name in wanted for wanted, name in _names(target, person))


def _names(target: Target, person: Jobseeker) -> list[tuple[list[str] | None, str]]:
    """Return what a target asks for by name, and what a person is."""
    people = person.model.setup.population
    area, sector = list(people.areas)[person.area], list(people.sectors)[person.sector]
    others = target.sectors_excluded and [
        each for each in people.sectors if each not in target.sectors_excluded
    ]
    return [
        (target.areas, area), (target.education, person.education), (target.sectors, sector),
        (others, sector), (target.languages, list(people.languages)[person.language]),
        (target.benefit, person.scheme),
    ]  # fmt: skip


@dataclass
class Seen:
    """What the office has on file about a person: points 0-10."""

    ability: float
    motivation: float


class Office(mesa.Agent):
    """Sees people with errors, divides its hours, refers, chooses providers, and learns."""

    model: PlainMarket

    def __init__(self, model: PlainMarket) -> None:
        super().__init__(model)
        terms = model.setup.office
        self.limits: tuple[float, float] | None = None
        self.held_back = -math.inf
        self.spread = 1.0
        self.referred = self.started = 0
        self.knowledge = terms.knowledge_at_start
        self.trust = [terms.trust_at_start for _ in model.setup.providers]
        self.contacts: Counter[int] = Counter()
        self.crowded_out = self.out_of_budget = self.left_waiting = self.chose_again = 0
        self._files: dict[int, Seen] = {}

    # What it sees

    def seen(self, person: Jobseeker) -> Seen:
        """Return the file on a person, opened when it is first asked for."""
        if person.number not in self._files:
            terms, people = self.model.setup.office, self.model.setup.population
            if person.draw(Stream.REGISTER_GAP, 0) < terms.register_gap_share:
                file = Seen(people.ability_mean, people.motivation_mean)
            else:
                ability = person.ability_at_entry + terms.ability_bias
                ability += terms.ability_noise_sd * person.draw_normal(Stream.SEEN_ABILITY)
                motivation = person.motivation_at_entry + terms.motivation_bias
                motivation += terms.motivation_noise_sd * person.draw_normal(Stream.SEEN_MOTIVATION)
                file = Seen(rules.clip(ability, 0, 10), rules.clip(motivation, 0, 10))
            self._files[person.number] = file
        return self._files[person.number]

    def _assessed(self, person: Jobseeker) -> float:
        """Return the log hazard that the office believes a person to have."""
        seen = self.seen(person)
        market, months = self.model.setup.labour_market, person.months_out()
        hazard = rules.job_hazard(market, person.log_base, seen.ability, seen.motivation, months)
        joint = self.model.setup.partnership
        error = self.model.setup.office.assessment_noise_sd * self.spread
        error *= 1 - joint.joint_definition * joint.joint_definition_effect
        if joint.sector_team:
            error *= 1 - joint.sector_team_effect * self._strength_of_sectors()
        return math.log(hazard) + error * person.draw_normal(Stream.ASSESSMENT)

    def _strength_of_sectors(self) -> float:
        """Return the target's sectors' part of the market: half people, half vacancies."""
        setup = self.model.setup
        people, given = setup.population.sectors, setup.labour_market.vacancies.sectors
        jobs = {name: share * given.get(name, 1.0) for name, share in people.items()}
        strength = 0.0
        for name in setup.referral.target.sectors or []:
            strength += people[name] / sum(people.values()) / 2
            strength += jobs[name] / sum(jobs.values()) / 2
        return strength

    def exit_months(self, person: Jobseeker) -> float:
        """Return the months after which the office expects a person to leave unemployment."""
        model, seen = self.model, self.seen(person)
        market, months = model.setup.labour_market, person.months_out()
        hazard = rules.job_hazard(market, person.log_base, seen.ability, seen.motivation, months)
        error = model.setup.office.assessment_noise_sd * self._register_spread
        hazard *= math.exp(error * person.draw_normal(Stream.ASSESSMENT))
        return 1 / (hazard * sum(model.exit_ratios.values())) / WEEKS_PER_MONTH

    @cached_property
    def _register_spread(self) -> float:
        pairs = zip(self.model.everybody, self.model.hazards, strict=True)
        return pstdev(math.log(hazard) for person, hazard in pairs if person.entry_week < 0)

    def _learn_the_group(self, eligible: list[Jobseeker]) -> None:
        logs = [math.log(person.own_hazard()) for person in eligible]
        self.spread = pstdev(logs)
        self.model.reference_hazard = math.exp(median(logs))
        assessed = [self._assessed(person) for person in eligible]
        self.limits = rules.quantile(assessed, 2 / 3), rules.quantile(assessed, 1 / 3)
        hold_back = self.model.setup.office.hold_back
        if hold_back:
            self.held_back = rules.quantile(assessed, hold_back)

    # Whom it refers

    def _round(self) -> tuple[int, int]:
        """Return the contract that people are referred for, and the week of that, from 1 on."""
        model, referral = self.model, self.model.setup.referral
        number, elapsed = 0, model.week - referral.start_week + 1
        for period in model.periods[1:]:
            into = model.week - referral.start_week + 1 - (period.start - model.periods[0].start)
            if into >= 1:
                number, elapsed = period.number, into
        return number, elapsed

    def hand_over(self) -> None:
        """Give up people who become somebody else's: all of them once, then those who come."""
        week = self.model.week
        for number, transfer in enumerate(self.model.setup.population.transfers):
            for person in self.model.everybody:
                comes = week == transfer.week or (
                    week > transfer.week and person.entry_week == week
                )
                if not comes or person.state != "unemployed":
                    continue
                goes = person.draw(Stream.TRANSFER, number) < transfer.share
                person.handed_over |= goes and belongs(transfer.when, person)

    def refer(self) -> None:
        """Refer those whom the regime picks, as far as there are places and hours this week."""
        model, referral = self.model, self.model.setup.referral
        number, elapsed = self._round()
        if not 1 <= elapsed <= referral.weeks:
            return
        eligible = [
            person
            for person in model.everybody
            if person.state == "unemployed"
            and person.stage == "none"
            and not person.handed_over
            and belongs(referral.target, person)
        ]
        for person in eligible:
            person.ever_eligible = True
        if self.limits is None and eligible:
            self._learn_the_group(eligible)
        if not model.service or not model.serving:
            return
        volume = referral.volume
        if referral.regime not in ("bulk", "self"):
            volume = math.floor(volume * elapsed / referral.weeks)
        volume += number * referral.volume
        self.out_of_budget += model.most_referred <= min(volume - 1, self.referred)
        volume = min(volume, model.most_referred)
        left = self._hours_for_service(self._hours_left())
        places = max(min(volume - self.referred, self._fitting(left)), 0)
        self.crowded_out += places < min(volume - self.referred, len(eligible))
        picked = [person for person in eligible if self._considers(person)]
        chosen = self._in_order(picked)[: min(places, len(picked))]
        spent = self._book(len(chosen), self._hours_each(referral.regime))
        for person in chosen:
            if referral.regime == "info-session" and not self._comes_to_session(person):
                person.stage = "stayed_away"
            else:
                self._take_up(person, applied=referral.regime == "self")
        if referral.also_self:
            rest = [person for person in eligible if person.stage == "none"]
            volume = min((number + 1) * referral.volume, model.most_referred)
            fitting = self._fitting(left - spent, "self")
            asking = [person for person in rest if self._asks(person)]
            asking.sort(key=lambda person: person.draw(Stream.PRIORITY, 0))
            asking = asking[: max(min(volume - self.referred, fitting, len(asking)), 0)]
            for person in asking:
                self._take_up(person, applied=True)
            self._book(len(asking), self._hours_each("self"))

    def _take_up(self, person: Jobseeker, *, applied: bool) -> None:
        person.stage, person.referred_week = "referred", self.model.week
        person.applied = applied
        self.referred += 1

    def _book(self, people: int, each: float) -> float:
        """Book the time that so many people take, and return it."""
        model, hours = self.model, people * each
        cents = round(hours * (model.setup.finance.office_hour_eur * 100))
        model.post("purchaser", "office staff", "admin", "referral", cents=cents)
        return hours

    def _comes_to_session(self, person: Jobseeker) -> bool:
        terms = self.model.setup.referral.session
        score = terms.intercept + terms.per_motivation_point * (person.motivation - 7.5)
        chance = 1 / (1 + math.exp(-score))
        return self.model.margins.below(person.draw(Stream.SESSION, 0), chance, "a session")

    def _asks(self, person: Jobseeker) -> bool:
        """Whether a person asks for the service by himself or herself this week."""
        model, terms = self.model, self.model.setup.referral.marketing
        rate = sum(
            terms.inquiries_per_month * (provider.terms.marketing / 10) ** terms.returns
            for provider in model.serving
            if provider.terms.marketing > 0
        )
        rate *= math.exp(terms.per_motivation_point * (person.motivation - 7.5))
        if belongs(terms.aimed_at, person):
            rate *= terms.aimed_factor
        chance = -math.expm1(-rate / WEEKS_PER_MONTH)
        return model.margins.below(person.draw(Stream.INQUIRY, model.week), chance, "asking")

    def pay_marketing(self) -> None:
        """Let providers pay for making themselves known, while that can bring them people."""
        model, referral = self.model, self.model.setup.referral
        if not (model.service and 1 <= self._round()[1] <= referral.weeks):
            return
        if referral.also_self or referral.regime == "self":
            for provider in model.serving:
                cents = round(provider.terms.marketing_eur_per_week * 100)
                model.post(provider.terms.name, "suppliers", "overhead", "marketing", cents=cents)

    def _hours_left(self) -> float:
        """Return the hours left when all else is done."""
        model, terms = self.model, self.model.setup.office
        staff = terms.caseworkers
        if staff is None:
            staff = model.setup.population.registered / terms.jobseekers_per_caseworker
        free = staff * terms.hours_per_caseworker_week
        free -= free * model.shocked("office_load") + model.purchaser.claim_hours
        return max(free - self._people_hours() * (1 - self.taken_over()), 0)

    def _people_hours(self) -> float:
        """Return the hours that interviews and follow-up take, whoever gives them."""
        model, terms = self.model, self.model.setup.office
        here = [
            person
            for person in model.everybody
            if person.state == "unemployed" and not person.handed_over
        ]
        interviews = sum(
            person.entry_week == model.week
            or (person.since == model.week - 1 and bool(person.spells))
            for person in here
        )
        hours = interviews * terms.hours_per_assessment
        return hours + len(here) * terms.follow_up_hours_per_week

    def taken_over(self) -> float:
        """Return the part of the office's work that a back office does."""
        joint = self.model.setup.partnership
        return joint.back_office_effect if joint.back_office else 0.0

    def pay_for_joint_work(self) -> None:
        """Pay coordinators, premises and the back office while the contract is on."""
        model, joint = self.model, self.model.setup.partnership
        if not model.contract_is_on():
            return
        led = sum(each.stage == "in_service" and each.coordinated for each in model.everybody)
        cents = led * round(joint.coordinator_week_eur * 100 / joint.coordinator_caseload)
        model.post("purchaser", "office staff", "admin", "coordinators", cents=cents)
        if joint.shared_premises:
            cents = round(joint.premises_week_eur * 100)
            model.post("purchaser", "suppliers", "admin", "shared premises", cents=cents)
        if joint.back_office:
            part, claims = self.taken_over(), model.purchaser.claim_hours
            hours = part * self._people_hours() + claims * part / (1 - part)
            hour = model.setup.finance.office_hour_eur * joint.back_office_cost_share * 100
            cents = model.margins.cents(hours * hour, "a back office", 1e-10)
            model.post("purchaser", "office staff", "admin", "back office", cents=cents)

    def _hours_each(self, regime: str) -> float:
        """Return what a person who comes like this takes of the office's time."""
        terms = self.model.setup.office
        others = {
            "bulk": terms.hours_per_letter,
            "self": terms.hours_per_application,
            "info-session": terms.hours_per_invitation,
        }
        return others.get(regime, terms.hours_per_referral)

    def _hours_for_service(self, left: float) -> float:
        """Return what a team, or advisers, have for this service."""
        terms = self.model.setup.office
        if self.model.setup.referral.regime == "advisor":
            return left * terms.referral_time_share
        return min(terms.referral_team * terms.hours_per_caseworker_week, left)

    def _fitting(self, hours: float, regime: str = "") -> float:
        """Return how many people fit into the hours."""
        referral = self.model.setup.referral
        if hours <= 0:
            return 0
        each = self._hours_each(regime or referral.regime)
        if not each:
            return math.inf
        enough = min(hours / each, referral.volume * len(self.model.periods))
        return self.model.margins.floor(enough + 1e-9, "referrals in a week")

    def _considers(self, person: Jobseeker) -> bool:
        """Whether a person of the target group may be referred this week."""
        model, referral, terms = self.model, self.model.setup.referral, self.model.setup.office
        if referral.regime == "lottery":
            return person.draw(Stream.LOTTERY, 0) < referral.drawn_share
        if referral.regime == "self":
            return self._asks(person)
        if referral.regime != "advisor":
            return True
        below = model.margins.below
        if person.draw(Stream.MEETING, model.week) >= 1 / terms.weeks_between_meetings:
            return False
        if self.held_back > -math.inf and below(
            self._assessed(person), self.held_back, "holding back"
        ):
            return False
        trust = fmean(self.trust[provider.number] for provider in self.model.serving)
        chance = terms.advice_share * self.knowledge * trust
        chance *= self.seen(person).motivation / 10
        return below(person.draw(Stream.ADVICE, model.week), chance, "advice")

    def _in_order(self, people: list[Jobseeker]) -> list[Jobseeker]:
        referral = self.model.setup.referral
        if referral.regime != "profiling":
            return sorted(people, key=lambda person: person.draw(Stream.PRIORITY, 0))
        ahead = 1 if referral.profiling_first == "far" else -1
        order = sorted((ahead * self._assessed(person), person.number) for person in people)
        for (one, _), (other, _) in pairwise(order):
            self.model.margins.below(one, other, "a place in the order")
        return [self.model.everybody[number] for _, number in order]

    # Where clients go

    def places(self) -> dict[int, float] | None:
        """Return how many more clients each provider takes now; ``None``: nobody has a limit."""
        serving = self.model.serving
        if len(self.model.lots) > 1 or all(each.terms.places is None for each in serving):
            return None
        free = {}
        for provider in self.model.serving:
            limit = provider.terms.places
            room = math.inf if limit is None else limit - len(provider.clients())
            free[provider.number] = max(room, 0)
        return free

    def _queue(self, people: list[Jobseeker]) -> list[Jobseeker]:
        return sorted(people, key=lambda each: (each.referred_week, each.draw(Stream.PRIORITY, 0)))

    def _call_who_waits(self) -> None:
        """Ask those who wait, the longest first, until all places are taken."""
        free = sum((self.places() or {}).values())
        for person in self._queue([each for each in self.model.everybody if each.waits]):
            person.waits = False
            if free > 0:
                person.decide()
                free -= person.accepted
            else:
                self.left_waiting += 1

    def _placed(self, people: list[Jobseeker]) -> dict[int, int]:
        """Return each starting person's provider; where one is full, people choose again."""
        free = self.places()
        if free is None:
            return self._placed_by_lot(people)
        chosen: dict[int, int] = {}
        while len(chosen) < len(people):
            left = [person for person in people if person.number not in chosen]
            with_room = [number for number, room in free.items() if room > 0]
            wanted = {
                person.number: self._provider(person, turn, with_room)
                for turn, person in enumerate(left, self.started)
            }
            self.chose_again += bool(chosen)
            for person in self._queue(left):
                number = wanted[person.number]
                if free[number] > 0:
                    chosen[person.number] = number
                    free[number] -= 1
        return chosen

    def _placed_by_lot(self, people: list[Jobseeker]) -> dict[int, int]:
        """Return each starting person's provider, where nobody need wait."""
        turns: Counter[int] = Counter()
        chosen = {}
        for person in people:
            turn = self.started + turns[self.model.lot_of(person)]
            turns[self.model.lot_of(person)] += 1
            serving = [provider.number for provider in self.model.serving_for(person)]
            chosen[person.number] = self._provider(person, turn, serving)
        return chosen

    def start_services(self) -> None:
        """Assess those who have accepted, and give each a provider, in the order of their ids."""
        model = self.model
        self._call_who_waits()
        accepted = [person for person in model.everybody if person.accepted]
        placed = self._placed(accepted)
        for person in accepted:
            person.accepted, person.stage, person.service_start = False, "in_service", model.week
            longest = model.week + model.setup.contract.service_weeks_max
            person.contract = model.period.number
            person.service_limit = min(longest, model.period.end)
            person.ability_at_start = person.ability
            person.motivation_at_start = person.motivation
            person.provider = placed[person.number]
            person.assessed_log_hazard = self._assessed(person)
            person.office_error = person.assessed_log_hazard - math.log(person.own_hazard())
            person.group = self._group(person)
        self._send(accepted)
        for person in accepted:
            if model.providers[person.provider].takes(person):
                self.started += 1
                self.contacts[person.provider] += 1
                self.give_coordinator(person)
            else:
                person.stage, person.provider, person.group = "sent_back", -1, -1
                person.service_start = person.service_limit = NEVER

    def _send(self, accepted: list[Jobseeker]) -> None:
        """Note where those asked were sent; who declines comes after those who accept."""
        model = self.model
        declined = [person for person in model.everybody if person.asked and person not in accepted]
        sent = [(person, person.provider) for person in accepted]
        turns = Counter(model.lot_of(person) for person in accepted)
        for person in declined:
            turn = self.started + turns[model.lot_of(person)]
            turns[model.lot_of(person)] += 1
            serving = [provider.number for provider in model.serving_for(person)]
            sent.append((person, self._provider(person, turn, serving)))
        model.arrivals = sorted(sent, key=lambda each: each[0].number)

    def _provider(self, person: Jobseeker, turn: int, serving: list[int]) -> int:
        model, choice = self.model, self.model.setup.referral.provider_choice
        if choice in ("single", "rotation"):
            return serving[turn % len(serving)]
        worth = dict.fromkeys(serving, 0.0)
        if choice == "office":
            per_trust = model.setup.referral.choice.per_trust
            worth = {number: per_trust * self.trust[number] for number in serving}
        elif choice == "client":
            worth = self._worth_to(person, serving)
        tasted = {
            number: each + person.draw_gumbel(Stream.PROVIDER_CHOICE, number)
            for number, each in worth.items()
        }
        best = serving[0]
        for number, each in tasted.items():
            if model.margins.below(tasted[best], each, "the choice of a provider"):
                best = number
        return best

    def _worth_to(self, person: Jobseeker, serving: list[int]) -> dict[int, float]:
        """Return what each provider in business is worth to a client who chooses."""
        setup = self.model.setup
        weights, area = setup.referral.choice, list(setup.population.areas)[person.area]
        near = {
            number: setup.providers[number].areas is None or area in setup.providers[number].areas
            for number in serving
        }
        usual = next((number for number in serving if near[number]), serving[0])
        worth = {}
        for number in serving:
            each = setup.providers[number]
            value = weights.per_reputation_point * each.reputation
            value += weights.per_marketing_point * each.marketing
            value += 0 if near[number] else weights.far
            worth[number] = value + (weights.usual if number == usual else 0)
        return worth

    def _group(self, person: Jobseeker) -> int:
        groups = self.model.setup.contract.groups
        if groups:
            fitting = (n for n, group in enumerate(groups) if belongs(group.when, person))
            return next(fitting, -1)
        assert self.limits is not None
        below = self.model.margins.below
        return sum(below(person.assessed_log_hazard, limit, "a third") for limit in self.limits)

    # What it learns

    def learn(self) -> None:
        """Know a running service better, a stopped one worse; trust whom there is contact with."""
        model, terms = self.model, self.model.setup.office
        if not model.service:
            return
        earlier = max(model.setup.contract.start_week - model.setup.referral.start_week, 0)
        running = model.period.start - earlier <= model.week < model.period.end
        if running:
            self.knowledge += terms.learning_per_week * (1 - self.knowledge)
        else:
            self.knowledge -= terms.forgetting_per_week * self.knowledge
        for number, trust in enumerate(self.trust):
            good, bad = self.contacts[number], model.purchaser.disputes[number]
            if good + bad:
                gain = terms.trust_gain_per_week * (1 - trust) * good / (good + bad)
                loss = terms.trust_loss_per_week * trust * bad / (good + bad)
                self.trust[number] = trust + gain - loss
            if running:
                self.trust[number] += self._won_by_meetings() * (1 - self.trust[number])
        self.contacts.clear()

    def _won_by_meetings(self) -> float:
        """Return the part of missing trust that a week's meetings give."""
        joint = self.model.setup.partnership
        meetings = joint.meetings_per_month
        meetings += joint.premises_meetings_per_month if joint.shared_premises else 0
        return 1 - (1 - joint.trust_per_meeting) ** (meetings / rules.WEEKS_PER_MONTH)

    def give_coordinator(self, person: Jobseeker) -> None:
        """Let one person pull a client's services together, if there are enough of them."""
        joint = self.model.setup.partnership
        if person.needs >= joint.coordinator_needs_min:
            person.coordinated = person.draw(Stream.COORDINATOR, 0) < joint.coordinator_share


def weeks_before(person: Jobseeker, terms: Terms) -> int:
    """Return the weeks of earlier spells that add up to the present one, where weeks do."""
    if not terms.adds_up:
        return 0
    service_end = min(person.service_limit, person.first_exit + 1)
    return sum(
        spell.end - spell.begin
        for spell in person.spells[:-1]
        if spell.state in terms.states
        and person.service_start <= spell.begin < service_end + terms.start_grace
        and ((spell.state != "employed" and spell.state != "entrepreneur")
             or spell.hours_share >= terms.min_hours)
        and (spell.state != "entrepreneur" or BUSINESS_KINDS[spell.kind] in terms.businesses)
    )  # fmt: skip


def completes(person: Jobseeker, terms: Terms) -> float:
    """Return the week in which the present spell has lasted as long as asked."""
    return person.spells[-1].begin + terms.weeks - 1 - weeks_before(person, terms)


@dataclass
class Claim:
    """A claim of one client's outcome: when it is looked at next, and what has become of it."""

    due: float
    proved: bool = True
    by_hand: bool = False
    looked_at: bool = True
    disputed: float = NEVER


class Purchaser(mesa.Agent):
    """Pays for starts, months, hours, coaches, and outcomes, as they come about."""

    model: PlainMarket

    def __init__(self, model: PlainMarket) -> None:
        super().__init__(model)
        self.met: dict[tuple[str, int], int] = {}
        self.claims: dict[tuple[str, int], Claim] = {}
        self.paid: dict[tuple[str, int], int] = {}
        self.cents: Counter[tuple[str, int]] = Counter()
        budget = model.setup.contract.budget_eur
        self.left = math.inf if budget is None else round(budget * 100)
        self.chance_of_money = 1.0
        self.unpaid_fees = self.weeks_of_doubt = 0
        self.unfunded: dict[tuple[str, int], int] = {}
        self.claim_hours = 0.0
        self.disputes: Counter[int] = Counter()
        self._used: defaultdict[tuple[str, int], float] = defaultdict(float)
        self.billed: defaultdict[tuple[str, int], float] = defaultdict(float)
        self.ended: set[tuple[str, int]] = set()
        self.spent: Counter[tuple[str, int]] = Counter()
        self.unserved: set[tuple[str, int]] = set()
        self.on_support: dict[int, bool] = {}
        self.arms: Counter[tuple[str, bool]] = Counter()
        self._weeks_on: Counter[int] = Counter()
        self.weeks_with_firms = 0

    def settle(self) -> None:
        """Notice outcomes, and pay what is due this week."""
        model = self.model
        self.disputes, self.claim_hours = Counter(), 0.0
        for price in self._outcomes():
            self._notice(price)
        paying = model.week <= model.period.last_paid
        for provider in model.serving if model.contract_is_on() and paying else []:
            self._weeks_on[provider.number] += 1
        self.weeks_with_firms += model.firms.running and paying
        for price in model.prices:
            if price.fee.on == "coach-month":
                self._pay_coaches(price)
            elif price.fee.on in ("start", "month", "hour", "unit"):
                for person in filter(self.is_paid_for, self._starters()):
                    self._pay(price, person, self._units(price, person))
            elif price.terms is None:
                measures.pay(self, price)
        self._pay_missing_starts()
        self._share_costs()
        if self.bills_now():
            self._weeks_on, self.weeks_with_firms = Counter(), 0
        for price in self._outcomes():
            self._look(price)

    def _outcomes(self) -> list[Price]:
        return [price for price, _ in self.model.outcome_prices]

    # What providers know of their accounts

    def still_paid(self, price: Price, person: Jobseeker) -> bool:
        """Whether a month or hour of a client would be paid this week."""
        fee, week, key = price.fee, self.model.week, (price.fee.name, person.number)
        last = NEVER if fee.to_service_week is None else fee.to_service_week
        of_service = week - person.service_start
        if fee.on == "unit":
            if of_service > max(self._unit_weeks(fee), default=-1):
                return False
        elif not (fee.from_service_week or 0) <= of_service <= last:
            return False
        if key in self.ended or self.purse(fee, person) <= 0:
            return False
        if not self.is_paid_for(person) or not self.affords(price, person):
            return False
        if fee.max_per_client is None:
            return True
        used = self.billed.get(key, 0.0) + self._used.get(key, 0.0)
        return self.model.margins.below(used, fee.max_per_client * (1 - 1e-9), "a cap on units")

    def is_paid_for(self, person: Jobseeker) -> bool:
        """Whether the contract that a client started under still pays."""
        return self.model.week <= self.model.periods[person.contract].last_paid

    def _unit_weeks(self, fee: Fee) -> list[int]:
        return rules.unit_weeks(fee, self.model.setup.contract.service_weeks_max)

    def purse(self, fee: Fee, person: Jobseeker) -> float:
        """Return the cents that a fee's cap and the client's purse leave."""
        contract, left = self.model.setup.contract, NEVER
        if fee.eur_max_per_client is not None:
            left = round(fee.eur_max_per_client * 100) - self.spent[fee.name, person.number]
        from_purse = ("month", "hour", "unit")
        if contract.client_budget_eur is not None and fee.on in from_purse:
            names = [each.name for each in contract.fees if each.on in from_purse]
            used = sum(self.spent[name, person.number] for name in names)
            left = min(left, round(contract.client_budget_eur * 100) - used)
        return left

    def affords(self, price: Price, person: Jobseeker) -> bool:
        """Whether there is money for one unit of a fee."""
        return self.model.cents(price, person) <= self.left

    def earned(self, person: Jobseeker) -> float:
        """Return the outcome fees paid for a client, in euros."""
        names = {price.fee.name for price, _ in self.model.outcome_prices}
        return sum(self.cents[name, person.number] for name in names) / 100

    def owed(self, provider: int) -> float:
        """Return a provider's open claims that will be looked at in time, and unbilled fees.

        In euros, whether or not there will be money.
        """
        cents = self._unbilled(provider)
        for price, _ in self.model.outcome_prices:
            for person in self._starters():
                claim = self.claims.get((price.key, person.number))
                last = self.model.periods[person.contract].last_paid
                if person.provider == provider and claim is not None and claim.due <= last:
                    cents += self.model.cents(price, person, notified=claim.proved)
        return cents / 100

    def _unbilled(self, provider: int) -> int:
        """Return the cents of months, hours and coaches of a provider that no bill has held."""
        cents = 0
        for price in self.model.prices:
            if price.fee.on == "coach-month":
                if self._weeks_on[provider]:
                    cents += self._coach_cents(price, provider)
            elif price.fee.on in ("month", "hour", "unit") or measures.by_support_day(price):
                for person in self._starters():
                    units = self._used.get((price.fee.name, person.number), 0.0)
                    if person.provider == provider and units:
                        units = self._capped(price, person, units)
                        due = round(self.model.cents(price, person) * units)
                        cents += min(due, self.purse(price.fee, person))
        return cents

    def foresee(self) -> None:
        """Compare what is left with all that providers hope for and are owed."""
        if self.left == math.inf:
            return
        chance, providers = self.chance_of_money, self.model.providers
        if chance == 0:
            return
        to_come = math.fsum(
            each.receivables / chance + self.owed(each.number) for each in providers
        )
        left = self.left / 100
        self.chance_of_money = min(left / to_come, 1.0) if to_come and left else float(left > 0)
        self.weeks_of_doubt += 0 < self.chance_of_money < 1

    def _starters(self) -> list[Jobseeker]:
        return [person for person in self.model.everybody if person.service_start < NEVER]

    def _notice(self, price: Price) -> None:
        """Note who meets the terms this week; each claim takes both sides' time."""
        model = self.model
        claims: Counter[int] = Counter()
        for person in self._starters():
            key = price.key, person.number
            if key in self.met or (price.fee.name, person.number) in self.ended:
                continue
            if price.terms.nth and not self.comes_next(price, person):
                continue
            if not self._meets(person, price.terms):
                continue
            self.met[key] = model.week
            if price.terms.in_work and not self._supported(person):
                self.unserved.add(key)
                continue
            self.claims[key] = self._claim(price, person)
            if self.model.cents(price, person) > 0 and self.is_paid_for(person):
                claims[person.provider] += 1
        office = model.setup.office
        minutes = office.minutes_per_claim, office.provider_minutes_per_claim
        self._book_time("claims", claims, *minutes)

    def comes_next(self, price: Price, person: Jobseeker) -> bool:
        """Whether an earlier spell has earned the payment before, and this is another one."""
        before = price.terms.nth - 1
        key = f"{price.fee.name}#{before}" if before else price.fee.name
        met = self.met.get((key, person.number), NEVER)
        return bool(person.spells) and met < person.spells[-1].begin

    def _supported(self, person: Jobseeker) -> bool:
        """Whether a job has had the contract's least hours a week of support so far."""
        if person.state != "employed":
            return True
        contract = self.model.setup.contract
        weeks = range(person.spells[-1].begin + 1, self.model.week + 1)
        ends = self.model.periods[person.contract].end
        asked = contract.minimum_hours * sum(week < ends for week in weeks)
        below = self.model.margins.below
        return not below(person.support_total, asked * (1 - 1e-9), "support asked for")

    def _claim(self, price: Price, person: Jobseeker) -> Claim:
        """Return a new claim, which waits for its proof."""
        week, contract = self.model.week, self.model.setup.contract
        if contract.verification == "notice":
            given = person.draw(Stream.NOTICE, price.luck) < contract.notice_chance
            due = week if given else week + contract.notice_weeks
            return Claim(due, proved=given, by_hand=True)
        if contract.verification == "sample":
            if person.draw(Stream.SAMPLE, price.luck) < contract.sample_share:
                return Claim(week + contract.verification_lag_weeks, by_hand=True)
            return Claim(week, looked_at=False)
        return Claim(week + contract.verification_lag_weeks)

    def _look(self, price: Price) -> None:
        """Look at the claims that are due: pay them, or send them back once."""
        model, contract = self.model, self.model.setup.contract
        checks: Counter[int] = Counter()
        disputes: Counter[int] = Counter()
        for person in self._starters():
            claim = self.claims.get((price.key, person.number))
            if claim is None or claim.due > model.week or not self.is_paid_for(person):
                continue
            cents = model.cents(price, person, notified=claim.proved)
            if claim.disputed < NEVER:
                claim.due = NEVER
                if person.draw(Stream.DISPUTE_LOST, price.luck) >= contract.dispute_lost_share:
                    self._settle(price, person, cents)
                continue
            if claim.by_hand and model.cents(price, person) > 0:
                checks[person.provider] += 1
            chance = contract.dispute_chance * self._disputed_with(person.provider)
            luck = person.draw(Stream.DISPUTE, price.luck)
            wrong = model.margins.below(luck, chance, "a dispute")
            if claim.looked_at and cents > 0 and wrong:
                disputes[person.provider] += 1
                claim.disputed, claim.due = model.week, model.week + contract.dispute_weeks
                continue
            claim.due = NEVER
            if claim.proved or cents > 0:
                self._settle(price, person, cents)
        office = model.setup.office
        minutes = office.minutes_per_check, office.provider_minutes_per_check
        self._book_time("checks", checks, *minutes)
        minutes = office.minutes_per_dispute, office.provider_minutes_per_dispute
        self._book_time("disputes", disputes, *minutes)
        self.disputes += disputes

    def _disputed_with(self, provider: int) -> float:
        """Return the part of disputes that agreed data and trust leave with a provider."""
        joint, trust = self.model.setup.partnership, self.model.office.trust[provider]
        agreed = 1 - joint.data_transfer * joint.data_transfer_effect
        return agreed * (1 - joint.dispute_relief_of_trust * trust)

    def _settle(self, price: Price, person: Jobseeker, cents: int) -> None:
        paid = self._post_fee(price, person, cents)
        weeks = self.paid if paid else self.unfunded
        weeks[price.key, person.number] = self.model.week

    def _book_time(
        self, item: str, claims: Counter[int], minutes: float, provider_minutes: float
    ) -> None:
        model = self.model
        minutes *= 1 - model.office.taken_over()
        minute = model.setup.finance.office_hour_eur / 60 * 100
        self.claim_hours += claims.total() * minutes / 60
        cents = round(claims.total() * minutes * minute)
        model.post("purchaser", "office staff", "admin", item, cents=cents)
        for number, own in claims.items():
            name = model.setup.providers[number].name
            cents = round(own * provider_minutes * minute)
            model.post(name, "provider staff", "admin", item, cents=cents)

    def _meets(self, person: Jobseeker, terms: Terms) -> bool:
        """Whether a client's present spell has now lasted long enough, and lies in its windows."""
        if person.state not in terms.states:
            return False
        spell = person.spells[-1]
        if spell.begin < person.service_start or self.model.week < completes(person, terms):
            return False
        if person.state in ("employed", "entrepreneur") and spell.hours_share < terms.min_hours:
            return False
        if person.state == "entrepreneur" and BUSINESS_KINDS[spell.kind] not in terms.businesses:
            return False
        service_end = min(person.service_limit, person.first_exit + 1)
        complete = completes(person, terms)
        return (
            spell.begin < service_end + terms.start_grace
            and complete < person.service_limit + terms.completion_grace
        )

    def _units(self, price: Price, person: Jobseeker) -> float:
        fee, week, key = price.fee, self.model.week, (price.fee.name, person.number)
        if fee.on == "start":
            return float(person.service_start == week)
        last = NEVER if fee.to_service_week is None else fee.to_service_week
        if fee.on == "unit":
            given = week - person.service_start in self._unit_weeks(fee)
            if person.served and given and key not in self.ended:
                self._used[key] += 1.0
        elif key in self.ended:
            pass
        elif person.served and (fee.from_service_week or 0) <= week - person.service_start <= last:
            month = rules.weeks_of_month(self.model.setup.run.start_date, week)
            self._used[key] += person.hours if fee.on == "hour" else 1 / month
        if fee.on == "month" and not self.bills_now():
            return 0.0
        units = self._capped(price, person, self._used.pop(key, 0.0))
        self.billed[key] += units
        return units

    def _capped(self, price: Price, person: Jobseeker, units: float) -> float:
        """Return those of a client's units that are under the fee's cap."""
        most = price.fee.max_per_client
        if most is None:
            return units
        return min(units, max(most - self.billed.get((price.fee.name, person.number), 0.0), 0.0))

    def _pay(self, price: Price, person: Jobseeker, units: float) -> None:
        if not units:
            return
        amount = self.model.cents(price, person) * units
        hourly = price.fee.on == "hour"
        cents = self.model.margins.staff_cents(amount, "an hour fee") if hourly else round(amount)
        self._post_fee(price, person, cents)

    def _post_fee(self, price: Price, person: Jobseeker, cents: int) -> bool:
        """Pay a fee, or what the client's purse leaves of it, if there is money for all of that."""
        cents = min(cents, self.purse(price.fee, person))
        if not self.takes(cents):
            return False
        self.cents[price.fee.name, person.number] += cents
        self.spent[price.fee.name, person.number] += cents
        for other in self.model.setup.contract.fees:
            stopped = {other.name, other.on} & set(price.fee.stops or ())
            if stopped and other.name != price.fee.name:
                self.ended.add((other.name, person.number))
        group = self.model.groups[person.group] if person.group >= 0 else ""
        payee = self.model.setup.providers[person.provider].name
        self.model.post("purchaser", payee, "fee", price.fee.name, group, cents=cents)
        return True

    def takes(self, cents: int) -> bool:
        """Take a fee from what is left, if it fits."""
        if cents > self.left:
            self.unpaid_fees += 1
            return False
        self.left -= cents
        return True

    def pay_referral(self, price: Price, person: Jobseeker, provider: int) -> None:
        """Pay for somebody who has come to a provider and answered."""
        cents = measures.nobodys_cents(self.model, price, provider)
        if self.takes(cents):
            self.cents[price.fee.name, person.number] += cents
            group = self.model.groups[person.group] if person.group >= 0 else ""
            payee = self.model.setup.providers[provider].name
            self.model.post("purchaser", payee, "fee", price.fee.name, group, cents=cents)

    def pay_client(self, price: Price, person: Jobseeker, cents: int) -> None:
        self._post_fee(price, person, cents)

    def use(self, price: Price, person: Jobseeker, units: float) -> None:
        self._used[price.fee.name, person.number] += units

    def bill(self, price: Price, person: Jobseeker) -> None:
        """Bill what a client has used, when a month ends."""
        key = price.fee.name, person.number
        if self.bills_now() and key in self._used:
            units = self._capped(price, person, self._used.pop(key))
            self.billed[key] += units
            self._pay(price, person, units)

    def days_left(self, price: Price, person: Jobseeker) -> float:
        key = price.fee.name, person.number
        return price.fee.max_per_client - self.billed.get(key, 0.0) - self._used.get(key, 0.0)

    def pay_provider(self, item: str, number: int, cents: int) -> None:
        """Pay a provider what belongs to no single client, if there is money for it."""
        if self.takes(cents):
            payee = self.model.setup.providers[number].name
            self.model.post("purchaser", payee, "fee", item, cents=cents)

    def _pay_missing_starts(self) -> None:
        """Pay for starts that were guaranteed and have not come."""
        model, contract = self.model, self.model.setup.contract
        now, week = model.period, model.week
        over = week == now.end - 1 and week <= now.last_paid
        if contract.minimum_volume is None or not over or not model.service:
            return
        starts = Counter(
            person.provider for person in self._starters() if person.contract == now.number
        )
        short = {}
        for provider in model.serving:
            share = contract.minimum_volume / model.shares_among(provider.number)
            short[provider.number] = max(share - starts[provider.number], 0.0)
        part, missing = 1.0, max(contract.minimum_volume - starts.total(), 0)
        if sum(short.values()) > missing:  # others have had more than their share
            part = missing / sum(short.values())
        for number, starts_missing in short.items():
            each = contract.minimum_volume_eur
            if each is None:
                each = sum(
                    model.pricing.mean_eur(price)
                    * model.pricing.units(price.fee)
                    * model.factor(price, number, now.number)
                    for price in model.prices
                    if price.fee.on in ("start", "month", "hour", "unit")
                )
            cents = starts_missing * part * each * 100
            cents = model.margins.cents(cents, "missing starts", 1e-10)
            self.pay_provider("minimum volume", number, cents)

    def _pay_coaches(self, price: Price) -> None:
        if not self.bills_now():
            return
        for provider in self.model.providers:
            if not self._weeks_on[provider.number]:
                continue
            cents = self._coach_cents(price, provider.number)
            if self.takes(cents):
                payee = provider.terms.name
                self.model.post("purchaser", payee, "fee", price.fee.name, cents=cents)

    def _share_costs(self) -> None:
        """Bear a part of what an alliance's partners have paid for staff this week."""
        paying = self.model.week <= self.model.period.last_paid
        for provider in self.model.providers:
            if paying and provider.open_books and self.takes(provider.open_books):
                name, cents = provider.terms.name, provider.open_books
                self.model.post("purchaser", name, "fee", "open books", cents=cents)

    def _coach_cents(self, price: Price, provider: int) -> int:
        """Return what a provider has earned by the coach-month since the last bill."""
        start, week = self.model.setup.run.start_date, self.model.week
        months = self._weeks_on[provider] / rules.weeks_of_month(start, week)
        factor = self.model.factor(price, provider, self.model.period.number)
        each = round(price.cents[-1] * factor)
        amount = each * price.coaches * months / self.model.shares_among(provider)
        return self.model.margins.staff_cents(amount, "a coach-month")

    def bills_now(self) -> bool:
        model, week = self.model, self.model.week
        start = model.setup.run.start_date
        last = week == model.weeks - 1 or any(week == each.last_paid for each in model.periods)
        handed_over = any(week + 1 == each.end for each in model.periods[:-1])
        return last or handed_over or rules.month(start, week) != rules.month(start, week + 1)
