"""The plain model: the market of model.md, one Mesa agent per jobseeker.

An independent check of `labsim.market`, and what benchmarks measure it against. It shares with it
the scenario, the keyed draws and the people as drawn; rules are written again, for one person at a
time. People act in a random order every week (`shuffle_do`), on which nothing depends: they meet
only in sums over everybody and in keyed priorities.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import fmean, median

import mesa
import numpy as np

from labsim.market.draws import Draws, Stream
from labsim.market.people import People, draw_people
from labsim.market.procurement.award import Award, award
from labsim.market.procurement.bidders import bidders
from labsim.scenario.schema import Scenario
from labsim.scenario.sections.procurement import Lot
from labsim.scenario.sections.referral import Acceptance
from tests.reference import rules
from tests.reference.firms import Firms
from tests.reference.institutions import Office, Purchaser
from tests.reference.provider import Provider
from tests.reference.rules import JOB_KINDS, NEVER, WEEKS_PER_MONTH

AGREED = 2**20
"""Later than any week that a change can be agreed for."""
EDUCATION = ("basic", "secondary", "tertiary")
SCHEMES = ("earnings-related", "basic-allowance", "labour-market-support")


Segment = tuple[int, str, int]
"""Area, education and sector."""


@dataclass
class Spell:
    """A spell out of unemployment; `end` is the first week no longer in it.

    `frailty` is the factor on the hazard of losing this job before its term. What has been done to
    keep it is noted: whether its term was stretched, and the hazard that support took away.
    """

    begin: int
    state: str
    hours_share: float = 1.0
    kind: int = 0
    of_provider: bool = False
    end: float = NEVER
    frailty: float = 1.0
    stretched: bool = False
    saved: float = 0.0
    kept_by_support: bool = False


class Jobseeker(mesa.Agent):
    """A person; `number` is the id that draws are keyed by."""

    model: PlainMarket

    def __init__(self, model: PlainMarket, number: int, people: People) -> None:
        super().__init__(model)
        self.number = number
        self.entry_week = int(people.entry_week[number])
        self.age, self.area = int(people.age[number]), int(people.area[number])
        self.education = EDUCATION[people.education[number]]
        self.sector, self.language = int(people.sector[number]), int(people.language[number])
        self.needs = int(people.needs[number])
        after = int(people.change_after[number])
        self.change_week = max(self.entry_week, 0) + after if after < AGREED else NEVER
        self.ability = self.ability_at_entry = float(people.ability[number])
        self.belief = float(people.belief[number])
        self.motivation = self.motivation_at_entry = float(people.motivation[number])
        self.log_base = float(people.log_base[number])
        self.state = "unemployed" if self.entry_week < 0 else "arriving"
        self.since, self.term_end = max(self.entry_week, 0), NEVER
        self.budget = self.worn = 0.0
        self.looked_at, self.searching_since = NEVER, self.since
        self.months_before = float(people.months[number])
        self.spells: list[Spell] = []
        self.stage = "none"
        self.referred_week = self.service_start = self.service_limit = NEVER
        self.provider = self.group = -1
        self.contract = 0
        self.assessed_log_hazard, self.office_error = math.nan, 0.0
        self.expected_fees = self.support_hours = self.support_total = 0.0
        self.ability_at_start = self.motivation_at_start = math.nan
        self.months_at_entry, self.entitled = self.months_before, (0, 0, 0)
        self.ability_at_end = self.motivation_at_end = math.nan
        self.asked = self.service_ended = False
        self.ever_eligible = self.accepted = self.served = self.coordinated = False
        self.handed_over = self.resumed = False
        self.applied = self.waits = False
        self.suspended_until = 0
        self.hours = self.hours_total = self.uplift = 0.0
        self.hazard = self.search_effort = 0.0
        self.satisfaction = math.nan
        self._begin_benefits(SCHEMES[people.scheme[number]])

    def _begin_benefits(self, scheme: str) -> None:
        finance = self.model.setup.finance
        self.scheme = self.scheme_at_entry = scheme
        self.benefit_days = self.clock_days = int(self.months_before * 21.5)
        longest = finance.earnings_related_days_max
        if scheme != "labour-market-support" and self.benefit_days >= longest:
            self.scheme, self.benefit_days = "labour-market-support", self.benefit_days - longest
        if finance.current.municipal_share_of == "labour-market-support":
            on_support = self.scheme == "labour-market-support"
            self.clock_days = self.benefit_days if on_support else 0

    def draw(self, stream: Stream, week: int) -> float:
        return float(self.model.draws.uniform(stream, week, np.array([self.number]))[0])

    def draw_normal(self, stream: Stream, number: int = 0) -> float:
        return float(self.model.draws.normal(stream, number, np.array([self.number]))[0])

    def draw_gumbel(self, stream: Stream, number: int) -> float:
        return -math.log(-math.log(self.draw(stream, number)))

    def months_out(self) -> float:
        return self.months_before + (self.model.week - self.since) * (1 / WEEKS_PER_MONTH)

    @property
    def first_exit(self) -> float:
        """Week of the first exit since the start of the service that is not short and over."""
        short = self.model.setup.contract.short_spell_weeks
        for spell in self.spells:
            over = spell.end < self.service_limit and spell.end - spell.begin <= short
            if spell.begin >= self.service_start and not over:
                return spell.begin
        return NEVER

    def own_hazard(self) -> float:
        """Return the weekly job hazard without a service and without others."""
        return rules.job_hazard(
            self.model.setup.labour_market,
            self.log_base,
            self.ability,
            self.motivation,
            self.months_out(),
        )

    # The week, in order

    def arrive(self) -> None:
        """Come to the register."""
        self.served, self.hours, self.uplift, self.support_hours = False, 0.0, 0.0, 0.0
        self.asked = self.service_ended = False
        if self.entry_week == self.model.week:
            self.state = "unemployed"

    def answer(self) -> None:
        """Take up an offer or decline it; leave the service when its time is over, or before."""
        week, setup = self.model.week, self.model.setup
        if self.stage == "referred" and self.referred_week + rules.wait_weeks(setup) <= week:
            period = self.model.period
            started = week >= period.start
            if self.state != "unemployed" or week >= period.end:
                self.stage = "gone_before_start"
            elif started and not self.model.serving_for(self):
                self.stage = "returned"
            elif started and self.model.office.places() is not None:
                self.waits = True
            elif started:
                self.decide()
        elif self.stage == "in_service":
            self._stay()
        elif self.stage == "paused":
            long = week - self.since > setup.contract.short_spell_weeks
            if long or self.service_limit <= week:
                self.stage, self.service_ended = "ended", True

    def _stay(self) -> None:
        """Stay in the service, or leave it: time is over, the provider gone, or one drops out."""
        week, setup = self.model.week, self.model.setup
        before = self.stage
        if self.service_limit <= week:
            self.stage = "ended"
        elif not self.model.providers[self.provider].in_business:
            self.stage, self.service_limit = "returned", week
        elif self.draw(Stream.DROPOUT, week) < setup.coaching.dropout_per_week:
            self.stage, self.service_limit = "dropped_out", week
        if self.stage != before:
            self._rate_the_service(week - self.service_start)

    def decide(self) -> None:
        """Accept the service, or decline it and perhaps lose benefit for some weeks."""
        referral, week = self.model.setup.referral, self.model.week
        self.accepted, self.asked = self._accepts(), True
        self.stage = "referred" if self.accepted else "declined"
        if self.accepted or self.applied or referral.participation == "voluntary":
            return
        chance = referral.sanction_share * min(self.model.setup.coaching.effect_scale, 1)
        if referral.sanction_weeks and self.draw(Stream.SANCTION, 0) < chance:
            self.suspended_until = week + referral.sanction_weeks

    def _rate_the_service(self, weeks: int) -> None:
        """Say what the service was like, from 1 to 5, after so many weeks of it."""
        self.service_ended = True
        self.ability_at_end, self.motivation_at_end = self.ability, self.motivation
        coaching, provider = self.model.setup.coaching, self.model.setup.providers[self.provider]
        weights, reference = coaching.satisfaction, self.model.reference_hazard
        fit = self.kept() * rules.responsiveness(
            coaching, self.ability, self.motivation, self.own_hazard(), reference
        )
        score = weights.usual
        score += weights.per_hours * (min(self.hours_total / weeks / weights.usual_hours, 2) - 1)
        score += weights.per_fit * (min(fit, 2) - 1)
        score += weights.per_honesty * (provider.honesty - 1)
        score += weights.per_remote * self.model.providers[self.provider].remote_share()
        score += weights.noise_sd * self.draw_normal(Stream.SATISFACTION)
        self.satisfaction = rules.clip(score, 1, 5)

    def _accepts(self) -> bool:
        terms = self.model.setup.referral.acceptance
        score = terms.intercept
        score += terms.per_motivation_point * (self.motivation - 7.5)
        score += terms.per_belief_point * (self.belief - 5.5)
        score += terms.per_week_waited * (self.model.week - self.referred_week)
        score += self._persuaded(terms) + self._deterred(terms)
        chance = 1 / (1 + math.exp(-score))
        return self.model.margins.below(self.draw(Stream.ACCEPT, 0), chance, "acceptance")

    def _persuaded(self, terms: Acceptance) -> float:
        """Return what the way in which a person came weighs."""
        setup = self.model.setup
        if self.applied:
            return terms.by_own_wish
        score = terms.mandatory if setup.referral.participation == "mandatory" else 0.0
        if setup.referral.regime == "bulk":
            score += terms.by_letter
        if setup.referral.regime == "info-session":
            fit = rules.responsiveness(
                setup.coaching,
                self.ability,
                self.motivation,
                self.own_hazard(),
                self.model.reference_hazard,
            )
            fit = min(fit * self.kept(), 2)
            score += terms.after_session + terms.per_fit_seen * (fit - 1)
        return score

    def _deterred(self, terms: Acceptance) -> float:
        """Return what the way to the providers weighs, and contact that is remote."""
        setup = self.model.setup
        area = list(setup.population.areas)[self.area]
        ways, remote = [], []
        for provider in self.model.serving_for(self):
            near = provider.terms.areas is None or area in provider.terms.areas
            remote.append(provider.remote_share())
            ways.append(0.0 if near else 1 - remote[-1])
        chooses = setup.referral.provider_choice == "client"
        score = terms.far * (min(ways) if chooses else fmean(ways))
        score *= terms.far_tertiary if self.education == "tertiary" else 1
        return score + fmean(remote) * getattr(terms, f"remote_{self.taste()}")

    def taste(self) -> str:
        """Return what the person thinks of remote service."""
        people, luck = self.model.setup.population, self.draw(Stream.REMOTE_TASTE, 0)
        if luck >= 1 - people.remote_liked_share:
            return "liked"
        return "difficult" if luck < people.remote_difficult_share else "disliked"

    def effect_of_an_hour(self) -> float:
        """Return what an hour does for this person, as far as it is remote and as things go."""
        coaching = self.model.setup.coaching
        remote = self.model.providers[self.provider].remote_share()
        suits = coaching.remote_effect
        if self.taste() == "difficult":
            suits = coaching.remote_effect_difficult
        return self.model.shocked("service_pace") * (1 - remote * (1 - suits))

    def prepare(self) -> None:
        """Change, then search: what the others will meet."""
        self.change()
        self.search()

    def move(self) -> None:
        """Leave or come back; who is unemployed at the end of the week gets a benefit."""
        self.leave()
        self.end_spell()
        self.draw_benefit()

    def change(self) -> None:
        """Lose heart out of work, which is looked at every four weeks; be coached."""
        if self.state != "unemployed":
            return
        week = self.model.week
        if (week - self.searching_since) % 4 == 0 and not self._settled():
            self.lose_heart()
            self.looked_at = week
            self.hazard = self._hazard_of_the_month()
        if not self.served:
            return
        coaching, sd = self.model.setup.coaching, self.model.setup.population.motivation_sd
        self.uplift = self._uplift()
        dose = coaching.effect_scale * rules.dose(coaching, self.hours)
        dose *= self.effect_of_an_hour() * self.kept()
        gain = coaching.motivation_gain_sd * sd / coaching.motivation_gain_weeks
        self.motivation = rules.clip(self.motivation + dose * gain, 0, 10)
        gain = coaching.ability_gain / coaching.ability_gain_weeks
        self.ability += dose * gain * rules.ability_bump(self.ability)
        self.ability = rules.clip(self.ability, 0, 10)
        self.hazard = self._hazard_of_the_month()

    def _settled(self) -> bool:
        """Whether nothing falls any more since the last look."""
        if self.looked_at == NEVER:
            return False
        over = max(12.0, self.model.setup.labour_market.duration_decay_months)
        return not self.model.margins.below(self._months_at(self.looked_at), over, "the last look")

    def _months_at(self, week: float) -> float:
        return self.months_before + (week - self.since) * (1 / WEEKS_PER_MONTH)

    def _loss(self, begin: float, end: float) -> float:
        """Return the motivation lost between two weeks of this time out of work."""
        loss = self.model.setup.coaching.motivation_loss_sd_first_year
        loss *= self.model.setup.population.motivation_sd / 12
        first_year = [min(self._months_at(week), 12) for week in (begin, end)]
        return loss * (first_year[1] - first_year[0])

    def lose_heart(self) -> None:
        """Lose motivation for the time since the last look, or since the spell began."""
        begin = self.since if self.looked_at == NEVER else self.looked_at
        lost = self._loss(begin, self.model.week)
        self.motivation = rules.clip(self.motivation - lost, 0, 10)

    def _hazard_of_the_month(self) -> float:
        """Return the job hazard in the middle of the four weeks from the last look on."""
        middle = self.looked_at + 1.5
        return rules.job_hazard(
            self.model.setup.labour_market,
            self.log_base,
            self.ability,
            max(self.motivation - self._loss(self.looked_at, middle), 0),
            self._months_at(middle),
        )

    def _uplift(self) -> float:
        coaching = self.model.setup.coaching
        full = coaching.effect_scale * coaching.max_uplift
        full *= self.model.providers[self.provider].skill
        full *= rules.responsiveness(
            coaching,
            self.ability,
            self.motivation,
            self.own_hazard(),
            self.model.reference_hazard,
        )
        full *= self.effect_of_an_hour() * self.kept()
        return full * rules.dose(coaching, self.hours)

    def kept(self) -> float:
        """Return what being handed from service to service leaves of what this one does."""
        trust = self.model.office.trust[self.provider]
        return rules.kept(self.model.setup, self.needs, trust, coordinated=self.coordinated)

    def search(self) -> None:
        """Look for work; all who do so crowd each other."""
        if self.state != "unemployed":
            return
        own = 1.0
        if self.stage == "in_service":
            coaching = self.model.setup.coaching
            own -= (1 - coaching.search_during_service) * min(coaching.effect_scale, 1)
        self.search_effort = self.hazard * (own + self.uplift)

    def leave(self) -> None:
        """Leave unemployment, or not: one draw says whether, and where to."""
        if self.state != "unemployed":
            return
        hazards = {}
        for state, ratio in self.model.exit_ratios.items():
            uplift = self.model.responses[state] * self.uplift
            hazards[state] = self.hazard * ratio * (1 + uplift)
        crowding = self.model.crowding[self.area, self.education, self.sector]
        hazards["employed"] = self.search_effort * crowding
        hazards["employed"] *= self.model.shocked("hiring")
        total = sum(hazards.values())
        chance, luck = -math.expm1(-total), self.draw(Stream.EXIT, self.model.week)
        below = self.model.margins.below
        if not below(luck, chance, "an exit"):
            if self.change_week == self.model.week:
                self._leave_as_agreed()
            return
        reached, taken = 0.0, ""
        for state, hazard in hazards.items():
            reached += hazard
            if not taken and below(luck, chance * reached / total, "the kind of exit"):
                taken = state
        self._begin_spell(taken or "outside")

    def _leave_as_agreed(self) -> None:
        """Leave for what was agreed ahead; of all exits each is agreed as often as it happens."""
        total, reached = sum(self.model.exit_ratios.values()), 0.0
        luck = self.draw(Stream.KNOWN_CHANGE_KIND, 0) * total
        agreed = ""
        for state, ratio in self.model.exit_ratios.items():
            reached += ratio
            if not agreed and self.model.margins.below(luck, reached, "what was agreed"):
                agreed = state
        self.model.agreed += 1
        self._begin_spell(agreed or "outside", by_agreement=True)

    def _begin_spell(self, state: str, *, by_agreement: bool = False) -> None:
        week, other = self.model.week, self.model.setup.labour_market.other_spells
        self.lose_heart()
        self.months_before = self.months_out()
        self.state, self.since, self.change_week = state, week, NEVER
        self.support_total = 0.0
        self.budget, self.worn = -math.log(self.draw(Stream.SEPARATION, week)), 0.0
        self.spells.append(Spell(week, state))
        if state == "employed":
            self._begin_job(self.spells[-1], by_agreement=by_agreement)
        elif state == "entrepreneur":
            self._begin_business(self.spells[-1])
        elif state == "studying":
            self.term_end = week + other.education_weeks
        elif state == "subsidised":
            self.term_end = week + other.subsidised_weeks
        if self.stage == "in_service":
            pauses = self.model.setup.contract.short_spell_weeks > 0
            self.stage = "paused" if pauses else "ended"
            self._rate_the_service(week - self.service_start + 1)
            self.service_ended = not pauses

    def _begin_business(self, spell: Spell) -> None:
        week, luck, reached = self.model.week, 0.0, 0.0
        luck = self.draw(Stream.BUSINESS_KIND, week)
        kinds = rules.businesses(self.model.setup.labour_market)
        for share, *_ in list(kinds.values())[:-1]:
            reached += share
            spell.kind += luck >= reached
        _, _, low, high = kinds[rules.BUSINESS_KINDS[spell.kind]]
        spell.hours_share = low + (high - low) * self.draw(Stream.BUSINESS_HOURS, week)

    def _begin_job(self, spell: Spell, *, by_agreement: bool) -> None:
        jobs, week = self.model.setup.labour_market.jobs, self.model.week
        luck, reached = self.draw(Stream.JOB_TYPE, week), 0.0
        for name in JOB_KINDS[:-1]:
            reached += getattr(jobs, name)
            spell.kind += luck >= reached
        name = JOB_KINDS[spell.kind]
        if name.endswith("part_time"):
            low, high = jobs.part_time_hours_min, jobs.part_time_hours_max
            spell.hours_share = low + (high - low) * self.draw(Stream.JOB_HOURS, week)
        fixed = self.draw(Stream.FIXED_TERM, week) < jobs.fixed_term_share
        if name.startswith("temporary") and fixed:
            span = jobs.fixed_term_weeks_max - jobs.fixed_term_weeks_min + 1
            weeks = math.floor(span * self.draw(Stream.TERM_LENGTH, week))
            self.term_end = week + jobs.fixed_term_weeks_min + weeks
            self._stretch(spell)
        share = self.uplift * self.hazard / self.search_effort
        luck = self.draw(Stream.FINDER, week)
        if not by_agreement:
            spell.of_provider = self.model.margins.below(luck, share, "who found the job")
        if spell.of_provider:
            spell.frailty = self.model.providers[self.provider].frailty

    def _stretch(self, spell: Spell) -> None:
        """Agree on a longer term, if a little more brings a fee; only a service gets that far."""
        if self.service_start == NEVER or not self.model.providers[self.provider].in_business:
            return
        coaching, week = self.model.setup.coaching, self.model.week
        short = self.model.providers[self.provider].weeks_short(self)
        chance = coaching.stretch_chance * min(coaching.effect_scale, 1)
        if short <= coaching.stretch_weeks and self.draw(Stream.STRETCH, week) < chance:
            self.term_end += short
            spell.stretched = True

    def end_spell(self) -> None:
        """Come back to unemployment, if the spell ends: its hazards have reached what it can take.

        What it can take is drawn when it begins.
        """
        week = self.model.week
        if self.state in ("arriving", "unemployed") or self.since == week:
            return
        spell, hazard = self.spells[-1], self._hazard_of_an_end()
        if self.support_hours and hazard < NEVER:
            saved = hazard * self._support()
            spell.saved, hazard = spell.saved + saved, hazard - saved
        self.worn += hazard
        worn_out = hazard > 0 and not self.model.margins.below(self.worn, self.budget, "an end")
        if worn_out or self.term_end <= week:
            self._come_back(spell)
        elif self.worn + spell.saved > self.budget:
            spell.kept_by_support = True

    def _hazard_of_an_end(self) -> float:
        """Return this week's hazard of the end of a spell before its term."""
        market, spell = self.model.setup.labour_market, self.spells[-1]
        if self.state == "employed":
            chance = rules.separation(market.jobs, spell.kind, self.model.week - self.since)
        elif self.state == "entrepreneur":
            _, chance, _, _ = rules.businesses(market)[rules.BUSINESS_KINDS[spell.kind]]
        elif self.state == "outside":
            chance = market.other_spells.inactivity_end_per_week
        else:
            return 0.0
        return spell.frailty * (-math.log1p(-chance) if chance < 1 else NEVER)

    def _support(self) -> float:
        """Return the part of this week's hazard of losing the job that support takes away."""
        coaching = self.model.setup.coaching
        full = min(coaching.effect_scale * coaching.support_effect, 1)
        return full * (1 - math.exp(-self.support_hours / coaching.support_saturation_hours))

    def _come_back(self, spell: Spell) -> None:
        week, setup = self.model.week, self.model.setup
        weeks_away = week - self.since
        if self.state == "employed":
            lost = max(self.motivation_at_entry - self.motivation, 0)
            for _ in range(weeks_away):
                regained = setup.coaching.motivation_recovery_per_week * lost
                self.motivation, lost = self.motivation + regained, lost - regained
        if self.state in ("employed", "subsidised", "entrepreneur"):
            part = setup.labour_market.duration_recovery_per_13_weeks * weeks_away / 13
            self.months_before *= max(1 - part, 0)
        worked = self.state == "employed"
        if worked and weeks_away >= setup.finance.current.work_condition_weeks:
            insured = self.scheme_at_entry == "earnings-related"
            self.scheme = "earnings-related" if insured else "basic-allowance"
            self.benefit_days = self.clock_days = 0
        spell.end = week
        short = weeks_away <= setup.contract.short_spell_weeks
        if self.stage == "paused" and short and week < self.service_limit:
            self.stage, self.resumed = "in_service", True
        self.state, self.since, self.term_end = "unemployed", week, NEVER
        self.looked_at, self.searching_since = NEVER, week + 1

    def benefit_by_payer(self) -> tuple[int, int, int]:
        """Return the cents that state, municipality and funds pay for a week out of work."""
        finance = self.model.setup.finance
        now, support = finance.current, self.scheme == "labour-market-support"
        basic = total = round(finance.basic_daily_eur * 5 * 100)
        if self.scheme == "earnings-related":
            level = rules.step_at(now.earnings_related_level, self.benefit_days)
            total = max(round(finance.earnings_related_daily_eur * 5 * 100 * level), basic)
        municipality = 0
        if support or now.municipal_share_of == "basic-part":
            share = rules.step_at(now.municipal_share, self.clock_days)
            municipality = round(share * basic)
        return basic - municipality, municipality, total - basic

    def draw_benefit(self) -> None:
        """Receive a week's benefit, from whoever pays it, and use up days of it."""
        self.entitled = self.benefit_by_payer()
        if self.state != "unemployed" or self.model.week < self.suspended_until:
            return
        finance, post = self.model.setup.finance, self.model.post
        now, support = finance.current, self.scheme == "labour-market-support"
        if support or now.municipal_share_of == "basic-part":
            self.clock_days += 5
        for payer, cents in zip(("state", "municipality", "funds"), self.entitled, strict=True):
            post(payer, "jobseekers", "benefit", cents=cents)
        self.benefit_days += 5
        if not support and self.benefit_days >= finance.earnings_related_days_max:
            self.scheme, self.benefit_days = "labour-market-support", 0


class PlainMarket(mesa.Model):
    """The plain market; `order` seeds the order in which people act."""

    def __init__(
        self, setup: Scenario, replication: int = 0, *, service: bool = True, order: int = 0
    ) -> None:
        super().__init__(rng=order)
        self.tender, self.service = setup, service
        self.week, self.weeks = -1, setup.run.weeks
        self.draws, self.margins = Draws(setup.run.seed, replication), rules.Margins()
        # Who bids, and what an award says, is taken as given: it has tests of its own.
        field = bidders(setup, self.draws)
        self.setup = setup.model_copy(update={"providers": field})
        names = [group.name for group in setup.contract.groups]
        self.groups = names or ["near", "middle", "far"]
        self.prices = rules.price_list(setup, self.groups, self.margins)
        self.outcome_prices = rules.payments(setup, self.prices)
        self.pricing = rules.Pricing(setup)
        self.arrivals: list[tuple[Jobseeker, int]] = []
        self.expected_clients = rules.expected_clients(setup)
        self.most_referred = rules.most_referred(setup, self.prices, self.margins)
        self.exit_ratios = rules.exit_ratios(setup.labour_market)
        self.responses = rules.responses(setup.coaching)
        self.ledger: Counter[tuple[int, str, str, str, str, str]] = Counter()
        self.balances: Counter[str] = Counter()
        people = draw_people(setup, self.draws)
        self.everybody = [Jobseeker(self, number, people) for number in range(len(people))]
        self.hazards = [
            rules.job_hazard(
                setup.labour_market,
                each.log_base,
                each.ability,
                each.motivation,
                each.months_before,
            )
            for each in self.everybody
        ]
        self.reference_hazard = median(self.hazards)
        at_first = zip(self.everybody, self.hazards, strict=True)
        self._search_at_first = _by_segment(
            [(each, hazard) for each, hazard in at_first if each.entry_week <= 0]
        )
        self.agreed = 0
        self.crowding: dict[Segment, float] = {}
        setup = self.setup
        self.office, self.purchaser = Office(self), Purchaser(self)
        self.firms = Firms(self)
        self.periods = rules.periods(setup)
        self.providers = [Provider(self, n, terms) for n, terms in enumerate(setup.providers)]
        self.lots: list[list[int]] = []
        self.awards: list[Award] = []
        self._award()

    def post(
        self, payer: str, payee: str, kind: str, item: str = "", group: str = "", *, cents: int
    ) -> None:
        """Book an amount."""
        self.ledger[self.week, payer, payee, kind, item, group] += cents
        self.balances[payer] -= cents
        self.balances[payee] += cents

    @property
    def period(self) -> rules.Period:
        """The contract that is on; between two, the next; at last, the last."""
        return next((each for each in self.periods if self.week < each.end), self.periods[-1])

    def _award(self) -> None:
        """See who holds the contract that is on, or comes next: the first, or all in turn."""
        single = self.setup.referral.provider_choice == "single"
        if self.setup.procurement.tendered:
            self._tender(single)
        else:
            self.lots = [[0] if single else list(range(len(self.setup.providers)))]
        for provider in self.providers:
            provider.begin(self.period)

    def _tender(self, single: bool) -> None:
        """Hold a procedure: all who are in business bid, with the optimism they have now."""
        terms = self.setup.procurement
        found = award(
            self.tender,
            self.draws,
            number=self.period.number,
            field=[each.terms for each in self.providers],
            optimism=np.array([each.optimism for each in self.providers]),
            in_business=np.array([each.in_business for each in self.providers]),
        )
        self.awards.append(found)
        self.lots = [list(lot)[: 1 if single else None] for lot in found.lots]
        talks = terms.dialogues * terms.dialogue_hours
        hour = self.setup.finance.office_hour_eur * 100
        week, self.week = self.week, max(self.week, 0)
        if self.service:
            cents = round((terms.tender_hours + talks) * hour)
            self.post("purchaser", "office staff", "admin", "procurement", cents=cents)
            for each in self.providers:
                if each.in_business:
                    cents = round((terms.bid_hours + talks) * hour)
                    self.post(each.terms.name, "provider staff", "admin", "bid", cents=cents)
        self.week = week
        if terms.procedure == "alliance":
            for number in self.holders:
                trust = self.office.trust[number]
                self.office.trust[number] += terms.alliance_trust * (1 - trust)

    def cents(self, price: rules.Price, person: Jobseeker, *, notified: bool = True) -> int:
        """Return what a unit of a fee brings the provider of a client."""
        listed = (price.cents if notified else price.unnotified)[person.group]
        factor = self.factor(price, person.provider, person.contract)
        return listed if factor == 1 else round(listed * factor)

    def factor(self, price: rules.Price, provider: int, period: int) -> float:
        """Return what a provider's bid for a contract makes of a fee."""
        terms = self.setup.procurement
        if not terms.tendered or not (
            terms.procedure == "alliance" or terms.bid_on in ("all", price.fee.name)
        ):
            return 1.0
        return float(self.awards[period].factor[provider])

    @property
    def holders(self) -> list[int]:
        found: list[int] = []
        for lot in self.lots:
            found += [number for number in lot if number not in found]
        return found

    @property
    def lots_asked(self) -> list[Lot]:
        """Lots are for those who bid."""
        return self.setup.procurement.lots if self.setup.procurement.tendered else []

    def lot_shares(self) -> list[float]:
        lots, areas = self.lots_asked, self.setup.population.areas
        if not lots:
            return [1.0]
        shares = [lot.share or sum(areas[area] for area in lot.areas or ()) for lot in lots]
        return [share / sum(shares) for share in shares]

    def lot_of(self, person: Jobseeker) -> int:
        """Return the lot of a person: that of the area, or one drawn."""
        lots = self.lots_asked
        area = list(self.setup.population.areas)[person.area]
        if not lots:
            return 0
        if lots[0].areas is not None:
            return next(n for n, lot in enumerate(lots) if area in (lot.areas or ()))
        luck, reached = person.draw(Stream.LOT, 0), 0.0
        for number, share in enumerate(self.lot_shares()[:-1]):
            reached += share
            if self.margins.below(luck, reached, "a lot"):
                return number
        return len(lots) - 1

    def shares_among(self, provider: int) -> float:
        """Return among how many a provider shares its clients."""
        part = sum(
            share / len(lot)
            for share, lot in zip(self.lot_shares(), self.lots, strict=True)
            if provider in lot
        )
        return len(self.lots[0]) if len(self.lots) == 1 else 1 / part

    @property
    def serving(self) -> list[Provider]:
        """Holders of a contract that are in business."""
        return [each for each in map(self.providers.__getitem__, self.holders) if each.in_business]

    def serving_for(self, person: Jobseeker) -> list[Provider]:
        """Those of them that hold the lot of a person."""
        lot = self.lots[self.lot_of(person)]
        return [each for each in map(self.providers.__getitem__, lot) if each.in_business]

    def shocked(self, name: str) -> float:
        """Return what shocks make of something this week."""
        return rules.shocked(self.setup.labour_market, name, self.week)

    def contract_is_on(self) -> bool:
        return self.service and self.period.start <= self.week < self.period.end

    def step(self) -> None:
        """Simulate a week."""
        self.week += 1
        if any(self.week == each.end for each in self.periods[:-1]):
            self._award()
        people = self.agents_by_type[Jobseeker]
        self.firms.serve()
        people.shuffle_do("arrive")
        self.office.hand_over()
        self.office.refer()
        self.office.learn()
        self.office.pay_marketing()
        people.shuffle_do("answer")
        self.office.start_services()
        for provider in self.providers:
            provider.give_hours()
        self.office.pay_for_joint_work()
        people.shuffle_do("prepare")
        self._crowd()
        people.shuffle_do("move")
        self.purchaser.settle()
        self.firms.settle()
        for provider in self.providers:
            provider.settle()
        self.purchaser.foresee()
        self._pay_wages()
        self.running = self.week + 1 < self.weeks

    def _crowd(self) -> None:
        """See how much everybody's search takes from each other."""
        search = _by_segment(
            [(each, each.search_effort) for each in self.everybody if each.state == "unemployed"]
        )
        market = self.setup.labour_market
        for segment, effort in search.items():
            reference = self._search_at_first.get(segment, 0.0)
            reference *= self.vacancies_per_jobseeker(segment)
            vacancies = self.shocked("vacancies") * self.firms.more(segment)
            self.crowding[segment] = rules.crowding(market, reference, effort, vacancies)

    def vacancies_per_jobseeker(self, segment: Segment) -> float:
        """Return how tight a segment's market is, relative to the whole."""
        given, people = self.setup.labour_market.vacancies, self.setup.population
        area, sector = list(people.areas)[segment[0]], list(people.sectors)[segment[2]]
        return given.areas.get(area, 1.0) * given.sectors.get(sector, 1.0)

    def _pay_wages(self) -> None:
        finance, cents = self.setup.finance, self.margins.cents
        weekly = finance.wage_month_eur / WEEKS_PER_MONTH * 100
        jobs = [each.spells[-1] for each in self.everybody if each.state == "employed"]
        places = sum(each.state == "subsidised" for each in self.everybody)
        open_market = cents(math.fsum(job.hours_share for job in jobs) * weekly, "wages")
        subsidised = round(places * weekly)
        self.post("employers", "workers", "wage", "open market", cents=open_market)
        self.post("employers", "workers", "wage", "subsidised", cents=subsidised)
        subsidy = round(subsidised * finance.wage_subsidy_share)
        self.post("state", "employers", "wage", "wage subsidy", cents=subsidy)
        for payee in ("state", "municipality", "funds"):
            share = getattr(finance.current, f"tax_{payee}_share")
            tax = round((open_market + subsidised) * share)
            self.post("workers", payee, "tax", cents=tax)


def _by_segment(search: list[tuple[Jobseeker, float]]) -> dict[Segment, float]:
    """Add up search among people who compete: of one area, education and sector."""
    found: defaultdict[Segment, list[float]] = defaultdict(list)
    for person, effort in search:
        found[person.area, person.education, person.sector].append(effort)
    return {segment: math.fsum(efforts) for segment, efforts in found.items()}
