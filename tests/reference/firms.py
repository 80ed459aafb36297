"""Firms of the plain model, one by one: whom they choose, what they get, think and notify."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np

from labsim.market.draws import Stream
from tests.reference import rules

if TYPE_CHECKING:
    from tests.reference.plain import PlainMarket, Segment

EDUCATION = ("basic", "secondary", "tertiary")


@dataclass
class Firm:
    """A firm; `number` is the id that its draws are keyed by."""

    number: int
    segment: Segment
    vacancies: float
    join_week: int
    provider: int | None = None
    hours: float = 0.0
    score: float | None = None


class Firms:
    """All firms that take part."""

    def __init__(self, model: PlainMarket) -> None:
        self.model, self.terms = model, model.setup.employers
        setup = model.setup
        per_person = setup.labour_market.current.vacancies_per_unemployed
        self.chose_again = 0
        self.known: dict[Segment, float] = {}
        for area in range(len(setup.population.areas)):
            for education in EDUCATION:
                for sector in range(len(setup.population.sectors)):
                    self.known[area, education, sector] = 0.0
        for person in model.everybody:
            if person.entry_week <= 0:
                self.known[person.area, person.education, person.sector] += 1
        for segment in self.known:
            self.known[segment] *= per_person * model.vacancies_per_jobseeker(segment)
        may = {segment: known for segment, known in self.known.items() if self._may(segment)}
        there = model.service and sum(may.values()) > 0
        self.everybody = [self._firm(n, may) for n in range(self.terms.firms)] if there else []

    def _may(self, segment: Segment) -> bool:
        """Whether firms of a segment may take part."""
        area, education, sector = segment
        terms, people = self.terms, self.model.setup.population
        if terms.areas is not None and list(people.areas)[area] not in terms.areas:
            return False
        if terms.sectors is not None and list(people.sectors)[sector] not in terms.sectors:
            return False
        return terms.education is None or education in terms.education

    def _draw(self, stream: Stream, week: int, number: int) -> float:
        return float(self.model.draws.uniform(stream, week, np.array([number]))[0])

    def _draw_normal(self, stream: Stream, week: int, number: int) -> float:
        return float(self.model.draws.normal(stream, week, np.array([number]))[0])

    def _firm(self, number: int, may: dict[Segment, float]) -> Firm:
        luck = self._draw(Stream.FIRM_SEGMENT, 0, number) * math.fsum(may.values())
        reached, home = 0.0, None
        for segment, known in may.items():
            reached += known
            below = self.model.margins.below(luck, reached, "the segment of a firm")
            if home is None and known > 0 and below:
                home = segment
        size = self.terms.vacancies_spread * self._draw_normal(Stream.FIRM_SIZE, 0, number)
        join = math.floor(self.terms.join_weeks * self._draw(Stream.FIRM_JOINS, 0, number))
        last = [segment for segment, known in may.items() if known > 0][-1]
        vacancies = self.terms.vacancies_per_firm * math.exp(size)
        return Firm(number, home or last, vacancies, self.terms.start_week + join)

    @property
    def running(self) -> bool:
        weeks = self.model.week - self.terms.start_week
        return bool(self.everybody) and 0 <= weeks < self.terms.weeks

    def serve(self) -> None:
        """Choose providers, and get hours of them."""
        for firm in self.everybody:
            firm.hours = 0.0
        if not self.running:
            return
        model = self.model
        for firm in self.everybody:
            if firm.provider is not None and not self._may_take(firm.provider):
                firm.provider = firm.score = None
                self.chose_again += 1
        feedback = [self.feedback(provider.number) for provider in model.providers]
        choosing = [
            firm
            for firm in self.everybody
            if firm.provider is None and firm.join_week <= model.week
        ]
        for firm in choosing:
            firm.provider = self._choice(firm, feedback)
        for provider in model.providers:
            own = [firm for firm in self.everybody if firm.provider == provider.number]
            terms = provider.terms
            hour = terms.coach_week_eur / terms.client_hours_per_coach_week
            for firm in own:
                firm.hours = self.hours_at(hour)
            cents = math.fsum(firm.hours for firm in own) * hour * 100
            cents = model.margins.cents(cents, "hours for firms", 1e-10) if own else 0
            model.post(provider.name, "coaches", "coach-pay", "employer service", cents=cents)

    def _may_take(self, provider: int) -> bool:
        """Whether a provider is in business, and has not lost the contract."""
        model = self.model
        won = not model.awards or provider in model.holders
        return won and model.providers[provider].in_business

    def _choice(self, firm: Firm, feedback: list[float | None]) -> int | None:
        best, most = None, -math.inf
        for provider in self.model.providers:
            if not self._may_take(provider.number):
                continue
            value = self.terms.per_reputation_point * provider.terms.reputation
            value += self.terms.per_marketing_point * provider.terms.marketing
            known = feedback[provider.number]
            if known is not None:
                value += self.terms.per_feedback_point * (known - self.terms.usual_score)
            luck = self._draw(Stream.FIRM_CHOICE, provider.number, firm.number)
            value -= math.log(-math.log(luck))
            if self.model.margins.below(most, value, "the choice of a firm"):
                best, most = provider.number, value
        return best

    def hours_at(self, hour: float) -> float:
        terms, kappa = self.terms, self.terms.saturation_hours_per_week
        hours = terms.hours_min
        if terms.payment == "voucher":
            return min(terms.eur_per_round / terms.round_weeks / hour, terms.hours_max)
        if terms.payment == "feedback":
            # One more hour a week costs a round of hours, and adds points by the slope.
            slope = terms.eur_per_point * terms.score_gain / kappa
            cost = terms.round_weeks * hour
            hours = kappa * math.log(slope / cost) if slope > 0 else 0.0
        return rules.clip(hours, terms.hours_min, terms.hours_max)

    def _done(self, firm: Firm) -> float:
        return 1 - math.exp(-firm.hours / self.terms.saturation_hours_per_week)

    def more(self, segment: Segment) -> float:
        """Return a segment's known vacancies, relative to those without the service."""
        if not self.running or self.known[segment] == 0:
            return 1.0
        coaching, terms = self.model.setup.coaching, self.terms
        months = (self.model.week - terms.start_week) / rules.WEEKS_PER_MONTH
        gain = coaching.effect_scale * terms.vacancy_gain
        gain *= 1 - coaching.startup_loss * math.exp(-months / coaching.startup_months)
        found = math.fsum(
            firm.vacancies * gain * self._done(firm)
            for firm in self.everybody
            if firm.segment == segment
        )
        return 1 + found / self.known[segment]

    def feedback(self, provider: int) -> float | None:
        """Return the mean of the last answers of a provider's firms."""
        scores = [
            firm.score
            for firm in self.everybody
            if firm.provider == provider and firm.score is not None
        ]
        return fmean(scores) if scores else None

    def settle(self) -> None:
        """Ask the firms, and pay for them, at the end of each round and of the last part of one."""
        model, terms = self.model, self.terms
        weeks = model.week - terms.start_week + 1
        over = weeks == terms.weeks or model.week == model.weeks - 1
        into = weeks % terms.round_weeks
        if not self.running or (into and not over):
            return
        part = into / terms.round_weeks if into else 1
        served = [firm for firm in self.everybody if firm.provider is not None]
        for firm in served:
            noise = self._draw_normal(Stream.FIRM_SCORE, model.week, firm.number)
            score = terms.usual_score + terms.score_gain * self._done(firm)
            firm.score = rules.clip(score + terms.score_noise_sd * noise, 1, 5)
        if model.week > model.periods[-1].last_paid:
            return
        rounds, points = round(terms.eur_per_round * part * 100), terms.eur_per_point * part * 100
        for item in ("employer service", "employers' feedback"):
            for provider in model.providers:
                own = [firm for firm in served if firm.provider == provider.number]
                cents = len(own) * rounds
                if item == "employers' feedback":
                    above = [max((firm.score or 0) - terms.score_from, 0) for firm in own]
                    cents = sum(model.margins.cents(each * points, "a point") for each in above)
                if model.purchaser.takes(cents):
                    model.post("purchaser", provider.name, "fee", item, cents=cents)
