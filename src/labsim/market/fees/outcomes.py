"""Fees for outcomes that are met, claimed, proved and paid, once or payment by payment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from labsim.market.arrays import Bools, Ints
from labsim.market.claims import Claims, luck_of
from labsim.market.fees.account import Due, Fees
from labsim.market.jobs import NEVER
from labsim.market.outcomes import ClientSpells, counted_kind, enough_hours, met_week
from labsim.market.partnership import dispute_factor
from labsim.market.pricing import Price
from labsim.market.states import State

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket


class Outcomes(Fees):
    """An outcome fee.

    Attributes
    ----------
    claims
        One set for each payment of the fee.
    """

    def __init__(self, market: LabourMarket, price: Price) -> None:
        super().__init__(market, price)
        people = len(market.columns)
        self.claims = [
            Claims.of(price, luck_of(price.name, stage), people, stage)
            for stage in range(len(price.stages))
        ]
        self._terms = price.stages[0]  # later payments ask for the same kinds and hours
        self._open: Claims | None = None

    def notice(self, spells: ClientSpells) -> None:
        """See which clients meet the terms this week."""
        counts = counted_kind(spells, self._terms) & enough_hours(spells, self._terms)
        for claim in self.claims:
            self._notice(claim, spells, counts)

    def _notice(self, claim: Claims, spells: ClientSpells, counts: Bools) -> None:
        market, terms = self.market, claim.terms
        # A spell counts from the week on in which it has lasted long enough, or never.
        if terms.accumulates:
            completes = spells.end == market.week + 1
        else:
            completes = spells.begin == market.week + 1 - terms.weeks
        completes &= counts
        persons = np.unique(spells.person[completes])
        persons = persons[claim.met[persons] == NEVER]
        persons = persons[~market.purchaser.has_ended(self.price, persons)]
        if not persons.size:
            return
        met = met_week(spells.of(persons), market.windows().of(persons), terms)
        new, met = persons[met <= market.week], met[met <= market.week]
        if terms.in_work:
            served = self._supported(new)
            claim.refuse(new[~served], met[~served])
            new, met = new[served], met[served]
        claim.claim(new, met, market.setup.contract, market.draws)
        new, office = self.payable(new), market.setup.office
        priced = new[self.unit_cents(new) > 0]
        minutes = office.minutes_per_claim, office.provider_minutes_per_claim
        market.purchaser.book_time("claims", priced, *minutes)

    def _supported(self, persons: Ints) -> Bools:
        """Whether those in jobs have had the support asked for in them, (n,).

        ``minimum_hours`` a week on average, over the weeks after the one in which the job began
        and before the contract ended. Other outcomes ask for none.
        """
        market, columns = self.market, self.market.columns
        ends = market.periods.end[columns.contract[persons]]
        last = np.minimum(market.week + 1, ends)
        weeks = np.maximum(last - columns.since[persons] - 1, 0)
        asked = market.setup.contract.minimum_hours * weeks * (1 - 1e-9)
        enough: Bools = columns.support_total[persons] >= asked
        enough |= columns.state[persons] != State.EMPLOYED.value
        return enough

    def dues(self) -> Iterator[Due]:
        """Look at the claims that are due, and yield those proved."""
        market, office = self.market, self.market.setup.office
        contract, columns, purchaser = market.setup.contract, market.columns, market.purchaser
        left = dispute_factor(market.setup.partnership, market.office.trust)
        for claim in self.claims:
            if not claim.pending.size:
                continue
            claim.expire(purchaser.payable(claim.pending))
            looked = claim.look(market.week, contract, market.draws, columns, left)
            minutes = office.minutes_per_check, office.provider_minutes_per_check
            purchaser.book_time("checks", looked.by_hand, *minutes)
            minutes = office.minutes_per_dispute, office.provider_minutes_per_dispute
            purchaser.disputes += purchaser.book_time("disputes", looked.disputed, *minutes)
            self._open, persons = claim, looked.settled
            yield Due(persons, columns.provider[persons], claim.amount(persons, columns))

    def settle(self, due: Due, cents: Ints, paid: Bools) -> None:
        """Note whose claims were paid, and for whom no money was left."""
        assert self._open is not None
        self._open.settle(due.persons, cents, paid, self.market.week)

    def owed(self) -> Ints:
        """Return the fees of claims that are open, and will be looked at in time, (providers,)."""
        total = super().owed()
        for claim in self.claims:
            pending = claim.pending
            if pending.size:
                in_time = pending[claim.due[pending] <= self.market.last_payable(pending)]
                total += self.by_provider(in_time, claim.amount(in_time, self.market.columns))
        return total
