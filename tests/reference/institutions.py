"""Office, providers and purchaser of the plain model: each deals with people one by one."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median, pstdev
from typing import TYPE_CHECKING

import mesa

from labsim.market.draws import Stream
from labsim.scenario.sections.providers import Provider as ProviderTerms
from labsim.scenario.sections.referral import Target
from tests.reference import rules
from tests.reference.rules import EXITS, NEVER, Price, Terms

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
    ]
    for least, value, most in bounds:
        if least is not None and below(value, least, "a target's least"):
            return False
        if most is not None and below(most, value, "a target's most"):
            return False
    areas = list(market.setup.population.areas)
    if target.areas is not None and areas[person.area] not in target.areas:
        return False
    if target.education is not None and person.education not in target.education:
        return False
    return target.benefit is None or person.scheme in target.benefit


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
        self.crowded_out = 0
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
        error = self.model.setup.office.assessment_noise_sd * self.spread
        return math.log(hazard) + error * person.draw_normal(Stream.ASSESSMENT)

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

    def refer(self) -> None:
        """Refer those whom the regime picks, as far as there are places and hours this week."""
        model, referral = self.model, self.model.setup.referral
        elapsed = model.week - referral.start_week + 1
        if not 1 <= elapsed <= referral.weeks:
            return
        eligible = [
            person
            for person in model.everybody
            if person.state == "unemployed"
            and person.stage == "none"
            and belongs(referral.target, person)
        ]
        for person in eligible:
            person.ever_eligible = True
        if self.limits is None and eligible:
            self._learn_the_group(eligible)
        if not model.service:
            return
        volume = referral.volume
        if referral.regime != "bulk":
            volume = math.floor(volume * elapsed / referral.weeks)
        places = max(min(volume - self.referred, self._fitting(self._hours_left())), 0)
        self.crowded_out += places < min(volume - self.referred, len(eligible))
        picked = [person for person in eligible if self._considers(person)]
        chosen = self._in_order(picked)[: min(places, len(picked))]
        for person in chosen:
            person.stage, person.referred_week = "referred", model.week
        self.referred += len(chosen)
        hours = len(chosen) * (model.setup.office.hours_per_assessment + self._hours_each())
        cents = round(hours * model.setup.finance.office_hour_eur * 100)
        model.post("purchaser", "office staff", "admin", "assessment and referral", cents=cents)

    def _hours_left(self) -> float:
        """Return the hours left when all else is done."""
        model, terms = self.model, self.model.setup.office
        staff = terms.caseworkers
        if staff is None:
            staff = model.setup.population.registered / terms.jobseekers_per_caseworker
        here = [person for person in model.everybody if person.state == "unemployed"]
        interviews = sum(
            person.entry_week == model.week
            or (person.since == model.week - 1 and bool(person.spells))
            for person in here
        )
        free = staff * terms.hours_per_caseworker_week
        free -= interviews * terms.hours_per_assessment + model.purchaser.claim_hours
        return max(free - len(here) * terms.follow_up_hours_per_week, 0)

    def _hours_each(self) -> float:
        terms = self.model.setup.office
        by_letter = self.model.setup.referral.regime == "bulk"
        return terms.hours_per_letter if by_letter else terms.hours_per_referral

    def _fitting(self, left: float) -> float:
        """Return how many referrals fit into what a team, or advisers, have for this service."""
        terms, margins = self.model.setup.office, self.model.margins
        hours = min(terms.referral_team * terms.hours_per_caseworker_week, left)
        if self.model.setup.referral.regime == "advisor":
            hours = left * terms.referral_time_share
        if hours <= 0:
            return 0
        each = self._hours_each()
        return margins.floor(hours / each + 1e-9, "referrals in a week") if each else math.inf

    def _considers(self, person: Jobseeker) -> bool:
        """Whether a person of the target group may be referred this week."""
        model, referral, terms = self.model, self.model.setup.referral, self.model.setup.office
        if referral.regime == "lottery":
            return person.draw(Stream.LOTTERY, 0) < referral.drawn_share
        if referral.regime != "advisor":
            return True
        below = model.margins.below
        if person.draw(Stream.MEETING, model.week) >= 1 / terms.weeks_between_meetings:
            return False
        if self.held_back > -math.inf and below(
            self._assessed(person), self.held_back, "holding back"
        ):
            return False
        serving = 1 if referral.provider_choice == "single" else len(self.trust)
        chance = terms.advice_share * self.knowledge * fmean(self.trust[:serving])
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

    def start_services(self) -> None:
        """Assess those who have accepted, and give each a provider, in the order of their ids."""
        model, contract = self.model, self.model.setup.contract
        for person in model.everybody:
            if not person.accepted:
                continue
            person.accepted, person.stage, person.service_start = False, "in_service", model.week
            longest = model.week + contract.service_weeks_max
            person.service_limit = min(longest, contract.end_week)
            person.provider = self._provider(person)
            self.started += 1
            self.contacts[person.provider] += 1
            person.assessed_log_hazard = self._assessed(person)
            person.group = self._group(person)

    def _provider(self, person: Jobseeker) -> int:
        model, choice = self.model, self.model.setup.referral.provider_choice
        if choice == "single":
            return 0
        if choice == "rotation":
            return self.started % len(model.providers)
        worth = [0.0] * len(model.providers)
        if choice == "office":
            worth = [model.setup.referral.choice.per_trust * each for each in self.trust]
        elif choice == "client":
            worth = self._worth_to(person)
        tasted = [
            each + person.draw_gumbel(Stream.PROVIDER_CHOICE, number)
            for number, each in enumerate(worth)
        ]
        best = 0
        for number, each in enumerate(tasted):
            if model.margins.below(tasted[best], each, "the choice of a provider"):
                best = number
        return best

    def _worth_to(self, person: Jobseeker) -> list[float]:
        """Return what each provider is worth to a client who chooses."""
        setup = self.model.setup
        weights, area = setup.referral.choice, list(setup.population.areas)[person.area]
        near = [each.areas is None or area in each.areas for each in setup.providers]
        usual = near.index(True) if any(near) else 0
        worth = []
        for number, each in enumerate(setup.providers):
            value = weights.per_reputation_point * each.reputation
            value += weights.per_marketing_point * each.marketing
            value += 0 if near[number] else weights.far
            worth.append(value + (weights.usual if number == usual else 0))
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
        contract, referral = model.setup.contract, model.setup.referral
        if min(referral.start_week, contract.start_week) <= model.week < contract.end_week:
            self.knowledge += terms.learning_per_week * (1 - self.knowledge)
        else:
            self.knowledge -= terms.forgetting_per_week * self.knowledge
        for number, trust in enumerate(self.trust):
            good, bad = self.contacts[number], model.purchaser.disputes[number]
            if good + bad:
                gain = terms.trust_gain_per_week * (1 - trust) * good / (good + bad)
                loss = terms.trust_loss_per_week * trust * bad / (good + bad)
                self.trust[number] = trust + gain - loss
        self.contacts.clear()


class Provider(mesa.Agent):
    """Staffs, and divides the hours of its coaches among its clients."""

    model: PlainMarket

    def __init__(self, model: PlainMarket, number: int, terms: ProviderTerms) -> None:
        super().__init__(model)
        self.number, self.terms = number, terms
        self._chances = [self._chances_to_last(price.terms) for price in model.prices]

    def _chances_to_last(self, terms: Terms | None) -> dict[str, float]:
        """Return by state that counts the chance that a new spell earns the fee."""
        if terms is None:
            return {}
        market = self.model.setup.labour_market
        return {
            state: rules.chance_to_last(market, state, terms.weeks, terms.min_hours)
            for state in terms.states
        }

    def give_hours(self) -> None:
        """Staff, pay the staff, and give each client hours."""
        model, terms, contract = self.model, self.terms, self.model.setup.contract
        clients = [
            person
            for person in model.everybody
            if person.stage == "in_service" and person.provider == self.number
        ]
        bought = [price.coaches for price in model.prices if price.fee.on == "coach-month"]
        coaches = len(clients) / terms.planned_caseload
        if bought:
            on = model.service and contract.start_week <= model.week < contract.end_week
            alone = model.setup.referral.provider_choice == "single"
            on = on and (self.number == 0 or not alone)
            coaches = math.fsum(bought) / (1 if alone else len(model.providers)) if on else 0.0
        pay = model.margins.cents(coaches * terms.coach_week_eur * 100, "coach pay")
        model.post(terms.name, "coaches", "coach-pay", cents=pay)
        model.post(terms.name, "suppliers", "overhead", cents=round(pay * terms.fixed_cost_share))
        if not clients:
            return
        least = max(terms.hours_min, contract.minimum_hours)
        hours = rules.water_fill(
            self._worth(clients),
            coaches * terms.client_hours_per_coach_week,
            least,
            max(terms.hours_max, least),
            model.setup.coaching.saturation_hours_per_week,
        )
        for person, given in zip(clients, hours, strict=True):
            person.served, person.hours = True, given
            person.hours_total += given

    def _worth(self, clients: list[Jobseeker]) -> list[float]:
        """Return what a fully served week of each client is worth, in euros."""
        coaching, reference = self.model.setup.coaching, self.model.reference_hazard
        believed, response = [], []
        for person in clients:
            spread = self.terms.belief_noise_sd / math.sqrt(1 + person.hours_total / 4)
            error = spread * person.draw_normal(Stream.BELIEF_OF_PROVIDER)
            hazard = person.own_hazard() * math.exp(error)
            believed.append(hazard)
            response.append(
                rules.responsiveness(coaching, person.ability, person.motivation, hazard, reference)
            )
        need = [1 / max(each, 0.25) for each in response]
        mean_need = math.fsum(need) / len(need)
        worth = []
        for person, hazard, answer, needed in zip(clients, believed, response, need, strict=True):
            mission = self.terms.mission_eur * needed / mean_need
            gain = coaching.max_uplift * self.terms.skill * answer
            worth.append((self._fee_gain(person, hazard) + mission) * gain)
        return worth

    def _fee_gain(self, person: Jobseeker, hazard: float) -> float:
        """Return the weekly rise of expected fees per unit of uplift, less what waiting brings."""
        fees, weeks_left = dict.fromkeys(EXITS, 0.0), 0.0
        for price, chances in zip(self.model.prices, self._chances, strict=True):
            if price.terms is None:
                continue
            left = self._weeks_to_begin(price.terms, person)
            weeks_left = max(weeks_left, left)
            for state, lasts in chances.items():
                fees[state] += lasts * price.cents[person.group] / 100 if left > 0 else 0.0
        rates = {state: ratio * hazard for state, ratio in self.model.exit_ratios.items()}
        total = sum(rates.values())
        anyway = sum(rates[state] * fees[state] for state in EXITS) / total
        forfeited = anyway * -math.expm1(-total * max(weeks_left - 1, 0))
        return sum(
            response * rates[state] * (fees[state] - forfeited)
            for state, response in self.model.responses.items()
        )

    def _weeks_to_begin(self, terms: Terms, person: Jobseeker) -> float:
        """Return the weeks, this one included, in which an outcome may begin and still be paid."""
        contract = self.model.setup.contract
        payable = contract.last_week_paid - contract.verification_lag_weeks
        last_begin = min(
            person.service_limit + terms.start_grace - 1,
            person.service_limit + terms.completion_grace - terms.weeks,
            payable - terms.weeks + 1,
        )
        return last_begin - self.model.week + 1


class Purchaser(mesa.Agent):
    """Pays for starts, months, hours, coaches, and outcomes, as they come about."""

    model: PlainMarket

    def __init__(self, model: PlainMarket) -> None:
        super().__init__(model)
        self.met: dict[tuple[str, int], int] = {}
        self.paid: dict[tuple[str, int], int] = {}
        self.cents: Counter[tuple[str, int]] = Counter()
        self.claim_hours = 0.0
        self.disputes: Counter[int] = Counter()
        self._used: defaultdict[tuple[str, int], float] = defaultdict(float)
        self._billed: defaultdict[tuple[str, int], float] = defaultdict(float)
        self._weeks_on = 0

    def settle(self) -> None:
        """Notice outcomes, and pay what is due this week."""
        model, contract = self.model, self.model.setup.contract
        for price in model.prices:
            if price.terms is not None:
                self._notice(price, price.terms)
        if model.week > contract.last_week_paid:
            return
        on = model.service and contract.start_week <= model.week < contract.end_week
        self._weeks_on += on
        for price in model.prices:
            if price.fee.on == "coach-month":
                self._pay_coaches(price)
            else:
                for person in self._starters():
                    self._pay(price, person, self._units(price, person))
        if self._bills_now():
            self._weeks_on = 0

    def _starters(self) -> list[Jobseeker]:
        return [person for person in self.model.everybody if person.service_start < NEVER]

    def _notice(self, price: Price, terms: Terms) -> None:
        """Note who meets the terms this week; each claim takes both sides' time."""
        model, contract = self.model, self.model.setup.contract
        claims: Counter[int] = Counter()
        for person in self._starters():
            key = price.fee.name, person.number
            if key in self.met or not self._meets(person, terms):
                continue
            self.met[key] = model.week
            if price.cents[person.group] > 0 and model.week <= contract.last_week_paid:
                claims[person.provider] += 1
        office, minute = model.setup.office, model.setup.finance.office_hour_eur / 60 * 100
        cents = round(claims.total() * office.minutes_per_claim * minute)
        model.post("purchaser", "office staff", "admin", "claims", cents=cents)
        for number, own in claims.items():
            name = model.setup.providers[number].name
            cents = round(own * office.provider_minutes_per_claim * minute)
            model.post(name, "provider staff", "admin", "claims", cents=cents)

    def _meets(self, person: Jobseeker, terms: Terms) -> bool:
        """Whether a client's present spell has now lasted long enough, and lies in its windows."""
        if person.state not in terms.states:
            return False
        spell = person.spells[-1]
        if spell.begin < person.service_start or self.model.week - spell.begin + 1 < terms.weeks:
            return False
        if person.state == "employed" and spell.hours_share < terms.min_hours:
            return False
        first_exit = next(each for each in person.spells if each.begin >= person.service_start)
        service_end = min(person.service_limit, first_exit.begin + 1)
        complete = spell.begin + terms.weeks - 1
        return (
            spell.begin < service_end + terms.start_grace
            and complete < person.service_limit + terms.completion_grace
        )

    def _units(self, price: Price, person: Jobseeker) -> float:
        fee, week, key = price.fee, self.model.week, (price.fee.name, person.number)
        if fee.on == "start":
            return float(person.service_start == week)
        if fee.on == "outcome":
            known = self.met.get(key, NEVER) + self.model.setup.contract.verification_lag_weeks
            if known > week or key in self.paid:
                return 0.0
            self.paid[key] = week
            return 1.0
        last = NEVER if fee.to_service_week is None else fee.to_service_week
        if person.served and (fee.from_service_week or 0) <= week - person.service_start <= last:
            month = rules.weeks_of_month(self.model.setup.run.start_date, week)
            self._used[key] += person.hours if fee.on == "hour" else 1 / month
        if fee.on == "month" and not self._bills_now():
            return 0.0
        units = self._used.pop(key, 0.0)
        if fee.max_per_client is not None:
            units = min(units, max(fee.max_per_client - self._billed[key], 0.0))
        self._billed[key] += units
        return units

    def _pay(self, price: Price, person: Jobseeker, units: float) -> None:
        if not units:
            return
        amount = price.cents[person.group] * units
        hourly = price.fee.on == "hour"
        cents = self.model.margins.cents(amount, "an hour fee") if hourly else round(amount)
        self.cents[price.fee.name, person.number] += cents
        group = self.model.groups[person.group] if person.group >= 0 else ""
        payee = self.model.setup.providers[person.provider].name
        self.model.post("purchaser", payee, "fee", price.fee.name, group, cents=cents)

    def _pay_coaches(self, price: Price) -> None:
        if not self._bills_now():
            return
        start, week = self.model.setup.run.start_date, self.model.week
        months = self._weeks_on / rules.weeks_of_month(start, week)
        providers = self.model.setup.providers
        if self.model.setup.referral.provider_choice == "single":
            providers = providers[:1]
        amount = price.cents[-1] * price.coaches * months / len(providers)
        cents = self.model.margins.cents(amount, "a coach-month")
        for provider in providers:
            self.model.post("purchaser", provider.name, "fee", price.fee.name, cents=cents)

    def _bills_now(self) -> bool:
        model, week = self.model, self.model.week
        start = model.setup.run.start_date
        last = week in (model.weeks - 1, model.setup.contract.last_week_paid)
        return last or rules.month(start, week) != rules.month(start, week + 1)
