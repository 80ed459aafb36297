"""Who holds the contract: winners by lot, what they bid, and what a procedure costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.draws import Stream
from labsim.market.ledger import Account
from labsim.market.procurement.award import Award, award
from labsim.market.procurement.bids import is_bid_on
from labsim.market.units import providers_sharing

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket
    from labsim.market.provider import Provider


class Places:
    """The places of the contract that is on, or comes next.

    Attributes
    ----------
    lots
        Numbers of the providers that hold each lot; one lot where there are none.
    awards
        What each procedure decided so far; none where providers are given.
    """

    def __init__(self, market: LabourMarket) -> None:
        self.market, self.terms = market, market.tender.procurement
        self._lots = self.terms.lots if self.terms.tendered else []
        self.lots: list[list[int]] = []
        self.awards: list[Award] = []
        self._shares = self._lot_shares()
        self._of_area = self._lot_of_areas()

    @property
    def holders(self) -> list[int]:
        """Numbers of all providers that hold a contract."""
        return list(dict.fromkeys(number for lot in self.lots for number in lot))

    def serves_firms(self, provider: int) -> bool:
        """Whether firms may take a provider: it is in business, and has not lost the contract."""
        won = not self.terms.tendered or provider in self.holders
        return won and self.market.in_business(provider)

    def award(self, period: int) -> None:
        """Decide who holds the contract of a period, and let them begin it."""
        if self.terms.tendered:
            self._tender(period)
        else:
            self.lots = [list(range(len(providers_sharing(self.market.setup))))]
        for provider in self.market.providers:
            provider.begin_contract(period)

    def _tender(self, period: int) -> None:
        market = self.market
        found = award(
            market.tender,
            market.draws,
            number=period,
            field=[provider.terms for provider in market.providers],
            optimism=np.array([provider.optimism for provider in market.providers]),
            in_business=np.array([market.in_business(each.number) for each in market.providers]),
        )
        single = market.setup.referral.provider_choice == "single"
        self.lots = [list(lot[:1] if single else lot) for lot in found.lots]
        self.awards.append(found)
        for price in market.prices:
            if self.terms.procedure == "alliance" or is_bid_on(price, self.terms):
                price.award(period, found.factor)
        if market.service:
            self._book_costs()
        if self.terms.procedure == "alliance":
            trust, partners = market.office.trust, self.holders
            trust[partners] += self.terms.alliance_trust * (1 - trust[partners])

    def _book_costs(self) -> None:
        """Book the purchaser's time for a procedure, and every bidder's."""
        market, terms = self.market, self.terms
        hour = market.setup.finance.office_hour_eur * 100
        week, talks = max(market.week, 0), terms.dialogues * terms.dialogue_hours
        account = Account("purchaser", "office staff", "admin", "procurement")
        market.ledger.post(week, account, round((terms.tender_hours + talks) * hour))
        for provider in market.providers:
            if market.in_business(provider.number):
                account = Account(provider.name, "provider staff", "admin", "bid")
                market.ledger.post(week, account, round((terms.bid_hours + talks) * hour))

    # Lots

    def _lot_shares(self) -> Floats:
        """Return the share of clients that each lot holds, by population or as written, (lots,)."""
        areas = self.market.setup.population.areas
        shares = [
            sum(areas[area] for area in lot.areas or ()) if lot.share is None else lot.share
            for lot in self._lots
        ]
        found: Floats = np.array(shares or [1.0])
        total = float(found.sum())
        return found / total if total else found

    def _lot_of_areas(self) -> Ints | None:
        """Return the lot of each area, if lots are areas; -1 where there is none."""
        lots = self._lots
        if not lots or lots[0].areas is None:
            return None
        return np.array(
            [
                next((n for n, lot in enumerate(lots) if area in (lot.areas or ())), -1)
                for area in self.market.areas
            ]
        )

    def lot_of(self, persons: Ints) -> Ints:
        """Return the lot of each person, (n,): that of the area, or a lot drawn by shares."""
        if self._of_area is not None:
            lots: Ints = self._of_area[self.market.columns.area[persons]]
            return lots
        if len(self.lots) == 1:
            return np.zeros(persons.size, dtype=np.int64)
        luck = self.market.draws.uniform(Stream.LOT, 0, persons)
        return np.searchsorted(np.cumsum(self._shares)[:-1], luck, side="right")

    def serving_in(self, lot: int) -> list[Provider]:
        """Return the providers in business that hold a lot."""
        held = self.lots[lot] if lot >= 0 else []
        return [self.market.providers[n] for n in held if self.market.in_business(n)]

    def served(self, persons: Ints) -> Bools:
        """Whether anybody is there to serve each person, (n,)."""
        there = np.array([bool(self.serving_in(lot)) for lot in range(len(self.lots))] + [False])
        found: Bools = there[self.lot_of(persons)]
        return found

    def sharing_with(self, provider: int) -> float:
        """Return among how many providers clients are shared evenly, as one provider sees it.

        Less where it holds more than one lot, or a large one with few others.
        """
        if len(self.lots) == 1:
            return len(self.lots[0])
        part = sum(
            share / len(lot)
            for share, lot in zip(self._shares.tolist(), self.lots, strict=True)
            if provider in lot
        )
        return 1 / part if part else float("inf")
