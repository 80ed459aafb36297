"""The most that a contract pays in fees, what is left of it, and what it may be committed to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labsim.market.arrays import Bools, Ints


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
