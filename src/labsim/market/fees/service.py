"""Fees for the service itself: starts, referrals, months, hours, units, coaches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints, among
from labsim.market.fees.account import NOBODY, Due, Fees
from labsim.market.jobs import NEVER
from labsim.market.jobseekers import NO_GROUP
from labsim.market.pricing import Price
from labsim.market.units import unit_weeks
from labsim.market.weeks import WEEKS_PER_MONTH, weeks_in_month

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket


class Starts(Fees):
    """Paid for every client in the week of the start."""

    def dues(self) -> Iterator[Due]:
        """Yield this week's starts."""
        started = self.payable(self.market.started)
        yield self.of_clients(started, np.ones(started.size))

    def at_start(self, persons: Ints) -> Floats:
        """The fee."""
        return self.unit_euros(persons)


class Referrals(Fees):
    """Paid for everybody who is sent to a provider and answers, whether or not service follows.

    It is paid when the person arrives: the wait is over and the person still unemployed, so that
    the provider that would serve is known. Who declines, or is sent back, is paid for all the same;
    who has left before is not. A provider counts for each start on those who decline on the way.
    """

    def __init__(self, market: LabourMarket, price: Price) -> None:
        super().__init__(market, price)
        self._per_start = 1 / max(market.expectations.acceptance, 1e-9)

    def dues(self) -> Iterator[Due]:
        """Yield this week's arrivals."""
        arrivals = self.market.arrivals
        if self.market.pays_now():
            cents = self.nobodys_cents(arrivals.providers)
            yield Due(arrivals.persons, arrivals.providers, cents)

    def at_start(self, persons: Ints) -> Floats:
        """The fee for each start, those who decline on the way to it included."""
        columns, none = self.market.columns, np.full(persons.size, NO_GROUP)
        cents = self.price.per_unit(columns.provider[persons], none, columns.contract[persons])
        euros: Floats = cents / 100 * self._per_start
        return euros


class Metered(Fees):
    """Months, hours or units of a client, counted every week; months are billed at their end.

    Attributes
    ----------
    since_bill, billed : (people,)
        Units since the last bill, and billed in all.
    """

    def __init__(self, market: LabourMarket, price: Price) -> None:
        super().__init__(market, price)
        people = len(market.columns)
        self.since_bill, self.billed = np.zeros(people), np.zeros(people)
        self._counted: list[Ints] = []
        longest = market.setup.contract.service_weeks_max
        self._unit_weeks = np.array(unit_weeks(self.fee, longest) if self.fee.on == "unit" else [])

    def dues(self) -> Iterator[Due]:
        """Count this week's units, and yield those that are billed."""
        market, served = self.market, self.market.served
        counted = self.payable(served[self._counts(served)])
        counted = counted[~market.purchaser.has_ended(self.price, counted)]
        self._counted.append(counted)
        self.since_bill[counted] += self._of_a_week(counted)
        if self.fee.on != "month" or market.purchaser.bills_now():
            persons = np.unique(np.concatenate(self._counted))
            persons, self._counted = persons[self.since_bill[persons] > 0], []
            units = self.due(persons)
            self.billed[persons] += units
            self.since_bill[persons] = 0.0
            yield self.of_clients(persons, units)

    def _counts(self, persons: Ints) -> Bools:
        """Whether each client is in a week of service in which something is paid for, (n,)."""
        weeks = self.market.week - self.market.columns.service_start[persons]
        if self.fee.on == "unit":
            return among(weeks, self._unit_weeks.tolist())
        last = NEVER if self.fee.to_service_week is None else self.fee.to_service_week
        paid: Bools = (weeks >= (self.fee.from_service_week or 0)) & (weeks <= last)
        return paid

    def _of_a_week(self, persons: Ints) -> Floats | float:
        """Return the units of this week: hours, the part of a month, or one unit."""
        if self.fee.on == "hour":
            hours: Floats = self.market.columns.hours[persons]
            return hours
        if self.fee.on == "unit":
            return 1.0
        return 1 / weeks_in_month(self.market.setup.run.start_date, self.market.week)

    def due(self, persons: Ints) -> Floats:
        """Return the units that a bill of today would hold for each person, (n,)."""
        units, most = self.since_bill[persons], self.fee.max_per_client
        return units if most is None else np.clip(most - self.billed[persons], 0, units)

    def owed(self) -> Ints:
        """Return the cents of units since the last bill, as far as clients' caps leave them."""
        persons = self.market.referred[self.since_bill[self.market.referred] > 0]
        due = self.of_clients(persons, self.due(persons))
        return self.by_provider(persons, self.market.purchaser.capped(self.price, due))

    # What it is worth

    def still_paid(self, persons: Ints) -> Bools:
        """Whether a month or hour of each client is still paid for this week, (n,).

        While money for a whole unit is left, too.
        """
        market = self.market
        paid = self._ahead(persons)
        if self.fee.max_per_client is not None:
            used = self.billed[persons] + self.since_bill[persons]
            paid &= used < self.fee.max_per_client * (1 - 1e-9)  # a bill may end bits off the cap
        paid &= market.purchaser.has_purse(self.price, persons)
        paid &= ~market.purchaser.has_ended(self.price, persons)
        affords = market.purchaser.affords(self.price, persons)
        return paid & market.purchaser.payable(persons) & affords

    def _ahead(self, persons: Ints) -> Bools:
        """Whether this week counts; of units, whether any is still to come."""
        if self.fee.on != "unit":
            return self._counts(persons)
        weeks = self.market.week - self.market.columns.service_start[persons]
        ahead: Bools = weeks <= self._unit_weeks.max(initial=-1)
        return ahead

    def weekly(self, persons: Ints) -> Floats:
        """A month's fee by the week; of units, all of them spread evenly until the last."""
        if self.fee.on == "hour":
            return np.zeros(persons.size)
        paid: Floats = self.unit_euros(persons) * self.still_paid(persons)
        if self.fee.on == "unit":
            paid *= self._unit_weeks.size / (self._unit_weeks.max(initial=0) + 1)
            return paid
        paid /= WEEKS_PER_MONTH
        return paid

    def hourly(self, persons: Ints) -> Floats:
        """An hour's fee."""
        if self.fee.on != "hour":
            return np.zeros(persons.size)
        return self.unit_euros(persons) * self.still_paid(persons)


class CoachMonths(Fees):
    """Paid by the month for coaches, whatever they do; shared by the holders of the contract.

    Each provider earns it week by week while it is in business: who goes out of business is paid
    for the weeks until then with the next bill.
    """

    def __init__(self, market: LabourMarket, price: Price) -> None:
        super().__init__(market, price)
        self._weeks_since_bill: Ints = np.zeros(len(market.setup.providers), dtype=np.int64)

    def dues(self) -> Iterator[Due]:
        """Count the week, and yield what each provider's coaches come to when a bill is due."""
        market = self.market
        if market.contract_is_on() and market.pays_now():
            self._weeks_since_bill[[provider.number for provider in market.serving]] += 1
        if market.purchaser.bills_now():
            numbers = np.flatnonzero(self._weeks_since_bill)
            cents = np.array([self._cents(number) for number in numbers.tolist()], dtype=np.int64)
            yield Due(np.full(numbers.size, NOBODY), numbers, cents)
            self._weeks_since_bill[:] = 0

    def owed(self) -> Ints:
        """Return the cents since the last bill, (providers,)."""
        cents = super().owed()
        for number in np.flatnonzero(self._weeks_since_bill).tolist():
            cents[number] = self._cents(number)
        return cents

    def _cents(self, provider: int) -> int:
        start, week = self.market.setup.run.start_date, self.market.week
        months = int(self._weeks_since_bill[provider]) / weeks_in_month(start, week)
        each = int(self.nobodys_cents(np.array([provider]))[0])
        sharing = self.market.places.sharing_with(provider)
        return round(each * self.price.coaches * months / sharing)
