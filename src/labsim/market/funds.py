"""The most that a contract pays in fees, in all and for one client, and what is left of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from labsim.market.arrays import Bools, Ints
from labsim.scenario.sections.contract import Contract
from labsim.scenario.sections.fee import Fee


def fitting(cents: Ints, left: int) -> Bools:
    """Return which of some fees are paid, in their order, when so much is left, (n,).

    A fee is paid in full or not at all: each that fits into what those before it have left.
    """
    if int(cents.sum()) <= left:
        return np.ones(cents.size, dtype=bool)
    paid = np.zeros(cents.size, dtype=bool)
    for place, amount in enumerate(cents.tolist()):
        paid[place] = amount <= left
        left -= amount * paid[place]
    return paid


def chance_of_money(left: float, to_come: float) -> float:
    """Return the believed chance that a fee still to come finds money left.

    ``min(1, left / to_come)``, as if the fees to come drew lots for what is left; 0 once nothing
    is left (model.md: a ceiling on the contract scales F by the believed chance that money is
    left).

    Parameters
    ----------
    left
        What the budget has left.
    to_come
        What all providers together believe is still to be paid to them, in the same unit.
    """
    if left <= 0:
        return 0.0
    return 1.0 if to_come <= left else left / to_come


@dataclass
class Funds:
    """The money of a contract.

    Attributes
    ----------
    left
        Cents that may still be paid; ``None`` without a ceiling.
    chance
        What everybody believes of the chance that a fee to come finds money left.
    """

    left: int | None
    chance: float = 1.0

    @classmethod
    def of(cls, budget_eur: float | None) -> Funds:
        """Return the money of a contract before anything is paid."""
        return cls(None if budget_eur is None else round(budget_eur * 100))

    def pay(self, cents: Ints) -> Bools:
        """Take the fees that fit from what is left, in their order; return which, (n,)."""
        if self.left is None:
            return np.ones(cents.size, dtype=bool)
        paid = fitting(cents, self.left)
        self.left -= int(cents[paid].sum())
        return paid

    def covers(self, cents: Ints) -> Bools:
        """Whether each of some fees, alone, fits into what is left, (n,)."""
        if self.left is None:
            return np.ones(cents.size, dtype=bool)
        fits: Bools = cents <= self.left
        return fits


FROM_PURSE = ("month", "hour", "unit")
"""Kinds of fees that are paid from a client's purse."""
_PLENTY = 2**60
"""More cents than any cap."""


@dataclass
class Purses:
    """What is left for each client: in the purse for service, and under the caps of single fees.

    Attributes
    ----------
    purse : (people,)
        Cents left in each client's purse; ``None`` without `client_budget_eur`.
    caps
        By fee with a cap, the cents left for each client, (people,).
    """

    purse: Ints | None
    caps: dict[str, Ints] = field(default_factory=dict)

    @classmethod
    def of(cls, contract: Contract, people: int) -> Purses:
        """Return full purses."""
        budget = contract.client_budget_eur
        caps: dict[str, Ints] = {
            fee.name: np.full(people, round(fee.eur_max_per_client * 100), dtype=np.int64)
            for fee in contract.fees
            if fee.eur_max_per_client is not None and fee.on not in ("group-change", "impact")
        }
        return cls(
            None if budget is None else np.full(people, round(budget * 100), dtype=np.int64), caps
        )

    def limit(self, fee: Fee) -> bool:
        """Whether anything limits what a fee brings for one client."""
        return fee.name in self.caps or (self.purse is not None and fee.on in FROM_PURSE)

    def left(self, fee: Fee, persons: Ints) -> Ints:
        """Return the cents that are left of a fee for each client, (n,)."""
        left: Ints = np.full(persons.size, _PLENTY, dtype=np.int64)
        if fee.name in self.caps:
            left = self.caps[fee.name][persons]
        if self.purse is not None and fee.on in FROM_PURSE:
            left = np.minimum(left, self.purse[persons])
        return left

    def take(self, fee: Fee, persons: Ints, cents: Ints) -> None:
        """Take what has been paid for clients from their caps and purses."""
        if fee.name in self.caps:
            self.caps[fee.name][persons] -= cents
        if self.purse is not None and fee.on in FROM_PURSE:
            self.purse[persons] -= cents
