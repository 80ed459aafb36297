"""What the contract's fees offer for clients, and for former clients' jobs, whoever serves them.

Worked out for everybody at once, because providers differ in what they believe and choose, not in
what the contract says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from labsim.market.arrays import Floats, Ints
from labsim.market.fees.account import DayFee
from labsim.market.states import State

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket


@dataclass(frozen=True)
class Offer:
    """What fees offer for clients in service, or about to start.

    Attributes
    ----------
    persons, providers : (n,)
        Ids in order; numbers of their providers.
    fees : (fees, n)
        Euros of each outcome payment that an exit now may earn; see `Milestones.open_fees`.
    weeks_left : (n,)
        Weeks until the last window of any outcome fee closes; not negative.
    weekly, hourly : (n,)
        Euros of a week of service, and of an hour of it.
    once : (n,)
        Euros that come once, at the start and at the end.
    by_day
        Fees paid by the day.
    """

    persons: Ints
    providers: Ints
    fees: Floats
    weeks_left: Floats
    weekly: Floats
    hourly: Floats
    once: Floats
    by_day: tuple[DayFee, ...]

    @classmethod
    def of(cls, market: LabourMarket, persons: Ints, *, to_come: bool = False) -> Offer:
        """Look up what fees offer now.

        Parameters
        ----------
        to_come
            Whether the persons are still to start; see `Purchaser.once_euros`.
        """
        purchaser, milestones = market.purchaser, market.milestones
        weekly, hourly = purchaser.service_euros(persons)
        weeks = milestones.weeks_to_begin(persons)
        days = (account.by_day(persons) for account in purchaser.accounts)
        return cls(
            persons=persons,
            providers=market.columns.provider[persons],
            fees=milestones.open_fees(persons, weeks),
            weeks_left=weeks.max(axis=0, initial=0.0),
            weekly=weekly,
            hourly=hourly,
            once=purchaser.once_euros(persons, to_come=to_come),
            by_day=tuple(fee for fee in days if fee is not None),
        )

    def among(self, places: Ints) -> Offer:
        """Return the same for some of the persons, by their places."""
        return Offer(
            self.persons[places],
            self.providers[places],
            self.fees[:, places],
            self.weeks_left[places],
            self.weekly[places],
            self.hourly[places],
            self.once[places],
            tuple(DayFee(fee.per_week[:, places], fee.weeks[places]) for fee in self.by_day),
        )

    def of_provider(self, number: int) -> Offer:
        """Return the same for a provider's clients."""
        return self.among(np.flatnonzero(self.providers == number))


@dataclass(frozen=True)
class JobsAhead:
    """Jobs of former clients that may still earn something.

    Attributes
    ----------
    persons, providers : (n,)
        Ids in order; numbers of their providers.
    fees : (fees, n)
        Euros of each payment that lies ahead, 0 for others.
    complete : (fees, n)
        Week in which each is reached.
    """

    persons: Ints
    providers: Ints
    fees: Floats
    complete: Ints

    @classmethod
    def of(cls, market: LabourMarket) -> JobsAhead:
        """Look at the jobs that former clients have now."""
        columns, referred = market.columns, market.referred
        working = referred[columns.state[referred] == State.EMPLOYED.value]
        working = working[columns.provider[working] >= 0]
        if not len(market.milestones):
            working = working[:0]
        pending, complete = market.milestones.pending(working)
        fees = market.milestones.euros(working) * pending
        jobs = cls(working, columns.provider[working], fees, complete)
        return jobs._at(np.flatnonzero((fees > 0).any(axis=0)))

    def of_provider(self, number: int) -> JobsAhead:
        """Return those of a provider's former clients."""
        return self._at(np.flatnonzero(self.providers == number))

    def _at(self, places: Ints) -> JobsAhead:
        return replace(
            self,
            persons=self.persons[places],
            providers=self.providers[places],
            fees=self.fees[:, places],
            complete=self.complete[:, places],
        )
