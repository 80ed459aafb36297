"""The TE office: sees its clients imperfectly, keeps the list, refers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from labsim.market.arrays import Floats, Ints
from labsim.market.draws import Stream
from labsim.market.jobseekers import NO_GROUP
from labsim.market.ledger import Account
from labsim.market.pricing import group_names
from labsim.market.referral import REGIMES, matches, quota
from labsim.market.search import job_hazard
from labsim.market.states import Stage, State

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket


class TEOffice(mesa.Agent):
    """The employment office of the scenario's areas.

    Attributes
    ----------
    limits : (2,)
        Log job hazards that part near from middle and middle from far, as the office assesses them;
        cut at the first referral and then kept. Empty before.
    """

    def __init__(self, model: LabourMarket) -> None:
        super().__init__(model)
        self.market = model
        self.limits: Floats = np.zeros(0)
        self.spread = 1.0

    def eligible(self) -> Ints:
        """Return unemployed people of the target group who have not been referred, in order."""
        market = self.market
        jobseekers, setup = market.columns, market.setup
        persons = np.flatnonzero(
            (jobseekers.state == State.UNEMPLOYED) & (jobseekers.stage == Stage.NONE)
        )
        fits = matches(setup.referral.target, jobseekers, persons, market.week, market.areas)
        return persons[fits]

    def refer(self) -> Ints:
        """Refer this week's people, and return them."""
        market = self.market
        referral, jobseekers = market.setup.referral, market.columns
        if not referral.start_week <= market.week < referral.start_week + referral.weeks:
            return np.zeros(0, dtype=np.int64)
        eligible = self.eligible()
        jobseekers.ever_eligible[eligible] = True
        if self.limits.size == 0:
            self._learn_the_group(eligible)
        if not market.service or not market.serving:
            return np.zeros(0, dtype=np.int64)
        places = quota(referral, market.week) - market.referred_so_far
        chosen = REGIMES[referral.regime](referral, market.draws, eligible, max(places, 0))
        jobseekers.stage[chosen] = Stage.REFERRED
        jobseekers.referred_week[chosen] = market.week
        self._book_time(chosen.size)
        return chosen

    def _true_log_hazard(self, persons: Ints) -> Floats:
        market, jobseekers = self.market, self.market.columns
        hazard = job_hazard(
            market.setup.labour_market,
            jobseekers.log_base[persons],
            jobseekers.ability[persons],
            jobseekers.motivation[persons],
            jobseekers.months_out(persons, market.week),
        )
        log_hazard: Floats = np.log(hazard)
        return log_hazard

    def _learn_the_group(self, eligible: Ints) -> None:
        """Cut the assessed thirds, and note the median prospects, of the group as first met."""
        if eligible.size == 0:
            return
        log_hazard = self._true_log_hazard(eligible)
        self.spread = float(np.std(log_hazard))
        self.market.reference_hazard = float(np.exp(np.median(log_hazard)))
        self.limits = np.quantile(self._assessed(eligible, log_hazard), [2 / 3, 1 / 3])

    def _assessed(self, persons: Ints, log_hazard: Floats) -> Floats:
        noise = self.market.draws.normal(Stream.ASSESSMENT, 0, persons)
        return log_hazard + self.market.setup.office.assessment_noise_sd * self.spread * noise

    def assess(self, persons: Ints) -> None:
        """Put starting clients into the contract's groups, or into thirds of assessed distance."""
        market, jobseekers = self.market, self.market.columns
        truth = self._true_log_hazard(persons)
        assessed = self._assessed(persons, truth)
        jobseekers.assessed_log_hazard[persons] = assessed
        jobseekers.office_error[persons] = assessed - truth
        groups = market.setup.contract.groups
        if not groups:
            thirds = (assessed[:, None] < self.limits).sum(axis=1)
            jobseekers.group[persons] = thirds
            return
        jobseekers.group[persons] = NO_GROUP
        for number in reversed(range(len(groups))):
            fits = matches(groups[number].when, jobseekers, persons, market.week, market.areas)
            jobseekers.group[persons[fits]] = number

    def group_label(self, number: int) -> str:
        """Return the name of a group by its number; empty for people of no group."""
        return "" if number == NO_GROUP else group_names(self.market.setup)[number]

    def _book_time(self, referred: int) -> None:
        office = self.market.setup.office
        hours = referred * (office.hours_per_assessment + office.hours_per_referral)
        cents = round(hours * self.market.setup.finance.office_hour_eur * 100)
        account = Account("purchaser", "office staff", "admin", "assessment and referral")
        self.market.ledger.post(self.market.week, account, cents)
