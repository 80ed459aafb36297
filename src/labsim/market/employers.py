"""Services to firms: which provider each firm takes, what it gets, thinks of it, and notifies.

The service acts on jobseekers in one way alone: it makes vacancies known that they would not have
heard of, which eases the competition for jobs in the firm's segment of the market.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.coaching import learnt
from labsim.market.draws import Stream
from labsim.market.ledger import Account
from labsim.market.people import EDUCATION
from labsim.scenario.schema import Scenario
from labsim.scenario.sections.employers import LEAST_SCORE, MOST_SCORE
from labsim.scenario.sections.employers import Employers as Terms
from labsim.scenario.sections.providers import Provider as ProviderTerms

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket

NOBODY = -1
SERVICE, FEEDBACK = "employer service", "employers' feedback"
"""Names in the ledger of what is paid for firms served, and for what they think."""


def hours_for_a_firm(terms: Terms, hour_eur: float) -> float:
    """Return the hours a week that a provider gives a firm, or that the firm's voucher buys.

    Paid by the firm alone, it gives the least. Paid for points, it gives what pays: of hours e it
    expects ``eur_per_point * score_gain * (1 - exp(-e/kappa))`` a round at the cost of ``hour_eur``
    each, so that ``e = kappa * ln(eur_per_point * score_gain / (round_weeks * kappa * hour_eur))``,
    within its limits. It leaves aside that scores end at 5, and points under `score_from`.
    """
    rounds, kappa = terms.round_weeks, terms.saturation_hours_per_week
    wanted = terms.hours_min
    if terms.payment == "voucher":
        bought = terms.eur_per_round / (rounds * hour_eur) if hour_eur > 0 else terms.hours_max
        return min(bought, terms.hours_max)
    if terms.payment == "feedback" and hour_eur <= 0:
        wanted = terms.hours_max
    elif terms.payment == "feedback":
        pays = terms.eur_per_point * terms.score_gain / (rounds * kappa * hour_eur)
        wanted = kappa * float(np.log(pays)) if pays > 0 else 0.0
    return min(max(wanted, terms.hours_min), terms.hours_max)


def weekly_cost(setup: Scenario, provider: ProviderTerms, sharing: int) -> float:
    """Return what an even share of all firms would cost a provider in a week, in euros."""
    hour = provider.coach_week_eur / provider.client_hours_per_coach_week
    share = setup.employers.firms / max(sharing, 1)
    return share * hours_for_a_firm(setup.employers, hour) * hour


def dose(terms: Terms, hours: Floats) -> Floats:
    """Return the part of what service can do for a firm that weekly hours do, (n,)."""
    share: Floats = -np.expm1(-hours / terms.saturation_hours_per_week)
    return share


def _segments(weight: Floats, luck: Floats) -> Ints:
    """Return the segment that each number in (0, 1) falls into, by their weights, (n,)."""
    if not luck.size:
        return np.zeros(0, dtype=np.int64)
    reached = np.cumsum(weight)[:-1]
    place: Ints = np.searchsorted(reached, luck * weight.sum(), side="right")
    return place


class Employers:
    """The firms of a scenario, one row each; row number = the firm's id, which keys its luck.

    Attributes
    ----------
    segment : (firms,)
        Whom its vacancies are for: those who compete with each other.
    vacancies : (firms,)
        Its vacancies that are known without a service.
    join_week : (firms,)
        Week in which it joins.
    provider : (firms,)
        Number of its provider, `NOBODY` before.
    hours : (firms,)
        Hours that it gets this week.
    score : (firms,)
        What it thought of its present provider when it was last asked, 1-5; NaN before.
    known : (segments,)
        Vacancies that are known without a service.
    """

    def __init__(self, market: LabourMarket) -> None:
        self.market, self.terms = market, market.setup.employers
        self.known = self._known_vacancies()
        weight = np.where(self._served_segments(), self.known, 0.0)
        firms = np.arange(self.terms.firms if market.service and weight.any() else 0)
        uniform = market.draws.uniform
        self.segment = _segments(weight, uniform(Stream.FIRM_SEGMENT, 0, firms))
        spread = self.terms.vacancies_spread * market.draws.normal(Stream.FIRM_SIZE, 0, firms)
        self.vacancies: Floats = self.terms.vacancies_per_firm * np.exp(spread)
        joins = np.floor(self.terms.join_weeks * uniform(Stream.FIRM_JOINS, 0, firms))
        self.join_week: Ints = self.terms.start_week + joins.astype(np.int64)
        self.provider: Ints = np.full(firms.size, NOBODY, dtype=np.int64)
        self.hours: Floats = np.zeros(firms.size)
        self.score: Floats = np.full(firms.size, np.nan)

    def __len__(self) -> int:
        return self.segment.size

    def _known_vacancies(self) -> Floats:
        """Return the vacancies of week 0: the setting's per person on the register, (segments,)."""
        market = self.market
        here = market.people.entry_week <= 0
        people = np.bincount(market.segment[here], minlength=market.segments)
        per_person = market.setup.labour_market.current.vacancies_per_unemployed
        known: Floats = people * per_person * market.vacancies_per_jobseeker
        return known

    def _served_segments(self) -> Bools:
        """Whether firms of each segment may take part, (segments,)."""
        market, terms = self.market, self.terms
        fits = np.ones((len(market.areas), len(EDUCATION), len(market.sectors)), dtype=bool)
        for axis, (wanted, names) in enumerate(
            (
                (terms.areas, market.areas),
                (terms.education, EDUCATION),
                (terms.sectors, market.sectors),
            )
        ):
            if wanted is not None:
                shape = [1, 1, 1]
                shape[axis] = len(names)
                fits &= np.isin(list(names), wanted).reshape(shape)
        return fits.reshape(-1)

    # The week

    @property
    def running(self) -> bool:
        """Whether firms are served this week."""
        first = self.terms.start_week
        return len(self) > 0 and first <= self.market.week < first + self.terms.weeks

    def serve(self) -> None:
        """Let firms that join choose a provider, and give all their hours; they cost the provider.

        A firm whose provider goes out of business, or loses the contract, chooses again.
        """
        self.hours[:] = 0.0
        if not self.running:
            return
        market = self.market
        open_for_business = np.array(
            [market.places.serves_firms(provider.number) for provider in market.providers]
        )
        self.provider[~open_for_business[self.provider]] = NOBODY
        # What a firm thought of a provider is nothing that the next one has earned.
        self.score[self.provider == NOBODY] = np.nan
        seeking = np.flatnonzero((self.provider == NOBODY) & (self.join_week <= market.week))
        if seeking.size and open_for_business.any():
            self.provider[seeking] = self._choice(seeking, np.flatnonzero(open_for_business))
        for provider in market.providers:
            own = self.provider == provider.number
            terms = provider.terms
            hour = terms.coach_week_eur / terms.client_hours_per_coach_week
            self.hours[own] = hours_for_a_firm(self.terms, hour)
            cents = round(float(self.hours[own].sum()) * hour * 100)
            account = Account(provider.name, "coaches", "coach-pay", SERVICE)
            market.ledger.post(market.week, account, cents)
        market.count("firms_served", int(np.count_nonzero(self.provider != NOBODY)))

    def _choice(self, firms: Ints, numbers: Ints) -> Ints:
        """Return the provider that each firm takes: a multinomial logit, (n,).

        In reputation, marketing, and what other firms have thought of it so far (as if usual, where
        nobody has been asked).
        """
        market, terms, feedback = self.market, self.terms, self.feedback()
        known = np.where(np.isnan(feedback), terms.usual_score, feedback) - terms.usual_score
        worth = []
        for number in numbers.tolist():
            provider = market.providers[number].terms
            value = terms.per_reputation_point * provider.reputation
            value += terms.per_marketing_point * provider.marketing
            value += terms.per_feedback_point * float(known[number])
            luck = market.draws.uniform(Stream.FIRM_CHOICE, number, firms)
            worth.append(value - np.log(-np.log(luck)))
        best: Ints = numbers[np.argmax(np.array(worth), axis=0)]
        return best

    def more_vacancies(self) -> Floats:
        """Return the vacancies that become known by this week's service, (segments,).

        ``vacancies * vacancy_gain * (1 - exp(-hours/kappa)) * effect_scale``, less what a new
        service has not learnt: much time goes to clarifying starting points (OUT-18).
        """
        market, terms = self.market, self.terms
        coaching = market.setup.coaching
        gain = coaching.effect_scale * terms.vacancy_gain
        gain *= learnt(coaching, max(market.week - terms.start_week, 0))
        each = self.vacancies * gain * dose(terms, self.hours)
        return market.sum_by_segment(self.segment, each)

    def vacancy_factor(self) -> Floats:
        """Return known vacancies relative to those without the service, (segments,)."""
        factor = np.ones(self.known.size)
        if self.running:
            more = self.more_vacancies()
            np.divide(more, self.known, out=more, where=self.known > 0)
            factor += np.where(self.known > 0, more, 0.0)
        return factor

    def part_of_jobs(self) -> Floats:
        """Return the part of jobs found that are in vacancies made known, (segments,)."""
        factor: Floats = self.vacancy_factor()
        return 1 - 1 / factor

    # What they think, and what is paid

    def feedback(self) -> Floats:
        """Return the mean of the last answers of each provider's firms, (providers,); NaN if none.

        What firms compare providers by, and what a fee on firms' feedback is paid by.
        """
        asked = np.flatnonzero(~np.isnan(self.score) & (self.provider != NOBODY))
        count = len(self.market.providers)
        answers = np.bincount(self.provider[asked], minlength=count)
        total = np.bincount(self.provider[asked], self.score[asked], minlength=count)
        means: Floats = np.divide(total, answers, out=np.full(count, np.nan), where=answers > 0)
        return means

    def settle(self) -> None:
        """At the end of a round ask the firms, and pay their providers, as far as money is left.

        A last round that is cut short, by the end of the service or of the run, is paid in part.
        """
        market, terms = self.market, self.terms
        week = market.week
        weeks = week - terms.start_week + 1
        last = weeks == terms.weeks or week == market.weeks - 1
        if not self.running or (weeks % terms.round_weeks and not last):
            return
        part = (weeks % terms.round_weeks or terms.round_weeks) / terms.round_weeks
        served = np.flatnonzero(self.provider != NOBODY)
        self.score[served] = self._answers(served)
        if week > market.last_payable_week:
            return
        points = np.maximum(self.score[served] - terms.score_from, 0.0)
        for name, cents in (
            (SERVICE, np.full(served.size, round(terms.eur_per_round * part * 100))),
            (FEEDBACK, np.rint(points * (terms.eur_per_point * part) * 100).astype(np.int64)),
        ):
            count = len(market.providers)
            sums = np.bincount(self.provider[served], cents, minlength=count).astype(np.int64)
            market.purchaser.pay_providers(name, sums)

    def _answers(self, firms: Ints) -> Floats:
        """Return what firms answer: usual, what service adds, and noise, within the scale, (n,)."""
        terms, market = self.terms, self.market
        noise = market.draws.normal(Stream.FIRM_SCORE, market.week, firms)
        score = terms.usual_score + terms.score_gain * dose(terms, self.hours[firms])
        kept: Floats = np.clip(score + terms.score_noise_sd * noise, LEAST_SCORE, MOST_SCORE)
        return kept
