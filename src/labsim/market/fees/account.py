"""What a kind of fee has to say: what it has earned, what is owed, what it is worth to a provider.

A new kind of fee is one class that has what `Account` asks for, registered in `KINDS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.jobseekers import NO_GROUP
from labsim.market.pricing import Price

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket

NOBODY = -1
"""In place of a person: money that belongs to no single client."""


@dataclass(frozen=True)
class Due:
    """Money that a fee has earned, to be paid in this order, each row in full or not at all.

    Attributes
    ----------
    persons, providers, cents : (n,)
        Client (or `NOBODY`), provider, amount.
    """

    persons: Ints
    providers: Ints
    cents: Ints


@dataclass(frozen=True)
class DayFee:
    """What a fee paid by the day pays while clients are out of unemployment, one by one.

    Attributes
    ----------
    per_week : (kinds, n)
        Euros of a week in each kind of exit, by the believed chance that money is left.
    weeks : (n,)
        Weeks in which days are still paid for, this one included.
    """

    per_week: Floats
    weeks: Ints


class Account(Protocol):
    """A fee of the contract as it is earned and paid."""

    price: Price

    def dues(self) -> Iterator[Due]:
        """Yield what this week has earned; after each, `settle` says what was paid."""

    def settle(self, due: Due, cents: Ints, paid: Bools) -> None:
        """Note what was paid of what was due: the cents of each row, if there was money."""

    def owed(self) -> Ints:
        """Return the cents that providers have earned and nobody has settled, (providers,)."""

    def weekly(self, persons: Ints) -> Floats:
        """Return the euros that a week of service brings for each client, whatever happens."""

    def hourly(self, persons: Ints) -> Floats:
        """Return the euros that an hour brings for each client."""

    def at_start(self, persons: Ints) -> Floats:
        """Return the euros that come with a start: once for each client who starts this week."""

    def at_end(self, persons: Ints) -> Floats:
        """Return the euros expected once for each client when the service ends."""

    def experience(self, persons: Ints, stay: Floats) -> Floats:
        """Return the euros that a fully served week is worth apart from exits, for each client.

        `stay` holds the weeks that each client is expected to stay.
        """

    def by_day(self, persons: Ints) -> DayFee | None:
        """Return what exits bring by the day, if the fee is paid by days."""


class Fees:
    """An account that has earned nothing; kinds of fees say what is otherwise."""

    def __init__(self, market: LabourMarket, price: Price) -> None:
        self.market, self.price, self.fee = market, price, price.fee

    def dues(self) -> Iterator[Due]:
        """Yield nothing."""
        yield from ()

    def settle(self, due: Due, cents: Ints, paid: Bools) -> None:
        """Note nothing."""

    def owed(self) -> Ints:
        """Nothing."""
        return np.zeros(len(self.market.providers), dtype=np.int64)

    def weekly(self, persons: Ints) -> Floats:
        """Nothing."""
        return np.zeros(persons.size)

    def hourly(self, persons: Ints) -> Floats:
        """Nothing."""
        return np.zeros(persons.size)

    def at_start(self, persons: Ints) -> Floats:
        """Nothing."""
        return np.zeros(persons.size)

    def at_end(self, persons: Ints) -> Floats:
        """Nothing."""
        return np.zeros(persons.size)

    def experience(self, persons: Ints, stay: Floats) -> Floats:  # noqa: ARG002 - nothing
        """Nothing."""
        return np.zeros(persons.size)

    def by_day(self, persons: Ints) -> DayFee | None:  # noqa: ARG002
        """Not paid by days."""
        return None

    # What kinds have in common

    def unit_cents(self, persons: Ints) -> Ints:
        """Return the cents of a unit for each client of a provider, (n,)."""
        columns = self.market.columns
        return self.price.per_unit(
            columns.provider[persons], columns.group[persons], columns.contract[persons]
        )

    def payable(self, persons: Ints) -> Ints:
        """Return those of some clients whose contract still pays this week, in order."""
        return persons[self.market.purchaser.payable(persons)]

    def nobodys_cents(self, providers: Ints, period: int | None = None) -> Ints:
        """Return the cents of a unit that belongs to no client, (n,).

        At the prices of a contract period; left out: of the one that is on.
        """
        period = self.market.period if period is None else period
        none = np.full(providers.size, NO_GROUP)
        return self.price.per_unit(providers, none, np.full(providers.size, period))

    def unit_euros(self, persons: Ints) -> Floats:
        """Return the euros of a unit for each client, (n,)."""
        euros: Floats = self.unit_cents(persons) / 100
        return euros

    def by_provider(self, persons: Ints, cents: Ints) -> Ints:
        """Return sums of clients' cents by provider, (providers,); whole numbers, exact."""
        providers, count = self.market.columns.provider[persons], len(self.market.providers)
        sums: Ints = np.bincount(providers, cents, minlength=count).astype(np.int64)
        return sums

    def of_clients(self, persons: Ints, units: Floats) -> Due:
        """Return what so many units of each client come to."""
        cents = np.rint(self.unit_cents(persons) * units).astype(np.int64)
        return Due(persons, self.market.columns.provider[persons], cents)
