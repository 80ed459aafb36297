"""How a procedure comes from offers to winners: one class for each, registered by name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from labsim.market.arrays import Bools, Floats
from labsim.scenario.sections.procurement import Procurement


@dataclass(frozen=True)
class Offers:
    """What lies before the purchaser, one row for each bidder.

    Attributes
    ----------
    asked, final : (bidders,)
        Factors on the fees that bidders ask, and would ask in best and final bids.
    needed : (bidders,)
        Factor that just covers cost by their own beliefs, without a mark-up.
    quality : (bidders,)
        Scores of quality, 0-1 and noisy: the thinner the planned caseload, the better.
    concept, idea : (bidders,)
        Scores of what the service would do, by a jury and by its first look.
    admitted : (bidders,)
        Whether a bidder may win at all: it is in business.
    ceiling
        Highest factor that is admitted.
    """

    asked: Floats
    final: Floats
    needed: Floats
    quality: Floats
    concept: Floats
    idea: Floats
    admitted: Bools
    ceiling: float


@dataclass(frozen=True)
class Picked:
    """Who wins, and at what prices.

    Attributes
    ----------
    winners
        Numbers of the winners, the best first.
    factor : (bidders,)
        Factor on the fees bid on, at which each would serve.
    failed
        Whether no bid was good enough, so that the purchaser agreed with the one nearest to it.
    """

    winners: tuple[int, ...]
    factor: Floats
    failed: bool = False


class Procedure(ABC):
    """A way of choosing providers.

    Attributes
    ----------
    usual_winners
        How many win where the scenario does not say; ``None``: all who are good enough.
    fixed_price
        Whether fees are those of the list.
    """

    usual_winners: int | None = 1
    fixed_price = False

    @abstractmethod
    def pick(self, offers: Offers, terms: Procurement) -> Picked:
        """Return the winners of one lot."""

    def number(self, terms: Procurement) -> int | None:
        """Return how many may win."""
        return self.usual_winners if terms.winners is None else terms.winners


def scores(asked: Floats, offers: Offers, terms: Procurement, among: Bools) -> Floats:
    """Return weighted scores, (bidders,): ``w_p * lowest/price + w_q * quality/best quality``.

    Bidders who are not among those compared get less than any score.
    """
    lowest = float(asked[among].min())
    price = np.divide(lowest, asked, out=np.ones(asked.size), where=among & (asked > 0))
    quality = offers.quality / max(float(offers.quality[among].max()), 1e-12)
    total: Floats = terms.price_weight * price + terms.quality_weight * quality
    return np.where(among, total, -np.inf)


def best(values: Floats, most: int | None, among: Bools) -> tuple[int, ...]:
    """Return the numbers of the best among some bidders, the best first; ties by number."""
    order = np.argsort(-values, kind="stable")
    return tuple(int(number) for number in order if among[number])[:most]


def _good_enough(asked: Floats, offers: Offers) -> tuple[Bools, bool]:
    """Return whose bids are under the ceiling; if nobody's, the lowest bid is all there is."""
    enough = offers.admitted & (asked <= offers.ceiling)
    if enough.any() or not offers.admitted.any():
        return enough, False
    lowest = np.where(offers.admitted, asked, np.inf)
    return np.arange(asked.size) == int(np.argmin(lowest)), True


class Open(Procedure):
    """Bids are compared once, as they are."""

    def pick(self, offers: Offers, terms: Procurement) -> Picked:
        """Return those of the best scores in price and quality."""
        return self._compare(offers.asked, offers, terms)

    def _compare(self, asked: Floats, offers: Offers, terms: Procurement) -> Picked:
        among, failed = _good_enough(asked, offers)
        if not among.any():
            return Picked((), asked)
        values = scores(asked, offers, terms, among)
        return Picked(best(values, self.number(terms), among), asked, failed)


class Negotiated(Open):
    """After market dialogue, the best of a first round bid once more: best and final."""

    def pick(self, offers: Offers, terms: Procurement) -> Picked:
        """Return those of the best scores among the final bids of a short list."""
        among, failed = _good_enough(offers.asked, offers)
        if not among.any():
            return Picked((), offers.asked)
        values = scores(offers.asked, offers, terms, among)
        listed = best(values, max(terms.shortlist or 3, self.number(terms) or 1), among)
        final = np.isin(np.arange(values.size), listed)
        values = scores(offers.final, offers, terms, final)
        return Picked(best(values, self.number(terms), final), offers.final, failed)


class Framework(Open):
    """Several win; who serves whom is decided client by client."""

    usual_winners = 3


class Challenge(Procedure):
    """Concepts are judged, first by their idea; the prize is a contract at the list's prices."""

    usual_winners = 3
    fixed_price = True

    def pick(self, offers: Offers, terms: Procurement) -> Picked:
        """Return the authors of the concepts that a jury likes best."""
        listed = best(offers.idea, terms.shortlist or 10, offers.admitted)
        final = np.isin(np.arange(offers.idea.size), listed)
        winners = best(offers.concept, self.number(terms), final)
        return Picked(winners, np.ones(offers.idea.size))


class Voucher(Procedure):
    """All who would serve at the list's prices may; a client brings the money."""

    usual_winners = None
    fixed_price = True

    def pick(self, offers: Offers, terms: Procurement) -> Picked:
        """Return all who believe that the price covers their cost; the cheapest if nobody does."""
        among, failed = _good_enough(offers.needed, offers)
        winners = best(-offers.needed, self.number(terms), among)
        return Picked(winners, np.ones(offers.needed.size), failed)


class Alliance(Procedure):
    """A partner chosen for its quality works with open books: cost and gain are shared."""

    fixed_price = True

    def pick(self, offers: Offers, terms: Procurement) -> Picked:
        """Return those of the best quality; each keeps a share of the fees."""
        winners = best(offers.quality, self.number(terms), offers.admitted)
        return Picked(winners, np.full(offers.quality.size, 1 - terms.alliance_share))


PROCEDURES: dict[str, Procedure] = {
    "open": Open(),
    "negotiated": Negotiated(),
    "framework": Framework(),
    "challenge": Challenge(),
    "voucher": Voucher(),
    "alliance": Alliance(),
}
"""Procedures with bids, by name."""
