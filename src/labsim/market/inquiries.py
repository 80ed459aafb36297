"""People who come to a service by themselves, because they have heard of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.ledger import Account
from labsim.market.regimes import REGIMES
from labsim.market.weeks import WEEKS_PER_MONTH
from labsim.scenario.sections.referral import Marketing

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket

_MOST_POINTS = 10.0


def loudness(terms: Marketing, points: list[float]) -> float:
    """Return what all providers' marketing adds up to; 1 is one that does all it can.

    ``sum (points/10)**returns``: the next euro reaches fewer who have not heard (M-REF-14).
    """
    return float(sum((each / _MOST_POINTS) ** terms.returns for each in points if each > 0))


def inquiry_chance(terms: Marketing, loud: float, motivation: Floats, aimed_at: Bools) -> Floats:
    """Return the chance that each person of the target group asks for the service in a week.

    ``1 - exp(-rate)`` with a monthly rate of ``inquiries_per_month * loudness *
    exp(per_motivation_point*(motivation - 7.5))``, times `aimed_factor` for those whom the
    marketing is aimed at: groups that providers reach better than the office (REF-33).

    Parameters
    ----------
    motivation, aimed_at : (n,)
        Points 0-10; whether the marketing is aimed at a person.
    """
    rate = terms.inquiries_per_month * loud / WEEKS_PER_MONTH
    rates = rate * np.exp(terms.per_motivation_point * (motivation - 7.5))
    rates[aimed_at] *= terms.aimed_factor
    chance: Floats = -np.expm1(-rates)
    return chance


def can_inquire(market: LabourMarket) -> bool:
    """Whether people may come by themselves this week."""
    referral = market.setup.referral
    of_round = market.week - market.periods.offset(market.referral_round)
    open_now = referral.start_week <= of_round < referral.start_week + referral.weeks
    by_self = referral.also_self or REGIMES[referral.regime].by_self
    return market.service and open_now and by_self


def pay_marketing(market: LabourMarket) -> None:
    """Let providers in business pay for their marketing while people may come by themselves."""
    if not can_inquire(market):
        return
    for provider in market.serving:
        account = Account(provider.name, "suppliers", "overhead", "marketing")
        cents = round(provider.terms.marketing_eur_per_week * 100)
        market.ledger.post(market.week, account, cents)


def wishes(market: LabourMarket, persons: Ints) -> Floats:
    """Return this week's chance that each of these people asks for the service, (n,)."""
    terms = market.setup.referral.marketing
    aimed_at = np.zeros(persons.size, dtype=bool)
    if terms.aimed_factor != 1:
        aimed_at = np.isin(persons, market.office.matching(terms.aimed_at, persons))
    motivation = market.columns.motivation[persons]
    return inquiry_chance(terms, _loudness_now(market), motivation, aimed_at)


def most_wishes(market: LabourMarket) -> float:
    """Return a chance that nobody's passes this week: of those whom marketing reaches best."""
    motivation, aimed_at = np.array([0.0, 10.0, 0.0, 10.0]), np.arange(4) < 2
    terms = market.setup.referral.marketing
    chance = inquiry_chance(terms, _loudness_now(market), motivation, aimed_at)
    return float(chance.max()) * (1 + 1e-12)


def _loudness_now(market: LabourMarket) -> float:
    terms = market.setup.referral.marketing
    return loudness(terms, [provider.terms.marketing for provider in market.serving])
