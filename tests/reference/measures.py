"""Fees of the plain model that measure people: referrals, scores, days against other days."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labsim.market.draws import Stream
from tests.reference import rules
from tests.reference.rules import EXITS, NEVER, WEEKS_PER_MONTH, Price

if TYPE_CHECKING:
    from tests.reference.institutions import Purchaser
    from tests.reference.plain import Jobseeker, PlainMarket
    from tests.reference.provider import Prospects, Provider

INSTRUMENTS = ("work_ability", "motivation", "radar")


def by_support_day(price: Price) -> bool:
    return price.fee.outcome == ["municipal-support-day"]


def pay(purchaser: Purchaser, price: Price) -> None:
    """Pay what a fee has earned this week."""
    kinds = {
        "referral": _pay_referrals,
        "feedback": _pay_scores,
        "progress": _pay_scores,
        "group-change": _pay_group_change,
        "impact": _pay_impact,
        "outcome": _pay_support_days,
    }
    kinds[price.fee.on](purchaser, price)


def nobodys_cents(
    model: PlainMarket, price: Price, provider: int, period: int | None = None
) -> int:
    """Return what a unit that belongs to no client brings a provider, at a contract's prices."""
    factor = model.factor(price, provider, model.period.number if period is None else period)
    return price.cents[-1] if factor == 1 else round(price.cents[-1] * factor)


def _pays_now(model: PlainMarket) -> bool:
    return model.week <= model.period.last_paid


def _pay_referrals(purchaser: Purchaser, price: Price) -> None:
    for person, provider in purchaser.model.arrivals if _pays_now(purchaser.model) else []:
        purchaser.pay_referral(price, person, provider)


def _pay_firms_answers(purchaser: Purchaser, price: Price) -> None:
    """Pay each provider, month by month, for the mean of its firms' last answers."""
    firms, least = purchaser.model.firms, price.fee.least_score or 1
    pays = purchaser.bills_now() and _pays_now(purchaser.model)
    if not firms.running or not pays:
        return
    for number in range(len(purchaser.model.providers)):
        own = [each for each in firms.everybody if each.provider == number]
        answers = [each.score for each in own if each.score is not None]
        if answers:
            points = max(math.fsum(answers) / len(answers) - least, 0.0) * len(answers)
            cents = purchaser.model.margins.cents(
                points * nobodys_cents(purchaser.model, price, number), "firms' answers"
            )
            purchaser.pay_provider(price.fee.name, number, cents)


def _pay_scores(purchaser: Purchaser, price: Price) -> None:
    if price.fee.instrument == "firms":
        _pay_firms_answers(purchaser, price)
        return
    for person in purchaser.model.everybody:
        ended = (price.fee.name, person.number) in purchaser.ended
        if person.service_ended and not ended and purchaser.is_paid_for(person):
            amount = purchaser.model.cents(price, person) * _points(purchaser, price, person)
            what = "a fee by scores"
            purchaser.pay_client(price, person, purchaser.model.margins.cents(amount, what))


def _points(purchaser: Purchaser, price: Price, person: Jobseeker) -> float:
    fee = price.fee
    if fee.on == "feedback":
        return max(person.satisfaction - (fee.least_score or 1), 0.0)
    before = _measured(person, fee.instrument, "start", Stream.MEASURED_BEFORE)
    change = _measured(person, fee.instrument, "end", Stream.MEASURED_AFTER) - before
    if fee.target_change is None:
        return max(change, 0.0)
    return float(not person.model.margins.below(change, fee.target_change, "a target"))


def _score(person: Jobseeker, instrument: str, when: str) -> float:
    end = "" if when == "now" else f"_at_{when}"
    ability, motivation = getattr(person, f"ability{end}"), getattr(person, f"motivation{end}")
    if instrument == "radar":
        return (ability + motivation) / 2
    return ability if instrument == "work_ability" else motivation


def _measured(person: Jobseeker, instrument: str, when: str, stream: Stream) -> float:
    number = INSTRUMENTS.index(instrument)
    luck = person.draw_normal(stream, number)
    noise = person.model.setup.contract.measurement_noise_sd * luck
    return rules.clip(_score(person, instrument, when) + noise, 0, 10)


# Days


def _at_the_end(purchaser: Purchaser) -> bool:
    model = purchaser.model
    return model.week == min(model.periods[-1].last_paid, model.weeks - 1)


def _states(names: list[str]) -> list[str]:
    return [state for state, name in EXITS.items() if name in names]


def _pay_group_change(purchaser: Purchaser, price: Price) -> None:
    model, fee = purchaser.model, price.fee
    if not _at_the_end(purchaser):
        return
    for number in range(len(model.providers)):
        clients = [
            person
            for person in model.everybody
            if person.provider == number
            and person.service_start + fee.before_weeks - 1 <= model.week
        ]
        days = sum(_days_after(each, fee) - _days_before(each, fee) for each in clients)
        days = max(days, 0)
        if fee.eur_max_per_client is not None:
            euros = _cents_of_group(model, price, number, clients) / 100
            most = fee.eur_max_per_client * len(clients) / euros if clients and euros else 0
            days = min(days, most)
        cents = model.margins.cents(days * nobodys_cents(model, price, number), "a group's change")
        purchaser.pay_provider(fee.name, number, cents)


def _cents_of_group(model: PlainMarket, price: Price, number: int, clients: list[Jobseeker]) -> int:
    """Return the cents of a day, at the prices of the contract of the first client."""
    if not clients:
        return 0
    return nobodys_cents(model, price, number, clients[0].contract)


def _days(person: Jobseeker, names: list[str], first: float, end: float) -> int:
    weeks = 0
    for spell in person.spells:
        if spell.state in _states(names):
            until = min(spell.end, person.model.week + 1, end)
            weeks += max(until - max(spell.begin, first), 0)
    return 7 * weeks


def _days_after(person: Jobseeker, fee) -> int:
    start = person.service_start
    return _days(person, fee.counts, start, start + fee.before_weeks)


def _days_before(person: Jobseeker, fee) -> int:
    """Return days before the start, those before the register by what the person came from."""
    start, people = person.service_start, person.model.setup.population
    days = _days(person, fee.counts, start - fee.before_weeks, start)
    came = max(person.entry_week, 0) - math.ceil(person.months_at_entry * WEEKS_PER_MONTH)
    weeks = rules.clip(came - (start - fee.before_weeks), 0, fee.before_weeks)
    luck, work = person.draw(Stream.CAME_FROM, 0), people.came_from_work_share
    if luck < work:
        return days + 7 * weeks * ("employment" in fee.counts)
    if luck < work + people.came_from_education_share:
        return days + 7 * weeks * ("education" in fee.counts)
    return days


def _pay_impact(purchaser: Purchaser, price: Price) -> None:
    model, fee = purchaser.model, price.fee
    arms: dict[bool, list[Jobseeker]] = {True: [], False: []}
    for person in model.everybody:
        if person.ever_eligible:
            drawn = person.draw(Stream.LOTTERY, 0) < model.setup.referral.drawn_share
            arms[drawn].append(person)
            purchaser.arms[fee.name, drawn] += _worth(person, fee.counts)
    clients = [person for person in model.everybody if person.service_start < NEVER]
    if not _at_the_end(purchaser) or not clients or not arms[False]:
        return
    drawn, others = len(arms[True]), len(arms[False])
    gain = purchaser.arms[fee.name, True] - purchaser.arms[fee.name, False] * drawn / others
    for number in range(len(model.providers)):
        own = sum(person.provider == number for person in clients)
        units = max(gain, 0.0) * own / len(clients)
        each: float = nobodys_cents(model, price, number)
        if fee.share is not None:
            each = fee.share * model.factor(price, number, model.period.number)
        cents = model.margins.cents(units * each, "impact")
        if fee.eur_max_per_client is not None:
            most = fee.eur_max_per_client * 100 * drawn * own / len(clients)
            cents = min(cents, math.floor(most))
        purchaser.pay_provider(fee.name, number, cents)


def _worth(person: Jobseeker, counts: list[str]) -> int:
    """Return days in the states that count, or cents of benefit saved and of tax."""
    worth = 7 * (person.state in _states(counts))
    suspended = person.model.week < person.suspended_until
    if "benefits" in counts and person.state == "unemployed" and not suspended:
        worth -= sum(person.entitled)
    if "taxes" in counts:
        amount = _hours(person) * _tax(person)
        worth += person.model.margins.cents(amount, "tax")
    return worth


def _hours(person: Jobseeker) -> float:
    if person.state == "employed":
        return person.spells[-1].hours_share
    return float(person.state == "subsidised")


def _tax(person: Jobseeker) -> float:
    """Return the cents of tax on a week of full-time work."""
    finance = person.model.setup.finance
    now = finance.current
    rates = now.tax_state_share + now.tax_municipality_share + now.tax_funds_share
    return finance.wage_month_eur / WEEKS_PER_MONTH * 100 * rates


def _pay_support_days(purchaser: Purchaser, price: Price) -> None:
    model = purchaser.model
    for person in model.everybody:
        if person.service_start == model.week:
            purchaser.on_support[person.number] = person.entitled[1] > 0
        if not purchaser.on_support.get(person.number):
            continue
        saved = person.state != "unemployed" or not person.entitled[1]
        ended = (price.fee.name, person.number) in purchaser.ended
        if saved and not ended and model.week <= last_week(price, person):
            purchaser.use(price, person, 5.0)
    for person in model.everybody:
        purchaser.bill(price, person)


def last_week(price: Price, person: Jobseeker) -> float:
    window, last = price.fee.completed_within or "contract", NEVER
    paid = person.model.periods[person.contract].last_paid
    if window != "contract":
        last = person.service_limit + rules.Terms.of(price.fee).completion_grace - 1
    return min(last, paid)


# What providers make of it


@dataclass
class ByDay:
    """What a fee by the day makes of an exit now, by where to, and the weeks that it goes on."""

    euros: dict[str, float]
    anyway: dict[str, float]
    weeks: float


def by_day(provider: Provider, person: Jobseeker, durability: float) -> list[ByDay]:
    found = []
    for price in provider.model.prices:
        if price.fee.on in ("group-change", "impact") or by_support_day(price):
            weeks = int(max(_weeks_left(provider, price, person), 0))
            chance = provider.model.purchaser.chance_of_money
            week = {state: each * chance for state, each in _week_euros(price, person).items()}
            euros, anyway = (
                {state: week[state] * provider.weeks_away(state, q)[weeks] for state in EXITS}
                for q in (durability, 0.0)
            )
            found.append(ByDay(euros, anyway, weeks))
    return found


def _weeks_left(provider: Provider, price: Price, person: Jobseeker) -> float:
    model, fee = provider.model, price.fee
    last = model.periods[-1].last_paid
    if fee.on == "impact":
        return last - model.week + 1
    if fee.on == "group-change":
        until = person.service_start + fee.before_weeks
        return until - model.week if until - 1 <= last else 0
    left = last_week(price, person) - model.week + 1
    if fee.max_per_client is not None:
        left = min(left, math.ceil(model.purchaser.days_left(price, person) / 5))
    return left


def _week_euros(price: Price, person: Jobseeker) -> dict[str, float]:
    fee, model, contract = price.fee, person.model, person.contract
    together = nobodys_cents(model, price, person.provider, contract) / 100
    if by_support_day(price):
        ended = (fee.name, person.number) in model.purchaser.ended
        pays = person.benefit_by_payer()[1] > 0 and not ended
        return dict.fromkeys(EXITS, 5 * model.cents(price, person) / 100 * pays)
    if fee.share is None:
        return {state: 7 * together * (state in _states(fee.counts)) for state in EXITS}
    jobs = person.model.setup.labour_market.jobs
    part = (jobs.part_time_hours_min + jobs.part_time_hours_max) / 2
    hours = jobs.permanent_full_time + jobs.temporary_full_time
    hours += part * (jobs.permanent_part_time + jobs.temporary_part_time)
    taxed = {"employed": hours, "subsidised": 1.0}
    found = {}
    for state in EXITS:
        euros = sum(person.benefit_by_payer()) / 100 if "benefits" in fee.counts else 0.0
        if "taxes" in fee.counts:
            euros += taxed.get(state, 0.0) * _tax(person) / 100
        factor = model.factor(price, person.provider, model.period.number)
        found[state] = euros * fee.share * factor
    return found


def experience(provider: Provider, each: Prospects) -> float:
    """Return what a fully served week is worth by answers and scores."""
    model, person, found = provider.model, each.person, 0.0
    coaching, contract = model.setup.coaching, model.setup.contract
    for price in model.prices:
        fee, euros = price.fee, model.cents(price, person) / 100
        if fee.instrument == "firms":
            continue
        if fee.on == "feedback":
            weights, before = coaching.satisfaction, model.week - person.service_start
            most = 2 * weights.usual_hours * max(before, 1)
            if before and not model.margins.below(person.hours_total, most, "more hours please"):
                continue
            weeks = before + max(each.staying(each.service_left), 1.0)
            slope = weights.per_hours / weights.usual_hours / weeks
            found += euros * slope * coaching.saturation_hours_per_week
        elif fee.on == "progress":
            change = _score(person, fee.instrument, "now")
            change -= _score(person, fee.instrument, "start")
            sd = max(math.sqrt(2) * contract.measurement_noise_sd, 0.25)
            if fee.target_change is None:
                per_point = rules.normal_cdf(change / sd)
            else:
                z = (fee.target_change - change) / sd
                per_point = math.exp(-z * z / 2) / (sd * math.sqrt(2 * math.pi))
            found += euros * per_point * rules.gain_at_full_hours(model.setup, fee.instrument)
    return found * model.purchaser.chance_of_money
