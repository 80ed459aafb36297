"""Office and purchaser of the plain model: each deals with people one by one."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from statistics import median, pstdev
from typing import TYPE_CHECKING

import mesa

from labsim.market.draws import Stream
from labsim.scenario.sections.referral import Target
from tests.reference import rules
from tests.reference.rules import NEVER, Price, Terms

if TYPE_CHECKING:
    from tests.reference.plain import Jobseeker, PlainMarket


def belongs(target: Target, person: Jobseeker) -> bool:
    """Whether a person belongs to a target group now."""
    market, below = person.model, person.model.margins.below
    on_support = person.scheme == "labour-market-support"
    bounds = [
        (target.age_min, person.age, target.age_max),
        (target.unemployed_months_min, person.months_out(), target.unemployed_months_max),
        (target.work_ability_min, person.ability, target.work_ability_max),
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


class Office(mesa.Agent):
    """Keeps the list, refers, and assesses those who start."""

    model: PlainMarket

    def __init__(self, model: PlainMarket) -> None:
        super().__init__(model)
        self.limits: tuple[float, float] | None = None
        self.spread = 1.0
        self.referred = self.started = 0

    def refer(self) -> None:
        """Refer those who are first on the list, as far as there are places this week."""
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
        if not model.service or not model.serving:
            return
        if referral.regime == "lottery":
            share = referral.drawn_share
            eligible = [each for each in eligible if each.draw(Stream.LOTTERY, 0) < share]
        eligible.sort(key=lambda person: person.draw(Stream.PRIORITY, 0))
        places = math.floor(referral.volume * elapsed / referral.weeks) - self.referred
        chosen = eligible[: max(places, 0)]
        for person in chosen:
            person.stage, person.referred_week = "referred", model.week
        self.referred += len(chosen)
        office, hour = model.setup.office, model.setup.finance.office_hour_eur
        hours = len(chosen) * (office.hours_per_assessment + office.hours_per_referral)
        cents = round(hours * hour * 100)
        model.post("purchaser", "office staff", "admin", "assessment and referral", cents=cents)

    def _learn_the_group(self, eligible: list[Jobseeker]) -> None:
        logs = [math.log(person.own_hazard()) for person in eligible]
        self.spread = pstdev(logs)
        self.model.reference_hazard = math.exp(median(logs))
        assessed = [self._assessed(person) for person in eligible]
        self.limits = rules.quantile(assessed, 2 / 3), rules.quantile(assessed, 1 / 3)

    def _assessed(self, person: Jobseeker) -> float:
        noise = person.draw_normal(Stream.ASSESSMENT)
        sd = self.model.setup.office.assessment_noise_sd
        return math.log(person.own_hazard()) + sd * self.spread * noise

    def start_services(self) -> None:
        """Assess those who have accepted, and give each a provider, in the order of their ids."""
        model = self.model
        accepted = [person for person in model.everybody if person.accepted]
        for turn, person in enumerate(accepted, self.started):
            person.accepted, person.stage, person.service_start = False, "in_service", model.week
            longest = model.week + model.setup.contract.service_weeks_max
            person.service_limit = min(longest, model.setup.contract.end_week)
            person.provider = model.serving[turn % len(model.serving)].number
            person.assessed_log_hazard = self._assessed(person)
            person.office_error = person.assessed_log_hazard - math.log(person.own_hazard())
            person.group = self._group(person)
        for person in accepted:
            if model.providers[person.provider].takes(person):
                self.started += 1
            else:
                person.stage, person.provider, person.group = "sent_back", -1, -1
                person.service_start = person.service_limit = NEVER

    def _group(self, person: Jobseeker) -> int:
        groups = self.model.setup.contract.groups
        if groups:
            fitting = (n for n, group in enumerate(groups) if belongs(group.when, person))
            return next(fitting, -1)
        assert self.limits is not None
        below = self.model.margins.below
        return sum(below(person.assessed_log_hazard, limit, "a third") for limit in self.limits)


class Purchaser(mesa.Agent):
    """Pays for starts, months, hours, coaches, and outcomes, as they come about."""

    model: PlainMarket

    def __init__(self, model: PlainMarket) -> None:
        super().__init__(model)
        self.met: dict[tuple[str, int], int] = {}
        self.paid: dict[tuple[str, int], int] = {}
        self.cents: Counter[tuple[str, int]] = Counter()
        self._used: defaultdict[tuple[str, int], float] = defaultdict(float)
        self.billed: defaultdict[tuple[str, int], float] = defaultdict(float)
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

    # What providers know of their accounts

    def still_paid(self, price: Price, person: Jobseeker) -> bool:
        """Whether a month or hour of a client would be paid this week."""
        fee, week, key = price.fee, self.model.week, (price.fee.name, person.number)
        last = NEVER if fee.to_service_week is None else fee.to_service_week
        of_service = week - person.service_start
        if not (fee.from_service_week or 0) <= of_service <= last:
            return False
        if week > self.model.setup.contract.last_week_paid:
            return False
        if fee.max_per_client is None:
            return True
        used = self.billed.get(key, 0.0) + self._used.get(key, 0.0)
        return self.model.margins.below(used, fee.max_per_client * (1 - 1e-9), "a cap on units")

    def earned(self, person: Jobseeker) -> float:
        """Return the outcome fees paid for a client, in euros."""
        fees = self.model.outcome_prices
        return sum(self.cents[price.fee.name, person.number] for price, _ in fees) / 100

    def owed(self, provider: int) -> float:
        """Return a provider's outcome fees that are met and will be paid, in euros."""
        contract, cents = self.model.setup.contract, 0
        for price, _ in self.model.outcome_prices:
            for person in self._starters():
                key = price.fee.name, person.number
                if person.provider == provider and key in self.met and key not in self.paid:
                    known = self.met[key] + contract.verification_lag_weeks
                    cents += price.cents[person.group] if known <= contract.last_week_paid else 0
        return cents / 100

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
        service_end = min(person.service_limit, person.first_exit + 1)
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
            units = min(units, max(fee.max_per_client - self.billed[key], 0.0))
        self.billed[key] += units
        return units

    def _pay(self, price: Price, person: Jobseeker, units: float) -> None:
        if not units:
            return
        amount = price.cents[person.group] * units
        hourly = price.fee.on == "hour"
        cents = self.model.margins.staff_cents(amount, "an hour fee") if hourly else round(amount)
        self.cents[price.fee.name, person.number] += cents
        group = self.model.groups[person.group] if person.group >= 0 else ""
        payee = self.model.setup.providers[person.provider].name
        self.model.post("purchaser", payee, "fee", price.fee.name, group, cents=cents)

    def _pay_coaches(self, price: Price) -> None:
        if not self._bills_now():
            return
        start, week = self.model.setup.run.start_date, self.model.week
        months = self._weeks_on / rules.weeks_of_month(start, week)
        amount = price.cents[-1] * price.coaches * months / self.model.sharing
        cents = self.model.margins.staff_cents(amount, "a coach-month")
        for provider in self.model.serving:
            payee = provider.terms.name
            self.model.post("purchaser", payee, "fee", price.fee.name, cents=cents)

    def _bills_now(self) -> bool:
        model, week = self.model, self.model.week
        start = model.setup.run.start_date
        last = week in (model.weeks - 1, model.setup.contract.last_week_paid)
        return last or rules.month(start, week) != rules.month(start, week + 1)
