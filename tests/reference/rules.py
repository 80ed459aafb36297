"""The market's rules for one person at a time, in plain Python.

Written from model.md and the docstrings of `labsim.market`, with `math` and if/else; sums over
people are exact (`math.fsum`), so that no order of people can show in a result.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from statistics import fmean
from typing import ClassVar

from labsim.scenario.schema import Scenario
from labsim.scenario.sections.coaching import Coaching
from labsim.scenario.sections.contract import Contract
from labsim.scenario.sections.fee import Fee
from labsim.scenario.sections.finance import Step
from labsim.scenario.sections.labour_market import Jobs, LabourMarket
from labsim.scenario.sections.providers import Provider as ProviderTerms
from labsim.scenario.sections.shocks import NEUTRAL

WEEKS_PER_MONTH = 365.2425 / 12 / 7
NEVER = math.inf
EXITS = {
    "employed": "employment",
    "studying": "education",
    "subsidised": "subsidised",
    "entrepreneur": "entrepreneurship",
    "outside": "inactivity",
}
"""Where people go who leave unemployment, jobs first, and what contracts call it."""

JOB_KINDS = (
    "permanent_full_time",
    "permanent_part_time",
    "temporary_full_time",
    "temporary_part_time",
)


BUSINESS_KINDS = ("business", "light-entrepreneurship", "gig-work")


@dataclass
class Margins:
    """Watches comparisons of numbers that another order of arithmetic would move by a few bits.

    The columnar model adds in another order and takes logarithms and powers from numpy: its numbers
    differ from these by some 1e-15. A decision with less than `RELATIVE` between its two sides
    could fall otherwise there; it is noted, and a run with a note proves nothing. Where both models
    do the same operations on the same bits (fees without hours, benefits, fixed chances) there is
    nothing to watch.
    """

    RELATIVE: ClassVar[float] = 1e-12
    OF_STAFF: ClassVar[float] = 1e-10
    notes: list[str] = field(default_factory=list)

    def below(self, one: float, other: float, what: str) -> bool:
        """Whether one number is under another; noted if they are alike, but not the same."""
        if one != other and math.isclose(one, other, rel_tol=self.RELATIVE):
            self.notes.append(f"{what}: {one!r}, {other!r}")
        return one < other

    def floor(self, value: float, what: str, relative: float = RELATIVE) -> int:
        """Round down to a whole number; noted if the value is next to one."""
        if abs(value - round(value)) <= relative * (1 + value):
            self.notes.append(f"{what}: {value!r}")
        return math.floor(value)

    def cents(self, amount: float, what: str, relative: float = RELATIVE) -> int:
        """Round to whole cents; noted if the amount is next to half a cent."""
        if abs(amount % 1 - 0.5) <= relative * (1 + amount):
            self.notes.append(f"{what}: {amount!r} cents")
        return round(amount)

    def staff_cents(self, amount: float, what: str) -> int:
        """Round what hangs on the number of coaches.

        A promise left to the planned caseload follows from the expected rate of leaving, a root
        that the columnar model finds to some 1e-12 of a rate of 1 % a week.
        """
        return self.cents(amount, what, self.OF_STAFF)

    def near(self, one: float, other: float, what: str) -> None:
        """Note two sums that are alike, or the same: the other model adds in another order."""
        if (one or other) and math.isclose(one, other, rel_tol=self.RELATIVE):
            self.notes.append(f"{what}: {one!r}, {other!r}")


def clip(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def bisect(too_high: Callable[[float], bool], low: float, high: float) -> float:
    """Return the number at which a rising condition turns true; `high` if it never does."""
    while low < (middle := (low + high) / 2) < high:
        if too_high(middle):
            high = middle
        else:
            low = middle
    return high


def quantile(values: Iterable[float], share: float) -> float:
    """Return a quantile, linear between the two values next to it."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


# Finding work


def job_hazard(
    market: LabourMarket, log_base: float, ability: float, motivation: float, months: float
) -> float:
    hazard = math.exp(log_base)
    hazard *= (max(ability, 0.5) / 8) ** market.ability_exponent
    hazard *= (max(motivation, 0.5) / 8) ** market.motivation_exponent
    fallen = min(months, market.duration_decay_months)
    return hazard * math.exp(-market.duration_decay_per_month * fallen)


def exit_ratios(market: LabourMarket) -> dict[str, float]:
    """Return the hazard of each exit per unit of job hazard."""
    shares = market.exit_shares
    return {state: getattr(shares, name) / shares.employment for state, name in EXITS.items()}


def responses(coaching: Coaching) -> dict[str, float]:
    """Return how each exit answers to coaching, relative to jobs."""
    return {
        "employed": 1.0,
        "studying": coaching.education_response,
        "subsidised": coaching.subsidised_response,
        "entrepreneur": coaching.business_response,
        "outside": coaching.inactivity_response,
    }


def crowding(
    market: LabourMarket, reference: float, search: float, vacancies: float = 1.0
) -> float:
    """Return the factor on job hazards where people search so much, and did so at first.

    `vacancies` is their number now, relative to then.
    """
    a, gamma = market.matching_elasticity, market.tightness_exponent
    slack = market.current.vacancies_per_unemployed / 0.43
    a = a / (a + (1 - a) * slack**-gamma)
    if a >= 1 or reference <= 0 or search <= 0:
        return 1.0
    ratio = clip(reference * vacancies / search, 0.05, 20)
    if gamma < 1e-6:
        return ratio ** (1 - a)
    return (a + (1 - a) * ratio**-gamma) ** (-1 / gamma)


def shocked(market: LabourMarket, name: str, week: int) -> float:
    """Return what all shocks make of something in a week: of a factor, or of a load or share."""
    adds, neutral = name in ("office_load", "remote"), NEUTRAL[name]
    value = neutral
    for shock in market.shocks:
        since = week - shock.start_week - shock.weeks + 1
        force = 0.0 if week < shock.start_week else clip(1 - since / (shock.fading_weeks + 1), 0, 1)
        full = getattr(shock, name)
        if full is None:
            preset = market.spring_2020 if shock.like == "spring-2020" else None
            full = neutral if preset is None else getattr(preset, name)
        if name == "remote":
            value = max(value, force * full)
        elif adds:
            value += force * full
        else:
            value *= 1 + force * (full - 1)
    return value


# Coaching


def dose(coaching: Coaching, hours: float) -> float:
    return 1 - math.exp(-hours / coaching.saturation_hours_per_week)


def responsiveness(
    coaching: Coaching, ability: float, motivation: float, hazard: float, reference: float
) -> float:
    width = max(coaching.ability_full - coaching.ability_floor, 1e-9)
    gate = clip((ability - coaching.ability_floor) / width, 0, 1)
    drive = (motivation - coaching.motivation_midpoint) / coaching.motivation_width
    gate *= 1 / (1 + math.exp(-drive))
    prospects = (reference / hazard) ** coaching.prospects_exponent
    return gate * clip(prospects, coaching.prospects_factor_min, coaching.prospects_factor_max)


def ability_bump(ability: float) -> float:
    """Return how much ability rises: not at all under 3, fully at 6-9, half at 10."""
    if ability <= 3:
        return 0.0
    if ability < 6:
        return (ability - 3) / 3
    return 1.0 if ability <= 9 else 1 - (ability - 9) / 2


def kept(setup: Scenario, needs: int, trust: float, *, coordinated: bool) -> float:
    """Return what hand-overs between services leave of the service's effect on a client."""
    terms, loss = setup.partnership, setup.coaching.handover_loss
    if coordinated:
        loss *= 1 - terms.coordinator_effect * trust
    if terms.shared_premises:
        loss *= 1 - terms.premises_effect
    left = 1.0
    for _ in range(needs - 1):
        left *= 1 - loss
    return left


# Jobs


def separation(jobs: Jobs, kind: int, weeks_worked: int) -> float:
    """Return the chance that a job ends in a week: up to week 13, down to week 52, then flat."""
    first, peak, year = jobs.separation_week_1, jobs.separation_week_13, jobs.separation_week_52
    if weeks_worked <= 13:
        chance = first + (peak - first) * max(weeks_worked - 1, 0) / 12
    elif weeks_worked <= 52:
        chance = peak + (year - peak) * (weeks_worked - 13) / 39
    else:
        chance = jobs.separation_later
    temporary = JOB_KINDS[kind].startswith("temporary")
    return chance * (jobs.temporary_factor if temporary else jobs.permanent_factor)


def chance_to_last(market: LabourMarket, state: str, terms: Terms, factor: float = 1.0) -> float:
    """Return the chance that a new spell lasts as long as asked (in work: with enough hours too).

    The factor is on the hazard of losing a job before its term.
    """
    jobs, other, weeks = market.jobs, market.other_spells, terms.weeks
    if state == "entrepreneur":
        return sum(
            share * (1 - end) ** (weeks - 1) * more_hours(low, high, terms.min_hours)
            for name, (share, end, low, high) in businesses(market).items()
            if name in terms.businesses
        )
    if state != "employed":
        length = other.education_weeks if state == "studying" else other.subsidised_weeks
        return 1.0 if length >= weeks else 0.0
    total = 0.0
    for kind, name in enumerate(JOB_KINDS):
        chance = getattr(jobs, name)
        for week in range(1, weeks):
            chance *= (1 - min(separation(jobs, kind, week), 1)) ** factor
        if name.startswith("temporary"):
            spans = jobs.fixed_term_weeks_max - jobs.fixed_term_weeks_min + 1
            over = clip((weeks - jobs.fixed_term_weeks_min) / spans, 0, 1)
            chance *= 1 - jobs.fixed_term_share * over
        if name.endswith("part_time"):
            low, high = jobs.part_time_hours_min, jobs.part_time_hours_max
            chance *= more_hours(low, high, terms.min_hours)
        total += chance
    return total


def more_hours(low: float, high: float, least: float) -> float:
    """Return the chance that hours between two limits are not fewer than asked."""
    if low == high:
        return 1.0 if high >= least else 0.0
    return clip((high - least) / (high - low), 0, 1)


def businesses(market: LabourMarket) -> dict[str, tuple[float, float, float, float]]:
    """Return share, weekly chance to end, least and most hours of each kind of own business."""
    kinds = market.businesses
    own = max(1 - kinds.light_share - kinds.gig_share, 0.0)
    return {
        "business": (own, market.other_spells.business_end_per_week, 1.0, 1.0),
        "light-entrepreneurship": (
            kinds.light_share, kinds.light_end_per_week, kinds.light_hours_min,
            kinds.light_hours_max,
        ),
        "gig-work": (
            kinds.gig_share, kinds.gig_end_per_week, kinds.gig_hours_min, kinds.gig_hours_max
        ),
    }  # fmt: skip


# Hours


@dataclass(frozen=True)
class Wish:
    """What hours are worth for one client or job, and how many it may get."""

    worth: float
    low: float
    high: float
    kappa: float

    def at(self, log_price: float) -> float:
        """Return the hours that are worth their price, within the limits."""
        if self.worth <= 0:
            return self.low
        level = math.log(self.worth / self.kappa)
        return clip(self.kappa * (level - log_price), self.low, self.high)


def water_fill(wishes: list[Wish], total: float, margins: Margins) -> tuple[list[float], bool]:
    """Divide hours by the price at which all wishes add up to what there is.

    Also returns whether there was too little for all the minima.
    """
    least, most = (math.fsum(getattr(wish, end) for wish in wishes) for end in ("low", "high"))
    if not wishes:
        return [], False
    if total <= least:
        breach = margins.below(total, least * (1 - 1e-9), "a breach")
        return [wish.low * total / least if least > 0 else 0.0 for wish in wishes], breach
    margins.near(total, most, "hours for all maxima")
    if total >= most:
        return [wish.high for wish in wishes], False
    valued = [wish for wish in wishes if wish.worth > 0]
    if not valued:  # alike for all, as far as limits allow
        highest = max(wish.high for wish in wishes)

        def filled(level: float) -> bool:
            return math.fsum(clip(level, wish.low, wish.high) for wish in wishes) >= total

        level = bisect(filled, 0.0, highest)
        return [clip(level, wish.low, wish.high) for wish in wishes], False
    levels = [(math.log(wish.worth / wish.kappa), wish) for wish in valued]
    cheapest = min(level - wish.high / wish.kappa for level, wish in levels)
    dearest = max(level - wish.low / wish.kappa for level, wish in levels)

    def affordable(log_price: float) -> bool:
        return math.fsum(wish.at(log_price) for wish in wishes) <= total

    # At a low enough price everybody of worth has the maximum: what is over then is idle.
    idle = affordable(cheapest - 1)
    price = cheapest - 1 if idle else bisect(affordable, cheapest - 1, dearest)
    return [wish.at(price) for wish in wishes], False


# Staff and choices


def wanted_coaches(
    terms: ProviderTerms,
    clients: int,
    income: float,
    per_hour: float,
    least_hours: float,
    margins: Margins,
) -> float:
    """Return the coaches whose cost, net of what their hours earn, the week's income covers.

    Not fewer than the least hours need; not more than planned, unless the least hours need more.
    """
    hours = terms.client_hours_per_coach_week
    least, most = clients * least_hours / hours, clients / terms.planned_caseload
    kept = 1 - terms.target_margin
    cost, earned = terms.coach_week_eur, kept * per_hour * hours
    if not margins.below(earned, cost, "hours that pay for themselves"):
        return max(least, most)
    return max(least, min(kept * income / (cost - earned), most))


def learnt_optimism(terms: ProviderTerms, results: list[tuple[float, float]]) -> float:
    """Return earned over expected euros; some typical clients have met the first view."""
    expected = math.fsum(hoped for hoped, _ in results)
    if expected == 0:
        return terms.optimism
    typical = expected / len(results)
    prior = terms.optimism_prior_clients * typical
    earned = math.fsum(got for _, got in results)
    return (terms.optimism * prior + earned) / (prior + expected)


def first_best(pays: dict[float, float], margins: Margins) -> float:
    """Return the first choice that pays best; a difference of 1e-12 is none."""
    best = max(pays.values())
    if best == 0:
        return min(pays)
    for pay in pays.values():
        if 1e-13 < 1 - pay / best < 1e-11:
            margins.notes.append(f"durability: {pay!r}, {best!r}")
    return next(choice for choice, pay in pays.items() if pay >= best * (1 - 1e-12))


# Calendar and steps


def month(start: date, week: int) -> tuple[int, int]:
    day = start + timedelta(weeks=week)
    return day.year, day.month


def weeks_of_month(start: date, week: int) -> int:
    """Return how many weeks begin in the month that a week begins in."""
    return sum(month(start, week + n) == month(start, week) for n in range(-5, 6))


def step_at(steps: list[Step], day: int) -> float:
    return next(step.share for step in reversed(steps) if step.from_day <= day)


# Prices


@dataclass(frozen=True)
class Terms:
    """What an outcome fee asks for."""

    states: tuple[str, ...]
    weeks: int
    min_hours: float
    start_grace: int
    completion_grace: float
    businesses: tuple[str, ...]
    adds_up: bool = False
    nth: int = 0
    in_work: bool = False

    @classmethod
    def all_of(cls, fee: Fee, setup: Scenario) -> list[Terms]:
        """Return what each payment of an outcome fee asks for; of most fees there is one."""
        if fee.on != "outcome" or fee.outcome == ["municipal-support-day"]:
            return []
        if fee.once is False:
            return [replace(cls.of(fee), nth=n) for n in range(int(fee.max_per_client))]
        terms = cls.of(fee)
        days = fee.accumulated_days or fee.sustained_days or 0
        found = []
        for n in range(fee.times or 1):
            weeks = max(math.ceil((days + n * (fee.every_days or 0)) / 7), 1)
            if fee.outcome == ["work-condition"]:
                later = math.ceil(n * (fee.every_days or 0) / 7)
                weeks = setup.finance.current.work_condition_weeks + later
            found.append(replace(terms, weeks=weeks))
        return found

    @classmethod
    def of(cls, fee: Fee) -> Terms:
        def grace(window: str) -> int:
            days = int(window.removeprefix("service+").removesuffix("d")) if "+" in window else 0
            return math.ceil(days / 7)

        completed = fee.completed_within or "contract"
        return cls(
            tuple(state for state, name in EXITS.items() if name in (fee.outcome or ()))
            if fee.outcome != ["work-condition"]
            else ("employed",),
            max(math.ceil((fee.sustained_days or 0) / 7), 1),
            fee.min_hours_share or 0.0,
            grace(fee.starts_within or "service"),
            NEVER if completed == "contract" else grace(completed),
            tuple(fee.business_kinds or BUSINESS_KINDS),
            fee.accumulated_days is not None or fee.outcome == ["work-condition"],
            0,
            fee.needs_service_in_work or False,
        )


@dataclass(frozen=True)
class Price:
    """A fee with its cents per unit by group; the last for people of no group."""

    fee: Fee
    cents: list[int]
    unnotified: list[int]
    terms: Terms | None
    coaches: float
    stage: int = 0

    @property
    def key(self) -> str:
        """Name of a payment: of the fee, and of its number from the second on."""
        return f"{self.fee.name}#{self.stage}" if self.stage else self.fee.name

    @property
    def luck(self) -> int:
        """What keys the luck of a claim: the fee's name and the number of the payment."""
        return zlib.crc32(f"{self.fee.name}#{self.stage}".encode())


def payments(setup: Scenario, prices: list[Price]) -> list[tuple[Price, Terms]]:
    """Return every payment of every outcome fee."""
    return [
        (replace(price, terms=terms, stage=stage), terms)
        for price in prices
        for stage, terms in enumerate(Terms.all_of(price.fee, setup))
    ]


def price_list(setup: Scenario, groups: list[str], margins: Margins) -> list[Price]:
    """Return the fees in cents, rescaled where the contract asks for it."""
    contract = setup.contract
    pricing = Pricing(setup)
    prices = []
    for fee in contract.fees:
        scale = 1.0
        if contract.rescales:
            met = bool(Terms.all_of(fee, setup))
            scale = pricing.outcome_scale() if met else pricing.other_scale()
        factors = [(fee.by_group or {}).get(name, 1.0) for name in groups] + [1.0]
        cents, lower = (
            [_cents(eur * scale * factor, contract.rescales, margins) for factor in factors]
            for eur in (fee.eur, fee.eur_unnotified or 0.0)
        )
        terms = next(iter(Terms.all_of(fee, setup)), None)
        prices.append(Price(fee, cents, lower, terms, fee.coaches or pricing.coaches))
    return prices


def _cents(eur: float, rescaled: bool, margins: Margins) -> int:
    if rescaled:  # the rate of leaving is a root, found to some 1e-10 there
        return margins.cents(eur * 100, "a rescaled fee", 1e-9)
    return round(eur * 100)


def expected_clients(setup: Scenario) -> float:
    """Return the clients in service when referral is in full flow."""
    return Pricing(setup).clients


def most_referred(setup: Scenario, prices: list[Price], margins: Margins) -> int:
    """Return how many people may be referred in all before the budget is committed."""
    budget = setup.contract.budget_eur
    volume = setup.referral.volume * setup.procurement.rounds
    if budget is None:
        return volume
    pricing = Pricing(setup)
    commits = pricing.start_rate * pricing.cost_of_a_start(prices)
    if commits * volume <= budget:
        return volume
    return min(margins.floor(budget / commits + 1e-9, "people to refer", 1e-8), volume)


def wait_weeks(setup: Scenario) -> int:
    """Return the weeks between referral and start, fewer where all sit under one roof."""
    wait = setup.referral.wait_weeks
    if setup.partnership.shared_premises:
        wait -= setup.partnership.premises_wait_saved_weeks
    return max(wait, 0)


class Pricing:
    """What the purchaser expects of the contract, per start."""

    def __init__(self, setup: Scenario) -> None:
        self.setup, self.contract = setup, setup.contract
        self.rate = self.contract.expected_outcome_rate or 0.0
        self.share = self.contract.outcome_share or 0.0
        self.spend = self.contract.expected_spend_per_start_eur or 0.0
        self.leaving = self._leaving()
        self.out = max(self.leaving + setup.coaching.dropout_per_week, 1e-9)
        stay = self._staying(self.contract.service_weeks_max)
        self.acceptance = self._acceptance()
        accepted = self.acceptance * math.exp(-self.leaving * wait_weeks(setup))
        self.start_rate = accepted
        self.starts = setup.referral.volume * accepted
        single = setup.referral.provider_choice == "single"
        self.providers = setup.providers[:1] if single else setup.providers
        share = self.starts * stay / self.contract.weeks / len(self.providers)
        self.coaches = sum(share / provider.planned_caseload for provider in self.providers)
        self.clients = self.starts * min(stay / setup.referral.weeks, 1)

    def _staying(self, weeks: float) -> float:
        """Return the expected weeks in service among the first so many."""
        return -math.expm1(-self.out * weeks) / self.out

    def _counts(self) -> float:
        """Return the share of leavers whose exit counts and lasts."""
        market, best = self.setup.labour_market, dict.fromkeys(EXITS, 0.0)
        for fee in self.contract.fees:
            for terms in Terms.all_of(fee, self.setup)[:1]:
                for state in terms.states:
                    chance = chance_to_last(market, state, terms)
                    best[state] = max(best[state], chance)
        shares = market.exit_shares
        counts = sum(chance * getattr(shares, EXITS[state]) for state, chance in best.items())
        return max(counts or 1.0, self.rate / 0.95)

    def _leaving(self) -> float:
        """Return the weekly rate of leaving that gives the expected outcome rate."""
        if self.rate <= 0:
            return self._usual_leaving()
        counts, dropout = self._counts(), self.setup.coaching.dropout_per_week
        longest = self.contract.service_weeks_max

        def outcomes(leaving: float) -> float:
            out = max(leaving + dropout, 1e-9)
            return counts * leaving / out * -math.expm1(-out * longest)

        return bisect(lambda leaving: outcomes(leaving) > self.rate, 0.0, 10.0)

    def _usual_leaving(self) -> float:
        """Return the rate of a person of mean scores, halfway through the target's months."""
        setup, market = self.setup, self.setup.labour_market
        base = math.log(market.job_hazard_per_week * market.current.cycle)
        for shares, factors in (
            (setup.population.age, market.age),
            (setup.population.education, market.education),
        ):
            for name in type(shares).model_fields:
                share = getattr(shares, name)
                base += share * math.log(getattr(factors, name)) if share > 0 else 0.0
        first = setup.referral.target.unemployed_months_min or 0
        last = setup.referral.target.unemployed_months_max
        months = (first + (first + 12 if last is None else last)) / 2
        people = setup.population
        hazard = job_hazard(market, base, people.ability_mean, people.motivation_mean, months)
        return hazard / market.exit_shares.employment

    def _acceptance(self) -> float:
        """Return the mean of the logit over normal motivation and belief, as MacKay (1992)."""
        people, acceptance = self.setup.population, self.setup.referral.acceptance
        a = acceptance.per_motivation_point * people.motivation_sd
        b = acceptance.per_belief_point * people.belief_sd
        score = acceptance.intercept
        score += acceptance.per_motivation_point * (people.motivation_mean - 7.5)
        score += acceptance.per_belief_point * (people.belief_mean - 5.5)
        score += acceptance.per_week_waited * wait_weeks(self.setup)
        regime = self.setup.referral.regime
        score += {
            "bulk": acceptance.by_letter,
            "self": acceptance.by_own_wish,
            "info-session": acceptance.after_session,
        }.get(regime, 0)
        if self.setup.referral.participation == "mandatory":
            score += acceptance.mandatory
        variance = a * a + b * b + 2 * people.correlation * a * b
        return 1 / (1 + math.exp(-score / math.sqrt(1 + math.pi * variance / 8)))

    def outcome_scale(self) -> float:
        """Scale outcome fees so that the best-paid outcome costs its share of the spend."""
        met = [fee for fee in self.contract.fees if Terms.all_of(fee, self.setup)]
        kinds = {kind for fee in met for kind in fee.outcome or ()}
        best = max(
            (sum(_mean_eur(fee) * (fee.times or 1) for fee in met if kind in (fee.outcome or ())))
            for kind in kinds
        )
        return self.share * self.spend / (self.rate * best) if best else 0.0

    def other_scale(self) -> float:
        """Scale the other fees so that together they cost the rest."""
        fees = [fee for fee in self.contract.fees if not Terms.all_of(fee, self.setup)]
        sum_eur = sum(_mean_eur(fee) * self._units(fee) for fee in fees)
        return (1 - self.share) * self.spend / sum_eur if sum_eur else 0.0

    def mean_eur(self, price: Price) -> float:
        """Return the euros of a fee at the plain mean over groups, or its share of a euro."""
        if price.fee.share is not None:
            return price.fee.share
        return fmean(price.cents[:-1] if price.fee.by_group else price.cents[:1]) / 100

    def cost_of_a_start(self, prices: list[Price]) -> float:
        """Return the fees expected of a start, with the euros that are really paid."""
        by_kind: dict[str, float] = {}
        each_outcome, cost = 0.0, 0.0
        for price in prices:
            euros = self.mean_eur(price)
            if price.terms is None:
                cost += euros * self._units(price.fee)
                continue
            for kind in price.fee.outcome or ():
                by_kind[kind] = by_kind.get(kind, 0.0) + euros * (price.fee.times or 1)
            for terms in Terms.all_of(price.fee, self.setup):
                if terms.nth == 0:
                    each_outcome += euros * self._earning(price.fee, terms)
        if self.rate > 0:
            return cost + self.rate * max(by_kind.values(), default=0.0)
        return cost + each_outcome

    def _earning(self, fee: Fee, terms: Terms) -> float:
        """Return the share of starts expected to earn an outcome fee."""
        market = self.setup.labour_market
        leaves = self.leaving * self._staying(self.contract.service_weeks_max)
        lasts = math.fsum(
            getattr(market.exit_shares, EXITS[state]) * chance_to_last(market, state, terms)
            for state in terms.states
        )
        return leaves * lasts * chance_paid(self.contract, fee)

    def units(self, fee: Fee) -> float:
        """Return the units of a fee expected of a start."""
        return self._units(fee)

    def _units(self, fee: Fee) -> float:
        units = self._units_without_caps(fee)
        most = NEVER if fee.max_per_client is None else fee.max_per_client
        each = fee.eur if fee.share is None else fee.share
        if fee.eur_max_per_client is not None and each:
            most = min(most, fee.eur_max_per_client / each)
        return min(units, most)

    def _away(self, states: Iterable[str], weeks: int, leaving: float) -> float:
        """Return the weeks in some states of the first so many, for people who leave like that."""
        market, total = self.setup.labour_market, 0.0
        for state in states:
            lasts = weeks_in_spell(market, state, weeks)
            total += getattr(market.exit_shares, EXITS[state]) * math.fsum(
                math.exp(-leaving * week) * -math.expm1(-leaving) * lasts[weeks - week]
                for week in range(weeks)
            )
        return total

    def _units_of_days(self, fee: Fee) -> float:
        setup, contract = self.setup, self.contract
        named = [state for state, name in EXITS.items() if name in (fee.counts or ())]
        if fee.on == "group-change":
            weeks, people, target = fee.before_weeks, setup.population, setup.referral.target
            first = target.unemployed_months_min or 0
            last = target.unemployed_months_max
            months = (first + (first + 12 if last is None else last)) / 2
            came = people.came_from_work_share if "employment" in fee.counts else 0
            came += people.came_from_education_share if "education" in fee.counts else 0
            before = came * max(weeks - months * WEEKS_PER_MONTH, 0)
            return max(7 * (self._away(named, weeks, self.leaving) - before), 0)
        weeks = contract.last_week_paid - contract.start_week
        if fee.on == "outcome":  # days off the municipality's support
            weeks += 1
            window = fee.completed_within or "contract"
            if window != "contract":
                weeks = min(weeks, contract.service_weeks_max + Terms.of(fee).completion_grace)
            return 5 * self._away(EXITS, weeks, self.leaving)
        hours = fmean(p.client_hours_per_coach_week / p.planned_caseload for p in self.providers)
        uplift = setup.coaching.max_uplift * dose(setup.coaching, hours)
        per_week, states = 7.0, named
        if fee.share is not None:
            finance, now, states = setup.finance, setup.finance.current, list(EXITS)
            per_week = finance.basic_daily_eur * 5 if "benefits" in fee.counts else 0
            if "taxes" in fee.counts:
                rate = now.tax_state_share + now.tax_municipality_share + now.tax_funds_share
                tax = finance.wage_month_eur / WEEKS_PER_MONTH * rate
                per_week += tax * setup.labour_market.exit_shares.employment
        weeks = max(weeks, 1)
        gain = self._away(states, weeks, self.leaving * (1 + uplift))
        gain -= self._away(states, weeks, self.leaving)
        return max(gain, 0) * per_week

    def _units_without_caps(self, fee: Fee) -> float:
        if fee.on == "start":
            return 1.0
        if fee.on == "referral":
            return 1 / self.acceptance
        if fee.on in ("group-change", "impact", "outcome"):
            return self._units_of_days(fee)
        if fee.instrument == "firms":
            return 0.0
        if fee.on == "feedback":
            usual = clip(self.setup.coaching.satisfaction.usual, 1, 5)
            return max(usual - (fee.least_score or 1), 0)
        if fee.on == "progress":
            hours = fmean(
                p.client_hours_per_coach_week / p.planned_caseload for p in self.providers
            )
            change = gain_at_full_hours(self.setup, fee.instrument)
            change *= dose(self.setup.coaching, hours)
            change *= self._staying(self.contract.service_weeks_max)
            return progress_units(fee, change, self.contract.measurement_noise_sd)
        if fee.on == "unit":
            weeks = unit_weeks(fee, self.contract.service_weeks_max)
            return math.fsum(math.exp(-self.out * week) for week in weeks)
        if fee.on == "coach-month":
            months = self.contract.weeks / WEEKS_PER_MONTH
            return (fee.coaches or self.coaches) * months / max(self.starts, 1e-9)
        last = NEVER if fee.to_service_week is None else fee.to_service_week + 1
        until = min(last, self.contract.service_weeks_max)
        weeks = max(self._staying(until) - self._staying(fee.from_service_week or 0), 0.0)
        hours = fmean(p.client_hours_per_coach_week / p.planned_caseload for p in self.providers)
        return weeks / WEEKS_PER_MONTH if fee.on == "month" else weeks * hours


def _mean_eur(fee: Fee) -> float:
    return fee.eur * fmean((fee.by_group or {"": 1.0}).values())


# Scores and days


def gain_at_full_hours(setup: Scenario, instrument: str) -> float:
    """Return the points that a week of full hours is believed to add."""
    coaching = setup.coaching
    motivation = coaching.motivation_gain_sd * setup.population.motivation_sd
    motivation /= coaching.motivation_gain_weeks
    ability = coaching.ability_gain / coaching.ability_gain_weeks
    if instrument == "radar":
        return (motivation + ability) / 2
    return motivation if instrument == "motivation" else ability


def normal_cdf(z: float) -> float:
    return math.erfc(-z / math.sqrt(2)) / 2


def progress_units(fee: Fee, change: float, noise_sd: float) -> float:
    """Return the expected units of a progress fee for somebody who truly changes so much."""
    sd = math.sqrt(2) * noise_sd
    if fee.target_change is not None:
        if sd == 0:
            return float(change >= fee.target_change)
        return normal_cdf((change - fee.target_change) / sd)
    if sd == 0:
        return max(change, 0.0)
    density = math.exp(-((change / sd) ** 2) / 2) / math.sqrt(2 * math.pi)
    return change * normal_cdf(change / sd) + sd * density


def unit_weeks(fee: Fee, longest: int) -> list[int]:
    """Return the weeks of service in which a unit is given."""
    every = math.ceil((fee.every_days or 0) / 7)
    weeks = [(fee.from_service_week or 0) + n * every for n in range(fee.times or 1)]
    most = len(weeks) if fee.max_per_client is None else int(fee.max_per_client)
    return [week for week in weeks[:most] if week < longest]


def weeks_in_spell(
    market: LabourMarket, state: str, weeks: int, factor: float = 1.0
) -> list[float]:
    """Return the expected weeks in a new spell among its first 0, 1, ... so many."""
    sums = [0.0]
    for week in range(1, weeks + 1):
        if state == "outside":
            lasts = (1 - market.other_spells.inactivity_end_per_week) ** (week - 1)
        else:
            any_spell = Terms((state,), week, 0.0, 0, 0, BUSINESS_KINDS)
            lasts = chance_to_last(market, state, any_spell, factor)
        sums.append(sums[-1] + lasts)
    return sums


# Proof


def lag_weeks(contract: Contract) -> int:
    """Return the weeks that proof takes at the longest, without a dispute."""
    if contract.verification == "register":
        return contract.verification_lag_weeks
    if contract.verification == "sample" and contract.sample_share > 0:
        return contract.verification_lag_weeks
    return 0


def chance_paid(contract: Contract, fee: Fee) -> float:
    """Return the part of a fee that a met outcome brings on average."""
    share, looked_at = 1.0, 1.0
    if contract.verification == "notice":
        lower = (fee.eur_unnotified or 0.0) / fee.eur if fee.eur else 0.0
        share = contract.notice_chance + (1 - contract.notice_chance) * lower
    elif contract.verification == "sample":
        looked_at = contract.sample_share
    return share * (1 - looked_at * contract.dispute_chance * contract.dispute_lost_share)


# Contracts one after another


@dataclass(frozen=True)
class Period:
    """A contract: when it begins, the first week after it, and when it pays for the last time.

    `gap` is how many weeks lie between two of them.
    """

    number: int
    start: int
    end: int
    last_paid: int
    gap: int


def periods(setup: Scenario) -> list[Period]:
    """Return the contracts, in order: late procedures are bridged by options, or leave a gap."""
    contract, terms = setup.contract, setup.procurement
    late = terms.gap_weeks
    if late is None:
        late = max(terms.lead_weeks - terms.notice_weeks, 0)
    longer = min(late, terms.option_weeks)
    found, start = [], contract.start_week
    for number in range(terms.rounds):
        end = start + contract.weeks + (longer if number + 1 < terms.rounds else 0)
        last = end + contract.last_week_paid - contract.start_week - contract.weeks
        found.append(Period(number, start, end, last, late - longer))
        start = end + late - longer
    return found
